"""The next year's data are here: what became of a planned action?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Literal

import numpy as np

from smup_lib.compare.counts import lay_out_counts
from smup_lib.compare.intervals import difference_interval, ratio_interval
from smup_lib.compare.methods import basis_of
from smup_lib.compare.reading import difference_unit
from smup_lib.compare.reconciliation import half_digit
from smup_lib.conclude.evidence import CitedNumber, NumberKey
from smup_lib.conclude.own_series import NOT_COMPARED, last_break
from smup_lib.conclude.plans import PlannedAction, gain_of, way_of
from smup_lib.flags import FEW_CASES, NUMBER_FLAGS

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.conclude.assessment import AreaAssessment, IndicatorAssessment

Status = Literal["reached", "on_the_way", "no_visible_change", "other_way", "cannot_tell"]
NOT_SAID = "Zmiana po działaniu nie dowodzi, że spowodowało ją właśnie to działanie."


@dataclass(frozen=True, eq=False)
class ActionProgress:
    """What the data say of an action.

    Attributes
    ----------
    action : PlannedAction
        As planned.
    item : IndicatorAssessment
        The indicator in the year of the follow-up.
    status : str
        One of :data:`Status`.
    text : str
        Polish template; ``{name}`` stands for a number of ``numbers``. Empty when nothing can be
        told.
    numbers : mapping of str to CitedNumber
        The evidence.
    reason : str
        Why nothing can be told yet; empty otherwise.
    notes : tuple of str
        Polish templates of what must be known beside it, with numbers of the same mapping.
    overdue : bool
        Whether the term has come and the target is not reached.
    """

    action: PlannedAction
    item: IndicatorAssessment
    status: Status
    text: str
    numbers: Mapping[str, CitedNumber] = field(default_factory=dict)
    reason: str = ""
    notes: tuple[str, ...] = ()
    overdue: bool = False


def follow_action(
    action: PlannedAction,
    at: AreaAssessment,
    item: IndicatorAssessment,
    own: pd.DataFrame,
    earlier: Collection[str] | None = None,
) -> ActionProgress:
    """Measure an action by the data of a later year.

    Parameters
    ----------
    action : PlannedAction
        Of a plan of the unit.
    at : AreaAssessment
        The unit in the year of the follow-up, on the new data.
    item : IndicatorAssessment
        The indicator of the action there.
    own : DataFrame
        The unit's rows of the indicator in all years (``VALUE_COLUMNS``), on the territory of the
        year of the follow-up.
    earlier : collection of str, optional
        Members of the group by the same rule in the year of the start; None where nobody knows.

    Returns
    -------
    ActionProgress
        Measured from the start as the new data have it; a corrected start is told.
    """
    rows = own.set_index("year")
    start = _row(rows, action.baseline.year)
    now = _row(rows, at.year)
    numbers = _numbers(action, at, item, start, now)
    why = _why_not(action, at, item, start, now)
    notes = tuple(_notes(action, item, start, numbers))
    if {"median_start", "median_now"} <= numbers.keys():
        told, kept = _median_note(at, numbers["median_start"], earlier)
        notes, numbers = (*notes, told), numbers | kept
    if why:
        return ActionProgress(action, item, "cannot_tell", "", numbers, why, notes)
    assert start is not None and now is not None
    status = _status(action, item, start, now)
    overdue = at.year >= action.deadline and status != "reached"
    text = _TEXTS[status] + (" Termin już minął." if overdue else "")
    if status == "reached" and _visible(item, start, now) <= 0:
        notes = (*notes, "Sama zmiana może być przypadkiem albo zaokrągleniem.")
    elif item.indicator.rare_events and not _counted(item, start, now):
        notes = (*notes, _UNTESTED)
    return ActionProgress(action, item, status, text, numbers, "", notes, overdue)


_UNTESTED = (
    "W danych nie ma liczby zdarzeń, więc nie sprawdzono, ile w tej zmianie przypadku: patrz na "
    "kilka lat, a nie na jeden."
)
_TEXTS: Mapping[Status, str] = {
    "reached": "Było {start}, jest {now}, a celem jest {target}.",
    "on_the_way": "Było {start}, jest {now}, a celem jest {target}; przebyto {share} drogi.",
    "no_visible_change": "Było {start}, jest {now}, a celem jest {target}; taka różnica może być "
    "przypadkiem albo zaokrągleniem.",
    "other_way": "Było {start}, jest {now}, a celem jest {target}; odległość od celu wzrosła.",
}


def _row(rows: pd.DataFrame, year: int) -> pd.Series | None:
    """Return the row of a year that holds a number."""
    found = rows[rows.index == year]
    if found.empty or found["flag"].iloc[0] not in NUMBER_FLAGS:
        return None
    return found.iloc[0]


def _why_not(
    action: PlannedAction,
    at: AreaAssessment,
    item: IndicatorAssessment,
    start: pd.Series | None,
    now: pd.Series | None,
) -> str:
    """Return why nothing can be told; empty when something can."""
    first, indicator = action.baseline.year, item.indicator
    if at.year <= first:
        return f"rok {at.year} nie jest późniejszy niż rok wartości wyjściowej"
    if now is None or item.status != "shown":
        return item.reason or f"brak wartości za {at.year} r."
    if not indicator.across_years:
        return NOT_COMPARED
    broken = last_break(item.breaks, at.year)
    if broken > first:
        reason = next(one.reason for one in item.breaks if one.year == broken)
        return f"szereg jest przerwany w {broken} r. ({reason}), więc lat nie wolno łączyć"
    if start is None:
        return f"w nowych danych nie ma wartości za {first} r., od której liczono plan"
    if way_of(indicator, action) is None:
        return "wskaźnik nie ma kierunku, a plan go nie podaje"
    if (gain_of(indicator, action, action.target, float(start["value"])) or 0.0) <= 0:
        return (
            "po korekcie danych wartość wyjściowa nie jest gorsza niż cel, więc plan trzeba "
            "ustalić na nowo"
        )
    if (_few(now) or _few(start)) and not _counted(item, start, now):
        return "wartość opiera się na nieznanej albo małej liczbie przypadków"
    return ""


def _few(row: pd.Series) -> bool:
    return not FEW_CASES.isdisjoint(str(row["qualifiers"]).split(","))


def _status(
    action: PlannedAction, item: IndicatorAssessment, start: pd.Series, now: pd.Series
) -> Status:
    indicator, digits = item.indicator, item.indicator.decimals
    left = gain_of(
        indicator, action, round(float(now["value"]), digits), round(action.target, digits)
    )
    if left is not None and left >= 0:
        return "reached"
    if _visible(item, start, now) <= 0:
        return "no_visible_change"
    gain = gain_of(indicator, action, float(now["value"]), float(start["value"]))
    return "on_the_way" if gain is not None and gain > 0 else "other_way"


def _counted(item: IndicatorAssessment, start: pd.Series, now: pd.Series) -> bool:
    """Tell whether both years have counts that an interval may rest on."""
    import pandas as pd

    indicator = item.indicator
    if basis_of(indicator) != "count_ratio" or indicator.method not in ("share", "rate"):
        return False
    rows = pd.DataFrame([start, now]).assign(unit_code=["start", "now"])
    return bool(lay_out_counts(indicator, rows).known.all())


def _visible(item: IndicatorAssessment, start: pd.Series, now: pd.Series) -> float:
    """Return how far the change is from what chance or rounding explains; 0 or less inside it.

    With counts the 95 % interval of the difference of two years decides (Newcombe; of rates Zou
    and Donner), without them the written digits and the catalogue's smallest gap that matters.
    """
    indicator = item.indicator
    change = float(now["value"]) - float(start["value"])
    if _counted(item, start, now):
        count = np.array([start["numerator"], now["numerator"]], dtype="float64")
        base = np.array([start["denominator"], now["denominator"]], dtype="float64")
        rate = count / base
        low, high = ratio_interval(indicator.method, count, base)
        least, most = difference_interval(
            rate[1:], (low[1:], high[1:]), rate[:1], (low[:1], high[:1])
        )
        return float(max(least[0], -most[0]))
    halves = np.nan_to_num(half_digit([start["decimals"], now["decimals"]]))
    # a hair more than rounding allows is no change
    allowed = float(halves.sum()) * (1 + 1e-9)
    return abs(change) - max(allowed, (indicator.minimum_gap or 0.0) * (1 - 1e-9))


def _numbers(
    action: PlannedAction,
    at: AreaAssessment,
    item: IndicatorAssessment,
    start: pd.Series | None,
    now: pd.Series | None,
) -> dict[str, CitedNumber]:
    indicator, year = item.indicator, action.baseline.year
    key = NumberKey(at.unit.code, indicator.id, at.year)
    unit, digits = indicator.measure_unit, indicator.decimals
    plan = key.of(year=year)
    told: dict[str, tuple[NumberKey, float]] = {
        "target": (key.of(year=action.deadline, statistic="plan_target"), action.target),
        "planned_start": (plan.of(statistic="plan_baseline"), action.baseline.value),
    }
    if start is not None:
        told["start"] = (_value_key(plan, start), float(start["value"]))
    if now is not None:
        told["now"] = (_value_key(key, now), float(now["value"]))
    medians = dict(zip(item.series["year"].tolist(), item.series["median"].tolist(), strict=True))
    for name, when in (("median_start", year), ("median_now", at.year)):
        median = medians.get(when)
        if median is not None and median == median:
            grouped = key.of(year=when, statistic="median", group=at.group.key)
            told[name] = (grouped, float(median))
    found = {n: CitedNumber(k, value, digits, unit) for n, (k, value) in told.items()}
    if start is not None and now is not None:
        # as a reader subtracts the two printed numbers
        change = float(_printed(now, digits) - _printed(start, digits))
        changed = key.of(statistic="plan_change")
        found["change"] = CitedNumber(changed, change, digits, difference_unit(unit), signed=True)
        way = gain_of(indicator, action, action.target, float(start["value"]))
        gone = gain_of(indicator, action, float(now["value"]), float(start["value"]))
        # who went the other way has covered nothing of it
        if way and gone is not None and way > 0 and gone >= 0:
            found["share"] = CitedNumber(key.of(statistic="plan_share"), 100 * gone / way, 0, "%")
    return found


def _printed(row: pd.Series, digits: int) -> Decimal:
    """Return a value as a page prints it."""
    exact = Decimal(repr(float(row["value"])))
    return exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def _value_key(key: NumberKey, row: pd.Series) -> NumberKey:
    return key.of(statistic="value_recalculated") if row["recalculated_from"] else key


def _notes(
    action: PlannedAction,
    item: IndicatorAssessment,
    start: pd.Series | None,
    numbers: Mapping[str, CitedNumber],
) -> list[str]:
    notes = []
    digits = item.indicator.decimals
    if (
        start is not None
        and f"{start['value']:.{digits}f}" != f"{action.baseline.value:.{digits}f}"
    ):
        why = "przeliczono ją na inne granice" if start["recalculated_from"] else "dane poprawiono"
        notes.append(
            f"Wartość wyjściowa to teraz {{start}}, w planie {{planned_start}} ({why}); "
            "liczymy od nowej."
        )
    return notes


def _median_note(
    at: AreaAssessment, start: CitedNumber, earlier: Collection[str] | None
) -> tuple[str, dict[str, CitedNumber]]:
    """Tell how the group moved, and that an earlier report had another one where it did."""
    told = "Mediana grupy w tym czasie: z {median_start} do {median_now}."
    members = set(at.group.members)
    if earlier is not None and set(earlier) == members:
        return told, {}
    chosen = "W obu latach to grupa dobrana na rok pomiaru"
    if earlier is None:
        return f"{told} {chosen}, więc wcześniejszy raport mógł podać inną medianę.", {}
    counts = {"group_now": len(members), "group_same": len(members & set(earlier))}
    text = f"{told} {chosen} (jednostek: {{group_now}}, z nich w grupie z roku wartości "
    return (
        f"{text}wyjściowej: {{group_same}}), więc wcześniejszy raport mógł podać inną medianę.",
        {name: CitedNumber(start.key.of(statistic=name), n) for name, n in counts.items()},
    )
