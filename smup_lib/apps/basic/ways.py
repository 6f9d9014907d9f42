"""Which ways lead on from a view? Links that the page follows without opening another session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from smup_lib.apps.parts.link import write_query
from smup_lib.apps.parts.page import Link

#: Page of the app that puts units side by side; so many units has it room for.
COMPARISON = "comparison.ipynb"
MOST_BESIDE = 7


@dataclass(frozen=True)
class Ways:
    """The links of a view, which carry what the visitor chose on purpose.

    Attributes
    ----------
    unit : str
        Code of the unit.
    carried : dict of str to str
        Year and group, as far as they are not the usual ones.

    Examples
    --------
    >>> Ways("9002", {"year": "2020"}).to("finance")
    '?unit=9002&area=finance&year=2020'
    """

    unit: str
    carried: Link = field(default_factory=dict)

    def to(self, area: str | None = None, service: str | None = None) -> str:
        """Return the link to an area, to one of its services, or to the overview."""
        found = {"unit": self.unit}
        found |= {"area": area} if area else {}
        found |= {key: self.carried[key] for key in ("year", "group") if key in self.carried}
        return write_query(found | ({"service": service} if service else {}))


def to_comparison(unit: str, others: Sequence[str], area: str, year: int) -> str:
    """Return the link to the app that puts units side by side."""
    beside = ",".join(others[:MOST_BESIDE])
    query = write_query({"unit": unit, "others": beside, "area": area, "year": str(year)})
    return COMPARISON + query


def crumbs_html(steps: Sequence[tuple[str, str]], here: str) -> str:
    """Return the way from the unit to what is shown, each step a link.

    Examples
    --------
    >>> "aria-current" in crumbs_html([("Kielce", "?unit=2661")], "Edukacja")
    True
    """
    links = "".join(
        f'<li><a class="smup-go" href="{escape(address)}">{escape(name)}</a></li>'
        for name, address in steps
    )
    last = f'<li><span aria-current="page">{escape(here)}</span></li>'
    return f'<nav class="smup-crumbs" aria-label="Gdzie jesteś"><ol>{links}{last}</ol></nav>'
