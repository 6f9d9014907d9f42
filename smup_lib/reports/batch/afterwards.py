"""Is a finished batch whole? Files, pages and sizes; what to read; what chance alone gives.

Nothing is made again: whether each number is that of the data is asked by
:mod:`smup_lib.reports.verifying`, report by report.
"""

from __future__ import annotations

import itertools
import json
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from smup_lib.errors import ReportError
from smup_lib.plurals import ROW_NOUN, counted, plural
from smup_lib.problems import Problems
from smup_lib.reports.batch.alarms import count_alarms
from smup_lib.reports.batch.barriers import find_barriers
from smup_lib.reports.batch.faults import FAULT_KINDS, Fault
from smup_lib.reports.batch.manifest import LEDGER, Row, read_rows
from smup_lib.reports.batch.page_check import PageReading, read_page
from smup_lib.reports.batch.page_shape import ENOUGH_PAGES, odd_ones
from smup_lib.reports.batch.reading_sample import Candidate, Chosen, choose_sample
from smup_lib.reports.exports.page import load_lxml
from smup_lib.reports.forked import map_forked
from smup_lib.reports.loading import Workspace
from smup_lib.reports.receipt import SUFFIX, file_digest
from smup_lib.teryt import is_city_code, level_of

#: Times the usual size, and a part of it, beyond which a page is read by nobody in good faith.
_TOO_LARGE, _TOO_SMALL = 2.5, 0.4


@dataclass(frozen=True)
class BatchCheck:
    """What came of checking a batch.

    Attributes
    ----------
    reports, pages, files : int
        Rows of the manifest, pages that were read, files whose checksum was taken.
    faults : tuple of Fault
        By weight, then by file; empty when all is well.
    sample : tuple of Chosen
        Which reports a person should read, and why.
    alarms : tuple of str
        What chance alone gives in all reports together, in Polish.
    skipped : tuple of str
        What was not checked, and why.
    """

    reports: int
    pages: int
    files: int
    faults: tuple[Fault, ...]
    sample: tuple[Chosen, ...]
    alarms: tuple[str, ...]
    skipped: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def facts(self) -> dict[str, Any]:
        """Return what a program wants to know of the check."""
        return {
            "ok": self.sound,
            "reports": self.reports,
            "pages": self.pages,
            "files": self.files,
            "faults": [fault.row() for fault in self.faults],
            "sample": [vars(one) for one in self.sample],
            "alarms": list(self.alarms),
            "skipped": list(self.skipped),
        }


class _Page(NamedTuple):
    """A page of the batch and its row."""

    file: str
    row: Row


class _Read(NamedTuple):
    """What is known of a page once it has been read."""

    reading: PageReading
    size: int


def check_batch(
    folder: Path,
    *,
    sample: int = 10,
    seed: int = 1,
    browser: bool = True,
    alarms: bool = True,
    processes: int = 1,
) -> BatchCheck:
    """Check a finished batch.

    Parameters
    ----------
    folder : Path
        Of the batch, with its manifest.
    sample : int
        How many reports to draw by lot for reading; the doubtful ones come on top.
    seed : int
        Of the lot.
    browser : bool
        Whether to look at the sample with axe-core, where it is installed.
    alarms : bool
        Whether to work out from the snapshot what chance alone gives.
    processes : int
        How many read pages.

    Raises
    ------
    ReportError
        When the folder has no manifest, or pages cannot be read in this installation.
    """
    rows = _rows(folder)
    load_lxml()
    pages = [
        _Page(file, row) for row in rows for file in row.outputs
        if file.endswith(".html") and (folder / file).is_file()
    ]  # fmt: skip
    others = _telling_names(rows)
    read = list(map_forked(partial(_read, folder, pages, others), len(pages), processes))
    faults = _all_faults(folder, rows, pages, read)
    chosen = _sample(pages, read, sample, seed)
    barriers, unseen = _barriers(folder, chosen if browser else ())
    luck = count_alarms(rows if alarms else (), processes)
    return BatchCheck(
        reports=len(rows),
        pages=len(pages),
        files=sum(len(row.outputs) for row in rows),
        faults=_in_order([*faults, *barriers]),
        sample=chosen,
        alarms=luck.told,
        skipped=(*unseen, *(f"fałszywe alarmy: {why}" for why in luck.left_out)),
    )


