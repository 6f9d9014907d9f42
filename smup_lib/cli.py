"""``smup``: nouns, then verbs; each command is one call into the library."""

from __future__ import annotations

import re
import sys
from typing import Any

import typer
from typer.exceptions import TyperException

from smup_lib.commands import apps, catalogue, data, doctor, notebook, report, unit
from smup_lib.commands.polish_help import speak_polish
from smup_lib.errors import SmupError

app = typer.Typer(
    name="smup",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Warsztat analityczny SMUP: dane, wskaźniki, porównania, raporty.",
)
app.add_typer(data.app, name="data")
app.add_typer(catalogue.app, name="catalogue")
app.add_typer(unit.app, name="unit")
app.add_typer(report.app, name="report")
app.add_typer(notebook.app, name="notebook")
app.add_typer(apps.app, name="apps")
app.command("doctor")(doctor.doctor)
speak_polish(app)


_INTERRUPTED = 130
#: What an option wants, by the word for it in typer's message.
_TYPE_WORDS = {"integer": "liczba całkowita", "number": "liczba", "boolean": "tak albo nie"}


def main() -> None:
    """Run the command line; a user's mistake is a message, never a traceback."""
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
    if code == _INTERRUPTED:  # typer turns Ctrl-C inside a command into this code
        typer.echo("Przerwano. Stan danych pozostał bez zmian.", err=True)
    sys.exit(code)


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
    return max(options, key=len) if options else str(getattr(parameter, "name", "") or "").upper()


def _expected(error: Any, context: Any) -> str | None:
    if possible := getattr(error, "possibilities", None):
        return ", ".join(sorted(possible))
    if error.format_message().startswith("No such command") and context is not None:
        return ", ".join(context.command.commands)
    wanted = re.search(r"valid (\w+)", error.message)
    return _TYPE_WORDS.get(wanted.group(1)) if wanted else None


if __name__ == "__main__":
    main()
