"""Claims by name and file: what is unknown is told at once, what has no data is undecidable."""

from __future__ import annotations

import json

import pytest

from smup_lib.conclude.claims import Claim
from smup_lib.errors import IndicatorError, ParameterError, SmupError, UnknownUnitError
from smup_lib.reports.claims import check_claims, read_claim_file
from smup_lib.reports.loading import Workspace
from tests.smup_here import smup_here

READERS = "library_readers_per_1k"
SAID = {"unit": "9207", "indicator": READERS, "year": 2019, "says": "lower"}

pytestmark = pytest.mark.usefixtures("sample_home")


def test_everything_unknown_in_any_claim_is_told_at_once():
    claims = [
        Claim(**{**SAID, "indicator": "library_reader"}),
        Claim(**{**SAID, "unit": "powiat nieistniejący"}),
        Claim(**SAID, group="planeta"),
        Claim(**SAID, than="unit", other="9207"),
        Claim(**{**SAID, "indicator": "road_accidents_per_100k", "unit": "940401"}),
    ]
    with pytest.raises(ParameterError) as caught:
        check_claims(Workspace.open(), claims)
    told = "\n".join(caught.value.problems)
    for word in ("library_reader", "nieistniejący", "planeta", "ta sama jednostka", "szczeblu"):
        assert word in told, told
    for place, line in enumerate(caught.value.problems, 1):
        assert line.startswith(f"wniosek {place}: "), line


def test_a_rule_that_makes_no_sense_is_an_error_and_all_are_told_at_once():
    wrong = {
        "podobne:0": "liczba jednostek podobnych",
        "podobne:15,population=0": "population: waga 0",
        "podobne:15,population=-1": "population: waga -1",
        "podobne:15,population=nan": "population: waga nan",
        "podobne:15,wieża=1": "wieża",
        "wybrane:@nieznana": "Nie ma zapisanej grupy „nieznana”",
        "wybrane:": "lista jest pusta",
        "wybrane:9999": "9999",
        "sąsiedzi:dalecy": "Nieznany parametr sąsiadów",
        "kraj:3": "nie ma parametru",
    }
    workspace = Workspace.open()
    with pytest.raises(ParameterError) as caught:
        check_claims(workspace, [Claim(**SAID, group=rule) for rule in wrong])
    assert len(caught.value.problems) == len(wrong)
    for line, said in zip(caught.value.problems, wrong.values(), strict=True):
        assert said in line
    with pytest.raises(SmupError, match="Nieprawidłowe wagi"):
        check_claims(workspace, [Claim(**SAID, group="podobne:15,population=0")])


def test_a_rule_that_finds_nobody_is_no_error_of_the_claim():
    (verdict,) = check_claims(Workspace.open(), [Claim(**SAID, group="klasa funkcjonalna")])
    assert verdict.outcome == "undecidable"
    assert verdict.next_step


def test_an_indicator_that_the_level_has_not_is_refused():
    with pytest.raises(IndicatorError) as caught:
        check_claims(
            Workspace.open(),
            [Claim(**{**SAID, "indicator": "road_accidents_per_100k", "unit": "940401"})],
        )
    assert "powiat" in str(caught.value.expected)


def test_an_unknown_unit_is_the_error_of_names():
    with pytest.raises(UnknownUnitError):
        check_claims(Workspace.open(), [Claim(**{**SAID, "unit": "Atlantyda"})])


@pytest.mark.parametrize("year", [1999, 2050])
def test_a_year_without_data_is_undecidable_and_names_those_with(year):
    try:
        (verdict,) = check_claims(Workspace.open(), [Claim(**{**SAID, "year": year})])
    except SmupError as error:
        assert str(year) in str(error) and error.next_step  # the register does not know the year
    else:
        assert verdict.outcome == "undecidable"
        assert verdict.text and verdict.next_step and not verdict.numbers


def test_a_claim_by_name_is_kept_by_code_with_its_group():
    (verdict,) = check_claims(
        Workspace.open(), [Claim(**{**SAID, "unit": "powiat wrzosowski"}, group="ten sam rodzaj")]
    )
    assert (verdict.claim.unit, verdict.claim.group) == ("9207", "same_kind")
    assert verdict.outcome == "supported"
    assert all(one.key.group == "same_kind" for n, one in verdict.numbers.items() if n == "median")
    assert Claim.read(verdict.claim.facts()) == verdict.claim


def test_a_file_of_claims_is_checked_by_the_command(tmp_path):
    path = tmp_path / "wnioski.json"
    claims = [SAID, {**SAID, "says": "wyższa"}, {**SAID, "says": "caused", "cause": "brak książek"}]
    path.write_text(json.dumps({"claims": claims}, ensure_ascii=False), encoding="utf-8")
    told = smup_here("claim", "check", str(path), "--json")
    assert told.returncode == 0, told.stderr
    answer = json.loads(told.stdout)
    assert answer["ok"] is True and answer["problems"] == []
    outcomes = [one["outcome"] for one in answer["claims"]]
    assert outcomes == ["supported", "contradicted", "undecidable"]
    person = smup_here("claim", "check", str(path)).stdout
    for word in ("POTWIERDZONY", "ZAPRZECZONY", "NIE DO ROZSTRZYGNIĘCIA", "co zrobić", "metoda"):
        assert word in person
    assert "{" not in person and "!" not in person


def test_one_claim_is_checked_from_options_as_from_yaml(tmp_path):
    path = tmp_path / "wniosek.yaml"
    path.write_text(
        'unit: "9207"\nindicator: library_readers_per_1k\nyear: 2019\nsays: spada\nsince: 2012\n',
        encoding="utf-8",
    )
    by_file = smup_here("claim", "check", str(path), "--json")
    words = ("--unit", "9207", "--indicator", READERS, "--year", "2019")
    by_words = smup_here("claim", "check", *words, "--says", "spada", "--since", "2012", "--json")
    assert by_file.stdout == by_words.stdout and json.loads(by_file.stdout)


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("a.json", "{", "JSON"),
        ("a.yaml", "a: [", "YAML"),
        ("a.json", "[]", "ani jednego"),
        ("a.json", '[{"unit": "9207"}, {"says": "x"}]', "wniosek 2"),
        ("a.json", b"\xff\xfe\x00", "UTF-8"),
    ],
)
def test_a_file_that_is_no_list_of_claims_is_refused(tmp_path, name, content, word):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ParameterError) as caught:
        read_claim_file(path)
    assert word in str(caught.value) and str(path) in str(caught.value)
    assert caught.value.next_step


def test_a_missing_file_and_a_mixture_are_refused(tmp_path):
    with pytest.raises(ParameterError):
        read_claim_file(tmp_path / "nie_ma.json")
    mixed = smup_here("claim", "check", str(tmp_path / "a.json"), "--unit", "9207")
    assert mixed.returncode == 2 and "albo plik, albo opcje" in mixed.stderr


def test_the_kinds_of_claims_are_listed():
    rows = json.loads(smup_here("claim", "kinds", "--json").stdout)
    assert {"says", "words", "than", "needs"} <= rows[0].keys()
    by_name = {row["says"]: row for row in rows}
    assert by_name["higher"]["than_needs"] == {"unit": "other", "year": "since", "number": "number"}
    told = smup_here("claim", "kinds").stdout
    for words in ("rośnie", "jednostka (pole other)", "liczba (pole number)", "rok (pole since)"):
        assert words in told
