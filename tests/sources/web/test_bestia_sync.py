"""BeSTi@ into a snapshot: positions add up to variables, a return counts whole or not at all.

Shapes are reconstructed (tests/servers/bestia_shape.py); the sums are those of the sample land.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from dataclasses import dataclass, replace

import pandas as pd
import pytest

from smup_lib.catalogue import load_catalogue
from smup_lib.errors import (
    IndicatorError,
    ParameterError,
    ServiceError,
    SnapshotMismatchError,
    SourceError,
)
from smup_lib.snapshots import SnapshotManifest, as_observations, load_snapshot, write_snapshot
from smup_lib.sources.web.bestia_plan import BudgetChoice, is_readable
from smup_lib.sources.web.bestia_reading import read_amount
from smup_lib.sources.web.bestia_sync import sync_bestia
from smup_lib.sources.web.smup_sync import SyncOptions
from smup_lib.sources.web.sync_report import SyncReport
from smup_lib.verbs import compute_indicators
from tests.servers import bestia_shape, faults
from tests.servers.clocks import HandClock, SkippingClock
from tests.servers.faults import Call, Fault, Reply, Spoil
from tests.servers.unflushed import unflushed
from tests.sources.sample_tables import open_land
from tests.sources.web.conftest import BUDGET_CITY, BUDGET_POWIAT

YEAR = 2024
SMALL = BudgetChoice(years=(YEAR,))
#: An area tells as much of how an answer is read as all of them: six variables of two returns.
ROADS = BudgetChoice(areas=("roads_transport",), years=(YEAR,))
GMINA = f"{BUDGET_POWIAT}01"
# Under which codes the budget of a unit tells a variable, written down by hand: of gminy and cities
# (no land powiat), of powiaty (a city under its powiat code), of land powiaty, of cities; of all
# others every unit tells its own, and of AREA the land powiat tells the sum of its area.
OF_GMINY = {
    "expenditure_preschools", "expenditure_primary_schools", "expenditure_school_transport",
    "expenditure_waste", "waste_fee_revenue", "expenditure_air", "expenditure_street_cleaning",
    "expenditure_stray_animals", "property_tax_revenue", "property_tax_receivable",
    "property_tax_arrears", "property_tax_rate_cuts", "property_tax_reliefs",
    "property_tax_remissions", "property_tax_deferrals", "farm_forest_tax_revenue",
    "farm_forest_tax_receivable", "farm_forest_tax_arrears", "farm_forest_tax_reliefs",
    "vehicle_tax_revenue", "vehicle_tax_receivable", "vehicle_tax_arrears",
    "vehicle_tax_rate_cuts", "local_fees_revenue", "local_fees_receivable", "local_fees_arrears",
    "fee_collectors_pay", "waste_fee_receivable", "waste_fee_arrears",
    "expenditure_municipal_housing", "expenditure_family_support",
    "expenditure_social_assistance_centres", "expenditure_benefits_and_meals",
    "expenditure_home_care", "expenditure_addiction_prevention",
}  # fmt: skip
OF_POWIATY = {
    "expenditure_general_secondary", "expenditure_vocational_schools",
    "expenditure_counselling_centres", "expenditure_dormitories", "survey_fee_revenue",
    "expenditure_geodesy", "expenditure_building_supervision", "expenditure_foster_care",
    "expenditure_disability_support",
}  # fmt: skip
OF_LAND_POWIATY = {"expenditure_education", "expenditure_health", "expenditure_powiat_roads"}
OF_CITIES = {"pit_share_revenue_powiat_part"}
AREA = {
    "expenditure_libraries", "expenditure_culture_centres", "expenditure_museums",
    "expenditure_sport", "expenditure_greenery", "expenditure_monuments",
    "expenditure_zoning_plans", "expenditure_investor_service", "expenditure_gmina_roads",
    "expenditure_lighting", "expenditure_public_transport", "revenue_parking",
    "expenditure_parking", "expenditure_nurseries", "expenditure_support_centres",
}  # fmt: skip


def expected_code(variable: str, unit: str) -> str:
    """Return the code under which a unit tells a variable; empty for none."""
    kind = "city" if unit == BUDGET_CITY else {4: "powiat", 6: "gmina"}[len(unit)]
    told = {
        "gmina": "" if variable in OF_POWIATY | OF_LAND_POWIATY | OF_CITIES else unit,
        "powiat": "" if variable in OF_GMINY | OF_CITIES else unit,
        "city": "" if variable in OF_LAND_POWIATY else unit,
    }
    return "9061" if kind == "city" and variable in OF_POWIATY else told[kind]


def sync(choice: BudgetChoice = SMALL, clock=None, **options: object) -> SyncReport:
    return sync_bestia(
        choice, SyncOptions(**options, page_size=100), clock=clock or SkippingClock()
    )  # type: ignore[arg-type]


def of(path: str, page: str | None = None, unit: str | None = None):
    """Choose the calls of a return."""

    def chosen(call: Call) -> bool:
        return (
            call.path == path
            and page in (None, call.told("page"))
            and unit in (None, call.told("filter[jednostka-const-id]"))
        )

    return chosen


@pytest.fixture
def number_of(smup_server):
    """Tell the const-id of a unit."""
    shape = smup_server.shapes["bestia"]
    return {unit.code: unit.const_id for unit in shape.units if unit.gt != "Z"}


@pytest.fixture(scope="session")
def told(sample_home_dir):
    """What the sample land says: (variable, unit under which it is told, year) -> value.

    Of a city the land tells the same amount under both codes, or under one of them.
    """
    rows = open_land(sample_home_dir).observations(
        variables=bestia_shape.VARIABLES, years=range(2022, 2025)
    )
    rows = rows[rows["source"].str.startswith("sample:land")]
    rows = rows[rows["unit_code"].str.startswith((BUDGET_POWIAT, BUDGET_CITY[:4]))]
    columns = rows[["variable", "unit_code", "year", "value"]]
    found = {
        (variable, expected_code(variable, whole(code)), year): value
        for variable, code, year, value in columns.itertuples(index=False)
    }
    own = dict(found)
    for (variable, code, year), value in own.items():
        if variable in AREA and code.startswith(BUDGET_POWIAT) and len(code) == 6:
            cell = (variable, BUDGET_POWIAT, year)
            found[cell] = found.get(cell, 0.0) + value
    return found


def whole(code: str) -> str:
    return code[:4] + "01" if code[2:4] >= "61" else code


@pytest.fixture(scope="module")
def whole_sync(smup_process_server, register_home_dir, no_authorities, tmp_path_factory):
    """One undisturbed synchronisation of a year: its report, its rows and what was asked."""
    home = tmp_path_factory.mktemp("whole") / "home"
    shutil.copytree(register_home_dir, home)
    smup_process_server.heal()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", unflushed(sqlite3.connect))
        patch.setenv("SMUP_HOME", str(home))
        patch.setenv("SMUP_BESTIA_URL", smup_process_server.address_of("bestia"))
        patch.setenv("NO_PROXY", "127.0.0.1")
        patch.delenv("SSL_CERT_FILE", raising=False)
        patch.setenv("SSL_CERT_DIR", str(no_authorities))
        report = sync()
        rows, manifest = rows_of(report), load_snapshot(report.snapshot_id).manifest
    return Whole(report, rows, manifest, tuple(smup_process_server.calls))


@dataclass(frozen=True)
class Whole:
    """What a synchronisation came to, after its home is out of sight."""

    report: SyncReport
    table: pd.DataFrame
    manifest: SnapshotManifest
    calls: tuple[Call, ...]

    @property
    def rows(self) -> pd.DataFrame:
        return self.table.copy()


def rows_of(report: SyncReport):
    assert report.snapshot_id is not None
    rows = load_snapshot(report.snapshot_id).observations()
    return rows[rows["source"].str.startswith("fictional:bestia")]


def test_every_variable_is_the_sum_that_the_land_has(smup_server, land_home, told, number_of):
    report = sync(BudgetChoice(years=(2023, 2024)))
    rows = rows_of(report)
    assert set(rows["variable"]) == set(bestia_shape.VARIABLES)
    assert report.complete == len(bestia_shape.VARIABLES)
    for variable, code, year, value in rows[
        ["variable", "unit_code", "year", "value"]
    ].itertuples(index=False):  # fmt: skip
        assert value == pytest.approx(told.get((variable, code, year), 0.0), abs=0.005), variable
    for variable, here in rows.groupby("variable", observed=True):
        codes = {expected_code(variable, unit) for unit in number_of} - {""}
        assert set(here["unit_code"]) == codes, variable
    assert (rows["flag"] == "true_zero").equals(rows["value"] == 0)
    assert report.quarantined == {}


def test_every_variable_of_the_catalogue_that_the_returns_tell_is_served_by_the_shape():
    readable = {one.id for one in load_catalogue().variables.values() if is_readable(one)}
    in_returns = {one.id for one in load_catalogue().variables.values() if one.budget}
    assert readable == set(bestia_shape.VARIABLES)
    assert in_returns - readable == set(bestia_shape.NOT_SERVED)


def test_a_land_powiat_is_told_the_budgets_of_its_area(whole_sync, told):
    """Roads of gminy are kept by gminy: the powiat's own return tells nothing of them."""
    rows = whole_sync.rows.set_index(["variable", "unit_code"])
    lighting = rows["value"]["expenditure_lighting"]
    assert lighting[BUDGET_POWIAT] == told["expenditure_lighting", BUDGET_POWIAT, YEAR]
    assert lighting[BUDGET_POWIAT] > lighting[GMINA] > 0
    assert "9061" not in lighting.index  # the city tells it under its gmina code


