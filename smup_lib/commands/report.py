"""``smup report``: make a report about a unit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from smup_lib.commands.area_findings import list_area_findings
from smup_lib.commands.batch import make_batch
from smup_lib.commands.batch_check import check_reports
from smup_lib.commands.differences import diff_reports
from smup_lib.commands.options import GroupOption, LevelOption, SnapshotOption, UnitOption
from smup_lib.commands.output import JsonOption, show_report
from smup_lib.commands.site import write_site
from smup_lib.commands.verifying import verify_files
from smup_lib.errors import SmupError

app = typer.Typer(no_args_is_help=True, help="Raporty o jednostkach.")
app.command("batch")(make_batch)
app.command("check")(check_reports)
app.command("diff")(diff_reports)
app.command("findings")(list_area_findings)
app.command("site")(write_site)
app.command("verify")(verify_files)


AreaArgument = Annotated[
    str,
    typer.Argument(
        help="Obszar usług: identyfikator, nazwa albo jej początek; też „portret”, „wskaźnik”, "
        "„porównanie”, „jakość”, „raport o stanie” albo ścieżka własnego notatnika."
    ),
]
OutOption = Annotated[
    Path | None, typer.Option(help="Folder wyników; domyślny pokaże: smup doctor.")
]
ParamOption = Annotated[
    list[str] | None, typer.Option(help="Inny parametr notatnika: nazwa=wartość; można powtórzyć.")
]
FormatsOption = Annotated[
    str, typer.Option(help="Formaty po przecinku: html, docx, xlsx, pptx, csv, pdf.")
]


@app.command()
def run(
    area: AreaArgument,
    unit: UnitOption,
    year: Annotated[int, typer.Option(help="Rok, którego dotyczy raport.")],
    group: GroupOption = None,
    level: LevelOption = None,
    out: OutOption = None,
    param: ParamOption = None,
    formats: FormatsOption = "html",
    snapshot: SnapshotOption = None,
    as_json: JsonOption = False,
) -> None:
    """Wykonaj raport i wypisz ścieżki gotowych plików; strona HTML powstaje zawsze."""
    from smup_lib.reports.exports.formats import add_formats, check_formats
    from smup_lib.verbs import run_report

    wanted = check_formats(formats.split(","))
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
    try:
        result = add_formats(result, wanted)
    except SmupError:  # the page is there all the same
        show_report(result, as_json=as_json)
        raise
    show_report(result, as_json=as_json)
