"""Save what is shown as a file: the session makes it, the browser keeps it (``download.js``)."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from html import escape
from itertools import count
from typing import Any

import ipywidgets as widgets

from smup_lib.apps.parts.panels import message_html


class FileSaver(widgets.VBox):  # type: ignore[misc]  # untyped library
    """A button a kind of file; nothing is made before one is pressed.

    Parameters
    ----------
    types : mapping of str to str
        Endings and the types that a browser knows them by.
    make : callable
        Given the ending, returns the name of the file and what is in it.
    words : mapping of str to str, optional
        What the buttons say, by ending; "Zapisz" and the ending where omitted.
    """

    def __init__(
        self,
        types: Mapping[str, str],
        make: Callable[[str], tuple[str, bytes]],
        words: Mapping[str, str] | None = None,
    ) -> None:
        self._types, self._make, self._words = types, make, words or {}
        self._numbers = count(1)
        self.said, self.file = widgets.HTML(), widgets.HTML()
        self.said.add_class("smup-file-said")
        place = widgets.HTML('<div class="smup-file-place" role="status"></div>')
        # written by the page when the browser has the file
        self.taken = widgets.Text()
        self.taken.add_class("smup-file-taken")
        self.taken.observe(self._let_go, "value")
        buttons = widgets.HBox([self._button(ending) for ending in types])
        buttons.add_class("smup-actions")
        super().__init__((buttons, self.said, place, self.file, self.taken))
        self.add_class("smup-files")

    def _button(self, ending: str) -> widgets.Button:
        button = widgets.Button(
            description=self._words.get(ending, f"Zapisz {ending.upper()}"), tooltip=""
        )
        button.on_click(lambda _: self.save(ending))
        return button

    def save(self, ending: str) -> None:
        """Make a file and hand it to the browser, or say why there is none."""
        self.said.value = "<p>Przygotowujemy plik.</p>"
        try:
            name, data = self._make(ending)
        except Exception as error:  # a library may be absent; the page stays
            self.said.value = message_html(error, "Plik")
            return
        self.said.value = ""
        told = f'data-name="{escape(name)}" data-number="{next(self._numbers)}"'
        self.file.value = (
            f'<script class="smup-file" type="text/plain" data-type="{self._types[ending]}" {told}>'
            f"{base64.b64encode(data).decode()}</script>"
        )

    def _let_go(self, _: Any) -> None:
        """Forget a file that the browser has."""
        self.file.value = ""
