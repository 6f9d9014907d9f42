"""How does a batch become a site that needs no server? Pages of its manifest beside its reports.

The site lies in a folder of its own within that of the batch and is derived from the manifest and
the reports alone, so it can be written again at any moment; nothing in it is the only copy.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from smup_lib.errors import ReportError, SettingsError
from smup_lib.paths import make_dir, project_dir, told_when_unwritable, write_whole
from smup_lib.present.compact_page import MARK
from smup_lib.present.stylesheet import page_script, page_style
from smup_lib.reports.batch import site_pages as pages
from smup_lib.reports.batch.known import ORDER_FILE
from smup_lib.reports.batch.manifest import LEDGER, check_one_land, read_rows
from smup_lib.reports.batch.order import Order, read_order
from smup_lib.reports.batch.site_contents import ListedReport, SiteContents, list_contents
from smup_lib.reports.batch.site_feed import (
    SITEMAP_FILE,
    check_base_url,
    write_feed,
    write_sitemaps,
)
from smup_lib.reports.shared_assets import share_assets

SITE_FOLDER = "strona"
#: Which files of the folder are the site's own, a path a line; all others are somebody else's.
OWN_FILES = f"{pages.SHARED}/pliki.txt"


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
    largest : int
        Size of the largest of them.
    single : int
        Pages of reports that could not be written in less room.
    notes : tuple of str
        What should be known, in Polish.
    """

    index: Path
    pages: int
    reports: int
    failed: int
    bytes: int
    largest: int = 0
    single: int = 0
    notes: tuple[str, ...] = ()

    @property
    def mean(self) -> int:
        """Mean size of the page of a report."""
        return round(self.bytes / self.reports) if self.reports else 0


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
        When the address is none, or real units stand beside made-up ones.
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
    check_one_land(rows.values(), folder)
    contents = list_contents(folder, rows.values(), _title(folder))
    root = folder / SITE_FOLDER
    _check_folder(root)
    make_dir(root, "innym folderem partii")
    with told_when_unwritable(root, "Nie udało się zapisać strony", "zwolnij miejsce i powtórz"):
        writer = _Writer(folder, root, contents)
        writer.write_all(base)
        notes = writer.remove_others()
    count = writer.pages - len(writer.sizes)
    return BatchSite(
        index=root / pages.INDEX,
        pages=count,
        reports=len(writer.sizes),
        failed=len(contents.reports) - len(writer.sizes),
        bytes=sum(writer.sizes),
        largest=max(writer.sizes, default=0),
        single=writer.single,
        notes=(*contents.notes, *notes),
    )


def _title(folder: Path) -> str:
    path = folder / ORDER_FILE
    title = read_order(path).title if path.is_file() else ""
    return "" if title == Order.model_fields["title"].default else title


def _check_folder(root: Path) -> None:
    """Refuse a folder that has files and is no site of ours."""
    ours = (root / OWN_FILES).is_file() or (root / pages.SHARED / pages.ENTRIES).is_file()
    others = [path.name for path in root.iterdir()] if root.is_dir() and not ours else []
    # the folder of shared files is the first that is made
    strange = [name for name in others if name != pages.SHARED]
    if strange:
        raise SettingsError(
            "W folderze strony są inne pliki.",
            where=f"{root}: {', '.join(sorted(strange)[:5])}",
            expected="folder pusty albo ze stroną, którą zapisało to polecenie",
            next_step="przenieś je gdzie indziej i powtórz polecenie",
        )


def _own_files(root: Path) -> set[Path]:
    """Return the files that an earlier run noted as its own; none that lies elsewhere."""
    path = root / OWN_FILES
    listed = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return {root / name for name in listed if name and ".." not in Path(name).parts}


class _Writer:
    """Writes the files of a site and knows which they are."""

    def __init__(self, folder: Path, root: Path, contents: SiteContents) -> None:
        self._folder, self._root, self._contents = folder, root, contents
        self._before = {path for path in _own_files(root) if path.is_relative_to(root)}
        self._written: set[Path] = set()
        self.sizes: list[int] = []
        self.single = 0

    @property
    def pages(self) -> int:
        """How many pages were written."""
        return sum(path.suffix == ".html" for path in self._written)

    def write_all(self, base: str) -> None:
        """Write everything, the first page last."""
        for name, text in _assets(self._contents):
            self._write(f"{pages.SHARED}/{name}", text)
        for report in self._contents.reports:
            if report.page:
                self._write_report(report)
        if base:
            self._write(pages.FEED, write_feed(self._contents, base))
        for path, page in reversed(list(pages.site_pages(self._contents, feed=bool(base)))):
            self._write(path, page)
        if base:
            listed = [path.relative_to(self._root).as_posix() for path in self._written]
            told = [path for path in listed if path.endswith(".html")]
            for name, text in write_sitemaps(told, base):
                self._write(name, text)

    def remove_others(self) -> list[str]:
        """Remove what an earlier site had and this one has not; say what else should be known."""
        gone = [path for path in self._before - self._written if path.is_file()]
        for path in gone:
            path.unlink()
        for folder in sorted({path.parent for path in gone} - {self._root}, reverse=True):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        names = sorted(path.relative_to(self._root).as_posix() for path in self._written)
        write_whole(self._root / OWN_FILES, "".join(f"{name}\n" for name in names))
        if any(path.name == pages.FEED or SITEMAP_FILE.fullmatch(path.name) for path in gone):
            return [
                "strona nie ma już kanału nowości i mapy strony: powstają tylko z opcją --base-url"
            ]
        return []

    def _write(self, name: str, text: str) -> Path:
        path = self._root / name
        self._note(path)
        write_whole(path, text)
        return path

    def _note(self, path: Path) -> None:
        """Note a file as the site's own before it is there: a killed run leaves none unknown."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._written.add(path)
        if path not in self._before:
            self._before.add(path)
            listed = self._root / OWN_FILES
            listed.parent.mkdir(parents=True, exist_ok=True)
            with listed.open("a", encoding="utf-8") as file:
                file.write(f"{path.relative_to(self._root).as_posix()}\n")

    def _write_report(self, report: ListedReport) -> None:
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
            self._copy(path)
        self.single += MARK not in shared.html
        self.sizes.append(self._write(name, shared.html).stat().st_size)

    def _copy(self, source: str) -> None:
        """Put a file of the batch into the site; who changes one of the two changes only it."""
        path = self._root / pages.report_path(source)
        self._note(path)
        path.unlink(missing_ok=True)  # an earlier site may hold the very file of the batch
        shutil.copyfile(self._folder / source, path)


def _assets(contents: SiteContents) -> Iterator[tuple[str, str]]:
    """Yield the style and the scripts of the pages that are no reports."""
    templates = project_dir("templates")
    own = (templates / "site" / "site.css").read_text(encoding="utf-8")
    yield pages.STYLE, f"{page_style()}\n{own}"
    yield pages.TABLES, page_script()
    yield pages.SEARCH, (templates / "shared" / "search.js").read_text(encoding="utf-8")
    yield pages.ENTRIES, pages.search_entries(contents)
