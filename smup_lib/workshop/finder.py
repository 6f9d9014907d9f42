"""Where does a participant look a unit up? In the search of the apps, inside an exercise."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from smup_lib.apps.parts.link import ViewLink
from smup_lib.units import load_register

if TYPE_CHECKING:
    from smup_lib.reports.area import AreaView


def build_finder(view: AreaView) -> Any | None:
    """Return a search field over the units of a view's data, or None without ipywidgets.

    A unit chosen from the list is told with its code and with the way to a lesson about it: on a
    page of Voilà a link (:mod:`smup_lib.apps.serving.page_parameters` reads it), in a notebook the
    parameters cell.

    Parameters
    ----------
    view : AreaView
        Its snapshot is searched; its unit is the one of the lesson.
    """
    try:
        import ipywidgets as widgets
    except ImportError:
        return None
    from smup_lib.apps.parts.search import UnitSearch

    register = load_register(view.snapshot)
    told = widgets.HTML()

    def choose(code: str) -> None:
        search.clear()
        told.value = _chosen_html(view, code, register.label(code))

    search = UnitSearch(register, choose, label="Szukaj jednostki")
    return widgets.VBox([search, told])


def _chosen_html(view: AreaView, code: str, label: str) -> str:
    from smup_lib.apps.opening import served

    words = f"<strong>{escape(label)}</strong>. Kod TERYT stoi w nawiasie."
    if code == view.assessment.unit.code:
        way = (
            "Na tej jednostce pracujesz w tej lekcji. Zaznacz jej kod pod spodem i naciśnij "
            "„Sprawdź”."
        )
    elif served():
        link = escape(ViewLink(unit=code).query)
        way = f'<a class="smup-link-button" href="{link}">Otwórz lekcję z tą jednostką</a>'
    else:
        typed = f"<code>unit = &quot;{code}&quot;</code>"
        way = f"Aby na niej pracować, wpisz w komórce z parametrami: {typed}."
    return f'<div class="smup-chosen" role="status"><p>{words}</p><p>{way}</p></div>'
