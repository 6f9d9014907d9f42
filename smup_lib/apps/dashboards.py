"""Which apps are there, and under which address does each stand?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import quote

from smup_lib.paths import project_dir


@dataclass(frozen=True)
class Dashboard:
    """A notebook that is served as a page.

    Attributes
    ----------
    file : str
        Name of the notebook in ``dashboards/``.
    title, description : str
        Polish, from the notebook's metadata; the title is also the page's.
    """

    file: str
    title: str
    description: str

    @property
    def path(self) -> str:
        """Return the path of the page on the server, without a query."""
        return f"voila/render/{quote(self.file)}"


def list_dashboards() -> list[Dashboard]:
    """List the notebooks of ``dashboards/``, by title.

    Examples
    --------
    >>> "area.ipynb" in [app.file for app in list_dashboards()]
    True
    """
    found = []
    for file in project_dir("dashboards").glob("*.ipynb"):
        metadata = json.loads(file.read_text(encoding="utf-8"))["metadata"]
        found.append(
            Dashboard(file.name, metadata.get("title", file.stem), metadata.get("description", ""))
        )
    return sorted(found, key=lambda app: app.title)
