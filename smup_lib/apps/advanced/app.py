"""The app about many units and indicators: choose, see the table, charts, map, findings, files."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

import ipywidgets as widgets

from smup_lib.apps.advanced.charts_tab import ChartsTab
from smup_lib.apps.advanced.files_tab import FilesTab
from smup_lib.apps.advanced.findings_tab import FindingsTab
from smup_lib.apps.advanced.link import (
    ADVANCED_FIELDS,
    CHOSEN,
    LONGEST,
    MOST_PAIRS,
    TABLE,
    TABS,
    read_choice,
)
from smup_lib.apps.advanced.map_tab import MapTab
from smup_lib.apps.advanced.steps import Steps
from smup_lib.apps.advanced.table_tab import TableTab
from smup_lib.apps.parts.page import AppPage, Link, Shown
from smup_lib.apps.parts.panels import Panel
from smup_lib.apps.parts.sharing import is_shared
from smup_lib.errors import SmupError
from smup_lib.reports.selection.hashing import hash_html
from smup_lib.reports.selection.selection import Selection

if TYPE_CHECKING:
    from smup_lib.reports.loading import Workspace

_WELCOME = (
    '<header class="smup-head"><h1>Wiele jednostek i wskaźników</h1>'
    '<p class="smup-head-line">tabela, wykresy, mapa, ustalenia i pliki z tego, co wybierzesz</p>'
    "</header><p>Wybierz wskaźniki i jednostki, potem naciśnij „Pokaż wyniki”. Szukać można "
    "słowami, bez polskich liter. Wybór jest w linku: ten sam widok otworzy się ponownie.</p>"
)
_WAITING = (
    '<p role="status">Przygotowujemy tę część.</p>'
    '<div class="smup-skeleton smup-skeleton-chart" aria-hidden="true"></div>'
)
_NO_LINK = (
    "Jednostek wybranych po jednej jest za dużo na link: ten widok nie otworzy się ponownie "
    "z adresu ani po odświeżeniu strony. "
)
_SAVE_GROUP = (
    "Co zrobić: pokaż wyniki, zapisz te jednostki jako grupę (krok 4) i wybierz ją zamiast nich "
    "albo pobierz plan (zakładka „Zapis”)."
)
_SAVE_PLAN = (
    "Co zrobić: wybierz cały szczebel albo województwo zamiast listy albo pobierz plan "
    "(zakładka „Zapis”) i otwieraj widok z niego."
)
_STALE = "Wybór zmieniony. Wyniki niżej są jeszcze sprzed zmiany."


class AdvancedApp(AppPage):
    """The whole page.

    Parameters
    ----------
    workspace : Workspace
        Data, catalogue and register; they stay the same for the whole visit.
    query : str
        Query string of the link that was opened.
    """

    name: ClassVar[str] = "Wiele jednostek i wskaźników"
    fields = ADVANCED_FIELDS
    longest, most = LONGEST, MOST_PAIRS

    def __init__(self, workspace: Workspace, query: str = "") -> None:
        self.chosen: Selection | None = None
        #: By tab: what of the link it shows now.
        self._filled: dict[str, Link] = {}
        self._title = self.name
        super().__init__(workspace, query)

    # -- what the page is made of -----------------------------------------------------------------

    def _controls(self) -> Sequence[widgets.Widget]:
        self.steps = Steps(self.workspace, self._choice_changed)
        self.ask = widgets.Button(description="Pokaż wyniki", tooltip="")
        self.ask.add_class("smup-primary")
        self.ask.on_click(lambda _: self._ask())
        self.pending = widgets.HTML()
        self.pending.add_class("smup-status")
        asking = widgets.Box((self.ask, self.pending))
        asking.add_class("smup-asking")
        self.choosing = widgets.VBox((self.steps, asking))
        self.fold = widgets.Button(tooltip="")
        self.fold.add_class("smup-fold-button")
        self.fold.on_click(lambda _: self._fold(folded=not self._folded))
        self._fold(folded=False)
        self.head = widgets.HTML()
        self.table = TableTab(self._table_told)
        self.parts: dict[str, Any] = {
            "tabela": self.table,
            "wykresy": ChartsTab(self.look),
            "mapa": MapTab(self.look),
            "ustalenia": FindingsTab(),
            "zapis": FilesTab(self.open_plan),
        }
        self.panels = {name: Panel(words, "smup-tab-panel") for name, words in TABS.items()}
        self.tabs = widgets.Box([self._tab(name, words) for name, words in TABS.items()])
        self.tabs.add_class("smup-tabs")
        return self.fold, self.choosing

    def _tab(self, name: str, words: str) -> widgets.Button:
        button = widgets.Button(description=words, tooltip="")
        button.on_click(lambda _: self.look(v=name))
        return button

    # -- what the visitor does --------------------------------------------------------------------

    def _choice_changed(self) -> None:
        wanted = self.steps.read()
        same = all(wanted.get(key) == self.link.get(key) for key in CHOSEN)
        told = [_STALE] if self.link and not same else []
        told += [] if self.fits(wanted) else [said_too_long()]
        self.pending.value = "".join(f"<p>{escape(line)}</p>" for line in told)

    def _ask(self) -> None:
        """Show what is chosen; where one looks stays, how the table stood does not."""
        kept = {key: self.link[key] for key in ("v", "c", "k") if key in self.link}
        self.show(self.steps.read() | kept)

    def look(self, **where: str | None) -> None:
        """Look at another part of what is chosen: a tab, an indicator, a year, a kind of chart.

        Parameters
        ----------
        **where : str or None
            Keys of the link; None leaves the choice to the app.
        """
        changed = {**self.link, **where}
        self.show({key: text for key, text in changed.items() if text})

    def open_plan(self, link: Link) -> None:
        """Show what a plan file chooses."""
        self.show(link | {"v": "zapis"})

    def _table_told(self, state: Link) -> None:
        """Write into the link how the table stands; the table itself knows."""
        kept = {key: text for key, text in self.link.items() if key not in TABLE}
        self.link = kept | state
        self._filled["tabela"] = state
        self.write_address(self._title)

    def _fold(self, *, folded: bool) -> None:
        self._folded = folded
        self.fold.description = "Zmień wybór" if folded else "Ukryj wybór"
        (self.choosing.add_class if folded else self.choosing.remove_class)("smup-away")

    # -- what then is shown -----------------------------------------------------------------------

    def _open(self, wanted: Link) -> Shown:
        chosen = self._choose(wanted)
        if chosen is None or chosen.empty:
            return self._welcome(chosen)
        view = wanted.get("v", "tabela")
        for name, button in zip(TABS, self.tabs.children, strict=True):
            (button.add_class if name == view else button.remove_class)("smup-tab-open")
        self.content.children = (self.head, self.tabs, self.panels[view])
        link = {**wanted, "v": view}
        self._fill(view, link, chosen)
        self._title = f"{TABS[view]}: {chosen.subject}, {chosen.about}"
        notes = chosen.notes if self.fits(link) else (*chosen.notes, said_too_long())
        return Shown(link, self._title, chosen.subject, chosen.about, notes)

    def _choose(self, wanted: Link) -> Selection | None:
        """Return what a link chooses; what was shown of another choice is let go first."""
        choice = read_choice(wanted)
        if self.chosen is not None and self.chosen.choice == choice:
            return self.chosen
        self.chosen = None
        for name, panel in self.panels.items():
            panel.clear()
            self.parts[name].forget()
        self._filled.clear()
        self.pending.value = ""
        self.steps.show(wanted, None)
        if not any(key in wanted for key in CHOSEN):
            return None
        chosen = self.chosen = Selection(self.workspace, choice)
        if not chosen.empty:
            self.steps.show(wanted, chosen.found.level)
            self.steps.offer_saving(list(chosen.found.units))
            self.head.value = _head(chosen)
            self.fold.remove_class("smup-away")
            self._fold(folded=True)
        return chosen

    def _welcome(self, chosen: Selection | None) -> Shown:
        """Ask for a choice; what of one could not be had is said above."""
        notes = chosen.found.notes if chosen else ()
        self.chosen = None
        self.content.children = (widgets.HTML(_WELCOME),)
        self.fold.add_class("smup-away")
        self._fold(folded=False)
        return Shown({}, self.name, "Nie wybrano jeszcze wskaźników i jednostek", notes=notes)

    def _fill(self, view: str, link: Link, chosen: Selection) -> None:
        """Fill the open tab, unless it stands already as the link wants it."""
        part, panel = self.parts[view], self.panels[view]
        looks = {key: link[key] for key in part.looks if key in link}
        if self._filled.get(view) == looks:
            return
        if view not in self._filled:
            panel.children = (widgets.HTML(_WAITING),)
        if panel.show(lambda: part.show(chosen, link)):
            self._filled[view] = looks
        else:
            self._filled.pop(view, None)


def said_too_long() -> str:
    """Return that so many units make no link, and what to do here."""
    return _NO_LINK + (_SAVE_PLAN if is_shared() else _SAVE_GROUP)


def _head(chosen: Selection) -> str:
    """Return the heading of the results, with the hash of the data where there are any."""
    try:
        told = f" · skrót danych {hash_html(chosen.data_hash)}"
    except SmupError:  # the tabs say why there are none
        told = ""
    return (
        f'<header class="smup-head"><h1>{escape(chosen.subject)}</h1>'
        f'<p class="smup-head-line">{escape(chosen.about)}{told}</p></header>'
    )
