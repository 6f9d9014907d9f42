"""The tab with findings: sentences about the compared unit, each with confidence and evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import ipywidgets as widgets

if TYPE_CHECKING:
    from smup_lib.apps.parts.page import Link
    from smup_lib.reports.selection.selection import Selection


class FindingsTab(widgets.VBox):  # type: ignore[misc]  # untyped library
    """Findings of the chosen indicators, area by area."""

    looks: ClassVar[tuple[str, ...]] = ()

    def __init__(self) -> None:
        self.said = widgets.HTML()
        super().__init__((self.said,))

    def show(self, selection: Selection, link: Link) -> FindingsTab:
        """Say what stands out."""
        self.said.value = selection.findings().html
        return self

    def forget(self) -> None:
        """Let go of what was shown."""
        self.said.value = ""
