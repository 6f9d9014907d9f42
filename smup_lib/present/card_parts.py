"""What is a card made of, and how does it look on a page and in a terminal?

A card is said once, as parts; a page, a terminal and the static site only render them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Literal

from smup_lib.catalogue.entries import EntryKind
from smup_lib.present.tables import Column, render_facts, render_table

#: What a card is of.
CardKind = EntryKind | Literal["practice"]
#: Returns the address of a card: kind, id; None where there is no page to lead to.
Address = Callable[[CardKind, str], str | None]


@dataclass(frozen=True)
class Link:
    """The name of another card."""

    kind: CardKind
    id: str
    text: str


#: A text in which other cards are named.
Words = str | Link | tuple[str | Link, ...]


@dataclass(frozen=True)
class CardTable:
    """A table of a card; the first column names the rows."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class CardSection:
    """A heading with facts, sentences and a table; empty ones are left out."""

    title: str
    facts: tuple[tuple[str, Words], ...] = ()
    sentences: tuple[str, ...] = ()
    table: CardTable | None = None

    @property
    def empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.facts or self.sentences or (self.table and self.table.rows))


@dataclass(frozen=True)
class Card:
    """The card of an area, a service, an indicator or a practice.

    Attributes
    ----------
    kind, id, title : str
        What it is of.
    kicker : Words
        Stands above the title: where it belongs.
    whose : str
        Whose definition it is, said plainly.
    lead : str
        The definition, or the description.
    sections : tuple of CardSection
    """

    kind: CardKind
    id: str
    title: str
    kicker: Words
    whose: str
    lead: str
    sections: tuple[CardSection, ...]


def render_catalogue_card(card: Card, address: Address | None = None, *, level: int = 2) -> str:
    """Return a card as HTML.

    Parameters
    ----------
    card : Card
    address : callable, optional
        Where other cards are; without it their names are plain text.
    level : int, default 2
        Level of the card's heading; 1 where it is a page of its own.
    """
    sections = "".join(
        _section_html(section, address, level + 1) for section in card.sections if not section.empty
    )
    return (
        f'<article class="smup-fiche"><header class="smup-head"><p class="smup-head-line">'
        f"{_html(card.kicker, address)}</p><h{level}>{escape(card.title)}</h{level}>"
        f'<p class="smup-head-line"><code>{escape(card.id)}</code></p></header>'
        f'<p class="smup-whose">{escape(card.whose)}</p><p>{escape(card.lead)}</p>'
        f"{sections}</article>"
    )


def card_text(card: Card) -> str:
    """Return a card as plain text for a terminal."""
    lines = [_plain(card.kicker), card.title, f"({card.id})", "", card.whose, "", card.lead]
    for section in card.sections:
        if not section.empty:
            lines += ["", section.title.upper(), *_section_lines(section)]
    return "\n".join(lines)


def _section_html(section: CardSection, address: Address | None, level: int) -> str:
    facts = [(label, _html(words, address)) for label, words in section.facts]
    told = "".join(f"<li>{escape(text)}</li>" for text in section.sentences)
    parts = [
        render_facts(facts, trusted=True) if facts else "",
        f"<ul>{told}</ul>" if told else "",
        _table_html(section, section.table, address) if section.table else "",
    ]
    return f"<section><h{level}>{escape(section.title)}</h{level}>{''.join(parts)}</section>"


def _table_html(section: CardSection, table: CardTable, address: Address | None) -> str:
    import pandas as pd

    if not table.rows:
        return ""
    names = [f"c{place}" for place in range(len(table.columns))]
    rows = [[_html(cell, address) for cell in row] for row in table.rows]
    frame = pd.DataFrame(rows, columns=names)
    columns = [
        Column(name, header, "html") for name, header in zip(names, table.columns, strict=True)
    ]
    told = table.caption == section.title
    return render_table(
        frame, columns, table.caption, note=table.note, hide_caption=told, stacked=True
    )


def _section_lines(section: CardSection) -> Iterator[str]:
    for label, words in section.facts:
        yield f"{label}: {_plain(words)}"
    for sentence in section.sentences:
        yield f"- {sentence}"
    if section.table is not None:
        for row in section.table.rows:
            first, *rest = map(_plain, row)
            told = zip(section.table.columns[1:], rest, strict=True)
            said = "; ".join(f"{header.lower()}: {cell}" for header, cell in told if cell)
            yield f"- {first}" + (f" ({said})" if said else "")
        if section.table.note:
            yield section.table.note


def _pieces(words: Words) -> tuple[str | Link, ...]:
    return words if isinstance(words, tuple) else (words,)


def render_card_facts(card: Card, address: Address | None = None) -> str:
    """Return everything a card says as one list of facts, for a place within another page."""
    facts = [
        fact
        for section in card.sections
        for fact in (*section.facts, *_told_as_fact(section.title, section.sentences))
    ]
    return render_facts([(name, _html(words, address)) for name, words in facts], trusted=True)


def _told_as_fact(title: str, sentences: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if len(sentences) > 1:
        yield title, " ".join(f"({n}) {told}" for n, told in enumerate(sentences, 1))
    elif sentences:
        yield title, sentences[0]


def _html(words: Words, address: Address | None) -> str:
    return "".join(
        escape(piece) if isinstance(piece, str) else _linked(piece, address)
        for piece in _pieces(words)
    )


def _linked(link: Link, address: Address | None) -> str:
    target = address(link.kind, link.id) if address else None
    text = escape(link.text)
    return text if target is None else f'<a href="{escape(target)}">{text}</a>'


def _plain(words: Words) -> str:
    return "".join(
        piece if isinstance(piece, str) else f"{piece.text} [{piece.id}]"
        for piece in _pieces(words)
    )


def listed(links: Iterable[Link]) -> tuple[str | Link, ...]:
    """Return links with commas between them.

    Examples
    --------
    >>> [piece for piece in listed([Link("area", "a", "A"), Link("area", "b", "B")])][1]
    ', '
    """
    joined: list[str | Link] = []
    for link in links:
        joined += [", ", link] if joined else [link]
    return tuple(joined)
