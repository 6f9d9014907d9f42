"""A batch that is killed, starved or given bad notebooks: the rest is made, and only the rest."""

from __future__ import annotations

import dataclasses
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from smup_lib.errors import ParameterError, ReportError
from smup_lib.kernels.forking import FIT_TO_FORK, can_supervise
from smup_lib.reports import export
from smup_lib.reports.batch import run
from smup_lib.reports.batch.fingerprint import Fingerprints, digest_of_data, variables_of
from smup_lib.reports.batch.jobs import Job, Section, list_jobs
from smup_lib.reports.batch.known import ORDER_FILE
from smup_lib.reports.batch.manifest import Manifest, Row, one_batch
from smup_lib.reports.batch.order import read_order, simple_order
from smup_lib.reports.batch.packing import pack_reports, write_table
from smup_lib.reports.batch.run import run_batch
from smup_lib.reports.loading import Workspace
from smup_lib.reports.runner import find_notebook
from smup_lib.snapshots.archive import receipts_naming
from tests.reports.batch.driver import TWO_STATES, UNITS, YEAR, driven, own_notebook
from tests.reports.revised_land import set_value, small_land
from tests.sample_home import lend_fonts

FORKS = pytest.mark.skipif(not can_supervise(), reason="no supervised forks on this system")
ORDER = simple_order(["kultura"], ["9001"], YEAR)


@pytest.fixture
def batch_home(sample_home_dir: Path, smup_home: Path) -> Path:
    """An own home on the sample land."""
    (smup_home / "snapshots").symlink_to(sample_home_dir / "snapshots")
    return lend_fonts(smup_home)


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """What came of each scenario of the driver, which is a process that may fork."""
    return driven()[1]


@FORKS
@pytest.mark.slow
def test_a_batch_killed_anywhere_is_finished_by_its_repetition(told):
    told = told["killed"]
    assert [name.rsplit(".", 1)[-1] for name in told["files"]].count("html") == len(UNITS)
    assert {one["ended"] for one in told["kills"]} == {"SIGKILL"}
    assert any(one["before"] for one in told["kills"])
    for one, same in zip(told["kills"], told["same"], strict=True):
        # what the ledger names stays, all else is made, and each report has one row in the end
        assert one["kept"] == len(one["before"]), one
        assert sorted([*one["before"], *one["made"]]) == sorted(UNITS), one
        assert one["ledger"] == sorted(UNITS), one
        assert same, one


@FORKS
@pytest.mark.slow
def test_a_bad_report_costs_only_itself(told):
    rows, left = told["bad"]["rows"], told["bad"]["left"]
    assert rows["9007"] == {"status": "made", "attempts": 1, "error": "", "warnings": []}
    bad = {unit: row for unit, row in rows.items() if unit != "9007"}
    assert {row["status"] for row in bad.values()} == {"failed"}
    expected = {
        "9001": (2, "ValueError: zły wskaźnik"),
        "9002": (2, "jądro notatnika przestało działać"),
        "9003": (2, "jądro notatnika przestało działać"),
        "9004": (2, "trwał"),
        "9005": (2, "pamięci"),
    }
    # what is printed without end is stopped as output, or as the memory that holds it
    assert any(word in bad["9006"]["error"] for word in ("wypisa", "pamięci")), bad["9006"]
    for unit, (attempts, reason) in expected.items():
        assert (bad[unit]["attempts"], reason in bad[unit]["error"]) == (attempts, True), bad[unit]
        assert len(bad[unit]["warnings"]) == attempts - 1
    for unit in ("9001", "9002", "9003"):
        assert f"zly_{unit}_{YEAR}_przerwany.ipynb" in left


@FORKS
@pytest.mark.slow
def test_what_its_own_check_refuses_is_not_tried_again(told):
    rows = told["refused"]["rows"]
    assert [row["attempts"] for row in rows.values()] == [1, 1]
    assert all("@nie_ma" in row["error"] for row in rows.values())


@FORKS
@pytest.mark.slow
def test_a_process_with_threads_makes_its_reports_in_plain_kernels(told):
    alone, beside = told["refused"], told["refused"]["beside_a_thread"]
    broken = beside["rows"].pop(UNITS[2])
    assert broken["status"] == "failed"
    assert "AttributeError" in broken["error"]
    reasons = [[row["error"] for row in found["rows"].values()] for found in (beside, alone)]
    assert reasons[0] == reasons[1]
    assert alone["notes"] == []
    (note,) = beside["notes"]
    assert "dodatkowe wątki" in note


