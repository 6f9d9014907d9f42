"""What ``test_traceability.py`` says of the real files, on fictional files of the same layouts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import smup_lib as smup
from smup_lib.present.numbers import read_numbers
from smup_lib.reports.runner import run_report
from smup_lib.sources import import_paths
from smup_lib.units import load_register
from tests.raw_cells import RawCell
from tests.sources import twins
from tests.unit_counts import count_units


@pytest.fixture(scope="module")
def twin_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = tmp_path_factory.mktemp("twin_home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(home))
        import_paths([twins.TWINS])
        yield home


# area, unit, indicator, year, what was read there by hand, file, line
READ_BY_HAND = [
    ("culture_recreation", "9001", "museum_visitors_per_10k", 2018, 530, twins.PANEL, 3),
    ("roads_transport", "9001", "road_accidents_per_100k", 2018, 98.5, twins.CREL, 11),
    ("roads_transport", "9001", "road_accidents_per_100k", 2017, 102, twins.CREL, 10),
]


@pytest.mark.parametrize(
    ("area", "unit", "indicator", "year", "read", "file", "line"),
    READ_BY_HAND,
    ids=[f"{row[6]}-{row[2]}" for row in READ_BY_HAND],
)
def test_a_shown_value_is_the_cell_of_its_file(
    twin_home, area, unit, indicator, year, read, file, line
):
    assert RawCell(file.name, line, unit, year).read(twin_home) == read
    view = smup.open_area(area, unit, year)
    assert view.frame().set_index("indicator").loc[indicator, "value"] == pytest.approx(read)
    printed = [
        number.value
        for number in read_numbers(view.table()._repr_html_())
        if (number.key.indicator, number.key.statistic) == (indicator, "value")
    ]
    assert printed == [pytest.approx(read)]
    assert file.name in {source.file for source in view.source_rows()}


def test_a_value_of_a_collected_set_leads_to_what_the_set_names(twin_home):
    view = smup.open_area("culture_recreation", "9001", 2018)
    (row,) = [row for row in view.source_rows() if row.file == twins.PANEL.name]
    assert row.origin == "GUS BDL"
    said = view.table()._repr_html_().replace("\xa0", " ")
    assert f"{twins.PANEL.name} za: GUS BDL" in said
    assert "źródło podane w pliku: GUS BDL" in view.sources()._repr_html_()


def test_a_line_of_another_unit_or_year_is_refused(twin_home):
    with pytest.raises(AssertionError):
        RawCell(twins.CREL.name, 11, "9002", 2018).read(twin_home)
    with pytest.raises(AssertionError):
        RawCell(twins.CREL.name, 11, "9001", 2017).read(twin_home)


def test_unemployment_of_a_gmina_runs_across_a_change_of_kind(twin_home):
    lines = {2021: 7, 2022: 7, 2023: 8, 2024: 8}
    cells = [RawCell(twins.CTAB.name, n, "900103", y).read(twin_home) for y, n in lines.items()]
    frame = smup.compute_indicators(["registered_unemployed"], "gmina", unit_codes=["900103"])
    assert frame.set_index("year")["value"].to_dict() == dict(zip(lines, cells, strict=True))
    item = next(
        i
        for i in smup.open_area("context", "900103", 2024, "country").assessment.indicators
        if i.indicator.id == "registered_unemployed"
    )
    assert item.breaks == ()


def test_a_report_on_a_unit_with_gaps_says_so_on_its_page(twin_home, tmp_path):
    result = run_report("roads_transport", "9002", 2017, out=tmp_path)
    page = result.html.read_text(encoding="utf-8")
    view = smup.open_area("roads_transport", "9002", 2017)
    silent = [item for item in view.assessment.indicators if item.status != "shown"]
    assert silent and all(item.reason for item in silent)
    assert "smup-empty-title" in page
    values = {
        number.key.indicator: number.value
        for number in read_numbers(page)
        if number.key.statistic == "value" and number.key.unit == "9002"
    }
    assert not [item for item in silent if values.get(item.indicator.id)], "a gap has no number"


def test_counts_of_units_are_those_of_the_register(twin_home):
    counts = count_units(load_register(smup.load_snapshot()), 2024)
    assert counts == (7, 1, 3)
