"""Fictional twins of official workbooks, in the layout of the real ones, written when asked for."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
import xlwt

Cells = Sequence[Sequence[Any]]
#: first row, first column, last row, last column of merged cells, counted from 0
Merge = tuple[int, int, int, int]

LEGEND = "Znak '-' oznacza brak informacji; x - Brak informacji, tajemnica statystyczna"
OPIS = [
    ["Kategoria:", "KATEGORIA FIKCYJNA"],
    ["", "Uwagi do kategorii."],
    ["Grupa:", "GRUPA FIKCYJNA"],
    ["", "-"],
    ["Podgrupa:", "Podgrupa fikcyjna"],
    ["", "-"],
    ["Data ostatniej aktualizacji:", "23.07.2024"],
    ["Wymiary:", "Wyszczególnienie; Rok"],
    ["Przypisy:", LEGEND],
]
XTAB = [
    ["Kod", "Nazwa", "ogółem", "", "w tym kobiety", ""],
    ["", "", "2022", "2023", "2022", "2023"],
    ["", "", "[zł]", "[zł]", "[zł]", "[zł]"],
    ["0000000", "POLSKA", 5000.25, 5500, 4800.5, 5300],
    ["9000000", "PRZYKŁADOWE", 4000, 4400.5, 3900, 4300],
    ["9001000", "Powiat dębowski", 3900.1, 0, "-", "."],
    ["9001011", "Dębowo (1)", 3800, 4100, 3700, 4000],
    ["9001034", "Wierzbno - miasto (4)", 1, 2, 3, 4],
]
XREL_HEADER = ["Kod", "Nazwa", "Wyszczególnienie", "Rok", "Wartosc", "Jednostka miary", "Atrybut"]
XREL = [
    XREL_HEADER,
    ["9001000", "Powiat dębowski", "ogółem", "2022", 12.5, "%", " "],
    ["9001000", "Powiat dębowski", "ogółem", "2023", "-", "%", "n"],
    ["9002000", "Powiat lipowski", "ogółem", "2022", 0, "%", "x"],
    ["9002000", "Powiat lipowski", "ogółem", "2023", 0, "%", " "],
    ["9061000", "Powiat m. Jesionów", "ogółem", "2022", "-", "%", " "],
    ["9061000", "Powiat m. Jesionów", "ogółem", "2023", 7, "%", "M"],
]
#: The layout before 2014: no brackets, old codes (region, voivodeship, subregion, powiat, gmina).
OLD_CTAB = [
    ["Kod", "Jednostka terytorialna", "ogółem", "ogółem"],
    ["", "", "2010", "2011"],
    ["", "", "osoba", "osoba"],
    ["0000000000", "POLSKA", "1000", "1100"],
    ["1900000000", "PRZYKŁADOWE", "90", "91"],
    ["1902100000", "PODREGION", "50", "51"],
    ["1902101000", "Powiat dębowski", "40", "41,5"],
    ["1902101011", "Dębowo", "30", ""],
    ["1902101034", "Wierzbno - miasto", "0", "5"],
]
PIT_TITLE = (
    "Informacja o udziałach jednostek samorządu terytorialnego w podatku PIT za rok budżetowy"
)
PIT_HEADER = [
    ["WK", "PK", "GK", "GT", "Nazwa JST", "województwo", "powiat", "Klasyfikacja budżetowa", "", "",
     "Należności \n (saldo początkowe)", "Dochody wykonane\n(wpłaty minus zwroty)",
     "        Saldo końcowe", "", ""],
    [*[""] * 7, "DZIAŁ", "ROZDZIAŁ", "PARAGRAF", "", "", "należności pozostałe", "", "nadpłaty"],
    [*[""] * 12, "ogółem", "w tym:", ""],
    [*[""] * 13, "zaległości netto", ""],
]  # fmt: skip
PIT_MERGES: tuple[Merge, ...] = ((0, 0, 2, 14), (3, 7, 3, 9), (3, 11, 6, 11))
E8_SUBJECTS = ("język polski", "matematyka", "język angielski", "język niemiecki")
E8_SCHOOL = [
    "ID OKE", "województwo - nazwa", "powiat - nazwa", "Gmina - nazwa", "Typ gminy",
    "Kod teryt gminy", "RSPO", "rodzaj placówki\n", "czy publiczna", "Nazwa szkoły", "Miejscowość",
    "Ulica nr",
]  # fmt: skip
E8_RESULT = [
    "liczba zdających", "wynik średni (%)", "odchylenie standardowe (%)", "mediana (%)",
    "modalna (%)",
]  # fmt: skip
AREAS = [
    ["TERYT", "Nazwa jednostki", "Powierzchnia [ha]", "Powierzchnia [km2]"],
    ["00", "POLSKA", 100000, 1000],
    ["90 ", "PRZYKŁADOWE", 40050, 401],
    ["90 01", "powiat dębowski", 30050, 301],
    ["90 01 01 1", "Dębowo", 2361, 24],
    ["90 01 03 3", "Wierzbno", 12345, 123],
    ["90 01 03 4", "Wierzbno - miasto", 345, 3],
    ["90 02 01 1", "Lipowo", 1000, 25],
]
VITAL = [
    ["TABL. IV. RUCH NATURALNY LUDNOŚCI WEDŁUG GMIN W 2020 R.", "", "", "", "", "", ""],
    ["VITAL STATISTICS BY GMINAS IN 2020", "", "", "", "", "", ""],
    [""] * 7,
    ["WYSZCZEGÓLNIENIE", "Kod\nCode", "Małżeństwa", "Urodzenia żywe", "Zgony", "", "Przyrost"],
    ["SPECIFICATION", "", "Marriages", "Live births", "Deaths", "", "naturalny"],
    ["", "", "", "", "ogółem", "w tym niemowląt", ""],
    ["", "", "", "", "total", "of which infants", ""],
    ["PRZYKŁADOWE", "", 500, 800, 900, 4, -100],
    ["Powiat dębowski", "9001000", 50, 80, 90, 1, -10],
    ["M. Dębowo", "9001011", 20, 30, 31, "-", -1],
    ["G. Dębowo", 9001022.0, 5, 8, 10, "-", -2],
    ["M-W. Wierzbno", 9001033.0, 9, 10, 12, 1, -2],
    ["Wierzbno - miasto", 9001034.0, 4, 5, 6, "-", -1],
]


def xlsx(sheets: Mapping[str, Cells], merges: Mapping[str, Sequence[Merge]] | None = None) -> bytes:
    """Return a workbook with texts as texts and numbers as numbers; an empty text is no cell."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for area in (merges or {}).get(name, ()):
                sheet.merge_range(*area, "")
            for line, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, str):
                        if cell:
                            sheet.write_string(line, place, cell)
                    else:
                        sheet.write_number(line, place, cell)
    return content.getvalue()