@FORKS
@pytest.mark.slow
def test_failures_that_are_all_alike_are_soon_tried_once_only(told):
    rows = told["alike"]["rows"]
    assert [row["attempts"] for row in rows.values()] == [2, 2, 1, 1]
    assert all("ZeroDivisionError" in row["error"] for row in rows.values())
    # the fork and the kernel tell the end of a process in two ways
    assert [row["attempts"] for row in told["alike"]["ended"].values()] == [2, 1]


@FORKS
@pytest.mark.slow
def test_a_batch_keeps_to_its_snapshot_when_another_becomes_current(told, monkeypatch):
    monkeypatch.setenv("SMUP_HOME", str(driven()[0] / TWO_STATES))
    told = told["switched"]
    old, new = told["ids"]
    assert told["first"] == [old] * len(UNITS)
    assert told["printed"] == [[old]] * len(UNITS)
    # a notebook of one's own may read anything, so that other data are other grounds
    assert told["again"] == [new] * len(UNITS)
    # the first order asked for CSV too: its receipts vouch for it, and it goes with its report
    assert told["vouched"] == [[]] * len(UNITS)
    assert told["csv"] == [len(UNITS), 0]
    assert receipts_naming(old)


@FORKS
@pytest.mark.slow
def test_ctrl_c_leaves_nothing_running(batch_home, tmp_path):
    os.mkfifo(tmp_path / "line")
    source = (
        "import os\n"
        f"with open({str(tmp_path / 'line')!r}, 'w') as line:\n"
        "    line.write(str(os.getpid()))\n"
        "while True:\n    pass"
    )
    notebook = own_notebook(tmp_path / "wisi.ipynb", source)
    words = ["report", "batch", "--area", str(notebook), "--units", "9001", "--year", str(YEAR)]
    batch = subprocess.Popen(
        [sys.executable, "-m", "smup_lib.cli", *words, "--out", str(tmp_path / "out")],
        # without the variables of a process that may fork: the command starts itself anew
        env={k: v for k, v in os.environ.items() if k not in FIT_TO_FORK},
        stderr=subprocess.PIPE,
        text=True,
    )
    hanging = int((tmp_path / "line").read_text())
    batch.send_signal(signal.SIGINT)
    _, told = batch.communicate(timeout=60)
    assert batch.returncode == 130, told
    assert "Przerwano partię przed pierwszym raportem. To samo polecenie zrobi" in told
    with pytest.raises(ProcessLookupError):
        os.kill(hanging, 0)
    assert not list((tmp_path / "out").rglob("*.html"))


@FORKS
@pytest.mark.slow
def test_a_full_disk_ends_the_batch_and_the_repetition_finishes_it(told):
    if "full" not in told:
        pytest.skip("no mount namespace may be made here (unshare -rm)")
    first, second = told["full"]["first"], told["full"]["second"]
    assert first["code"] == 1, first["err"]
    for words in ("nie ma miejsca", "gotowe raporty zostaną"):
        assert first["err"].count(words) == 1, first["err"]
    assert "Traceback" not in first["err"]
    assert 0 < len(first["rows"]) < 5
    assert second["code"] == 0, second["err"]
    assert len(second["rows"]) == 5
    assert {key: second["rows"][key] for key in first["rows"]} == first["rows"]


def test_two_batches_into_one_folder_are_refused(batch_home, tmp_path):
    with one_batch(tmp_path), pytest.raises(ReportError, match="już inna partia"):
        run_batch(ORDER, tmp_path)


def test_a_template_with_a_fault_is_told_once_and_nothing_is_made(
    batch_home, tmp_path, monkeypatch
):
    templates = tmp_path / "templates"
    shutil.copytree(export.project_dir("templates"), templates)
    page = templates / "report" / "index.html.j2"
    page.write_text(page.read_text(encoding="utf-8") + "\n{% if %}", encoding="utf-8")
    monkeypatch.setattr(export, "project_dir", lambda _: templates)
    export._exporter.cache_clear()
    with pytest.raises(ReportError) as refused:
        run_batch(ORDER, tmp_path / "out")
    export._exporter.cache_clear()
    assert "index.html.j2, wiersz" in str(refused.value)
    assert not (tmp_path / "out").exists()


