"""Synchronise with SMUP: plan, ask what is due, parse what is held, write a snapshot.

The snapshot is written once, at the end, from the answers in the store, and its id does not depend
on when they came: whoever was killed and went on has the snapshot of an undisturbed run. A
variable enters a snapshot only when every question of it has its answer, so a run that the limit
stopped and its continuation add up to the same.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smup_lib.catalogue import load_catalogue
from smup_lib.errors import QuotaError
from smup_lib.sources.import_report import ImportReport
from smup_lib.sources.web.answers import AnswerStore
from smup_lib.sources.web.asking import Asked, Desk, Progress, ask_due
from smup_lib.sources.web.clock import Clock
from smup_lib.sources.web.polite import PoliteClient
from smup_lib.sources.web.services import SMUP, check_libraries, service_lock
from smup_lib.sources.web.smup_definitions import published_variables, read_definitions
from smup_lib.sources.web.smup_dictionaries import Dictionaries, fetch_dictionaries
from smup_lib.sources.web.smup_plan import Choice, Group, Plan, PlanFigures, figure_plan, make_plan
from smup_lib.sources.web.smup_questions import PAGE_SIZE
from smup_lib.sources.web.smup_reading import (
    Gathering,
    as_read_file,
    read_groups,
    with_published,
)
from smup_lib.sources.web.storing import find_base, store_rows, waiting_rows
from smup_lib.sources.web.sync_report import SyncReport

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class SyncOptions:
    """How to synchronise.

    Attributes
    ----------
    plan_only : bool
        Whether to stop after the plan.
    limit : int or None
        Calls to make at most; 0 builds a snapshot from what is held.
    refresh : bool
        Whether to ask again what is older than a day.
    ignored_fields : tuple of str
        Fields of rows that nobody described and the user says are harmless.
    page_size : int
    """

    plan_only: bool = False
    limit: int | None = None
    refresh: bool = False
    ignored_fields: tuple[str, ...] = ()
    page_size: int = PAGE_SIZE


EVERYTHING = Choice()
USUALLY = SyncOptions()


def sync_smup(
    choice: Choice = EVERYTHING,
    options: SyncOptions = USUALLY,
    *,
    clock: Clock | None = None,
    on_plan: Callable[[PlanFigures], None] | None = None,
    on_progress: Progress | None = None,
    on_wait: Callable[[float, str], None] | None = None,
) -> SyncReport:
    """Bring the chosen indicators of SMUP into a new snapshot.

    Parameters
    ----------
    choice : Choice
        Which indicators and years; everything by default.
    options : SyncOptions
    clock : Clock, optional
    on_plan, on_progress, on_wait : callable, optional
        Told the plan before anything is asked, each question, and each longer wait.

    Returns
    -------
    SyncReport

    Raises
    ------
    SmupError
        When the key is refused, the service is down, the choice or a setting is wrong, there is no
        register, real and fictional units would meet, or the disk is full. What was fetched stays.
    """
    check_libraries()
    key = SMUP.key()
    with service_lock(SMUP):
        store = AnswerStore(SMUP.answers_path())
        quota = SMUP.quota(key, clock)
        with PoliteClient(SMUP.label, SMUP.base(), quota, key=key, on_wait=on_wait) as client:
            desk = Desk(client, store, refresh=options.refresh, limit=options.limit)
            dictionaries = fetch_dictionaries(desk, options.page_size)
            known = published_variables(find_base(SMUP, dictionaries.codes))
            now = quota.clock.now()
            plan = make_plan(dictionaries, choice, now, options.page_size)
            if on_plan is not None:
                on_plan(figure_plan(plan, desk))
            if options.plan_only:
                return SyncReport(SMUP.label, client.calls, 0, len(plan.groups))
            asked = ask_due(desk, plan.questions, on_progress)
            return _Sync(desk, dictionaries, plan, choice, options, known).finish(asked, now)


@dataclass(frozen=True)
class _Sync:
    """A synchronisation whose asking is over."""

    desk: Desk
    dictionaries: Dictionaries
    plan: Plan
    choice: Choice
    options: SyncOptions
    known: Mapping[int, str]

    def finish(self, asked: Asked, now: float) -> SyncReport:
        """Parse what is held and write the snapshot."""
        complete = [g for g in self.plan.groups if all(map(self.desk.has, g.questions))]
        imported = datetime.datetime.fromtimestamp(now, datetime.UTC).isoformat(timespec="seconds")
        with waiting_rows(SMUP) as folder:
            gathering = read_groups(
                self.desk,
                complete,
                self.dictionaries,
                folder=folder,
                level=self.choice.level,
                ignored=self.options.ignored_fields,
                imported=imported,
                known=self.known,
            )
            written, held = self._write(gathering, complete, imported) if complete else (None, None)
        reasons = dict(held["reason"].value_counts()) if held is not None else {}
        return SyncReport(
            SMUP.label,
            calls=self.desk.client.calls,
            complete=len(gathering.parts),
            waiting=len(self.plan.groups) - len(complete),
            failures={name: str(error) for name, error in asked.failures.items()},
            stopped=said_stop(asked.stopped),
            empty=tuple(gathering.empty),
            left_out=sum(values.parts for values in gathering.values),
            repeated=sum(values.repeated for values in gathering.values),
            fields=_all_fields(gathering),
            quarantined={str(reason): int(rows) for reason, rows in reasons.items()},
            written=written,
            notes=self.dictionaries.notes + _notes(gathering, self.desk),
        )

    def _write(
        self, gathering: Gathering, complete: Sequence[Group], imported: str
    ) -> tuple[ImportReport, pd.DataFrame]:
        definitions, records = read_definitions(
            self.desk, self.plan, complete, self.dictionaries, gathering.variables, imported
        )
        return store_rows(
            SMUP,
            as_read_file(gathering, self.desk.store.path),
            with_published(load_catalogue(), gathering.records),
            self.dictionaries.codes,
            files=gathering.files,
            scopes=gathering.scopes,
            definitions=definitions,
            definition_records=records,
        )


def said_stop(error: QuotaError | None) -> str:
    """Return why the asking stopped, and when to go on; empty when it did not stop."""
    if error is None:
        return ""
    return f"{error.what} {(error.next_step or '').capitalize()}."


def _all_fields(gathering: Gathering) -> dict[str, int]:
    found: dict[str, int] = {}
    for values in gathering.values:
        for name, rows in values.fields.items():
            found[name] = found.get(name, 0) + rows
    return found


def _notes(gathering: Gathering, desk: Desk) -> tuple[str, ...]:
    notes = []
    if gathering.gone:
        notes.append(f"są na liście, a nie mają już fiszki: {', '.join(gathering.gone)}")
    return (*notes, *desk.notes())
