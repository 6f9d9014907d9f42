"""``smup notebook``: a notebook of one's own from a template."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from smup_lib.commands.options import LevelOption, SnapshotOption, UnitOption

app = typer.Typer(no_args_is_help=True, help="Notatniki analityka.")


@app.callback()
def _nouns() -> None:
    """Keep ``new`` a verb of its own while it is the only one."""


@app.command()
def new(
    template: Annotated[str, typer.Argument(help="Nazwa szablonu, na przykład area_deep_dive.")],
    unit: UnitOption,
    year: Annotated[
        int | None,
        typer.Option(help="Rok; domyślnie najnowszy, o którym jest dużo danych jednostki."),
    ] = None,
    area: Annotated[
        str | None, typer.Option(help="Obszar usług; domyślnie ten z szablonu.")
    ] = None,
    level: LevelOption = None,
    out: Annotated[Path | None, typer.Option(help="Plik notatnika.")] = None,
    snapshot: SnapshotOption = None,
) -> None:
    """Utwórz notatnik z szablonu, gotowy do otwarcia w JupyterLab."""
    from smup_lib.reports.scaffold import new_notebook

    path = new_notebook(template, unit, year, out, area=area, level=level, snapshot=snapshot)
    typer.echo(str(path))
