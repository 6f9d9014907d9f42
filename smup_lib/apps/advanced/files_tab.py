"""The tab with files: what is seen as a table, document, picture or plan; a plan opened again."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

import ipywidgets as widgets

from smup_lib.apps.advanced.charts_tab import figure_of
from smup_lib.apps.advanced.link import table_look, write_choice
from smup_lib.apps.advanced.map_tab import map_of
from smup_lib.apps.parts.file_saver import FileSaver
from smup_lib.apps.parts.panels import message_html
from smup_lib.errors import NoDataError, SmupError
from smup_lib.present.figure import ChartFigure
from smup_lib.present.folding import folded
from smup_lib.reports.selection import files
from smup_lib.reports.selection.drawings import write_png, write_svg
from smup_lib.reports.selection.plan import read_plan, write_plan

if TYPE_CHECKING:
    from smup_lib.apps.parts.page import Link
    from smup_lib.reports.selection.selection import Selection

_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: By the ending of the name: the type that a browser knows it by.
TYPES = {
    "xlsx": _SHEET,
    "csv": "text/csv",
    "docx": _WORD,
    "plan.yaml": "application/yaml",
    "wykres.png": "image/png",
    "wykres.svg": "image/svg+xml",
    "mapa.png": "image/png",
    "mapa.svg": "image/svg+xml",
}
#: What the buttons say.
WORDS = {
    "xlsx": "Tabela (XLSX)",
    "csv": "Tabela (CSV)",
    "docx": "Dokument (DOCX)",
    "plan.yaml": "Plan raportów (YAML)",
    "wykres.png": "Wykres (PNG)",
    "wykres.svg": "Wykres (SVG)",
    "mapa.png": "Mapa (PNG)",
    "mapa.svg": "Mapa (SVG)",
}
_SAVE = (
    "<h2>Zapisz to, co widać</h2><p>Tabela ma w pliku tę samą kolejność i te same filtry, "
    "co na ekranie; wykres i mapa są te, które ostatnio wybrano.</p>"
)
_CHOOSE = "Wybierz plik planu"
_PLAN = (
    "<h2>Otwórz plan</h2><p>Plik planu otwiera ten sam wybór wskaźników, jednostek i lat. "
    "Raport z planu tworzy polecenie <code>smup report batch --plan PLIK</code>.</p>"
)


class FilesTab(widgets.VBox):  # type: ignore[misc]  # untyped library
    """Buttons that make a file, the hash of the data, and a field that opens a plan.

    Parameters
    ----------
    open_plan : callable
        Called with the choice of a plan file, in the words of the link.
    """

    looks: ClassVar[tuple[str, ...]] = ("f", "f2", "n", "c", "k", "s", "q", "r", "p", "w")

    def __init__(self, open_plan: Callable[[Link], None]) -> None:
        self._open_plan = open_plan
        self._selection: Selection | None = None
        self._link: Link = {}
        self.facts = widgets.HTML()
        self.saver = FileSaver(TYPES, self.make, WORDS)
        self.upload = widgets.FileUpload(
            accept=".yaml,.yml", multiple=False, description="", tooltip=_CHOOSE, icon=""
        )
        self.upload.observe(self._uploaded, "value")
        self.said = widgets.HTML()
        self.said.add_class("smup-status")
        saving = (widgets.HTML(_SAVE), self.saver, self.facts)
        super().__init__((*saving, widgets.HTML(_PLAN), self.upload, self.said))

    def show(self, selection: Selection, link: Link) -> FilesTab:
        """Say what would be saved."""
        self._selection, self._link = selection, link
        facts = files.list_facts(selection)
        listed = "".join(f"<div><dt>{a}</dt><dd>{escape(b)}</dd></div>" for a, b in facts)
        self.facts.value = folded(
            "Co mówi o sobie każdy plik", f'<dl class="smup-facts">{listed}</dl>'
        )
        return self

    def forget(self) -> None:
        """Let go of what would be saved."""
        self._selection = None

    def make(self, ending: str) -> tuple[str, bytes]:
        """Return a file of what is seen: its name and what is in it.

        Parameters
        ----------
        ending : str
            One of :data:`TYPES`.
        """
        chosen = self._selection
        if chosen is None:
            raise NoDataError(
                "Nie ma jeszcze wyników.",
                expected="wskaźnik i jednostka, które mają dane",
                next_step="wybierz wskaźniki i jednostki",
            )
        return f"{files.file_stem(chosen)}.{ending}", self._content(chosen, ending)

    def _content(self, chosen: Selection, ending: str) -> bytes:
        link = self._link
        if ending == "plan.yaml":
            return write_plan(chosen).encode()
        if ending == "xlsx":
            return files.write_table_xlsx(chosen, table_look(link))
        if ending == "csv":
            return files.write_table_csv(chosen, table_look(link))
        if ending == "docx":
            return files.write_document(chosen, [figure_of(chosen, link)])
        figure = self._map(chosen) if ending.startswith("mapa") else figure_of(chosen, link)
        if not isinstance(figure, ChartFigure) or not figure.chart.has_data:
            raise NoDataError(
                "Tego wykresu nie ma z czego narysować.",
                expected="wykres, na którym jest jakaś wartość",
                next_step="wybierz inny wykres, wskaźnik albo rok",
            )
        write = write_png if ending.endswith("png") else write_svg
        return write(chosen, figure)

    def _map(self, chosen: Selection) -> Any:
        link = self._link
        names = [one.id for one in chosen.found.indicators]
        name = link["f"] if link.get("f") in names else names[0]
        told = link.get("n", "")
        year = int(told) if told.isdigit() and int(told) in chosen.found.years else None
        return map_of(chosen, name, year or chosen.last_year(name), link.get("k", ""))

    def _uploaded(self, change: dict[str, Any]) -> None:
        if not change["new"]:
            return
        (given,) = change["new"]
        self.upload.value = ()
        try:
            choice = read_plan(bytes(given["content"]), str(given["name"]))
        except SmupError as error:
            self.said.value = message_html(error, "Plan", to_host=True)
            return
        self.said.value = ""
        self._open_plan(write_choice(choice))
