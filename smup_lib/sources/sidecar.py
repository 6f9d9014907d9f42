"""What does the user say of the files of a folder, in ``import.yaml`` beside them?

The sidecar settles what content alone cannot tell::

    files:
      Expenditure_on_health.csv:
        subject: P1539                  # the subgroup of BDL it was downloaded from
      moje_dane.csv:
        dataset: biblioteka             # own name of the data set
        variables: {"czytelnicy": library_readers}
        decimal: ","                    # decimal mark, where the numbers do not tell it
      "*.json":
        year: 2021                      # year of the boundaries, or of a workbook
        retrieved: 2022-05-04           # day on which the file was taken from its publisher

The page docs/import.md tells every key.
"""

from __future__ import annotations

import datetime
import fnmatch
import functools
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from smup_lib.catalogue.problems import Problem
from smup_lib.catalogue.reading import read_entry, read_yaml
from smup_lib.errors import ParameterError
from smup_lib.plurals import counted
from smup_lib.sources.input_files import SIDECAR_NAME, InputFile
from smup_lib.sources.numbers import DecimalMark

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


class FileNote(BaseModel):
    """What the user says of one file.

    Attributes
    ----------
    variable : str
        Variable of the only series of the file.
    variables : mapping
        Labels of a series (joined with ``; ``), or a variable id of the file -> variable.
    subject : str
        Subgroup of BDL (``P1539``), as it stands in the original name of the file.
    dataset : str
        Own name of the data set; files with different names stand side by side.
    title : str
        Title shown with the source.
    year : int
        Year of boundaries, or of a workbook that does not tell it.
    decimal : {",", "."}
        Decimal mark; the other mark then parts thousands.
    retrieved : date
        Day on which the file was taken from its publisher; tells which of two files is newer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    variable: str = ""
    variables: Mapping[str, str] = Field(default_factory=dict)
    subject: Annotated[str, StringConstraints(pattern=r"^(P\d{4})?$")] = ""
    dataset: Slug | None = None
    title: str = ""
    year: Annotated[int, Field(ge=1945, le=2100)] | None = None
    decimal: DecimalMark | None = None
    retrieved: datetime.date | None = None


def load_file_note(file: InputFile) -> FileNote:
    """Return what the sidecar beside a file says of it; an empty note when it says nothing.

    An exact name goes before a pattern, and patterns apply in the order of the sidecar.

    Raises
    ------
    ParameterError
        When the sidecar is wrong; every problem at once.
    """
    path = file.path.parent / SIDECAR_NAME
    if not path.is_file():
        return FileNote()
    notes = _read_sidecar(path, path.stat().st_mtime_ns)
    for name in (file.name, file.own_name):
        if name in notes:
            return notes[name]
    for pattern, note in notes.items():
        if fnmatch.fnmatchcase(file.own_name, pattern):
            return note
    return FileNote()


def unmatched_notes(files: Iterable[InputFile]) -> tuple[str, ...]:
    """Return a note for every entry of a sidecar that fits no file beside it: a slip of the pen."""
    folders = {file.path.parent for file in files}
    notes: list[str] = []
    for path in sorted(folder / SIDECAR_NAME for folder in folders):
        if not path.is_file():
            continue
        names = [entry.name for entry in path.parent.iterdir()]
        notes += [
            f"{SIDECAR_NAME} opisuje plik „{pattern}”, którego obok niego nie ma."
            for pattern in _read_sidecar(path, path.stat().st_mtime_ns)
            # members of archives are described by their own names
            if not fnmatch.filter(names, pattern) and not fnmatch.filter(names, "*.zip")
        ]
    return tuple(notes)


@functools.lru_cache(maxsize=32)
def _read_sidecar(path: Path, changed: int) -> Mapping[str, FileNote]:
    del changed  # part of the cache key: an edited sidecar is read anew
    problems: list[Problem] = []
    content = read_yaml(path, problems)
    files = _files_of(content, problems) if content is not None else {}
    notes: dict[str, FileNote] = {}
    for name, told in files.items():
        faults: list[Problem] = []
        note = read_entry(FileNote, told or {}, SIDECAR_NAME, faults)
        problems += [replace(fault, entry=str(name)) for fault in faults]
        if note is not None:
            notes[str(name)] = note
    if problems:
        raise ParameterError(
            f"{SIDECAR_NAME} ma {counted(len(problems), ('błąd', 'błędy', 'błędów'))}.",
            where=str(path),
            problems=[str(problem) for problem in problems],
            expected="files: nazwa pliku: " + ", ".join(FileNote.model_fields),
            next_step="popraw wskazane klucze; wszystkie opisuje docs/import.md",
        )
    return notes


def _files_of(content: Any, problems: list[Problem]) -> Mapping[str, Any]:
    if isinstance(content, dict) and set(content) == {"files"}:
        files = content["files"]
        if isinstance(files, dict):
            return files
    found = ", ".join(map(str, content)) if isinstance(content, dict) else ""
    what = "plik ma inny układ"
    expected = "jeden klucz „files”, a pod nim nazwy plików"
    problems.append(Problem(SIDECAR_NAME, "", "", what, expected, found))
    return {}
