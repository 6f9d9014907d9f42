"""The desk: which data are there, what is being fetched, how far the batches are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import ipywidgets as widgets

from smup_lib.apps.desk.acting import Confirmed, Starter, say_start
from smup_lib.apps.desk.batches import said_batch, show_batch, show_no_batches
from smup_lib.apps.desk.states import said_state, show_states
from smup_lib.apps.desk.syncs import show_syncs
from smup_lib.apps.parts.link import Field
from smup_lib.apps.parts.page import AppPage, Link, Shown
from smup_lib.apps.parts.panels import Panel
from smup_lib.apps.parts.sharing import is_shared
from smup_lib.present.display import Display
from smup_lib.reports.batch.known import KnownBatch, list_batches
from smup_lib.reports.known_years import choose_year, count_variables
from smup_lib.snapshots import current_id, list_snapshots, use_snapshot

if TYPE_CHECKING:
    from smup_lib.reports.loading import Workspace

_HEAD = '<header class="smup-head"><h1>Pulpit koordynatora</h1></header>'
_NOT_HERE = (
    "<p>Pulpit pokazuje foldery i uruchamia polecenia, więc działa tylko na komputerze osoby, "
    "która przygotowuje raporty. Ten serwer odwiedza wiele osób.</p>"
    "<p>Co zrobić: na swoim komputerze uruchom <code>smup apps serve</code> i wybierz „Pulpit "
    "koordynatora”.</p>"
)


class DeskApp(AppPage):
    """The whole page; it looks again at each tick of the page's script."""

    name: ClassVar[str] = "Pulpit koordynatora"
    fields: ClassVar[Mapping[str, Field]] = {
        "batch": Field("partia raportów", re.compile("[0-9a-f]{16}"), "wybór z listy partii")
    }

    def __init__(self, workspace: Workspace, query: str = "") -> None:
        self.shared = is_shared()
        self.starter = Starter()
        self.states, self.syncs = Panel("Stany danych"), Panel("Pobieranie danych")
        self.batch = Panel("Partia raportów")
        self.found: dict[str, KnownBatch] = {}
        super().__init__(workspace, query)

    def _controls(self) -> Sequence[widgets.Widget]:
        self.batches = widgets.Dropdown(description="Partia raportów")
        self.batches.observe(self._batch_chosen, "value")
        self.choice = widgets.Dropdown(description="Stan danych")
        self.use = Confirmed("Ustaw jako bieżący", self._say_use, self._use)
        self.choice.observe(lambda _: self.use.withdraw(), "value")
        self.make = Confirmed("Dokończ albo odnów partię", self._say_make, self._make)
        # written by the page's script every few seconds while somebody looks
        self.tick = widgets.Text()
        self.tick.add_class("smup-tick-field")
        self.tick.observe(lambda _: self.look(), "value")
        return (self.tick,)

    def _open(self, wanted: Link) -> Shown:
        if self.shared:
            self.content.children = (widgets.HTML(_HEAD + _NOT_HERE),)
            return Shown({}, self.name, self.name)
        notes = self._fill(wanted.get("batch"))
        self.content.children = self._sections()
        self.look()
        chosen = self.batches.value
        link = {"batch": chosen} if chosen else {}
        return Shown(link, self.name, self.name, notes=notes)

    def _sections(self) -> tuple[widgets.Widget, ...]:
        reports = (self.batches, self.batch, self.make) if self.found else (self.batch,)
        return (
            widgets.HTML(_HEAD),
            _section("Partie raportów", *reports),
            _section("Pobieranie danych z serwisów", self.syncs),
            _section("Stany danych", self.states, self.choice, self.use),
        )

    def _fill(self, mark: str | None) -> tuple[str, ...]:
        """Fill the lists; return what of the link is not there."""
        self._fill_batches(mark)
        states = [(said_state(one), one.id) for one in list_snapshots()]
        self.fill(self.choice, states, current_id() if states else None)
        unknown = mark is not None and mark not in self.found
        return ("Tej partii raportów nie ma na tym komputerze.",) if unknown else ()

    def _fill_batches(self, mark: str | None) -> None:
        """List the batches, each with how far it is; what has not changed is not sent."""
        self.found = {batch.mark: batch for batch in list_batches()}
        options = tuple((said_batch(batch), batch.mark) for batch in self.found.values())
        chosen = mark if mark in self.found else next(iter(self.found), None)
        if (options, chosen) != (tuple(self.batches.options), self.batches.value):
            self.fill(self.batches, options, chosen)

    # -- what the coordinator does ----------------------------------------------------------------

    def _batch_chosen(self, change: dict[str, Any]) -> None:
        if not self.quiet and change["new"] is not None:
            self.make.withdraw()
            self.show({"batch": change["new"]})

    def look(self) -> None:
        """Read everything again; what has not changed is not sent."""
        if self.shared:
            return
        self._fill_batches(self.batches.value)
        self.states.show(lambda: show_states(self.workspace.snapshot.id))
        self.syncs.show(show_syncs)
        self.batch.show(self._show_batch)

    def _show_batch(self) -> Display:
        batch = self._chosen_batch()
        if batch is None:
            area = self.workspace.catalogue.areas["culture_recreation"]
            year = choose_year(count_variables(self.workspace, area.indicators, "powiat"))
            return show_no_batches(year or self.workspace.register.current_year)
        return Display(self.starter.tell_failure(batch) + show_batch(batch).html)

    def _chosen_batch(self) -> KnownBatch | None:
        return next((one for one in list_batches() if one.mark == self.batches.value), None)

    def _say_make(self) -> str | None:
        batch = self._chosen_batch()
        if self.shared or batch is None or not batch.there or batch.working:
            return None
        return say_start(batch)

    def _make(self) -> str:
        if self.shared:  # a button that is not shown can still be pressed by a message
            return _NOT_HERE
        batch = self._chosen_batch()
        if batch is None or batch.working:
            return "<p>Nad tą partią już ktoś pracuje.</p>"
        return self.starter.start(batch)

    def _say_use(self) -> str | None:
        if self.shared or self.choice.value is None or self.choice.value == current_id():
            return None
        return (
            f"<p>Bieżącym stanem danych stanie się <code>{self.choice.value}</code>. Raporty, "
            "notatniki i strony otwarte później będą z niego korzystać; otwarte teraz i partie w "
            f"toku zostaną przy swoim. Cofnie to: <code>smup data use {current_id()}</code></p>"
        )

    def _use(self) -> str:
        if self.shared:
            return _NOT_HERE
        used = use_snapshot(str(self.choice.value))
        self.look()
        return f"<p>Bieżący stan danych: {used.id}.</p>"


def _section(title: str, *parts: widgets.Widget) -> widgets.Widget:
    section = widgets.VBox((widgets.HTML(f"<h2>{title}</h2>"), *parts))
    section.add_class("smup-desk-section")
    return section
