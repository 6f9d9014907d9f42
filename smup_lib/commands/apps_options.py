"""What ``smup apps serve`` takes: one name and one meaning for each option."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

HostOption = Annotated[
    str, typer.Option(help="Adres, na którym serwer słucha; domyślny słyszy tylko ten komputer.")
]
PortOption = Annotated[int, typer.Option(help="Port na tym komputerze.")]
VisitorsOption = Annotated[
    int | None,
    typer.Option(metavar="LICZBA", help="Ile osób naraz; bez tego tyle, ile pomieści komputer."),
]
AtOnceOption = Annotated[
    int | None,
    typer.Option(
        metavar="LICZBA", help="Ile stron przygotowywać naraz; bez tego tyle, ile jest procesorów."
    ),
]
BrowserOption = Annotated[
    bool,
    typer.Option(
        "--open/--no-open", help="Otwórz przeglądarkę (domyślnie) albo nie.", show_default=False
    ),
]
LessonsOption = Annotated[
    bool, typer.Option("--lessons", help="Zamiast aplikacji pokaż lekcje warsztatu.")
]
PublicUrlOption = Annotated[
    str,
    typer.Option(
        metavar="ADRES", help="Adres, który wpisują odwiedzający, gdy przed serwerem stoi nginx."
    ),
]
PasswordFileOption = Annotated[
    Path | None,
    typer.Option(metavar="PLIK", help="Pytaj o hasło z pliku, który zapisał smup apps password."),
]
HubOption = Annotated[
    bool, typer.Option("--hub", help="Działaj jako usługa JupyterHuba; on wpuszcza ludzi.")
]
FallbackOption = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="Folder stron zastępczych z smup apps fallback."),
]
