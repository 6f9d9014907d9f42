"""Is a unit at the claimed place of its group? (M9, M10)."""

from __future__ import annotations

from typing import Any, Literal

import pandas as pd

from smup_lib.compare import compare_rank_chance, compare_rank_rounding
from smup_lib.compare.chance import CONFIDENCE_LEVELS
from smup_lib.compare.persistence import LASTING
from smup_lib.compare.position import MINIMUM_PEERS, round_for_display
from smup_lib.compare.rank_interval import LABELS
from smup_lib.conclude.claim_data import ClaimData, halves_of, values_of, with_number
from smup_lib.conclude.claim_gaps import UNTESTED, measure_gap
from smup_lib.conclude.claim_levels import (
    CHANCE_STEP,
    FEW,
    FEW_STEP,
    NO_DIRECTION,
    ROUNDED,
    ROUNDED_STEP,
    Wanted,
)
from smup_lib.conclude.confidence import Confidence
from smup_lib.conclude.evidence import CitedNumber
from smup_lib.conclude.verdicts import Answer, undecidable

#: Of a group with fewer values than this share of its units the first place says little.
_WELL_COVERED = 0.8
_HAIR = 1e-9


def decide_extreme(data: ClaimData, says: Literal["highest", "lowest"]) -> Answer:
    """Decide whether nobody in the group has as high (low) a value.

    Who shares the printed value is not highest alone: that contradicts. With counts the value must
    be beyond chance against each of the others.
    """
    rows = data.rows_of(data.indicator, data.claim.year)
    group = data.assessment.group
    own = with_number(rows, [data.assessment.unit.code])
    peers = with_number(rows, group.members)
    if len(peers) < MINIMUM_PEERS:
        return undecidable(
            "Za mało jednostek grupy ma wartość, by ktoś był tu skrajny ({n}).",
            "wybierz grupę, w której więcej ma dane, albo porównaj dwie jednostki",
            {"n": data.cite_count(len(peers), "n_used")},
            ["M9"],
        )
    sign = 1.0 if says == "highest" else -1.0
    shown = sign * round_for_display(values_of(peers), data.indicator)
    mine = sign * float(round_for_display(float(values_of(own)[0]), data.indicator))
    first = peers.iloc[[int(shown.argmax())]]
    numbers = {
        "value": data.cite(float(values_of(own)[0])),
        "nearest": data.cite(float(values_of(first)[0]), unit=str(first["unit_code"].iloc[0])),
        "n": data.cite_count(len(peers), "n_used"),
        "n_group": data.cite_count(len(group.members), "n_group"),
    }
    word = "najwyższa" if says == "highest" else "najniższa"
    seen = f"{word.capitalize()} wartość wśród pozostałych {{n}} jednostek z danymi to {{nearest}}"
    if float(shown.max()) >= mine:
        return Answer("contradicted", f"{seen}, a porównywana ma {{value}}.", numbers, ("M9",))
    wanted: Wanted = "above" if says == "highest" else "below"
    answer = _doubt_of_extreme(data, own, peers, wanted, (seen, numbers))
    if isinstance(answer, Answer):
        return answer
    thin = len(peers) < _WELL_COVERED * len(group.members)
    confidence: Confidence = "low" if thin else answer
    if len(peers) < len(group.members) and confidence == "high":
        confidence = "medium"
    why = "dane ma {n} z {n_group} jednostek grupy"
    text = f"Wartość {{value}} jest {word}; najbliższa w grupie to {{nearest}}."
    methods = ("M9", "M13") if data.counted else ("M9", "M10")
    return Answer("supported", text, numbers, methods, confidence, why)


def _doubt_of_extreme(
    data: ClaimData,
    own: pd.DataFrame,
    peers: pd.DataFrame,
    wanted: Wanted,
    told: tuple[str, dict[str, CitedNumber]],
) -> Answer | Confidence:
    """Return why an extreme value may not be one, or else how sure it is."""
    seen, numbers = told
    if data.few_cases(own):
        return undecidable(f"{seen}. {FEW}", FEW_STEP, numbers, ["M9"])
    value, half = float(values_of(own)[0]), float(halves_of(own)[0])
    sign = 1.0 if wanted == "above" else -1.0
    reach = sign * values_of(peers) + halves_of(peers)
    if float(reach.max()) > sign * value - half + _HAIR * max(1.0, abs(value)):
        return undecidable(f"{seen}, a {ROUNDED}.", ROUNDED_STEP, numbers, ["M10"])
    if data.counted is None:
        return "low" if data.untested else "medium"
    # only those near enough can be reached by chance; all are asked, the answer is the weakest
    gaps = [measure_gap(data, own, peers.iloc[[place]]) for place in range(len(peers))]
    beyond = [gap.beyond(0.0, wanted) for gap in gaps if gap.counted]
    if not all(sure for sure, _ in beyond):
        text = f"{seen}, a porównywana ma {{value}}; kolejność może być dziełem przypadku."
        return undecidable(text, CHANCE_STEP, numbers, ["M13"])
    return "high" if beyond and all(surer for _, surer in beyond) else "medium"


