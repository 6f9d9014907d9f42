"""``smup report``: make a report about a unit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from smup_lib.commands.area_findings import list_area_findings
from smup_lib.commands.differences import diff_reports
from smup_lib.commands.options import GroupOption, LevelOption, SnapshotOption, UnitOption
from smup_lib.commands.output import JsonOption, show_report

app = typer.Typer(no_args_is_help=True, help="Raporty o jednostkach.")
app.command("diff")(diff_reports)
app.command("findings")(list_area_findings)


@app.command()
def run(
    area: Annotated[
        str,
        typer.Argument(
            help="Obszar usług: identyfikator, nazwa albo jej początek; też „portret”, „wskaźnik”, "
            "„porównanie”, „jakość” albo ścieżka własnego notatnika."
        ),
    ],
    unit: UnitOption,
    year: Annotated[int, typer.Option(help="Rok, którego dotyczy raport.")],
    group: GroupOption = None,
    level: LevelOption = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder wyników; domyślny pokaże: smup doctor.")
    ] = None,
    param: Annotated[
        list[str] | None,
        typer.Option(help="Inny parametr notatnika: nazwa=wartość; można powtórzyć."),
    ] = None,
    snapshot: SnapshotOption = None,
    as_json: JsonOption = False,
) -> None:
    """Wykonaj raport i wypisz ścieżkę gotowego pliku HTML."""
    from smup_lib.verbs import run_report

    result = run_report(
        area,
        unit=unit,
        year=year,
        group=group,
        level=level,
        out=out,
        snapshot=snapshot,
        parameters=param or [],
    )
    show_report(result, as_json=as_json)
