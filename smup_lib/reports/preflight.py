"""Do the parameters agree with each other and with the data? Asked before a kernel starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from smup_lib.catalogue import Indicator, ServiceArea
from smup_lib.catalogue.vocabulary import CONTEXT
from smup_lib.errors import ParameterError
from smup_lib.problems import Problems
from smup_lib.reports.indicator import unit_with
from smup_lib.reports.known_years import check_snapshot_year, check_year, list_snapshot_years
from smup_lib.reports.loading import NEXT_TO_EMPTY, Workspace, choose_group, levels_of
from smup_lib.reports.parameters import Parameter, list_problems
from smup_lib.reports.plans import check_plan_fits
from smup_lib.reports.units import find_chosen
from smup_lib.teryt import LEVEL_ACCUSATIVE, LEVELS, write_levels
from smup_lib.units import PeerGroup, Unit


@dataclass(frozen=True)
class CheckedParameters:
    """Parameters that a notebook may be run with.

    Attributes
    ----------
    values : mapping of str to object
        As given, with the unit told by its code and the group, also the usual one, by its rule.
    unit : Unit or None
        The unit; None for a notebook without one.
    year : int or None
        The year.
    group : PeerGroup or None
        The comparison group; None when only the notebook itself knows.
    area : ServiceArea or None
        What it is about; None for the whole unit.
    usual_group : bool
        Whether it is the group that the report has when none is asked for.
    has_values : bool
        Whether the data hold any value of the unit in the area, in whichever year.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    unit: Unit | None = None
    year: int | None = None
    group: PeerGroup | None = None
    area: ServiceArea | None = None
    usual_group: bool = True
    has_values: bool = True


def check_run(
    parameters: Sequence[Parameter],
    given: Mapping[str, Any],
    workspace: Workspace,
    area: ServiceArea | None,
    *,
    level: str | None = None,
    where: str | None = None,
    usual_area: ServiceArea | None = None,
) -> CheckedParameters:
    """Check everything that can be known without running the notebook.

    Parameters
    ----------
    parameters : sequence of Parameter
        What the notebook takes.
    given : mapping of str to object
        Values by name. ``unit, unit_name, year, group, area, indicator, others, plan`` are held
        against the data; the rest only against their types.
    workspace : Workspace
        Snapshot, catalogue and register.
    area : ServiceArea or None
        The area of the notebook; None for a notebook about the whole unit.
    level : str, optional
        Level at which to look for the unit.
    where : str, optional
        The notebook, for the message.
    usual_area : ServiceArea, optional
        Whose rule chooses the group of a notebook about the whole unit.

    Raises
    ------
    ParameterError
        With every problem at once.
    UnitError, NoDataError, GroupError
        When this is the only problem.
    """
    known = {parameter.name: parameter for parameter in parameters}
    sound = {
        name: value
        for name, value in given.items()
        if name in known and known[name].accepts(value) and value not in (None, "")
    }
    checks = _DataChecks(workspace, level, area, _told_area(parameters, sound, area))
    checks.problems.lines += list_problems(parameters, given)
    if "indicator" in known:
        checks.told_indicator(str(sound.get("indicator", known["indicator"].default)))
    unit = checks.run(sound)
    group, usual = None, True
    if "group" in known:
        default = known["group"].default
        rule = sound.get("group") if "group" in given else default
        group, usual = checks.group(rule, default, unit, sound.get("year"), usual_area)
    checks.problems.raise_found(
        "Parametry nie pasują do notatnika albo do danych.",
        where=where,
        expected="; ".join(f"{p.name} ({p.type_words})" for p in parameters),
    )
    values = {name: given[name] for name in known if name in given}
    if unit is not None:
        values["unit"] = unit.code
    if "others" in sound:
        values["others"] = checks.others
    if group is not None:
        values["group"] = group.key
    year = values.get("year")
    return CheckedParameters(values, unit, year, group, checks.area, usual, checks.has_values)


