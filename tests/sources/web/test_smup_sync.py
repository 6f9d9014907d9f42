"""SMUP into a snapshot: what is taken, what waits in quarantine, what is asked when.

Shapes are reconstructed (tests/servers/smup_shape.py); the numbers are those of the sample land.
"""

from __future__ import annotations

import json

import pytest

from smup_lib.errors import (
    KeyRefusedError,
    ParameterError,
    ServiceError,
    SnapshotMismatchError,
    SourceError,
    UnexpectedAnswerError,
)
from smup_lib.snapshots import Snapshot, empty_observations, load_snapshot, write_snapshot
from smup_lib.sources.web import AnswerStore
from smup_lib.sources.web.services import SMUP, service_lock
from smup_lib.sources.web.smup_plan import Choice
from smup_lib.sources.web.smup_sync import SyncOptions, sync_smup
from smup_lib.sources.web.sync_report import SyncReport
from smup_lib.teryt import is_city_code
from tests.servers import faults
from tests.servers.clocks import HandClock, SkippingClock
from tests.servers.faults import Call, Fault
from tests.servers.misbehaving import running
from tests.servers.smup_shape import PAIRS, SmupShape
from tests.sources.sample_tables import open_land

DAY = 86_400
PAIR = PAIRS["crimes_per_1k"][0]
#: Of the two pairs; the smallest choice that has everything in it.
SMALL = Choice(indicators=(str(PAIR),), years=(2023, 2024))


def sync(choice: Choice = SMALL, clock=None, **options: object) -> SyncReport:
    return sync_smup(choice, SyncOptions(**options), clock=clock or SkippingClock())  # type: ignore[arg-type]


def of_values(call: Call) -> bool:
    return call.path == "indicator-date-data"


def published(snapshot: Snapshot, variable: str, years=(2023, 2024)):
    rows = snapshot.observations(variables=[variable], years=years)
    return rows[rows["source"].str.startswith("sample:published")]


def values_of(rows) -> dict[tuple[str, int], float]:
    return {
        (code, year): value
        for code, year, value in rows[["unit_code", "year", "value"]].itertuples(index=False)
        if value == value
    }


@pytest.fixture
def shape(smup_server) -> SmupShape:
    return shape_of(smup_server)


def test_a_pair_of_ids_is_one_variable_with_the_numbers_of_the_land(smup_server, land_home):
    report = sync()
    snapshot = load_snapshot(report.snapshot_id)
    rows = snapshot.observations(variables=[f"smup_{PAIR}"])
    assert values_of(rows) == values_of(published(snapshot, "crimes_per_1k"))
    assert {is_city_code(code) for code in rows["unit_code"]} == {True, False}
    assert snapshot.fictional
    definitions = snapshot.table("published_definitions").set_index(["kind", "id"])
    for number in PAIRS["crimes_per_1k"]:
        told = definitions.loc[("indicator", str(number))]
        assert told["variable"] == f"smup_{PAIR}"
        assert json.loads(told["card"])["id"] == number  # verbatim
    (source,) = rows["source"].unique()
    record = snapshot.manifest.sources[source]
    assert record.publisher == "sample"
    assert record.file.dated == "service"
    assert f"{PAIR}, {PAIRS['crimes_per_1k'][1]}" in record.title


def test_ids_of_one_name_whose_units_overlap_stay_apart(smup_server, land_home, shape, monkeypatch):
    land, cities = PAIRS["crimes_per_1k"]
    doubled = {
        key: [
            *rows,
            *(shape.values[land, key[1]][:1] if key[0] == cities else ()),
        ]
        for key, rows in shape.values.items()
    }
    doubled = {key: [row | {"id": key[0]} for row in rows] for key, rows in doubled.items()}
    monkeypatch.setattr(shape, "values", doubled)
    snapshot = load_snapshot(sync().snapshot_id)
    variables = set(snapshot.table("published_definitions")["variable"]) - {""}
    assert variables == {f"smup_{land}", f"smup_{cities}"}


def test_everything_is_taken_and_parts_are_not_counted(smup_server, land_home, shape):
    report = sync(Choice(years=(2024,)))
    snapshot = load_snapshot(report.snapshot_id)
    assert report.complete == len({one.variable for one in shape.listed})
    assert report.left_out > 0
    for one in shape.listed:
        variable = f"smup_{PAIRS.get(one.variable, (one.id,))[0]}"
        rows = snapshot.observations(variables=[variable])
        assert values_of(rows) == values_of(published(snapshot, one.variable, [2024]))
        assert set(rows["unit_code"].str.len()) <= {4, 6}


