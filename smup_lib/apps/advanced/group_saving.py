"""Save the chosen units as a group under a name, where only one person uses the server."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as widgets

from smup_lib.apps.parts.panels import message_html
from smup_lib.apps.parts.sharing import is_shared
from smup_lib.errors import SmupError
from smup_lib.present.words import unit_count
from smup_lib.units import save_group

_WHY_NOT = (
    '<p class="smup-note">Z tego serwera korzysta wiele osób, więc grup się tu nie zapisuje. '
    "Wybrane jednostki są w linku do tego widoku: zachowaj link albo pobierz plan.</p>"
)


class GroupSaving(widgets.VBox):  # type: ignore[misc]  # untyped library
    """A name, a reason and a button; on a shared server a sentence.

    Parameters
    ----------
    on_saved : callable
        Called when a group has been saved.
    """

    def __init__(self, on_saved: Callable[[], None]) -> None:
        self._on_saved = on_saved
        #: The units that would be saved.
        self.codes: tuple[str, ...] = ()
        self.name = widgets.Text(description="Nazwa grupy", placeholder="np. Gminy nad Wisłą")
        self.reason = widgets.Text(description="Dlaczego te jednostki")
        self.button = widgets.Button(description="Zapisz wybrane jednostki jako grupę", tooltip="")
        self.button.on_click(lambda _: self.save())
        self.said = widgets.HTML()
        self.said.add_class("smup-status")
        parts = (self.name, self.reason, self.button, self.said)
        super().__init__((widgets.HTML(_WHY_NOT),) if is_shared() else parts)
        self.add_class("smup-group-saving")

    def save(self) -> None:
        """Save the group, or say what is wrong."""
        if is_shared():
            return
        if not self.codes:
            self.said.value = "<p>Najpierw pokaż wyniki dla wybranych jednostek.</p>"
            return
        try:
            save_group(self.name.value.strip(), self.reason.value, self.codes)
        except SmupError as error:
            self.said.value = message_html(error, "Zapis grupy")
            return
        self.said.value = f"<p>Zapisano grupę: {unit_count(len(self.codes))}.</p>"
        self._on_saved()
