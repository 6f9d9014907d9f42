"""Static drawings: sound markup, real text, keys on numbers, nothing crushed, nothing invented."""

from __future__ import annotations

import random
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import reduce
from html import unescape
from itertools import pairwise

import pytest
import shapely

from smup_lib.present.charts import Chart, ChartError, PairChart, RankingChart
from smup_lib.present.formats import format_number
from smup_lib.present.map_classes import classify
from smup_lib.present.map_shapes import Land, shape_path
from smup_lib.present.numbers import read_numbers
from smup_lib.present.scales import finite
from smup_lib.present.svg import render_svg
from smup_lib.present.tokens import LIGHT, NARROW, PAINTS, WIDE
from smup_lib.present.twins import make_twin
from tests.present.cases import (
    INJECTION,
    MAKERS,
    NAN,
    UNIT,
    all_cases,
    chart_map,
    distribution,
    in_small_group,
    pair,
    peer_values,
    profile,
    ranking,
    series,
    tiles,
)

NS = "{http://www.w3.org/2000/svg}"
DRAWN = [
    pytest.param(chart, width, id=f"{kind}-{name}-{width}")
    for kind, name, chart in all_cases()
    if chart.has_data
    for width in (WIDE, NARROW)
]
EMPTY = [pytest.param(chart, id=kind) for kind, name, chart in all_cases() if not chart.has_data]


def parsed(chart: Chart, width: float = WIDE) -> ET.Element:
    return ET.fromstring(render_svg(chart, width))


def said(root: ET.Element) -> list[str]:
    return ["".join(text.itertext()) for text in root.iter(f"{NS}text")]


@pytest.mark.parametrize(("chart", "width"), DRAWN)
def test_every_drawing_is_sound_and_named(chart: Chart, width: float):
    root = parsed(chart, width)
    assert root.get("role") == "img"
    title, description = root.find(f"{NS}title"), root.find(f"{NS}desc")
    assert title is not None and description is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert description.text == chart.alt_text
    assert chart.title in (title.text or "")
    width_and_height = [float(v) for v in (root.get("viewBox") or "").split()][2:]
    assert width_and_height[0] <= width
    assert 40 < width_and_height[1] < 2000


@pytest.mark.parametrize(("chart", "width"), DRAWN)
def test_colours_are_classes_with_a_plain_colour_beside(chart: Chart, width: float):
    """The class follows the page's theme, the attribute holds in an exported file."""
    for element in parsed(chart, width).iter():
        for name in (element.get("class") or "").split():
            if name in PAINTS:
                kind, colour = PAINTS[name]
                assert element.get(kind) == LIGHT[colour]
        for kind in ("fill", "stroke"):
            value = element.get(kind)
            assert value is None or value == "none" or value.startswith("url(#") or (
                value in LIGHT.values()
            )  # fmt: skip


@pytest.mark.parametrize(("chart", "width"), DRAWN)
def test_every_number_drawn_is_a_number_of_the_frame(chart: Chart, width: float):
    known = {(str(r.get("unit_code", UNIT)), r.get("indicator", chart.key.indicator),
              int(r.get("year", chart.key.year))): r for r in chart.records}  # fmt: skip
    found = read_numbers(render_svg(chart, width))
    assert found or getattr(chart, "summary", False)
    for number in found:
        key = number.key
        if isinstance(chart, PairChart) and key.indicator == chart.across.key.indicator:
            across = {"value": known[UNIT, chart.key.indicator, key.year]["across"],
                      "median": chart.across.median}  # fmt: skip
            assert across[key.statistic] == number.value
        elif key.statistic == "value":
            assert known[(key.unit, key.indicator, key.year)]["value"] == number.value
        elif key.statistic in ("median", "q25", "q75") and hasattr(chart, key.statistic):
            assert getattr(chart, key.statistic) == number.value


@pytest.mark.parametrize(("chart", "width"), DRAWN)
def test_the_reader_unit_and_its_value_are_written_in_the_drawing(chart: Chart, width: float):
    root = parsed(chart, width)
    everything = " ".join(said(root)).replace("\u00a0", " ")
    if chart.kind != "profile":
        first = chart.unit_name.replace("–", " ").split()[0]
        assert first in everything


