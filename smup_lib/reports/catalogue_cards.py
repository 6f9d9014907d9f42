"""Which card belongs to a name, and what do the current data hold of it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smup_lib.catalogue import Catalogue, load_catalogue
from smup_lib.catalogue.entries import Entry, find_entry
from smup_lib.catalogue.practice_book import load_practices
from smup_lib.catalogue.practice_choice import cards_of_service
from smup_lib.errors import NoDataError, UnitError
from smup_lib.present.area_cards import area_card, service_card
from smup_lib.present.card_parts import Address, Card, card_text, render_catalogue_card
from smup_lib.present.display import Display
from smup_lib.present.formats import format_date
from smup_lib.present.indicator_card import indicator_card
from smup_lib.present.practice_cards import practice_section
from smup_lib.reports.audit import Audit
from smup_lib.reports.loading import Workspace

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator
    from smup_lib.catalogue.practice import PracticeCard
    from smup_lib.snapshots import Snapshot

_NO_DATA = "Nie ma jeszcze żadnych danych, więc dostępności nie da się podać."


@dataclass(frozen=True)
class CardBook:
    """The cards of the catalogue, with what one state of the data holds.

    Attributes
    ----------
    catalogue : Catalogue
    audit : Audit or None
        None without data.
    note : str
        Why there is no audit, or which state of the data it is of.
    """

    catalogue: Catalogue
    audit: Audit | None
    note: str

    @classmethod
    def open(
        cls,
        snapshot: str | Path | Snapshot | None = None,
        indicators: Sequence[Indicator] | None = None,
    ) -> CardBook:
        """Open the book on the current snapshot, or on the one named.

        Parameters
        ----------
        snapshot : str, Path or Snapshot, optional
            A card needs no data: without any, it says so.
        indicators : sequence of Indicator, optional
            Those whose availability is counted; all when omitted.
        """
        catalogue = load_catalogue()
        try:
            workspace = Workspace.open(snapshot)
        except NoDataError:
            if snapshot is not None:
                raise
            return cls(catalogue, None, _NO_DATA)
        except UnitError as error:  # data without a register of units
            return cls(catalogue, None, f"Dostępności nie da się podać. {error.what}")
        areas = list(catalogue.areas.values())
        state = workspace.snapshot.manifest.created
        note = f"Stan danych z {format_date(state)}"
        return cls(catalogue, Audit(workspace, areas, indicators=indicators), note)

    @property
    def fictional(self) -> bool:
        """Whether the data are of the fictional land."""
        return self.audit is not None and self.audit.snapshot.fictional

    @cached_property
    def _availability(self) -> pd.DataFrame | None:
        return None if self.audit is None else self.audit.indicator_frame()

    @cached_property
    def _definitions(self) -> pd.DataFrame | None:
        return None if self.audit is None else self.audit.snapshot.table("published_definitions")

    def card(self, entry: Entry) -> Card:
        """Return the card of an entry."""
        known = (entry, self.catalogue, self._availability)
        if entry.kind == "indicator":
            card = indicator_card(*known, self._definitions, self.note)
        else:
            make = service_card if entry.kind == "service" else area_card
            card = make(*known, self.note)
        practices = practice_section(self._practices_of(entry), fictional=self.fictional)
        return replace(card, sections=(*card.sections, practices))

    @cached_property
    def practices(self) -> tuple[PracticeCard, ...]:
        """The practice cards, those of the workbench and the user's own."""
        return load_practices().cards

    def _practices_of(self, entry: Entry) -> tuple[PracticeCard, ...]:
        if entry.indicator is not None:
            return tuple(card for card in self.practices if entry.id in card.cited)
        return cards_of_service(self.practices, entry.id) if entry.service else ()

    def availability(self, entry: Entry) -> list[dict[str, Any]]:
        """Return what the data hold of an entry's indicators, as plain values."""
        if self._availability is None:
            return []
        wanted = {one.id for one in entry.indicators}
        own = self._availability[self._availability["indicator"].isin(wanted)]
        plain = own.astype(object).where(own.notna(), None)
        return [{str(k): v for k, v in row.items()} for row in plain.to_dict("records")]


def open_card(text: str, snapshot: str | Path | Snapshot | None = None) -> tuple[Entry, CardBook]:
    """Return the entry that a text means and a book that counts only its indicators."""
    entry = find_entry(load_catalogue(), text)
    return entry, CardBook.open(snapshot, entry.indicators)


def show_card(text: str, snapshot: str | Path | Snapshot | None = None) -> Display:
    """Return the card of an area, a service or an indicator; see :func:`smup_lib.show_card`."""
    entry, book = open_card(text, snapshot)
    return display_card(book.card(entry))


def display_card(card: Card, address: Address | None = None) -> Display:
    """Return a card as a display."""
    return Display(render_catalogue_card(card, address), card_text(card))
