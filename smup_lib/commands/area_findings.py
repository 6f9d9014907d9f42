"""``smup report findings``: what is worth saying of many units, as a table?"""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from smup_lib.commands.data_tables import check_csv, write_csv
from smup_lib.commands.options import GroupOption, LevelOption, SnapshotOption
from smup_lib.commands.output import JsonOption, frame_rows, show_json, show_rows
from smup_lib.plurals import counted
from smup_lib.teryt import read_level

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.reports.loading import Workspace
    from smup_lib.reports.many_findings import FoundTable

_COLUMNS = {"unit": "jednostka", "text": "ustalenie", "sure": "pewność"}
_LEFT_OUT_COLUMNS = {"unit": "jednostka", "reason": "dlaczego bez ustaleń"}
_FINDING_NOUN = ("ustalenie", "ustalenia", "ustaleń")
_UNIT_NOUN = ("jednostka", "jednostki", "jednostek")
_FIRST_ROWS = 10
#: More processes than this need more memory than they save time.
_MOST_PROCESSES = 4


def list_area_findings(
    area: Annotated[
        str,
        typer.Argument(help="Obszar usług: identyfikator, nazwa albo jej początek."),
    ],
    year: Annotated[int, typer.Option(help="Rok, którego dotyczą ustalenia.")],
    unit: Annotated[
        list[str] | None,
        typer.Option(
            help="Kod TERYT albo nazwa; można powtórzyć. Domyślnie wszystkie jednostki szczebla."
        ),
    ] = None,
    level: LevelOption = None,
    group: GroupOption = None,
    csv: Annotated[
        Path | None, typer.Option(help="Zapisz wszystkie ustalenia do pliku csv.")
    ] = None,
    snapshot: SnapshotOption = None,
    as_json: JsonOption = False,
) -> None:
    """Wypisz ustalenia o wszystkich gminach (albo powiatach) w jednym obszarze.

    Każda jednostka ma te same ustalenia co w jej raporcie; kilka tysięcy gmin zajmuje około minuty.
    """
    from smup_lib.commands.progress import show_bar
    from smup_lib.reports.loading import Workspace
    from smup_lib.reports.many_findings import find_in_area

    check_csv(csv)
    workspace = Workspace.open(snapshot)
    at, unit = _asked(workspace, area, year, unit, level)
    with nullcontext() if as_json else show_bar() as tell:
        found = find_in_area(
            *(workspace, area, year), level=at, units=unit, rule=group,
            processes=_count_processes(),
            on_progress=tell and (lambda done, total: tell(done, total, "Ustalenia")),
        )  # fmt: skip
    if csv is not None:
        write_csv(csv, _as_in_poland(found.rows))
    if as_json:
        show_json({"rows": frame_rows(found.rows), "left_out": frame_rows(found.left_out)})
    else:
        _show(found, csv)


def _asked(
    workspace: Workspace, area: str, year: int, units: list[str] | None, level: str | None
) -> tuple[str, list[str] | None]:
    """Return the level that was asked for, or that of the units, and the units."""
    from smup_lib.reports.many_findings import find_asked_units

    if units and level is None:
        return find_asked_units(workspace, area, year, units)
    return read_level(level or "gmina"), units


def _as_in_poland(rows: pd.DataFrame) -> pd.DataFrame:
    """Write the numbers within the evidence with a comma, as all others of the file."""
    told = rows["evidence"].astype("str").str.replace(r"( = -?\d+)\.(\d)", r"\1,\2", regex=True)
    return rows.assign(evidence=told)


def _show(found: FoundTable, csv: Path | None) -> None:
    """Say how many there are, show the first few, and who has none because nobody could ask."""
    from smup_lib.present.words import CONFIDENCES

    how_many = counted(len(found.rows), _FINDING_NOUN)
    typer.echo(f"{how_many}; sprawdzono: {counted(found.n_units, _UNIT_NOUN)}.")
    first = [
        row | {"sure": CONFIDENCES[row["confidence"]]}
        for row in frame_rows(found.rows.head(_FIRST_ROWS))
    ]
    show_rows(first, _COLUMNS, as_json=False, empty="")
    if len(found.rows) > len(first) and csv is None:
        typer.echo(f"i {counted(len(found.rows) - len(first), _FINDING_NOUN)} więcej; --csv PLIK")
    if len(found.left_out):
        typer.echo(f"\nBez oceny: {counted(len(found.left_out), _UNIT_NOUN)}.")
        show_rows(frame_rows(found.left_out.head(_FIRST_ROWS)), _LEFT_OUT_COLUMNS, as_json=False)
    if csv is not None:
        typer.echo(f"\nWszystkie ustalenia zapisano w {csv}")


def _count_processes() -> int:
    able = getattr(os, "sched_getaffinity", None)
    cores = len(able(0)) if able is not None else os.cpu_count() or 1
    return min(cores, _MOST_PROCESSES)
