"""Is a value larger than that of another unit or year, and by as much? (M9, M10, M13, M16)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from smup_lib.compare import compare_learnable, compare_visible_change
from smup_lib.compare.chance import CONFIDENCE_LEVELS
from smup_lib.compare.counts import lay_out_counts
from smup_lib.compare.intervals import difference_interval, ratio_interval
from smup_lib.compare.learnable import NOT_BETTER, TOO_NEAR
from smup_lib.compare.position import badness, find_side, round_for_display
from smup_lib.conclude.claim_data import ClaimData, halves_of, values_of
from smup_lib.conclude.claim_levels import (
    CHANCE_STEP,
    FEW_STEP,
    NO_DIRECTION,
    NO_DIRECTION_STEP,
    ROUNDED,
    ROUNDED_STEP,
    SIDE_WORDS,
    Wanted,
)
from smup_lib.conclude.doubts import MINIMUM_EXPECTED
from smup_lib.conclude.evidence import CitedNumber
from smup_lib.conclude.verdicts import Answer, undecidable
from smup_lib.polish_text import in_sentence
from smup_lib.units.inflection import say_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smup_lib.catalogue import Indicator
    from smup_lib.conclude.confidence import Confidence

_HAIR = 1e-9
TWIN_STEP = "ustal u źródła, która wartość jest właściwa"
#: Why a difference of two values without counts is not surer.
UNTESTED = "sam zapis wartości, wpływu przypadku nie sprawdzono"


@dataclass(frozen=True)
class Gap:
    """By how much one value is above another (times a factor), and between which bounds.

    Attributes
    ----------
    value : float
        In the measure unit of the indicator.
    bounds : tuple of (low, high)
        At each of the levels of confidence, the weaker first; of rounding twice the same.
    counted : bool
        Whether the bounds are those of chance, from counts; else of hidden digits.
    """

    value: float
    bounds: tuple[tuple[float, float], tuple[float, float]]
    counted: bool

    def beyond(self, size: float, wanted: Wanted) -> tuple[bool, bool]:
        """Tell at each level whether the whole interval lies beyond a size on the wanted side."""
        # on the wanted side; hidden digits may touch the size, chance may not
        least = [low if wanted == "above" else -high for low, high in self.bounds]
        if self.counted:
            return least[0] > size, least[1] > size
        touching = size - _HAIR * max(1.0, abs(self.value))
        return least[0] >= touching, least[1] >= touching


def measure_gap(
    data: ClaimData, own: pd.DataFrame, other: pd.DataFrame, factor: float = 1.0
) -> Gap:
    """Measure the gap between two rows, with the bounds of chance where both have counts.

    Parameters
    ----------
    data : ClaimData
        Knows whether there are counts, of the indicator or of a twin.
    own, other : DataFrame
        One row each.
    factor : float
        The other value is multiplied by it.
    """
    one, two = float(values_of(own)[0]), factor * float(values_of(other)[0])
    counted = _counted_pair(data, own, other)
    if counted is None:
        slack = float(halves_of(own)[0]) + abs(factor) * float(halves_of(other)[0])
        bounds = (one - two - slack, one - two + slack)
        return Gap(one - two, (bounds, bounds), counted=False)
    indicator, pair = counted
    counts = lay_out_counts(indicator, pair)
    ratio = counts.count / counts.base
    found = []
    for level in CONFIDENCE_LEVELS:
        low, high = ratio_interval(indicator.method, counts.count, counts.base, level)
        least, most = difference_interval(
            ratio[:1],
            (low[:1], high[:1]),
            factor * ratio[1:],
            (factor * low[1:], factor * high[1:]),
        )
        found.append(
            (indicator.multiplier * float(least[0]), indicator.multiplier * float(most[0]))
        )
    return Gap(one - two, (found[0], found[1]), counted=True)


def _counted_pair(
    data: ClaimData, own: pd.DataFrame, other: pd.DataFrame
) -> tuple[Indicator, pd.DataFrame] | None:
    """Return the counted indicator with its rows ``own`` and ``other``; None when one has none."""
    if data.counted is None:
        return None
    indicator = data.counted.indicator
    rows = [
        data.row(str(row["unit_code"].iloc[0]), int(row["year"].iloc[0]), indicator)
        for row in (own, other)
    ]
    if any(row.empty for row in rows):
        return None
    both = pd.concat(rows).assign(unit_code=["own", "other"])
    return (indicator, both) if lay_out_counts(indicator, both).known.all() else None


def decide_gap(data: ClaimData, says: Literal["higher", "lower", "equal"]) -> Answer:
    """Decide whether a value is above, below or equal to that of another unit or year."""
    own, other = _both_rows(data)
    numbers = list_gap_numbers(data, own, other)
    side = find_side(data.indicator, float(values_of(own)[0]), float(values_of(other)[0]))
    seen = f"Wartość {{value}} jest {SIDE_WORDS[side]} {_whose(data)}: {{other}}"
    gap = measure_gap(data, own, other)
    wanted: Wanted | None = {"higher": "above", "lower": "below"}.get(says)  # type: ignore[assignment]
    if says == "equal" and side == "equal":
        return Answer("supported", f"{seen}.", numbers, ("M10",), "medium")
    apart = side != "equal" and _apart_as_written(own, other)
    if side != wanted:
        if side != "equal" and not apart:
            return undecidable(f"{seen}, ale {ROUNDED}.", ROUNDED_STEP, numbers, ["M10"])
        return Answer("contradicted", f"{seen}.", numbers, ("M10",))
    assert wanted is not None
    return _decide_beyond(data, gap, 0.0, wanted, (seen, numbers), (own, other))


def decide_size(data: ClaimData) -> Answer:
    """Decide whether a value rose (fell) since an earlier year by at least a size."""
    claim = data.claim
    assert claim.size is not None  # the claim's kind requires it
    wanted: Wanted = "above" if claim.says == "rose_by" else "below"
    sign = 1.0 if wanted == "above" else -1.0
    own, other = _both_rows(data)
    factor = 1.0 + sign * claim.size / 100 if claim.percent else 1.0
    size = 0.0 if claim.percent else claim.size
    shown = [float(round_for_display(float(values_of(r)[0]), data.indicator)) for r in (own, other)]
    seen_change = shown[0] - factor * shown[1]
    unit = "%" if claim.percent else data.cite_change(0, "x").measure_unit
    numbers = list_gap_numbers(data, own, other)
    numbers["claimed"] = data.cite_claimed(claim.size, "size", unit)
    change = float(values_of(own)[0]) - float(values_of(other)[0])
    numbers["change"] = data.cite_change(change, "change")
    moved = "wzrosła" if wanted == "above" else "spadła"
    part = ""
    if claim.percent and float(values_of(other)[0]) > 0:
        key = numbers["change"].key.of(statistic="change_percent")
        reached = 100 * change / float(values_of(other)[0])
        numbers["percent"] = CitedNumber(key, reached, 1, "%", signed=True)
        part = ", czyli o {percent}"
    seen = f"Wartość zmieniła się z {{other}} na {{value}} (o {{change}}{part}), "
    seen += f"a wniosek mówi: {moved} "
    seen += "o co najmniej {claimed}"
    gap = measure_gap(data, own, other, factor)
    least = size - _HAIR * max(1.0, abs(size))
    # what is printed and what is behind it must both fall short of the size
    if max(sign * seen_change, sign * gap.value) < least:
        slack = float(halves_of(own)[0]) + abs(factor) * float(halves_of(other)[0])
        if slack > 0 and sign * seen_change + slack > size and sign * change > 0:
            return undecidable(f"{seen}; {ROUNDED}.", ROUNDED_STEP, numbers, ["M10"])
        return Answer("contradicted", f"{seen}.", numbers, ("M10",))
    # printed digits alone reach the size: then it is not only its proof that lacks
    plain = measure_gap(data, own, other) if sign * gap.value >= least else None
    return _decide_beyond(data, gap, size, wanted, (seen, numbers), (own, other), plain)


def _decide_beyond(
    data: ClaimData,
    gap: Gap,
    size: float,
    wanted: Wanted,
    told: tuple[str, dict[str, CitedNumber]],
    rows: tuple[pd.DataFrame, pd.DataFrame],
    plain: Gap | None = None,
) -> Answer:
    """Decide whether a gap that is seen on the wanted side is more than chance or hidden digits.

    ``plain`` is the gap itself where a size is claimed: it must be real before its size is asked.
    """
    seen, numbers = told
    few, doubt = _weigh_few(data, *rows)
    if doubt:
        asked = ["M16" if gap.counted else "M9"]
        return undecidable(f"{seen}. {doubt}", FEW_STEP, numbers, asked)
    sure, surer = gap.beyond(size, wanted)
    if sure:
        beyond = ", i to bardziej, niż tłumaczyłby przypadek" if gap.counted else ""
        confidence: Confidence = "high" if gap.counted and surer and not few else "medium"
        confidence = "low" if data.untested else confidence
        methods = ("M13",) if gap.counted else ("M10",)
        why = "różnica większa niż przypadkowa" if gap.counted else UNTESTED
        return Answer("supported", f"{seen}{beyond}.", numbers, methods, confidence, why)
    if plain is not None and plain.beyond(0.0, wanted)[0] and gap.counted:
        return Answer("supported", f"{seen}.", numbers, ("M13",), "low", "wielkość jest niepewna")
    if not gap.counted:
        return undecidable(f"{seen}, ale {ROUNDED}.", ROUNDED_STEP, numbers, ["M10"])
    visible, step = _visible(data, rows[1])
    text = f"{seen}, ale przy takiej liczbie przypadków może to być dziełem przypadku."
    return undecidable(text, step, numbers | visible, ["M13", "M16"] if visible else ["M13"])


def _weigh_few(data: ClaimData, own: pd.DataFrame, other: pd.DataFrame) -> tuple[bool, str]:
    """Tell whether a value rests on a few cases, and whose does so that nothing can be decided.

    With counts a rate is asked as beside a group: it must have enough events to be expected, here
    at the rate of both together. None at all where thousands are expected says something.
    """
    rows, counted = (own, other), _counted_pair(data, own, other)
    if counted is None:
        few = [row for row in rows if data.few_cases(row)]
        return bool(few), say_few(data, few)
    indicator, pair = counted
    marked = [data.few_cases(pair.iloc[[place]]) for place in range(2)]
    if indicator.method != "rate":
        return any(marked), ""
    counts = lay_out_counts(indicator, pair)
    expected = counts.base * counts.count.sum() / counts.base.sum()
    told = zip(rows, marked, expected.tolist(), strict=True)
    return any(marked), say_few(data, [r for r, few, n in told if few and n < MINIMUM_EXPECTED])


def say_few(data: ClaimData, rows: Sequence[pd.DataFrame]) -> str:
    """Say whose values rest on a few cases, or on nobody knows how many; nothing of no rows."""
    whose = list(dict.fromkeys(_value_of(data, row) for row in rows))
    if not whose:
        return ""
    small = any("small_denominator" in str(text) for row in rows for text in row["qualifiers"])
    verbs = ("opiera się", "rozstrzyga") if len(whose) == 1 else ("opierają się", "rozstrzygają")
    number = "małej" if small else "nieznanej"
    return f"Na {number} liczbie przypadków {verbs[0]} {' i '.join(whose)}, więc nie {verbs[1]}."


def _value_of(data: ClaimData, row: pd.DataFrame) -> str:
    """Name a value among those of a claim: by its unit, or by its year."""
    if data.claim.than != "unit" or data.other is None:
        return f"wartość z {int(row['year'].iloc[0])} r."
    theirs = str(row["unit_code"].iloc[0]) == data.other.code
    unit = data.other if theirs else data.assessment.unit
    return f"wartość {say_unit(unit, 'genitive', with_kind=True)}"


def _visible(data: ClaimData, row: pd.DataFrame) -> tuple[dict[str, CitedNumber], str]:
    """Return the smallest change that could be seen at all, and the step that it suggests (M16)."""
    assert data.counted is not None  # only counts have chance
    one = data.counted
    code, year = str(row["unit_code"].iloc[0]), int(row["year"].iloc[0])
    found = compare_visible_change(one.indicator, data.row(code, year, one.indicator)).rows
    if found.empty or found["reason"].iloc[0]:
        return {}, CHANCE_STEP
    visible = data.cite_change(float(found["value"].iloc[0]), "visible_change")
    plain = CitedNumber(visible.key, visible.value, visible.decimals, visible.measure_unit)
    return {"visible": plain}, "sprawdź kilka lat razem: z roku na rok widać dopiero {visible}"


def decide_better(data: ClaimData, wanted: Literal["better", "worse"]) -> Answer:
    """Decide whether a value is better than that of another unit or year (M13)."""
    if not data.indicator.ranked:
        return undecidable(NO_DIRECTION, NO_DIRECTION_STEP)
    own, other = _both_rows(data)
    numbers = list_gap_numbers(data, own, other)
    seen = f"Wartość {{value}} wobec {{other}} ({_whose(data)})"
    word = "korzystniejsza" if wanted == "better" else "mniej korzystna"
    plain = pd.concat([own, other]).assign(unit_code=["own", "other"])
    indicator, pair = _counted_pair(data, own, other) or (data.indicator, plain)
    if indicator.id != data.indicator.id and _orders(indicator, pair) != _orders(
        data.indicator, plain
    ):
        told, twins = tell_counts(data)
        text = f"{seen}, ale {told}: oba źródła inaczej układają te wartości."
        return undecidable(text, TWIN_STEP, numbers | twins, ["M13"])
    few = [row for n, row in enumerate((own, other)) if data.few_cases(pair.iloc[[n]])]
    if indicator.method == "rate" and few:
        return undecidable(f"{seen}. {say_few(data, few)}", FEW_STEP, numbers, ["M16"])
    who = ("other", "own") if wanted == "better" else ("own", "other")
    found = compare_learnable(indicator, pair, who[0], [who[1]])
    if found.reason:
        return undecidable(f"{seen}: {found.reason}.", NO_DIRECTION_STEP, numbers, ["M13"])
    reason = str(found.rows["reason"].iloc[0])
    if not reason:
        text = f"{seen}: jest {word}."
        if data.untested:
            return Answer("supported", text, numbers, ("M13",), "low", UNTESTED)
        return Answer("supported", text, numbers, ("M13",), "medium")
    if reason in (NOT_BETTER, TOO_NEAR):
        text = f"{seen}: nie jest {word} o tyle, by miało to znaczenie."
        return Answer("contradicted", text, numbers, ("M13",))
    return undecidable(f"{seen}: {reason}.", CHANCE_STEP, numbers, ["M13"])


def _orders(indicator: Indicator, pair: pd.DataFrame) -> int:
    """Tell which of two printed values is the better one: 1 the first, -1 the second, 0 neither."""
    first, second = badness(indicator, round_for_display(values_of(pair), indicator))
    return int(second > first) - int(second < first)


def tell_counts(data: ClaimData) -> tuple[str, dict[str, CitedNumber]]:
    """Name the twin whose counts were asked for chance, with its values; empty without a twin."""
    if data.counted is None or data.counted is data.item or data.claim.than not in ("unit", "year"):
        return "", {}
    own, other = _both_rows(data)
    found = _counted_pair(data, own, other)
    if found is None:
        return "", {}
    values, code = values_of(found[1]), str(other["unit_code"].iloc[0])
    cited = {
        "counted": data.cite(float(values[0]), of=data.counted),
        "counted_other": data.cite(
            float(values[1]), of=data.counted, unit=code, year=int(other["year"].iloc[0])
        ),
    }
    name = in_sentence(data.counted.indicator.name)
    words = f"przypadek sprawdzono na liczebnościach wskaźnika „{name}” z innego źródła"
    return f"{words} ({{counted}} wobec {{counted_other}})", cited


def _both_rows(data: ClaimData) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the row of the claim and the one it compares with; the caller knows they are there."""
    code, year = data.assessment.unit.code, data.claim.year
    if data.claim.than == "unit":
        assert data.other is not None  # the claim's kind requires it
        return data.row(code, year), data.row(data.other.code, year)
    return data.row(code, year), data.row(code, data.since)


def list_gap_numbers(
    data: ClaimData, own: pd.DataFrame, other: pd.DataFrame
) -> dict[str, CitedNumber]:
    """Return both values as evidence, each under its own unit and year."""
    code, year = str(other["unit_code"].iloc[0]), int(other["year"].iloc[0])
    return {
        "value": data.cite(float(values_of(own)[0])),
        "other": data.cite(float(values_of(other)[0]), unit=code, year=year),
    }


def _whose(data: ClaimData) -> str:
    """Name the other value: "wartość powiatu krakowskiego", "wartość w 2015 r."."""
    if data.claim.than == "unit":
        assert data.other is not None  # the claim's kind requires it
        whose = say_unit(data.other, "genitive", with_kind=True)
        return f"wartość {whose}"
    return f"wartość w {data.since} r."


def _apart_as_written(own: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Tell whether two values differ whatever digits are hidden."""
    slack = float(halves_of(own)[0]) + float(halves_of(other)[0])
    gap = abs(float(values_of(own)[0]) - float(values_of(other)[0]))
    return gap >= slack - _HAIR * max(1.0, slack)