def test_flags_and_decimals_are_those_of_the_land(smup_server, land_home):
    snapshot = load_snapshot(sync(Choice(years=(2023, 2024))).snapshot_id)
    rows = snapshot.observations(variables=["smup_5001"])
    told = published(snapshot, "doctors_per_10k")
    merged = rows.merge(told, on=["unit_code", "year"])
    known = merged[merged["value_x"].notna()]
    assert len(known)
    assert (known["flag_x"] == known["flag_y"]).all()
    assert (known["decimals_x"] == known["decimals_y"]).all()
    assert set(merged.loc[merged["value_x"].isna(), "flag_x"]) <= {"missing_or_secret"}


def test_nothing_held_is_asked_again_until_it_is_due(smup_server, land_home):
    clock = HandClock()  # 2027-01-15: 2024 is one of the last three years, 2016 is not
    choice = Choice(indicators=(str(PAIR),), years=(2016, 2024))
    first = sync(choice, clock)
    smup_server.heal()
    assert sync(choice, clock).snapshot_id == first.snapshot_id
    assert smup_server.calls == []
    clock.time += 8 * DAY
    sync(choice, clock)
    assert {call.path for call in smup_server.calls} >= {"teryt-dictionary", "indicator-list"}
    assert not smup_server.asked("indicator-date-data")
    clock.time += 23 * DAY
    sync(choice, clock)
    assert {call.told("id-daty") for call in smup_server.asked("indicator-date-data")} == {
        "20241231"
    }
    smup_server.heal()
    clock.time += 365 * DAY
    sync(choice, clock)
    assert {call.told("id-daty")[:4] for call in smup_server.asked("indicator-date-data")} == {
        "2016",
        "2024",
    }


def test_a_refresh_asks_everything_older_than_a_day(smup_server, land_home):
    clock = HandClock()
    first = sync(clock=clock)
    smup_server.heal()
    clock.time += 2 * DAY
    assert sync(clock=clock, refresh=True).snapshot_id == first.snapshot_id
    assert len(smup_server.asked("indicator-date-data")) == 4
    smup_server.heal()
    sync(clock=clock, refresh=True)
    assert smup_server.calls == []


def test_a_changed_value_is_a_revision(smup_server, land_home, shape, monkeypatch):
    clock = HandClock()
    sync(clock=clock)
    changed = {
        key: [row | {"wartosc": 99.5} if place == 0 and row["wartosc"] else row
              for place, row in enumerate(rows)]
        for key, rows in shape.values.items()
    }  # fmt: skip
    monkeypatch.setattr(shape, "values", changed)
    clock.time += 2 * DAY
    report = sync(clock=clock, refresh=True)
    assert report.written.revised == 4
    revised = load_snapshot().table("revisions")
    assert set(revised["new_value"]) == {99.5}


def test_a_plan_asks_dictionaries_only(smup_server, land_home):
    figures = []
    report = sync_smup(
        SMALL, SyncOptions(plan_only=True), clock=SkippingClock(), on_plan=figures.append
    )
    assert report.snapshot_id is None
    assert {call.path for call in smup_server.calls} == {
        *("version", "areas-list", "public-services", "indicator-list"),
        *("teryt-dictionary", "data-dictionary", "flag-dictionary"),
    }
    (plan,) = figures
    assert plan.indicators == 2
    assert plan.due == plan.questions == 2 * (1 + 2) + 2 + 2  # values, cards, lists
    assert not plan.key and "bez klucza" in plan.render()
    assert load_snapshot().id  # still the sample land


def test_a_limit_leaves_the_rest_and_takes_what_is_complete(smup_server, land_home):
    choice = Choice(indicators=("4068", "5001"), years=(2024,))
    sync(choice, plan_only=True)
    held = len(smup_server.calls)
    # 4 cards of areas and services, 3 lists, then the first pair whole: 2 cards and 2 answers
    first = sync(choice, limit=4 + 3 + 4)
    assert len(smup_server.calls) - held == 11
    assert "--limit" in first.stopped
    assert (first.complete, first.waiting) == (1, 1)
    rest = sync(choice)
    assert (rest.complete, rest.waiting, rest.stopped) == (2, 0, "")
    assert all(served == 1 for served in smup_server.served.values())


