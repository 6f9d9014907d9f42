"""The data were corrected: which reports say something else now?

A report is a unit in an area and year. What a correction can reach is found first: the indicators
whose cells differ when they are computed from both states of the data. A unit whose own cells
differ, or those of its group, is assessed anew. Others read differing cells at most through the
groups that bear witness of their place (M12), and are assessed only when these say something else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar, cast

from smup_lib.compare import PeerSets, RuleGroups, compare_position, compare_robustness
from smup_lib.conclude.area_values import AreaValues
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
#: Members by rule, and sets of similar units by changed weights.
_Witnesses: TypeAlias = "tuple[Mapping[str, tuple[str, ...]], Sequence[Sequence[str]]]"
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
    rule: str | None = None,
    codes: Collection[str] | None = None,
    processes: int = 1,
    on_progress: Progress | None = None,
) -> Iterator[Told]:
    """Yield what ``told`` makes of each report of :func:`list_revised_reports`.

    Only of the units of ``codes`` and with the group of ``rule``, where these are told. With more
    than one of ``processes`` it is made there, so that only the answer comes back.
    """
    search = _Search(data, area, year, level, rule)
    asked = [code for code in search.candidates() if codes is None or code in codes]
    units = [data.old.register.unit(code, year) for code in asked]

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

    def __init__(
        self, data: RevisedData, area: ServiceArea, year: int, level: str, rule: str | None = None
    ) -> None:
        self.data, self.area, self.year, self.level = data, area, year, level
        self.rule = rule
        self.touched = data.touched(area, level)
        self.redefined = data.redefined(area)
        self.whole = data.groups_may_differ(area)
        told = (data, area, self.touched, level, year)
        self.cells = _moved_cells(*told) if self.touched else frozenset()
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
            if not self._bears_otherwise(unit, group):
                return None  # all that is read of others tells the same
            return compare_report(self.data, self.area, unit, self.year, group, redefined=())
        except (NoDataError, GroupError, IndicatorError):
            return None

    def _group(self, unit: Unit) -> PeerGroup:
        from smup_lib.reports.loading import choose_group

        return choose_group(self.data.old, self.rule, unit, self.year, self.area)

    def _witnesses(self, unit: Unit, group: PeerGroup) -> _Witnesses:
        """Return whose values a report reads besides those of the unit and its group."""
        old = self.data.old
        others = list_other_groups(old, unit, self.year, self.area, group.key)
        return others.by_rule, old.groups_by_weights(group, unit, self.area)

    def _bears_otherwise(self, unit: Unit, group: PeerGroup) -> bool:
        """Tell whether other groups (M12) say something else of a unit that did not move itself.

        Neither did its group, so this is all of its report that can differ.
        """
        by_rule, by_weights = self._witnesses(unit, group)
        if self.moved.isdisjoint(chain(*by_rule.values(), *by_weights)):
            return False
        states = [
            workspace.kept.find(self.area.id, self.level, self.year)
            for workspace in (self.data.old, self.data.new)
        ]
        old, new = states
        if old is None or new is None:  # let go: many areas at once
            return True
        groups, sets = RuleGroups.of(by_rule, unit.code), PeerSets.of(by_weights, unit.code)
        moved = {indicator for indicator, _ in self.cells}
        for entry in self.touched:
            if entry.id not in moved:
                continue
            asked = entry, old[entry.id].year_values, unit.code
            position = compare_position(*asked, group.members)
            before, after = (
                compare_robustness(
                    *(entry, values[entry.id].year_values, unit.code, position, groups, sets)
                )
                for values in (old, new)
            )
            if before != after:
                return True
        return False


def _moved_cells(
    data: RevisedData, area: ServiceArea, touched: Sequence[Indicator], level: str, year: int
) -> frozenset[tuple[str, str]]:
    """Return the (indicator, unit) whose cells differ in any year, on the territory of ``year``.

    What was read for it is kept: each report that is assessed needs it.
    """
    import pandas as pd

    names = {entry.id for entry in touched}
    frames = []
    for workspace in (data.old, data.new):
        frame = _read_values(workspace, area, level, year)
        frames.append(frame.loc[frame["indicator"].isin(names), [*_CELL, *_SAID]])
    # what stands in both frames word for word is no difference
    both = pd.concat(frames, ignore_index=True)
    both[["value", "numerator", "denominator"]] = both[
        ["value", "numerator", "denominator"]
    ].fillna(float("inf"))
    alone = both[~both.duplicated(keep=False)]
    return frozenset(zip(alone["indicator"], alone["unit_code"], strict=True))


def _read_values(workspace: Workspace, area: ServiceArea, level: str, year: int) -> pd.DataFrame:
    """Read the values of all units of a level in an area, and let the workspace keep them."""
    frame = compute_values(
        [entry for entry in area.indicators if level in entry.levels],
        workspace.snapshot,
        workspace.catalogue,
        cast("Level", level),
        register=workspace.register,
        as_of=year,
    )
    values = AreaValues(frame, year, set(workspace.register.codes(level, year)))
    workspace.kept.keep(area.id, level, year, values)
    return frame
