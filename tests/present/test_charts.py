"""Specifications: what they refuse, what they say, and that their tables say the same."""

from __future__ import annotations

import dataclasses
import math

import pandas as pd
import pytest

from smup_lib.compare import compare_position
from smup_lib.present.charts import (
    BreakMark,
    Chart,
    ChartError,
    DistributionChart,
    MapChart,
    PairChart,
    ProfileChart,
    RankingChart,
    SeriesChart,
)
from smup_lib.present.map_classes import classify
from smup_lib.present.numbers import read_numbers
from smup_lib.present.tables import render_table
from tests.indicators.builders import indicator
from tests.present import cases
from tests.present.cases import (
    MAKERS,
    UNIT,
    all_cases,
    distribution,
    pair,
    profile,
    ranking,
    series,
)

CASES = [pytest.param(chart, id=f"{kind}-{name}") for kind, name, chart in all_cases()]
DRAWN = [pytest.param(c, id=f"{k}-{n}") for k, n, c in all_cases() if c.has_data]


@pytest.mark.parametrize("kind", MAKERS)
def test_every_kind_is_tried_in_every_situation(kind):
    wanted = {"plain", "missing", "all missing", "one unit", "outlier", "ties", "negative",
              "long names", "escaping"}  # fmt: skip
    assert wanted <= MAKERS[kind].keys()


@pytest.mark.parametrize("chart", CASES)
def test_a_specification_is_frozen_and_explains_itself(chart: Chart):
    with pytest.raises(dataclasses.FrozenInstanceError):
        chart.title = "inny"  # type: ignore[misc]
    assert len(chart.how_to_read) > 80
    known = any(v is not None and not math.isnan(v) for v in chart.frame["value"].tolist())
    if isinstance(chart, PairChart):
        known = chart.own is not None and len(chart.peers) >= 3
    assert chart.has_data == known


@pytest.mark.parametrize("chart", DRAWN)
def test_the_alternative_text_is_a_sentence_with_the_value(chart: Chart):
    assert chart.alt_text.endswith(".")
    assert ".." not in chart.alt_text
    assert chart.unit_name.split(" – ")[0] in chart.alt_text


def test_a_given_finding_is_the_alternative_text():
    assert distribution(finding="Wypadków jest mniej.").alt_text == "Wypadków jest mniej."


def test_alternative_texts_state_the_position():
    assert distribution(41.2, [40.0, 41.2, 50.0, 60.0], neighbours=0).alt_text == (
        "powiat olszyńsko-brzezicki: 41,2~na~100~tys. mieszk. W grupie 4 jednostek mniej mają 1, "
        "tyle samo 1, więcej 2. Mediana grupy: 45,6~na~100~tys. mieszk.".replace("~", "\u00a0")
    )


@pytest.mark.parametrize("decimals", [0, 1])
@pytest.mark.parametrize("sign", [1, -1])
def test_alternative_texts_count_what_compare_counts(decimals, sign):
    # shown without decimals 12 (11.6) has three below, five alike, two above; one is a half
    peers = [sign * v for v in (9.8, 10.2, 11.4, 11.5, 11.9, 12.0, 12.3, 12.49, 12.5, 14.0)]
    own = sign * 11.6
    chart = distribution(own, peers, neighbours=0, decimals=decimals)
    entry = indicator(decimals=decimals)
    found = compare_position(entry, chart.frame[["unit_code", "value", "flag"]], UNIT,
                             chart.frame["unit_code"])  # fmt: skip
    if decimals == 0:
        assert sorted((found.below, found.above)) == [2, 3]
    assert (
        f"mniej mają {found.below}, tyle samo {found.equal}, więcej {found.above}."
        in chart.alt_text
    )


@pytest.mark.parametrize(
    ("year", "told"), [(2007, False), (2008, False), (2009, True), (2018, True), (2019, False)]
)
def test_only_breaks_between_drawn_years_are_read_out(year, told):
    chart = series(breaks=(BreakMark(year=year, note="zmiana definicji"),))
    assert (chart.years[0], chart.years[-1]) == (2008, 2018)
    assert ("Przerwa w szeregu" in chart.alt_text) is told


