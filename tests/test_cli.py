"""The command line as a person and as a program use it, on the sample land."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.smup_here import smup_here

pytestmark = pytest.mark.usefixtures("sample_home")


def smup_process(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "smup_lib.cli", *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


def answered(*words: str) -> str:
    done = smup_here(*words)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("unit", "find", "brzezica", "--json"), 0),
        (("catalogue", "list"), 0),
        (("unit", "find", "Żółwin"), 1),
        (("data", "shw"), 2),
        ((), 2),
    ],
)
def test_a_process_says_and_ends_with_the_same_as_these_tests(words, code):
    alone, here = smup_process(*words), smup_here(*words)
    assert alone.returncode == here.returncode == code
    assert (alone.stdout, alone.stderr) == (here.stdout, here.stderr)


@pytest.mark.parametrize(
    "words",
    [
        ("data", "list"),
        ("data", "show"),
        ("catalogue", "list"),
        ("catalogue", "show", "museum_visitors_per_10k"),
        ("catalogue", "show", "muzea"),
        ("catalogue", "show", "kultura"),
        ("catalogue", "audit", "--area", "kultura", "--level", "powiat"),
        ("data", "reconcile", "--area", "kultura"),
        ("catalogue", "schema"),
        ("unit", "find", "brzezica"),
        ("unit", "show", "9002"),
        ("unit", "neighbours", "9002"),
        ("unit", "group", "9002"),
        ("unit", "list"),
        ("unit", "list", "--level", "powiat", "--voivodeship", "wierzbogórskie"),
        ("doctor",),
    ],
)
def test_a_program_gets_json_where_a_person_gets_a_table(words):
    json_words = () if words == ("catalogue", "schema") else ("--json",)
    assert json.loads(answered(*words, *json_words))
    assert answered(*words).strip()


def test_the_list_of_indicators_has_one_object_an_indicator():
    listed = json.loads(answered("catalogue", "list", "--json"))
    assert {"area", "service", "dimension", "id"} <= set(listed[0])
    ids = [row["id"] for row in listed]
    assert len(ids) == len(set(ids)) > 100


def test_a_snapshot_is_shown_with_id_path_sources_and_counts():
    shown = json.loads(answered("data", "show", "--json"))
    assert {"id", "path", "sources", "counts", "fictional"} <= set(shown)
    assert shown["fictional"] is True
    assert Path(shown["path"], "manifest.json").exists()
    assert "jednostki fikcyjne" in answered("data", "show")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("unit", "find", "Qwerty"), "Nie ma jednostki"),
        (("unit", "show", "999999"), "999999"),
        (("report", "run", "kultura", "--unit", "Qwerty", "--year", "2022"), "Nie ma jednostki"),
        (("report", "run", "kultura", "--unit", "9002", "--year", "1987"), "1987"),
        (("report", "run", "kulturra", "--unit", "9002", "--year", "2022"), "kulturra"),
        (("report", "run", "kultura", "--unit", "90", "--year", "2022"), "szczebl"),
        (
            (
                "report",
                "run",
                "kultura",
                "--unit",
                "9002",
                "--year",
                "2022",
                "--group",
                "blizniacy",
            ),
            "blizniacy",
        ),
        (("report", "run", "kontekst", "--unit", "9002", "--year", "2022"), "tło porównań"),
        (("unit", "find", "Brzezica", "--level", "county"), "Nie ma szczebla „county”"),
        (("unit", "group", "9002", "--group", "sąsiadki"), "sąsiedzi (neighbours)"),
        (("unit", "show", "9002", "--snapshot", "ffff"), "ffff"),
        (("notebook", "new", "area_deep_dive", "--unit", "Brzezca"), "Czy chodziło o"),
        (("catalogue", "show", "muzeala"), "Nie ma wskaźnika"),
        (("data", "show", "ffff"), "ffff"),
        (("data", "import", "nie-ma.csv"), "nie-ma.csv"),
        (("notebook", "new", "szablonik", "--unit", "9002"), "szablonik"),
    ],
)
def test_a_mistake_is_a_sentence_and_never_a_traceback(words, told):
    done = smup_here(*words)
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert told in said
    assert "Traceback" not in said
    assert "co zrobić" in said or "oczekiwano" in said or "zy chodziło o" in said, said


def test_an_ambiguous_name_lists_the_candidates_and_how_to_pick_each(sample_home):
    import smup_lib as summary

    units = summary.load_snapshot().table("units")
    gminy = units[(units["level"] == "gmina") & (units["state_date"] == units["state_date"].max())]
    counted = gminy["name"].value_counts()
    name = counted.index[0]
    assert counted.iloc[0] > 1, "the sample land has two gminy of one name"
    done = smup_here(
        "report", "run", "kultura", "--unit", name, "--year", "2022", "--level", "gmina"
    )
    codes = gminy[gminy["name"] == name]["unit_code"].tolist()
    assert done.returncode != 0
    assert all(code in done.stderr for code in codes), done.stderr


def test_a_code_from_before_a_merger_is_explained():
    import smup_lib as library

    changes = library.load_snapshot().table("changes")
    merged = changes[changes["kind"] == "merge"].iloc[0]
    done = smup_here("report", "run", "kultura", "--unit", merged["from_code"], "--year", "2022")
    assert done.returncode != 0
    assert merged["to_code"] in done.stderr


def test_without_any_data_the_first_step_is_told(tmp_path: Path):
    done = smup_here(
        "report", "run", "kultura", "--unit", "1", "--year", "2022", SMUP_HOME=str(tmp_path)
    )
    assert "smup data sample" in done.stderr


def test_doctor_says_where_everything_lives(sample_home):
    told = answered("doctor")
    assert str(sample_home) in told
    assert "sumy kontrolne zgodne" in told


def test_a_unit_is_shown_with_its_changes_and_parts():
    import smup_lib as library

    snapshot = library.load_snapshot()
    merged = snapshot.table("changes").query("kind == 'merge'").iloc[0]
    shown = json.loads(answered("unit", "show", merged["to_code"], "--json"))
    assert {"code", "label", "within", "twin", "changes", "parts", "register"} <= set(shown)
    assert [change for change in shown["changes"] if merged["date"][:4] in str(change["year"])]
    parts = snapshot.table("units").query("kind == 'town_part'")
    whole = parts["unit_code"].iloc[0][:6]
    shown = json.loads(answered("unit", "show", whole, "--json"))
    assert {part["kind"] for part in shown["parts"]} == {"town_part", "rural_part"}


def test_a_report_answers_a_program_and_keeps_to_the_snapshot_named(
    sample_home: Path, tmp_path: Path
):
    home = tmp_path / "dom"
    shutil.copytree(sample_home, home)
    current = (home / "snapshots" / "current").read_text().strip()
    words = ("report", "run", "finanse", "--unit", "9002", "--year", "2022", "--group", "kraj")
    done = smup_here(*words, "--snapshot", current[:8], "--json", SMUP_HOME=str(home))
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert {"html", "notebook", "receipt", "snapshot", "seconds", "problems"} <= set(made)
    assert made["snapshot"] == current
    receipt = json.loads(Path(made["receipt"]).read_text(encoding="utf-8"))
    assert receipt["parameters"]["group"] == "country"
    assert json.loads(smup_here("doctor", "--json", SMUP_HOME=str(home)).stdout)["whole"] is True
    Path(made["html"]).write_text("zmieniona", encoding="utf-8")
    examined = smup_here("doctor", SMUP_HOME=str(home))
    assert examined.returncode == 1
    assert "niezgodny ze swoją metryką" in examined.stdout


@pytest.mark.parametrize("rule", ["similar", "neighbours", "podobne", "sąsiedzi", "wybrane"])
def test_the_rules_of_groups_are_listed_in_help(rule):
    from typer.main import get_command

    from smup_lib.cli import app

    command = get_command(app)
    for path in (("report", "run"), ("unit", "group")):
        found = command
        for name in path:
            found = found.commands[name]
        (option,) = [p for p in found.params if "--group" in p.opts]
        assert rule in option.help


def test_every_command_has_polish_help():
    from typer.main import get_command

    from smup_lib.cli import app

    def walk(command, path):
        yield path, command
        for name, sub in getattr(command, "commands", {}).items():
            yield from walk(sub, (*path, name))

    for path, command in walk(get_command(app), ("smup",)):
        assert command.help, f"{' '.join(path)} has no help"
        for option in command.params:
            if option.name != "help":
                assert getattr(option, "help", None), f"{' '.join(path)} {option.name} has no help"


@pytest.mark.parametrize("path", [(), ("unit",), ("unit", "group"), ("data", "import")])
def test_the_frame_of_help_is_polish_too(path):
    shown = answered(*path, "--help")
    assert "Użycie: smup" in shown
    assert "Opcje" in shown
    assert "Pokaż ten opis i zakończ." in shown
    english = ("Usage", "Options", "OPTIONS", "Arguments", "ARGS", "Commands", "COMMAND", "<")
    assert [word for word in (*english, "Show this", "required", "default") if word in shown] == []


def test_a_group_is_saved_used_listed_and_removed(sample_home: Path, tmp_path: Path):
    home = tmp_path / "dom"
    home.mkdir()
    (home / "snapshots").symlink_to(sample_home / "snapshots", target_is_directory=True)

    def told(*words: str) -> subprocess.CompletedProcess[str]:
        return smup_here("unit", *words, SMUP_HOME=str(home))

    chosen = ("group", "9002", "--group", "wybrane:9001,9003", "--year", "2022")
    done = told(*chosen, "--save", "Nasza trójka", "--reason", "wspólny związek powiatów")
    assert done.returncode == 0, done.stderr
    assert "wybrane:@Nasza trójka" in done.stderr
    used = told("group", "9004", "--group", "wybrane:@Nasza trójka", "--year", "2022", "--json")
    group = json.loads(used.stdout)
    assert [member["unit_code"] for member in group["members"]] == ["9001", "9003"]
    assert "wspólny związek powiatów" in group["rule"]
    own = told("group", "9001", "--group", "wybrane:@Nasza trójka", "--year", "2022", "--json")
    assert [member["unit_code"] for member in json.loads(own.stdout)["members"]] == ["9003"]
    again = told(*chosen, "--save", "Nasza trójka", "--reason", "wspólny związek powiatów")
    assert "zapisano" in done.stderr
    assert "zastąpiono" in again.stderr
    (listed,) = json.loads(told("saved", "--json").stdout)
    assert listed["name"] == "Nasza trójka"
    assert listed["units"] == ["9001", "9003"]
    missing = told("group", "9002", "--group", "wybrane:@Nasza trojka")
    assert missing.returncode == 1
    assert "czy chodziło o: Nasza trójka?" in missing.stderr
    assert "--save NAZWA" in missing.stderr
    assert told("saved", "--remove", "Nasza trójka").returncode == 0
    assert json.loads(told("saved", "--json").stdout) == []
    assert told("saved", "--remove", "Nasza trójka").returncode == 1


def test_a_group_of_similar_units_is_explained(sample_home: Path):
    asked = ("unit", "group", "9002", "--group", "podobne:4,population=2", "--year", "2022")
    told = smup_here(*asked, "--explain", SMUP_HOME=str(sample_home))
    assert told.returncode == 0, told.stderr
    assert "Ludność na 1 km²" in told.stdout and "%" in told.stdout
    group = json.loads(smup_here(*asked, "--json", SMUP_HOME=str(sample_home)).stdout)
    assert group["parameters"]["weights"]["population"] == 2
    for member in group["members"]:
        assert sum(group["shares"][member["unit_code"]].values()) == pytest.approx(1)


def test_a_group_saved_without_a_reason_keeps_its_rule(sample_home: Path, tmp_path: Path):
    home = tmp_path / "dom"
    home.mkdir()
    (home / "snapshots").symlink_to(sample_home / "snapshots", target_is_directory=True)
    made = smup_here(
        "unit", "group", "9002", "--group", "kraj", "--save", "Kraj", SMUP_HOME=str(home)
    )
    assert made.returncode == 0, made.stderr
    (listed,) = json.loads(smup_here("unit", "saved", "--json", SMUP_HOME=str(home)).stdout)
    assert listed["reason"] == made.stdout.splitlines()[0]


def test_help_is_quick_because_nothing_heavy_is_loaded():
    heavy = "('pandas', 'pydantic', 'duckdb')"
    code = f"import sys, smup_lib.cli; print(*[m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


INTERRUPTED_PACK = """
import os, signal, sys, zipfile
zipfile.ZipFile.write = lambda *a, **k: os.kill(os.getpid(), signal.SIGINT)
from smup_lib.cli import main
sys.argv = ["smup", "data", "pack", "--out", sys.argv[1]]
main()
"""


def test_ctrl_c_is_told_in_a_polish_sentence(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_PACK, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        # a shell in the background starts its children with SIGINT ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert done.returncode == 130
    assert done.stderr.strip() == "Przerwano. Stan danych pozostał bez zmian."
    assert list(tmp_path.iterdir()) == []


#: Typer tells its errors apart by English words: a version that words them otherwise shows here.
ENGLISH = ("usage", "should be", "valid", "requires", "error", "unexpected", "missing", "no such")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("data", "shw"), "Nie ma polecenia „shw”"),
        (("data", "list", "--jsno"), "Nie ma opcji --jsno"),
        (("data", "use"), "Brakuje parametru"),
        (("data", "use", "a", "b"), "Zbędne argumenty: b"),
        (("report", "run", "kultura", "--unit", "9002", "--year", "dwa"), "liczba całkowita"),
        (("report", "run", "kultura", "--unit"), "Opcja --unit wymaga wartości"),
        (("data", "list", "--json=tak"), "Opcja --json nie ma wartości"),
        (("report", "run", "kultura", "--unit", "9002"), "Rok, którego dotyczy raport"),
    ],
)
def test_a_mistyped_command_line_is_told_in_polish(words, told):
    done = smup_here(*words)
    assert done.returncode == 2
    assert told in done.stderr
    assert "--help" in done.stderr
    assert not [word for word in ENGLISH if word in done.stderr.lower()]


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (("data", "import", ""), "po słowie import"),
        (("report", "run", "kultura", "--out", " "), "po słowie --out"),
        (("report", "run", "kultura", "--out="), "po słowie --out"),
    ],
)
def test_an_empty_word_is_not_taken_for_the_working_folder(words, place):
    done = smup_here(*words)
    assert done.returncode == 2
    assert "pusta wartość" in done.stderr
    assert place in done.stderr


@pytest.mark.parametrize("word", ["-h", "--help"])
def test_help_has_a_short_name_too(word):
    assert "Użycie: smup report run [OPCJE] {OBSZAR}" in answered("report", "run", word)


def test_the_version_is_told():
    from smup_lib.snapshots import library_version

    assert answered("--version").strip() == f"smup-workbench {library_version()}"


UNFORESEEN = """
import json, sys
json.dumps = lambda *a, **k: 1 / 0
from smup_lib.cli import main
sys.argv = ["smup", "data", "list", "--json"]
main()
"""


def test_a_mistake_of_the_program_ends_in_polish_words_below_the_way_to_it():
    done = subprocess.run(
        [sys.executable, "-c", UNFORESEEN], capture_output=True, text=True, check=False
    )
    assert done.returncode == 70
    assert "Traceback" in done.stderr
    assert "błąd programu, a nie Twój: ZeroDivisionError" in done.stderr.splitlines()[-3]
    assert "co zrobić" in done.stderr.splitlines()[-1]


def test_a_snapshot_of_registers_alone_says_that_it_has_no_values(sample_home: Path, tmp_path):
    from smup_lib.snapshots import empty_observations, load_snapshot, write_snapshot

    tables = {"units": load_snapshot().table("units"), "observations": empty_observations()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(tmp_path))
        write_snapshot(tables, fictional=True, sources=[])
    for words in (("report", "run", "kultura"), ("notebook", "new", "area_deep_dive")):
        asked = (*words, "--unit", "9002", "--year", "2022", "--out", str(tmp_path / "out"))
        done = smup_here(*asked, SMUP_HOME=str(tmp_path))
        assert done.returncode == 1
        assert "rok z danymi: żaden" in done.stderr
    done = smup_here(*words, "--unit", "9002", SMUP_HOME=str(tmp_path))
    assert "nie mają żadnych wartości" in done.stderr
    assert not (tmp_path / "out").exists()


def test_bare_smup_shows_its_help():
    done = smup_here()
    assert done.returncode == 2
    assert "Warsztat analityczny" in done.stdout + done.stderr


def test_a_damaged_snapshot_is_listed_beside_the_good_ones(sample_home: Path, tmp_path: Path):
    home = tmp_path / "dom"
    shutil.copytree(sample_home, home)
    (home / "snapshots" / "0000-obcy").mkdir()
    listed = smup_here("data", "list", "--json", SMUP_HOME=str(home))
    assert listed.returncode == 0
    assert len(json.loads(listed.stdout)) >= 1
    examined = smup_here("doctor", SMUP_HOME=str(home))
    assert examined.returncode == 1
    assert "sumy kontrolne zgodne" in examined.stdout
    for said in (listed.stderr, examined.stdout):
        assert "0000-obcy" in said
        assert "nie ma w nim manifestu" in said
        assert "co zrobić" in said


def test_doctor_goes_on_after_a_snapshot_with_a_changed_byte(sample_home: Path, tmp_path: Path):
    home = tmp_path / "dom"
    shutil.copytree(sample_home, home)
    file = next((home / "snapshots").glob("*/observations.parquet"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.chmod(0o644)
    file.write_bytes(content)
    examined = smup_here("doctor", SMUP_HOME=str(home))
    assert examined.returncode == 1
    assert "Uszkodzony stan danych" in examined.stdout
    assert "inna suma kontrolna" in examined.stdout
