"""``smup data`` as a person and as a program use it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from smup_lib.snapshots import current_id, load_snapshot, use_snapshot
from smup_lib.sources import import_paths
from tests.smup_here import smup_here
from tests.sources import twins
from tests.sources.test_importing import real

REPO = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "smup_lib.cli", "data")


def smup_data(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return smup_here("data", *map(str, words))


def new_process(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a command where nobody answers and nothing was read before."""
    return subprocess.run(
        [*COMMAND, *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(REPO)},
    )


def table(folder: Path, name: str, *rows: str, separator: str = ",") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    header = separator.join(["unit_code", "year", "variable", "value"])
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def two_states(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A home with two real snapshots, of which the older one is current."""
    folder = tmp_path_factory.mktemp("two_states")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(folder / "home"))
        registers = [real(folder / "dane", path) for path in twins.REGISTERS]
        first = table(folder / "a", "moje.csv", "300101,2020,population,12000")
        old = str(import_paths([*registers, first]).snapshot_id)
        second = table(folder / "b", "moje.csv", "300101,2020,population,120")
        new = str(import_paths([second]).snapshot_id)
        use_snapshot(old)
    return folder / "home", old, new


@pytest.fixture
def old_and_new(two_states: tuple[Path, str, str], smup_home: Path) -> tuple[str, str]:
    """The two snapshots in a home of this test."""
    made, old, new = two_states
    shutil.copytree(made, smup_home, dirs_exist_ok=True)
    return old, new


def test_a_program_is_told_of_another_base_and_never_waits(old_and_new, tmp_path):
    old, new = old_and_new
    added = table(tmp_path / "c", "inne.csv", "300101,2021,population,12100")
    done = new_process("import", str(added), "--json")
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith(f"Uwaga: Bieżący stan danych to {old}")
    assert new in done.stderr
    assert json.loads(done.stdout)["base_id"] == new


def test_the_option_chooses_the_base_without_a_word(old_and_new, tmp_path):
    old, _ = old_and_new
    added = table(tmp_path / "c", "inne.csv", "300101,2021,population,12100")
    done = smup_data("import", added, "--base", "current", "--json")
    assert json.loads(done.stdout)["base_id"] == old
    assert done.stderr == ""


# nothing typed is the "n" that the question offers
@pytest.mark.parametrize(("answer", "chosen"), [("b", 0), ("", 1)])
def test_a_person_at_a_terminal_is_asked(old_and_new, tmp_path, answer, chosen):
    import pty

    added = table(tmp_path / "c", "inne.csv", "300101,2021,population,12100")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "import", str(added), "--json"],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "PYTHONPATH": str(REPO)},
    ) as program:
        os.close(theirs)
        said = b""
        while b"(b) stanu danych? [n]" not in said:
            said += os.read(ours, 1024)
        os.write(ours, answer.encode() + b"\n")
        out, _ = program.communicate(timeout=120)
    os.close(ours)
    assert json.loads(out)["base_id"] == old_and_new[chosen]


@pytest.fixture(scope="module")
def held_home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A home with a table of which rows wait for two reasons, and the table."""
    folder = tmp_path_factory.mktemp("held")
    path = table(
        folder,
        "moje.csv",
        *("900101;2024;population;1.234", "900102;2024;population;2.345"),
        "900999;2024;population;5",
        "920101;2024;population;7",
        separator=";",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(folder / "home"))
        import_paths([*twins.REGISTERS, path])
    return folder / "home", path


@pytest.fixture
def held(held_home: tuple[Path, Path], smup_home: Path) -> Path:
    """The table that was read into a home of this test."""
    made, path = held_home
    shutil.copytree(made, smup_home, dirs_exist_ok=True)
    return path


def test_the_quarantine_is_shown(held):
    done = smup_data("quarantine")
    assert done.returncode == 0, done.stderr
    assert f"Kwarantanna stanu danych {current_id()}: 3 wiersze." in done.stdout
    assert "moje.csv: 2 wiersze – nie wiadomo, czy znak w liczbie" in done.stdout
    assert "moje.csv: 1 wiersz – takiej jednostki nie ma w rejestrze" in done.stdout
    assert "1.234" in done.stdout
    assert "2024,00" not in done.stdout
    assert "900999" in done.stdout


def test_the_quarantine_for_programs_and_spreadsheets(held, tmp_path):
    target = tmp_path / "kwarantanna.csv"
    done = smup_data("quarantine", str(current_id())[:6], "--json", "--csv", target)
    told = json.loads(done.stdout)
    assert (told["snapshot"], told["rows"]) == (current_id(), 3)
    assert sorted(reason["rows"] for reason in told["reasons"]) == [1, 2]
    assert [row["row"] for row in told["table"]] == [2, 3, 4]
    assert {row["year"] for row in told["table"]} == {2024}
    written = pd.read_csv(target, sep=";", encoding="utf-8-sig", dtype=str)
    assert written["unit_code"].tolist() == ["900101", "900102", "900999"]
    assert set(written["year"]) == {"2024"}


def test_revisions_are_shown_the_largest_first(old_and_new, tmp_path):
    _, new = old_and_new
    assert ": 0 zmienionych wartości." in smup_data("revisions").stdout  # the older one is current
    target = tmp_path / "rewizje.csv"
    done = smup_data("revisions", new, "--csv", target)
    assert done.returncode == 0, done.stderr
    plain = done.stdout.replace("\u00a0", " ")
    assert f"Rewizje w stanie danych {new}: 1 zmieniona wartość." in plain
    assert "moje.csv → moje.csv: 1 zmieniona wartość" in plain
    assert "Ludność ogółem (population)" in plain
    assert "Dębowo (300101)" in plain
    assert "12 000 → 120 (−99%)" in plain
    (row,) = json.loads(smup_data("revisions", new, "--json").stdout)["table"]
    assert (row["old_value"], row["new_value"], row["change"]) == (12000, 120, -0.99)
    written = pd.read_csv(target, sep=";", decimal=",", encoding="utf-8-sig")
    assert written["change"].tolist() == [-0.99]


def test_an_empty_quarantine_and_an_unwritable_place(smup_home, tmp_path):
    import_paths(twins.REGISTERS)
    done = smup_data("quarantine", "--csv", tmp_path / "nie-ma" / "k.csv")
    assert done.returncode == 1
    assert "nie ma takiego pliku ani folderu" in done.stderr
    assert ": 0 wierszy." in smup_data("quarantine").stdout


def test_the_option_settles_the_decimal_mark(held):
    done = smup_data("import", held, *twins.REGISTERS, "--decimal", ",")
    assert done.returncode == 0, done.stderr
    rows = load_snapshot().observations(["population"])
    assert rows["value"].tolist() == [1234, 2345, 7]
    wrong = smup_data("import", held, "--decimal", "x")
    assert wrong.returncode == 1
    assert "„x” nie jest znakiem ułamka" in wrong.stderr


def test_an_unknown_variable_has_the_right_hint(smup_home):
    done = smup_data("import", *twins.REGISTERS, twins.HEALTH, "--variable", "expenditure_helth")
    assert done.returncode == 1
    assert "czy chodziło o: expenditure_health" in done.stderr
    assert "smup data variables" in done.stderr
    listed = smup_data("variables", "zdrowi")
    assert "expenditure_health" in listed.stdout
    assert json.loads(smup_data("variables", "expenditure_health", "--json").stdout)


def test_the_sample_says_that_it_is_current_and_the_way_back(old_and_new):
    old, _ = old_and_new
    small = ("sample", "--scale", "0,01", "--rows", "0")
    done = smup_data(*small, "--json")
    assert json.loads(done.stdout)["fictional"] is True
    assert "Kraina przykładowa jest teraz bieżącym stanem danych." in done.stderr
    assert f"smup data use {old}" in done.stderr
    again = smup_data(*small)
    assert "smup data use" not in again.stderr


def test_a_damaged_folder_is_listed_and_removed(old_and_new):
    _, new = old_and_new
    folder = load_snapshot(new).path
    (folder / "manifest.json").chmod(0o644)
    (folder / "manifest.json").write_text("{", encoding="utf-8")
    aside = folder.with_name(f".damaged-{new}-12345678")
    aside.mkdir()
    done = new_process("list")
    assert f"smup data remove {new}" in done.stderr
    assert f"smup data remove {aside.name}" in done.stderr
    assert new_process("remove", new).returncode == 0
    assert new_process("remove", aside.name).returncode == 0
    assert new_process("list").stderr == ""


def test_the_day_of_the_file_and_of_the_import_are_both_named(smup_home):
    import_paths([*twins.REGISTERS, twins.CTAB, twins.LIBRARY])
    said = smup_data("show").stdout
    assert "plik z dnia" in said
    assert "wczytano" in said
    assert "2025-01-01" in said
    assert "(zapis na dysku)" in said
    (record,) = [
        source
        for source in json.loads(smup_data("show", "--json").stdout)["sources"]
        if source["dataset"] == "bdl:P1944"
    ]
    assert record["file"]["dated"] == "name"
    assert record["file"]["imported"]


@pytest.mark.usefixtures("smup_home")
def test_a_land_of_the_size_of_a_country_tells_its_size_first():
    done = smup_data("sample", "--scale", "0,01", "--rows", "0", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["fictional"] is True
    size, finished = done.stderr.index("na dysku około"), done.stderr.index("100%")
    assert size < finished


@pytest.mark.usefixtures("smup_home")
@pytest.mark.parametrize("words", [("--scale", "duża"), ("--scale", "2"), ("--rows", "5")])
def test_a_size_that_is_none_is_told(words):
    done = smup_data("sample", *words)
    assert done.returncode == 1
    assert "co zrobić" in done.stderr
    assert current_id() is None
