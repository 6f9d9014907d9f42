"""Two indicators against each other: which are meant, what is drawn, what is refused and why."""

from __future__ import annotations

import pytest

from smup_lib.catalogue import load_catalogue
from smup_lib.errors import IndicatorError, ParameterError
from smup_lib.reports.area import open_area
from smup_lib.reports.named_indicators import list_pairs, tell_shared

COST, SIZE, EXAM = "primary_cost_per_pupil", "primary_class_size", "primary_exam_mean"


@pytest.fixture(scope="module")
def schools(report_home):
    return open_area("education", "900102", 2023)


def test_a_pair_shows_the_unit_among_its_group_with_the_medians_of_the_page(schools):
    chart = schools.against(SIZE, COST).chart
    items = {item.indicator.id: item for item in schools.assessment.indicators}
    assert (chart.own.x, chart.own.y) == (items[SIZE].value, items[COST].value)
    assert chart.across.median == items[SIZE].position.median
    assert chart.median == items[COST].position.median
    assert {dot.code for dot in chart.peers} <= set(schools.assessment.group.members)
    assert len(chart.peers) + chart.n_without == len(schools.assessment.group.members)


def test_indicators_made_of_the_same_number_say_so(schools):
    """Fewer pupils raise the cost of one and shrink the class: arithmetic, not a finding."""
    assert "mają wspólną liczbę (uczniowie szkół podstawowych" in schools.against(SIZE, COST).html()
    assert "mają wspólną liczbę" not in schools.against(EXAM, COST).html()
    catalogue = load_catalogue()
    assert tell_shared(catalogue, catalogue.indicator(EXAM), catalogue.indicator(COST)) == []


def test_the_first_pair_that_can_be_drawn_is_shown(schools):
    powiat, secondary = "general_secondary_pupils_per_teacher", "general_secondary_cost_per_pupil"
    chart = schools.against([powiat, SIZE], [secondary, COST]).chart
    assert (chart.across.key.indicator, chart.key.indicator) == (SIZE, COST)
    assert schools.against([powiat, EXAM], COST).chart.across.key.indicator == EXAM


def test_a_pair_of_another_level_is_told_in_a_box(schools):
    shown = schools.against(
        "general_secondary_pupils_per_teacher", "general_secondary_cost_per_pupil"
    )
    assert "te wskaźniki są razem liczone tylko na szczeblu: powiatów" in shown.html
    assert "brak na szczeblu gmin" in shown.text
    assert "<svg" not in shown.html


def test_a_unit_without_one_of_the_values_is_told_why(report_home):
    view = open_area("local_taxes", "900102", 2023)
    lacking = next(
        item.indicator.id
        for item in view.assessment.indicators
        if item.status == "no_data" and item.reason
    )
    figure = view.against(lacking, "property_tax_per_capita")
    assert not figure.chart.has_data
    html = figure.html()
    assert "smup-empty" in html and "<svg" not in html
    assert view._item(lacking).reason in html.replace("&quot;", '"')


def test_too_few_peers_are_told(report_home):
    view = open_area("education", "900102", 2023, group="chosen:900103,900104")
    html = view.against(SIZE, COST).html()
    assert "obie wartości ma mniej niż 3 jednostki z grupy, która liczy ich 2" in html
    assert "<svg" not in html


def test_names_that_do_not_fit_are_told(schools):
    area = schools.assessment.area
    with pytest.raises(IndicatorError, match="czy chodziło o: primary_class_size"):
        schools.against("primary_clas_size", COST)
    with pytest.raises(IndicatorError) as both:
        schools.against("primary_clas_size", "primary_cost_per_pupill")
    assert len(both.value.problems) == 2
    with pytest.raises(IndicatorError, match="nie da się ułożyć par") as raised:
        list_pairs(area, [SIZE, EXAM], [COST, COST, COST])
    assert "jest 2 i 3" in str(raised.value)
    with pytest.raises(ParameterError, match="x=7"):
        schools.against(7, COST)


@pytest.fixture(scope="module")
def powiat(report_home):
    return open_area("environment", "9002", 2023)


@pytest.mark.parametrize("method", ["ranking", "map", "series"])
def test_a_level_without_the_indicators_is_told_in_a_box(powiat, method):
    shown = getattr(powiat, method)("waste_cost_per_tonne")
    assert "ten wskaźnik jest liczony tylko na szczeblu: gmin" in shown.html
    assert "otwórz ten sam raport dla jednostki tego szczebla" in shown.html
    with pytest.raises(IndicatorError):
        getattr(powiat, method)("waste_cost")


def test_background_is_never_put_in_order(powiat):
    name = "private_municipal_forests_per_1k"
    assert powiat._item(name).status == "shown"
    shown = powiat.ranking(name)
    assert "to tło, a nie wynik usługi" in shown.html
    assert "<svg" not in shown.html
    assert powiat.map(name).chart.has_data


def test_years_that_may_not_be_compared_are_points_without_a_line(schools):
    exam, cost = (schools.series(name).chart for name in (EXAM, COST))
    assert max(len(run) for run in exam.runs("value", unit=True)) == 1
    assert max(len(run) for run in cost.runs("value", unit=True)) > 1
    assert "Lat tego wskaźnika nie należy porównywać" in schools.series(EXAM).html()
