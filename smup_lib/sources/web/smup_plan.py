"""What of SMUP is wanted, in which order is it asked for, and how long will that take?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from smup_lib.errors import ParameterError, did_you_mean
from smup_lib.plurals import counted
from smup_lib.polish_text import plain_text
from smup_lib.sources.web.asking import Desk, Question
from smup_lib.sources.web.polite import said_duration
from smup_lib.sources.web.smup_dictionaries import Dictionaries, PublishedIndicator
from smup_lib.sources.web.smup_questions import (
    PAGE_SIZE,
    ask_card,
    ask_indicators_of,
    ask_values,
    ask_variables,
)
from smup_lib.sources.web.smup_values import Asked

#: A typical answer takes so long, as third-party clients measured.
SECONDS_A_CALL = 0.3
_CALLS = ("zapytanie", "zapytania", "zapytań")
_SHOWN = 5


@dataclass(frozen=True)
class Choice:
    """What the user wants; empty means everything.

    Attributes
    ----------
    areas, indicators : tuple of str
        Numbers or names in SMUP's own lists; ``smup_16`` is the indicator 16.
    years : tuple of int
    level : str or None
        ``gmina``, ``powiat`` or ``voivodeship``: only rows of that level are taken. One answer
        has all levels, so this saves no calls.
    """

    areas: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    level: str | None = None


@dataclass(frozen=True)
class Group:
    """Ids of one name, service and dimension: one variable, when their units do not overlap."""

    ids: tuple[int, ...]
    cards: tuple[Question, ...]
    values: tuple[tuple[Asked, Question], ...]

    @property
    def questions(self) -> list[Question]:
        """Return everything that must be answered before the group may enter a snapshot."""
        # cards last: an indicator that vanishes while its values are asked for has none
        return [*(question for _, question in self.values), *self.cards]


@dataclass(frozen=True)
class Plan:
    """What a synchronisation will ask.

    Attributes
    ----------
    definitions : tuple of (kind, id, question)
        Cards of areas and services.
    lists : tuple of Question
        Answers that are only kept: indicators of each service, variables.
    groups : tuple of Group
        In the order in which they are asked.
    """

    definitions: tuple[tuple[str, int, Question], ...]
    lists: tuple[Question, ...]
    groups: tuple[Group, ...]

    @property
    def questions(self) -> list[Question]:
        """Return all questions in order; groups one after another, so that most are complete."""
        return [
            *(question for _, _, question in self.definitions),
            *self.lists,
            *(question for group in self.groups for question in group.questions),
        ]


@dataclass(frozen=True)
class PlanFigures:
    """How large a plan is.

    Attributes
    ----------
    indicators, questions, due : int
        Ids, questions in all, and those that are to be asked now.
    seconds : float
        Estimated time, with the waiting for the limit.
    key : bool
        Whether a key is in use.
    limits : str
        The limit in use, Polish.
    """

    indicators: int
    questions: int
    due: int
    seconds: float
    key: bool
    limits: str

    def render(self) -> str:
        """Return the plan as Polish text."""
        held = self.questions - self.due
        said = "z kluczem" if self.key else "bez klucza"
        return "\n".join(
            (
                f"Wskaźniki: {self.indicators}. Do zadania: {counted(self.due, _CALLS)},"
                f" już pobrano: {held}.",
                f"Limit ({said}): {self.limits}.",
                f"Szacowany czas: {said_duration(self.seconds) if self.due else 'bez czekania'}.",
            )
        )


def make_plan(
    dictionaries: Dictionaries, choice: Choice, now: float, size: int = PAGE_SIZE
) -> Plan:
    """Return what is to be asked for a choice: newest years first within each indicator.

    Raises
    ------
    ParameterError
        When the choice names what SMUP does not have; all of it at once.
    """
    chosen = _chosen(dictionaries, choice)
    years = dictionaries.years
    wanted = set(choice.years) or set(years.values())
    unknown = sorted(wanted - set(years.values()))
    if unknown:
        raise ParameterError(
            f"SMUP nie ma lat: {', '.join(map(str, unknown))}.",
            where="--years",
            expected=", ".join(map(str, sorted(set(years.values())))),
            next_step="popraw lata albo pomiń tę opcję",
        )
    dates = sorted((date for date, year in years.items() if year in wanted), reverse=True)
    services = sorted({one.service for one in chosen if one.service in dictionaries.services})
    areas = sorted({dictionaries.services[service][0] for service in services})
    return Plan(
        definitions=(
            *(("area", area, ask_card("area", area)) for area in areas),
            *(("service", service, ask_card("service", service)) for service in services),
        ),
        lists=(ask_variables(size), *map(ask_indicators_of, services)),
        groups=tuple(
            Group(
                ids,
                tuple(ask_card("indicator", one) for one in ids),
                tuple(
                    (Asked(one, date, years[date]), ask_values(one, date, years[date], now, size))
                    for one in ids
                    for date in dates
                ),
            )
            for ids in _grouped(chosen)
        ),
    )


def figure_plan(plan: Plan, desk: Desk) -> PlanFigures:
    """Return how large a plan is: a question counts as one call, further pages are not known."""
    due = sum(map(desk.is_due, plan.questions))
    quota = desk.client.quota
    windows = ", ".join(
        f"{window.calls} w {said_duration(window.seconds)}" for window in quota.windows
    )
    return PlanFigures(
        indicators=sum(len(group.ids) for group in plan.groups),
        questions=len(plan.questions),
        due=due,
        seconds=quota.estimate_seconds(due, SECONDS_A_CALL),
        key=desk.client.has_key,
        limits=windows,
    )


def _grouped(chosen: Iterable[PublishedIndicator]) -> list[tuple[int, ...]]:
    """Return ids of one name, service and dimension together; their numbers say nothing."""
    groups: dict[tuple[str, int, str], list[int]] = defaultdict(list)
    for one in chosen:
        groups[_identity(one)].append(one.id)
    return [tuple(sorted(ids)) for ids in groups.values()]


def _identity(one: PublishedIndicator) -> tuple[str, int, str]:
    return plain_text(one.name), one.service, plain_text(one.dimension)


def _chosen(dictionaries: Dictionaries, choice: Choice) -> list[PublishedIndicator]:
    """Return the indicators of a choice, each with those that share its name."""
    problems: list[str] = []
    areas = {_found(text, dictionaries.areas, "obszaru", problems) for text in choice.areas}
    names = {one.id: one.name for one in dictionaries.indicators.values()}
    ids = {n for text in choice.indicators for n in _found_indicators(text, names, problems)}
    if problems:
        raise ParameterError(
            "SMUP nie ma tego, o co pytasz.",
            problems=problems,
            expected="numer albo nazwa z list SMUP",
            next_step="bez opcji --area i --indicator plan obejmie wszystko: dodaj --plan",
        )
    of_area = {one for one, (area, _) in dictionaries.services.items() if area in areas}
    everything = [
        one
        for one in dictionaries.indicators.values()
        if one.service in of_area or not choice.areas
    ]
    wanted = {_identity(one) for one in everything if one.id in ids or not choice.indicators}
    return [one for one in everything if _identity(one) in wanted]


def _found(text: str, names: Mapping[int, str], what: str, problems: list[str]) -> int:
    if text.isdigit() and int(text) in names:
        return int(text)
    wanted = plain_text(text)
    found = [number for number, name in names.items() if plain_text(name).startswith(wanted)]
    if len(found) == 1 and wanted:
        return found[0]
    hint = "pasuje kilka nazw" if found else did_you_mean(text, names.values())
    problems.append(f"nie ma {what} „{text}” {hint}".strip())
    return 0


def _found_indicators(text: str, names: Mapping[int, str], problems: list[str]) -> Sequence[int]:
    """Return the ids of a number or a whole name; several ids may bear one name."""
    number = text.removeprefix("smup_")
    if number.isdigit() and int(number) in names:
        return [int(number)]
    wanted = plain_text(text)
    found = [one for one, name in names.items() if plain_text(name) == wanted]
    if not found:
        problems.append(f"nie ma wskaźnika „{text}” {did_you_mean(text, names.values())}".strip())
    return found


def read_years(text: str | None) -> tuple[int, ...]:
    """Read years: ``2020``, ``2018-2020``, ``2015,2018-2020``.

    Raises
    ------
    ParameterError
        When the text is no list of years.

    Examples
    --------
    >>> read_years("2015,2018-2020"), read_years(None)
    ((2015, 2018, 2019, 2020), ())
    """
    years: set[int] = set()
    for part in (text or "").replace("–", "-").split(","):
        first, dash, last = part.strip().partition("-")
        last = last if dash else first
        if not part.strip() and text is None:
            continue
        if not (first.isdigit() and last.isdigit()) or int(first) > int(last):
            raise ParameterError(
                f"„{text}” to nie lata.",
                where="--years",
                expected="rok, zakres albo lista: 2020, 2018-2020, 2015,2018-2020",
                next_step="popraw lata",
            )
        years.update(range(int(first), int(last) + 1))
    return tuple(sorted(years))
