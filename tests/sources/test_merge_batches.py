"""Joining in batches: however few variables are held at once, the outcome is the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from smup_lib.errors import ContradictionError
from smup_lib.snapshots import Snapshot, as_observations, open_draft, write_snapshot
from smup_lib.sources.merge_batches import FileOrder, MergeTotals, merge_in_batches
from smup_lib.sources.new_rows import NewRows
from tests.snapshots.builders import source_record

pytestmark = pytest.mark.usefixtures("smup_home")

OLD, NEW, OTHER = "bdl:P1@0000aaaa", "bdl:P1@0000bbbb", "bdl:P2@0000cccc"
RECORDS = [source_record(source) for source in (OLD, NEW, OTHER)]
NAMES = ("births", "deaths", "dwellings", "population", "weddings")


def rows(source: str, names: tuple[str, ...], *, plus: float = 0.0) -> pd.DataFrame:
    cells = [(code, year, name) for name in names for code in ("9001", "9002") for year in (1, 2)]
    values = np.random.default_rng(7).integers(10, 99, len(cells)) + plus
    frame = pd.DataFrame(cells, columns=["unit_code", "year", "variable"])
    frame["year"] += 2020
    return as_observations(frame.assign(value=values, source=source))


def part(source: str, frame: pd.DataFrame, file: str = "plik.csv") -> NewRows:
    return NewRows(file, source, source.partition("@")[0], frame.assign(row=range(len(frame))))


@pytest.fixture
def base() -> Snapshot:
    return write_snapshot(
        {"observations": rows(OLD, NAMES)}, fictional=True, sources=RECORDS, make_current=False
    )


def joined(
    parts: list[NewRows], base: Snapshot | None, most: int = 5
) -> tuple[Snapshot, MergeTotals]:
    with open_draft(fictional=True, base=base) as draft:
        totals = merge_in_batches(parts, base, FileOrder(), draft, most=most)
        return draft.finish({}, RECORDS), totals


@pytest.mark.parametrize("disk", [False, True])
def test_small_batches_give_the_snapshot_of_one(base, disk, tmp_path, monkeypatch):
    changed = rows(NEW, ("deaths", "population", "zoos"), plus=1)
    parts = [part(NEW, changed), part(OTHER, rows(OTHER, ("deaths",), plus=500))]
    if disk:
        parts = [one.on_disk(tmp_path) for one in parts]
    one, told = joined(parts, base, 1_000_000)
    monkeypatch.setenv("SMUP_HOME", str(tmp_path / "inny"))
    few, also = joined(parts, base)
    assert one.id == few.id
    assert told.added == also.added == 4 + 4
    assert len(told.revisions) == len(also.revisions) == 8
    assert told.undated == also.undated == {(OLD, NEW): 8}
    assert [clash.variable for clash in told.clashes] == ["deaths"]
    assert told.clashes == also.clashes
    stored = few.table("observations")
    assert stored["variable"].drop_duplicates().tolist() == sorted([*NAMES, "zoos"])
    assert len(stored) == 20 + 8


def test_what_is_not_touched_stays_as_it_was(base):
    made, totals = joined([part(NEW, rows(NEW, ("deaths",), plus=1))], base)
    before, after = (s.observations(variables=set(NAMES) - {"deaths"}) for s in (base, made))
    pd.testing.assert_frame_equal(before, after)
    assert totals.added == 0
    assert set(made.observations(variables=["deaths"])["source"]) == {NEW}


def test_nothing_new_is_the_same_snapshot(base):
    assert joined([], base)[0].id == base.id
    again, totals = joined([part(OLD, rows(OLD, NAMES))], base)
    assert again.id == base.id
    assert totals.repeated == 20


def test_without_a_base_all_rows_are_new():
    made, totals = joined([part(NEW, rows(NEW, NAMES))], None)
    assert len(made.observations()) == totals.added == 20


def test_contradictions_of_all_batches_are_told_at_once():
    parts = [
        part(OLD, rows(OLD, ("births", "weddings")), "a.csv"),
        part(NEW, rows(NEW, ("births", "weddings"), plus=1), "b.csv"),
    ]
    with pytest.raises(ContradictionError, match=r"a\.csv, b\.csv") as caught:
        joined(parts, None)
    named = " ".join(caught.value.problems)
    assert "births" in named
    assert "weddings" in named
    assert "i 3 inne komórki" in named


def test_rows_on_disk_are_the_rows_that_were_put_there(tmp_path: Path):
    held = part(NEW, rows(NEW, ("deaths", "births")))
    kept = held.on_disk(tmp_path)
    pd.testing.assert_frame_equal(kept.rows, held.rows)
    assert kept.counts == held.counts == {"deaths": 4, "births": 4}
    fewer = kept.with_rows(held.rows[held.rows["variable"] == "births"])
    assert fewer.held == kept.held
    assert fewer.counts == {"births": 4}
