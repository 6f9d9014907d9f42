"""Is the difference of two units more than their printed digits, and more than chance?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from smup_lib.compare.chance import CONFIDENCE_LEVELS, differs
from smup_lib.compare.counts import counts_refusal, lay_out_counts
from smup_lib.compare.position import SMALLEST_GAP_PERCENT
from smup_lib.compare.reconciliation import half_digit

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator

#: ``rounding``: as much as printed digits leave open; ``chance``: as much as chance allows;
#: ``apart``: more than chance at 95 %; ``clearly_apart``: at 99.8 %; ``small``: less than a tenth,
#: and nobody knows how far chance goes; ``unknown``: more than that; ``few``: a value rests on few
#: cases, or nobody knows on how many, so its difference tells nothing.
Between: TypeAlias = Literal[
    "rounding", "chance", "apart", "clearly_apart", "small", "unknown", "few"
]
#: A hair beside the half digits, for binary fractions.
_HAIR = 1e-9


def compare_two(
    indicator: Indicator, values: pd.DataFrame, one: str, other: str, *, pairs: int = 1
) -> Between | None:
    """Tell what the difference of two units' values may come from.

    Parameters
    ----------
    indicator : Indicator
        Whose values; chance is asked of shares and rates of counts alone.
    values : DataFrame
        ``unit_code, value, flag, numerator, denominator, decimals``, one row per unit.
    one, other : str
        Codes of the units.
    pairs : int, default 1
        Of how many pairs these two were picked as the ones farthest apart; the more, the more
        is asked of a difference (Bonferroni).

    Returns
    -------
    str or None
        None when one of them has no value.

    Examples
    --------
    >>> import pandas as pd
    >>> from smup_lib.catalogue import load_catalogue
    >>> share = load_catalogue().indicator("street_lights_led_share")
    >>> rows = pd.DataFrame({"unit_code": ["a", "b", "c"], "value": [15.0, 20.0, 45.0],
    ...     "numerator": [12.0, 20, 45], "denominator": [80.0, 100, 100], "flag": "ok",
    ...     "decimals": float("nan")})
    >>> compare_two(share, rows, "a", "b"), compare_two(share, rows, "a", "c")
    ('chance', 'clearly_apart')
    """
    rows = values[values["unit_code"].isin([one, other]) & values["value"].notna()]
    if len(rows) != 2:
        return None
    first, second = (float(value) for value in rows["value"])
    given = rows["decimals"].max() if "decimals" in rows else float("nan")
    digits = indicator.decimals if indicator.method != "published" or given != given else given
    if abs(first - second) <= 2 * float(half_digit(digits)) * (1 + _HAIR):
        return "rounding"
    if counts_refusal("M4a", indicator) is None:
        counts = lay_out_counts(indicator, rows)
        if counts.known.all():
            # the smaller against the larger, whoever is named first
            by_size = counts.base.argsort()
            own, larger = ((counts.count[[i]], counts.base[[i]]) for i in by_size)
            levels = [1 - (1 - level) / pairs for level in CONFIDENCE_LEVELS]
            passed = [differs(indicator.method, own, larger, level).all() for level in levels]
            return ("chance", "apart", "clearly_apart")[sum(map(bool, passed))]
    tenth = max(abs(first), abs(second)) * SMALLEST_GAP_PERCENT / 100
    return "small" if abs(first - second) < tenth else "unknown"
