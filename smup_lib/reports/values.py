"""Which rows answer an analyst's question? Never an empty frame in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar, cast

from smup_lib.errors import NoDataError
from smup_lib.indicators import compute_values
from smup_lib.problems import Problems
from smup_lib.reports.emptiness import list_remedies
from smup_lib.reports.known_years import list_snapshot_years
from smup_lib.reports.loading import Workspace
from smup_lib.teryt import level_of, write_levels
from smup_lib.years import format_years

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator, Level, Variable

T = TypeVar("T")
Codes: TypeAlias = "list[str] | None"
Years: TypeAlias = "Iterable[int] | None"


def load_values(
    workspace: Workspace,
    indicators: Iterable[str],
    level: str,
    unit_codes: Iterable[str] | None = None,
    years: Iterable[int] | None = None,
) -> pd.DataFrame:
    """Compute indicators for an analyst; see :func:`smup_lib.compute_indicators`.

    Raises
    ------
    IndicatorError, UnitError, ParameterError
        With every unknown indicator and unit.
    NoDataError
        When nothing answers; the message names the years there are.
    """

    def compute(entries: Sequence[Indicator], codes: Codes, years: Years) -> pd.DataFrame:
        import pandas as pd

        asked = (workspace.snapshot, workspace.catalogue, cast("Level", level), codes, years)
        found = [compute_values([i for i in entries if not i.looks_back], *asked)]
        back = [i for i in entries if i.looks_back]
        if back:
            # a look back in time is only true within the same borders
            newest = max(years or list_snapshot_years(workspace))
            found.append(compute_values(back, *asked, register=workspace.register, as_of=newest))
        return pd.concat([part for part in found if len(part)] or found, ignore_index=True)

    named = _Named(
        indicators,
        workspace.catalogue.indicator,
        "wskaźniki",
        "wartości tych wskaźników",
        lambda one: map(workspace.catalogue.variable, one.inputs.variables),
    )
    return _load_named(workspace, named, compute, level, unit_codes, years)


def load_inputs(
    workspace: Workspace,
    variables: Iterable[str],
    level: str,
    unit_codes: Iterable[str] | None = None,
    years: Iterable[int] | None = None,
) -> pd.DataFrame:
    """Read observations for an analyst; see :func:`smup_lib.load_observations`.

    Raises
    ------
    CatalogueError, UnitError, ParameterError
        With every unknown variable and unit.
    NoDataError
        When nothing answers; the message names the years there are.
    """

    def read(entries: Sequence[Variable], codes: Codes, years: Years) -> pd.DataFrame:
        return workspace.snapshot.observations([one.id for one in entries], codes, years, level)

    named = _Named(
        variables,
        workspace.catalogue.variable,
        "zmienne",
        "obserwacji tych zmiennych",
        lambda one: [one],
    )
    return _load_named(workspace, named, read, level, unit_codes, years)


@dataclass(frozen=True)
class _Named(Generic[T]):
    """What is asked for by name: how it is found, Polish words, and what it is made of."""

    names: Iterable[str]
    find: Callable[[str], T]
    sort: str
    rows: str
    inputs: Callable[[T], Iterable[Variable]]


def _load_named(
    workspace: Workspace,
    named: _Named[T],
    ask: Callable[[Sequence[T], Codes, Years], pd.DataFrame],
    level: str,
    unit_codes: Iterable[str] | None,
    years: Iterable[int] | None,
) -> pd.DataFrame:
    """Return the rows for names, units and years, or raise with every mistake among them."""
    problems = Problems()
    entries = _each(named.names, named.find, problems)
    codes = _codes(workspace, unit_codes, level, problems)
    problems.raise_found(f"Nie wiadomo, o jakie {named.sort} lub jednostki chodzi.")
    inputs = [variable for one in entries for variable in named.inputs(one)]
    return _answer(partial(ask, entries, codes), named.rows, inputs, level, years)


def _each(names: Iterable[str], find: Callable[[str], T], problems: Problems) -> Sequence[T]:
    found = [problems.attempt(partial(find, name)) for name in dict.fromkeys(names)]
    return [entry for entry in found if entry is not None]


def _codes(
    workspace: Workspace, units: Iterable[str] | None, level: str, problems: Problems
) -> list[str] | None:
    """Return the codes that codes and names mean at a level; those of former units pass."""
    if units is None:
        return None
    timelines = workspace.register.timelines

    def find(text: str) -> str:
        former = text in timelines and level_of(text) == level
        return text if former else workspace.unit(text, level=level).code

    return list(_each(units, find, problems))


def _answer(
    ask: Callable[[Years], pd.DataFrame],
    what: str,
    inputs: Sequence[Variable],
    level: str,
    years: Iterable[int] | None,
) -> pd.DataFrame:
    """Return the rows, or raise with the years in which there are any."""
    wanted = None if years is None else list(years)
    rows = ask(wanted)
    if not rows.empty:
        return rows
    known = [] if wanted is None else ask(None)["year"].unique().tolist()
    about = f" za {format_years(wanted)} r." if wanted and known else ""
    raise NoDataError(
        f"Nie ma {what} na szczeblu {write_levels([level])}{about or '.'}",
        expected=f"lata z danymi: {format_years(map(int, known)) or 'żadne'}",
        next_step="; ".join(["zmień lata, jednostki albo szczebel", *list_remedies(inputs, level)]),
    )
