"""What a page shows before its widgets stand."""

from __future__ import annotations

from html.parser import HTMLParser

import ipywidgets as widgets
import pytest

from smup_lib.apps.opening import APPS, _make_app
from smup_lib.apps.parts.preview import preview_html

VOID = {"br", "img", "input", "meta", "hr", "wbr"}


class Balanced(HTMLParser):
    """Knows which elements are open, and what fields and buttons are like."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.usable: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("input", "select") and "disabled" not in dict(attrs):
            self.usable.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", APPS)
def test_every_app_is_whole_html_with_its_heading_and_nothing_to_use(name, report_home):
    parsed = Balanced()
    preview = preview_html(_make_app(name, "unit=9002&year=2020"))
    parsed.feed(preview)
    assert parsed.open == [] and parsed.usable == []
    assert "<h1" in preview and "smup-bar" in preview


def test_what_a_visitor_typed_is_no_html():
    field = widgets.Text(value='"><b>', placeholder="<i>", description="<u>")
    shown = preview_html(widgets.VBox([field, widgets.Button(description="<s>")]))
    assert not any(f"<{tag}>" in shown for tag in "bius")


def test_what_is_hidden_unknown_or_long_is_left_out():
    hidden = widgets.HTML("hidden", layout={"display": "none"})
    parts = (hidden, widgets.IntSlider(description="unknown"), widgets.HTML("long" * 20_000))
    shown = preview_html(widgets.HBox(parts))
    assert shown == (
        '<div class="widget-box widget-hbox"><div class="widget-html">'
        '<div class="widget-html-content"></div></div></div>'
    )
