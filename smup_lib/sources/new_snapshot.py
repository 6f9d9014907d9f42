"""How do files that were read become the next snapshot?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from smup_lib.snapshots import (
    Snapshot,
    SourceRecord,
    as_observations,
    empty_table,
    write_snapshot,
)
from smup_lib.snapshots.checking import content_id
from smup_lib.sources.borders import compute_borders, compute_outlines
from smup_lib.sources.import_report import FileReport, ImportReport
from smup_lib.sources.merging import Merged, join_new, merge_observations
from smup_lib.sources.placing import Placed
from smup_lib.sources.quarantine import joined
from smup_lib.sources.register import NewLayer, NewRegister, merge_layers

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Gathered:
    """Everything that an import read and checked.

    Attributes
    ----------
    units, changes : DataFrame
        The register with this import, and the territorial changes.
    registers, layers, data
        What the files gave, in the order in which they were read.
    quarantine : DataFrame
        Rows of this import that found no place.
    files : tuple of str
        Names of the files read: what older quarantine holds of them is superseded.
    fictional : bool
    notes : tuple of str
        What concerns no single file.
    """

    units: pd.DataFrame
    changes: pd.DataFrame
    registers: Sequence[NewRegister]
    layers: Sequence[NewLayer]
    data: Sequence[Placed]
    quarantine: pd.DataFrame
    files: tuple[str, ...]
    fictional: bool
    notes: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing of the files can stand in a snapshot."""
        return not (
            self.registers
            or len(self.quarantine)
            or any(len(layer.boundaries) for layer in self.layers)
            or any(len(part.rows) for one in self.data for part in one.parts)
        )


def write_import(
    gathered: Gathered,
    base: Snapshot | None,
    reports: Sequence[FileReport],
    before_writing: Callable[[Snapshot | None], None] | None = None,
) -> ImportReport:
    """Write the snapshot of an import, unless it says nothing new, and report it.

    Parameters
    ----------
    gathered : Gathered
    base : Snapshot, optional
        The snapshot it adds to.
    reports : sequence of FileReport
        What is said of each file.
    before_writing : callable, optional
        Called with the base at the last moment; may raise.

    Raises
    ------
    ContradictionError, SnapshotError
        When files contradict each other, or the snapshot cannot be written.
    """
    report = ImportReport(
        files=tuple(reports),
        snapshot_id=None,
        base_id=base.id if base else None,
        fictional=gathered.fictional,
        quarantined=len(gathered.quarantine),
        notes=gathered.notes,
    )
    if gathered.empty:
        return report
    new, doubled = join_new([part for one in gathered.data for part in one.parts])
    merged = merge_observations(as_observations(_table(base, "observations")), new)
    tables, notes = _tables(gathered, base, merged)
    report = replace(
        report,
        added=merged.added,
        repeated=merged.repeated + doubled,
        revised=len(merged.revisions),
        notes=report.notes + notes + _waiting_note(gathered, base),
    )
    if base is not None and content_id(tables, fictional=gathered.fictional) == base.id:
        return replace(report, snapshot_id=base.id, unchanged=True)
    if before_writing is not None:
        before_writing(base)
    snapshot = write_snapshot(
        tables,
        fictional=gathered.fictional,
        sources=_sources(gathered, base, tables),
        base=base,
    )
    return replace(report, snapshot_id=snapshot.id)


def _table(base: Snapshot | None, name: str) -> pd.DataFrame:
    return base.table(name) if base is not None else empty_table(name)


def _tables(
    gathered: Gathered, base: Snapshot | None, merged: Merged
) -> tuple[dict[str, pd.DataFrame], tuple[str, ...]]:
    import pandas as pd

    tables = {
        "observations": merged.observations,
        "units": gathered.units,
        "changes": gathered.changes,
        "quarantine": joined([_kept_quarantine(gathered, base), gathered.quarantine]),
    }
    old = _table(base, "revisions")
    tables["revisions"] = (
        pd.concat([old, merged.revisions], ignore_index=True)
        if len(old) and len(merged.revisions)
        else (old if len(old) else merged.revisions)
    )
    notes: tuple[str, ...] = ()
    tables["boundaries"] = merge_layers(_table(base, "boundaries"), gathered.layers)
    if gathered.layers:
        tables["borders"], notes = compute_borders(tables["boundaries"])
        tables["outlines"] = compute_outlines(tables["boundaries"])
    else:
        tables["borders"] = _table(base, "borders")
        tables["outlines"] = _table(base, "outlines")
    needed = {name: t for name, t in tables.items() if len(t) or name == "observations"}
    return needed, notes


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


def _sources(
    gathered: Gathered, base: Snapshot | None, tables: dict[str, pd.DataFrame]
) -> list[SourceRecord]:
    """Return the records of every source that a table names."""
    records = dict(base.manifest.sources) if base is not None else {}
    new = [
        *(register.record for register in gathered.registers),
        *(layer.record for layer in gathered.layers),
        *(record for one in gathered.data for record in one.read.records),
    ]
    records.update({record.id: record for record in new})
    named: set[str] = set()
    for table, columns in (
        ("observations", ("source",)),
        ("units", ("source",)),
        ("boundaries", ("source",)),
        ("revisions", ("old_source", "new_source")),
    ):
        for column in columns:
            if table in tables:
                named |= set(tables[table][column].unique())
    return [record for source, record in records.items() if source in named]
