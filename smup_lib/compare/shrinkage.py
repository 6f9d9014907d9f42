"""What is a fair map value for a very small unit? Shrinkage towards its group (M14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from smup_lib.compare.counts import counts_refusal, lay_out_counts
from smup_lib.compare.methods import METHODS
from smup_lib.compare.reading import Figure, Reading
from smup_lib.compare.result import UnitResults, count_flags, refused_rows, unit_rows
from smup_lib.plurals import plural

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator

Array = NDArray[np.float64]

#: Fewer units with counts than this are no group to lean on.
MINIMUM_UNITS = 5
#: Where the ratio of the group is larger, the Poisson variance behind the method is too large.
LARGEST_RATIO = 0.2


class Shrinkage(NamedTuple):
    """The arithmetic of M14: smoothed ratios, how much of the raw ones is kept, group, spread."""

    smoothed: Array
    kept: Array
    group: float
    spread: float


@dataclass(frozen=True, kw_only=True)
class Shrunk(UnitResults):
    """Smoothed values beside the raw ones; for a map, never in place of the official value.

    ``rows`` has besides the common columns ``raw`` (the unit's own value), ``kept`` (0-1: how much
    of it stays) and ``count`` (cases it rests on); values are in the measure unit.

    Attributes
    ----------
    group_value : float or None
        Value of all units together, from summed counts.
    spread : float or None
        Variance between units that chance does not explain, of ratios before the multiplier; 0
        where chance explains all of it, and every smoothed value is that of the group.
    """

    group_value: float | None = None
    spread: float | None = None


def compare_shrunk(indicator: Indicator, values: pd.DataFrame) -> Shrunk:
    """Draw the ratios of small units towards the ratio of their comparison group.

    Parameters
    ----------
    indicator : Indicator
        With ``data_basis: count_ratio``, method ``share`` or ``rate``.
    values : DataFrame
        ``unit_code, flag, numerator, denominator`` of one indicator and year, one row per unit:
        one comparison group, with the units to be smoothed in it. Not the whole country, unless
        that is the group.

    Returns
    -------
    Shrunk
        A unit without counts keeps its row, with the reason.

    References
    ----------
    Marshall 1991, Applied Statistics 40:283. ``esda.smoothing`` agrees while the spread is above
    0, but does not cut it there: it then returns values beyond the raw ones.

    Examples
    --------
    >>> import pandas as pd
    >>> from smup_lib.catalogue import load_catalogue
    >>> share = load_catalogue().indicator("street_lights_led_share")
    >>> rows = pd.DataFrame({"unit_code": list("abcde"), "flag": "ok",
    ...     "numerator": [0.0, 2, 10, 300, 5], "denominator": [50.0, 80, 400, 10000, 60]})
    >>> compare_shrunk(share, rows).rows["value"].round(4).tolist()
    [2.957, 2.9839, 2.9492, 2.9981, 3.071]
    """
    counts = lay_out_counts(indicator, values)
    known = counts.known
    why = counts_refusal("M14", indicator) or _refusal(counts.count[known], counts.base[known])
    if why is not None:
        rows = refused_rows(counts.unit_codes, why)
        return Shrunk(method=METHODS["M14"], rows=rows, n_flags=count_flags(values), reason=why)
    found = shrink_ratios(counts.count[known], counts.base[known])
    smoothed, kept = np.full((2, len(values)), np.nan)
    smoothed[known], kept[known] = found.smoothed, found.kept
    rows = unit_rows(
        counts.unit_codes,
        value=indicator.multiplier * smoothed,
        reason=counts.reason,
        raw=indicator.multiplier * counts.count / counts.base,
        kept=kept,
        count=counts.count,
    )
    return Shrunk(
        method=METHODS["M14"],
        rows=rows,
        n_used=int(known.sum()),
        n_flags=count_flags(values),
        group_value=indicator.multiplier * found.group,
        spread=found.spread,
    )


def _refusal(counts: Array, bases: Array) -> str | None:
    if len(counts) < MINIMUM_UNITS:
        return f"za mało jednostek z liczebnościami ({len(counts)}; potrzeba {MINIMUM_UNITS})"
    if counts.sum() > LARGEST_RATIO * bases.sum():
        return "zjawisko jest zbyt częste na tę metodę: w grupie dotyczy więcej niż jednej piątej"
    return None


def shrink_ratios(counts: Array, bases: Array) -> Shrinkage:
    """Return what M14 makes of counts and their bases, whatever the size of the group.

    Examples
    --------
    >>> found = shrink_ratios(np.array([0.0, 2, 10, 300, 5]), np.array([50.0, 80, 400, 10000, 60]))
    >>> round(found.group, 8), round(float(found.smoothed[0]), 8)
    (0.0299339, 0.02957033)
    """
    ratios, base = counts / bases, bases.sum()
    group = float(counts.sum() / base)
    variance = float((bases * (ratios - group) ** 2).sum() / base)
    spread = max(0.0, variance - group / float(bases.mean()))
    # nobody has a case: nothing varies, and 0/0 would stand below
    kept = spread / (spread + group / bases) if group else np.zeros_like(bases)
    return Shrinkage(kept * ratios + (1 - kept) * group, kept, group, spread)


def read_shrunk(found: Shrunk, unit_code: str) -> Reading | None:
    """Return the sentence beside a smoothed value; None where there is none."""
    row = found.rows[found.rows["unit_code"] == unit_code].iloc[0]
    if row["reason"]:
        return None
    cases = plural(int(row["count"]), ("przypadku", "przypadkach", "przypadkach"))
    return Reading(
        "Wartość wygładzona łączy wynik jednostki z wynikiem grupy, "
        f"bo sam wynik opiera się na {{count}} {cases}.",
        {"count": Figure(float(row["count"]))},
    )
