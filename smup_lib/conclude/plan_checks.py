"""Does a plan hold against the data: its start, its target, its term, what peers reached?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, Literal

from smup_lib.compare import compare_visible_change
from smup_lib.compare.reading import Figure, Reading, difference_unit, in_braces
from smup_lib.conclude.plans import ImprovementPlan, PlannedAction, gain_of, way_of
from smup_lib.flags import NUMBER_FLAGS

if TYPE_CHECKING:
    from smup_lib.catalogue import Indicator
    from smup_lib.conclude.assessment import AreaAssessment, IndicatorAssessment

#: ``problem`` must be mended; ``warning`` needs an answer; ``note`` is good to know.
Grade = Literal["problem", "warning", "note"]
_WAYS = {"higher": "wyżej", "lower": "niżej", "target": "bliżej wartości docelowej z katalogu"}


@dataclass(frozen=True)
class Remark:
    """One remark on an action; ``key`` is the field of the plan that it is about."""

    grade: Grade
    key: str
    reading: Reading


@dataclass(frozen=True, eq=False)
class CheckedAction:
    """An action beside the data of its start.

    Attributes
    ----------
    action : PlannedAction
        As planned.
    item : IndicatorAssessment or None
        The indicator in the year of the start; None when the area has it not at this level.
    remarks : tuple of Remark
        Problems first.
    reached : tuple of str
        Codes of the units of the group that have the target or better already.
    n_used : int
        Units of the group with a value.
    visible : float or None
        The smallest change from year to year that is no play of chance (M16).
    """

    action: PlannedAction
    item: IndicatorAssessment | None
    remarks: tuple[Remark, ...]
    reached: tuple[str, ...] = ()
    n_used: int = 0
    visible: float | None = None

    @property
    def sound(self) -> bool:
        """Whether nothing must be mended."""
        return not any(remark.grade == "problem" for remark in self.remarks)


@dataclass(frozen=True, eq=False)
class _Beside:
    """What the data say beside an action."""

    action: PlannedAction
    item: IndicatorAssessment
    indicator: Indicator
    peers: Sequence[str]
    reached: tuple[str, ...] = ()
    n_used: int = 0
    visible: float | None = None
    figures: dict[str, Figure] = field(default_factory=dict)


def check_action(plan: ImprovementPlan, action: PlannedAction, at: AreaAssessment) -> CheckedAction:
    """Hold one action against the data of the year that it starts from.

    Parameters
    ----------
    plan : ImprovementPlan
        The whole plan: a cost wants quality or access beside it.
    action : PlannedAction
        One of its actions.
    at : AreaAssessment
        The unit in the area and the year of the start, on the data of the plan.

    Returns
    -------
    CheckedAction
    """
    item = next((one for one in at.indicators if one.indicator.id == action.indicator), None)
    if item is None:
        told = f"obszar „{at.area.name}” nie ma tego wskaźnika na szczeblu tej jednostki"
        return CheckedAction(action, None, (_remark("problem", "indicator", told),))
    if item.status != "shown" or item.value is None:
        told = f"nie ma wartości wyjściowej: {item.reason or 'brak danych'}"
        return CheckedAction(action, item, (_remark("problem", "baseline", told),))
    beside = _lay_beside(action, item, at.group.members, at.unit.code)
    remarks = [
        *_start_remarks(beside),
        *_target_remarks(beside),
        *_size_remarks(beside),
        *_term_remarks(beside),
        *_pair_remarks(beside, plan),
    ]
    order = ("problem", "warning", "note")
    remarks.sort(key=lambda remark: order.index(remark.grade))
    return CheckedAction(
        action, item, tuple(remarks), beside.reached, beside.n_used, beside.visible
    )


def _remark(grade: Grade, key: str, template: str, **figures: Figure) -> Remark:
    return Remark(grade, key, Reading(template if figures else in_braces(template), figures))


def _lay_beside(
    action: PlannedAction, item: IndicatorAssessment, members: Sequence[str], unit_code: str
) -> _Beside:
    indicator = item.indicator
    peers = [code for code in members if code != unit_code]
    known = item.values[
        item.values["flag"].isin(NUMBER_FLAGS) & item.values["unit_code"].isin(peers)
    ]
    digits = indicator.decimals
    cells = zip(known["unit_code"].tolist(), known["value"].tolist(), strict=True)
    gains = [
        (code, gain_of(indicator, action, round(value, digits), round(action.target, digits)))
        for code, value in cells
    ]
    reached = tuple(str(code) for code, gain in gains if gain is not None and gain >= 0)
    own = item.values[item.values["unit_code"] == unit_code]
    answer = compare_visible_change(indicator, own).rows.iloc[0]
    visible = float(answer["value"]) if answer["reason"] == "" else None
    figures = {
        "start": Figure(action.baseline.value, digits, indicator.measure_unit),
        "target": Figure(action.target, digits, indicator.measure_unit),
        "planned": Figure(
            abs(action.target - action.baseline.value),
            digits,
            difference_unit(indicator.measure_unit),
        ),
    }
    return _Beside(action, item, indicator, peers, reached, len(gains), visible, figures)


def _start_remarks(beside: _Beside) -> Iterator[Remark]:
    """Hold the start against the data, and ask whether it may bear a plan."""
    action, item, indicator = beside.action, beside.item, beside.indicator
    assert item.value is not None
    found = Figure(item.value, indicator.decimals, indicator.measure_unit)
    if _printed(item.value, indicator) != _printed(action.baseline.value, indicator):
        yield _remark(
            "problem",
            "baseline",
            f"w danych za {action.baseline.year} r. jest {{found}}, a w planie {{start}}",
            found=found,
            start=beside.figures["start"],
        )
    if item.flag == "below_format":
        yield _remark("problem", "baseline", "wartość wyjściowa jest poniżej dokładności zapisu")
    if item.few_cases and beside.visible is None:
        yield _remark(
            "problem", "baseline", "wartość wyjściowa opiera się na nieznanej albo małej liczbie "
            "przypadków, więc zmiany nie dałoby się odróżnić od przypadku",
        )  # fmt: skip
    elif item.few_cases:
        unit = difference_unit(indicator.measure_unit)
        yield _remark(
            "warning", "baseline", "wartość wyjściowa opiera się na małej liczbie przypadków: rok "
            "do roku widać dopiero zmianę o {visible}",
            visible=Figure(beside.visible or 0.0, indicator.decimals, unit),
        )  # fmt: skip
    if item.odd:
        yield _remark(
            "warning", "baseline", "wartość wyjściowa wyraźnie odbiega od wcześniejszych lat: "
            "sprawdź ją u źródła, zanim na niej oprzesz plan",
        )  # fmt: skip
    if not indicator.across_years:
        yield _remark("problem", "indicator", "lat tego wskaźnika nie należy porównywać")


def _printed(value: float, indicator: Indicator) -> str:
    return f"{value + 0.0:.{indicator.decimals}f}"


def _target_remarks(beside: _Beside) -> Iterator[Remark]:
    """Hold the target against the start and the way that is better."""
    action, indicator = beside.action, beside.indicator
    judged, way = indicator.polarity.judged, way_of(indicator, action)
    low, high = possible_range(indicator)
    if not low <= action.target <= high:
        part = "jest częścią całości: od {low} do {high}"
        yield _remark(
            "problem", "target", "celu {target} nie da się osiągnąć, bo wartość "
            + (part if high != inf else "nie może być ujemna"),
            target=beside.figures["target"],
            low=Figure(low, 0), high=Figure(high, 0, indicator.measure_unit),
        )  # fmt: skip
        return
    if _printed(action.target, indicator) == _printed(action.baseline.value, indicator):
        yield _remark(
            "problem", "target", "cel zapisuje się tak samo jak wartość wyjściowa ({start})",
            start=beside.figures["start"],
        )  # fmt: skip
        return
    if way is None:
        yield _remark(
            "problem", "direction", "wskaźnik nie ma uzgodnionego kierunku: urząd musi podać, "
            "w którą stronę chce zmiany (direction) i dlaczego (direction_reason)",
        )  # fmt: skip
        return
    if action.direction is not None and judged not in ("neutral", action.direction):
        yield _remark(
            "problem", "direction", f"katalog mówi, że lepiej jest {_WAYS[judged]}, a plan mówi "
            f"{_WAYS[action.direction]}; opuść direction",
        )  # fmt: skip
    gain = gain_of(indicator, action, action.target, action.baseline.value)
    if gain is not None and gain <= 0:
        yield _remark(
            "problem", "target", "cel {target} jest gorszy niż wartość wyjściowa {start}: "
            f"lepiej jest {_WAYS[way]}",
            target=beside.figures["target"], start=beside.figures["start"],
        )  # fmt: skip
        return
    yield from _peer_remarks(beside)


def possible_range(indicator: Indicator) -> tuple[float, float]:
    """Return between which values an indicator can lie, as far as its definition says so.

    A share is a part of its whole. A ratio of counts, a rate of events and a cost are not below
    zero unless something is taken away in them. Of others nobody knows: no bounds.

    Examples
    --------
    >>> from smup_lib.catalogue import load_catalogue
    >>> catalogue = load_catalogue()
    >>> possible_range(catalogue.indicator("population_near_greenery_share"))
    (0.0, 100.0)
    >>> possible_range(catalogue.indicator("library_readers_per_1k"))
    (0.0, inf)
    >>> possible_range(catalogue.indicator("population_change"))
    (-inf, inf)
    """
    if indicator.method == "share":
        return 0.0, indicator.multiplier
    whole = not (indicator.inputs.minus or indicator.inputs.denominator_minus)
    counts = indicator.data_basis == "count_ratio" and indicator.method in ("ratio", "rate")
    if whole and (counts or indicator.cost or indicator.rare_events is not None):
        return 0.0, inf
    return -inf, inf


def _peer_remarks(beside: _Beside) -> Iterator[Remark]:
    reached, used = Figure(len(beside.reached)), Figure(beside.n_used)
    if not beside.n_used:
        yield _remark("warning", "target", "nikt w grupie porównawczej nie ma tej wartości")
    elif not beside.reached:
        yield _remark(
            "warning", "target", "nikt z grupy porównawczej tego nie osiągnął "
            "(jednostek z wartością: {used})", used=used,
        )  # fmt: skip
    else:
        yield _remark(
            "note", "target", "cel albo wartość lepszą ma już {reached} z {used} jednostek grupy "
            "porównawczej", reached=reached, used=used,
        )  # fmt: skip


def _size_remarks(beside: _Beside) -> Iterator[Remark]:
    """Ask whether the planned change could be seen at all (M16), and whether it matters."""
    action, indicator = beside.action, beside.indicator
    planned = abs(action.target - action.baseline.value)
    unit = difference_unit(indicator.measure_unit)
    if beside.visible is not None:
        grade: Grade = "warning" if planned < beside.visible else "note"
        told = (
            "planowana zmiana ({planned}) jest mniejsza niż najmniejsza, którą rok do roku da się "
            "odróżnić od przypadku ({visible})"
            if grade == "warning"
            else "rok do roku zmiana mniejsza niż {visible} może być przypadkiem; planowana to "
            "{planned}"
        )
        visible = Figure(beside.visible, indicator.decimals, unit)
        yield _remark(grade, "target", told, planned=beside.figures["planned"], visible=visible)
    else:
        yield _remark(
            "note", "target", "liczby przypadków nie są znane: da się powiedzieć tylko, czy zmiana "
            "jest większa niż zaokrąglenie",
        )  # fmt: skip
    if indicator.minimum_gap is not None and planned < indicator.minimum_gap:
        yield _remark(
            "warning", "target", "katalog uznaje za znaczącą dopiero różnicę {gap}; planowana "
            "zmiana to {planned}",
            gap=Figure(indicator.minimum_gap, indicator.decimals, unit),
            planned=beside.figures["planned"],
        )  # fmt: skip


def _term_remarks(beside: _Beside) -> Iterator[Remark]:
    last = beside.item.last_year
    if last is not None and beside.action.deadline <= last:
        yield _remark(
            "problem", "deadline", f"dane za {beside.action.deadline} r. już są (ostatni rok: "
            f"{last}), więc plan nie może ich zmienić",
        )  # fmt: skip


def _pair_remarks(beside: _Beside, plan: ImprovementPlan) -> Iterator[Remark]:
    """Ask for quality or access of the same service beside a cost, which is never planned alone."""
    indicator = beside.indicator
    beside_it = set(plan.indicators) & set(indicator.paired_with)
    if not indicator.cost or beside_it:
        return
    named = ", ".join(indicator.paired_with) or "katalog nie wskazuje żadnego"
    yield _remark(
        "warning", "indicator", "kosztu nie ocenia się samego: dodaj działanie albo pomiar jakości "
        f"lub dostępności tej samej usługi ({named})",
    )  # fmt: skip
