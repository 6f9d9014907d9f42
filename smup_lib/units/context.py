"""Read the circumstances of units (population and other context variables) for grouping."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from smup_lib.catalogue.history import other_code_of
from smup_lib.flags import NUMBER_FLAGS

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Catalogue

#: A variable is used when at least this share of the candidates has it ...
COVERAGE = 0.95
#: ... in the year asked for or, failing that, in the nearest year at most so far away; the earlier
#: of two equally near. Circumstances change slowly, and the year used is always told.
YEARS_AWAY = 10
POPULATION = "population"


class ContextSource(Protocol):
    """What is needed of a snapshot."""

    @property
    def id(self) -> str:
        """Return the identifier of the content."""

    def table(self, name: str) -> pd.DataFrame:
        """Return a table by name."""

    def observations(
        self,
        variables: Iterable[str] | None = None,
        unit_codes: Iterable[str] | None = None,
        years: Iterable[int] | None = None,
        level: str | None = None,
    ) -> pd.DataFrame:
        """Return observations, only those asked for."""


@dataclass(frozen=True)
class ContextTable:
    """Context variables of the candidates of one group.

    Attributes
    ----------
    values : DataFrame
        Index: unit code; a column per variable that is covered well enough.
    years : dict
        Year of each variable in ``values``.
    labels : dict
        Polish label of each variable asked for.
    dropped : dict
        Variables not used and the Polish reason.
    """

    values: pd.DataFrame
    years: dict[str, int]
    labels: dict[str, str]
    dropped: dict[str, str]


_KEPT = 16
_FRAMES: OrderedDict[tuple[str, tuple[str, ...], str, int, bool], pd.DataFrame] = OrderedDict()
_Told: TypeAlias = "tuple[pd.DataFrame, dict[str, int], dict[str, str]]"
_KEPT_TABLES = 128
_TABLES: OrderedDict[tuple[str, tuple[str, ...], str, int, tuple[str, ...]], _Told] = OrderedDict()


def load_context(
    snapshot: ContextSource,
    catalogue: Catalogue,
    variables: Sequence[str],
    level: str,
    year: int,
    candidates: Sequence[str],
) -> ContextTable:
    """Load context variables that at least 95 % of the candidates have.

    Each variable is taken from the year asked for or, when too few candidates have it then, from
    the nearest year; the year used is part of the result. A city with powiat rights is the same
    city on both levels, so a value missing on one is taken from the other.

    Parameters
    ----------
    snapshot : Snapshot
        Where the observations are.
    catalogue : Catalogue
        Labels of variables and the precedence of sources.
    variables : sequence of str
        Names in the vocabulary of variables.
    level, year : str, int
        Level and year of the comparison.
    candidates : sequence of str
        Codes among which coverage is counted.
    """
    key = (snapshot.id, tuple(variables), level, year, tuple(candidates))
    if key not in _TABLES:
        _TABLES[key] = _tell_context(snapshot, catalogue, variables, level, year, candidates)
        while len(_TABLES) > _KEPT_TABLES:
            _TABLES.popitem(last=False)
    values, years, dropped = _TABLES[key]
    labels = {name: catalogue.variable(name).label for name in variables}
    return ContextTable(values, years, labels, dropped)


def _tell_context(
    snapshot: ContextSource,
    catalogue: Catalogue,
    variables: Sequence[str],
    level: str,
    year: int,
    candidates: Sequence[str],
) -> _Told:
    """Return values, the year of each variable, and the variables that are not used."""
    import pandas as pd

    listed = list(candidates)
    observed = _observed(snapshot, catalogue, tuple(variables), level, year, listed)
    columns: dict[str, pd.Series[float]] = {}
    years: dict[str, int] = {}
    dropped: dict[str, str] = {}
    for name in variables:
        table = observed[observed["variable"] == name].pivot(
            index="unit_code", columns="year", values="value"
        )
        covered = table.reindex(listed).notna().mean().to_dict() if listed else {}
        shares = {int(str(told)): float(share) for told, share in covered.items() if share > 0}
        fitting = [told for told, share in shares.items() if share >= COVERAGE]
        if fitting:
            chosen = min(fitting, key=lambda told: (abs(told - year), told))
            columns[name], years[name] = table[chosen].reindex(listed), chosen
        elif shares:
            best = 100 * max(shares.values())
            dropped[name] = f"wartość ma {best:.0f}% jednostek, a trzeba {100 * COVERAGE:.0f}%"
        else:
            dropped[name] = "brak danych"
    return pd.DataFrame(columns, index=pd.Index(listed, name="unit_code")), years, dropped


def _observed(
    snapshot: ContextSource,
    catalogue: Catalogue,
    variables: tuple[str, ...],
    level: str,
    year: int,
    candidates: Sequence[str],
) -> pd.DataFrame:
    """Return one number per unit, variable and year, by the precedence of sources; kept warm."""
    twins = [twin for code in candidates if (twin := other_code_of(code))]
    key = (snapshot.id, variables, level, year, bool(twins))
    frame = _FRAMES.get(key)
    if frame is None:
        import pandas as pd

        years = range(year - YEARS_AWAY, year + YEARS_AWAY + 1)
        rows = snapshot.observations(variables=variables, years=years, level=level)
        rows = rows.assign(_twin=False)
        if twins:
            others = snapshot.observations(variables=variables, years=years, unit_codes=twins)
            others = others.assign(unit_code=others["unit_code"].map(other_code_of), _twin=True)
            rows = pd.concat([rows, others], ignore_index=True)
        numbers = rows[rows["flag"].isin(NUMBER_FLAGS)]
        order = {source: catalogue.precedence(source) for source in numbers["source"].unique()}
        ranked = numbers.assign(_order=numbers["source"].map(order).astype("int64"))
        ranked = ranked.sort_values(["_twin", "_order", "source"], kind="stable")
        frame = ranked.drop_duplicates(["unit_code", "variable", "year"])
        frame = frame[["unit_code", "variable", "year", "value"]]
        _FRAMES[key] = frame
        while len(_FRAMES) > _KEPT:
            _FRAMES.popitem(last=False)
    return frame
