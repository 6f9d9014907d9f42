"""Which error tells that the libraries of other formats are not installed?"""

from __future__ import annotations

from smup_lib.errors import ReportError
from smup_lib.installing import install_command


def lacking_library(purpose: str, error: ImportError) -> ReportError:
    """Return the error to raise when a writer finds its library absent.

    Parameters
    ----------
    purpose : str
        What the library is for, in Polish, after "Do".
    error : ImportError
        Met by the import.

    Examples
    --------
    >>> lacking_library("zapisania PDF", ImportError(name="weasyprint")).what
    'Do zapisania PDF brakuje biblioteki weasyprint.'
    """
    return ReportError(
        f"Do {purpose} brakuje biblioteki {error.name or error}.",
        expected="instalacja z dodatkiem „export”",
        next_step=f"zainstaluj ją: {install_command('smup-workbench[export]')}",
    )
