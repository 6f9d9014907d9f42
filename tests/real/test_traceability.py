"""Numbers of a page against cells that a person read in the raw files, with file and row.

The rows are line numbers of the unpacked files, the header being line 1. What these tests say of
real files, ``tests/sources`` and ``tests/test_journeys.py`` say of fictional ones.
"""

from __future__ import annotations

import pytest

import smup_lib as smup

pytestmark = [pytest.mark.real_data, pytest.mark.usefixtures("real_home")]

PANEL = "powiat_panel_long.csv.gz"
# area, unit, indicator, value as printed, file, row
READ_BY_HAND = [
    ("culture_recreation", "1261", "museum_visitors_per_10k", 65435, PANEL, 212196),
    ("roads_transport", "1261", "road_accidents_per_100k", 125.9, "wypadki-polska.csv", 15138),
    ("roads_transport", "3002", "road_accidents_per_100k", 58.3, PANEL, 345744),
    ("investment_construction", "2009", "dwellings_completed_per_10k", 25.8, PANEL, 88278),
    ("finance", "1201", "revenue_per_capita", 1073.12, PANEL, 339483),
    ("finance", "3002", "expenditure_total_amount", 99649379.96 / 1e6, PANEL, 152360),
    (
        "finance",
        "1201",
        "capital_share_of_expenditure",
        100 * 39028052.38 / 127142567.83,  # rows 127065 and 149009
        PANEL,
        149009,
    ),
]


@pytest.mark.parametrize(("area", "unit", "indicator", "value", "file", "row"), READ_BY_HAND)
def test_a_shown_value_is_the_cell_of_its_file(area, unit, indicator, value, file, row):
    view = smup.open_area(area, unit, 2018)
    shown = view.frame().set_index("indicator").loc[indicator]
    assert shown["value"] == pytest.approx(value)
    files = {source["file"] for source in view.source_rows()[0]}
    assert file in files, f"{indicator} comes from {file}, row {row}"


def test_expenditure_is_its_current_and_capital_parts():
    frame = smup.open_area("finance", "1201", 2018).frame().set_index("indicator")["value"]
    parts = frame["expenditure_current_amount"] + frame["expenditure_capital_amount"]
    assert parts == pytest.approx(frame["expenditure_total_amount"])
    shares = frame["current_share_of_expenditure"] + frame["capital_share_of_expenditure"]
    assert shares == pytest.approx(100)


def test_unemployment_of_a_gmina_runs_across_a_change_of_kind():
    # RYNE_1944_CTAB_20250616184618.csv: row 16 (Pieszyce, kind 1, to 2015), row 17 (kind 3)
    frame = smup.compute_indicators(
        ["registered_unemployed"], "gmina", unit_codes=["020203"], years=range(2003, 2025)
    ).set_index("year")["value"]
    assert frame.index.tolist() == list(range(2003, 2025))
    assert [frame[y] for y in (2003, 2015, 2016, 2024)] == [1079, 365, 282, 173]
    view = smup.open_area("context", "020203", 2024)
    item = next(i for i in view.assessment.indicators if i.indicator.id == "registered_unemployed")
    assert item.breaks == ()
    assert item.series.set_index("year")["value"][2003] == 1079


def test_a_merged_gmina_is_added_to_the_city_before_the_merger():
    # row 1015 (gmina Zielona Góra, to 2014) and row 1063 (the city)
    view = smup.open_area("context", "086201", 2018, level="gmina")
    item = next(i for i in view.assessment.indicators if i.indicator.id == "registered_unemployed")
    values = item.series.set_index("year")["value"]
    assert values[2014] == 4244 + 781
    assert values[2015] == 4003


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

    counts = load_register(load_snapshot()).count_units(2026)
    assert (counts.gminy, counts.cities, counts.land_powiaty) == (2479, 66, 314)
