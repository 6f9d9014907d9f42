"""What is worth saying first: findings in order of importance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from smup_lib.conclude.cost_findings import cost_findings
from smup_lib.conclude.error_findings import error_findings
from smup_lib.conclude.finding import Finding
from smup_lib.conclude.place_findings import place_findings
from smup_lib.conclude.signals import Signals
from smup_lib.conclude.year_findings import trend_findings

if TYPE_CHECKING:
    from smup_lib.conclude.assessment import AreaAssessment, IndicatorAssessment


def list_findings(assessment: AreaAssessment) -> tuple[Finding, ...]:
    """Return what is worth saying about an assessed unit, most important first.

    Indicators that are close to the group, or that nobody may judge, give no finding: silence is
    the right sentence for them. What the data do not tell at all stands in
    :func:`smup_lib.conclude.silences.list_silences`.
    """
    told, signals = assessment.leading(), assessment.signals
    items = [*told, *(item for item in assessment.indicators if item.status != "shown")]
    found = [f for item in items for f in _findings_of(assessment, item, signals)]
    found.sort(key=lambda finding: -finding.strength)
    return tuple(found)


def _findings_of(
    assessment: AreaAssessment, item: IndicatorAssessment, signals: Signals
) -> Iterator[Finding]:
    yield from error_findings(assessment, item)
    if item.status == "shown":
        yield from place_findings(assessment, item, signals)
        yield from cost_findings(assessment, item, signals)
        yield from trend_findings(assessment, item, signals)


def first_screen(findings: Iterable[Finding], places: int = 3) -> tuple[Finding, ...]:
    """Return the few findings for the first screen: different things, bad news among them.

    Two findings of one indicator, or of one kind about one service, tell nearly the same.
    """
    findings = tuple(findings)
    once = _firsts(findings, lambda finding: (finding.indicator,))
    chosen = _firsts(once, lambda f: (f.service or f.indicator, f.claim, f.mark))
    rest = [finding for finding in once if finding not in chosen]
    return with_bad_news([*chosen, *rest], findings, places)


def told_once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings without those that print the value and median of one before them.

    Two indicators may be told apart by their names and be the same sums for this unit: capital
    spending and investment, say, in the reports of two areas.
    """
    return _firsts(tuple(findings), _printed)


def _printed(finding: Finding) -> tuple[str | None, ...]:
    shown = [finding.numbers[name] for name in ("value", "median") if name in finding.numbers]
    if len(shown) < 2:
        return (finding.text,)
    numbers = (f"{one.value:.{one.decimals}f} {one.measure_unit}" for one in shown)
    return (finding.claim, finding.mark, *numbers)


def _firsts(
    findings: Iterable[Finding], what: Callable[[Finding], tuple[str | None, ...]]
) -> tuple[Finding, ...]:
    """Return the first finding of each thing, in the order of the findings."""
    first: dict[tuple[str | None, ...], Finding] = {}
    for finding in findings:
        first.setdefault(what(finding), finding)
    return tuple(first.values())


def with_bad_news(
    chosen: Sequence[Finding], findings: Iterable[Finding], places: int
) -> tuple[Finding, ...]:
    """Return the first of the chosen; good news may not push the only bad news off the screen.

    Nor may the good direction of an indicator hide its bad place, or the other way round.
    """
    shown = tuple(chosen[:places])
    worse = next((finding for finding in findings if finding.mark == "worse"), None)
    if worse is None or any(finding.mark == "worse" for finding in shown):
        return shown
    return (*shown[: places - 1], worse)
