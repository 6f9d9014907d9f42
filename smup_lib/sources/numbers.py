"""Which number does a text cell tell, and with how many decimals?

Decimal comma or point, spaces, points or commas between thousands, a minus of any kind. What a
comma or a point means is judged over the whole column, never cell by cell: ``1.234`` alone could
be a thousand or a fraction. A cell that is no number, or could be two, never becomes zero or a
null without a word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np

DecimalMark = Literal[",", "."]
_Role = Literal["decimal", "thousands", "unclear"]

_NUMBER = r"^[-+]?\d+(\.\d+)?([eE][-+]?\d+)?$"
_SPACED = r"^[-+]?\d{1,3}([ \x{00A0}\x{202F}]\d{3})+([.,]\d+)?$"
_SPACES = r"[ \x{00A0}\x{202F}]"
#: What the whole column may say of one of the two marks, written here as M, the other as N.
_ONCE = r"^[-+]?\d+M\d+([eE][-+]?\d+)?$"
_GROUP = r"^[-+]?[1-9]\d{0,2}M\d{3}$"
_GROUPS = r"^[-+]?[1-9]\d{0,2}(M\d{3}){2,}(N\d+)?$"
_BOTH = r"^[-+]?[1-9]\d{0,2}(M\d{3})+N\d+$"
_OTHER: dict[DecimalMark, DecimalMark] = {",": ".", ".": ","}

#: Why a cell that could be two numbers waits, and what settles it.
AMBIGUOUS = (
    "nie wiadomo, czy znak w liczbie oddziela tysiące, czy ułamek; rozstrzygnie to opcja"
    " --decimal albo klucz decimal w import.yaml"
)
#: Why a cell that is none waits.
NO_NUMBER = "wartości nie da się odczytać jako liczby"


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
    ambiguous : array of bool
        Cells that cannot be read because they could be two numbers.
    """

    values: np.ndarray[Any, Any]
    decimals: np.ndarray[Any, Any]
    number: np.ndarray[Any, Any]
    empty: np.ndarray[Any, Any]
    dash: np.ndarray[Any, Any]
    ambiguous: np.ndarray[Any, Any]

    @property
    def unreadable(self) -> np.ndarray[Any, Any]:
        """Return where a cell is neither a number nor a sign of absence."""
        unreadable: np.ndarray[Any, Any] = ~(self.number | self.empty | self.dash)
        return unreadable


