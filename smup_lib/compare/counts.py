"""Which units have counts that an interval may rest on, and why do the others have none?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from smup_lib.compare.methods import basis_of, basis_refusal
from smup_lib.compare.result import check_one_row
from smup_lib.flags import NUMBER_FLAGS

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator

Array = NDArray[np.float64]

#: Said of an indicator whose method is neither ``share`` nor ``rate``.
NO_SHARE_NO_RATE = "wskaźnik nie jest częścią ani częstością policzoną z liczb"
#: Said of a unit whose numerator or denominator nobody knows.
NO_COUNTS = "liczebności jednostki nie są znane"


@dataclass(frozen=True, eq=False)
class Counts:
    """Numerators and denominators of many units, laid out for arithmetic.

    Attributes
    ----------
    unit_codes : tuple of str
        In the order of the rows.
    count, base : ndarray of float64
        Cases, and persons (or exposure) they were found among; null where ``reason`` is not empty.
    reason : ndarray of str
        Polish reason why a unit has no counts to use; empty where it has.
    """

    unit_codes: tuple[str, ...]
    count: Array
    base: Array
    reason: NDArray[np.object_]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which units have counts to use."""
        found: NDArray[np.bool_] = self.reason == ""
        return found


def counts_refusal(method: str, indicator: Indicator) -> str | None:
    """Return the Polish reason why a method on counts may not be asked about an indicator.

    Examples
    --------
    >>> from smup_lib.catalogue import load_catalogue
    >>> counts_refusal("M2", load_catalogue().indicator("street_lights_led_share")) is None
    True
    """
    if (why := basis_refusal(method, basis_of(indicator))) is not None:
        return why
    return None if indicator.method in ("share", "rate") else NO_SHARE_NO_RATE


def lay_out_counts(indicator: Indicator, values: pd.DataFrame) -> Counts:
    """Take the counts out of a table of values.

    Parameters
    ----------
    indicator : Indicator
        Of method ``share`` or ``rate``.
    values : DataFrame
        ``unit_code, numerator, denominator`` and, where it is there, ``flag``; one row per unit.

    Returns
    -------
    Counts
        Whole cases on a known base; estimated parts of cases are none, nor is a row whose flag
        stands beside no number.

    Raises
    ------
    ValueError
        When a unit has two rows: then they are of several indicators or years.

    Examples
    --------
    >>> import pandas as pd
    >>> from smup_lib.catalogue import load_catalogue
    >>> share = load_catalogue().indicator("street_lights_led_share")
    >>> rows = pd.DataFrame({"unit_code": ["9001", "9002"], "numerator": [12.0, 5.0],
    ...                      "denominator": [80.0, 0.0], "flag": ["ok", "zero_denominator"]})
    >>> lay_out_counts(share, rows).reason.tolist()
    ['', 'brak mianownika']
    """
    check_one_row(values)
    codes = tuple(values["unit_code"].tolist())
    count = values["numerator"].to_numpy(dtype="float64", copy=True)
    base = values["denominator"].to_numpy(dtype="float64", copy=True)
    flagged = (
        values["flag"].isin(NUMBER_FLAGS).to_numpy()
        if "flag" in values
        else np.ones(len(codes), dtype=bool)
    )
    return check_counts(indicator, codes, count, base, flagged)


def check_counts(
    indicator: Indicator,
    codes: tuple[str, ...],
    count: Array,
    base: Array,
    flagged: NDArray[np.bool_],
) -> Counts:
    """Return counts with the reason for each that may not be used; see :func:`lay_out_counts`.

    ``count`` and ``base`` are changed in place; ``flagged`` says which flags stand beside a number.
    """
    whole = np.equal(np.mod(count, 1), 0)
    larger = (count > base) if indicator.method == "share" else np.zeros(len(count), dtype=bool)
    reason = np.select(
        [base == 0, ~(flagged & (count >= 0) & (base > 0)), ~whole, larger],
        [
            "brak mianownika",
            NO_COUNTS,
            "liczebności jednostki są szacunkiem, a nie policzonymi przypadkami",
            "licznik jest większy od mianownika",
        ],
        "",
    ).astype(object)
    count[reason != ""] = base[reason != ""] = np.nan
    return Counts(codes, count, base, reason)
