"""Practice cards: what they may say, when they are admitted, and how one gets in and out."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from smup_lib.catalogue import load_catalogue
from smup_lib.catalogue.practice import CRITERIA, FIELD_WORDS, PracticeCard
from smup_lib.catalogue.practice_book import (
    LARGEST_CARD,
    add_card,
    check_card,
    copy_card,
    load_practices,
    load_shipped,
    read_card,
    remove_card,
)
from smup_lib.catalogue.practice_choice import choose_cards
from smup_lib.catalogue.practice_template import write_template
from smup_lib.errors import IndicatorError, PracticeError, SettingsError

FULL: dict[str, Any] = {
    "id": "wieczorne_dyzury",
    "title": "Wieczorne dyżury wydziału komunikacji",
    "status": "admitted",
    "office": {"name": "powiat brzezicki", "unit_code": "9001", "kind": "land_powiat"},
    "services": ["DRO-08"],
    "dimensions": ["accessibility"],
    "indicators": ["vehicle_cases_online_share"],
    "problem": {
        "text": "Mało spraw zaczynano przez internet.",
        "indicator": "vehicle_cases_online_share",
        "value": 4.5,
        "year": 2021,
    },
    "measurement": "Liczba spraw według sposobu złożenia, miesiąc po miesiącu.",
    "change": "Dostępność: druga zmiana w okienku i pomoc przy wniosku przez internet.",
    "solution": ["Policzono sprawy.", "Wydłużono godziny."],
    "costs": "Dwa etaty.",
    "resources": "Dwie osoby.",
    "effect": {"text": "Więcej spraw przez internet.", "before": 4.5, "after": 12, "period": "rok"},
    "success_factors": ["Ulotka."],
    "risks": ["Urlopy."],
    "conditions": ["Dwa okienka."],
    "contact": {"office": "Starostwo w Brzezicy", "email": "sekretariat@brzezica.example"},
    "verified": dt.date(2024, 9, 30),
    "source": "Sprawozdanie wydziału.",
}
FULL["effect"]["indicator"] = "vehicle_cases_online_share"


def write(folder: Path, name: str = "karta.yaml", **changes: Any) -> Path:
    """Write the full card, changed as told; None takes a key out."""
    content = {key: value for key, value in (FULL | changes).items() if value is not None}
    path = folder / name
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty SMUP_HOME."""
    monkeypatch.setenv("SMUP_HOME", str(tmp_path / "home"))
    return tmp_path


def told(path: Path) -> list[str]:
    return [f"{p.key}: {p.what}" for p in read_card(path, load_catalogue())[1]]


def test_a_full_card_is_sound_and_nothing_is_missing(tmp_path):
    card = check_card(write(tmp_path))
    assert card.criteria_missing == card.not_told == ()


def test_each_field_left_out_is_named(tmp_path):
    for name, words in FIELD_WORDS.items():
        assert check_card(write(tmp_path, **{name: None})).not_told == (words,)
    for name, words in CRITERIA.items():
        card = check_card(write(tmp_path, status="incomplete", **{name: "Nie podano."}))
        assert card.criteria_missing == (words,)


@pytest.mark.parametrize("name", CRITERIA)
def test_a_card_without_a_criterion_is_not_admitted(tmp_path, name):
    (line,) = told(write(tmp_path, **{name: None}))
    assert line.startswith("status: karta nie spełnia warunków przyjęcia, brak: ")
    assert CRITERIA[name] in line


