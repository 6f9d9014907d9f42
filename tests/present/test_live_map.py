"""A map for a browser: small, the same shapes told once, every unit in the class of its value."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pandas as pd
import pytest
import shapely

from smup_lib.present.live_map import (
    MISSING,
    PLAIN,
    LiveMap,
    describe_chart,
    describe_shapes,
    describe_units,
)
from smup_lib.present.map_classes import MapClasses, classify
from tests.present.cases import NAN, UNIT, chart_map

VALUES = [float(v) for v in range(20)] + [NAN, 3.5, 4.5]


@pytest.fixture
def chart():
    return chart_map(VALUES, own=5, decimals=1)


def values_of(told: LiveMap) -> dict:
    return json.loads(told.values)


def test_every_unit_is_in_the_class_of_its_value_and_missing_is_no_class(chart):
    told, classes = values_of(describe_chart(chart)), classify(chart)
    known = [place for place, value in zip(told["places"], VALUES, strict=True) if value == value]
    assert told["places"][20] == MISSING
    assert known == [classes.place(value) for value in VALUES if value == value]
    assert told["values"][20] is None
    assert told["texts"][20] == "brak informacji lub tajemnica"
    assert told["texts"][3] == "3,0"
    assert [one["label"] for one in told["classes"]] == list(classes.labels)


def test_each_value_can_be_traced_by_its_key(chart):
    told = values_of(describe_chart(chart))
    before, after = told["key"]
    assert f"{before}{UNIT}{after}" == str(chart.key.of(statistic="value"))


def test_shapes_are_told_once_for_all_indicators(chart):
    other = replace(chart, frame=chart.frame.assign(value=[1.0] * len(VALUES)), title="Inny")
    first, second = describe_chart(chart), describe_chart(other)
    assert (first.key, first.shapes) == (second.key, second.shapes)
    assert first.values != second.values
    fewer = replace(chart, frame=chart.frame.head(10))
    assert describe_chart(fewer).key != first.key


def test_shapes_keep_their_areas_and_their_place(chart):
    key, text = describe_shapes(chart.frame)
    land = json.loads(text)
    assert len(key) == 16
    assert len(land["paths"]) == len(VALUES)
    sizes = shapely.area(shapely.from_wkb(chart.frame["geometry"].to_numpy()))
    assert all(d.startswith("M") and d.endswith("z") for d in land["paths"])
    assert land["km"] ** 2 * sizes.sum() <= land["width"] * land["height"]


def test_the_unit_and_its_neighbours_are_outlined(chart):
    codes = chart.frame["unit_code"].tolist()
    told = values_of(describe_chart(chart, near=[codes[7], codes[2], "0000", UNIT]))
    assert (told["own"], told["near"]) == (5, [2, 7])
    assert values_of(describe_chart(chart))["near"] == []


def test_the_legend_counts_every_unit_once_with_its_key(chart):
    legend = describe_chart(chart, near=["1"]).legend
    assert sum(counted(legend)) == len(VALUES)
    assert "data-missing" in legend
    assert "statistic=class_count:missing" in legend
    assert "sąsiedzi" in legend


def counted(legend: str) -> list[int]:
    """Return the numbers of units behind the classes."""
    return [int(count) for count in re.findall(r"statistic=class_count:\w+[^>]*>(\d+)<", legend)]


def test_classes_of_another_kind_are_taken_as_they_are(chart):
    clusters = MapClasses((), ("sequence-1", "sequence-5"), ("niskie", "wysokie"))
    codes = chart.frame["unit_code"].tolist()
    told = values_of(describe_chart(chart, classes=clusters, places={codes[0]: 1, codes[1]: 0}))
    assert told["places"] == [1, 0, *[MISSING] * (len(VALUES) - 2)]


def test_a_map_to_choose_on_has_names_and_no_numbers(chart):
    told = describe_units(chart.frame, own=UNIT)
    values = values_of(told)
    assert set(values["places"]) == {PLAIN}
    assert values["own"] == 5
    assert told.legend == ""
    assert told.key == describe_chart(chart).key


def test_a_name_cannot_end_the_element_that_holds_it(chart):
    frame = chart.frame.assign(name="</script><img src=x>")
    assert "</script" not in describe_shapes(frame)[1]
    assert json.loads(describe_shapes(frame)[1])["names"][0] == "</script><img src=x>"


def test_no_shapes_of_one_unit_are_lost():
    box = shapely.to_wkb(shapely.box(0, 0, 1, 1))
    frame = pd.DataFrame({"unit_code": ["9001"], "name": ["Olszyn"], "geometry": [box]})
    assert json.loads(describe_shapes(frame)[1])["codes"] == ["9001"]
