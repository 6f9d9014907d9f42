"""``smup data diff`` and ``smup report diff`` on a small land with one changed value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from smup_lib.snapshots import load_snapshot
from tests.reports.revised_land import set_value, small_land
from tests.smup_here import smup_here

UNIT, YEAR = "9004", 2023


@pytest.fixture(scope="module")
def states(
    sample_home_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(tmp_path_factory.mktemp("differences")))
        (path,) = (p for p in (sample_home_dir / "snapshots").iterdir() if p.is_dir())
        whole = load_snapshot(path)
        old = small_land(whole)
        new = small_land(whole, set_value(UNIT, YEAR, "library_readers", 0.4), base=old)
        yield old.id, new.id


def test_data_diff_names_the_value_before_and_after(states):
    done = smup_here("data", "diff", *states)
    assert done.returncode == 0, done.stderr
    assert "inna wartość: 1" in done.stdout
    assert "library_readers" in done.stdout
    assert " → " in done.stdout


def test_data_diff_is_the_same_for_a_program_and_in_a_file(states, tmp_path):
    path = tmp_path / "zmiany.csv"
    told = json.loads(smup_here("data", "diff", *states, "--json", "--csv", str(path)).stdout)
    assert told["counts"] == {"moved": 1}
    (row,) = told["table"]
    assert (row["unit_code"], row["year"]) == (UNIT, YEAR)
    table = pd.read_csv(path, sep=";", decimal=",", dtype={"unit_code": str})
    assert table["new_value"].tolist() == [row["new_value"]]


def test_data_diff_of_one_state_says_that_nothing_differs(states):
    done = smup_here("data", "diff", states[0], states[0])
    assert "Wszystkie wartości są takie same." in done.stdout


def test_report_diff_of_a_unit_says_what_no_longer_holds(states, tmp_path):
    page = tmp_path / "roznice.html"
    given = ("--unit", UNIT, "--area", "kultura", "--year", str(YEAR), "--out", str(page))
    done = smup_here("report", "diff", *states, *given)
    assert done.returncode == 0, done.stderr
    assert "nieaktualny" in done.stdout
    # every printed number of the table below, whether a finding rests on it or not
    table = done.stdout.partition("było → jest")[2]
    numbers = [line for line in table.splitlines() if re.search(r"→ [+−]?\d", line)]
    (told,) = re.findall(r"Po korekcie danych: (\d+) liczb\w* w raporcie", done.stdout)
    assert int(told) == len(numbers) > 1
    assert "przedtem: Czytelnicy" in done.stdout
    assert "Co zmieniła korekta danych" in page.read_text(encoding="utf-8")


def test_report_diff_for_a_program_lists_findings_and_numbers(states):
    given = ("--unit", UNIT, "--area", "kultura", "--year", str(YEAR), "--json")
    told = json.loads(smup_here("report", "diff", *states, *given).stdout)
    (report,) = told["reports"]
    assert report["indicators"] == ["library_readers_per_1k"]
    assert report["outdated"] == 1
    assert {line["outcome"] for line in told["changes"]} >= {"flipped", "figure"}


def test_claims_of_a_file_are_judged_by_both_states(states, tmp_path):
    """The readers of the unit fell below a hundred; of the other indicator nothing changed."""
    claim = {"unit": UNIT, "year": YEAR, "says": "at_least", "than": "number"}
    listed = [
        claim | {"indicator": "library_readers_per_1k", "number": 100},
        claim | {"indicator": "culture_club_members_per_1k", "number": 1},
    ]
    path = tmp_path / "wnioski.json"
    path.write_text(json.dumps(listed), encoding="utf-8")
    told = json.loads(smup_here("report", "diff", *states, "--claims", str(path), "--json").stdout)
    turned, kept = told["claims"]
    assert turned["before"]["outcome"] == "supported"
    assert turned["after"]["outcome"] == "contradicted"
    assert (turned["outcome"], kept["outcome"]) == ("flipped", "unchanged")
    said = smup_here("report", "diff", *states, "--claims", str(path)).stdout
    assert "rozstrzygnięcie odwrotne niż przedtem" in said
    assert "rozstrzygnięcie bez zmian" in said


def test_an_unknown_state_is_told(states):
    done = smup_here("report", "diff", "0000", states[1], "--unit", UNIT)
    assert done.returncode == 1
    assert "Nie ma stanu danych" in done.stderr


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (("--claims", "wnioski.yaml", "--unit", UNIT), "--unit"),
        (("--area", "kultura", "--group", "kraj"), "--group razem z --unit"),
        (("--area", "kultura", "--year", "1950"), "rok z danymi"),
        (("--area", "kultura", "--level", "krai"), "Nie ma szczebla"),
    ],
)
def test_an_option_that_would_not_be_heard_is_refused(states, options, what):
    done = smup_here("report", "diff", *states, *options)
    assert done.returncode == 1
    assert what in done.stderr
    assert "Traceback" not in done.stderr
