"""Findings about doubtful data: possibly an error, to be looked up at the source (M8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from smup_lib.compare.position import SMALLEST_GAP_PERCENT
from smup_lib.compare.reconciliation import half_digit
from smup_lib.conclude.evidence import CitedNumber
from smup_lib.conclude.finding import Finding
from smup_lib.conclude.telling import key_of, subject, weigh_task

if TYPE_CHECKING:
    from smup_lib.conclude.assessment import AreaAssessment, IndicatorAssessment

#: Two sources that disagree weigh a little less than one that contradicts itself.
_WEIGHT, _WEIGHT_OF_TWO = 0.5, 0.45


def error_findings(assessment: AreaAssessment, item: IndicatorAssessment) -> Iterator[Finding]:
    """Yield what may be an error: a value that jumps, data or sources that contradict."""
    if "impossible_value" in item.qualifiers.split(","):
        yield _contradiction_finding(assessment, item)
    elif item.status == "shown" and item.odd:
        yield _odd_finding(assessment, item)
    for twin in assessment.twins(item):
        if _disagree(item, twin):
            yield _disagreement_finding(assessment, item, twin)


def _odd_of(
    assessment: AreaAssessment,
    item: IndicatorAssessment,
    *,
    text: str,
    not_said: str,
    detail: str = "",
    numbers: Mapping[str, CitedNumber] | None = None,
    weight: float = _WEIGHT,
) -> Finding:
    """Return a finding that asks to look at the source, of which nobody can be sure."""
    return Finding(
        claim="odd",
        mark="not_judged",
        text=f"{subject(assessment, item)}: {text}",
        detail=detail,
        numbers=numbers or {},
        strength=weight * weigh_task(assessment, item),
        confidence_reason="to sygnał do sprawdzenia, a nie wniosek",
        indicator=item.indicator.id,
        service=item.indicator.service,
        not_said=not_said,
        method="M8",
    )


def _contradiction_finding(assessment: AreaAssessment, item: IndicatorAssessment) -> Finding:
    """Say that a part does not fit into its whole: no value is made of such data."""
    return _odd_of(
        assessment,
        item,
        text=f"dane za {assessment.year} r. przeczą sobie, bo część nie mieści się w całości. "
        "Trzeba je sprawdzić u źródła.",
        not_said="Sprzeczność nie mówi, która z liczb jest błędna.",
    )


def _odd_finding(assessment: AreaAssessment, item: IndicatorAssessment) -> Finding:
    """Say that a value is far from earlier years, or beyond all peers: look at the source (M8)."""
    beyond = not item.among_years.odd
    usual = (item.among_peers if beyond else item.among_years).median
    assert item.value is not None and usual is not None  # it would not be odd
    own = key_of(assessment, item, "value").of(group="")
    of_usual = key_of(assessment, item, "median") if beyond else own.of(statistic="median_of_years")
    numbers = {"value": (own, item.value), "usual": (of_usual, usual)}
    alone = not any(one.cell.known for one in item.by_year if one.year != assessment.year)
    years = "innych lat do porównania nie ma" if alone else "inne lata nie mówią, że tak bywa"
    far = (
        f"wartość jest wielokrotnie większa niż w każdej porównywanej jednostce, a {years}"
        if beyond
        else "wartość pojawia się po latach zera (zero było w większości wcześniejszych lat)"
        if item.among_years.median == 0
        else "wartość wyraźnie odbiega od większości wcześniejszych lat tej jednostki"
    )
    return _odd_of(
        assessment,
        item,
        text=f"{far}. Warto sprawdzić ją u źródła.",
        detail=f"{{value}} · mediana {'grupy' if beyond else 'wcześniejszych lat'} {{usual}}",
        numbers={
            name: CitedNumber(key, number, item.indicator.decimals, item.indicator.measure_unit)
            for name, (key, number) in numbers.items()
        },
        not_said="Wartość odległa od innych może być prawdziwa; nie mówi, czy to dobrze, czy źle.",
    )


def _disagree(item: IndicatorAssessment, twin: IndicatorAssessment) -> bool:
    """Tell whether two sources of one thing differ by more than rounding and by a tenth.

    A published rate is divided by another number of inhabitants than ours, so a little is nothing.
    """
    one, other = item.value, twin.value
    if one is None or other is None or item.indicator.measure_unit != twin.indicator.measure_unit:
        return False
    digits = (item.indicator.decimals, twin.indicator.decimals)
    allowed = max(
        float(half_digit(digits).sum()), SMALLEST_GAP_PERCENT / 100 * max(abs(one), abs(other))
    )
    return abs(one - other) > allowed


def _disagreement_finding(
    assessment: AreaAssessment, item: IndicatorAssessment, twin: IndicatorAssessment
) -> Finding:
    """Say that two sources of one thing contradict each other."""
    numbers = {
        name: CitedNumber(
            key_of(assessment, one, "value").of(group=""),
            one.value or 0.0,
            one.indicator.decimals,
            one.indicator.measure_unit,
        )
        for name, one in (("value", item), ("other", twin))
    }
    return _odd_of(
        assessment,
        item,
        text="dwa źródła podają różne wartości, a różnicy nie tłumaczy zaokrąglenie. "
        "Warto sprawdzić obie.",
        detail=f"{{value}} · {twin.indicator.short_name}: {{other}}",
        numbers=numbers,
        not_said="Różnica źródeł nie mówi, które z nich ma rację.",
        weight=_WEIGHT_OF_TWO,
    )
