"""``smup catalogue check``: what a person and a machine are told, and the exit code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from smup_lib.cli import main
from tests.catalogue.small import SmallCatalogue

Checked = Callable[..., tuple[int, str, str]]


@pytest.fixture
def checked(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Checked:
    """Return the exit code and what is printed of ``smup catalogue check WORDS``."""

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["smup", "catalogue", "check", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return run


def test_a_sound_catalogue_is_counted_and_its_unsigned_directions_named(tmp_path, checked):
    small = SmallCatalogue()
    small.indicator("lit_share")["polarity"]["signed_by"] = ["autorka"]
    code, out, err = checked(str(small.write(tmp_path)))
    assert (code, err) == (0, "")
    assert "obszary 1, wskaźniki 5, zmienne 11, wydawcy 2, zmiany terytorialne 0" in out
    assert "Kierunek bez drugiego podpisu (nie oceniamy ich): 1: lit_share" in out


@pytest.mark.parametrize(("broken", "told"), [(1, "1 błąd"), (2, "2 błędy"), (5, "5 błędów")])
def test_a_person_is_told_how_many_faults_there_are(tmp_path, checked, broken: int, told: str):
    small = SmallCatalogue()
    for entry in small.variables[:broken]:
        entry["holder"] = 5
    code, _, err = checked(str(small.write(tmp_path)))
    assert code == 1
    assert err.startswith(f"Katalog ma {told}.")
    assert "co zrobić: popraw pliki i sprawdź je znowu: smup catalogue check" in err


def test_a_machine_gets_every_part_of_a_problem(tmp_path, checked):
    small = SmallCatalogue()
    small.indicator("lit_share")["multiplier"] = 1
    code, out, _ = checked(str(small.write(tmp_path)), "--json")
    assert code == 1
    answer = json.loads(out)
    assert answer["ok"] is False
    assert answer["counts"]["indicators"] == 5
    assert answer["problems"] == [
        {
            "file": "roads_transport.yaml",
            "entry": "lit_share",
            "key": "multiplier",
            "what": "mnożnik nie pasuje do jednostki miary „%”",
            "expected": "100",
            "found": "1",
            "next_step": "popraw mnożnik albo jednostkę miary",
            "where": "roads_transport.yaml: lit_share: multiplier",
        }
    ]


def test_a_machine_is_told_that_the_shipped_catalogue_is_sound(checked):
    code, out, _ = checked("--json")
    answer = json.loads(out)
    assert (code, answer["ok"], answer["problems"]) == (0, True, [])


def test_territorial_changes_are_checked_too(tmp_path, checked):
    folder = SmallCatalogue().write(tmp_path)
    (folder / "territorial_changes.yaml").write_text("changes: [{id: x}]", encoding="utf-8")
    code, _, err = checked(str(folder))
    assert code == 1
    assert "territorial_changes.yaml: x: date: brak wymaganego klucza" in err


def test_a_folder_that_is_not_there_is_told(tmp_path: Path, checked):
    code, _, err = checked(str(tmp_path / "nigdzie"))
    assert code == 1
    assert "Nie ma takiego folderu katalogu." in err
