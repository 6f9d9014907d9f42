"""Two data sets that contradict each other grossly are both kept, and it is said."""

from __future__ import annotations

import pandas as pd
import pytest

from smup_lib.catalogue import load_catalogue
from smup_lib.indicators.selection import pick_shown
from smup_lib.snapshots import as_observations, load_snapshot
from smup_lib.sources import import_paths
from smup_lib.sources.clashes import find_clashes
from smup_lib.sources.merge_notes import clash_notes
from tests.sources import twins

FIRST, SECOND = "bdl:P1944@00000001", "own:moje@00000002"


def observed(pairs: list[tuple[float, float]], decimals: int = 0) -> pd.DataFrame:
    """Return the same cells told by two sources."""
    rows = [
        (f"90010{place}", 2020, "population", value, source)
        for place, values in enumerate(pairs)
        for source, value in zip((FIRST, SECOND), values, strict=True)
    ]
    columns = ["unit_code", "year", "variable", "value", "source"]
    frame = pd.DataFrame(rows, columns=columns)
    return as_observations(frame.assign(decimals=pd.array([decimals] * len(frame), dtype="Int8")))


@pytest.mark.parametrize(
    ("pairs", "decimals", "told"),
    [
        ([(100, 100), (50, 50)], 0, None),
        ([(100, 105)] * 9, 0, None),  # 5 % everywhere: two honest counts
        ([(100, 115)] + [(100, 100)] * 8, 0, None),  # one cell
        ([(100, 115)] * 5 + [(100, 100)] * 4, 0, (5, 0)),
        ([(100, 201)] + [(100, 100)] * 8, 0, (1, 1)),
        ([(1000, 1), (100, 100)], 0, (1, 1)),
        ([(0, 50)], 0, (1, 1)),
        ([(-3.0, 3.0)], 1, (1, 1)),
        ([(1, 2)], 0, None),  # half a unit each: both may be 1,5
        ([(0.1, 0.2)], 1, None),
        ([(0.1, 0.2)], 2, (1, 1)),
    ],
)
def test_what_is_gross(pairs, decimals, told):
    found = find_clashes(observed(pairs, decimals), {SECOND})
    assert [(clash.notable, clash.gross) for clash in found] == ([told] if told else [])


def test_only_the_sources_of_this_import_are_compared():
    assert find_clashes(observed([(1000, 1)]), set()) == []
    assert len(find_clashes(observed([(1000, 1)]), {FIRST})) == 1


def test_the_worst_cells_stand_first():
    (clash,) = find_clashes(observed([(100, 300), (100, 900), (100, 100), (100, 250)]), {FIRST})
    assert [cell.second_value for cell in clash.worst] == [900, 300, 250]
    assert clash.common == 4


def test_an_import_says_it_and_keeps_both(smup_home, tmp_path):
    path = tmp_path / "moje.csv"
    path.write_text(
        "unit_code,year,variable,value\n"
        "900101,2024,registered_unemployed,1100\n900102,2024,registered_unemployed,76\n"
    )
    report = import_paths([*twins.REGISTERS, twins.CTAB, path])
    (clash,) = report.clashes
    assert (clash.common, clash.notable, clash.gross) == (2, 1, 1)
    (note,) = report.notes
    assert "bdl:P1944 i own:moje" in note
    assert "1 komórka różni się o ponad 10% (wspólnych: 2), w tym 1 co najmniej dwukrotnie" in note
    assert f"900101, 2024 r.: 110 ({twins.CTAB.name}) i 1\u00a0100 (moje.csv)" in note
    assert report.as_dict()["clashes"][0]["worst"][0]["second_value"] == 1100
    rows = load_snapshot().observations(["registered_unemployed"], ["900101"], [2024])
    assert sorted(rows["value"]) == [110, 1100]


def test_the_note_names_the_value_that_reports_show():
    catalogue, rows = load_catalogue(), observed([(100, 300)])
    (shown,) = pick_shown(rows, catalogue)["source"].astype(str)
    (note,) = clash_notes(find_clashes(rows, {SECOND}), {}, catalogue)
    assert f"w raportach obowiązuje wartość ze źródła: {shown}." in note
