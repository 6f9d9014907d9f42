"""A choice goes to a plan, a report and a batch and comes back: the same data, told by one hash."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from smup_lib.errors import ParameterError
from smup_lib.reports.batch.jobs import list_jobs
from smup_lib.reports.batch.order import read_order
from smup_lib.reports.selection.choice import Choice
from smup_lib.reports.selection.plan import LARGEST, read_plan, write_plan
from smup_lib.reports.selection.selection import Selection
from smup_lib.reports.selection.view import open_chosen, open_selection
from tests.sample_home import lend_fonts

CHOICES = [
    Choice(("library_readers_per_1k",), ("powiaty:90",), (2018, 2022), "9003", "voivodeship"),
    Choice(("population", "debt_per_capita"), ("gminy:90", "900102"), (2020, 2020), "900102"),
    Choice(("library_readers_per_1k",), ("neighbours@9002", "9010"), None, None, None),
]


@pytest.mark.parametrize("choice", CHOICES)
def test_a_plan_opens_the_same_data(workspace, choice):
    one = Selection(workspace, choice)
    plan = write_plan(one)
    again = Selection(workspace, read_plan(plan.encode()))
    assert again.data_hash == one.data_hash
    assert (again.found.own, again.found.group) == (one.found.own, one.found.group)
    assert list(again.found.units) == list(one.found.units)
    assert write_plan(again) == plan


def test_a_plan_is_an_order_of_one_report_that_a_batch_takes(workspace, tmp_path):
    one = Selection(workspace, CHOICES[0])
    path = tmp_path / "plan.yaml"
    path.write_text(write_plan(one), encoding="utf-8")
    order = read_order(path)
    (job,) = list_jobs(order, workspace).jobs
    told = dict(job.parameters)
    view = open_chosen(
        told["chosen"],
        told["indicators"],
        told["first_year"],
        job.year,
        job.unit,
        told.get("group"),
        told["data_hash"],
        snapshot=workspace.snapshot,
    )
    assert view.data_hash == one.data_hash == told["data_hash"]
    assert "Te same dane" in view.title().html


@pytest.mark.slow
def test_a_batch_and_a_report_show_the_same_data(
    workspace, sample_home_dir, smup_home, tmp_path, select
):
    (smup_home / "snapshots").symlink_to(sample_home_dir / "snapshots")
    lend_fonts(smup_home)
    one = select("library_readers_per_1k", units=("neighbours@9002",), years=(2021, 2022))
    path = tmp_path / "plan.yaml"
    path.write_text(write_plan(one), encoding="utf-8")
    out = tmp_path / "batch"
    command = ("report", "batch", "--plan", str(path), "--out", str(out))
    # a batch forks, which a worker of the tests must not
    made = subprocess.run(
        [sys.executable, "-m", "smup_lib.cli", *command],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    (page,) = out.rglob("*.html")
    html = page.read_text(encoding="utf-8")
    assert f'<code class="smup-hash">{one.data_hash}</code>' in html
    assert "Te same dane, dla których zapisano plan" in html
    receipt = json.loads(next(out.rglob("*.receipt.json")).read_text(encoding="utf-8"))
    assert receipt["parameters"]["data_hash"] == receipt["data_hash"] == one.data_hash
    # the receipt is enough to make the choice again
    told = receipt["parameters"]
    again = Choice(
        tuple(told["indicators"]),
        tuple(told["chosen"]),
        (told["first_year"], told["year"]),
        told["unit"],
        told.get("group"),
    )
    assert Selection(workspace, again).data_hash == one.data_hash


def test_a_report_says_when_the_data_are_others(workspace):
    view = open_selection(workspace, CHOICES[0], "0123456789ab")
    assert "Plan zapisano dla innych danych (0123456789ab)" in view.title().html


BAD = {
    "": "błędy",
    "units: ['9002'\n": "błędy",
    "format: 1\nunits: ['9002']\nyear: 2022\nparts:\n- report: kultura\n": "selection",
    "format: 1\nunits: ['9002']\nyear: 2022\nwrong: 1\nparts:\n- report: selection\n": "błędy",
    "!!python/object/apply:os.system ['true']": "błędy",
    "#" * (LARGEST + 1): "za duży",
}


@pytest.mark.parametrize("text", BAD, ids=range(len(BAD)))
def test_a_file_that_is_no_plan_is_refused_in_words(text):
    with pytest.raises(ParameterError, match=BAD[text]):
        read_plan(text.encode())


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(ParameterError):
        read_plan(b"\xff\xfe\x00PK\x03\x04")


def test_the_name_of_a_file_opens_nothing_else(tmp_path: Path):
    with pytest.raises(ParameterError):
        read_plan(b"", "../../etc/passwd")
