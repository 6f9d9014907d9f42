"""How long does one static chart take, beside matplotlib and pygal drawing the same numbers?

Warm: libraries imported, fonts loaded, one chart of each kind drawn before; then 20 charts of 20
different units, median and worst. Every library gets the same data and writes an SVG string with
title, axes, the unit marked, median and quartiles. Ours also holds names, values with their keys,
notes and an accessible description, and is drawn for two widths on a page, so the cost of a whole
figure (two drawings, table twin, words) is printed too.

Usage: python benchmarks/bench_charts.py
"""

from __future__ import annotations

import io
import math
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import shapely

from smup_lib.conclude.evidence import NumberKey
from smup_lib.present.charts import (
    Chart,
    DistributionChart,
    MapChart,
    ProfileChart,
    RankingChart,
    SeriesChart,
)
from smup_lib.present.figure import ChartFigure
from smup_lib.present.svg import render_svg

UNITS = 20
LIMIT_MS = 10.0


def chart_words(unit: int) -> dict[str, Any]:
    return {
        "title": "Wypadki drogowe",
        "measure_unit": "na 100 tys. mieszk.",
        "source_line": "Dane wymyślone do pomiaru.",
        "key": NumberKey(f"90{unit:02d}", "accident_rate", 2018, group="similar"),
        "unit_name": f"powiat próbny {unit}",
    }


def group_frame(unit: int, count: int) -> pd.DataFrame:
    draw = random.Random(unit)
    values = [round(draw.lognormvariate(math.log(58), 0.3), 1) for _ in range(count)]
    return pd.DataFrame(
        {
            "unit_code": [f"90{unit:02d}", *(f"91{i:04d}" for i in range(count - 1))],
            "name": [
                f"powiat próbny {unit}",
                *(f"powiat porównywany {i}" for i in range(count - 1)),
            ],
            "value": values,
            "flag": "ok",
        }
    )


def statistics_of(frame: pd.DataFrame) -> dict[str, float]:
    q25, median, q75 = np.quantile(frame["value"][1:], [0.25, 0.5, 0.75])
    return {"q25": float(q25), "median": float(median), "q75": float(q75)}


def distribution(unit: int, count: int = 25) -> DistributionChart:
    frame = group_frame(unit, count)
    frame["role"] = ["unit", *["peer_neighbour"] * 5, *["peer"] * (count - 6)]
    return DistributionChart(frame=frame, **statistics_of(frame), **chart_words(unit))


def series(unit: int) -> SeriesChart:
    draw = random.Random(unit)
    years = list(range(2008, 2025))
    frame = pd.DataFrame({"year": years, "value": [60 + draw.gauss(0, 5) for _ in years]})
    frame["median"] = [66 - i / 2 for i in range(len(years))]
    frame["q25"], frame["q75"] = frame["median"] - 9, frame["median"] + 12
    return SeriesChart(frame=frame, **chart_words(unit))


def ranking(unit: int) -> RankingChart:
    frame = group_frame(unit, 12)
    median = statistics_of(frame)["median"]
    return RankingChart(frame=frame, median=median, **chart_words(unit))


def profile(unit: int) -> ProfileChart:
    draw = random.Random(unit)
    dimensions = ("quantity", "quality", "accessibility", "efficiency")
    rows = [
        {
            "indicator": f"indicator_{i}",
            "name": f"Wskaźnik próbny {i}",
            "dimension": dimensions[i // 3],
            "value": draw.uniform(0, 100),
            "percentile": draw.random(),
            "standing": draw.choice(["better", "worse", "similar", "not_judged"]),
            "measure_unit": "%",
            "median": 50.0,
        }
        for i in range(12)
    ]
    return ProfileChart(frame=pd.DataFrame(rows), **chart_words(unit))


def map_of(unit: int, count: int = 380) -> MapChart:
    side = math.ceil(math.sqrt(count))
    frame = group_frame(unit, count)
    places = [divmod(i, side) for i in range(count)]
    # forty points a border, about what a simplified powiat has
    shapes = [shapely.box(x, y, x + 1, y + 1).segmentize(0.1) for x, y in places]
    frame["geometry"] = [bytes(shapely.to_wkb(shapely.affinity.scale(s, 30, 30, origin=(0, 0))))
                         for s in shapes]  # fmt: skip
    return MapChart(frame=frame, **statistics_of(frame), **chart_words(unit))


def measure(draw: Callable[[int], object]) -> tuple[float, float]:
    draw(99)
    times = []
    for unit in range(UNITS):
        start = time.perf_counter()
        draw(unit)
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times), max(times)


def measure_prepared(
    make: Callable[[int], Chart], draw: Callable[[Chart], object]
) -> tuple[float, float]:
    """Measure drawing alone: specifications are made before the clock starts."""
    charts = {unit: make(unit) for unit in (*range(UNITS), 99)}
    return measure(lambda unit: draw(charts[unit]))


