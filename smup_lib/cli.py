"""``smup``: nouns, then verbs; each command is one call into the library."""

from __future__ import annotations

import re
import sys
import traceback
from itertools import pairwise
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from smup_lib.commands import (
    apps,
    catalogue,
    claim,
    data,
    doctor,
    kernel,
    notebook,
    plan,
    practices,
    report,
    sync,
    unit,
)
from smup_lib.commands.polish_help import speak_polish
from smup_lib.commands.terminal import speak_plainly
from smup_lib.errors import SmupError

app = typer.Typer(
    name="smup",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)
data.app.add_typer(sync.app, name="sync")
app.add_typer(data.app, name="data")
app.add_typer(catalogue.app, name="catalogue")
app.add_typer(unit.app, name="unit")
app.add_typer(claim.app, name="claim")
app.add_typer(practices.app, name="practices")
app.add_typer(plan.app, name="plan")
app.add_typer(report.app, name="report")
app.add_typer(notebook.app, name="notebook")
app.add_typer(apps.app, name="apps")
app.add_typer(kernel.app, name="kernel")
app.command("doctor")(doctor.doctor)


def _show_version(asked: bool) -> None:
    if asked:
        from smup_lib.snapshots import library_version

        typer.echo(f"smup-workbench {library_version()}")
        raise typer.Exit


@app.callback()
def _workbench(
    version: Annotated[
        bool,
        typer.Option("--version", help="Pokaż wersję i zakończ.", callback=_show_version),
    ] = False,
) -> None:
    """Warsztat analityczny SMUP: dane, wskaźniki, porównania, raporty."""


speak_polish(app)


_INTERRUPTED = 130
_PROGRAM_ERROR = 70
#: What an option wants, by the word for it in typer's message.
_TYPE_WORDS = {"integer": "liczba całkowita", "number": "liczba", "boolean": "tak albo nie"}


def main() -> None:
    """Run the command line; a user's mistake is a message, never a traceback."""
    speak_plainly()
    if problem := _empty_word(sys.argv[1:]):
        typer.echo(str(problem), err=True)
        sys.exit(2)
    try:
        # typer would end the process by itself, silently after Ctrl-C and in English otherwise
        code = app(prog_name="smup", standalone_mode=False) or 0
    except SmupError as error:
        typer.echo(str(error), err=True)
        code = 1
    except (KeyboardInterrupt, typer.Abort):
        code = _INTERRUPTED
    except TyperException as error:
        _show_command_line_error(error)
        code = 2
    except Exception as error:  # nothing of ours foresaw it: the way to it, then the words
        traceback.print_exc()
        typer.echo(str(_unforeseen(error)), err=True)
        code = _PROGRAM_ERROR
    if code == _INTERRUPTED:  # typer turns Ctrl-C inside a command into this code
        typer.echo("Przerwano. Stan danych pozostał bez zmian.", err=True)
    sys.exit(code)


def _empty_word(words: list[str]) -> SmupError | None:
    """Return what to say of an empty word: as a path it would mean the working folder."""
    for before, word in pairwise(["smup", *words]):
        option, sign, value = word.partition("=")
        emptied = option.startswith("--") and sign and not value.strip()
        if not word.strip() or emptied:
            return SmupError(
                "W poleceniu jest pusta wartość.",
                where=f"po słowie {option if emptied else before}",
                expected="wartość, a gdy jest zbędna, polecenie bez tego parametru",
                next_step="wpisz wartość albo sprawdź, czy zmienna powłoki ($NAZWA) ją ma",
            )
    return None


def _unforeseen(error: Exception) -> SmupError:
    return SmupError(
        f"To błąd programu, a nie Twój: {type(error).__name__}.",
        expected="wynik albo wyjaśnienie, czego brakuje",
        next_step="przekaż tekst powyżej opiekunowi programu; instalację sprawdzi: smup doctor",
    )


def _show_command_line_error(error: TyperException) -> None:
    """Say in Polish what is wrong with the command line; bare ``smup`` has shown its help."""
    context = getattr(error, "ctx", None)
    kind = type(error).__name__
    if kind == "NoArgsIsHelpError":
        if error.message:
            typer.echo(error.message, err=True)
        return
    problem = SmupError(
        _told(error, kind),
        expected=_expected(error, context),
        next_step=f"opis pokaże: {context.command_path if context else 'smup'} --help",
    )
    typer.echo(str(problem), err=True)


def _told(error: Any, kind: str) -> str:
    """Translate: typer tells its errors apart only by class name and by English words."""
    message = error.format_message()
    if kind == "NoSuchOption":
        return f"Nie ma opcji {error.option_name}."
    if kind == "MissingParameter":
        return f"Brakuje parametru {_parameter(error)}."
    if command := re.match(r"No such command '(.*?)'", message):
        return f"Nie ma polecenia „{command.group(1)}”."
    if extra := re.match(r"Got unexpected extra argument(?:s|\(s\))? \((.*)\)", message):
        return f"Zbędne argumenty: {extra.group(1)}."
    if kind == "BadParameter":
        return f"Nieprawidłowa wartość parametru {_parameter(error)}."
    if option := re.match(r"Option '(.*?)' requires an argument", message):
        return f"Opcja {option.group(1)} wymaga wartości."
    if option := re.match(r"Option '(.*?)' does not take a value", message):
        return f"Opcja {option.group(1)} nie ma wartości."
    return "Nie można odczytać polecenia."


def _parameter(error: Any) -> str:
    """Return an option by its longest form, an argument by its name."""
    parameter = getattr(error, "param", None)
    options = [opt for opt in getattr(parameter, "opts", ()) if opt.startswith("-")]
    return max(options, key=len) if options else str(getattr(parameter, "metavar", "") or "")


def _expected(error: Any, context: Any) -> str | None:
    if possible := getattr(error, "possibilities", None):
        return ", ".join(sorted(possible))
    if error.format_message().startswith("No such command") and context is not None:
        return ", ".join(context.command.commands)
    if type(error).__name__ == "MissingParameter":
        return getattr(getattr(error, "param", None), "help", None)
    wanted = re.search(r"valid (\w+)", error.message)
    return _TYPE_WORDS.get(wanted.group(1)) if wanted else None


if __name__ == "__main__":
    main()
