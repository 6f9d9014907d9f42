"""Numbers of a page against cells of the raw files, opened at the line a person found.

Line numbers are those of the unpacked files, the header being line 1. What these tests say of real
files, ``test_traceability_twin.py`` says of fictional files of the same layouts.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

import smup_lib as smup
from smup_lib.present.numbers import read_numbers
from smup_lib.reports.runner import run_report
from tests.raw_cells import RawCell
from tests.unit_counts import count_units

pytestmark = [pytest.mark.real_data, pytest.mark.usefixtures("real_home")]

PANEL = "powiat_panel_long.csv.gz"
ACCIDENTS = "wypadki-polska.csv"
UNEMPLOYED = "RYNE_1944_CTAB_20250616184618.csv"


def same(value: float) -> float:
    return value


def in_millions(value: float) -> float:
    return value / 1e6


def share(part: float, whole: float) -> float:
    return 100 * part / whole


# area, unit, indicator, what was read there by hand, lines, what the formula makes of the cells
READ_BY_HAND = [
    ("culture_recreation", "1261", "museum_visitors_per_10k", [65435], PANEL, [212196], same),
    ("roads_transport", "1261", "road_accidents_per_100k", [125.9], ACCIDENTS, [15138], same),
    ("roads_transport", "3002", "road_accidents_per_100k", [58.3], PANEL, [345744], same),
    ("investment_construction", "2009", "dwellings_completed_per_10k", [25.8], PANEL, [88278],
     same),
    ("finance", "1201", "revenue_per_capita", [1073.12], PANEL, [339483], same),
    ("finance", "3002", "expenditure_total_amount", [99649379.96], PANEL, [152360], in_millions),
    ("finance", "1201", "capital_share_of_expenditure", [39028052.38, 127142567.83], PANEL,
     [127065, 149009], share),
]  # fmt: skip


@pytest.mark.parametrize(
    ("area", "unit", "indicator", "read", "file", "lines", "formula"),
    READ_BY_HAND,
    ids=[f"{row[1]}-{row[2]}" for row in READ_BY_HAND],
)
def test_a_shown_value_is_the_cell_of_its_file(
    real_home,
    area: str,
    unit: str,
    indicator: str,
    read: list[float],
    file: str,
    lines: list[int],
    formula: Callable[..., float],
):
    cells = [RawCell(file, line, unit, 2018).read(real_home) for line in lines]
    assert cells == read
    view = smup.open_area(area, unit, 2018)
    shown = view.frame().set_index("indicator").loc[indicator]
    assert shown["value"] == pytest.approx(formula(*cells))
    printed = [
        number.value
        for number in read_numbers(view.table()._repr_html_())
        if (number.key.indicator, number.key.statistic) == (indicator, "value")
    ]
    assert printed == [pytest.approx(formula(*cells))]
    assert file in {source.file for source in view.source_rows()}


def test_a_value_of_a_collected_set_leads_to_what_the_set_names(real_home):
    view = smup.open_area("culture_recreation", "1261", 2018)
    assert "GUS BDL" in {row.origin for row in view.source_rows() if row.file == PANEL}
    assert f"{PANEL} za: GUS BDL" in view.table()._repr_html_().replace("\xa0", " ")


def test_a_report_on_a_unit_with_gaps_says_so_on_its_page(real_home, tmp_path):
    """The budget of Warsaw stands in none of the files: its report opens and names the gaps."""
    result = run_report("finance", "1465", 2018, out=tmp_path)
    assert result.problems == ()
    page = result.html.read_text(encoding="utf-8")
    view = smup.open_area("finance", "1465", 2018)
    silent = [item for item in view.assessment.indicators if item.status != "shown"]
    assert silent and all(item.reason for item in silent)
    assert page.count("smup-empty-title") >= 4
    assert "Gdzie są te dane" in page
    values = {
        number.key.indicator: number.value
        for number in read_numbers(page)
        if number.key.statistic == "value" and number.key.unit == "1465"
    }
    assert not [item for item in silent if values.get(item.indicator.id)], "a gap has no number"


def test_expenditure_is_its_current_and_capital_parts():
    frame = smup.open_area("finance", "1201", 2018).frame().set_index("indicator")["value"]
    parts = frame["expenditure_current_amount"] + frame["expenditure_capital_amount"]
    assert parts == pytest.approx(frame["expenditure_total_amount"])
    shares = frame["current_share_of_expenditure"] + frame["capital_share_of_expenditure"]
    assert shares == pytest.approx(100)


def test_unemployment_of_a_gmina_runs_across_a_change_of_kind(real_home):
    # Pieszyce: kind 1 to 2015, kind 3 since
    lines = {2003: 16, 2015: 16, 2016: 17, 2024: 17}
    cells = [RawCell(UNEMPLOYED, n, "020203", y).read(real_home) for y, n in lines.items()]
    assert cells == [1079, 365, 282, 173]
    frame = smup.compute_indicators(
        ["registered_unemployed"], "gmina", unit_codes=["020203"], years=range(2003, 2025)
    ).set_index("year")["value"]
    assert frame.index.tolist() == list(range(2003, 2025))
    assert [frame[y] for y in lines] == cells
    view = smup.open_area("context", "020203", 2024)
    item = next(i for i in view.assessment.indicators if i.indicator.id == "registered_unemployed")
    assert item.breaks == ()
    assert item.series.set_index("year")["value"][2003] == 1079


def test_a_merged_gmina_is_added_to_the_city_before_the_merger(real_home):
    gmina = RawCell(UNEMPLOYED, 1015, "080910", 2014).read(real_home)
    city = [RawCell(UNEMPLOYED, 1063, "086201", year).read(real_home) for year in (2014, 2015)]
    view = smup.open_area("context", "086201", 2018, level="gmina")
    item = next(i for i in view.assessment.indicators if i.indicator.id == "registered_unemployed")
    values = item.series.set_index("year")["value"]
    assert values[2014] == city[0] + gmina == 4244 + 781
    assert values[2015] == city[1] == 4003


def test_walbrzych_is_not_bridged():
    view = smup.open_area("context", "0221", 2018)
    item = next(i for i in view.assessment.indicators if i.indicator.id == "registered_unemployed")
    assert 2013 in {b.year for b in item.breaks}
    assert item.trend.first_year is None or item.trend.first_year >= 2013


def test_finance_of_a_city_says_what_is_missing_and_who_has_it():
    view = smup.open_area("finance", "Kraków", 2018)
    frame = view.frame().set_index("indicator")
    assert frame.loc["expenditure_per_capita", "flag"] in ("not_applicable", "no_data")
    told = view.gaps()._repr_html_()
    assert "Rb-28S" in told
    assert "P2633" in told
    item = next(i for i in view.assessment.indicators if i.indicator.id == "expenditure_per_capita")
    assert item.status == "not_applicable"
    assert "jeden budżet" in (item.reason or "") or "wspólny budżet" in (item.reason or "")


@pytest.mark.parametrize(
    "area", ["culture_recreation", "roads_transport", "investment_construction"]
)
@pytest.mark.parametrize("unit", ["1261", "3002", "2009", "1431"])
def test_the_three_areas_of_2018_have_values_or_reasons(area, unit):
    if unit == "1431":  # warszawski: existed until 2002
        with pytest.raises(Exception, match="2002"):
            smup.open_area(area, unit, 2018)
        return
    view = smup.open_area(area, unit, 2018)
    assert len(view.assessment.shown()) >= 4
    assert all(item.reason for item in view.assessment.indicators if item.status != "shown")


def test_counts_of_units_are_those_of_the_registers():
    from smup_lib.snapshots import load_snapshot
    from smup_lib.units import load_register

    counts = count_units(load_register(load_snapshot()), 2026)
    assert counts == (2479, 66, 314)
