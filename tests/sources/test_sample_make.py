"""Making the fictional land: always the same, quick, labelled, and never on top of real data."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from smup_lib.snapshots import check_snapshot, current_id, list_snapshots, load_snapshot
from smup_lib.sources.sample import LABEL, make_sample
from tests.sources.sample_tables import open_land


def test_it_is_fictional_and_says_so(sample_home_dir):
    land = open_land(sample_home_dir)
    assert land.fictional
    assert LABEL == "dane przykładowe, jednostki fikcyjne"
    assert {s.dataset for s in land.manifest.sources.values()} == {
        "sample:land", "sample:published"
    }  # fmt: skip
    for source in land.manifest.sources.values():
        assert LABEL in source.title
        assert source.id.startswith(source.dataset + "@")
        assert source.rows > 10_000


def test_the_same_land_in_another_process_with_another_hash_seed(sample_home_dir, tmp_path):
    made = subprocess.run(
        [
            sys.executable,
            "-c",
            "from smup_lib.sources.sample import make_sample as m; print(m().id)",
        ],
        env={
            **os.environ,
            "SMUP_HOME": str(tmp_path),
            "PYTHONHASHSEED": "4711",
            "TZ": "Asia/Tokyo",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stdout.strip() == open_land(sample_home_dir).id


def test_making_it_again_gives_the_same_snapshot(smup_home, sample_home_dir):
    shutil.copytree(sample_home_dir / "snapshots", smup_home / "snapshots")
    first, steps = load_snapshot(), list[str]()
    assert make_sample(steps.append).id == first.id == current_id()
    assert len(steps) == 3
    assert [snapshot.id for snapshot in list_snapshots()] == [first.id]
    check_snapshot(first)


def test_no_file_of_the_snapshot_names_a_real_voivodeship(sample_home_dir):
    land = open_land(sample_home_dir)
    codes = set(land.table("units")["unit_code"].str[:2])
    assert codes == {"90", "92", "94"}
    assert set(land.observations(variables=["population"])["unit_code"].str[:2]) == codes
