"""What does the gap mean in money or people, "if the unit were at the group median" (M22)?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from smup_lib.compare.group_difference import compare_differences
from smup_lib.compare.intervals import ratio_interval
from smup_lib.compare.methods import METHODS, basis_of, basis_refusal
from smup_lib.compare.peers import Peers
from smup_lib.compare.reconciliation import half_digit
from smup_lib.compare.result import UnitResults, count_flags, refused_rows, unit_rows
from smup_lib.flags import NUMBER_FLAGS
from smup_lib.units.peer_group import MINIMUM_RANKED

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator

Array = NDArray[np.float64]


def compare_at_median(
    indicator: Indicator,
    values: pd.DataFrame,
    groups: Mapping[str, Sequence[str]],
    per: float | None = None,
) -> UnitResults:
    """Turn the gap to the median of the group into an amount: the scale of it, no forecast.

    Parameters
    ----------
    indicator : Indicator
        With a direction, or a cost (which is always a question on both sides).
    values : DataFrame
        ``unit_code, year, value, flag, denominator`` of one indicator and year, one row per unit;
        ``numerator`` where counts are known, ``decimals`` of ready-made values, and
        ``denominator_year`` where it may differ.
    groups : mapping of str to sequence of str
        Unit to members of its group; the unit itself is left out of the median.
    per : float, optional
        What a ready-made value is counted per (100 for percent), needed when ``denominator`` was
        found elsewhere; a computed one has its own multiplier.

    Returns
    -------
    UnitResults
        ``value``: cases or zł by which the unit lies on the worse (or dearer) side of the median,
        negative on the better. ``low, high``: with counts the interval of the unit's value (M2,
        M3); of a ready-made value what its printed digits allow (``kind="rounding"``). ``rounded``
        to two significant digits is what a reader is told; ``change`` (``more, less``) says
        whether the median would mean more or fewer cases or zł; ``median``.

    References
    ----------
    Practice of OpenPrescribing.

    Examples
    --------
    >>> amount_at_median(11482.30, 10950.0, 612.0, 1.0).round(1).tolist()
    325767.6
    """
    flags, published = count_flags(values), indicator.method == "published"
    if (why := _refusal(indicator, per)) is not None:
        rows = refused_rows(values["unit_code"], why)
        return UnitResults(method=METHODS["M22"], rows=rows, n_flags=flags, reason=why)
    own = values["value"].to_numpy(dtype="float64", copy=True)
    own[~values["flag"].isin(NUMBER_FLAGS).to_numpy()] = np.nan
    peers = Peers(values["unit_code"].tolist(), groups)
    (median,) = peers.quantiles(own, [0.5])
    n = peers.sums((~np.isnan(own)).astype("float64"))
    times = indicator.multiplier if per is None else per
    bounds = _bounds(indicator, values, own)
    sign = -1.0 if indicator.polarity.judged == "higher" else 1.0
    base = values["denominator"].to_numpy(dtype="float64")
    amounts = [sign * amount_at_median(part, median, base, times) for part in (own, *bounds)]
    rows = unit_rows(
        values["unit_code"],
        value=amounts[0],
        low=np.minimum(amounts[1], amounts[2]),
        high=np.maximum(amounts[1], amounts[2]),
        reason=_reasons(indicator, values, groups, own, n),
        rounded=round_significant(amounts[0]),
        change=np.where(own > median, "less", "more"),
        median=median,
    )
    return UnitResults(
        method=METHODS["M22"],
        rows=rows,
        level=1.0 if published else 0.95,
        kind="rounding" if published else "chance",
        n_used=int((rows["reason"] == "").sum()),
        n_flags=flags,
    )


def amount_at_median(
    value: ArrayLike, median: ArrayLike, denominator: ArrayLike, per: float
) -> Array:
    """Return by how much a value exceeds the median, in what its numerator counts.

    Examples
    --------
    >>> round(float(-amount_at_median(520 / 640, 0.85, 640, 1.0)), 9)
    24.0
    """
    gap = np.asarray(value, dtype="float64") - np.asarray(median, dtype="float64")
    return np.asarray(gap * np.asarray(denominator, dtype="float64") / per)


def round_significant(numbers: ArrayLike, digits: int = 2) -> Array:
    """Round to significant digits: what a scale may be told with.

    Examples
    --------
    >>> round_significant([325767.6, 24.0, 0.0, -5.861]).tolist()
    [330000.0, 24.0, 0.0, -5.9]
    """
    exact = np.asarray(numbers, dtype="float64")
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.floor(np.log10(np.abs(exact)))
    power = np.where(np.isfinite(size), size, 0.0) - digits + 1
    # a step below one is no float of its own; its inverse is
    above, below = 10.0 ** np.maximum(power, 0), 10.0 ** np.maximum(-power, 0)
    scaled = exact / above * below
    return np.asarray(np.sign(scaled) * np.floor(np.abs(scaled) + 0.5) * above / below)


def _refusal(indicator: Indicator, per: float | None) -> str | None:
    basis = basis_of(indicator)
    held = basis == "published" and per is not None
    if not held and (why := basis_refusal("M22", basis)) is not None:
        return why
    if not held and indicator.method not in ("ratio", "share", "rate"):
        return "wskaźnik nie ma licznika i mianownika"
    if indicator.polarity.judge == "two_sided":
        return None
    if not indicator.ranked:
        return "wskaźnik nie ma uzgodnionego kierunku: różnica nie jest ani brakiem, ani nadmiarem"
    if indicator.polarity.judged == "target":
        return "wskaźnik ma wartość docelową, więc mediana grupy nie jest punktem odniesienia"
    return None


def _bounds(indicator: Indicator, values: pd.DataFrame, own: Array) -> tuple[Array, Array]:
    """Return between what the values lie: by chance where counts are known, else by rounding."""
    import pandas as pd

    nothing = np.full(len(own), np.nan)
    if indicator.method == "published":
        given = values.get("decimals", nothing)
        digits = pd.Series(given).to_numpy(dtype="float64", na_value=np.nan)
        half = half_digit(np.where(np.isnan(digits), indicator.decimals, digits))
        return own - half, own + half
    if basis_of(indicator) != "count_ratio" or indicator.method not in ("share", "rate"):
        return nothing, nothing
    count = values["numerator"].to_numpy(dtype="float64")
    base = values["denominator"].to_numpy(dtype="float64")
    known = ~np.isnan(count + base) & (base > 0) & (count >= 0) & (count % 1 == 0)
    known &= (count <= base) | (indicator.method == "rate")
    low, high = nothing.copy(), nothing.copy()
    low[known], high[known] = ratio_interval(indicator.method, count[known], base[known])
    return indicator.multiplier * low, indicator.multiplier * high


def _reasons(
    indicator: Indicator,
    values: pd.DataFrame,
    groups: Mapping[str, Sequence[str]],
    own: Array,
    n: Array,
) -> NDArray[np.object_]:
    """Say for each row why its gap may not be told as an amount."""
    nobody = np.zeros(len(values), dtype=bool)
    other_year, similar, unsure = nobody, nobody, nobody
    why_unsure: NDArray[np.object_] = np.full(len(values), "", dtype=object)
    if "denominator_year" in values:
        other_year = (values["denominator_year"] != values["year"]).to_numpy()
    if basis_of(indicator) == "count_ratio" and indicator.method in ("share", "rate"):
        chances = compare_differences(indicator, values, groups).rows
        similar = (chances["excluded_at"] == 0).to_numpy()
        why_unsure = chances["reason"].to_numpy(dtype=object)
        unsure = why_unsure != ""
    base = values["denominator"].to_numpy(dtype="float64")
    return np.select(
        [np.isnan(own), n < MINIMUM_RANKED, ~(base > 0), other_year, unsure, similar],
        [
            "jednostka nie ma wartości w tym roku",
            f"wartości w grupie jest mniej niż {MINIMUM_RANKED}",
            "brak mianownika",
            "mianownik jest z innego roku",
            why_unsure,
            "różnica od grupy mieści się w zwykłych wahaniach",
        ],
        "",
    ).astype(object)
