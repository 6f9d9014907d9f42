"""Synchronise with BDL: plan, ask what is due, read what is held, write a snapshot.

As with SMUP, the snapshot is written once, at the end, from the answers in the store, and does not
depend on when they came. A variable enters when all its levels have answered. Its data set is
that of a downloaded file of the same subject (``bdl:P1944``), so that a value from the service and
one from a file are one value, and the newer replaces the older as a revision.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from smup_lib.catalogue import Catalogue, load_catalogue
from smup_lib.errors import UnexpectedAnswerError, UnitError
from smup_lib.snapshots import SourceRecord
from smup_lib.sources.bdl_codes import parse_bdl_id
from smup_lib.sources.coded_text import repeated
from smup_lib.sources.input_files import InputFile
from smup_lib.sources.new_rows import NewRows
from smup_lib.sources.quarantine import empty_quarantine, joined
from smup_lib.sources.read_file import ReadFile
from smup_lib.sources.recognise import FileKind
from smup_lib.sources.row_source import as_new_rows
from smup_lib.sources.untold import Scope
from smup_lib.sources.web.answers import Answer, AnswerStore
from smup_lib.sources.web.asking import Asked, Desk, Progress, ask_due
from smup_lib.sources.web.bdl_attributes import Attributes, read_attributes
from smup_lib.sources.web.bdl_choice import BdlChoice, choose_subjects, choose_wanted
from smup_lib.sources.web.bdl_definitions import read_definitions
from smup_lib.sources.web.bdl_identify import Identified, Identifier, accepted_before
from smup_lib.sources.web.bdl_plan import BdlFigures, VariableGroup, figure_groups, make_groups
from smup_lib.sources.web.bdl_questions import (
    PAGE_SIZE,
    ask_attributes,
    ask_voivodeships,
    read_envelope,
    rows_of,
)
from smup_lib.sources.web.bdl_values import read_values
from smup_lib.sources.web.clock import Clock
from smup_lib.sources.web.polite import PoliteClient
from smup_lib.sources.web.services import BDL, check_libraries, service_lock
from smup_lib.sources.web.smup_dictionaries import tell_fictional
from smup_lib.sources.web.smup_reading import FICTIONAL, answers_record, oldest_day
from smup_lib.sources.web.smup_sync import SyncOptions, said_stop
from smup_lib.sources.web.storing import find_base, store_rows
from smup_lib.sources.web.sync_report import SyncReport

if TYPE_CHECKING:
    import pandas as pd

EVERYTHING = BdlChoice()
USUALLY = SyncOptions(page_size=PAGE_SIZE)


def sync_bdl(
    choice: BdlChoice = EVERYTHING,
    options: SyncOptions = USUALLY,
    *,
    clock: Clock | None = None,
    on_plan: Callable[[BdlFigures], None] | None = None,
    on_progress: Progress | None = None,
    on_wait: Callable[[float, str], None] | None = None,
) -> SyncReport:
    """Bring variables of the Local Data Bank into a new snapshot.

    Parameters
    ----------
    choice : BdlChoice
        Which variables, years and level; by default all that the catalogue can name in BDL.
    options : SyncOptions
    clock : Clock, optional
    on_plan, on_progress, on_wait : callable, optional
        Told the plan before values are asked for, each question, and each longer wait.

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
    catalogue = load_catalogue()
    wanted, subjects = choose_wanted(catalogue, choice), choose_subjects(choice)
    key = BDL.key()
    with service_lock(BDL):
        store = AnswerStore(BDL.answers_path())
        quota = BDL.quota(key, clock)
        with PoliteClient(BDL.label, BDL.base(), quota, key=key, on_wait=on_wait) as client:
            desk = Desk(client, store, refresh=options.refresh, limit=options.limit)
            codes = _voivodeships(desk.answers(ask_voivodeships(options.page_size)))
            base = find_base(BDL, codes)
            attributes = read_attributes(desk.answers(ask_attributes(options.page_size)))
            identifier = Identifier(
                desk, catalogue, choice, accepted_before(base), options.page_size, on_progress
            )
            found = identifier.identify(wanted, subjects, expand=not options.plan_only)
            now = quota.clock.now()
            groups = make_groups(found, choice, now, options.page_size)
            if on_plan is not None:
                only = options.plan_only
                on_plan(figure_groups(found, groups, desk, options.page_size, plan_only=only))
            if options.plan_only:
                return SyncReport(BDL.label, client.calls, 0, len(groups), refused=found.refused)
            due = [one.question for group in groups for one in group.questions]
            asked = ask_due(desk, due, on_progress)
            sync = _Sync(desk, catalogue, attributes, found, groups, codes, options)
            return sync.finish(asked, now)


def _voivodeships(answers: Sequence[Answer]) -> list[str]:
    """Return the TERYT codes of the voivodeships of the service.

    Raises
    ------
    UnexpectedAnswerError
        When the list has none.
    """
    codes = []
    for row in rows_of(answers):
        try:
            unit = parse_bdl_id(str(row.get("id")) if isinstance(row, dict) else "")
        except UnitError:
            continue
        if unit.level == "voivodeship" and unit.unit_code:
            codes.append(unit.unit_code)
    if not codes:
        raise UnexpectedAnswerError(
            "Lista województw z BDL nie ma żadnego województwa.",
            where=str(answers[0].request),
            expected='wiersze z polem „id” jak "011200000000"',
            next_step="sprawdź, czy serwis się nie zmienił: smup doctor --live",
        )
    return sorted(set(codes))