def decide_place(data: ClaimData) -> Answer:
    """Decide whether a unit is within a place, or a quarter, of its group."""
    if not data.indicator.ranked:
        step = "napisz, czy wartość jest najwyższa albo najniższa (highest, lowest)"
        return undecidable(NO_DIRECTION, step)
    position = data.item.position
    if position.standing == "unknown" or position.rank is None:
        why = position.reason or "miejsca nie da się podać"
        few = data.few_cases(data.row(data.assessment.unit.code, data.claim.year))
        step = FEW_STEP if few else "wybierz grupę, w której więcej jednostek ma dane"
        return undecidable(f"{why[:1].upper()}{why[1:]}.", step, methods=["M9"])
    row, n, label = _rank_row(data)
    if row is None:
        return undecidable("Miejsca nie da się podać.", FEW_STEP, methods=["M10"])
    # the claim counts places among the printed values; chance says how far they could move
    low, high, rank = float(row["low"]), float(row["high"]), float(position.rank)
    numbers = {
        "value": data.cite(position.value or 0.0),
        "rank": data.cite_count(rank, "rank"),
        "n": data.cite_count(n, "n_ranked"),
        "low": data.cite_count(low, "M10:low"),
        "high": data.cite_count(high, "M10:high"),
    }
    by_chance = label == LABELS["chance"]
    why = "sam przypadek mógłby" if by_chance else "ukryte cyfry mogłyby"
    seen = f"Miejsce {{rank}} na {{n}}; {why} je zmienić na każde między {{low}} a {{high}}"
    if low == rank == high:
        what = "przypadek raczej" if by_chance else "zaokrąglenie"
        seen = f"Miejsce {{rank}} na {{n}}; {what} go nie zmienia"
    return _decide_within(data, (rank, low, high, n), float(row["best_quarter"]), seen, numbers)


def _decide_within(
    data: ClaimData,
    places: tuple[float, float, float, int],
    best_quarter: float,
    seen: str,
    numbers: dict[str, CitedNumber],
) -> Answer:
    rank, low, high, n = places
    claim, quarter = data.claim, n // 4
    if claim.says == "worst_quarter":
        first = n - quarter + 1
        there, certain = rank >= first, low >= first
    else:
        limit = quarter if claim.says == "best_quarter" else int(claim.place or 0)
        there, certain = rank <= limit, high <= limit
    if claim.says == "rank" and claim.place is not None:
        numbers["claimed"] = data.cite_claimed(claim.place, "place", "")
        seen += "; wniosek mówi: najdalej {claimed}"
    if claim.says == "best_quarter":
        key = data.cite_count(0, "M10:chance").key
        numbers["chance"] = CitedNumber(key, 100 * best_quarter, 0, "%")
        only = "" if data.counted else ", gdyby liczyło się samo zaokrąglenie"
        seen += f"; szansa na najlepszą ćwiartkę {{chance}}{only}"
        certain = best_quarter >= CONFIDENCE_LEVELS[0]
    if not there:
        return Answer("contradicted", f"{seen}.", numbers, ("M9", "M10"))
    if not certain:
        text = f"{seen}: tego miejsca nie da się być pewnym."
        return undecidable(text, "podaj miejsce razem z przedziałem", numbers, ["M10"])
    surer = claim.says == "best_quarter" and best_quarter >= CONFIDENCE_LEVELS[1]
    confidence: Confidence = "high" if surer and data.counted else "medium"
    if data.untested:
        lasting = (data.item.persistence.share or 0.0) >= LASTING
        confidence = "medium" if lasting else "low"
    why = "" if data.counted else UNTESTED
    return Answer("supported", f"{seen}.", numbers, ("M9", "M10"), confidence, why)


def _rank_row(data: ClaimData) -> tuple[Any, int, str]:
    """Return the unit's place with its interval: by counts where they are known, else by digits."""
    codes = [data.assessment.unit.code, *data.assessment.group.members]
    if data.counted is not None:
        rows = data.rows_of(data.counted.indicator, data.claim.year)
        found = compare_rank_chance(data.counted.indicator, rows[rows["unit_code"].isin(codes)])
        if found.reason is None:
            return _row_of(found.rows, codes[0]), found.n_used, found.label
    rows = data.rows_of(data.indicator, data.claim.year)
    found = compare_rank_rounding(data.indicator, rows[rows["unit_code"].isin(codes)])
    return _row_of(found.rows, codes[0]), found.n_used, found.label


def _row_of(rows: pd.DataFrame, code: str) -> Any:
    own = rows[(rows["unit_code"] == code) & (rows["reason"] == "")]
    return None if own.empty else own.iloc[0]
