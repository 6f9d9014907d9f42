"""Every question about one indicator has an answer or a reason, and each number its key."""

from __future__ import annotations

import math
from html import escape

import pandas as pd
import pytest

from smup_lib.catalogue.model import CostNeed, FrontierFactors
from smup_lib.conclude.answers import QUESTIONS, Answer, Inquiry, list_refusals
from smup_lib.conclude.circumstances import NO_WASTE, ask_frontier, ask_needs
from smup_lib.present.answers import answer_html, render_brief, render_refusals
from smup_lib.present.area_charts import number_key
from smup_lib.present.numbers import read_numbers
from smup_lib.reports.area import open_area
from smup_lib.reports.indicator import open_indicator

ACCIDENTS = "road_accidents_per_100k_computed"
COST = "powiat_roads_cost_per_km"


@pytest.fixture(scope="module")
def counted(report_home):
    return open_indicator(ACCIDENTS, "9002", 2023)


@pytest.fixture(scope="module")
def cost(report_home):
    return open_indicator(COST, "9002", 2023)


def by_method(view) -> dict[str, Answer]:
    return {answer.method: answer for answer in view.answers.all}


def test_counts_answer_what_money_refuses(counted, cost):
    # the first question about a map loads libpysal and esda, which takes seconds
    told, refused = by_method(counted), by_method(cost)
    for method in ("M3", "M16", "M4a", "M5", "M24"):
        assert told[method].reading is not None, method
    for method in ("M2", "M16", "M5", "M24", "M6", "M14"):
        assert refused[method].reason == "wskaźnik jest kwotą, a nie liczbą przypadków"
    assert "M4a" not in refused
    assert refused["M4b"].reading is not None


def test_every_question_is_answered_or_refused_but_never_both(counted, cost):
    for view in (counted, cost):
        for answer in view.answers.all:
            assert answer.question == QUESTIONS[answer.method]
            assert (answer.reading is None) == bool(answer.reason), answer


def test_every_number_of_an_answer_bears_its_key(counted):
    key = number_key(counted.assessment, counted.item)
    for answer in counted.answers.all:
        printed = read_numbers(answer_html(answer, key))
        figures = answer.reading.figures if answer.reading else {}
        # in the order of the sentence, not of its numbers
        exact = sorted(f.value for f in figures.values())
        assert sorted(n.value for n in printed) == pytest.approx(exact)
    interval = {n.key.statistic for n in read_numbers(answer_html(by_method(counted)["M3"], key))}
    assert interval == {"value", "numerator", "M3:low", "M3:high"}


def test_refusals_stand_once_by_reason(cost):
    money = "wskaźnik jest kwotą, a nie liczbą przypadków"
    listed = list_refusals(cost.answers.all)
    assert len(listed[money]) >= 5
    html = render_refusals(cost.answers.all)
    assert html.lower().count(money) == 1
    assert render_refusals([]) == ""


def test_the_first_screen_says_value_certainty_and_change(counted):
    html = counted.brief().html
    assert html.count('class="smup-finding ') == 3
    value = next(n for n in read_numbers(html) if n.key.statistic == "value")
    assert value.value == counted.item.value
    assert "Na ile to pewne" in html
    assert "kierunku zmian nie da się nic powiedzieć" in html  # four years since the census


def test_the_first_screen_of_a_value_that_is_not_there_says_why(report_home):
    view = open_area("finance", "9061", 2023)
    refused = next(i for i in view.assessment.indicators if i.status == "not_applicable")
    html = render_brief(view.assessment, refused, ())
    assert "Nieporównywalne: " in html
    assert escape(refused.reason).removesuffix(".") in html


def test_a_city_without_a_value_asks_nothing(report_home):
    view = open_indicator("expenditure_per_capita_computed", "9061", 2023, level="powiat")
    assert view.answers.all == []
    assert "nieporównywalne" in view.peers().html


# -- circumstances --------------------------------------------------------------------------------


def inquiry(view, **changes) -> Inquiry:
    """Return the question with some of the catalogue entry changed."""
    asked = view.answers.inquiry
    entry = asked.indicator.model_copy(update=changes)
    item = type(asked.item)(**{**_fields(asked.item), "indicator": entry})
    return Inquiry(asked.assessment, item, asked.own, asked.counted)


def _fields(item) -> dict[str, object]:
    return {name: getattr(item, name) for name in item.__dataclass_fields__}


def test_needs_speak_only_where_the_catalogue_names_them(counted, cost):
    assert "M17" not in by_method(counted)
    refused = by_method(cost)["M17"]  # the fictional land has too few powiaty for a model
    assert "za mało jednostek z kosztem i opisem warunków" in refused.reason


def test_a_cost_is_set_beside_what_its_circumstances_let_expect(cost):
    values = cost.item.values
    known = values[values["value"].notna()]
    # as many units as the method wants, cost falling with density
    more = pd.concat([known.assign(unit_code=known["unit_code"] + x) for x in ("", "x", "y")])
    cost.answers.inquiry.item.__dict__.pop("values", None)
    need = CostNeed(variable="density", makes="cheaper", reason="Tak ma być.", logged=True)
    asked = inquiry(cost, needs=(need,))
    asked.item.__dict__["values"] = more.reset_index(drop=True)
    density = pd.DataFrame(
        {"density": [math.exp(10 - v / 20_000) for v in more["value"]]}, index=more["unit_code"]
    )
    (told,) = ask_needs(asked, density, {"density": "Gęstość"})
    assert told.reading is not None, told.reason
    assert told.warnings[0] == NO_WASTE
    assert "Gęstość: Tak ma być." in told.warnings
    figures = told.reading.figures
    assert figures["own"].value == cost.item.value
    assert figures["expected"].value == pytest.approx(cost.item.value, rel=0.01)
    (lacking,) = ask_needs(asked, density[[]], {"density": "Gęstość"})
    assert lacking.reason == "brak danych o warunkach: gęstość"


def test_a_frontier_names_who_reaches_as_much_with_less(report_home):
    view = open_indicator("transport_cost_per_vehicle_km", "9002", 2023)
    told = by_method(view)["M18"]
    assert told.group == "same_kind"
    assert told.reading is not None, told.reason
    assert NO_WASTE in told.warnings[0]
    values = {i.indicator.id: i.value for i in view.assessment.shown()}
    assert values["transport_on_time_share"] is not None


def test_a_frontier_is_silent_where_the_catalogue_declares_none(counted):
    alike = dict.fromkeys(counted.assessment.group.members, "land_powiat")
    assert list(ask_frontier(counted.answers.inquiry, alike, {})) == []
    assert FrontierFactors(inputs=("a",), outputs=("b",), reason="Bo tak.").inputs == ("a",)
