"""Read a plain long table: ``unit_code, year, variable, value`` and perhaps a flag.

The layout of the panels and of users' own tables. ``variable`` holds ids or aliases of the
catalogue; which ones it knows is decided by the importer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from smup_lib.errors import UnreadableFileError
from smup_lib.flags import FLAGS, NULL_FLAGS, QUALIFIERS
from smup_lib.sources.bdl_table import FLAG_CODES, UNREADABLE, counted_parts, repair_warning
from smup_lib.sources.coded_text import coded, coded_cells, repeated
from smup_lib.sources.numbers import (
    AMBIGUOUS,
    NO_NUMBER,
    DecimalMark,
    NumberCells,
    read_numbers,
)
from smup_lib.sources.quarantine import broken_rows, joined, quarantine_rows
from smup_lib.sources.text import TextForm, TextTable, read_text_table
from smup_lib.sources.unit_column import UnitCells, read_unit_cells

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

NEEDED = ("unit_code", "year", "variable", "value")
OPTIONAL = ("flag", "qualifiers", "source")
#: Publishers named in the ``source`` column of the panels; any other name makes a table one's own.
_OFFICIAL = frozenset({"GUS", "GUS BDL", "MF"})
#: So many sources named in one file have numbers of their own; more would drown a page of sources.
MOST_ORIGINS = 100
_YEARS = (1945, 2100)
_DOUBLED = "dwa wiersze tabeli podają różne wartości tej samej jednostki, roku i zmiennej"


@dataclass(frozen=True)
class LongTable:
    """A long table, read.

    Attributes
    ----------
    rows : DataFrame
        ``unit_code, level, year, variable, value, flag, qualifiers, decimals, origin, row``;
        ``variable`` and ``origin`` (the column ``source``) as written in the file.
    quarantine : DataFrame
        Rows that cannot be read, with reasons.
    parts : mapping
        Kind of part -> Counter of flags, left out because it repeats its unit.
    areas : mapping
        Statistical level -> number of rows left out.
    official : bool
        Whether every row names an official publisher.
    form : TextForm
    warnings : tuple of str
    """

    rows: pd.DataFrame
    quarantine: pd.DataFrame
    parts: Mapping[str, Counter[str]]
    areas: Mapping[str, int]
    official: bool
    form: TextForm
    warnings: tuple[str, ...]


def read_long_table(
    content: bytes, separator: str, file: str, decimal: DecimalMark | None = None
) -> LongTable:
    """Read a long table.

    Parameters
    ----------
    content : bytes
        The unpacked file.
    separator : str
        ``;`` (decimal comma) or ``,`` (decimal point).
    file : str
        Name of the file, for messages and the quarantine.
    decimal : {",", "."}, optional
        The decimal mark when the user tells it.

    Raises
    ------
    UnreadableFileError
        When a column is missing or named twice, or the file is cut.
    """
    table = read_text_table(content, separator, file)
    columns = _named_columns(table, file)
    units = read_unit_cells(columns["unit_code"])
    frame, reasons = _frame(table, columns, units, decimal)
    bad = reasons != ""
    unit, part = units.where("unit"), units.where("part") & ~bad
    rows = frame[unit & ~bad]
    rows, doubled, repeated = _once(rows)
    origins = set(frame["origin"].cat.categories)
    ignored = [name for name in table.header if name.strip().casefold() not in columns]
    return LongTable(
        rows=rows.drop(columns=["code_text", "text", "label"]),
        quarantine=joined(
            [
                broken_rows(file, table.broken),
                quarantine_rows(file, frame[bad], reasons[bad]),
                quarantine_rows(file, doubled, _DOUBLED),
            ]
        ),
        parts=counted_parts(frame[part].assign(kind=units.taken("kind")[part])),
        areas=dict(Counter(units.taken("level")[units.where("area") & ~bad])),
        official=bool(origins) and origins <= _OFFICIAL,
        form=table.form,
        warnings=table.warnings + _warnings(units, repeated, ignored),
    )


def _named_columns(table: TextTable, file: str) -> dict[str, Any]:
    names = [cell.strip().casefold() for cell in table.header]
    doubled = sorted({name for name in names if names.count(name) > 1})
    missing = [name for name in NEEDED if name not in names]
    if missing or doubled:
        raise UnreadableFileError(
            f"Brak kolumn: {', '.join(missing)}."
            if missing
            else f"Kolumny powtarzają się: {', '.join(doubled)}.",
            where=file,
            expected=f"{', '.join(NEEDED)}; opcjonalnie {', '.join(OPTIONAL)}",
            next_step="popraw nagłówek pliku",
        )
    known = NEEDED + OPTIONAL
    return {name: table.columns[names.index(name)] for name in known if name in names}


def _frame(
    table: TextTable,
    columns: Mapping[str, Any],
    units: UnitCells,
    decimal: DecimalMark | None,
) -> tuple[pd.DataFrame, np.ndarray[Any, Any]]:
    """Return all rows and, for each, why it cannot be read (empty when it can)."""
    import numpy as np
    import pandas as pd

    numbers = read_numbers(columns["value"], table.form.separator, decimal)
    year = _years(columns["year"])
    variable = coded_cells(columns["variable"])
    flag, qualifiers, wrong = _flags(numbers, columns)
    reasons = _reasons(wrong, numbers, variable == "", year == 0, units)
    null = flag >= FLAG_CODES[NULL_FLAGS[0]]
    unusable = reasons != ""
    flag = np.where(unusable, UNREADABLE, flag)
    decimals = np.where(null | unusable, -1, numbers.decimals)
    no_origin = repeated("", len(reasons))
    frame = pd.DataFrame(
        {
            "unit_code": units.taken("code"),
            "level": units.taken("level"),
            "code_text": coded(units.index, units.texts),
            "year": year.astype("int16"),
            "variable": variable,
            "label": variable,
            "value": np.where(null, np.nan, numbers.values),
            "flag": coded(flag, FLAGS),
            "qualifiers": qualifiers,
            "decimals": pd.arrays.IntegerArray(decimals.astype("int8"), decimals < 0),
            "origin": coded_cells(columns["source"]) if "source" in columns else no_origin,
            "row": table.lines,
            "text": columns["value"].to_pandas(),
        },
        copy=False,
    )
    return frame, reasons


def _reasons(
    contradicting: np.ndarray[Any, Any],
    numbers: NumberCells,
    nameless: np.ndarray[Any, Any],
    yearless: np.ndarray[Any, Any],
    units: UnitCells,
) -> np.ndarray[Any, Any]:
    """Return why each row cannot be read, empty when it can; the worst reason counts."""
    import numpy as np

    reasons = np.full(len(nameless), "", dtype=object)
    reasons[contradicting] = "znacznik nie zgadza się z wartością albo nie jest znany"
    reasons[numbers.unreadable] = NO_NUMBER
    reasons[numbers.ambiguous] = AMBIGUOUS
    reasons[nameless] = "brak nazwy zmiennej"
    reasons[yearless] = "roku nie da się odczytać"
    bad_code = units.where("unreadable")
    reasons[bad_code] = np.asarray(units.taken("reason"))[bad_code]
    return reasons


def _years(cells: Any) -> np.ndarray[Any, Any]:
    """Return years, 0 where the cell is none."""
    import numpy as np
    import pyarrow.compute as pc

    encoded = pc.utf8_trim_whitespace(cells).dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    years = np.array([_year(text) for text in texts] or [0], dtype="int64")
    told: np.ndarray[Any, Any] = years[encoded.indices.to_numpy(zero_copy_only=False)]
    return told


def _year(text: str) -> int:
    number = text.removesuffix(".0")
    if not (number.isascii() and number.isdigit()):
        return 0
    return int(number) if _YEARS[0] <= int(number) <= _YEARS[1] else 0


def _flags(
    numbers: NumberCells, columns: Mapping[str, Any]
) -> tuple[np.ndarray[Any, Any], Any, np.ndarray[Any, Any]]:
    """Return flag codes, qualifiers and which rows contradict themselves."""
    import numpy as np
    import pandas as pd

    size = len(numbers.values)
    told = np.where(numbers.number, FLAG_CODES["ok"], FLAG_CODES["no_data"]).astype("int8")
    wrong = np.zeros(size, dtype=bool)
    if "flag" in columns:
        written = coded_cells(columns["flag"])
        codes = np.array(
            [FLAG_CODES.get(word, UNREADABLE) for word in written.categories] or [0], dtype="int8"
        )[written.codes]
        given = np.asarray(written != "")
        told = np.where(given, codes, told)
        first_null = FLAG_CODES[NULL_FLAGS[0]]
        wrong = given & ((codes == UNREADABLE) | (numbers.number != (codes < first_null)))
        wrong |= given & (codes == FLAG_CODES["true_zero"]) & (numbers.values != 0)
    if "qualifiers" not in columns:
        return told, repeated("", size), wrong
    written = coded_cells(columns["qualifiers"])
    words = [_qualifiers(word) for word in written.categories]
    known = np.array([word is not None for word in words] or [True])[written.codes]
    ordered = np.array([word or "" for word in words] or [""], dtype=object)[written.codes]
    return told, pd.Categorical(ordered), wrong | ~known


def _qualifiers(text: str) -> str | None:
    parts = {part.strip() for part in text.replace(";", ",").split(",")} - {""}
    return ",".join(sorted(parts)) if parts <= set(QUALIFIERS) else None


def _once(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """Return rows with one row a key, the contradicting ones, and how many merely repeat.

    What the file names as the source belongs to the key, unless it names too many.
    """
    import numpy as np
    import pandas as pd

    key = ["unit_code", "year", "variable"]
    key += ["origin"] if rows["origin"].nunique() <= MOST_ORIGINS else []
    packed = rows["year"].to_numpy().astype("int64")
    for name in key:
        if name != "year":
            words = rows[name].cat
            packed = packed * len(words.categories) + words.codes.to_numpy()
    twice = pd.Series(packed, index=rows.index).duplicated(keep=False)
    if not twice.any():
        return rows, rows.iloc[:0], 0
    several = rows[twice]
    said = several.groupby(key, observed=True).agg(
        flags=("flag", "nunique"), values=("value", "nunique")
    )
    clash = said[(said["flags"] > 1) | (said["values"] > 1)]
    clashing = pd.MultiIndex.from_frame(several[key]).isin(clash.index)
    kept = several[~clashing].drop_duplicates(key)
    repeated = int(np.sum(~clashing)) - len(kept)
    return pd.concat([rows[~twice], kept]).sort_index(), several[clashing], repeated


def _warnings(units: UnitCells, repeated: int, ignored: list[str]) -> tuple[str, ...]:
    notes = list(repair_warning(units))
    if repeated:
        notes.append(f"wiersze powtórzone z tą samą wartością, wzięte raz: {repeated}")
    if ignored:
        notes.append(f"kolumny, których program nie używa: {', '.join(ignored)}")
    return tuple(notes)
