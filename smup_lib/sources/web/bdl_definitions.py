"""What does BDL itself say of its variables and their subjects? Word for word, for the pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from smup_lib.snapshots import SourceRecord
from smup_lib.snapshots.content import content_digest
from smup_lib.snapshots.tables import TABLES
from smup_lib.sources.web.answers import Answer
from smup_lib.sources.web.asking import Desk, Question
from smup_lib.sources.web.bdl_identify import DEFINITION_KIND, SUBJECT_KIND, Target
from smup_lib.sources.web.bdl_questions import ask_subject, ask_variable
from smup_lib.sources.web.smup_reading import answers_record, newest_day

if TYPE_CHECKING:
    import pandas as pd


def read_definitions(
    desk: Desk, targets: Sequence[Target], fictional: bool, imported: str
) -> tuple[pd.DataFrame, tuple[SourceRecord, ...]]:
    """Return rows of ``published_definitions`` and their source.

    A variable stands there under its number, with its subject, its labels and measure unit as its
    name, the id of the workbench, and the description as it came.

    Parameters
    ----------
    desk : Desk
    targets : sequence of Target
        Variables that are complete.
    fictional : bool
    imported : str
        Moment of the synchronisation, ISO.
    """
    import pandas as pd

    answers: list[Answer] = []
    rows = [*_rows(desk, targets, answers)]
    table = pd.DataFrame(rows, columns=list(TABLES["published_definitions"].columns)[:-1])
    if table.empty:
        return table.assign(source=""), ()
    dataset = "fictional:bdl_definitions" if fictional else "bdl:definitions"
    record = SourceRecord(
        id=f"{dataset}@{content_digest(table, ('kind', 'id'))[:8]}",
        dataset=dataset,
        publisher="sample" if fictional else "gus_bdl",
        title="Opisy zmiennych i podgrup BDL",
        kind="bdl_api",
        file=answers_record("opisy zmiennych BDL", answers, imported),
        data_date=newest_day(answers),
        rows=len(table),
    )
    return table.assign(source=record.id), (record,)


def _rows(
    desk: Desk, targets: Sequence[Target], answers: list[Answer]
) -> Iterator[tuple[str, ...]]:
    named = {target.published.subject: target.subject_name for target in targets}
    for subject, name in named.items():
        card = _card(desk, ask_subject(subject), answers)
        yield SUBJECT_KIND, subject, "", name, "", "", card
    for target in targets:
        one = target.published
        card = _card(desk, ask_variable(one.number), answers)
        yield (
            DEFINITION_KIND, str(one.number), one.subject, str(one.series), "",
            target.variable.id, card,
        )  # fmt: skip


def _card(desk: Desk, question: Question, answers: list[Answer]) -> str:
    """Return a description as it came; an empty text when there is none."""
    if not desk.has(question):
        return ""
    page = desk.read(question)[0]
    answers.append(page)
    return page.body.decode("utf-8", "replace") if page.status == 200 else ""
