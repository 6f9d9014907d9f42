"""``smup practices``: lists, cards, files between offices, mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.catalogue.test_practices import write
from tests.sample_home import lend_sample
from tests.smup_here import smup_here


@pytest.fixture
def homes(tmp_path: Path) -> tuple[str, str]:
    """Two offices without any data: practices need none."""
    return str(tmp_path / "a"), str(tmp_path / "b")


def asked(home: str, *words: object):
    return smup_here("practices", *map(str, words), SMUP_HOME=home)


def test_a_person_gets_a_table_and_a_machine_gets_json(homes):
    done = asked(homes[0], "list")
    assert done.returncode == 0
    assert "Wizja ZERO" in done.stdout
    assert "karta niepełna" in done.stdout
    rows = json.loads(asked(homes[0], "list", "--service", "POD-01", "--json").stdout)
    assert [(row["office"], row["status"], row["own"]) for row in rows] == [
        ("Gdańsk", "incomplete", False)
    ]
    assert rows[0]["criteria_missing"] == [
        "dane lub pomiar, na których oparto działanie",
        "zmieniony parametr usługi",
    ]
    assert "Nie ma takich kart" in asked(homes[0], "list", "--service", "KUL-01").stdout


def test_a_card_says_what_is_not_told(homes):
    said = asked(homes[0], "show", "podatkowy robot").stdout
    assert "Karta niepełna, brak: dane lub pomiar" in said
    assert "Efekt: nie podano" in said
    assert "Usługa: POD-01 Podatek od nieruchomości" in said
    card = json.loads(asked(homes[0], "show", "gdansk_podatkowy_robot", "--json").stdout)
    assert (card["effect"], card["verified"], card["unit_code"]) == (None, None, "2261")


def test_a_card_travels_between_two_offices(homes, tmp_path):
    one, other = homes
    done = asked(one, "add", write(tmp_path))
    assert done.stdout.startswith("dodano kartę: wieczorne_dyzury, oznaczenie wersji ")
    parcel = tmp_path / "paczka.yaml"
    assert asked(one, "show", "wieczorne_dyzury", "--out", parcel).returncode == 0
    arrived = asked(other, "add", parcel)
    assert arrived.stdout.splitlines()[0] == done.stdout.splitlines()[0]
    cards = [json.loads(asked(h, "show", "wieczorne_dyzury", "--json").stdout) for h in homes]
    assert cards[0] == cards[1]
    assert "ta karta już jest" in asked(other, "add", parcel).stdout


def test_another_card_of_the_same_name_needs_replace(homes, tmp_path):
    asked(homes[0], "add", write(tmp_path))
    changed = write(tmp_path, "nowa.yaml", costs="Trzy etaty.")
    refused = asked(homes[0], "add", changed)
    assert refused.returncode == 1
    assert "dodaj --replace" in refused.stderr
    assert asked(homes[0], "add", changed, "--replace").stdout.startswith("zastąpiono kartę")
    assert asked(homes[0], "remove", "wieczorne_dyzury").stdout.startswith("usunięto: ")
    assert asked(homes[0], "remove", "wieczorne_dyzury").returncode == 1


@pytest.mark.parametrize(("code", "doubted"), [("9099", True), ("9001", False), ("1234", False)])
def test_a_code_is_doubted_only_where_the_register_has_its_region(
    smup_home, tmp_path, monkeypatch, code, doubted
):
    lend_sample(smup_home)
    monkeypatch.setenv("SMUP_SNAPSHOT", "sample")
    home = str(smup_home)
    card = write(tmp_path, office={"name": "powiat próbny", "unit_code": code})
    done = asked(home, "check", card)
    assert done.returncode == 0, done.stderr
    assert (f"nie zna jednostki o kodzie {code}" in done.stdout) == doubted
    warnings = json.loads(asked(home, "check", card, "--json").stdout)["warnings"]
    assert len(warnings) == doubted


def test_check_tells_a_sound_card_and_every_fault_of_another(homes, tmp_path):
    done = asked(homes[0], "check", write(tmp_path, status="incomplete", change=None, costs=None))
    assert done.returncode == 0
    assert "brak: zmieniony parametr usługi." in done.stdout
    assert "Nie podano: koszty." in done.stdout
    bad = write(tmp_path, foo=1, verified=3, change=None)
    refused = asked(homes[0], "check", bad)
    assert refused.returncode == 1
    assert "Karta praktyki ma 3 błędy." in refused.stderr
    answer = json.loads(asked(homes[0], "check", bad, "--json").stdout)
    assert answer["ok"] is False
    assert [problem["key"] for problem in answer["problems"]] == ["verified", "foo", "status"]
    assert json.loads(asked(homes[0], "check", write(tmp_path), "--json").stdout)["ok"] is True


def test_a_damaged_own_card_hides_none_of_the_others(homes, tmp_path):
    asked(homes[0], "add", write(tmp_path))
    (Path(homes[0]) / "practices" / "zla.yaml").write_text("a: [", encoding="utf-8")
    done = asked(homes[0], "list")
    assert done.returncode == 0
    assert "wieczorne_dyzury" in done.stdout
    assert "pominięto zla.yaml" in done.stderr


def test_a_new_card_is_a_file_with_explanations(homes, tmp_path):
    out = tmp_path / "moja.yaml"
    assert asked(homes[0], "new", "moja_karta", "--out", out).returncode == 0
    assert "id: moja_karta " in out.read_text(encoding="utf-8")
    again = asked(homes[0], "new", "moja_karta", "--out", out)
    assert again.returncode == 1
    assert "plik o tej nazwie już istnieje" in again.stderr


def test_a_card_that_is_not_there_is_told(homes):
    done = asked(homes[0], "show", "jaworzno_wizja_zer0")
    assert done.returncode == 1
    assert "czy chodziło o: jaworzno_wizja_zero?" in done.stderr
