"""To which snapshot an import adds, what is said of it, and two imports at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from smup_lib.errors import NoDataError, SnapshotError
from smup_lib.snapshots import current_id, list_snapshots, load_snapshot, use_snapshot
from smup_lib.sources import import_paths
from smup_lib.sources.import_base import find_base_choice
from tests.sources import twins
from tests.sources.test_importing import real, values

pytestmark = pytest.mark.usefixtures("smup_home")
REPO = Path(__file__).resolve().parents[2]


def table(folder: Path, name: str, *rows: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text("\n".join(["unit_code,year,variable,value", *rows, ""]), encoding="utf-8")
    return path


@pytest.fixture
def old_and_new(tmp_path: Path) -> tuple[str, str]:
    """A good snapshot, then one with a wrong value; the user went back to the good one."""
    registers = [real(tmp_path / "dane", path) for path in twins.REGISTERS]
    good = table(tmp_path / "a", "moje.csv", "300101,2020,population,12000")
    old = import_paths([*registers, good]).snapshot_id
    wrong = table(tmp_path / "b", "moje.csv", "300101,2020,population,120")
    new = import_paths([wrong]).snapshot_id
    assert old is not None
    assert new is not None
    use_snapshot(old)
    return old, new


def test_an_import_that_starts_from_another_than_the_current_says_so(old_and_new, tmp_path):
    old, new = old_and_new
    report = import_paths([table(tmp_path / "c", "inne.csv", "300101,2021,population,12100")])
    assert report.base_id == new
    (note,) = [note for note in report.notes if "--base current" in note]
    assert old in note
    assert new in note
    assert f"Uwaga: {note}" in report.render()
    assert values("population", "300101") == {2020: 120, 2021: 12100}


def test_what_the_new_state_lacks_of_the_current_one_is_named(old_and_new, tmp_path):
    old, new = old_and_new
    import_paths([table(tmp_path / "c", "m.csv", "300101,2020,museum_visitors,12")], base=old)
    report = import_paths([table(tmp_path / "d", "n.csv", "300101,2020,area_km2,13")], base=new)
    (note,) = [note for note in report.notes if "nie do bieżącego" in note]
    assert "nie ma zmiennych museum_visitors." in note
    use_snapshot(old)  # the newest has all of it
    report = import_paths([table(tmp_path / "e", "o.csv", "300101,2021,area_km2,14")])
    assert not any("nie do bieżącego" in note for note in report.notes)


def test_a_file_with_fewer_units_of_one_variable_than_before_names_them(old_and_new, tmp_path):
    """The other variable has all its units, so the file as a whole looks complete."""
    names = ("museum_visitors", "area_km2")
    rows = [f"{unit},2020,{name}" for unit in ("300101", "300102") for name in names]
    import_paths([table(tmp_path / "c", "m.csv", *(f"{row},5" for row in rows))])
    told = [f"{row},6" for row in rows if row != "300102,2020,museum_visitors"]
    report = import_paths([table(tmp_path / "d", "m.csv", *told)])
    (note,) = [note for note in report.notes if "nie mają wartości" in note]
    assert "museum_visitors (1 wartość, na przykład 300102, 2020 r.)" in note
    assert "area_km2" not in note
    assert values("museum_visitors", "300102") == {2020: 5}


def test_the_current_one_can_be_the_base(old_and_new, tmp_path):
    old, _ = old_and_new
    added = table(tmp_path / "c", "inne.csv", "300101,2021,population,12100")
    report = import_paths([added], base="current")
    assert report.base_id == old
    assert not any("--base" in note for note in report.notes)
    assert values("population", "300101") == {2020: 12000, 2021: 12100}
    assert find_base_choice() is None  # what was made is the newest and the current one


def test_a_base_can_be_named(old_and_new, tmp_path):
    old, new = old_and_new
    added = table(tmp_path / "c", "inne.csv", "300101,2021,population,12100")
    assert import_paths([added], base=old[:6]).base_id == old
    added = table(tmp_path / "c", "inne.csv", "300101,2022,population,12200")
    assert import_paths([added], base=new).base_id == new
    with pytest.raises(SnapshotError, match="Nie ma stanu danych"):
        import_paths([added], base="zzz")


def test_there_is_no_current_one_yet(tmp_path):
    with pytest.raises(NoDataError):
        import_paths([real(tmp_path, twins.TERC_2024)], base="current")


def test_nothing_new_makes_the_base_current_too(old_and_new, tmp_path):
    _, new = old_and_new
    report = import_paths([tmp_path / "b" / "moje.csv"])
    assert report.unchanged
    assert current_id() == report.snapshot_id == new
    assert f"Bieżący jest {new}" in report.render()


def test_a_damaged_snapshot_is_not_passed_over_in_silence(old_and_new, tmp_path):
    old, new = old_and_new
    manifest = load_snapshot(new).path / "manifest.json"
    manifest.chmod(0o644)
    manifest.write_text("{")
    from smup_lib.snapshots.store import forget_opened

    forget_opened()
    report = import_paths([table(tmp_path / "c", "inne.csv", "300101,2021,population,12100")])
    assert report.base_id == old
    assert any(new in note and "Uszkodzone" in note for note in report.notes)


IMPORTS = """
import sys
from smup_lib.sources import import_paths

def wait(done, total, name):
    print("reading", flush=True)
    sys.stdin.readline()

print(import_paths(sys.argv[1:], on_progress=wait).snapshot_id, flush=True)
"""


def test_two_imports_at_once_follow_each_other(tmp_path):
    """The first is stopped between its check and its switch; the second must not overtake it."""
    import_paths([real(tmp_path / "dane", path) for path in twins.REGISTERS])
    files = [
        table(tmp_path / "a", "pierwszy.csv", "300101,2020,population,1"),
        table(tmp_path / "b", "drugi.csv", "300101,2021,population,2"),
    ]
    environment = {**os.environ, "PYTHONPATH": str(REPO)}
    with start(files[0], environment) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "reading\n"  # so it holds the store
        with start(files[1], environment) as second:
            assert second.stderr is not None
            said = second.stderr.readline()  # it says that it waits, and for whom
            assert f"proces {first.pid}" in said
            assert "Czekam" in said
            made = first.communicate("\n", timeout=60)[0].split()[-1]
            added = second.communicate("\n", timeout=60)[0].split()[-1]
    assert load_snapshot(added).manifest.base == made
    assert values("population", "300101") == {2020: 1, 2021: 2}
    assert len(list_snapshots()) == 3


def start(path: Path, environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", IMPORTS, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        text=True,
    )
