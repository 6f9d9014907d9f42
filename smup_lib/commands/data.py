"""``smup data``: take data in, look at what is there, carry it to another computer."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from smup_lib.commands.audit import reconcile
from smup_lib.commands.data_tables import SnapshotArgument, quarantine, revisions
from smup_lib.commands.output import JsonOption, show_json, show_rows
from smup_lib.commands.value_differences import diff_values
from smup_lib.plurals import ROW_NOUN, counted

if TYPE_CHECKING:
    from smup_lib.snapshots import RawFile, Snapshot

app = typer.Typer(no_args_is_help=True, help="Dane: wczytaj, pokaż, wybierz, przenieś.")
app.command()(quarantine)
app.command()(revisions)
app.command()(reconcile)
app.command("diff")(diff_values)

_SNAPSHOT_COLUMNS = {
    "current": "bieżący",
    "id": "stan danych",
    "sort": "dane",
    "created": "utworzono",
    "observations": "obserwacje",
    "units": "wiersze rejestru",
    "sources": "źródła",
}
OverrideOption = Annotated[
    bool,
    typer.Option("--override-newer", help="Wartości starszego pliku mają zastąpić nowsze."),
]
PartialOption = Annotated[
    bool,
    typer.Option(
        "--accept-partial",
        help="Przyjmij rejestr TERC albo warstwę granic, w których brakuje jednostek.",
    ),
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
    base: Annotated[
        str | None,
        typer.Option(
            help="Do którego stanu danych dodać pliki: newest (najnowszy, domyślnie), current"
            " (bieżący) albo identyfikator."
        ),
    ] = None,
    decimal: Annotated[
        str | None,
        typer.Option(help="Znak ułamka w plikach, których liczby go nie rozstrzygają: , albo ."),
    ] = None,
    override_newer: OverrideOption = False,
    accept_partial: PartialOption = False,
    as_json: JsonOption = False,
) -> None:
    """Wczytaj pliki urzędowe (eksporty BDL, TERC, granice, skoroszyty, tabele) do nowego stanu."""
    from smup_lib.sources import import_paths

    report = import_paths(
        paths,
        variable=variable,
        base=_chosen_base(base),
        decimal=_decimal_mark(decimal),
        override_newer=override_newer,
        accept_partial=accept_partial,
    )
    if as_json:
        show_json(report.as_dict())
    else:
        typer.echo(report.render())
    if report.snapshot_id is None:  # nothing could be taken in: a script must notice
        raise typer.Exit(1)


def _chosen_base(base: str | None) -> str | None:
    """Say that the current snapshot is not the newest; ask only a person at a terminal."""
    from smup_lib.sources.import_base import CURRENT, NEWEST, find_base_choice

    choice = find_base_choice() if base is None else None
    if choice is None:
        return base
    typer.echo(f"Uwaga: {choice}", err=True)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return NEWEST
    question = "Dodać pliki do najnowszego (n) czy do bieżącego (b) stanu danych?"
    answer = typer.prompt(question, default="n", err=True)
    return CURRENT if str(answer).strip().casefold().startswith("b") else NEWEST


def _decimal_mark(text: str | None) -> Literal[",", "."] | None:
    from smup_lib.errors import ParameterError

    if text == ",":
        return ","
    if text is None or text == ".":
        return "." if text else None
    raise ParameterError(
        f"„{text}” nie jest znakiem ułamka.",
        where="--decimal",
        expected="przecinek albo kropka",
        next_step="na przykład: --decimal ,",
    )


ScaleOption = Annotated[
    str | None,
    typer.Option(
        help="Kraina wielkości kraju do prób szybkości: national, albo jej część, na przykład 0.02."
        " Bez tej opcji: mała kraina do nauki."
    ),
]
RowsOption = Annotated[
    int | None, typer.Option(min=0, help="Ile obserwacji ma mieć kraina wielkości kraju.")
]


@app.command()
def sample(scale: ScaleOption = None, rows: RowsOption = None, as_json: JsonOption = False) -> None:
    """Przygotuj krainę przykładową: dane przykładowe, jednostki fikcyjne."""
    from smup_lib.snapshots import current_id
    from smup_lib.sources.sample import make_sample

    before = current_id()
    share = _share(scale, rows)
    made = make_sample() if share is None else _made_national(share, rows)
    _show(made, as_json)
    # beside the answer, so that a program still reads JSON
    typer.echo("\nKraina przykładowa jest teraz bieżącym stanem danych.", err=True)
    if before and before != made.id:
        typer.echo(f"Poprzedni stan danych przywróci: smup data use {before}", err=True)


def _share(scale: str | None, rows: int | None) -> float | None:
    """Return the part of the country asked for; None for the small land."""
    from smup_lib.errors import ParameterError

    if scale is None and rows is None:
        return None
    if scale is None:
        raise ParameterError(
            "Mała kraina ma zawsze tyle samo obserwacji.",
            where="--rows",
            expected="liczba obserwacji obok wielkości krainy",
            next_step="dodaj --scale national albo opuść --rows",
        )
    try:
        return 1.0 if scale == "national" else float(scale.replace(",", "."))
    except ValueError as error:
        raise ParameterError(
            f"„{scale}” nie jest wielkością krainy.",
            where="--scale",
            expected="national albo ułamek większy od 0 i najwyżej 1, na przykład 0.02",
            next_step="popraw wielkość albo opuść opcję: powstanie mała kraina do nauki",
        ) from error


def _made_national(share: float, rows: int | None) -> Snapshot:
    """Say how large the land will be, make it, and show how far the making is."""
    from smup_lib.commands.progress import show_bar
    from smup_lib.sources.sample import make_national, plan_national

    typer.echo(plan_national(share, rows).render(), err=True)
    with show_bar() as on_progress:
        return make_national(share, rows, on_progress)


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """Pokaż wszystkie stany danych, od najnowszego."""
    from smup_lib.snapshots import list_damaged, list_set_aside, list_snapshots

    rows = [_summary(snapshot) for snapshot in list_snapshots()]
    show_rows(
        rows,
        _SNAPSHOT_COLUMNS,
        as_json=as_json,
        empty="Nie ma całych stanów danych. Przykładowe utworzy: smup data sample",
    )
    for error in list_damaged():  # beside the list, so that a program still reads JSON
        typer.echo(f"Uszkodzony stan danych. {error}", err=True)
    for folder in list_set_aside():
        typer.echo(
            f"Odłożony uszkodzony folder {folder.name}: zastąpił go cały stan danych;"
            f" usunie go: smup data remove {folder.name}",
            err=True,
        )


@app.command()
def show(snapshot: SnapshotArgument = None, as_json: JsonOption = False) -> None:
    """Pokaż, co jest w stanie danych: źródła, pliki, liczby, co trafiło do kwarantanny."""
    from smup_lib.snapshots import load_snapshot

    _show(load_snapshot(snapshot), as_json)


@app.command()
def variables(
    text: Annotated[str | None, typer.Argument(help="Część nazwy albo identyfikatora.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Wypisz zmienne, które może mieć kolumna pliku (dla opcji --variable)."""
    from smup_lib.catalogue import load_catalogue
    from smup_lib.polish_text import plain_text

    wanted = plain_text(text or "")
    rows = [
        {
            "id": one.id,
            "label": one.label,
            "measure_unit": one.measure_unit,
            "aliases": list(one.aliases),
        }
        for one in load_catalogue().variables.values()
        if wanted in plain_text(f"{one.id} {one.label} {' '.join(one.aliases)}")
    ]
    columns = {"id": "zmienna", "label": "nazwa", "measure_unit": "jednostka miary"}
    show_rows(rows, columns, as_json=as_json, empty="Żadna zmienna nie pasuje.")


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
def remove(
    snapshot: Annotated[str, typer.Argument(help="Identyfikator albo początek.")],
    despite_reports: Annotated[
        bool,
        typer.Option(
            "--despite-reports",
            help="Usuń, choć powstały z niego raporty; raporty zostaną, ale powtórzyć je da się"
            " tylko z paczki.",
        ),
    ] = False,
) -> None:
    """Usuń stan danych, którego nie używa żaden raport."""
    from smup_lib.snapshots import remove_snapshot

    removed = remove_snapshot(snapshot, despite_reports=despite_reports)
    typer.echo(f"Usunięto stan danych {removed}")


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
        "origin": "za kim (podano w pliku)",
        "years": "lata",
        "rows": "wiersze",
        "file": "plik",
        "retrieved": "plik z dnia",
        "imported": "wczytano",
    }
    show_rows(rows, columns, as_json=False)
    if manifest.counts.get("quarantine"):
        rows_held = counted(manifest.counts["quarantine"], ROW_NOUN)
        typer.echo(f"\nW kwarantannie: {rows_held}; pokaże je: smup data quarantine {snapshot.id}")


def _source_row(source: Any) -> dict[str, Any]:
    years = source.years
    return {
        "id": source.id,
        "title": source.title,
        "origin": source.origin or None,
        "years": "–".join(map(str, dict.fromkeys((min(years), max(years))))) if years else None,
        "rows": source.rows,
        "file": source.file.name if source.file else None,
        "retrieved": _file_day(source.file) if source.file else None,
        "imported": source.file.imported[:10] or None if source.file else None,
    }


def _file_day(file: RawFile) -> str:
    """Return the day of a file; a day that only the disk tells is marked."""
    return file.retrieved if file.told_day else f"{file.retrieved} (zapis na dysku)"
