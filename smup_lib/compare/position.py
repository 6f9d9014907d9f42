"""Where a unit stands in its group: median, quartiles, gap, rank, standing (M4b, M9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, cast

import numpy as np

from smup_lib.compare.judging import judge_bounds
from smup_lib.compare.quartiles import find_quartiles
from smup_lib.compare.year_values import YearValues
from smup_lib.flags import FEW_CASES
from smup_lib.units.peer_group import MINIMUM_RANKED

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from smup_lib.catalogue import Indicator
    from smup_lib.compare.chance import Chance

Standing = Literal["better", "worse", "similar", "not_judged", "unknown"]
Side = Literal["above", "below", "equal"]
Departure = Literal["typical", "departs", "strongly_departs"]

#: Fewer peers with a value than this, and only the values themselves are shown.
MINIMUM_PEERS = 3
#: Fewer peers than this, and no two-sided cost signal is given (M4b).
MINIMUM_COST = 10
#: Share of values from few cases above which an order would be made by chance.
MOST_FEW = 0.25
#: A gap to the median smaller than this is no question and no difference worth telling.
SMALLEST_GAP_PERCENT = 10


@dataclass(frozen=True)
class Position:
    """A unit's place in its group for one indicator and year.

    Attributes
    ----------
    value : float or None
        The unit's value in the indicator's measure unit.
    n_group, n_used : int
        Peers in the group, peers with a number (the unit is never among them).
    n_flags : mapping of str to int
        Peers by flag; a peer without a row counts as ``no_data``.
    median, q25, q75 : float or None
        Of the peers (linear interpolation).
    gap, gap_percent : float or None
        Value minus median, and as a percentage of the median.
    below, equal, above : int
        Peers with a smaller, equal and larger value after rounding for display.
    percentile : float or None
        Mid-rank percentile of the unit among its peers, 0-1.
    rank, n_ranked, ties : int or None
        Competition rank including the unit, 1 = best by polarity; how many share it.
    merit : float or None
        Share of peers that are worse by polarity, ties counted half; None when nobody may judge.
    side : str or None
        ``above``, ``below`` or ``equal`` to the median, after rounding.
    distance_gap, distance_side : float, str or None
        Of an indicator judged by a target: distance of the value to it minus the median of the
        peers' distances, and its sign; ``above`` is farther away, so worse.
    standing : str
        ``better``, ``similar``, ``worse``; ``not_judged`` for neutral; ``unknown`` with a reason.
    departure : str or None
        Two-sided signal of a cost (M4b).
    reason : str or None
        Polish reason why something is not told.
    """

    value: float | None
    n_group: int
    n_used: int
    n_flags: Mapping[str, int] = field(default_factory=dict)
    median: float | None = None
    q25: float | None = None
    q75: float | None = None
    gap: float | None = None
    gap_percent: float | None = None
    below: int = 0
    equal: int = 0
    above: int = 0
    percentile: float | None = None
    merit: float | None = None
    rank: int | None = None
    n_ranked: int | None = None
    ties: int | None = None
    side: Side | None = None
    standing: Standing = "unknown"
    departure: Departure | None = None
    reason: str | None = None
    distance_gap: float | None = None
    distance_side: Side | None = None

    @property
    def verdict_side(self) -> Side | None:
        """The side that a verdict speaks of: of the median, or of the median distance to a target.

        On either side of a target a value may be equally good, so there its own side says nothing.
        """
        return self.distance_side or self.side


def compare_position(
    indicator: Indicator,
    values: pd.DataFrame | YearValues,
    unit_code: str,
    members: Iterable[str],
) -> Position:
    """Compare a unit with its peers on one indicator in one year.

    Parameters
    ----------
    indicator : Indicator
        Gives polarity, rounding and the smallest gap that matters.
    values : DataFrame or YearValues
        ``unit_code``, ``value`` and ``flag`` of one indicator and year, one row per unit.
    unit_code : str
        The unit.
    members : iterable of str
        Its peers; the unit itself is left out of median, quartiles and percentile, and counted in
        the rank.

    Returns
    -------
    Position
        With ``standing="unknown"`` and a Polish reason where the question has no answer.

    References
    ----------
    M4b and M9 of the method notes (``docs/methods.md``); mid-rank percentile and competition rank
    are standard, quantiles are type 7 of Hyndman and Fan (1996).
    """
    laid_out = YearValues.of(values)
    peers = [code for code in dict.fromkeys(members) if code != unit_code]
    numbers = laid_out.numbers(peers)
    position = Position(
        value=laid_out.value(unit_code),
        n_group=len(peers),
        n_used=len(numbers),
        n_flags=laid_out.flags(peers),
    )
    if len(numbers) < MINIMUM_PEERS:
        return replace(
            position,
            reason=f"wartości w grupie: {len(numbers)}, potrzeba co najmniej {MINIMUM_PEERS}",
        )
    q25, median, q75 = find_quartiles(numbers)
    position = replace(position, median=median, q25=q25, q75=q75)
    if position.value is None:
        return replace(position, reason="jednostka nie ma wartości w tym roku")
    return _judged(indicator, _placed(indicator, position, position.value, numbers))


def _placed(
    indicator: Indicator, position: Position, own: float, numbers: NDArray[np.float64]
) -> Position:
    """Add gap, counts on either side, percentile and rank."""
    median = position.median
    assert median is not None  # set by the caller
    shown, peers = round_for_display(own, indicator), round_for_display(numbers, indicator)
    below, equal = int((peers < shown).sum()), int((peers == shown).sum())
    above = len(numbers) - below - equal
    gap = own - median
    position = replace(
        position,
        gap=gap,
        gap_percent=100 * gap / abs(median) if median else None,
        below=below,
        equal=equal,
        above=above,
        side=find_side(indicator, own, median),
    )
    if len(numbers) < MINIMUM_RANKED:
        return position
    position = replace(position, percentile=(below + equal / 2) / len(numbers))
    if not indicator.ranked:
        return position
    own_distance, distances = badness(indicator, shown), badness(indicator, peers)
    better, ties = int((distances < own_distance).sum()), int((distances == own_distance).sum())
    if indicator.polarity.judged == "target":
        usual = find_quartiles(verdict_scale(indicator, numbers))[1]
        away = float(verdict_scale(indicator, np.array(own)))
        position = replace(
            position, distance_gap=away - usual, distance_side=find_side(indicator, away, usual)
        )
    return replace(
        position,
        merit=(len(numbers) - better - ties / 2) / len(numbers),
        rank=1 + better,
        n_ranked=len(numbers) + 1,
        ties=ties,
    )


def find_side(indicator: Indicator, own: float, median: float, decimals: int | None = None) -> Side:
    """Tell on which side of the median a value lies as a reader sees both, rounded for display.

    ``decimals`` are those of the indicator where they are not given.
    """
    digits = indicator.decimals if decimals is None else decimals
    difference = _rounded(own, digits) - _rounded(median, digits)
    return "equal" if difference == 0 else ("above" if difference > 0 else "below")


def round_for_display(
    values: float | NDArray[np.float64], indicator: Indicator
) -> NDArray[np.float64]:
    """Round for display, halves away from zero: what a reader cannot see apart shares a place.

    Examples
    --------
    >>> from smup_lib.catalogue import load_catalogue
    >>> share = load_catalogue().indicator("street_lights_led_share")
    >>> round_for_display(np.array([2.349, 2.35, -2.35]), share).tolist()
    [2.3, 2.4, -2.4]
    """
    return _rounded(values, indicator.decimals)


def _rounded(values: float | NDArray[np.float64], decimals: int) -> NDArray[np.float64]:
    scaled = np.abs(np.asarray(values, dtype="float64")) * 10.0**decimals
    # a binary 2.675 is a hair below its decimal digits; the reader sees the digits
    rounded: NDArray[np.float64] = np.floor(scaled + 0.5 + 1e-9) / 10.0**decimals
    return np.sign(values) * rounded


def verdict_scale(indicator: Indicator, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what lies on one side of a median or the other: distances to a target, else values.

    Examples
    --------
    >>> from smup_lib.catalogue import load_catalogue
    >>> share = load_catalogue().indicator("street_lights_led_share")
    >>> verdict_scale(share, np.array([40.0, 70.0])).tolist()
    [40.0, 70.0]
    """
    judged = indicator.ranked and indicator.polarity.judged == "target"
    return badness(indicator, values) if judged else values


