"""The planted gap of two points is found; what rounding explains is counted and not reported."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pandas as pd
import pytest

from smup_lib.catalogue import Catalogue
from smup_lib.catalogue.changes import changes_frame
from smup_lib.catalogue.loader import CATALOGUE_DIR, read_catalogue
from smup_lib.errors import CatalogueError
from smup_lib.reports.loading import Workspace
from smup_lib.reports.reconciling import name_pairs, reconcile
from smup_lib.reports.rounding import Rounding
from smup_lib.snapshots import as_observations, write_snapshot
from smup_lib.sources.sample.truths import list_truths
from tests.indicators.builders import indicator
from tests.snapshots.builders import source_record

FIRST, SECOND = "sample:first@0000aaaa", "sample:second@0000bbbb"


@pytest.fixture
def opened(smup_home):
    def write(*rows: tuple[str, int, str, float, int | None, str]) -> Workspace:
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
    total = found.summary[["same", "rounding", "unknown", "different"]].sum(axis=1)
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


COMPARED = """    compared_with_smup:
      - {id: 77, measure_unit: "szt./1000 mieszk."}
"""


def catalogue_naming_smup(folder: Path, unit: str = "szt./1000 mieszk.") -> Catalogue:
    """Return the shipped catalogue with the number of an invented indicator of SMUP in it."""
    for name in ("areas", "variables", "sources.yaml"):
        source = CATALOGUE_DIR / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
    roads = folder / "areas" / "roads_transport.yaml"
    head = "  - id: road_accidents_per_100k_computed\n"
    told = COMPARED.replace("szt./1000 mieszk.", unit)
    roads.write_text(roads.read_text("utf-8").replace(head, head + told), "utf-8")
    return read_catalogue(folder)


def test_a_published_indicator_of_smup_stands_beside_ours(opened, tmp_path):
    workspace = opened(
        ("9001", 2020, "road_accidents", 3.0, 0, FIRST),
        ("9001", 2020, "population", 1000.0, 0, FIRST),
        ("9001", 2020, "smup_77", 3.02, 2, SECOND),
        ("9002", 2020, "road_accidents", 1.0, 0, FIRST),
        ("9002", 2020, "population", 3000.0, 0, FIRST),
        ("9002", 2020, "smup_77", 0.33, 2, SECOND),
    )
    catalogue = catalogue_naming_smup(tmp_path)
    workspace = dataclasses.replace(workspace, catalogue=catalogue)
    found = reconcile(workspace, catalogue.area("roads_transport"))
    ours = catalogue.indicators["road_accidents_per_100k_computed"]
    # SMUP's indicator bears the name that its record has, never its number alone
    named = name_pairs(workspace, found.differences)
    assert named["name"].tolist() == [f"Zbiór próbny i nasz wskaźnik „{ours.name}”"]
    assert named["measure_unit"].tolist() == [ours.measure_unit]
    official = found.summary[found.summary["sort"] == "official"]
    assert official[["compared", "rounding", "different"]].values.tolist() == [[2, 1, 1]]
    cell = found.differences.iloc[0]
    assert (cell["left_id"], cell["unit_code"]) == ("smup_77", "9001")
    assert cell["difference"] == pytest.approx(2.0)  # 3,02 for 1000 is 302 for 100 thousand


def test_an_indicator_of_smup_in_another_kind_of_unit_is_refused(tmp_path):
    with pytest.raises(CatalogueError, match="wskaźnika SMUP 77 nie da się przeliczyć"):
        catalogue_naming_smup(tmp_path, "zł/mieszk.")


def test_two_files_of_one_data_set_are_one_row(opened):
    found = reconcile(
        opened(
            ("9001", 2019, "population", 100.0, 0, FIRST),
            ("9001", 2019, "population", 100.0, 0, SECOND),
            ("9001", 2020, "population", 101.0, 0, "sample:first@1111aaaa"),
            ("9001", 2020, "population", 102.0, 0, SECOND),
        )
    )
    pair = ["left_source", "right_source", "compared", "same", "different"]
    assert found.summary[pair].values.tolist() == [["sample:first", "sample:second", 2, 1, 1]]


def test_a_zero_that_one_cell_lost_is_a_digit_of_its_series(opened):
    rows = [
        ("9001", 2020, "avg_gross_wage", 3.0, 0, FIRST),  # 3,0 written as 3
        ("9002", 2020, "avg_gross_wage", 4.1, 1, FIRST),
        ("9001", 2020, "avg_gross_wage", 2.55, 2, SECOND),
    ]
    assert reconcile(opened(*rows)).summary["different"].tolist() == [1]
    rows[1] = ("9002", 2021, "avg_gross_wage", 4.1, 1, FIRST)  # another year says nothing of it
    assert reconcile(opened(*rows)).summary["rounding"].tolist() == [1]


def test_what_nobody_tells_the_digits_of_is_neither_exact_nor_different(opened):
    found = reconcile(
        opened(
            ("9001", 2020, "avg_gross_wage", 3.0, None, FIRST),
            ("9001", 2020, "avg_gross_wage", 2.55, 2, SECOND),
        )
    )
    verdicts = found.summary[["rounding", "unknown", "different"]].values.tolist()
    assert verdicts == [[0, 1, 0]]
    assert found.differences.empty


def test_the_rounding_of_inputs_is_carried_through_the_formula(opened):
    workspace = opened(
        ("9001", 2020, "bike_paths_km", 0.0, 1, FIRST),
        ("9001", 2020, "population", 2000.0, 0, FIRST),
        ("9001", 2020, "avg_gross_wage", 400.0, 0, FIRST),
        ("9001", 2021, "avg_gross_wage", 500.0, 1, FIRST),
    )
    rounding = Rounding(workspace.snapshot, workspace.catalogue)
    cells = pd.DataFrame({"year": [2020, 2021], "numerator": [0.0, 500.0],
                          "denominator": [2000.0, 400.0]})  # fmt: skip
    paths = workspace.catalogue.indicators["bike_paths_per_10k_computed"]
    # 0,0 km may be 0,05 km: over 2000 persons that is 0,25 km for 10 000
    assert rounding.carried(paths, cells.iloc[:1]).tolist() == pytest.approx([0.25])
    change = indicator(method="change", multiplier=100.0, inputs={"numerator": ("avg_gross_wage",)})
    carried = rounding.carried(change, cells.iloc[1:])
    assert carried.tolist() == pytest.approx([100 * (0.05 / 400 + 500 * 0.5 / 400**2)])
    index = change.model_copy(update={"method": "index", "base_year": 2020})
    assert rounding.carried(index, cells.iloc[1:]).tolist() == carried.tolist()


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
