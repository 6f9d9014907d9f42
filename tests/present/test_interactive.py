"""Widgets show the same specification on the same scales."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from smup_lib.present.map_classes import classify
from smup_lib.present.numbers import read_numbers
from smup_lib.present.tokens import LIGHT
from tests.present.cases import MAKERS, all_cases

bqplot = pytest.importorskip("bqplot")
CASES = [pytest.param(c, id=f"{k}-{n}") for k, n, c in all_cases() if n != "all gminy"]


@pytest.mark.parametrize("chart", CASES)
def test_every_chart_becomes_a_widget_with_words_beside_it(chart):
    from smup_lib.present.interactive import render_widget

    box = render_widget(chart)
    texts = " ".join(child.value for child in box.children if hasattr(child, "value"))
    assert chart.source_line in texts
    if chart.has_data:
        assert "Tabela do wykresu" in texts
    if chart.has_data and chart.kind != "profile":
        assert any(isinstance(child, bqplot.Figure) for child in box.children)


@pytest.mark.parametrize("kind", ["distribution", "ranking"])
def test_the_axis_is_that_of_the_specification(kind):
    from smup_lib.present.interactive import render_figure

    chart = MAKERS[kind]["plain"]()
    figure = render_figure(chart)
    ends = {(axis.scale.min, axis.scale.max) for axis in figure.axes}
    assert (chart.axis().low, chart.axis().high) in ends


def test_tick_labels_are_polish():
    from smup_lib.present.interactive import render_figure

    figure = render_figure(MAKERS["distribution"]["neutral"]())
    assert figure.axes[0].tick_labels["10000"] == "10\u00a0000"


def test_lines_stop_at_gaps_and_breaks():
    from smup_lib.present.interactive import render_figure

    chart = MAKERS["series"]["missing"]()
    figure = render_figure(chart)
    own = [m for m in figure.marks if getattr(m, "colors", None) == [LIGHT["unit"]]
           and isinstance(m, bqplot.Lines)]  # fmt: skip
    assert [list(line.x) for line in own] == [[2008], [2010, 2011], [2014], [2016, 2017]]


def test_the_map_has_the_same_classes():
    from smup_lib.present.interactive import render_figure

    chart = MAKERS["map"]["plain"]()
    classes = classify(chart)
    filled = [m.fill_colors[0] for m in render_figure(chart).marks if m.fill == "inside"]
    wanted = [LIGHT[classes.colours[classes.place(v) or 0]] for v in chart.frame["value"]]
    assert filled == wanted


def test_bqplot_is_not_imported_before_a_widget_is_made():
    code = "import sys, smup_lib.present.interactive; sys.exit('bqplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_marks_of_a_distribution_are_explained_below_it():
    from smup_lib.present.interactive import render_widget

    box = render_widget(MAKERS["distribution"]["plain"]())
    below = box.children[-1].value
    assert '<ul class="smup-key" aria-label="Legenda">' in below
    legend = below.partition("</ul>")[0]
    assert "sąsiedzi" in legend and "grupa: " in legend
    assert any(n.key.statistic == "n" for n in read_numbers(legend))


def test_two_indicators_stand_on_the_scales_and_medians_of_the_specification():
    from smup_lib.present.interactive import render_figure, render_widget

    chart = MAKERS["against"]["plain"]()
    figure = render_figure(chart)
    dots = [m for m in figure.marks if isinstance(m, bqplot.Scatter)]
    assert sum(len(m.x) for m in dots) == len(chart.dots)
    assert (dots[-1].x[0], dots[-1].y[0]) == (chart.own.x, chart.own.y)
    lines = [(set(m.x), set(m.y)) for m in figure.marks if isinstance(m, bqplot.Lines)]
    assert ({chart.across.median}, {figure.axes[1].scale.min, figure.axes[1].scale.max}) in lines
    assert [axis.label for axis in figure.axes] == [
        "Liczebność klasy [os./oddział]", "Koszt ucznia [zł/os.]"
    ]  # fmt: skip
    below = render_widget(chart).children[-1].value
    assert '<ul class="smup-key" aria-label="Legenda">' in below


def test_a_long_name_gives_way_to_the_value_beside_the_dot():
    from smup_lib.present.interactive import render_figure, render_widget

    chart = MAKERS["distribution"]["plain"]()
    frame = chart.frame.copy()
    frame.loc[frame["unit_code"] == chart.key.unit, "name"] = "powiat czarnkowsko-trzcianecki"
    long = replace(chart, frame=frame, unit_name="powiat czarnkowsko-trzcianecki")
    labels = [m.text[0] for m in render_figure(long).marks if isinstance(m, bqplot.Label)]
    assert long.number(long.own_value) in labels
    assert "powiat czarnkowsko-trzcianecki" in render_widget(long).children[-1].value
