"""What does a delimited text file say, whatever program saved it?

Encodings UTF-8 (with and without BOM) and windows-1250, line ends CRLF, LF, CR and mixtures, a
separator after the last column or none. Every cell stays text: what a cell means is decided by
the reader of the layout. A row that does not fit is handed over, never skipped.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from smup_lib.errors import UnreadableFileError
from smup_lib.plurals import agree, counted

if TYPE_CHECKING:
    import numpy as np

#: More broken rows than this share means that the file is something else, or was cut badly.
_BROKEN_SHARE = 0.10
_SHOWN = 60
_OLD_ENCODING = "plik był zapisany w windows-1250 (oryginały GUS są w UTF-8)"
_SEPARATOR_NAMES = {";": "średnik", ",": "przecinek", "\t": "tabulator"}


@dataclass(frozen=True)
class TextForm:
    """How a text file was saved: what the import report says about it."""

    encoding: str
    separator: str
    line_ends: str

    def __str__(self) -> str:
        """Return the form in Polish: ``UTF-8, średnik, CRLF``."""
        return f"{self.encoding}, {_SEPARATOR_NAMES[self.separator]}, {self.line_ends}"


@dataclass(frozen=True)
class BrokenRow:
    """A row that cannot be trusted: its number of cells does not fit, or it may be cut."""

    line: int
    text: str
    found: int
    expected: int
    cut: bool = False

    @property
    def reason(self) -> str:
        """Return why it waits, in Polish."""
        if self.cut:
            return (
                "ostatni wiersz nie kończy się znakiem końca linii, więc jego wartość może być"
                " ucięta; jeśli jest cała, dopisz koniec linii i wczytaj plik jeszcze raz"
            )
        cells = ("kolumnę", "kolumny", "kolumn")
        return f"wiersz ma {counted(self.found, cells)}, a nagłówek {self.expected}"


@dataclass(frozen=True)
class TextTable:
    """A delimited file as text cells.

    Attributes
    ----------
    header : tuple of str
        Cells of the first row, an empty last one dropped.
    columns : tuple of pyarrow string arrays
        One per data column, in the order of the file.
    lines : array of int
        Line number in the file of each row, counted from 1.
    broken : tuple of BrokenRow
        Rows that do not fit; they are in no column.
    form : TextForm
        How the file was saved.
    warnings : tuple of str
        What was repaired or looks wrong, in Polish.
    """

    header: tuple[str, ...]
    columns: tuple[Any, ...]
    lines: np.ndarray[Any, Any]
    broken: tuple[BrokenRow, ...]
    form: TextForm
    warnings: tuple[str, ...]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.lines)


def decode_text(content: bytes, where: str) -> tuple[str, str]:
    """Return the text of a file and the name of its encoding.

    Raises
    ------
    UnreadableFileError
        When the bytes are no text in UTF-8 or windows-1250.

    Examples
    --------
    >>> decode_text("Łódź".encode("cp1250"), "plik.csv")
    ('Łódź', 'windows-1250')
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadableFileError(
            "Plik zapisano w kodowaniu UTF-16.",
            where=where,
            expected="UTF-8 albo windows-1250",
            next_step="zapisz plik ponownie jako „CSV UTF-8”",
        )
    if b"\x00" in content:
        raise UnreadableFileError(
            "To nie jest plik tekstowy: zawiera bajty zerowe.",
            where=where,
            expected="plik csv",
            next_step="pobierz plik jeszcze raz albo zapisz tabelę jako „CSV UTF-8”",
        )
    if content.startswith(codecs.BOM_UTF8):
        content, name = content[len(codecs.BOM_UTF8) :], "UTF-8 z BOM"
    else:
        name = "UTF-8"
    try:
        return content.decode("utf-8"), name
    except UnicodeDecodeError as error:
        first_bad = error
    try:
        return content.decode("cp1250"), "windows-1250"
    except UnicodeDecodeError:
        raise UnreadableFileError(
            f"Nieznane kodowanie znaków (bajt {first_bad.start + 1}).",
            where=where,
            expected="UTF-8 albo windows-1250",
            next_step="zapisz plik ponownie jako „CSV UTF-8”",
        ) from first_bad


