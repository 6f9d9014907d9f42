"""``smup report findings``: what is worth saying of many units, or of one in all areas?"""

from __future__ import annotations

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

_COLUMNS = {"text": "ustalenie", "sure": "pewność"}
_LEFT_OUT_COLUMNS = {"reason": "dlaczego bez ustaleń"}
#: What the rows differ by: units of one area, or areas of one unit.
_UNITS, _AREAS = {"unit": "jednostka"}, {"area": "obszar"}
_BATCH = {"kept_in_batch": "w zestawie"}
_FINDING_NOUN = ("ustalenie", "ustalenia", "ustaleń")
_UNIT_NOUN = ("jednostka", "jednostki", "jednostek")
_AREA_NOUN = ("obszar", "obszary", "obszarów")
_FIRST_ROWS = 10


def list_area_findings(
    year: Annotated[int, typer.Option(help="Rok, którego dotyczą ustalenia.")],
    area: Annotated[
        str | None,
        typer.Argument(
            help="Obszar usług: identyfikator, nazwa albo jej początek; "
            "bez niego wszystkie obszary jednej jednostki (--unit)."
        ),
    ] = None,
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
    """Wypisz ustalenia o wszystkich jednostkach szczebla w obszarze albo o jednej we wszystkich.

    Każda jednostka ma te same ustalenia co w jej raporcie; kilka tysięcy gmin zajmuje około minuty.
    Kto czyta wiele jednostek naraz, trafia też na przypadki: kolumna kept_in_batch mówi, które
    ustalenia utrzymują się po uwzględnieniu wszystkich porównań.
    """
    from smup_lib.reports.loading import Workspace

    check_csv(csv)
    one_unit = "" if area is not None else _one_of(unit)
    workspace = Workspace.open(snapshot)
    if area is None:
        found = _find_in_all_areas(workspace, one_unit, year, level, group)
    else:
        found = _find_in_one_area(workspace, area, year, unit, level, group, quiet=as_json)
    if csv is not None:
        write_csv(csv, _as_in_poland(found.rows))
    if as_json:
        tables = {"rows": found.rows, "left_out": found.left_out, "luck": found.tests.summary}
        show_json({name: frame_rows(table) for name, table in tables.items()})
    else:
        title = "" if area is None else f"{workspace.catalogue.area(area).name}, {year} r."
        _show(found, csv, _AREAS if area is None else _UNITS, workspace, title)


def _one_of(units: list[str] | None) -> str:
    """Return the only unit; all areas of all units, or of several, is refused."""
    from smup_lib.errors import ParameterError

    if not units or len(units) > 1:
        raise ParameterError(
            "Bez obszaru można zapytać tylko o jedną jednostkę naraz.",
            where=", ".join(units or ()) or None,
            expected="obszar albo jedna jednostka (--unit)",
            next_step="podaj obszar; ich listę pokaże: smup catalogue list",
        )
    return units[0]


def _find_in_one_area(
    workspace: Workspace,
    area: str,
    year: int,
    units: list[str] | None,
    level: str | None,
    group: str | None,
    *,
    quiet: bool,
) -> FoundTable:
    """Find what is worth saying of many units; a bar says how far it is."""
    from smup_lib.commands.progress import show_bar
    from smup_lib.reports.forked import count_processes
    from smup_lib.reports.many_findings import find_in_area

    at, units = _asked(workspace, area, year, units, level)
    with nullcontext() if quiet else show_bar() as tell:
        return find_in_area(
            *(workspace, area, year), level=at, units=units, rule=group,
            processes=count_processes(),
            on_progress=tell and (lambda done, total: tell(done, total, "Ustalenia")),
        )  # fmt: skip


def _find_in_all_areas(
    workspace: Workspace, text: str, year: int, level: str | None, group: str | None
) -> FoundTable:
    from smup_lib.reports.many_findings import find_in_areas

    unit = workspace.unit(text, level=level and read_level(level), year=year)
    # without a level a city is looked at under the code that its values stand at, area by area
    return find_in_areas(workspace, unit, year, rule=group, either_code=level is None)


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


def _show(
    found: FoundTable,
    csv: Path | None,
    by: dict[str, str],
    workspace: Workspace,
    title: str,
) -> None:
    """Say how many there are, show the first few, and who has none because nobody could ask."""
    from smup_lib.present.many_tests import luck_sentences
    from smup_lib.present.words import CONFIDENCES

    names = {str(one.id): one.name for one in workspace.catalogue.areas.values()}
    left_out, noun = found.left_out, _UNIT_NOUN if by is _UNITS else _AREA_NOUN
    how_many = counted(len(found.rows), _FINDING_NOUN)
    about = f"{title}: " if title else ""
    typer.echo(f"{about}{how_many}; sprawdzono: {counted(found.n_asked, noun)}.")
    first = [
        row | {"sure": CONFIDENCES[row["confidence"]], "area": names.get(row["area"], row["area"])}
        for row in frame_rows(found.rows.head(_FIRST_ROWS))
    ]
    # of one unit each area is a set of its own, as its report says
    show_rows(first, by | _COLUMNS | (_BATCH if by is _UNITS else {}), as_json=False, empty="")
    if len(found.rows) > len(first) and csv is None:
        typer.echo(f"i {counted(len(found.rows) - len(first), _FINDING_NOUN)} więcej; --csv PLIK")
    told = luck_sentences(found.tests, found.rows) if by is _UNITS else []
    typer.echo("".join(f"\n{sentence}" for sentence in told), nl=bool(told))
    if len(left_out):
        typer.echo(f"\nBez oceny: {counted(len(left_out), noun)}.")
        without = [
            row | {"area": names.get(row["area"], row["area"])}
            for row in frame_rows(left_out.head(_FIRST_ROWS))
        ]
        show_rows(without, by | _LEFT_OUT_COLUMNS, as_json=False)
    if csv is not None:
        typer.echo(f"\nWszystkie ustalenia zapisano w {csv}")