def test_neighbours_outside_the_group_are_not_counted_as_group():
    chart = distribution(41.2, [10.0, 20.0, 50.0, 60.0], neighbours=4)
    assert chart.frame["role"].tolist().count("neighbour") == 2
    assert "W grupie 2 jednostek" in chart.alt_text


@pytest.mark.parametrize(
    "kind", [DistributionChart, MapChart, ProfileChart, RankingChart, SeriesChart]
)
def test_missing_columns_are_all_named(kind):
    with pytest.raises(ChartError, match="nie ma kolumn") as caught:
        kind(frame=pd.DataFrame({"x": []}), **cases.common("Próba"))
    assert all(name in str(caught.value) for name in kind.columns)


@pytest.mark.parametrize("field", ["title", "source_line", "unit_name"])
def test_a_chart_without_its_words_is_refused(field):
    with pytest.raises(ChartError, match=field):
        distribution(**{field: " "})


def test_an_unknown_role_is_refused():
    good = distribution()
    with pytest.raises(ChartError, match="kuzyn"):
        DistributionChart(frame=good.frame.assign(role="kuzyn"), **cases.common("Próba"))


@pytest.mark.parametrize("chart", CASES)
def test_the_table_twin_holds_the_same_numbers(chart: Chart):
    table, (frame, columns) = chart.table(), chart.twin()
    assert list(table.columns) == [column.full_header for column in columns]
    shown = frame[frame["unit_code"] != ""] if "unit_code" in frame else frame
    expected = chart.frame["value"].tolist()
    if isinstance(chart, SeriesChart):
        expected = [chart.by_year("value")[year] for year in chart.years]
    known = sorted(v for v in expected if v is not None and not math.isnan(v))
    assert sorted(shown["value"].dropna().tolist()) == known
    assert len(shown) == len(expected)


@pytest.mark.parametrize("chart", CASES)
def test_every_number_of_the_twin_carries_its_key(chart: Chart):
    frame, columns = chart.twin()
    found = read_numbers(render_table(frame, columns, "Próba"))
    numbers = [c for c in columns if c.kind == "number"]
    assert len(found) == len(frame) * len(numbers)
    assert all(n.key.unit for n in found)
    values = {(n.key.unit, n.key.indicator, n.key.year, n.key.statistic): n.value for n in found}
    for row in chart.records:
        unit = row.get("unit_code", UNIT)
        indicator = row.get("indicator", chart.key.indicator)
        year = row.get("year", chart.key.year)
        value = None if math.isnan(row["value"]) else row["value"]
        assert values[(str(unit), indicator, int(year), "value")] == value


@pytest.mark.parametrize("name", ["median", "q25", "q75"])
def test_the_twin_holds_the_statistics_that_the_chart_draws(name):
    chart = distribution()
    found = read_numbers(render_table(*chart.twin(), "Próba"))
    (value,) = [n.value for n in found if n.key.statistic == name]
    assert value == getattr(chart, name)
    assert {n.key.group for n in found if n.key.statistic == name} == {"similar"}


def test_the_twin_of_a_series_has_years_without_a_row():
    chart = MAKERS["series"]["missing"]()
    frame, _ = chart.twin()
    assert frame["year"].tolist() == list(range(2008, 2019))
    assert frame.set_index("year").loc[2009, "notes"] == "brak informacji lub tajemnica"
    assert math.isnan(frame.set_index("year").loc[2012, "value"])


def test_a_neutral_ranking_has_no_places():
    assert "miejsce" not in ranking(polarity="neutral").table().columns
    assert "miejsce" in ranking(polarity="lower").table().columns


@pytest.mark.parametrize(("polarity", "first"), [("lower", 1.0), ("higher", 9.0), ("neutral", 9.0)])
def test_rankings_begin_with_the_best_or_the_largest(polarity, first):
    chart = ranking(4.0, [9.0, 1.0, 4.0], polarity=polarity)
    assert chart.ordered()["value"].tolist()[0] == first


