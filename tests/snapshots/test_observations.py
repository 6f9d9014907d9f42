"""The observation contract: what passes, and how every broken rule is told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from smup_lib.errors import ObservationError
from smup_lib.flags import FLAGS, NULL_FLAGS, NUMBER_FLAGS
from smup_lib.snapshots import as_observations, check_observations
from tests.snapshots.builders import SOURCE, observations

ROW = ("9001", 2020, "population", 1000.0)


def test_a_plain_number_gets_the_ok_flag_and_a_null_a_reason():
    frame = observations([ROW, ("9002", 2020, "population", np.nan)])
    assert frame["flag"].tolist() == ["ok", "no_data"]
    assert len(check_observations(frame)) == 2


@pytest.mark.parametrize("flag", FLAGS)
def test_every_flag_has_its_kind_of_value(flag):
    value = (0.0 if flag != "ok" else 5.0) if flag in NUMBER_FLAGS else np.nan
    check_observations(observations([(*ROW[:3], value)], flag=flag))


@pytest.mark.parametrize("flag", NULL_FLAGS)
def test_a_number_beside_a_null_flag_is_refused(flag):
    with pytest.raises(ObservationError, match="wartość zgodna ze znacznikiem"):
        check_observations(observations([ROW], flag=flag))


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("unit_code", "201", "kod jednostki"),
        ("unit_code", "0201011", "kod jednostki"),
        ("year", 20, "rok"),
        ("variable", "Ludność", "zmienna"),
        ("flag", "secret", "znacznik"),
        ("qualifiers", "preliminary,incomplete", "kwalifikatory"),
        ("qualifiers", "maybe", "kwalifikatory"),
        ("source", "plik.csv", "źródło"),
    ],
)
def test_each_rule_is_told_with_the_offending_row(column, value, rule):
    frame = observations([ROW, ("9002", 2021, "population", 5.0)])
    frame[column] = frame[column].astype(object)
    frame.loc[1, column] = value
    with pytest.raises(ObservationError) as caught:
        check_observations(as_observations(frame), where="plik.csv")
    message = str(caught.value)
    assert rule in message
    assert "gdzie: plik.csv" in message
    assert "= 5.0 (" in message, "the row itself is shown"


def test_a_true_zero_must_be_zero():
    with pytest.raises(ObservationError, match="true_zero tylko przy zerze"):
        check_observations(observations([ROW], flag="true_zero"))


def test_all_problems_are_told_at_once():
    frame = observations([ROW, ROW, ("9002", 2020, "population", np.nan)])
    frame["flag"] = "ok"
    with pytest.raises(ObservationError) as caught:
        check_observations(as_observations(frame))
    rules = " ".join(caught.value.problems)
    assert "jeden wiersz na klucz" in rules
    assert "wartość zgodna ze znacznikiem" in rules
    assert len(caught.value.problems) == 2


def test_the_same_cell_from_two_sources_stands_side_by_side():
    both = pd.concat([observations([ROW]), observations([ROW], source="sample:published@0000bbbb")])
    assert len(check_observations(as_observations(both))) == 2


def test_a_missing_column_is_named():
    with pytest.raises(ObservationError, match="source"):
        as_observations({"unit_code": ["9001"], "year": [2020], "variable": ["a"], "value": [1.0]})


def test_text_in_a_number_column_is_an_error_not_a_null():
    rows = {
        "unit_code": ["9001"],
        "year": ["dwa"],
        "variable": ["a"],
        "value": [1],
        "source": SOURCE,
    }
    with pytest.raises(ObservationError):
        as_observations(rows)