def _sample(
    pages: Sequence[_Page], read: Sequence[_Read], size: int, seed: int
) -> tuple[Chosen, ...]:
    kinds = _Kinds()
    candidates = [
        Candidate(page.file, page.row, kinds.of(page.row), one.reading.numbers)
        for page, one in zip(pages, read, strict=True)
    ]
    return choose_sample(candidates, size, seed)


def _barriers(folder: Path, chosen: Sequence[Chosen]) -> tuple[list[Fault], list[str]]:
    """Return what keeps people out of the pages of the sample, and which nobody looked at."""
    if not chosen:
        return [], []
    found, unseen = find_barriers(folder, [one.file for one in chosen])
    return found, [f"dostępność w przeglądarce: {why}" for why in unseen]


def _all_faults(
    folder: Path, rows: Sequence[Row], pages: Sequence[_Page], read: Sequence[_Read]
) -> list[Fault]:
    """Return what is wrong with the files, each page, and the pages together."""
    faults = [*_file_faults(folder, rows), *_double_faults(rows)]
    for page, (reading, _) in zip(pages, read, strict=True):
        faults += reading.faults
        if not reading.broken:
            faults += _receipt_faults(folder, page, reading)
    for alike in _together(pages, read):
        faults += [*_shape_faults(alike), *_size_faults(alike)]
    return faults


def _rows(folder: Path) -> list[Row]:
    rows = list(read_rows(folder / LEDGER).values())
    if rows:
        return rows
    raise ReportError(
        "W tym folderze nie ma partii raportów: brak manifestu albo jest pusty.",
        where=str(folder / LEDGER),
        expected="folder podany w smup report batch jako --out",
        next_step="wskaż folder partii albo wykonaj ją poleceniem smup report batch",
    )


