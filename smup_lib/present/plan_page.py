"""What does a page say of a plan: what was promised, what the data show, what they do not?"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from smup_lib.conclude.plan_follow_up import NOT_SAID, ActionProgress, Status
from smup_lib.present.area_page import render_title
from smup_lib.present.charts import SeriesChart
from smup_lib.present.formats import format_date, format_number
from smup_lib.present.numbers import tag_cited, write_cited
from smup_lib.present.tables import Column, render_facts, render_table

if TYPE_CHECKING:
    from smup_lib.conclude import CitedNumber
    from smup_lib.conclude.plan_checks import CheckedAction, Remark
    from smup_lib.conclude.plans import ImprovementPlan, PlannedAction

#: A status as shape and word; never as colour alone.
STATUS_WORDS: Mapping[Status, tuple[str, str]] = {
    "reached": ("●", "cel osiągnięty"),
    "on_the_way": ("▶", "w drodze do celu"),
    "no_visible_change": ("■", "nie widać zmiany"),
    "other_way": ("▲", "zmiana w przeciwną stronę"),
    "cannot_tell": ("?", "nie da się jeszcze powiedzieć"),
}
GRADE_WORDS: Mapping[str, str] = {
    "problem": "do poprawy",
    "warning": "uwaga",
    "note": "informacja",
}
render_head = render_title


def status_words(status: Status) -> str:
    """Return a status with its sign.

    Examples
    --------
    >>> status_words("reached")
    '● cel osiągnięty'
    """
    return " ".join(STATUS_WORDS[status])


def progress_text(one: ActionProgress) -> str:
    """Return what the data say of an action as plain text."""
    return f"{one.item.indicator.short_name}: {_told_status(one)}. {_sentences(one, write_cited)}"


def _told_status(one: ActionProgress) -> str:
    """Return the status in words; what it rests on preliminary data is told at once."""
    words = STATUS_WORDS[one.status][1]
    first = one.status != "cannot_tell" and "preliminary" in one.item.qualifiers.split(",")
    return f"{words} według danych wstępnych, które mogą się jeszcze zmienić" if first else words


def render_summary(progress: Sequence[ActionProgress]) -> str:
    """Return what the data say of each action, and what they do not say."""
    items = "".join(
        f'<li class="smup-finding"><span class="smup-mark" aria-hidden="true">'
        f"{STATUS_WORDS[one.status][0]}</span><div>"
        f'<p class="smup-sentence">{escape(one.item.indicator.short_name)}: '
        f"{_told_status(one)}.</p>"
        f'<p class="smup-detail">{_sentences(one, tag_cited)}</p></div></li>'
        for one in progress
    )
    return (
        '<section class="smup-summary"><h2>W skrócie</h2>'
        f'<ul class="smup-findings" aria-label="Wykonanie planu">{items}</ul>'
        f'<p class="smup-note">{NOT_SAID}</p></section>'
    )


def _sentences(one: ActionProgress, write: Callable[[CitedNumber], str]) -> str:
    told = f"Powód: {one.reason}." if one.reason else one.text
    text = " ".join([escape(told), *map(escape, one.notes)])
    for name, number in one.numbers.items():
        text = text.replace(f"{{{name}}}", write(number))
    # a measure unit may end in a full stop, and the sentence too
    return text.replace("..", ".")


def render_table_of(progress: Sequence[ActionProgress]) -> str:
    """Return start, value now, change and target of each action in one table."""
    import pandas as pd

    names = {
        "start": "Wartość wyjściowa",
        "now": "Teraz",
        "change": "Zmiana",
        "target": "Cel",
        "share": "Przebyta droga",
    }
    rows: list[dict[str, Any]] = [
        {
            "name": one.item.indicator.name,
            "status": status_words(one.status),
            "deadline": one.action.deadline,
            **{name: _cell(one, name) for name in names},
        }
        for one in progress
    ]
    columns = [
        Column("name", "Wskaźnik"),
        *(Column(name, header, "html") for name, header in names.items()),
        Column("deadline", "Termin", "year"),
        Column("status", "Stan"),
    ]
    table = render_table(pd.DataFrame(rows), columns, "Plan i wykonanie", stacked=True)
    return f"<section><h2>Liczby planu</h2>{table}</section>"


def _cell(one: ActionProgress, name: str) -> str:
    number = one.numbers.get(name)
    return "–" if number is None else tag_cited(number)


def plan_chart(chart: SeriesChart, one: ActionProgress) -> SeriesChart:
    """Return the series of an indicator with the way from the start of the plan to its target."""
    import pandas as pd

    start = one.numbers.get("start") or one.numbers["planned_start"]
    first, last = one.action.baseline.year, one.action.deadline
    step = (one.action.target - start.value) / (last - first)
    way = {year: start.value + step * (year - first) for year in range(first, last + 1)}
    way[last] = one.action.target
    known = set(map(int, chart.frame["year"].tolist()))
    added = sorted(way.keys() - known)
    rows = pd.DataFrame({"year": added, "value": float("nan"), "flag": "not_available_yet"})
    frame = pd.concat([chart.frame, rows], ignore_index=True) if added else chart.frame.copy()
    for name in ("qualifiers", "recalculated_from"):
        if name in frame:
            frame[name] = frame[name].fillna("")
    frame = frame.assign(planned=[way.get(int(y), float("nan")) for y in frame["year"]])
    frame = frame.sort_values("year").reset_index(drop=True)
    return dataclasses.replace(
        chart, frame=frame, title=f"{one.item.indicator.name}: plan i wykonanie"
    )


def render_actions(
    plan: ImprovementPlan, progress: Sequence[ActionProgress] = (), service: str = ""
) -> str:
    """Return what was planned: which plan, then cause, action, owner, risk and term of each action.

    ``service`` is the Polish name of the service that the plan is for, if it is for one.
    """
    names = {one.action.id: one.item.indicator.name for one in progress}
    parts = [
        f"<article><h3>{escape(action.action)}</h3>"
        f"{render_facts(_facts(action, names.get(action.id, action.indicator)))}</article>"
        for action in plan.actions
    ]
    which = render_facts(list_plan_facts(plan, service))
    return f"<section><h2>Co zaplanowano</h2>{which}{''.join(parts)}</section>"


def list_plan_facts(plan: ImprovementPlan, service: str = "") -> list[tuple[str, str]]:
    """Return which plan it is, who agreed to it when, and on which data its start rests."""
    facts = [("Plan", plan.id), ("Wersja", str(plan.version))]
    if plan.approved is not None:
        facts.append(("Zatwierdzony", format_date(plan.approved)))
    if service:
        facts.append(("Usługa", service))
    return [*facts, ("Stan danych wartości wyjściowych", plan.snapshot)]


def _facts(action: PlannedAction, name: str) -> list[tuple[str, str]]:
    facts = [
        ("Przyczyna", action.cause),
        ("Odpowiada", action.owner),
        ("Budżet", format_number(action.budget, 0, "zł")),
        ("Wskaźnik", name),
        ("Termin", f"dane za {action.deadline} r."),
        ("Ryzyko", action.risk),
    ]
    if action.direction_reason:
        facts.append(("Dlaczego w tę stronę", action.direction_reason))
    if action.practice:
        facts.append(("Wzór", f"karta praktyki {action.practice}"))
    return facts


def remark_text(remark: Remark) -> str:
    """Return a remark of the check as one line."""
    told = remark.reading.fill(
        lambda figure: format_number(figure.value, figure.decimals, figure.measure_unit or None)
    )
    return f"{GRADE_WORDS[remark.grade]} ({remark.key}): {told}"


def checked_lines(checked: CheckedAction) -> list[str]:
    """Return the lines on one checked action: its name, then every remark."""
    name = checked.item.indicator.short_name if checked.item else checked.action.indicator
    return [f"{checked.action.id}: {name}", *(f"  - {remark_text(r)}" for r in checked.remarks)]
