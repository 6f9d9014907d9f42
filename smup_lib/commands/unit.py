"""``smup unit``: who is who, who borders whom, who is compared with whom."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smup_lib.commands.options import (
    GROUP_HELP,
    LevelOption,
    SnapshotOption,
    UnitArgument,
    YearOption,
)
from smup_lib.commands.output import JsonOption, show_json, show_rows

if TYPE_CHECKING:
    import pandas as pd

app = typer.Typer(no_args_is_help=True, help="Jednostki: wypisz, znajdź, pokaż, sąsiedzi, grupy.")

_COLUMNS = {"unit_code": "kod", "label": "jednostka", "kind_pl": "rodzaj", "note": "uwaga"}


@app.command()
def find(
    text: UnitArgument,
    level: LevelOption = None,
    year: YearOption = None,
    snapshot: SnapshotOption = None,
    as_json: JsonOption = False,
) -> None:
    """Znajdź jednostki o nazwie podobnej do podanej."""
    from smup_lib.units.labels import KIND_NAME
    from smup_lib.verbs import find_units

    found = find_units(text, level=level, year=year, snapshot=snapshot)
    rows = found.assign(kind_pl=found["kind"].map(KIND_NAME)).to_dict("records")
    show_rows(rows, _COLUMNS, as_json=as_json)


@app.command("list")
def list_(
    level: Annotated[
        str | None, typer.Option(help="Szczebel: gmina, powiat albo województwo.")
    ] = None,
    voivodeship: Annotated[
        str | None, typer.Option(help="Tylko z tego województwa: kod albo nazwa.")
    ] = None,
    year: YearOption = None,
    snapshot: SnapshotOption = None,
    as_json: JsonOption = False,
) -> None:
    """Wypisz jednostki w kolejności alfabetu."""
    from smup_lib.verbs import list_units

    units = list_units(level, voivodeship=voivodeship, year=year, snapshot=snapshot)
    columns = {
        "unit_code": "kod",
        "name": "nazwa",
        "kind_pl": "rodzaj",
        "powiat": "powiat",
        "voivodeship": "województwo",
    }
    show_rows(units.to_dict("records"), columns, as_json=as_json)


@app.command()
def show(
    text: UnitArgument,
    level: LevelOption = None,
    year: YearOption = None,
    snapshot: SnapshotOption = None,
    as_json: JsonOption = False,
) -> None:
    """Pokaż jednostkę: nazwa, rodzaj, zmiany terytorialne, części."""
    from smup_lib.reports.loading import Workspace
    from smup_lib.units import describe_unit, unit_facts

    workspace = Workspace.open(snapshot)
    unit = workspace.unit(text, level=level, year=year)
    if as_json:
        show_json(unit_facts(workspace.register, unit, year))
    else:
        typer.echo(describe_unit(workspace.register, unit, year))


@app.command()
def neighbours(
    text: UnitArgument,
    level: LevelOption = None,
    snapshot: SnapshotOption = None,
    as_json: JsonOption = False,
) -> None:
    """Wypisz jednostki, z którymi ta ma wspólną granicę."""
    from smup_lib.verbs import list_neighbours

    rows = list_neighbours(text, level=level, snapshot=snapshot).to_dict("records")
    columns = {"unit_code": "kod", "label": "jednostka", "border_km": "wspólna granica, km"}
    show_rows(rows, columns, as_json=as_json)


@app.command()
def group(
    text: UnitArgument,
    rule: Annotated[str, typer.Option("--group", help=GROUP_HELP)] = "podobne",
    year: YearOption = None,
    level: LevelOption = None,
    snapshot: SnapshotOption = None,
    save: Annotated[
        str | None, typer.Option(help="Zapisz te jednostki jako własną grupę: wybrane:@NAZWA.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Zastąp zapisaną grupę o tej nazwie.")
    ] = False,
    reason: Annotated[
        str | None, typer.Option(help="Powód wyboru zapisanej grupy; domyślnie reguła grupy.")
    ] = None,
    area: Annotated[
        str | None, typer.Option(help="Obszar, którego cechy decydują o podobieństwie.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Pokaż, z której cechy wynika odległość.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Wypisz grupę porównawczą i regułę, która ją wybrała; można ją zapisać.

    Wagi cech podaje się po liczbie jednostek: --group podobne:15,population=2
    """
    from smup_lib.verbs import list_peers

    peers = list_peers(text, group=rule, year=year, level=level, area=area, snapshot=snapshot)
    rows = peers.to_dict("records")
    if save is not None:
        _save(save, reason, peers, replace=replace)
    if as_json:
        show_json({**peers.attrs, "members": rows})
        return
    typer.echo(f"{peers.attrs['rule']}\n")
    for note in peers.attrs["notes"]:
        typer.echo(f"uwaga: {note}")
    columns = {"unit_code": "kod", "label": "jednostka", "distance": "odległość"}
    columns = {k: v for k, v in columns.items() if k in peers}
    if explain:
        columns |= _add_shares(rows, peers.attrs["shares"], rule)
    show_rows(rows, columns, as_json=False)


def _save(name: str, reason: str | None, peers: pd.DataFrame, *, replace: bool) -> None:
    """Save a group with its reason; without one the rule that chose it is the reason."""
    from smup_lib.units import list_saved_groups, save_group

    done = "zastąpiono" if name in list_saved_groups() else "zapisano"
    why = peers.attrs["rule"] if reason is None else reason
    path = save_group(name, why, peers["unit_code"].tolist(), over=replace)
    typer.echo(f"{done} grupę wybrane:@{name}: {path}", err=True)


def _add_shares(
    rows: list[dict[Any, Any]], shares: dict[str, dict[str, float]], rule: str
) -> dict[str, str]:
    """Write into rows, in percent, which variable makes a unit differ; return the new columns."""
    from smup_lib.catalogue import load_catalogue

    if not shares:
        typer.echo(f"uwaga: grupa „{rule}” nie mierzy odległości, więc nie ma czego rozłożyć")
        return {}
    catalogue = load_catalogue()
    names = list(dict.fromkeys(name for own in shares.values() for name in own))
    for row in rows:
        row |= {
            name: f"{100 * share:.0f}%" for name, share in shares.get(row["unit_code"], {}).items()
        }
    return {name: catalogue.variable(name).label for name in names}


@app.command()
def saved(
    remove: Annotated[str | None, typer.Option(help="Usuń zapisaną grupę o tej nazwie.")] = None,
    add: Annotated[
        Path | None, typer.Option(help="Dodaj grupę z pliku, który przysłał inny urząd.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Wypisz własne grupy zapisane opcją --save polecenia smup unit group.

    Grupa to jeden plik: wystarczy go wysłać, a u odbiorcy dodać opcją --add.
    """
    from smup_lib.paths import groups_dir
    from smup_lib.units import add_group, list_saved_groups, load_group, remove_group

    if add is not None:
        typer.echo(f"dodano: {add_group(add)}", err=True)
    if remove is not None:
        typer.echo(f"usunięto: {remove_group(remove)}", err=True)
    rows = [
        {**asdict(load_group(name)), "file": str(groups_dir() / f"{name}.yaml")}
        for name in list_saved_groups()
    ]
    columns = {"name": "nazwa", "reason": "powód wyboru", "units": "jednostki", "file": "plik"}
    show_rows(rows, columns, as_json=as_json, empty="Nie ma zapisanych grup.")
