"""Every check answers a program with one shape: ``ok``, ``problems``, and what it found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.sample_home import lend_sample
from tests.smup_here import smup_here

PARTS = {"what", "where", "expected", "next_step"}
SAMPLE = ("--snapshot", "sample")
CLAIM = (
    *("--indicator", "library_readers_per_1k", "--year", "2019", "--says", "higher"),
    *SAMPLE,
)


@pytest.fixture
def home(smup_home: Path) -> Path:
    lend_sample(smup_home)
    return smup_home


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """The file of a card that says nothing sound."""
    path = tmp_path / "zla.yaml"
    path.write_text("id: zla\ntitle: Karta bez reszty\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "words",
    [
        ("plan", "check", "nie_ma_takiego"),
        ("claim", "check", "nie_ma.json"),
        ("claim", "check", "--unit", "nigdzie", *CLAIM, "--than", "grupa"),
        ("practices", "check", "nie_ma.yaml"),
        ("catalogue", "check", "nie_ma_folderu"),
    ],
)
def test_what_cannot_be_checked_is_told_to_a_program_in_the_same_shape(home, words):
    done = smup_here(*words, "--json")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert told["ok"] is False
    assert told["problems"] and all(one.keys() >= PARTS and one["what"] for one in told["problems"])
    person = smup_here(*words)
    assert (person.returncode, person.stdout) == (1, "")
    assert "Traceback" not in person.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("claim", "check", "wnioski.json", "--unit", "9207"), "albo plik, albo opcje"),
        (("claim", "check"), "--unit"),
    ],
)
def test_a_command_without_one_claim_or_with_two_sorts_ends_as_a_wrong_command(home, words, said):
    done = smup_here(*words, "--json")
    assert done.returncode == 2
    (one,) = json.loads(done.stdout)["problems"]
    assert one.keys() >= PARTS
    assert said in one["expected"]
    person = smup_here(*words)
    assert (person.returncode, person.stdout) == (2, "")
    assert said in person.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("plan", "check", "przyklad"),
        ("claim", "check", "--unit", "9207", *CLAIM, "--than", "grupa"),
        ("catalogue", "check"),
    ],
)
def test_a_sound_thing_is_ok(home, words):
    done = smup_here(*words, "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["ok"], told["problems"]) == (0, True, [])


def test_a_plan_to_be_mended_names_each_place(home, tmp_path):
    content = json.loads(smup_here("plan", "show", "przyklad", "--json").stdout)
    content["actions"] = content["actions"][:1]
    content["actions"][0] |= {"target": 20.0}
    path = tmp_path / "gorszy.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    done = smup_here("plan", "check", str(path), "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["ok"]) == (1, False)
    (problem,) = told["problems"]
    assert problem.keys() >= PARTS
    assert problem["where"] == f"{content['actions'][0]['id']}: target"


def test_a_bad_card_lists_all_its_problems(home, card):
    done = smup_here("practices", "check", str(card), "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["ok"]) == (1, False)
    assert len(told["problems"]) > 1
    assert all(one.keys() >= PARTS for one in told["problems"])


def test_the_check_of_the_catalogue_reads_own_cards_too(home, card):
    sound = smup_here("catalogue", "check").stdout
    assert "Karty praktyk: programu" in sound and "własne 0" in sound
    kept = home / "practices" / card.name
    kept.parent.mkdir()
    kept.write_bytes(card.read_bytes())
    done = smup_here("catalogue", "check")
    assert done.returncode == 1
    assert str(kept) in done.stderr
    told = json.loads(smup_here("catalogue", "check", "--json").stdout)
    assert told["ok"] is False and {one["file"] for one in told["problems"]} == {str(kept)}


def test_a_new_plan_tells_name_area_and_unit_at_once(home):
    done = smup_here("plan", "new", "Mój plan", "--unit", "nigdzie", "--area", "lotnictwo", *SAMPLE)
    assert done.returncode == 1
    for word in ("Mój plan", "nigdzie", "lotnictwo"):
        assert word in done.stderr


def test_a_group_from_another_office_is_added_and_removed(home, tmp_path):
    """A group is one file: it is sent, and added where it arrives."""
    words = (
        "9003",
        "--group",
        "chosen:9001,9002",
        "--save",
        "Nasza dwójka",
        "--reason",
        "sąsiedzi",
    )
    made = smup_here("unit", "group", *words, *SAMPLE)
    assert made.returncode == 0, made.stderr
    (listed,) = json.loads(smup_here("unit", "saved", "--json").stdout)
    sent = tmp_path / "grupa.yaml"
    sent.write_bytes(Path(listed["file"]).read_bytes())
    removed = smup_here("unit", "saved", "--remove", "Nasza dwójka")
    assert removed.returncode == 0 and "usunięto: " in removed.stderr
    added = smup_here("unit", "saved", "--add", str(sent), "--json")
    assert added.returncode == 0, added.stderr
    (again,) = json.loads(added.stdout)
    assert again == listed
    sent.write_text("name: [", encoding="utf-8")
    refused = smup_here("unit", "saved", "--add", str(sent))
    assert refused.returncode == 1 and "Traceback" not in refused.stderr
