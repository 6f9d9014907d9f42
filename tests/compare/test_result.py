"""The shape of an answer: a value or a reason, never both; every method knows its data."""

from __future__ import annotations

import pandas as pd
import pytest

from smup_lib.compare.methods import BASES, METHODS, basis_of, basis_refusal
from smup_lib.compare.result import Result, UnitResults, count_flags, unit_rows
from tests.compare.tables import codes, counts_table
from tests.indicators.builders import indicator

#: Section 0 of the specification, read by hand: who may be asked about what.
NEEDS_COUNTS = {"M2", "M3", "M4a", "M5", "M6", "M14", "M15", "M16", "M24"}


def test_every_method_has_a_name_a_question_and_a_reference():
    numbers = {int(name[1:].rstrip("ab")) for name in METHODS}
    assert numbers == set(range(1, 25))
    for name, method in METHODS.items():
        assert method.id == name
        assert method.question.endswith("?")
        assert method.reference and method.name


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("method", METHODS)
def test_intervals_and_tests_of_chance_need_counts(method, basis):
    refused = basis_refusal(method, basis)
    if basis == "count_ratio":
        assert refused is None
    elif method in NEEDS_COUNTS:
        assert refused
    if basis in ("index", "published") and method in ("M1", "M21", "M22"):
        assert refused
    if method in ("M4b", "M7", "M9", "M12", "M13", "M20"):
        assert refused is None


def test_a_ready_made_value_has_no_counts_whatever_it_was_made_of():
    assert basis_of(indicator()) == "count_ratio"
    assert basis_of(indicator(method="published", provenance="published")) == "published"


@pytest.mark.parametrize("answer", [{}, {"value": 1.0, "reason": "brak"}])
def test_an_answer_is_a_value_or_a_reason(answer):
    with pytest.raises(ValueError, match="a value or a reason"):
        Result(method=METHODS["M1"], **answer)


def test_rows_need_their_columns_and_a_value_or_a_reason():
    with pytest.raises(ValueError, match="columns are missing"):
        UnitResults(method=METHODS["M1"], rows=pd.DataFrame({"unit_code": ["900101"]}))
    with pytest.raises(ValueError, match="900102"):
        UnitResults(
            method=METHODS["M1"], rows=unit_rows([*codes(2)[:1], "900102"], value=[1.0, None])
        )


def test_a_value_beside_a_reason_is_taken_out_with_its_bounds():
    rows = unit_rows(["a", "b"], value=[1.0, 2], low=[0.0, 1], high=[2.0, 3], reason=["", "brak"])
    assert rows[["value", "low", "high"]].isna().all(axis=1).tolist() == [False, True]


def test_columns_are_taken_by_place_not_by_index():
    other = pd.Series([5.0, 6.0], index=[7, 8])
    assert unit_rows(["a", "b"], value=other)["value"].tolist() == [5, 6]


def test_flags_are_counted():
    table = counts_table([1, float("nan"), 3], [5, 5, 5])
    assert count_flags(table) == {"no_data": 1, "ok": 2}
    assert count_flags(table.drop(columns="flag")) == {}
