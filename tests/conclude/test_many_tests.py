"""Of many units the list is that of all their tests, and says how much of it may be luck."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from smup_lib.compare.batch import adjust_p_values
from smup_lib.conclude.many_tests import ChanceTest, list_tests, weigh_together
from smup_lib.present.many_tests import UNTESTED, luck_sentences
from tests.conclude.test_signals import area_of


def drawn(p_values, family="place", area="roads", indicators=5):
    """Return tests of units that have a few indicators each."""
    return [
        ChanceTest(
            f"{n // indicators}", area, 2022, family, f"i{n % indicators}", p, 0.05, p < 0.05
        )
        for n, p in enumerate(p_values)
    ]


def findings(*rows):
    columns = ["unit_code", "area", "year", "indicator", "claim", "kept"]
    return [dict(zip(columns, (unit, "roads", 2022, *rest), strict=True)) for unit, *rest in rows]


def test_where_nothing_differs_the_list_of_all_units_is_empty_though_single_ones_are_not():
    """Each unit alone errs in one of twenty; of a hundred units somebody is always picked out."""
    random, kept_alone, kept_together = np.random.default_rng(15), [], []
    for _ in range(20):
        p_values = random.uniform(size=500)
        kept_alone.append(
            sum((adjust_p_values(p_values[n : n + 5]) <= 0.05).sum() for n in range(0, 500, 5))
        )
        kept_together.append(weigh_together(drawn(p_values)).summary["kept"].iloc[0])
    assert sum(kept > 0 for kept in kept_alone) >= 18 and np.mean(kept_alone) > 3
    assert sum(kept == 0 for kept in kept_together) >= 17


def test_real_differences_stay_and_few_of_the_kept_are_luck():
    random = np.random.default_rng(24)
    real, luck = random.uniform(0, 1e-4, 100), random.uniform(size=900)
    found = weigh_together(drawn([*real, *luck]))
    kept = found.rows["kept"].astype(bool).to_numpy()
    assert kept[:100].all()
    assert 0 < kept[100:].sum() / kept.sum() <= 0.10
    summary = found.summary.iloc[0]
    assert (summary["tested"], summary["observed"]) == (1000, 100 + (luck < 0.05).sum())
    assert summary["expected"] == pytest.approx(50)


def test_areas_and_kinds_of_tests_are_never_mixed():
    one, two = drawn([0.01, 0.6], area="roads"), drawn([0.01] * 8, area="culture")
    third = drawn([0.04, 0.9], family="direction")
    found = weigh_together([*one, *two, *third])
    assert found.summary[["area", "family", "tested", "kept"]].values.tolist() == [
        ["roads", "place", 2, 1],
        ["culture", "place", 8, 8],
        ["roads", "direction", 2, 0],
    ]


def test_a_finding_is_told_by_the_test_it_rests_on():
    found = weigh_together(
        [
            *drawn([0.0001, 0.9, 0.04], indicators=1),
            *drawn([0.9, 0.0001], family="direction", indicators=1),
        ]
    )
    rows = findings(
        ("0", "i0", "standing", True),
        ("0", "i0", "trend", False),
        ("1", "i0", "trend", True),
        ("2", "i0", "cost", True),
        ("2", "i0", "too_small", False),
        ("2", "i0", "odd", None),
        ("2", "untested", "standing", None),
    )
    assert [found.keeps(row) for row in rows] == [True, False, True, False, False, None, None]


def test_one_test_is_no_family_and_says_so():
    found = weigh_together(drawn([0.001]))
    assert found.rows["kept"].tolist() == [None]
    row = findings(("0", "i0", "standing", True))[0]
    assert found.keeps(row) is None
    told = luck_sentences(found, pd.DataFrame([row | {"kept_in_batch": None}]))
    assert told[0].startswith("Z 1 porównania z grupą: to nie jest zestaw")


def test_the_tests_are_those_of_the_page_of_the_unit():
    area = area_of(30.0, 100.0, 101.0, 99.0)
    tests, signals = list_tests(area), area.signals
    assert len(tests) == signals.tested
    assert sum(one.false_alarm for one in tests) == pytest.approx(signals.expected)
    assert sum(one.passes for one in tests) == signals.observed
    summary = weigh_together(tests).summary.iloc[0]
    assert (summary["kept"], summary["expected"]) == (signals.kept, pytest.approx(signals.expected))


def test_sentences_count_what_stands_and_what_luck_gives():
    found = weigh_together([*drawn([0.0001, 0.9, 0.04, 0.5]), *drawn([0.3, 0.4], "direction")])
    rows = [
        row | {"kept_in_batch": found.keeps(row)}
        for row in findings(
            ("0", "i0", "standing", True),
            ("0", "i2", "standing", True),
            ("0", "i2", "too_small", False),
            ("0", "i9", "cost", None),
        )
    ]
    assert luck_sentences(found, pd.DataFrame(rows)) == [
        "Z 4 porównań z grupą za więcej niż przypadek uznajemy 1; wśród nich najwyżej około 5% "
        "może być dziełem przypadku. Gdyby żadna jednostka nie różniła się od swojej grupy, sam "
        "przypadek wskazałby około 0,2; bez tej poprawki wskazano 2.",
        "Z 2 kierunków zmian żadnego nie uznajemy za więcej niż przypadek. Gdyby nigdzie nic się "
        "nie zmieniało, sam przypadek wskazałby najwyżej około 0,1; bez tej poprawki wskazano 0.",
        "Z 4 ustaleń wpływ przypadku dało się sprawdzić przy 2; w całym zestawie utrzymuje się 1 "
        "(kolumna kept_in_batch). O pozostałych to nic nie mówi.",
    ]
    assert luck_sentences(weigh_together([]), pd.DataFrame(rows)) == [UNTESTED]
    assert luck_sentences(weigh_together([]), pd.DataFrame(columns=["kept_in_batch"])) == []


def test_of_several_areas_the_sentence_adds_what_each_keeps_for_itself():
    single = drawn([0.001], area="finance")
    found = weigh_together([*drawn([0.01, 0.6]), *drawn([0.01] * 8, area="culture"), *single])
    (told, last) = luck_sentences(found, pd.DataFrame([{"claim": "odd", "kept_in_batch": None}]))
    assert told.startswith(
        "Z 10 porównań z grupą (każdy obszar osobno) za więcej niż przypadek uznajemy 9;"
    )
    assert last.startswith("Żadne z ustaleń")
