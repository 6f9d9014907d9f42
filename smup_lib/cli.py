"""``smup``: nouns, then verbs; each command is one call into the library."""

from __future__ import annotations

import sys

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


def main() -> None:
    """Run the command line; a user's mistake is a message, never a traceback."""
    try:
        app()
    except SmupError as error:
        typer.echo(str(error), err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        typer.echo("Przerwano. Stan danych pozostał bez zmian.", err=True)
        sys.exit(130)


if __name__ == "__main__":
    main()
