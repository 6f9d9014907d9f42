"""Read a long BDL export (CREL): one row a unit, series and year, with a flag.

The flag column (``Atrybut``) holds one sign of the Local Data Bank. ``x`` stands beside a zero
that is no zero: no information, or a statistical secret.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from smup_lib.errors import UnreadableFileError
from smup_lib.sources.bdl_table import (
    FLAG_CODES,
    UNREADABLE,
    YEAR,
    BdlTable,
    CellValues,
    RowsOfFile,
    Series,
    build_bdl_table,
)
from smup_lib.sources.numbers import DecimalMark, NumberCells, read_numbers
from smup_lib.sources.sheet_cells import series_decimals
from smup_lib.sources.text import read_text_table
from smup_lib.sources.unit_column import read_unit_cells

if TYPE_CHECKING:
    import numpy as np

_KNOWN = ("kod", "nazwa", "rok", "wartosc", "jednostka miary", "atrybut")


@dataclass(frozen=True)
class Attribute:
    """What a sign of the Local Data Bank does to a value.

    ``flag`` None leaves the value as it is; ``number`` tells whether a number beside the sign is
    believed (``0`` beside a sign of absence never is).
    """

    flag: str | None = None
    qualifiers: str = ""


#: Signs of BDL (domain: attribute ids 3 to 98). An unknown sign sends its rows to quarantine.
ATTRIBUTES: dict[str, Attribute] = {
    "": Attribute(),
    "k": Attribute(qualifiers="incomplete"),
    "x": Attribute("missing_or_secret"),
    "a": Attribute("below_format"),
    "s": Attribute(qualifiers="preliminary"),
    "M": Attribute(qualifiers="method_change"),
    "K": Attribute(qualifiers="incomplete,method_change"),
    "X": Attribute("missing_or_secret", "method_change"),
    "A": Attribute("below_format", "method_change"),
    "-": Attribute("no_data"),
    "v": Attribute(qualifiers="low_precision"),
    "n": Attribute("not_available_yet"),
    "z": Attribute("true_zero"),
    "Z": Attribute("true_zero", "method_change"),
    "p": Attribute(qualifiers="joint_with_city"),
}


def read_crel(
    content: bytes, separator: str, file: str, decimal: DecimalMark | None = None
) -> BdlTable:
    """Read a CREL export.

    Parameters
    ----------
    content : bytes
        The unpacked file.
    separator : str
        ``;`` or ``,``.
    file : str
        Name of the file, for messages and the quarantine.
    decimal : {",", "."}, optional
        The decimal mark when the user tells it.

    Raises
    ------
    UnreadableFileError
        When a needed column is missing, or the file is cut.
    """
    table = read_text_table(content, separator, file)
    columns = named_columns(table.header, table.columns, file)
    return build_long(file, table, columns, read_numbers(columns["wartosc"], separator, decimal))


def build_long(
    file: str,
    table: RowsOfFile,
    columns: dict[str, Any],
    numbers: NumberCells,
    of_sheet: bool = False,
) -> BdlTable:
    """Return a long export whose columns are known.

    Parameters
    ----------
    file : str
        Name of the file, for the quarantine.
    table : RowsOfFile
        Its rows.
    columns : dict
        Plain header -> pyarrow string array; see :func:`named_columns`.
    numbers : NumberCells
        The column of values.
    of_sheet : bool
        Whether a sheet held the numbers, which keeps no zeros behind the decimal mark.
    """
    dimensions = [name for name in columns if name not in _KNOWN]
    units = read_unit_cells(columns["kod"], columns.get("nazwa"))
    series, series_of_row = _series(columns, dimensions)
    flag, value, qualifiers, decimals = _flagged(numbers, columns)
    year = _years(columns["rok"])
    flag[year == 0] = UNREADABLE
    if of_sheet:
        decimals = series_decimals(decimals, series_of_row)
    cells = CellValues(
        row=_rows(len(table.lines)),
        series=series_of_row,
        year=year,
        value=value,
        flag=flag,
        qualifiers=qualifiers,
        decimals=decimals,
        text=_as_written(columns),
        ambiguous=numbers.ambiguous,
    )
    return build_bdl_table(file, table, units, series, cells)


def _rows(count: int) -> np.ndarray[Any, Any]:
    import numpy as np

    return np.arange(count)


def named_columns(header: Sequence[str], columns: Sequence[Any], file: str) -> dict[str, Any]:
    """Return the columns under their plain names.

    Raises
    ------
    UnreadableFileError
        When a needed one is missing, or a name stands twice.
    """
    names = [plain_header(cell) for cell in header]
    missing = [name for name in ("kod", "rok", "wartosc") if name not in names]
    if missing or len(set(names)) < len(names):
        raise UnreadableFileError(
            f"Brak kolumn: {', '.join(missing)}." if missing else "Nazwy kolumn powtarzają się.",
            where=file,
            expected="Kod; Nazwa; wymiary; Rok; Wartosc; Jednostka miary; Atrybut",
            next_step="pobierz plik jeszcze raz",
        )
    return dict(zip(names, columns, strict=True))


def plain_header(cell: str) -> str:
    """Return a header cell for comparison: ``Wartość`` and ``Wartosc`` are one column."""
    return " ".join(cell.casefold().replace("ść", "sc").split())


def _series(
    columns: dict[str, Any], dimensions: Sequence[str]
) -> tuple[tuple[Series, ...], np.ndarray[Any, Any]]:
    """Return the different series and which one each row tells."""
    import numpy as np
    import pandas as pd

    chosen = [*dimensions, *(["jednostka miary"] if "jednostka miary" in columns else [])]
    if not chosen:
        return (Series(("ogółem",), ""),), np.zeros(len(columns["kod"]), dtype="int64")
    told = pd.DataFrame({name: columns[name].to_pandas() for name in chosen})
    number = told.groupby(chosen, sort=False, dropna=False).ngroup().to_numpy()
    different = told[~pd.Series(number).duplicated().to_numpy()]
    series = []
    for row in different.itertuples(index=False):
        cells = [str(cell).strip() for cell in row]
        unit = cells.pop() if "jednostka miary" in columns else ""
        series.append(Series(tuple(cells), "" if unit == "-" else unit))
    return tuple(series), number


def _years(cells: Any) -> np.ndarray[Any, Any]:
    """Return the year of each row; 0 where the cell is no year."""
    import numpy as np
    import pyarrow.compute as pc

    year = pc.match_substring_regex(pc.utf8_trim_whitespace(cells), f"^{YEAR}$")
    text = pc.if_else(year, pc.utf8_trim_whitespace(cells), "0")
    return np.asarray(pc.cast(text, "int64").to_numpy(zero_copy_only=False))


def _flagged(
    numbers: NumberCells, columns: dict[str, Any]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return flag codes, values, qualifiers and decimals of all rows."""
    import numpy as np

    size = len(numbers.values)
    # beside the sign x the Local Data Bank prints a point, or a zero
    point = np.array(columns["wartosc"].to_pylist(), dtype=object) == "."
    absent = numbers.empty | numbers.dash | point
    flag = np.where(numbers.number, FLAG_CODES["ok"], FLAG_CODES["no_data"]).astype("int8")
    flag[numbers.unreadable] = UNREADABLE
    flag[point] = FLAG_CODES["missing_or_secret"]
    qualifiers = np.full(size, "", dtype=object)
    attributes = columns.get("atrybut")
    signs = np.full(size, "", dtype=object)
    if attributes is not None:
        signs = np.array([str(cell).strip() for cell in attributes.to_pylist()], dtype=object)
    for sign in set(signs.tolist()) - {""}:
        here = signs == sign
        meaning = ATTRIBUTES.get(sign)
        if meaning is None:
            flag[here] = UNREADABLE
            continue
        qualifiers[here] = meaning.qualifiers
        if meaning.flag in ("true_zero", "below_format"):
            flag[here & numbers.number] = FLAG_CODES[meaning.flag]
            wrong = here & numbers.number & (numbers.values != 0)
            flag[wrong & (meaning.flag == "true_zero")] = UNREADABLE
        elif meaning.flag is not None:
            flag[here & (absent | (numbers.values == 0))] = FLAG_CODES[meaning.flag]
            flag[here & numbers.number & (numbers.values != 0)] = UNREADABLE
    null = flag >= FLAG_CODES["missing_or_secret"]
    value = np.where(null | (flag == UNREADABLE), np.nan, numbers.values)
    decimals = np.where(null | (flag == UNREADABLE), -1, numbers.decimals).astype("int8")
    return flag, value, qualifiers, decimals


def _as_written(columns: dict[str, Any]) -> np.ndarray[Any, Any]:
    """Return value and sign of each row as text, for the quarantine."""
    import numpy as np

    values = columns["wartosc"].to_numpy(zero_copy_only=False)
    if "atrybut" not in columns:
        return np.asarray(values)
    signs = columns["atrybut"].to_numpy(zero_copy_only=False)
    return np.array([f"{v} ({s})" if s else v for v, s in zip(values, signs, strict=True)], object)
