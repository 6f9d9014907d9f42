"""BDL into a snapshot: both dialects, the right variable or none, nothing counted twice.

The shape is that of tests/servers/bdl_shape.py; the numbers are those of the sample land.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from smup_lib.catalogue import load_catalogue
from smup_lib.errors import (
    KeyRefusedError,
    ParameterError,
    ServiceError,
    SnapshotMismatchError,
    SourceError,
)
from smup_lib.plurals import spaced
from smup_lib.snapshots import load_snapshot
from smup_lib.sources.web.bdl_choice import BdlChoice
from smup_lib.sources.web.bdl_sync import sync_bdl
from smup_lib.sources.web.smup_sync import SyncOptions
from smup_lib.sources.web.sync_report import SyncReport
from tests.servers import faults
from tests.servers.bdl_shape import SERVED, BdlShape
from tests.servers.clocks import HandClock, SkippingClock
from tests.servers.faults import Call, Fault, Reply
from tests.sources.sample_tables import open_land
from tests.sources.web.conftest import BDL_YEARS

#: Variables that the catalogue can name by itself and that the sample land has.
KNOWN = ("population", "population_density", "avg_gross_wage", "registered_unemployed")
#: What stands for an indicator whose labels the catalogue does not know.
VISITORS, DAY = 1243, 86_400
SMALL = BdlChoice(variables=("population",), years=(2022, 2023))


def sync(choice: BdlChoice = SMALL, clock: Any = None, **options: Any) -> SyncReport:
    return sync_bdl(choice, SyncOptions(**options, page_size=100), clock=clock or SkippingClock())


def of(path: str, page: str | None = None, level: str | None = None) -> Callable[[Call], bool]:
    """Choose the calls of a path."""

    def chosen(call: Call) -> bool:
        return (
            call.path == path
            and page in (None, call.told("page"))
            and level in (None, call.told("unit-level"))
        )

    return chosen


POPULATION = "data/by-variable/72305"


@pytest.fixture
def shape(smup_server):
    """The shape of the server, in the dialect of real answers."""
    one = smup_server.shapes["bdl"]
    assert isinstance(one, BdlShape)
    one.dialect = "real"
    return one


def rows_of(report: SyncReport):
    assert report.snapshot_id is not None
    rows = load_snapshot(report.snapshot_id).observations()
    return rows[rows["source"].str.startswith("fictional:bdl")]


@pytest.fixture(scope="session")
def told(sample_home_dir):
    """What the sample land says: (variable, unit, year) -> value, flag, qualifiers, decimals."""
    rows = open_land(sample_home_dir).observations(
        variables={one.variable for one in SERVED}, years=BDL_YEARS
    )
    columns = rows[["variable", "unit_code", "year", "value", "flag", "qualifiers"]]
    return {
        (variable, code, int(year)): (None if value != value else value, flag, qualifiers)
        for variable, code, year, value, flag, qualifiers in columns.itertuples(index=False)
    }


def as_told(rows) -> dict[tuple[str, str, int], tuple[Any, ...]]:
    columns = rows[["variable", "unit_code", "year", "value", "flag", "qualifiers"]]
    return {
        (variable, code, int(year)): (None if value != value else value, flag, qualifiers)
        for variable, code, year, value, flag, qualifiers in columns.itertuples(index=False)
    }


@pytest.mark.parametrize("dialect", ["real", "schema"])
def test_every_value_is_the_one_that_the_land_has(shape, land_home, told, dialect):
    shape.dialect = dialect
    report = sync(BdlChoice(variables=(*KNOWN, str(VISITORS)), accepted=(VISITORS,)))
    assert report.refused == report.failures == report.quarantined == {}
    wanted = {*KNOWN, "museum_visitors"}
    assert as_told(rows_of(report)) == {key: one for key, one in told.items() if key[0] in wanted}
    assert report.complete == len(wanted)
    assert report.left_out > 0  # towns and rural areas of a gmina


def test_both_dialects_are_one_snapshot(shape, land_home, home_of, monkeypatch):
    first = sync().snapshot_id
    shape.dialect = "schema"
    monkeypatch.setenv("SMUP_HOME", str(home_of("described")))
    assert sync().snapshot_id == first


def test_a_gmina_whose_kind_changed_is_one_series(shape, land_home):
    report = sync(BdlChoice(variables=("population",)))
    assert any("zmieniły rodzaj" in note for note in report.notes)
    rows = rows_of(report)
    assert not rows.duplicated(["unit_code", "year"]).any()
    years = rows[rows["unit_code"].str.len() == 6].groupby("unit_code", observed=True).size()
    assert set(years) == {len(BDL_YEARS)}


def test_decimals_are_those_of_the_most_precise_value(shape, land_home):
    rows = rows_of(sync(BdlChoice(variables=("avg_gross_wage",))))
    assert set(rows["decimals"]) == {2}
    assert set(rows_of(sync())["decimals"].loc[lambda d: d.index >= 0]) == {0, 2}


def test_several_years_are_one_question(smup_server, shape, land_home):
    sync()
    calls = smup_server.asked(POPULATION)
    years = {tuple(v for name, v in call.query if name == "year") for call in calls}
    assert years == {("2022", "2023")}
    assert {call.told("page-size") for call in calls} == {"100"}
    assert min(int(call.told("page")) for call in calls) == 0
    assert {call.told("lang") for call in calls} == {"pl"}


def test_one_level_asks_for_nothing_else(smup_server, shape, land_home):
    rows = rows_of(sync(replace(SMALL, level="powiat")))
    assert {call.told("unit-level") for call in smup_server.asked(POPULATION)} == {"5"}
    assert set(rows["unit_code"].str.len()) == {4}


def test_a_level_without_data_is_no_error(smup_server, shape, land_home):
    smup_server.faults.append(Fault(faults.gone, of(POPULATION, level="2")))
    report = sync()  # the country answers 200 and no rows, voivodeships 404
    assert report.failures == {} and report.complete == 1


# --- which variable is it? -----------------------------------------------------------------------


def test_by_default_all_that_the_catalogue_can_name(smup_server, shape, land_home):
    report = sync(BdlChoice(years=(2023,)))
    assert set(rows_of(report)["variable"]) == set(KNOWN)
    # found by its subject and labels: the catalogue has no number of it
    assert "10514" in {call.path.rpartition("/")[2] for call in smup_server.calls}
    assert "museum_visitors (BDL 1243)" in report.pending
    assert "zwiedzający muzea; ogółem" in report.pending["museum_visitors (BDL 1243)"]
    assert set(report.pending) >= {"doctors_per_10k"}  # its subject is not served


@pytest.mark.parametrize(
    ("path", "changes", "says"),
    [
        ("variables/72305", {"n2": "kobiety"}, "ogółem; kobiety"),
        ("variables/72305", {"measureUnitName": "tys. osób"}, "tys. osób"),
        ("variables/72305", {"level": 5}, "najniższy w BDL to powiaty"),
        ("variables/72305", {"subjectId": "P2138"}, "P2138"),
    ],
)
def test_another_variable_under_its_number_is_refused(
    smup_server, shape, land_home, path, changes, says
):
    smup_server.faults.append(Fault(faults.envelope(**changes), of(path)))
    report = sync(BdlChoice(variables=KNOWN, years=(2023,)))
    ((name, why),) = report.refused.items()
    assert name == "population (BDL 72305)" and says in why
    assert set(rows_of(report)["variable"]) == set(KNOWN) - {"population"}
    assert says in report.render()


def test_the_user_may_take_another_label_but_not_thousands(smup_server, shape, land_home):
    smup_server.faults.append(Fault(faults.envelope(n2="razem"), of("variables/72305")))
    accepted = replace(SMALL, accepted=(72305,))
    assert sync(accepted).refused == {}
    assert sync(SMALL).refused == {}  # it stays accepted
    smup_server.faults.append(Fault(faults.envelope(n2="jeszcze inaczej"), of("variables/72305")))
    assert sync(SMALL, refresh=True, clock=later(2)).refused  # unless it changes again
    thousands = BdlChoice(variables=("population_post_working_age",), accepted=(155,))
    assert "tys. osób" in sync(thousands).refused["population_post_working_age (BDL 155)"]


def later(days: float) -> SkippingClock:
    clock = SkippingClock()
    clock.sleep(days * DAY)
    return clock


def test_a_label_that_nobody_knows_waits_for_a_word(shape, land_home):
    report = sync(BdlChoice(variables=("museum_visitors",)))
    why = report.refused["museum_visitors (BDL 1243)"]
    assert "Muzea przykładowe" in why and "--accept-label 1243" in why
    taken = sync(BdlChoice(variables=("museum_visitors",), accepted=(1243,)))
    assert set(rows_of(taken)["flag"]) >= {"ok", "true_zero"}
    assert sync(BdlChoice(variables=("museum_visitors",))).refused == {}


def test_a_number_that_the_catalogue_does_not_know(shape, land_home):
    report = sync(BdlChoice(variables=("900001", "bdl_10515", "10514"), years=(2023,)))
    rows = rows_of(report)
    assert set(rows["variable"]) == {"bdl_900001", "bdl_10515", "registered_unemployed"}
    snapshot = load_snapshot(report.snapshot_id)
    definitions = snapshot.table("published_definitions").set_index(["kind", "id"])
    one = definitions.loc[("bdl_variable", "900001")]
    assert (one["name"], one["variable"]) == ("obiekty; ogółem", "bdl_900001")
    assert json.loads(one["card"])["n1"] == "obiekty"
    assert definitions.loc[("bdl_subject", "P9001"), "name"] == "Obiekty przykładowe"
    (record,) = [r for r in snapshot.manifest.sources.values() if r.variables == ("bdl_900001",)]
    assert record.title.startswith("Obiekty przykładowe: obiekty; ogółem")
    assert record.kind == "bdl_api" and record.dataset == "fictional:bdl_P9001"


def test_name_and_number_together(shape, land_home):
    report = sync(BdlChoice(variables=("sports_halls=900001",), years=(2023,)))
    assert "P3881" in report.refused["sports_halls (BDL 900001)"]
    taken = BdlChoice(variables=("sports_halls=900001",), years=(2023,), accepted=(900001,))
    assert set(rows_of(sync(taken))["variable"]) == {"sports_halls"}


def test_two_numbers_are_never_one_variable(shape, land_home):
    choice = BdlChoice(variables=("10514", "registered_unemployed=10515"), accepted=(10515,))
    report = sync(choice)
    assert report.complete == 1 and len(report.refused) == 1


@pytest.mark.parametrize(
    ("choice", "says"),
    [
        (BdlChoice(variables=("revenue_total", "nic takiego")), "revenue_total"),
        (BdlChoice(variables=("population=ludność",)), "ludność"),
        (BdlChoice(subjects=("G12",)), "G12"),
        (BdlChoice(areas=("kosmos",)), "kosmos"),
    ],
)
def test_a_choice_of_what_is_not_there_asks_nothing(smup_server, shape, land_home, choice, says):
    with pytest.raises(Exception, match=says) as found:
        sync(choice)
    assert isinstance(found.value, ParameterError) or "kosmos" in str(found.value)
    assert smup_server.calls == []


def test_what_bdl_does_not_have_is_refused_in_its_own_words(shape, land_home):
    report = sync(BdlChoice(variables=("424242", "64428"), level="gmina"))
    assert report.refused["zmienna BDL 424242"] == "Nie ma variables/424242"
    assert report.refused["zmienna BDL 64428"].endswith("najniżej na szczeblu: powiaty")
    assert "2018–2024" in str(sync(replace(SMALL, years=(1999,))).refused)


def test_a_subject_is_listed_or_taken_as_a_whole(smup_server, shape, land_home):
    seen: list[Any] = []
    choice = BdlChoice(subjects=("P1944", "P4444"), years=(2023,))
    options = SyncOptions(plan_only=True, page_size=100)
    report = sync_bdl(choice, options, clock=SkippingClock(), on_plan=seen.append)
    assert any("10515  kobiety [osoba]" in line for line in seen[0].listed)
    assert "P4444" in report.refused
    assert not any(call.path.startswith(("data", "variables/")) for call in smup_server.calls)
    rows = rows_of(sync(choice))
    assert set(rows["variable"]) == {"registered_unemployed", "bdl_10515"}


def test_an_area_needs_only_its_variables(shape, land_home):
    rows = rows_of(sync(BdlChoice(areas=("education",), years=(2023,))))
    assert set(rows["variable"]) < set(KNOWN)
    needed = {
        name for one in load_catalogue().area("education").indicators for name in one.variables_read
    }
    assert set(rows["variable"]) <= needed


# --- what cannot be believed ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (faults.duplicated, "więcej niż raz"),
        (faults.envelope(totalRecords=7), "różną liczbę wierszy"),
        (faults.envelope(page=1), "przyszła strona 1"),
        (faults.envelope(variableId=65), "zmiennej 65"),
        (faults.envelope(measureUnitId=4), "jednostki miary 4"),
        (faults.envelope(aggregateId=7), "agregatu 7"),
    ],
)
def test_pages_that_do_not_fit_are_asked_once_more_and_then_wait(
    smup_server, shape, land_home, spoil, says
):
    smup_server.faults.append(Fault(spoil, of(POPULATION, "0", "6")))
    report = sync(BdlChoice(variables=("population", "64428"), years=(2023,)))
    assert report.waiting == 1
    ((question, why),) = report.failures.items()
    assert "72305" in question and says in why
    assert len([call for call in smup_server.calls if of(POPULATION, "0", "6")(call)]) == 2
    assert set(rows_of(report)["variable"]) == {"avg_gross_wage"}
    smup_server.heal()
    again = sync(BdlChoice(variables=("population", "64428"), years=(2023,)))
    assert not again.failures
    assert "population" in set(rows_of(again)["variable"])


@pytest.mark.parametrize("total", [7, 100_000])
def test_a_lie_about_the_number_of_rows_on_every_page_is_found(
    smup_server, shape, land_home, total
):
    lie = Fault(faults.envelope(totalRecords=total), of(POPULATION, level="6"))
    smup_server.faults.append(lie)
    ((_, why),) = sync().failures.items()
    assert f"zapowiedział {spaced(total)} wierszy" in why


def test_reordered_rows_are_the_same_rows(smup_server, shape, land_home, home_of, monkeypatch):
    whole = sync().snapshot_id
    monkeypatch.setenv("SMUP_HOME", str(home_of("reordered")))
    smup_server.faults.append(Fault(faults.reordered, of(POPULATION)))
    assert sync().snapshot_id == whole


def cells(**kinds: Callable[[Any], Any]) -> faults.Spoil:
    """Change fields of the first value of every row."""

    def spoil(reply: Reply, call: Call) -> Reply:
        rows = []
        for row in reply.content["results"]:
            first = row["values"][0]
            changed = first | {name: kind(first.get(name)) for name, kind in kinds.items()}
            rows.append(row | {"values": [changed, *row["values"][1:]]})
        return replace(reply, content={**reply.content, "results": rows})

    return spoil


@pytest.mark.parametrize(
    ("kinds", "reason"),
    [
        ({"val": str}, "pole „val”: tekst, a nie liczba"),
        ({"val": lambda told: True}, "pole „val”: tak albo nie, a nie liczba"),
        ({"val": lambda told: None}, "atrybut mówi o wartości, a jej nie ma"),
        ({"value": lambda told: -1}, "pola „val” i „value” mówią co innego"),
        ({"year": lambda told: "dawno"}, "pole „year”"),
        ({"year": lambda told: 1999}, "rok 1999, o który nie pytano"),
        ({"attrId": str}, "pole „attrId”: tekst, a nie liczba"),
        ({"attrId": lambda told: 77}, "nieznany atrybut 77 (nie ma go w słowniku)"),
        ({"attrId": lambda told: 4}, "atrybut mówi o braku wartości, a ona jest"),
        ({"attrId": lambda told: 94}, "atrybut mówi o zerze, a wartość nim nie jest"),
        ({"precision": lambda told: -3}, "niemożliwa precyzja"),
        ({"quarter": lambda told: 2}, "nieznane pole: quarter"),
    ],
)
def test_a_value_that_cannot_be_believed_waits_and_the_others_go_on(
    smup_server, shape, land_home, kinds, reason
):
    smup_server.faults.append(Fault(cells(**kinds), of(POPULATION, level="5")))
    report = sync()
    ((said, number),) = report.quarantined.items()
    assert reason in said
    rows = rows_of(report)
    powiaty = rows[rows["unit_code"].str.len() == 4]
    assert number == len(powiaty) > 0
    assert set(powiaty["year"]) == {2023}
    assert set(rows.loc[rows["unit_code"].str.len() == 6, "year"]) == {2022, 2023}


def test_a_strange_field_may_be_called_harmless(smup_server, shape, land_home):
    smup_server.faults.append(Fault(cells(quarter=lambda told: 2), of(POPULATION, level="5")))
    report = sync()
    assert set(report.fields) == {"quarter"}
    assert sync(ignored_fields=("quarter",)).quarantined == {}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda row: row | {"id": "9001"}, "nie jest identyfikatorem jednostki w BDL"),
        (lambda row: row | {"id": 99012101000}, "pole „id”"),
        (lambda row: row | {"id": "099012101011"}, "jednostka innego szczebla"),
        (lambda row: row | {"values": "brak"}, "wiersz nie ma pola „values”"),
        (lambda row: row | {"id": "099099999000"}, "takiej jednostki nie ma w rejestrze"),
    ],
)
def test_a_unit_that_is_none(smup_server, shape, land_home, change, reason):
    def first_row(reply: Reply, call: Call) -> Reply:
        rows = reply.content["results"]
        return replace(reply, content={**reply.content, "results": [change(rows[0]), *rows[1:]]})

    smup_server.faults.append(Fault(first_row, of(POPULATION, level="5")))
    report = sync()
    assert any(reason in said for said in report.quarantined)
    assert report.complete == 1


def test_an_attribute_with_another_sign_is_not_believed(smup_server, shape, land_home):
    def other_sign(reply: Reply, call: Call) -> Reply:
        rows = [r | ({"symbol": "q"} if r["id"] == 1 else {}) for r in reply.content["results"]]
        return replace(reply, content={**reply.content, "results": rows})

    smup_server.faults.append(Fault(other_sign, of("attributes")))
    report = sync()
    assert any("atrybut 1 ma w BDL inny znak" in note for note in report.notes)
    assert all("nieznany atrybut 1" in reason for reason in report.quarantined)


def test_real_and_fictional_units_never_meet(smup_server, shape, land_home):
    def one_real(reply: Reply, call: Call) -> Reply:
        rows = [reply.content["results"][0] | {"id": "011200000000"}, *reply.content["results"][1:]]
        return replace(reply, content={**reply.content, "results": rows})

    smup_server.faults.append(Fault(one_real, of("units")))
    with pytest.raises(SnapshotMismatchError):
        sync()


@pytest.mark.parametrize("path", ["units", "attributes"])
def test_a_dictionary_that_is_gone_or_another_is_an_error(smup_server, shape, land_home, path):
    smup_server.faults.append(Fault(faults.gone, of(path)))
    with pytest.raises(ServiceError):
        sync()
    smup_server.faults[:] = [Fault(faults.envelope(results={}), of(path))]
    with pytest.raises(ServiceError):
        sync()


def test_without_a_register_nothing_is_asked_for(smup_server, shape, tmp_path, monkeypatch):
    monkeypatch.setenv("SMUP_HOME", str(tmp_path / "empty"))
    with pytest.raises(SourceError):
        sync()
    assert {call.path for call in smup_server.calls} == {"units"}


# --- limits and interruptions --------------------------------------------------------------------


def test_its_own_key_and_its_own_calls(smup_server, shape, land_home, monkeypatch):
    monkeypatch.setenv("SMUP_BDL_KEY", "klucz-bdl")
    monkeypatch.setenv("SMUP_API_KEY", "klucz-smup")
    smup_server.keys = {"klucz-bdl"}
    assert sync().complete == 1
    monkeypatch.delenv("SMUP_BDL_KEY")
    with pytest.raises(KeyRefusedError):
        sync(refresh=True, clock=later(2))


def test_a_limit_stops_and_the_rest_gives_the_same(
    smup_server, shape, land_home, home_of, monkeypatch
):
    choice = BdlChoice(variables=KNOWN, years=(2023,))
    whole = sync(choice).snapshot_id
    calls = len(smup_server.calls)
    monkeypatch.setenv("SMUP_HOME", str(home_of("in_pieces")))
    smup_server.heal()
    stopped = sync(choice, limit=calls - 4)
    assert stopped.stopped and stopped.waiting
    assert sync(choice).snapshot_id == whole
    assert len(smup_server.calls) == calls
    smup_server.heal()
    assert sync(choice, limit=0).snapshot_id == whole
    assert smup_server.calls == []


def test_a_service_that_stumbles_gives_the_same(
    smup_server, shape, land_home, home_of, monkeypatch
):
    whole = sync().snapshot_id
    monkeypatch.setenv("SMUP_HOME", str(home_of("stumbling")))
    smup_server.faults.append(faults.at_random(20_261_122, share=0.3))
    assert sync().snapshot_id == whole


def test_a_month_later_recent_years_are_asked_again(smup_server, shape, land_home):
    clock = HandClock()  # 2027-01-15
    sync(SMALL, clock)
    smup_server.heal()
    sync(SMALL, clock)
    assert smup_server.calls == []
    clock.sleep(40 * DAY)
    sync(replace(SMALL, years=(2018,)), clock)
    smup_server.heal()
    clock.sleep(40 * DAY)
    sync(replace(SMALL, years=(2018,)), clock)
    assert not any(call.path.startswith("data") for call in smup_server.calls)


def test_a_level_that_breaks_when_it_is_due_again_leaves_its_old_answer(
    smup_server, shape, land_home
):
    clock = HandClock()
    first = sync(clock=clock)
    clock.time += 400 * DAY
    smup_server.faults = [Fault(faults.status(503), of(POPULATION, level="2"))]
    report = sync(clock=clock)
    assert (report.snapshot_id, report.complete) == (first.snapshot_id, 1)
    assert list(report.failures) == ["zmienna 72305, województwa"]
    assert any("zmienna 72305, województwa" in note for note in report.notes)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--plan", "--variable", "population"], 0, "population (BDL 72305): „ogółem; ogółem"),
        (["--plan", "--json", "--subject", "1944"], 0, '"listed"'),
        (["--variable", "population", "--limit", "5"], 75, "--limit"),
        (["--variable", "museum_visitors"], 1, "--accept-label 1243"),
    ],
)
def test_the_command_line(shape, home_of, start_smup, words, code, says):
    process = start_smup(home_of("line"), "data", "sync", "bdl", *words, forked=True)
    out, err = process.communicate(timeout=120)
    assert process.returncode == code, out + err
    assert says in out + err
