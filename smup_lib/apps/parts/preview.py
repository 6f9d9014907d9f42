"""What is seen of a page before its widgets stand? The same view as HTML, not to be used.

The widgets need their scripts, a connection and a drawing; the words and figures need none of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import ipywidgets as widgets

#: What is longer, such as a table of hundreds of rows, would hold up what it announces.
_LONGEST = 60_000


def preview_html(widget: widgets.Widget) -> str:
    """Return a widget and all in it as HTML, with the classes that ipywidgets gives to elements.

    Parameters
    ----------
    widget : ipywidgets.Widget
        Charts, and words of more than 60 000 characters, are left out.

    Returns
    -------
    str
        Controls are there to be seen and are disabled.

    Examples
    --------
    >>> preview_html(widgets.VBox([widgets.HTML("<h1>Drogi</h1>")]))
    '<div class="widget-box widget-vbox"><div class="widget-html"><div class="widget-html-content">\
<h1>Drogi</h1></div></div></div>'
    """
    if getattr(widget, "layout", None) is None or widget.layout.display == "none":
        return ""
    match widget:
        case widgets.HTML():
            value = widget.value if len(widget.value) <= _LONGEST else ""
            inside = f'<div class="widget-html-content">{value}</div>'
            return _element(widget, ["widget-html"], [inside])
        case widgets.Box():
            turned = {widgets.VBox: "widget-vbox", widgets.HBox: "widget-hbox"}
            names = [name for kind, name in turned.items() if isinstance(widget, kind)]
            return _element(widget, ["widget-box", *names], map(preview_html, widget.children))
        case widgets.Button():
            return _element(widget, ["jupyter-button"], [escape(widget.description)], "button")
        case widgets.Dropdown():
            chosen = f"<select disabled><option>{escape(widget.label or '')}</option></select>"
            return _element(widget, ["widget-dropdown"], [_label(widget), chosen])
        case widgets.Text():
            told = f'value="{escape(widget.value)}" placeholder="{escape(widget.placeholder)}"'
            field = f'<input type="text" disabled {told}>'
            return _element(widget, ["widget-text"], [_label(widget), field])
        case _:
            return ""


def _label(widget: widgets.Widget) -> str:
    return f'<label class="widget-label">{escape(widget.description)}</label>'


def _element(
    widget: widgets.Widget, names: Sequence[str], inside: Iterable[str], kind: str = "div"
) -> str:
    classes = escape(" ".join((*names, *widget._dom_classes)))
    disabled = " disabled" if kind == "button" else ""
    return f'<{kind} class="{classes}"{disabled}>{"".join(inside)}</{kind}>'
