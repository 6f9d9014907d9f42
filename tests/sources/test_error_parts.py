"""Every error of this room tells what was expected and what to do next."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import smup_lib
from smup_lib import errors

LIBRARY = Path(smup_lib.__file__).parent
FILES = sorted(
    [
        *(LIBRARY / "sources").rglob("*.py"),
        *(LIBRARY / "snapshots").glob("*.py"),
        LIBRARY / "commands" / "data.py",
    ]
)
NAMES = {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.SmupError)
}


def incomplete(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in NAMES:
            told = {keyword.arg for keyword in node.keywords}
            missing = {"expected", "next_step"} - told
            if missing and None not in told:
                yield f"{path.name}:{node.lineno} {sorted(missing)}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_errors_tell_the_way_on(path):
    assert list(incomplete(path)) == []