def test_an_area_with_a_unit_that_was_not_asked_has_no_sum(smup_server, land_home):
    rows = rows_of(sync(replace(ROADS, units=(GMINA, BUDGET_CITY))))
    lighting = set(rows.loc[rows["variable"] == "expenditure_lighting", "unit_code"])
    assert lighting == {GMINA, BUDGET_CITY}


def test_an_area_without_one_return_is_incomplete(smup_server, land_home, number_of, told):
    nothing = Fault(lambda reply, call: Reply(204), of("pozycje-rb28s", unit=number_of[GMINA]))
    smup_server.faults.append(nothing)
    rows = rows_of(sync()).set_index(["variable", "unit_code"])
    row = rows.loc["expenditure_lighting", BUDGET_POWIAT]
    whole_sum = told["expenditure_lighting", BUDGET_POWIAT, YEAR]
    assert row["value"] == pytest.approx(whole_sum - told["expenditure_lighting", GMINA, YEAR])
    assert row["qualifiers"] == "incomplete"
    own = rows.loc["expenditure_education_current", BUDGET_POWIAT]
    assert own["qualifiers"] == ""


def test_an_area_with_a_return_that_cannot_be_read_has_no_sum(smup_server, land_home, number_of):
    wrong = Fault(faults.changed(ww=lambda told: "1.2"), of("pozycje-rb28s", "1", number_of[GMINA]))
    smup_server.faults.append(wrong)
    rows = rows_of(sync(ROADS))
    lighting = set(rows.loc[rows["variable"] == "expenditure_lighting", "unit_code"])
    assert BUDGET_POWIAT not in lighting and BUDGET_CITY in lighting


