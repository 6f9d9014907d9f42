"""Is anything being fetched now, how did it end last time, and what to do about it?"""

from __future__ import annotations

from html import escape

from smup_lib.apps.desk.words import command_html, progress_html, said_moment
from smup_lib.present.display import Display
from smup_lib.snapshots.sync_ledger import SyncNote, list_syncs

#: How a synchronisation ended, in words.
_ENDED = {
    "done": "Zakończone, wszystko pobrano.",
    "part": "Zakończone, ale nie wszystko jest.",
    "later": "Wyczerpany limit zapytań; to, co pobrano, zostało.",
    "failed": "Nie udało się.",
    "interrupted": "Przerwano z klawiatury; to, co pobrano, zostało.",
    "": "Program został zabity w trakcie; to, co pobrano, zostało.",
}


def show_syncs() -> Display:
    """Return the last synchronisation with each service, and how to begin or to go on."""
    notes = list_syncs()
    if notes:
        return Display("".join(map(_card, notes)))
    first = ("smup data sync teryt", "smup data sync prg", "smup data sync smup")
    return Display(
        "<p>Na tym komputerze nie pobierano jeszcze danych z serwisów. Zaczyna się od trzech "
        f"poleceń w terminalu, po kolei:</p>{''.join(map(command_html, first))}"
    )


def _card(note: SyncNote) -> str:
    head = f"<h3>{escape(note.service)}</h3>"
    when = f"od {said_moment(note.started)}, ostatni zapis {said_moment(note.updated)}"
    bar = progress_html(note.done, note.total, f"Pytania do serwisu {note.service}")
    if note.running:
        return f'<div class="smup-desk-card">{head}<p>Trwa {when}.</p>{bar}</div>'
    told = f" {escape(note.told[:1].upper() + note.told[1:])}" if note.told else ""
    end = "" if not told or told.endswith(".") else "."
    state = f" Stan danych po pobraniu: {escape(note.snapshot)}." if note.snapshot else ""
    again = command_html(f"smup data sync {note.service}") if note.outcome != "done" else ""
    todo = f"<p>Co zrobić: powtórz polecenie, dokończy resztę.</p>{again}" if again else ""
    return (
        f'<div class="smup-desk-card">{head}<p>{_ENDED[note.outcome]}{told}{end}{state} '
        f"({when})</p>{bar if note.outcome != 'done' else ''}{todo}</div>"
    )