def test_two_notebooks_of_one_name_are_refused(batch_home, tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        own_notebook(tmp_path / name / "maly.ipynb", f"print({name!r})")
    both = [str(tmp_path / name / "maly.ipynb") for name in ("a", "b")]
    with pytest.raises(ParameterError) as refused:
        list_jobs(simple_order(both, ["9001"], YEAR), Workspace.open())
    assert "kilka notatników" in str(refused.value)


def test_a_later_notebook_of_the_same_name_takes_no_reports_over(batch_home, tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        own_notebook(tmp_path / name / "maly.ipynb", f"print({name!r})")
    first, second = (tmp_path / name / "maly.ipynb" for name in ("a", "b"))
    rows = {"x": plain_row("9001", notebook=str(first))}
    workspace, how = Workspace.open(), run.Conditions()

    def missing(path: Path) -> list[Job]:
        listed = list_jobs(simple_order([str(path)], ["9001"], YEAR), workspace)
        return run.find_missing(workspace, listed, tmp_path / "out", rows, how)[1]

    assert len(missing(first)) == 1
    with pytest.raises(ParameterError, match="innego notatnika o tej samej nazwie"):
        missing(second)
    first.unlink()  # it has been moved
    assert len(missing(second)) == 1


def test_all_names_of_one_group_are_one_report(batch_home):
    workspace = Workspace.open()

    def jobs(group: str | None) -> tuple[Job, ...]:
        return list_jobs(simple_order(["kultura"], ["9001"], YEAR, group), workspace).jobs

    rule = workspace.catalogue.area("kultura").group
    assert jobs(rule) == jobs(None)
    assert jobs("sąsiedzi") == jobs("neighbours")
    assert jobs("neighbours")[0].key != jobs(None)[0].key


def test_parameters_that_fit_no_unit_are_refused_before_the_first_report(batch_home, tmp_path):
    own = own_notebook(tmp_path / "moj.ipynb", "print(1)", "\ngroup: str | None = None")
    order = simple_order([str(own), "kultura"], ["9001", "9002"], YEAR, "@nie_ma")
    with pytest.raises(ParameterError) as refused:
        list_jobs(order, Workspace.open())
    assert len(refused.value.problems) == 2
    assert all("nie_ma" in line for line in refused.value.problems)


@pytest.fixture(scope="module")
def grounds(whole_land) -> dict[str, Any]:
    """Hashes of what three sorts of reports rest on, in states of the data that differ."""
    changes = {
        "before": lambda rows: rows,
        "readers": set_value("9003", YEAR, "library_readers", 2),
        "wages": set_value("9003", YEAR, "avg_gross_wage", 2),
    }
    told = {}
    for name, change in changes.items():
        edition = "0123abcd" if name == "readers" else ""
        snapshot = small_land(whole_land, change, edition=edition)
        catalogue = Workspace.open(snapshot).catalogue
        areas = ("culture_recreation", "roads_transport", None)
        told[name] = {
            one: digest_of_data(snapshot, catalogue, catalogue.areas.get(one)) for one in areas
        }
        told[name]["quality"] = snapshot.id
    return told


def test_only_what_an_area_reads_changes_its_grounds(grounds):
    def changed(name: str) -> set[str | None]:
        return {one for one in grounds[name] if grounds[name][one] != grounds["before"][one]}

    # a value of a peer changes the reports of its area, the portrait and what may read anything;
    # that the values of other areas came in a new edition of the same file changes nothing
    assert changed("readers") == {"culture_recreation", None, "quality"}
    # who resembles whom is the matter of all areas
    assert changed("wages") == {"culture_recreation", "roads_transport", None, "quality"}


def test_a_notebook_that_may_read_anything_rests_on_the_whole_snapshot(batch_home, tmp_path):
    workspace = Workspace.open()
    own = own_notebook(tmp_path / "kultura_moja.ipynb", "print(1)")
    orders = [["kultura"], ["portret"], [str(own)]]
    jobs = [list_jobs(simple_order(one, ["9001"], YEAR), workspace).jobs[0] for one in orders]
    prints = Fingerprints(workspace.snapshot, workspace.catalogue)
    read = [prints.of_data(job.section) for job in jobs]
    assert read[2] == workspace.snapshot.id
    assert len(set(read)) == 3
    quality = Section(find_notebook("jakość danych"), "", None, "")
    assert prints.of_data(quality) == workspace.snapshot.id


def test_the_events_behind_a_rate_are_read_too(batch_home):
    catalogue = Workspace.open().catalogue
    for area in catalogue.areas.values():
        read = {name for entry in area.indicators for name in entry.variables_read}
        assert read <= variables_of(catalogue, area)


@pytest.mark.parametrize("changed", ["notebook", "parameters", "library"])
def test_other_grounds_are_another_fingerprint(batch_home, tmp_path, monkeypatch, changed):
    from smup_lib.reports.batch import fingerprint

    path = own_notebook(tmp_path / "maly.ipynb", "print(1)", "\nword: str = 'a'")

    def printed(**given: Any) -> str:
        fingerprint.digest_of_library.cache_clear()
        workspace = Workspace.open()
        job = list_jobs(
            simple_order([str(path)], ["9001"], YEAR, parameters=given), workspace
        ).jobs[0]
        return Fingerprints(workspace.snapshot, workspace.catalogue).of(job)

    before = printed()
    assert printed() == before
    if changed == "notebook":
        own_notebook(path, "print(2)", "\nword: str = 'a'")
    if changed == "library":
        package = tmp_path / "smup_lib"
        package.mkdir()
        (package / "paths.py").write_text("# another version\n", encoding="utf-8")
        monkeypatch.setattr(fingerprint.paths, "__file__", str(package / "paths.py"))
    given = {"word": "b"} if changed == "parameters" else {}
    assert printed(**given) != before
    fingerprint.digest_of_library.cache_clear()


def test_the_order_of_a_batch_leaves_the_files_of_others_alone(tmp_path):
    plan = tmp_path / "plan.yaml"
    plan.write_text("# moje uwagi\n", encoding="utf-8")
    other = simple_order(["kultura"], ["9002"], YEAR)
    for order in (ORDER, ORDER, other):
        run._keep_order(order, tmp_path / ORDER_FILE)
    assert plan.read_text(encoding="utf-8") == "# moje uwagi\n"
    assert read_order(tmp_path / ORDER_FILE) == other
    (earlier,) = tmp_path.glob("zlecenie-partii-*.yaml")
    assert read_order(earlier) == ORDER


def test_the_order_names_its_lists_so_that_any_folder_finds_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lista.csv").write_text("9002\n", encoding="utf-8")
    run._keep_order(simple_order(["kultura"], ["lista.csv", "9003"], YEAR), tmp_path / ORDER_FILE)
    kept = read_order(tmp_path / ORDER_FILE)
    assert kept.units == (str(tmp_path / "lista.csv"), "9003")


def test_only_what_a_killed_batch_left_is_removed(tmp_path):
    half = [
        "maly/.maly_9001_2022.html-0123abcd",
        ".manifest.csv-0123abcd",
        "zip/.9001.zip-0123abcd",
    ]
    mine = ["cudze/.maly_9001_2022.html-0123abcd", ".notatki-0123abcd", "maly/.inne-0123abcd"]
    for name in (*half, *mine):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    run._remove_half_written(tmp_path, {"maly"})
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert left == set(mine)


def plain_row(unit: str, **changes: Any) -> Row:
    told = Row(unit, "maly", unit, f"powiat {unit}", YEAR, {}, "0123", "f", "made", 1.5, 20.25)
    return dataclasses.replace(told, **changes)


def test_the_ledger_and_no_clock_says_which_row_is_newer(tmp_path):
    manifest = Manifest(tmp_path)
    manifest.add(plain_row("9001", status="failed", finished="2031-01-01T00:00:00+00:00"))
    manifest.add(plain_row("9001", finished="1999-01-01T00:00:00+00:00"))
    assert Manifest(tmp_path).rows["9001"].status == "made"


def test_people_read_the_manifest_in_excel(tmp_path):
    bad = plain_row("9002", status="failed", error="=1+1; powód", unit_name="gmina Łąka")
    text = write_table(tmp_path, [plain_row("9001"), bad]).read_bytes().decode("utf-8")
    lines = text.splitlines()
    assert lines[0].startswith("\ufeffraport;jednostka;kod;rok;wynik;")
    assert lines[1].startswith("maly;powiat 9001;9001;2022;powstał;")
    assert ";1,5;20,25;" in lines[1]
    assert 'nie powstał;"\'=1+1; powód"' in lines[2]
    assert "Łąka" in lines[2]


@pytest.mark.parametrize(
    ("packing", "expected"),
    [
        ("unit", {"9001": ["m/a.html"], "900101": ["m/b.html"], "9002": ["m/c.html"]}),
        ("powiat", {"9001": ["m/a.html", "m/b.html"], "9002": ["m/c.html"]}),
    ],
)
def test_an_archive_holds_a_unit_or_a_powiat_with_its_gminy(tmp_path, packing, expected):
    (tmp_path / "m").mkdir()
    rows = []
    for name, unit in (("a", "9001"), ("b", "900101"), ("c", "9002")):
        (tmp_path / "m" / f"{name}.html").write_text(name, encoding="utf-8")
        rows.append(plain_row(unit, outputs={f"m/{name}.html": "x"}))
    written = pack_reports(tmp_path, rows, packing)
    assert {path.stem: zipfile.ZipFile(path).namelist() for path in written} == expected
    first = [path.read_bytes() for path in written]
    assert [path.read_bytes() for path in pack_reports(tmp_path, rows, packing)] == first