def test_equal_values_stand_in_polish_order():
    chart = ranking(4.0, [4.0, 4.0], other_names=["powiat żabnobrodzki", "powiat ćmielnicki"])
    assert chart.ordered()["name"].tolist() == [
        "powiat ćmielnicki", "powiat olszyńsko-brzezicki", "powiat żabnobrodzki",
    ]  # fmt: skip


def test_a_break_of_the_unit_alone_does_not_cut_the_group():
    chart = series(
        breaks=(BreakMark(year=2012, note="podział", unit_only=True),
                BreakMark(year=2015, note="metoda"))
    )  # fmt: skip
    assert [run[0][0] for run in chart.runs("value", unit=True)] == [2008, 2012, 2015]
    assert [run[0][0] for run in chart.runs("median", unit=False)] == [2008, 2015]


def test_lines_never_join_years_across_a_gap():
    chart = MAKERS["series"]["missing"]()
    runs = [[year for year, _ in run] for run in chart.runs("value", unit=True)]
    assert runs == [[2008], [2010, 2011], [2014], [2016, 2017]]


def test_the_same_axis_can_be_given_to_several_charts():
    charts = [distribution(domain=(0.0, 200.0)), ranking(domain=(0.0, 200.0)),
              series(domain=(0.0, 200.0))]  # fmt: skip
    assert {(c.axis().low, c.axis().high) for c in charts} == {(0.0, 200.0)}


def test_a_profile_of_gaps_alone_is_not_drawn():
    assert not MAKERS["profile"]["all missing"]().has_data
    assert profile().has_data


def test_an_own_value_beside_a_flag():
    chart = distribution(None, flag="suppressed_here")
    assert chart.own_value is None
    assert chart.own_flag == "suppressed_here"
    assert "ukryte" in chart.alt_text


def test_two_indicators_are_described_by_place_and_counts_without_a_cause():
    peers = [(10.0, 9.0), (12.0, 8.0), (14.0, 7.0), (16.0, 6.0), (13.0, 7.4)]
    chart = pair((15.0, 9.0), peers, neighbours=0, decimals=0)
    assert chart.alt_text.replace("\u00a0", " ") == (
        "powiat olszyńsko-brzezicki: liczebność klasy 15,0 os./oddział, koszt ucznia 9 zł/os. "
        "Mediany grupy: 13,0 os./oddział i 7 zł/os. Jednostek grupy z obiema wartościami: 5; "
        "obie wartości wyższe od mediany ma 0, obie niższe ma 0, wyższą tylko pierwszą ma 1, "
        "wyższą tylko drugą ma 2, na medianie leży 2."
    )
    assert "a nie co z czego wynika" in chart.how_to_read


def test_the_twin_of_two_indicators_holds_both_values_with_their_own_keys():
    chart = MAKERS["against"]["missing"]()
    found = read_numbers(render_table(*chart.twin(), "Próba"))
    values = {(n.key.unit, n.key.indicator, n.key.statistic): n.value for n in found}
    for row in chart.records:
        value = None if math.isnan(row["across"]) else row["across"]
        assert values[(row["unit_code"], "class_size", "value")] == value
    assert values[(UNIT, "class_size", "median")] == chart.across.median
    assert values[(UNIT, "accident_rate", "median")] == chart.median


@pytest.mark.parametrize("peers", [0, 2, 3])
def test_two_indicators_need_the_unit_and_three_of_the_group(peers):
    values = cases.pair_values(peers)
    assert pair(peers=values, neighbours=0).has_data is (peers == 3)
    assert not pair((14.0, None), values, neighbours=0).has_data
    # a neighbour outside the group is seen and does not count
    assert not pair(peers=cases.pair_values(4), neighbours=4).has_data


def test_classes_of_a_map_read_differently_and_never_as_nothing():
    def labels(values, decimals):
        return classify(cases.chart_map(values, decimals=decimals)).labels

    few = labels([0.01] * 50 + [0.02, 0.03, 0.04, 0.06, 0.2, 3.0] * 5, 1)
    assert few == ("0,01", "0,02 – 0,03", "0,03 – 0,06", "0,06 – 0,20", "0,20 i więcej")
    assert labels([0.0] * 50 + [3.0, 12.0, 30.0, 40.0, 60.0] * 5, 0)[0] == "0"
