"""How is a small file read that a person wrote or another office sent: a card, plan, group?

YAML, or JSON by its ending. What could fill the memory or stop the program is refused with the
other faults of a file: too large, too deep, YAML references.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from smup_lib.catalogue.problems import Problem
from smup_lib.catalogue.reading import read_yaml
from smup_lib.errors import system_reason

#: Lists in lists: a sound file has a handful.
_DEEPEST = 20


def read_given(path: Path, problems: list[Problem], *, largest: int) -> Any:
    """Return what a file holds, or None with the problem noted.

    Parameters
    ----------
    path : Path
        The file; ``.json`` is read as JSON, everything else as YAML.
    problems : list of Problem
        Faults are added here.
    largest : int
        Size in bytes above which the file is something else.
    """
    found: list[Problem] = []
    try:
        if path.exists() and not path.is_file():
            what = "to folder, a nie plik" if path.is_dir() else "to nie jest zwykły plik"
            found.append(Problem(path.name, "", "", what, "jeden plik YAML albo JSON"))
        elif path.exists() and (size := path.stat().st_size) > largest:
            limit = f"najwyżej {largest // 1000} kB tekstu"
            found.append(
                Problem(path.name, "", "", "plik jest za duży", limit, f"{size // 1000} kB")
            )
        content = None if found else _read(path, found)
    except OSError as error:
        what = f"nie można odczytać pliku: {system_reason(error)}"
        found.append(Problem(path.name, "", "", what))
        content = None
    if content is None and not found:
        found.append(Problem(path.name, "", "", "plik jest pusty"))
    problems.extend(found)
    return None if found else content


def _read(path: Path, problems: list[Problem]) -> Any:
    _refuse_traps(path, problems)
    if problems:
        return None
    if path.suffix.lower() != ".json":
        return read_yaml(path, problems)
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        told = "plik nie jest w kodowaniu UTF-8"
        problems.append(Problem(path.name, "", "", told, next_step="zapisz go w UTF-8"))
    except json.JSONDecodeError as error:
        what, line = "to nie jest poprawny JSON", f"wiersz {error.lineno}"
        problems.append(Problem(path.name, line, "", what, next_step="sprawdź przecinki i nawiasy"))
    except RecursionError:
        _note_depth(path, problems)
    return None


def _refuse_traps(path: Path, problems: list[Problem]) -> None:
    """Note references and depth: a few lines of them can fill a memory."""
    import yaml

    if not path.is_file():
        return  # the reader tells that it is not there
    depth = 0
    try:
        for event in yaml.parse(path.read_text(encoding="utf-8"), yaml.CLoader):
            if isinstance(event, yaml.AliasEvent):
                what = "odwołania YAML (*nazwa) nie są tu dozwolone"
                step = "wpisz treść w każdym miejscu"
                problems.append(Problem(path.name, "", "", what, next_step=step))
                return
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                _note_depth(path, problems)
                return
    except (yaml.YAMLError, UnicodeDecodeError):
        return  # the reader tells it with its line


def _note_depth(path: Path, problems: list[Problem]) -> None:
    what, limit = "plik jest zbyt głęboko zagnieżdżony", f"najwyżej {_DEEPEST} poziomów"
    problems.append(Problem(path.name, "", "", what, limit))
