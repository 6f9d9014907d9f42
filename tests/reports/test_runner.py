"""The runner: strict before, whole after, and the old report intact when something fails."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import psutil
import pytest

from smup_lib.errors import (
    ParameterError,
    ReportError,
    SettingsError,
    SnapshotError,
    UnknownUnitError,
)
from smup_lib.reports.receipt import list_changed_files
from smup_lib.reports.runner import find_notebook, run_notebook, run_report
from smup_lib.snapshots import load_snapshot
from smup_lib.snapshots.archive import receipts_naming
from tests.report_home import run_in_fork
from tests.reports.small_notebooks import small_notebook, write_notebook
from tests.sample_home import lend_sample

UNIT = 'unit: str = "9002"  # wymagane; kod\nyear: int = 2023  # wymagane; rok'
GIVEN = {"unit": "9002", "year": 2023}


def show(html: str) -> str:
    return f"from IPython.display import HTML\nHTML({html!r})"


def notebook(tmp_path: Path, *sources: str, parameters: str = UNIT, name: str = "mine") -> Path:
    return write_notebook(
        tmp_path / f"{name}.ipynb", small_notebook(*sources, parameters=parameters)
    )


@pytest.fixture(scope="module")
def finished(report_home, tmp_path_factory):
    folder = tmp_path_factory.mktemp("notatniki i raporty")
    path = notebook(
        folder,
        "import smup_lib as smup, os\nprint(smup.load_snapshot().id)",
        "print(unit, year)",
    )
    before = path.read_bytes()
    result = run_notebook(path, GIVEN, folder / "nowy" / "folder")
    assert path.read_bytes() == before
    return result


def test_files_are_named_by_notebook_unit_and_year(finished):
    folder = finished.html.parent
    assert sorted(path.name for path in folder.iterdir()) == [
        "mine_9002_2023.html",
        "mine_9002_2023.ipynb",
        "mine_9002_2023.receipt.json",
    ]
    assert str(finished) == str(finished.html)


def test_the_report_uses_the_snapshot_it_names(finished, report_home):
    assert load_snapshot().id in finished.html.read_text(encoding="utf-8")
    assert finished.snapshot == load_snapshot().id


def test_the_executed_notebook_is_kept_without_times_or_paths(finished):
    executed = nbformat.read(finished.notebook, as_version=4)
    text = finished.notebook.read_text(encoding="utf-8")
    assert any(
        "9002 2023" in o.get("text", "") for c in executed.cells for o in c.get("outputs", [])
    )
    assert "papermill" not in executed.metadata
    assert str(finished.html.parent) not in text
    assert "iopub" not in text


def test_the_receipt_vouches_for_the_files(finished, report_home):
    receipt = json.loads(finished.receipt.read_text(encoding="utf-8"))
    for path in (finished.html, finished.notebook):
        assert receipt["outputs"][path.name] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert receipt["parameters"] == GIVEN
    assert receipt["snapshot"] == finished.snapshot
    kept = [path for path in receipts_naming(finished.snapshot) if path.stem.startswith("mine_")]
    assert json.loads(kept[0].read_text(encoding="utf-8")) == receipt


def test_a_page_of_an_own_notebook_tells_what_is_unsound(finished):
    assert finished.problems == ()


def test_what_an_own_notebook_does_wrong_is_told_and_the_page_is_still_there(report_home, tmp_path):
    path = notebook(tmp_path, show("<img src='https://example.org/a.png' alt='x'>"))
    result = run_in_fork(path, GIVEN, tmp_path)
    assert result.problems == ("strona sięga poza siebie: img https://example.org/a.png",)
    assert result.html.exists()


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"unit": "9002"}, ParameterError),
        ({"unit": "9002", "year": "2023"}, ParameterError),
        ({"unit": "9002", "year": 2023, "years": 2023}, ParameterError),
        ({"unit": "Nibylandia", "year": 2023}, UnknownUnitError),
    ],
)
def test_mistakes_stop_before_anything_is_written(report_home, tmp_path, given, error):
    path = notebook(tmp_path, "raise SystemExit('the kernel must not start')")
    with pytest.raises(error):
        run_notebook(path, given, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_snapshot_switched_in_the_middle_changes_nothing(report_home, tmp_path, monkeypatch):
    """The pointer leads elsewhere while the notebook runs; the kernel keeps to its snapshot."""
    import shutil

    home = tmp_path / "home"
    shutil.copytree(report_home / "snapshots", home / "snapshots")
    monkeypatch.setenv("SMUP_HOME", str(home))
    pointer = home / "snapshots" / "current"
    expected = load_snapshot().id
    path = notebook(
        tmp_path,
        f"import pathlib; pathlib.Path({str(pointer)!r}).write_text('nowy')",
        "import smup_lib as smup\nprint(smup.load_snapshot().id)",
    )
    result = run_notebook(path, GIVEN, tmp_path / "out")
    assert pointer.read_text() == "nowy"
    assert expected in result.html.read_text(encoding="utf-8")
    assert result.snapshot == expected


WAITS = "import threading; threading.Event().wait()"


@pytest.mark.parametrize(
    ("run", "sources", "timeout", "said", "where"),
    [
        (run_in_fork, ["1 / 0"], 60, "komórka notatnika zgłosiła błąd", "1 / 0"),
        (run_notebook, ["import os; os._exit(1)"], 60, "jądro notatnika przestało", "os._exit(1)"),
        (run_in_fork, ["import sys; sys.exit()", "1"], 60, "zakończyła program", "sys.exit()"),
        (run_in_fork, [WAITS], 1, "dłużej niż 1 s", "Event().wait()"),
    ],
    ids=["raises", "dies", "exits", "hangs"],
)
def test_a_failed_run_tells_the_cell_and_keeps_the_old_report(
    report_home, tmp_path, run, sources, timeout, said, where
):
    """A kernel that dies needs a kernel; ``test_execution`` has one fail in every way."""
    out = tmp_path / "out"
    out.mkdir()
    old = out / "mine_9002_2023.html"
    old.write_text("poprzedni raport")
    path = notebook(tmp_path, *sources)
    with pytest.raises(ReportError) as raised:
        run(path, GIVEN, out, cell_timeout=timeout)
    error = raised.value
    failed = out / "mine_9002_2023_przerwany.ipynb"
    assert said in error.what
    assert where in error.where
    assert "mine.ipynb, komórka [3]" in error.where
    assert str(failed) in error.next_step
    assert nbformat.read(failed, as_version=4).cells
    assert old.read_text() == "poprzedni raport"
    assert sorted(path.name for path in out.iterdir()) == [old.name, failed.name]


def test_an_error_of_the_library_is_told_in_its_own_words(report_home, tmp_path):
    path = notebook(
        tmp_path, 'import smup_lib as smup\nsmup.open_area("kulturka", unit=unit, year=year)'
    )
    with pytest.raises(ReportError) as raised:
        run_in_fork(path, GIVEN, tmp_path / "out")
    assert raised.value.problems[0].startswith("Nie ma obszaru „kulturka”")
    assert "ParameterError" not in str(raised.value)


def test_a_success_removes_the_notebook_of_an_earlier_failure(report_home, tmp_path):
    failed = tmp_path / "mine_9002_2023_przerwany.ipynb"
    failed.write_text("{}")
    run_in_fork(notebook(tmp_path, "1"), GIVEN, tmp_path)
    assert not failed.exists()


def test_a_folder_that_cannot_be_made_is_told_before_the_kernel_starts(report_home, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="Nie można utworzyć folderu") as raised:
        run_notebook(notebook(tmp_path, "1"), GIVEN, tmp_path / "file" / "out")
    assert "--out" in raised.value.next_step
    assert "SMUP_HOME" not in raised.value.next_step


@pytest.mark.parametrize("content", ["", "<html>", "[]", "{}", '{"nbformat": 4}'])
def test_a_file_that_is_no_notebook_is_told(report_home, tmp_path, content):
    path = tmp_path / "mine.ipynb"
    path.write_text(content)
    with pytest.raises(ParameterError, match="notatnik"):
        run_notebook(path, GIVEN, tmp_path)


def test_a_missing_notebook_is_told(report_home, tmp_path):
    with pytest.raises(ParameterError, match="Nie ma takiego notatnika"):
        run_notebook(tmp_path / "none.ipynb", GIVEN, tmp_path)


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("culture_recreation", "culture_recreation"),
        ("Kultura i rekreacja", "culture_recreation"),
        ("drog", "roads_transport"),
        ("inwestycje", "investment_construction"),
        ("FINANSE", "finance"),
        ("portret", "unit_portrait"),
        ("unit_portrait", "unit_portrait"),
        ("wskaźnik", "indicator_deep_dive"),
        ("porównanie jednostek", "unit_comparison"),
        ("jakosc", "data_quality"),
        ("raport o stanie", "state_report"),
    ],
)
def test_a_notebook_is_found_by_area(text, stem):
    assert find_notebook(text).stem == stem


def test_a_notebook_is_found_by_its_path(tmp_path):
    path = notebook(tmp_path, "1")
    assert find_notebook(str(path)) == path


@pytest.mark.parametrize("text", ["kulturka", "kontekst", "", "brak.ipynb"])
def test_an_area_without_a_notebook_is_told(text):
    with pytest.raises(ParameterError):
        find_notebook(text)


def test_the_context_is_told_from_an_area_of_services():
    with pytest.raises(ParameterError, match="tło porównań") as raised:
        find_notebook("kontekst")
    assert "portret" in raised.value.next_step


def test_the_advised_command_repeats_unit_and_year(report_home):
    with pytest.raises(ParameterError) as raised:
        run_report("kontekst", unit="9002 Brzezica", year=2020)
    assert "smup report run portret --unit '9002 Brzezica' --year 2020" in raised.value.next_step


def test_a_missing_own_notebook_is_told_as_a_file():
    with pytest.raises(ParameterError, match=r"Nie ma notatnika „brak\.ipynb”"):
        find_notebook("brak.ipynb")


def test_the_usual_group_is_written_into_notebook_and_receipt(report_home, tmp_path):
    parameters = f"{UNIT}\ngroup: str | None = None  # grupa"
    source = small_notebook("print(group)", parameters=parameters, smup={"area": "finance"})
    path = write_notebook(tmp_path / "moje finanse.ipynb", source)
    result = run_in_fork(path, GIVEN, tmp_path / "a")
    receipt = json.loads(result.receipt.read_text(encoding="utf-8"))
    rule = receipt["group"]["rule"]
    assert receipt["parameters"] == {**GIVEN, "group": rule}
    assert receipt["group"]["members"] >= 3
    assert f"{rule}\n" in result.notebook.read_text(encoding="utf-8").replace("\\n", "\n")
    page = result.html.read_text(encoding="utf-8")
    assert f"run &#39;{path}&#39; --unit 9002 --year 2023 --group {rule}" in page or (
        f"run &#x27;{path}&#x27; --unit 9002 --year 2023 --group {rule}" in page
    )
    # the command of the receipt makes the same report
    again = run_in_fork(path, receipt["parameters"], tmp_path / "b", snapshot=receipt["snapshot"])
    repeated = json.loads(again.receipt.read_text(encoding="utf-8"))
    assert repeated["id"] == receipt["id"]
    assert again.facts()["html"] == again.html


def test_a_notebook_that_names_its_snapshot_is_run_on_it(report_home, tmp_path):
    wanted = load_snapshot().id
    parameters = f'{UNIT}\nsnapshot: str | None = "{wanted[:6]}"  # stan danych'
    path = notebook(tmp_path, "print('stan', snapshot)", parameters=parameters)
    result = run_in_fork(path, GIVEN, tmp_path)
    assert result.snapshot == wanted
    assert "stan None" in result.notebook.read_text(encoding="utf-8")
    other = notebook(tmp_path, "1", parameters=parameters.replace(wanted[:6], "ffff"), name="b")
    with pytest.raises(SnapshotError, match="ffff"):
        run_in_fork(other, GIVEN, tmp_path)


def test_a_notebook_given_by_a_relative_path_is_named_by_its_full_one(
    report_home, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    notebook(tmp_path, "1")
    result = run_in_fork(Path("mine.ipynb"), GIVEN, tmp_path / "out")
    receipt = json.loads(result.receipt.read_text(encoding="utf-8"))
    assert receipt["notebook_path"] == str(tmp_path / "mine.ipynb")


def test_no_report_without_the_receipt_that_guards_its_snapshot(report_home, tmp_path):
    path = notebook(tmp_path, "1", name="guarded")
    first = run_in_fork(path, GIVEN, tmp_path / "out")
    (kept,) = (report_home / "receipts").glob("guarded_9002_2023-*.json")
    page = first.html.read_bytes()
    kept.unlink()
    (kept / "w środku").mkdir(parents=True)  # nothing can be written under this name
    with pytest.raises(ReportError, match="to jest folder") as caught:
        run_in_fork(path, GIVEN, tmp_path / "out")
    shutil.rmtree(kept)
    assert str(kept) in str(caught.value)
    assert first.html.read_bytes() == page
    assert list_changed_files(first.receipt) == []


def test_an_unusable_folder_of_receipts_stops_before_the_kernel(report_home, tmp_path, monkeypatch):
    home = tmp_path / "dom"
    home.mkdir()
    (home / "snapshots").symlink_to(report_home / "snapshots", target_is_directory=True)
    (home / "receipts").write_text("plik zamiast folderu")
    monkeypatch.setenv("SMUP_HOME", str(home))
    with pytest.raises(SettingsError, match="Nie można utworzyć folderu"):
        run_notebook(notebook(tmp_path, "1"), GIVEN, tmp_path / "out")
    assert not (tmp_path / "out").exists()


STOPPED = """
import os, sys
from pathlib import Path
from smup_lib.reports.notebook_files import write_together
left = [2]
replace = os.replace
def stop(event, arguments):
    if event == "os.rename" and str(arguments[0]).count("/.mine"):
        left[0] -= 1
        if left[0] < 0:
            os._exit(9)