def test_the_share_in_pit_of_a_city_stands_in_two_parts(whole_sync, told):
    rows = whole_sync.rows.set_index(["variable", "unit_code"])["value"]
    for variable in ("pit_share_revenue", "pit_share_revenue_powiat_part"):
        assert rows[variable, BUDGET_CITY] == told[variable, BUDGET_CITY, YEAR] > 0
    assert rows["pit_share_revenue_powiat_part"].index.tolist() == [BUDGET_CITY]
    assert (
        rows["pit_share_revenue", BUDGET_POWIAT] == told["pit_share_revenue", BUDGET_POWIAT, YEAR]
    )


def test_budgets_of_land_powiaty_alone_are_not_told_of_a_city(whole_sync, told):
    rows = whole_sync.rows.set_index(["variable", "unit_code"])["value"]
    assert rows["expenditure_health"].index.tolist() == [BUDGET_POWIAT]
    assert rows["expenditure_health", BUDGET_POWIAT] == pytest.approx(
        told["expenditure_health", BUDGET_POWIAT, YEAR]
    )


def test_plan_is_never_execution(whole_sync, told):
    rows = whole_sync.rows.set_index(["variable", "unit_code"])["value"]
    plan, done = (rows[f"expenditure_capital{name}", GMINA] for name in ("_plan", ""))
    assert plan == told["expenditure_capital_plan", GMINA, YEAR] != done
    mixed = replace_columns("expenditure_capital", ("pl", "ww"))
    assert not is_readable(mixed)


