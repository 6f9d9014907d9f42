"""On what do the numbers of a page rest? Its sources, methods and receipt, behind one line."""

from __future__ import annotations

from typing import Protocol

from smup_lib.present.display import Display
from smup_lib.present.folding import folded


class _Sourced(Protocol):
    def sources(self) -> Display: ...
    def receipt(self) -> Display: ...


def show_sources(view: _Sourced) -> Display:
    """Return the sources and the receipt of a view, folded."""
    html = view.sources().html + view.receipt().html
    return Display(folded("Źródła, sposób liczenia i metryka", html))