@pytest.mark.parametrize("chart", EMPTY)
def test_an_empty_chart_is_never_drawn(chart: Chart):
    with pytest.raises(ChartError, match="nie ma czego pokazać"):
        render_svg(chart)


@pytest.mark.parametrize("kind", MAKERS)
def test_names_are_escaped(kind):
    drawn = render_svg(MAKERS[kind]["escaping"]())
    assert "<script" not in drawn
    assert INJECTION in unescape(" ".join(said(ET.fromstring(drawn))))


@pytest.mark.parametrize("kind", MAKERS)
def test_drawing_twice_gives_the_same_bytes(kind):
    make = MAKERS[kind]["plain"]
    assert render_svg(make()) == render_svg(make())


def test_ids_differ_between_charts_and_widths():
    drawn = [render_svg(c, w) for _, _, c in all_cases() if c.has_data for w in (WIDE, NARROW)]
    ids = [i for svg in drawn for i in re.findall(r'<(?:title|desc) id="(\w+)"', svg)]
    assert len(ids) == len(set(ids))


# distribution


def dots_of(root: ET.Element, colour: str) -> list[str]:
    return [
        path.get("d") or ""
        for group in root.iter(f"{NS}g")
        if f"fill-{colour}" in (group.get("class") or "")
        for path in group.iter(f"{NS}path")
    ]


