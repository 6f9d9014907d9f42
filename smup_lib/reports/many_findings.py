"""What is worth saying of many units in one area, or of one unit in all areas, as a table?

Nothing is judged here: each unit goes the way that its report goes
(:func:`smup_lib.reports.loading.load_assessment`). Only the values of the area are read once, laid
out for all units, and kept in the workspace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from smup_lib.catalogue.vocabulary import CONTEXT
from smup_lib.conclude.many_tests import ChanceTest, ManyTests, list_tests, weigh_together
from smup_lib.errors import GroupError, IndicatorError, NoDataError, ParameterError, SmupError
from smup_lib.problems import Problems
from smup_lib.reports.forked import AT_ONCE, map_forked
from smup_lib.reports.known_years import check_snapshot_year
from smup_lib.reports.loading import Workspace, compute_area_values, levels_of, load_assessment
from smup_lib.teryt import write_levels

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import ServiceArea
    from smup_lib.conclude import AreaAssessment, Finding
    from smup_lib.units import Unit

FINDING_COLUMNS = (
    "unit_code",
    "unit",
    "area",
    "year",
    "place",
    "indicator",
    "indicator_name",
    "service",
    "claim",
    "mark",
    "kept",
    "kept_in_batch",
    "strength",
    "confidence",
    "confidence_reason",
    "text",
    "value",
    "median",
    "n",
    "group",
    "not_said",
    "method",
    "evidence",
)
LEFT_OUT_COLUMNS = ("unit_code", "unit", "area", "year", "reason")
_STRENGTH_DIGITS = 4


class _Told(NamedTuple):
    """What is told of one unit: rows of findings, of what was left out, and tests for chance."""

    rows: list[dict[str, Any]]
    left_out: list[dict[str, Any]]
    tests: list[ChanceTest]


@dataclass(frozen=True, eq=False)
class FoundTable:
    """Findings as a table, and who has none because nothing could be assessed.

    Attributes
    ----------
    rows : DataFrame
        Columns of :data:`FINDING_COLUMNS`: a row a finding, in the order of the units and of
        importance (``place``); ``text`` is the whole sentence, ``evidence`` names every number.
        ``kept`` allows for the tests of the unit in the area, ``kept_in_batch`` for those of all
        units of the table; both are null where chance cannot be tested.
    left_out : DataFrame
        Columns of :data:`LEFT_OUT_COLUMNS`: which unit could not be assessed, and why.
    n_units : int
        How many units were asked about.
    n_asked : int
        How many pages were: units of one area, or areas of one unit.
    tests : ManyTests
        All tests for chance that were made, told findings or not, and what stands among them.
    """

    rows: pd.DataFrame
    left_out: pd.DataFrame
    n_units: int
    n_asked: int
    tests: ManyTests


def find_in_area(
    workspace: Workspace,
    area_text: str,
    year: int,
    *,
    level: str = "gmina",
    units: Iterable[str] | None = None,
    rule: str | None = None,
    processes: int = 1,
    on_progress: Callable[[int, int], None] | None = None,
) -> FoundTable:
    """Find what is worth saying of all units of a level in an area, or of some of them.

    Parameters
    ----------
    workspace : Workspace
        Keeps the values of the area, so that a second question is quicker.
    area_text : str
        The area, as in the catalogue.
    year : int
        The year of the comparison.
    level : str
        ``gmina`` or ``powiat``; values of different levels are never mixed.
    units : iterable of str, optional
        Codes or names; all units of the level that existed in the year when omitted.
    rule : str, optional
        The comparison group of every unit; that of the area when omitted.
    processes : int
        More than one forks; where that is not possible, one does the work.
    on_progress : callable, optional
        Told after every few units how many of how many are done.

    Returns
    -------
    FoundTable
        The very findings that each unit's report has.

    Raises
    ------
    IndicatorError
        When the area has no indicator at the level.
    NoDataError
        When the snapshot has nothing of the area in the year.
    ParameterError, UnitError
        With every unit that nobody knows.
    GroupError
        When the rule fits nobody.
    """
    area = _area_with_findings(workspace, area_text, level)
    check_snapshot_year(workspace, area, year)
    chosen = _choose_units(workspace, level, year, units)
    keep_area_values(workspace, area, level, year)
    told = _tell_all(workspace, [(area, unit) for unit in chosen], year, rule, processes)
    found = _gathered(told, len(chosen), len(chosen), on_progress)
    if rule is not None and len(found.left_out) == len(chosen):
        load_assessment(workspace, area.id, chosen[0], year, rule)  # a rule that fits nobody
    return found


def _area_with_findings(workspace: Workspace, area_text: str, level: str) -> ServiceArea:
    """Return an area of services that has indicators at a level."""
    area = workspace.catalogue.area(area_text)
    if area.id == CONTEXT:
        raise IndicatorError(
            f"„{area.name}” to nie obszar usług, tylko tło porównań: nie ma w nim ustaleń.",
            where=area_text,
            expected="obszar usług",
            next_step="obszary wypisze: smup catalogue list",
        )
    if level not in levels_of(area):
        raise IndicatorError(
            f"Obszar „{area.name}” nie ma wskaźników na szczeblu {write_levels([level])}.",
            expected=f"szczebel {write_levels(levels_of(area), 'albo')}",
            next_step="inny obszar wskaże: smup catalogue list",
        )
    return area


def find_in_areas(
    workspace: Workspace,
    unit: Unit,
    year: int,
    areas: Sequence[str] | None = None,
    *,
    rule: str | None = None,
    either_code: bool = False,
) -> FoundTable:
    """Find what is worth saying of one unit in all areas, or in some of them.

    Areas without any indicator at the unit's level are not asked.

    Parameters
    ----------
    workspace : Workspace
        Values of whole areas that it keeps are not read again.
    unit, year : Unit, int
        Whose findings, for which year.
    areas : sequence of str, optional
        All when omitted.
    rule : str, optional
        The comparison group; that of each area when omitted.
    either_code : bool
        Whether a city with powiat rights is looked at under its other code where an area has more
        of its values there.

    Returns
    -------
    FoundTable

    Raises
    ------
    NoDataError
        When the snapshot has nothing at all in the year.
    """
    check_snapshot_year(workspace, None, year)
    catalogue = workspace.catalogue
    asked = [catalogue.area(one) for one in (catalogue.areas if areas is None else areas)]
    places = [
        (area, workspace.place_in(area, unit, year) if either_code else unit) for area in asked
    ]
    pairs = [(area, place) for area, place in places if place.level in levels_of(area)]
    return _gathered(_tell_all(workspace, pairs, year, rule, 1), 1, len(pairs), None)


def keep_area_values(workspace: Workspace, area: ServiceArea, level: str, year: int) -> None:
    """Read the values of all units of a level in an area, unless the workspace keeps them."""
    if workspace.kept.find(area.id, level, year) is None:
        values = compute_area_values(workspace, area, level, year)
        workspace.kept.keep(area.id, level, year, values)


def finding_rows(assessment: AreaAssessment) -> list[dict[str, Any]]:
    """Return the findings of an assessment as rows of :data:`FINDING_COLUMNS`.

    One assessment knows of no batch, so ``kept_in_batch`` is None.
    """
    names = {item.indicator.id: item.indicator.name for item in assessment.indicators}
    return [
        {
            "unit_code": assessment.unit.code,
            "unit": assessment.unit.label,
            "area": assessment.area.id,
            "year": assessment.year,
            "place": place,
            "indicator_name": names.get(finding.indicator or "", ""),
            "kept_in_batch": None,
            **_told_of(finding),
        }
        for place, finding in enumerate(assessment.findings, 1)
    ]


def _told_of(finding: Finding) -> dict[str, Any]:
    from smup_lib.present.findings import finding_text

    why = replace(finding, text=finding.confidence_reason, detail="")
    plain = ("indicator", "service", "claim", "mark", "kept", "strength", "confidence", "group")
    numbers = finding.numbers
    return {
        **{name: getattr(finding, name) for name in (*plain, "not_said", "method")},
        # what floating point leaves behind is no strength
        "strength": round(finding.strength, _STRENGTH_DIGITS),
        "confidence_reason": finding_text(why),
        "text": finding_text(finding),
        **{
            name: numbers[name].value if name in numbers else None
            for name in ("value", "median", "n")
        },
        "evidence": " | ".join(f"{number.key} = {number.value!r}" for number in numbers.values()),
    }


def find_asked_units(
    workspace: Workspace, area_text: str, year: int, texts: Iterable[str]
) -> tuple[str, list[str]]:
    """Return the level of units that were asked for without one, and their codes.

    Raises
    ------
    ParameterError, UnitError
        With every unit that nobody knows, or when they stand at several levels.
    """
    area, problems = workspace.catalogue.area(area_text), Problems()
    tried = [
        problems.attempt(lambda text=text: workspace.unit_in(area, text, None, year))  # type: ignore[misc]
        for text in texts
    ]
    problems.raise_found("Nie wszystkie jednostki są znane.", expected="kody albo nazwy")
    units = [unit for unit in tried if unit is not None]
    levels = {unit.level for unit in units}
    if len(levels) > 1:
        raise ParameterError(
            "Jednostki są na różnych szczeblach, a takich wartości nie wolno łączyć.",
            where=", ".join(unit.label for unit in units),
            expected="jednostki jednego szczebla",
            next_step="zapytaj o gminy i o powiaty osobno",
        )
    return levels.pop(), [unit.code for unit in units]


def _choose_units(
    workspace: Workspace, level: str, year: int, units: Iterable[str] | None
) -> list[Unit]:
    if units is None:
        register = workspace.register
        return [register.unit(code, year) for code in register.codes(level, year)]
    problems = Problems()
    found = [
        problems.attempt(lambda text=text: workspace.unit(text, level=level, year=year))  # type: ignore[misc]
        for text in units
    ]
    problems.raise_found("Nie wszystkie jednostki są znane.", expected="kody albo nazwy")
    return [*{unit.code: unit for unit in found if unit is not None}.values()]


# -- the work, in one process or in several ---------------------------------------------------


@dataclass(frozen=True)
class _Work:
    """What all processes share; a fork has it without copying."""

    workspace: Workspace
    pairs: Sequence[tuple[ServiceArea, Unit]]
    year: int
    rule: str | None


def _tell_all(
    workspace: Workspace,
    pairs: Sequence[tuple[ServiceArea, Unit]],
    year: int,
    rule: str | None,
    processes: int,
) -> Iterator[_Told]:
    """Yield what is told of each pair, in order."""
    work = _Work(workspace, pairs, year, rule)
    # groups of similar units are worked out once for each kind, before the others begin
    kinds = {unit.kind: place for place, (_, unit) in enumerate(pairs)}
    return map_forked(partial(_tell, work), len(pairs), processes, [*kinds.values()])


def _tell(work: _Work, place: int) -> _Told:
    """Return the rows of one unit in one area, or why there are none."""
    area, unit = work.pairs[place]
    try:
        assessment = load_assessment(work.workspace, area.id, unit, work.year, work.rule)
    except (NoDataError, GroupError) as error:
        return _Told([], [_left_out(area, unit, work.year, error)], [])
    return _Told(finding_rows(assessment), [], list_tests(assessment))


def _left_out(area: ServiceArea, unit: Unit, year: int, error: SmupError) -> dict[str, Any]:
    return {
        "unit_code": unit.code,
        "unit": unit.label,
        "area": area.id,
        "year": year,
        "reason": "; ".join([error.what, *error.problems]),
    }


def _gathered(
    told: Iterable[_Told],
    n_units: int,
    n_steps: int,
    on_progress: Callable[[int, int], None] | None,
) -> FoundTable:
    import pandas as pd

    rows: list[dict[str, Any]] = []
    left_out: list[dict[str, Any]] = []
    tests: list[ChanceTest] = []
    for done, one in enumerate(told, 1):
        rows += one.rows
        left_out += one.left_out
        tests += one.tests
        if on_progress is not None and (done % AT_ONCE == 0 or done == n_steps):
            on_progress(done, n_steps)
    together = weigh_together(tests)
    for row in rows:
        row["kept_in_batch"] = together.keeps(row)
    return FoundTable(
        pd.DataFrame(rows, columns=list(FINDING_COLUMNS)),
        pd.DataFrame(left_out, columns=list(LEFT_OUT_COLUMNS)),
        n_units,
        n_steps,
        together,
    )
