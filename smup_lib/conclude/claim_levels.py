"""Is a level what is claimed: beside the group, or beside a number? (M4a, M4b, M9, M12)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from smup_lib.compare import Chance, compare_chance, compare_position
from smup_lib.compare.chance import CONFIDENCE_LEVELS
from smup_lib.compare.persistence import LASTING
from smup_lib.compare.position import find_side, verdict_scale
from smup_lib.conclude.claim_data import Array, ClaimData, halves_of, values_of, with_number
from smup_lib.conclude.confidence import Confidence, rate_confidence
from smup_lib.conclude.doubts import MINIMUM_EXPECTED
from smup_lib.conclude.evidence import CitedNumber
from smup_lib.conclude.verdicts import Answer, undecidable, weakest
from smup_lib.flags import FEW_CASES

if TYPE_CHECKING:
    from collections.abc import Callable

    from smup_lib.catalogue import Indicator
    from smup_lib.compare import Position

Wanted = Literal["above", "below"]

SIDE_WORDS = {"above": "wyższa niż", "below": "niższa niż", "equal": "w zapisie taka sama jak"}
FEW = "Wartość opiera się na małej liczbie przypadków, więc nie rozstrzyga."
FEW_STEP = "porównaj sumę z kilku lat albo podaj same liczby"
NO_DIRECTION = "Wskaźnik nie ma uzgodnionego kierunku, więc nic nie jest tu lepsze ani gorsze."
NO_DIRECTION_STEP = "napisz, czy wartość jest wyższa, czy niższa (higher, lower)"
ROUNDED = "różnica mieści się w zaokrągleniu wartości"
ROUNDED_STEP = "poszukaj wartości zapisanych dokładniej albo policz wskaźnik z liczb"
CHANCE_STEP = "sprawdź kilka lat razem albo napisz, że różnicy nie widać"
_OF_DISTANCE = "inne grupy i lata sprawdzono dla odległości od celu, a nie dla samej wartości"
#: A share of the group within which a place is like the others'.
_MIDDLE = (0.25, 0.75)
#: The middle of the group's values is told up to a hair of floating point.
_HAIR = 1e-9
#: Of a side over years: so many years at least, and this share of them on the claimed side.
_YEARS_NEEDED = 5
#: A side that fewer of the other groups confirm is told with low confidence (M12).
_AGREED = 0.7


def decide_side(data: ClaimData, wanted: Wanted) -> Answer:
    """Decide whether a value is on the claimed side of the median of the group.

    The other side, and a value that is equal as printed, contradict. The claimed side supports when
    neither hidden digits nor chance (where counts are known) could undo it; other groups and years
    say how surely.
    """
    position = data.item.position
    if position.side is None or position.median is None:
        return undecidable(_sentence(position.reason), "wybierz grupę, w której więcej ma dane")
    numbers = _position_numbers(data, position)
    seen = f"Wartość {{value}} jest {SIDE_WORDS[position.side]} mediana grupy: {{median}}"
    hidden = not _beyond_rounding(data, position.side)
    if position.side != wanted:
        if hidden and position.side != "equal":
            return undecidable(f"{seen}, ale {ROUNDED}.", ROUNDED_STEP, numbers, ["M10"])
        return Answer("contradicted", f"{seen}.", numbers, ("M9",))
    if hidden:
        return undecidable(f"{seen}, ale {ROUNDED}.", ROUNDED_STEP, numbers, ["M10"])
    doubt = _ask_counts(data, seen, wanted)
    if doubt is not None:
        return doubt.beside(numbers)
    confidence, why, agreement = rate_side(data)
    if position.distance_side is not None:
        # other groups and years were asked for the distance to the target, not for the value
        confidence, why, agreement = "low", _OF_DISTANCE, {}
    beyond = ", i to bardziej, niż tłumaczyłby przypadek" if _told(ask_chance(data)) else ""
    methods = ("M4a", "M9", "M12") if beyond else ("M9", "M10", "M12")
    return Answer("supported", f"{seen}{beyond}.", numbers | agreement, methods, confidence, why)


def rate_side(data: ClaimData) -> tuple[Confidence, str, dict[str, CitedNumber]]:
    """Return the word of confidence in a place beside the group, why, and the numbers of the why.

    What findings ask (:func:`smup_lib.conclude.confidence.rate_confidence`) and what a claim must
    bear beyond that: somebody chose this unit, year and indicator because they look different. So
    one year that chance would give one unit in twenty, without earlier years to confirm it, is
    weak; so is a difference that does not stand among all that were tested, of a twin too.
    """
    signals = data.assessment.signals
    confidence, why, numbers = rate_confidence(data.assessment, data.item, signals)
    words, reasons = [confidence], [why]
    chance = ask_chance(data)
    if chance is not None and not (chance.excluded_at or 0) > CONFIDENCE_LEVELS[0]:
        alone = data.item.persistence.share is None and _told(chance)
        words.append("low" if alone else "medium")
        reasons += ["to jeden rok, którego wcześniejsze nie mają jak potwierdzić"] if alone else []
    family = (data.indicator.id, *(twin.indicator.id for twin in data.twins))
    if any(signals.keeps_place(name) is False for name in family) and "tested" not in numbers:
        words.append("low")
        reasons.append("wśród {tested} sprawdzonych taka różnica może się trafić przypadkiem")
        numbers["tested"] = data.cite_count(len(signals.places), "places_tested")
    if data.few_cases(data.row(data.assessment.unit.code, data.claim.year)):
        words.append("medium")
    return weakest(words), "; ".join(reason for reason in reasons if reason), numbers


def decide_merit(data: ClaimData, wanted: Literal["better", "worse"]) -> Answer:
    """Decide whether a value is better (worse) than in the group, by the signed direction.

    A judgement needs more than a side: a place outside the middle half, a gap that matters and,
    with counts, more than chance. A place like the others' contradicts it.
    """
    if not data.indicator.ranked:
        return undecidable(NO_DIRECTION, NO_DIRECTION_STEP)
    item, position = data.item, data.item.position
    if position.standing == "unknown":
        return undecidable(_sentence(position.reason), "podaj same liczby albo wybierz inną grupę")
    raw = compare_position(
        data.indicator, item.values, data.assessment.unit.code, data.assessment.group.members
    )
    if position.median is None or raw.standing not in ("better", "worse", "similar"):
        return undecidable(_sentence(raw.reason), "wybierz grupę, w której więcej ma dane")
    numbers = _position_numbers(data, position)
    seen = "Wartość {value} wobec mediany grupy {median}"
    if raw.standing == "similar":
        like = "to podobnie jak w grupie: w jej środkowej połowie albo z różnicą bez znaczenia"
        return Answer("contradicted", f"{seen}: {like}.", numbers, ("M9",))
    if raw.standing != wanted:
        word = "mniej korzystnie" if raw.standing == "worse" else "korzystniej"
        return Answer("contradicted", f"{seen}: to {word} niż w grupie.", numbers, ("M9",))
    side = raw.verdict_side
    if side in ("above", "below") and not _beyond_rounding(data, side, verdict_scale):
        return undecidable(f"{seen}: {ROUNDED}.", ROUNDED_STEP, numbers, ["M10"])
    if position.standing != wanted:
        text = f"{seen}: po tej stronie, ale {position.reason}."
        return undecidable(text, CHANCE_STEP, numbers, ["M4a", "M9"])
    confidence, why, agreement = rate_side(data)
    word = "korzystniej" if wanted == "better" else "mniej korzystnie"
    methods = ("M4a", "M9", "M12") if _told(item.chance) else ("M9", "M12")
    text = f"{seen}: to {word} niż w grupie."
    return Answer("supported", text, numbers | agreement, methods, confidence, why)


def decide_similar(data: ClaimData) -> Answer:
    """Decide whether there is no ground to speak of a difference from the group."""
    position = data.item.position
    if position.percentile is None or position.median is None:
        return undecidable(_sentence(position.reason), "wybierz grupę, w której więcej ma dane")
    numbers = _position_numbers(data, position)
    seen = "Wartość {value} wobec mediany grupy {median}"
    chance = ask_chance(data)
    explained = chance is not None and chance.explains
    methods = ("M4a", "M9") if _told(chance) else ("M9",)
    within = _MIDDLE[0] <= position.percentile <= _MIDDLE[1]
    if within or position.side == "equal":
        text = f"{seen}: to środkowa połowa grupy."
        return Answer("supported", text, numbers, methods, "medium", "")
    if data.few_cases(data.row(data.assessment.unit.code, data.claim.year)):
        return undecidable(FEW, FEW_STEP, numbers, ["M9"])
    if explained:
        # no proof of a difference is no proof of likeness
        why = "różnica mieści się w przypadkowych wahaniach"
        return Answer(
            "supported", f"{seen}: {why}.", numbers, methods, "low", "to nie dowód podobieństwa"
        )
    if position.side is None or not _beyond_rounding(data, position.side):
        return undecidable(f"{seen}: {ROUNDED}.", ROUNDED_STEP, numbers, ["M10"])
    text = f"{seen}: to poza środkową połową grupy."
    return Answer("contradicted", text, numbers, methods)


def decide_equal_to_group(data: ClaimData) -> Answer:
    """Decide whether a value is printed like the median of the group."""
    position = data.item.position
    if position.side is None or position.median is None:
        return undecidable(_sentence(position.reason), "wybierz grupę, w której więcej ma dane")
    numbers = _position_numbers(data, position)
    seen = f"Wartość {{value}} jest {SIDE_WORDS[position.side]} mediana grupy: {{median}}"
    if position.side == "equal":
        return Answer("supported", f"{seen}.", numbers, ("M9",), "medium")
    if not _beyond_rounding(data, position.side):
        return undecidable(f"{seen}, ale {ROUNDED}.", ROUNDED_STEP, numbers, ["M10"])
    return Answer("contradicted", f"{seen}.", numbers, ("M9",))


def decide_number(data: ClaimData, yardstick: float, says: str) -> Answer:
    """Decide whether the recorded value lies where it is claimed beside a number.

    The record of the year decides, up to its hidden digits: whether it will last is another claim.
    """
    own = data.item.value
    assert own is not None  # only shown values are asked
    row = data.row(data.assessment.unit.code, data.claim.year)
    half = float(halves_of(row)[0])
    unit = data.indicator.measure_unit
    claimed, value = data.cite_claimed(yardstick, "number", unit), data.cite(own)
    # a number with more digits than are printed is held against as many digits
    digits = max(value.decimals, claimed.decimals)
    numbers = {"value": replace(value, decimals=digits), "claimed": claimed}
    side = find_side(data.indicator, own, yardstick, digits)
    seen = f"Wartość {{value}} jest {SIDE_WORDS[side]} {{claimed}}"
    fits = {
        "higher": side == "above",
        "lower": side == "below",
        "equal": side == "equal",
        "at_least": side != "below",
        "at_most": side != "above",
    }[says]
    touches = abs(own - yardstick) < half - _HAIR and side != "equal"
    if touches:
        return undecidable(f"{seen}, ale {ROUNDED}.", ROUNDED_STEP, numbers, ["M10"])
    few = data.few_cases(row)
    confidence: Confidence = "low" if few else "medium"
    if not fits:
        return Answer("contradicted", f"{seen}.", numbers, ("M10",))
    return Answer("supported", f"{seen}.", numbers, ("M10",), confidence, "zapis jednego roku")


def decide_lasting(data: ClaimData, wanted: Wanted) -> Answer:
    """Decide whether a value was on one side of the median of the group for years.

    At least four fifths of the years with data support it, half of them or fewer contradict.
    """
    series = data.item.series
    here = series[series["year"].between(data.since, data.claim.year)]
    known = here[here["value"].notna() & here["median"].notna()]
    if len(known) < _YEARS_NEEDED:
        return undecidable(
            "W tym okresie jest za mało lat z danymi jednostki i grupy.",
            "wydłuż okres albo wnioskuj o jednym roku",
            {"years": data.cite_count(len(known), "years_tried")},
        )
    few = [year for year in known["year"] if data.own.cell(int(year)).has(*FEW_CASES)]
    if 2 * len(few) > len(known):
        return undecidable(FEW, FEW_STEP, methods=["M9"])
    pairs = zip(known["value"].tolist(), known["median"].tolist(), strict=True)
    agreeing = sum(find_side(data.indicator, own, median) == wanted for own, median in pairs)
    word = SIDE_WORDS[wanted]
    text = f"Wartość była {word} mediana grupy w {{agreeing}} z {{years}} lat z danymi."
    numbers = {
        "agreeing": data.cite_count(agreeing, "years_agreeing"),
        "years": data.cite_count(len(known), "years_tried"),
    }
    if 2 * agreeing <= len(known):
        return Answer("contradicted", text, numbers, ("M9",))
    if agreeing < LASTING * len(known):
        return undecidable(text, "wnioskuj o krótszym okresie albo o jednym roku", numbers, ["M9"])
    confidence = weakest([_agreement_of_groups(data), "medium"])
    if agreeing == len(known) and confidence != "low":
        confidence = "high"
    return Answer("supported", text, numbers, ("M9", "M12"), confidence, "")


def _agreement_of_groups(data: ClaimData) -> Confidence:
    share = data.item.robustness.share
    return "low" if share is None or share < _AGREED else "medium"


def ask_chance(data: ClaimData) -> Chance | None:
    """Ask the counts whether chance explains the difference from the group; None without counts."""
    one = data.counted
    if one is None:
        return None
    asked = one.chance
    if asked.excluded_at is not None:
        return asked
    return compare_chance(
        one.indicator, one.values, data.assessment.unit.code, data.assessment.group.members
    )


def _told(chance: Chance | None) -> bool:
    return chance is not None and chance.excluded_at is not None


def _ask_counts(data: ClaimData, seen: str, wanted: Wanted) -> Answer | None:
    """Return the doubt that counts, or their lack, cast on a side; None without one."""
    chance = ask_chance(data)
    row = data.row(
        data.assessment.unit.code, data.claim.year, (data.counted or data.item).indicator
    )
    few = data.few_cases(row)
    if chance is None or chance.excluded_at is None:
        return undecidable(FEW, FEW_STEP, methods=["M9"]) if few else None
    rare = chance.expected is not None and chance.expected < MINIMUM_EXPECTED
    if few and rare:
        return undecidable(FEW, FEW_STEP, methods=["M4a"])
    if chance.explains:
        text = f"{seen}, ale przy takiej liczbie przypadków różnica może być dziełem przypadku."
        return undecidable(text, CHANCE_STEP, methods=["M4a"])
    if chance.side is not None and chance.side != wanted:
        text = f"{seen}, ale wobec grupy jako całości wartość leży po drugiej stronie."
        return undecidable(text, "napisz, z czym porównujesz", methods=["M4a"])
    return None


def _as_they_are(indicator: Indicator, values: Array) -> Array:
    return values


def _beyond_rounding(
    data: ClaimData, side: str, scale: Callable[[Indicator, Array], Array] = _as_they_are
) -> bool:
    """Tell whether a value stays on its side of the median whatever digits are hidden.

    ``scale`` turns values into what is compared, such as distances to a target, which hidden
    digits move by no more than the values.
    """
    rows = data.rows_of(data.indicator, data.claim.year)
    own = with_number(rows, [data.assessment.unit.code])
    peers = with_number(rows, data.assessment.group.members)
    value, half = float(scale(data.indicator, values_of(own))[0]), float(halves_of(own)[0])
    compared, around = scale(data.indicator, values_of(peers)), halves_of(peers)
    low, high = float(np.median(compared - around)), float(np.median(compared + around))
    hair = _HAIR * max(1.0, abs(value))
    return value - half >= high - hair if side == "above" else value + half <= low + hair


def _position_numbers(data: ClaimData, position: Position) -> dict[str, CitedNumber]:
    """Return the value, the median, and how many lie where."""
    assert position.value is not None and position.median is not None
    numbers = {
        "value": data.cite(position.value),
        "median": data.cite(position.median, "median", in_group=True),
        "n": data.cite_count(position.n_used, "n_used"),
        "below": data.cite_count(position.below, "below"),
        "above": data.cite_count(position.above, "above"),
    }
    if position.rank is not None and position.n_ranked is not None:
        numbers["rank"] = data.cite_count(position.rank, "rank")
        numbers["n_ranked"] = data.cite_count(position.n_ranked, "n_ranked")
    return numbers


def _sentence(reason: str | None) -> str:
    text = reason or "położenie w grupie nie jest znane"
    return f"{text[:1].upper()}{text[1:]}."