def split_row(line: str, separator: str) -> list[str]:
    """Return the cells of one line.

    Examples
    --------
    >>> split_row('"Kod";"ogółem;2021;[zł]";', ";")
    ['Kod', 'ogółem;2021;[zł]', '']
    """
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:  # a "cell" of over 128 kB: no header of anybody
        return [line]


def first_line(text: str) -> str:
    """Return the first line that is not blank, without its end."""
    lines = (match[0] for match in re.finditer(r"[^\r\n]+", text))
    return next((line for line in lines if line.strip()), "")


def read_text_table(
    content: bytes,
    separator: str,
    where: str,
    width: Callable[[Sequence[str]], int] = len,
) -> TextTable:
    """Read a delimited file into text cells.

    Parameters
    ----------
    content : bytes
        The unpacked file.
    separator : str
        ``;`` or ``,``.
    where : str
        Name of the file, for messages.
    width : callable
        Number of data columns that the header's cells promise; an empty cell after a last
        separator is not among them. A header whose cells lost their quotes has more cells.

    Raises
    ------
    UnreadableFileError
        When the file is no text, has no data rows, is cut in the middle of a row, or has too many
        rows that do not fit. A last row that may be cut inside its last cell is among the broken.
    """
    text, encoding = decode_text(content, where)
    line_ends = _line_ends(text)
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    skipped = len(text) - len(text.lstrip("\n"))
    head, _, body = text[skipped:].partition("\n")
    header = split_row(head, separator)
    trailing = len(header) > 1 and not header[-1].strip()
    if trailing:
        header = header[:-1]
    if not body.strip():
        raise UnreadableFileError(
            "Plik ma tylko nagłówek, bez danych." if head.strip() else "Plik jest pusty.",
            where=where,
            expected="nagłówek, a pod nim wiersze z danymi",
            next_step="pobierz plik jeszcze raz",
        )
    body = _without_blank_end(body)
    columns, lines, broken = _parse(body, separator, width(header), trailing, skipped + 2, where)
    _check_end(body, separator, trailing, broken, skipped + 1, where)
    last_is_good = len(lines) > 0 and (not broken or broken[-1].line < lines[-1])
    if last_is_good and not body.endswith("\n") and _may_be_cut(body, separator, columns):
        text, cells = body.rpartition("\n")[2], len(columns)
        broken += (BrokenRow(int(lines[-1]), text, cells, cells, cut=True),)
        columns, lines = tuple(column[:-1] for column in columns), lines[:-1]
    return TextTable(
        header=tuple(cell.strip() for cell in header),
        columns=columns,
        lines=lines,
        broken=broken,
        form=TextForm(encoding, separator, line_ends),
        warnings=(_OLD_ENCODING,) if encoding == "windows-1250" else (),
    )


def _may_be_cut(body: str, separator: str, columns: Sequence[Any]) -> bool:
    """Tell whether the last row, which has no end of line, could go on.

    Whole are rows that close with the separator or a quotation mark, and those whose last cell is
    a word that other rows end with, too. A number could always be longer.
    """
    last = body.rpartition("\n")[2]
    if last.endswith('"') or len(split_row(last, separator)) > len(columns):
        return False
    word = columns[-1][-1].as_py().strip()
    if not word or re.fullmatch(r"[-+]?[\d.,\s]+", word):
        return True
    return word not in {cell.strip() for cell in columns[-1][:-1].to_pylist()}


def _without_blank_end(body: str) -> str:
    stripped = body.rstrip(" \t\n\x1a")  # an old end-of-file mark of DOS is no data
    return stripped + "\n" if "\n" in body[len(stripped) :] else stripped


def _line_ends(text: str) -> str:
    pairs = text.count("\r\n")
    single = {"CRLF": pairs, "LF": text.count("\n") - pairs, "CR": text.count("\r") - pairs}
    return " i ".join(name for name, count in single.items() if count) or "bez końca wiersza"


