"""``smup catalogue``: what is measured, how, and whether the YAML is sound."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smup_lib.commands.audit import audit, write_page
from smup_lib.commands.options import SnapshotOption
from smup_lib.commands.output import JsonOption, show_json, show_rows, told_as_check

if TYPE_CHECKING:
    from smup_lib.catalogue import Indicator
    from smup_lib.catalogue.entries import Entry
    from smup_lib.catalogue.inspection import Inspection

app = typer.Typer(no_args_is_help=True, help="Katalog: obszary, usługi, wskaźniki, zmienne.")
app.command()(audit)


@app.command("list")
def list_(
    area: Annotated[str | None, typer.Argument(help="Obszar; domyślnie wszystkie.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Wypisz wskaźniki."""
    from smup_lib.catalogue import load_catalogue

    catalogue = load_catalogue()
    areas = [catalogue.area(area)] if area else list(catalogue.areas.values())
    rows = [_row(indicator) for one in areas for indicator in one.indicators]
    columns = {
        "id": "wskaźnik",
        "area": "obszar",
        "dimension": "wymiar",
        "name": "nazwa",
        "measure_unit": "jednostka miary",
        "levels": "szczebel",
    }
    show_rows(rows, columns, as_json=as_json)


@app.command()
def show(
    entry: Annotated[
        str,
        typer.Argument(help="Wskaźnik, usługa albo obszar: identyfikator, kod, nazwa."),
    ],
    html: Annotated[Path | None, typer.Option(help="Zapisz fiszkę jako stronę HTML.")] = None,
    snapshot: SnapshotOption = None,
    as_json: JsonOption = False,
) -> None:
    """Pokaż fiszkę wskaźnika, usługi albo obszaru, z dostępnością danych."""
    from smup_lib.present.card_parts import card_text, render_catalogue_card
    from smup_lib.reports.catalogue_cards import open_card

    found, book = open_card(entry, snapshot)
    card = book.card(found)
    if html is not None:
        body = render_catalogue_card(card, level=1)
        write_page(html, card.title, body, fictional=book.fictional)
    if as_json:
        show_json(_card_json(found) | {"availability": book.availability(found)})
    elif html is not None:
        typer.echo(html)
    else:
        typer.echo(card_text(card))


@app.command()
def site(
    folder: Annotated[Path, typer.Argument(help="Folder stron; nowy albo z dawnym katalogiem.")],
    snapshot: SnapshotOption = None,
) -> None:
    """Zapisz katalog jako strony HTML: fiszki, spis z wyszukiwaniem i dostępność danych."""
    from smup_lib.reports.catalogue_site import write_site

    written = write_site(folder, snapshot)
    typer.echo(f"Stron: {written.pages}. Zacznij od: {written.index}")


@app.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder katalogu; domyślnie ten z programu.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Sprawdź pliki YAML katalogu i karty praktyk; wypisz wszystkie błędy naraz."""
    from smup_lib.catalogue.inspection import inspect_folder
    from smup_lib.catalogue.loader import CATALOGUE_DIR
    from smup_lib.catalogue.problems import catalogue_error

    with told_as_check(as_json=as_json):
        found = inspect_folder(folder or CATALOGUE_DIR)
    if folder is None and not found.problems:
        found = _with_practices(found)
    if as_json:
        show_json(found.as_dict())
        raise typer.Exit(1 if found.problems else 0)
    if found.problems:
        raise catalogue_error(found.problems, str(folder or CATALOGUE_DIR))
    counts = found.counts
    typer.echo(
        f"Katalog jest poprawny: obszary {counts['areas']}, wskaźniki {counts['indicators']},"
        f" zmienne {counts['variables']}, wydawcy {counts['publishers']},"
        f" zmiany terytorialne {counts['territorial_changes']}."
    )
    if folder is None:
        own = counts["own_practices"]
        typer.echo(f"Karty praktyk: programu {counts['practices']}, własne {own}.")
    if found.unsigned:
        typer.echo(
            f"Kierunek bez drugiego podpisu (nie oceniamy ich): {len(found.unsigned)}:"
            f" {', '.join(found.unsigned)}"
        )


def _with_practices(found: Inspection) -> Inspection:
    """Add the cards of practices, shipped and own; they are read beside a sound catalogue."""
    from smup_lib.catalogue.practice_book import load_practices
    from smup_lib.paths import practices_dir

    book = load_practices()
    folder = practices_dir()
    told = tuple(replace(one, file=str(folder / one.file)) for one in book.problems)
    own = sum(one.own for one in book.stored)
    counts = {**found.counts, "practices": len(book.stored) - own, "own_practices": own}
    return replace(found, problems=told, counts=counts)


@app.command()
def schema() -> None:
    """Wypisz schemat JSON pliku obszaru, wytworzony z modelu."""
    from smup_lib.catalogue.schema import area_schema

    show_json(area_schema())


def _card_json(entry: Entry) -> dict[str, Any]:
    head = {"kind": entry.kind, "id": entry.id, "name": entry.name, "area": entry.area.id}
    if entry.indicator is not None:
        return head | _row(entry.indicator) | entry.indicator.model_dump(mode="json")
    indicators = [one.id for one in entry.indicators]
    if entry.service is not None:
        return head | entry.service.model_dump(mode="json") | {"indicators": indicators}
    area = entry.area.model_dump(mode="json", exclude={"indicators"})
    return head | area | {"indicators": indicators}


def _row(indicator: Indicator) -> dict[str, Any]:
    return {
        "area": indicator.area,
        "service": indicator.service,
        "dimension": indicator.dimension,
        "id": indicator.id,
        "name": indicator.name,
        "measure_unit": indicator.measure_unit,
        "levels": list(indicator.levels),
        "provenance": indicator.provenance,
        "data_basis": indicator.data_basis,
        "polarity": indicator.polarity.direction,
        "polarity_signed": indicator.polarity.signed,
        "role": indicator.role,
    }
