"""How do files that were read become the next snapshot?"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from smup_lib.catalogue import Catalogue
from smup_lib.snapshots import (
    Snapshot,
    SourceRecord,
    confirm_sources,
    empty_table,
    open_draft,
    use_snapshot,
)
from smup_lib.snapshots.writing import Draft
from smup_lib.sources.borders import compute_borders, compute_outlines
from smup_lib.sources.import_base import lacking_notes
from smup_lib.sources.import_report import FileReport, ImportReport
from smup_lib.sources.merge_batches import FileOrder, MergeTotals, merge_in_batches
from smup_lib.sources.merge_notes import clash_notes, file_day, order_notes, source_days
from smup_lib.sources.placing import Placed
from smup_lib.sources.quarantine import joined
from smup_lib.sources.recognise import FLAGLESS
from smup_lib.sources.register import NewLayer, NewRegister, merge_layers
from smup_lib.sources.revisions import largest_revisions, list_revisions
from smup_lib.sources.unit_classes import NewClasses
from smup_lib.sources.untold import Scope
from smup_lib.sources.wholesale import check_wholesale

if TYPE_CHECKING:
    import pandas as pd


_SERVICE_LACKS = "serwis nie podaje już wartości, które podawał wcześniej"
_FILES_LACK = "wczytane teraz pliki nie mają wartości, które wcześniej były w tych samych zbiorach"


@dataclass(frozen=True)
class Gathered:
    """Everything that an import read and checked.

    Attributes
    ----------
    units, changes : DataFrame
        The register with this import, and the territorial changes.
    registers, layers, classes, data
        What the files gave, in the order in which they were read.
    quarantine : DataFrame
        Rows of this import that found no place.
    files : tuple of str
        Names of the files read: what older quarantine holds of them is superseded.
    fictional : bool
    notes : tuple of str
        What concerns no single file.
    definitions : DataFrame or None
        What a service says of its indicators: rows of the table ``published_definitions``.
    definition_records : sequence of SourceRecord
        Their sources.
    scopes : sequence of Scope or None
        What a service was asked for.
    """

    units: pd.DataFrame
    changes: pd.DataFrame
    registers: Sequence[NewRegister]
    layers: Sequence[NewLayer]
    classes: NewClasses | None
    data: Sequence[Placed]
    quarantine: pd.DataFrame
    files: tuple[str, ...]
    fictional: bool
    notes: tuple[str, ...] = ()
    definitions: pd.DataFrame | None = None
    definition_records: Sequence[SourceRecord] = ()
    scopes: Sequence[Scope] | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing of the files can stand in a snapshot."""
        return not (
            self.registers
            or len(self.quarantine)
            or (self.definitions is not None and len(self.definitions))
            or any(len(layer.boundaries) for layer in self.layers)
            or (self.classes is not None and len(self.classes.rows))
            or any(part.counts for one in self.data for part in one.parts)
        )

    @property
    def records(self) -> list[SourceRecord]:
        """Return what the manifest will say of every source of this import."""
        return [
            *(register.record for register in self.registers),
            *(layer.record for layer in self.layers),
            *([self.classes.record] if self.classes is not None else []),
            *(record for one in self.data for record in one.records),
            *self.definition_records,
        ]


def write_import(
    gathered: Gathered,
    base: Snapshot | None,
    reports: Sequence[FileReport],
    catalogue: Catalogue,
    *,
    override_newer: bool = False,
    today: str = "",
) -> ImportReport:
    """Write the snapshot of an import, unless it says nothing new, and report it.

    Parameters
    ----------
    gathered : Gathered
    base : Snapshot, optional
        The snapshot it adds to.
    reports : sequence of FileReport
        What is said of each file.
    catalogue : Catalogue
        Labels of variables.
    override_newer : bool
        Whether values of older files replace those of newer ones.
    today : str
        The day by the clock of a synchronisation, ISO, when later than that of this computer.

    Raises
    ------
    ContradictionError, SnapshotError
        When files contradict each other or nearly all that is known, or the snapshot cannot be
        written.
    """
    report = ImportReport(
        files=tuple(reports),
        snapshot_id=None,
        base_id=base.id if base else None,
        fictional=gathered.fictional,
        quarantined=len(gathered.quarantine),
        notes=gathered.notes,
    )
    if gathered.empty and (base is None or not gathered.scopes):
        return report  # an empty answer is to be compared with what is known
    today = max(today, datetime.datetime.now(datetime.UTC).date().isoformat())
    records = _joined_records(base, gathered.records, today)
    with open_draft(fictional=gathered.fictional, base=base) as draft:
        merged, told = _merged(
            gathered, base, records, catalogue, draft, override_newer=override_newer, today=today
        )
        tables, notes = _tables(gathered, base, merged)
        told["notes"] = report.notes + notes + told["notes"] + _waiting_note(gathered, base)
        report = replace(report, **told)
        known_id = None if base is None else draft.id(tables)
        if base is not None and known_id == base.id:
            confirm_sources(base, records.values())
            use_snapshot(base.id)
            return replace(report, snapshot_id=base.id, unchanged=True)
        sources = _named_sources(records, tables, draft.observations.sources)
        snapshot = draft.finish(tables, sources, known_id=known_id)
    return replace(report, snapshot_id=snapshot.id)


def _joined_records(
    base: Snapshot | None, new: Sequence[SourceRecord], today: str
) -> dict[str, SourceRecord]:
    """Return all records by source; of two files with one content the newer one counts."""
    records = dict(base.manifest.sources) if base is not None else {}
    for record in new:
        old = records.get(record.id)
        if old is not None and file_day(old, today) > file_day(record, today):
            record = record.model_copy(update={"file": old.file, "data_date": old.data_date})
        records[record.id] = record
    return records


