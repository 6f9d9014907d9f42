"""The planted gap of two points is found; what rounding explains is counted and not reported."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from smup_lib.catalogue import load_catalogue
from smup_lib.catalogue.changes import changes_frame
from smup_lib.catalogue.model import OfficialIds
from smup_lib.reports.loading import Workspace
from smup_lib.reports.reconciling import name_pairs, reconcile
from smup_lib.snapshots import as_observations, write_snapshot
from smup_lib.sources.sample.truths import list_truths
from tests.snapshots.builders import source_record

FIRST, SECOND = "sample:first@0000aaaa", "sample:second@0000bbbb"


@pytest.fixture
def opened(smup_home):
    def write(*rows: tuple[str, int, str, float, int, str]) -> Workspace:
        columns = ["unit_code", "year", "variable", "value", "decimals", "source"]
        frame = pd.DataFrame(rows, columns=columns)
        frame["decimals"] = frame["decimals"].astype("Int8")
        units = pd.DataFrame(
            [
                {"unit_code": code, "level": "powiat", "kind": "land_powiat", "name": code,
                 "name_extra": "", "state_date": "2019-01-01", "source": FIRST}
                for code in ("9001", "9002")
            ]
        )  # fmt: skip
        records = [
            source_record(name, variables=tuple(sorted(set(own["variable"]))))
            for name, own in frame.groupby("source")
        ]
        tables = {"observations": as_observations(frame), "units": units,
                  "changes": changes_frame([])}  # fmt: skip
        return Workspace.open(write_snapshot(tables, fictional=True, sources=records))

    return write


def test_the_planted_gap_is_the_only_one_in_the_sample(sample_home):
    truth = next(one for one in list_truths() if one.kind == "reconciliation_gap")
    found = reconcile(Workspace.open("sample"))
    cells = found.differences
    assert set(zip(cells["unit_code"], cells["year"], strict=True)) == {
        (truth.unit_code, truth.years[0])
    }
    assert truth.indicators in set(zip(cells["left_id"], cells["right_id"], strict=True))
    ours = cells[cells["right_id"] == truth.indicators[1]].iloc[0]
    assert 2.0 - 0.05 <= ours["difference"] <= 2.0 + 0.05
    assert found.summary["different"].sum() == len(cells)
    assert found.summary["rounding"].sum() > 1000
    total = found.summary[["same", "rounding", "different"]].sum(axis=1)
    assert total.tolist() == found.summary["compared"].tolist()


def test_an_area_and_a_level_narrow_what_is_compared(sample_home):
    workspace = Workspace.open("sample")
    culture = workspace.catalogue.area("kultura")
    found = reconcile(workspace, culture)
    assert set(found.summary["left_id"]) == {"museum_visitors_per_10k"}
    assert found.differences.empty
    assert reconcile(workspace, culture, "gmina").summary.empty


def test_one_variable_in_two_data_sets_by_hand(opened):
    workspace = opened(
        ("9001", 2020, "population", 100.0, 0, FIRST),
        ("9001", 2020, "population", 102.0, 0, SECOND),  # persons: two too many
        ("9002", 2020, "population", 50.0, 0, FIRST),
        ("9002", 2020, "population", 50.0, 0, SECOND),
        ("9001", 2020, "avg_gross_wage", 5123.4, 1, FIRST),
        ("9001", 2020, "avg_gross_wage", 5123.0, 0, SECOND),  # written with fewer digits
        ("9002", 2020, "avg_gross_wage", 5000.0, 1, FIRST),  # one source alone
    )
    found = reconcile(workspace)
    columns = ["left_id", "level", "compared", "same", "rounding", "different"]
    assert found.summary[columns].values.tolist() == [
        ["avg_gross_wage", "powiat", 1, 0, 1, 0],
        ["population", "powiat", 2, 1, 0, 1],
    ]
    cell = found.differences.iloc[0]
    assert (cell["unit_code"], cell["difference"]) == ("9001", -2.0)
    assert cell["percent"] == pytest.approx(-100 * 2 / 102)
    named = name_pairs(workspace, found.differences)["name"].tolist()
    assert named == ["Ludność ogółem: sample:first i sample:second"]


def test_a_published_indicator_of_smup_stands_beside_ours(opened):
    workspace = opened(
        ("9001", 2020, "road_accidents", 3.0, 0, FIRST),
        ("9001", 2020, "population", 1000.0, 0, FIRST),
        ("9001", 2020, "smup_77", 302.0, 0, SECOND),
        ("9002", 2020, "road_accidents", 1.0, 0, FIRST),
        ("9002", 2020, "population", 3000.0, 0, FIRST),
        ("9002", 2020, "smup_77", 33.0, 0, SECOND),
    )
    catalogue = load_catalogue()
    name = "road_accidents_per_100k_computed"
    ours = catalogue.indicators[name].model_copy(update={"official_ids": OfficialIds(smup=(77,))})
    known = dataclasses.replace(catalogue, indicators={**catalogue.indicators, name: ours})
    workspace = dataclasses.replace(workspace, catalogue=known)
    found = reconcile(workspace)
    # SMUP's indicator bears the name that its record has, never its number alone
    named = name_pairs(workspace, found.differences)["name"].tolist()
    assert named == [f"Zbiór próbny i nasz wskaźnik „{ours.name}”"]
    official = found.summary[found.summary["sort"] == "official"]
    assert official[["compared", "rounding", "different"]].values.tolist() == [[2, 1, 1]]
    cell = found.differences.iloc[0]
    assert (cell["left_id"], cell["unit_code"], round(cell["difference"], 6)) == (
        "smup_77",
        "9001",
        2,
    )


def test_rounded_inputs_widen_what_rounding_explains(opened):
    rows = [
        ("9001", 2020, "population", 1000.0, 0, FIRST),
        ("9001", 2020, "bike_paths_km", 12.0, 0, FIRST),  # between 11,5 and 12,5 km
        ("9001", 2020, "bike_paths_per_10k", 123.0, 1, SECOND),
    ]
    found = reconcile(opened(*rows))
    assert found.summary["rounding"].tolist() == [1]
    rows[1] = ("9001", 2020, "bike_paths_km", 12.0, 2, FIRST)
    assert reconcile(opened(*rows)).summary["different"].tolist() == [1]
