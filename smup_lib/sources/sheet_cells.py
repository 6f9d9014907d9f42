"""Which text, and which number, does a cell of a sheet tell?

A sheet keeps numbers as numbers, so nothing about decimal marks must be guessed; only numbers that
somebody saved as text are read as such. How many decimals the publisher printed is not kept, so a
whole series has those of its most precise cell.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from smup_lib.sources.numbers import DecimalMark, NumberCells, read_numbers

if TYPE_CHECKING:
    import numpy as np

#: More digits than any publisher prints: the number was computed, its precision is unknown.
_COMPUTED = 9


def cell_text(cell: Any) -> str:
    """Return a cell as a person would type it in Poland.

    Examples
    --------
    >>> cell_text(201011.0), cell_text("0201011 "), cell_text(57.5), cell_text("")
    ('201011', '0201011', '57,5', '')
    """
    if isinstance(cell, bool):
        return "PRAWDA" if cell else "FAŁSZ"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (int, float)):
        return f"{cell:.15g}".replace(".", ",")
    if isinstance(cell, (datetime.date, datetime.datetime)):
        return cell.isoformat()[:10]
    return str(cell).strip()


def plain_cell(cell: Any) -> str:
    """Return a cell of a header for comparison: one line, lower case.

    Examples
    --------
    >>> plain_cell("Dochody wykonane\\n(wpłaty minus zwroty)")
    'dochody wykonane (wpłaty minus zwroty)'
    """
    return " ".join(cell_text(cell).casefold().split())


def text_cells(cells: Sequence[Any]) -> Any:
    """Return cells as a pyarrow string array."""
    import pyarrow as pa

    return pa.array([cell_text(cell) for cell in cells], pa.string())


def is_number(cell: Any) -> bool:
    """Tell whether a cell is a number of the sheet, not a text that looks like one."""
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def read_cells(cells: Sequence[Any], decimal: DecimalMark | None = None) -> NumberCells:
    """Read a column of cells as numbers.

    Parameters
    ----------
    cells : sequence
        Cells as the workbook holds them.
    decimal : {",", "."}, optional
        Decimal mark of numbers that were saved as text.

    Examples
    --------
    >>> read = read_cells([12.5, "-", "", "1 234,5", "x"])
    >>> read.values[[0, 3]].tolist(), read.decimals.tolist()
    ([12.5, 1234.5], [1, -1, -1, 1, -1])
    >>> read.unreadable.tolist()
    [False, False, False, False, True]
    """
    import numpy as np

    numeric = np.array([is_number(cell) for cell in cells], dtype=bool)
    written = ["" if is_number(cell) else cell_text(cell) for cell in cells]
    texts = read_numbers(text_cells(written), ";", decimal)
    values = np.array([float(cell) if is_number(cell) else np.nan for cell in cells])
    return NumberCells(
        values=np.where(numeric, values, texts.values),
        decimals=np.where(numeric, _decimals(cells), texts.decimals).astype("int8"),
        number=numeric | texts.number,
        empty=texts.empty & ~numeric,
        dash=texts.dash,
        ambiguous=texts.ambiguous,
    )


def _decimals(cells: Sequence[Any]) -> np.ndarray[Any, Any]:
    """Return the digits that a number needs after its mark; -1 where it was computed."""
    import numpy as np

    digits = [_digits(float(cell)) if is_number(cell) else -1 for cell in cells]
    return np.array(digits, dtype="int8")


def _digits(number: float) -> int:
    if number.is_integer():
        return 0
    written = f"{number:.15g}"
    if "e" in written:
        return -1
    digits = len(written.partition(".")[2])
    return -1 if digits > _COMPUTED else digits


def series_decimals(
    decimals: np.ndarray[Any, Any], series: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """Return for each number the decimals of the most precise number of its series.

    Examples
    --------
    >>> import numpy as np
    >>> series_decimals(np.array([0, 2, -1, 0]), np.array([0, 0, 0, 1])).tolist()
    [2, 2, -1, 0]
    """
    import numpy as np

    if not len(series):
        return decimals
    most = np.full(int(series.max()) + 1, -1, dtype="int8")
    np.maximum.at(most, series, decimals.astype("int8"))
    shared: np.ndarray[Any, Any] = np.where(decimals < 0, decimals, most[series]).astype("int8")
    return shared
