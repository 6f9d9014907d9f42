"""Can our own readers take an answer? Each returns in Polish what they cannot."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from smup_lib.sources.live.expectation import value_at
from smup_lib.sources.web import bdl_questions, bestia_questions, prg_pages, teryt_page
from smup_lib.sources.web.answers import Answer
from smup_lib.sources.web.bdl_attributes import read_attributes
from smup_lib.sources.web.bdl_variables import read_variable
from smup_lib.sources.web.bestia_units import read_units, unit_code
from smup_lib.sources.web.smup_dictionaries import flag_notes, read_flag_names, read_flags


def first_row(answer: Answer | None, place: str) -> dict[str, Any]:
    """Return the first row of an answer; empty when there is none."""
    if answer is None or answer.status != 200:
        return {}
    rows = value_at(json.loads(answer.body.decode("utf-8-sig")), place)
    row = rows[0] if isinstance(rows, list) and rows else None
    return row if isinstance(row, dict) else {}


def read_flags_of(answer: Answer) -> Sequence[str]:
    """Read the flags of SMUP: the known ones, and the one that says that a value is small."""
    names = read_flag_names([answer])
    meanings = read_flags(names)
    problems = [*flag_notes(names)]
    if "below_format" not in meanings.values():
        told = "; ".join(f"{number} = {name}" for number, name in names.items())
        problems.append(f"nie wiadomo, który znacznik mówi o wartości poniżej formatu: {told}")
    return problems


def read_attributes_of(answer: Answer) -> Sequence[str]:
    """Read the attributes of BDL: their signs must be those of downloaded files."""
    return read_attributes([answer]).notes


def read_variable_of(answer: Answer) -> Sequence[str]:
    """Read the description of a variable of BDL."""
    found = read_variable(bdl_questions.read_object(answer))
    return [] if found is not None else ["czytnik opisu zmiennej go nie przyjmuje"]


def read_values_of(answer: Answer) -> Sequence[str]:
    """Read one value of BDL, in either of its dialects."""
    row = first_row(answer, "results")
    values = row.get("values") or [{}]
    value = values[0] if isinstance(values[0], dict) else {}
    number = value.get("val", value.get("value"))
    problems = []
    if not isinstance(value.get("year"), str):
        problems.append(f"rok wartości nie jest tekstem: {value.get('year')!r}")
    if type(number) not in (int, float):
        problems.append(f"wartość nie jest liczbą w polu val ani value: {sorted(value)}")
    if type(value.get("attrId")) is not int:
        problems.append(f"atrybut wartości nie jest liczbą: {value.get('attrId')!r}")
    return problems


def read_units_of(answer: Answer) -> Sequence[str]:
    """Read the units of BeSTi@; raises when there is none that we know."""
    found = read_units([answer])
    return [] if found else ["na pierwszej stronie nie ma żadnej gminy ani powiatu"]


def read_positions_of(answer: Answer) -> Sequence[str]:
    """Read the unit of the positions of a return."""
    rows = bestia_questions.rows_of([answer])
    wrong = [row for row in rows if not unit_code(row, "jednostka-")]
    return ["z pól jednostki nie da się odczytać kodu TERYT"] if wrong else []


def read_form_of(answer: Answer) -> Sequence[str]:
    """Read the form of the page of eTERYT."""
    fields = teryt_page.read_fields(answer.body.decode("utf-8", errors="replace"))
    return [] if "__VIEWSTATE" in fields else ["w formularzu strony nie ma pola __VIEWSTATE"]


def read_feature_of(answer: Answer) -> Sequence[str]:
    """Read the code of a gmina from a page of boundaries."""
    head, page = prg_pages.read_head(answer.body), prg_pages.read_page(answer.body)
    problems = []
    if head.returned is None:
        problems.append("pierwszy znacznik nie podaje numberReturned")
    if len(page.codes) != 1:
        problems.append(f"jednostek jest {len(page.codes)} zamiast jednej")
    wrong = [code for code in page.codes if not (code.isdigit() and len(code) == 7)]
    if wrong:
        problems.append(f"kod gminy nie ma siedmiu cyfr: {', '.join(wrong)}")
    return problems
