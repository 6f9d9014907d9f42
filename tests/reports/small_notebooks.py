"""Tiny notebooks for tests, one for each way in which a notebook can behave."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

PARAMETERS = 'word: str = "a"  # słowo\nnumber: int = 1  # liczba'


def small_notebook(*sources: str, parameters: str = PARAMETERS, **metadata: Any) -> Any:
    """Return a notebook with a parameters cell and the given code cells."""
    first = new_code_cell(parameters, metadata={"tags": ["parameters"]}, id="parameters")
    cells = [new_code_cell(source, id=f"cell-{i}") for i, source in enumerate(sources)]
    return new_notebook(
        cells=[new_markdown_cell("# Tytuł", id="title"), first, *cells], metadata=metadata
    )


def write_notebook(path: Path, notebook: Any) -> Path:
    nbformat.write(notebook, path)
    return path
