"""Which scripts will every page of widgets need? Named at its head, they come while it is prepared.

JupyterLab asks for them one wave after another, and only when the page is whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from jupyter_core.paths import jupyter_path

#: The extension that draws widgets.
MANAGER = "@jupyter-widgets/jupyterlab-manager"
#: A part of an extension by its number; what stands between the dots tells its content.
_PART = re.compile(r"\d+\.([0-9a-f]{16})\.js")
#: Smaller parts are stand-ins of which most are never asked for.
_FEWEST_BYTES = 10_000


def list_early_scripts(folders: Iterable[str] | None = None) -> list[str]:
    """Return the parts of the extension that draws widgets, as pages ask for them.

    Parameters
    ----------
    folders : iterable of str, optional
        Where extensions are installed; by default Jupyter's.

    Returns
    -------
    list of str
        Below the address of all extensions; none when it is not installed there.

    Examples
    --------
    >>> list_early_scripts([])
    []
    """
    for folder in jupyter_path("labextensions") if folders is None else folders:
        static = Path(folder) / MANAGER / "static"
        if static.is_dir():
            parts = {path.name: _PART.fullmatch(path.name) for path in sorted(static.iterdir())}
            return [
                f"{MANAGER}/static/{name}?v={part[1]}"
                for name, part in parts.items()
                if part is not None and (static / name).stat().st_size > _FEWEST_BYTES
            ]
    return []
