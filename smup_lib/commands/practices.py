"""``smup practices``: what other offices did, as cards that travel as files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smup_lib.commands.output import JsonOption, show_json, show_rows, told_as_check

if TYPE_CHECKING:
    from smup_lib.catalogue.practice import PracticeCard
    from smup_lib.catalogue.practice_book import PracticeBook, StoredCard

app = typer.Typer(no_args_is_help=True, help="Dobre praktyki: karty tego, co zrobiły inne urzędy.")

_DONE = {
    "new": "dodano kartę",
    "replaced": "zastąpiono kartę",
    "same": "ta karta już jest, z tą samą treścią",
}
CardArgument = Annotated[
    str, typer.Argument(metavar="KARTA", help="Identyfikator karty, jej tytuł albo początek.")
]
FileArgument = Annotated[Path, typer.Argument(metavar="PLIK", help="Plik karty (YAML).")]


@app.command("list")
def list_(
    service: Annotated[
        str | None, typer.Option(metavar="USŁUGA", help="Tylko o tej usłudze: kod, nazwa.")
    ] = None,
    dimension: Annotated[
        str | None, typer.Option(help="Tylko o tym wymiarze, na przykład jakość.")
    ] = None,
    indicator: Annotated[
        str | None, typer.Option(help="Tylko o usłudze tego wskaźnika: identyfikator, nazwa.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Wypisz karty praktyk: programu i własne."""
    from smup_lib.catalogue.practice_book import load_practices
    from smup_lib.catalogue.practice_choice import choose_cards

    book = load_practices()
    chosen = choose_cards(book, service, dimension, indicator)
    columns = {
        "id": "karta",
        "title": "tytuł",
        "office": "urząd",
        "services": "usługi",
        "status_pl": "stan",
        "origin_pl": "skąd",
    }
    show_rows(
        [_row(one) for one in chosen],
        columns,
        as_json=as_json,
        empty="Nie ma takich kart. Własną zacznij od wzoru: smup practices new ID",
    )
    _tell_left_out(book)


@app.command()
def show(
    card: CardArgument,
    out: Annotated[
        Path | None, typer.Option(help="Zapisz plik karty, do przekazania innemu urzędowi.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Pokaż kartę: co podano, a czego w niej brakuje."""
    from smup_lib.catalogue import load_catalogue
    from smup_lib.catalogue.practice_book import copy_card, load_practices
    from smup_lib.present.card_parts import card_text
    from smup_lib.present.practice_cards import practice_card

    book = load_practices()
    found = book.find(card)
    if out is not None:
        typer.echo(copy_card(found, out), err=as_json)
    if as_json:
        show_json(_row(found) | found.card.model_dump(mode="json"))
    elif out is None:
        typer.echo(card_text(practice_card(found.card, load_catalogue())))
        _tell_left_out(book)


@app.command()
def check(file: FileArgument, as_json: JsonOption = False) -> None:
    """Sprawdź plik karty i wypisz wszystkie błędy naraz."""
    from smup_lib.catalogue import load_catalogue
    from smup_lib.catalogue.practice_book import practice_error, read_card
    from smup_lib.present.practice_cards import status_words

    with told_as_check(as_json=as_json):
        card, problems = read_card(file, load_catalogue())
    doubts = [] if card is None else list(_doubts_of(card))
    if as_json:
        told = [problem.as_dict() for problem in problems]
        show_json({**_checked(card), "problems": told, "warnings": doubts})
        raise typer.Exit(0 if card is not None else 1)
    if card is None:
        raise practice_error(problems, str(file))
    typer.echo(f"Plik jest poprawną kartą: {card.id}, oznaczenie wersji {card.digest}.")
    typer.echo(f"Stan: {status_words(card)}.")
    if card.not_told:
        typer.echo(f"Nie podano: {', '.join(card.not_told)}.")
    for doubt in doubts:
        typer.echo(f"uwaga: {doubt}")


@app.command()
def add(
    file: FileArgument,
    replace: Annotated[
        bool, typer.Option("--replace", help="Zastąp własną kartę o tym identyfikatorze.")
    ] = False,
) -> None:
    """Dodaj kartę z pliku do własnych, także otrzymaną z innego urzędu."""
    from smup_lib.catalogue.practice_book import add_card
    from smup_lib.present.practice_cards import status_words

    stored, done = add_card(file, over=replace)
    typer.echo(f"{_DONE[done]}: {stored.card.id}, oznaczenie wersji {stored.card.digest}")
    typer.echo(f"plik: {stored.path}")
    typer.echo(f"stan: {status_words(stored.card)}")


@app.command()
def new(
    name: Annotated[str, typer.Argument(metavar="ID", help="Krótka nazwa karty, bez spacji.")],
    out: Annotated[
        Path | None, typer.Option(help="Plik; domyślnie ID.yaml w tym folderze.")
    ] = None,
) -> None:
    """Zapisz wzór karty z objaśnieniem każdego pola, do wypełnienia w edytorze tekstu."""
    from smup_lib.catalogue.practice_template import write_template

    path = write_template(name, out)
    typer.echo(f"{path}: wypełnij, sprawdź (smup practices check) i dodaj (smup practices add).")


@app.command()
def remove(name: Annotated[str, typer.Argument(metavar="ID", help="Własna karta.")]) -> None:
    """Usuń własną kartę; kart programu usunąć nie można."""
    from smup_lib.catalogue.practice_book import remove_card

    typer.echo(f"usunięto: {remove_card(name)}")


def _doubts_of(card: PracticeCard) -> Iterator[str]:
    """Yield what the register of this computer, where it has the region, does not know."""
    from smup_lib.errors import NoDataError, SnapshotError, UnknownUnitError
    from smup_lib.snapshots import load_snapshot
    from smup_lib.units import load_register

    code = card.office.unit_code
    if code is None:
        return
    try:
        register = load_register(load_snapshot())
        register.unit(code[:2])
    except (NoDataError, SnapshotError, UnknownUnitError):
        return  # data of another land, or none: nobody can tell
    try:
        register.unit(code)
    except UnknownUnitError as error:
        yield f"office.unit_code: {error.what} Sprawdź kod: smup unit find NAZWA."


def _checked(card: PracticeCard | None) -> dict[str, Any]:
    if card is None:
        return {"ok": False}
    named = ("id", "status", "digest", "criteria_missing", "not_told")
    return {"ok": True, **{name: getattr(card, name) for name in named}}


def _row(stored: StoredCard) -> dict[str, Any]:
    from smup_lib.catalogue.practice import STATUS_WORDS

    card = stored.card
    return {
        "id": card.id,
        "title": card.title,
        "office": card.office.name,
        "unit_code": card.office.unit_code,
        "services": list(card.services),
        "dimensions": list(card.dimensions),
        "indicators": list(card.cited),
        "status": card.status,
        "status_pl": STATUS_WORDS[card.status],
        "criteria_missing": list(card.criteria_missing),
        "not_told": list(card.not_told),
        "own": stored.own,
        "origin_pl": "własna" if stored.own else "program",
        "digest": card.digest,
    }


def _tell_left_out(book: PracticeBook) -> None:
    """Name the own files that are no sound cards; the others are shown all the same."""
    for file in dict.fromkeys(problem.file for problem in book.problems):
        typer.echo(f"uwaga: pominięto {file}; powód pokaże: smup practices check PLIK", err=True)