@dataclass
class _Gathered:
    """What the whole groups told."""

    variables: list[str] = field(default_factory=list)
    scopes: list[Scope] = field(default_factory=list)
    parts: list[NewRows] = field(default_factory=list)
    records: list[SourceRecord] = field(default_factory=list)
    quarantine: list[pd.DataFrame] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    fields: Counter[str] = field(default_factory=Counter)
    left_out: int = 0


@dataclass(frozen=True)
class _Sync:
    """A synchronisation whose asking is over."""

    desk: Desk
    catalogue: Catalogue
    attributes: Attributes
    found: Identified
    groups: Sequence[VariableGroup]
    codes: Sequence[str]
    options: SyncOptions

    @property
    def fictional(self) -> bool:
        """Return whether the service tells of a fictional land."""
        return tell_fictional(self.codes)

    def finish(self, asked: Asked, now: float) -> SyncReport:
        """Read what is held and write the snapshot."""
        imported = datetime.datetime.fromtimestamp(now, datetime.UTC).isoformat(timespec="seconds")
        whole = [group for group in self.groups if group.is_whole(self.desk)]
        gathered = _Gathered()
        for group in whole:
            self._gather(group, gathered, imported)
        written, reasons = None, {}
        if whole:
            definitions, records = read_definitions(
                self.desk, [group.target for group in whole], self.fictional, imported
            )
            written, held = store_rows(
                BDL,
                self._read_file(gathered),
                self._with_published(whole),
                self.codes,
                files=[group.name for group in whole],
                scopes=gathered.scopes,
                definitions=definitions,
                definition_records=records,
            )
            reasons = dict(held["reason"].value_counts())
        return SyncReport(
            BDL.label,
            calls=self.desk.client.calls,
            complete=len(gathered.variables),
            waiting=len(self.groups) - len(whole),
            failures={name: str(error) for name, error in asked.failures.items()},
            stopped=said_stop(asked.stopped),
            empty=tuple(gathered.empty),
            left_out=gathered.left_out,
            fields=dict(gathered.fields),
            quarantined={str(reason): int(rows) for reason, rows in reasons.items()},
            written=written,
            notes=(*self.attributes.notes, *dict.fromkeys(gathered.notes), *self.desk.notes()),
            refused=self.found.refused,
            pending=self.found.pending,
        )

    def _gather(self, group: VariableGroup, gathered: _Gathered, imported: str) -> None:
        """Add the values of one variable, under its source."""
        told = [(one.level, one.years, self.desk.read(one.question)) for one in group.questions]
        series = group.target.published.series
        values = read_values(group.name, series, told, self.attributes, self.options.ignored_fields)
        gathered.quarantine.append(values.quarantine)
        gathered.fields.update(values.fields)
        gathered.left_out += sum(part.total() for part in values.table.parts.values())
        variable = group.target.variable
        gathered.notes += values.table.warnings
        subject = group.target.published.subject
        dataset = f"fictional:bdl_{subject}" if self.fictional else f"bdl:{subject}"
        gathered.scopes += [
            Scope(dataset, variable.id, frozenset(years), level) for level, years, _ in told
        ]
        if values.table.rows.empty:
            gathered.empty.append(f"{variable.id} (BDL {group.target.published.number})")
            return
        rows = values.table.rows.assign(variable=repeated(variable.id, len(values.table.rows)))
        gathered.variables.append(variable.id)
        for level, _, pages in told:  # each its own source: levels are asked on different days
            mine = rows[rows["level"] == level]
            if len(mine):
                part = as_new_rows(group.name, dataset, dataset, mine)
                gathered.parts.append(part)
                gathered.records.append(self._record(group, part, pages, imported))

    def _record(
        self, group: VariableGroup, part: NewRows, answers: Sequence[Answer], imported: str
    ) -> SourceRecord:
        one = group.target.published
        title = f"{group.target.variable.label} (BDL {one.number}: {one.series})"
        updated = {read_envelope(answer).about.get("lastUpdate") for answer in answers}
        stamps = sorted(stamp for stamp in updated if isinstance(stamp, str) and stamp)
        notes = (f"ostatnia zmiana w BDL: {stamps[-1][:10]}",) if stamps else ()
        return SourceRecord(
            id=part.source,
            dataset=part.dataset,
            publisher="sample" if self.fictional else "gus_bdl",
            title=f"{title} ({FICTIONAL})" if self.fictional else title,
            kind="bdl_api",
            file=answers_record(part.file, answers, imported, oldest_day(answers)),
            data_date=oldest_day(answers),
            rows=len(part.rows),
            variables=(group.target.variable.id,),
            years=tuple(int(year) for year in sorted(part.rows["year"].unique())),
            notes=(*notes, FICTIONAL) if self.fictional else notes,
        )

    def _with_published(self, groups: Sequence[VariableGroup]) -> Catalogue:
        """Return the catalogue with the variables that only BDL describes."""
        new = {g.target.variable.id: g.target.variable for g in groups if not g.target.known}
        return replace(self.catalogue, variables={**self.catalogue.variables, **new})

    def _read_file(self, gathered: _Gathered) -> ReadFile:
        held = joined(gathered.quarantine) if gathered.quarantine else empty_quarantine()
        return ReadFile(
            file=InputFile(self.desk.store.path),
            kind=FileKind.SERVICE,
            parts=tuple(gathered.parts),
            records=tuple(gathered.records),
            levels=Counter(),
            quarantine=held,
        )
