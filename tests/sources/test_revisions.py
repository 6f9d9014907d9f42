"""Which changed values are told, in which order, and in which words?"""

from __future__ import annotations

import json
import math
from pathlib import Path

import pandas as pd
import pytest

from smup_lib.catalogue import load_catalogue
from smup_lib.snapshots import load_snapshot
from smup_lib.sources import ImportReport, import_paths
from smup_lib.sources.import_report import said_revision
from smup_lib.sources.revisions import Revision, largest_revisions, list_revisions
from tests.sources import twins
from tests.sources.test_importing import real

LOST = math.nan


def listed(*pairs: tuple[float, float]) -> pd.DataFrame:
    """Return revisions of one unit, one a year from 2001."""
    changes = pd.DataFrame(
        {
            "unit_code": "9001",
            "year": range(2001, 2001 + len(pairs)),
            "variable": "population",
            "old_value": [old for old, _ in pairs],
            "old_flag": ["no_data" if math.isnan(old) else "ok" for old, _ in pairs],
            "old_source": "own:a@00000001",
            "new_value": [new for _, new in pairs],
            "new_flag": ["no_data" if math.isnan(new) else "ok" for _, new in pairs],
            "new_source": "own:a@00000002",
        }
    )
    units = pd.DataFrame(
        {
            "unit_code": ["9001", "9001"],
            "name": ["stara nazwa", "nazwa"],
            "state_date": ["2020-01-01", "2024-01-01"],
        }
    )
    return list_revisions(changes, units, {}, load_catalogue())


def test_the_largest_change_stands_first_whichever_way_it_went():
    small, tenfold, tenth, twice = (100, 101), (5, 50), (2000, 200), (10, 20)
    frame = listed(small, tenfold, tenth, twice)
    assert list(zip(frame["old_value"], frame["new_value"], strict=True)) == [
        tenth,  # of two equal ratios the larger difference
        tenfold,
        twice,
        small,
    ]
    assert frame["change"].tolist() == pytest.approx([-0.9, 9, 1, 0.01])


def test_what_has_no_ratio_has_a_place_too():
    frame = listed((1, 3), (LOST, 7), (4, LOST), (0, 6), (-8, 8), (5, 5))
    told = [(row.old_value, row.new_value) for row in largest_revisions(frame, 6)]
    assert told == [(-8, 8), (0, 6), (4, None), (1, 3), (5, 5), (None, 7)]


def test_a_unit_has_its_newest_name():
    assert set(listed((1, 2))["name"]) == {"nazwa"}


@pytest.mark.parametrize(
    ("old", "new", "change", "said"),
    [
        (12000, 120, -0.99, "12_000 → 120 (−99%)"),
        (8, 9.1, 0.1375, "8 → 9,1 (+13,8%)"),
        (1, 31, 30, "1 → 31 (+3_000%)"),
        (1e6, 1e6 + 1, 1e-6, "1_000_000 → 1_000_001 (mniej niż 0,1%)"),
        (0, 6, None, "0 → 6"),
        (6, None, None, "6 → brak danych"),
        (6, 6, 0, "6 → 6 (zmienił się znacznik albo zastrzeżenie)"),
    ],
)
def test_words(old, new, change, said):
    flags = ("ok", "no_data" if new is None else "ok")
    one = Revision("x", "X", "9001", "n", 2020, old, flags[0], new, flags[1], change, "a", "b")
    assert said_revision(one).replace("\u00a0", "_") == said


@pytest.fixture
def revised(smup_home: Path, tmp_path: Path) -> ImportReport:
    """A table of ten years, read, and read again with seven other values."""
    table = tmp_path / "ludnosc.csv"

    def write(factor: dict[int, float]) -> Path:
        rows = [f"300101,{y},population,{1000 * factor.get(y, 1):.0f}" for y in range(2010, 2020)]
        table.write_text("\n".join(["unit_code,year,variable,value", *rows, ""]))
        return table

    import_paths([*(real(tmp_path / "r", path) for path in twins.REGISTERS), write({})])
    return import_paths([write({2010 + n: 1 + n / 10 for n in range(1, 8)})])


def test_an_import_names_its_largest_revisions(revised):
    assert revised.revised == 7
    assert [one.year for one in revised.revisions] == [2017, 2016, 2015, 2014, 2013]
    text = revised.render().replace("\u00a0", " ")
    assert "Największe zmiany (wszystkie pokaże: smup data revisions):" in text
    assert "  Ludność ogółem (population), Dębowo (300101), 2017 r.: 1 000 → 1 700 (+70%)" in text
    first = json.loads(json.dumps(revised.as_dict()))["revisions"][0]
    assert (first["old_value"], first["new_value"], first["new_file"]) == (
        1000,
        1700,
        "ludnosc.csv",
    )
    assert len(load_snapshot().table("revisions")) == 7
