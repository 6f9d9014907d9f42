"""Earlier years beside learnable peers (M13): who lasts, who was lucky once, who is not known."""

from __future__ import annotations

import pandas as pd
import pytest

from smup_lib.compare import compare_learnable, weigh_years
from tests.indicators.builders import signed

NAN = float("nan")
UNIT, PEER = "9001", "9002"
FLEETING = "we wcześniejszych latach na ogół nie była lepsza"
TOO_FEW = "za mało wcześniejszych lat, by odróżnić trwałą przewagę od jednego roku"


def published(direction="higher", **polarity):
    return signed(direction, **polarity).model_copy(
        update={"method": "published", "minimum_gap": 2.0, "measure_unit": "%", "decimals": 1}
    )


def counted():
    return signed("higher").model_copy(
        update={"method": "share", "multiplier": 100.0, "measure_unit": "%", "decimals": 1}
    )


def series(own: list[float], *peers: list[float], last: int = 2022, **columns) -> pd.DataFrame:
    """Return years up to the one before ``last``; the unit first."""
    rows = [
        {
            "unit_code": f"900{place}",
            "year": last - len(values) + n,
            "value": value,
            "flag": "ok" if value == value else "no_data",
            "qualifiers": "",
        }
        for place, values in enumerate([own, *peers], 1)
        for n, value in enumerate(values)
    ]
    return pd.DataFrame(rows).assign(**columns)


def weighed(entry, own, peer, **more):
    return weigh_years(entry, series(own, peer), UNIT, [PEER], 2022, **more).loc[PEER].tolist()


@pytest.mark.parametrize(
    ("own", "peer", "answer"),
    [
        ([1, 1, 1, 1], [2, 2, 2, 2], [4, 4, ""]),
        ([1, 1, 1, 1], [2, 2, 2, 0], [4, 3, ""]),
        ([1, 1, 1, 1], [2, 2, 0, 0], [4, 2, FLEETING]),
        ([1, 1, 1], [2, 2, 0], [3, 2, FLEETING]),
        ([1, 1, 1], [2, 2, 1.04], [3, 2, FLEETING]),  # 1.0 beside 1.0 for a reader
        ([1, 1], [2, 2], [2, 2, TOO_FEW]),
        ([1, 1, 1, 1], [2, NAN, 2, NAN], [2, 2, TOO_FEW]),
        ([NAN] * 4, [2, 2, 2, 2], [0, 0, TOO_FEW]),
        ([1] * 7, [0, 0, 2, 2, 2, 2, 2], [5, 5, ""]),  # the five nearest
    ],
)
def test_years_of_a_published_rate_bear_a_peer_out_or_not(own, peer, answer):
    assert weighed(published(), own, peer) == answer


def test_less_is_better_where_the_catalogue_says_so():
    assert weighed(published("lower"), [2, 2, 2], [1, 1, 1]) == [3, 3, ""]
    assert weighed(published("lower"), [1, 1, 1], [2, 2, 2]) == [3, 0, FLEETING]
    assert weighed(published("target", target=5.0), [9, 9, 1], [6, 4, 5]) == [3, 3, ""]


def test_with_counts_too_few_years_are_no_reason():
    assert weighed(counted(), [1, 1], [2, 2]) == [2, 2, ""]
    assert weighed(counted(), [1, 1, 1], [2, 0, 0]) == [3, 1, FLEETING]


def test_years_before_a_break_and_years_that_may_not_be_compared_are_not_asked():
    assert weighed(published(), [1] * 5, [2] * 5, since=2020) == [2, 2, TOO_FEW]
    lone = published().model_copy(update={"across_years": False})
    assert weighed(lone, [1] * 5, [2] * 5) == [0, 0, TOO_FEW]


def test_values_of_a_few_cases_bear_nothing_out():
    few = series([1] * 4, [2] * 4, qualifiers="preliminary,small_denominator")
    assert weigh_years(published(), few, UNIT, [PEER], 2022)["n_years"].tolist() == [0]


def test_a_peer_that_nobody_knows_is_told():
    found = weigh_years(published(), series([1] * 4), UNIT, [PEER], 2022)
    assert found["reason"].tolist() == [TOO_FEW]


def test_who_is_unfit_neither_teaches_nor_stands_in_the_way_of_another():
    from smup_lib.compare import Paired

    table = pd.DataFrame(
        {
            "unit_code": ["9001", "9002", "9003"],
            "value": [50.0, 70.0, 60.0],
            "flag": "ok",
            "decimals": 1,
        }
    )
    access = signed("higher").model_copy(update={"id": "access"})
    beside = [Paired(access, table.assign(value=[1.0, 3.0, 2.0]))]
    members = ["9002", "9003"]
    whole = compare_learnable(published(), table, "9001", members, beside).rows["reason"]
    assert whole.tolist() == ["", "we wszystkim nie gorsza jest jednostka 9002"]
    unfit = {"9002": FLEETING}
    rest = compare_learnable(published(), table, "9001", members, beside, unfit).rows
    assert rest["reason"].tolist() == [FLEETING, ""]
    assert rest["value"].isna().tolist() == [True, False]