@pytest.mark.parametrize(
    ("changes", "key", "what", "step"),
    [
        (
            {"services": None, "indicators": None, "problem": None, "effect": None},
            "services",
            "karta nie prowadzi do żadnej usługi ani wskaźnika",
            "smup catalogue list",
        ),
        (
            {"services": ["DRO-8"], "indicators": None},
            "services",
            "takiej usługi nie ma",
            "DRO-08",
        ),
        (
            {"services": ["biblioteki publiczne"], "indicators": None},
            "services",
            "takiej usługi nie ma",
            "czy chodziło o: KUL-01?",
        ),
        (
            {"indicators": ["vehicle_case_online_share"]},
            "indicators",
            "takiego wskaźnika nie ma",
            "vehicle_cases_online_share",
        ),
        (
            {"indicators": ["road_deaths_per_100k"]},
            "indicators",
            "nie należy do żadnej z usług karty",
            "dopisz do services: DRO-07",
        ),
        (
            {"problem": {"text": "Mało spraw.", "value": 3}},
            "problem.value",
            "nie wiadomo, czego to liczba",
            "indicator albo measure_unit",
        ),
        (
            {"effect": {"text": "Lepiej.", "after": 3, "measure_unit": "%"}},
            "effect",
            "jedna liczba bez drugiej",
            "",
        ),
        (
            {"contact": {"office": "Starostwo", "email": "jan.nowak@brzezica.example"}},
            "contact.email",
            "to wygląda na adres osoby",
            "nigdy osoby",
        ),
        ({"contact": {"office": "Pani Anna"}}, "contact.office", "kontakt wskazuje osobę", ""),
        (
            {"contact": {"office": "Starostwo", "email": "brzezica"}},
            "contact.email",
            "to nie jest adres e-mail",
            "",
        ),
        (
            {"contact": {"office": "Starostwo", "url": "javascript:x"}},
            "contact.url",
            "to nie jest adres strony",
            "",
        ),
        ({"costs": "pisz: a.b@c.example"}, "costs", "adres e-mail stoi w tekście", ""),
        ({"risks": ["tel. 600 700 800"]}, "risks[1]", "numer telefonu stoi w tekście", ""),
        ({"verified": dt.date(2999, 1, 1)}, "verified", "data weryfikacji jest z przyszłości", ""),
        (
            {"office": {"name": "Nowa", "unit_code": "9001", "kind": "rural"}},
            "office.kind",
            "kod 9001 nie jest kodem jednostki tego rodzaju",
            "nie podano",
        ),
        ({"verified": "wczoraj"}, "verified", "to nie jest data", ""),
        ({"kosty": "0 zł"}, "kosty", "nieznany klucz", "czy chodziło o: costs?"),
        ({"title": "nie podano"}, "title", "tego nie można pominąć", "zamiast: nie podano"),
        (
            {"office": {"name": "nie podano", "unit_code": "9001"}},
            "office.name",
            "tego nie można pominąć",
            "zamiast: nie podano",
        ),
        ({"office": "nie podano"}, "office", "tego nie można pominąć", "zamiast: nie podano"),
        ({"office": {"unit_code": "9001"}}, "office.name", "brak", "dopisz klucz"),
        ({"title": None}, "title", "brak wymaganego klucza", "dopisz klucz"),
    ],
)
def test_what_a_card_may_not_say(tmp_path, changes, key, what, step):
    _, problems = read_card(write(tmp_path, **changes), load_catalogue())
    (problem,) = problems
    assert problem.key == key
    assert what in problem.what
    assert step in problem.next_step


@pytest.mark.parametrize(
    "address", ["sekretariat@x.example", "drogi@x.example", "urzad.miasta@x.example"]
)
def test_an_address_of_an_office_is_welcome(tmp_path, address):
    assert told(write(tmp_path, contact={"office": "Urząd", "email": address})) == []


def test_faults_of_shape_and_of_meaning_are_told_in_one_go(tmp_path):
    path = write(tmp_path, foo=1, services=["DRO-8"], contact={"office": "pan Jan"}, change=None)
    lines = told(path)
    assert [line.partition(":")[0] for line in lines] == [
        "foo",
        "services",
        "status",
        "contact.office",
    ]
    with pytest.raises(PracticeError, match="Karta praktyki ma 4 błędy") as caught:
        check_card(path)
    assert len(caught.value.problems) == 4


def test_a_fault_that_follows_from_another_is_not_told(tmp_path):
    bare = {"indicators": None, "problem": None, "effect": None}
    assert [line.partition(":")[0] for line in told(write(tmp_path, services=3, **bare))] == [
        "services"
    ]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "plik jest pusty"),
        (b"a: [", "to nie jest poprawny YAML"),
        (b"a: 1\na: 2\n", "powtarza się"),
        (b"\xff\xfe\x00", "plik nie jest w kodowaniu UTF-8"),
        (b"a: &x [1]\nb: *x\n", "odwołania YAML"),
        (b"- a\n- b\n", "to nie jest zestaw kluczy"),
        (b"#" * (LARGEST_CARD + 1), "plik jest za duży"),
    ],
)
def test_what_is_no_card_is_told(tmp_path, content, what):
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    (problem,) = read_card(path, load_catalogue())[1]
    assert what in problem.what


