"""Every bad input of issue 2 that comes as a file: a clear message, and the old state intact."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from smup_lib.catalogue import load_catalogue
from smup_lib.errors import (
    ContradictionError,
    SnapshotMismatchError,
    SourceError,
)
from smup_lib.paths import raw_dir, snapshots_dir
from smup_lib.snapshots import current_id, load_snapshot
from smup_lib.sources import import_paths
from tests.bytes_read import at_most_read
from tests.sources import twins
from tests.sources.test_importing import real

REPO = Path(__file__).resolve().parents[2]


@pytest.fixture
def state(smup_home: Path, tmp_path: Path):
    """A first import of real-looking twins; after the test, the state must be as it was."""
    folder = tmp_path / "pierwsze"
    import_paths([real(folder, path) for path in (*twins.REGISTERS, twins.CTAB)])
    before = fingerprint(smup_home)
    yield folder
    assert fingerprint(smup_home) == before


def fingerprint(home: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in sorted(home.rglob("*"))
        if path.is_file()
    }


def write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


HTML = b"<!DOCTYPE html>\n<html><head><title>503 Service Unavailable</title></head></html>"
CTAB = twins.CTAB.read_bytes().replace(b"\r\n90", b"\r\n30")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("RYNE_1944_CTAB_20250616184618.csv", CTAB[:-5], "ucięty"),
        ("RYNE_1944_CTAB_20250616184618.csv", HTML, "503 Service Unavailable"),
        ("RYNE_1944_CTAB_20250616184618.csv", b"", "pusty"),
        ("RYNE_1944_CTAB_20250616184618.csv", CTAB[: CTAB.index(b"\n") + 1], "nagłówek"),
        ("RYNE_1944_CTAB_20250616184618.csv", "Kod;Nazwa;ogółem\n".encode() * 3, "skrócony"),
        ("dane.csv", bytes(range(256)) * 100, "bajty zerowe"),
        ("dane.csv", b"imie;nazwisko\nJan;Kowalski\n", "Nieznany układ"),
        ("dane.csv", b"unit_code,year,value\n9001,2020,1\n", "variable"),
        ("dane.csv.gz", b"\x1f\x8b\x08\x00\x00\x00\x00\x00", "ucięty"),
        ("dane.zip", b"PK\x03\x04" + bytes(50), "uszkodzony"),
        ("granice.geojson", b'{"type": "FeatureCollection", "features": [', "ucięty"),
        ("TERC.csv", twins.TERC_2024.read_bytes().replace(b"90;01;;;", b"XX;01;;;"), "TERC"),
    ],
)
def test_one_file_that_is_no_data(state, tmp_path, name, content, said):
    report = import_paths([write(tmp_path, name, content)])
    (file,) = report.files
    assert file.status == "refused"
    assert said in file.problem
    assert report.snapshot_id is None
    assert not report.complete
    assert "Nie powstał nowy stan danych" in report.render()


def test_the_other_files_go_on(smup_home, tmp_path):
    folder = tmp_path / "dane"
    for path in (*twins.REGISTERS, twins.CTAB):
        real(folder, path)
    write(folder, "strona.csv", HTML)
    write(folder, "WYNA_2497_CTAB_20220211225034.csv", CTAB[:-5])
    report = import_paths([folder])
    assert {file.name: file.status for file in report.files} == {
        twins.CTAB.name: "read",
        twins.TERC_2022.name: "read",
        twins.TERC_2024.name: "read",
        "WYNA_2497_CTAB_20220211225034.csv": "refused",
        "strona.csv": "refused",
    }
    assert load_snapshot().manifest.counts["observations"] == 60
    assert len(list(raw_dir().iterdir())) == 3  # refused bytes are not kept


@pytest.mark.parametrize("content", [b"\x00" * 1024, b"q" * 1024, b"a;b;c\n" * 100])
def test_200_mb_of_garbage(state, tmp_path, content):
    path = tmp_path / "dane.csv"
    with path.open("wb") as file:
        file.write(content)
        file.truncate(200 * 1024 * 1024)
    with at_most_read(20 * 1024 * 1024):
        report = import_paths([path])
    assert report.files[0].status == "refused"


@pytest.mark.parametrize("kind", ["long", "wide"])
def test_a_file_cut_inside_its_last_number(smup_home, tmp_path, kind):
    """12400 cut to 124: such a row waits; an official export, whose rows end in ;, is refused."""
    content = twins.LIBRARY.read_bytes() if kind == "long" else twins.CTAB.read_bytes()
    if kind == "long":
        rows = [line.split(b";")[:4] for line in content.splitlines()]
        content = b"\n".join(b";".join(row) for row in rows[:2])[:-2]
    else:
        content = content[: content.rindex(b"101;")] + b"10"
    path = write(tmp_path, "biblioteka.csv" if kind == "long" else twins.CTAB.name, content)
    report = import_paths([*twins.REGISTERS, path])
    assert report.added == 0
    if kind == "long":
        (held,) = load_snapshot().table("quarantine").to_dict("records")
        assert (held["row"], held["value"]) == (2, "900101;2023;population;124")
        assert "ucięta" in held["reason"]
    else:
        assert "ucięty" in report.files[-1].problem


def test_an_ambiguous_number_waits_and_the_reason_names_the_option(smup_home, tmp_path):
    content = "unit_code;year;variable;value\n900101;2023;population;12.400\n"
    path = write(tmp_path, "moje.csv", content.encode())
    assert import_paths([*twins.REGISTERS, path]).quarantined == 1
    assert "--decimal" in load_snapshot().table("quarantine")["reason"].item()
    shutil.rmtree(snapshots_dir())
    assert import_paths([*twins.REGISTERS, path], decimal=",").quarantined == 0
    assert load_snapshot().observations(["population"])["value"].tolist() == [12400]


def test_ambiguous_cells_of_a_wide_export_wait_one_by_one(smup_home, tmp_path):
    text = twins.CTAB.read_text(encoding="utf-8").replace(";120;115;", ";1.205;115;")
    path = write(tmp_path, twins.CTAB.name, text.encode())
    report = import_paths([*twins.REGISTERS, path])
    assert (report.added, report.quarantined) == (59, 1)
    assert "--decimal" in load_snapshot().table("quarantine")["reason"].item()


def test_200_mb_of_garbage_under_a_good_header(state, tmp_path):
    """Recognised by its header, refused by its rows, and nothing is left of it."""
    path = tmp_path / "dane.csv"
    with path.open("wb") as file:
        file.write(b"unit_code,year,variable,value\n900101,2020,population,1\n")
        file.truncate(200 * 1024 * 1024)
    report = import_paths([path])
    assert "bajty zerowe" in report.files[0].problem


def test_a_zip_bomb(state, tmp_path):
    path = twins.write_zip(tmp_path / "bomba.zip", {"dane.csv": bytes(64 * 1024 * 1024)})
    report = import_paths([path])
    assert "bomba" in report.files[0].problem


def test_a_gzip_bomb_that_begins_well(state, tmp_path):
    row = b"900101,2020,population,1\n"
    content = b"unit_code,year,variable,value\n" + row * (1 << 20)
    path = twins.write_gzip(tmp_path / "bomba.csv.gz", content)
    report = import_paths([path])
    assert "bomba" in report.files[0].problem


def test_an_archive_in_an_archive(state, tmp_path):
    inner = twins.write_zip(tmp_path / "w.zip", {"a.csv": b"x"})
    outer = twins.write_zip(tmp_path / "z.zip", {"w.zip": inner.read_bytes()})
    (file,) = import_paths([outer]).files
    assert (file.name, file.status) == ("z.zip/w.zip", "refused")


def test_two_files_that_contradict_each_other(state, tmp_path):
    one = real(tmp_path / "a", twins.CTAB)
    other = tmp_path / "RYNE_1944_CTAB_20250201120000.csv"
    other.write_text(one.read_text(encoding="utf-8").replace(";94;", ";95;"), encoding="utf-8")
    with pytest.raises(ContradictionError) as caught:
        import_paths([one, other])
    text = str(caught.value)
    assert f"{one.name}: 94; {other.name}: 95" in text
    assert "300103, 2024, registered_unemployed" in text
    assert "osobno" in text


def test_two_registers_that_contradict_each_other(state, tmp_path):
    one = real(tmp_path / "a", twins.TERC_2024)
    other = real(tmp_path / "b", twins.TERC_2024, {"Lipowo": "Lipowiec"})
    with pytest.raises(ContradictionError, match=r"różny rejestr ze stanem na 2024-01-01"):
        import_paths([one, other])


def test_two_layers_that_contradict_each_other(state, tmp_path):
    text = twins.GEOJSON.read_text(encoding="utf-8").replace('"90', '"30').replace('"92', '"32')
    paths = [tmp_path / "granice_2024_a.geojson", tmp_path / "granice_2024_b.geojson"]
    paths[0].write_text(text, encoding="utf-8")
    paths[1].write_text(text.replace("18.1", "18.11"), encoding="utf-8")
    with pytest.raises(ContradictionError, match="granice"):
        import_paths(paths)


def test_data_without_a_register(smup_home):
    with pytest.raises(SourceError) as caught:
        import_paths([twins.CTAB, twins.CREL])
    assert "TERC" in str(caught.value)
    assert twins.CTAB.name in str(caught.value)
    assert fingerprint(smup_home) == {".lock": b""}


def test_fictional_files_onto_real_data(state):
    with pytest.raises(SnapshotMismatchError, match="fikcyjne"):
        import_paths([twins.CTAB])


def test_real_and_fictional_files_together(smup_home, tmp_path):
    with pytest.raises(SnapshotMismatchError) as caught:
        import_paths([*twins.REGISTERS, real(tmp_path / "a", twins.CTAB)])
    assert twins.CTAB.name in str(caught.value)
    assert twins.TERC_2022.name in str(caught.value)


def test_real_and_fictional_units_in_one_file(smup_home, tmp_path):
    path = write(
        tmp_path,
        "t.csv",
        b"unit_code,year,variable,value\n9001,2020,population,1\n0201,2020,population,1\n",
    )
    with pytest.raises(SnapshotMismatchError):
        import_paths([*twins.REGISTERS, path])


def test_real_data_into_a_fictional_snapshot(smup_home, tmp_path):
    fictional = import_paths([*twins.REGISTERS, twins.CTAB]).snapshot_id
    before = fingerprint(smup_home)
    with pytest.raises(SnapshotMismatchError, match="przykładowy"):
        import_paths([real(tmp_path / "a", twins.TERC_2024)], base=fictional)
    assert fingerprint(smup_home) == before
    # without naming it, the import simply does not start from a fictional snapshot
    report = import_paths([real(tmp_path / "a", twins.TERC_2024)])
    assert report.base_id is None
    assert not load_snapshot().fictional
    assert not load_snapshot(fictional).manifest.base


def test_unknown_paths(state, tmp_path):
    with pytest.raises(SourceError, match="Nie ma wskazanych plików"):
        import_paths([tmp_path / "nic.csv"])


UNSHARE = shutil.which("unshare")


def may_mount() -> bool:
    if UNSHARE is None:
        return False
    tried = subprocess.run(
        [UNSHARE, "-rm", "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", "/mnt"],
        capture_output=True,
        check=False,
    )
    return tried.returncode == 0


ON_A_SMALL_DISK = """
    import os, subprocess, sys
    from pathlib import Path
    from smup_lib.errors import SmupError
    from smup_lib.snapshots import current_id, load_snapshot, newest_real
    from smup_lib.sources import import_paths

    home, read_only, big, *files = sys.argv[1:]
    import_paths(files)
    before = (current_id(), sorted(str(path) for path in Path(home).rglob("*")))
    if read_only == "yes":
        subprocess.run(["mount", "-o", "remount,ro", home], check=True)
    try:
        import_paths([big])
    except SmupError as error:
        print(error)
    else:
        print("imported")
    after = (current_id(), sorted(str(path) for path in Path(home).rglob("*")))
    print("intact:", before == after, newest_real().id == before[0])
    print("rows:", len(load_snapshot().observations()))
