"""How are the static pages shown by the server itself? As files of one folder, to read only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tornado.web import HTTPError, StaticFileHandler
from voila.handler import BaseVoilaHandler

from smup_lib.apps.serving.fallback import ADDRESS, PAGES
from smup_lib.reports.batch.site_pages import INDEX


class FallbackFile(BaseVoilaHandler, StaticFileHandler):  # type: ignore[misc]  # untyped library
    """Shows a file of the copy to whoever may see the live pages; a mistake gets our own page.

    Who may, is asked by ``prepare`` of every handler of Jupyter.
    """

    def initialize(self, path: str, *_: Any, **kept: Any) -> None:
        """Keep where the files lie, and what an error page is rendered with."""
        BaseVoilaHandler.initialize(self, **kept)
        StaticFileHandler.initialize(self, path=path)

    async def get(self, path: str, include_body: bool = True) -> None:
        """Show a file; the address of the folder shows where to begin."""
        await StaticFileHandler.get(self, path or f"{PAGES}/{INDEX}", include_body)

    async def head(self, path: str) -> None:
        """Tell what a file is."""
        await self.get(path, include_body=False)

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        """Refuse what lies elsewhere, also by a link of the file system, and hidden files."""
        found: str | None = super().validate_absolute_path(root, absolute_path)
        inside = Path(absolute_path).relative_to(root)
        real = Path(absolute_path).resolve().is_relative_to(Path(root).resolve())
        if not real or any(part.startswith(".") for part in inside.parts):
            raise HTTPError(404)
        return found


def fallback_rules(folder: Path | None, server_url: str, voila_configuration: Any) -> list[Any]:
    """Return the rules by which a server shows the copy.

    Parameters
    ----------
    folder : Path or None
        From :func:`smup_lib.apps.serving.fallback.find_fallback`; without one there are no rules.
    server_url : str
        What every address of the server begins with, with a slash at its end.
    voila_configuration : VoilaConfiguration
        What the error pages are rendered with.
    """
    if folder is None:
        return []
    kept = {"path": str(folder), "voila_configuration": voila_configuration}
    return [(f"{server_url}{ADDRESS}(.*)", FallbackFile, kept)]
