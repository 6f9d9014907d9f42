"""What does ``smup report batch`` say at its end? What was made, what failed, what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from smup_lib.commands.output import show_json
from smup_lib.plurals import REPORT_NOUN, counted

if TYPE_CHECKING:
    from smup_lib.reports.batch.manifest import Row
    from smup_lib.reports.batch.run import BatchResult

_FIRST_FAILED = 10


def show_result(result: BatchResult, *, as_json: bool) -> None:
    """Print what came of a batch."""
    if as_json:
        show_json(result.facts())
        return
    typer.echo(_made(result))
    for note in result.notes:
        typer.echo(f"uwaga: {note}")
    _show_failed(result.failed)
    if result.archives:
        typer.echo(f"Archiwa: {len(result.archives)} w {result.archives[0].parent}")
    typer.echo(str(result.manifest.with_suffix(".csv")))


def _made(result: BatchResult) -> str:
    if not result.rows and not result.left:
        return f"Wszystko gotowe: {counted(result.kept, REPORT_NOUN)}; niczego nie brakowało."
    empty = sum(row.status == "empty" for row in result.rows)
    made = len(result.rows) - len(result.failed)
    minutes, seconds = divmod(round(result.seconds), 60)
    left = f"; zostało: {result.left} (zrobi je to samo polecenie)" if result.left else ""
    return (
        f"Powstało: {counted(made, REPORT_NOUN)} w {minutes} min {seconds} s"
        + (f", w tym bez danych: {empty}" if empty else "")
        + (f"; gotowych było: {result.kept}" if result.kept else "")
        + left
        + "."
    )


def _show_failed(failed: tuple[Row, ...]) -> None:
    if not failed:
        return
    typer.echo(f"Nie udało się: {counted(len(failed), REPORT_NOUN)}.", err=True)
    for row in failed[:_FIRST_FAILED]:
        typer.echo(f"  - {row.report}, {row.unit_name}: {row.error}", err=True)
    if len(failed) > _FIRST_FAILED:
        typer.echo("  wszystkie wymienia manifest", err=True)
    typer.echo("  co zrobić: usuń przyczynę i powtórz to samo polecenie", err=True)
