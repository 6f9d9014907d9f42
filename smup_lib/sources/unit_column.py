"""Which unit does each code of a column mean, also after a spreadsheet took its zeros?

Codes may be TERYT (2, 4, 6 or 7 digits), BDL ids (12 characters) or NTS codes (10 digits). A code
says by its own form whether it is a unit, a part that is never counted (town, rural area, district,
delegation) or a statistical area without a TERYT code. Whether such a unit exists is asked later,
of the register.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from smup_lib.errors import UnitError
from smup_lib.sources.bdl_codes import BdlUnit, parse_bdl_id, parse_nts_code
from smup_lib.sources.coded_text import coded
from smup_lib.teryt import parse_unit_code, with_lost_zero

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

Fate = Literal["unit", "part", "area", "unreadable"]

_FLOAT = re.compile(r"(\d+)\.0")
_KIND_IN_NAME = re.compile(r"\((\d)\)\s*$")


@dataclass(frozen=True)
class Placement:
    """What one code of a column means.

    Attributes
    ----------
    fate : str
        ``unit`` goes on; ``part`` and ``area`` are counted and left out; ``unreadable`` goes to
        quarantine with its reason.
    code : str
        Canonical code, empty when there is none.
    level, kind : str
        Level (for an area: its statistical level) and kind as far as the digits tell them.
    reason : str
        Why the code cannot be read.
    repaired : bool
        Whether zeros or an ending were given back to it.
    """

    fate: Fate
    code: str = ""
    level: str = ""
    kind: str = ""
    reason: str = ""
    repaired: bool = False


@dataclass(frozen=True)
class UnitCells:
    """A column of unit codes, read.

    Attributes
    ----------
    texts : tuple of str
        The different codes as written.
    placements : tuple of Placement
        What each of them means.
    index : array of int
        Row -> place in ``texts`` and ``placements``.
    """

    texts: tuple[str, ...]
    placements: tuple[Placement, ...]
    index: np.ndarray[Any, Any]

    def where(self, fate: Fate) -> np.ndarray[Any, Any]:
        """Return which rows have this fate."""
        import numpy as np

        chosen = np.array([placement.fate == fate for placement in self.placements], dtype=bool)
        rows: np.ndarray[Any, Any] = chosen[self.index]
        return rows

    def taken(self, attribute: Literal["code", "level", "kind", "reason"]) -> pd.Categorical[Any]:
        """Return an attribute of the placements for each row, as a categorical."""
        import numpy as np
        import pandas as pd

        words = [str(getattr(placement, attribute)) for placement in self.placements]
        codes, different = pd.factorize(np.array(words, dtype=object), sort=True)
        return coded(codes[self.index], list(different))

    @property
    def repaired(self) -> tuple[tuple[str, str], ...]:
        """Return the codes that were mended: as written, as understood."""
        pairs = zip(self.texts, self.placements, strict=True)
        return tuple((text, p.code or text) for text, p in pairs if p.repaired)


def read_unit_cells(codes: Any, names: Any = None) -> UnitCells:
    """Read a column of unit codes.

    Parameters
    ----------
    codes, names : pyarrow string arrays
        The column of codes and, when there is one, the column of names.
    """
    import numpy as np

    encoded = codes.dictionary_encode()
    texts = tuple(encoded.dictionary.to_pylist())
    index = encoded.indices.to_numpy(zero_copy_only=False)
    named = {}
    if names is not None and len(texts):
        _, first = np.unique(index, return_index=True)
        named = dict(zip(texts, names.take(first).to_pylist(), strict=True))
    placed = place_codes(texts, named)
    return UnitCells(texts, tuple(placed[text] for text in texts), index)


def place_codes(
    codes: Sequence[str], names: Mapping[str, str] | None = None
) -> dict[str, Placement]:
    """Read the different codes of one column.

    Lost zeros are judged over the whole column: ``201011`` is 0201011 where the other codes have
    seven digits and none begins with zero, and gmina 201011 where codes of six digits are usual.

    Parameters
    ----------
    codes : sequence of str
        Each different code once, as written.
    names : mapping, optional
        Name of the unit by code; ``Bolesławiec (1)`` helps to tell the kind digit.

    Examples
    --------
    >>> place_codes(["201011", "1261011"])["201011"].code
    '020101'
    >>> place_codes(["020101", "201011"])["201011"].code
    '201011'
    >>> place_codes(["011212000000"])["011212000000"].fate
    'area'
    """
    cleaned = {code: _FLOAT.sub(r"\1", code.strip()) for code in codes}
    lost = _lost_lengths(cleaned, names or {})
    return {code: _place(code, text, lost) for code, text in cleaned.items()}


def _lost_lengths(cleaned: Mapping[str, str], names: Mapping[str, str]) -> frozenset[int]:
    """Return the numbers of digits that are a code of this column without its first zero."""
    if _seventh_digit_lost(cleaned, names):
        return frozenset((1, 3, 6, 11))
    if any(len(text) == 7 and text.isdigit() for text in cleaned.values()):
        return frozenset((1, 3, 11))  # beside gminy of seven digits, five are no gmina
    return frozenset((1, 3, 5, 11))


def _place(code: str, text: str, lost: Collection[int]) -> Placement:
    padded = _with_zeros(text, lost)
    repaired = padded != code.strip()
    try:
        if len(padded.partition("-")[0]) == 12:
            return _place_bdl(parse_bdl_id(padded), repaired)
        if len(padded) == 10:
            return _place_bdl(parse_nts_code(padded), repaired)
        unit = parse_unit_code(padded)
    except UnitError as error:
        return Placement("unreadable", reason=str(error.what))
    fate: Fate = "part" if unit.level == "part" else "unit"
    return Placement(fate, unit.code, unit.level, unit.kind or "", repaired=repaired)


def _place_bdl(unit: BdlUnit, repaired: bool) -> Placement:
    if unit.unit_code is None or unit.level == "locality":
        return Placement("area", unit.unit_code or "", unit.level, repaired=repaired)
    fate: Fate = "part" if unit.level == "part" else "unit"
    return Placement(fate, unit.unit_code, unit.level, unit.kind or "", repaired=repaired)


def _with_zeros(text: str, lost: Collection[int]) -> str:
    """Give back what a number lost at its front; what no code can have lost stays as written."""
    if not text.isdigit() or len(text) not in lost:
        return text
    if text == "0" or len(text) in (6, 11):  # the country; gminy of the column; ids of BDL
        return "0" + text
    return with_lost_zero(text) or text


def _seventh_digit_lost(cleaned: Mapping[str, str], names: Mapping[str, str]) -> bool:
    """Tell whether codes of six digits are codes of seven without their first zero."""
    texts = [text for text in cleaned.values() if text.isdigit() and len(text) <= 7]
    sixes = [text for text in texts if len(text) == 6]
    if not sixes or any(text.startswith("0") and len(text) > 1 for text in texts):
        return False  # a zero that survived shows that none was taken away
    if any(text[0] not in "2468" for text in sixes):
        return False  # there is no voivodeship 01, 03, 05, 07 or 09
    if any(text[0] in "468" for text in sixes) or any(len(text) == 7 for text in texts):
        return True  # there is no voivodeship 40 to 89
    if any(not _is_code(text) or text.endswith("000") for text in sixes):
        # 201000 is the powiat 0201 in seven digits; nobody writes the powiat 2010 in six
        return all(_is_code("0" + text) for text in sixes)
    kinds = {c: _KIND_IN_NAME.search(names.get(c, "")) for c, t in cleaned.items() if t in sixes}
    told = {code: found[1] for code, found in kinds.items() if found}
    return bool(told) and all(cleaned[code][-1] == kind for code, kind in told.items())


def _is_code(text: str) -> bool:
    try:
        parse_unit_code(text)
    except UnitError:
        return False
    return True
