"""What kind of file is this, judged by its content and never by its name?

Only the first 256 kB are looked at, so 200 MB of rubbish cost no more than an empty file; a
workbook alone is opened, for its kind is told by the headers of its sheets. A file that is known
but not read yet is told apart from one that nobody can read.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from smup_lib.errors import UnreadableFileError
from smup_lib.sources.area_register import AREA_SHEET
from smup_lib.sources.bdl_crel import plain_header
from smup_lib.sources.bdl_ctab import read_ctab_header
from smup_lib.sources.bdl_grid import grid_header_rows, grid_sheet
from smup_lib.sources.cke_exam import EXAM_SHEET
from smup_lib.sources.input_files import HEAD_BYTES, InputFile, is_zip
from smup_lib.sources.mf_pit import PIT_SHEET
from smup_lib.sources.text import decode_text, first_line, split_row
from smup_lib.sources.vital_statistics import VITAL_SHEET
from smup_lib.sources.workbook import Workbook, is_old_office, open_workbook

_SEEN = 70
_WORKBOOKS = (".xlsx", ".xlsm")
_NO_WORKBOOK = "Plik Excela jest uszkodzony albo to nie plik Excela."
_EXPECTED = (
    "eksport z BDL (csv: CTAB albo CREL, Excel: XTAB albo XREL), rejestr TERC (csv), granice"
    " (GeoJSON, TopoJSON albo GML), skoroszyt MF (udziały w PIT), CKE (wyniki egzaminu),"
    " GUS (tablica IV) albo GUGiK (powierzchnia), tabela csv z kolumnami unit_code, year,"
    " variable, value albo unit_code, functional_class"
)
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0e-\x19\x1b-\x1f\x7f]")
_SEPARATORS = (";", ",", "\t")
_HEADER_LINES = 9


class FileKind(StrEnum):
    """Kinds of files that are told apart."""

    CTAB = "bdl_ctab"
    CREL = "bdl_crel"
    TERC = "terc"
    BOUNDARIES = "boundaries"
    LONG_TABLE = "long_table"
    VARIABLE_DICTIONARY = "variable_dictionary"
    UNIT_DICTIONARY = "unit_dictionary"
    FUNCTIONAL_CLASSES = "functional_classes"
    ARCHIVE = "archive"
    WMRODZ = "wmrodz"
    XTAB = "bdl_xtab"
    XREL = "bdl_xrel"
    OLD_CTAB = "bdl_ctab_old"
    PIT_SHARES = "mf_pit_shares"
    EXAM_RESULTS = "cke_exam_results"
    VITAL_STATISTICS = "gus_vital_statistics"
    AREA_REGISTER = "gugik_areas"
    WORKBOOK = "workbook"
    GML = "gml"
    SERVICE = "service"


#: Files of bare numbers: an empty cell or a zero in them has no reason beside it.
FLAGLESS = (FileKind.CTAB, FileKind.XTAB, FileKind.OLD_CTAB)
#: What the report calls each kind.
KIND_NAMES: dict[FileKind, str] = {
    FileKind.CTAB: "eksport BDL, układ szeroki (CTAB)",
    FileKind.CREL: "eksport BDL, układ długi ze znacznikami (CREL)",
    FileKind.TERC: "rejestr TERYT (TERC)",
    FileKind.BOUNDARIES: "granice jednostek",
    FileKind.LONG_TABLE: "tabela długa (jedna wartość w wierszu)",
    FileKind.VARIABLE_DICTIONARY: "słownik zmiennych zestawu",
    FileKind.UNIT_DICTIONARY: "słownik jednostek zestawu",
    FileKind.FUNCTIONAL_CLASSES: "klasy funkcjonalne jednostek",
    FileKind.ARCHIVE: "archiwum zip",
    FileKind.WMRODZ: "słownik rodzajów miejscowości TERYT (WMRODZ)",
    FileKind.XTAB: "eksport BDL w Excelu, układ szeroki (XTAB)",
    FileKind.XREL: "eksport BDL w Excelu, układ długi (XREL)",
    FileKind.OLD_CTAB: "eksport BDL, układ szeroki z nagłówkiem w kilku wierszach (sprzed 2014 r.)",
    FileKind.PIT_SHARES: "MF, udziały JST w podatku PIT",
    FileKind.EXAM_RESULTS: "CKE, wyniki egzaminu ósmoklasisty według szkół",
    FileKind.VITAL_STATISTICS: "GUS, ruch naturalny ludności (tablica IV)",
    FileKind.AREA_REGISTER: "GUGiK, powierzchnia jednostek",
    FileKind.WORKBOOK: "arkusz Excela",
    FileKind.GML: "granice w GML",
    FileKind.SERVICE: "odpowiedzi serwisu w internecie",
}
#: Exports of the Local Data Bank: what their columns mean must be told or recognised.
EXPORTS = (FileKind.CTAB, FileKind.CREL, FileKind.XTAB, FileKind.XREL, FileKind.OLD_CTAB)
#: Workbooks of offices, whose columns tell their variable.
OFFICIAL = (
    FileKind.PIT_SHARES,
    FileKind.EXAM_RESULTS,
    FileKind.VITAL_STATISTICS,
    FileKind.AREA_REGISTER,
)
#: Kinds that this workbench reads; the rest is kept raw and named.
READ_KINDS = frozenset(
    {
        FileKind.TERC,
        FileKind.BOUNDARIES,
        FileKind.GML,
        FileKind.LONG_TABLE,
        FileKind.VARIABLE_DICTIONARY,
        FileKind.UNIT_DICTIONARY,
        FileKind.FUNCTIONAL_CLASSES,
        FileKind.SERVICE,
        *EXPORTS,
        *OFFICIAL,
    }
)
#: What to do with a kind that is known but not read yet.
ADVICE: dict[FileKind, str] = {
    FileKind.WORKBOOK: "co zrobić: zapisz arkusz jako „CSV UTF-8” z kolumnami unit_code, year,"
    " variable, value",
    FileKind.WMRODZ: "nie jest potrzebny: rodzaje miejscowości nie wchodzą do wskaźników",
}

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "dokument PDF"),
    (b"PAR1", "plik Parquet"),
    (b"SQLite format 3", "baza SQLite"),
    (b"\x89PNG", "obraz PNG"),
    (b"\xff\xd8\xff", "zdjęcie JPEG"),
    (b"GIF8", "obraz GIF"),
    (b"7z\xbc\xaf", "archiwum 7z"),
    (b"Rar!", "archiwum RAR"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
)


@dataclass(frozen=True)
class Recognised:
    """A file and what it is.

    Attributes
    ----------
    kind : FileKind
    separator : str
        Separator of a delimited file, otherwise empty.
    """

    kind: FileKind
    separator: str = ""

    @property
    def supported(self) -> bool:
        """Whether the workbench reads this kind."""
        return self.kind in READ_KINDS


def recognise(file: InputFile) -> Recognised:
    """Tell what a file is.

    Raises
    ------
    UnreadableFileError
        When it is empty, an HTML page, garbage or anything else that is no data; the message
        says what was seen.
    """
    return recognise_head(file.head(), file.name, lambda: _workbook(file))


def recognise_head(
    head: bytes, where: str, workbook: Callable[[], Workbook | None] = lambda: None
) -> Recognised:
    """Tell what a file is from its beginning.

    Parameters
    ----------
    head : bytes
        Up to :data:`HEAD_BYTES` of the unpacked content.
    where : str
        Name of the file, for messages.
    workbook : callable
        Opens the file as a workbook; None when the zip archive is none.

    Examples
    --------
    >>> recognise_head(b"WOJ;POW;GMI;RODZ;NAZWA;NAZWA_DOD;STAN_NA\\r\\n", "x.csv").kind.value
    'terc'
    """
    if not head.strip():
        raise UnreadableFileError(
            "Plik jest pusty.",
            where=where,
            expected=_EXPECTED,
            next_step="pobierz plik jeszcze raz",
        )
    if is_zip(head) or is_old_office(head):
        book = workbook()
        return Recognised(FileKind.ARCHIVE if book is None else _workbook_kind(book))
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            raise _refused(f"To jest {name}, a nie dane.", where)
    text = _text_of(head, where)
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith(("{", "[")):
        return _recognise_json(start, where)
    if start.startswith("<"):
        return _recognise_markup(start, where)
    return _recognise_table(start, where)


def _text_of(head: bytes, where: str) -> str:
    """Return the beginning as text; its last bytes may be half a letter."""
    workbook = _NO_WORKBOOK if where.casefold().endswith(_WORKBOOKS) else ""
    try:
        if len(head) == HEAD_BYTES:
            head = head[: max(head.rfind(b"\n"), head.rfind(b"\r"), HEAD_BYTES - 4)]
        text, _ = decode_text(head, where)
    except UnreadableFileError as error:
        raise _refused(workbook or error.what, where, error.next_step) from error
    if len(_CONTROL.findall(text)) > len(text) / 100:
        what = workbook or "To nie jest plik tekstowy ani żaden znany format."
        raise _refused(what, where, "pobierz plik jeszcze raz")
    return text


def _refused(what: str, where: str, next_step: str | None = None) -> UnreadableFileError:
    return UnreadableFileError(what, where=where, expected=_EXPECTED, next_step=next_step)


#: What tells each layout of a workbook apart, asked in this order.
_SHEETS: tuple[tuple[FileKind, Callable[[Workbook], str | None]], ...] = (
    (FileKind.PIT_SHARES, PIT_SHEET.find),
    (FileKind.EXAM_RESULTS, EXAM_SHEET.find),
    (FileKind.AREA_REGISTER, AREA_SHEET.find),
    (FileKind.VITAL_STATISTICS, VITAL_SHEET.find),
    (FileKind.OLD_CTAB, grid_sheet),
)


def _workbook_kind(book: Workbook) -> FileKind:
    if "DANE" in book.names:
        return FileKind.XREL
    if "TABLICA" in book.names:
        return FileKind.XTAB
    return next((kind for kind, find in _SHEETS if find(book) is not None), FileKind.WORKBOOK)


def _workbook(file: InputFile) -> Workbook | None:
    """Open a workbook; None when the zip archive is none."""
    if is_old_office(file.head()):
        return open_workbook(file.read(), file.name)
    source = io.BytesIO(file.read()) if file.member else file.path
    try:
        with zipfile.ZipFile(source) as archive:
            if "xl/workbook.xml" not in archive.namelist():
                return None
    except (zipfile.BadZipFile, EOFError, OSError) as error:
        raise UnreadableFileError(
            "Spakowany plik jest ucięty albo uszkodzony.",
            where=file.name,
            expected="całe archiwum zip albo cały skoroszyt",
            next_step="pobierz plik jeszcze raz",
        ) from error
    return open_workbook(file.read(), file.name)


def _recognise_json(start: str, where: str) -> Recognised:
    if re.search(r'"type"\s*:\s*"(FeatureCollection|Topology)"', start):
        return Recognised(FileKind.BOUNDARIES)
    if re.search(r'"(errorResult|errors?|errorReason)"', start):
        raise _refused(f"To jest odpowiedź z błędem, a nie dane: {_shown(start)}", where)
    raise _refused(f"To jest JSON, ale nie granice jednostek: {_shown(start)}", where)


def _recognise_markup(start: str, where: str) -> Recognised:
    lowered = start.casefold()
    if "<html" in lowered or "<!doctype html" in lowered or "<body" in lowered:
        title = re.search(r"<title[^>]*>(.*?)</title>", start, re.IGNORECASE | re.DOTALL)
        said = f" („{_shown(title[1])}”)" if title and title[1].strip() else ""
        raise _refused(
            f"To jest strona internetowa{said}, a nie dane.",
            where,
            "serwer oddał stronę zamiast pliku: pobierz plik jeszcze raz w przeglądarce",
        )
    if "opengis.net/gml" in lowered:
        return Recognised(FileKind.GML)
    raise _refused(f"To jest XML, którego program nie zna: {_shown(start)}", where)


def _recognise_table(start: str, where: str) -> Recognised:
    line = first_line(start)
    lines = [below for below in start.splitlines()[:_HEADER_LINES] if below.strip()]
    for separator in _SEPARATORS:
        cells = [cell.strip() for cell in split_row(line, separator)]
        kind = _table_kind(cells, separator)
        if kind is None and grid_header_rows([split_row(row, separator) for row in lines]):
            kind = FileKind.OLD_CTAB
        if kind is not None:
            return Recognised(kind, separator)
    raise _unknown_table(line, where)


def _table_kind(cells: Sequence[str], separator: str) -> FileKind | None:
    names = [plain_header(cell) for cell in cells]
    different = set(names)
    if names[:2] == ["kod", "nazwa"]:
        if {"rok", "wartosc"} <= different:
            return FileKind.CREL
        kept = cells[:-1] if not cells[-1] else cells
        return FileKind.CTAB if read_ctab_header(kept, separator) else None
    known: tuple[tuple[set[str], FileKind], ...] = (
        ({"woj", "pow", "gmi", "rodz", "nazwa", "nazwa_dod", "stan_na"}, FileKind.TERC),
        ({"rm", "nazwa_rm", "stan_na"}, FileKind.WMRODZ),
        ({"unit_code", "year", "variable", "value"}, FileKind.LONG_TABLE),
        ({"unit_code", "functional_class"}, FileKind.FUNCTIONAL_CLASSES),
        ({"unit_code", "level", "name", "unit_type"}, FileKind.UNIT_DICTIONARY),
        ({"id", "level", "label_pl", "unit"}, FileKind.VARIABLE_DICTIONARY),
    )
    return next((kind for needed, kind in known if needed <= different), None)


def _unknown_table(line: str, where: str) -> UnreadableFileError:
    shown = _shown(line)
    names = {plain_header(cell) for sep in _SEPARATORS for cell in split_row(line, sep)}
    if {"kod", "nazwa"} <= names:
        return UnreadableFileError(
            f"To wygląda na eksport z BDL, ale nagłówek jest skrócony: {shown}",
            where=where,
            expected="kolumny opisane jak w oryginale: „ogółem;2021;[zł]” (opis, rok, jednostka)",
            next_step="pobierz plik jeszcze raz i nie zmieniaj nagłówka",
        )
    wanted = ("unit_code", "year", "variable", "value")
    missing = [name for name in wanted if name not in names]
    if len(missing) <= 2:
        return UnreadableFileError(
            f"Tabela długa bez kolumn: {', '.join(missing)}. Nagłówek: {shown}",
            where=where,
            expected=", ".join(wanted),
            next_step="dopisz brakujące kolumny do nagłówka",
        )
    return _refused(f"Nieznany układ pliku. Pierwszy wiersz: {shown}", where)


def _shown(text: str) -> str:
    """Return the beginning of a text in one printable line."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text[: _SEEN * 3])
    plain = " ".join(plain.split())
    return plain if len(plain) <= _SEEN else plain[:_SEEN] + "…"