def test_an_interrupted_run_and_its_rest_are_an_undisturbed_run(smup_server, home_of, monkeypatch):
    choice = Choice(indicators=("4068", "5001"), years=(2023, 2024))
    clock = HandClock()
    monkeypatch.setenv("SMUP_HOME", str(home_of("whole")))
    whole = sync(choice, clock).snapshot_id
    monkeypatch.setenv("SMUP_HOME", str(home_of("parted")))
    smup_server.heal()
    parted = sync(choice, clock, limit=32).snapshot_id
    assert parted != whole
    assert sync(choice, clock).snapshot_id == whole


@pytest.mark.parametrize(("level", "lengths"), [(None, {4, 6}), ("gmina", {6}), ("powiat", {4})])
def test_a_level_can_be_chosen(smup_server, land_home, level, lengths):
    choice = Choice(indicators=("Population density",), years=(2024,), level=level)
    snapshot = load_snapshot(sync(choice).snapshot_id)
    (variable,) = set(snapshot.table("published_definitions")["variable"]) - {""}
    assert set(snapshot.observations(variables=[variable])["unit_code"].str.len()) == lengths


@pytest.mark.parametrize(
    ("choice", "says"),
    [
        (Choice(areas=("Edukacya",)), "Edukacja"),
        (Choice(indicators=("999999",)), "nie ma wskaźnika „999999”"),
        (Choice(years=(1999,)), "SMUP nie ma lat: 1999"),
    ],
)
def test_a_choice_that_smup_does_not_have_is_told(smup_server, land_home, choice, says):
    with pytest.raises(ParameterError) as caught:
        sync(choice)
    assert says in str(caught.value)


# What the service does wrong


def test_rows_twice_and_in_another_order_change_nothing(smup_server, home_of, monkeypatch):
    monkeypatch.setenv("SMUP_HOME", str(home_of("sound")))
    sound = sync().snapshot_id
    monkeypatch.setenv("SMUP_HOME", str(home_of("odd")))
    smup_server.faults = [
        Fault(faults.reordered, of_values),
        Fault(faults.duplicated, of_values),
    ]
    report = sync()
    assert report.snapshot_id == sound
    assert report.repeated == 3 * 4


def test_contradicting_rows_wait_in_quarantine(smup_server, land_home, shape, monkeypatch):
    key = (PAIR, 20241231)
    rows = shape.values[key]
    odd = [*rows, rows[0] | {"wartosc": 12_345.0, "id-flaga": 1}]
    monkeypatch.setitem(shape.values, key, odd)
    report = sync()
    (reason,) = report.quarantined
    assert "różne wartości" in reason and report.quarantined[reason] == 2


def test_a_page_count_that_lies_once_is_forgiven(smup_server, land_home):
    smup_server.faults = [Fault(faults.page_count(3), of_values, times=1)]
    report = sync()
    assert (report.complete, report.failures) == (1, {})


@pytest.mark.parametrize("pages", [3, 0, None])
def test_a_page_count_that_lies_is_an_error_of_that_question(smup_server, land_home, pages):
    smup_server.faults = [
        Fault(faults.page_count(pages), lambda c: of_values(c) and c.told("id") == str(PAIR))
    ]
    choice = Choice(indicators=("4068", "5001"), years=(2024,))
    report = sync(choice, page_size=30)
    assert list(report.failures) == [f"wskaźnik {PAIR}, 2024 r."]
    assert "stron" in next(iter(report.failures.values()))
    assert (report.complete, report.waiting) == (1, 1)
    smup_server.heal()
    again = sync(choice, page_size=30)
    assert (again.complete, again.failures) == (2, {})
    assert {call.told("id") for call in smup_server.calls} == {str(PAIR)}


