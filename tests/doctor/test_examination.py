"""The doctor finds every planted damage, says what to do, falls over none, and changes nothing."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from smup_lib import cli
from smup_lib.doctor import Diagnosis, examine, places, program
from smup_lib.doctor.examination import is_whole
from smup_lib.doctor.variables import examine_variables
from smup_lib.errors import SourceError
from smup_lib.snapshots.store import forget_opened
from smup_lib.sources.import_checks import check_register
from smup_lib.sources.web import Answer, AnswerStore, Request
from smup_lib.sources.web.services import SERVICES, SMUP

NOW = 1_800_000_000.0
OURS = {service.address_variable for service in SERVICES}
OURS |= {service.key_variable for service in SERVICES} - {""}
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
SECRET = "0123-secret-of-somebody"


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*OURS, *PROXIES, *map(str.lower, PROXIES), "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def home(sample_home_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with the sample land that a test may damage; it is SMUP_HOME."""
    home = tmp_path / "dom"
    shutil.copytree(sample_home_dir, home)
    for path in home.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    monkeypatch.setenv("SMUP_HOME", str(home))
    forget_opened()
    return home


@pytest.fixture
def answers(home: Path) -> Path:
    """The answers of SMUP: three, with times."""
    store = AnswerStore(SMUP.answers_path())
    for number in range(3):
        at = NOW - 86_400 * (number + 1)
        body = json.dumps({"number": number}).encode() * 2_000
        store.keep(Answer(Request("version", (("n", str(number)),)), 200, body, at, at))
    return store.path


def found(check: str, **settings: object) -> list[Diagnosis]:
    """Examine, and return the diagnoses of one check."""
    sections = examine(now=NOW, **settings)  # type: ignore[arg-type]
    return [one for section in sections for one in section.diagnoses if one.check == check]


def bad() -> list[Diagnosis]:
    """Examine, and return the diagnoses that are not ok."""
    sections = examine(now=NOW)
    return [one for section in sections for one in section.diagnoses if one.status != "ok"]


def fingerprint(home: Path) -> dict[str, object]:
    """Everything of a folder that could change: names, bytes, times of writing."""
    return {
        str(path.relative_to(home)): (
            path.lstat().st_mtime_ns,
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
        )
        for path in [home, *home.rglob("*")]
    }


def test_a_whole_home_is_told_with_its_snapshot_and_sizes(home, answers):
    (snapshot,) = found("snapshot")
    assert snapshot.status == "ok"
    assert snapshot.data["counts"]["observations"] > 0
    assert snapshot.data["years"] and snapshot.data["sources"]
    (size,) = found("place-snapshots")
    assert size.data["bytes"] == sum(
        path.stat().st_size for path in (home / "snapshots").rglob("*") if path.is_file()
    )
    (kept,) = found("answers")
    assert (kept.data["answers"], kept.data["damaged"]) == (3, [])
    assert (kept.data["oldest"], kept.data["newest"]) == (NOW - 3 * 86_400, NOW - 86_400)
    assert [one for one in bad() if one.status == "error"] == []


def test_an_empty_place_is_whole_and_stays_empty(tmp_path, monkeypatch):
    monkeypatch.setenv("SMUP_HOME", str(tmp_path / "nowhere"))
    assert is_whole(examine(now=NOW))
    assert not (tmp_path / "nowhere").exists()


def test_nothing_is_changed(home, answers):
    SMUP.quota(None).take()
    (home / "answers" / "empty.sqlite").touch()
    before = fingerprint(home)
    examine(whole_content=True, now=NOW)
    assert fingerprint(home) == before


def no_folder(home: Path) -> None:
    shutil.rmtree(home)
    home.write_text("x", encoding="utf-8")


def half_copied(home: Path) -> None:
    file = next((home / "snapshots").glob("*/observations.parquet"))
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def lost_file(home: Path) -> None:
    next((home / "snapshots").glob("*/units.parquet")).unlink()


