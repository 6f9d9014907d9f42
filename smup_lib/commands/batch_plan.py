"""``smup report batch --dry-run``: what would be made, what will be odd, how long would it take?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from smup_lib.commands.output import show_json, show_rows
from smup_lib.plurals import REPORT_NOUN, counted

if TYPE_CHECKING:
    from smup_lib.reports.batch.making import Conditions
    from smup_lib.reports.batch.order import Order

_MADE_NOUN = ("raport wykonany", "raporty wykonane", "raportów wykonanych")
_MINUTE = 60
_GIGABYTE = 1000  # megabytes
_OMEN_COLUMNS = {
    "what": "co",
    "section": "część",
    "year": "rok",
    "count": "ile",
    "units": "jednostki",
    "said": "dlaczego",
}


def show_plan(
    order: Order,
    out: Path,
    only: list[str] | None,
    conditions: Conditions,
    *,
    as_json: bool,
) -> None:
    """Print what an order makes, what will be odd of it, and how long it would take."""
    from smup_lib.reports.batch.foresight import foresee_batch

    found = foresee_batch(order, out, snapshot=order.snapshot, only=only, conditions=conditions)
    if as_json:
        show_json(found)
        return
    show_rows(found["sections"], {"title": "część", "chapter": "rozdział", "reports": "raporty"},
              as_json=False)  # fmt: skip
    whole = f"; gotowych: {found['whole']}" if found["whole"] else ""
    typer.echo(f"Razem: {counted(found['reports'], REPORT_NOUN)}{whole}.")
    if found["omens"]:
        typer.echo("Czego się spodziewać:")
        show_rows(found["omens"], _OMEN_COLUMNS, as_json=False)
    if found["estimate"]:
        _show_estimate(found["estimate"], conditions.workers)
    for note in found["notes"]:
        typer.echo(f"uwaga: {note}")


def _show_estimate(told: dict[str, Any], workers: int) -> None:
    """Say how long the rest would take, and what that rests on."""
    grounds = [
        f"{counted(told['measured'], _MADE_NOUN)} w tym folderze" if told["measured"] else "",
        f"{counted(told['tried'], _MADE_NOUN)} teraz na próbę" if told["tried"] else "",
    ]
    if any(grounds):
        low, high = _span(told["seconds_from"]), _span(told["seconds_to"])
        typer.echo(
            f"Szacunek: {low if low == high else f'od {low} do {high}'} przy {workers} naraz"
            f" i {_room(told['megabytes'])} na dysku. Pierwsza liczba to sam czas procesora, druga"
            " to czas zegara z zapasem jednej czwartej; inna praca na tym komputerze przedłuży"
            f" partię. Podstawa: {' i '.join(filter(None, grounds))}. {_shared(told)}"
        )
    for reason in told["unknown"]:
        typer.echo(f"bez szacunku: {reason}")


def _shared(told: dict[str, Any]) -> str:
    """Say what of the estimate is done once for many reports."""
    parts = []
    if told["tried"]:
        span = _span(told["shared_seconds"])
        parts.append(f"Obliczenia wspólne dla raportów: {span}, wliczone.")
    if told["measured"]:
        parts.append("Przy raportach, które już są w folderze, nie wiadomo, ile ich było.")
    return " ".join(parts)


def _span(seconds: float) -> str:
    if seconds < 2 * _MINUTE:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / _MINUTE)
    return (
        f"{minutes} min"
        if minutes < 2 * _MINUTE
        else f"{minutes / _MINUTE:.1f} h".replace(".", ",")
    )


def _room(megabytes: float) -> str:
    large = megabytes >= _GIGABYTE
    return (f"{megabytes / _GIGABYTE:.1f} GB" if large else f"{megabytes:.1f} MB").replace(".", ",")
