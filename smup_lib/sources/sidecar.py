"""What does the user say of the files of a folder, in ``import.yaml`` beside them?

The sidecar settles what content alone cannot tell::

    files:
      Expenditure_on_health.csv:
        subject: P1539                  # the subgroup of BDL it was downloaded from
      moje_dane.csv:
        dataset: biblioteka             # own name of the data set
        variables: {"czytelnicy": library_readers}
      "*.json":
        year: 2021                      # year of the boundaries
"""

from __future__ import annotations

import fnmatch
import functools
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from smup_lib.errors import ParameterError
from smup_lib.sources.input_files import SIDECAR_NAME, InputFile

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
        Year of boundaries.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    variable: str = ""
    variables: Mapping[str, str] = Field(default_factory=dict)
    subject: Annotated[str, StringConstraints(pattern=r"^(P\d{4})?$")] = ""
    dataset: Slug | None = None
    title: str = ""
    year: Annotated[int, Field(ge=1945, le=2100)] | None = None


class _Sidecar(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    files: Mapping[str, FileNote]


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
    import yaml

    del changed  # part of the cache key: an edited sidecar is read anew
    try:
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
        return _Sidecar.model_validate(content or {"files": {}}).files
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ParameterError(
            f"{SIDECAR_NAME} nie jest poprawnym plikiem YAML.",
            where=str(path),
            problems=[" ".join(str(error).split())],
        ) from error
    except ValidationError as error:
        raise ParameterError(
            f"{SIDECAR_NAME} ma błędy.",
            where=str(path),
            problems=[
                f"{'.'.join(map(str, fault['loc']))}: {fault['msg']} (jest: {fault['input']!r})"
                for fault in error.errors()
            ],
            expected="files: nazwa pliku: variable, variables, subject, dataset, title albo year",
        ) from error
