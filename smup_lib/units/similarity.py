"""Find the units nearest in their circumstances (method M11)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from smup_lib.errors import GroupError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

#: Up to this share of the median distance of all pairs the farthest peer is a good match ...
GOOD_MATCH = 0.5
#: ... and up to this one a fair match.
FAIR_MATCH = 1.0


@dataclass(frozen=True)
class SimilaritySpace:
    """Units as points whose distances say how unlike their circumstances are.

    Attributes
    ----------
    codes : tuple of str
        Units with all variables.
    variables : tuple of str
        Variables in use.
    points : ndarray
        A row per unit: transformed values, minus the median, over the interquartile range.
    weights : ndarray
        A weight per variable.
    lambdas : dict
        Parameter of the Yeo-Johnson transformation by variable; None means the logarithm.
    dropped : dict
        Variables not used and the Polish reason.
    excluded : dict
        Units not used and the Polish reason.
    """

    codes: tuple[str, ...]
    variables: tuple[str, ...]
    points: np.ndarray
    weights: np.ndarray
    lambdas: Mapping[str, float | None]
    dropped: Mapping[str, str] = field(default_factory=dict)
    excluded: Mapping[str, str] = field(default_factory=dict)

    def squares(self, code: str) -> np.ndarray:
        """Return the weighted squared differences from a unit, a row per unit."""
        difference = self.points - self.points[self.codes.index(code)]
        squared: np.ndarray = self.weights * difference**2
        return squared

    def nearest(self, code: str, k: int) -> pd.DataFrame:
        """Return the k nearest units, the nearest first.

        Returns
        -------
        DataFrame
            ``unit_code, distance`` and, for each variable, its share of the squared distance
            (columns named after the variables; they sum to 1, or are null at distance 0).
        """
        import numpy as np
        import pandas as pd

        squares = self.squares(code)
        total = squares.sum(axis=1)
        distance = np.sqrt(total / self.weights.sum())
        others = [n for n, other in enumerate(self.codes) if other != code]
        order = sorted(others, key=lambda n: (distance[n], self.codes[n]))[:k]
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = squares[order] / total[order, None]
        frame = pd.DataFrame(shares, columns=list(self.variables))
        frame.insert(0, "unit_code", [self.codes[n] for n in order])
        frame.insert(1, "distance", distance[order])
        return frame

    @cached_property
    def median_distance(self) -> float:
        """Median distance of all pairs: the yardstick of a good match."""
        import numpy as np
        from scipy.spatial.distance import pdist

        scaled = self.points * np.sqrt(self.weights / self.weights.sum())
        return float(np.median(pdist(scaled)))

    def quality(self, farthest: float) -> tuple[str, float]:
        """Return the Polish quality mark of a group and the ratio behind it.

        Parameters
        ----------
        farthest : float
            Distance to the farthest member.
        """
        ratio = farthest / self.median_distance if self.median_distance > 0 else 0.0
        if ratio <= GOOD_MATCH:
            return "dobre", ratio
        return ("umiarkowane" if ratio <= FAIR_MATCH else "słabe"), ratio


def compute_similarity_space(
    values: pd.DataFrame,
    *,
    logged: Collection[str] = ("population",),
    weights: Mapping[str, float] | None = None,
    lambdas: Mapping[str, float] | None = None,
) -> SimilaritySpace:
    """Place units of one kind in the space of their circumstances.

    Population goes by its logarithm, other variables by the Yeo-Johnson transformation fitted on
    all units given, so give the whole kind and not the shown subset. Then each is centred on its
    median and divided by its interquartile range. Nothing missing is filled in.

    Parameters
    ----------
    values : DataFrame
        A row per unit (index: code), a column per variable.
    logged : collection of str
        Variables that go by their logarithm; they must be positive.
    weights : mapping, optional
        Weight by variable; equal when omitted.
    lambdas : mapping, optional
        Fixed parameters of the transformation instead of fitted ones.

    Raises
    ------
    GroupError
        When no variable or fewer than three units are left.

    References
    ----------
    Yeo & Johnson 2000, Biometrika 87:954. Golden values: methods.md, M11.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"population": [5200, 4800, 6100, 15300], "old": [21.4, 20.9, 24, 18]},
    ...                      index=list("ABCD"))
    >>> compute_similarity_space(table).nearest("A", 1)["unit_code"].tolist()
    ['B']
    """
    import numpy as np

    table = values.astype("float64")
    dropped = _without_spread(table)
    table = table.drop(columns=list(dropped))
    positive = [name for name in table.columns if name in logged]
    usable = table.notna().all(axis=1) & (table[positive] > 0).all(axis=1)
    excluded = dict.fromkeys(map(str, table.index[~usable]), "brakuje danych do porównania")
    table = table[usable]
    dropped |= _without_spread(table)
    table = table.drop(columns=[name for name in table.columns if name in dropped])
    positive = [name for name in positive if name in table.columns]
    if table.shape[1] == 0 or len(table) < 3:
        raise GroupError(
            "Za mało danych, żeby wskazać jednostki podobne.",
            expected="co najmniej jedna cecha i trzy jednostki tego samego rodzaju",
            problems=[f"{name}: {reason}" for name, reason in dropped.items()],
            next_step="wczytaj dane o ludności albo wybierz inną grupę, np. same_kind",
        )
    points, used = _scaled(table, set(positive), lambdas or {})
    names = tuple(map(str, table.columns))
    given = np.array([(weights or {}).get(name, 1.0) for name in names])
    return SimilaritySpace(
        tuple(map(str, table.index)), names, points, given, used, dropped, excluded
    )


def _without_spread(table: pd.DataFrame) -> dict[str, str]:
    """Return variables whose quartiles are equal: they tell no unit from another."""
    low, high = table.quantile(0.25), table.quantile(0.75)
    reason = "co najmniej połowa jednostek ma tę samą wartość, więc cecha nie różnicuje"
    return {str(name): reason for name in table.columns if not low[name] < high[name]}


def _scaled(
    table: pd.DataFrame, logged: set[str], lambdas: Mapping[str, float]
) -> tuple[np.ndarray, dict[str, float | None]]:
    """Transform each column, then take off the median and divide by the quartile range."""
    import numpy as np

    columns: list[Any] = []
    used: dict[str, float | None] = {}
    for name in table.columns:
        raw = table[name].to_numpy(dtype="float64")
        if name in logged:
            used[name], values = None, np.log(raw)
        else:
            fitted = lambdas.get(name)
            used[name] = _fitted_lambda(raw) if fitted is None else fitted
            values = transform_yeo_johnson(raw, used[name] or 0.0)
        low, middle, high = np.percentile(values, [25, 50, 75])
        if not low < high:
            # a strong transformation of few values can press the quartiles together; the raw
            # quartiles are apart, or the variable would have been dropped
            used[name], values = 1.0, raw
            low, middle, high = np.percentile(values, [25, 50, 75])
        columns.append((values - middle) / (high - low))
    return np.column_stack(columns), used


def _fitted_lambda(values: np.ndarray) -> float:
    from scipy.stats import yeojohnson_normmax

    return float(yeojohnson_normmax(values))


def transform_yeo_johnson(values: np.ndarray, parameter: float) -> np.ndarray:
    """Return the Yeo-Johnson transformation of values for a fixed parameter.

    Examples
    --------
    >>> import numpy as np
    >>> transform_yeo_johnson(np.array([3.0, -3.0]), 0.5).round(8).tolist()
    [2.0, -4.66666667]
    """
    from scipy.stats import yeojohnson

    transformed: np.ndarray = yeojohnson(values, lmbda=parameter)
    return transformed
