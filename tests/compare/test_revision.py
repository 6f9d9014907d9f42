"""Revision comparison (M23): golden values, every outcome, what is not compared."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from smup_lib.compare.intervals import wilson_interval
from smup_lib.compare.revision import CONCLUSION_COLUMNS, compare_revision, read_revision
from smup_lib.present.formats import format_number


def conclusions(*rows):
    """Rows of unit, value, decimals, result; the rest is alike."""
    told = [
        (unit, "share", 2022, "M4a", "similar:15", "1", value, decimals, "ok", result, "")
        for unit, value, decimals, result in rows
    ]
    return pd.DataFrame(told, columns=CONCLUSION_COLUMNS)


def outcome(old, new):
    return compare_revision(conclusions(("9001", *old)), conclusions(("9001", *new))).rows.iloc[0]


def standing(count, base, benchmark=0.70):
    low, high = (float(bound) for bound in wilson_interval(count, base))
    return "better" if low > benchmark else ("worse" if high < benchmark else "similar")


@pytest.mark.parametrize(
    ("count", "low", "high", "word"),
    [
        (80, 0.7111708344, 0.8666330667, "better"),
        (78, 0.6892964649, 0.8499871762, "similar"),
        (85, 0.7671644041, 0.9069401472, "better"),
        (81, 0.7222115462, 0.8748524849, "better"),
    ],
)
def test_golden_intervals(count, low, high, word):
    found = [float(bound) for bound in wilson_interval(count, 100)]
    assert found == pytest.approx([low, high], rel=1e-6)
    assert standing(count, 100) == word


@pytest.mark.parametrize(("old", "new", "expected"), [(80, 78, "flipped"), (85, 81, "moved")])
def test_golden_conclusions(old, new, expected):
    row = outcome(
        (float(old), np.nan, standing(old, 100)), (float(new), np.nan, standing(new, 100))
    )
    assert (row["outcome"], row["value_moved"]) == (expected, True)


@pytest.mark.parametrize(
    ("old", "new", "moved"),
    [
        ((81.0, 0), (81.4, 1), False),
        ((81.0, 0), (81.6, 1), True),
        ((81.0, 0), (81.55, 1), False),  # exactly the limit
        ((81.0, np.nan), (81.0, np.nan), False),
        ((81.0, np.nan), (81.001, np.nan), True),
    ],
)
def test_golden_rounding(old, new, moved):
    assert outcome((*old, "better"), (*new, "better"))["value_moved"] == moved


def test_every_outcome():
    old = conclusions(*[(f"900{n}", 50.0, 0, "better") for n in range(6)], ("9006", np.nan, 0, ""))
    new = old.copy()
    new.loc[1, "value"] = 55.0
    new.loc[2, "result"] = "similar"  # a peer moved, not the unit
    new.loc[3, ["value", "flag", "result", "reason"]] = [np.nan, "no_data", "", "brak wartości"]
    new.loc[4, "definition_version"] = "2"
    new.loc[6, ["value", "result"]] = [40.0, "worse"]
    new = new.drop(index=5)
    found = compare_revision(old, new)
    assert found.rows["outcome"].tolist() == [
        "unchanged",
        "moved",
        "flipped",
        "unanswered",
        "redefined",
        "unanswered",
        "answered",
    ]
    assert found.rows["reason"].tolist()[3:6] == [
        "brak wartości",
        "definicja wskaźnika się zmieniła",
        "w nowych danych tego wniosku nie da się policzyć",
    ]
    assert found.rows["value_moved"].tolist() == [False, True, False, True, False, False, False]
    assert found.outdated["unit_code"].tolist() == ["9002", "9003", "9005"]


def test_a_flag_alone_is_a_change_of_the_value():
    old = conclusions(("9001", np.nan, 0, ""))
    old["flag"] = "not_available_yet"
    assert compare_revision(old, old.assign(flag="no_data")).moved == 1
    assert compare_revision(old, old).moved == 0


def test_a_value_with_many_conclusions_moved_once_and_the_order_of_rows_does_not_matter():
    one = conclusions(("9001", 50.0, 0, "better"), ("9002", 60.0, 0, "better"))
    old = pd.concat([one, one.assign(method="M7")], ignore_index=True)
    new = old.assign(value=old["value"] + [5, 0, 5, 0])
    found = compare_revision(old, new)
    assert (found.moved, len(found.outdated)) == (1, 0)
    turned = compare_revision(old, new.iloc[::-1])
    pd.testing.assert_frame_equal(found.rows, turned.rows)


def test_new_conclusions_nobody_stored_are_not_looked_at_and_doubles_are_a_mistake():
    old = conclusions(("9001", 50.0, 0, "better"))
    new = conclusions(("9001", 50.0, 0, "better"), ("9002", 60.0, 0, "better"))
    assert len(compare_revision(old, new).rows) == 1
    with pytest.raises(ValueError, match="one row per"):
        compare_revision(old, pd.concat([new, new]))
    assert compare_revision(old.iloc[:0], new).rows.empty


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (0, "Po korekcie danych: 0 wartości po zmianie, 0 wniosków do poprawy."),
        (
            1,
            "Po korekcie danych: 1 wartość po zmianie, 1 wniosek do poprawy; "
            "nieaktualne wnioski: powiat próbny – Udział (2022).",
        ),
    ],
)
def test_the_sentence(n, said):
    old = conclusions(("9001", 50.0, 0, "better"))
    new = old.assign(value=40.0, result="worse") if n else old
    found = compare_revision(old, new)
    reading = read_revision(found, {"9001": "powiat próbny", "share": "Udział"})
    assert reading.fill(lambda f: format_number(*f)) == said
