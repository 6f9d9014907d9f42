"""Help in Polish: the frame that typer puts around our own sentences."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup


class _PolishHelp:
    """Words of the frame, mixed into typer's two kinds of command."""

    def format_usage(self: Any, ctx: Any, formatter: Any) -> None:
        """Write the line of usage."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix="Użycie: ")

    def format_help(self: Any, ctx: Any, formatter: Any) -> None:
        """Write the help under Polish titles."""
        self.get_help_option(ctx).help = "Pokaż ten opis i zakończ."
        from typer import rich_utils  # loads rich, which only help and tables need

        rich_utils.ARGUMENTS_PANEL_TITLE = "Argumenty"
        rich_utils.OPTIONS_PANEL_TITLE = "Opcje"
        rich_utils.COMMANDS_PANEL_TITLE = "Polecenia"
        rich_utils.REQUIRED_LONG_STRING = "[wymagane]"
        rich_utils.DEFAULT_STRING = "[domyślnie: {}]"
        super().format_help(ctx, formatter)  # type: ignore[misc]


class PolishCommand(_PolishHelp, TyperCommand):
    """A command whose help is Polish."""


class PolishGroup(_PolishHelp, TyperGroup):
    """A group of commands whose help is Polish."""


def speak_polish(app: typer.Typer) -> None:
    """Give Polish help to an app, its groups and their commands."""
    for command in app.registered_commands:
        command.cls = PolishCommand
        command.options_metavar = "[OPCJE]"
    for group in (app.info, *app.registered_groups):
        group.cls = PolishGroup
        group.options_metavar = "[OPCJE]"
        group.subcommand_metavar = "POLECENIE [ARGUMENTY]..."
    for group in app.registered_groups:
        if group.typer_instance is not None:
            speak_polish(group.typer_instance)
