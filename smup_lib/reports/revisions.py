"""The data were corrected: which reports say something else now?

A report is a unit in an area and year. What a correction can reach is found first: the indicators
whose cells differ when they are computed from both states of the data. A unit whose own cells
differ, or those of its group, is assessed anew as a whole; for those whom a correction only reaches
through the groups that bear witness (M12) or a neighbour, the touched indicators are enough; all
others read none of the cells that differ and are not assessed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from smup_lib.conclude.revisions import AreaRevision, compare_assessments
from smup_lib.errors import GroupError, IndicatorError, NoDataError, SmupError, UnitError
from smup_lib.indicators import compute_values
from smup_lib.indicators.city_codes import with_other_parts
from smup_lib.reports.forked import map_forked
from smup_lib.reports.loading import Workspace, load_assessment
from smup_lib.reports.many_findings import keep_area_values
from smup_lib.reports.moved_values import COLUMNS, SnapshotPair, list_moved_values
from smup_lib.reports.other_groups import list_other_groups
from smup_lib.snapshots import Snapshot
from smup_lib.units import PeerGroup
from smup_lib.units.context import POPULATION

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator, Level, ServiceArea
    from smup_lib.conclude import AreaAssessment
    from smup_lib.units import Unit

#: Told how many units were looked at, of how many, in which area.
Progress = Callable[[int, int, str], None]
Told = TypeVar("Told")
#: A cell says the same when these do.
_SAID = ("value", "flag", "qualifiers", "numerator", "denominator", "recalculated_from")
_CELL = ("indicator", "unit_code", "year")


@dataclass(frozen=True)
class ReportRevision:
    """What became of one report.

    Attributes
    ----------
    unit, area, year : Unit, ServiceArea, int
        Which report.
    revision : AreaRevision or None
        The report on both states; None when the new data no longer bear it.
    lost : SmupError or None
        Why the new data no longer bear it.
    """

    unit: Unit
    area: ServiceArea
    year: int
    revision: AreaRevision | None
    lost: SmupError | None = None

    @property
    def dependent(self) -> bool:
        """Whether the report says something else now, or cannot be made any more."""
        return self.revision is None or self.revision.dependent


@dataclass(frozen=True)
class RevisedData:
    """Two states of the data with the catalogue and the registers that belong to them.

    Attributes
    ----------
    old, new : Workspace
        The older one first.
    pair : SnapshotPair
        The two snapshots.
    """

    old: Workspace
    new: Workspace
    pair: SnapshotPair

    @classmethod
    def open(
        cls, old: str | Path | Snapshot, new: str | Path | Snapshot | None = None
    ) -> RevisedData:
        """Open two states of the data; see :meth:`SnapshotPair.open`."""
        pair = SnapshotPair.open(old, new)
        return cls(Workspace.open(pair.old), Workspace.open(pair.new), pair)

    @cached_property
    def changed(self) -> Mapping[str, int]:
        """The variables in which anything differs, with their rows."""
        return self.pair.changed_variables()

    def touched(self, area: ServiceArea, level: str | None = None) -> tuple[Indicator, ...]:
        """Return the indicators of an area (at a level) that read a variable that differs."""
        catalogue = self.new.catalogue
        return tuple(
            entry
            for entry in area.indicators
            if (level is None or level in entry.levels)
            and not self.changed.keys().isdisjoint(
                with_other_parts(entry.variables_read, catalogue)
            )
        )

    def moved_values(self, area: ServiceArea | None = None) -> pd.DataFrame:
        """Return the input values that differ (:data:`COLUMNS`), of an area or of all."""
        import pandas as pd

        among = None
        if area is not None:
            read = {name for entry in area.indicators for name in entry.variables_read}
            among = with_other_parts(read, self.new.catalogue) & self.changed.keys()
        if not self.changed or among == set():
            return pd.DataFrame(columns=list(COLUMNS))
        return list_moved_values(self.pair, among)

    def redefined(self, area: ServiceArea) -> frozenset[str]:
        """Return the indicators of which an input has another definition now."""
        rows = self.moved_values(area)
        names = set(rows.loc[rows["sort"] == "redefined", "variable"])
        return frozenset(e.id for e in area.indicators if not names.isdisjoint(e.variables_read))

    def groups_may_differ(self, area: ServiceArea) -> bool:
        """Tell whether the units, their borders or the circumstances that make them similar do."""
        entries = self.new.catalogue.indicators
        read = {v for name in area.context if name in entries for v in entries[name].variables_read}
        # a size class needs the population, whatever makes units of an area similar
        read |= {POPULATION, *area.context}
        return bool(self.pair.tables) or not self.changed.keys().isdisjoint(read)


def compare_report(
    data: RevisedData,
    area: ServiceArea,
    unit: Unit,
    year: int,
    rule: str | PeerGroup | None = None,
    *,
    redefined: Collection[str] | None = None,
) -> ReportRevision:
    """Compare the report of a unit in an area and year on two states of the data.

    Parameters
    ----------
    data : RevisedData
        The two states.
    area, unit, year, rule
        The report: as :func:`smup_lib.reports.loading.load_assessment` takes them.
    redefined : collection of str, optional
        Indicators with another definition now; looked up when omitted.

    Returns
    -------
    ReportRevision

    Raises
    ------
    NoDataError, GroupError, IndicatorError
        When the old data do not bear the report.
    """
    before = load_assessment(data.old, area.id, unit, year, rule)
    known = data.redefined(area) if redefined is None else redefined
    return _beside(data.new, before, area, known)


def _beside(
    workspace: Workspace, before: AreaAssessment, area: ServiceArea, redefined: Collection[str]
) -> ReportRevision:
    """Assess the same on the new data, by the same rule of the group."""
    unit, year = before.unit, before.year
    try:
        after = load_assessment(workspace, area.id, unit, year, before.group.key)
    except (NoDataError, GroupError, IndicatorError, UnitError) as error:
        return ReportRevision(unit, area, year, None, error)
    return ReportRevision(unit, area, year, compare_assessments(before, after, redefined))


def list_revised_reports(
    data: RevisedData,
    area: ServiceArea,
    year: int,
    level: str,
    *,
    on_progress: Progress | None = None,
) -> Iterator[ReportRevision]:
    """Yield the reports of an area, a year and a level that say something else now.

    Printed numbers and findings count: the unit's own, its place, the median and quartiles of its
    group, in all years. The dot of another unit that moved on a chart or a map does not.

    Parameters
    ----------
    data : RevisedData
        The two states.
    area : ServiceArea
        Its indicators at the level.
    year : int
        Year of the reports.
    level : str
        ``gmina`` or ``powiat``.
    on_progress : callable, optional
        Told how far the search is.

    Yields
    ------
    ReportRevision
        In order of code. A report that the old data did not bear is none.
    """
    return tell_revised_reports(
        data, area, year, level, told=lambda one: one, on_progress=on_progress
    )


def tell_revised_reports(
    data: RevisedData,
    area: ServiceArea,
    year: int,
    level: str,
    *,
    told: Callable[[ReportRevision], Told],
    processes: int = 1,
    on_progress: Progress | None = None,
) -> Iterator[Told]:
    """Yield what ``told`` makes of each report of :func:`list_revised_reports`.

    With more than one of ``processes`` it is made there, so that only the answer comes back.
    """
    search = _Search(data, area, year, level)
    units = [data.old.register.unit(code, year) for code in search.candidates()]

    def look(place: int) -> Told | None:
        found = search.look(units[place])
        return told(found) if found is not None and found.dependent else None

    kinds = {unit.kind: place for place, unit in enumerate(units)}
    for done, one in enumerate(map_forked(look, len(units), processes, [*kinds.values()]), 1):
        if on_progress is not None:
            on_progress(done, len(units), area.name)
        if one is not None:
            yield one


class _Search:
    """Looks which units of a level a correction reaches in an area and year."""

    def __init__(self, data: RevisedData, area: ServiceArea, year: int, level: str) -> None:
        self.data, self.area, self.year, self.level = data, area, year, level
        self.touched = data.touched(area, level)
        self.redefined = data.redefined(area)
        self.whole = data.groups_may_differ(area)
        self.cells = _moved_cells(data, self.touched, year, level) if self.touched else frozenset()
        self.moved = frozenset(code for _, code in self.cells)

    def candidates(self) -> Sequence[str]:
        """Return the units that are looked at: all, or none when nothing of the area differs."""
        reached = bool(self.cells) or self.whole or bool(self.redefined)
        if not reached:
            return ()
        # many units are looked at: what they are compared by is read once, not for each of them
        for workspace in (self.data.old, self.data.new):
            keep_area_values(workspace, self.area, self.level, self.year)
        return self.data.old.register.codes(self.level, self.year)

    def look(self, unit: Unit) -> ReportRevision | None:
        """Return the report of a unit on both states; None when the old data do not bear it."""
        try:
            group = self._group(unit)
            near = self.moved.intersection((unit.code, *group.members))
            if self.whole or self.redefined or near:
                return compare_report(
                    self.data, self.area, unit, self.year, group, redefined=self.redefined
                )
            if self.moved.isdisjoint(self._witnesses(unit, group)):
                return None  # it reads nothing that differs
            return self._look_at_witnesses(unit, group)
        except (NoDataError, GroupError, IndicatorError):
            return None

    def _group(self, unit: Unit) -> PeerGroup:
        from smup_lib.reports.loading import choose_group

        return choose_group(self.data.old, None, unit, self.year, self.area)

    def _witnesses(self, unit: Unit, group: PeerGroup) -> Iterator[str]:
        """Yield whose values a report reads besides those of the unit and its group."""
        old = self.data.old
        others = list_other_groups(old, unit, self.year, self.area, group.key)
        by_weights = old.groups_by_weights(group, unit, self.area)
        return chain(others.neighbours, *others.by_rule.values(), *by_weights)

    def _look_at_witnesses(self, unit: Unit, group: PeerGroup) -> ReportRevision | None:
        """Assess only what was touched; when that differs, the whole report."""
        touched = {indicator for indicator, _ in self.cells}
        area = _reduced(self.area, touched, self.level)
        if not area.indicators:
            return None
        small = replace(
            self.data, old=_with_area(self.data.old, area), new=_with_area(self.data.new, area)
        )
        found = compare_report(small, area, unit, self.year, group, redefined=())
        if not found.dependent:
            return None
        return compare_report(self.data, self.area, unit, self.year, group, redefined=())


def _moved_cells(
    data: RevisedData, indicators: Sequence[Indicator], year: int, level: str
) -> frozenset[tuple[str, str]]:
    """Return the (indicator, unit) whose cells differ in any year, on the territory of ``year``."""
    import pandas as pd

    frames = [
        compute_values(
            indicators,
            workspace.snapshot,
            workspace.catalogue,
            cast("Level", level),
            register=workspace.register,
            as_of=year,
        )[[*_CELL, *_SAID]]
        for workspace in (data.old, data.new)
    ]
    # what stands in both frames word for word is no difference
    both = pd.concat(frames, ignore_index=True)
    both[["value", "numerator", "denominator"]] = both[
        ["value", "numerator", "denominator"]
    ].fillna(float("inf"))
    alone = both[~both.duplicated(keep=False)]
    return frozenset(zip(alone["indicator"], alone["unit_code"], strict=True))


def _reduced(area: ServiceArea, touched: set[str], level: str) -> ServiceArea:
    """Return an area with the indicators that the touched ones are told with: twins and pairs."""
    here = [entry for entry in area.indicators if level in entry.levels]
    told = {
        entry.id
        for entry in here
        if touched & {entry.id, entry.twin_of, *entry.paired_with}
        or any(other.twin_of == entry.id and other.id in touched for other in here)
    }
    beside = {name for entry in here if entry.id in told for name in entry.paired_with}
    twins = {e.id for e in here if e.twin_of in told | beside}
    twins |= {e.twin_of for e in here if e.id in told | beside and e.twin_of}
    needed = told | beside | twins
    return area.model_copy(update={"indicators": tuple(e for e in here if e.id in needed)})


def _with_area(workspace: Workspace, area: ServiceArea) -> Workspace:
    catalogue = workspace.catalogue
    areas = {**catalogue.areas, area.id: area}
    return replace(workspace, catalogue=replace(catalogue, areas=areas))
