"""``smup report verify``: do files of reports say what their data say?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smup_lib.commands.output import JsonOption, list_problems, show_json, show_rows
from smup_lib.errors import SmupError
from smup_lib.plurals import counted

if TYPE_CHECKING:
    from smup_lib.reports.verifying import Verification

_STATEMENT_NOUN = ("miejsce", "miejsca", "miejsc")
_NUMBER_NOUN = ("liczba", "liczby", "liczb")
_DIFFERENCE_NOUN = ("różnica", "różnice", "różnic")
_COLUMNS = {"place": "miejsce", "stated": "w pliku", "recomputed": "z danych"}
_LONGEST = 160


def verify_files(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Pliki raportów: HTML, DOCX, XLSX; z PDF, PPTX i CSV tylko suma kontrolna.",
            metavar="PLIK...",
        ),
    ],
    notebook: Annotated[
        Path | None,
        typer.Option(help="Własny notatnik raportu; bez tej opcji tylko notatniki warsztatu."),
    ] = None,
    snapshot: Annotated[
        Path | None,
        typer.Option(help="Folder stanu danych, którego nie ma na liście smup data list."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Sprawdź, czy raport mówi to, co dane: policz go od nowa i porównaj każde miejsce."""
    results = [_verify(path, notebook, snapshot) for path in files]
    if as_json:
        show_json(
            {
                "ok": all(one["ok"] for one in results),
                "problems": [{**p, "file": r["file"]} for r in results for p in r["problems"]],
                "files": results,
            }
        )
    else:
        for result in results:
            _show(result)
    if not all(one["ok"] for one in results):
        raise typer.Exit(1)


def _verify(path: Path, notebook: Path | None, snapshot: Path | None) -> dict[str, Any]:
    """Return what came of one file; one that cannot be verified does not stop the others."""
    from smup_lib.reports.verifying import verify_report

    try:
        found = verify_report(path, notebook, snapshot)
    except SmupError as error:
        return {"file": str(path), "ok": False, "problems": list_problems(error), "error": error}
    return _facts(found)


def _facts(found: Verification) -> dict[str, Any]:
    problems = [
        {"what": f"w pliku: {one.stated or '–'}", "where": one.place,
         "expected": one.recomputed or "–", "next_step": "użyj raportu zrobionego od nowa"}
        for one in found.differences
    ]  # fmt: skip
    return {
        "file": str(found.path),
        "ok": found.sound,
        "receipt": found.receipt,
        "snapshot": found.snapshot,
        "statements": found.statements,
        "numbers": found.numbers,
        "notes": list(found.notes),
        "problems": problems,
        "differences": [
            {"place": one.place, "stated": one.stated, "recomputed": one.recomputed}
            for one in found.differences
        ],
    }


def _show(result: dict[str, Any]) -> None:
    name = result["file"]
    if "error" in result:
        typer.echo(f"{name}: nie udało się sprawdzić", err=True)
        typer.echo(str(result["error"]), err=True)
        return
    compared = f"porównano {counted(result['statements'], _STATEMENT_NOUN)}"
    if result["numbers"]:
        compared += f", w nich {counted(result['numbers'], _NUMBER_NOUN)}"
    told = f"stan danych {result['snapshot']}"
    told += f"; {compared}" if result["statements"] else ""
    differences = result["differences"]
    if not differences:
        agrees = "zgodny z danymi" if result["statements"] else "nie zmienił się od utworzenia"
        typer.echo(f"{name}: {agrees} ({told}).")
    else:
        typer.echo(f"{name}: {counted(len(differences), _DIFFERENCE_NOUN)} ({told}).")
        show_rows([_short(one) for one in differences], _COLUMNS, as_json=False)
    for note in result["notes"]:
        typer.echo(f"uwaga: {note}")


def _short(difference: dict[str, str]) -> dict[str, str]:
    return {
        key: text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
        for key, text in difference.items()
    }
