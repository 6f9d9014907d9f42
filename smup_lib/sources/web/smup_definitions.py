"""What does SMUP itself say of its areas, services and indicators? Its cards, word for word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from smup_lib.snapshots import Snapshot, SourceRecord
from smup_lib.snapshots.content import content_digest
from smup_lib.snapshots.tables import TABLES
from smup_lib.sources.web.answers import Answer
from smup_lib.sources.web.asking import Desk, Question
from smup_lib.sources.web.smup_dictionaries import Dictionaries
from smup_lib.sources.web.smup_plan import Group, Plan
from smup_lib.sources.web.smup_reading import answers_record, newest_day

if TYPE_CHECKING:
    import pandas as pd

_Row = tuple[str, str, str, str, str, str, str]


def read_definitions(
    desk: Desk,
    plan: Plan,
    groups: Sequence[Group],
    dictionaries: Dictionaries,
    variables: Mapping[int, str],
    imported: str,
) -> tuple[pd.DataFrame, tuple[SourceRecord, ...]]:
    """Return the table ``published_definitions`` and its source, whose day is that of the cards.

    Parameters
    ----------
    desk : Desk
    plan : Plan
    groups : sequence of Group
        Those that are complete.
    dictionaries : Dictionaries
    variables : mapping
        Id of an indicator -> variable of its values.
    imported : str
        Moment of the synchronisation, ISO.
    """
    import pandas as pd

    answers: list[Answer] = []
    rows = [
        *_rows_of_areas(desk, plan, dictionaries, answers),
        *_rows_of_indicators(desk, groups, dictionaries, variables, answers),
    ]
    table = pd.DataFrame(rows, columns=list(TABLES["published_definitions"].columns)[:-1])
    if table.empty:
        return table.assign(source=""), ()
    dataset = "fictional:smup_definitions" if dictionaries.fictional else "smup:definitions"
    record = SourceRecord(
        id=f"{dataset}@{content_digest(table, ('kind', 'id'))[:8]}",
        dataset=dataset,
        publisher="sample" if dictionaries.fictional else "smup",
        title="Definicje SMUP: obszary, usługi, wskaźniki (fiszki)",
        kind="smup_api",
        file=answers_record("fiszki SMUP", answers, imported),
        data_date=newest_day(answers),
        rows=len(table),
    )
    return table.assign(source=record.id), (record,)


def published_variables(base: Snapshot | None) -> dict[int, str]:
    """Return id of an indicator -> the variable that it is in a snapshot."""
    if base is None:
        return {}
    table = base.table("published_definitions")
    rows = table[(table["kind"] == "indicator") & (table["variable"] != "")]
    return {int(number): name for number, name in zip(rows["id"], rows["variable"], strict=True)}


def _card(desk: Desk, question: Question, answers: list[Answer]) -> str:
    """Return a card as it came; an empty text when there is none."""
    pages = desk.read(question)
    answers += pages
    return pages[0].body.decode("utf-8", "replace") if pages[0].status == 200 else ""


def _rows_of_areas(
    desk: Desk, plan: Plan, dictionaries: Dictionaries, answers: list[Answer]
) -> Iterator[_Row]:
    """Yield areas and services whose cards were asked for."""
    for kind, number, question in plan.definitions:
        if not desk.has(question):
            continue
        area, name = (
            ("", dictionaries.areas[number])
            if kind == "area"
            else (str(dictionaries.services[number][0]), dictionaries.services[number][1])
        )
        yield kind, str(number), area, name, "", "", _card(desk, question, answers)


def _rows_of_indicators(
    desk: Desk,
    groups: Sequence[Group],
    dictionaries: Dictionaries,
    variables: Mapping[int, str],
    answers: list[Answer],
) -> Iterator[_Row]:
    for group in groups:
        for number, question in zip(group.ids, group.cards, strict=True):
            one = dictionaries.indicators[number]
            told = (str(one.service), one.name, one.dimension, variables[number])
            yield "indicator", str(number), *told, _card(desk, question, answers)
