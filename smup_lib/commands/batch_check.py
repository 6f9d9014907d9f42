"""``smup report check``: is a finished batch whole, and which of its reports should be read?"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from smup_lib.commands.output import JsonOption, show_json, show_rows
from smup_lib.plurals import REPORT_NOUN, counted

if TYPE_CHECKING:
    from smup_lib.reports.batch.afterwards import BatchCheck

_FIRST_FAULTS = 40
_FAULT_COLUMNS = {"what": "usterka", "file": "plik", "place": "miejsce", "said": "co tam jest"}
_FAULT_NOUN = ("usterka", "usterki", "usterek")
_FILE_NOUN = ("plik", "pliki", "plików")


def check_reports(
    folder: Annotated[Path, typer.Argument(help="Folder partii raportów.")],
    sample: Annotated[
        int, typer.Option(min=0, metavar="LICZBA", help="Ile raportów wylosować do przeczytania.")
    ] = 10,
    seed: Annotated[
        int,
        typer.Option(metavar="LICZBA", help="Ziarno losowania: to samo daje te same raporty."),
    ] = 1,
    browser: Annotated[
        bool,
        typer.Option("--browser/--no-browser", help="Czy obejrzeć próbkę w przeglądarce."),
    ] = True,
    alarms: Annotated[
        bool,
        typer.Option("--alarms/--no-alarms", help="Czy policzyć fałszywe alarmy całej partii."),
    ] = True,
    as_json: JsonOption = False,
) -> None:
    """Sprawdź gotową partię raportów: pliki, wykresy, tabele, słowa; wskaż, co przeczytać."""
    from smup_lib.reports.batch.afterwards import check_batch
    from smup_lib.reports.forked import count_processes

    found = check_batch(
        folder,
        sample=sample,
        seed=seed,
        browser=browser,
        alarms=alarms,
        processes=count_processes(),
    )
    if as_json:
        show_json(found.facts())
    else:
        _show(found)
    if not found.sound:
        raise typer.Exit(1)


def _show(found: BatchCheck) -> None:
    rows = [fault.row() for fault in found.faults]
    if rows:
        show_rows(rows[:_FIRST_FAULTS], _FAULT_COLUMNS, as_json=False)
    if len(rows) > _FIRST_FAULTS:
        typer.echo(f"To pierwsze {_FIRST_FAULTS} z {len(rows)}; wszystkie poda --json.")
    many = ", ".join((counted(found.reports, REPORT_NOUN), counted(found.files, _FILE_NOUN)))
    counts = Counter(row["what"] for row in rows)
    kinds = "; ".join(f"{what}: {count}" for what, count in counts.items())
    ended = f"{counted(len(rows), _FAULT_NOUN)} ({kinds})" if rows else "bez usterek"
    typer.echo(f"Sprawdzono: {many}; {ended}.")
    if found.sample:
        typer.echo("Do przeczytania przez człowieka:")
        show_rows(
            [vars(one) for one in found.sample],
            {"file": "raport", "unit": "jednostka", "why": "dlaczego ten"},
            as_json=False,
        )
    for sentence in found.alarms:
        typer.echo(sentence)
    for skipped in found.skipped:
        typer.echo(f"uwaga: nie sprawdzono: {skipped}")
