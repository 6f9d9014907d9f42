"""Draw a chart as one inline SVG: real text, an accessible name, colours that follow the page."""

from __future__ import annotations

from hashlib import blake2s

from smup_lib.present.charts import (
    Chart,
    ChartError,
    DistributionChart,
    MapChart,
    PairChart,
    ProfileChart,
    RankingChart,
    SeriesChart,
)
from smup_lib.present.heat_chart import HeatChart
from smup_lib.present.svg_draw import Canvas
from smup_lib.present.tokens import WIDE


def render_svg(chart: Chart, width: float = WIDE) -> str:
    """Return a chart as an SVG string.

    Parameters
    ----------
    chart : Chart
        Any specification of ``present.charts`` that has data.
    width : float, default 720
        Pixels to lay the drawing out for; below 500 names and values move above the marks. Text
        keeps its size, so draw for the width that will be shown.

    Returns
    -------
    str
        ``<svg role="img">`` with ``title`` and ``desc``; the description is the chart's finding.

    Raises
    ------
    ChartError
        When there is nothing to draw: show ``figure.missing_box`` instead.

    Examples
    --------
    >>> import pandas as pd
    >>> from smup_lib.present.charts import RankingChart
    >>> from smup_lib.present.numbers import NumberKey
    >>> chart = RankingChart(
    ...     frame=pd.DataFrame({"unit_code": ["9001"], "name": ["Olszyn"], "value": [3.0]}),
    ...     title="Biblioteki", measure_unit="szt.", source_line="Dane przykładowe.",
    ...     key=NumberKey("9001", "libraries", 2020), unit_name="Olszyn")
    >>> render_svg(chart).startswith("<svg")
    True
    """
    if not chart.has_data:
        raise ChartError(
            f"Wykres „{chart.title}” nie ma czego pokazać.",
            expected="wartości w ramce wykresu",
            next_step="pokaż ramkę z opisem brakujących danych (figure.missing_box)",
        )
    canvas, height = _draw(chart, width)
    title = chart.title if not chart.measure_unit else f"{chart.title} [{chart.measure_unit}]"
    seed = f"{title}|{chart.alt_text}|{chart.key}|{canvas.body()}"
    uid = "c" + blake2s(seed.encode(), digest_size=6).hexdigest()
    return canvas.close(height, title, chart.alt_text, uid)


def _draw(chart: Chart, width: float) -> tuple[Canvas, float]:
    # each drawing is its own module; only what a page draws is imported
    if isinstance(chart, DistributionChart):
        from smup_lib.present.svg_distribution import draw_distribution

        return draw_distribution(chart, width)
    if isinstance(chart, SeriesChart):
        from smup_lib.present.svg_series import draw_series

        return draw_series(chart, width)
    if isinstance(chart, RankingChart):
        from smup_lib.present.svg_ranking import draw_ranking

        return draw_ranking(chart, width)
    if isinstance(chart, ProfileChart):
        from smup_lib.present.svg_profile import draw_profile

        return draw_profile(chart, width)
    if isinstance(chart, MapChart):
        from smup_lib.present.svg_map import draw_map

        return draw_map(chart, width)
    if isinstance(chart, PairChart):
        from smup_lib.present.svg_pair import draw_pair

        return draw_pair(chart, width)
    if isinstance(chart, HeatChart):
        from smup_lib.present.svg_heat import draw_heat

        return draw_heat(chart, width)
    raise TypeError(f"no drawing for {type(chart).__name__}")
