"""What does a lesson's script hold? Cells with tags, read from jupytext's percent format."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from smup_lib.errors import LessonError
from smup_lib.installing import install_command

#: Tags an author may give to a cell: the participant's parameters, the cell that shows an
#: exercise, a cell that only the solution notebook has, a cell that a static page leaves out.
TAGS = ("parameters", "exercise", "solution", "notebook-only")
_NAME = re.compile(r"^[a-z0-9]+(_[a-z0-9]+)*$")
_MARKER = re.compile(r"^# %%", re.MULTILINE)


@dataclass(frozen=True)
class Cell:
    """One cell of a lesson.

    Attributes
    ----------
    id : str
        Made of the lesson's name and the cell's place in the script.
    kind : str
        ``code`` or ``markdown``.
    source : str
        Its text.
    tags : tuple of str
        Some of :data:`TAGS`.
    """

    id: str
    kind: Literal["code", "markdown"]
    source: str
    tags: tuple[str, ...] = ()

    @property
    def is_solution(self) -> bool:
        """Whether only the solution notebook has it."""
        return "solution" in self.tags


@dataclass(frozen=True)
class Lesson:
    """A lesson as its author wrote it, solutions inside.

    Attributes
    ----------
    name : str
        Name of the script without its ending, such as ``00_start``.
    cells : tuple of Cell
        In the order of the script.
    """

    name: str
    cells: tuple[Cell, ...]

    @property
    def title(self) -> str:
        """The text of the first main heading; empty when there is none."""
        lines = (line for cell in self.cells if cell.kind == "markdown" for line in _lines(cell))
        return next((line[2:].strip() for line in lines if line.startswith("# ")), "")


def _lines(cell: Cell) -> list[str]:
    return cell.source.splitlines()


def read_lesson(path: Path) -> Lesson:
    """Read the script of a lesson.

    Parameters
    ----------
    path : Path
        A Python script in jupytext's percent format.

    Raises
    ------
    LessonError
        When the name or the text is no lesson's, or jupytext is not installed.
    """
    try:
        import jupytext
    except ImportError as error:
        raise LessonError(
            "Do zbudowania lekcji brakuje biblioteki jupytext.",
            expected="instalacja z dodatkiem „lab”",
            next_step=f"zainstaluj ją: {install_command('smup-workbench[lab]')}",
        ) from error
    text = path.read_text(encoding="utf-8")
    problems = []
    if not _NAME.match(path.stem):
        problems.append("nazwa pliku: dozwolone małe litery, cyfry i podkreślenia")
    if not _MARKER.match(text):
        problems.append("pierwszy wiersz powinien zaczynać komórkę: # %%")
    if problems:
        raise LessonError(
            "Tego skryptu nie da się odczytać jako lekcji.",
            where=str(path),
            problems=problems,
            expected="skrypt w formacie „percent” o nazwie z małych liter",
            next_step="popraw wymienione miejsca; wzorem są skrypty w training/lessons",
        )
    notebook = jupytext.reads(text, fmt="py:percent")
    cells = tuple(
        Cell(
            id=f"{path.stem.replace('_', '-')}-{place:02d}",
            kind="markdown" if cell.cell_type == "markdown" else "code",
            source=str(cell.source),
            tags=tuple(cell.metadata.get("tags", ())),
        )
        for place, cell in enumerate(notebook.cells, start=1)
    )
    return Lesson(path.stem, cells)
