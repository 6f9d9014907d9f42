"""Which values of whole areas does an opened workspace hold, so that no unit reads them again?"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from smup_lib.conclude.area_values import AreaValues

#: Bytes of values that are kept: those of all gminy of the country in eleven areas take 150 MB.
KEPT_BYTES = 256_000_000

#: Area, level and year.
_Key: TypeAlias = "tuple[str, str, int]"


class KeptValues:
    """Values of all units of a level in an area, the last used of them; too much is let go.

    Parameters
    ----------
    most : int
        Bytes that may be kept.
    """

    def __init__(self, most: int = KEPT_BYTES) -> None:
        self._most = most
        self._kept: OrderedDict[_Key, AreaValues] = OrderedDict()

    def find(self, area: str, level: str, year: int) -> AreaValues | None:
        """Return what is kept of an area, None when nothing is."""
        key = area, level, year
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def keep(self, area: str, level: str, year: int, values: AreaValues) -> None:
        """Keep values, and let those go that were not asked for longest; the newest always stay."""
        self._kept[area, level, year] = values
        self._kept.move_to_end((area, level, year))
        while len(self._kept) > 1 and sum(v.nbytes for v in self._kept.values()) > self._most:
            self._kept.popitem(last=False)
