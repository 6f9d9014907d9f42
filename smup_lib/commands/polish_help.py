"""Help in Polish: the frame that typer puts around our own sentences."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

#: What stands for a value in the help, by the name of its parameter.
VALUE_WORDS = {
    "area": "OBSZAR",
    "base": "STAN",
    "cause": "TEKST",
    "csv": "PLIK",
    "decimal": "ZNAK",
    "dimension": "WYMIAR",
    "file": "PLIK",
    "folder": "FOLDER",
    "group": "GRUPA",
    "html": "PLIK",
    "indicator": "WSKAŹNIK",
    "level": "SZCZEBEL",
    "limit": "LICZBA",
    "number": "LICZBA",
    "other": "JEDNOSTKA",
    "out": "ŚCIEŻKA",
    "paths": "ŚCIEŻKA",
    "place": "LICZBA",
    "port": "LICZBA",
    "reason": "TEKST",
    "remove": "NAZWA",
    "replay": "FOLDER",
    "rows": "LICZBA",
    "rule": "GRUPA",
    "save": "NAZWA",
    "save_to": "FOLDER",
    "scale": "WIELKOŚĆ",
    "says": "RODZAJ",
    "service": "SERWIS",
    "since": "ROK",
    "size": "LICZBA",
    "snapshot": "STAN",
    "strength": "PEWNOŚĆ",
    "template": "SZABLON",
    "text": "TEKST",
    "than": "ODNIESIENIE",
    "unit": "JEDNOSTKA",
    "variable": "ZMIENNA",
    "voivodeship": "WOJEWÓDZTWO",
    "year": "ROK",
}


class _PolishHelp:
    """Words of the frame, mixed into typer's two kinds of command."""

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for param in self.params:
            _name_value(param)

    def format_usage(self: Any, ctx: Any, formatter: Any) -> None:
        """Write the line of usage."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix="Użycie: ")

    def format_help(self: Any, ctx: Any, formatter: Any) -> None:
        """Write the help under Polish titles."""
        asked = self.get_help_option(ctx)
        asked.help = "Pokaż ten opis i zakończ."
        _name_value(asked)
        from typer import rich_utils  # loads rich, which only help and tables need

        rich_utils.ARGUMENTS_PANEL_TITLE = "Argumenty"
        rich_utils.OPTIONS_PANEL_TITLE = "Opcje"
        rich_utils.COMMANDS_PANEL_TITLE = "Polecenia"
        rich_utils.REQUIRED_LONG_STRING = "[wymagane]"
        rich_utils.DEFAULT_STRING = "[domyślnie: {}]"
        super().format_help(ctx, formatter)  # type: ignore[misc]


def _name_value(param: Any) -> None:
    """Give a parameter a Polish word for its value; typer would name the type in English."""
    param.metavar = param.metavar or VALUE_WORDS.get(param.name, "TEKST")
    if param.param_type_name == "argument" or getattr(param, "is_flag", False):
        param.display_type_rich = lambda ctx: None


class PolishCommand(_PolishHelp, TyperCommand):
    """A command whose help is Polish."""


class PolishGroup(_PolishHelp, TyperGroup):
    """A group of commands whose help is Polish."""


def speak_polish(app: typer.Typer) -> None:
    """Give Polish help to an app, its groups and their commands."""
    for command in app.registered_commands:
        command.cls = PolishCommand
        command.options_metavar = "[OPCJE]"
    own = (app.registered_callback or app.info,)
    for group in (*own, *app.registered_groups):
        group.cls = PolishGroup
        group.options_metavar = "[OPCJE]"
        group.subcommand_metavar = "POLECENIE [ARGUMENTY]..."
    for group in app.registered_groups:
        if group.typer_instance is not None:
            speak_polish(group.typer_instance)
