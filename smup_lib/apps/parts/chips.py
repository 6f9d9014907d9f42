"""What is chosen, as a row of buttons that take it away again."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ipywidgets as widgets

from smup_lib.present.formats import format_number

#: More would be a wall; the rest is counted.
MOST_CHIPS = 24


class ChipRow(widgets.Box):  # type: ignore[misc]  # untyped library
    """A button for each chosen thing; the first ones where there are many.

    Parameters
    ----------
    on_remove : callable
        Called with the key of what the visitor takes away.
    on_clear : callable
        Called when the visitor takes all away.
    """

    def __init__(self, on_remove: Callable[[str], None], on_clear: Callable[[], None]) -> None:
        super().__init__()
        self.add_class("smup-chips")
        self._on_remove = on_remove
        self._buttons: dict[str, widgets.Button] = {}
        self._more = widgets.HTML()
        self._clear = widgets.Button(description="Usuń wszystkie", tooltip="")
        self._clear.on_click(lambda _: on_clear())

    def show(self, chosen: Mapping[str, str]) -> None:
        """Show chosen things: words by key, in order."""
        shown = list(chosen.items())[:MOST_CHIPS]
        # a chip that stays keeps its place in the page, and the focus of a slow reader with it
        self._buttons = {key: self._buttons.get(key) or self._button(key) for key, _ in shown}
        for key, label in shown:
            self._buttons[key].description = f"{label} ✕"
        rest = len(chosen) - len(shown)
        self._more.value = f"<p>i {format_number(rest)} więcej</p>" if rest else ""
        self.children = (
            *self._buttons.values(),
            *((self._more,) if rest else ()),
            *((self._clear,) if len(chosen) > 1 else ()),
        )

    def _button(self, key: str) -> widgets.Button:
        button = widgets.Button(tooltip="Usuń z wyboru")
        button.add_class("smup-chip")
        button.on_click(lambda _: self._on_remove(key))
        return button
