"""The street door: official files and users' own tables become observations with a source."""

from smup_lib.sources.import_report import FileReport, ImportReport
from smup_lib.sources.importing import import_paths

__all__ = ["FileReport", "ImportReport", "import_paths"]
