"""Can each row stand: a unit that the register knows, a year in which it existed, a sound value?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from smup_lib.catalogue import Catalogue
from smup_lib.plurals import VALUE_NOUN, counted
from smup_lib.snapshots import SourceRecord
from smup_lib.sources.known_units import KnownUnits
from smup_lib.sources.new_rows import NewRows
from smup_lib.sources.quarantine import empty_quarantine, joined, quarantine_rows
from smup_lib.sources.read_file import ReadFile
from smup_lib.sources.register import NewLayer

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

_NEVER, _ALWAYS = 9999, 0
_NO_MINUS = ("count", "length", "area", "mass")
_NEGATIVE = "wartość jest ujemna, a ta zmienna nie może być mniejsza od zera"


@dataclass(frozen=True)
class Placed:
    """A data file with only the rows that have a place.

    Attributes
    ----------
    read : ReadFile
    parts : tuple of NewRows
        Rows of known units, without values of years after their end and without values that
        cannot be.
    records : tuple of SourceRecord
        What the manifest will say of each source: only rows that have a place are counted.
    quarantine : DataFrame
        Rows that could not be read, and rows without a place.
    unknown : tuple of str
        Codes that the register does not know.
    notes : tuple of str
        Doubts: units missing in the file, values from before a unit began.
    """

    read: ReadFile
    parts: tuple[NewRows, ...]
    records: tuple[SourceRecord, ...]
    quarantine: pd.DataFrame
    unknown: tuple[str, ...]
    notes: tuple[str, ...]


def place_rows(read: ReadFile, known: KnownUnits, catalogue: Catalogue) -> Placed:
    """Return a file without the rows that have no place; those go to quarantine.

    A row without a value of a unit that had ended says nothing wrong and stays: wide exports list
    every unit in every year.

    Parameters
    ----------
    read : ReadFile
    known : KnownUnits
        The register and the territorial changes.
    catalogue : Catalogue
        What the variables measure: a number of things, a length, an area or a mass has no minus.
    """
    parts: list[NewRows] = []
    records: list[SourceRecord] = []
    held = [read.quarantine]
    unknown: set[str] = set()
    early = _Early()
    codes: set[str] = set()
    for part, record in zip(read.parts, read.records, strict=True):
        rows = part.rows
        stranger, ended, before = _misplaced(rows, known)
        strangers, gone = rows[stranger], rows[ended]
        unknown |= set(strangers["unit_code"].unique())
        held.append(_held_rows(part.file, strangers, [known.unknown_reason] * len(strangers)))
        reasons = [known.ended_reason(str(code)) for code in gone["unit_code"]]
        held.append(_held_rows(part.file, gone, reasons))
        negative = _negative(rows, catalogue) & ~stranger & ~ended
        held.append(_held_rows(part.file, rows[negative], [_NEGATIVE] * int(negative.sum())))
        early.count(rows[before])
        codes |= set(rows["unit_code"].unique())
        wrong = stranger | ended | negative
        if wrong.any():
            rows = rows[~wrong]
            part = part.with_rows(rows)
        parts.append(part)
        records.append(_counted_record(record, part, rows))
    years = [year for record in records for year in record.years]
    notes = known.missing_notes(codes, years) + early.note() + known.lost_zero_note(unknown)
    return Placed(read, tuple(parts), tuple(records), joined(held), tuple(sorted(unknown)), notes)


def _counted_record(record: SourceRecord, part: NewRows, rows: pd.DataFrame) -> SourceRecord:
    return record.model_copy(
        update={
            "rows": len(rows),
            "variables": tuple(sorted(part.counts)),
            "years": tuple(sorted(map(int, rows["year"].unique()))),
        }
    )


def _misplaced(
    rows: pd.DataFrame, known: KnownUnits
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return which rows have an unknown unit, a value after its end, one from before it began."""
    import numpy as np

    units = rows["unit_code"].cat
    words = list(units.categories)
    stranger = np.array([word not in known.codes for word in words], dtype=bool)
    last = np.array([known.last_years.get(word, _NEVER) for word in words], dtype="int16")
    first = np.array([known.first_years.get(word, _ALWAYS) for word in words], dtype="int16")
    place = units.codes.to_numpy()
    year = rows["year"].to_numpy()
    told = ~np.isnan(rows["value"].to_numpy())
    if not words:
        empty = np.zeros(len(rows), dtype=bool)
        return empty, empty, empty
    return stranger[place], told & (year > last[place]), told & (year < first[place])


def _negative(rows: pd.DataFrame, catalogue: Catalogue) -> np.ndarray[Any, Any]:
    """Return which rows have a minus where none can be; rates and money may have one."""
    import numpy as np

    variables = rows["variable"].cat
    kinds = [catalogue.variables[name].kind for name in variables.categories]
    bounded = np.array([kind in _NO_MINUS for kind in kinds] or [False])
    impossible: np.ndarray[Any, Any] = bounded[variables.codes.to_numpy()]
    return impossible & (rows["value"].to_numpy() < 0)


@dataclass
class _Early:
    """Values from before their unit began."""

    values: int = 0
    first: str = ""

    def count(self, rows: pd.DataFrame) -> None:
        if len(rows) and not self.values:
            self.first = f"{rows.iloc[0]['unit_code']}, {rows.iloc[0]['year']} r."
        self.values += len(rows)

    def note(self) -> tuple[str, ...]:
        if not self.values:
            return ()
        return (
            f"{counted(self.values, VALUE_NOUN)} z lat, w których jednostki jeszcze nie było"
            f" (na przykład {self.first}); wydawca mógł przeliczyć je wstecz na nowe granice",
        )


def _held_rows(file: str, rows: pd.DataFrame, reasons: list[str]) -> pd.DataFrame:
    if rows.empty:
        return empty_quarantine()
    shown = rows.assign(
        code_text=rows["unit_code"],
        label=rows["variable"],
        text=[_said(value, flag) for value, flag in zip(rows["value"], rows["flag"], strict=True)],
    )
    return quarantine_rows(file, shown, reasons)


def _said(value: float, flag: str) -> str:
    """Return a value as it would be typed in Poland; a null by its flag."""
    return f"{Decimal(f'{value:.15g}'):f}".replace(".", ",") if value == value else f"({flag})"


def place_layer(
    layer: NewLayer, left_out: Iterable[tuple[str, str]], known: KnownUnits
) -> tuple[NewLayer, pd.DataFrame]:
    """Return a layer without shapes of units that have no place, and those as quarantine."""
    import pandas as pd

    codes = layer.boundaries["unit_code"]
    year = int(layer.boundaries["year"].max()) if len(codes) else 0
    wrong = {code: known.unknown_reason for code in codes if code not in known.codes}
    ended = (code for code in codes if year > known.last_years.get(code, _NEVER))
    wrong |= {code: known.ended_reason(code) for code in ended}
    waiting = [*left_out, *wrong.items()]
    if not waiting:
        return layer, empty_quarantine()
    rows = pd.DataFrame(
        {
            "row": 0,
            "code_text": [code for code, _ in waiting],
            "year": year,
            "label": "granica",
            "text": "",
        }
    )
    held = quarantine_rows(layer.file, rows, [reason for _, reason in waiting])
    kept = layer.boundaries[~codes.isin(list(wrong))].reset_index(drop=True)
    return replace(layer, boundaries=kept), held
