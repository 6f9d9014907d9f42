"""Synchronise with BeSTi@: plan, ask what is due, add up what is held, write a snapshot.

As with SMUP, the snapshot is written once, at the end, from the answers in the store, and does not
depend on when they came. A kind of return of a year enters when all chosen units have answered.
"""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from smup_lib.catalogue import Catalogue, Variable, load_catalogue
from smup_lib.snapshots import RawFile, SourceRecord
from smup_lib.sources.input_files import InputFile
from smup_lib.sources.new_rows import NewRows
from smup_lib.sources.quarantine import empty_quarantine, joined
from smup_lib.sources.read_file import ReadFile
from smup_lib.sources.recognise import FileKind
from smup_lib.sources.row_source import as_new_rows
from smup_lib.sources.untold import Scope
from smup_lib.sources.web.answers import Answer, AnswerStore
from smup_lib.sources.web.asking import Asked, Desk, Progress, ask_due
from smup_lib.sources.web.bestia_plan import (
    BudgetChoice,
    BudgetFigures,
    ReturnGroup,
    figure_groups,
    make_groups,
)
from smup_lib.sources.web.bestia_questions import PAGE_SIZE, ask_units, rows_of
from smup_lib.sources.web.bestia_reading import (
    UnitReturn,
    held_back,
    read_positions,
)
from smup_lib.sources.web.bestia_sums import sum_variables
from smup_lib.sources.web.bestia_units import (
    BudgetUnit,
    all_codes,
    areas_asked,
    read_units,
    unit_code,
)
from smup_lib.sources.web.clock import Clock
from smup_lib.sources.web.polite import PoliteClient
from smup_lib.sources.web.services import BESTIA, check_libraries, service_lock
from smup_lib.sources.web.smup_dictionaries import tell_fictional
from smup_lib.sources.web.smup_reading import FICTIONAL, newest_day
from smup_lib.sources.web.smup_sync import SyncOptions, said_stop
from smup_lib.sources.web.storing import find_base, store_rows
from smup_lib.sources.web.sync_report import SyncReport
from smup_lib.teryt import is_city_code, level_of

if TYPE_CHECKING:
    import pandas as pd

EVERYTHING = BudgetChoice()
USUALLY = SyncOptions(page_size=PAGE_SIZE)
_DECIMALS = 2
_SHOWN = 8


def sync_bestia(
    choice: BudgetChoice = EVERYTHING,
    options: SyncOptions = USUALLY,
    *,
    clock: Clock | None = None,
    on_plan: Callable[[BudgetFigures], None] | None = None,
    on_progress: Progress | None = None,
    on_wait: Callable[[float, str], None] | None = None,
) -> SyncReport:
    """Bring the variables that budget returns tell into a new snapshot.

    Parameters
    ----------
    choice : BudgetChoice
        Which areas, units and years; all areas and units of the last closed years by default.
    options : SyncOptions
    clock : Clock, optional
    on_plan, on_progress, on_wait : callable, optional
        Told the plan before anything is asked, each question, and each longer wait.

    Raises
    ------
    SmupError
        When the service is down, the choice or a setting is wrong, there is no register, real and
        fictional units would meet, or the disk is full. What was fetched stays.
    """
    check_libraries()
    catalogue = load_catalogue()
    with service_lock(BESTIA):
        store, quota = AnswerStore(BESTIA.answers_path()), BESTIA.quota(None, clock)
        with PoliteClient(BESTIA.label, BESTIA.base(), quota, on_wait=on_wait) as client:
            desk = Desk(client, store, refresh=options.refresh, limit=options.limit)
            units = read_units(desk.answers(ask_units(options.page_size)))
            fictional = tell_fictional(all_codes(units))
            find_base(BESTIA, all_codes(units))
            now = quota.clock.now()
            groups = make_groups(catalogue, units, choice, now, options.page_size)
            if on_plan is not None:
                on_plan(figure_groups(groups, desk))
            if options.plan_only:
                return SyncReport(BESTIA.label, client.calls, 0, len(groups))
            due = [question for group in groups for _, question in group.questions]
            asked = ask_due(desk, due, on_progress)
            made = _Sync(desk, catalogue, units, groups, fictional, options.ignored_fields)
            return made.finish(asked, now)