"""


def on_a_small_disk(folder: Path, big: Path, *, read_only: bool = False) -> str:
    """Import the twins and then a big file into 1 MB of tmpfs; return what was said."""
    files = [real(folder / "dane", path) for path in (*twins.REGISTERS, twins.CTAB)]
    script = write(folder, "script.py", textwrap.dedent(ON_A_SMALL_DISK).encode())
    mount = folder / "disk"
    mount.mkdir()
    arguments = [str(mount), "yes" if read_only else "no", str(big), *map(str, files)]
    shell = 'mount -t tmpfs -o size=1m tmpfs "$3" && exec "$@"'
    result = subprocess.run(
        [str(UNSHARE), "-rm", "sh", "-c", shell, "sh", sys.executable, str(script), *arguments],
        env={**os.environ, "SMUP_HOME": str(mount), "PYTHONPATH": str(REPO), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def big_table(units: int) -> str:
    """Return a long table of random numbers, about 1.2 MB for each unit."""
    numbers = random.Random(7)
    rows = (
        f"30010{unit},{year},{name},{numbers.random() * 1e6:.6f}\n"
        for unit in range(1, units + 1)
        for name in list(load_catalogue().variables)[:220]
        for year in range(1950, 2100)
    )
    return "unit_code,year,variable,value\n" + "".join(rows)


small_disk = pytest.mark.skipif(
    not may_mount(), reason="unshare -rm with a tmpfs is not permitted here"
)


@small_disk
def test_a_full_disk_while_the_raw_copy_is_kept(tmp_path):
    big = write(tmp_path, "duza.csv", big_table(1).encode())
    said = on_a_small_disk(tmp_path, big)
    assert "na dysku nie ma miejsca" in said
    assert "No space" not in said
    assert "zwolnij miejsce" in said
    assert "intact: True True" in said
    assert "rows: 60" in said


@small_disk
def test_a_full_disk_while_the_snapshot_is_written(tmp_path):
    """The raw copy fits (gzip), the Parquet beside it does not."""
    big = twins.write_gzip(tmp_path / "duza.csv.gz", big_table(2).encode())
    assert big.stat().st_size < 800_000
    said = on_a_small_disk(tmp_path, big)
    assert "Nie udało się zapisać stanu danych" in said
    assert "na dysku nie ma miejsca" in said
    assert "intact: True True" in said
    assert "rows: 60" in said


@small_disk
def test_an_unwritable_folder(tmp_path):
    said = on_a_small_disk(tmp_path, real(tmp_path / "b", twins.CREL), read_only=True)
    assert "dysk jest tylko do odczytu" in said
    assert "SMUP_HOME" in said
    assert "intact: True True" in said


INTERRUPTED = """
    import os, signal, sys
    from smup_lib.sources import import_paths

    def stop(done, total, name):
        if name == sys.argv[2]:
            os.kill(os.getpid(), signal.SIGINT)

    import_paths(sys.argv[3:], on_progress=stop if sys.argv[1] == "reading" else None)