def _parse(
    body: str, separator: str, cells: int, trailing: bool, first: int, where: str
) -> tuple[tuple[Any, ...], np.ndarray[Any, Any], tuple[BrokenRow, ...]]:
    """Return columns, line numbers and broken rows; read again if all rows end otherwise."""
    table, broken = _arrow_table(body, separator, cells + trailing, where)
    other = cells if trailing else cells + 1  # all rows without, or with, a last separator
    if len(table) == 0 and broken and all(_fits(row, other, separator, trailing) for row in broken):
        table, broken = _arrow_table(body, separator, other, where)
    good, bad = _line_numbers(body, [row.line for row in broken], len(table), first)
    placed = tuple(replace(row, line=line) for row, line in zip(broken, bad, strict=True))
    if len(placed) > max(1, _BROKEN_SHARE * (len(table) + len(placed))):
        rows = agree(len(placed), "wierszu", "wierszach")
        raise UnreadableFileError(
            f"W {len(placed)} {rows} liczba kolumn nie zgadza się z nagłówkiem"
            f" (pierwszy: wiersz {placed[0].line}, kolumn {placed[0].found}).",
            where=where,
            expected=f"{placed[0].expected} kolumn w każdym wierszu",
            next_step="pobierz plik jeszcze raz albo popraw wskazane wiersze",
        )
    return tuple(column.combine_chunks() for column in table.columns[:cells]), good, placed


def _fits(row: BrokenRow, cells: int, separator: str, trailing: bool) -> bool:
    """Tell whether a row has the other way of ending; a row cut after a separator has not."""
    return row.found == cells and row.text.rstrip("\n").endswith(separator) != trailing


def _arrow_table(body: str, separator: str, cells: int, where: str) -> tuple[Any, list[BrokenRow]]:
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    broken: list[BrokenRow] = []

    def keep(row: Any) -> str:
        text = row.text if isinstance(row.text, str) else str(row.text)
        broken.append(BrokenRow(row.number, text, row.actual_columns, row.expected_columns))
        return "skip"

    names = [f"c{number}" for number in range(cells)]
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(body.encode()),
            # one thread: row numbers are told only then, and the parser is not what takes time
            read_options=arrow_csv.ReadOptions(
                use_threads=False, column_names=names, block_size=16 * 1024 * 1024
            ),
            parse_options=arrow_csv.ParseOptions(delimiter=separator, invalid_row_handler=keep),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        raise UnreadableFileError(
            "Wierszy pliku nie da się rozdzielić na kolumny.",
            where=where,
            expected="cudzysłów otwarty i zamknięty w tym samym wierszu",
            next_step="pobierz plik jeszcze raz",
        ) from error
    return table, broken


def _line_numbers(
    body: str, broken: Sequence[int], rows: int, first: int
) -> tuple[np.ndarray[Any, Any], list[int]]:
    """Return the line in the file of each good and each broken row.

    The parser counts rows without blank lines; people count lines.
    """
    import numpy as np

    if not broken and "\n\n" not in body:
        return np.arange(first, first + rows, dtype="int32"), []
    written = [number for number, line in enumerate(body.split("\n"), start=first) if line]
    lost = {number - 1 for number in broken}
    good = [line for place, line in enumerate(written) if place not in lost]
    return np.array(good, dtype="int32"), [written[number - 1] for number in broken]


def _check_end(
    body: str,
    separator: str,
    trailing: bool,
    broken: Sequence[BrokenRow],
    first: int,
    where: str,
) -> None:
    """Raise when the file stops in the middle of its last row."""
    count = body.count("\n") + (not body.endswith("\n"))
    last = body.rstrip("\n").rpartition("\n")[2]
    short = (
        bool(broken)
        and broken[-1].line == first + count
        and (broken[-1].found < broken[-1].expected)
    )
    unclosed = last.count('"') % 2 == 1
    # originals end every row with a separator: a last row without one was cut inside its number
    inside = trailing and not body.endswith("\n") and not last.endswith(separator)
    if short or unclosed or inside:
        raise UnreadableFileError(
            "Plik jest ucięty: kończy się w środku wiersza.",
            where=f"{where}, wiersz {first + count}: {last[:_SHOWN]}",
            expected="pełny ostatni wiersz",
            next_step="pobierz plik jeszcze raz",
        )
