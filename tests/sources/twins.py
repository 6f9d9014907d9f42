"""Fictional twins of official files, and the ways in which programs save the same table."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

TWINS = Path(__file__).resolve().parents[1] / "data" / "sources"
TERC_2022 = TWINS / "TERC_fikcyjny_2022-01-01.csv"
TERC_2024 = TWINS / "TERC_fikcyjny_2024-01-01.csv"
REGISTERS = (TERC_2022, TERC_2024)
CTAB = TWINS / "RYNE_1944_CTAB_20250101120000.csv"
CREL = TWINS / "wypadki-fikcyjne.csv"
EDUCATION = TWINS / "FINA_1535_CTAB_20230101090000.csv"
HEALTH = TWINS / "Wydatki_na_zdrowie.csv"
SPORT = TWINS / "KULT_3881_CTAB_20220211231432.csv"
AGES = TWINS / "Ludnosc_wg_wieku.csv"
SUBREGIONS = TWINS / "podregiony-fikcyjne.csv"
PANEL = TWINS / "powiat_panel_fikcyjny_long.csv"
GMINA_PANEL = TWINS / "gmina_panel_fikcyjny_long.csv"
LIBRARY = TWINS / "biblioteka.csv"
GEOJSON = TWINS / "granice_gmin_2024.geojson"
TOPOJSON = TWINS / "granice_gmin_2024.topojson"
#: Voivodeships of the country beside 30 and 32, which real twins fill.
OTHER_VOIVODESHIPS = tuple(f"{number:02d}" for number in range(2, 29, 2))


def rest_of_the_country(day: str) -> str:
    """Return TERC rows of invented powiaty in real voivodeships: a whole register has them all.

    Their numbers (33-59) are those of no powiat of the country. With the four powiaty of the twin
    they are 380, which is not one too many.
    """
    rows = []
    for code in OTHER_VOIVODESHIPS:
        rows.append(f"{code};;;;W{code};województwo;{day}")
        for number in range(33, 58 if code == OTHER_VOIVODESHIPS[-1] else 60):
            rows.append(f"{code};{number};;;p{number};powiat;{day}")
            rows.append(f"{code};{number};01;1;g{number};gmina miejska;{day}")
    return "".join(f"{row}\n" for row in rows)


def real(folder: Path, path: Path, changed: Mapping[str, str] | None = None) -> Path:
    """Return a copy of a twin whose units are real: voivodeship 90 becomes 30, 92 becomes 32.

    A register gets the rest of the country, because none is taken without it.
    """
    text = path.read_text(encoding="utf-8-sig")
    for old, new in ((";90;", ";30;"), ("\n90", "\n30"), ("\n92", "\n32"), ("J90", "J30")):
        text = text.replace(old, new)
    if path in REGISTERS:
        text = f"{text.rstrip()}\n{rest_of_the_country(path.stem[-10:])}"
    for old, new in (changed or {}).items():
        text = text.replace(old, new)
    folder.mkdir(exist_ok=True)
    target = folder / path.name
    target.write_text(text, encoding="utf-8")
    return target


@dataclass(frozen=True)
class Saved:
    """One way of saving a table: what a program or an editor does to a file."""

    encoding: str = "utf-8"
    separator: str = ";"
    line_end: str = "\r\n"
    trailing: bool = True
    final_line_end: bool = True
    blank_last_line: bool = False

    def bytes_of(self, header: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
        """Return a table of text cells as a file; numbers in cells have a decimal comma."""
        quoted = [[f'"{cell}"' for cell in header]]
        lines = quoted + [list(row) for row in rows]
        if self.separator == ",":
            lines = [[self._with_points(cell) for cell in line] for line in lines]
        end = self.separator if self.trailing else ""
        text = self.line_end.join(self.separator.join(line) + end for line in lines)
        text += self.line_end if self.final_line_end else ""
        text += self.line_end if self.blank_last_line else ""
        return text.encode(self.encoding)

    @staticmethod
    def _with_points(cell: str) -> str:
        if cell.startswith('"'):  # inner parts of a header are joined by the separator of the file
            return cell.replace(";", ",")
        return cell.replace(",", ".")


def csv_bytes(text: str, encoding: str = "utf-8") -> bytes:
    """Return a text written with \\n as the CRLF file of an official site."""
    return text.replace("\n", "\r\n").encode(encoding)


def write_zip(path: Path, members: Mapping[str, bytes]) -> Path:
    """Write an archive with the given members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def write_gzip(path: Path, content: bytes) -> Path:
    """Write a gzip file whose bytes do not depend on the clock."""
    path.write_bytes(gzip.compress(content, mtime=0))
    return path