"""
INTERRUPTED_WRITING = """
    import os, signal, sys
    import pyarrow.parquet as parquet
    from smup_lib.sources import import_paths

    whole = parquet.write_table

    def write_half(table, path, **options):
        whole(table, path, **options)
        os.kill(os.getpid(), signal.SIGINT)

    parquet.write_table = write_half
    import_paths(sys.argv[3:])
"""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize(
    ("when", "script"), [("reading", INTERRUPTED), ("writing", INTERRUPTED_WRITING)]
)
def test_ctrl_c_in_the_middle(state, tmp_path, when, script):
    """A real SIGINT while a file is read, and while Parquet is written."""
    newer = real(tmp_path / "b", twins.CREL)
    program = write(tmp_path, "script.py", textwrap.dedent(script).encode())
    before = current_id()
    result = subprocess.run(
        [sys.executable, str(program), when, newer.name, str(newer)],
        env={**os.environ, "PYTHONPATH": str(REPO)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode in (-signal.SIGINT, 130, 1)
    assert "KeyboardInterrupt" in result.stderr
    assert current_id() == before
    assert not [path for path in snapshots_dir().iterdir() if path.name.startswith(".partial")]


def test_what_every_refused_file_should_have_been_is_said_once(tmp_path):
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text("to nie dane\n", encoding="utf-8")
    text = import_paths([tmp_path]).render()
    assert text.count("Nieznany układ pliku") == 3
    assert text.lower().count("oczekiwano") == 1
    assert "Oczekiwano (odrzucone pliki: 3): eksport z BDL" in text
