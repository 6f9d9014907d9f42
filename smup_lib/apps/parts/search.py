"""Find a unit while typing: by name with or without Polish letters, or by code."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from smup_lib.errors import SmupError
from smup_lib.present.formats import count_of
from smup_lib.units import GUESSED, NEAR, find_candidates

if TYPE_CHECKING:
    from smup_lib.units import Register

MAX_TEXT = 80
MAX_SHOWN = 8
#: Levels of units that have indicators.
_LEVELS = ("gmina", "powiat")
_ALIKE = (
    "jednostka ma podobną nazwę",
    "jednostki mają podobną nazwę",
    "jednostek ma podobną nazwę",
)
_FOUND = ("jednostka pasuje", "jednostki pasują", "jednostek pasuje")


def _placeholder(register: Register) -> str:
    """Say what may be typed, with a unit that these data have as the example."""
    powiats = register.units("powiat", register.current_year, kinds=("land_powiat",))
    example = f", np. {powiats['short_label'].iloc[0]}" if len(powiats) else ""
    return f"nazwa albo kod{example}"


class UnitSearch(widgets.VBox):  # type: ignore[misc]  # untyped library
    """A field and, below it, the units that the typed text may mean, as buttons.

    Parameters
    ----------
    register : Register
        Where to look.
    on_choice : callable
        Called with the code of the chosen unit.
    on_text : callable, optional
        Called with what stands in the field after each change by the visitor.
    label : str, default "Jednostka"
        What stands before the field.
    """

    def __init__(
        self,
        register: Register,
        on_choice: Callable[[str], None],
        on_text: Callable[[str], None] | None = None,
        label: str = "Jednostka",
    ) -> None:
        self._register = register
        self._on_choice = on_choice
        self._on_text = on_text
        self._quiet = False
        self._only: str | None = None
        self._buttons: dict[str, widgets.Button] = {}
        self.field = widgets.Text(description=label, placeholder=_placeholder(register))
        self.status = widgets.HTML()
        self.status.add_class("smup-status")
        self.candidates = widgets.VBox()
        self.candidates.add_class("smup-candidates")
        super().__init__((self.field, self.status, self.candidates))
        self.add_class("smup-search")
        self.field.observe(self._typed, "value")
        self.field.on_msg(self._key_pressed)

    def _typed(self, change: dict[str, Any]) -> None:
        if self._quiet:
            return
        self.suggest(change["new"])
        if self._on_text is not None:
            self._on_text(change["new"])

    def _key_pressed(self, _: Any, content: dict[str, Any], __: Any) -> None:
        if content.get("event") == "submit":
            self.submit()

    def submit(self) -> None:
        """Choose the one unit that the text names; with several the list stays to choose from."""
        if self._only is not None:
            self._on_choice(self._only)

    def suggest(self, text: str) -> None:
        """Offer the units that a text may mean."""
        wanted = text.strip()
        if len(wanted) < 2:
            self._offer([], "")
            return
        if len(wanted) > MAX_TEXT:
            self._offer([], "Tekst jest za długi. Wpisz nazwę albo kod jednostki.")
            return
        try:
            frame = find_candidates(self._register, wanted)
        except SmupError as error:
            self._offer([], f"{error.what} Wpisz początek nazwy albo kod TERYT.")
            return
        frame = frame[frame["level"].isin(_LEVELS)]
        rows = list(zip(frame["unit_code"], frame["label"], strict=True))
        if not rows:
            self._offer([], "Wskaźniki są dla gmin i powiatów. Wpisz nazwę jednej z nich.")
            return
        count = count_of(len(rows), _ALIKE if frame["note"].eq(GUESSED).all() else _FOUND)
        # of a unit that has ended: what became of it, not how many units "fit"
        count = str(frame.attrs["why"]).removesuffix(".") or count
        named = [row for row, note in zip(rows, frame["note"], strict=True) if note != NEAR]
        if len(rows) == 1:
            self._offer(rows, f"{count}. Naciśnij Enter albo wybierz.")
            return
        if len(named) == 1:
            said = f"{count}. Enter wybierze: {named[0][1]}. Inną wybierz z listy."
            self._offer(rows[:MAX_SHOWN], said, only=named[0][0])
            return
        more = "" if len(rows) <= MAX_SHOWN else f" Pokazano {MAX_SHOWN}, wpisz więcej liter."
        self._offer(rows[:MAX_SHOWN], f"{count}. Wybierz z listy.{more}")

    def offer(self, codes: list[str], status: str) -> None:
        """Offer given units, with a remark."""
        self._offer([(code, self._register.label(code)) for code in codes], status)

    def clear(self) -> None:
        """Empty the field and the list."""
        self._quiet = True
        self.field.value = ""
        self._quiet = False
        self._offer([], "")

    def _offer(self, rows: list[tuple[str, str]], status: str, only: str | None = None) -> None:
        """Show units as buttons; Enter chooses ``only``, or the one that stands there alone."""
        # a button that stays keeps its place in the page, and the focus of a slow reader with it
        self._buttons = {
            code: self._buttons.get(code) or self._button(code, label) for code, label in rows
        }
        self.candidates.children = tuple(self._buttons.values())
        # after the list: the page takes it as the answer to this text (templates/voila, page.js)
        text = escape(self.field.value.strip())
        self.status.value = f'<p data-for="{text}">{escape(status)}</p>' if status else ""
        self._only = rows[0][0] if len(rows) == 1 else only

    def _button(self, code: str, label: str) -> widgets.Button:
        button = widgets.Button(description=label, tooltip="")
        button.on_click(lambda _: self._on_choice(code))
        return button