sys.addaudithook(stop)
folder = Path(sys.argv[1])
write_together({folder / f"mine.{end}": "nowy" for end in ("html", "ipynb", "receipt.json")})
"""


def test_a_crash_between_two_files_is_seen_in_the_receipt(tmp_path):
    """Page and notebook are new, the receipt is old: its checksums say so."""
    old = {name: hashlib.sha256(b"stary").hexdigest() for name in ("mine.html", "mine.ipynb")}
    for name in old:
        (tmp_path / name).write_text("stary")
    receipt = tmp_path / "mine.receipt.json"
    receipt.write_text(json.dumps({"outputs": old}))
    assert list_changed_files(receipt) == []
    done = subprocess.run([sys.executable, "-c", STOPPED, str(tmp_path)], check=False)
    assert done.returncode == 9
    assert (tmp_path / "mine.html").read_text() == "nowy"
    assert len(list_changed_files(receipt)) == 2


def test_a_report_says_what_is_wrong_with_the_unit(report_home, tmp_path):
    with pytest.raises(UnknownUnitError):
        run_report("kultura", unit="Nibylandia", year=2023, out=tmp_path)


def test_a_notebook_may_name_the_sample(smup_home, tmp_path):
    mine = notebook(
        tmp_path,
        "import smup_lib as smup\nsmup.load_snapshot(snapshot).fictional",
        parameters='snapshot: str = "sample"  # stan danych; "sample" to kraina przykładowa',
    )
    with pytest.raises(SnapshotError, match="smup data sample"):
        run_in_fork(mine, {}, tmp_path / "out")
    lend_sample(smup_home)
    report = run_in_fork(mine, {}, tmp_path / "out")
    assert load_snapshot(report.snapshot).fictional
    assert report.html.is_file()


GROUPED = f"{UNIT}\ngroup: str | None = None  # grupa\nthreshold: int = 5  # próg"


def test_reports_that_ask_for_different_things_lie_side_by_side(report_home, tmp_path):
    source = small_notebook("print(group)", parameters=GROUPED, smup={"area": "finance"})
    path = write_notebook(tmp_path / "mine.ipynb", source)
    out = tmp_path / "out"
    asked = [{}, {"group": "sąsiedzi"}, {"group": "kraj"}, {"threshold": 7}]
    made = [run_in_fork(path, {**GIVEN, **more}, out) for more in asked]
    assert [report.html.stem for report in made] == [
        "mine_9002_2023",
        "mine_9002_2023_neighbours",
        "mine_9002_2023_country",
        "mine_9002_2023_threshold-7",
    ]
    assert len(list(out.iterdir())) == 3 * len(asked)
    assert [report.notes for report in made] == [()] * len(asked)
    assert all(list_changed_files(report.receipt) == [] for report in made)


def test_a_report_that_replaces_another_one_says_so(report_home, tmp_path):
    made = run_in_fork(notebook(tmp_path, "1"), GIVEN, tmp_path / "out")
    same = run_in_fork(notebook(tmp_path, "1"), GIVEN, tmp_path / "out")
    assert (same.html, same.notes) == (made.html, ())
    other = run_in_fork(notebook(tmp_path, "2"), GIVEN, tmp_path / "out")
    assert other.html == made.html
    assert "treść notatnika" in other.notes[0]


def test_the_group_of_an_own_notebook_is_kept(report_home, tmp_path):
    cell = GROUPED.replace("None = None", 'None = "sąsiedzi"')
    source = small_notebook("print('grupa:', group)", parameters=cell, smup={"area": "finance"})
    path = write_notebook(tmp_path / "mine.ipynb", source)
    made = run_in_fork(path, GIVEN, tmp_path / "out")
    assert "grupa: neighbours" in made.notebook.read_text(encoding="utf-8")


#: A kernel that never comes up: it says so into a pipe and waits.
STUCK_KERNEL = """
import os, sys, threading
if "ipykernel_launcher" in sys.orig_argv:
    with open(os.environ["TELL"], "w") as pipe:
        pipe.write(str(os.getpid()))
    threading.Event().wait()
