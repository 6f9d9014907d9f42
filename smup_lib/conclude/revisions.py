"""The data were corrected: what of one page is still true? Findings and printed numbers (M23)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from smup_lib.compare import Revision, compare_revision
from smup_lib.compare.revision import CONCLUSION_COLUMNS
from smup_lib.flags import NUMBER_FLAGS

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.conclude.assessment import AreaAssessment, IndicatorAssessment
    from smup_lib.conclude.finding import Finding

Outcome = Literal["unchanged", "moved", "new", "unanswered", "flipped", "redefined"]
#: What became of a finding, the worst last.
OUTCOMES: tuple[Outcome, ...] = (
    "unchanged",
    "moved",
    "new",
    "unanswered",
    "flipped",
    "redefined",
)
#: Printed of the unit's place in its group besides the value, with the digits of the indicator.
_EXACT = ("value", "median", "q25", "q75")
_COUNTED = ("rank", "n_ranked", "n_used")
_WORDS = ("standing", "side", "departure")


class FigureChange(NamedTuple):
    """A number or a word of a page that is printed otherwise now.

    ``before`` and ``after`` are numbers rounded as they are printed, words of the library, or None
    where nothing was told.
    """

    indicator: str
    year: int
    statistic: str
    before: float | str | None
    after: float | str | None


@dataclass(frozen=True)
class FindingChange:
    """One finding before and after the correction.

    Attributes
    ----------
    indicator, claim : str
        What it is about, and of which sort.
    outcome : str
        One of :data:`OUTCOMES`. ``flipped``: the data say something else now, be it the opposite or
        nothing worth saying; ``unanswered``: the question has no answer any more; ``moved``: the
        same finding with other numbers or another confidence; ``new``: not said before.
    before, after : Finding or None
        None on the side that does not say it.
    reason : str
        Why there is no answer now; empty where there is one.
    """

    indicator: str
    claim: str
    outcome: Outcome
    before: Finding | None
    after: Finding | None
    reason: str = ""


@dataclass(frozen=True, eq=False)
class AreaRevision:
    """A page, a unit in one area and year, on two states of the data.

    Attributes
    ----------
    before, after : AreaAssessment
        The unit with the same rule of its group on both.
    findings : tuple of FindingChange
        Of both sides, in the order of the old page, then the new ones.
    figures : tuple of FigureChange
        What is printed otherwise now.
    found : Revision
        The findings as M23 compares them.
    """

    before: AreaAssessment
    after: AreaAssessment
    findings: tuple[FindingChange, ...]
    figures: tuple[FigureChange, ...]
    found: Revision

    @property
    def outdated(self) -> tuple[FindingChange, ...]:
        """The findings that no longer hold."""
        worst = ("flipped", "unanswered", "redefined")
        return tuple(change for change in self.findings if change.outcome in worst)

    @property
    def joined(self) -> tuple[str, ...]:
        """Codes of units that are in the comparison group only now."""
        return tuple(sorted({*self.after.group.members} - {*self.before.group.members}))

    @property
    def left(self) -> tuple[str, ...]:
        """Codes of units that are no longer in the comparison group."""
        return tuple(sorted({*self.before.group.members} - {*self.after.group.members}))

    @property
    def dependent(self) -> bool:
        """Whether anything the page says is another now: a number, a finding, the group."""
        changed = any(change.outcome != "unchanged" for change in self.findings)
        return bool(changed or self.figures or self.joined or self.left)

    @property
    def indicators(self) -> tuple[str, ...]:
        """Ids of the indicators of which the page says something else now."""
        told = [c.indicator for c in self.findings if c.outcome != "unchanged"]
        return tuple(dict.fromkeys([*told, *(figure.indicator for figure in self.figures)]))


def compare_assessments(
    before: AreaAssessment, after: AreaAssessment, redefined: Collection[str] = ()
) -> AreaRevision:
    """Compare a page on two states of the data.

    Parameters
    ----------
    before, after : AreaAssessment
        The same unit, area, year and rule of the group.
    redefined : collection of str
        Ids of indicators whose input has another definition in the new data: nothing of them is
        compared.

    Returns
    -------
    AreaRevision

    Raises
    ------
    ValueError
        When the two are not the same page.
    """
    pages = [(a.unit.code, a.area.id, a.year, a.group.key) for a in (before, after)]
    if pages[0] != pages[1]:
        raise ValueError(f"not the same page: {pages[0]} and {pages[1]}")
    old, new = _keyed(before), _keyed(after)
    found = compare_revision(
        _conclusions(before, old, old, ()), _conclusions(after, new, old, redefined)
    )
    rows = zip(found.rows["outcome"].tolist(), found.rows["reason"].tolist(), strict=True)
    kept = [
        _change(key, finding, new.get(key), *row)
        for (key, finding), row in zip(old.items(), rows, strict=True)
    ]
    came = [FindingChange(*key, "new", None, new[key]) for key in new if key not in old]
    findings = (*kept, *came)
    return AreaRevision(before, after, findings, tuple(_figures(before, after)), found)


_Key = tuple[str, str]


def _keyed(assessment: AreaAssessment) -> dict[_Key, Finding]:
    """Return the findings by what they are about and their sort."""
    return {(f.indicator or "", f.claim): f for f in assessment.findings}


def _change(
    key: _Key, before: Finding, after: Finding | None, outcome: str, reason: str
) -> FindingChange:
    """Return what became of a finding of the old page."""
    word: Outcome
    if outcome == "redefined":
        word = "redefined"
    elif after is None:
        word = "unanswered" if outcome == "unanswered" else "flipped"
    elif outcome == "flipped":
        word = "flipped"
    else:
        same = outcome == "unchanged" and _printed(before) == _printed(after)
        word = "unchanged" if same else "moved"
    return FindingChange(*key, word, before, after, reason)


def _printed(finding: Finding) -> tuple[Any, ...]:
    """Return everything of a finding that a reader sees."""
    numbers = {n: f"{c.value:.{c.decimals}f}" for n, c in finding.numbers.items()}
    return finding.text, finding.detail, finding.confidence, finding.confidence_reason, numbers


def _conclusions(
    assessment: AreaAssessment,
    told: dict[_Key, Finding],
    keys: Collection[_Key],
    redefined: Collection[str],
) -> pd.DataFrame:
    """Return one row for each finding of either side, as :func:`compare_revision` reads them."""
    import pandas as pd

    items = {item.indicator.id: item for item in assessment.indicators}
    rows = []
    for key in keys:
        indicator, claim = key
        item = items.get(indicator)
        result, reason = _answer(item, told.get(key), claim)
        version = "" if item is None else item.indicator.definition_version
        rows.append(
            (
                assessment.unit.code,
                indicator,
                assessment.year,
                claim,
                assessment.group.key,
                f"{version}, nowa" if indicator in redefined else version,
                float("nan") if item is None or item.value is None else item.value,
                None if item is None or item.row is None else item.row.get("decimals"),
                "no_data" if item is None else item.flag,
                result,
                reason,
            )
        )
    frame = pd.DataFrame(rows, columns=list(CONCLUSION_COLUMNS))
    return frame.astype({"value": "float64", "decimals": "Int8"})


def _answer(
    item: IndicatorAssessment | None, finding: Finding | None, claim: str
) -> tuple[str, str]:
    """Return what the data answer, in a word that is the same while the answer is; or why none."""
    if item is None:
        return "", "tego wskaźnika nie ma na tej stronie"
    if finding is not None:
        way = item.trend.direction if claim == "trend" else item.position.verdict_side
        return f"{finding.mark}:{way}", ""
    if item.status != "shown":
        return "", item.reason or "brak wartości"
    if claim == "trend":
        known = item.trend.direction != "unknown"
        return ("silent", "") if known else ("", item.trend.reason or "kierunku nie sprawdzono")
    withheld = claim == "standing" and item.position.standing == "not_judged"
    if item.position.standing == "unknown" or withheld:
        return "", item.position.reason or "wartości nie można ocenić"
    return "silent", ""


def _figures(before: AreaAssessment, after: AreaAssessment) -> Iterator[FigureChange]:
    """Yield what is printed otherwise: of the year, of the group, of the series."""
    new = {item.indicator.id: item for item in after.indicators}
    for old_item in before.indicators:
        name = old_item.indicator.id
        if name not in new:
            continue
        old_cells = _cells(old_item, before.year)
        new_cells = _cells(new[name], after.year)
        for cell in dict.fromkeys([*old_cells, *new_cells]):
            pair = old_cells.get(cell), new_cells.get(cell)
            if pair[0] != pair[1]:
                yield FigureChange(name, *cell, *pair)


def _cells(item: IndicatorAssessment, year: int) -> dict[tuple[int, str], float | str]:
    """Return what is printed of an indicator, by year and statistic; nulls are left out."""
    digits, position, trend = item.indicator.decimals, item.position, item.trend
    told: dict[str, Any] = {
        **{name: _rounded(getattr(position, name), digits) for name in _EXACT},
        **{name: getattr(position, name) for name in (*_COUNTED, *_WORDS)},
        "trend": trend.direction,
        "slope": _rounded(trend.slope, min(digits + 1, 6)),
        "flag": None if item.flag in NUMBER_FLAGS else item.flag,
        "qualifiers": item.qualifiers or None,
    }
    cells = {(year, name): value for name, value in told.items() if value is not None}
    columns = (item.series[name].tolist() for name in ("year", *_EXACT))
    for other, *numbers in zip(*columns, strict=True):
        for name, number in zip(_EXACT, numbers, strict=True):
            shown = _rounded(number, digits)
            if shown is not None:
                cells.setdefault((int(other), name), shown)
    return cells


def _rounded(value: float | None, digits: int) -> float | None:
    """Return a number as it is printed; None for a null. A minus before zero is not printed."""
    if value is None or value != value:
        return None
    return float(f"{value:.{digits}f}") + 0.0
