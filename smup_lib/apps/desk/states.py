"""Which states of the data are on this computer, and which one is current?"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from smup_lib.plurals import counted
from smup_lib.present.display import Display
from smup_lib.present.formats import format_date, format_number
from smup_lib.present.tables import Column, render_table
from smup_lib.snapshots import current_id, list_damaged, list_snapshots

if TYPE_CHECKING:
    from smup_lib.snapshots import Snapshot

_SOURCES = ("źródło", "źródła", "źródeł")
_COLUMNS = (
    Column("id", "Stan danych"),
    Column("current", "Bieżący"),
    Column("sort", "Dane"),
    Column("created", "Utworzono"),
    Column("observations", "Obserwacje", "number"),
    Column("sources", "Źródła", "number"),
    Column("newest", "Najnowszy plik z dnia"),
    Column("megabytes", "Wielkość", "number", "MB", 1),
)


def show_states(opened: str) -> Display:
    """Return the table of states of the data, with those that are damaged named.

    Parameters
    ----------
    opened : str
        Id of the state that this page shows; another may have become current since.
    """
    found = list_snapshots()
    now = current_id()
    frame = pd.DataFrame([_row(one, now) for one in found], columns=[c.name for c in _COLUMNS])
    own = [place for place, one in enumerate(found) if one.id == now]
    table = render_table(
        frame,
        _COLUMNS,
        "Stany danych, od najnowszego",
        highlight=own,
        hide_caption=True,
        stacked=True,
    )
    damaged = "".join(
        f'<p class="smup-caution">Uszkodzony stan danych. {escape(error.what)}</p>'
        for error in list_damaged()
    )
    other = (
        '<p class="smup-caution">Bieżący jest teraz inny stan danych niż ten, na którym otwarto '
        "stronę. Wczytaj ją ponownie, żeby zobaczyć liczby z bieżącego.</p>"
        if now is not None and now != opened
        else ""
    )
    return Display(other + table + damaged)


def said_state(snapshot: Snapshot) -> str:
    """Return a state of the data in a line of a list.

    Parameters
    ----------
    snapshot : Snapshot
        Any.
    """
    sources = counted(len(snapshot.manifest.sources), _SOURCES)
    rows = format_number(snapshot.manifest.counts.get("observations", 0))
    return f"{snapshot.id}: {_sort(snapshot)}, {_moment(snapshot)}, {rows} obserwacji, {sources}"


def _row(snapshot: Snapshot, current: str | None) -> dict[str, Any]:
    manifest = snapshot.manifest
    days = [s.file.retrieved for s in manifest.sources.values() if s.file and s.file.retrieved]
    return {
        "id": snapshot.id,
        "current": "tak" if snapshot.id == current else "nie",
        "sort": _sort(snapshot),
        "created": _moment(snapshot),
        "observations": manifest.counts.get("observations", 0),
        "sources": len(manifest.sources),
        "newest": format_date(max(days)) if days else "nie podano",
        "megabytes": sum(record.size for record in manifest.files.values()) / 1e6,
    }


def _sort(snapshot: Snapshot) -> str:
    return "przykładowe, jednostki fikcyjne" if snapshot.fictional else "rzeczywiste"


def _moment(snapshot: Snapshot) -> str:
    created = snapshot.manifest.created
    return f"{format_date(created)}, {created[11:16]}"