@dataclass
class _Seen:
    """What the record of a source says of its answers, without keeping them, and who had none."""

    lines: list[str] = field(default_factory=list)
    size: int = 0
    newest: Answer | None = None
    absent: list[str] = field(default_factory=list)

    def note(self, answers: Sequence[Answer]) -> None:
        """Remember check sums, sizes and the newest answer."""
        for answer in answers:
            self.lines.append(f"{answer.request} {answer.sha256}")
            self.size += len(answer.body)
            if self.newest is None or answer.confirmed > self.newest.confirmed:
                self.newest = answer

    @property
    def day(self) -> str:
        """Return the day of the newest answer, ISO."""
        return newest_day([self.newest] if self.newest is not None else [])

    def as_file(self, name: str, imported: str) -> RawFile:
        """Return the record of all answers as one file."""
        digest = hashlib.sha256("\n".join(sorted(self.lines)).encode()).hexdigest()
        return RawFile(
            name=name,
            sha256=digest,
            size=self.size,
            retrieved=self.day,
            dated="service",
            imported=imported,
        )


@dataclass
class _Gathered:
    """What the whole groups told."""

    scopes: list[Scope] = field(default_factory=list)
    parts: list[NewRows] = field(default_factory=list)
    records: list[SourceRecord] = field(default_factory=list)
    quarantine: list[pd.DataFrame] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    fields: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class _Sync:
    """A synchronisation whose asking is over."""

    desk: Desk
    catalogue: Catalogue
    units: Sequence[BudgetUnit]
    groups: Sequence[ReturnGroup]
    fictional: bool
    ignored: tuple[str, ...] = ()

    def finish(self, asked: Asked, now: float) -> SyncReport:
        """Add up what is held and write the snapshot."""
        imported = datetime.datetime.fromtimestamp(now, datetime.UTC).isoformat(timespec="seconds")
        whole = [group for group in self.groups if group.is_whole(self.desk)]
        gathered = _Gathered()
        for group in whole:
            self._gather(group, gathered, imported)
        written, reasons = None, {}
        if whole:
            written, held = store_rows(
                BESTIA,
                self._read_file(gathered),
                self.catalogue,
                all_codes(self.units),
                files=gathered.files,
                scopes=gathered.scopes,
            )
            reasons = dict(held["reason"].value_counts())
        told = {str(name) for part in gathered.parts for name in part.rows["variable"].unique()}
        return SyncReport(
            BESTIA.label,
            calls=self.desk.client.calls,
            complete=len(told),
            waiting=len(self.groups) - len(whole),
            failures={name: str(error) for name, error in asked.failures.items()},
            stopped=said_stop(asked.stopped),
            empty=tuple(gathered.empty),
            quarantined={str(reason): int(rows) for reason, rows in reasons.items()},
            fields=dict(gathered.fields),
            written=written,
            notes=tuple(gathered.notes) + self.desk.notes(),
        )

    def _gather(self, group: ReturnGroup, gathered: _Gathered, imported: str) -> None:
        """Add the variables of one kind of return of a year."""
        seen = _Seen()
        columns = sorted({c for one in group.variables if one.budget for c in one.budget.columns})
        returns = self._returns(group, seen)
        found = read_positions(returns, group.form, columns, group.name, group.year, self.ignored)
        areas = areas_asked(self.units, [unit for unit, _ in group.questions])
        sums, untold = sum_variables(found, group.variables, group.year, areas)
        gathered.files.append(group.name)
        gathered.scopes += [
            _scope(group, variable, areas, self.fictional) for variable in group.variables
        ]
        gathered.quarantine.append(held_back(found))
        gathered.fields.update(found.fields)
        if len(sums):
            part = _new_rows(group, sums, self.fictional)
            gathered.parts.append(part)
            gathered.records.append(_record(part, group, seen, imported, self.fictional))
        if len(seen.absent) == len(group.questions):
            gathered.empty.append(group.name)
        else:
            gathered.notes += _notes(group, seen.absent, untold)

    def _returns(self, group: ReturnGroup, seen: _Seen) -> Iterator[UnitReturn]:
        """Read the answers of the units one after another."""
        for unit, question in group.questions:
            pages = self.desk.read(question)
            seen.note(pages)
            if rows := rows_of(pages):
                yield UnitReturn(unit_code(rows[0], "jednostka-") or unit.code, rows)
            else:
                seen.absent.append(unit.code)

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


