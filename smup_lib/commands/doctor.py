"""``smup doctor``: where everything lives and whether it is whole."""

from __future__ import annotations

import platform
from typing import Any

import typer

from smup_lib.commands.output import JsonOption, show_json
from smup_lib.errors import SnapshotError


def doctor(as_json: JsonOption = False) -> None:
    """Pokaż, gdzie co jest i czy jest całe."""
    found = _examine()
    if as_json:
        show_json(found)
    else:
        _show(found)
    if not found["whole"]:
        raise typer.Exit(1)


def _examine() -> dict[str, Any]:
    from smup_lib.paths import reports_dir, smup_home
    from smup_lib.reports.receipt import SUFFIX, list_changed_files
    from smup_lib.snapshots import library_version, list_damaged

    snapshots, damaged = _examined_snapshots()
    damaged += list_damaged()
    changed = {
        str(path): problems
        for path in sorted(reports_dir().glob(f"*{SUFFIX}"))
        if (problems := list_changed_files(path))
    }
    return {
        "version": library_version(),
        "python": platform.python_version(),
        "home": str(smup_home()),
        "reports": str(reports_dir()),
        "snapshots": snapshots,
        "damaged": [str(error) for error in damaged],
        "changed_reports": changed,
        "whole": not damaged and not changed,
    }


def _examined_snapshots() -> tuple[list[dict[str, Any]], list[SnapshotError]]:
    """Return the snapshots whose checksums agree, and what is wrong with the others."""
    from smup_lib.snapshots import check_snapshot, current_id, list_snapshots

    sound: list[dict[str, Any]] = []
    damaged: list[SnapshotError] = []
    for snapshot in list_snapshots():
        try:
            check_snapshot(snapshot)
        except SnapshotError as error:
            damaged.append(error)
            continue
        sound.append(
            {
                "id": snapshot.id,
                "current": snapshot.id == current_id(),
                "fictional": snapshot.fictional,
                "path": str(snapshot.path),
            }
        )
    return sound, damaged


def _show(found: dict[str, Any]) -> None:
    typer.echo(f"smup-workbench {found['version']}, Python {found['python']}")
    typer.echo(f"dane użytkownika (SMUP_HOME): {found['home']}")
    typer.echo(f"raporty: {found['reports']}")
    if not found["snapshots"] and not found["damaged"]:
        typer.echo("stany danych: brak; przygotuj przykładowe: smup data sample")
    for snapshot in found["snapshots"]:
        mark = "bieżący, " if snapshot["current"] else ""
        sort = "przykładowe" if snapshot["fictional"] else "rzeczywiste"
        typer.echo(f"stan danych {snapshot['id']}: {mark}dane {sort}, sumy kontrolne zgodne")
    for error in found["damaged"]:
        typer.echo(f"Uszkodzony stan danych. {error}")
    for receipt, problems in found["changed_reports"].items():
        typer.echo(f"Raport niezgodny ze swoją metryką: {receipt}")
        for problem in problems:
            typer.echo(f"  - {problem}")
        typer.echo("  co zrobić: wykonaj ten raport jeszcze raz, polecenie jest w metryce")
