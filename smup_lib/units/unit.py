"""Hold what is known of one unit."""

from __future__ import annotations

from dataclasses import dataclass

from smup_lib.teryt import Kind
from smup_lib.units.labels import KIND_NAME

UNIT_COLUMNS = (
    "unit_code",
    "name",
    "kind",
    "level",
    "label",
    "short_label",
    "powiat_code",
    "voivodeship_code",
    "state_date",
)


@dataclass(frozen=True)
class Unit:
    """A unit of local government (or the country) as it stood in a year.

    Attributes
    ----------
    code, level, kind, name : str
        Canonical code, level, dated kind (None for a few units known by their code only), name.
    label, short_label : str
        Polish display names; the first ends with the code and is unique, the second is for charts.
    state_date : str
        Date of the register that told kind and name; empty when an event alone tells of the unit.
    first_year, last_year : int or None
        Years between which the unit exists, None when no event limits them.
    """

    code: str
    level: str
    kind: Kind | None
    name: str
    label: str
    short_label: str
    state_date: str
    first_year: int | None = None
    last_year: int | None = None

    @property
    def kind_pl(self) -> str:
        """Return the kind in Polish."""
        return KIND_NAME.get(self.kind or "", "jednostka")


@dataclass(frozen=True)
class VintageNote:
    """Which state of the register describes a year, and what to say about it."""

    state_date: str
    exact: bool
    text: str
