"""The app about one area of one unit: choose, read, look closer; every view has a link."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from smup_lib.apps.area_content import AreaContent
from smup_lib.apps.choices import list_area_options, list_group_options
from smup_lib.apps.choosing import ChosenView, choose_view
from smup_lib.apps.link import ViewLink, read_link
from smup_lib.apps.panels import message_html
from smup_lib.apps.search import UnitSearch
from smup_lib.errors import AmbiguousUnitError, UnknownUnitError
from smup_lib.present.display import Display
from smup_lib.present.words import SAMPLE_LAND
from smup_lib.problems import Problems

if TYPE_CHECKING:
    from smup_lib.reports.loading import Workspace
    from smup_lib.units import Unit

_WELCOME = Display(
    '<header class="smup-head"><h1>Wskaźniki usług publicznych</h1>'
    '<p class="smup-head-line">gminy i powiaty: porównanie z grupą, zmiany w czasie, braki danych'
    "</p></header><p>Wpisz nazwę gminy albo powiatu w polu „Jednostka”. Polskie litery nie są "
    "konieczne. Strona pokaże ustalenia, położenie wobec grupy porównawczej i wykresy.</p>"
)
#: Class of a page whose view waits out of sight until another unit is chosen, or none.
_ASIDE = "smup-aside"
_HEAD = '<header class="smup-head"><h1>Wskaźniki usług publicznych</h1></header>'


class AreaApp(widgets.VBox):  # type: ignore[misc]  # untyped library
    """The whole page.

    Parameters
    ----------
    workspace : Workspace
        Data, catalogue and register; they stay the same for the whole visit.
    query : str
        Query string of the link that was opened.
    """

    def __init__(self, workspace: Workspace, query: str = "") -> None:
        self.workspace = workspace
        self.link = ViewLink()
        self._quiet = False
        self.search = UnitSearch(workspace.register, self._unit_chosen, self._text_typed)
        self.area = widgets.Dropdown(description="Obszar usług")
        self.year = widgets.Dropdown(description="Rok")
        self.group = widgets.Dropdown(description="Grupa porównawcza")
        self.area.add_class("smup-choose-area")
        self.bar, self.notes, self.address = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.bar.add_class("smup-bar-slot")
        self.notes.add_class("smup-notes")
        back = widgets.Button(description="Wróć do poprzedniego widoku", tooltip="")
        back.add_class("smup-back")
        back.on_click(lambda _: self._text_typed(""))
        self.back = widgets.Box((back,))
        self.back.add_class("smup-back-slot")
        self.content = AreaContent(self._service_chosen)
        # written by the page when the visitor goes back or forward (templates/voila)
        self.wish = widgets.Text()
        self.wish.add_class("smup-address-field")
        super().__init__(
            (
                *(*self._band(), self.bar, self._choosing()),
                *(self.back, self.notes, self.content, self.wish),
            )
        )
        self.add_class("smup-app")
        for control in (self.area, self.year, self.group):
            control.observe(self._control_changed, "value")
        self.wish.observe(self._address_changed, "value")
        self.open_link(query)

    # -- what the page is made of -----------------------------------------------------------------

    def _band(self) -> tuple[widgets.HTML, ...]:
        if not self.workspace.snapshot.fictional:
            return ()
        band = widgets.HTML(
            f'<div class="smup-land-band" role="note"><span>{SAMPLE_LAND}</span></div>'
        )
        band.add_class("smup-band-slot")
        return (band,)

    def _choosing(self) -> widgets.Widget:
        heading = widgets.HTML('<h2 class="smup-hidden" id="wybor" tabindex="-1">Wybór</h2>')
        self.selects = widgets.Box((self.area, self.year, self.group))
        self.selects.add_class("smup-selects")
        box = widgets.VBox((heading, self.search, self.selects, self.address))
        box.add_class("smup-choose")
        return box

    # -- what the visitor does --------------------------------------------------------------------

    def _control_changed(self, change: dict[str, Any]) -> None:
        if self._quiet or change["new"] is None:
            return
        year = None if self.year.value is None else str(self.year.value)
        moved = change["owner"] is self.area
        self.show(
            replace(
                self.link,
                area=self.area.value,
                year=year,
                group=None if moved else self.group.value,
                service=None if moved else self.link.service,
            )
        )

    def _text_typed(self, text: str) -> None:
        """Set the view aside while a text is typed that may mean another unit."""
        if self.link.unit is None:
            return
        if text.strip():
            self.add_class(_ASIDE)
            self.bar.value = _bar("Wybierz jednostkę z listy")
        else:
            self.remove_class(_ASIDE)
            self.search.clear()
            self._name_view()

    def _unit_chosen(self, code: str) -> None:
        self.show(replace(self.link, unit=code, group=None))

    def _service_chosen(self, code: str) -> None:
        self.link = replace(self.link, service=code)
        self._write_address()

    def _address_changed(self, change: dict[str, Any]) -> None:
        _, _, query = str(change["new"]).partition("?")
        if read_link(query)[0] != self.link:
            self.open_link(query)

    # -- what then is shown -----------------------------------------------------------------------

    def open_link(self, query: str) -> None:
        """Show the view that a query string asks for, and say what of it could not be used."""
        self.show(*read_link(query))

    def show(self, wanted: ViewLink, notes: tuple[str, ...] = ()) -> None:
        """Show a view.

        Parameters
        ----------
        wanted : ViewLink
            What was asked for.
        notes : tuple of str
            Remarks to show above the content.
        """
        self.add_class("smup-busy")
        self.remove_class(_ASIDE)
        try:
            unit = self._find(wanted.unit, wanted.year)
            if unit is None:
                self._show_welcome(notes)
                return
            self.bar.value = _bar(unit.label, "przygotowujemy widok", busy=True)
            chosen = choose_view(self.workspace, wanted, unit)
            self._show_chosen(chosen, wanted, notes)
        except Exception as error:  # the page stays, with its search and a way on
            self._show_error(error, notes)
        finally:
            self.remove_class("smup-busy")

    def _find(self, text: str | None, year: str | None) -> Unit | None:
        """Find a unit of today, or one that existed in the year of the link."""
        if text is None:
            return None
        try:
            return self.workspace.unit(text)
        except (AmbiguousUnitError, UnknownUnitError) as error:
            former = year and Problems().attempt(lambda: self.workspace.unit(text, year=int(year)))
            if former:
                return former
            near = [*getattr(error, "candidates", ()), *getattr(error, "suggestions", ())]
            if near:
                self.search.offer([c.code for c in near], "Wybierz z listy.")
            raise

    def _show_chosen(self, chosen: ChosenView, wanted: ViewLink, notes: tuple[str, ...]) -> None:
        a = chosen.view.assessment
        self.search.clear()
        self._fill_controls(chosen)
        self._tell((*notes, *chosen.notes))
        service = self.content.show(chosen.view, wanted.service)
        self._name_view()
        self.link = ViewLink(a.unit.code, a.area.id, str(a.year), self.group.value, service)
        self._write_address(f"{a.area.name}: {a.unit.label}, {a.year} r.")

    def _fill_controls(self, chosen: ChosenView) -> None:
        a = chosen.view.assessment
        self._quiet = True
        try:
            self.area.options = list_area_options(self.workspace, a.unit)
            self.area.value = a.area.id
            self.year.options = sorted({*chosen.years, a.year}, reverse=True)
            self.year.value = a.year
            self.group.options = list_group_options(a.area, chosen.rule)
            self.group.value = chosen.rule or a.area.group
        finally:
            self._quiet = False
        self.selects.remove_class("smup-away")

    def _show_welcome(self, notes: tuple[str, ...]) -> None:
        self.selects.add_class("smup-away")
        self.bar.value = _bar("Nie wybrano jednostki")
        self._tell(notes)
        self.content.say(_WELCOME)
        self.link = ViewLink()
        self._write_address("Wskaźniki usług publicznych")

    def _show_error(self, error: Exception, notes: tuple[str, ...]) -> None:
        self._tell(notes)
        self.content.say(Display(_HEAD + message_html(error, "Widok")))
        self._name_view()
        if self.link.unit is None:
            self.selects.add_class("smup-away")

    def _name_view(self) -> None:
        """Write into the bar whose view stands on the page now."""
        if self.content.view is None:
            self.bar.value = _bar("Tego widoku nie można pokazać")
        else:
            a = self.content.view.assessment
            self.bar.value = _bar(a.unit.label, f"{a.area.name}, {a.year} r.")

    def _tell(self, notes: tuple[str, ...]) -> None:
        lines = "".join(f"<p>{escape(note)}</p>" for note in dict.fromkeys(notes))
        self.notes.value = f'<div class="smup-caution" role="status">{lines}</div>' if lines else ""

    def _write_address(self, title: str | None = None) -> None:
        if title is not None:
            self._title = title
        query = escape(self.link.query)
        # without a unit there is no view worth a link, but the page still follows it
        away = "" if self.link.unit else " hidden"
        self.address.value = (
            f'<p class="smup-address"{away}><a class="smup-state-link" href="{query}" '
            f'data-title="{escape(self._title)}">Link do tego widoku</a> '
            '<button type="button" class="smup-copy smup-link-button">Kopiuj link</button></p>'
        )


def _bar(strong: str, rest: str = "", *, busy: bool = False) -> str:
    """Return the line that stays in view: whose, what, when, and the way back to the choice.

    The page waits for a line that is not busy to say that the answer has come (page.js).
    """
    more = f" · {escape(rest)}" if rest else ""
    back = '<a class="smup-link-button" href="#wybor">Zmień</a>' if rest else ""
    state = " data-busy" if busy else ""
    return (
        f'<div class="smup-bar"{state}><p><strong>{escape(strong)}</strong>{more}</p>{back}</div>'
    )