def test_a_file_or_folder_that_is_no_file_is_told(tmp_path):
    assert told(tmp_path / "nie_ma.yaml") == [": nie ma takiego pliku"]
    assert told(tmp_path) == [": to folder, a nie plik"]


# --- those that ship -----------------------------------------------------------------------------

#: All that is known of the four practices is in these words; a number here is a number there.
NUMBERS_KNOWN = {
    "kielce_zarzadzanie_danymi": {"2006", "2008"},
    "gdansk_podatkowy_robot": {"1"},  # IN-1
    "tarnow_zarzadzanie_edukacja": set(),
    "jaworzno_wizja_zero": {"10", "11", "30", "40"},
}
CODES = {"Kielce": "2661", "Gdańsk": "2261", "Tarnów": "1263", "Jaworzno": "2468"}


def test_shipped_cards_claim_no_number_cost_or_result_that_is_not_known():
    import re

    cards = {one.card.id: one.card for one in load_shipped()}
    assert cards.keys() == NUMBERS_KNOWN.keys()
    for name, card in cards.items():
        said = dict(card.texts())
        for key in [key for key in said if re.match(r"office|services|indicators|id$", key)]:
            del said[key]
        assert set(re.findall(r"\d+", " ".join(said.values()))) == NUMBERS_KNOWN[name]
        assert (card.effect, card.costs, card.resources, card.verified) == (None,) * 4
        assert card.status == "incomplete"
        assert card.criteria_missing
        assert card.review == "not_reviewed"


def test_shipped_files_are_named_by_their_ids():
    assert all(one.path.stem == one.card.id and not one.own for one in load_shipped())
    assert {one.card.office.name: one.card.office.unit_code for one in load_shipped()} == CODES


def test_codes_of_shipped_cards_are_those_of_the_register(shared_data: Path):
    newest = sorted((shared_data / "teryt").glob("TERC_Urzedowy_*.csv"))[-1]
    with newest.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter=";") if row["GMI"] == ""]
    cities = {
        row["NAZWA"]: row["WOJ"] + row["POW"]
        for row in rows
        if row["NAZWA_DOD"] == "miasto na prawach powiatu"
    }
    assert {name: cities[name] for name in CODES} == CODES


# --- coming and going ----------------------------------------------------------------------------


def test_a_card_comes_in_byte_for_byte_and_is_found(own):
    path = write(own)
    stored, done = add_card(path)
    assert done == "new"
    assert stored.path.read_bytes() == path.read_bytes()
    assert load_practices().find("wieczorne").card == check_card(path)
    assert not list(stored.path.parent.glob("*.new"))


def test_the_same_card_again_changes_nothing_whatever_its_file_looks_like(own):
    stored, _ = add_card(write(own))
    kept = stored.path.read_bytes()
    other = own / "inna.yaml"
    reordered = dict(reversed(FULL.items()))
    text = yaml.safe_dump(reordered, allow_unicode=True).replace("\n", "\r\n")
    other.write_bytes(b"\xef\xbb\xbf# uwaga\r\n" + text.encode())
    again, done = add_card(other)
    assert (done, again.card.digest) == ("same", stored.card.digest)
    assert stored.path.read_bytes() == kept


def test_another_card_of_the_same_id_is_refused_unless_asked_for(own):
    stored, _ = add_card(write(own))
    changed = write(own, "nowa.yaml", costs="Trzy etaty.")
    with pytest.raises(PracticeError, match="już jest i mówi co innego") as caught:
        add_card(changed)
    assert "--replace" in str(caught.value.next_step)
    assert load_practices().find("wieczorne").card.costs == "Dwa etaty."
    assert add_card(changed, over=True)[1] == "replaced"
    assert load_practices().find("wieczorne").card.costs == "Trzy etaty."
    assert stored.path.is_file()


def test_a_card_of_the_workbench_is_not_replaced(own):
    (shipped, *_) = load_shipped()
    content = yaml.safe_load(shipped.path.read_text(encoding="utf-8")) | {"costs": "Milion."}
    path = own / "podmiana.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(PracticeError, match="już jest"):
        add_card(path, over=True)
    assert add_card(shipped.path)[1] == "same"
    assert not list((own / "home").rglob("*.yaml"))


