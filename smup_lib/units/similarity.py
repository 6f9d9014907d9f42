"""Find the units nearest in their circumstances (method M11)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
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
#: Standard deviation of the logarithm of the factor by which a weight is tried again (M12).
WEIGHT_JITTER = 0.3


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

    @cached_property
    def _place(self) -> Mapping[str, int]:
        return {code: place for place, code in enumerate(self.codes)}

    @cached_property
    def _by_code(self) -> np.ndarray:
        """Place of each unit in the order of codes."""
        import numpy as np

        return np.argsort(np.argsort(np.array(self.codes), kind="stable"))

    def squares(self, code: str) -> np.ndarray:
        """Return the weighted squared differences from a unit, a row per unit."""
        difference = self.points - self.points[self._place[code]]
        squared: np.ndarray = self.weights * difference**2
        return squared

    def nearest_codes(self, code: str, k: int) -> tuple[str, ...]:
        """Return the k nearest units, the nearest first."""
        _, order = self._nearest(code, self.squares(code).sum(axis=1), k)
        return tuple(self.codes[n] for n in order)

    def _nearest(self, code: str, total: np.ndarray, k: int) -> tuple[np.ndarray, list[int]]:
        """Return the distance of every unit, and the places of the nearest."""
        import numpy as np

        distance = np.sqrt(total / self.weights.sum())
        # of equally near ones the first by code
        ordered = np.lexsort((self._by_code, distance))
        return distance, ordered[ordered != self._place[code]][:k].tolist()

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
        distance, order = self._nearest(code, total, k)
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = squares[order] / total[order, None]
        columns = {"unit_code": [self.codes[n] for n in order], "distance": distance[order]}
        return pd.DataFrame(columns | dict(zip(self.variables, shares.T, strict=True)))

    def farthest(self, code: str, members: Collection[str]) -> float | None:
        """Return the distance to the farthest of some units; None where one has no place here.

        Examples
        --------
        >>> import pandas as pd
        >>> table = pd.DataFrame({"old": [21.0, 20.0, 24.0, 18.0]}, index=list("ABCD"))
        >>> space = compute_similarity_space(table)
        >>> nearest = space.nearest("A", 2)
        >>> farthest = space.farthest("A", nearest["unit_code"])
        >>> bool(farthest == nearest["distance"].max())
        True
        >>> space.farthest("A", "BX") is None
        True
        """
        import numpy as np

        if (
            code not in self._place
            or not len(members)
            or any(m not in self._place for m in members)
        ):
            return None
        squares = self.squares(code)[[self._place[member] for member in members]]
        return float(np.sqrt(squares.sum(axis=1) / self.weights.sum()).max())

    def weighted(self, weights: Mapping[str, float]) -> SimilaritySpace:
        """Return the same space with other weights; a variable that is not named keeps its own.

        Raises
        ------
        GroupError
            When a weight is not a positive number or its variable is not in use; all at once.
        """
        import numpy as np

        if not weights:
            return self  # with its yardstick, which is dear
        check_weights(weights, (*self.variables, *self.dropped))
        own = dict(zip(self.variables, self.weights.tolist(), strict=True))
        given = np.array([weights.get(name, own[name]) for name in self.variables])
        return replace(self, weights=given)

    def nearest_by_weights(
        self, code: str, k: int = 15, *, draws: int = 200, seed: int = 0
    ) -> tuple[tuple[str, ...], ...]:
        """Return the k nearest units again and again, each time by slightly other weights (M12).

        Parameters
        ----------
        code : str
            The unit.
        k : int
            Members of each set.
        draws : int
            How many weight sets are tried.
        seed : int
            Where the random numbers begin: each weight is multiplied by ``exp(N(0, 0.3))``.

        Returns
        -------
        tuple of tuple of str
            One set a draw, the nearest first.
        """
        import numpy as np

        factors = np.random.default_rng(seed).normal(0.0, WEIGHT_JITTER, (draws, len(self.weights)))
        by_code = np.argsort(self._by_code)
        others = by_code[by_code != self._place[code]]
        varied, plain = np.exp(factors).T, self.squares(code)
        others = others[_may_be_near(plain[others], varied, k)]
        squares = plain[others] @ varied
        if k < len(others):
            near = np.argpartition(squares, k - 1, axis=0)[:k]
        else:
            near = np.broadcast_to(np.arange(len(others))[:, None], squares.shape)
        near = np.sort(near, axis=0)  # of equally near ones the first by code
        ranked = np.argsort(np.take_along_axis(squares, near, axis=0), axis=0, kind="stable")
        order = np.take_along_axis(near, ranked, axis=0)
        return tuple(tuple(self.codes[n] for n in others[column]) for column in order.T)

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


def _may_be_near(squares: np.ndarray, factors: np.ndarray, k: int) -> np.ndarray:
    """Tell which rows can be among the k smallest sums by any column of factors.

    Whatever the factors, k rows are no farther than the k-th by the largest of them.
    """
    import numpy as np

    low, high = squares @ factors.min(axis=1), squares @ factors.max(axis=1)
    if k >= len(high):
        return np.ones(len(high), dtype=bool)
    within: np.ndarray = low <= np.partition(high, k - 1)[k - 1] * (1 + 1e-9)
    return within


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
        When no variable or fewer than three units are left, or a weight is not a positive number.

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

    check_weights(weights or {}, list(map(str, values.columns)))
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


def check_weights(weights: Mapping[str, float], variables: Collection[str]) -> None:
    """Check that each weight is a positive number of a variable that is compared.

    Raises
    ------
    GroupError
        With every weight that is wrong.
    """
    problems = [
        f"{name}: waga {weight:g}, a musi być liczbą większą od zera"
        for name, weight in weights.items()
        if name in variables and not 0 < weight < float("inf")
    ]
    problems += [
        f"{name}: tej cechy nie ma wśród porównywanych" for name in weights if name not in variables
    ]
    if problems:
        raise GroupError(
            "Nieprawidłowe wagi cech.",
            problems=problems,
            expected=f"liczba większa od zera przy jednej z cech: {', '.join(variables)}",
            next_step="popraw wagi; cecha bez podanej wagi ma wagę 1",
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
