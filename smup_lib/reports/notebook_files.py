"""Read and write notebook files: a reader of a written file sees all of it or none of it."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from smup_lib.errors import ParameterError, ReportError


def read_notebook(path: Path) -> Any:
    """Read a notebook file.

    Raises
    ------
    ParameterError
        When there is no such file or it is no notebook.
    ReportError
        When the extra ``report`` is not installed.
    """
    try:
        import nbformat
    except ImportError as error:
        raise ReportError(
            "Do pracy z notatnikami brakuje biblioteki.",
            problems=[str(error)],
            next_step="zainstaluj ją: pip install 'smup-workbench[report]'",
        ) from error
    try:
        return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except FileNotFoundError as error:
        raise ParameterError("Nie ma takiego notatnika.", where=str(path)) from error
    except (OSError, ValueError, AttributeError, KeyError, nbformat.ValidationError) as error:
        raise ParameterError(
            "Tego pliku nie da się odczytać jako notatnika.",
            where=str(path),
            problems=[str(error).splitlines()[0][:200]],
            expected="notatnik Jupyter (.ipynb, format 4)",
        ) from error


def notebook_text(notebook: Any) -> str:
    """Return a notebook as the text of its file, without papermill's notes on times and paths."""
    import nbformat

    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
    return str(nbformat.writes(notebook)) + "\n"  # type: ignore[no-untyped-call]


def write_text(path: Path, content: Any) -> None:
    """Write a notebook, or a text, under a temporary name and rename it.

    Raises
    ------
    ReportError
        When the place cannot be written; an older file stays as it was.
    """
    text = content if isinstance(content, str) else notebook_text(content)
    partial = path.with_name(f".{path.name}-{uuid.uuid4().hex[:8]}")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        raise ReportError(
            f"Nie udało się zapisać pliku: {error.strerror or error}.",
            where=str(path),
            expected="wolne miejsce na dysku i prawo zapisu",
            next_step="zwolnij miejsce albo wskaż inny folder; poprzedni plik pozostał bez zmian",
        ) from error
    finally:
        partial.unlink(missing_ok=True)
