"""How is a place printed: never alone, with what it is worth and whether other groups agree?"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from smup_lib.conclude.evidence import NumberKey
from smup_lib.conclude.place_worth import weigh_place
from smup_lib.present.formats import NBSP
from smup_lib.present.numbers import tagged
from smup_lib.present.values_table import DEPARTURES, used_of_group
from smup_lib.present.words import STANDINGS, standing_words

if TYPE_CHECKING:
    from smup_lib.conclude import AreaAssessment, IndicatorAssessment
    from smup_lib.conclude.place_worth import PlaceWorth


def place_words(item: IndicatorAssessment, key: NumberKey) -> str:
    """Return the place among how many, and with how many it is shared; markup."""
    position = item.position
    rank = tagged(position.rank, key.of(statistic="rank"))
    of = tagged(position.n_ranked, key.of(statistic="n_ranked"))
    ties = tagged(position.ties, key.of(statistic="ties"))
    tied = f" (ex aequo z {ties} innymi)" if position.ties else ""
    return f"{rank}.{NBSP}miejsce na{NBSP}{of}{tied}"


def render_place_worth(
    assessment: AreaAssessment, item: IndicatorAssessment, key: NumberKey
) -> str:
    """Say between which places a unit lies, once for each uncertainty, under its own name (M10)."""
    worths = weigh_place(item, assessment.twins(item))
    return "".join(f'<p class="smup-note">{_worth_words(worth, item, key)}</p>' for worth in worths)


def _worth_words(worth: PlaceWorth, item: IndicatorAssessment, key: NumberKey) -> str:

    def named(statistic: str) -> NumberKey:
        return key.of(indicator=worth.indicator, statistic=f"{statistic}:{worth.kind}")

    with_it = escape(worth.label.replace("niepewność", "niepewności"))
    chance = tagged(100 * worth.best_quarter, named("best_quarter"), measure_unit="%")
    quarter = f"szansa na najlepszą ćwiartkę: {chance}"
    # certain bounds of the digits are not all that is uncertain
    more = " Przypadek może zmienić miejsce bardziej." if worth.kind == "rounding" else ""
    if worth.low == worth.high == item.position.rank:
        return f"Przy {with_it} miejsce się nie zmienia; {quarter}.{more}"
    low = tagged(worth.low, named("rank_low"))
    high = tagged(worth.high, named("rank_high"))
    return f"Przy {with_it} od{NBSP}{low}. do{NBSP}{high}.{NBSP}miejsca; {quarter}.{more}"


def render_standing(item: IndicatorAssessment, key: NumberKey) -> str:
    """Return the verdict with its reason, how many had a value, and whether it holds (M12)."""
    position = item.position
    words = standing_words(position.standing)
    if position.departure:
        words = f"{STANDINGS['not_judged'].shape} {DEPARTURES[position.departure]}"
    why = f": {escape(position.reason)}" if position.reason else ""
    used = f"dane ma {used_of_group(item, key)} jednostek grupy"
    return (
        f'<p class="smup-standing smup-is-{position.standing}">{words}{why} · {used}'
        f"{_robustness_words(item, key)}</p>"
    )


def _robustness_words(item: IndicatorAssessment, key: NumberKey) -> str:
    verdict = item.position.standing in ("better", "worse", "similar") or item.position.departure
    if item.robustness.share is None or not verdict:
        return ""
    share = tagged(100 * item.robustness.share, key.of(statistic="robustness"), measure_unit="%")
    return f" · po tej samej stronie mediany w{NBSP}{share} innych grup"
