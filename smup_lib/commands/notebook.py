"""``smup notebook``: a notebook of one's own from a template."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Notatniki analityka.")


@app.callback()
def _nouns() -> None:
    """Keep ``new`` a verb of its own while it is the only one."""


@app.command()
def new(
    template: Annotated[str, typer.Argument(help="Nazwa szablonu; listę pokaże błędna nazwa.")],
    unit: Annotated[str, typer.Option(help="Kod TERYT albo nazwa jednostki.")],
    year: Annotated[int | None, typer.Option(help="Rok; domyślnie najnowszy z danymi.")] = None,
    out: Annotated[Path | None, typer.Option(help="Plik notatnika.")] = None,
) -> None:
    """Utwórz notatnik z szablonu, gotowy do otwarcia w JupyterLab."""
    from smup_lib.reports.scaffold import new_notebook

    typer.echo(str(new_notebook(template, unit, year, out)))