def _merged(
    gathered: Gathered,
    base: Snapshot | None,
    records: Mapping[str, SourceRecord],
    catalogue: Catalogue,
    draft: Draft,
    *,
    override_newer: bool,
    today: str,
) -> tuple[MergeTotals, dict[str, Any]]:
    """Put old and new observations into the draft, and return what the report says of them."""
    order = FileOrder(
        source_days(records.values(), today),
        {record.id: record.origin for record in records.values()},
        override_newer,
        {record.id for record in records.values() if record.kind in FLAGLESS},
    )
    parts = [part for one in gathered.data for part in one.parts]
    waiting = gathered.quarantine[["unit_code", "year"]].dropna()
    held = set(zip(waiting["unit_code"], map(int, waiting["year"]), strict=True))
    merged = merge_in_batches(parts, base, order, draft, scopes=gathered.scopes, held=held)
    if gathered.scopes is None and not override_newer:
        check_wholesale(merged.revisions, merged.met, records, catalogue)
    revised = list_revisions(merged.revisions, gathered.units, records, catalogue)
    told = {
        "added": merged.added,
        "repeated": merged.repeated,
        "renamed": merged.renamed,
        "revised": len(revised),
        "revisions": largest_revisions(revised),
        "refused": sum(merged.refused.values()),
        "undated": sum(merged.undated.values()),
        "clashes": merged.clashes,
        "notes": order_notes(merged, records, today)
        + clash_notes(merged.clashes, records, catalogue)
        + lacking_notes(base, {name for part in parts for name in part.counts})
        + merged.untold.notes(_FILES_LACK if gathered.scopes is None else _SERVICE_LACKS),
    }
    return merged, told


def _table(base: Snapshot | None, name: str) -> pd.DataFrame:
    return base.table(name) if base is not None else empty_table(name)


def _tables(
    gathered: Gathered, base: Snapshot | None, merged: MergeTotals
) -> tuple[dict[str, pd.DataFrame], tuple[str, ...]]:
    import pandas as pd

    tables = {
        "units": gathered.units,
        "changes": gathered.changes,
        "quarantine": joined([_kept_quarantine(gathered, base), gathered.quarantine]),
    }
    told = [one for one in (_table(base, "revisions"), merged.revisions) if len(one)]
    tables["revisions"] = pd.concat(told, ignore_index=True) if told else merged.revisions
    notes: tuple[str, ...] = ()
    tables["boundaries"] = merge_layers(_table(base, "boundaries"), gathered.layers)
    if gathered.layers:
        tables["borders"], notes = compute_borders(tables["boundaries"])
        tables["outlines"] = compute_outlines(tables["boundaries"])
    else:
        tables["borders"] = _table(base, "borders")
        tables["outlines"] = _table(base, "outlines")
    classes, said = _classes(gathered, base)
    tables["functional_classes"] = classes
    tables["published_definitions"] = _definitions(gathered, base)
    notes += said
    return {name: table for name, table in tables.items() if len(table)}, notes


def _classes(gathered: Gathered, base: Snapshot | None) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the classification: a new one replaces the old one as a whole."""
    old = _table(base, "functional_classes")
    if gathered.classes is None or gathered.classes.rows.empty:
        return old, ()
    new = gathered.classes.rows
    if old.empty or set(old["source"]) == set(new["source"]):
        return new, ()
    return new, (f"Klasyfikacja funkcjonalna zastąpiła poprzednią ({old['edition'].iloc[0]}).",)


def _definitions(gathered: Gathered, base: Snapshot | None) -> pd.DataFrame:
    """Return all definitions; one that is told again replaces the old one."""
    import pandas as pd

    old, new = _table(base, "published_definitions"), gathered.definitions
    if new is None or new.empty:
        return old
    told = set(zip(new["kind"], new["id"], strict=True))
    kept = [pair not in told for pair in zip(old["kind"], old["id"], strict=True)]
    return pd.concat([old[kept], new], ignore_index=True) if any(kept) else new


def _kept_quarantine(gathered: Gathered, base: Snapshot | None) -> pd.DataFrame:
    """Return the old quarantine without the rows of files that were read again."""
    old = _table(base, "quarantine")
    return old[~old["file"].isin(gathered.files)] if len(old) else old


def _waiting_note(gathered: Gathered, base: Snapshot | None) -> tuple[str, ...]:
    """Tell which files hold rows whose units a new register knows."""
    old = _kept_quarantine(gathered, base)
    if not gathered.registers or old.empty:
        return ()
    placed = old[old["unit_code"].isin(set(gathered.units["unit_code"]))]
    if placed.empty:
        return ()
    files = ", ".join(sorted(set(placed["file"])))
    return (f"Rejestr zna już jednostki z kwarantanny; wczytaj ponownie: {files}.",)


def _named_sources(
    records: Mapping[str, SourceRecord], tables: Mapping[str, pd.DataFrame], told: Collection[str]
) -> list[SourceRecord]:
    """Return the records of every source that an observation or a table names."""
    named = set(told)
    for table, columns in (
        ("units", ("source",)),
        ("boundaries", ("source",)),
        ("functional_classes", ("source",)),
        ("published_definitions", ("source",)),
        ("revisions", ("old_source", "new_source")),
    ):
        for column in columns:
            if table in tables:
                named |= set(tables[table][column].unique())
    return [record for source, record in records.items() if source in named]
