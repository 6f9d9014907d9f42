"""What has every app's page: whose data, a bar that stays, remarks, a link, errors in words?

The classes of the elements are those that the template (``templates/voila``, ``page.js``) knows.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

import ipywidgets as widgets

from smup_lib.apps.parts.link import FIELDS, MAX_PAIRS, MAX_QUERY, Field, read_fields, write_query
from smup_lib.apps.parts.panels import message_html
from smup_lib.apps.parts.piecework import note_arrival
from smup_lib.present.words import SAMPLE_LAND

if TYPE_CHECKING:
    from smup_lib.reports.loading import Workspace

#: What a view is asked for and what its link says, by the key of the link.
Link = dict[str, str]


@dataclass(frozen=True)
class Shown:
    """What an app has shown.

    Attributes
    ----------
    link : dict of str to str
        The view, as its link says it; empty for a page that still waits for a choice.
    title : str
        Of the browser's window.
    subject : str
        Whose view it is, for the bar that stays.
    rest : str
        What of it and when, for the bar.
    notes : tuple of str
        Polish sentences about what was asked for and could not be had.
    """

    link: Link
    title: str
    subject: str
    rest: str = ""
    notes: tuple[str, ...] = ()


class AppPage(widgets.VBox):  # type: ignore[misc]  # untyped library
    """The page of an app; an app says which controls it has and how it opens a view.

    Parameters
    ----------
    workspace : Workspace
        Data, catalogue and register; they stay the same for the whole visit.
    query : str
        Query string of the link that was opened.
    """

    children: tuple[Any, ...]
    #: What the page is called before anything is chosen.
    name: ClassVar[str] = "Wskaźniki usług publicznych"
    #: What a link of the app may hold.
    fields: ClassVar[Mapping[str, Field]] = FIELDS
    #: Characters and pairs that it may have.
    longest: ClassVar[int] = MAX_QUERY
    most: ClassVar[int] = MAX_PAIRS

    def __init__(self, workspace: Workspace, query: str = "") -> None:
        self.workspace = workspace
        self.link: Link = {}
        #: The query string that the page was last given for its address.
        self._offered = ""
        #: Set while the app itself fills its controls.
        self.quiet = False
        #: The line of the bar that names the view on the page.
        self.named_bar = ""
        self.bar, self.notes, self.address = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.bar.add_class("smup-bar-slot")
        self.notes.add_class("smup-notes")
        self.content = widgets.VBox()
        self.content.add_class("smup-content")
        # written by the page when it is drawn, and when the visitor goes back or forward
        self.wish = widgets.Text()
        self.wish.add_class("smup-address-field")
        self.wish.observe(self._address_changed, "value")
        heading = widgets.HTML('<h2 class="smup-hidden" id="wybor" tabindex="-1">Wybór</h2>')
        choose = widgets.VBox((heading, *self._controls(), self.address))
        choose.add_class("smup-choose")
        parts = (*self._below_choice(), self.notes, self.content, self.wish)
        super().__init__((*self._band(), self.bar, choose, *parts))
        self.add_class("smup-app")
        self.open_link(query)

    # -- what each app says -----------------------------------------------------------------------

    @abstractmethod
    def _controls(self) -> Sequence[widgets.Widget]:
        """Return what a view is chosen with."""

    @abstractmethod
    def _open(self, wanted: Link) -> Shown:
        """Show the view that is wanted in ``content``; what it raises is told to the visitor."""

    def _below_choice(self) -> Sequence[widgets.Widget]:
        """Return what stands between the choice and the content."""
        return ()

    # -- what all of them do ----------------------------------------------------------------------

    def _band(self) -> tuple[widgets.HTML, ...]:
        if not self.workspace.snapshot.fictional:
            return ()
        band = widgets.HTML(
            f'<div class="smup-land-band" role="note"><span>{SAMPLE_LAND}</span></div>'
        )
        band.add_class("smup-band-slot")
        return (band,)

    def _address_changed(self, change: dict[str, Any]) -> None:
        note_arrival()
        _, _, query = str(change["new"]).partition("?")
        if query != self._offered and self._read(query)[0] != self.link:
            self.open_link(query)

    def open_link(self, query: str) -> None:
        """Show the view that a query string asks for, and say what of it could not be used."""
        self.show(*self._read(query))

    def fits(self, link: Link) -> bool:
        """Return whether a link would open the same view again."""
        return self._read(write_query(link).removeprefix("?"))[0] == link

    def _read(self, query: str) -> tuple[Link, tuple[str, ...]]:
        return read_fields(query, self.fields, longest=self.longest, most=self.most)

    def show(self, wanted: Link, notes: tuple[str, ...] = ()) -> None:
        """Show a view; the page stays when that fails, with its controls and a way on.

        Parameters
        ----------
        wanted : dict of str to str
            What was asked for, by the key of the link.
        notes : tuple of str
            Remarks to show above the content.
        """
        self.add_class("smup-busy")
        self.bar.value = bar_html("Przygotowujemy widok", busy=True)
        try:
            shown = self._open(wanted)
        except Exception as error:  # whatever a view does, the page stays
            self.tell(notes)
            head = f'<header class="smup-head"><h1>{escape(self.name)}</h1></header>'
            self.content.children = (widgets.HTML(head + message_html(error, "Widok")),)
            self.named_bar = bar_html("Tego widoku nie można pokazać")
        else:
            self.tell((*notes, *shown.notes))
            self.link = shown.link
            self.write_address(shown.title)
            self.named_bar = bar_html(shown.subject, shown.rest)
        finally:
            self.remove_class("smup-busy")
        self.bar.value = self.named_bar

    def tell(self, notes: Sequence[str]) -> None:
        """Write remarks above the content."""
        lines = "".join(f"<p>{escape(note)}</p>" for note in dict.fromkeys(notes))
        self.notes.value = f'<div class="smup-caution" role="status">{lines}</div>' if lines else ""

    def write_address(self, title: str) -> None:
        """Offer the link of what is shown; the page writes it into the browser's address."""
        # without a choice there is no view worth a link, but the page still follows it; one that
        # would not open again is no link: a server may refuse it as a whole
        query = write_query(self.link if self.fits(self.link) else {})
        self._offered = query.removeprefix("?")
        away = "" if self._offered else " hidden"
        self.address.value = (
            f'<p class="smup-address"{away}><a class="smup-state-link" '
            f'href="{escape(query)}" data-title="{escape(title)}">'
            "Link do tego widoku</a> "
            '<button type="button" class="smup-copy smup-link-button">Kopiuj link</button></p>'
        )

    def fill(self, control: widgets.Dropdown, options: Sequence[Any], value: Any) -> None:
        """Give a list its options and its value without taking that for the visitor's choice."""
        before, self.quiet = self.quiet, True
        try:
            control.options = options
            control.value = value
        finally:
            self.quiet = before


def bar_html(strong: str, rest: str = "", *, busy: bool = False) -> str:
    """Return the line that stays in view: whose, what, when, and the way back to the choice.

    The page waits for a line that is not busy to say that the answer has come (page.js).
    """
    more = f" · {escape(rest)}" if rest else ""
    back = '<a class="smup-link-button" href="#wybor">Zmień</a>' if rest else ""
    state = " data-busy" if busy else ""
    return (
        f'<div class="smup-bar"{state}><p><strong>{escape(strong)}</strong>{more}</p>{back}</div>'
    )