def flipped_byte(home: Path) -> None:
    file = next((home / "snapshots").glob("*/observations.parquet"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)


def no_manifest(home: Path) -> None:
    next((home / "snapshots").glob("*/manifest.json")).unlink()


def broken_manifest(home: Path) -> None:
    next((home / "snapshots").glob("*/manifest.json")).write_text("{", encoding="utf-8")


def looping_file(home: Path) -> None:
    file = next((home / "snapshots").glob("*/observations.parquet"))
    file.unlink()
    file.symlink_to(file.name)


def wild_pointer(home: Path) -> None:
    (home / "snapshots" / "current").write_bytes(b"\xff\xfe\x00")


def pointer_to_nothing(home: Path) -> None:
    (home / "snapshots" / "current").write_text("ffffffffffffffff", encoding="ascii")


def no_pointer(home: Path) -> None:
    (home / "snapshots" / "current").unlink()


def file_for_snapshots(home: Path) -> None:
    shutil.rmtree(home / "snapshots")
    (home / "snapshots").write_text("x", encoding="utf-8")


def truncated_answers(home: Path) -> None:
    path = home / "answers" / "smup.sqlite"
    path.write_bytes(path.read_bytes()[:5_000])


def garbage_answers(home: Path) -> None:
    (home / "answers" / "smup.sqlite").write_bytes(b"garbage" * 1_000)


def folder_for_answers(home: Path) -> None:
    (home / "answers" / "bdl.sqlite").mkdir()


def garbage_quota(home: Path) -> None:
    (home / "quota.sqlite").write_bytes(b"garbage" * 1_000)


def folder_for_quota(home: Path) -> None:
    (home / "quota.sqlite").mkdir()


def unreadable_receipt(home: Path) -> None:
    (home / "reports").mkdir(exist_ok=True)
    (home / "reports" / "a.receipt.json").write_text("{", encoding="utf-8")


DAMAGES: dict[Callable[[Path], None], tuple[str, str]] = {
    no_folder: ("home", "SMUP_HOME nie jest folderem"),
    half_copied: ("snapshot", "niekompletny"),
    lost_file: ("snapshot", "niekompletny"),
    flipped_byte: ("snapshot", "Uszkodzony stan danych"),
    no_manifest: ("snapshot", "nie ma w nim manifestu"),
    broken_manifest: ("snapshot", "Manifest stanu danych jest uszkodzony"),
    looping_file: ("snapshot", "Uszkodzony stan danych"),
    wild_pointer: ("current", "który stan danych jest bieżący"),
    pointer_to_nothing: ("current", "ffffffffffffffff nie ma"),
    no_pointer: ("current", "żaden stan danych nie jest bieżący"),
    file_for_snapshots: ("current", "który stan danych jest bieżący"),
    truncated_answers: ("answers", "uszkodzon"),
    garbage_answers: ("answers", "uszkodzon"),
    folder_for_answers: ("answers", "to nie jest plik"),
    garbage_quota: ("quota", "uszkodzony"),
    folder_for_quota: ("quota", "to nie jest plik"),
    unreadable_receipt: ("report", "niezgodny ze swoją metryką"),
}


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_every_damage_is_an_error_with_a_next_step(home, answers, damage):
    check, told = DAMAGES[damage]
    damage(home)
    forget_opened()
    before = fingerprint(home) if home.is_dir() else None
    sections = examine(now=NOW)
    errors = [one for section in sections for one in section.diagnoses if one.status == "error"]
    assert not is_whole(sections)
    assert [one for one in errors if one.check == check and told in one.text], errors
    assert all(one.next_step for one in errors)
    assert len(sections) == 5 and all(section.diagnoses for section in sections)
    assert before is None or fingerprint(home) == before


def test_damaged_answers_are_counted_and_named(home, answers):
    store = sqlite3.connect(answers)
    store.execute("UPDATE answers SET body = x'00' WHERE request LIKE '%n=1'")
    store.commit()
    store.close()
    (kept,) = found("answers")
    assert kept.status == "warning"
    assert kept.problems == ("version?n=1",)
    assert "smup data sync" in kept.next_step


def test_large_answers_are_looked_into_only_when_asked(home, answers, monkeypatch):
    monkeypatch.setattr("smup_lib.doctor.answers.SMALL", 100)
    (kept,) = found("answers")
    assert kept.data["checked"] is False
    assert "--full" in kept.text
    (kept,) = found("answers", whole_content=True)
    assert kept.data["checked"] is True


def test_an_interrupted_write_of_answers_is_told_and_left_alone(home, answers):
    writer = sqlite3.connect(answers, isolation_level=None)
    writer.execute("PRAGMA cache_size = 1")
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE answers SET confirmed = 0")
    for number in range(50):
        writer.execute("INSERT INTO complete VALUES (?)", (f"{number}" * 500,))
    copies = home / "answers" / "bdl.sqlite"
    shutil.copy(answers, copies)  # as a killed program leaves them
    shutil.copy(f"{answers}-journal", f"{copies}-journal")
    writer.execute("ROLLBACK")
    writer.close()
    before = fingerprint(home)
    told = [one for one in found("answers") if one.data["path"] == str(copies)]
    assert [one.status for one in told] == ["warning"]
    assert "przerwano" in told[0].text
    assert fingerprint(home) == before


def test_calls_that_are_left_are_counted_in_each_window(home):
    quota = SMUP.quota(None)
    quota.take()
    (told,) = [
        one
        for section in examine(now=quota.clock.now())
        for one in section.diagnoses
        if one.check == "quota-smup"
    ]
    assert [window["left"] for window in told.data["windows"]] == [4, 99, 999, 9_999]


def test_a_used_up_window_and_a_break_are_told(home):
    quota = SMUP.quota(None)
    quota.block(600)
    now = quota.clock.now()
    with sqlite3.connect(home / "quota.sqlite") as store:
        store.executemany(
            "INSERT INTO calls VALUES ('bdl:anonymous', ?)", [(now - 60,) for _ in range(100)]
        )
    sections = examine(now=now)
    told = {one.check: one for section in sections for one in section.diagnoses}
    assert told["quota-smup"].status == "warning" and "przerwę" in told["quota-smup"].text
    assert told["quota-bdl"].status == "warning" and "wyczerpany" in told["quota-bdl"].text


def test_a_clock_that_was_set_back_is_told(home, answers):
    assert found("clock")[0].status == "ok"
    (told,) = [
        one
        for section in examine(now=NOW - 30 * 86_400)
        for one in section.diagnoses
        if one.check == "clock"
    ]
    assert told.status == "warning"
    assert "smup.sqlite" in told.text


def test_what_a_crash_left_is_told_and_who_holds_the_lock(home):
    (home / "snapshots" / ".partial-1").mkdir()
    holder = {"pid": 1, "since": "2026-01-02T03:04:05+00:00", "doing": "wczytywanie plików"}
    (home / ".lock-holder.json").write_text(json.dumps(holder), encoding="utf-8")
    assert found("halves")[0].status == "warning"
    (left,) = found("lock")
    assert "przerwany" in left.text and "wczytywanie plików" in left.text
    with FileLock(home / ".lock"):
        (held,) = found("lock")
        assert "zapisuje dane" in held.text
        assert found("halves") == []


def test_too_little_room_is_a_warning_then_an_error(home, monkeypatch):
    usage = namedtuple("usage", "total used free")
    for free, status in (
        (places.ROOM_FOR_A_COUNTRY, "ok"),
        (places.ROOM_FOR_A_COUNTRY - 1, "warning"),
        (places.ROOM_FOR_ANYTHING - 1, "error"),
    ):
        monkeypatch.setattr(shutil, "disk_usage", lambda path, free=free: usage(9, 9, free))
        assert found("disk")[0].status == status


def settings() -> dict[str, Diagnosis]:
    return {one.check: one for one in examine_variables()}


def test_a_key_is_told_by_its_place_and_never_by_its_value(home, monkeypatch):
    assert settings()["key-smup"].data == {"present": False}
    monkeypatch.setenv("SMUP_API_KEY", SECRET)
    told = settings()["key-smup"]
    assert told.data == {"present": True, "from": "environment"}
    assert SECRET not in json.dumps([section.as_dict() for section in examine(now=NOW)])


@pytest.mark.parametrize(
    ("name", "value", "check", "status", "told"),
    [
        ("SMUP_API_URL", "nie adres", "address-smup", "error", "nie jest adresem"),
        ("SMUP_API_URL", "https://mirror.invalid/x", "address-smup", "warning", "mirror.invalid"),
        ("SMUP_API_KEY", "ze spacją", "key-smup", "error", "znaki, których klucz mieć nie może"),
        ("SMUP_API_KYE", "x", "variable-SMUP_API_KYE", "warning", "SMUP_API_KEY"),
        ("HTTPS_PROXY", "http://anna:haslo@proxy.invalid:80", "proxy", "ok", "proxy.invalid:80"),
        ("HTTPS_PROXY", "proxy", "proxy", "warning", "to może nie być adres"),
        ("SSL_CERT_FILE", "/nie/ma", "variable-SSL_CERT_FILE", "error", "nie ma takiego pliku"),
    ],
)
def test_settings_are_judged(home, monkeypatch, name, value, check, status, told):
    monkeypatch.setenv(name, value)
    one = settings()[check]
    assert (one.status, told in one.text) == (status, True), one
    assert "haslo" not in one.text + str(dict(one.data))
    assert one.next_step or status == "ok"


def test_a_key_over_http_to_another_computer_is_an_error(home, monkeypatch):
    monkeypatch.setenv("SMUP_API_KEY", SECRET)
    monkeypatch.setenv("SMUP_API_URL", "http://anna:haslo@mirror.invalid/smup")
    one = settings()["key-smup"]
    assert one.status == "error"
    assert "haslo" not in str(one) and SECRET not in str(one)


def test_a_missing_extra_is_told_with_the_command_that_installs_it(monkeypatch):
    required = {"": ["pandas", "duckdb", "pyarrow"], "sync": ["httpx", "no-such-library"]}
    monkeypatch.setattr(program, "required_libraries", lambda: required)
    told = {one.check: one for one in program.examine_program()}
    assert told["core"].status == "ok"
    assert told["extra-sync"].status == "warning"
    assert "no-such-library" in told["extra-sync"].text
    assert "pip install 'smup-workbench[sync]'" in told["extra-sync"].next_step


def test_the_extras_are_those_of_the_project():
    required = program.required_libraries()
    assert set(program.EXTRAS) == set(required) - {"", "all", "dev"}
    assert "pandas" in required[""] and "httpx" in required["sync"]


def test_another_python_of_the_kernel_is_told(tmp_path, monkeypatch):
    spec = tmp_path / "kernels" / "python3"
    spec.mkdir(parents=True)
    argv = ["/elsewhere/bin/python", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    content = {"argv": argv, "display_name": "Python 3", "language": "python"}
    (spec / "kernel.json").write_text(json.dumps(content), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    (told,) = [one for one in program.examine_program() if one.check == "kernel"]
    assert told.status == "warning"
    assert "/elsewhere/bin/python" in told.text
    assert "ipykernel install" in told.next_step


def run_without_powers(home: Path) -> subprocess.CompletedProcess[str]:
    """Run the doctor as somebody whom permissions stop: root is not stopped by them."""
    words = [sys.executable, "-m", "smup_lib.cli", "doctor", "--json"]
    if os.name != "posix":
        pytest.skip("permissions of folders are those of POSIX")
    if os.geteuid() == 0:
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            pytest.skip("setpriv is not installed: root reads everything")
        words = [setpriv, "--bounding-set=-dac_override,-dac_read_search", *words]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def test_a_folder_that_may_not_be_read_is_told(home, monkeypatch):
    snapshot = next(path for path in (home / "snapshots").iterdir() if path.is_dir())
    (home / "raw").mkdir(exist_ok=True)
    for closed in (snapshot, home / "raw"):
        closed.chmod(0o000)
    done = run_without_powers(home)
    for closed in (snapshot, home / "raw"):
        closed.chmod(0o755)
    assert done.returncode == 1, done.stderr
    told = json.loads(done.stdout)
    errors = {
        one["check"]: one
        for section in told["sections"]
        for one in section["diagnoses"]
        if one["status"] == "error"
    }
    assert {"place-raw", "snapshot"} <= set(errors)
    assert "brak uprawnień" in json.dumps(errors, ensure_ascii=False)


def test_the_command_tells_people_and_programs_the_same(home, monkeypatch, capsys):
    half_copied(home)
    forget_opened()
    told = []
    for words in ((), ("--json",)):
        monkeypatch.setattr(sys, "argv", ["smup", "doctor", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert ended.value.code == 1
        told.append(capsys.readouterr().out)
    text, content = told[0], json.loads(told[1])
    assert content["whole"] is False
    diagnoses = [one for section in content["sections"] for one in section["diagnoses"]]
    passing = ("clock", "disk")  # time and room may differ between two looks
    assert all(one["text"] in text for one in diagnoses if one["check"] not in passing)
    assert "błąd" in text and "co zrobić: " in text


def test_data_without_a_register_say_that_a_snapshot_was_copied_half(home):
    with pytest.raises(SourceError) as caught:
        check_register(False, ["serwis SMUP"])
    assert caught.value.problems == ()
    half_copied(home)
    forget_opened()
    with pytest.raises(SourceError) as caught:
        check_register(False, ["serwis SMUP"])
    assert "uszkodzony stan danych" in caught.value.problems[0]
    assert "smup data unpack" in caught.value.next_step