def replace_columns(variable: str, columns: tuple[str, ...]):
    one = load_catalogue().variables[variable]
    assert one.budget is not None
    return one.model_copy(update={"budget": one.budget.model_copy(update={"columns": columns})})


def test_unions_are_not_asked_for(whole_sync):
    asked = {call.told("filter[jednostka-const-id]") for call in whole_sync.calls}
    assert not any(unit.startswith("z-") for unit in asked)
    assert all(call.told("sort") for call in whole_sync.calls)
    assert {call.told("filter[okres-okres]") for call in whole_sync.calls} <= {"", "4"}


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (faults.duplicated, "więcej niż raz"),
        (faults.paging(totalItems=7), "różną liczbę pozycji"),
        (faults.paging(totalPages=9), "nie wszystkie istnieją"),
        (faults.changed(okres_okres=lambda told: "3"), "okres"),
        (faults.changed(okres_rok=lambda told: "2019"), "rok"),
        (faults.changed(jednostka_const_id=lambda told: "inna"), "jednostka"),
        (faults.changed(sprawozdanie_wersja=lambda told: "9"), "wersja"),
    ],
)
def test_pages_that_do_not_fit_are_asked_once_more_and_then_wait(
    smup_server, land_home, number_of, spoil, says
):
    unit = number_of[GMINA]
    smup_server.faults.append(Fault(spoil, of("pozycje-rb28s", "1", unit)))
    report = sync(ROADS)
    assert report.waiting == 1
    ((question, why),) = report.failures.items()
    assert "Rb-28S" in question and says in why
    firsts = [call for call in smup_server.calls if of("pozycje-rb28s", "1", unit)(call)]
    assert len(firsts) == 2
    assert "expenditure_lighting" not in set(rows_of(report)["variable"])
    smup_server.heal()
    again = sync(ROADS)
    assert not again.failures and again.waiting == 0
    assert "expenditure_lighting" in set(rows_of(again)["variable"])


def test_a_lie_about_the_number_of_rows_on_every_page_is_found(smup_server, land_home, number_of):
    wrong = Fault(faults.paging(totalItems=7), of("pozycje-rb28s", unit=number_of[GMINA]))
    smup_server.faults.append(wrong)
    ((_, why),) = sync(ROADS).failures.items()
    assert "zapowiedział 7 pozycji" in why


def renamed(old: str, new: str) -> Spoil:
    def spoil(reply: Reply, call: Call) -> Reply:
        rows = [{new if k == old else k: told for k, told in row.items()} for row in of_page(reply)]
        return replace(reply, content={**reply.content, "data": rows})

    return spoil


def of_page(reply: Reply) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = reply.content["data"]
    return rows


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (faults.changed(ww=lambda told: "1.234"), "pole „ww” nie jest kwotą z przecinkiem"),
        (faults.changed(ww=lambda told: ["1,00"]), "pole „ww” nie jest kwotą z przecinkiem"),
        (faults.changed(paragraf=int), "pole „paragraf” nie jest kodem klasyfikacji"),
        (faults.changed(grupa_paragrafow=lambda told: ""), "grupa-paragrafow"),
        (renamed("ww", "wykonane"), "nie ma pola „ww”"),
        (faults.changed(jednostka_miary=lambda told: "tys. zł"), "nieznane pole: jednostka-miary"),
    ],
)
def test_a_position_that_cannot_be_read_keeps_the_whole_return_out(
    smup_server, land_home, number_of, spoil, reason
):
    def first_only(reply: Reply, call: Call) -> Reply:
        rows = reply.content["data"]
        one = spoil(replace(reply, content={**reply.content, "data": rows[:1]}), call)
        return replace(reply, content={**reply.content, "data": [*one.content["data"], *rows[1:]]})

    smup_server.faults.append(Fault(first_only, of("pozycje-rb28s", "1", number_of[GMINA])))
    report = sync(ROADS)
    ((said, number),) = report.quarantined.items()
    assert reason in said and "całe sprawozdanie" in said
    assert number == 1
    rows = rows_of(report)
    spending = rows[rows["variable"] == "expenditure_lighting"]
    assert GMINA not in set(spending["unit_code"]) and len(spending) > 1
    assert GMINA in set(rows.loc[rows["variable"] == "revenue_parking", "unit_code"])


