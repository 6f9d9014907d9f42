"""``smup plan`` as a person and as a program use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smup_lib.reports.plan_files import keep_plan, plan_digest, read_plan
from smup_lib.reports.plans import open_plan
from tests.sample_home import lend_sample
from tests.smup_here import smup_here


@pytest.fixture
def home(smup_home: Path) -> Path:
    lend_sample(smup_home)
    return smup_home


def plan(*words: str):
    return smup_here("plan", *words)


def test_a_plan_is_begun_filled_checked_and_shown(home):
    given = ("--unit", "9002", "--area", "kultura", "--snapshot", "sample")
    indicator = ("--indicator", "sports_club_members_per_1k", "--year", "2022")
    begun = plan("new", "kluby", *given, *indicator)
    path = Path(begun.stdout.strip())
    assert path == home / "plans" / "kluby.yaml"
    waiting = plan("check", "kluby")
    assert waiting.returncode == 1
    assert waiting.stderr.count("czeka na wypełnienie") == 7
    listed = plan("list").stdout
    assert "do wypełnienia albo poprawy: 7" in listed
    assert "Kultura i rekreacja" in listed
    assert "smup plan show przyklad" in listed
    text = path.read_text(encoding="utf-8").replace('"UZUPEŁNIJ: ', '"')
    for field, value in (("budget", "50000"), ("target", "30"), ("deadline", "2026")):
        text = text.replace(f"{field}: UZUPEŁNIJ", f"{field}: {value}")
    path.write_text(text, encoding="utf-8")
    checked = plan("check", "kluby", "--json")
    assert checked.returncode == 0, checked.stderr
    told = json.loads(checked.stdout)
    (action,) = told["actions"]
    assert told["sound"] is True
    assert len(action["reached_by"]) <= action["n_used"]
    assert action["smallest_visible_change"] > 0
    assert "Plan można zatwierdzić." in plan("check", "kluby").stdout
    shown = plan("show", "kluby").stdout.replace("\xa0", " ")
    assert "do 30 os./1000 mieszk. (dane za 2026 r.)" in shown
    assert "50 000 zł" in shown
    assert "obszar Kultura i rekreacja" in shown
    assert "Wersja: 1" in shown
    assert "(9002)" in shown
    assert "culture_recreation" not in shown
    assert json.loads(plan("show", "kluby", "--json").stdout)["actions"][0]["target"] == 30
    (listed,) = json.loads(plan("list", "--json").stdout)
    assert (listed["state"], listed["problems"], listed["state_pl"]) == ("complete", 0, "pełny")


def test_an_unsound_plan_ends_with_an_error_code(home, tmp_path):
    source = smup_here("plan", "show", "przyklad", "--json").stdout
    content = json.loads(source)
    content["actions"] = content["actions"][:1]
    content["actions"][0] |= {"target": 20.0}
    path = tmp_path / "gorszy.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    done = plan("check", str(path))
    assert done.returncode == 1
    assert "do poprawy (target)" in done.stdout
    assert "Plan trzeba poprawić." in done.stdout


def test_without_plans_the_list_says_how_to_begin(smup_home):
    assert "smup plan new" in plan("list").stdout


def test_a_report_names_a_plan_by_what_it_says_and_holds_no_path(home, tmp_path):
    """A file that moves or changes leaves the copy that the report was made with."""
    content = json.loads(plan("show", "przyklad", "--json").stdout)
    path = tmp_path / "nasz plan.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    reference = keep_plan(str(path))
    assert reference == f"{content['id']}@{plan_digest(read_plan(path))}"
    path.write_text(json.dumps(content | {"title": "Inny tytuł"}), encoding="utf-8")
    assert open_plan(reference).title == content["title"]
    other = keep_plan(str(path))
    assert other != reference and open_plan(other).title == "Inny tytuł"
    assert json.loads(plan("show", reference, "--json").stdout) == content
    assert plan("list", "--json").stdout.strip() == "[]"  # copies are no plans of their own
    lost = plan("show", f"{content['id']}@{'0' * 12}")
    assert lost.returncode == 1 and "w wersji 000000000000" in lost.stderr


def test_a_name_that_does_not_do_is_told(home):
    done = plan("new", "Mój plan", "--unit", "9002", "--area", "kultura", "--snapshot", "sample")
    assert done.returncode == 1
    assert "nie może być nazwą planu" in done.stderr
