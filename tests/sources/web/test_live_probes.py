"""``smup doctor --live`` against the loopback services: sound ones agree, broken ones are named.

The server is ours and fictional; nothing here was recorded.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from smup_lib import cli
from smup_lib.errors import SettingsError, UnreadableFileError
from smup_lib.sources.live.fixtures import META, check_empty, read_fixtures, save_fixtures
from smup_lib.sources.live.probes import PROBES
from smup_lib.sources.live.probing import Probed, probe_services
from smup_lib.sources.web.services import BESTIA, SMUP
from tests.servers import faults
from tests.servers.clocks import SkippingClock
from tests.servers.faults import HTML, Call, Fault, Reply, Spoil
from tests.servers.misbehaving import running
from tests.servers.prg_shape import PrgShape
from tests.servers.teryt_shape import TerytShape
from tests.sources.sample_tables import open_land

SECRET = "0123-secret-of-somebody"


def probed(*services: str, only: str = "") -> dict[str, Probed]:
    """Make the probes of services; ``only`` one of them, and those it follows from."""
    chosen = [probe for probe in PROBES if probe.service.name in services]
    if only:
        chosen = [probe for probe in chosen if probe.id == only]
    return {one.probe.id: one for one in probe_services(chosen, clock=SkippingClock())}


def at(path: str) -> Callable[[Call], bool]:
    return lambda call: call.path == path


def without(field: str) -> Spoil:
    """Leave a field out of every row."""

    def spoil(reply: Reply, call: Call) -> Reply:
        rows = [{name: told for name, told in row.items() if name != field}
                for row in reply.content["data"]]  # fmt: skip
        return Reply(content={**reply.content, "data": rows})

    return spoil


@pytest.fixture(autouse=True)
def _own_home(smup_home: Path) -> None:
    """Count the calls of each test apart."""


def test_sound_services_agree_with_what_is_expected(smup_server):
    results = probed("smup", "bestia")
    assert {name: one.said for name, one in results.items() if one.outcome != "as_expected"} == {}
    assert len(results) == sum(probe.service in (SMUP, BESTIA) for probe in PROBES)
    assert len(smup_server.calls) == len(results)


@pytest.mark.parametrize("dialect", ["real", "official"])
def test_both_dialects_of_bdl_agree_with_what_is_expected(smup_server, dialect):
    shape = smup_server.shapes["bdl"]
    shape.dialect, before = dialect, shape.dialect
    try:
        results = probed("bdl")
    finally:
        shape.dialect = before
    assert {name: one.said for name, one in results.items() if one.outcome != "as_expected"} == {}
    assert len(results) == 6


def test_the_page_of_the_register_and_the_boundaries_agree(sample_home_dir, monkeypatch):
    land = open_land(sample_home_dir)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with running(TerytShape(land), PrgShape(land)) as server:
        monkeypatch.setenv("SMUP_TERYT_URL", server.address_of("teryt"))
        monkeypatch.setenv("SMUP_PRG_URL", server.address_of("prg"))
        results = probed("teryt", "prg")
        assert {one.said for one in results.values()} == {"zgodne"}
        server.faults = [Fault(lambda reply, call: replace(reply, body=HTML))]
        told = {name: one.said for name, one in probed("teryt", "prg").items()}
    assert "przycisk ctl00$body$BTERCUrzedowyPobierz" in told["teryt/page"]
    assert "warstwa A03_Granice_gmin" in told["prg/capabilities"]
    assert told["prg/feature"] == "pominięto: jak wyżej: to nie serwis"


@pytest.mark.parametrize(
    ("spoil", "outcome", "told"),
    [
        (faults.html(200), "page", "to nie serwis: zamiast danych przyszła strona HTML"),
        (faults.half_json, "different", "nie jest poprawnym JSON-em"),
        (faults.half, "no_connection", "urwała się w połowie"),
        (without("rok"), "different", "inne: pole „rok”: brak"),
        (faults.changed(rok=str), "different", "oczekiwano liczba całkowita, jest tekst"),
        (faults.status(401), "refused", "odmowa (401)"),
        (faults.status(403), "refused", "odmowa (403)"),
        (faults.html(403), "proxy", "pośrednik"),
        (faults.status(407), "proxy", "wymaga zalogowania (HTTP 407)"),
        (faults.status(429, "60"), "limit", "Retry-After 60"),
        (faults.status(503), "failing", "awaria serwisu: HTTP 503"),
        (faults.gone, "different", "inne: HTTP 404 zamiast 200"),
        (faults.status(302), "different", "inne: HTTP 302 zamiast 200"),
    ],
)
def test_each_fault_is_called_by_its_name(smup_server, spoil, outcome, told):
    smup_server.faults = [Fault(spoil, when=at("data-dictionary"))]
    one = probed("smup", only="smup/data-dictionary")["smup/data-dictionary"]
    assert (one.outcome, told in one.said) == (outcome, True), one.said
    assert one.next_step
    assert len(smup_server.calls) == 1, "a probe is one call"


def test_a_field_of_values_that_nobody_described_is_a_difference(smup_server):
    smup_server.faults = [Fault(faults.changed(jakosc=lambda _: "A"))]
    one = probed("smup", only="smup/indicator-date-data")["smup/indicator-date-data"]
    assert one.said == 'inne: pole „jakosc”, którego nie znamy: "A"'


def test_flags_that_our_reader_cannot_tell_are_a_difference(smup_server):
    smup_server.faults = [Fault(faults.changed(nazwa=lambda _: "?"), when=at("flag-dictionary"))]
    one = probed("smup", only="smup/flag-dictionary")["smup/flag-dictionary"]
    assert one.outcome == "different"
    assert "poniżej formatu" in one.said


def test_an_amount_with_a_point_is_a_difference(smup_server):
    spoil = faults.changed(ww=lambda told: told.replace(",", "."))
    smup_server.faults = [Fault(spoil, when=at("pozycje-rb28s"))]
    results = probed("bestia")
    assert "kwota jako tekst z przecinkiem" in results["bestia/pozycje-rb28s"].said
    assert results["bestia/pozycje-rb27s"].outcome == "as_expected"


def test_a_question_that_follows_from_a_broken_answer_is_left_out(smup_server):
    smup_server.faults = [Fault(faults.html(200), when=at("jednostki"))]
    results = probed("bestia")
    assert results["bestia/jednostki"].outcome == "page"
    assert "otwórz w przeglądarce http" in results["bestia/jednostki"].next_step
    assert any("SMUP_BESTIA_URL" in one for one in results["bestia/jednostki"].remarks)
    assert {one.outcome for name, one in results.items() if "pozycje" in name} == {"skipped"}


def test_after_a_refusal_a_service_is_left_alone_but_not_without_a_key(smup_server, monkeypatch):
    monkeypatch.setenv("SMUP_API_KEY", SECRET)
    smup_server.keys = {"another"}
    results = probed("smup")
    assert results["smup/version"].said == "odmowa (401)"
    assert results["smup/version"].with_key
    assert results["smup/areas-list"].outcome == "skipped"
    assert not results["smup/without-key"].with_key
    assert len(smup_server.calls) == 2


def test_without_a_connection_each_service_is_tried_once(smup_server, monkeypatch):
    for name in ("SMUP_API_URL", "SMUP_BESTIA_URL"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/nobody")
    results = probed("smup", "bestia")
    assert {one.outcome for one in results.values()} == {"no_connection", "skipped"}
    assert results["bestia/jednostki"].outcome == "no_connection"
    assert "go nie przyjmuje" in results["smup/version"].said


def test_a_wrong_setting_is_a_result_too(smup_server, monkeypatch):
    monkeypatch.setenv("SMUP_API_URL", "to nie adres")
    results = probed("smup", "bestia")
    assert results["smup/version"].outcome == "settings"
    assert "to nie adres" in results["smup/version"].said
    assert results["bestia/jednostki"].outcome == "as_expected"


def test_a_used_up_limit_of_our_own_asks_nothing(smup_server):
    SMUP.quota(None).block(3_600)
    one = probed("smup", only="smup/version")["smup/version"]
    assert one.outcome == "limit"
    assert "własny licznik" in one.said
    assert smup_server.calls == []


def test_what_came_is_kept_and_judged_the_same_without_a_network(smup_server, tmp_path):
    smup_server.faults = [Fault(faults.changed(rok=str), when=at("data-dictionary"))]
    results = probed("smup", "bestia")
    folder = save_fixtures(list(results.values()), tmp_path / "live", "0.0")
    asked = len(smup_server.calls)
    again = {one.probe.id: one for one in read_fixtures(folder)}
    assert len(smup_server.calls) == asked
    assert {name: one.said for name, one in again.items()} == {
        name: one.said for name, one in results.items()
    }
    assert again["smup/data-dictionary"].outcome == "different"
    assert again["bestia/jednostki"].reply.body == results["bestia/jednostki"].reply.body


def test_an_answer_changed_after_saving_is_read_anew_and_told(smup_server, tmp_path):
    results = probed("smup", only="smup/areas-list")
    folder = save_fixtures(list(results.values()), tmp_path / "live", "0.0")
    (folder / "smup_areas-list.json").write_text('[{"id-ou": "1"}]', encoding="utf-8")
    (one,) = read_fixtures(folder)
    assert one.outcome == "different"
    assert "zmieniony" in one.remarks[-1]


def test_neither_keys_nor_cookies_are_kept(smup_server, tmp_path, monkeypatch):
    monkeypatch.setenv("SMUP_API_KEY", SECRET)

    def echo(reply: Reply, call: Call) -> Reply:
        headers = {"Set-Cookie": "who=anna", "X-Echo": call.headers.get("X-ClientId", "")}
        return Reply(content={"you": call.headers.get("X-ClientId", "")}, headers=headers)

    smup_server.faults = [Fault(echo, when=at("version"))]
    results = probed("smup", only="smup/version")
    folder = save_fixtures(list(results.values()), tmp_path / "live", "0.0")
    kept = b"".join(path.read_bytes() for path in folder.iterdir())
    assert SECRET.encode() not in kept
    assert b"anna" not in kept
    meta = json.loads((folder / f"smup_version{META}").read_text(encoding="utf-8"))
    assert meta["body"] is None
    assert "powtarza klucz" in meta["remarks"][-1]


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path):
    (tmp_path / "other.txt").write_text("x", encoding="utf-8")
    with pytest.raises(SettingsError, match="nie jest pusty"):
        check_empty(tmp_path)
    check_empty(tmp_path / "new")


def test_a_folder_without_answers_or_with_damaged_ones_is_told(tmp_path):
    with pytest.raises(UnreadableFileError, match="nie ma zapisanych"):
        list(read_fixtures(tmp_path))
    (tmp_path / f"smup_version{META}").write_text('{"probe": "smup/version"', encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="uszkodzona"):
        list(read_fixtures(tmp_path))


@pytest.fixture
def smup(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Run ``smup doctor`` in this process: code, answer and messages."""

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["smup", "doctor", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return run


def test_the_command_tells_the_plan_first_and_says_where_the_answers_are(
    smup_server, smup, tmp_path
):
    folder = tmp_path / "answers"
    code, told, _ = smup("--live", "--service", "bestia", "--save", str(folder))
    assert code == 0, told
    assert told.startswith("Najwyżej 6 zapytań")
    assert smup_server.address_of("bestia") in told
    assert "bestia/jednostki: zgodne" in told
    assert {"README.md", "report.json"} <= {path.name for path in folder.iterdir()}
    code, told, _ = smup("--replay", str(folder), "--json")
    assert code == 0
    assert json.loads(told)["outcomes"] == {"as_expected": 6}
    code, _, problem = smup("--live", "--save", str(folder))
    assert code == 1
    assert "nie jest pusty" in problem


def test_the_command_ends_with_one_when_anything_is_not_as_expected(smup_server, smup, smup_home):
    smup_server.faults = [Fault(faults.html(200), when=at("jednostki"))]
    code, answer, plan = smup("--live", "--service", "bestia", "--json")
    assert code == 1
    told = json.loads(answer)
    assert told["outcomes"] == {"page": 1, "skipped": 5}
    assert Path(told["folder"]).parent == smup_home / "live"
    assert "Najwyżej 6 zapytań" in plan


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--live", "--service", "bestja"), "czy chodziło o: bestia?"),
        (("--save", "x"), "Opcja --save tu nie pasuje"),
        (("--live", "--replay", "x"), "Opcja --replay tu nie pasuje"),
        (("--live", "--save", "/dev/null/x"), "Nie można utworzyć folderu"),
    ],
)
def test_options_that_do_not_fit_are_told(smup, words, told):
    code, _, problem = smup(*words)
    assert code == 1
    assert told in problem


def test_what_is_unverified_names_the_probe_that_settles_it(repo_root: Path):
    text = (repo_root / "docs" / "unverified.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+/[\w-]+)`", text))
    known = {probe.id for probe in PROBES}
    assert named, "no line names a probe"
    assert named <= known, f"no such probe: {named - known}"
    assert known <= named, f"no line says what these settle: {known - named}"
