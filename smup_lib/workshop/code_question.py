"""How is the code of a unit asked for, among the codes it is mistaken for?"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from smup_lib.errors import GroupError
from smup_lib.present.display import Display
from smup_lib.teryt import city_gmina_code, is_city_code, powiat_of, voivodeship_of
from smup_lib.units import find_candidates, load_register, neighbours_of
from smup_lib.workshop.exercises import Exercise
from smup_lib.workshop.finder import build_finder
from smup_lib.workshop.questions import ChoiceQuestion, Option

if TYPE_CHECKING:
    from smup_lib.reports.area import AreaView
    from smup_lib.units import Register, Unit

MAX_OPTIONS = 5
#: Letters that a powiat and the city it is named after share at least.
_ROOT = 4
LEVEL_NAMES = {"gmina": "gmin", "powiat": "powiatów"}


def ask_unit_code(view: AreaView) -> Exercise:
    """Ask for the TERYT code of the unit at the level of the lesson."""
    unit = view.assessment.unit
    register = load_register(view.snapshot)
    label = escape(_name(unit))
    wrong: dict[str, Option] = {}
    for option in _wrong_options(view, register):
        wrong.setdefault(option.id, option)
    wrong.pop(unit.code, None)
    right = Option(unit.code, unit.code, right=True)
    says = (
        f"Kod TERYT: {label} to {unit.code} na szczeblu {LEVEL_NAMES.get(unit.level, unit.level)}. "
        "Po tym kodzie program łączy jej liczby z różnych zbiorów."
    )
    question = ChoiceQuestion(
        id="unit_code",
        title="Kod jednostki",
        prompt=f"Jaki kod TERYT ma {label}?",
        options=(right, *list(wrong.values())[: MAX_OPTIONS - 1]),
        hint=(
            "Wpisz nazwę w polu „Szukaj jednostki”. Kod stoi w nawiasie za nazwą; sprawdź też, czy "
            "to gmina, czy powiat."
        ),
        solution=(
            f"Na liście pod polem wyszukiwania {label} ma kod {unit.code}. Kod województwa ma "
            "dwie cyfry, powiatu cztery, gminy sześć; dłuższy zaczyna się od krótszego."
        ),
        says=says,
    )
    told = Display(f"<p>{says}</p>", says)
    return Exercise(question, statement=told, build_aid=lambda: build_finder(view))


def _name(unit: Unit) -> str:
    """Return the label without the code that is asked for."""
    return unit.label.removesuffix(f" ({unit.code})")


def _wrong_options(view: AreaView, register: Register) -> Iterator[Option]:
    unit, year = view.assessment.unit, view.assessment.year
    for code, misconception, why in (
        *_of_other_levels(unit, register, year),
        *_of_neighbours(view, register),
        *_of_similar_names(unit, register, year),
        *_of_same_level(unit, register, year),
    ):
        named = escape(register.label(code, year))
        yield Option(code, code, why=f"To {named}. {why}", misconception=misconception)


def _of_other_levels(unit: Unit, register: Register, year: int) -> Iterator[tuple[str, str, str]]:
    yield (
        voivodeship_of(unit.code),
        "voivodeship_for_unit",
        "Od jego dwóch cyfr zaczyna się kod każdej jednostki na jego terenie.",
    )
    if unit.level == "gmina":
        other = powiat_of(unit.code)
        why = "Kod gminy ma o dwie cyfry więcej niż kod powiatu."
    elif is_city_code(unit.code):
        other = city_gmina_code(unit.code)
        why = "To samo miasto, ale na szczeblu gmin. W tej lekcji stoi ono wśród powiatów."
    else:
        gminy = [code for code in register.codes("gmina", year) if code.startswith(unit.code)]
        other = gminy[0] if gminy else ""
        why = (
            "Gmina leży na terenie powiatu i jej kod zaczyna się od kodu powiatu, ale jest dłuższy."
        )
    if other and register.exists(other, year):
        yield other, "other_level", why


def _of_neighbours(view: AreaView, register: Register) -> Iterator[tuple[str, str, str]]:
    unit, year = view.assessment.unit, view.assessment.year
    try:
        found = neighbours_of(register, view.snapshot.table("borders"), unit, year=year)
    except GroupError:
        return  # a snapshot without boundaries has no neighbours to confuse
    # powiat kielecki and Kielce are taken for each other more often than any other two
    named = unit.name.casefold()[:_ROOT]
    alike = [code for code in found["unit_code"] if _named(register, code, year)[:_ROOT] == named]
    for code in (*alike, *found["unit_code"].tolist())[:1]:
        yield code, "neighbour", "To sąsiednia jednostka. Porównaj nazwę, nie tylko początek kodu."


def _named(register: Register, code: str, year: int) -> str:
    return register.unit(code, year).name.casefold()


def _of_similar_names(unit: Unit, register: Register, year: int) -> Iterator[tuple[str, str, str]]:
    for code in find_candidates(register, unit.name, year=year)["unit_code"].tolist():
        if len(code) > 2:
            why = "Nazwa jest podobna, ale to inna jednostka. Sprawdź rodzaj i szczebel."
            yield code, "similar_name", why


def _of_same_level(unit: Unit, register: Register, year: int) -> Iterator[tuple[str, str, str]]:
    """Yield units around in order of code, so that there is always something to choose from."""
    codes = register.codes(unit.level, year)
    place = codes.index(unit.code)
    for code in (*codes[place + 1 : place + 3], *codes[max(0, place - 2) : place]):
        yield code, "other_unit", "To inna jednostka tego samego szczebla."
