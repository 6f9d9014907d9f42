"""Which number does a text cell tell, and with how many decimals?

Decimal comma or point, spaces between thousands, a minus of any kind. A cell that is no number is
said to be none: it never becomes zero or a null without a word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

_NUMBER = r"^[-+]?\d+([.,]\d+)?([eE][-+]?\d+)?$"
_SPACED = r"^[-+]?\d{1,3}([ \x{00A0}\x{202F}]\d{3})+([.,]\d+)?$"
_SPACES = r"[ \x{00A0}\x{202F}]"


@dataclass(frozen=True)
class NumberCells:
    """A column of text cells as numbers.

    Attributes
    ----------
    values : array of float64
        NaN where the cell is no number.
    decimals : array of int8
        Digits after the decimal mark as written; -1 where unknown.
    number, empty, dash : arrays of bool
        What the cell is; a cell that is none of the three cannot be read.
    """

    values: np.ndarray[Any, Any]
    decimals: np.ndarray[Any, Any]
    number: np.ndarray[Any, Any]
    empty: np.ndarray[Any, Any]
    dash: np.ndarray[Any, Any]

    @property
    def unreadable(self) -> np.ndarray[Any, Any]:
        """Return where a cell is neither a number nor a sign of absence."""
        unreadable: np.ndarray[Any, Any] = ~(self.number | self.empty | self.dash)
        return unreadable


def read_numbers(cells: Any, separator: str) -> NumberCells:
    """Read a column of text cells.

    In a file whose separator is ``;`` the decimal mark is the comma. Points are accepted there
    only when no cell of the column has a comma: ``1.234`` beside ``1,5`` could be either a
    thousand or a fraction, and is left unread.

    Parameters
    ----------
    cells : pyarrow string array
        The column as written.
    separator : str
        Separator of the file.

    Examples
    --------
    >>> import pyarrow as pa
    >>> cells = read_numbers(pa.array(["57,0", "1 234", "", "-", "brak"]), ";")
    >>> cells.values[:2].tolist(), cells.decimals.tolist()
    ([57.0, 1234.0], [1, 0, -1, -1, -1])
    >>> cells.unreadable.tolist()
    [False, False, False, False, True]
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    cells = pc.utf8_trim_whitespace(cells)
    cells = pc.replace_substring(cells, "\u2212", "-")
    spaced = pc.match_substring_regex(cells, _SPACED)
    if pc.any(spaced).as_py():
        cells = pc.if_else(spaced, pc.replace_substring_regex(cells, _SPACES, ""), cells)
    number = pc.match_substring_regex(cells, _NUMBER)
    comma = pc.match_substring(cells, ",")
    if separator == ";" and pc.any(pc.and_(number, comma)).as_py():
        number = pc.and_(number, pc.invert(pc.match_substring(cells, ".")))
    points = pc.replace_substring(cells, ",", ".")
    values = pc.cast(pc.if_else(number, points, pa.scalar(None, pa.string())), pa.float64())
    told = values.to_numpy(zero_copy_only=False)
    is_number = number.to_numpy(zero_copy_only=False) & np.isfinite(told)  # 1e999 is none
    return NumberCells(
        values=np.where(is_number, told, np.nan),
        decimals=np.where(is_number, _decimals(points), -1).astype("int8"),
        number=is_number,
        empty=pc.equal(cells, "").to_numpy(zero_copy_only=False),
        dash=pc.equal(cells, "-").to_numpy(zero_copy_only=False),
    )


def _decimals(points: Any) -> np.ndarray[Any, Any]:
    """Return digits after the mark; a number with an exponent does not tell its precision."""
    import numpy as np
    import pyarrow.compute as pc

    mark = pc.find_substring(points, ".").to_numpy(zero_copy_only=False)
    length = pc.binary_length(points).to_numpy(zero_copy_only=False)
    exponent = pc.match_substring_regex(points, "[eE]").to_numpy(zero_copy_only=False)
    digits = np.where(mark < 0, 0, length - mark - 1)
    known: np.ndarray[Any, Any] = np.where(exponent, -1, np.minimum(digits, 100))
    return known
