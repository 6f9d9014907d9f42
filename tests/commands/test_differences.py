"""``smup data diff`` and ``smup report diff`` on a small land with one changed value."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

from smup_lib.catalogue import load_catalogue
from smup_lib.snapshots import Snapshot
from tests.reports.revised_land import set_value, small_land
from tests.smup_here import smup_here

UNIT, YEAR = "9004", 2023


@pytest.fixture(scope="module")
def states(whole_land: Snapshot) -> tuple[str, str]:
    old = small_land(whole_land)
    new = small_land(whole_land, set_value(UNIT, YEAR, "library_readers", 0.4), base=old)
    return old.id, new.id


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


def test_data_diff_says_which_of_two_sources_reports_show(whole_land, tmp_path):
    """Two data sets tell one value differently; the one that moved is not the one in force."""
    sources = sorted({str(s) for s in whole_land.table("observations")["source"].cat.categories})
    shown, beside = sorted(sources, key=load_catalogue().precedence)[:: len(sources) - 1]

    def doubled(times: float):
        def change(rows: pd.DataFrame) -> pd.DataFrame:
            cell = (rows["unit_code"] == UNIT) & (rows["year"] == YEAR)
            own = rows[cell & (rows["variable"] == "library_readers")].astype({"source": "object"})
            assert len(own) == 1
            others = rows.drop(index=own.index).astype({"source": "object"})
            twice = [
                own.assign(source=shown),
                own.assign(source=beside, value=own["value"] * times),
            ]
            return pd.concat([others, *twice], ignore_index=True)

        return change

    old, new = (small_land(whole_land, doubled(times)) for times in (2.0, 3.0))
    done = smup_here("data", "diff", old.id, new.id)
    datasets = [one.partition("@")[0] for one in (shown, beside)]
    assert datasets[0] != datasets[1]
    assert "inna wartość: 1" in done.stdout
    told = " ".join(done.stdout.split()).replace("\xa0", " ")
    assert f"({datasets[1]}); w raportach obowiązuje: " in told
    assert f"({datasets[0]})" in told
    (row,) = json.loads(smup_here("data", "diff", old.id, new.id, "--json").stdout)["table"]
    assert row["dataset"] == datasets[1] and row["shown_dataset"] == datasets[0]
    assert row["new_value"] == 3 * row["shown_value"]


def test_without_a_second_source_nothing_is_said_of_what_is_in_force(states):
    assert "obowiązuje" not in smup_here("data", "diff", *states).stdout


def test_report_diff_of_all_units_is_the_same_table_for_a_person_and_a_program(states, tmp_path):
    path, page = tmp_path / "zmiany.csv", tmp_path / "zmiany.html"
    given = ("--area", "kultura", "--level", "powiat", "--year", str(YEAR))
    done = smup_here("report", "diff", *states, *given, "--csv", str(path), "--out", str(page))
    assert done.returncode == 0, done.stderr
    assert "100%: " in done.stderr  # a file and a pipe get plain lines in place of the bar
    told = json.loads(smup_here("report", "diff", *states, *given, "--json").stdout)
    units = [one["unit"] for one in told["reports"]]
    assert UNIT in units and len(units) > 1
    assert f"{len(units)} raport" in done.stdout
    table = pd.read_csv(path, sep=";", decimal=",", dtype={"unit_code": str})
    assert len(table) == len(told["changes"]) and set(table["unit_code"]) == set(units)
    assert page.read_text(encoding="utf-8").count("<section") >= len(units)


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
