"""Options that several commands share, each with one name and one meaning."""

from __future__ import annotations

from typing import Annotated

import typer

from smup_lib.group_names import RULES_HELP

UnitOption = Annotated[
    str, typer.Option(help="Kod TERYT albo nazwa jednostki; listę pokaże: smup unit list.")
]
UnitArgument = Annotated[
    str,
    typer.Argument(metavar="JEDNOSTKA", help="Kod TERYT albo nazwa, także bez polskich liter."),
]
YearOption = Annotated[int | None, typer.Option(help="Rok; domyślnie najnowszy.")]
LevelOption = Annotated[str | None, typer.Option(help="Szczebel: gmina albo powiat.")]
SnapshotOption = Annotated[
    str | None,
    typer.Option(
        help="Stan danych: identyfikator, jego początek, folder albo sample; domyślnie bieżący.",
    ),
]
GROUP_HELP = f"Grupa porównawcza: {RULES_HELP}."
GroupOption = Annotated[str | None, typer.Option(help=f"{GROUP_HELP} Domyślnie z katalogu.")]
