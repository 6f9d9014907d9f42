"""What do the sheets of an Excel workbook say, and is it safe to open?

The parser is fast and written for sound files: a damaged one, or one made to harm, can ask it for
all memory there is, and then the whole program ends. So a workbook is first opened in a process of
its own, with a bound on memory; only one that opens there is opened here.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from smup_lib.errors import UnreadableFileError
from smup_lib.plurals import counted
from smup_lib.sources.input_files import check_unpacked, is_zip

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

#: Beginning of a compound file of old Microsoft Office; an encrypted xlsx is one, too.
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Cells of one sheet; the whole country in every year of a wide export has a tenth of it.
MOST_CELLS = 20_000_000
_NEXT_STEP = "otwórz plik w arkuszu kalkulacyjnym, zapisz go jako xlsx i wczytaj ponownie"
_ERROR_CELLS = ("komórka z błędem arkusza", "komórki z błędem arkusza", "komórek z błędem arkusza")
_TRIAL_SECONDS = 120
_TRIAL = """
import io, sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
except (ImportError, ValueError, OSError):
    pass
import python_calamine as calamine
book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
for name in book.sheet_names:
    book.get_sheet_by_name(name)
"""
#: An encrypted xlsx lies in such a stream; an xls begins with the record of its password.
_ENCRYPTED_XLSX = "EncryptedPackage".encode("utf-16-le")
_ENCRYPTED_XLS = re.compile(rb"\x09\x08\x10\x00.{16}(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL)


@dataclass(frozen=True)
class SheetForm:
    """Where rows stood in a workbook: what the import report says about it."""

    layout: str
    sheet: str

    def __str__(self) -> str:
        """Return the form in Polish: ``Excel (xlsx), arkusz „DANE”``."""
        return f"Excel ({self.layout}), arkusz „{self.sheet}”"


class Workbook:
    """An opened workbook.

    Attributes
    ----------
    names : tuple of str
        Names of the sheets, in order.
    layout : str
        ``xlsx`` or ``xls``.
    warnings : tuple of str
        Doubts about the whole file.
    """

    def __init__(self, book: CalamineWorkbook, layout: str, where: str, errors: int = 0) -> None:
        self._book = book
        self._where = where
        self.layout = layout
        self.names: tuple[str, ...] = tuple(book.sheet_names)
        self.warnings: tuple[str, ...] = (
            (f"{counted(errors, _ERROR_CELLS)} (na przykład #DZIEL/0!): wzięto za puste",)
            if errors
            else ()
        )

    def rows(self, name: str, most: int | None = None) -> list[list[Any]]:
        """Return the rows of a sheet from its first line, cells as texts, numbers and dates.

        An empty cell is an empty text. ``most`` bounds the number of rows.

        Raises
        ------
        UnreadableFileError
            When the sheet reaches beyond :data:`MOST_CELLS`.
        """
        sheet = self._book.get_sheet_by_name(name)
        end = sheet.end or (0, 0)
        if (end[0] + 1) * (end[1] + 1) > MOST_CELLS:
            raise UnreadableFileError(
                f"Arkusz „{name}” sięga {end[0] + 1} wierszy i {end[1] + 1} kolumn.",
                where=self._where,
                expected=f"najwyżej {MOST_CELLS // 1_000_000} mln komórek",
                next_step="usuń komórki poza tabelą i zapisz plik ponownie",
            )
        rows: list[list[Any]] = sheet.to_python(skip_empty_area=False, nrows=most)
        return rows

    def tops(self, most: int) -> Iterator[tuple[str, list[list[Any]]]]:
        """Yield each sheet with its first rows."""
        for name in self.names:
            yield name, self.rows(name, most)

    def form(self, sheet: str) -> SheetForm:
        """Return what the report says of a sheet that was read."""
        return SheetForm(self.layout, sheet)


def is_old_office(head: bytes) -> bool:
    """Tell whether content starts like a file of old Microsoft Office (xls, doc)."""
    return head.startswith(OLE_MAGIC)


def open_workbook(content: bytes, where: str) -> Workbook:
    """Open an xlsx or xls workbook.

    Parameters
    ----------
    content : bytes
        The whole file.
    where : str
        Its name, for messages.

    Raises
    ------
    UnreadableFileError
        When it is encrypted, cut, damaged, would grow without measure, or holds no sheet.
    """
    layout, errors = ("xlsx", _check_parts(content, where)) if is_zip(content) else ("xls", 0)
    if layout == "xls" and (_ENCRYPTED_XLSX in content or _ENCRYPTED_XLS.search(content)):
        raise _encrypted(where)
    _check_opens(content, layout, where)
    from python_calamine import CalamineWorkbook

    return Workbook(CalamineWorkbook.from_filelike(io.BytesIO(content)), layout, where, errors)


def no_rows_error(file: str, sheet: str) -> UnreadableFileError:
    """Return the error of a sheet that has only its header."""
    return UnreadableFileError(
        f"Arkusz „{sheet}” ma tylko nagłówek, bez danych.",
        where=file,
        expected="nagłówek, a pod nim wiersze z danymi",
        next_step="pobierz plik jeszcze raz",
    )


def _check_parts(content: bytes, where: str) -> int:
    """Check the packed parts of an xlsx and return how many cells hold an error.

    Reading every part to its end checks the control sums: no cut part is taken for an empty one.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_unpacked(archive.infolist(), where)
            errors = 0
            for info in archive.infolist():
                part = archive.read(info)
                if info.filename.startswith("xl/worksheets/"):
                    errors += part.count(b't="e"')
            return errors
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise UnreadableFileError(
            "Skoroszyt jest ucięty albo uszkodzony.",
            where=where,
            expected="cały plik xlsx",
            next_step="pobierz plik jeszcze raz",
        ) from error
    except (RuntimeError, NotImplementedError) as error:
        raise _encrypted(where) from error


def _check_opens(content: bytes, layout: str, where: str) -> None:
    """Open a workbook in a process of its own; raise when that process does not survive it."""
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", _TRIAL],
            input=content,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_TRIAL_SECONDS,
            check=False,
        )
        outcome = done.returncode
    except subprocess.TimeoutExpired:
        outcome = -1
    if outcome == 0:
        return
    raise UnreadableFileError(
        "Skoroszytu nie da się otworzyć: plik jest uszkodzony albo nie jest skoroszytem."
        if layout == "xlsx"
        else "To stary plik Microsoft Office, którego nie da się otworzyć jako skoroszytu xls:"
        " jest ucięty, uszkodzony albo to inny dokument.",
        where=where,
        expected="skoroszyt xlsx albo xls",
        next_step=_NEXT_STEP,
    )


def _encrypted(where: str) -> UnreadableFileError:
    return UnreadableFileError(
        "Skoroszyt jest zaszyfrowany (chroniony hasłem).",
        where=where,
        expected="skoroszyt bez hasła",
        next_step="otwórz plik w arkuszu, zdejmij hasło, zapisz go i wczytaj ponownie",
    )
