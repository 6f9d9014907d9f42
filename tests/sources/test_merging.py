"""Revisions, repetitions and contradictions, as drawn tables."""

from __future__ import annotations

import pandas as pd
import pytest

from smup_lib.errors import ContradictionError
from smup_lib.snapshots import as_observations, check_observations, empty_observations
from smup_lib.sources.merging import join_new, merge_observations
from smup_lib.sources.new_rows import NewRows

Row = tuple[str, int, float | None]


def frame(source: str, *rows: Row, flag: str | None = None) -> pd.DataFrame:
    columns = {
        "unit_code": [row[0] for row in rows],
        "year": [row[1] for row in rows],
        "variable": ["population"] * len(rows),
        "value": [float("nan") if row[2] is None else row[2] for row in rows],
        "source": [source] * len(rows),
    }
    if flag:
        columns["flag"] = [flag] * len(rows)
    return as_observations(columns)


def part(file: str, source: str, *rows: Row, family: str = "", flag: str | None = None) -> NewRows:
    return NewRows(
        file, source, family or source.partition("@")[0], frame(source, *rows, flag=flag)
    )


def told(observations: pd.DataFrame) -> dict[tuple[str, int, str], float | None]:
    check_observations(observations)
    return {
        (row.unit_code, row.year, row.source): None if row.value != row.value else row.value
        for row in observations.itertuples()
    }


OLD, NEW, OTHER = "bdl:P1@00000001", "bdl:P1@00000002", "panel:x@00000003"


def test_a_newer_import_replaces_equal_keys_and_lists_the_changes():
    base = frame(OLD, ("9001", 2020, 10), ("9001", 2021, 11), ("9002", 2020, 5))
    new = frame(NEW, ("9001", 2020, 10), ("9001", 2021, 12), ("9001", 2022, 13))
    merged = merge_observations(base, new)
    assert told(merged.observations) == {
        ("9001", 2020, OLD): 10,  # said again: keeps its source
        ("9001", 2021, NEW): 12,
        ("9001", 2022, NEW): 13,
        ("9002", 2020, OLD): 5,
    }
    assert (merged.added, merged.repeated) == (1, 1)
    (revision,) = merged.revisions.to_dict("records")
    assert revision == {
        "unit_code": "9001",
        "year": 2021,
        "variable": "population",
        "old_value": 11,
        "old_flag": "ok",
        "old_source": OLD,
        "new_value": 12,
        "new_flag": "ok",
        "new_source": NEW,
    }


@pytest.mark.parametrize(
    ("days", "source"),
    [
        ({OLD: "2022-01-01", NEW: "2024-01-01"}, NEW),
        ({NEW: "2024-01-01"}, NEW),
        ({OLD: "2024-01-01", NEW: "2022-01-01"}, OLD),
        ({OLD: "2024-01-01", NEW: "2024-01-01"}, OLD),
        ({OLD: "2022-01-01"}, OLD),
    ],
)
def test_the_newest_file_that_says_a_value_is_its_source(days, source):
    rows = ("9001", 2020, 10)
    merged = merge_observations(frame(OLD, rows), frame(NEW, rows), days)
    assert told(merged.observations) == {("9001", 2020, source): 10}
    assert (merged.repeated, len(merged.revisions)) == (1, 0)
    joined, _ = join_new([part("a.csv", OLD, rows), part("b.csv", NEW, rows)], days)
    assert told(joined) == {("9001", 2020, source): 10}


def test_a_value_that_is_withdrawn_is_a_revision():
    base = frame(OLD, ("9001", 2020, 10))
    merged = merge_observations(base, frame(NEW, ("9001", 2020, None), flag="missing_or_secret"))
    assert merged.revisions["new_flag"].tolist() == ["missing_or_secret"]
    assert told(merged.observations) == {("9001", 2020, NEW): None}


def test_two_nulls_for_different_reasons_differ():
    base = frame(OLD, ("9001", 2020, None), flag="not_available_yet")
    merged = merge_observations(base, frame(NEW, ("9001", 2020, None), flag="no_data"))
    assert len(merged.revisions) == 1
    again = merge_observations(base, frame(NEW, ("9001", 2020, None), flag="not_available_yet"))
    assert again.repeated == 1


def test_other_data_sets_stand_side_by_side():
    base = frame(OLD, ("9001", 2020, 10))
    merged = merge_observations(base, frame(OTHER, ("9001", 2020, 99)))
    assert told(merged.observations) == {("9001", 2020, OLD): 10, ("9001", 2020, OTHER): 99}
    assert merged.revisions.empty