def _in_order(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    weight = {kind: place for place, kind in enumerate(FAULT_KINDS)}
    once = dict.fromkeys(faults)
    return tuple(sorted(once, key=lambda fault: (weight[fault.kind], fault.file)))


def _telling_names(rows: Sequence[Row]) -> list[str]:
    """Return names that say by themselves that they are units: "Nowe" is a word, too."""
    names = {row.unit_name.rpartition(" (")[0] for row in rows}
    return sorted(name for name in names if name.startswith(("powiat ", "gmina ")))


def _read(folder: Path, pages: Sequence[_Page], others: Sequence[str], place: int) -> _Read:
    file, row = pages[place]
    content = (folder / file).read_bytes()
    try:
        reading = read_page(content.decode("utf-8"), file, row, others)
    except (ValueError, _broken_markup()) as error:
        fault = Fault("unreadable", file, "", f"{type(error).__name__}: {error}"[:200])
        return _Read(PageReading((fault,), 0, ""), len(content))
    return _Read(reading, len(content))


def _broken_markup() -> type[Exception]:
    """Return what the reader of pages raises where there is no page at all."""
    from lxml.etree import LxmlError

    kind: type[Exception] = LxmlError
    return kind


def _file_faults(folder: Path, rows: Sequence[Row]) -> Iterator[Fault]:
    """Yield reports that failed, and files that are gone or were changed."""
    for row in rows:
        if row.status == "failed":
            name = f"{row.report}, {row.unit_name}, {row.year} r."
            yield Fault("failed", name, "", row.error)
            continue
        if not any(name.endswith(SUFFIX) for name in row.outputs):
            name = next(iter(row.outputs), f"{row.report}, {row.unit_name}")
            yield Fault("no_receipt", name, "", "manifest nie podaje pliku metryki")
        for name, digest in row.outputs.items():
            path = folder / name
            if not path.is_file():
                yield Fault("missing_file", name, "", "manifest podaje ten plik, a go nie ma")
            elif file_digest(path) != digest:
                yield Fault("altered_file", name, "", "suma kontrolna inna niż w manifeście")


def _double_faults(rows: Sequence[Row]) -> Iterator[Fault]:
    """Yield a file that two reports claim, and two pages with the same content."""
    claims = Counter(name for row in rows for name in row.outputs)
    for name, count in claims.items():
        if count > 1:
            verb = plural(count, ("podaje", "podają", "podaje"))
            said = f"plik {verb} {counted(count, ROW_NOUN)} manifestu"
            yield Fault("double", name, "", said)
    same: dict[str, list[str]] = defaultdict(list)
    for name, digest in {n: d for row in rows for n, d in row.outputs.items()}.items():
        if name.endswith(".html"):  # two tables without a row are alike and no fault
            same[digest].append(name)
    for names in same.values():
        for name in names[1:]:
            yield Fault("double", name, "", f"ta sama treść co {names[0]}")


def _receipt_faults(folder: Path, page: _Page, reading: PageReading) -> Iterator[Fault]:
    """Yield where the file of the receipt tells of something else than page and manifest."""
    for name in page.row.outputs:
        path = folder / name
        if not name.endswith(SUFFIX) or not path.is_file():
            continue
        try:
            told = json.loads(path.read_bytes())
            found = [
                ("numer", told["id"], reading.receipt),
                ("stan danych", told["snapshot"], page.row.snapshot),
                ("rok", told["parameters"].get("year"), page.row.year),
            ]
        except (ValueError, KeyError, AttributeError, TypeError):
            yield Fault("no_receipt", name, "", "metryki nie da się odczytać")
            continue
        for what, said, wanted in found:
            if said != wanted:
                text = f"{what} w metryce: {said}, a powinno być: {wanted or 'podane na stronie'}"
                yield Fault("no_receipt", name, "", text)


def _together(pages: Sequence[_Page], read: Sequence[_Read]) -> Iterator[list[tuple[_Page, _Read]]]:
    """Yield pages of the same notebook, level and status, where there are enough to compare."""

    def kind(pair: tuple[_Page, _Read]) -> tuple[str, str, str]:
        row = pair[0].row
        return row.report, level_of(row.unit), row.status

    whole = (pair for pair in zip(pages, read, strict=True) if not pair[1].reading.broken)
    for _, group in itertools.groupby(sorted(whole, key=kind), kind):
        alike = list(group)
        if len(alike) >= ENOUGH_PAGES:
            yield alike


def _size_faults(alike: Sequence[tuple[_Page, _Read]]) -> Iterator[Fault]:
    """Yield pages far smaller or larger than the others of their kind."""
    usual = statistics.median(one.size for _, one in alike)
    for page, one in alike:
        if not usual * _TOO_SMALL <= one.size <= usual * _TOO_LARGE:
            sort = "mniejsza" if one.size < usual else "większa"
            said = f"strona o wiele {sort} niż inne: {_kilobytes(one.size)}, zwykle "
            yield Fault("odd_size", page.file, "", said + _kilobytes(usual))


def _shape_faults(alike: Sequence[tuple[_Page, _Read]]) -> Iterator[Fault]:
    """Yield pages that lack what the others of their kind have."""
    for place, said in odd_ones([one.reading.shape for _, one in alike]):
        yield Fault("missing_part", alike[place][0].file, "", said)


def _kilobytes(size: float) -> str:
    return f"{size / 1000:.0f} kB"


class _Kinds:
    """What kind of unit a report is about: as the register says, else as the code does."""

    def __init__(self) -> None:
        self._opened: dict[str, Workspace | None] = {}

    def of(self, row: Row) -> str:
        """Return the kind in Polish."""
        if row.snapshot not in self._opened:
            opened = Problems().attempt(lambda: Workspace.open(row.snapshot))
            self._opened[row.snapshot] = opened
        workspace = self._opened[row.snapshot]
        if workspace is not None and workspace.register.exists(row.unit, row.year):
            return workspace.register.unit(row.unit, row.year).kind_pl
        return "miasto na prawach powiatu" if is_city_code(row.unit) else level_of(row.unit)