def matplotlib_drawers() -> dict[str, Callable[[Chart], object]]:
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.fonttype"] = "none"
    import matplotlib.pyplot as plt

    def saved(figure: Any) -> str:
        out = io.StringIO()
        figure.savefig(out, format="svg")
        plt.close(figure)
        return out.getvalue()

    def strip(chart: Any) -> str:
        figure, axes = plt.subplots(figsize=(7.2, 2))
        values = chart.frame["value"].to_numpy()
        axes.axvspan(chart.q25, chart.q75, color="#e6eaee")
        axes.axvline(chart.median, color="#1b1f24")
        axes.plot(values, np.zeros(len(values)), "o", color="#747e88")
        axes.plot(values[:1], [0], "o", color="#0b5cad", ms=10)
        axes.annotate(chart.unit_name, (values[0], 0), (values[0], 0.03))
        axes.set(title=chart.title, xlabel=chart.measure_unit, yticks=[])
        return saved(figure)

    def line(chart: Any) -> str:
        figure, axes = plt.subplots(figsize=(7.2, 3))
        frame = chart.frame
        axes.fill_between(frame["year"], frame["q25"], frame["q75"], color="#e6eaee")
        axes.plot(frame["year"], frame["median"], color="#747e88")
        axes.plot(frame["year"], frame["value"], "o-", color="#0b5cad")
        axes.set(title=chart.title, ylabel=chart.measure_unit, ylim=(0, None))
        return saved(figure)

    def bars(chart: Any) -> str:
        figure, axes = plt.subplots(figsize=(7.2, 3.5))
        frame = chart.frame.sort_values("value")
        axes.barh(frame["name"], frame["value"], color="#747e88")
        axes.axvline(chart.median, color="#1b1f24")
        axes.set(title=chart.title, xlabel=chart.measure_unit)
        return saved(figure)

    def dots(chart: Any) -> str:
        figure, axes = plt.subplots(figsize=(7.2, 4.5))
        axes.axvspan(0.25, 0.75, color="#e6eaee")
        axes.plot(chart.frame["percentile"], chart.frame["name"], "o", color="#0b5cad")
        axes.set(title=chart.title, xlim=(0, 1))
        return saved(figure)

    def areas(chart: Any) -> str:
        from matplotlib.collections import PolyCollection

        figure, axes = plt.subplots(figsize=(7.2, 6))
        shapes = [shapely.get_coordinates(g) for g in shapely.from_wkb(chart.frame["geometry"])]
        drawn = PolyCollection(shapes, array=chart.frame["value"], edgecolors="white")
        axes.add_collection(drawn)
        axes.autoscale_view()
        axes.set(title=chart.title, xticks=[], yticks=[])
        figure.colorbar(drawn)
        return saved(figure)

    return {"distribution": strip, "series": line, "ranking": bars, "profile": dots, "map": areas}


def pygal_drawers() -> dict[str, Callable[[Chart], object]]:
    import pygal

    options = {"js": [], "disable_xml_declaration": True}

    def strip(chart: Any) -> object:
        drawing = pygal.XY(stroke=False, title=chart.title, **options)
        drawing.add("grupa", [(v, 0) for v in chart.frame["value"][1:]])
        drawing.add(chart.unit_name, [(chart.frame["value"][0], 0)])
        drawing.add("mediana", [(chart.median, 0)])
        return drawing.render()

    def line(chart: Any) -> object:
        drawing = pygal.Line(title=chart.title, **options)
        drawing.x_labels = [str(year) for year in chart.frame["year"]]
        for name in ("value", "median", "q25", "q75"):
            drawing.add(name, chart.frame[name].tolist())
        return drawing.render()

    def bars(chart: Any) -> object:
        drawing = pygal.HorizontalBar(title=chart.title, **options)
        frame = chart.frame.sort_values("value")
        drawing.x_labels = frame["name"].tolist()
        drawing.add(chart.unit_name, frame["value"].tolist())
        return drawing.render()

    return {"distribution": strip, "series": line, "ranking": bars}


def rivals() -> dict[str, dict[str, Callable[[Chart], object]]]:
    found = {}
    for name, drawers in (("matplotlib", matplotlib_drawers), ("pygal", pygal_drawers)):
        try:
            found[name] = drawers()
        except ImportError:
            print(f"{name} is not installed: not measured")
    return found


def main() -> int:
    makers: dict[str, Callable[[int], Chart]] = {
        "distribution": distribution,
        "distribution, 380 units": lambda unit: distribution(unit, 380),
        "series": series,
        "ranking": ranking,
        "profile, 12 indicators": profile,
        "map, 380 areas": map_of,
        "map, 2 477 areas": lambda unit: map_of(unit, 2477),
    }
    others = rivals()
    print(f"\none chart, warm, {UNITS} different units: median (worst) in ms\n")
    header = ["chart", "svg", "size kB", "whole figure", *others]
    print("".join(f"{text:<26}" if i == 0 else f"{text:>18}" for i, text in enumerate(header)))
    slow = []
    for name, make in makers.items():
        median, worst = measure_prepared(make, render_svg)
        whole, _ = measure_prepared(make, lambda chart: ChartFigure(chart).html())
        size = len(render_svg(make(1))) / 1000
        row = [f"{median:.1f} ({worst:.1f})", f"{size:.0f}", f"{whole:.1f}"]
        for drawers in others.values():
            kind = name.partition(",")[0]
            if kind not in drawers:
                row.append("–")
                continue
            theirs, _ = measure_prepared(make, drawers[kind])
            row.append(f"{theirs:.0f} ({theirs / median:.0f}x ours)")
        print(f"{name:<26}" + "".join(f"{text:>18}" for text in row))
        if median > LIMIT_MS:
            slow.append(name)
    if slow:
        print(f"\nslower than {LIMIT_MS:.0f} ms: {', '.join(slow)}")
    return 1 if slow else 0


if __name__ == "__main__":
    raise SystemExit(main())
