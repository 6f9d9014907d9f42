"""In which formats can a report be had, and how is each written beside its page?"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from smup_lib.errors import ParameterError, did_you_mean
from smup_lib.paths import told_when_unwritable, write_whole
from smup_lib.reports.exports.page import read_content
from smup_lib.reports.receipt import file_digest
from smup_lib.reports.replacing import kept_note, removed_note, set_aside

if TYPE_CHECKING:
    from smup_lib.reports.runner import ReportResult


def _docx(page: str) -> bytes:
    from smup_lib.reports.exports.docx import write_docx

    return write_docx(read_content(page))


def _xlsx(page: str) -> bytes:
    from smup_lib.reports.exports.xlsx import write_xlsx

    return write_xlsx(read_content(page))


def _pptx(page: str) -> bytes:
    from smup_lib.reports.exports.pptx import write_pptx

    return write_pptx(read_content(page))


def _csv(page: str) -> bytes:
    from smup_lib.reports.exports.csv import write_csv

    return write_csv(page, read_content(page))


def _pdf(page: str) -> bytes:
    from smup_lib.reports.exports.pdf import write_pdf

    return write_pdf(page)


_WRITERS: Mapping[str, Callable[[str], bytes]] = MappingProxyType(
    {"docx": _docx, "xlsx": _xlsx, "pptx": _pptx, "csv": _csv, "pdf": _pdf}
)
FORMATS = ("html", *_WRITERS)


def check_formats(names: Iterable[str]) -> tuple[str, ...]:
    """Return the formats asked for, each once; the page is always among them.

    Raises
    ------
    ParameterError
        With every name that is no format.

    Examples
    --------
    >>> check_formats(["docx", "docx"])
    ('html', 'docx')
    """
    asked = [name.strip().lower() for name in names]
    unknown = [name for name in asked if name not in FORMATS]
    if unknown:
        raise ParameterError(
            "Nie ma takiego formatu raportu.",
            problems=[
                f"„{name}”" + (f"; {hint}" if (hint := did_you_mean(name, FORMATS)) else "")
                for name in unknown
            ],
            expected=", ".join(FORMATS),
            next_step="podaj formaty po przecinku, na przykład --formats docx,xlsx",
        )
    return tuple(dict.fromkeys(("html", *asked)))


def write_format(html: Path, ending: str) -> Path:
    """Write a finished page in another format beside it and return the file.

    Parameters
    ----------
    html : Path
        The page.
    ending : str
        One of :data:`FORMATS`, with or without its dot.

    Raises
    ------
    ReportError
        When a library for the format is missing.
    SettingsError
        When the file cannot be written.
    """
    name = ending.removeprefix(".")
    if name == "html":
        return html
    data = _WRITERS[name](html.read_text(encoding="utf-8"))
    path = html.with_suffix(f".{name}")
    with told_when_unwritable(path):
        write_whole(path, data)
    return path


def add_formats(result: ReportResult, endings: Iterable[str]) -> ReportResult:
    """Write a finished report in further formats; its receipt vouches for them too.

    Parameters
    ----------
    result : ReportResult
        The report, lying where it was made.
    endings : iterable of str
        Of :data:`FORMATS`; the page itself is there already.

    Returns
    -------
    ReportResult
        With the new files. A file in their place that the receipt does not vouch for is kept under
        another name, which the notes tell.
    """
    names = [name for name in endings if name != "html"]
    if not names:
        return result
    vouched = json.loads(result.receipt.read_text(encoding="utf-8"))
    kept: dict[Path, Path] = {}
    files: list[Path] = []
    try:
        for name in names:
            path = result.html.with_suffix(f".{name}")
            if path.is_file() and vouched["outputs"].get(path.name) != file_digest(path):
                kept[path] = set_aside(path)
            files.append(write_format(result.html, name))
    finally:  # what was written before another one failed is vouched for too
        vouched["outputs"] |= {path.name: file_digest(path) for path in files}
        text = json.dumps(vouched, ensure_ascii=False, indent=1) + "\n"
        with told_when_unwritable(result.receipt):
            write_whole(result.receipt, text.encode())
    gone = tuple(path for path in result.removed if path not in files)
    others = (note for note in result.notes if note != removed_note(result.removed))
    notes = tuple(filter(None, (*others, removed_note(gone), kept_note(kept))))
    return replace(result, others=(*result.others, *files), notes=notes, removed=gone)
