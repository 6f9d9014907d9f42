"""Small frames and snapshots for tests, all of the fictional land."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from smup_lib.snapshots import RawFile, Snapshot, SourceRecord, as_observations, write_snapshot

SOURCE = "sample:land@0000aaaa"


def observations(
    rows: Iterable[tuple[str, int, str, float]], source: str = SOURCE, **columns: Any
) -> pd.DataFrame:
    """Return observations from (unit, year, variable, value) rows."""
    frame = pd.DataFrame(list(rows), columns=["unit_code", "year", "variable", "value"])
    return as_observations(frame.assign(source=source, **columns))


def source_record(source: str = SOURCE, **changes: Any) -> SourceRecord:
    """Return a record for the manifest."""
    file = RawFile(name="plik.csv", sha256="0" * 64, size=10, retrieved="2026-11-22T10:00:00+00:00")
    fields: dict[str, Any] = {
        "id": source,
        "dataset": source.partition("@")[0],
        "publisher": "sample",
        "title": "Zbiór próbny",
        "kind": "long_table",
        "file": file,
    }
    return SourceRecord(**(fields | changes))


def small_snapshot(**changes: Any) -> Snapshot:
    """Write a snapshot with two units and three years."""
    rows = [
        (unit, year, "population", 1000.0 + year - 2020 + 10 * n)
        for n, unit in enumerate(["9001", "9002"])
        for year in (2020, 2021, 2022)
    ]
    arguments: dict[str, Any] = {"fictional": True, "sources": [source_record()]}
    return write_snapshot({"observations": observations(rows)}, **(arguments | changes))