class _DataChecks:
    """Holds parameters against the data and gathers what does not agree."""

    def __init__(
        self, workspace: Workspace, level: str | None, area: ServiceArea | None, told: str | None
    ) -> None:
        self.workspace = workspace
        self.level = level
        self.problems = Problems()
        self.has_values = True
        self.area = area
        self.indicator: Indicator | None = None
        self.others: list[str] = []
        if told is not None:
            self.area = self.problems.attempt(lambda: workspace.catalogue.area(told))

    def told_indicator(self, indicator_id: str) -> None:
        """Take the indicator that the whole notebook is about, and with it the area."""
        catalogue = self.workspace.catalogue
        self.indicator = self.problems.attempt(lambda: catalogue.indicator(indicator_id))
        if self.indicator is not None:
            self.area = catalogue.areas[self.indicator.area]

    def _check_others(self, texts: Sequence[str], unit: Unit, year: int | None) -> None:
        """Find the units to put beside the first."""
        area = self.area
        if area is not None:
            names = [unit.code, *texts]
            found = self.problems.attempt(
                lambda: find_chosen(self.workspace, area, names, self.level, year)
            )
            self.others = [one.code for one in found[1:]] if found else []

    def _check_plan(self, text: str, unit: Unit, year: int | None) -> None:
        """Check that an improvement plan is sound, about unit and area, and begun by the year."""
        area = self.area
        if area is not None:
            self.problems.attempt(lambda: check_plan_fits(text, unit, area.id, year))

    def run(self, given: Mapping[str, Any]) -> Unit | None:
        """Check unit and year and return the unit when it is told and can be compared."""
        year = given.get("year")
        dated = year if year in list_snapshot_years(self.workspace, self.area) else None
        unit = self._told_unit(given, dated) if "unit" in given else None
        if unit is not None and not self.problems.attempt(lambda: self._check_level(unit)):
            return None
        if year is not None:
            found = self.problems.attempt(lambda: self._check_year(unit, int(year)))
            self.has_values = found is not False
        if unit is not None and "others" in given:
            self._check_others(given["others"], unit, dated)
        if unit is not None and "plan" in given:
            self._check_plan(given["plan"], unit, dated)
        return unit

    def _told_unit(self, given: Mapping[str, Any], year: int | None) -> Unit | None:
        text, entry = str(given["unit"]), self.indicator
        unit = self.problems.attempt(
            lambda: (
                self.workspace.unit_in(self.area, text, self.level, year, clearly=NEXT_TO_EMPTY)
                if entry is None
                else unit_with(self.workspace, entry, text, self.level, year)
            )
        )
        if unit is not None and "unit_name" in given:
            named = f"{unit.code} {given['unit_name']}"
            self.problems.attempt(lambda: self.workspace.unit(named, year=year))
        return unit

    def group(
        self,
        rule: str | None,
        default: str | None,
        unit: Unit | None,
        year: int | None,
        usual_area: ServiceArea | None,
    ) -> tuple[PeerGroup | None, bool]:
        """Build the group of a rule (None: the usual one); tell whether ``default`` means the same.

        Without a unit, a year or an area nobody knows which group the usual one is.
        """
        area = self.area or usual_area
        if area is None and rule is not None:
            area = self.workspace.catalogue.areas[CONTEXT]
        if area is None or unit is None or year is None:
            return None, rule == default

        def choose(text: str | None) -> PeerGroup:
            return choose_group(self.workspace, text, unit, year, area)

        group = self.problems.attempt(lambda: choose(rule))
        if group is None or rule == default:
            return group, rule == default
        usual = Problems().attempt(lambda: choose(default))
        return group, usual is not None and usual.key == group.key

    def _check_year(self, unit: Unit | None, year: int) -> bool:
        """Check a year and tell whether the unit has values; without a unit that is not known."""
        if unit is not None:
            return check_year(self.workspace, self.area, unit, year)
        check_snapshot_year(self.workspace, self.area, year)
        return True

    def _check_level(self, unit: Unit) -> bool:
        levels = levels_of(self.area)
        if unit.level in levels:
            return True
        wanted = " albo ".join(LEVEL_ACCUSATIVE[one] for one in LEVELS if one in levels)
        about = f"Obszar „{self.area.name}” nie obejmuje" if self.area else "Raport nie obejmuje"
        raise ParameterError(
            f"{about} szczebla {write_levels([unit.level])}, a {unit.label} to ten szczebel.",
            where="parametr unit",
            expected=f"jednostka ze szczebla {write_levels(levels, 'albo')}",
            next_step=f"podaj {wanted}; jednostki wypisze: smup unit list",
        )


def _told_area(
    parameters: Sequence[Parameter], given: Mapping[str, Any], area: ServiceArea | None
) -> str | None:
    """Return the area that the parameters name; their default speaks where no other area is."""
    if "area" in given or area is not None:
        return given.get("area")
    return next((str(p.default) for p in parameters if p.name == "area" and p.default), None)
