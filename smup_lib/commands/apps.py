"""``smup apps``: the Voilà pages on this computer."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Aplikacje w przeglądarce.")


@app.callback()
def _nouns() -> None:
    """Keep ``serve`` a verb of its own while it is the only one."""


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="Port na tym komputerze.")] = 8866,
    open_browser: Annotated[
        bool,
        typer.Option(
            "--open/--no-open",
            help="Otwórz przeglądarkę (domyślnie) albo nie.",
            show_default=False,
        ),
    ] = True,
    lessons: Annotated[
        bool, typer.Option("--lessons", help="Zamiast aplikacji pokaż lekcje warsztatu.")
    ] = False,
) -> None:
    """Uruchom aplikacje; dostępne tylko z tego komputera. Zatrzymanie: Ctrl+C."""
    from smup_lib.apps.serve import serve_apps

    serve_apps(port=port, open_browser=open_browser, lessons=lessons)