def test_an_unknown_field_is_harmless_when_the_user_says_so(smup_server, land_home):
    choice = BudgetChoice(areas=("local_taxes",), units=(GMINA,), years=(YEAR,))
    odd = faults.changed(jednostka_miary=lambda told: "zł", zz=lambda told: "1,00")
    smup_server.faults.append(Fault(odd, of("pozycje-rb28s")))
    report = sync(choice)
    assert set(report.fields) == {"jednostka-miary"}  # one more column of amounts is none
    assert "--ignore-field jednostka-miary" in report.render()
    again = sync(choice, limit=0, ignored_fields=("jednostka-miary",))
    assert again.calls == 0 and not again.quarantined and not again.fields
    assert "fee_collectors_pay" in set(rows_of(again)["variable"])


def test_two_returns_under_one_code_both_wait(smup_server, land_home, number_of):
    other = f"{BUDGET_POWIAT}02"
    as_other = Fault(
        faults.changed(jednostka_gk=lambda told: "02", jednostka_gt=lambda told: "2"),
        of("pozycje-rb28s", unit=number_of[GMINA]),
    )
    smup_server.faults.append(as_other)
    report = sync(ROADS)
    ((said, number),) = report.quarantined.items()
    assert "dwie jednostki" in said and number == 1
    rows = rows_of(report)
    spending = rows[rows["variable"] == "expenditure_lighting"]
    assert not {GMINA, other} & set(spending["unit_code"])


def test_numbers_instead_of_texts_are_the_same_numbers(smup_server, land_home, whole_sync):
    as_numbers = faults.changed(ww=lambda told: float(told.replace(",", ".")))
    smup_server.faults.append(Fault(as_numbers, of("pozycje-rb28s")))
    assert sync().snapshot_id == whole_sync.report.snapshot_id


def test_a_unit_without_a_return_has_no_value_and_no_zero(smup_server, land_home, number_of):
    nothing = Fault(lambda reply, call: Reply(204), of("pozycje-rb28s", unit=number_of[GMINA]))
    smup_server.faults.append(nothing)
    report = sync(ROADS)
    assert any(GMINA in note and "nie ma sprawozdania" in note for note in report.notes)
    rows = rows_of(report)
    spending = rows[rows["variable"] == "expenditure_lighting"]
    assert GMINA not in set(spending["unit_code"])


def test_a_return_that_is_taken_back_stays_and_is_named(smup_server, land_home, number_of):
    clock, choice = HandClock(), BudgetChoice(units=(GMINA, BUDGET_CITY), years=(YEAR,))
    before = rows_of(sync(choice, clock))
    nothing = Fault(lambda reply, call: Reply(204), of("pozycje-rb28s", unit=number_of[GMINA]))
    smup_server.faults.append(nothing)
    clock.time += 2 * 86_400
    report = sync(choice, clock, refresh=True)
    (note,) = [one for one in report.written.notes if "nie podaje już" in one]
    assert f"(1 wartość, na przykład {GMINA}, {YEAR} r.)" in note and BUDGET_CITY not in note
    assert len(rows_of(report)) == len(before)


def test_a_column_that_is_blank_everywhere_tells_nothing(smup_server, land_home):
    smup_server.faults.append(Fault(faults.changed(uz=lambda told: ""), of("pozycje-rb27s")))
    report = sync()
    assert "property_tax_remissions" not in set(rows_of(report)["variable"])
    assert any("property_tax_remissions" in note for note in report.notes)


