"""What was told before, and is missing in a newer answer on the same thing?

Nothing is taken away for it: a value may have been withdrawn, or a file may be a selection. So it
stays, and is counted and named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from smup_lib.plurals import VALUE_NOUN, counted
from smup_lib.sources.bdl_table import ABSENT
from smup_lib.teryt import level_of

if TYPE_CHECKING:
    import pandas as pd

_EXAMPLES, _SHOWN = 3, 8


@dataclass(frozen=True)
class Scope:
    """What a source was asked for, or tells of: it should tell all that was told there before.

    Attributes
    ----------
    dataset, variable : str
    years : frozenset of int
    level : str or None
        Only units of this level; None for all.
    units : frozenset of str or None
        Only these units; None for all.
    """

    dataset: str
    variable: str
    years: frozenset[int]
    level: str | None = None
    units: frozenset[str] | None = None


@dataclass
class Untold:
    """Values that a newer answer no longer has.

    Attributes
    ----------
    values : Counter
        (data set, variable) -> how many.
    examples : dict
        The same -> some cells, Polish.
    """

    values: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def look(
        self,
        unmet: pd.DataFrame,
        scopes: Iterable[Scope],
        held: Collection[tuple[str, int]] = (),
    ) -> None:
        """Note which old rows that no new row met lie within the scopes.

        Parameters
        ----------
        unmet : DataFrame
            Columns of the observation contract.
        scopes : iterable of Scope
        held : collection of (str, int)
            Units and years of which something was told that waits in quarantine.
        """
        if unmet.empty:
            return
        rows = unmet[~unmet["flag"].isin(ABSENT).to_numpy()]
        places = rows.groupby("variable", observed=True).indices
        for scope in scopes:
            mine = rows.iloc[places.get(scope.variable, [])]
            mine = mine[mine["year"].isin(scope.years) & _of_dataset(mine, scope.dataset)]
            codes = mine["unit_code"].astype("str")
            cells = [
                (code, int(year))
                for code, year in zip(codes, mine["year"], strict=True)
                if (scope.units is None or code in scope.units)
                and (scope.level is None or level_of(code) == scope.level)
                and (code, int(year)) not in held
            ]
            if cells:
                name = (scope.dataset, scope.variable)
                self.values[name] += len(cells)
                shown = self.examples.setdefault(name, [])
                shown += [f"{c}, {year} r." for c, year in cells[: _EXAMPLES - len(shown)]]

    def notes(self, beginning: str) -> tuple[str, ...]:
        """Return a sentence that begins so and names everything; none when there is nothing."""
        if not self.values:
            return ()
        names = sorted(self.values)
        said = [
            f"{name[1]} ({counted(self.values[name], VALUE_NOUN)}, na przykład"
            f" {'; '.join(self.examples[name])})"
            for name in names[:_SHOWN]
        ]
        more = f" i {len(names) - _SHOWN} innych zmiennych" if len(names) > _SHOWN else ""
        return (f"{beginning}: {', '.join(said)}{more}; w stanie danych zostają poprzednie",)


def _of_dataset(rows: pd.DataFrame, dataset: str) -> pd.Series:
    sources = rows["source"].cat.categories
    return rows["source"].isin([one for one in sources if one.partition("@")[0] == dataset])


def scopes_of(rows: pd.DataFrame) -> list[Scope]:
    """Return what rows themselves tell of: data sets, variables, levels and years.

    Parameters
    ----------
    rows : DataFrame
        Columns of the observation contract.
    """
    import numpy as np

    units = rows["unit_code"].cat.remove_unused_categories().cat
    levels = np.array([level_of(code) for code in units.categories], dtype=object)
    names, place = np.unique(levels.astype(str), return_inverse=True)
    told = rows[["source", "variable", "year"]].assign(level=place[units.codes.to_numpy()])
    years: dict[tuple[str, str, str], set[int]] = {}
    for source, variable, year, level in told.drop_duplicates().itertuples(index=False):
        name = (source.partition("@")[0], variable, str(names[level]))
        years.setdefault(name, set()).add(int(year))
    return [
        Scope(dataset, variable, frozenset(told), level)
        for (dataset, variable, level), told in years.items()
    ]
