"""What is written on an app's page, and which numbers?"""

from __future__ import annotations

import re
from collections.abc import Iterator

import ipywidgets as widgets

NUMBER = re.compile(r'<data class="num" value="([^"]*)" data-key="([^"]*)"')


def pieces(widget: widgets.Widget) -> Iterator[str]:
    """Yield the markup of every HTML widget that is on the page."""
    if isinstance(widget, widgets.HTML):
        yield widget.value
    for child in getattr(widget, "children", ()):
        yield from pieces(child)


def page(app: widgets.Widget) -> str:
    """Return the markup of the whole page."""
    return "".join(pieces(app))


def numbers(markup: str) -> dict[str, str]:
    """Return the value of every number by its key; two values of one key are a fault."""
    found: dict[str, str] = {}
    for value, key in NUMBER.findall(markup):
        assert found.setdefault(key, value) == value, f"two values of {key}"
    return found
