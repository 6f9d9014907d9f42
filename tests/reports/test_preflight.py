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
from smup_lib.reports.loading import Workspace, load_assessment
from smup_lib.reports.parameters import parse_parameters
from smup_lib.reports.preflight import check_run
from smup_lib.snapshots import as_observations, load_snapshot, write_snapshot

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
    assert checked.values == {"unit": "9002", "year": 2023, "group": "similar:15"}
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
        ({"unit": "9002", "group": "podobniaki"}, GroupError, "podobne"),
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
    with pytest.raises(ParameterError, match="szczebla gmin") as raised:
        check_run(parameters, {"unit": gmina, "year": 2023}, replace(workspace), powiat_only)
    assert raised.value.next_step.startswith("podaj powiat;")


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


def test_the_usual_group_is_named_with_its_parameter(workspace):
    checked = check(workspace, unit="9002", year=2023)
    assert checked.values["group"] == checked.group.key == "similar:15"
    assert len(checked.group.members) == 15


def test_a_polish_name_of_a_group_becomes_its_rule(workspace):
    assert (
        check(workspace, unit="9002", year=2023, group="sąsiedzi").values["group"] == "neighbours"
    )


def test_a_notebook_without_an_area_chooses_its_own_group(workspace):
    parameters = parse_parameters('unit: str = ""\nyear: int = 0\ngroup: str | None = None')
    given = {"unit": "9002", "year": 2023}
    assert check_run(parameters, given, workspace, None).values == given


def without_values(tmp_path, monkeypatch, code: str, years: range) -> Workspace:
    """Return the sample land without a unit's rows of some years, as a snapshot of its own."""
    base = load_snapshot()
    rows = base.observations(level="powiat")
    gone = (rows["unit_code"] == code) & rows["year"].isin(years)
    tables = {name: base.table(name) for name in ("units", "changes", "borders")}
    tables["observations"] = as_observations(rows[~gone])
    monkeypatch.setenv("SMUP_HOME", str(tmp_path / "home"))
    sources = list(base.manifest.sources.values())
    return Workspace.open(write_snapshot(tables, fictional=True, sources=sources))


def test_a_year_in_which_the_unit_has_no_value_stops_though_others_have(tmp_path, monkeypatch):
    """9002 misses 2012 to 2014 in this snapshot, the other powiaty do not."""
    workspace = without_values(tmp_path, monkeypatch, "9002", range(2012, 2015))
    assert check(workspace, unit="9001", year=2013).year == 2013
    with pytest.raises(NoDataError) as raised:
        check(workspace, unit="9002", year=2013)
    assert "9002" in raised.value.what
    assert "–2011, 2015–" in raised.value.expected
    assert raised.value.next_step == "wybierz rok z danymi"
    with pytest.raises(NoDataError):
        load_assessment(workspace, "culture_recreation", workspace.unit("9002"), 2013)


def test_a_unit_without_any_value_passes_where_others_have_data(tmp_path, monkeypatch):
    """Its report says what is missing and who has it; a year that nobody has still stops."""
    workspace = without_values(tmp_path, monkeypatch, "9002", range(1990, 2030))
    assert check(workspace, unit="9002", year=2020).year == 2020
    with pytest.raises(NoDataError):
        check(workspace, unit="9002", year=1990)


def test_a_city_is_taken_at_the_level_that_does_the_work_when_there_are_data(workspace):
    taxes, environment = (workspace.catalogue.areas[a] for a in ("local_taxes", "environment"))
    roads = workspace.catalogue.areas["roads_transport"]
    assert workspace.unit_in(taxes, "9061").code == "906101"
    assert workspace.unit_in(environment, "9061").code == "906101"
    assert workspace.unit_in(environment, "9061", level="powiat").code == "9061"
    assert workspace.unit_in(roads, "9061").code == "9061"
    assert workspace.unit_in(roads, "906101").code == "906101"
    # nobody else has two codes
    assert workspace.unit_in(taxes, "9002").code == "9002"


def test_a_city_stays_where_its_data_are(report_home, tmp_path, monkeypatch):
    """Without a value under the other code an empty page would only hide the few there are."""
    only_powiaty = without_values(tmp_path, monkeypatch, "9002", ())
    areas = only_powiaty.catalogue.areas
    assert only_powiaty.unit_in(areas["environment"], "9061").code == "9061"
    assert only_powiaty.unit_in(areas["local_taxes"], "9061").code == "906101"


DEEP_DIVE = """\
unit: str = ""  # wymagane; jednostka
year: int = 0  # wymagane; rok
indicator: str = "road_accidents_per_100k_computed"  # wskaźnik
others: list[str] = []  # obok kogo
area: str = "kultura"  # obszar
"""


def check_more(workspace, **given):
    return check_run(parse_parameters(DEEP_DIVE), given, workspace, None, where="n.ipynb")


def test_an_indicator_brings_its_area_and_its_level(workspace):
    assert check_more(workspace, unit="9002", year=2023).area.id == "roads_transport"
    checked = check_more(workspace, unit="9061", year=2023, indicator="primary_class_size")
    assert checked.area.id == "education"
    assert checked.values["unit"] == "906101"
    with pytest.raises(ParameterError) as raised:
        check_more(workspace, unit="9002", year=2023, indicator="primary_clas_size", others=["zz"])
    assert any("primary_class_size" in line for line in raised.value.problems)


def test_units_to_put_beside_are_found_before_a_kernel_starts(workspace):
    name = workspace.register.unit("9003").name
    checked = check_more(workspace, unit="9002", year=2023, others=[f"powiat {name}", "9061"])
    assert checked.values["others"] == ["9003", "9061"]
    with pytest.raises(UnknownUnitError):
        check_more(workspace, unit="9002", year=2023, others=["nie ma takiej"])
    with pytest.raises(ParameterError, match="więcej niż raz"):
        check_more(workspace, unit="9002", year=2023, others=["9002"])
