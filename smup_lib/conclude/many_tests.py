"""Which signals of many units stand when all that were tested with them are allowed for?

The page of one unit knows its own family of tests (:mod:`smup_lib.conclude.signals`). Who reads
thousands of units at once chooses among all their tests, so all of them are one family (M15, M24).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from smup_lib.compare import Batch, compare_batch
from smup_lib.compare.chance import CONFIDENCE_LEVELS
from smup_lib.compare.trend import SIGNIFICANCE
from smup_lib.conclude.signals import FALSE_SHARE, is_directed

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.conclude.assessment import AreaAssessment

Family = Literal["place", "direction"]


class ChanceTest(NamedTuple):
    """One test for chance of one unit.

    ``false_alarm`` is the probability that it would pass at 5 % by itself though nothing differs:
    of a difference from the group the exact error of the interval (M24), of a direction the level
    of the test, which its few years seldom use up. ``passes`` tells whether it does pass.
    """

    unit_code: str
    area: str
    year: int
    family: Family
    indicator: str
    p_value: float
    false_alarm: float
    passes: bool


SUMMARY_COLUMNS = (
    *("area", "year", "family", "tested", "kept", "false_share"),
    *("expected", "observed", "reason"),
)


def list_tests(assessment: AreaAssessment) -> list[ChanceTest]:
    """Return every test for chance that was made of a unit: the same as its page counts."""
    whose = assessment.unit.code, assessment.area.id, assessment.year
    told = assessment.leading()
    nominal = 1 - CONFIDENCE_LEVELS[0]
    places = [
        ChanceTest(
            *whose,
            "place",
            item.indicator.id,
            item.chance.p_value,
            nominal if item.chance.false_alarm is None else item.chance.false_alarm,
            bool(item.chance.excluded_at),
        )
        for item in told
        if item.chance.p_value is not None
    ]
    directions = [
        ChanceTest(*whose, "direction", item.indicator.id, p, SIGNIFICANCE, p < SIGNIFICANCE)
        for item in told
        if is_directed(item) and (p := item.trend.tested_p) is not None
    ]
    return [*places, *directions]


@dataclass(frozen=True, eq=False)
class ManyTests:
    """All tests of many units, each held against all the others of its family.

    One area and year is a family, and in it differences from the group and directions over time
    are two: of either list about :data:`FALSE_SHARE` at most is expected to be the work of chance.

    Attributes
    ----------
    rows : DataFrame
        Columns of :class:`ChanceTest`, then ``adjusted`` and ``kept`` (null and None where one
        test is no family).
    summary : DataFrame
        Columns of :data:`SUMMARY_COLUMNS`, a row a family: how many were tested, how many are kept
        at the accepted share of false ones, how many would pass by themselves though nothing
        differed (of directions at most so many) beside how many do, and the reason where nothing
        can be kept.
    """

    rows: pd.DataFrame
    summary: pd.DataFrame

    def keeps(self, row: Mapping[str, Any]) -> bool | None:
        """Tell whether a finding (a row of a table of findings) rests on a test that stands.

        None where its chance was not tested. What a unit's own page holds for chance (``kept`` is
        False because the counts explain it) stays untold here too.
        """
        if row["kept"] is None or row["claim"] == "too_small":
            return row["kept"]  # type: ignore[no-any-return]
        family = "direction" if row["claim"] == "trend" else "place"
        return self._kept.get(
            (row["unit_code"], row["area"], row["year"], family, row["indicator"])
        )

    @cached_property
    def _kept(self) -> dict[tuple[Any, ...], bool | None]:
        names = ("unit_code", "area", "year", "family", "indicator")
        return dict(
            zip(zip(*(self.rows[n] for n in names), strict=True), self.rows["kept"], strict=True)
        )


def weigh_together(tests: Iterable[ChanceTest]) -> ManyTests:
    """Hold every test against all others of its family.

    Parameters
    ----------
    tests : iterable of ChanceTest
        All that were made, not only those that stand out; each once.

    Returns
    -------
    ManyTests

    References
    ----------
    Benjamini and Hochberg 1995. Units share peers, which leans their tests the same way.

    Examples
    --------
    >>> drawn = [ChanceTest(u, "roads", 2022, "place", "x", p, 0.05, p < 0.05)
    ...     for u, p in (("9001", 0.0001), ("9002", 0.04), ("9003", 0.6))]
    >>> found = weigh_together(drawn)
    >>> found.rows["kept"].tolist(), round(float(found.summary["expected"].iloc[0]), 2)
    ([True, False, False], 0.15)
    """
    import pandas as pd

    frame = pd.DataFrame(list(tests), columns=list(ChanceTest._fields))
    weighed, told = [], []
    for (area, year, family), rows in frame.groupby(["area", "year", "family"], sort=False):
        batch = compare_batch(rows, FALSE_SHARE)
        weighed.append(_with_answers(rows, batch))
        kept = None if batch.value is None else int(batch.value)
        expected, observed = rows["false_alarm"].sum(), int(rows["passes"].sum())
        whole = area, year, family, len(rows), kept, FALSE_SHARE
        told.append((*whole, expected, observed, batch.reason or ""))
    empty = [*ChanceTest._fields, "adjusted", "kept"]
    return ManyTests(
        pd.concat(weighed, ignore_index=True) if weighed else pd.DataFrame(columns=empty),
        pd.DataFrame(told, columns=list(SUMMARY_COLUMNS)),
    )


def _with_answers(rows: pd.DataFrame, batch: Batch) -> pd.DataFrame:
    if batch.rows is None:
        return rows.assign(adjusted=float("nan"), kept=None)
    return batch.rows.astype({"kept": object})
