"""Do the parameters agree with each other and with the data? Asked before a kernel starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from smup_lib.catalogue import ServiceArea
from smup_lib.errors import NoDataError, ParameterError, SmupError
from smup_lib.reports.loading import Workspace
from smup_lib.reports.parameters import Parameter, list_problems
from smup_lib.units import Unit, find_unit
from smup_lib.years import format_years

#: Levels at which a unit can be compared.
_LEVELS = ("gmina", "powiat")
_LEVEL_WORDS = {
    "gmina": "gmin",
    "powiat": "powiatów",
    "voivodeship": "województw",
    "country": "kraju",
}


@dataclass(frozen=True)
class CheckedParameters:
    """Parameters that a notebook may be run with.

    Attributes
    ----------
    values : mapping of str to object
        As given, with the unit told by its code.
    unit : Unit or None
        The unit; None for a notebook without one.
    year : int or None
        The year.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    unit: Unit | None = None
    year: int | None = None


def check_run(
    parameters: Sequence[Parameter],
    given: Mapping[str, Any],
    workspace: Workspace,
    area: ServiceArea | None,
    *,
    level: str | None = None,
    where: str | None = None,
) -> CheckedParameters:
    """Check everything that can be known without running the notebook.

    Parameters
    ----------
    parameters : sequence of Parameter
        What the notebook takes.
    given : mapping of str to object
        Values by name. ``unit, unit_name, year, group, area`` are held against the data; others
        only against their types.
    workspace : Workspace
        Snapshot, catalogue and register.
    area : ServiceArea or None
        The area of the notebook; None for a notebook about the whole unit.
    level : str, optional
        Level at which to look for the unit.
    where : str, optional
        The notebook, for the message.

    Raises
    ------
    ParameterError
        With every problem at once.
    UnitError, NoDataError, GroupError
        When this is the only problem.
    """
    problems = list_problems(parameters, given)
    known = {parameter.name: parameter for parameter in parameters}
    sound = {
        name: value
        for name, value in given.items()
        if name in known and known[name].accepts(value) and value not in (None, "")
    }
    checks = _DataChecks(workspace, area, level)
    unit = checks.run(sound)
    if problems or len(checks.errors) > 1:
        raise ParameterError(
            "Parametry nie pasują do notatnika albo do danych.",
            where=where,
            problems=[*problems, *(_one_line(error) for error in checks.errors)],
            expected="; ".join(f"{p.name} ({p.type_words})" for p in parameters),
        )
    if checks.errors:
        raise checks.errors[0]
    values = {name: given[name] for name in known if name in given}
    if unit is not None:
        values["unit"] = unit.code
    return CheckedParameters(values, unit, values.get("year"))


class _DataChecks:
    """Holds parameters against the data and gathers what does not agree."""

    def __init__(self, workspace: Workspace, area: ServiceArea | None, level: str | None) -> None:
        self.workspace = workspace
        self.area = area
        self.level = level
        self.errors: list[SmupError] = []

    def run(self, given: Mapping[str, Any]) -> Unit | None:
        """Check what is there and return the unit when it is told."""
        if "area" in given:
            self.area = self._try(lambda: self.workspace.catalogue.area(str(given["area"])))
        year = given.get("year")
        if year is not None and not self._try(lambda: self._check_year(int(year))):
            year = None
        if "unit" not in given:
            return None
        unit: Unit | None = self._try(lambda: self._unit(str(given["unit"]), year))
        if unit is None:
            return None
        if "unit_name" in given:
            text = f"{unit.code} {given['unit_name']}"
            self._try(lambda: find_unit(self.workspace.register, text, year=year))
        if self._try(lambda: self._check_level(unit)) and "group" in given and year is not None:
            self._try(lambda: self._check_group(str(given["group"]), unit, int(year)))
        return unit

    def _try(self, check: Any) -> Any:
        try:
            return check()
        except SmupError as error:
            self.errors.append(error)
            return None

    def _unit(self, text: str, year: int | None) -> Unit:
        return self.workspace.unit(text, level=self.level, year=year)

    def _check_year(self, year: int) -> bool:
        years = self._years()
        if year in years:
            return True
        about = f" obszaru „{self.area.name}”" if self.area else ""
        raise NoDataError(
            f"Nie ma danych{about} za {year} r.",
            where="parametr year",
            expected=f"rok z danymi: {format_years(sorted(years)) or 'żaden'}",
            next_step="wybierz rok z danymi albo wczytaj brakujące pliki: smup data import",
        )

    def _years(self) -> set[int]:
        """Years of the area's variables; of all data when the area has none at all."""
        records = self.workspace.snapshot.manifest.sources.values()
        wanted = {
            name
            for indicator in (self.area.indicators if self.area else ())
            for name in indicator.inputs.variables
        }
        own = {year for r in records if wanted & set(r.variables) for year in r.years}
        return own or {year for record in records for year in record.years}

    def _check_level(self, unit: Unit) -> bool:
        levels = {level for i in (self.area.indicators if self.area else ()) for level in i.levels}
        if unit.level in (levels & set(_LEVELS) if self.area else _LEVELS):
            return True
        about = f"Obszar „{self.area.name}” nie obejmuje" if self.area else "Raport nie obejmuje"
        raise ParameterError(
            f"{about} szczebla {_LEVEL_WORDS[unit.level]}, a {unit.label} to ten szczebel.",
            where="parametr unit",
            expected=f"jednostka ze szczebla: {', '.join(sorted(levels or _LEVELS))}",
        )

    def _check_group(self, rule: str, unit: Unit, year: int) -> None:
        areas = self.workspace.catalogue.areas
        area = self.area or next(iter(areas.values()))
        self.workspace.group(rule, unit, year, area)


def _one_line(error: SmupError) -> str:
    more = f" ({'; '.join(error.problems)})" if error.problems else ""
    expected = f"; oczekiwano: {error.expected}" if error.expected else ""
    return f"{error.what.rstrip('.')}{more}{expected}"
