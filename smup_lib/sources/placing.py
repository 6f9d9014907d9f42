"""Can each row stand: a unit that the register knows, a year in which it existed, a sound value?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from smup_lib.catalogue import Catalogue
from smup_lib.plurals import counted
from smup_lib.snapshots import SourceRecord
from smup_lib.sources.known_units import KnownUnits
from smup_lib.sources.merging import NewRows
from smup_lib.sources.quarantine import empty_quarantine, joined, quarantine_rows
from smup_lib.sources.read_file import ReadFile
from smup_lib.sources.register import NewLayer

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

_NEVER, _ALWAYS = 9999, 0
_VALUES = ("wartość", "wartości", "wartości")
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
    held = [read.quarantine]
    unknown: set[str] = set()
    early: list[pd.DataFrame] = []
    codes: set[str] = set()
    for part in read.parts:
        stranger, ended, before = _misplaced(part.rows, known)
        strangers, gone = part.rows[stranger], part.rows[ended]
        unknown |= set(strangers["unit_code"].unique())
        held.append(_held_rows(part.file, strangers, [known.unknown_reason] * len(strangers)))
        reasons = [known.ended_reason(str(code)) for code in gone["unit_code"]]
        held.append(_held_rows(part.file, gone, reasons))
        negative = _negative(part.rows, catalogue) & ~stranger & ~ended
        held.append(_held_rows(part.file, part.rows[negative], [_NEGATIVE] * int(negative.sum())))
        wrong = stranger | ended | negative
        parts.append(replace(part, rows=part.rows[~wrong] if wrong.any() else part.rows))
        early.append(part.rows[before])
        codes |= set(part.rows["unit_code"].unique())
    years = [int(year) for part in parts for year in part.rows["year"].unique()]
    notes = known.missing_notes(codes, years) + _early_note(early) + known.lost_zero_note(unknown)
    records = tuple(map(_counted_record, read.records, parts))
    return Placed(read, tuple(parts), records, joined(held), tuple(sorted(unknown)), notes)


def _counted_record(record: SourceRecord, part: NewRows) -> SourceRecord:
    return record.model_copy(
        update={
            "rows": len(part.rows),
            "variables": tuple(sorted(map(str, part.rows["variable"].unique()))),
            "years": tuple(sorted(map(int, part.rows["year"].unique()))),
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


def _early_note(early: Iterable[pd.DataFrame]) -> tuple[str, ...]:
    rows = [frame for frame in early if len(frame)]
    if not rows:
        return ()
    first = rows[0].iloc[0]
    return (
        f"{counted(sum(map(len, rows)), _VALUES)} z lat, w których jednostki jeszcze nie było"
        f" (na przykład {first['unit_code']}, {first['year']} r.); wydawca mógł przeliczyć je"
        " wstecz na nowe granice",
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
