"""The store: immutable, content-addressed releases of observations, units and boundaries."""

from smup_lib.snapshots.archive import (
    check_snapshot,
    pack_snapshot,
    remove_snapshot,
    unpack_snapshot,
)
from smup_lib.snapshots.locking import store_lock
from smup_lib.snapshots.manifest import RawFile, SnapshotManifest, SourceRecord
from smup_lib.snapshots.observations import (
    as_observations,
    check_observations,
    empty_observations,
)
from smup_lib.snapshots.store import (
    Snapshot,
    current_id,
    list_damaged,
    list_set_aside,
    list_snapshots,
    load_snapshot,
    newest_real,
    newest_snapshot,
    use_snapshot,
)
from smup_lib.snapshots.tables import TABLES, empty_table
from smup_lib.snapshots.writing import (
    confirm_sources,
    library_version,
    open_draft,
    write_snapshot,
)

__all__ = [
    "TABLES",
    "RawFile",
    "Snapshot",
    "SnapshotManifest",
    "SourceRecord",
    "as_observations",
    "check_observations",
    "check_snapshot",
    "confirm_sources",
    "current_id",
    "empty_observations",
    "empty_table",
    "library_version",
    "list_damaged",
    "list_set_aside",
    "list_snapshots",
    "load_snapshot",
    "newest_real",
    "newest_snapshot",
    "open_draft",
    "pack_snapshot",
    "remove_snapshot",
    "store_lock",
    "unpack_snapshot",
    "use_snapshot",
    "write_snapshot",
]
