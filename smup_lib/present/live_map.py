"""What does a browser need to draw a map that can be moved? Shapes once, values each time.

The shapes of a land are the same for every indicator and year, so they are told apart from the
values and a page that shows another indicator gets the values only. ``static/map.js`` of the pages
draws both; the static drawing of the same chart is ``svg_map``.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2s
from html import escape
from typing import TYPE_CHECKING, Any

from smup_lib.plurals import plural
from smup_lib.present import words
from smup_lib.present.formats import NBSP, format_number
from smup_lib.present.map_classes import MapClasses, classify
from smup_lib.present.map_shapes import GRAIN, read_land
from smup_lib.present.scales import as_number
from smup_lib.present.svg_draw import Printed
from smup_lib.present.svg_map import bounded

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.present.charts import MapChart

#: Pixels that the shapes are fine enough for: a map of a screen, enlarged a few times.
_FINE = 1440.0
#: Place of a unit without a class: hatched, and of one on a map without any classes.
MISSING, PLAIN = -1, -2
#: Of a unit whose neighbourhood could not be tested: it may have a value, from a few cases.
_UNTESTED = "nie można ocenić"


@dataclass(frozen=True)
class LiveMap:
    """A map for a browser.

    Attributes
    ----------
    key : str
        Names the shapes: equal shapes, equal key.
    shapes, values : str
        JSON, see :func:`describe_shapes` and :func:`describe_chart`.
    legend : str
        Markup; empty without classes.
    """

    key: str
    shapes: str
    values: str
    legend: str = ""


def describe_shapes(frame: pd.DataFrame) -> tuple[str, str]:
    """Return the key of some shapes, and the shapes with codes and names as JSON.

    Parameters
    ----------
    frame : DataFrame
        ``unit_code, name, geometry`` (WKB on a plane, km).

    Returns
    -------
    str
        Equal for equal shapes.
    str
        ``width, height``: of the drawing, in grains; ``km``: grains of a kilometre; ``codes``,
        ``names``, ``paths``: of each unit, an outline being a start and whole steps from there;
        ``regions``: borders of voivodeships.

    Examples
    --------
    >>> import pandas as pd, shapely
    >>> box = shapely.to_wkb(shapely.box(0, 0, 10, 10))
    >>> frame = pd.DataFrame({"unit_code": ["9001"], "name": ["Olszyn"], "geometry": [box]})
    >>> json.loads(describe_shapes(frame)[1])["names"]
    ['Olszyn']
    """
    wkbs = tuple(map(bytes, frame["geometry"]))
    codes, names = (tuple(map(str, frame[column])) for column in ("unit_code", "name"))
    return _describe_shapes(codes, names, wkbs)


@lru_cache(maxsize=8)
def _describe_shapes(
    codes: tuple[str, ...], names: tuple[str, ...], wkbs: tuple[bytes, ...]
) -> tuple[str, str]:
    land = read_land(wkbs, _FINE, _FINE)
    told = {
        "width": round(_FINE / GRAIN),
        "height": round(land.height / GRAIN),
        "km": land.scale / GRAIN,
        "codes": codes,
        "names": names,
        "paths": land.paths,
        "regions": land.regions([code[:2] for code in codes]),
    }
    text = _dump(told)
    return blake2s(text.encode(), digest_size=8).hexdigest(), text


def describe_chart(
    chart: MapChart,
    *,
    near: Collection[str] = (),
    classes: MapClasses | None = None,
    places: Mapping[str, int] | None = None,
) -> LiveMap:
    """Return a map of values for a browser.

    Parameters
    ----------
    chart : MapChart
        What is shown; the unit of its key is outlined.
    near : collection of str
        Codes outlined as neighbours.
    classes : MapClasses, optional
        Classes of another kind than those of the values; those of the chart when omitted.
    places : mapping of str to int, optional
        The class of each unit, with ``classes`` without bounds; others have none.
    """
    classes = classes or classify(chart)
    codes = [str(code) for code in chart.cells["unit_code"]]
    known = [as_number(value) for value in chart.cells["value"]]
    of = (
        [classes.place(value) for value in known]
        if places is None
        else [places.get(code) for code in codes]
    )
    absent = [words.flag_words(flag) for flag in chart.flags()]
    key, shapes = describe_shapes(chart.frame)
    before, _, after = str(chart.key.of(statistic="value")).partition(chart.key.unit)
    unit = chart.measure_unit
    values = {
        "shapes": key,
        "classes": [
            {"colour": colour, "label": label}
            for colour, label in zip(classes.colours, classes.labels, strict=True)
        ],
        "places": [MISSING if place is None else place for place in of],
        "values": known,
        "texts": [
            why if value is None else format_number(value, chart.decimals)
            for value, why in zip(known, absent, strict=True)
        ],
        "told": "przedział: " if places is None else "",
        "unit": unit if unit in ("", "%") else NBSP + unit,
        "key": [before, after],
        **_outlined(codes, chart.key.unit, near),
    }
    pieces = [bounded(chart, classes, i) for i in range(len(classes.labels))]
    legend = _legend(chart, classes, pieces if places is None else classes.labels, of, near)
    return LiveMap(key, shapes, _dump(values), legend)


def describe_units(frame: pd.DataFrame, *, own: str = "", near: Collection[str] = ()) -> LiveMap:
    """Return a map to choose a unit on: shapes and names, no values.

    Parameters
    ----------
    frame : DataFrame
        ``unit_code, name, geometry``.
    own : str, optional
        Code of the unit that is outlined.
    near : collection of str
        Codes outlined as neighbours.
    """
    key, shapes = describe_shapes(frame)
    codes = [str(code) for code in frame["unit_code"]]
    values = {
        "shapes": key,
        "classes": [],
        "places": [PLAIN] * len(codes),
        "texts": [""] * len(codes),
        "values": [None] * len(codes),
        "unit": "",
        "key": ["", ""],
        **_outlined(codes, own, near),
    }
    return LiveMap(key, shapes, _dump(values))


def _outlined(codes: Sequence[str], own: str, near: Collection[str]) -> dict[str, Any]:
    order = {code: place for place, code in enumerate(codes)}
    around = sorted(order[code] for code in near if code in order and code != own)
    return {"own": order.get(own, -1), "near": around}


def _legend(
    chart: MapChart,
    classes: MapClasses,
    labels: Sequence[str | list[Any]],
    of: Sequence[int | None],
    near: Collection[str],
) -> str:
    """List the classes, the highest first, each with the number of its units."""
    rows: list[tuple[str, str, int]] = []
    for place, (colour, label) in enumerate(zip(classes.colours, labels, strict=True)):
        pieces = [label] if isinstance(label, str) else label
        told = "".join(p.html() if isinstance(p, Printed) else escape(p) for p in pieces)
        swatch = f'style="background:var(--smup-{colour})"'
        rows.append((swatch, told, place))
    rows.reverse()
    if None in of:
        why = words.NO_DATA if chart.sorts is None else _UNTESTED
        rows.append(('data-missing=""', why, MISSING))
    items = "".join(
        f'<li data-place="{place}"><span class="smup-swatch" {swatch}></span>'
        f"<span>{told}</span> {_count(chart, of, place)}</li>"
        for swatch, told, place in rows
    )
    lines = [("own", chart.unit_name)] if chart.key.unit in set(chart.cells["unit_code"]) else []
    lines += [("near", "sąsiedzi")] if near else []
    outlined = "".join(
        f'<li><span class="smup-swatch smup-swatch-{name}"></span><span>{escape(told)}</span></li>'
        for name, told in lines
    )
    return (
        f'<ul class="smup-map-legend" aria-label="Legenda mapy">{items}</ul>'
        f'<ul class="smup-key" aria-label="Obrysy na mapie">{outlined}</ul>'
    )


def _count(chart: MapChart, of: Sequence[int | None], place: int) -> str:
    """Return how many units a class has, with the key of the number."""
    name = "missing" if place == MISSING else str(place)
    count = sum((MISSING if one is None else one) == place for one in of)
    key = chart.key.of(statistic=f"class_count:{name}")
    said = f"{Printed(format_number(count), count, key).html()}{NBSP}"
    return f'<span class="smup-note">{said}{plural(count, words.UNIT_NOUN)}</span>'


def _dump(told: Mapping[str, Any]) -> str:
    """Write JSON that may stand in a script element."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
