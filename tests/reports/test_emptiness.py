"""A report without any value says why, and what would fill it."""

from __future__ import annotations

import re

import pytest

from smup_lib.errors import NoDataError
from smup_lib.reports.emptiness import explain_no_values
from smup_lib.reports.loading import Workspace, load_assessment
from smup_lib.reports.overview import Overview, open_area_at_best
from smup_lib.reports.runner import run_report
from smup_lib.reports.values import load_inputs
from smup_lib.snapshots import as_observations, load_snapshot, write_snapshot

CITY, LAND_GMINA, CITY_POWIAT = "906101", "900101", "9262"


#: Of this gmina only amounts are known, of two years, and not among how many people.
AMOUNTS_ONLY, AMOUNT, AMOUNT_YEARS = "900102", "pit_share_revenue", (2019, 2020)
#: Of this one also among how many.
FINANCE_ONLY, PEOPLE = "900103", "population"
#: Of the same one, what only describes the background of an area that stands before finance.
BACKGROUND = ("education_subsidy", "expenditure_education_current")


@pytest.fixture(scope="module")
def workspace(report_home, tmp_path_factory):
    """Return the sample land without five units but for a few amounts, as a snapshot."""
    base = load_snapshot()
    rows = base.observations()
    tables = {name: base.table(name) for name in ("units", "changes", "borders")}
    gone = rows["unit_code"].isin([CITY, LAND_GMINA, CITY_POWIAT])
    of_amounts = rows["unit_code"] == AMOUNTS_ONLY
    kept = of_amounts & (rows["variable"] == AMOUNT) & rows["year"].isin(AMOUNT_YEARS)
    of_finance = rows["unit_code"] == FINANCE_ONLY
    kept |= of_finance & rows["variable"].isin([AMOUNT, PEOPLE, *BACKGROUND])
    tables["observations"] = as_observations(rows[~gone & ~of_amounts & ~of_finance | kept])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(tmp_path_factory.mktemp("dom")))
        sources = list(base.manifest.sources.values())
        yield Workspace.open(write_snapshot(tables, fictional=True, sources=sources))


@pytest.mark.parametrize(
    ("code", "year", "told"),
    [
        (CITY, 2022, "pod kodem powiatu 9061: smup report run kultura --unit 9061 --year 2022"),
        (CITY, 1960, "--unit 9061 --year 2024"),
        (CITY_POWIAT, 2022, "pod kodem gminy 926201: smup report run kultura --unit 926201"),
        (LAND_GMINA, 2022, "wartości ma powiat brzezicki (9001): smup report run kultura"),
    ],
)
def test_the_level_that_has_values_is_named_with_its_command(workspace, code, year, told):
    area, unit = workspace.catalogue.area("kultura"), workspace.unit(code)
    said = explain_no_values(workspace, area, unit, year, "kultura")
    assert said.startswith("Raport nie zawiera żadnej wartości")
    assert code in said
    assert told in said
    assert "GUS" in said
    assert "smup data import" in said


def test_an_overview_tells_silence_from_mere_background_and_from_findings(workspace):
    overview = Overview(workspace, workspace.unit(FINANCE_ONLY))
    glances = {
        area.id: overview.glance(area, lambda code: f"?service={code}").html
        for area in overview.areas
        if area.id in ("culture_recreation", "education", "finance")
    }
    assert glances["culture_recreation"] == "" and list(overview.unknown) == ["culture_recreation"]
    told = overview.unknown_areas(lambda area: f"?area={area}").html
    assert "nie mają żadnej wartości tej jednostki w\u00a01\u00a0obszarze." in told
    assert 'href="?area=culture_recreation"' in told
    education = load_assessment(workspace, "education", overview.unit, 2022)
    assert {item.indicator.role for item in education.shown()} == {"contextual"}
    assert "Żadnej z wartości nie oceniamy" in glances["education"]
    assert "z wartością" in glances["finance"]


def test_an_empty_report_is_made_and_told(workspace, tmp_path):
    made = run_report("kultura", CITY, 2022, level="gmina", out=tmp_path)
    assert made.html.is_file()
    assert made.empty
    assert made.facts()["empty"] is True
    assert "--unit 9061" in made.notes[0]


def test_the_input_that_lacks_is_named_and_not_said_to_be_nothing(workspace):
    area, unit = workspace.catalogue.area("finanse"), workspace.unit(AMOUNTS_ONLY)
    said = explain_no_values(workspace, area, unit, 2020, "finanse")
    assert "niczego" not in said
    assert "za lata 2019–2020 jest „Udziały we wpływach z PIT" in said
    assert "brakuje: „Ludność ogółem” na szczeblu gmin" in said
    assert "mają je: GUS (BDL)" in said


@pytest.mark.parametrize(("year", "named"), [(2020, True), (2015, False)])
def test_the_report_names_the_input_that_lacks_for_its_year(workspace, year, named):
    unit = workspace.unit(AMOUNTS_ONLY)
    items = load_assessment(workspace, "finanse", unit, year, "same_kind").indicators
    reasons = {item.indicator.id: item.reason or "" for item in items}
    assert ("brakuje: „Ludność ogółem”" in reasons["pit_share_per_capita"]) == named
    assert "brakuje" not in reasons["debt_per_capita"]


def test_the_app_keeps_the_year_when_no_year_has_more(workspace):
    unit = workspace.unit(AMOUNTS_ONLY)
    finance = workspace.catalogue.area("finance")
    opened = open_area_at_best(workspace, finance, unit, 2020, "same_kind")
    assert opened.view.assessment.year == 2020
    assert opened.notes == ()


def test_who_has_only_what_is_not_for_cities_is_not_named(workspace):
    area, city = workspace.catalogue.area("finanse"), workspace.unit(CITY_POWIAT)
    said = explain_no_values(workspace, area, city, 2022, "finanse")
    # the one budget of a city stands under its gmina code
    assert "JST (Rb-27S)" not in said
    assert "Ministerstwo Finansów" in said


@pytest.mark.parametrize("code", [CITY, LAND_GMINA])
def test_every_command_that_is_named_says_what_to_fetch(workspace, code):
    area, unit = workspace.catalogue.area("kultura"), workspace.unit(code)
    said = explain_no_values(workspace, area, unit, 2022, "kultura")
    with pytest.raises(NoDataError) as raised:
        load_inputs(workspace, ["population"], "gmina", [code], [1999])
    for text in (said, str(raised.value)):
        assert "smup data sync bdl" in text
        assert not re.search(r"smup data sync(?! [a-z])", text)
