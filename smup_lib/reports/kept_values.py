"""Which values of whole areas does an opened workspace hold, so that no unit reads them again?"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    import pandas as pd

    from smup_lib.conclude.area_values import AreaValues
    from smup_lib.units import PeerGroup

#: Bytes of values that are kept: those of all gminy of the country in eleven areas take 150 MB.
KEPT_BYTES = 256_000_000
#: Bytes of values of single units: some twenty areas.
OWN_BYTES = 2_000_000

#: Area, level and year.
_Key: TypeAlias = "tuple[str, str, int]"


class Unpicked(NamedTuple):
    """A number of the year that stands in a file beside the one that is shown."""

    variable: str
    value: float
    decimals: Any
    source: str


#: By code of the unit; one without any is left out.
UnpickedByUnit: TypeAlias = "Mapping[str, Sequence[Unpicked]]"


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
        self._unpicked: dict[_Key, UnpickedByUnit] = {}
        self._own: OrderedDict[Hashable, pd.DataFrame] = OrderedDict()
        self._group: tuple[Hashable, PeerGroup] | None = None

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
            gone, _ = self._kept.popitem(last=False)
            self._unpicked.pop(gone, None)

    def find_unpicked(
        self, area: str, level: str, year: int, unit: str
    ) -> Sequence[Unpicked] | None:
        """Return what other files say of a unit, None when that was not read for the area."""
        found = self._unpicked.get((area, level, year))
        return None if found is None else found.get(unit, ())

    def keep_unpicked(self, area: str, level: str, year: int, found: UnpickedByUnit) -> None:
        """Keep what other files say of all units, as long as the values of the area are kept."""
        if (area, level, year) in self._kept:
            self._unpicked[area, level, year] = found

    def own_of(self, asked: Hashable, compute: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """Return what was computed of a unit in an area, if it is still kept; else compute it."""
        if asked not in self._own:
            self._own[asked] = compute()
            while len(self._own) > 1 and self._own_bytes() > OWN_BYTES:
                self._own.popitem(last=False)
        self._own.move_to_end(asked)
        return self._own[asked]

    def _own_bytes(self) -> int:
        return sum(int(frame.memory_usage().sum()) for frame in self._own.values())

    def group_of(self, asked: Hashable, build: Callable[[], PeerGroup]) -> PeerGroup:
        """Return the group that was built last, if the same was asked; else build another."""
        last = self._group
        if last is None or last[0] != asked:
            last = self._group = asked, build()
        return last[1]
