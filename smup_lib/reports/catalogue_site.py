"""How does the whole catalogue become a folder of pages that need no network and no program?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from smup_lib.catalogue.entries import ENTRY_NOUN, Entry, list_entries
from smup_lib.errors import SettingsError
from smup_lib.paths import folder_for_files, project_dir, told_when_unwritable
from smup_lib.polish_text import plain_text
from smup_lib.present.area_cards import OUR_LIST
from smup_lib.present.card_parts import Card, CardKind, render_catalogue_card
from smup_lib.present.formats import count_of
from smup_lib.present.page_shell import GENERATOR, render_page
from smup_lib.present.practice_cards import REAL_OFFICES, office_words, practice_card
from smup_lib.present.stylesheet import page_style
from smup_lib.present.words import INDICATOR_NOUN
from smup_lib.reports.catalogue_cards import CardBook

if TYPE_CHECKING:
    from smup_lib.catalogue.practice import PracticeCard
    from smup_lib.reports.audit import Audit
    from smup_lib.snapshots import Snapshot

INDEX = "index.html"
STYLE = "styl.css"
AUDIT = "dostepnosc.html"
AUDIT_FOLDER = "dostepnosc"
_FOLDERS: dict[CardKind, str] = {
    "area": "obszar",
    "service": "usluga",
    "indicator": "wskaznik",
    "practice": "praktyka",
}


@dataclass(frozen=True)
class Site:
    """What was written: the page to begin with, and how many pages there are."""

    index: Path
    pages: int


def write_site(folder: Path, snapshot: str | Path | Snapshot | None = None) -> Site:
    """Write the catalogue as pages: an index with a search, a card each, the audit.

    Parameters
    ----------
    folder : Path
        Made when it is not there; one with an older catalogue is written over.
    snapshot : str, Path or Snapshot, optional
        Whose availability the cards tell; the current one when omitted, none when there is none.

    Raises
    ------
    SettingsError
        When the folder holds other files, or cannot be written.
    """
    _check_folder(folder)
    book = CardBook.open(snapshot)
    what, advice = "Nie udało się zapisać stron", "zwolnij miejsce albo podaj inny folder"
    pages = 0
    with (
        folder_for_files(folder, "innym argumentem") as root,
        told_when_unwritable(folder, what, advice),
    ):
        for name in (*_FOLDERS.values(), AUDIT_FOLDER):
            (root / name).mkdir(exist_ok=True)
        (root / STYLE).write_text(page_style(), encoding="utf-8")
        for path, page in _pages(book):
            (root / path).write_text(page, encoding="utf-8")
            pages += 1
    return Site(folder / INDEX, pages)


def _check_folder(folder: Path) -> None:
    """Refuse a folder with files that are not an older catalogue."""
    index = folder / INDEX
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    if index.is_file() and GENERATOR in index.read_text(encoding="utf-8", errors="replace"):
        return
    raise SettingsError(
        "W tym folderze są inne pliki.",
        where=str(folder),
        expected="nowy folder, pusty albo z dawnym katalogiem",
        next_step="podaj inny folder",
    )


def _pages(book: CardBook) -> Iterator[tuple[str, str]]:
    entries = list(list_entries(book.catalogue))
    yield INDEX, _index(book, entries)
    for entry in entries:
        yield _path(entry.kind, entry.id), _card_page(book, book.card(entry))
    for practice in book.practices:
        card = practice_card(practice, book.catalogue)
        yield _path("practice", practice.id), _card_page(book, card)
    if book.audit is not None:
        yield AUDIT, _audit_index(book, book.audit)
        for area in book.audit.areas:
            page = book.audit.narrowed(area.id).page().html
            title = f"Dostępność danych: {area.name}"
            yield f"{AUDIT_FOLDER}/{area.id}.html", _page_of(book, title, page, "../")


def _card_page(book: CardBook, card: Card) -> str:
    html = render_catalogue_card(card, lambda kind, key: f"../{_path(kind, key)}", level=1)
    if card.kind == "practice" and book.fictional:
        html = f'<p class="smup-note">{REAL_OFFICES}</p>{html}'
    return _page_of(book, f"{card.title} – katalog", html, "../")


def _audit_index(book: CardBook, audit: Audit) -> str:
    links = "".join(
        f'<li><a href="{AUDIT_FOLDER}/{area.id}.html">{escape(area.name)}</a></li>'
        for area in audit.areas
    )
    areas = f"<section><h2>Rok po roku, według obszarów</h2><ul>{links}</ul></section>"
    return _page_of(book, "Dostępność danych", audit.overview().html + areas)


def _path(kind: CardKind, key: str) -> str:
    return f"{_FOLDERS[kind]}/{key}.html"


def _navigation(up: str, *, audit: bool) -> str:
    links = [(INDEX, "Katalog"), *(((AUDIT, "Dostępność danych"),) if audit else ())]
    items = "".join(f'<li><a href="{up}{path}">{name}</a></li>' for path, name in links)
    return f'<nav class="smup-site-nav" aria-label="Katalog"><ul>{items}</ul></nav>'


def _page_of(book: CardBook, title: str, body: str, up: str = "", *scripts: str) -> str:
    return render_page(
        title,
        body,
        fictional=book.fictional,
        navigation=_navigation(up, audit=book.audit is not None),
        scripts=scripts,
        style_file=f"{up}{STYLE}",
    )


def _index(book: CardBook, entries: list[Entry]) -> str:
    """Return the first page: a search over everything, and the areas with their services."""
    script = (project_dir("templates") / "shared" / "search.js").read_text(encoding="utf-8")
    areas = "".join(_area_item(entry, entries) for entry in entries if entry.kind == "area")
    searched = [*map(_found, entries), *map(_found_practice, book.practices)]
    found = json.dumps(searched, ensure_ascii=False)
    found = found.replace("<", "\\u003c")
    body = (
        '<header class="smup-head"><h1>Katalog wskaźników usług publicznych</h1>'
        f'<p class="smup-head-line">{escape(book.note)}</p></header>'
        f'<p class="smup-whose">{OUR_LIST}</p>'
        '<form class="smup-search" role="search" hidden>'
        '<label for="szukaj">Szukaj wskaźnika, usługi albo obszaru</label>'
        '<input id="szukaj" type="search" autocomplete="off" aria-describedby="ile">'
        '<p id="ile" role="status"></p><ol id="znalezione"></ol></form>'
        f"<section><h2>Obszary</h2>{areas}</section>{_practices_item(book)}"
        f'<script type="application/json" id="spis">{found}</script>'
    )
    return _page_of(book, "Katalog wskaźników usług publicznych", body, "", script)


def _found(entry: Entry) -> dict[str, str]:
    """Return what the search needs of an entry: words without Polish letters, name, address."""
    one = entry.indicator
    more = (one.definition, one.short_name, *one.aliases) if one else ()
    if entry.kind == "area":
        more = (*entry.area.aliases, entry.area.description)
    elif entry.kind == "service" and entry.service is not None:
        more = (entry.service.description,)
    place = entry.area.name if entry.kind != "area" else ""
    words = " ".join((entry.name, entry.id, place, *more))
    return {
        "a": _path(entry.kind, entry.id),
        "n": entry.name,
        "k": ENTRY_NOUN[entry.kind] + (f", {place}" if place else ""),
        "t": plain_text(entry.name),
        "w": plain_text(words),
    }


def _found_practice(card: PracticeCard) -> dict[str, str]:
    """Return what the search needs of a practice."""
    words = " ".join((card.title, card.id, card.office.name, "dobra praktyka", *card.services))
    return {
        "a": _path("practice", card.id),
        "n": card.title,
        "k": f"dobra praktyka, {card.office.name}",
        "t": plain_text(card.title),
        "w": plain_text(words),
    }


def _practices_item(book: CardBook) -> str:
    items = "".join(
        f'<li><a href="{_path("practice", card.id)}">{escape(card.title)}</a> '
        f'<span class="smup-note">{escape(office_words(card))}</span></li>'
        for card in book.practices
    )
    land = f'<p class="smup-note">{REAL_OFFICES}</p>' if book.fictional else ""
    return f"<section><h2>Dobre praktyki</h2>{land}<ul>{items}</ul></section>"


def _area_item(entry: Entry, entries: list[Entry]) -> str:
    area = entry.area
    own = [e for e in entries if e.area.id == area.id and e.kind == "service"]
    services = "".join(
        f'<li><a href="{_path("service", e.id)}">{escape(e.id)} {escape(e.name)}</a>'
        f' <span class="smup-note">{count_of(len(e.indicators), INDICATOR_NOUN)}</span></li>'
        for e in own
    )
    others = [i for i in area.indicators if i.service is None]
    rest = "".join(
        f'<li><a href="{_path("indicator", i.id)}">{escape(i.name)}</a></li>' for i in others
    )
    listed = f"<ul>{services}{rest}</ul>"
    return (
        f'<h3><a href="{_path("area", area.id)}">{escape(area.name)}</a> '
        f'<span class="smup-note">{count_of(len(area.indicators), INDICATOR_NOUN)}</span></h3>'
        f"<details><summary>Usługi i wskaźniki</summary>{listed}</details>"
    )
