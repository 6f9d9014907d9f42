"""Sentences of the answers: the words fit the numbers, and no number is written into the words."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from smup_lib.catalogue import load_catalogue
from smup_lib.compare import readings
from smup_lib.compare.at_median import compare_at_median
from smup_lib.compare.batch import compare_batch
from smup_lib.compare.detectability import compare_visible_change
from smup_lib.compare.false_alarms import compare_false_alarms
from smup_lib.compare.funnel import compare_funnel
from smup_lib.compare.group_difference import compare_differences
from smup_lib.compare.group_ratio import compare_group_ratio
from smup_lib.compare.intervals import compare_intervals
from smup_lib.compare.places import compare_costs, compare_places
from smup_lib.compare.rank_interval import compare_rank_rounding
from smup_lib.compare.recent_trend import compare_recent_trends
from smup_lib.compare.trend import compare_trends
from smup_lib.present.formats import NBSP, format_number
from tests.compare.tables import codes, counts_table, values_table
from tests.indicators.builders import indicator, signed

NAN = float("nan")
SHARE = {"method": "share", "multiplier": 100.0, "measure_unit": "%"}
ENTRY = signed("higher").model_copy(update=SHARE)
UNIT = codes(1)[0]
TWELVE = {UNIT: codes(13)}


def said(reading) -> str:
    text = reading.fill(lambda f: format_number(f.value, f.decimals, f.measure_unit or None))
    return text.replace(NBSP, " ")


def group(own: float, size: float = 80, n: int = 6) -> pd.DataFrame:
    return counts_table([own, *[300] * n], [size, *[1000] * n], 100.0).assign(year=2022)


def trend(counts) -> pd.DataFrame:
    table = counts_table(counts, [200, 200, 205, 210, 208], 100.0)
    return table.assign(unit_code=UNIT, year=range(2019, 2024), qualifiers="")


def test_the_group_as_a_whole():
    reading = readings.read_group_ratio(ENTRY, compare_group_ratio(ENTRY, group(12)))
    assert said(reading) == (
        "W całej grupie wartość wskaźnika „Wypadki” to 29,8%; policzono ją z sum, a nie jako "
        "średnią wskaźników (7 z 7 jednostek)."
    )


def test_intervals_of_a_share_and_of_a_rate():
    share = readings.read_interval(ENTRY, compare_intervals(ENTRY, group(3, 20)), UNIT)
    assert said(share) == (
        "15,0% (3 z 20); przy tej liczbie wynik mógłby równie dobrze wynieść od 5,2% do 36,0%."
    )
    rate = indicator(multiplier=10_000.0, measure_unit="na 10 tys. mieszk.")
    found = compare_intervals(rate, counts_table([27], [18_340]))
    assert said(readings.read_interval(rate, found, UNIT)).startswith(
        "14,7 na 10 tys. mieszk. (27 zdarzeń); przypadek sam może dać od 9,7"
    )


@pytest.mark.parametrize(
    ("own", "polarity", "words"),
    [
        (50, "higher", "wynik jest lepszy, i to bardziej"),
        (50, "lower", "wynik jest gorszy, i to bardziej"),
        (50, "neutral", "wynik jest wyższy, i to bardziej"),
        (24, "higher", "Nie ma podstaw, by mówić o różnicy."),
    ],
)
def test_differences(own, polarity, words):
    entry = (indicator() if polarity == "neutral" else signed(polarity)).model_copy(update=SHARE)
    found = compare_differences(entry, group(own), {UNIT: codes(7)})
    text = said(readings.read_difference(found, UNIT))
    assert words in text
    assert "Na tle 6 jednostek porównywalnych" in text or own == 24


@pytest.mark.parametrize(
    ("own", "words"),
    [
        (20, "wyższy niż u 12 z 12 jednostek podobnych; to pytanie"),
        (-1, "niższy niż u 12 z 12 jednostek podobnych; to pytanie"),
        (5.5, "typowy: wyższy niż u 6 z 12 jednostek podobnych."),
    ],
)
def test_costs(own, words):
    cost = indicator(data_basis="money_ratio", polarity={"judge": "two_sided"})
    found = compare_costs(cost, values_table([own, *range(12)]), TWELVE, [UNIT])
    assert words in said(readings.read_cost(found, UNIT))


def test_funnel():
    table = counts_table([40, *[10] * 11], [50] * 12)
    found = compare_funnel(ENTRY, table, "never")
    assert said(readings.read_funnel(ENTRY, found, UNIT)).endswith(
        "jest zwykłym wahaniem; 80,0% leży poza tym przedziałem."
    )
    assert "leży w tym przedziale" in said(readings.read_funnel(ENTRY, found, codes(2)[1]))


def test_directions():
    rising = compare_recent_trends(ENTRY, trend([20, 24, 29, 36, 44]), 2023)
    assert said(readings.read_recent_trend(ENTRY, rising, UNIT)) == (
        "Od 2019 do 2023 r. wskaźnik rośnie, średnio o 2,75 p.proc. rocznie; kierunek nie zależy "
        "od żadnego pojedynczego roku."
    )
    steady = compare_recent_trends(ENTRY, trend([20, 24, 28, 33, 40]), 2023)
    assert "zwykłych wahaniach" in said(readings.read_recent_trend(ENTRY, steady, UNIT))
    falling = trend([44, 36, 29, 24, 20])
    assert said(readings.read_trend(ENTRY, compare_trends(falling, 2023), UNIT)) == (
        "W 5 latach z danymi (od 2019 do 2023 r.) przeważa spadek; typowa zmiana to "
        "−3,19 p.proc. na rok."
    )


def test_places():
    table = values_table([90, 95, 90, 90, 85, 80, 75, 70, 60])
    found = compare_places(ENTRY, table, {UNIT: codes(9)})
    assert said(readings.read_place(found, UNIT)) == (
        "2. miejsce na 9 (ex aequo z 2 innymi jednostkami)."
    )
    worth = compare_rank_rounding(ENTRY, table)
    assert said(readings.read_rank_interval(worth, UNIT)) == (
        "Miejsce 2; ukryte cyfry mogłyby je zmienić na każde między 2 a 4 "
        "(niepewność zaokrąglenia). "
        "Szansa na najlepszą ćwiartkę: 33%."
    )
    assert said(readings.read_rank_interval(worth, codes(2)[1])).startswith(
        "Miejsce 1; zaokrąglenie go nie zmienia. "
    )
    neutral = compare_places(indicator(), table, {UNIT: codes(9)})
    assert readings.read_place(neutral, UNIT) is None


def test_batches():
    found = compare_batch(pd.DataFrame({"p_value": [0.001, 0.002, 0.6]}))
    assert said(readings.read_batch(found)) == (
        "Z 3 porównań 2 uznajemy za wiarygodne; wśród nich najwyżej około 5% może być "
        "dziełem przypadku."
    )
    nothing = compare_batch(pd.DataFrame({"p_value": [0.5, 0.6]}))
    assert said(readings.read_batch(nothing)) == "Z 2 porównań żadnego nie uznajemy za wiarygodne."
    alarms = compare_false_alarms(ENTRY, counts_table([20] * 30 + [60], [100] * 31))
    assert re.match(
        r"W takim zestawie około 1,\d czerwonych sygnałów .* różnicy; jest ich 1\.",
        said(readings.read_false_alarms(alarms)),
    )


def test_what_a_unit_can_show_and_what_the_gap_means():
    visible = compare_visible_change(ENTRY, counts_table([34], [42]))
    assert said(readings.read_visible_change(ENTRY, visible, UNIT)) == (
        "Przy tej wielkości (mianownik: 42) rok do roku dopiero zmiana o 16,79 p.proc. odróżnia "
        "się od przypadku."
    )
    share = ENTRY.model_copy(update={"multiplier": 1.0})
    assert not share.during_year
    table = counts_table([520, *[850] * 8], [640, *[1000] * 8]).assign(year=2022)
    found = compare_at_median(share, table, {UNIT: codes(9)})
    assert said(readings.read_at_median(share, found, UNIT, "osób")) == (
        "Gdyby wskaźnik był taki jak mediana grupy, oznaczałoby to ok. 24 osób więcej; "
        "to skala różnicy, nie prognoza."
    )
    counted_over_year = load_catalogue().indicator("transfers_per_capita")
    told = said(readings.read_at_median(counted_over_year, found, UNIT, "osób"))
    assert "ok. 24 osób więcej rocznie; " in told


def test_a_refusal_has_no_sentence_of_its_own():
    found = compare_intervals(ENTRY, counts_table([NAN], [20]))
    assert readings.read_interval(ENTRY, found, UNIT) is None
    assert readings.read_interval(ENTRY, found, "999999") is None
    assert readings.read_batch(compare_batch(pd.DataFrame({"p_value": [0.5]}))) is None
