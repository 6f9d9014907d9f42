"""What does a person's list of units say, row by row? Text of any spreadsheet, or its workbook.

Nothing is looked up here: which unit a row means is the matter of
:mod:`smup_lib.reports.batch.units`.
"""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from smup_lib.errors import ParameterError, system_reason
from smup_lib.polish_text import plain_text

_TEXTS = (".txt", ".csv", ".tsv")
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
#: Files that people keep lists in, and that hold no rows.
_OTHERS = (".doc", ".docx", ".odt", ".pdf", ".rtf", ".json", ".xml", ".html", ".yaml", ".yml")
_SEPARATORS = (";", "\t", ",")
_LARGEST = 5_000_000
#: A workbook is packed: what its parser meets may be much larger.
_LARGEST_UNPACKED = 50_000_000
_READER_SECONDS = 60
_READER = """
import io, json, sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
except (ImportError, ValueError, OSError):
    pass
import python_calamine as calamine
book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
sheets = (book.get_sheet_by_name(name) for name in book.sheet_names)
told = (sheet.to_python(skip_empty_area=False) for sheet in sheets)
json.dump(next(filter(None, told), []), sys.stdout, default=str)
"""
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
#: Words of a heading above codes; above names, the likeliest first.
_CODES = frozenset(("kod", "kody", "teryt", "code", "id"))
_NAMES = (
    frozenset(("nazwa", "nazwy", "name")),
    frozenset(("jednostka", "jednostki", "jst", "unit", "units")),
    frozenset(("gmina", "gminy", "miasto", "powiat", "powiaty")),
)
#: Words of which a heading is made, whatever unit may be called alike.
HEADING = _CODES | frozenset().union(*_NAMES) | {"lista", "lp", "nr"}
EXPECTED = (
    "plik .csv, .txt albo .xlsx z kodem albo nazwą jednostki w każdym wierszu; pierwszy wiersz "
    "może być nagłówkiem (kod, nazwa)"
)


@dataclass(frozen=True)
class ListRow:
    """One row of a list.

    Attributes
    ----------
    number : int
        Where it stands in the file, from 1.
    cells : tuple of str
        What it says.
    """

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Columns:
    """Where the unit stands in each row, and where what it is called, if it is told too."""

    unit: int = 0
    name: int | None = None


def is_list_file(term: str) -> bool:
    """Say whether a term names a file, so that it is not taken for a misspelt unit.

    Examples
    --------
    >>> is_list_file("Lista.XLSX"), is_list_file("powiat kielecki")
    (True, False)
    """
    return Path(term).suffix.lower() in (*_TEXTS, *_WORKBOOKS, *_OTHERS)


def read_list(path: Path) -> list[ListRow]:
    """Return the rows of a list; empty ones and remarks (``#``) are left out.

    Raises
    ------
    ParameterError
        When the file cannot be read, is no list, or is empty.
    """
    ending = path.suffix.lower()
    if ending in _OTHERS:
        step = "zapisz listę jako CSV albo xlsx i podaj ten plik"
        raise _unreadable(path, "to nie jest arkusz ani plik tekstowy", step)
    try:
        if path.stat().st_size > _LARGEST:
            raise _unreadable(path, "plik jest za duży na listę jednostek")
        content = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, system_reason(error)) from error
    numbered = enumerate(_sheet_rows(path, content) if ending in _WORKBOOKS else
                         _text_rows(path, content), 1)  # fmt: skip
    rows = [ListRow(number, cells) for number, cells in numbered if any(cells)]
    kept = [row for row in rows if not next(filter(None, row.cells)).startswith("#")]
    if not kept:
        raise _unreadable(path, "plik nie ma żadnej jednostki", "wpisz do niego kody albo nazwy")
    return kept


def _text_rows(path: Path, content: bytes) -> Iterator[tuple[str, ...]]:
    text = _decoded(content)
    if "\0" in text:
        step = "zapisz listę w arkuszu jako CSV UTF-8 i podaj ten plik"
        raise _unreadable(path, "to nie jest plik tekstowy", step)
    lines = text.splitlines()
    said = [line for line in lines if not line.startswith("#")]
    sign = next((one for one in _SEPARATORS if any(one in line for line in said)), ",")
    for line in lines:
        cells = next(csv.reader([line], delimiter=sign), [])
        yield tuple(cell.strip().strip('"') for cell in cells)


def _decoded(content: bytes) -> str:
    """Return the text of a file in UTF-8, in Excel's „Tekst Unicode”, or of an older Windows."""
    if content.startswith(_UTF_16):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1250", errors="replace")


def _sheet_rows(path: Path, content: bytes) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the first sheet that says anything.

    One full stop in the last cell of a sheet asks the parser for all memory there is, and then the
    whole program ends; so a process of its own reads, with a bound.
    """
    step = "otwórz plik w arkuszu, zapisz jako CSV UTF-8 (rozdzielany średnikami) i podaj CSV"
    told = "to nie jest plik arkusza, jest uszkodzony albo ma wpisy daleko poza listą"
    try:
        if _unpacked(content) > _LARGEST_UNPACKED:
            raise _unreadable(path, "arkusz jest za duży na listę jednostek", step)
        done = subprocess.run(
            [sys.executable, "-c", _READER],
            input=content,
            capture_output=True,
            timeout=_READER_SECONDS,
            check=True,
        )
    except (subprocess.SubprocessError, zipfile.BadZipFile) as error:
        raise _unreadable(path, told, step) from error
    for row in json.loads(done.stdout):
        yield tuple(map(_cell_text, row))


def _unpacked(content: bytes) -> int:
    """Return how many bytes a packed workbook says it has; an older one is not packed."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return len(content)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return sum(one.file_size for one in packed.infolist())


def _cell_text(value: object) -> str:
    """Return what a cell says; a spreadsheet keeps codes as numbers."""
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value) if whole else value).strip()  # type: ignore[call-overload]


def find_columns(heading: Sequence[str]) -> Columns:
    """Return where codes or names stand below a heading.

    Examples
    --------
    >>> find_columns(["Lp.", "kod TERYT", "nazwa"])
    Columns(unit=1, name=2)
    >>> find_columns(["powiat", "uwagi"])
    Columns(unit=0, name=0)
    """
    words = [set(re.findall(r"[a-z]+", plain_text(cell))) for cell in heading]
    codes = [place for place, said in enumerate(words) if said & _CODES]
    names = [place for kind in _NAMES for place, said in enumerate(words) if said & kind]
    names = [place for place in names if place not in codes]
    name = names[0] if names else None
    if codes:
        return Columns(codes[0], name)
    return Columns(name or 0, name)


def _unreadable(path: Path, reason: str, step: str = "") -> ParameterError:
    return ParameterError(
        f"Nie można odczytać listy jednostek: {reason}.",
        where=str(path),
        expected=EXPECTED,
        next_step=step or "sprawdź ścieżkę i powtórz polecenie",
    )
