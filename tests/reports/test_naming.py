"""The name of a report says what was asked for: one request, one name."""

from __future__ import annotations

import re

import pytest

from smup_lib.reports.loading import Workspace
from smup_lib.reports.naming import file_word, name_report
from smup_lib.reports.parameters import parse_parameters
from smup_lib.reports.preflight import check_run

CELL = """\
unit: str = ""  # wymagane; jednostka
unit_name: str = ""  # nazwa do sprawdzenia
year: int = 0  # wymagane; rok
group: str | None = None  # reguła
threshold: float = 0.5  # próg
snapshot: str | None = None  # stan danych
"""


@pytest.fixture(scope="module")
def workspace(report_home) -> Workspace:
    return Workspace.open()


def named(workspace, *, cell=CELL, snapshot=None, **given):
    parameters = parse_parameters(cell)
    area = workspace.catalogue.area("kultura")
    given = {"unit": "9002", "year": 2023, **given}
    checked = check_run(parameters, given, workspace, area)
    return name_report("kultura", parameters, checked, snapshot)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({}, "kultura_9002_2023"),
        ({"unit_name": "olszyńsko-brzezicki"}, "kultura_9002_2023"),
        ({"group": None, "threshold": 0.5}, "kultura_9002_2023"),
        ({"group": "similar:15"}, "kultura_9002_2023"),
        ({"group": "podobne"}, "kultura_9002_2023"),
        ({"group": "podobne:20"}, "kultura_9002_2023_similar-20"),
        ({"group": "sąsiedzi"}, "kultura_9002_2023_neighbours"),
        ({"group": "wybrane:9001,9003"}, "kultura_9002_2023_chosen-9001+9003"),
        ({"threshold": 0.25}, "kultura_9002_2023_threshold-0.25"),
    ],
)
def test_a_name_holds_what_is_not_usual(workspace, given, name):
    assert named(workspace, **given) == name


@pytest.mark.parametrize(
    ("area", "name"),
    [
        ("kultura", "kultura_9002_2023"),
        ("drogownictwo", "kultura_9002_2023_area-roads_transport"),
        ("drog", "kultura_9002_2023_area-roads_transport"),
    ],
)
def test_an_area_is_named_by_its_id(workspace, area, name):
    cell = CELL + 'area: str = "culture_recreation"  # obszar\n'
    assert named(workspace, cell=cell, area=area) == name


def test_a_snapshot_asked_for_stands_in_the_name(workspace):
    name = named(workspace, snapshot="0123456789abcdef", group="kraj")
    assert name == "kultura_9002_2023_country_snapshot-01234567"


def test_the_usual_group_of_an_own_notebook_is_that_of_its_cell(workspace):
    cell = CELL.replace("group: str | None = None", 'group: str = "sąsiedzi"')
    assert named(workspace, cell=cell) == "kultura_9002_2023"
    assert named(workspace, cell=cell, group="neighbours") == "kultura_9002_2023"
    assert named(workspace, cell=cell, group="podobne") == "kultura_9002_2023_similar-15"


def test_values_that_are_written_alike_are_named_apart():
    values = ["a b", "a-b", "A b", "ą b", "", "-", "a/../b", "a\\b", "x" * 99, "x" * 98, ["a", "b"]]
    words = [file_word(value) for value in values]
    assert len(set(words)) == len(words)
    assert [word for word in words if not re.fullmatch(r"[a-z0-9.+-]{1,40}", word)] == []