def test_pages_that_overlap_are_an_error(smup_server, land_home, shape, monkeypatch):
    key = (5001, 20241231)
    rows = shape.values[key]
    monkeypatch.setitem(shape.values, key, [*rows[:30], *rows[:30]])
    report = sync(Choice(indicators=("5001",), years=(2024,)), page_size=30)
    assert "na różnych stronach" in next(iter(report.failures.values()))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"wartosc": str}, "pole „wartosc”: tekst, a nie liczba"),
        ({"id_flaga": str}, "pole „id-flaga”: tekst, a nie liczba"),
        ({"id_teryt": lambda v: None}, "pole „id-teryt”: brak, a nie liczba"),
        ({"precyzja": lambda v: 99}, "niemożliwa precyzja"),
        ({"id_flaga": lambda v: 6}, "nieznany znacznik 6 (dane wstępne)"),
        ({"id_flaga": lambda v: 77}, "nieznany znacznik 77 (nie ma go w słowniku)"),
        ({"id_teryt": lambda v: 10**9}, "jednostki nie ma w słowniku SMUP"),
        ({"id_flaga": lambda v: 5}, "znacznik mówi o braku wartości, a ona jest"),
        ({"id_flaga": lambda v: 2}, "znacznik mówi o zerze, a wartość nim nie jest"),
        ({"id": lambda v: 1}, "wiersz innego wskaźnika"),
        ({"przekroj": lambda v: 3}, "nieznane pole: przekroj"),
    ],
)
def test_what_nobody_described_waits_in_quarantine(smup_server, land_home, change, reason):
    smup_server.faults = [Fault(faults.changed(**change), of_values)]
    report = sync(Choice(indicators=("4068", "5001"), years=(2024,)))
    assert reason in report.quarantined
    assert reason in set(load_snapshot().table("quarantine")["reason"])
    assert report.snapshot_id and "kwarantanna" in report.render()


def test_a_field_that_the_user_knows_is_ignored(smup_server, land_home):
    smup_server.faults = [Fault(faults.changed(przekroj=lambda v: 3), of_values)]
    odd = sync()
    assert odd.fields == {"przekroj": 72} and "--ignore-field przekroj" in odd.render()
    known = sync(ignored_fields=("przekroj",))
    assert known.quarantined == {}
    assert load_snapshot().table("quarantine").empty


def test_an_indicator_that_vanishes_is_named_and_the_rest_goes_on(smup_server, land_home):
    def vanished(call: Call) -> bool:
        return call.told("id") == "5001" and "indicator" in call.path

    smup_server.faults = [Fault(faults.gone, vanished)]
    report = sync(Choice(years=(2024,)))
    assert any("5001" in note for note in report.notes)
    assert report.waiting == 0
    rows = load_snapshot().observations(variables=["smup_5001"])
    assert len(rows) and all(map(is_city_code, rows["unit_code"]))  # the other half of the pair


def test_an_indicator_that_vanishes_between_its_years_is_named(smup_server, land_home):
    seen: list[Call] = []

    def later(call: Call) -> bool:
        mine = call.told("id") == "5001" and "indicator" in call.path
        seen.extend([call] if mine else [])
        return mine and len(seen) > 1

    smup_server.faults = [Fault(faults.gone, later)]
    report = sync(Choice(indicators=("5001",), years=(2023, 2024)))
    assert "5001" in " ".join(report.notes) and report.complete == 1


def test_values_that_a_service_takes_back_stay_and_are_named(smup_server, land_home):
    clock = HandClock()
    before = load_snapshot(sync(clock=clock).snapshot_id)
    clock.time += 2 * DAY
    smup_server.faults = [
        Fault(faults.gone, lambda c: of_values(c) and "2024" in c.told("id-daty"))
    ]
    report = sync(clock=clock, refresh=True)
    lost = before.observations(variables=[f"smup_{PAIR}"], years=[2024])
    told = f"smup_{PAIR} ({len(lost)} wartości, na przykład {lost['unit_code'][0]}, 2024 r."
    assert "serwis nie podaje już wartości" in report.render() and told in report.render()
    variable = [f"smup_{PAIR}"]
    after = load_snapshot(report.snapshot_id).observations(variables=variable)
    assert values_of(after) == values_of(before.observations(variables=variable))


def test_units_that_vanish_from_a_whole_answer_stay_and_are_named(
    smup_server, land_home, shape, monkeypatch
):
    clock = HandClock()
    sync(clock=clock)
    cut = {key: rows[2:] if key[0] == PAIR else rows for key, rows in shape.values.items()}
    monkeypatch.setattr(shape, "values", cut)
    clock.time += 2 * DAY
    report = sync(clock=clock, refresh=True)
    assert f"smup_{PAIR} (4 wartości, na przykład" in report.render()
    assert len(load_snapshot().observations(variables=[f"smup_{PAIR}"])) == 72


