"""Receipts: what identifies a report, and what does not."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
from pathlib import Path

import pytest

from smup_lib.errors import SnapshotError
from smup_lib.reports.loading import Workspace, choose_group
from smup_lib.reports.notebook_files import write_text
from smup_lib.reports.receipt import (
    Receipt,
    kept_path,
    list_changed_files,
    make_receipt,
    notebook_digest,
)
from smup_lib.snapshots import load_snapshot
from smup_lib.snapshots.archive import receipts_naming
from tests.reports.small_notebooks import small_notebook

RECEIPT = Receipt(
    snapshot="0123456789abcdef",
    fictional=False,
    data_date="2026-11-21T10:00:00+00:00",
    library_version="0.1.0",
    parameters={"unit": "9002", "year": 2018, "group": None},
    python="3.11.7",
    packages={"pandas": "3.1.1"},
    created="2026-11-22T08:00:00+00:00",
    notebook="finance.ipynb",
    notebook_sha256="aa" * 32,
)


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"created": "2027-01-01T00:00:00+00:00"}, True),
        ({"outputs": {"a.html": "bb"}}, True),
        ({"notebook_path": "/a/finance.ipynb", "snapshot_path": "/b"}, True),
        ({"snapshot": "fedcba9876543210"}, False),
        ({"parameters": {"unit": "9002", "year": 2019}}, False),
        ({"notebook_sha256": "bb" * 32}, False),
        ({"packages": {"pandas": "3.1.2"}}, False),
        ({"library_version": "0.2.0"}, False),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_the_id_changes_with_what_the_result_rests_on(change, same):
    assert (dataclasses.replace(RECEIPT, **change).id == RECEIPT.id) is same


@pytest.mark.parametrize(
    ("change", "command"),
    [
        ({}, "smup report run finance --unit 9002 --year 2018 --snapshot 0123456789abcdef"),
        (
            {"parameters": {"unit": "9002", "year": 2018, "group": "chosen:@Moja grupa"}},
            "smup report run finance --unit 9002 --year 2018 --group 'chosen:@Moja grupa' "
            "--snapshot 0123456789abcdef",
        ),
        (
            {"notebook": "mój.ipynb", "notebook_path": "praca/mój zeszyt.ipynb"},
            "smup report run 'praca/mój zeszyt.ipynb' --unit 9002 --year 2018 "
            "--snapshot 0123456789abcdef",
        ),
        (
            {"snapshot_path": "/mnt/stan z pendrive"},
            "smup report run finance --unit 9002 --year 2018 --snapshot '/mnt/stan z pendrive'",
        ),
        ({"notebook": ""}, ""),
        (
            {
                "parameters": {
                    "unit": "9002",
                    "year": 2018,
                    "others": ["9003", "9004"],
                    "full": True,
                }
            },
            "smup report run finance --unit 9002 --year 2018 --param others=9003,9004 "
            "--param full=tak --snapshot 0123456789abcdef",
        ),
        ({"parameters": {"unit": "9002", "year": 2018, "others": ["a, b"]}}, ""),
    ],
)
def test_the_command_repeats_the_report(change, command):
    assert dataclasses.replace(RECEIPT, **change).repeat_command == command


def test_the_group_is_named_with_its_parameters_and_size(report_home):
    workspace = Workspace.open()
    unit = workspace.unit("9002")
    group = choose_group(workspace, None, unit, 2022, workspace.catalogue.area("kultura"))
    receipt = make_receipt(workspace.snapshot, {"unit": "9002"}, group=group)
    content = json.loads(receipt.to_json())["group"]
    assert content["rule"] == group.key == "similar:15"
    assert content["members"] == len(group.members)
    assert content["parameters"]["k"] == 15
    assert f"similar:15, {len(group.members)} jednostek" in receipt.render()


def test_a_saved_group_that_changed_makes_another_report():
    one = dataclasses.replace(RECEIPT, group={"parameters": {"units": ["9001"]}})
    other = dataclasses.replace(RECEIPT, group={"parameters": {"units": ["9003"]}})
    assert one.id != other.id


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        ({"outputs": {"a.html": hashlib.sha256(b"strona").hexdigest()}}, 0),
        ({"outputs": {"a.html": "0" * 64}}, 1),
        ({"outputs": {"a.html": "0" * 64, "b.ipynb": "0" * 64}}, 2),
        ({}, 1),
        ([], 1),
    ],
)
def test_a_receipt_tells_whether_its_files_are_still_those(tmp_path, content, problems):
    (tmp_path / "a.html").write_bytes(b"strona")
    path = tmp_path / "a.receipt.json"
    path.write_text(json.dumps(content))
    assert len(list_changed_files(path)) == problems


def test_json_names_the_snapshot_and_the_id():
    content = json.loads(RECEIPT.to_json())
    assert content["snapshot"] == "0123456789abcdef"
    assert content["id"] == RECEIPT.id


def test_the_section_escapes_what_it_shows():
    html = dataclasses.replace(RECEIPT, parameters={"unit": "<b>"}).render()
    assert "&lt;b&gt;" in html
    assert "<b>" not in html
    assert "dane przykładowe" not in html
    assert "dane przykładowe" in dataclasses.replace(RECEIPT, fictional=True).render()


def keep(receipt: Receipt, name: str) -> Path:
    path = kept_path(receipt, name)
    path.parent.mkdir(exist_ok=True, parents=True)
    write_text(path, receipt.to_json())
    return path


def test_a_kept_receipt_protects_its_snapshot_and_is_replaced_by_a_repetition(smup_home):
    first = keep(RECEIPT, "finance_9002_2018")
    again = keep(dataclasses.replace(RECEIPT, created="2027-01-01"), "finance_9002_2018")
    other = keep(dataclasses.replace(RECEIPT, library_version="2"), "finance_9002_2018")
    assert first == again != other
    assert receipts_naming(RECEIPT.snapshot) == sorted([first, other])
    assert receipts_naming("fedcba9876543210") == []


def test_a_receipt_of_a_real_view_tells_versions(report_home):
    receipt = make_receipt(load_snapshot(), {"unit": "9002", "year": 2023})
    assert receipt.fictional
    assert {"pandas", "duckdb", "papermill"} <= receipt.packages.keys()
    assert receipt.snapshot == load_snapshot().id
    assert "Stan danych" in str(receipt)


def test_a_snapshot_outside_the_store_is_named_by_its_path(report_home, tmp_path):
    inside = load_snapshot()
    carried = tmp_path / "przeniesiony" / inside.id
    shutil.copytree(inside.path, carried)
    assert make_receipt(inside, {}).snapshot_path == ""
    receipt = make_receipt(load_snapshot(carried), {})
    assert receipt.snapshot_path == str(carried)
    assert load_snapshot(receipt.snapshot_path).id == inside.id


def test_the_digest_of_a_notebook_is_that_of_its_cells():
    plain = small_notebook("1")
    ran = small_notebook("1")
    ran.cells[-1].execution_count = 7
    ran.cells[-1].id = "other"
    ran.metadata["kernelspec"] = {"name": "x", "display_name": "x"}
    assert notebook_digest(plain) == notebook_digest(ran)
    assert notebook_digest(plain) != notebook_digest(small_notebook("2"))
    tagged = small_notebook("1")
    tagged.cells[-1].metadata["tags"] = ["notebook-only"]
    assert notebook_digest(plain) != notebook_digest(tagged)


def test_a_snapshot_that_a_receipt_names_is_not_removed(tmp_path, monkeypatch, sample_home_dir):
    from smup_lib.snapshots import remove_snapshot
    from smup_lib.snapshots.store import current_id

    home = tmp_path / "home"
    shutil.copytree(sample_home_dir / "snapshots", home / "snapshots")
    monkeypatch.setenv("SMUP_HOME", str(home))
    name = current_id()
    assert name
    keep(dataclasses.replace(RECEIPT, snapshot=name), "x")
    (home / "snapshots" / "current").write_text("another\n")
    with pytest.raises(SnapshotError, match="gotowe raporty"):
        remove_snapshot(name)