"""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names on this system")
@pytest.mark.parametrize("when", ["starting", "running"])
def test_ctrl_c_leaves_neither_kernel_nor_folder(report_home, tmp_path, when):
    """A person presses Ctrl-C in the terminal: every process of the command is told."""
    pipe, folder, temporary = tmp_path / "pipe", tmp_path / "sitecustomize", tmp_path / "temporary"
    os.mkfifo(pipe)
    folder.mkdir()
    temporary.mkdir()
    (folder / "sitecustomize.py").write_text(STUCK_KERNEL if when == "starting" else "")
    tells = f"import os, threading\nopen({str(pipe)!r}, 'w').write(str(os.getpid()))"
    path = notebook(tmp_path, f"{tells}\nthreading.Event().wait()")
    words = [str(path), "--unit", "9002", "--year", "2023", "--out", str(tmp_path / "a" / "b")]
    run = subprocess.Popen(
        [sys.executable, "-m", "smup_lib.cli", "report", "run", *words],
        env={
            **os.environ,
            "PYTHONPATH": str(folder),
            "TELL": str(pipe),
            "TMPDIR": str(temporary),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # a shell in the background starts its children with SIGINT ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    kernel = psutil.Process(int(pipe.read_text()))
    os.killpg(run.pid, signal.SIGINT)
    said, complained = run.communicate(timeout=60)
    assert run.returncode == 130
    assert (said, complained) == ("", "Przerwano. Stan danych pozostał bez zmian.\n")
    assert not kernel.is_running()
    assert not (tmp_path / "a").exists()
    assert list(temporary.iterdir()) == []


def test_further_parameters_reach_the_notebook_and_the_command_that_repeats_it(
    report_home, report_of, tmp_path
):
    texts = ["indicator=library_readers_per_1k"]
    result = report_of("indicator_deep_dive", "9002", 2023, parameters=texts)
    assert result.html.stem == "indicator_deep_dive_9002_2023_indicator-library_readers_per_1k"
    receipt = json.loads(result.receipt.read_text(encoding="utf-8"))
    assert receipt["parameters"]["indicator"] == "library_readers_per_1k"
    assert "--param indicator=library_readers_per_1k" in result.html.read_text(encoding="utf-8")
    with pytest.raises(ParameterError, match="indykator"):
        run_report("wskaźnik", "9002", 2023, out=tmp_path, parameters=["indykator=x"])
