"""``smup doctor``: where everything lives and whether it is whole."""

from __future__ import annotations

import platform

import typer

from smup_lib.errors import SnapshotError


def doctor() -> None:
    """Pokaż, gdzie co jest i czy jest całe."""
    from smup_lib.paths import reports_dir, smup_home
    from smup_lib.snapshots import (
        check_snapshot,
        current_id,
        library_version,
        list_damaged,
        list_snapshots,
    )

    typer.echo(f"smup-workbench {library_version()}, Python {platform.python_version()}")
    typer.echo(f"dane użytkownika (SMUP_HOME): {smup_home()}")
    typer.echo(f"raporty: {reports_dir()}")
    snapshots, damaged = list_snapshots(), list_damaged()
    if not snapshots and not damaged:
        typer.echo("stany danych: brak; przygotuj przykładowe: smup data sample")
    for snapshot in snapshots:
        try:
            check_snapshot(snapshot)
        except SnapshotError as error:
            damaged.append(error)
            continue
        mark = "bieżący, " if snapshot.id == current_id() else ""
        sort = "przykładowe" if snapshot.fictional else "rzeczywiste"
        typer.echo(f"stan danych {snapshot.id}: {mark}dane {sort}, sumy kontrolne zgodne")
    for found in damaged:
        typer.echo(f"Uszkodzony stan danych. {found}")
    if damaged:
        raise typer.Exit(1)
