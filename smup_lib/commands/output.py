"""How a command answers: a table for a person, JSON for a machine."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import pandas as pd

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
    """Print JSON with Polish letters kept."""
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2, default=str))


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
