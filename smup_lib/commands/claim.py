"""``smup claim``: is a conclusion borne by the data?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from smup_lib.commands.options import GroupOption, LevelOption, SnapshotOption
from smup_lib.commands.output import JsonOption, list_problems, show_json, show_rows, told_as_check

app = typer.Typer(no_args_is_help=True, help="Wnioski: sprawdź, czy dane je potwierdzają.")


FileArgument = Annotated[
    Path | None,
    typer.Argument(help="Plik JSON albo YAML z listą wniosków; bez niego jeden z opcji."),
]
Unit = Annotated[str | None, typer.Option(help="Kod TERYT albo nazwa jednostki.")]
Indicator = Annotated[
    str | None, typer.Option(help="Identyfikator wskaźnika; listę pokaże: smup catalogue list.")
]
Year = Annotated[int | None, typer.Option(help="Rok, a w okresie ostatni rok.")]
Says = Annotated[
    str | None, typer.Option(help="Co mówi wniosek; rodzaje wypisze: smup claim kinds.")
]
Than = Annotated[
    str | None, typer.Option(help="Z czym porównuje: grupa, jednostka, rok, liczba albo cel.")
]
Other = Annotated[str | None, typer.Option(help="Druga jednostka: kod albo nazwa.")]
Number = Annotated[
    float | None, typer.Option(help="Liczba, z którą porównuje, w jednostce wskaźnika.")
]
Since = Annotated[int | None, typer.Option(help="Wcześniejszy rok albo pierwszy rok okresu.")]
Size = Annotated[float | None, typer.Option(help="O ile co najmniej, w jednostce wskaźnika.")]
Percent = Annotated[bool, typer.Option("--percent", help="Wielkość --size jest w procentach.")]
Place = Annotated[int | None, typer.Option(help="Najdalsze miejsce.")]
Cause = Annotated[str | None, typer.Option(help="Podana przyczyna.")]
Strength = Annotated[
    str | None, typer.Option(help="Pewność słów wniosku: niska, średnia (domyślnie) albo wysoka.")
]


@app.command()
def check(
    file: FileArgument = None,
    unit: Unit = None,
    indicator: Indicator = None,
    year: Year = None,
    says: Says = None,
    than: Than = None,
    group: GroupOption = None,
    other: Other = None,
    number: Number = None,
    since: Since = None,
    size: Size = None,
    percent: Percent = False,
    place: Place = None,
    cause: Cause = None,
    strength: Strength = None,
    level: LevelOption = None,
    snapshot: SnapshotOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sprawdź wniosek: potwierdzony, zaprzeczony albo nie do rozstrzygnięcia, i dlaczego."""
    fields = {
        "unit": unit, "indicator": indicator, "year": year, "says": says, "than": than,
        "group": group, "other": other, "number": number, "since": since, "size": size,
        "percent": percent, "place": place, "cause": cause, "strength": strength, "level": level,
    }  # fmt: skip
    _check(
        file,
        {n: v for n, v in fields.items() if v is not None and v is not False},
        snapshot,
        as_json,
    )


def _check(file: Path | None, fields: dict[str, Any], snapshot: str | None, as_json: bool) -> None:
    """Judge the claims of a file, or the one that the options make."""
    from smup_lib.conclude.claims import Claim
    from smup_lib.reports.claims import check_claims, read_claim_file
    from smup_lib.reports.loading import Workspace

    if (file is None) is not bool(fields):
        _refuse_command(file, fields, as_json=as_json)
    with told_as_check(as_json=as_json):
        claims = [Claim.read(fields)] if file is None else read_claim_file(file)
        workspace = Workspace.open(snapshot)
        verdicts = check_claims(workspace, claims)
    _show(workspace, verdicts, as_json=as_json)


@app.command()
def kinds(as_json: JsonOption = False) -> None:
    """Wypisz, co wniosek może mówić, z czym porównuje i czego wymaga."""
    from smup_lib.conclude.claims import KINDS, THAN_FIELD, THAN_WORDS

    rows = [
        {
            "says": name,
            "words": kind.words,
            "than": [THAN_WORDS[one] for one in kind.than],
            "needs": list(kind.needs),
            "than_needs": {one: THAN_FIELD[one] for one in kind.than if one in THAN_FIELD},
            "than_told": [
                THAN_WORDS[one] + (f" (pole {THAN_FIELD[one]})" if one in THAN_FIELD else "")
                for one in kind.than
            ],
        }
        for name, kind in KINDS.items()
    ]
    columns = {
        "says": "rodzaj",
        "words": "co mówi",
        "than_told": "z czym porównuje",
        "needs": "wymaga pola",
    }
    show_rows(rows, columns, as_json=as_json)


def _refuse_command(file: Path | None, fields: dict[str, Any], *, as_json: bool) -> NoReturn:
    """Tell that a command names neither a file nor options, or both; it ends as any such with 2."""
    from smup_lib.errors import ParameterError

    both = ParameterError(
        "Podano i plik wniosków, i opcje jednego wniosku.",
        where=f"{file}; --{', --'.join(fields)}",
        expected="albo plik, albo opcje",
        next_step="usuń jedno z nich",
    )
    neither = ParameterError(
        "Nie podano wniosku.",
        expected="plik wniosków albo opcje jednego wniosku: --unit, --indicator, --year, --says",
        next_step="rodzaje wniosków i ich pola wypisze: smup claim kinds",
    )
    error = both if fields else neither
    if as_json:
        show_json({"ok": False, "what": error.what, "problems": list_problems(error)})
    else:
        typer.echo(str(error), err=True)
    raise typer.Exit(2)


def _show(workspace: Any, verdicts: Any, *, as_json: bool) -> None:
    from smup_lib.present.verdicts import claim_words, verdict_facts, verdict_text

    if as_json:
        told = [verdict_facts(verdict) for verdict in verdicts]
        show_json({"ok": True, "problems": [], "claims": told})
        return
    for verdict in verdicts:
        claim = verdict.claim
        names = [
            workspace.unit(code, year=claim.year).short_label if code else ""
            for code in (claim.unit, claim.other)
        ]
        indicator = workspace.catalogue.indicator(claim.indicator)
        typer.echo(claim_words(verdict, names[0], indicator.short_name, names[1]))
        typer.echo(f"{verdict_text(verdict)}\n")
