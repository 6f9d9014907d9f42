"""``smup data``: take data in, look at what is there, carry it to another computer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smup_lib.commands.output import JsonOption, show_json, show_rows

if TYPE_CHECKING:
    from smup_lib.snapshots import Snapshot

app = typer.Typer(no_args_is_help=True, help="Dane: wczytaj, pokaż, wybierz, przenieś.")

_SNAPSHOT_COLUMNS = {
    "current": "bieżący",
    "id": "stan danych",
    "sort": "dane",
    "created": "utworzono",
    "observations": "obserwacje",
    "units": "wiersze rejestru",
    "sources": "źródła",
}
SnapshotArgument = Annotated[
    str | None, typer.Argument(help="Identyfikator albo jego początek; domyślnie bieżący.")
]


@app.command("import")
def import_(
    paths: Annotated[list[Path], typer.Argument(help="Pliki albo foldery.")],
    variable: Annotated[
        list[str] | None,
        typer.Option(
            help="ID zmiennej, którą jest jedyna kolumna pliku, albo „etykiety=ID” (powtarzalne)."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Wczytaj pliki urzędowe (eksporty BDL, TERC, granice, tabele) do nowego stanu danych."""
    from smup_lib.sources import import_paths

    report = import_paths(paths, variable=variable)
    if as_json:
        show_json(report.as_dict())
    else:
        typer.echo(report.render())
    if report.snapshot_id is None:  # nothing could be taken in: a script must notice
        raise typer.Exit(1)


@app.command()
def sample(as_json: JsonOption = False) -> None:
    """Przygotuj krainę przykładową: dane przykładowe, jednostki fikcyjne."""
    from smup_lib.sources.sample import make_sample

    _show(make_sample(), as_json)


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """Pokaż wszystkie stany danych, od najnowszego."""
    from smup_lib.snapshots import list_damaged, list_snapshots

    rows = [_summary(snapshot) for snapshot in list_snapshots()]
    show_rows(
        rows,
        _SNAPSHOT_COLUMNS,
        as_json=as_json,
        empty="Nie ma jeszcze danych. Przygotuj przykładowe: smup data sample",
    )
    for error in list_damaged():  # beside the list, so that a program still reads JSON
        typer.echo(f"Uszkodzony stan danych. {error}", err=True)


@app.command()
def show(snapshot: SnapshotArgument = None, as_json: JsonOption = False) -> None:
    """Pokaż, co jest w stanie danych: źródła, pliki, liczby, co trafiło do kwarantanny."""
    from smup_lib.snapshots import load_snapshot

    _show(load_snapshot(snapshot), as_json)


@app.command()
def use(snapshot: Annotated[str, typer.Argument(help="Identyfikator albo jego początek.")]) -> None:
    """Wybierz bieżący stan danych."""
    from smup_lib.snapshots import use_snapshot

    typer.echo(f"Bieżący stan danych: {use_snapshot(snapshot).id}")


@app.command()
def pack(
    snapshot: SnapshotArgument = None,
    out: Annotated[Path | None, typer.Option(help="Plik albo folder paczki.")] = None,
) -> None:
    """Zapisz stan danych do jednego pliku, żeby przenieść go na inny komputer."""
    from smup_lib.snapshots import pack_snapshot

    typer.echo(pack_snapshot(snapshot, out))


@app.command()
def unpack(file: Annotated[Path, typer.Argument(help="Paczka z smup data pack.")]) -> None:
    """Weź stan danych z paczki, sprawdź sumy kontrolne i ustaw jako bieżący."""
    from smup_lib.snapshots import unpack_snapshot

    typer.echo(f"Bieżący stan danych: {unpack_snapshot(file).id}")


@app.command()
def remove(snapshot: Annotated[str, typer.Argument(help="Identyfikator albo początek.")]) -> None:
    """Usuń stan danych, którego nie używa żaden raport."""
    from smup_lib.snapshots import remove_snapshot

    typer.echo(f"Usunięto stan danych {remove_snapshot(snapshot)}")


def _summary(snapshot: Snapshot) -> dict[str, Any]:
    from smup_lib.snapshots import current_id

    manifest = snapshot.manifest
    return {
        "id": snapshot.id,
        "current": snapshot.id == current_id(),
        "fictional": snapshot.fictional,
        "sort": "przykładowe, jednostki fikcyjne" if snapshot.fictional else "rzeczywiste",
        "created": manifest.created,
        "path": str(snapshot.path),
        "observations": manifest.counts.get("observations", 0),
        "units": manifest.counts.get("units", 0),
        "sources": len(manifest.sources),
    }


def _show(snapshot: Snapshot, as_json: bool) -> None:
    manifest = snapshot.manifest
    if as_json:
        show_json(
            _summary(snapshot)
            | {
                "sources": [source.model_dump() for source in manifest.sources.values()],
                "counts": manifest.counts,
                "base": manifest.base,
                "library_version": manifest.library_version,
            }
        )
        return
    summary = _summary(snapshot)
    typer.echo(f"Stan danych {snapshot.id} – dane {summary['sort']}")
    typer.echo(f"folder: {snapshot.path}\nutworzono: {manifest.created}")
    named = ", ".join(f"{name} {count}" for name, count in manifest.counts.items() if count)
    typer.echo(f"wiersze: {named}\n")
    rows = [_source_row(source) for source in manifest.sources.values()]
    columns = {
        "id": "źródło",
        "title": "tytuł",
        "years": "lata",
        "rows": "wiersze",
        "file": "plik",
        "retrieved": "wczytano",
    }
    show_rows(rows, columns, as_json=False)
    if manifest.counts.get("quarantine"):
        typer.echo(
            f"\nW kwarantannie: {manifest.counts['quarantine']} wierszy,"
            f" plik {snapshot.path / 'quarantine.parquet'}"
        )


def _source_row(source: Any) -> dict[str, Any]:
    years = source.years
    return {
        "id": source.id,
        "title": source.title,
        "years": f"{min(years)}–{max(years)}" if years else None,
        "rows": source.rows,
        "file": source.file.name if source.file else None,
        "retrieved": source.file.retrieved if source.file else None,
    }
