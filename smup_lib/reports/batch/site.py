"""How does a batch become a site that needs no server? Pages of its manifest beside its reports.

The site lies in a folder of its own within that of the batch and is derived from the manifest and
the reports alone, so it can be written again at any moment; nothing in it is the only copy.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from smup_lib.errors import ReportError, SettingsError
from smup_lib.paths import make_dir, project_dir, told_when_unwritable, write_whole
from smup_lib.present.stylesheet import page_script, page_style
from smup_lib.reports.batch import site_pages as pages
from smup_lib.reports.batch.manifest import LEDGER, read_rows
from smup_lib.reports.batch.order import read_order
from smup_lib.reports.batch.run import ORDER_FILE
from smup_lib.reports.batch.site_contents import ListedReport, SiteContents, list_contents
from smup_lib.reports.batch.site_feed import (
    SITEMAP,
    check_base_url,
    write_feed,
    write_sitemaps,
)
from smup_lib.reports.shared_assets import share_assets

SITE_FOLDER = "strona"
_FOLDERS = (
    *(pages.SHARED, pages.REPORTS),
    *(pages.UNIT_FOLDER, pages.PLACE_FOLDER, pages.AREA_FOLDER),
)
_TOP = (pages.INDEX, pages.MAP, pages.FEED)
_TITLE = "Raporty"


@dataclass(frozen=True)
class BatchSite:
    """What was written.

    Attributes
    ----------
    index : Path
        The page to begin with.
    pages : int
        Pages without the reports.
    reports : int
        Reports with a page.
    failed : int
        Reports that are only named.
    bytes : int
        Size of the pages of reports together.
    notes : tuple of str
        What should be known, in Polish.
    """

    index: Path
    pages: int
    reports: int
    failed: int
    bytes: int
    notes: tuple[str, ...] = ()


def write_batch_site(folder: Path, base_url: str = "") -> BatchSite:
    """Write the site of a batch, or write it again.

    Parameters
    ----------
    folder : Path
        Of the batch, with its manifest.
    base_url : str, optional
        Where the site will be found; then it gets a feed and a site map.

    Raises
    ------
    ReportError
        When the folder holds no batch.
    ParameterError
        When the address is none.
    SettingsError
        When the folder of the site holds other files, or cannot be written.
    """
    base = check_base_url(base_url) if base_url else ""
    rows = read_rows(folder / LEDGER)
    if not rows:
        raise ReportError(
            "W tym folderze nie ma partii raportów.",
            where=str(folder),
            expected=f"folder z plikiem {LEDGER}",
            next_step="wskaż folder podany w smup report batch --out",
        )
    contents = list_contents(folder, rows.values(), _title(folder))
    root = folder / SITE_FOLDER
    _check_folder(root)
    make_dir(root, "innym folderem partii")
    with told_when_unwritable(root, "Nie udało się zapisać strony", "zwolnij miejsce i powtórz"):
        writer = _Writer(folder, root, contents)
        size = writer.write_all(base)
        writer.remove_others()
    made = [report for report in contents.reports if report.page]
    failed = len(contents.reports) - len(made)
    count = writer.pages - len(made)
    return BatchSite(root / pages.INDEX, count, len(made), failed, size, contents.notes)


def _title(folder: Path) -> str:
    path = folder / ORDER_FILE
    return read_order(path).title if path.is_file() else _TITLE


def _check_folder(root: Path) -> None:
    """Refuse a folder with files that no site of ours has."""
    ours = {*_FOLDERS, *_TOP}
    others = [path.name for path in root.iterdir()] if root.is_dir() else []
    strange = [n for n in others if n not in ours and not n.startswith(SITEMAP[:7])]
    if strange:
        raise SettingsError(
            "W folderze strony są inne pliki.",
            where=f"{root}: {', '.join(sorted(strange)[:5])}",
            expected="tylko pliki, które zapisało to polecenie",
            next_step="przenieś je gdzie indziej i powtórz polecenie",
        )


class _Writer:
    """Writes the files of a site and knows which they are."""

    def __init__(self, folder: Path, root: Path, contents: SiteContents) -> None:
        self._folder, self._root, self._contents = folder, root, contents
        self._written: set[Path] = set()

    @property
    def pages(self) -> int:
        """How many pages were written."""
        return sum(path.suffix == ".html" for path in self._written)

    def write_all(self, base: str) -> int:
        """Write everything, the first page last; return the size of all reports' pages."""
        for name, text in _assets(self._contents):
            self._write(f"{pages.SHARED}/{name}", text)
        size = sum(self._write_report(report) for report in self._contents.reports if report.page)
        if base:
            self._write(pages.FEED, write_feed(self._contents, base))
        for path, page in reversed(list(pages.site_pages(self._contents, feed=bool(base)))):
            self._write(path, page)
        if base:
            listed = [path.relative_to(self._root).as_posix() for path in self._written]
            told = [path for path in listed if path.endswith(".html")]
            for name, text in write_sitemaps(told, base):
                self._write(name, text)
        return size

    def remove_others(self) -> None:
        """Remove what an earlier site had and this one has not."""
        for path in sorted(self._root.rglob("*"), reverse=True):
            if path.is_dir():
                if not any(path.iterdir()):
                    path.rmdir()
            elif path not in self._written:
                path.unlink()

    def _write(self, name: str, text: str) -> Path:
        path = self._root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)
        self._written.add(path)
        return path

    def _write_report(self, report: ListedReport) -> int:
        """Write the page of a report on shared style, and put its other files beside it."""
        name = pages.report_path(report.page)
        up = "../" * name.count("/")
        has_map = self._contents.outlines is not None
        shared = share_assets(
            (self._folder / report.page).read_text(encoding="utf-8"),
            f"{up}{pages.SHARED}/",
            pages.navigation(up, has_map, report.row.unit),
        )
        for file, text in shared.files.items():
            if self._root / pages.SHARED / file not in self._written:
                self._write(f"{pages.SHARED}/{file}", text)
        for path in report.files.values():
            self._link(path)
        return self._write(name, shared.html).stat().st_size

    def _link(self, source: str) -> None:
        """Put a file of the batch into the site: as a second name, or a copy where none can be."""
        path = self._root / pages.report_path(source)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        try:
            os.link(self._folder / source, path)
        except OSError:
            shutil.copyfile(self._folder / source, path)
        self._written.add(path)


def _assets(contents: SiteContents) -> Iterator[tuple[str, str]]:
    """Yield the style and the scripts of the pages that are no reports."""
    templates = project_dir("templates")
    own = (templates / "site" / "site.css").read_text(encoding="utf-8")
    yield pages.STYLE, f"{page_style()}\n{own}"
    yield pages.TABLES, page_script()
    yield pages.SEARCH, (templates / "shared" / "search.js").read_text(encoding="utf-8")
    yield pages.ENTRIES, pages.search_entries(contents)
