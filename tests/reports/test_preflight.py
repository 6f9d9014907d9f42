"""Parameters against each other and against the data, before a kernel starts."""

from __future__ import annotations

import pytest

from smup_lib.errors import (
    AmbiguousUnitError,
    GroupError,
    NoDataError,
    ParameterError,
    UnitError,
    UnknownUnitError,
)
from smup_lib.reports.loading import Workspace
from smup_lib.reports.parameters import parse_parameters
from smup_lib.reports.preflight import check_run

CELL = """\
unit: str = ""  # wymagane; jednostka
year: int = 0  # wymagane; rok
unit_name: str = ""  # nazwa do sprawdzenia
group: str | None = None  # reguła
area: str = "kultura"  # obszar
"""


@pytest.fixture(scope="module")
def workspace(report_home) -> Workspace:
    return Workspace.open()


def check(workspace, *, area_id="culture_recreation", level=None, **given):
    area = workspace.catalogue.areas.get(area_id)
    return check_run(parse_parameters(CELL), given, workspace, area, level=level, where="n.ipynb")


def test_a_unit_told_by_name_becomes_its_code(workspace):
    label = workspace.register.unit("9002").name
    checked = check(workspace, unit=f"powiat {label}", year=2023)
    assert checked.values == {"unit": "9002", "year": 2023}
    assert checked.unit.code == "9002"
    assert checked.year == 2023


def test_code_and_name_may_stand_together_when_they_agree(workspace):
    name = workspace.register.unit("9002").name
    assert check(workspace, unit=f"9002 {name}", year=2023).unit.code == "9002"
    assert check(workspace, unit="9002", unit_name=name, year=2023).unit.code == "9002"


@pytest.mark.parametrize(
    "given", [{"unit": "9002 Brzezica"}, {"unit": "9002", "unit_name": "Brzezica"}]
)
def test_code_and_name_that_contradict_each_other_stop(workspace, given):
    with pytest.raises(UnitError, match="wskazują różne jednostki"):
        check(workspace, year=2023, **given)


def test_level_chooses_between_the_two_codes_of_a_city(workspace):
    name = f"miasto {workspace.register.unit('9061').name}"
    assert check(workspace, unit=name, year=2023).unit.code == "9061"
    assert check(workspace, unit=name, year=2023, level="gmina").unit.code == "906101"


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"unit": "Nibylandia"}, UnknownUnitError, "Nibylandia"),
        ({"unit": "9099"}, UnitError, "9099"),
        ({"unit": "900"}, UnitError, "900"),
        ({"unit": "9002", "group": "podobne"}, GroupError, "podobne"),
        ({"unit": "90"}, ParameterError, "szczebla województw"),
        ({"unit": "9002", "area": "kulturka"}, ParameterError, "kulturka"),
    ],
)
def test_each_contradiction_with_the_data_stops(workspace, given, error, said):
    with pytest.raises(error) as raised:
        check(workspace, year=2023, **given)
    assert said in str(raised.value)


@pytest.mark.parametrize("year", [1066, 2031])
def test_a_year_without_data_names_the_years_there_are(workspace, year):
    with pytest.raises(NoDataError) as raised:
        check(workspace, unit="9002", year=year)
    assert f"za {year} r." in raised.value.what
    assert "–" in raised.value.expected


def test_an_ambiguous_name_lists_the_candidates(workspace):
    units = workspace.register.units("gmina", 2023)
    twice = units[units["kind"] != "city_with_powiat_rights"]["name"].value_counts()
    name = twice[twice > 1].index[0]
    with pytest.raises(AmbiguousUnitError) as raised:
        check(workspace, unit=name, year=2023)
    assert name in str(raised.value)


def test_an_area_that_does_not_reach_the_level_is_refused(workspace):
    from dataclasses import replace

    catalogue = workspace.catalogue
    area = catalogue.areas["culture_recreation"]
    powiat_only = area.model_copy(
        update={"indicators": tuple(i for i in area.indicators if i.levels == ("powiat",))}
    )
    assert powiat_only.indicators
    gmina = workspace.register.codes("gmina", 2023)[0]
    parameters = parse_parameters(CELL)
    with pytest.raises(ParameterError, match="szczebla gmin"):
        check_run(parameters, {"unit": gmina, "year": 2023}, replace(workspace), powiat_only)


def test_everything_wrong_is_told_at_once(workspace):
    with pytest.raises(ParameterError) as raised:
        check(workspace, unit="Nibylandia", year=2031, grupa="similar", unit_name=5)
    text = str(raised.value)
    assert len(raised.value.problems) == 4
    for said in ("nieznany parametr „grupa”; czy chodziło o: group?", "2031", "Nibylandia", "5"):
        assert said in text


def test_a_mistyped_unit_is_not_looked_up(workspace):
    with pytest.raises(ParameterError) as raised:
        check(workspace, unit=9002, year=2023)
    assert len(raised.value.problems) == 1


def test_a_notebook_without_a_unit_needs_none(workspace):
    parameters = parse_parameters("number: int = 1")
    checked = check_run(parameters, {"number": 2}, workspace, None)
    assert checked.values == {"number": 2}
    assert checked.unit is None
