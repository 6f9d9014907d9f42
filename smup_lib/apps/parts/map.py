"""A map that can be moved, searched and asked: every unit a shape, the chosen one told to the app.

The browser draws it (``static/map.js`` of the template); the session sends shapes and values and
hears which unit was chosen. Where no page of ours stands around it, as in JupyterLab, the static
drawing is shown in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from smup_lib.apps.opening import served
from smup_lib.present.figure import ChartFigure, missing_box
from smup_lib.present.live_map import LiveMap, describe_chart, describe_units

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.present.charts import MapChart
    from smup_lib.present.map_classes import MapClasses

#: Written on the button that chooses the unit that was pointed at.
ACTION = "Pokaż tę jednostkę"


class MapView(widgets.VBox):  # type: ignore[misc]  # untyped library
    """A map of units; one instance shows one map after another and keeps place and magnification.

    Parameters
    ----------
    on_choice : callable, optional
        Called with the code of the chosen unit; without it (and without ``address``) units can be
        looked at and not chosen.
    action : str, default "Pokaż tę jednostkę"
        What choosing does, as the button says it.
    address : str, optional
        A link instead of ``on_choice``, with ``{code}`` in it: ``"basic.ipynb?unit={code}"``.
    opens_view : bool, default False
        Whether a choice opens another view with another line in the bar: the page then waits for it
        and goes on at its heading.

    Examples
    --------
    >>> MapView(print).action
    'Pokaż tę jednostkę'
    """

    children: tuple[Any, ...]

    def __init__(
        self,
        on_choice: Callable[[str], None] | None = None,
        *,
        action: str = ACTION,
        address: str = "",
        opens_view: bool = False,
    ) -> None:
        super().__init__()
        self._on_choice, self._opens_view = on_choice, opens_view
        self.action, self.address = action, address
        self._sent = ""
        self._codes: frozenset[str] = frozenset()
        self.title, self.stage, self.legend, self.words = (widgets.HTML() for _ in range(4))
        self.shapes, self.values = widgets.HTML(), widgets.HTML()
        for part, name in ((self.shapes, "shapes"), (self.values, "values")):
            part.add_class(f"smup-map-{name}")
        # written by the page when a unit is chosen (templates/voila, map.js)
        self.choice = widgets.Text()
        self.choice.add_class("smup-map-choice")
        self.choice.observe(self._chosen, "value")
        self.add_class("smup-map-view")

    def show(
        self,
        chart: MapChart,
        *,
        near: Collection[str] = (),
        classes: MapClasses | None = None,
        places: Mapping[str, int] | None = None,
    ) -> None:
        """Show an indicator; a box with the reason where no unit has a value.

        Parameters
        ----------
        chart : MapChart
            What to show; the unit of its key is outlined.
        near : collection of str
            Codes of its neighbours, outlined too.
        classes : MapClasses, optional
            Classes of another kind than those of the values, for instance clusters.
        places : mapping of str to int, optional
            The class of each unit, by code, for classes without bounds.
        """
        if not chart.has_data:
            box = missing_box(chart.title, chart.missing, source_line=chart.source_line)
            self.children = (widgets.HTML(box),)
            return
        figure = ChartFigure(chart)
        if not served():
            self.children = (widgets.HTML(figure.html()),)
            return
        unit = f' <span class="smup-figure-unit">{escape(chart.measure_unit)}</span>'
        self.title.value = f'<p class="smup-figure-title">{escape(chart.title)}{unit}</p>'
        self.words.value = f'<div class="smup-figure smup-map-words">{figure.words_html()}</div>'
        told = describe_chart(chart, near=near, classes=classes, places=places)
        self._give(told, chart.frame, chart.title, chart.alt_text)

    def show_units(
        self,
        frame: pd.DataFrame,
        title: str,
        *,
        own: str = "",
        near: Collection[str] = (),
    ) -> None:
        """Show units to choose from, without values.

        Parameters
        ----------
        frame : DataFrame
            ``unit_code, name, geometry`` (the snapshot's table ``outlines`` with names).
        title : str
            What is on the map, in Polish.
        own : str, optional
            Code of the unit that is outlined.
        near : collection of str
            Codes of its neighbours, outlined too.
        """
        if not served():
            told = f"{escape(title)}: na mapie wybiera się na stronie aplikacji, tu po nazwie."
            self.children = (widgets.HTML(f'<p class="smup-note">{told}</p>'),)
            return
        self.title.value = f'<p class="smup-figure-title">{escape(title)}</p>'
        self.words.value = ""
        self._give(describe_units(frame, own=own, near=near), frame, title, "")

    def _give(self, told: LiveMap, frame: pd.DataFrame, title: str, finding: str) -> None:
        """Give the page the shapes if it has others, and the values."""
        self._codes = frozenset(map(str, frame["unit_code"]))
        if told.key != self._sent:
            self.shapes.value = _data(told.shapes, told.key)
            self._sent = told.key
        self.legend.value = told.legend
        if not self.stage.value:
            chosen = "" if self._on_choice or self.address else " data-silent"
            chosen += " data-opens" if self._opens_view else ""
            self.stage.value = (
                f'<div class="smup-map-stage" data-action="{escape(self.action)}" '
                f'data-address="{escape(self.address)}"{chosen}></div>'
            )
        self.values.value = _data(told.values, told.key, title=title, finding=finding)
        self.children = (
            *(self.title, self.stage, self.legend, self.words),
            *(self.shapes, self.values, self.choice),
        )

    def _chosen(self, change: dict[str, Any]) -> None:
        """Tell the app which unit was chosen; a text that is no unit of the map is passed over."""
        _, _, code = str(change["new"]).partition(" ")
        if self._on_choice is not None and code in self._codes:
            self._on_choice(code)


def _data(text: str, key: str, **said: str) -> str:
    """Return data as an element that no browser runs."""
    more = "".join(f' data-{name}="{escape(value)}"' for name, value in said.items())
    return f'<script type="application/json" data-key="{key}"{more}>{text}</script>'