def test_an_id_stays_the_variable_that_it_was(smup_server, land_home, shape, monkeypatch):
    land, cities = PAIRS["crimes_per_1k"]
    clock = HandClock()
    before = load_snapshot(sync(clock=clock).snapshot_id)
    monkeypatch.setattr(shape, "listed", [one for one in shape.listed if one.id != land])
    clock.time += 40 * DAY
    after = load_snapshot(sync(Choice((), (str(cities),), (2023, 2024)), clock).snapshot_id)
    assert after.observations(variables=[f"smup_{cities}"]).empty
    told = [values_of(one.observations(variables=[f"smup_{land}"])) for one in (before, after)]
    assert told[0] == told[1]
    table = after.table("published_definitions").set_index("id")
    assert table.loc[str(cities), "variable"] == f"smup_{land}"


def test_a_year_without_data_is_asked_once(smup_server, land_home):
    smup_server.faults = [Fault(faults.gone, of_values)]
    report = sync()
    assert len(report.empty) == 2 and report.written.added == 0
    smup_server.heal()
    sync()
    assert smup_server.calls == []


def test_a_dictionary_that_is_gone_is_an_error_and_is_not_kept(smup_server, land_home):
    smup_server.faults = [Fault(faults.gone, lambda call: call.path == "teryt-dictionary")]
    with pytest.raises(UnexpectedAnswerError, match="słownik jednostek") as caught:
        sync()
    # a wrong address of one's own is the likeliest reason
    assert caught.value.problems[-1].startswith("adres serwisu podaje zmienna SMUP_API_URL: http")
    smup_server.heal()
    assert sync().snapshot_id


@pytest.mark.parametrize(
    ("path", "fault", "says"),
    [
        ("teryt-dictionary", faults.changed(id_teryt=str), "id-teryt"),
        ("teryt-dictionary", faults.changed(pow=lambda _: None), "nie ma kodu TERYT"),
        ("teryt-dictionary", faults.changed(id_teryt=lambda _: 1), "dwa różne kody"),
        ("teryt-dictionary", faults.page_count(None), "nie podał liczby stron"),
        ("teryt-dictionary", faults.emptied, "lista jest pusta"),
        ("data-dictionary", faults.emptied, "lista jest pusta"),
        ("data-dictionary", faults.changed(id_daty=lambda _: 1), "dwa różne lata"),
        ("indicator-list", faults.emptied, "lista jest pusta"),
        ("flag-dictionary", faults.emptied, "lista jest pusta"),
    ],
)
def test_a_dictionary_of_another_form_is_an_error_and_is_not_kept(
    smup_server, land_home, shape, monkeypatch, path, fault, says
):
    monkeypatch.setattr(shape, "largest_page", 5_000)
    smup_server.faults = [Fault(fault, lambda call: call.path == path)]
    with pytest.raises(UnexpectedAnswerError, match=says):
        sync(plan_only=True)
    smup_server.heal()
    sync(plan_only=True)
    assert path in {call.path for call in smup_server.calls}


def test_numbers_of_units_that_change_their_meaning_never_swap_values(
    smup_server, land_home, shape, monkeypatch
):
    clock = HandClock()
    before = load_snapshot(sync(clock=clock).snapshot_id)
    one, other = [u for u in shape.units if u["level"] == "powiat" and u["newest"]][:2]
    new = {one["id-teryt"]: other["id-teryt"], other["id-teryt"]: one["id-teryt"]}

    def renumbered(row):
        return row | {"id-teryt": new.get(row["id-teryt"], row["id-teryt"])}

    monkeypatch.setattr(shape, "units", list(map(renumbered, shape.units)))
    values = {key: list(map(renumbered, rows)) for key, rows in shape.values.items()}
    monkeypatch.setattr(shape, "values", values)
    clock.time += 2 * DAY
    told = sync(clock=clock, limit=len(smup_server.asked("teryt-dictionary")))
    assert (told.complete, told.waiting) == (0, 1)  # nothing held is read with the new dictionary
    assert f"id-teryt {one['id-teryt']} (było: {one['code']}, jest: {other['code']})" in (
        told.render()
    )
    report = sync(clock=clock)
    assert (report.complete, report.written.revised) == (1, 0)
    variable = [f"smup_{PAIR}"]
    after = load_snapshot(report.snapshot_id).observations(variables=variable)
    assert values_of(after) == values_of(before.observations(variables=variable))
    assert not any("znaczenie numerów" in note for note in report.notes)


