"""Choose units: one by one, from a pasted list, a whole level or voivodeship, somebody's group.

A choice is a list of terms, the words that a batch knows too: a code, ``gminy``, ``powiaty:14``,
``@name`` of a saved group, ``neighbours@1261`` for the group of a unit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from smup_lib.apps.parts.chips import ChipRow
from smup_lib.apps.parts.choices import GROUP_WORDS
from smup_lib.apps.parts.search import UnitSearch
from smup_lib.errors import SmupError
from smup_lib.present.formats import count_of
from smup_lib.present.words import unit_count
from smup_lib.units import list_saved_groups

if TYPE_CHECKING:
    from smup_lib.units import Register

#: What a whole level is called, as a term and on a chip.
LEVELS = {"gmina": ("gminy", "wszystkie gminy"), "powiat": ("powiaty", "wszystkie powiaty")}
_WAYS = (
    ("pojedynczo: nazwa albo kod", "one"),
    ("wklejona lista kodów albo nazw", "list"),
    ("wszystkie gminy albo powiaty", "level"),
    ("całe województwo", "voivodeship"),
    ("grupa porównawcza jednostki", "group"),
    ("zapisana grupa", "saved"),
)
_LINES = re.compile(r"[\n;\t]+")
#: A list of all gminy of the country by name is a third of it.
_LONGEST = 100_000
_TOLD = 10


class UnitChoice(widgets.VBox):  # type: ignore[misc]  # untyped library
    """Ways to name units, one of them open at a time, and what is chosen.

    Parameters
    ----------
    register : Register
        Who there is.
    on_change : callable
        Called after each change by the visitor.
    """

    def __init__(self, register: Register, on_change: Callable[[], None]) -> None:
        self._register, self._on_change = register, on_change
        self.terms: tuple[str, ...] = ()
        self.chips = ChipRow(self.remove, lambda: self.put(()))
        self.way = widgets.Dropdown(description="Jak wybrać jednostki", options=_WAYS)
        self.way.add_class("smup-way")
        self.status = widgets.HTML()
        self.status.add_class("smup-status")
        self.search = UnitSearch(register, self._one_chosen, label="Dodaj jednostkę")
        self.search.add_class("smup-search-many")
        self.group_of = UnitSearch(register, self._group_chosen, label="Czyja grupa")
        self.group_of.add_class("smup-search-many")
        self.pasted = widgets.Textarea(
            description="Kody albo nazwy, każda w osobnym wierszu", rows=6
        )
        self.level = widgets.Dropdown(
            description="Szczebel", options=[("gminy", "gmina"), ("powiaty", "powiat")]
        )
        self.voivodeship = widgets.Dropdown(description="Województwo", options=self._voivodeships())
        self.rule = widgets.Dropdown(
            description="Jaka grupa",
            options=[(words, rule) for rule, words in GROUP_WORDS.items() if rule != "country"],
        )
        self.saved = widgets.Dropdown(description="Zapisana grupa")
        self._body = widgets.Box()
        self._body.add_class("smup-way-body")
        super().__init__((self.chips, self.way, self._body, self.status))
        self.add_class("smup-step-body")
        self.way.observe(self._way_changed, "value")
        self._show_way()

    def show(self, terms: Sequence[str]) -> None:
        """Show what is chosen."""
        self.terms = tuple(terms)
        self.chips.show({term: self.name(term) for term in self.terms})

    def name(self, term: str) -> str:
        """Return what a term is called."""
        rule, at, code = term.rpartition("@")
        if term.startswith("@"):
            return f"grupa: {term[1:]}"
        if at:
            return f"{GROUP_WORDS.get(rule.partition(':')[0], rule)}: {self._label(code)}"
        word, _, place = term.partition(":")
        whole = dict(LEVELS.values())
        if word in whole:
            return f"{whole[word]}: {self._label(place)}" if place else whole[word]
        return self._label(term)

    def put(self, terms: Sequence[str]) -> None:
        """Choose just these, as a visitor does."""
        self.show(tuple(dict.fromkeys(terms)))
        self._on_change()

    def add(self, terms: Sequence[str], said: str) -> None:
        """Add to what is chosen and say what was added."""
        new = [term for term in terms if term not in self.terms]
        self.put((*self.terms, *new))
        self._say(said if new else "To jest już wybrane.")

    def remove(self, term: str) -> None:
        """Take a term away."""
        self.put([one for one in self.terms if one != term])

    def refresh_saved(self) -> None:
        """Offer the groups that are saved now."""
        self.saved.options = list_saved_groups()
        self._show_way()

    # -- the ways ---------------------------------------------------------------------------------

    def _way_changed(self, change: dict[str, Any]) -> None:
        self._say("")
        self._show_way()

    def _show_way(self) -> None:
        way = self.way.value
        if way == "saved":
            self.saved.options = list_saved_groups()
            if not self.saved.options:
                self._body.children = (
                    widgets.HTML("<p>Żadna grupa nie jest jeszcze zapisana.</p>"),
                )
                return
        parts: dict[str, tuple[Any, ...]] = {
            "one": (self.search,),
            "list": (self.pasted, _button("Dodaj z listy", self._add_pasted)),
            "level": (self.level, _button("Dodaj wszystkie", self._add_level)),
            "voivodeship": (
                *(self.voivodeship, self.level),
                _button("Dodaj województwo", self._add_voivodeship),
            ),
            "group": (self.rule, self.group_of),
            "saved": (self.saved, _button("Dodaj grupę", self._add_saved)),
        }
        self._body.children = parts[way]

    def _one_chosen(self, code: str) -> None:
        self.search.clear()
        self.add((code,), f"Dodano: {self._label(code)}.")

    def _group_chosen(self, code: str) -> None:
        self.group_of.clear()
        term = f"{self.rule.value}@{code}"
        self.add((term,), f"Dodano: {self.name(term)}.")

    def _add_level(self) -> None:
        term = LEVELS[self.level.value][0]
        self.add((term,), f"Dodano: {self.name(term)}.")

    def _add_voivodeship(self) -> None:
        term = f"{LEVELS[self.level.value][0]}:{self.voivodeship.value}"
        self.add((term,), f"Dodano: {self.name(term)}.")

    def _add_saved(self) -> None:
        term = f"@{self.saved.value}"
        self.add((term,), f"Dodano: {self.name(term)}.")

    def _add_pasted(self) -> None:
        """Add the units of a pasted list; what means none stays in the field, with the reason."""
        if len(self.pasted.value) > _LONGEST:
            self._say("Lista jest za długa. Wklej ją w częściach.")
            return
        lines = [line.strip() for line in _LINES.split(self.pasted.value) if line.strip()]
        codes, left, told = [], [], []
        for line in lines:
            try:
                codes.append(self._register_unit(line))
            except SmupError as error:
                left.append(line)
                told.append(f"{line[:60]}: {error.what}")
        self.pasted.value = "\n".join(left)
        if codes:
            self.add(codes, "")
        said = [f"Dodano: {unit_count(len(codes))}." if codes else "Wklej listę kodów albo nazw."]
        if left:
            said.append(f"Nie rozpoznano {count_of(len(left), _LINE)}; zostały w polu:")
        self._say(" ".join(said), told[:_TOLD])

    def _register_unit(self, text: str) -> str:
        from smup_lib.units import find_unit

        return find_unit(self._register, text.split(",")[0] if text[:1].isdigit() else text).code

    # -- words ------------------------------------------------------------------------------------

    def _voivodeships(self) -> list[tuple[str, str]]:
        frame = self._register.units("voivodeship", self._register.current_year)
        return list(zip(frame["name"], frame["unit_code"], strict=True))

    def _label(self, code: str) -> str:
        try:
            return self._register.label(code)
        except SmupError:
            return code

    def _say(self, text: str, lines: Sequence[str] = ()) -> None:
        listed = "".join(f"<li>{escape(line)}</li>" for line in lines)
        told = f"<p>{escape(text)}</p>" if text else ""
        self.status.value = told + (f"<ul>{listed}</ul>" if listed else "")


_LINE = ("wiersza", "wierszy", "wierszy")


def _button(words: str, act: Callable[[], None]) -> widgets.Button:
    button = widgets.Button(description=words, tooltip="")
    button.on_click(lambda _: act())
    return button
