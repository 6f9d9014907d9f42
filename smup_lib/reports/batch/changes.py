"""The data were corrected: which reports of a batch say something else now, and which do not?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from smup_lib.catalogue.history import other_code_of
from smup_lib.errors import GroupError, IndicatorError, NoDataError, ParameterError, SmupError
from smup_lib.paths import project_dir
from smup_lib.reports.batch.fingerprint import Fingerprints
from smup_lib.reports.batch.jobs import Job, Section
from smup_lib.reports.batch.known import ORDER_FILE
from smup_lib.reports.batch.manifest import LEDGER, Row, read_rows
from smup_lib.reports.batch.order import read_order
from smup_lib.reports.loading import load_assessment
from smup_lib.reports.many_findings import keep_area_values
from smup_lib.reports.notebook_files import read_notebook
from smup_lib.reports.receipt import notebook_digest
from smup_lib.reports.revised_tables import ToldRevision, tell_revision
from smup_lib.reports.revisions import RevisedData, tell_revised_reports
from smup_lib.reports.runner import area_of, find_notebook
from smup_lib.teryt import level_of

if TYPE_CHECKING:
    from smup_lib.catalogue import Catalogue, ServiceArea
    from smup_lib.reports.batch.order import Order
    from smup_lib.snapshots import Snapshot

#: Told how many units were looked at, of how many, in which area.
Progress = Callable[[int, int, str], None]
Sort = Literal["conclusions", "lost", "filled", "numbers", "remade", "same", "unjudged"]
#: What became of a report, what matters most first. ``filled`` had no value and has some now;
#: ``numbers`` concludes the same from other numbers; ``remade`` says the same, yet data that it
#: reads differ; ``unjudged`` is no report of one area, so nobody compared it.
SORTS: tuple[Sort, ...] = (
    *("conclusions", "lost", "filled", "numbers", "remade", "same", "unjudged"),
)
#: Outcomes after which a reader must not repeat a conclusion, or has one that was not there.
_OTHER = frozenset(("flipped", "unanswered", "redefined", "new"))


@dataclass(frozen=True)
class Conclusion:
    """One conclusion that is not what it was.

    Attributes
    ----------
    indicator : str
        Id of what it is about; empty for a conclusion about the area.
    outcome : str
        One of :data:`smup_lib.conclude.revisions.OUTCOMES`.
    before, after : str
        What a reader read, and reads now.
    """

    indicator: str
    outcome: str
    before: str
    after: str


@dataclass(frozen=True)
class ReportChange:
    """What became of one report of a batch.

    Attributes
    ----------
    row : Row
        The report.
    area : str
        Name of its area, or of its notebook when it has none.
    sort : str
        One of :data:`SORTS`.
    conclusions : tuple of Conclusion
        Those that are others now; empty unless ``sort`` says so.
    told : ToldRevision or None
        All that is another now, for a table; None where nothing is.
    """

    row: Row
    area: str
    sort: Sort
    conclusions: tuple[Conclusion, ...] = ()
    told: ToldRevision | None = None


@dataclass(frozen=True)
class BatchChanges:
    """What a correction did to the reports of a batch.

    Attributes
    ----------
    folder : Path
        Of the batch.
    title : str
        Of its order.
    data : RevisedData
        The state that the reports were made of, and the newer one.
    reports : tuple of ReportChange
        In the order of the manifest.
    elsewhere : mapping of str to int
        How many reports of the batch were made of each other state; nothing is said of them.
    failed : int
        How many could not be made, so that there is nothing to compare.
    to_make : int
        How many files the command of the batch would make again, for any reason.
    """

    folder: Path
    title: str
    data: RevisedData
    reports: tuple[ReportChange, ...]
    elsewhere: Mapping[str, int]
    failed: int
    to_make: int

    @property
    def counts(self) -> dict[Sort, int]:
        """How many reports of each sort, in the order of :data:`SORTS`; each is one of them."""
        found = Counter(one.sort for one in self.reports)
        return {sort: found[sort] for sort in SORTS}

    def of(self, *sorts: Sort) -> tuple[ReportChange, ...]:
        """Return the reports of some sorts."""
        return tuple(one for one in self.reports if one.sort in sorts)


def compare_batch(
    folder: Path,
    old: str | None = None,
    new: str | Path | Snapshot | None = None,
    *,
    chosen: Callable[[Row], bool] = lambda row: True,
    processes: int = 1,
    on_progress: Progress | None = None,
) -> BatchChanges:
    """Compare the reports of a batch on the state of the data that made them and on a newer one.

    Parameters
    ----------
    folder : Path
        Of the batch.
    old : str, optional
        State of the data whose reports are looked at; the one that made all of them when omitted.
    new : str, Path or Snapshot, optional
        The current state when omitted.
    chosen : callable, optional
        Which rows of the manifest are looked at; all when omitted.
    processes : int
        How many work at once.
    on_progress : callable, optional
        Told how far the comparison of each area is.

    Raises
    ------
    ParameterError
        When the folder holds no report, or none of the state asked for.
    """
    rows = [row for row in read_rows(folder / LEDGER).values() if chosen(row)]
    made = [row for row in rows if row.status != "failed"]
    states = Counter(row.snapshot for row in made)
    data = RevisedData.open(_choose_state(folder, states, old), new)
    mine = [row for row in made if row.snapshot == data.pair.old.id]
    if not mine:
        raise _not_of_state(folder, states, data.pair.old.id)
    orders = _read_orders(folder)
    named = [part.report for order in orders for part in order.parts]
    sections = _list_sections(mine, named, data.old.catalogue)
    look = _Look(data, sections, processes, on_progress)
    return BatchChanges(
        folder=folder,
        title=orders[0].title if orders else "",
        data=data,
        reports=look.compare(mine),
        elsewhere={name: n for name, n in states.items() if name != data.pair.old.id},
        failed=len(rows) - len(made),
        to_make=sum(look.is_outdated(row) for row in mine),
    )


def _read_orders(folder: Path) -> list[Order]:
    """Read the order of a batch and those that were made in its folder before."""
    newest = folder / ORDER_FILE
    earlier = sorted(folder.glob(f"{newest.stem}-*{newest.suffix}"))
    return [read_order(path) for path in (newest, *earlier) if path.is_file()]


def _choose_state(folder: Path, states: Mapping[str, int], asked: str | None) -> str:
    if asked is not None and states:
        return asked
    if len(states) == 1:
        return next(iter(states))
    raise _not_of_state(folder, states, None)


def _not_of_state(folder: Path, states: Mapping[str, int], asked: str | None) -> ParameterError:
    if not states:
        return ParameterError(
            "W tym folderze nie ma raportów do porównania.",
            where=str(folder),
            expected=f"folder partii z plikiem {LEDGER} i gotowymi raportami",
            next_step="wskaż folder, który podano opcją --out poleceniu smup report batch",
        )
    return ParameterError(
        "Raporty tej partii powstały na kilku stanach danych."
        if asked is None
        else f"Żaden raport tej partii nie powstał na stanie danych {asked}.",
        where=str(folder),
        problems=[f"stan danych {name}: raportów {n}" for name, n in states.items()],
        expected="jeden z wymienionych stanów danych",
        next_step="podaj go jako STARY",
    )


def _list_sections(
    rows: Sequence[Row], named: Sequence[str], catalogue: Catalogue
) -> dict[str, Section]:
    """Return the notebooks of reports by their names; one that is gone is left out."""
    found: dict[str, Section] = {}
    for text in (*named, *dict.fromkeys(row.report for row in rows)):
        try:
            path = find_notebook(text)
            if path.stem not in found:
                source = read_notebook(path)
                area = area_of(source, path, catalogue)
                found[path.stem] = Section(path, notebook_digest(source), area, text)
        except SmupError:
            continue  # nobody can make its reports again: they are told as not compared
    return found


class _Look:
    """Looks at reports of a batch, those of one area, year, level and group together."""

    def __init__(
        self,
        data: RevisedData,
        sections: Mapping[str, Section],
        processes: int,
        on_progress: Progress | None,
    ) -> None:
        self._data, self._sections = data, sections
        self._processes, self._on_progress = processes, on_progress
        self._prints, self._before = (
            Fingerprints(one.snapshot, one.catalogue) for one in (data.new, data.old)
        )

    def compare(self, rows: Sequence[Row]) -> tuple[ReportChange, ...]:
        """Return what became of each report, in the order of the rows."""
        alike: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
        for row in rows:
            area = self._area_of(row)
            if area is not None:
                rule = row.parameters.get("group")
                alike[area.id, row.year, level_of(row.unit), rule].append(row)
        told: dict[str, ToldRevision] = {}
        filled: set[str] = set()
        for (area_id, year, level, rule), some in alike.items():
            area = self._data.old.catalogue.area(area_id)
            told |= self._revised(some, area, year, level, rule)
            filled.update(self._filled(some, area, year, level, rule))
        return tuple(self._change(row, told.get(row.key), row.key in filled) for row in rows)

    def _area_of(self, row: Row) -> ServiceArea | None:
        """Return the area of a report whose conclusions are those of the area; else None."""
        section = self._sections.get(row.report)
        if section is None:
            return None
        shipped = section.notebook.resolve().parent == project_dir("notebooks").resolve()
        return section.area if shipped else None

    def _revised(
        self, rows: Sequence[Row], area: ServiceArea, year: int, level: str, rule: str | None
    ) -> dict[str, ToldRevision]:
        keys = {row.unit: row.key for row in rows}
        found = tell_revised_reports(
            *(self._data, area, year, level),
            told=partial(tell_revision, page_of=None),
            rule=rule,
            codes=keys.keys(),
            processes=self._processes,
            on_progress=self._on_progress,
        )
        return {keys[one.unit.code]: one for one in found}

    def _filled(
        self, rows: Sequence[Row], area: ServiceArea, year: int, level: str, rule: str | None
    ) -> Iterator[str]:
        """Yield the reports that had no value and would have some now."""
        empty = [row for row in rows if row.status == "empty"]
        if not empty or not self._data.touched(area, level):
            return
        keep_area_values(self._data.new, area, level, year)
        for row in empty:
            unit = self._data.new.unit(row.unit, year=year)
            try:
                load_assessment(self._data.new, area.id, unit, year, rule)
            except (NoDataError, GroupError, IndicatorError):
                continue
            yield row.key

    def _change(self, row: Row, told: ToldRevision | None, filled: bool) -> ReportChange:
        area = self._area_of(row)
        if area is None:
            section = self._sections.get(row.report)
            return ReportChange(row, section.title if section else row.report, "unjudged")
        name = area.name
        if told is None:
            sort: Sort = "filled" if filled else "remade" if self._reads_other(row) else "same"
            return ReportChange(row, name, sort)
        conclusions = tuple(_conclusions_of(told))
        others = {one.outcome for one in conclusions}
        if "lost" in others:
            return ReportChange(row, name, "lost", conclusions, told)
        if others & _OTHER:
            return ReportChange(row, name, "conclusions", conclusions, told)
        return ReportChange(row, name, "numbers", (), told)

    def _reads_other(self, row: Row) -> bool:
        """Say whether the data that a report reads differ, whatever it says of them."""
        section = self._sections[row.report]
        return self._prints.of_data(section) != self._before.of_data(section)

    def is_outdated(self, row: Row) -> bool:
        """Say whether the command that made the report would make it again."""
        section = self._sections.get(row.report)
        if section is None:
            return False  # its notebook is gone: the command would refuse
        return self._prints.of(Job(section, row.unit, row.year, row.parameters)) != row.fingerprint


def _conclusions_of(told: ToldRevision) -> Iterator[Conclusion]:
    """Yield the conclusions among all that is another now."""
    for _, _, _, indicator, _, outcome, before, after in told.lines:
        if outcome in _OTHER or outcome == "lost":
            yield Conclusion(str(indicator), str(outcome), str(before), str(after))


def choose_rows(
    unit: str | None = None,
    areas: Collection[str] | None = None,
    year: int | None = None,
    level: str | None = None,
) -> Callable[[Row], bool]:
    """Return a choice among the rows of a manifest; what is not told chooses all.

    Parameters
    ----------
    unit : str, optional
        Its code; a city with powiat rights is known under both of its codes.
    areas : collection of str, optional
        Names of notebooks.
    year, level : int, str, optional
        Of the reports.
    """
    codes = None if unit is None else {unit, other_code_of(unit) or unit}

    def chosen(row: Row) -> bool:
        return (
            (codes is None or row.unit in codes)
            and (areas is None or row.report in areas)
            and (year is None or row.year == year)
            and (level is None or level_of(row.unit) == level)
        )

    return chosen
