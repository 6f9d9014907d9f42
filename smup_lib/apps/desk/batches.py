"""How far are the batches of reports, what failed in them and what to do?"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from html import escape

import pandas as pd

from smup_lib.apps.desk.words import command_html, progress_html, said_moment, said_stretch
from smup_lib.plurals import REPORT_NOUN, counted
from smup_lib.present.display import Display
from smup_lib.present.tables import Column, render_table
from smup_lib.reports.batch.known import KnownBatch, repeat_command

_MOST_FAILED = 50
_MOST_ODD = 50
_FAILED = (
    Column("unit", "Jednostka"),
    Column("report", "Raport"),
    Column("error", "Dlaczego"),
)
_ODD = (
    Column("unit", "Jednostka"),
    Column("report", "Raport"),
    Column("warnings", "Co jest nietypowe"),
)


def said_batch(batch: KnownBatch) -> str:
    """Return a batch in a line of a list.

    Parameters
    ----------
    batch : KnownBatch
        Any.
    """
    return f"{batch.title or 'Raporty'} ({batch.folder.name}): {said_progress(batch)}"


def said_progress(batch: KnownBatch) -> str:
    """Return how far a batch is, in a few words."""
    if not batch.there:
        return "folderu już nie ma"
    if batch.working:
        return "w toku"
    if batch.wanted is None:
        return f"{counted(len(batch.rows), REPORT_NOUN)} w folderze"
    return "gotowa" if not batch.left else f"brakuje {counted(batch.left, REPORT_NOUN)}"


def show_batch(batch: KnownBatch) -> Display:
    """Return how far one batch is, with its failed and odd reports.

    Parameters
    ----------
    batch : KnownBatch
        Read just now.
    """
    head = f"<h3>{escape(batch.title or 'Raporty')}</h3>"
    place = f"<p>Folder: <code>{escape(str(batch.folder))}</code></p>"
    if not batch.there:
        return Display(f"{head}{place}<p>Tego folderu już nie ma albo leży na innym dysku.</p>")
    bar = progress_html(batch.done, batch.wanted or 0, "Gotowe raporty partii")
    facts = f"<p>{' '.join(_facts(batch))}</p>"
    again = "" if batch.working else _commands(batch)
    return Display("".join((head, place, bar, facts, _failed(batch), _odd(batch), again)))


def show_no_batches(year: int) -> Display:
    """Return what to do where no batch was ever made; the year is one for which there are data."""
    command = f"smup report batch --area kultura --units powiaty --year {year} --out wyniki"
    return Display(
        "<p>Na tym komputerze nie zlecono jeszcze partii raportów. Zleca się ją w terminalu; "
        "najpierw można sprawdzić zlecenie i zobaczyć, ile potrwa:</p>"
        + command_html(f"{command} --dry-run")
        + command_html(command)
    )


def _facts(batch: KnownBatch) -> list[str]:
    """Return sentences about the last run."""
    facts = [f"Stan danych: {escape(batch.snapshot)}."]
    if batch.working:
        facts.insert(0, f"Partia pracuje od {said_moment(batch.began)}.")
        left = batch.seconds_left()
        facts.append(f"Do końca: {said_stretch(left)}." if left is not None else "")
    elif batch.working is None:
        facts.append("Nie wiadomo, czy partia pracuje: system tego nie mówi.")
    if batch.rows:
        last = batch.rows[-1]
        facts.append(f"Ostatni raport: {escape(last.unit_name)}, {said_moment(last.finished)}.")
    empty = sum(row.status == "empty" for row in batch.rows)
    if empty:
        facts.append(f"Bez danych: {counted(empty, REPORT_NOUN)}.")
    if batch.wanted is None:
        facts.append("Ile raportów zamówiono, nie wiadomo: partię zrobiła starsza wersja.")
    elif not batch.working and batch.left:
        facts.append(f"Brakuje: {counted(batch.left, REPORT_NOUN)}.")
    return facts


def _failed(batch: KnownBatch) -> str:
    rows = [
        {"unit": row.unit_name, "report": row.report, "error": row.error} for row in batch.failed
    ]
    return _list_of(rows, _FAILED, "Nie udało się", _MOST_FAILED)


def _odd(batch: KnownBatch) -> str:
    rows = [
        {
            "unit": row.unit_name,
            "report": row.report,
            "warnings": "; ".join(row.warnings),
        }
        for row in batch.rows
        if row.warnings and row.status != "failed"
    ]
    return _list_of(rows, _ODD, "Warte przeczytania przed wysłaniem", _MOST_ODD)


def _list_of(
    rows: Sequence[dict[str, str]], columns: Sequence[Column], name: str, most: int
) -> str:
    if not rows:
        return ""
    note = f"Pierwsze {most}; pozostałe wymienia manifest.csv." if len(rows) > most else ""
    caption = f"{name}: {counted(len(rows), REPORT_NOUN)}"
    return render_table(pd.DataFrame(rows[:most]), columns, caption, note=note, stacked=True)


def _commands(batch: KnownBatch) -> str:
    """Return what can be done next in a terminal."""
    folder = shlex.quote(str(batch.folder))
    repeat = shlex.join(("smup", *repeat_command(batch)))
    todo = [
        (
            "Sprawdź, czy partia jest cała i które raporty przeczytać:",
            f"smup report check {folder}",
        ),
        ("Zrób z niej stronę, którą można wysłać albo opublikować:", f"smup report site {folder}"),
        ("Dokończ ją albo odnów po zmianie danych:", repeat),
    ]
    return "<h4>Co dalej</h4>" + "".join(
        f"<p>{text}</p>{command_html(command)}" for text, command in todo
    )