def badness(indicator: Indicator, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a scale on which smaller is better, by polarity."""
    polarity = indicator.polarity
    if polarity.judged == "target":
        assert polarity.target is not None  # the model requires it
        return np.abs(values - polarity.target)
    return -values if polarity.judged == "higher" else values


def _judged(indicator: Indicator, position: Position) -> Position:
    """Add standing and, for a cost, the two-sided departure."""
    if position.percentile is None:
        return replace(
            position,
            reason=f"wartości w grupie: {position.n_used}; "
            f"położenie podajemy, gdy jest ich co najmniej {MINIMUM_RANKED}",
        )
    if indicator.polarity.judged == "neutral" or indicator.role == "contextual":
        return replace(position, standing="not_judged", departure=_departure(indicator, position))
    return replace(position, standing=_standing(indicator, position))


def _standing(indicator: Indicator, position: Position) -> Standing:
    """Judge by quartiles: outside the middle half, by more than the smallest gap that matters."""
    if position.merit is None or position.gap is None or 0.25 <= position.merit <= 0.75:
        return "similar"
    smallest = max(indicator.minimum_gap or 0.0, 10.0**-indicator.decimals)
    gap = position.gap if position.distance_gap is None else position.distance_gap
    if abs(gap) < smallest:
        return "similar"
    return "better" if position.merit > 0.75 else "worse"


def weigh_chance(
    position: Position, chance: Chance, indicator: Indicator | None = None
) -> Position:
    """Take a judgement back when chance alone explains the difference from the group (M4a).

    Parameters
    ----------
    position : Position
        Judged by its place in the group.
    chance : Chance
        What the counts say; without an answer the position stays as it is.
    indicator : Indicator, optional
        Wanted where it is judged by a target: then the whole interval of the unit must lie nearer
        to it, or farther from it, than the group as a whole does.

    Returns
    -------
    Position
        The same place, with ``standing="similar"`` and a Polish reason where chance explains the
        difference, or where the unit lies on the other side of the group as a whole (which large
        peers pull away from the median).
    """
    if position.standing not in ("better", "worse"):
        return position
    why: str | None
    if chance.explains:
        why = "przy takiej liczbie przypadków różnica mieści się w zwykłych wahaniach"
    elif indicator is not None and indicator.polarity.judged == "target":
        if (why := _target_doubt(indicator, position, chance)) is None:
            return position
    elif chance.excluded_at is not None and chance.side != position.side:
        why = "wobec mediany i wobec grupy jako całości wynik leży po różnych stronach"
    else:
        return position
    return replace(position, standing="similar", reason=why)


def _target_doubt(indicator: Indicator, position: Position, chance: Chance) -> str | None:
    """Return why the counts do not bear a place by the distance to a target; None when they do."""
    low, high, group = chance.low, chance.high, chance.group_value
    if chance.excluded_at is None or low is None or high is None or group is None:
        return None
    found = judge_bounds(indicator, [low], [high], [group]).item()
    if found == position.standing:
        return None
    if found in ("better", "worse"):
        return "wobec innych jednostek i wobec grupy jako całości wynik wypada odwrotnie"
    return "przy takiej liczbie przypadków nie wiadomo, czy wynik jest bliżej celu niż grupa"


def withhold(position: Position, reason: str) -> Position:
    """Take place and judgement back, keeping the value and what the group looks like."""
    if position.standing not in ("better", "worse", "similar"):
        return position
    return replace(
        position, standing="unknown", rank=None, n_ranked=None, ties=None, merit=None, reason=reason
    )


def _departure(indicator: Indicator, position: Position) -> Departure | None:
    """Tell how far a cost is from typical, on both sides (M4b)."""
    if indicator.polarity.judge != "two_sided" or position.n_used < MINIMUM_COST:
        return None
    assert position.percentile is not None
    place, wide = np.array(position.percentile), np.array(is_wide(position))
    return cast("Departure", find_departures(place, wide).item())


def find_departures(percentile: NDArray[np.float64], wide: NDArray[np.bool_]) -> NDArray[np.str_]:
    """Name the distance of costs from typical: the middle half, beyond it, the outer tenths.

    A cost is typical too where its gap to the median is not :func:`is_wide`.

    Examples
    --------
    >>> places = np.array([0.5, 0.75, 0.833, 0.9, 0.91, 0.91])
    >>> find_departures(places, np.array([True, True, True, True, True, False])).tolist()
    ['typical', 'typical', 'departs', 'departs', 'strongly_departs', 'typical']
    """
    middle = (percentile >= 0.25) & (percentile <= 0.75)
    inner = (percentile >= 0.10) & (percentile <= 0.90)
    return np.select([middle | ~wide, inner], ["typical", "departs"], "strongly_departs")


def is_wide(position: Position) -> bool:
    """Tell whether the gap to the median is worth a question, whatever the place in the group.

    In a group of nearly equal values the last place says little. Of a median of 0 there is no
    percentage, so any gap is wide.

    Examples
    --------
    >>> [is_wide(Position(11.0, 12, 12, gap_percent=gap)) for gap in (6.2, -10.0, None)]
    [False, True, True]
    """
    gap = position.gap_percent
    return gap is None or abs(gap) >= SMALLEST_GAP_PERCENT


def compare_ranks(
    indicator: Indicator, values: pd.DataFrame | YearValues, codes: Iterable[str]
) -> dict[str, int]:
    """Return the competition rank of each named unit that has a value (M9).

    Parameters
    ----------
    indicator, values
        As for :func:`compare_position`.
    codes : iterable of str
        Who is ranked together.

    Returns
    -------
    dict of str to int
        1 = best by polarity; units with equal printed values share a place. Empty when the
        indicator has no direction or too few units have a value.
    """
    laid_out = YearValues.of(values)
    known = {code: value for code in codes if (value := laid_out.value(code)) is not None}
    if not indicator.ranked or len(known) <= MINIMUM_RANKED:
        return {}
    from scipy.stats import rankdata

    shown = round_for_display(np.array(list(known.values())), indicator)
    ranks = rankdata(badness(indicator, shown), method="min").astype("int64")
    return dict(zip(known, ranks.tolist(), strict=True))


def rests_on_few(values: pd.DataFrame, codes: Iterable[str]) -> bool:
    """Tell whether so many values of the named units rest on few cases that no order means much.

    Parameters
    ----------
    values : DataFrame
        ``unit_code, value, qualifiers`` of one indicator and year.
    codes : iterable of str
        Who would be ranked together.

    Returns
    -------
    bool
        True where it is more than a quarter of those with a value.

    Examples
    --------
    >>> import pandas as pd
    >>> few = pd.DataFrame({"unit_code": ["9002", "9003"], "value": [0.0, 4.2]})
    >>> rests_on_few(few.assign(qualifiers=["small_denominator", ""]), ["9002", "9003"])
    True
    """
    shown = values[values["unit_code"].isin(list(codes)) & values["value"].notna()]
    few = [not FEW_CASES.isdisjoint(text.split(",")) for text in shown["qualifiers"]]
    return sum(few) > len(few) * MOST_FEW
