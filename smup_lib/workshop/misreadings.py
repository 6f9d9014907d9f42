"""Which wrong numbers do people take from a card, and what does each of them need to hear?

The wrong numbers are those of the participant's own unit, computed when the question is made.
Misconceptions: training notes, section 7.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from smup_lib.flags import NUMBER_FLAGS
from smup_lib.workshop.questions import Mistake
from smup_lib.workshop.statements import end_sentence, number, why_missing

if TYPE_CHECKING:
    from smup_lib.conclude import IndicatorAssessment
    from smup_lib.reports.area import AreaView

_POPULATION = "population"
ZERO_FOR_MISSING = (
    "Puste pole to brak informacji albo tajemnica, nie zero. Zero wolno wpisać tylko przy "
    "znaczniku „zjawisko nie wystąpiło”."
)


def list_value_mistakes(view: AreaView, item: IndicatorAssessment) -> Iterator[Mistake]:
    """Yield what is answered instead of the unit's value, the likeliest first."""
    if item.value is None:
        why = f"{ZERO_FOR_MISSING} Tutaj powód jest taki: {why_missing(item)}."
        yield Mistake("zero_for_missing", 0.0, why)
    yield from _group_numbers(view, item)
    yield from _inputs(view, item)
    if item.value is not None and item.indicator.measure_unit == "%":
        yield Mistake(
            "share_for_percent",
            item.value / 100,
            "To ułamek. Wskaźnik podaje się w procentach, czyli na sto.",
        )
    yield from _other_years(view, item)
    yield from _other_rows(view, item)
    year = view.assessment.year
    yield Mistake("year_for_value", float(year), "To rok. Wartość stoi w tym samym wierszu tabeli.")


def list_gap_mistakes(view: AreaView, item: IndicatorAssessment) -> Iterator[Mistake]:
    """Yield what is answered instead of the gap to the median, the likeliest first."""
    position = item.position
    if item.value is None or position.median is None or position.gap is None:
        yield Mistake("zero_for_missing", 0.0, ZERO_FOR_MISSING)
        return
    yield Mistake(
        "value_for_gap",
        item.value,
        "To sama wartość jednostki. Pytanie jest o to, ile ją dzieli od mediany grupy.",
    )
    yield Mistake(
        "median_for_gap",
        position.median,
        "To sama mediana grupy. Pytanie jest o to, ile dzieli od niej wartość jednostki.",
    )
    yield Mistake(
        "sign",
        -position.gap,
        "Odjęto w odwrotnej kolejności. Od wartości jednostki odejmij medianę: minus znaczy, że "
        "jednostka ma mniej niż mediana.",
    )
    yield from _percent_gap(item)
    yield from _inputs(view, item)


def _percent_gap(item: IndicatorAssessment) -> Iterator[Mistake]:
    percent = item.position.gap_percent
    if percent is None:
        return
    if item.indicator.measure_unit == "%":
        name, why = (
            "percent_for_points",
            "Podano różnicę w procentach mediany. Różnica dwóch odsetków to punkty procentowe: "
            "z 20% do 25% jest 5 p.proc., czyli 25% więcej.",
        )
    else:
        name, why = (
            "percent_for_units",
            "Podano różnicę w procentach mediany. Pytanie jest o różnicę w: "
            + end_sentence(escape(item.indicator.measure_unit)),
        )
    for value in (percent, -percent):
        yield Mistake(name, value, why)


def _group_numbers(view: AreaView, item: IndicatorAssessment) -> Iterator[Mistake]:
    position = item.position
    if position.median is not None:
        median = number(view, item, "median")
        instead = (
            "Brakującej wartości nie zastępuje się medianą."
            if item.value is None
            else "Wartość jednostki stoi w kolumnie obok."
        )
        yield Mistake(
            "median_for_value",
            position.median,
            f"{median} to mediana grupy: połowa grupy ma mniej, połowa więcej. {instead}",
        )
    for statistic, words in (("q25", "dolny kwartyl grupy"), ("q75", "górny kwartyl grupy")):
        value = getattr(position, statistic)
        if value is not None:
            why = f"{number(view, item, statistic)} to {words}, a nie wartość jednostki."
            yield Mistake("quartile_for_value", value, why)


def _inputs(view: AreaView, item: IndicatorAssessment) -> Iterator[Mistake]:
    """Yield the numbers that the value is made from, and the population that everybody knows."""
    populations = {*_populations(view)}
    row = item.row
    denominator = math.nan if row is None else float(row["denominator"])
    numerator = math.nan if row is None else float(row["numerator"])
    by_people = any(v.startswith(_POPULATION) for v in item.indicator.inputs.denominator)
    if not math.isnan(denominator) and by_people:
        populations.add(denominator)
    for value in sorted(populations):
        yield Mistake(
            "population_for_value",
            value,
            "To liczba mieszkańców. Wskaźnik już przelicza na mieszkańców, dlatego da się nim "
            "porównać jednostki różnej wielkości."
            if by_people
            else "To liczba mieszkańców, a nie wartość wskaźnika.",
        )
    if not math.isnan(denominator) and denominator not in populations:
        yield Mistake(
            "denominator_for_value",
            denominator,
            "To mianownik, czyli liczba, przez którą się dzieli. Pytanie jest o wynik dzielenia.",
        )
    if not math.isnan(numerator):
        yield Mistake(
            "numerator_for_value",
            numerator,
            "To licznik, czyli liczba bezwzględna. Pytanie jest o wskaźnik: licznik podzielony "
            "przez mianownik i pomnożony przez mnożnik.",
        )


def _populations(view: AreaView) -> Iterator[float]:
    a = view.assessment
    frame = view.snapshot.observations([_POPULATION], [a.unit.code], [a.year])
    yield from frame.loc[frame["flag"].isin(NUMBER_FLAGS), "value"].astype(float).tolist()


def _other_years(view: AreaView, item: IndicatorAssessment) -> Iterator[Mistake]:
    asked = view.assessment.year
    series = item.series[item.series["value"].notna()]
    for year, value in zip(series["year"].tolist(), series["value"].tolist(), strict=True):
        if int(year) != asked:
            instead = (
                " Wartości z innego roku nie wpisuje się w puste pole."
                if item.value is None
                else ""
            )
            why = f"To wartość za {int(year)} r. Pytanie jest o {asked} r.{instead}"
            yield Mistake("other_year", float(value), why)


def _other_rows(view: AreaView, item: IndicatorAssessment) -> Iterator[Mistake]:
    for other in view.assessment.shown():
        if other is not item and other.value is not None:
            name = escape(other.indicator.name)
            why = f"To wartość innego wskaźnika: „{name}”. Sprawdź, czy czytasz ten sam wiersz."
            yield Mistake("other_indicator", other.value, why)