@pytest.mark.parametrize("name", ["plain", "ties", "all equal", "outlier", "country"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_peer_is_one_mark(name, width):
    chart = MAKERS["distribution"][name]()
    root = parsed(chart, width)
    roles = chart.frame["role"].tolist()
    peers, beside = roles.count("peer"), roles.count("neighbour") + roles.count("peer_neighbour")
    marks = [d for colour in ("group", "neighbour") for d in dots_of(root, colour)]
    assert sum(d.count("M") for d in marks) == peers + beside


def test_many_units_become_bars_and_the_help_says_so():
    chart = MAKERS["distribution"]["all gminy"]()
    assert "słupki" in chart.how_to_read
    assert not dots_of(parsed(chart), "group")


def test_a_value_beyond_the_axis_is_an_arrow_and_is_written_out():
    words = " ".join(said(parsed(distribution(peers=[50.0] * 10 + [55.0] * 10 + [4512.0]))))
    assert "Poza osią" in words
    assert "4\u00a0512,0" in words


def test_units_without_data_are_counted():
    chart = MAKERS["distribution"]["missing"]()
    assert "Bez danych: 3 jednostki." in said(parsed(chart))
    (number,) = [n for n in read_numbers(render_svg(chart)) if n.key.statistic == "n_missing"]
    assert (number.value, number.text) == (3, "3")


def test_a_unit_without_a_value_says_why():
    assert any("brak informacji lub tajemnica" in t
               for t in said(parsed(MAKERS["distribution"]["own missing"]())))  # fmt: skip


def test_direction_is_named_only_where_there_is_one():
    assert "← korzystniej" in said(parsed(distribution(polarity="lower")))
    assert "wskaźnik nie ma kierunku" in said(parsed(distribution(polarity="neutral")))


# series


def test_gaps_and_their_reasons_are_written():
    words = said(parsed(MAKERS["series"]["missing"]()))
    assert "2009: brak informacji lub tajemnica" in words
    assert "2012–2013, 2015, 2018: brak danych" in words


def test_breaks_are_lettered_and_explained():
    words = said(parsed(MAKERS["series"]["breaks"]()))
    assert {"a", "b"} <= set(words)
    assert "a – od 2011 r.: część powiatu została miastem na prawach powiatu" in words


def test_an_axis_of_amounts_begins_at_zero_and_another_says_that_it_does_not():
    assert "0" in said(parsed(series()))
    words = said(parsed(series(from_zero=False, group=False)))
    assert "0" not in words and "Oś nie zaczyna się od zera." in words


def test_an_old_last_value_names_its_year():
    assert "w 2017 r." in said(parsed(MAKERS["series"]["missing"](), NARROW))


# ranking


def test_ties_share_their_places():
    assert said(parsed(MAKERS["ranking"]["ties"]())).count("3–5.") == 3


def test_a_neutral_ranking_prints_neither_place_nor_judgement():
    root = parsed(MAKERS["ranking"]["neutral"]())
    assert not [t for t in said(root) if re.fullmatch(r"\d+\.", t)]
    assert "Kolejność według wartości, to nie jest ocena." in said(root)
    classes = " ".join(e.get("class") or "" for e in root.iter())
    assert "fill-better" not in classes and "fill-worse" not in classes


def test_units_without_data_are_named_with_the_reason():
    words = said(parsed(MAKERS["ranking"]["missing"]()))
    assert any(t.startswith("Nie dotyczy, nieporównywalne: powiat") for t in words)


def test_a_long_ranking_keeps_both_ends_and_the_unit():
    chart = MAKERS["ranking"]["many"]()
    assert isinstance(chart, RankingChart)
    root = parsed(chart)
    names = chart.ordered()["name"].tolist()
    drawn = " ".join(said(root))
    assert names[0] in drawn and names[-1] in drawn and chart.unit_name in drawn
    assert "Pominięto na wykresie: 36\u00a0jednostek; są w tabeli." in said(root)


def test_bars_of_amounts_grow_from_zero():
    root = parsed(ranking(10.0, [20.0, 40.0], polarity="higher"))
    widths = sorted(
        float(bar.get("width") or 0) for bar in root.iter(f"{NS}rect") if bar.get("height") == "12"
    )
    assert widths[1] / widths[0] == pytest.approx(2, abs=0.02)
    assert widths[2] / widths[0] == pytest.approx(4, abs=0.02)


# profile


def test_positions_of_a_profile_follow_the_percentile():
    root = parsed(profile((("A", "quantity", 1.0, 0.0, "similar", "%", 2.0),
                           ("B", "quantity", 3.0, 1.0, "similar", "%", 2.0))))  # fmt: skip
    marks = [
        float(re.match(r"M([\d.]+)", path.get("d") or "").group(1))  # type: ignore[union-attr]
        for path in root.iter(f"{NS}path")
        if "stroke-paper" in (path.get("class") or "")
    ]
    lines = [e for e in root.iter(f"{NS}line") if e.get("stroke-width") == "1.25"]
    left, right = float(lines[0].get("x1") or 0), float(lines[0].get("x2") or 0)
    assert marks[0] == pytest.approx(left, abs=7)
    assert marks[1] == pytest.approx(right, abs=7)


def test_not_judged_marks_are_hollow():
    root = parsed(profile((("A", "efficiency", 1.0, 0.9, "not_judged", "zł", 2.0),)))
    assert any("fill-paper stroke-unit" in (e.get("class") or "") for e in root.iter())


def test_gaps_of_a_dimension_say_what_is_missing():
    words = said(parsed(MAKERS["profile"]["missing"]()))
    assert "brak danych: czas dojazdu do przystanku" in words
    assert "brak informacji lub tajemnica" in words


# map


def test_every_unit_is_drawn_once_in_its_class():
    chart = chart_map()
    classes = classify(chart)
    root = parsed(chart)
    for place, colour in enumerate(classes.colours):
        wanted = sum(classes.place(v) == place for v in chart.frame["value"])
        assert len(dots_of(root, colour)) == wanted


def test_missing_areas_are_hatched_and_in_the_legend():
    drawn = render_svg(MAKERS["map"]["missing"]())
    root = ET.fromstring(drawn)
    hatched = [g for g in root.iter(f"{NS}g") if (g.get("fill") or "").startswith("url(#")]
    assert sum(len(list(g.iter(f"{NS}path"))) for g in hatched) == 3
    assert "brak danych" in said(root)


def test_equal_values_share_a_class():
    classes = classify(MAKERS["map"]["ties"]())
    assert len(classes.labels) == 2
    assert {classes.place(0.0), classes.place(5.0)} == {0, 1}


@pytest.mark.parametrize("name", MAKERS["map"])
def test_no_class_is_without_units(name):
    chart = MAKERS["map"][name]()
    classes = classify(chart)
    places = {classes.place(v) for v in finite(chart.frame["value"])}
    assert places == set(range(len(classes.labels)))
    assert len(classes.colours) == len(set(classes.colours)) <= 5


@pytest.mark.parametrize("polarity", ["neutral", "lower", "higher", "target"])
def test_a_map_of_more_than_the_group_does_not_judge(polarity):
    """A city must not be called worse than land powiats that are no peers of it."""
    chart = chart_map(polarity=polarity)
    classes = classify(chart)
    assert all(c.startswith("sequence-") for c in classes.colours)
    assert "korzystnie" not in " ".join(said(parsed(chart)))


@pytest.mark.parametrize("name", [n for n in MAKERS["map"] if n != "all missing"])
def test_bounds_and_counts_of_a_map_carry_keys(name):
    chart = MAKERS["map"][name]()
    classes = classify(chart)
    found = read_numbers(render_svg(chart))
    bounds = {n.value for n in found if n.key.statistic.startswith("class_bound:")}
    counts = {n.key.statistic: n.value for n in found if n.key.statistic.startswith("class_count:")}
    assert bounds == set(classes.bounds)
    assert sum(counts.values()) == len(chart.frame)
    everything = " ".join(said(parsed(chart)))
    assert all(label in everything for label in classes.labels)
    assert len({(n.key, n.value) for n in found}) == len({n.key for n in found})


def rings_of(d: str) -> list[list[tuple[int, int]]]:
    """Return the corners of each ring of a path that is written as our maps write it."""
    rings = []
    for one in d.split("z")[:-1]:
        x = y = 0
        ring = []
        for letter, text in re.findall(r"([Mlhv])([-\d ]+)", one):
            numbers = [int(n) for n in re.findall(r"-?\d+", text)]
            while numbers:
                dx = numbers.pop(0) if letter != "v" else 0
                dy = numbers.pop(0) if letter != "h" else 0
                x, y = (dx, dy) if letter == "M" else (x + dx, y + dy)
                ring.append((x, y))
        rings.append(ring)
    return rings


def points_of(d: str) -> set[tuple[int, int]]:
    return {point for ring in rings_of(d) for point in ring}


def filled(d: str) -> float:
    """Return the area that a path fills by the rule "evenodd", in square grains."""
    rings = [shapely.Polygon(ring) for ring in rings_of(d)]
    return float(reduce(shapely.symmetric_difference, rings).area)


def test_shared_borders_stay_shared():
    """Two neighbours put the same corner on the same point, whatever the rounding."""
    ends = [points_of(shape_path(shapely.from_wkb(one), 390.0, 400.0, 3.3)) for one in tiles(2)]
    assert len(ends[0] & ends[1]) == 2
    land = Land(tuple(tiles(400)), 460.0)
    ends = [points_of(d) for d in land.paths]
    assert all(len(a & b) == 2 for a, b in pairwise(ends[:20]))


def test_areas_in_several_parts_and_with_holes_are_drawn_whole():
    ring = shapely.Point(0, 0).buffer(20, quad_segs=4)
    shape = shapely.MultiPolygon([ring.difference(shapely.Point(0, 0).buffer(8, quad_segs=4)),
                                  shapely.box(40, 0, 50, 10)])  # fmt: skip
    assert shape_path(shape, -30.0, 30.0, 2.0).count("M") == 3


def test_patches_of_a_class_cover_its_units_and_nothing_else():
    land = Land(tuple(tiles(441)), 460.0)
    draw = random.Random(3)
    places = [draw.choice((0, 1, 2, None)) for _ in range(441)]
    (ground, whole), *others = land.merge(places)
    assert {ground, *(place for place, _ in others)} == {0, 1, 2, None}
    assert filled(whole) == pytest.approx(sum(map(filled, land.paths)))
    for place, d in others:
        of_units = [one for one, own in zip(land.paths, places, strict=True) if own == place]
        assert filled(d) == pytest.approx(sum(map(filled, of_units)))
        assert len(d) < sum(map(len, of_units))


def test_patches_of_borders_that_do_not_fit_are_the_outlines_of_units():
    apart = [bytes(shapely.to_wkb(shapely.box(x, 0, x + 1.5, 9))) for x in range(4)]
    land = Land(tuple(apart), 460.0)
    assert dict(land.merge([0, 1, 0, 1]))[0] == land.paths[0] + land.paths[2]
    assert land.regions(["90", "90", "91", "91"]) == ""


def test_a_map_of_many_units_is_drawn_in_patches():
    chart = chart_map([*peer_values(440, seed=5), NAN], own=7)
    drawn = render_svg(chart)
    root = ET.fromstring(drawn)
    assert all(len(dots_of(root, colour)) == 1 for colour in classify(chart).colours)
    assert drawn.count("url(#") == 2, "the patch without data and its sign in the legend"
    assert "plam" in chart.how_to_read and "plam" not in chart_map().how_to_read
    moved = replace(chart, frame=chart.frame.assign(value=chart.frame["value"].tolist()[::-1]))
    assert render_svg(moved) != drawn


def test_a_small_unit_is_found_by_the_ring_around_it():
    chart = chart_map()
    assert "a26 26" not in render_svg(chart)
    tiny = bytes(shapely.to_wkb(shapely.box(450, 350, 451, 351)))
    shapes = [
        tiny if code == UNIT else wkb
        for code, wkb in zip(chart.frame["unit_code"], chart.frame["geometry"], strict=True)
    ]
    assert "a26 26" in render_svg(replace(chart, frame=chart.frame.assign(geometry=shapes)))


def test_borders_near_the_own_unit_and_between_regions_are_told_once():
    land = Land(tuple(tiles(4)), 460.0)
    assert land.inner([-1] * 4) == "" and land.regions(["90"] * 4) == ""
    halves = land.regions(["90", "90", "91", "91"])
    assert halves.count("M") == 1 and len(rings_of(f"{halves}z")[0]) == 3
    within = land.inner([0, 0, 1, 1])
    assert len(points_of(f"{within}z") & points_of(f"{halves}z")) == 1, "they meet in the middle"


def test_where_most_have_none_the_others_share_the_classes():
    chart = chart_map([0.0] * 300 + [float(i) for i in range(1, 81)])
    classes = classify(chart)
    assert classes.bounds == (1.0, 21.0, 41.0, 61.0)
    assert classes.labels[0] == format_number(0.0, chart.decimals)
    statistics = {n.key.statistic: n.value for n in read_numbers(render_svg(chart))}
    assert statistics["smallest"] == 0.0


def test_a_group_too_small_is_not_called_missing_data():
    for summary in (True, False):
        chart = in_small_group(profile(summary=summary))
        frame = chart.frame[chart.frame["dimension"] == "quantity"]
        chart = replace(chart, frame=frame)
        drawn = render_svg(chart)
        words_said = " ".join(said(parsed(chart)))
        assert "w grupie za mało wartości, by podać położenie (n = 5)" in words_said
        values = [n for n in read_numbers(drawn) if n.key.statistic == "value"]
        assert {n.value for n in values} == set(frame["value"])
        sizes = [n for n in read_numbers(drawn) if n.key.statistic == "n_used"]
        assert sizes and all(n.value == 5 for n in sizes)
        assert f"ilość: bez położenia {len(frame)}" in chart.alt_text


def test_not_judged_is_a_hollow_circle_and_unknown_a_question_mark():
    frame = profile().frame.head(2).assign(percentile=[0.2, 0.8])
    marks = {}
    for standing in ("not_judged", "unknown"):
        chart = replace(profile(), frame=frame.assign(standing=standing), summary=True)
        marks[standing] = said(parsed(chart))
    assert "?" in marks["unknown"] and "?" not in marks["not_judged"]


def test_counts_of_a_profile_carry_keys_by_dimension():
    chart = replace(profile(), summary=True)
    counts = [n for n in read_numbers(render_svg(chart)) if n.key.statistic.startswith("count:")]
    assert counts and len({str(n.key) for n in counts}) == len(counts)
    placed = chart.frame["percentile"].notna().sum()
    told = sum(n.value for n in counts if not n.key.statistic.endswith(("no_data", "no_place")))
    assert told == placed


def test_what_cannot_be_compared_is_not_counted_as_missing():
    frame = profile().frame.head(2).assign(value=[1.0, None], percentile=[0.2, None])
    frame = frame.assign(flag=["ok", "not_applicable"], dimension="quantity", standing="unknown")
    chart = replace(profile(), frame=frame, summary=True)
    names = {n.key.statistic: n.value for n in read_numbers(render_svg(chart))}
    assert names["count:quantity:not_applicable"] == 1
    assert "count:quantity:no_data" not in names
    assert make_twin(chart)[0]["_standing"].tolist() == ["? nie wiadomo", "nieporównywalne"]


def test_bounds_of_a_map_of_one_class_carry_keys():
    chart = MAKERS["map"]["plain"]()
    same = replace(chart, frame=chart.frame.assign(value=7.5), breaks=())
    keys = {n.key.statistic for n in read_numbers(render_svg(same))}
    assert "smallest" in keys


def test_places_of_a_ranking_carry_keys():
    chart = MAKERS["ranking"]["plain"]()
    ranked = replace(
        chart, polarity="higher", frame=chart.frame.assign(rank=range(1, len(chart.frame) + 1))
    )
    ranks = [n for n in read_numbers(render_svg(ranked)) if n.key.statistic == "rank"]
    assert {n.value for n in ranks} <= set(range(1, len(chart.frame) + 1)) and len(ranks) > 3


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("name", ["plain", "missing", "outlier", "own outlier", "country"])
def test_two_indicators_put_every_unit_where_its_values_say(name, width):
    chart = MAKERS["against"][name]()
    root = parsed(chart, width)
    group = [e for e in root.iter(f"{NS}g") if "fill-" in (e.get("class") or "")]
    drawn = sum((p.get("d") or "").count("z") for g in group for p in g.iter(f"{NS}path"))
    assert drawn == len(chart.dots) - 1
    everything = " ".join(said(root)).replace("\u00a0", " ")
    assert f"grupa: {len(chart.peers)} jednost" in everything
    assert ("Poza osią" in everything) is ("outlier" in name)
    assert ("Bez jednej z wartości: 3 jednostki." in everything) is (name == "missing")


def test_two_indicators_are_never_coloured_by_judgement():
    drawn = render_svg(MAKERS["against"]["judged"]())
    assert "fill-better" not in drawn and "fill-worse" not in drawn
    words = " ".join(said(ET.fromstring(drawn)))
    assert "niżej korzystniej" in words and "w prawo korzystniej" in words
    assert "korzystniej" not in render_svg(pair())


def test_each_count_of_two_indicators_names_the_other_one():
    found = read_numbers(render_svg(MAKERS["against"]["missing"]()))
    counts = {n.key.statistic: n.value for n in found if n.key.statistic.startswith("n_")}
    assert counts == {"n_both:class_size": 18, "n_without:class_size": 3}


def test_the_name_of_the_unit_covers_no_other_dot_where_there_is_room():
    crowd = [(10.0, 10_000.0), (11.0, 12_020.0), (12.0, 12_000.0), (20.0, 30_000.0)] * 3
    root = parsed(pair((10.5, 12_000.0), crowd, unit_name="Brzezica"), WIDE)
    (name,) = [e for e in root.iter(f"{NS}text") if "".join(e.itertext()) == "Brzezica"]
    dot = next(e for e in root.iter(f"{NS}path") if "fill-unit" in (e.get("class") or ""))
    beside = float(re.findall(r"[-\d.]+", dot.get("d"))[1]) + 5
    assert abs(float(name.get("y")) - beside) > 8