def _notes(
    group: ReturnGroup, absent: Sequence[str], untold: Mapping[str, Sequence[str]]
) -> list[str]:
    notes = []
    if absent:
        notes.append(f"{group.name}: nie ma sprawozdania jednostek {_listed(absent)}")
    by_units: dict[str, list[str]] = {}
    for variable, units in untold.items():
        by_units.setdefault(_listed(units), []).append(variable)
    for units, variables in by_units.items():
        without = ", ".join(variables)
        notes.append(
            f"{group.name}: kolumna jest pusta w całym sprawozdaniu jednostek {units},"
            f" więc nie mają wartości: {without}"
        )
    return notes


def _listed(codes: Sequence[str]) -> str:
    more = f" i {len(codes) - _SHOWN} innych" if len(codes) > _SHOWN else ""
    return ", ".join(sorted(codes)[:_SHOWN]) + more


def _dataset(group: ReturnGroup, fictional: bool) -> str:
    return f"{'fictional:bestia_' if fictional else 'bestia:'}{group.form.id}_{group.year}"


def _scope(
    group: ReturnGroup, variable: Variable, areas: Collection[str], fictional: bool
) -> Scope:
    """Return what was asked of a variable; a whole area only where all its units were."""
    codes = all_codes([unit for unit, _ in group.questions])
    if variable.budget is not None and variable.budget.powiat == "area":
        codes = [c for c in codes if c in areas or is_city_code(c) or level_of(c) != "powiat"]
    dataset, year = _dataset(group, fictional), frozenset({group.year})
    return Scope(dataset, variable.id, year, units=frozenset(codes))


def _new_rows(group: ReturnGroup, sums: pd.DataFrame, fictional: bool) -> NewRows:
    import numpy as np
    import pandas as pd

    told = pd.DataFrame(
        {
            "unit_code": sums["unit_code"].astype("str").astype("category").array,
            "year": sums["year"].to_numpy().astype("int16"),
            "variable": sums["variable"].astype("str").astype("category").array,
            "value": sums["value"].to_numpy(),
            "flag": np.where(sums["value"] == 0, "true_zero", "ok"),
            "qualifiers": sums["qualifiers"].astype("str").astype("category").array,
            "decimals": np.full(len(sums), _DECIMALS, dtype="int8"),
            "row": sums["row"].to_numpy(),
        }
    )
    dataset = _dataset(group, fictional)
    return as_new_rows(group.name, dataset, dataset, told)


def _record(
    part: NewRows, group: ReturnGroup, seen: _Seen, imported: str, fictional: bool
) -> SourceRecord:
    title = f"Sprawozdania {group.form.name} za cały {group.year} r. (BeSTi@)"
    return SourceRecord(
        id=part.source,
        dataset=part.dataset,
        publisher="sample" if fictional else "mf",
        title=f"{title} ({FICTIONAL})" if fictional else title,
        kind="bestia_api",
        file=seen.as_file(part.file, imported),
        data_date=seen.day,
        rows=len(part.rows),
        variables=tuple(sorted(map(str, part.rows["variable"].unique()))),
        years=(group.year,),
        notes=(FICTIONAL,) if fictional else (),
    )
