"""The map of a page, without a browser: what is sent, what a choice does, what stands elsewhere."""

from __future__ import annotations

import pytest

from smup_lib.apps.parts.map import MapView
from tests.present.cases import NAN, UNIT, chart_map


@pytest.fixture
def on_a_page(monkeypatch) -> None:
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0")


@pytest.fixture
def chosen() -> list[str]:
    return []


@pytest.fixture
def view(on_a_page, chosen) -> MapView:
    made = MapView(chosen.append)
    made.show(chart_map())
    return made


def test_a_choice_tells_the_code_again_each_time(view, chosen):
    for number in (1, 2):
        view.choice.value = f"{number} {UNIT}"
    assert chosen == [UNIT, UNIT]


@pytest.mark.parametrize("text", ["", "7", "1 0000", "1 <script>", f"{UNIT}", "1 " + "9" * 5000])
def test_what_is_no_unit_of_the_map_chooses_nothing(view, chosen, text):
    view.choice.value = text
    assert chosen == []


def test_another_indicator_sends_no_shapes_again(view):
    shapes, stage = view.shapes.value, view.stage.value
    before = view.values.value
    view.show(chart_map(polarity="higher", title="Inny wskaźnik"))
    assert view.shapes.value is shapes
    assert view.stage.value is stage
    assert view.values.value != before
    assert "Inny wskaźnik" in view.title.value


def test_words_help_and_table_stand_beside_the_map(view):
    told = view.words.value
    assert "Jak to czytać?" in told
    assert "<table" in told
    assert "smup-source" in told
    assert "smup-map-legend" in view.legend.value


def test_a_title_cannot_break_out_of_the_page(on_a_page):
    view = MapView(print)
    view.show(chart_map(title='"><script>alert(1)</script>'))
    markup = "".join(part.value for part in (view.title, view.stage, view.words))
    assert "<script>alert" not in markup
    assert '"><script>alert' not in view.values.value


def test_where_no_unit_has_a_value_a_box_says_so(on_a_page):
    view = MapView(print)
    view.show(chart_map([NAN] * 4, own=1))
    assert "smup-empty" in view.children[0].value
    view.show(chart_map())
    assert len(view.children) > 1, "and the map comes back"


def test_a_notebook_gets_the_static_drawing(monkeypatch):
    monkeypatch.delenv("SERVER_SOFTWARE", raising=False)
    view = MapView(print)
    view.show(chart_map())
    assert "<svg" in view.children[0].value


def test_a_map_without_values_is_one_to_choose_on(view, chosen):
    frame = chart_map().frame[["unit_code", "name", "geometry"]]
    view.show_units(frame, "Powiaty")
    assert view.words.value == view.legend.value == ""
    view.choice.value = f"3 {UNIT}"
    assert chosen == [UNIT]