def test_two_dates_of_a_year_that_disagree_wait_in_quarantine(
    smup_server, land_home, shape, monkeypatch
):
    june, december = 20240630, 20241231
    dates = [{"id-daty": date, "rok": date // 10_000} for date in (20231231, june, december)]
    told = {**shape._paths, "data-dictionary": lambda call: shape._page(call, dates)}
    monkeypatch.setattr(shape, "_paths", told)
    rows = [row | {"id-daty": june} for row in shape.values[PAIR, december]]
    rows[0] |= {"wartosc": 12_345.0, "id-flaga": 1}
    monkeypatch.setitem(shape.values, (PAIR, june), rows)
    report = sync()
    (reason,) = report.quarantined
    assert "dwie daty" in reason and report.quarantined[reason] == 2
    held = load_snapshot().table("quarantine")["value"]
    assert {json.loads(text)["id-daty"] for text in held} == {june, december}
    assert report.repeated == len(rows) - 1


def test_a_known_flag_that_the_dictionary_explains_otherwise_is_not_believed(
    smup_server, land_home
):
    smup_server.faults = [
        Fault(faults.changed(nazwa=lambda _: "brak informacji"), lambda c: "flag" in c.path),
        Fault(faults.changed(id_flaga=lambda _: 2, wartosc=lambda _: None), of_values),
    ]
    report = sync()
    assert report.quarantined == {"nieznany znacznik 2 (brak informacji)": 72}
    assert any("znaczniku 2" in note for note in report.notes)


def test_units_of_a_kind_that_nobody_described_wait_in_quarantine(smup_server, land_home):
    odd = faults.changed(rodz=lambda kind: kind and f"0{kind}")
    smup_server.faults = [Fault(odd, lambda call: call.path == "teryt-dictionary")]
    report = sync(Choice(indicators=("Population density",), years=(2024,)))
    assert list(report.quarantined) == ["nieznany rodzaj jednostki w słowniku SMUP"]
    assert report.left_out == 0
    assert any("nieznany rodzaj jednostek" in note for note in report.notes)


def test_without_calls_what_is_held_counts_whatever_its_age(smup_server, land_home):
    clock = HandClock()
    first = sync(clock=clock)
    smup_server.heal()
    clock.time += 400 * DAY
    report = sync(clock=clock, limit=0)
    assert (report.snapshot_id, report.complete, report.stopped) == (first.snapshot_id, 1, "")
    assert "2027-01-15" in report.render()  # the day of the dictionaries
    assert smup_server.calls == []


def test_a_question_that_breaks_when_it_is_due_again_leaves_its_old_answer(smup_server, land_home):
    clock, choice = HandClock(), Choice(indicators=("4068", "5001"), years=(2024,))
    sync(choice, clock)
    clock.time += 40 * DAY
    broken = Fault(faults.status(500), lambda c: of_values(c) and c.told("id") == "4418")
    smup_server.faults = [broken]
    report = sync(choice, clock)
    assert list(report.failures) == ["wskaźnik 4418, 2024 r."]
    assert (report.complete, report.waiting) == (2, 0)
    (note,) = report.notes
    assert "wskaźnik 4418, 2024 r." in note and "2027-01-15" in note


def test_one_question_that_always_breaks_does_not_stop_the_others(smup_server, land_home):
    def broken(call: Call) -> bool:
        return of_values(call) and call.told("id") == "4418"

    smup_server.faults = [Fault(faults.status(500), broken)]
    report = sync(Choice(indicators=("4068", "5001"), years=(2024,)))
    assert list(report.failures) == ["wskaźnik 4418, 2024 r."]
    assert (report.complete, report.waiting) == (1, 1)


def test_a_service_that_is_down_ends_the_run_and_loses_nothing(smup_server, land_home):
    smup_server.faults = [Fault(faults.status(503), of_values)]
    with pytest.raises(ServiceError, match="HTTP 503"):
        sync()
    smup_server.heal()
    assert sync().complete == 1
    asked = {call.path for call in smup_server.calls}
    assert asked == {"indicator-date-data", "indicator-flashcard"}


def test_units_that_the_register_does_not_know_or_that_had_ended_wait(
    smup_server, land_home, shape, monkeypatch
):
    key = (PAIR, 20241231)
    number = {unit["code"]: unit["id-teryt"] for unit in shape.units}
    rows = shape.values[key]
    ended = rows[0] | {"id-teryt": number["920607"], "wartosc": 1.5, "id-flaga": 1}
    strange = ended | {"id-teryt": 9**6}
    unknown = {"code": "979797", "kind": "rural", "name": "x", "extra": "", "id-teryt": 9**6}
    monkeypatch.setitem(shape.values, key, [*rows, ended, strange])
    monkeypatch.setattr(shape, "units", [*shape.units, unknown])
    report = sync()
    held = load_snapshot().table("quarantine").set_index("unit_code")["reason"]
    assert "istniała do 2014" in held["920607"]
    assert "nie ma w rejestrze" in held["979797"]
    assert "979797" in report.render()


# What is wrong here


def test_a_wrong_key_is_told_and_costs_one_call(smup_server, land_home, monkeypatch):
    monkeypatch.setenv("SMUP_API_KEY", "wrong")
    smup_server.keys = {"right"}
    with pytest.raises(KeyRefusedError, match="401"):
        sync()
    assert len(smup_server.calls) == 1
    monkeypatch.setenv("SMUP_API_KEY", "right")
    assert sync().complete == 1


def test_the_key_is_in_no_file_of_the_home(smup_server, land_home, monkeypatch):
    monkeypatch.setenv("SMUP_API_KEY", "a-key-nobody-may-read")
    sync()
    files = [path for path in land_home.rglob("*") if path.is_file()]
    assert any(path.name == "quota.sqlite" for path in files)
    assert not [path for path in files if b"a-key-nobody-may-read" in path.read_bytes()]


def test_a_used_up_limit_keeps_what_came_and_says_when(smup_server, land_home):
    choice = Choice(indicators=("4068", "5001"), years=(2024,))
    sync(choice, plan_only=True)
    smup_server.room = 4 + 3 + 4
    report = sync(choice)
    assert "wyczerpany" in report.stopped and "15 min" in report.stopped
    assert (report.complete, report.waiting) == (1, 1)
    smup_server.room = None
    assert sync(choice).complete == 2
    assert all(served == 1 for served in smup_server.served.values())


def test_two_runs_at_once(smup_server, land_home):
    with service_lock(SMUP), pytest.raises(SourceError, match="Inny program"):
        sync()
    assert smup_server.calls == []
    assert sync().complete == 1


def test_damaged_answers_are_asked_again_and_told(smup_server, land_home):
    first = sync()
    store = AnswerStore(SMUP.answers_path())
    with store._open() as raw:
        raw.execute("UPDATE answers SET body = x'00' WHERE request LIKE 'indicator-date-data%'")
    smup_server.heal()
    report = sync()
    assert report.snapshot_id == first.snapshot_id
    assert len(smup_server.calls) == 4
    assert "uszkodzone" in report.render()
    smup_server.heal()
    assert sync().notes == first.notes
    assert smup_server.calls == []


def test_a_store_that_is_garbage_is_told_and_left(smup_server, land_home):
    path = SMUP.answers_path()
    path.parent.mkdir(parents=True)
    path.write_bytes(b"garbage" * 1000)
    with pytest.raises(Exception, match="uszkodzony"):
        sync()
    assert path.read_bytes() == b"garbage" * 1000
    path.rename(path.with_suffix(".old"))
    assert sync().complete == 1


def test_a_clock_set_back_asks_nothing_twice(smup_server, land_home):
    clock = HandClock()
    first = sync(clock=clock)
    smup_server.heal()
    clock.time -= 400 * DAY
    assert sync(clock=clock).snapshot_id == first.snapshot_id
    assert smup_server.calls == []


def test_a_clock_set_back_between_two_pages_repeats_none(smup_server, land_home):
    clock, choice = HandClock(), Choice(indicators=("Population density",), years=(2024,))
    sync(choice, clock, plan_only=True, page_size=20)
    for _ in range(20):
        clock.time -= 3_600
        report = sync(choice, clock, limit=1, page_size=20)
        if not report.waiting:
            break
    assert (report.complete, report.failures) == (1, {})
    assert len({call.told("page") for call in smup_server.asked("indicator-date-data")}) > 2
    assert set(smup_server.served.values()) == {1}


def test_another_address_has_answers_of_its_own(smup_server, land_home, monkeypatch):
    sync()
    monkeypatch.setenv("SMUP_API_URL", smup_server.address_of("smup") + "/")
    smup_server.heal()
    sync()
    assert smup_server.calls == []  # the same address, written otherwise
    monkeypatch.setenv("SMUP_API_URL", smup_server.address_of("elsewhere"))
    with pytest.raises(UnexpectedAnswerError):
        sync()


@pytest.mark.parametrize("address", ["api.smup.gov.pl", "ftp://api.smup.gov.pl", "https://"])
def test_what_is_no_address_is_told(land_home, monkeypatch, address):
    monkeypatch.setenv("SMUP_API_URL", address)
    with pytest.raises(Exception, match="nie jest adresem"):
        sync()


def test_a_key_never_travels_unencrypted(land_home, monkeypatch):
    monkeypatch.setenv("SMUP_API_URL", "http://api.smup.invalid")
    monkeypatch.setenv("SMUP_API_KEY", "secret")
    with pytest.raises(Exception, match="bez szyfrowania"):
        sync()


def test_a_home_without_a_register_is_told_before_values_are_asked(smup_server, smup_home):
    with pytest.raises(SourceError, match="Rejestr jednostek jest pusty"):
        sync()
    assert not smup_server.asked("indicator-date-data")


def test_a_fictional_service_never_feeds_real_data(smup_server, land_home):
    real = write_snapshot({"observations": empty_observations()}, fictional=False, sources=[])
    with pytest.raises(SnapshotMismatchError):
        sync()
    assert load_snapshot().id == real.id
    assert not smup_server.asked("indicator-date-data")


def test_real_and_fictional_units_in_one_dictionary_are_refused(smup_server, land_home, shape):
    real = {"code": "0201", "kind": "land_powiat", "name": "x", "extra": "powiat", "id-teryt": 9**6}
    shape.units.append(real)
    try:
        with pytest.raises(SnapshotMismatchError, match="naraz"):
            sync()
    finally:
        shape.units.remove(real)


REAL = {"90": "02", "92": "04", "94": "06", "91": "08", "93": "10", "95": "12"}


def test_real_units_feed_a_real_home(smup_server, smup_home, sample_home_dir, shape, monkeypatch):
    """The codes of the sample land, written as real voivodeships: no number is anybody's."""
    land = open_land(sample_home_dir)
    units = land.table("units")
    codes = units["unit_code"].str[:2].map(REAL) + units["unit_code"].str[2:]
    tables = {"observations": empty_observations(), "units": units.assign(unit_code=codes)}
    base = write_snapshot(tables, fictional=False, sources=[])
    real = [unit | {"code": REAL[unit["code"][:2]] + unit["code"][2:]} for unit in shape.units]
    monkeypatch.setattr(shape, "units", real)
    snapshot = load_snapshot(sync().snapshot_id)
    assert not snapshot.fictional and snapshot.manifest.base == base.id
    rows = snapshot.observations(variables=[f"smup_{PAIR}"])
    told = published(land, "crimes_per_1k")
    told = told.assign(unit_code=told["unit_code"].str[:2].map(REAL) + told["unit_code"].str[2:])
    assert values_of(rows) == values_of(told)
    (source,) = rows["source"].unique()
    assert source.startswith(f"smup:{PAIR}@")
    assert snapshot.manifest.sources[source].publisher == "smup"


def test_no_network_loses_nothing(smup_server, land_home, monkeypatch):
    clock = HandClock()
    first = sync(clock=clock)
    path = SMUP.answers_path()
    with running(shape_of(smup_server)) as closed:
        monkeypatch.setenv("SMUP_API_URL", closed.address_of("smup"))
        path.rename(SMUP.answers_path())
    clock.time += 8 * DAY  # dictionaries are due, and nobody is there
    with pytest.raises(ServiceError, match="brak połączenia"):
        sync(clock=clock)
    assert load_snapshot().id == first.snapshot_id


def shape_of(server) -> SmupShape:
    return server.shapes["smup"]
