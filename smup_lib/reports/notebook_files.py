"""Read and write notebook files: a reader of a written file sees all of it or none of it."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from smup_lib.errors import ParameterError, ReportError, system_reason
from smup_lib.installing import install_command
from smup_lib.kernels.light_imports import import_jsonschema


def read_notebook(path: Path) -> Any:
    """Read a notebook file.

    Raises
    ------
    ParameterError
        When there is no such file or it is no notebook.
    ReportError
        When the extra ``report`` is not installed.
    """
    import_jsonschema()
    try:
        import nbformat
    except ImportError as error:
        raise ReportError(
            f"Do pracy z notatnikami brakuje biblioteki {error.name or error}.",
            expected="instalacja z dodatkiem „report”",
            next_step=f"zainstaluj ją: {install_command('smup-workbench[report]')}",
        ) from error
    try:
        return nbformat.read(path, as_version=4)
    except FileNotFoundError as error:
        raise ParameterError(
            "Nie ma takiego notatnika.",
            where=str(path),
            expected="ścieżka pliku .ipynb",
            next_step="sprawdź ścieżkę albo utwórz notatnik: smup notebook new SZABLON",
        ) from error
    except (OSError, ValueError, AttributeError, KeyError, nbformat.ValidationError) as error:
        raise ParameterError(
            "Tego pliku nie da się odczytać jako notatnika.",
            where=str(path),
            problems=[_reason(error)],
            expected="notatnik Jupyter (.ipynb, format 4)",
            next_step="otwórz go w JupyterLab i zapisz od nowa albo podaj inny plik",
        ) from error


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return system_reason(error)
    return next(iter(str(error).splitlines()), type(error).__name__)[:200]


def notebook_text(notebook: Any) -> str:
    """Return a notebook as the text of its file, without papermill's notes on times and paths."""
    import_jsonschema()
    import nbformat

    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
    return str(nbformat.writes(notebook)) + "\n"


def write_text(path: Path, content: Any) -> None:
    """Write a notebook, or a text, under a temporary name and rename it.

    Raises
    ------
    ReportError
        When the place cannot be written; an older file stays as it was.
    """
    write_together({path: content if isinstance(content, str) else notebook_text(content)})


def write_together(texts: Mapping[Path, str]) -> None:
    """Write files that belong together: either all of them are replaced or none.

    Parameters
    ----------
    texts : mapping of Path to str
        In the order of replacement; the last one should vouch for the others.

    Raises
    ------
    ReportError
        When a place cannot be written; the older files are put back, and one that cannot be is
        named with its copy. After Ctrl-C they are put back too.
    """
    mark = uuid.uuid4().hex[:8]
    partials = {path: path.with_name(f".{path.name}-{mark}") for path in texts}
    # copies, not moves: a reader never meets a file that is missing
    kept = {path: path.with_name(f".{path.name}-{mark}.old") for path in texts if path.is_file()}
    begun: list[Path] = []
    lost: dict[Path, Path | None] = {}
    path = next(iter(texts))
    try:
        for path, text in texts.items():
            partials[path].write_text(text, encoding="utf-8")
            if path in kept:
                shutil.copy2(path, kept[path])
        for path, partial in partials.items():
            begun.append(path)
            partial.replace(path)
    except (OSError, KeyboardInterrupt) as error:
        # Ctrl-C may come just after a rename: what is no longer in waiting has been replaced
        lost = _put_back([path for path in begun if not partials[path].exists()], kept)
        if isinstance(error, OSError):
            raise _write_error(path, error, lost) from error
        raise
    finally:
        for leftover in (*partials.values(), *(kept[p] for p in kept if p not in lost)):
            leftover.unlink(missing_ok=True)


def _put_back(replaced: Sequence[Path], kept: Mapping[Path, Path]) -> dict[Path, Path | None]:
    """Undo replacements; return the files that stay new, each with the copy of its old state."""
    lost: dict[Path, Path | None] = {}
    for path in reversed(replaced):
        try:
            if path in kept:
                kept[path].replace(path)
            else:
                path.unlink(missing_ok=True)
        except OSError:
            lost[path] = kept.get(path)
    return lost


def _write_error(path: Path, error: OSError, lost: Mapping[Path, Path | None]) -> ReportError:
    state = "nie wszystkie pliki wróciły do poprzedniego stanu: lista powyżej"
    return ReportError(
        f"Nie udało się zapisać pliku: {system_reason(error)}.",
        where=str(path),
        problems=[
            f"{new}: jest już nowy" + (f"; poprzedni leży w {old}" if old else "")
            for new, old in lost.items()
        ],
        expected="wolne miejsce na dysku i prawo zapisu",
        next_step="zwolnij miejsce albo wskaż inny folder; "
        + (state if lost else "poprzedni stan pozostał bez zmian"),
    )