def test_a_wrong_card_does_not_come_in(own):
    with pytest.raises(PracticeError):
        add_card(write(own, services=["X"], indicators=None))
    assert load_practices().stored == load_shipped()


def test_a_card_that_has_become_wrong_is_left_out_and_told(own):
    stored, _ = add_card(write(own))
    write(stored.path.parent, "zla.yaml", id="zla", services=["X"], indicators=None)
    write(stored.path.parent, "druga.yaml")
    book = load_practices()
    assert [one.card.id for one in book.stored if one.own] == ["wieczorne_dyzury"]
    assert {(p.file, p.key) for p in book.problems} == {
        ("zla.yaml", "services"),
        ("wieczorne_dyzury.yaml", "id"),
    }


def test_a_card_goes_to_another_office_as_one_file(own, monkeypatch):
    stored, _ = add_card(write(own))
    parcel = copy_card(stored, own / "do_wyslania.yaml")
    with pytest.raises(SettingsError, match="plik o tej nazwie już istnieje"):
        copy_card(stored, parcel)
    monkeypatch.setenv("SMUP_HOME", str(own / "inny_urzad"))
    arrived, done = add_card(parcel)
    assert (done, arrived.card, arrived.card.digest) == ("new", stored.card, stored.card.digest)


def test_an_own_card_can_be_removed_and_no_other(own):
    stored, _ = add_card(write(own))
    with pytest.raises(PracticeError, match="czy chodziło o: wieczorne_dyzury"):
        remove_card("wieczorne_dyzur")
    with pytest.raises(PracticeError, match="Nie ma własnej karty"):
        remove_card("jaworzno_wizja_zero")
    assert remove_card("wieczorne_dyzury") == stored.path
    assert load_practices().stored == load_shipped()


def test_the_digest_changes_with_what_is_said(tmp_path):
    one, other = (PracticeCard.model_validate(FULL | {"costs": c}) for c in ("Jeden.", "Dwa."))
    assert one.digest != other.digest


def test_a_template_needs_filling_and_then_is_a_card(own):
    path = write_template("moja_karta", own / "wzor.yaml")
    assert {line.partition(":")[0] for line in told(path)} == {
        "title",
        "office",
        "source",
        "services",
    }
    text = path.read_text(encoding="utf-8")
    for blank, filled in (
        ('title: "nie podano"', 'title: "Tytuł"'),
        ('  name: "nie podano"', '  name: "Nowa"'),
        ("services: [nie podano]", "services: [DRO-07]"),
        ('source: "nie podano"', 'source: "Urząd gminy."'),
    ):
        assert blank in text
        text = text.replace(blank, filled)
    path.write_text(text, encoding="utf-8")
    card = check_card(path)
    assert (card.id, card.not_told) == ("moja_karta", tuple(FIELD_WORDS.values()))
    with pytest.raises(SettingsError, match="plik o tej nazwie już istnieje"):
        write_template("moja_karta", path)
    with pytest.raises(PracticeError, match="To nie może być identyfikator"):
        write_template("Moja karta")


def test_the_template_names_every_key_of_the_card(repo_root: Path):
    path = repo_root / "templates" / "practice" / "card.yaml"
    keys = yaml.safe_load(path.read_text(encoding="utf-8").replace("{id}", "x"))
    assert keys.keys() == PracticeCard.model_fields.keys()
    for part in ("office", "problem", "effect", "contact"):
        model = PracticeCard.model_fields[part].annotation
        fields = getattr(model, "model_fields", None) or model.__args__[0].model_fields
        assert keys[part].keys() == fields.keys()


# --- choosing ------------------------------------------------------------------------------------


def chosen(**asked: str) -> set[str]:
    return {one.card.office.name for one in choose_cards(load_practices(), **asked)}


def test_cards_are_chosen_by_service_dimension_and_indicator(own):
    assert chosen() == set(CODES)
    assert chosen(service="szkołach podstawowych") == {"Tarnów"}
    assert chosen(dimension="jakość") == {"Jaworzno"}
    assert chosen(indicator="property_tax_per_capita") == {"Gdańsk"}
    assert chosen(service="DRO-07", dimension="efektywność") == set()
    with pytest.raises(IndicatorError, match="czy chodziło o: jakość"):
        chosen(dimension="jakos")
    with pytest.raises(IndicatorError, match="to nie usługa"):
        chosen(service="road_deaths_per_100k")
