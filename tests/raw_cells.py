"""Cells of raw files, found by file and line and read with nothing but the csv module."""

from __future__ import annotations

import csv
import gzip
import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path


@dataclass(frozen=True)
class RawCell:
    """A cell that a person read: the file, the line of the unpacked file (header: 1), unit, year.

    Attributes
    ----------
    file, line, unit, year
        Where it is; the line must be about that unit, and that year must stand in the line or in
        the header of one column.
    """

    file: str
    line: int
    unit: str
    year: int

    def read(self, home: Path) -> float:
        """Read it from the bytes that an import kept in ``SMUP_HOME/raw``."""
        (path,) = (home / "raw").glob(f"*/{self.file}")
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8-sig", newline="") as lines:
            header, line = next(lines), next(islice(lines, self.line - 2, None))
        mark = ";" if header.count(";") > header.count(",") else ","
        names, cells = (
            next(csv.reader([header], delimiter=mark)),
            next(csv.reader([line], delimiter=mark)),
        )
        assert re.fullmatch(rf"{self.unit}0*\d?", cells[0]), f"{self.file}:{self.line}: {line}"
        return float(cells[self._column(names, cells)].replace(",", "."))

    def _column(self, names: list[str], cells: list[str]) -> int:
        """Return the column of the value in a long table, or that of the year in a wide one."""
        lowered = [name.casefold() for name in names]
        for value, year in (("value", "year"), ("wartosc", "rok")):
            if value in lowered:
                assert cells[lowered.index(year)] == str(self.year), cells
                return lowered.index(value)
        (column,) = (i for i, name in enumerate(names) if str(self.year) in name.split(";"))
        return column
