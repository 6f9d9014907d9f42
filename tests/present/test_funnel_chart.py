"""A funnel: units by size, limits behind them, the same said in words and in a table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from smup_lib.catalogue import load_catalogue
from smup_lib.compare import compare_funnel
from smup_lib.compare.funnel import draw_curves, funnel_limits, smooth_limits
from smup_lib.conclude.evidence import NumberKey
from smup_lib.present.figure import ChartFigure
from smup_lib.present.funnel_chart import FunnelChart
from smup_lib.present.numbers import read_numbers
from smup_lib.present.pair_chart import PairAxis
from smup_lib.present.svg import render_svg

KEY = NumberKey("a", "street_lights_led_share", 2023, group="similar:15")


@pytest.fixture(scope="module")
def chart() -> FunnelChart:
    share = load_catalogue().indicator("street_lights_led_share")
    base = np.array([50.0, 60, 80, 90, 120, 150, 200, 260, 300, 400])
    rows = pd.DataFrame({"unit_code": list("abcdefghij"), "flag": "ok",
                         "numerator": np.round(0.2 * base), "denominator": base})  # fmt: skip
    rows.loc[0, "numerator"] = 30.0
    found = compare_funnel(share, rows)
    frame = found.rows.rename(columns={"base": "across"})
    frame["name"] = [f"jednostka {code}" for code in frame["unit_code"]]
    frame["role"] = ["unit", *["peer"] * 9]
    return FunnelChart(
        frame=frame,
        curves=draw_curves(share, found).rename(columns={"base": "across"}),
        outside=1,
        title="Lejek",
        name="Oprawy LED",
        measure_unit="%",
        source_line="Dane przykładowe.",
        key=KEY,
        unit_name="jednostka a",
        across=PairAxis(
            name="Oprawy", measure_unit="szt.", key=KEY, decimals=0, statistic="denominator"
        ),
        median=found.centre,
    )


@pytest.mark.parametrize("width", [720, 340])
def test_the_drawing_has_two_pairs_of_curves_and_keys_for_its_numbers(chart, width):
    svg = render_svg(chart, width)
    assert svg.count('fill="none" stroke-width="1.75"') >= 3  # the outer ones may leave the plot
    keyed = {n.key.statistic: n.value for n in read_numbers(svg)}
    assert keyed["M5:centre"] == chart.median
    assert keyed["denominator"] == 50
    assert keyed["value"] == pytest.approx(60)


def test_words_and_table_say_what_is_drawn(chart):
    assert "jednostka a: 60,0%" in chart.alt_text
    assert "poza granicami zwykłego wahania" in chart.alt_text
    table, columns = chart.twin()
    assert {"low", "high"} <= {column.name for column in columns}
    html = ChartFigure(chart).html()
    limits = [n for n in read_numbers(html) if n.key.statistic == "M5:low"]
    assert {n.key.unit for n in limits} == set("abcdefghij")
    assert len(table) == 10


def test_smooth_curves_leave_every_count_on_its_side():
    base, centre = np.arange(200.0, 3000, 37), 0.01
    exact, smooth = (f("rate", centre, base) for f in (funnel_limits, smooth_limits))
    for count in range(60):
        ratio = count / base
        inside = (ratio >= exact[0] - 1e-12) & (ratio <= exact[1] + 1e-12)
        assert ((ratio >= smooth[0] - 1e-12) & (ratio <= smooth[1])).tolist() == inside.tolist()
