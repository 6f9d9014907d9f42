"""Which apps are there, and under which address does each stand?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from smup_lib.paths import project_dir


@dataclass(frozen=True)
class Dashboard:
    """A notebook that is served as a page.

    Attributes
    ----------
    file : str
        Name of the notebook in its folder.
    title, description : str
        Polish, from the notebook's metadata; the title is also the page's.
    group : str
        Polish heading under which the list shows it; empty for none.
    order : int
        Its place in the list.
    """

    file: str
    title: str
    description: str
    group: str = ""
    order: int = 0

    @property
    def path(self) -> str:
        """Return the path of the page on the server, without a query."""
        return f"voila/render/{quote(self.file)}"


def list_dashboards() -> list[Dashboard]:
    """List the notebooks of ``dashboards/`` in the order that their metadata give.

    Examples
    --------
    >>> "basic.ipynb" in [app.file for app in list_dashboards()]
    True
    """
    return _list_pages(project_dir("dashboards"), "*.ipynb")


def list_lesson_pages() -> list[Dashboard]:
    """List the exercise notebooks of the lessons, in their order.

    Examples
    --------
    >>> list_lesson_pages()[0].file
    '00_start_exercise.ipynb'
    """
    return _list_pages(lessons_dir(), "*_exercise.ipynb")


def lessons_dir() -> Path:
    """Return the folder of the notebooks that the lessons give."""
    return project_dir("training") / "notebooks"


def _list_pages(folder: Path, pattern: str) -> list[Dashboard]:
    found = []
    for file in sorted(folder.glob(pattern)):
        metadata = json.loads(file.read_text(encoding="utf-8"))["metadata"]
        ours = metadata.get("smup", {})
        page = Dashboard(
            file=file.name,
            title=metadata.get("title", file.stem),
            description=metadata.get("description", ""),
            group=ours.get("group", ""),
            order=ours.get("order", 0),
        )
        found.append(page)
    return sorted(found, key=lambda page: (page.order, page.file))
