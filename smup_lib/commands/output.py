"""How a command answers: a table for a person, JSON for a machine."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smup_lib.commands.terminal import reads_polish
from smup_lib.errors import SmupError

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.reports.runner import ReportResult

JsonOption = Annotated[bool, typer.Option("--json", help="Wynik jako JSON, dla programów.")]


def show_rows(
    rows: Sequence[Mapping[Any, Any]],
    columns: Mapping[str, str],
    *,
    as_json: bool,
    empty: str = "Brak wyników.",
) -> None:
    """Print rows as a table with Polish headers, or as a JSON list with English keys.

    Parameters
    ----------
    rows : sequence of mappings
        One mapping a row; JSON prints every key.
    columns : mapping of str to str
        Key to Polish header of the columns a person sees.
    as_json : bool
        Whether a machine asked.
    empty : str
        What to tell a person when there are no rows.
    """
    if as_json:
        show_json(list(rows))
        return
    if not rows:
        typer.echo(empty)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    for header in columns.values():
        table.add_column(header, overflow="fold")
    for row in rows:
        table.add_row(*(_cell(row.get(key)) for key in columns))
    # a pipe has no width: never cut what another program reads
    console = Console(width=None if sys.stdout.isatty() else 240, highlight=False, markup=False)
    console.print(table)


def frame_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as plain values, nulls as None.

    Examples
    --------
    >>> import pandas as pd
    >>> frame_rows(pd.DataFrame({"unit": ["9001"], "value": [float("nan")]}))
    [{'unit': '9001', 'value': None}]
    """
    plain = table.astype(object).where(table.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in plain.to_dict("records")]


def show_json(content: Any) -> None:
    """Print JSON with Polish letters kept, escaped where the stream cannot take them."""
    typer.echo(
        json.dumps(content, ensure_ascii=not reads_polish(sys.stdout), indent=2, default=str)
    )


def show_report(result: ReportResult, *, as_json: bool) -> None:
    """Print where the files of a report lie; what must be known beside it goes to the errors."""
    for problem in (*result.notes, *result.problems):
        typer.echo(f"uwaga: {problem}", err=True)
    if as_json:
        show_json(result.facts())
    else:
        for path in (result, *result.others):
            typer.echo(str(path))


@contextmanager
def told_as_check(*, as_json: bool) -> Iterator[None]:
    """Tell an error inside as every check does for a program; a person gets the message.

    Every check answers with one object: ``ok``, ``problems`` (a list; each has ``what``, ``where``,
    ``expected``, ``next_step``), and what it found. It ends with 1 unless ``ok``.
    """
    try:
        yield
    except SmupError as error:
        if not as_json:
            raise
        show_json({"ok": False, "what": error.what, "problems": list_problems(error)})
        raise typer.Exit(1) from error


def list_problems(error: SmupError) -> list[dict[str, str | None]]:
    """Return the problems of an error, each with all four parts.

    Examples
    --------
    >>> list_problems(SmupError("Plan ma błędy.", where="plan.yaml", problems=["brak celu"]))[0]
    {'what': 'brak celu', 'where': 'plan.yaml', 'expected': None, 'next_step': None}
    """
    parts = {"where": error.where, "expected": error.expected, "next_step": error.next_step}
    return [{"what": what, **parts} for what in error.problems or (error.what,)]


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "tak" if value else "nie"
    if isinstance(value, float):
        return f"{value:.2f}".replace(".", ",")
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)
