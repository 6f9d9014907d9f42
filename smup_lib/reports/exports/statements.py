"""What does a file of a report state, one statement after another? HTML, DOCX and XLSX alike.

Two files of one report state the same; so a changed digit, word or row is found by comparing their
statements, and named by where it stands.
"""

from __future__ import annotations

import dataclasses
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

from smup_lib.errors import ReportError, system_reason
from smup_lib.reports.exports.docx_statements import read_docx
from smup_lib.reports.exports.html_statements import read_html, statements_of
from smup_lib.reports.exports.page import load_lxml
from smup_lib.reports.exports.stated import Stated, Statement
from smup_lib.reports.exports.told_receipt import checked_receipt
from smup_lib.reports.exports.xlsx_statements import read_xlsx

__all__ = ["FORMATS", "Stated", "Statement", "read_statements", "statements_of"]

FORMATS = (".html", ".docx", ".xlsx")
#: What a file that is damaged or none of ours makes its reader say.
_UNREADABLE = (
    *(ValueError, LookupError, TypeError, AttributeError, SyntaxError, OSError, RecursionError),
    *(zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError),
)


def read_statements(path: Path) -> Stated:
    """Read a file of a report.

    Raises
    ------
    ReportError
        When it cannot be read, is of another format or holds no whole receipt.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReportError(
            f"Nie można odczytać pliku: {system_reason(error)}.",
            where=str(path),
            expected="plik raportu: " + ", ".join(FORMATS),
            next_step="sprawdź ścieżkę i powtórz polecenie",
        ) from error
    load_lxml()  # all readers need it, and say so at once
    from lxml.etree import LxmlError

    readers: dict[str, Callable[[bytes], Stated]] = {
        ".html": partial(read_html, path=path),
        ".docx": read_docx,
        ".xlsx": read_xlsx,
    }
    reader = readers.get(path.suffix.lower())
    try:
        if reader is None or not data.strip():
            raise ValueError(path.suffix)
        stated = reader(data)
    except (*_UNREADABLE, LxmlError) as error:
        raise ReportError(
            "To nie jest plik raportu, który da się sprawdzić.",
            where=str(path),
            expected="raport tego programu w jednym z formatów: " + ", ".join(FORMATS),
            next_step="wskaż plik utworzony poleceniem smup report run albo batch",
        ) from error
    return dataclasses.replace(stated, receipt=checked_receipt(stated.receipt, str(path)))