def read_numbers(cells: Any, separator: str, decimal: DecimalMark | None = None) -> NumberCells:
    """Read a column of text cells.

    In a file whose separator is ``;`` the decimal mark is the comma, in one with ``,`` the point,
    unless the column shows the contrary. The other mark is read only when the column settles what
    it is: a number with other than three digits behind it shows a decimal mark, one that has it
    twice shows thousands. A column that shows both, or neither, leaves those cells unread.

    Parameters
    ----------
    cells : pyarrow string array
        The column as written.
    separator : str
        Separator of the file.
    decimal : {",", "."}, optional
        The decimal mark when the user tells it; the other mark then parts thousands.

    Examples
    --------
    >>> import pyarrow as pa
    >>> cells = read_numbers(pa.array(["57,0", "1 234", "", "-", "brak"]), ";")
    >>> cells.values[:2].tolist(), cells.decimals.tolist()
    ([57.0, 1234.0], [1, 0, -1, -1, -1])
    >>> cells.unreadable.tolist()
    [False, False, False, False, True]
    >>> read_numbers(pa.array(["1.234"]), ";").ambiguous.tolist()
    [True]
    >>> read_numbers(pa.array(["1.234"]), ";", ",").values.tolist()
    [1234.0]
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    cells = pc.utf8_trim_whitespace(cells)
    cells = pc.replace_substring(cells, "\u2212", "-")
    spaced = pc.match_substring_regex(cells, _SPACED)
    if pc.any(spaced).as_py():
        cells = pc.if_else(spaced, pc.replace_substring_regex(cells, _SPACES, ""), cells)
    points, ambiguous = _with_points(cells, separator, decimal)
    number = pc.match_substring_regex(points, _NUMBER)
    values = pc.cast(pc.if_else(number, points, pa.scalar(None, pa.string())), pa.float64())
    told = values.to_numpy(zero_copy_only=False)
    is_number = number.to_numpy(zero_copy_only=False) & np.isfinite(told)  # 1e999 is none
    return NumberCells(
        values=np.where(is_number, told, np.nan),
        decimals=np.where(is_number, _decimals(points), -1).astype("int8"),
        number=is_number,
        empty=pc.equal(cells, "").to_numpy(zero_copy_only=False),
        dash=pc.equal(cells, "-").to_numpy(zero_copy_only=False),
        ambiguous=ambiguous.to_numpy(zero_copy_only=False),
    )


def _with_points(cells: Any, separator: str, decimal: DecimalMark | None) -> tuple[Any, Any]:
    """Return cells with a decimal point and no thousands, and which could be two numbers.

    Cells whose marks stay unclear come back as a text that is no number.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    result = cells
    ambiguous = wrong = pa.repeat(pa.scalar(False), len(cells))
    roles = _told_roles(decimal) if decimal else _roles(cells, separator)
    for mark, role in roles.items():
        if role == "decimal":
            continue
        marked = pc.match_substring(cells, mark)
        if role == "thousands":
            grouped = _any_of(cells, (_GROUP, _GROUPS, _BOTH), mark)
            result = pc.if_else(grouped, pc.replace_substring(result, mark, ""), result)
            wrong = pc.or_(wrong, pc.and_not(marked, grouped))
        else:
            wrong = pc.or_(wrong, marked)
            ambiguous = pc.or_(ambiguous, _any_of(cells, (_ONCE, _GROUPS, _BOTH), mark))
    return pc.if_else(wrong, "?", pc.replace_substring(result, ",", ".")), ambiguous


def _told_roles(decimal: DecimalMark) -> dict[DecimalMark, _Role]:
    return {decimal: "decimal", _OTHER[decimal]: "thousands"}


def _roles(cells: Any, separator: str) -> dict[DecimalMark, _Role]:
    """Return what each of the two marks does in a column."""
    import pyarrow.compute as pc

    natural: DecimalMark | None = {";": ",", ",": "."}.get(separator)  # type: ignore[assignment]
    if natural and not pc.any(pc.match_substring(cells, _OTHER[natural])).as_py():
        most = pc.max(pc.count_substring(cells, natural)).as_py()
        if most is None or most < 2:
            return {natural: "decimal"}  # the usual case, and the quick one
    settled = {mark: _settled(cells, mark) for mark in _OTHER}
    if natural:
        other = _OTHER[natural]
        if settled[natural] is None and settled[other] != "decimal":
            settled[natural] = "decimal"
    clash = all(role == "decimal" for role in settled.values())
    return {
        mark: "unclear" if role is None or (clash and mark != natural) else role
        for mark, role in settled.items()
    }


def _settled(cells: Any, mark: DecimalMark) -> _Role | None:
    """Return what the column shows a mark to be; None when it shows nothing."""
    import pyarrow.compute as pc

    once, grouped = _matching(cells, _ONCE, mark), _matching(cells, _GROUP, mark)
    fraction = pc.or_(pc.and_not(once, grouped), _matching(cells, _BOTH, _OTHER[mark]))
    thousands = _any_of(cells, (_GROUPS, _BOTH), mark)
    decimal, parting = pc.any(fraction).as_py(), pc.any(thousands).as_py()
    if decimal and parting:
        return "unclear"
    if decimal:
        return "decimal"
    return "thousands" if parting else None


def _any_of(cells: Any, patterns: tuple[str, ...], mark: DecimalMark) -> Any:
    import pyarrow.compute as pc

    found = _matching(cells, patterns[0], mark)
    for pattern in patterns[1:]:
        found = pc.or_(found, _matching(cells, pattern, mark))
    return found


def _matching(cells: Any, pattern: str, mark: DecimalMark) -> Any:
    import pyarrow.compute as pc

    written = pattern.replace("M", f"[{mark}]").replace("N", f"[{_OTHER[mark]}]")
    return pc.match_substring_regex(cells, written)


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
