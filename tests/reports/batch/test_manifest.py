"""The ledger of a batch survives being killed, and one folder has one batch."""

from __future__ import annotations

import dataclasses
import hashlib
import os

import pytest

from smup_lib.errors import ParameterError, ReportError, SettingsError
from smup_lib.reports.batch.manifest import (
    LEDGER,
    Manifest,
    Row,
    check_one_land,
    one_batch,
    read_rows,
)


def row(key: str = "a", **changes) -> Row:
    plain = Row(
        key=key,
        report="culture_recreation",
        unit="9001",
        unit_name="powiat łąkowski",
        year=2022,
        parameters={"unit": "9001", "year": 2022},
        snapshot="0123",
        fingerprint="f",
        status="made",
    )
    return dataclasses.replace(plain, **changes)


def test_rows_are_read_back_and_the_newest_wins(tmp_path):
    manifest = Manifest(tmp_path)
    manifest.add(row(status="failed", error="padł"))
    manifest.add(row("b", warnings=("pusty wykres",)))
    manifest.add(row(attempts=2))
    again = Manifest(tmp_path)
    assert list(again.rows) == ["a", "b"]
    assert again.rows["a"].status == "made"
    assert again.rows["a"].attempts == 2
    assert again.rows["b"].warnings == ("pusty wykres",)
    assert again.rows["a"].finished


@pytest.mark.parametrize("cut", [1, 20, 150])
def test_a_torn_end_loses_one_row_and_no_other(tmp_path, cut):
    manifest = Manifest(tmp_path)
    manifest.add(row("a"))
    manifest.add(row("b"))
    path = tmp_path / LEDGER
    path.write_bytes(path.read_bytes()[:-cut])
    after = Manifest(tmp_path)
    # only the line's end was lost in the first case, so its row is whole
    assert set(after.rows) == ({"a", "b"} if cut == 1 else {"a"})
    after.add(row("c"))
    assert set(read_rows(path)) == {*after.rows}
    assert "c" in read_rows(path)


def test_lines_of_another_shape_are_no_rows(tmp_path):
    path = tmp_path / LEDGER
    path.write_text('{"key": "x"}\n[1]\nnull\n\n{"a', encoding="utf-8")
    assert read_rows(path) == {}


def test_a_report_is_whole_while_its_files_and_its_grounds_are_the_same(tmp_path):
    page = tmp_path / "a.html"
    page.write_text("strona", encoding="utf-8")
    done = row(outputs={"a.html": hashlib.sha256(page.read_bytes()).hexdigest()})
    assert done.is_whole(tmp_path, "f")
    assert not done.is_whole(tmp_path, "g")
    assert not dataclasses.replace(done, status="failed").is_whole(tmp_path, "f")
    assert not dataclasses.replace(done, outputs={}).is_whole(tmp_path, "f")
    page.write_text("inna", encoding="utf-8")
    assert not done.is_whole(tmp_path, "f")
    page.unlink()
    assert not done.is_whole(tmp_path, "f")


def test_a_manifest_that_may_not_be_read_is_told(tmp_path):
    (tmp_path / LEDGER).mkdir()  # nobody can read it, root neither
    with pytest.raises(SettingsError, match="manifest"):
        read_rows(tmp_path / LEDGER)


def test_two_batches_in_one_folder_are_refused(tmp_path):
    refused = pytest.raises(ReportError, match=f"już inna partia.*proces {os.getpid()}, od ")
    with one_batch(tmp_path), refused, one_batch(tmp_path):
        pass
    with one_batch(tmp_path):  # the first has gone
        assert tmp_path.is_dir()


def test_a_real_unit_never_stands_among_made_up_ones(tmp_path):
    made_up, real = row("a", unit="9001"), row("b", unit="1261")
    check_one_land([made_up, row("c", unit="900102")], tmp_path, fictional=True)
    check_one_land([made_up, row("d", unit="1261", status="failed")], tmp_path)
    with pytest.raises(ParameterError, match="nie mogą leżeć w jednym folderze"):
        check_one_land([made_up, real], tmp_path)
    with pytest.raises(ParameterError, match="nie mogą leżeć w jednym folderze"):
        check_one_land([made_up], tmp_path, fictional=False)
