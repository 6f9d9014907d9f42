"""Is above better or worse? From bounds and a yardstick to a standing, by polarity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from smup_lib.catalogue import Indicator

Words = NDArray[np.object_]


def side_of(low: ArrayLike, high: ArrayLike, yardstick: ArrayLike) -> Words:
    """Tell on which side of a yardstick whole intervals lie.

    Returns
    -------
    ndarray of str
        ``above``, ``below``, or ``similar`` when the interval holds the yardstick; ``unknown``
        beside a null.

    Examples
    --------
    >>> side_of([0.05, 0.5], [0.36, 0.6], [0.45, 0.45]).tolist()
    ['below', 'above']
    """
    least, most, against = (np.asarray(part, dtype="float64") for part in (low, high, yardstick))
    null = np.isnan(least) | np.isnan(most) | np.isnan(against)
    found = np.select(
        [null, least > against, most < against], ["unknown", "above", "below"], "similar"
    )
    return found.astype(object)


def judge_bounds(
    indicator: Indicator, low: ArrayLike, high: ArrayLike, yardstick: ArrayLike
) -> Words:
    """Turn the side of whole intervals into a standing, by polarity.

    Parameters
    ----------
    indicator : Indicator
        Gives polarity; a contextual indicator or one without two signatures is never judged.
    low, high, yardstick : array_like
        In the measure unit of the indicator. With a target the distances to it are compared: the
        whole interval must be nearer to it (or farther from it) than the yardstick is.

    Returns
    -------
    ndarray of str
        ``better``, ``worse``, ``similar``, ``not_judged`` or ``unknown``.
    """
    side = side_of(low, high, yardstick)
    polarity = indicator.polarity
    if not indicator.ranked:
        return np.where(side == "unknown", "unknown", "not_judged").astype(object)
    if polarity.judged == "target":
        assert polarity.target is not None  # the model requires it
        least, most = np.asarray(low, dtype="float64"), np.asarray(high, dtype="float64")
        farthest = np.maximum(np.abs(least - polarity.target), np.abs(most - polarity.target))
        holds = (least <= polarity.target) & (polarity.target <= most)
        ends = np.minimum(np.abs(least - polarity.target), np.abs(most - polarity.target))
        distance = np.abs(np.asarray(yardstick, dtype="float64") - polarity.target)
        side = side_of(np.where(holds, 0.0, ends), farthest, distance)
    good = "above" if polarity.judged == "higher" else "below"
    bad = "below" if good == "above" else "above"
    return np.select([side == good, side == bad], ["better", "worse"], side).astype(object)
