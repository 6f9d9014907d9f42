"""By what is a value in one measure unit multiplied to be told in another?"""

from __future__ import annotations

import re

#: What stands before the thing counted, and how many it makes.
THOUSANDS = {"": 1.0, "tys.": 1e3, "mln": 1e6}
_PER = re.compile(r"^(?P<above>[^/]+)/(?P<amount>\d+ ?)?(?P<times>tys\.|mln)? ?(?P<below>.+)$")


def unit_scale(measure_unit: str, other: str) -> float | None:
    """Return by what a value in the other unit is multiplied to stand in the first; None: never.

    Examples
    --------
    >>> unit_scale("mieszkania/1000 os.", "mieszkania/10 tys. os.")
    0.1
    >>> unit_scale("%", "%"), unit_scale("zł", "%") is None
    (1.0, True)
    """
    if measure_unit == other:
        return 1.0
    ours, theirs = _PER.match(measure_unit), _PER.match(other)
    if not ours or not theirs:
        return None
    if (ours["above"], ours["below"]) != (theirs["above"], theirs["below"]):
        return None
    return _amount(ours) / _amount(theirs)


def _amount(found: re.Match[str]) -> float:
    return float(found["amount"] or 1) * THOUSANDS[found["times"] or ""]
