"""What ``smup report batch`` takes: one name and one meaning for each option."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_UNITS_HELP = (
    "Jednostki: powiaty, gminy, wszystkie, gminy:WOJEWÓDZTWO, @grupa, plik z listą (.csv, .txt, "
    ".xlsx), kody albo nazwy po przecinku; można powtórzyć."
)

AreaOption = Annotated[
    list[str] | None,
    typer.Option(help="Obszar, „portret” albo plik notatnika; można powtórzyć z innym."),
]
PlanOption = Annotated[
    Path | None,
    typer.Option(
        metavar="PLIK",
        help="Plik zlecenia (części, rozdziały, jednostki) zamiast --area, --units i --year.",
    ),
]
UnitsOption = Annotated[list[str] | None, typer.Option(metavar="JEDNOSTKI", help=_UNITS_HELP)]
YearOption = Annotated[int | None, typer.Option(help="Rok raportów.")]
OutOption = Annotated[
    Path | None, typer.Option(help="Folder partii; powtórzone polecenie dokończy resztę.")
]
ParamOption = Annotated[
    list[str] | None,
    typer.Option(metavar="NAZWA=WARTOŚĆ", help="Inny parametr notatnika; można powtórzyć."),
]
FormatsOption = Annotated[
    str | None,
    typer.Option(
        metavar="LISTA",
        help="Formaty po przecinku: html, docx, xlsx, pptx, csv, pdf; html powstaje zawsze.",
    ),
]
WorkersOption = Annotated[
    int | None,
    typer.Option(min=1, metavar="LICZBA", help="Ile raportów naraz; domyślnie tyle, ile rdzeni."),
]
OnlyOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="JEDNOSTKI",
        help="Zrób teraz tylko te jednostki zlecenia; zapis jak w --units.",
    ),
]
LimitOption = Annotated[int | None, typer.Option(min=1, help="Zrób teraz najwyżej tyle raportów.")]
SecondsOption = Annotated[
    float | None,
    typer.Option(
        min=1,
        metavar="SEKUNDY",
        help="Ile sekund wolno jednemu raportowi, a cztery piąte tego jednej komórce; "
        "domyślnie 600 i 120.",
    ),
]
MegabytesOption = Annotated[
    int, typer.Option(min=50, metavar="MB", help="Ile pamięci (MB) wolno jednemu raportowi.")
]
NotebooksOption = Annotated[
    bool | None,
    typer.Option(
        "--notebooks/--no-notebooks",
        help="Czy zachować też wykonane notatniki; domyślnie nie.",
        show_default=False,
    ),
]
GoOnOption = Annotated[
    bool,
    typer.Option(
        "--continue-on-error/--stop-on-error",
        help="Czy po nieudanym raporcie robić następne, czy skończyć.",
    ),
]
SkipUnknownOption = Annotated[
    bool | None,
    typer.Option(
        "--skip-unknown",
        help="Pomiń wiersze listy, które nie wskazują jednej jednostki; wynik je wymieni.",
    ),
]
DryRunOption = Annotated[
    bool,
    typer.Option("--dry-run", help="Tylko sprawdź zlecenie i oszacuj czas; nic nie powstanie."),
]
ZipOption = Annotated[
    str | None,
    typer.Option(
        "--zip",
        metavar="PODZIAŁ",
        help="Także archiwum zip na każdą jednostkę (unit) albo na powiat z gminami (powiat).",
    ),
]
WritePlanOption = Annotated[
    Path | None,
    typer.Option(metavar="PLIK", help="Zapisz to zlecenie jako plik dla --plan i skończ."),
]
DaskOption = Annotated[
    str | None,
    typer.Option(
        metavar="ADRES",
        help="Klaster: local, local:LICZBA albo adres planisty dask (dodatek scale).",
    ),
]
DaskDataOption = Annotated[
    str | None,
    typer.Option(
        metavar="ADRES",
        help="Ścieżka albo adres stanu danych, z którego czytają pracownicy klastra.",
    ),
]