def test_a_column_that_one_return_leaves_blank_is_no_zero(smup_server, land_home, number_of):
    blank = Fault(faults.changed(dw=lambda told: ""), of("pozycje-rb27s", unit=number_of[GMINA]))
    smup_server.faults.append(blank)
    report = sync()
    rows = rows_of(report)
    taxes = rows[rows["variable"] == "property_tax_revenue"]
    assert len(taxes) > 1 and GMINA not in set(taxes["unit_code"])
    assert GMINA in set(rows.loc[rows["variable"] == "property_tax_arrears", "unit_code"])
    (note,) = (one for one in report.notes if "property_tax_revenue" in one)
    assert f"pusta w całym sprawozdaniu jednostek {GMINA}," in note
    parking = rows[(rows["variable"] == "revenue_parking") & (rows["unit_code"] == BUDGET_POWIAT)]
    assert parking["qualifiers"].tolist() == ["incomplete"]


@pytest.mark.parametrize("number", [float("inf"), float("nan"), float("1e400")])
def test_what_is_no_finite_number_is_no_amount(number):
    with pytest.raises(ValueError):
        read_amount(number)


@pytest.mark.parametrize("spoil", [faults.gone, faults.html(404)])
def test_404_is_no_word_about_a_return_and_is_not_remembered(
    smup_server, land_home, number_of, spoil
):
    """The service says 204 when there is no return; 404 is a changed path or a proxy."""
    choice = BudgetChoice(areas=("local_taxes",), units=(GMINA,), years=(YEAR,))
    smup_server.faults.append(Fault(spoil, of("pozycje-rb27s", unit=number_of[GMINA])))
    report = sync(choice)
    assert report.waiting == 1 and len(report.failures) == 1 and not report.empty
    smup_server.heal()
    assert "property_tax_revenue" in set(rows_of(sync(choice))["variable"])


def test_a_year_without_returns_is_empty_and_known(smup_server, land_home):
    clock = HandClock()  # 2027-01-15
    report = sync(BudgetChoice(units=(GMINA,)), clock)
    assert [name for name in report.empty if "2025" in name or "2026" in name]
    smup_server.heal()
    sync(BudgetChoice(units=(GMINA,)), clock)
    assert smup_server.calls == []