def xls(sheets: Mapping[str, Cells]) -> bytes:
    """Return a workbook of old Excel."""
    book = xlwt.Workbook(encoding="utf-8")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                if cell != "":
                    sheet.write(line, place, cell)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def xtab(rows: Cells = XTAB, legend: str = LEGEND) -> bytes:
    """Return an XTAB workbook with the merged cells of the real one."""
    opis = [*OPIS[:-1], ["Przypisy:", legend]]
    merges = {"TABLICA": [(0, 0, 2, 0), (0, 1, 2, 1), (0, 2, 0, 3), (0, 4, 0, 5)]}
    return xlsx({"OPIS": opis, "TABLICA": rows}, merges)


def xrel(rows: Cells = XREL) -> bytes:
    """Return an XREL workbook."""
    return xlsx({"OPIS": OPIS, "DANE": rows})


def pit_row(code: str, name: str, chapter: int, amount: Any, paragraph: str = "0010") -> list[Any]:
    """Return a row of shares in PIT; ``code`` is WK, PK, GK and GT with blanks between."""
    return [*code.split(), name, "przykładowe", "-", 756, chapter, paragraph, amount, amount]


def pit(rows: Cells, year: str = "2019", sheet: str = "Arkusz1") -> bytes:
    """Return a workbook of shares in PIT."""
    title = [[f"{PIT_TITLE} {year}".strip()], [], []]
    return xlsx({sheet: [*title, *PIT_HEADER, *rows]}, {sheet: PIT_MERGES})


def school(code: str, rspo: int, *results: tuple[Any, Any]) -> list[Any]:
    """Return a row of exam results: candidates and mean of each subject."""
    row = ["9", "Przykładowe", "dębowski", "Dębowo", "Miasto", code, rspo, "dla młodzieży", "Tak"]
    cells = [*row, f"SZKOŁA {rspo}", "Dębowo", "ul. Leśna 1"]
    for candidates, mean in results:
        cells += [candidates, mean, "", "", ""]
    return cells


def exam(rows: Cells, subjects: Sequence[str] = E8_SUBJECTS) -> bytes:
    """Return a workbook of the eighth-grade exam."""
    over = [""] * len(E8_SCHOOL)
    for subject in subjects:
        over += [subject, "", "", "", ""]
    header = [*E8_SCHOOL, *E8_RESULT * len(subjects)]
    first = len(E8_SCHOOL)
    merges = {"SAS": [(0, first + 5 * n, 0, first + 5 * n + 4) for n in range(len(subjects))]}
    return xlsx({"Legenda": [["Legenda:"]], "SAS": [over, header, *rows]}, merges)


def csv_rows(rows: Cells) -> bytes:
    """Return rows as a csv of the Local Data Bank."""
    lines = [";".join(f'"{c}"' if n < 3 else c for c in row) for n, row in enumerate(rows)]
    return "".join(f"{line};\r\n" for line in lines).encode()


def saved(folder: Path, name: str, content: bytes) -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(content)
    return path
