"""``smup kernel``: a kernel that starts at once, in JupyterLab and whatever else runs notebooks."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Szybki start notatników w JupyterLab.")

NameOption = Annotated[str, typer.Option(help="Nazwa jądra.")]
UserOption = Annotated[
    bool,
    typer.Option(
        "--user/--installation",
        help="Tylko dla siebie albo w tej instalacji (domyślnie).",
        show_default=False,
    ),
]


@app.command()
def install(name: NameOption = "smup", user: UserOption = False) -> None:
    """Dodaj do Jupytera jądro, które startuje od razu, z wczytanymi bibliotekami."""
    from smup_lib.apps.warm_notebooks import DISPLAY_NAME, jupyter_folder, write_warm_kernel

    typer.echo(str(write_warm_kernel(jupyter_folder(user=user), name)))
    typer.echo(f"W JupyterLab wybierz jądro „{DISPLAY_NAME}”, w innych programach: {name}.")


@app.command()
def remove(name: NameOption = "smup", user: UserOption = False) -> None:
    """Usuń jądro dodane poleceniem install."""
    from smup_lib.apps.warm_notebooks import jupyter_folder, remove_warm_kernel

    gone = remove_warm_kernel(jupyter_folder(user=user), name)
    typer.echo(str(gone) if gone else f"Jądra „{name}” z polecenia install tu nie ma.")
