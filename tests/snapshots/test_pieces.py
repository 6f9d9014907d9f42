"""Observations in pieces: whatever the pieces, the file, the digest and the id are the same."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from smup_lib.errors import ObservationError, SnapshotError
from smup_lib.snapshots import (
    check_snapshot,
    current_id,
    list_snapshots,
    open_draft,
    write_snapshot,
)
from smup_lib.snapshots.content import PiecewiseDigest
from smup_lib.snapshots.pieces import (
    ObservationFile,
    batches_of,
    count_rows,
    digest_of_file,
    read_variables,
)
from tests.snapshots.builders import observations, small_snapshot, source_record

CODES = [*(f"90{number:02d}" for number in range(10, 14)), "90", "92", "00"]
CODES += ["901001", "901101", "901302"]
NAMES = [f"v{number:02d}" for number in range(12)]


def many_rows() -> pd.DataFrame:
    noise = np.random.default_rng(1).random(12 * 40)
    rows = [
        (code, year, name, noise[place])
        for place, (name, code, year) in enumerate(
            (name, code, year) for name in NAMES for code in CODES for year in range(2020, 2024)
        )
    ]
    return observations(rows).sample(frac=1, random_state=2).reset_index(drop=True)


def by_variable(frame: pd.DataFrame, size: int) -> list[pd.DataFrame]:
    return [
        frame[frame["variable"].isin(NAMES[start : start + size])].reset_index(drop=True)
        for start in range(0, len(NAMES), size)
    ]


@pytest.mark.usefixtures("smup_home")
@pytest.mark.parametrize("size", [1, 5, 12])
def test_the_id_does_not_depend_on_the_pieces(size):
    whole = write_snapshot({"observations": many_rows()}, fictional=True, sources=[source_record()])
    with open_draft(fictional=True) as draft:
        for piece in by_variable(many_rows(), size):
            draft.add(piece)
        made = draft.finish({}, [source_record()])
    assert made.id == whole.id
    assert made.manifest.counts["observations"] == 480
    assert made.manifest.counts["variables"] == 12
    check_snapshot(made)


def test_pieces_make_one_sorted_file(tmp_path: Path):
    path = tmp_path / "observations.parquet"
    file = ObservationFile(path, group_rows=70)
    for piece in by_variable(many_rows(), 5):
        file.add(piece)
    file.close()
    stored = pq.read_table(path).to_pandas()
    keys = list(zip(stored["variable"], stored["unit_code"], stored["year"], strict=True))
    assert keys == sorted(keys)
    assert len(keys) == file.rows == 480
    assert file.sources == {"sample:land@0000aaaa"}
    assert pq.ParquetFile(path).metadata.num_row_groups > 3
    assert digest_of_file(path) == file.digest()


def test_only_some_variables_are_read(tmp_path: Path):
    path = tmp_path / "observations.parquet"
    file = ObservationFile(path, group_rows=70)
    file.add(many_rows())
    file.close()
    assert count_rows(path) == dict.fromkeys(NAMES, 40)
    for wanted in (["v03"], ["v00", "v11"], NAMES):
        found = read_variables(path, wanted)
        told = many_rows()
        told = told[told["variable"].isin(wanted)]
        keys = ["variable", "unit_code", "year"]
        assert found.sort_values(keys)["value"].tolist() == told.sort_values(keys)["value"].tolist()
    assert read_variables(path, ["unknown"]).empty
    assert read_variables(path, []).empty


def test_a_file_without_rows_has_columns(tmp_path: Path):
    path = tmp_path / "observations.parquet"
    file = ObservationFile(path)
    file.close()
    assert count_rows(path) == {}
    assert list(pq.read_table(path).column_names)[:3] == ["unit_code", "year", "variable"]
    assert digest_of_file(path) == file.digest()


def test_batches_leave_nothing_out_and_stay_small():
    counts = dict(zip(NAMES, [5, 1, 9, 2, 2, 2, 2, 7, 30, 1, 1, 1], strict=True))
    batches = list(batches_of(counts, most=10))
    assert [name for batch in batches for name in batch] == NAMES
    sizes = [sum(counts[name] for name in batch) for batch in batches]
    assert all(s <= 10 or len(b) == 1 for s, b in zip(sizes, batches, strict=True))
    assert all(one + other > 10 for one, other in pairwise(sizes[:-2]))


def test_a_variable_in_two_places_is_refused():
    digest = PiecewiseDigest("variable")
    rows = observations([("9001", 2020, "population", 1.0)])
    digest.add(rows)
    with pytest.raises(ValueError, match="population"):
        digest.add(rows)


@pytest.mark.usefixtures("smup_home")
def test_a_piece_that_breaks_the_contract_leaves_nothing(smup_home: Path):
    before = small_snapshot()
    with pytest.raises(ObservationError), open_draft(fictional=True) as draft:
        draft.add(observations([("9001", 2020, "deaths", 1.0)]))
        draft.add(observations([("9001", 2020, "population", np.nan)], flag="ok"))
    assert current_id() == before.id
    assert len(list_snapshots()) == 1
    assert list((smup_home / "snapshots").glob(".partial*")) == []


@pytest.mark.usefixtures("smup_home")
def test_a_draft_that_nobody_finished_leaves_nothing(smup_home: Path):
    with open_draft(fictional=True) as draft:
        draft.add(observations([("9001", 2020, "deaths", 1.0)]))
    assert list((smup_home / "snapshots").iterdir()) == []


@pytest.mark.usefixtures("smup_home")
def test_a_draft_names_all_its_sources():
    with pytest.raises(SnapshotError, match="manifeście"), open_draft(fictional=True) as draft:
        draft.add(observations([("9001", 2020, "deaths", 1.0)]))
        draft.finish({}, [])
