"""Strict parameters: every kind of mistake is named before a kernel could start."""

from __future__ import annotations

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from smup_lib.errors import ParameterError
from smup_lib.reports.parameters import (
    check_parameters,
    parse_parameters,
    read_parameters,
    read_texts,
    write_defaults,
)

CELL = """\
unit: str = "9002"  # wymagane; kod TERYT albo nazwa
year: int = 2023  # wymagane: rok danych
group: str | None = None  # reguła grupy
units: list[str] = []  # kody do porównania
share: float = 0.5
draft: bool = False  # szkic
"""


def notebook(*sources: str, tag: str = "parameters"):
    return new_notebook(cells=[new_code_cell(s, metadata={"tags": [tag]}) for s in sources])


def test_the_cell_says_names_types_defaults_and_help():
    found = {p.name: p for p in read_parameters(notebook(CELL))}
    assert list(found) == ["unit", "year", "group", "units", "share", "draft"]
    assert found["unit"].required
    assert found["year"].required
    assert not found["group"].required
    assert found["unit"].help == "kod TERYT albo nazwa"
    assert found["year"].help == "rok danych"
    assert found["group"].types == ("str", "None")
    assert (found["share"].default, found["share"].help) == (0.5, "")


def test_a_name_without_a_default_is_required():
    (unit,) = parse_parameters("unit: str  # kod")
    assert unit.required
    assert unit.help == "kod"


def test_types_are_told_by_the_default_when_there_is_no_annotation():
    assert [p.types for p in parse_parameters("a = 1\nb = 'x'\nc = True\nd = [1]")] == [
        ("int",),
        ("str",),
        ("bool",),
        ("list",),
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"unti": "9002", "year": 2018}, "nieznany parametr „unti”; czy chodziło o: unit"),
        ({"year": 2018}, "brak parametru „unit”: kod TERYT albo nazwa"),
        ({"unit": "9002"}, "brak parametru „year”: rok danych"),
        ({"unit": 9002, "year": 2018}, "parametr „unit”: oczekiwano: tekst; jest: 9002"),
        ({"unit": "9002", "year": "2018"}, "parametr „year”: oczekiwano: liczba całkowita"),
        ({"unit": "9002", "year": True}, "jest: True (True albo False)"),
        ({"unit": "9002", "year": 2018.0}, "jest: 2018.0 (liczba)"),
        ({"unit": "9002", "year": 2018, "group": 5}, "tekst albo nic (None)"),
        ({"unit": "9002", "year": 2018, "units": "9003"}, "lista (każdy element: tekst)"),
        ({"unit": "9002", "year": 2018, "units": [9003]}, "lista (każdy element: tekst)"),
        ({"unit": "9002", "year": 2018, "draft": 1}, "oczekiwano: True albo False"),
        ({"unit": None, "year": 2018}, "jest: None (nic (None))"),
    ],
)
def test_each_mistake_stops(given, said):
    with pytest.raises(ParameterError) as raised:
        check_parameters(parse_parameters(CELL), given)
    assert said in str(raised.value)


def test_all_mistakes_are_told_at_once():
    with pytest.raises(ParameterError) as raised:
        check_parameters(parse_parameters(CELL), {"yaer": 2018, "draft": "tak"}, where="x.ipynb")
    error = raised.value
    assert error.where == "x.ipynb"
    assert len(error.problems) == 4  # unknown, twice missing, mistyped


def test_right_values_pass_unchanged_in_the_order_of_the_cell():
    given = {"share": 1, "year": 2018, "unit": "9002", "group": None}
    checked = check_parameters(parse_parameters(CELL), given)
    assert list(checked.items()) == [
        ("unit", "9002"),
        ("year", 2018),
        ("group", None),
        ("share", 1),
    ]


@pytest.mark.parametrize(
    ("sources", "tag", "said"),
    [
        (["x = 1"], "parametry", "nie ma komórki z parametrami"),
        (["x = 1", "y = 2"], "parameters", "kilka komórek"),
        (["x = = 1"], "parameters", "nie da się odczytać"),
        (["import os"], "parameters", "to nie jest przypisanie"),
        (["x = y = 1"], "parameters", "jedna nazwa"),
        (["x = 1 + 1"], "parameters", "bez obliczeń"),
        (["x = None"], "parameters", "potrzebuje typu"),
        (["x: set = 1"], "parameters", "nieznany typ „set”"),
        (["x: int = 'a'"], "parameters", "nie jest tego typu co zapowiada"),
        (["x = 1\nx = 2"], "parameters", "powtarza się"),
    ],
)
def test_a_wrong_cell_is_refused(sources, tag, said):
    with pytest.raises(ParameterError) as raised:
        read_parameters(notebook(*sources, tag=tag))
    assert said in str(raised.value)


def test_defaults_are_rewritten_in_place():
    changed = write_defaults(CELL, {"unit": "Żółw", "group": "similar", "units": ["9001"]})
    assert changed.splitlines()[0] == "unit: str = 'Żółw'  # wymagane; kod TERYT albo nazwa"
    assert changed.splitlines()[2] == "group: str | None = 'similar'  # reguła grupy"
    found = {p.name: p for p in parse_parameters(changed)}
    assert found["units"].default == ["9001"]
    assert found["year"].default == 2023


def test_defaults_of_several_lines_and_missing_ones_are_rewritten():
    units = 'units: list[str] = [\n    "9001",\n    "9002",\n]  # lista'
    cell = f'ą = "ż"; unit: str  # kod\n{units}\nz = 1'
    changed = write_defaults(cell, {"unit": "9003", "units": ["9005"], "z": 2})
    found = {p.name: p.default for p in parse_parameters(changed)}
    assert found == {"ą": "ż", "unit": "9003", "units": ["9005"], "z": 2}


def test_defaults_must_fit():
    with pytest.raises(ParameterError, match="nie pasują"):
        write_defaults(CELL, {"year": "2018"})


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["others=9003, 9004"], {"others": ["9003", "9004"]}),
        (["others="], {"others": []}),
        (["size=5", "full=tak"], {"size": 5, "full": True}),
        (["full=False", "title=a = b"], {"full": False, "title": "a = b"}),
        (["unknown=7"], {"unknown": "7"}),
    ],
)
def test_texts_of_a_command_line_are_read_by_type(texts, found):
    assert read_texts(parse_parameters(TYPED), texts) == found


TYPED = """\
others: list[str] = []  # obok kogo
size: int = 10  # ilu
full: bool = False  # czy wszystko
title: str | None = None  # nagłówek
"""


def test_texts_that_cannot_be_read_are_told_together():
    with pytest.raises(ParameterError) as raised:
        read_texts(parse_parameters(TYPED), ["size=dużo", "others", "full=może"])
    assert len(raised.value.problems) == 3
    assert "liczba całkowita" in raised.value.problems[0]
    assert raised.value.next_step
