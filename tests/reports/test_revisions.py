"""A correction of the data: which values, which numbers, which findings, which reports."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from smup_lib.errors import NoDataError, SnapshotMismatchError
from smup_lib.reports import forked, revisions
from smup_lib.reports.loading import choose_group
from smup_lib.reports.moved_values import SnapshotPair, list_moved_values
from smup_lib.reports.revised_choice import find_revised, render_revised, tell_revised
from smup_lib.reports.revised_tables import LINE_COLUMNS, list_lines, tell_revision
from smup_lib.reports.revisions import RevisedData, compare_report, list_revised_reports
from smup_lib.snapshots import Snapshot, load_snapshot, write_snapshot
from smup_lib.snapshots.tables import TABLES
from tests.reports.revised_land import set_value, small_land

UNIT, YEAR, AREA = "9004", 2023, "culture_recreation"
READERS = "library_readers"


@pytest.fixture(scope="module")
def old(whole_land: Snapshot) -> Snapshot:
    return small_land(whole_land)


@pytest.fixture(scope="module")
def one_moved(whole_land: Snapshot, old: Snapshot) -> Snapshot:
    """The readers of one powiat in the year of the reports, more than halved."""
    return small_land(whole_land, set_value(UNIT, YEAR, READERS, 0.4), base=old)


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


def test_every_sort_of_difference_has_its_word(whole_land, old):
    new = small_land(whole_land, change_many, base=old)
    moved = list_moved_values(SnapshotPair.open(old, new))
    assert dict(zip(moved["unit_code"], moved["sort"], strict=True)) == {
        "9001": "flag",
        "9002": "refined",
        "9003": "redefined",
        "9004": "qualified",
        "9005": "vanished",
        "9006": "appeared",
    }


def test_a_newer_edition_of_the_same_numbers_is_no_difference(whole_land, old):
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


def test_several_processes_tell_what_one_does(old, one_moved, monkeypatch):
    monkeypatch.setattr(forked, "AT_ONCE", 2)  # few powiaty, and still more than one each
    asked = {"area": AREA, "year": YEAR, "level": "powiat"}
    one, two = (
        list(tell_revised(old, one_moved, tell_revision, **asked, processes=processes)[1])
        for processes in (1, 2)
    )
    assert [told.facts for told in one] == [told.facts for told in two]
    assert len(one) > 1
    lines = [list_lines(told) for told in (one, two)]
    pd.testing.assert_frame_equal(*lines)
    assert tuple(lines[0]) == LINE_COLUMNS
    assert set(lines[0]["unit_code"]) == {told.unit.code for told in one}


def test_without_a_year_the_corrected_year_is_looked_at_beside_the_newest(whole_land, old):
    """A correction of an older year is no good news about the reports of the newest."""
    earlier = YEAR - 3
    new = small_land(whole_land, set_value(UNIT, earlier, READERS, 0.4), base=old)
    chosen = {"area": AREA, "level": "powiat"}
    _, told, asked = tell_revised(old, new, tell_revision, **chosen)
    years = {one.year for one in asked}
    assert earlier in years
    assert max(years) > earlier
    assert (UNIT, earlier) in {(one.unit.code, one.year) for one in told}
    _, none, (only,) = tell_revised(old, new, tell_revision, **chosen, year=YEAR)
    assert only.year == YEAR
    assert (UNIT, earlier) not in {(one.unit.code, one.year) for one in none}


def test_only_those_whose_report_may_differ_are_assessed(data, monkeypatch):
    """Of who reads a value only through other groups, those of whom these say something else."""
    area = data.old.catalogue.area(AREA)
    search = revisions._Search(data, area, YEAR, "powiat")
    codes, near = search.candidates(), set()
    for code in codes:
        unit = data.old.register.unit(code, YEAR)
        group = choose_group(data.old, None, unit, YEAR, area)
        near |= {code} if UNIT in {code, *group.members} else set()
    assessed = []

    def recorded(found, area, unit, year, *rest, **more):
        assessed.append(unit.code)
        return compare_report(found, area, unit, year, *rest, **more)

    monkeypatch.setattr(revisions, "compare_report", recorded)
    told = {code: search.look(data.old.register.unit(code, YEAR)) for code in codes}
    others = set(assessed) - near
    assert near <= set(assessed) < set(codes)
    # what only other groups could change did change for each that was assessed for their sake
    assert all(told[code] is not None and told[code].dependent for code in others)


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


def test_a_year_that_the_new_data_lost_cannot_be_repeated(whole_land, old):
    new = small_land(
        whole_land, lambda rows: rows[rows["year"] < YEAR].reset_index(drop=True), base=old
    )
    _, found = find_revised(old, new, unit=UNIT, area=AREA, year=YEAR)
    (lost,) = found
    assert lost.revision is None
    assert isinstance(lost.lost, NoDataError)
    assert lost.dependent


def test_another_definition_is_not_compared(whole_land, old):
    def redefined(rows: pd.DataFrame) -> pd.DataFrame:
        return rows.assign(definition_version="2")

    _, found = find_revised(
        old, small_land(whole_land, redefined, base=old), unit=UNIT, area=AREA, year=YEAR
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
    page = render_revised(data, [tell_revision(one, old.id) for one in found])
    assert old.id in page
    assert one_moved.id in page
    assert "nieaktualny" in page
    assert f"statistic=value_before:{old.id}" in page


def test_without_a_year_the_last_full_one_of_the_older_data_is_asked(old, one_moved):
    _, found = find_revised(old, one_moved, unit=UNIT, area=AREA)
    (report,) = found
    assert report.year == int(old.table("observations")["year"].max())
