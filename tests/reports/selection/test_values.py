"""Values of a selection: those of the library, in little room, known by a hash."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

import smup_lib as smup
from smup_lib.errors import NoDataError
from smup_lib.reports.selection.hashing import hash_values


def test_values_are_those_of_the_library(selection, workspace):
    told = smup.compute_indicators(
        [one.id for one in selection.found.indicators],
        "powiat",
        years=range(2018, 2023),
        snapshot=workspace.snapshot,
    )
    keys = ["unit_code", "indicator", "year"]
    mine = selection.frame.astype({"unit_code": str, "indicator": str}).set_index(keys)
    theirs = told.astype({"unit_code": str, "indicator": str}).set_index(keys)
    assert len(mine) == len(theirs) == 36 * 2 * 5
    pd.testing.assert_series_equal(mine["value"].sort_index(), theirs["value"].sort_index())


def test_all_gminy_over_ten_years_are_quick_and_small(select):
    names = ("population", "unemployed_per_1k", "library_readers_per_1k", "debt_per_capita")
    many = select(*names, units=("gminy",), years=(2014, 2023), unit=None)
    began = time.process_time()
    frame = many.frame
    assert time.process_time() - began < 2
    cells = len(many.found.units) * len(names) * 10
    assert 0.99 * cells < len(frame) <= cells  # some gminy are younger
    # of 2 477 gminy and five indicators it would still be some megabytes
    assert frame.memory_usage(deep=True).sum() / len(frame) < 60


def test_the_hash_is_of_the_values_and_of_nothing_else(select, selection):
    ordered = select(
        "library_readers_per_1k", "debt_per_capita", units=("9003", "powiaty"), group="neighbours"
    )
    assert ordered.data_hash == selection.data_hash
    assert select("debt_per_capita").data_hash != selection.data_hash
    fewer = select("debt_per_capita", "library_readers_per_1k", years=(2019, 2022))
    assert fewer.data_hash != selection.data_hash


def changed(frame: pd.DataFrame, column: str, value: object) -> pd.DataFrame:
    other = frame.astype({"flag": str, "unit_code": str, "indicator": str}).copy()
    other.loc[other["value"].first_valid_index(), column] = value
    return other


@pytest.mark.parametrize(
    ("column", "value"), [("value", 1e-9), ("flag", "no_data"), ("year", 1999)]
)
def test_one_changed_cell_changes_the_hash(selection, column, value):
    assert hash_values(changed(selection.frame, column, value)) != selection.data_hash


def test_the_hash_does_not_know_how_a_frame_is_stored(selection):
    shuffled = selection.frame.sample(frac=1, random_state=7).reset_index(drop=True)
    plain = shuffled.astype({"unit_code": object, "indicator": object, "flag": object})
    plain["value"] = plain["value"].astype("Float64")
    assert hash_values(plain) == selection.data_hash
    zeros = pd.DataFrame({"unit_code": "1", "indicator": "a", "year": [1], "flag": "ok"})
    assert hash_values(zeros.assign(value=-0.0)) == hash_values(zeros.assign(value=0.0))
    assert hash_values(zeros.assign(value=np.nan)) != hash_values(zeros.assign(value=0.0))


def test_each_indicator_knows_its_own_last_year(select):
    one = select("powiat_roads_good_share", "population", years=(2020, 2024))
    assert one.last_year("powiat_roads_good_share") == 2023
    assert one.last_year("population") == 2024
    assert not any("wartości." in note for note in one.notes)


def test_an_indicator_without_a_value_in_the_years_is_named(select):
    one = select("net_enrolment_lower_secondary", "population", years=(2020, 2022))
    assert any("za 2020–2022 r. nikt z wybranych nie ma wartości" in note for note in one.notes)


def test_nothing_at_all_names_the_years_there_are(select):
    one = select("net_enrolment_lower_secondary", years=(2021, 2022))
    with pytest.raises(NoDataError, match="2018"):
        _ = one.frame
