"""How does one text become two notebooks, the exercise and its solution?

``python -m smup_lib.workshop.lessons`` writes them; with ``--check`` it only says what is stale.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from smup_lib.errors import LessonError, SmupError
from smup_lib.kernels.light_imports import import_jsonschema
from smup_lib.paths import make_dir, project_dir
from smup_lib.workshop.lesson_rules import list_problems
from smup_lib.workshop.lesson_script import Cell, Lesson, read_lesson

Edition = Literal["exercise", "solution"]
EDITIONS: tuple[Edition, ...] = ("exercise", "solution")
COMMAND = "python -m smup_lib.workshop.lessons"
_HIDDEN = "hide-input"


def list_lessons(training: Path | None = None) -> list[Path]:
    """List the scripts of all lessons, in order of name.

    Parameters
    ----------
    training : Path, optional
        Folder with ``lessons/`` and ``notebooks/``; that of this installation when omitted.
    """
    return sorted((_folder(training) / "lessons").glob("*.py"))


def render_notebook(lesson: Lesson, edition: Edition) -> str:
    """Return the text of one notebook of a lesson; the same lesson always gives the same text.

    Parameters
    ----------
    lesson : Lesson
        What :func:`~smup_lib.workshop.lesson_script.read_lesson` returned.
    edition : {"exercise", "solution"}
        The exercise leaves out the cells tagged ``solution``.
    """
    import_jsonschema()
    import nbformat
    from nbformat.v4 import new_notebook

    cells = [
        _notebook_cell(cell)
        for cell in lesson.cells
        if edition == "solution" or not cell.is_solution
    ]
    metadata = {
        "kernelspec": {
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
            "name": "python3",
        },
        "language_info": {"name": "python"},
        "smup": {"lesson": lesson.name, "edition": edition},
        "title": lesson.title,
    }
    notebook = new_notebook(cells=cells, metadata=metadata)
    notebook.nbformat_minor = 5
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook)) + "\n"


def _notebook_cell(cell: Cell) -> Any:
    from nbformat.v4 import new_code_cell, new_markdown_cell

    tags = list(cell.tags)
    if cell.kind == "markdown":
        metadata: dict[str, Any] = {"tags": tags} if tags else {}
        return new_markdown_cell(cell.source, id=cell.id, metadata=metadata)
    if "parameters" in cell.tags:
        metadata = {"tags": tags}
    else:
        metadata = {"jupyter": {"source_hidden": True}, "tags": [*tags, _HIDDEN]}
    return new_code_cell(cell.source, id=cell.id, metadata=metadata)


def render_lessons(training: Path | None = None) -> dict[Path, str]:
    """Return path and text of every notebook that the lessons give.

    Raises
    ------
    LessonError
        With every problem of every lesson.
    """
    folder = _folder(training)
    texts: dict[Path, str] = {}
    problems: list[str] = []
    for path in list_lessons(training):
        lesson = read_lesson(path)
        problems += [f"{path.name}: {problem}" for problem in list_problems(lesson)]
        if not problems:
            for edition in EDITIONS:
                target = folder / "notebooks" / f"{lesson.name}_{edition}.ipynb"
                texts[target] = render_notebook(lesson, edition)
    if problems:
        raise LessonError(
            "Lekcje nie są gotowe dla uczestników.",
            where=str(folder / "lessons"),
            problems=problems,
            expected="lekcje, które zachowują reguły z CONTRIBUTING.md",
            next_step=f"popraw skrypty i uruchom: {COMMAND}",
        )
    return texts


def write_lessons(training: Path | None = None) -> list[Path]:
    """Write the notebooks of all lessons and return the paths of those that changed.

    Raises
    ------
    LessonError
        When a lesson breaks a rule; then nothing is written.
    """
    changed = []
    for path, text in render_lessons(training).items():
        if _text_of(path) != text:
            make_dir(path.parent)
            path.write_text(text, encoding="utf-8", newline="\n")
            changed.append(path)
    return changed


def list_stale(training: Path | None = None) -> list[str]:
    """Say which notebooks are not what their lessons give, and why."""
    return _stale(_folder(training), render_lessons(training))


def check_lessons(training: Path | None = None) -> None:
    """Check that every lesson keeps the rules and that its notebooks are fresh.

    Raises
    ------
    LessonError
        With every problem: broken rules first; when there are none, each stale notebook.
    """
    stale = list_stale(training)
    if stale:
        raise LessonError(
            "Notatniki lekcji nie odpowiadają skryptom.",
            where=str(_folder(training) / "notebooks"),
            problems=stale,
            expected="notatniki zbudowane z dzisiejszych skryptów",
            next_step=f"zbuduj je na nowo: {COMMAND}",
        )


def _stale(folder: Path, texts: Mapping[Path, str]) -> list[str]:
    found = []
    for path, text in texts.items():
        written = _text_of(path)
        if written is None:
            found.append(f"{path.name}: brak pliku")
        elif written != text:
            found.append(f"{path.name}: inny niż skrypt")
    orphans = sorted({*(folder / "notebooks").glob("*.ipynb")} - {*texts})
    return found + [f"{path.name}: nie ma takiej lekcji, usuń plik" for path in orphans]


def _text_of(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _folder(training: Path | None) -> Path:
    return project_dir("training") if training is None else training


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the notebooks, or with ``--check`` say which are stale; return the exit status."""
    parser = argparse.ArgumentParser(prog=COMMAND, description="Notatniki lekcji ze skryptów.")
    parser.add_argument("--check", action="store_true", help="tylko sprawdź, nic nie zapisuj")
    parser.add_argument("--training", type=Path, help="folder z lessons/ i notebooks/")
    given = parser.parse_args(arguments)
    try:
        if given.check:
            check_lessons(given.training)
            sys.stdout.write("Notatniki lekcji odpowiadają skryptom.\n")
        else:
            changed = write_lessons(given.training)
            sys.stdout.writelines(f"{path}\n" for path in changed)
            sys.stdout.write(f"Zapisane notatniki: {len(changed)}.\n")
    except SmupError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
