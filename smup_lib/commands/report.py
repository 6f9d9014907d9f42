"""``smup report``: make a report about a unit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Raporty o jednostkach.")


@app.callback()
def _nouns() -> None:
    """Keep ``run`` a verb of its own while it is the only one."""


@app.command()
def run(
    area: Annotated[
        str, typer.Argument(help="Obszar usług: identyfikator, nazwa albo jej początek.")
    ],
    unit: Annotated[str, typer.Option(help="Kod TERYT albo nazwa jednostki.")],
    year: Annotated[int, typer.Option(help="Rok, którego dotyczy raport.")],
    group: Annotated[
        str | None, typer.Option(help="Reguła grupy porównawczej; domyślnie z katalogu.")
    ] = None,
    level: Annotated[str | None, typer.Option(help="Szczebel: gmina albo powiat.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder wyników.")] = None,
) -> None:
    """Wykonaj raport i wypisz ścieżkę gotowego pliku HTML."""
    from smup_lib.verbs import run_report

    result = run_report(area, unit=unit, year=year, group=group, level=level, out=out)
    for problem in result.problems:
        typer.echo(f"uwaga: {problem}", err=True)
    typer.echo(str(result))
