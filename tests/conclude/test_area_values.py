"""Values laid out for all units give back what they were made of, and nothing else."""

from __future__ import annotations

import pandas as pd
import pytest

from smup_lib.conclude.area_values import AreaValues
from smup_lib.conclude.own_series import OwnSeries
from smup_lib.indicators import VALUE_COLUMNS
from tests.conclude.builders import rows

NAN = float("nan")
YEARS = (2019, 2021, 2022)
CODES = ("9010", "9011", "9012", "9013", "9014")


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    """Return two indicators over years with gaps, in no order."""
    parts = [
        rows(name, year, {c: NAN if c == "9014" else n * year for n, c in enumerate(CODES, 1)})
        for name in ("roads", "lights")
        for year in YEARS
    ]
    parts[2] = parts[2].assign(numerator=7.0, denominator=3.5, source="b:x@1 a:y@2")
    parts[0] = parts[0].assign(qualifiers="estimated_weights", recalculated_from="9010+9099")
    parts[1] = parts[1].assign(parted_in="2020 2021")
    return pd.concat(parts, ignore_index=True).sample(frac=1, random_state=7)


@pytest.fixture(scope="module")
def values(frame) -> AreaValues:
    return AreaValues(frame, 2022, set(CODES) - {"9013"})


def test_the_frame_of_the_year_is_what_came_in(frame, values):
    wanted = frame[(frame["indicator"] == "roads") & (frame["year"] == 2022)]
    wanted = wanted[wanted["unit_code"] != "9013"].sort_values("unit_code", ignore_index=True)
    found = values["roads"].frame()
    assert list(found.columns) == list(VALUE_COLUMNS)
    pd.testing.assert_frame_equal(found, wanted, check_dtype=False)
    some = values["roads"].frame(["9012", "9010", "9999", "9012"])
    assert some["unit_code"].tolist() == ["9010", "9012"]


def test_a_row_is_the_row_of_the_frame(values):
    frame = values["roads"].frame()
    row = values["roads"].row("9011")
    assert list(row) and {name: row[name] for name in VALUE_COLUMNS} == frame.iloc[1].to_dict()
    assert values["roads"].row("9013") is None  # not compared in that year
    assert values["roads"].row("9999") is None
    assert values["nothing"].row("9010") is None


def test_the_series_of_a_unit_is_what_came_in(frame, values):
    own = values["roads"].own("9010")
    wanted = OwnSeries.of(frame[frame["indicator"] == "roads"], "9010")
    assert dict(own.cells) == dict(sorted(wanted.cells.items()))
    assert own.recalculated_from == ("9010+9099",)
    assert values["roads"].parted_in("9010") == {2020, 2021}
    assert values["lights"].parted_in("9010") == set()
    assert values["roads"].own("9999").cells == {}


def test_a_group_stands_beside_every_year_with_a_row(values):
    table = values["roads"]
    by_year = table.beside_group(table.own("9010"), ("9011", "9012", "9013", "9014"))
    assert [(one.year, one.median, one.n) for one in by_year] == [
        (year, 3 * year, 3) for year in YEARS
    ]
    few = table.beside_group(table.own("9010"), ("9011", "9012"))
    assert all(one.median != one.median and one.n == 2 for one in few)


def test_only_sources_that_are_used_are_named(values):
    assert values["roads"].sources(("9010",)) == ("a:y@2", "b:x@1", "sample:land@0000aaaa")
    assert values["lights"].sources(("9010",)) == ("sample:land@0000aaaa",)


def test_years_are_counted(values):
    assert values.count_years("9010") == {2022: 2, 2021: 2, 2019: 2}
    assert values.count_years("9014") == {}
    assert values.count_years(None) == {2022: 8, 2021: 8, 2019: 8}
    assert not values.empty


def test_no_rows_at_all_are_no_error(frame):
    values = AreaValues(frame.iloc[:0], 2022, set(CODES))
    assert values.empty and values.count_years(None) == {}
    assert values["roads"].frame().empty
    assert values["roads"].own("9010").cells == {}
    assert values["roads"].beside_group(values["roads"].own("9010"), CODES) == ()
    assert values["roads"].year_values.value("9010") is None


def test_a_year_without_rows_has_nobody(frame):
    values = AreaValues(frame, 2020, set(CODES))
    assert values.empty
    assert values["roads"].year_values.flags(["9010"]) == {"no_data": 1}
    assert len(values["roads"].own("9010").cells) == 3


def test_one_cell_twice_is_refused(frame):
    with pytest.raises(ValueError, match="one row per"):
        AreaValues(pd.concat([frame, frame.iloc[:1]]), 2022)
