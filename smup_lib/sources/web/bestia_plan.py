"""Which budget returns are wanted, for which variables, and how long will asking take?"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from smup_lib.catalogue import Catalogue, Variable
from smup_lib.errors import ParameterError
from smup_lib.plurals import counted, spaced
from smup_lib.sources.web.asking import Desk, Question
from smup_lib.sources.web.bestia_questions import PAGE_SIZE, RETURNS, Return, ask_positions
from smup_lib.sources.web.bestia_units import BudgetUnit, choose_units
from smup_lib.sources.web.polite import said_duration
from smup_lib.years import format_years

#: Years that are asked for when nobody names them.
USUAL_YEARS = 3
_FIRST_YEAR = 2000
_SECONDS_A_CALL = 0.3
#: Pages that a return of a gmina has, roughly; a large city has more.
_PAGES = {"Rb-27S": 2, "Rb-28S": 4}
_PLANNED = ("pl", "p")
_CALLS = ("zapytanie", "zapytania", "zapytań")


@dataclass(frozen=True)
class BudgetChoice:
    """What the user wants; empty means everything, of years the last closed ones.

    Attributes
    ----------
    areas : tuple of str
        Areas of the catalogue whose indicators need the returns.
    units : tuple of str
        TERYT codes or names.
    years : tuple of int
    """

    areas: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    years: tuple[int, ...] = ()


@dataclass(frozen=True)
class ReturnGroup:
    """One kind of return of one year: it enters a snapshot when all its units have answered."""

    form: Return
    year: int
    questions: tuple[tuple[BudgetUnit, Question], ...]
    variables: tuple[Variable, ...]

    @property
    def name(self) -> str:
        """Return what messages and the quarantine call it."""
        return f"BeSTi@, {self.form.name}, {self.year} r."

    def is_whole(self, desk: Desk) -> bool:
        """Return whether every unit has answered."""
        return all(desk.has(question) for _, question in self.questions)


@dataclass(frozen=True)
class BudgetFigures:
    """How large a plan is.

    Attributes
    ----------
    returns : str
        Kinds and years, Polish.
    variables, units, questions, due : int
        Variables and units, questions in all, and those that are to be asked now.
    seconds : float
        Estimated time, with the waiting for the limit and with further pages.
    limits : str
        The limit in use, Polish.
    """

    returns: str
    variables: int
    units: int
    questions: int
    due: int
    seconds: float
    limits: str

    def render(self) -> str:
        """Return the plan as Polish text."""
        said = said_duration(self.seconds) if self.due else "bez czekania"
        return "\n".join(
            (
                f"Sprawozdania: {self.returns}. Jednostki: {spaced(self.units)},"
                f" zmienne: {self.variables}.",
                f"Do zadania: co najmniej {counted(self.due, _CALLS)} (dalsze strony osobno),"
                f" już pobrano: {spaced(self.questions - self.due)}.",
                f"Limit (własny, serwis żadnego nie ogłasza): {self.limits}.",
                f"Szacowany czas: {said}.",
            )
        )


def is_readable(variable: Variable) -> bool:
    """Return whether the returns of this service tell a variable.

    Rb-27ZZ is not served, only Rb-28S has groups of paragraphs, and plan and execution are never
    added.
    """
    position = variable.budget
    if position is None or position.report not in RETURNS:
        return False
    planned = {column in _PLANNED for column in position.columns}
    return len(planned) == 1 and (position.scope == "all" or position.report == "Rb-28S")


def choose_variables(catalogue: Catalogue, areas: Sequence[str]) -> list[Variable]:
    """Return the variables that the returns tell and the indicators of areas need.

    Raises
    ------
    IndicatorError, ParameterError
        When there is no such area, or nothing of it stands in the returns.
    """
    chosen = [catalogue.area(text) for text in areas]
    needed = {name for area in chosen for one in area.indicators for name in one.variables_read}
    needed |= {catalogue.variables[name].powiat_part or name for name in needed}
    found = [
        one
        for one in catalogue.variables.values()
        if is_readable(one) and (one.id in needed or not areas)
    ]
    if not found:
        raise ParameterError(
            f"Żaden wskaźnik nie potrzebuje tu sprawozdań budżetowych: {', '.join(areas)}.",
            where="--area",
            expected="obszar, którego wskaźniki mówią o dochodach albo wydatkach",
            next_step="bez opcji --area plan obejmie wszystkie obszary: dodaj --plan",
        )
    return found


def choose_years(years: Sequence[int], now: float) -> list[int]:
    """Return the years to ask for, newest first; only closed ones have yearly returns.

    Raises
    ------
    ParameterError
        When a year has not ended.
    """
    last = datetime.datetime.fromtimestamp(now, datetime.UTC).year - 1
    wrong = sorted(year for year in set(years) if not _FIRST_YEAR <= year <= last)
    if wrong:
        raise ParameterError(
            f"Nie ma sprawozdań rocznych za lata: {', '.join(map(str, wrong))}.",
            where="--years",
            expected=f"lata zamknięte, od {_FIRST_YEAR} do {last}",
            next_step="popraw lata albo pomiń tę opcję",
        )
    return sorted(set(years) or range(last - USUAL_YEARS + 1, last + 1), reverse=True)


def make_groups(
    catalogue: Catalogue,
    units: Sequence[BudgetUnit],
    choice: BudgetChoice,
    now: float,
    size: int = PAGE_SIZE,
) -> list[ReturnGroup]:
    """Return what is to be asked, newest years first.

    Raises
    ------
    SmupError
        When the choice names what does not exist.
    """
    by_form: dict[str, list[Variable]] = defaultdict(list)
    for variable in choose_variables(catalogue, choice.areas):
        if variable.budget is not None:
            by_form[variable.budget.report].append(variable)
    chosen = choose_units(units, choice.units)
    return [
        ReturnGroup(
            RETURNS[report],
            year,
            tuple(
                (unit, ask_positions(RETURNS[report], unit.id, unit.name, year, now, size))
                for unit in chosen
            ),
            tuple(variables),
        )
        for year in choose_years(choice.years, now)
        for report, variables in sorted(by_form.items())
    ]


def figure_groups(groups: Sequence[ReturnGroup], desk: Desk) -> BudgetFigures:
    """Return how large a plan is."""
    due = {
        group.name: sum(desk.is_due(question) for _, question in group.questions)
        for group in groups
    }
    pages = sum(due[group.name] * _PAGES.get(group.form.name, 1) for group in groups)
    quota = desk.client.quota
    windows = ", ".join(
        f"{window.calls} w {said_duration(window.seconds)}" for window in quota.windows
    )
    return BudgetFigures(
        returns=f"{_listed({group.form.name for group in groups})}"
        f" za {format_years(group.year for group in groups)}",
        variables=len({one.id for group in groups for one in group.variables}),
        units=max((len(group.questions) for group in groups), default=0),
        questions=sum(len(group.questions) for group in groups),
        due=sum(due.values()),
        seconds=quota.estimate_seconds(pages, _SECONDS_A_CALL),
        limits=windows,
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