def test_a_limit_stops_and_the_rest_gives_the_same(smup_server, land_home, whole_sync):
    calls = len(whole_sync.calls)
    stopped = sync(limit=calls // 2)
    assert stopped.stopped and stopped.waiting
    assert sync().snapshot_id == whole_sync.report.snapshot_id
    assert len(smup_server.calls) == calls


def test_a_service_that_stumbles_gives_the_same(smup_server, land_home, whole_sync):
    smup_server.faults.append(faults.at_random(20_261_122, share=0.2))
    assert sync().snapshot_id == whole_sync.report.snapshot_id


def test_reordered_rows_are_the_same_rows(smup_server, land_home, whole_sync):
    smup_server.faults.append(Fault(faults.reordered, of("pozycje-rb28s")))
    assert sync().snapshot_id == whole_sync.report.snapshot_id


def test_an_area_needs_only_its_returns(smup_server, land_home):
    rows = rows_of(sync(BudgetChoice(areas=("local_taxes",), units=(GMINA,), years=(YEAR,))))
    assert "property_tax_revenue" in set(rows["variable"])
    assert "expenditure_lighting" not in set(rows["variable"])
    assert set(rows["unit_code"]) == {GMINA}


@pytest.mark.parametrize(
    ("choice", "error", "says"),
    [
        (BudgetChoice(units=("nigdzie",)), ParameterError, "nigdzie"),
        (BudgetChoice(units=("1261",)), ParameterError, "1261"),
        (BudgetChoice(years=(2090,)), ParameterError, "2090"),
        (BudgetChoice(areas=("kosmos",)), (ParameterError, IndicatorError), "kosmos"),
    ],
)
def test_a_choice_of_what_is_not_there_is_told(smup_server, land_home, choice, error, says):
    with pytest.raises(error, match=says):
        sync(choice)
    assert not any(call.path.startswith("pozycje") for call in smup_server.calls)


def test_an_unknown_form_of_the_list_of_units_is_an_error(smup_server, land_home):
    smup_server.faults.append(Fault(faults.changed(wk=lambda told: ""), of("jednostki")))
    with pytest.raises(ServiceError):
        sync()


def test_real_and_fictional_units_never_meet(smup_server, land_home):
    def one_real(reply: Reply, call: Call) -> Reply:
        rows = [reply.content["data"][0] | {"wk": "12"}, *reply.content["data"][1:]]
        return replace(reply, content={**reply.content, "data": rows})

    smup_server.faults.append(Fault(one_real, of("jednostki", "1")))
    with pytest.raises(SnapshotMismatchError):
        sync()


def test_without_a_register_nothing_is_asked_for(smup_server, tmp_path, monkeypatch):
    monkeypatch.setenv("SMUP_HOME", str(tmp_path / "empty"))
    with pytest.raises(SourceError):
        sync()
    assert {call.path for call in smup_server.calls} == {"jednostki"}


def test_the_plan_is_told_before_anything_is_asked(smup_server, land_home):
    seen = []
    sync_bestia(
        SMALL,
        SyncOptions(plan_only=True, page_size=100),
        clock=SkippingClock(),
        on_plan=seen.append,
    )
    (figures,) = seen
    assert figures.due == figures.questions == 4 * figures.units
    assert "Rb-27S, Rb-28S, Rb-NDS, Rb-Z za 2024" in figures.render()
    assert not any(call.path.startswith("pozycje") for call in smup_server.calls)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--plan"], 0, "Sprawozdania: Rb-27S"),
        (["--plan", "--json"], 0, '"returns"'),
        (["--years", "2024", "--units", GMINA], 0, "zmienne w komplecie"),
        (["--years", "2024", "--limit", "3"], 75, "--limit"),
        (["--units", "nigdzie"], 1, "nigdzie"),
    ],
)
def test_the_command_line(smup_server, home_of, start_smup, words, code, says):
    process = start_smup(home_of("line"), "data", "sync", "bestia", *words, forked=True)
    out, err = process.communicate(timeout=120)
    assert process.returncode == code, out + err
    assert says in out + err


#: indicator -> what stands above and below; no one above is revenue less spending.
COMPUTED = {
    "expenditure_per_capita_computed": ("expenditure_total", "population"),
    "debt_to_revenue": ("debt_total", "revenue_total"),
    "operating_surplus_share": ("", "revenue_current"),
}


def test_indicators_are_computed_from_the_returns(smup_server, land_home, sample_home_dir, told):
    land = open_land(sample_home_dir)
    people = land.observations(variables=["population"], years=[YEAR - 1, YEAR])
    write_snapshot(
        {
            "observations": as_observations(people),
            "units": land.table("units"),
            "changes": land.table("changes"),
        },
        fictional=True,
        sources=list(land.manifest.sources.values()),
    )
    choice = BudgetChoice(areas=("finance",), years=(YEAR,))
    snapshot = load_snapshot(sync(choice).snapshot_id)
    for indicator, (above, below) in COMPUTED.items():
        found = compute_indicators([indicator], "gmina", years=[YEAR], snapshot=snapshot)
        known = found[found["value"].notna()].set_index("unit_code")
        assert {GMINA, BUDGET_CITY} <= set(known.index)
        for code, row in known.iterrows():
            current = (told[f"{name}_current", code, YEAR] for name in ("revenue", "expenditure"))
            amount = told[above, code, YEAR] if above else next(current) - next(current)
            assert row["numerator"] == pytest.approx(amount)
            assert row["source"]
            if below != "population":
                assert row["denominator"] == pytest.approx(told[below, code, YEAR])


def test_the_record_of_a_source_says_what_it_is(whole_sync):
    records = [one for one in whole_sync.manifest.sources.values() if "bestia" in one.dataset]
    assert {one.publisher for one in records} == {"sample"}
    assert all(one.kind == "bestia_api" and one.years == (YEAR,) for one in records)
    assert json.dumps(whole_sync.report.as_dict(), ensure_ascii=False)
