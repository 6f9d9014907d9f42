"""The id of a table says what the table says, whatever way it is stored."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smup_lib.snapshots.content import combined_digest, content_digest

FRAME = pd.DataFrame(
    {
        "unit_code": ["9001", "9002", "9003"],
        "year": np.array([2020, 2021, 2020], dtype="int16"),
        "value": [1.5, np.nan, 0.0],
        "decimals": pd.array([1, None, 0], dtype="Int8"),
        "geometry": [b"\x00a", b"", b"zz"],
    }
)
KEY = ["unit_code", "year"]


@pytest.mark.parametrize(
    "stored",
    [
        FRAME.iloc[::-1],
        FRAME.astype({"unit_code": "category"}),
        FRAME.astype({"year": "int64", "decimals": "Int64"}),
        FRAME[["value", "geometry", "decimals", "year", "unit_code"]],
        FRAME.assign(value=[1.5, -np.nan, -0.0]),
        FRAME.astype({"unit_code": pd.CategoricalDtype(["x", "9003", "9002", "9001"])}),
    ],
    ids=[
        "row order",
        "categories",
        "integer width",
        "column order",
        "NaN and -0",
        "spare categories",
    ],
)
def test_storage_does_not_matter(stored):
    assert content_digest(stored, KEY) == content_digest(FRAME, KEY)


@pytest.mark.parametrize(
    "changed",
    [
        FRAME.assign(value=[1.5, np.nan, 1e-9]),
        FRAME.assign(value=[1.5, 0.0, 0.0]),
        FRAME.assign(unit_code=["9001", "9002", "9004"]),
        FRAME.rename(columns={"value": "wartosc"}),
        FRAME.iloc[:2],
        FRAME.assign(geometry=[b"\x00", b"a", b"zz"]),
    ],
    ids=["value", "null to zero", "code", "column name", "fewer rows", "bytes moved"],
)
def test_meaning_does_matter(changed):
    assert content_digest(changed, KEY) != content_digest(FRAME, KEY)


@given(st.lists(st.tuples(st.text(), st.floats(allow_nan=False)), unique_by=lambda row: row[0]))
def test_any_order_of_any_rows_gives_one_digest(rows):
    frame = pd.DataFrame(rows, columns=["k", "v"]).astype({"k": object, "v": float})
    mixed = frame.sample(frac=1, random_state=1)
    assert content_digest(frame, ["k"]) == content_digest(mixed, ["k"])


def test_the_digest_of_a_fixed_table_never_changes():
    # an id in somebody's receipt must still be found by a later version
    frame = pd.DataFrame({"k": ["ą", "b"], "v": [1.0, np.nan]})
    assert content_digest(frame, ["k"]) == (
        "4c4c7973f71d6a20a0de562e466ff19eafad5aa6cecccd7444a265425e1fafd6"
    )


def test_named_parts_do_not_run_into_each_other():
    assert combined_digest([("a", "1"), ("b", "2")]) != combined_digest([("a", "12"), ("b", "")])