def test_merging_with_nothing():
    rows = frame(OLD, ("9001", 2020, 10))
    assert merge_observations(empty_observations(), rows).added == 1
    assert told(merge_observations(rows, empty_observations()).observations) == told(rows)


def test_two_files_that_contradict_each_other_are_an_error_with_the_cells():
    with pytest.raises(ContradictionError) as caught:
        join_new([part("a.csv", OLD, ("9001", 2020, 10)), part("b.csv", NEW, ("9001", 2020, 10.5))])
    text = str(caught.value)
    assert "a.csv: 10; b.csv: 10,5" in text
    assert "9001, 2020, population" in text
    assert "osobno" in text


def test_all_contradictions_are_counted():
    years = range(2000, 2020)
    one = part("a.csv", OLD, *(("9001", year, 1) for year in years))
    other = part("b.csv", NEW, *(("9001", year, 2) for year in years))
    with pytest.raises(ContradictionError) as caught:
        join_new([one, other])
    assert "i 15 innych komórek" in str(caught.value)


def test_files_that_agree_are_one():
    rows, doubled = join_new(
        [
            part("a.csv", OLD, ("9001", 2020, 10)),
            part("b.csv", NEW, ("9001", 2020, 10), ("9001", 2021, 1)),
        ]
    )
    assert told(rows) == {("9001", 2020, OLD): 10, ("9001", 2021, NEW): 1}
    assert doubled == 1


def test_a_cell_that_is_empty_in_one_file_does_not_contradict():
    empty = part("a.csv", OLD, ("9001", 2020, None), flag="no_data")
    rows, _ = join_new([empty, part("b.csv", NEW, ("9001", 2020, 7))])
    assert told(rows) == {("9001", 2020, NEW): 7}


def test_a_secret_contradicts_a_number():
    secret = part("a.csv", OLD, ("9001", 2020, None), flag="missing_or_secret")
    with pytest.raises(ContradictionError, match=r"a\.csv, b\.csv"):
        join_new([secret, part("b.csv", NEW, ("9001", 2020, 7))])


def test_plain_tables_of_one_family_may_not_contradict():
    one = part("a.csv", "own:a@00000001", ("9001", 2020, 1), family="own:")
    other = part("b.csv", "own:b@00000002", ("9001", 2020, 2), family="own:")
    with pytest.raises(ContradictionError):
        join_new([one, other])
    apart = part("b.csv", "own:b@00000002", ("9001", 2020, 2), family="own:b")
    assert len(join_new([one, apart])[0]) == 2


def test_the_same_file_twice_is_taken_once():
    rows, _ = join_new(
        [part("a.csv", OLD, ("9001", 2020, 1)), part("kopia.csv", OLD, ("9001", 2020, 1))]
    )
    assert len(rows) == 1


@pytest.mark.parametrize("reason", ["missing_or_secret", "not_available_yet", "ambiguous_zero"])
@pytest.mark.parametrize(
    ("flag", "value", "after"), [("no_data", None, None), ("ok", 0, "ambiguous_zero")]
)
def test_a_bare_number_replaces_no_null_that_has_a_reason(reason, flag, value, after):
    base = frame(OLD, ("9001", 2020, None), flag=reason)
    new = frame(NEW, ("9001", 2020, value), flag=flag)
    merged = merge_observations(base, new, flagless={NEW})
    check_observations(merged.observations)
    assert merged.observations["flag"].tolist() == [after or reason]
    assert merged.observations["value"].isna().all()
    assert len(merged.revisions) == (after is not None and after != reason)
    flagged = merge_observations(base, new)  # a source with flags may take it back
    assert flagged.observations["flag"].tolist() == [flag]


def test_a_bare_number_takes_no_flag_away():
    base = frame(OLD, ("9001", 2020, 0), ("9002", 2020, 7), ("9003", 2020, None), flag=None)
    base["flag"] = base["flag"].cat.set_categories(["true_zero", "ok", "no_data"])
    base.loc[0, "flag"] = "true_zero"
    new = frame(NEW, ("9001", 2020, 0), ("9002", 2020, 8), ("9003", 2020, 0))
    merged = merge_observations(base, new, {OLD: "2025-01-01", NEW: "2025-02-01"}, flagless={NEW})
    assert told(merged.observations) == {
        ("9001", 2020, OLD): 0,
        ("9002", 2020, NEW): 8,
        ("9003", 2020, NEW): 0,
    }
    assert set(merged.observations["flag"]) == {"true_zero", "ok"}
