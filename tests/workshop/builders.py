"""Small questions for tests; their numbers are invented."""

from __future__ import annotations

from smup_lib.workshop.questions import ChoiceQuestion, Mistake, NumberQuestion, Option


def number_question(**changes) -> NumberQuestion:
    fields = {
        "id": "own_value",
        "title": "Odczytaj wartość",
        "prompt": "Ile wynosi?",
        "measure_unit": "%",
        "decimals": 1,
        "value": 41.249,
        "hint": "Spójrz na kartę.",
        "solution": "Na karcie stoi 41,2%.",
        "says": "41,2%",
        "mistakes": (
            Mistake("median_for_value", 58.0, "To mediana grupy."),
            Mistake("population_for_value", 73400.0, "To liczba mieszkańców."),
        ),
    }
    return NumberQuestion(**fields | changes)


CHOICE = ChoiceQuestion(
    id="flag",
    title="Znacznik",
    prompt="Co znaczy kreska?",
    options=(
        Option("no_data", "brak danych", right=True),
        Option("zero", "zero", why="Zero to liczba.", misconception="zero_for_missing"),
        Option("small", "bardzo mało", why="Mało to też liczba.", misconception="small"),
    ),
    hint="Spójrz pod tabelę.",
    solution="Legenda pod tabelą mówi: brak danych.",
    says="Kreska znaczy: brak danych.",
)
