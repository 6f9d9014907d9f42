"""What does lesson 00 ask: the code of the unit, a value, an empty cell, the gap to the median?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING

from smup_lib.present.formats import round_half_up
from smup_lib.present.values_table import nobody_tells
from smup_lib.units.peer_group import MINIMUM_RANKED
from smup_lib.workshop.code_question import ask_unit_code
from smup_lib.workshop.exercises import Exercise
from smup_lib.workshop.misreadings import list_gap_mistakes, list_value_mistakes
from smup_lib.workshop.questions import NumberQuestion
from smup_lib.workshop.statements import (
    end_sentence,
    gap_sentence,
    gap_unit,
    number,
    render_statement,
    value_sentence,
    why_missing,
)

if TYPE_CHECKING:
    from smup_lib.conclude import IndicatorAssessment
    from smup_lib.reports.area import AreaView

#: Kinds of empty cells, the most instructive first; a true zero looks like one to many.
_EMPTY_FLAGS = (
    "missing_or_secret",
    "no_data",
    "not_available_yet",
    "suppressed_here",
    "ambiguous_zero",
    "zero_denominator",
    "true_zero",
)


def choose_readable(view: AreaView) -> IndicatorAssessment:
    """Return the first indicator that can be read and compared; if there is none, the first."""
    items = view.assessment.indicators
    shown = view.assessment.shown()
    return next(iter([*filter(_comparable, shown), *shown, *items]))


def choose_empty(view: AreaView) -> IndicatorAssessment:
    """Return an indicator whose cell is empty or zero; if there is none, another with a value."""
    used = choose_readable(view)
    others = [item for item in view.assessment.indicators if item is not used] or [used]
    ranks = {flag: place for place, flag in enumerate(_EMPTY_FLAGS)}
    return min(
        others,
        key=lambda item: (
            *(item.flag not in ranks, item.flag == "true_zero", nobody_tells(item)),
            ranks.get(item.flag, 0),
        ),
    )


def _comparable(item: IndicatorAssessment) -> bool:
    position, decimals = item.position, item.indicator.decimals
    return (
        item.flag == "ok"
        and not item.qualifiers
        and position.median is not None
        and position.n_used >= MINIMUM_RANKED
        and round_half_up(item.value or 0.0, decimals) != round_half_up(position.median, decimals)
    )


def ask_value(exercise: str, title: str, view: AreaView, item: IndicatorAssessment) -> Exercise:
    """Ask for the unit's value of an indicator, which may be missing."""
    a, indicator = view.assessment, item.indicator
    name = f"„{escape(indicator.name)}”"
    missing_id, missing_why = _said_to_missing(item)
    question = NumberQuestion(
        id=exercise,
        title=title,
        prompt=(
            f"Ile wynosi wskaźnik {name} za {a.year} r.? Jednostka: {escape(a.unit.label)}. "
            "Gdy liczby nie ma, wpisz: brak."
        ),
        measure_unit=indicator.measure_unit,
        decimals=indicator.decimals,
        value=item.value,
        hint=(
            "Tego wiersza w tabeli nie ma. Rozwiń listę pod tabelą."
            if nobody_tells(item)
            else f"W tabeli obszaru znajdź wiersz {name} i kolumnę „Wartość”."
        ),
        solution=_solution(view, item, name),
        says=f"Możesz powiedzieć: {value_sentence(view, item)}",
        missing_why=missing_why,
        missing_id=missing_id,
        mistakes=tuple(list_value_mistakes(view, item)),
    )
    return Exercise(question, indicator.id, render_statement(view, item))


def _solution(view: AreaView, item: IndicatorAssessment, name: str) -> str:
    if nobody_tells(item):
        return (
            f"Wskaźnik {name} stoi na liście pod tabelą, bo liczby nie ma ani jednostka, ani jej "
            f"grupa. Powód: {why_missing(item)}. Odpowiedź: brak."
        )
    return f"Wiersz {name}, kolumna „Wartość”: {_cell(view, item)}"


def _cell(view: AreaView, item: IndicatorAssessment) -> str:
    """Say what stands in the cell of the unit's value."""
    if item.value is None:
        return f"zamiast liczby stoi znak. Powód: {why_missing(item)}. Odpowiedź: brak."
    value = number(view, item, "value")
    if item.flag == "true_zero":
        return f"{value}, bo zjawisko nie wystąpiło."
    return f"{value}, a obok, w kolumnie „Mediana grupy”, stoi liczba innych jednostek."


def _said_to_missing(item: IndicatorAssessment) -> tuple[str, str]:
    """Return id and words of the mistake of who says that there is no number."""
    if item.flag == "true_zero":
        return "missing_for_zero", (
            "Tu stoi prawdziwe zero: zjawisko nie wystąpiło i źródło to mówi. "
            "To wiadomość, a nie brak danych."
        )
    return "missing_for_value", (
        "W tej komórce stoi liczba. „Brak” pisze się tylko tam, gdzie jej nie ma."
    )


def ask_gap(view: AreaView) -> Exercise:
    """Ask by how much the value differs from the median of the comparison group."""
    item = choose_readable(view)
    indicator, position = item.indicator, item.position
    unit = gap_unit(item)
    solution = "Bez wartości albo bez mediany różnicy nie ma. Odpowiedź: brak."
    if position.gap is not None:
        solution = (
            f"{number(view, item, 'value')} minus {number(view, item, 'median')} to "
            + end_sentence(number(view, item, "gap", signed=True))
        )
    question = NumberQuestion(
        id="median_gap",
        title="Różnica do mediany",
        prompt=(
            f"O ile wartość wskaźnika „{escape(indicator.name)}” różni się od mediany grupy? "
            f"Podaj różnicę w: {end_sentence(escape(unit))} Gdy wartość jest mniejsza od mediany, "
            "wpisz minus. Gdy różnicy nie da się policzyć, wpisz: brak."
        ),
        measure_unit=unit,
        decimals=indicator.decimals,
        value=position.gap,
        hint="Od wartości jednostki odejmij medianę grupy. Obie liczby stoją na karcie wskaźnika.",
        solution=solution,
        says=f"Możesz powiedzieć: {value_sentence(view, item)} {gap_sentence(view, item)}",
        missing_why="Wartość i mediana są znane, więc różnicę da się policzyć.",
        also_right=tuple(_displayed_gap(item)),
        mistakes=tuple(list_gap_mistakes(view, item)),
    )
    return Exercise(question, indicator.id, render_statement(view, item))


def _displayed_gap(item: IndicatorAssessment) -> Iterator[float]:
    """Yield the difference of the numbers as they stand on the page."""
    value, median = item.value, item.position.median
    if value is not None and median is not None:
        decimals = item.indicator.decimals
        yield float(round_half_up(value, decimals) - round_half_up(median, decimals))


#: Exercises by id; each is made anew from what a view shows.
EXERCISES: Mapping[str, Callable[[AreaView], Exercise]] = {
    "unit_code": ask_unit_code,
    "own_value": lambda view: ask_value(
        "own_value", "Odczytaj wartość", view, choose_readable(view)
    ),
    "empty_cell": lambda view: ask_value(
        "empty_cell", "Liczba czy jej brak", view, choose_empty(view)
    ),
    "median_gap": ask_gap,
}
