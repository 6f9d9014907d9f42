"""A correction of the data: which values, which numbers, which findings, which reports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from smup_lib.errors import NoDataError, SnapshotMismatchError
from smup_lib.reports.moved_values import SnapshotPair, list_moved_values
from smup_lib.reports.revised_choice import find_revised, render_revised
from smup_lib.reports.revisions import RevisedData, compare_report, list_revised_reports
from smup_lib.snapshots import Snapshot, load_snapshot, write_snapshot
from smup_lib.snapshots.tables import TABLES
from tests.reports.revised_land import set_value, small_land

UNIT, YEAR, AREA = "9004", 2023, "culture_recreation"
READERS = "library_readers"


@pytest.fixture(scope="module")
def home(sample_home_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("revised")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(folder))
        yield folder


@pytest.fixture(scope="module")
def whole(sample_home_dir: Path, home: Path) -> Snapshot:
    (path,) = (p for p in (sample_home_dir / "snapshots").iterdir() if p.is_dir())
    return load_snapshot(path)


@pytest.fixture(scope="module")
def old(whole: Snapshot) -> Snapshot:
    return small_land(whole)


@pytest.fixture(scope="module")
def one_moved(whole: Snapshot, old: Snapshot) -> Snapshot:
    """The readers of one powiat in the year of the reports, more than halved."""
    return small_land(whole, set_value(UNIT, YEAR, READERS, 0.4), base=old)


@pytest.fixture(scope="module")
def data(old: Snapshot, one_moved: Snapshot) -> RevisedData:
    return RevisedData.open(old, one_moved)


def test_one_changed_value_is_the_only_one_listed(old, one_moved):
    moved = list_moved_values(SnapshotPair.open(old, one_moved))
    row = moved.iloc[0]
    assert len(moved) == 1
    assert (row["variable"], row["unit_code"], row["year"], row["sort"]) == (
        READERS, UNIT, YEAR, "moved",
    )  # fmt: skip
    assert row["new_value"] == pytest.approx(round(0.4 * row["old_value"]))


def test_only_the_variable_that_differs_is_read_twice(old, one_moved):
    pair = SnapshotPair.open(old, one_moved)
    assert list(pair.changed_variables()) == [READERS]
    assert pair.tables == ()


def test_the_same_state_has_no_difference(old):
    pair = SnapshotPair.open(old, old)
    assert pair.changed_variables() == {}
    assert list_moved_values(pair).empty


def change_many(rows: pd.DataFrame) -> pd.DataFrame:
    """Make one change of every sort in the readers of one year."""

    def cell(unit: str) -> pd.Series:
        here = (rows["variable"] == READERS) & (rows["year"] == YEAR)
        return here & (rows["unit_code"] == unit)

    rows.loc[cell("9001"), ["value", "flag"]] = [np.nan, "missing_or_secret"]
    rows.loc[cell("9002"), "decimals"] = 1
    rows.loc[cell("9002"), "value"] += 0.4
    rows["definition_version"] = rows["definition_version"].astype("object")
    rows.loc[cell("9003"), "definition_version"] = "2"
    rows["qualifiers"] = rows["qualifiers"].astype("object")
    rows.loc[cell("9004"), "qualifiers"] = "preliminary"
    new = rows[cell("9006")].assign(year=2031)
    return pd.concat([rows[~cell("9005")], new], ignore_index=True)


def test_every_sort_of_difference_has_its_word(whole, old):
    new = small_land(whole, change_many, base=old)
    moved = list_moved_values(SnapshotPair.open(old, new))
    assert dict(zip(moved["unit_code"], moved["sort"], strict=True)) == {
        "9001": "flag",
        "9002": "refined",
        "9003": "redefined",
        "9004": "qualified",
        "9005": "vanished",
        "9006": "appeared",
    }


def test_a_newer_edition_of_the_same_numbers_is_no_difference(whole, old):
    def renamed(rows: pd.DataFrame) -> pd.DataFrame:
        rows["source"] = rows["source"].astype(str).str.replace("@a", "@b")
        return rows

    sources = {s: s.replace("@a", "@b") for s in old.manifest.sources}
    assert any(before != after for before, after in sources.items())
    tables = {name: old.table(name) for name in TABLES if len(old.table(name))}
    tables["observations"] = renamed(tables["observations"].copy()).astype({"source": "category"})
    records = [
        record.model_copy(update={"id": sources[record.id]})
        for record in old.manifest.sources.values()
    ]
    new = write_snapshot(tables, fictional=True, sources=records, base=old, make_current=False)
    assert new.id != old.id
    assert list_moved_values(SnapshotPair.open(old, new)).empty


def test_exactly_the_reports_that_say_something_else_are_listed(data):
    """The quick search against every report compared as a whole."""
    area = data.old.catalogue.area(AREA)
    quick = {one.unit.code for one in list_revised_reports(data, area, YEAR, "powiat")}
    every = [
        compare_report(data, area, data.old.register.unit(code, YEAR), YEAR)
        for code in data.old.register.codes("powiat", YEAR)
    ]
    slow = {one.unit.code for one in every if one.dependent}
    assert UNIT in slow
    assert slow < {one.unit.code for one in every}
    assert quick == slow


def test_of_the_moved_report_only_the_touched_indicator_differs(data):
    area = data.old.catalogue.area(AREA)
    found = compare_report(data, area, data.old.unit(UNIT), YEAR).revision
    assert found is not None
    assert found.indicators == ("library_readers_per_1k",)
    (kept,) = [f for f in found.findings if f.indicator == "culture_club_members_per_1k"]
    assert kept.outcome == "unchanged"
    (value,) = [f for f in found.figures if f.statistic == "value"]
    assert value.after == pytest.approx(0.4 * value.before, rel=0.01)
    assert (value.year, value.indicator) == (YEAR, "library_readers_per_1k")


def test_a_finding_of_better_turns_when_the_value_falls(data):
    """Better than the group before, worse or silent now: either way it no longer holds."""
    area = data.old.catalogue.area(AREA)
    found = compare_report(data, area, data.old.unit(UNIT), YEAR).revision
    assert found is not None
    standing = [f for f in found.findings if f.before and f.before.claim == "standing"]
    (change,) = [f for f in standing if f.indicator == "library_readers_per_1k"]
    assert change.outcome == "flipped"
    assert change in found.outdated
    assert len(found.found.outdated) == len(found.outdated)


def test_the_correction_of_a_peer_flips_a_unit_that_did_not_move(data):
    area = data.old.catalogue.area(AREA)
    found = [
        one.revision
        for code in ("9005", "9007")
        if (one := compare_report(data, area, data.old.unit(code), YEAR)).revision is not None
    ]
    outdated = [change for revision in found for change in revision.outdated]
    assert {change.outcome for change in outdated} == {"flipped"}
    values = [f for revision in found for f in revision.figures if f.statistic == "value"]
    assert values == []


def test_reports_of_another_year_are_not_dependent(data):
    """A value is read by the reports of other years as a point of the series only."""
    area = data.old.catalogue.area(AREA)
    unit = data.old.unit(UNIT)
    found = compare_report(data, area, unit, YEAR - 1).revision
    assert found is not None
    assert {f.year for f in found.figures if f.statistic == "value"} == {YEAR}
    assert all(change.outcome == "unchanged" for change in found.findings)


def test_a_year_that_the_new_data_lost_cannot_be_repeated(whole, old):
    new = small_land(whole, lambda rows: rows[rows["year"] < YEAR].reset_index(drop=True), base=old)
    _, found = find_revised(old, new, unit=UNIT, area=AREA, year=YEAR)
    (lost,) = found
    assert lost.revision is None
    assert isinstance(lost.lost, NoDataError)
    assert lost.dependent


def test_another_definition_is_not_compared(whole, old):
    def redefined(rows: pd.DataFrame) -> pd.DataFrame:
        return rows.assign(definition_version="2")

    _, found = find_revised(
        old, small_land(whole, redefined, base=old), unit=UNIT, area=AREA, year=YEAR
    )
    (report,) = found
    assert report.revision is not None
    assert {change.outcome for change in report.revision.findings} == {"redefined"}


def test_fictional_and_real_are_never_compared(old, monkeypatch):
    real = old.manifest.model_copy(update={"fictional": False})
    other = load_snapshot(old.path)
    twin = object.__new__(Snapshot)
    twin.path, twin.manifest = other.path, real
    with pytest.raises(SnapshotMismatchError, match="rzeczywistych"):
        SnapshotPair.open(old, twin)


def test_the_page_names_both_states_and_every_changed_number(data, old, one_moved):
    _, found = find_revised(old, one_moved, unit=UNIT, area=AREA, year=YEAR)
    page = render_revised(data, list(found))
    assert old.id in page
    assert one_moved.id in page
    assert "nieaktualny" in page
    assert f"statistic=value_before:{old.id}" in page


def test_without_a_year_the_last_full_one_of_the_older_data_is_asked(old, one_moved):
    _, found = find_revised(old, one_moved, unit=UNIT, area=AREA)
    (report,) = found
    assert report.year == int(old.table("observations")["year"].max())
