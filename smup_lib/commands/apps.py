"""``smup apps``: the Voilà pages on this computer."""

from __future__ import annotations

import typer

from smup_lib.commands.apps_fallback import write_pages
from smup_lib.commands.apps_options import (
    AtOnceOption,
    BrowserOption,
    FallbackOption,
    HostOption,
    HubOption,
    LessonsOption,
    PasswordFileOption,
    PortOption,
    PublicUrlOption,
    VisitorsOption,
)
from smup_lib.commands.apps_password import keep_password

app = typer.Typer(no_args_is_help=True, help="Aplikacje w przeglądarce.")
app.command("fallback")(write_pages)
app.command("password")(keep_password)


@app.command()
def serve(
    host: HostOption = "127.0.0.1",
    port: PortOption = 8866,
    visitors: VisitorsOption = None,
    workers: AtOnceOption = None,
    open_browser: BrowserOption = True,
    lessons: LessonsOption = False,
    public_url: PublicUrlOption = "",
    password_file: PasswordFileOption = None,
    hub: HubOption = False,
    fallback: FallbackOption = None,
) -> None:
    """Uruchom aplikacje; domyślnie tylko dla tego komputera. Zatrzymanie: Ctrl+C."""
    from smup_lib.apps.serving.entrance import Entrance
    from smup_lib.apps.serving.options import Serving
    from smup_lib.apps.serving.password import read_password
    from smup_lib.apps.serving.starting import serve_apps

    entrance = Entrance(public_url, read_password(password_file) if password_file else "", hub)
    entrance.check()
    copy = None
    if fallback is not None:
        from smup_lib.apps.serving.fallback import find_fallback

        copy = find_fallback(fallback)
    serving = Serving(
        host=host,
        port=entrance.port(port),
        visitors=visitors,
        workers=workers,
        entrance=entrance,
        fallback=copy,
        lessons=lessons,
    )
    serve_apps(serving, open_browser=open_browser)
