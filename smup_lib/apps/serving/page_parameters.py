"""How does the link of a page fill the parameters of its notebook? As a report's are filled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smup_lib.apps.parts.link import read_link
from smup_lib.reports.parameters import parse_parameters, write_defaults

if TYPE_CHECKING:
    from nbformat import NotebookNode

#: A link may name these and nothing else; the data of a page are never a visitor's choice.
FROM_LINK = ("unit", "area", "year")


def write_parameters(handler: Any, notebook: NotebookNode, cwd: str | None = None) -> None:
    """Write what a link asks for into the parameters cell, before the kernel starts.

    Voilà calls it for each visitor (``VoilaConfiguration.prelaunch_hook``). A notebook without a
    parameters cell reads the link itself.

    Parameters
    ----------
    handler : tornado.web.RequestHandler
        Holds the request.
    notebook : NotebookNode
        Changed in place.
    cwd : str, optional
        Not used.
    """
    link, _ = read_link(handler.request.query)
    asked: dict[str, str | int] = {
        name: value for name in FROM_LINK if (value := getattr(link, name)) is not None
    }
    if "year" in asked:
        asked["year"] = int(asked["year"])
    for cell in notebook.cells:
        if "parameters" in cell.metadata.get("tags", ()):
            known = {parameter.name for parameter in parse_parameters(cell.source)}
            wanted = {name: value for name, value in asked.items() if name in known}
            cell.source = write_defaults(cell.source, wanted)
