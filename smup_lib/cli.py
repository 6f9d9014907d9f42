"""``smup``: nouns, then verbs; each command is one call into the library."""

from __future__ import annotations

import re
import sys
from typing import Any

import typer

from smup_lib.commands import apps, catalogue, data, doctor, notebook, report, unit
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


#: What typer raises for a command line it cannot read; it has no public name there.
_COMMAND_LINE_ERROR: type[Exception] = typer.BadParameter.__mro__[2]
_INTERRUPTED = 130


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
    except _COMMAND_LINE_ERROR as error:
        _show_command_line_error(error)
        code = 2
    if code == _INTERRUPTED:  # typer turns Ctrl-C inside a command into this code
        typer.echo("Przerwano. Stan danych pozostał bez zmian.", err=True)
    sys.exit(code)


def _show_command_line_error(error: Any) -> None:
    """Say in Polish what is wrong with the command line; bare ``smup`` has shown its help."""
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        if error.message:
            typer.echo(error.message, err=True)
        return
    problem = SmupError(
        _told(error),
        expected=_suggestion(error, context),
        next_step=f"opis pokaże: {context.command_path if context else 'smup'} --help",
    )
    typer.echo(str(problem), err=True)


def _told(error: Any) -> str:
    kind, message = type(error).__name__, error.format_message()
    quoted = re.search(r"'([^']*)'", message)
    name = quoted.group(1) if quoted else ""
    if kind == "NoSuchOption":
        return f"Nie ma opcji {error.option_name}."
    if kind == "MissingParameter":
        return f"Brakuje parametru {name}."
    if message.startswith("No such command"):
        return f"Nie ma polecenia „{name}”."
    if extra := re.match(r"Got unexpected extra argument(?:s|\(s\))? \((.*)\)", message):
        return f"Zbędne argumenty: {extra.group(1)}."
    if kind == "BadParameter":
        return f"Nieprawidłowa wartość parametru {name}: {error.message}"
    return f"Nie można odczytać polecenia: {message}"


def _suggestion(error: Any, context: Any) -> str | None:
    if possible := getattr(error, "possibilities", None):
        return ", ".join(sorted(possible))
    if error.format_message().startswith("No such command") and context is not None:
        return ", ".join(context.command.commands)
    return None


if __name__ == "__main__":
    main()
