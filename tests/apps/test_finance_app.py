"""The money of a unit without a browser: key numbers, costs beside quality, amounts, files."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from html import escape

import pytest

from smup_lib.apps.finance.app import FinanceApp
from smup_lib.apps.finance.content import _cards
from smup_lib.apps.parts.link import write_query
from smup_lib.catalogue import load_catalogue
from smup_lib.present.gaps import render_reasons
from smup_lib.present.service_list import service_code
from smup_lib.present.words import QUESTION
from smup_lib.reports.area import AreaView, open_area
from tests.apps.app_text import numbers, page


@pytest.fixture(scope="module")
def opened(workspace) -> FinanceApp:
    """An app that no test changes."""
    return FinanceApp(workspace, "unit=9002&year=2023&group=voivodeship")


def test_a_link_opens_its_view(opened):
    assert opened.link == {
        "unit": "9002",
        "year": "2023",
        "group": "voivodeship",
        "service": opened.parts.service.value,
    }
    markup = page(opened)
    for heading in ("W skrócie", "Najważniejsze liczby", "Ile to złotych", "Budżet po kolei"):
        assert f"<h2>{heading}</h2>" in markup
    assert 'class="smup-error"' not in markup
    assert "powiat olszyńsko-brzezicki (9002)" in opened.bar.value


def test_the_numbers_are_those_of_the_report(opened, workspace):
    frame = open_area("finance", "9002", 2023, "voivodeship", snapshot=workspace.snapshot).frame()
    expected = frame.set_index("indicator")["value"]
    shown = numbers(opened.parts.finance.key_numbers().html)
    values = {k: v for k, v in shown.items() if "statistic=value" in k}
    assert len(values) >= 10
    for key, value in values.items():
        name = re.search("indicator=([^;]*)", key)[1]
        assert float(value) == pytest.approx(expected[name], rel=1e-12)


def test_the_shown_link_leads_to_the_same_numbers(opened, workspace):
    again = FinanceApp(workspace, write_query(opened.link).removeprefix("?"))
    assert again.link == opened.link
    assert numbers(page(again)) == numbers(page(opened))


def test_money_is_a_question_and_never_good_or_bad(opened, workspace):
    among_many = FinanceApp(workspace, "unit=9002&year=2023&group=similar").parts.finance
    assert QUESTION in among_many.key_numbers().html
    of_money = [i.id for i in load_catalogue().area("finance").indicators if not i.ranked]
    for item in opened.parts.finance.view.assessment.shown():
        if item.indicator.id in of_money:
            assert item.position.standing in ("not_judged", "unknown")
    assert "oszczęd" not in page(opened).lower()


def test_the_gap_is_an_amount_of_złoty_and_debt_is_not_yearly(opened):
    told = re.findall(r"<li><b>(.*?)</li>", opened.parts.finance.amounts().html)
    assert len(told) >= 5
    assert all("Gdyby wskaźnik był taki jak mediana grupy" in line for line in told)
    (debt,) = [line for line in told if line.startswith("Zadłużenie na mieszkańca")]
    assert "rocznie" not in debt
    assert all("rocznie" in line for line in told if line is not debt)


def test_a_cost_stands_beside_what_it_buys(opened, workspace):
    view = open_area("education", "9002", 2023, snapshot=workspace.snapshot)
    markup = opened.parts.finance.costs("education").html
    assert "Zdawalność matury w liceach" in markup
    rows = markup.count('<th scope="row"')
    costs = [item for item in view.assessment.leading() if item.indicator.cost]
    assert rows >= len(costs) >= 4


def test_every_area_with_costs_can_be_chosen(opened):
    for _, area in opened.parts.area.options:
        markup = opened.parts.finance.costs(area).html
        assert "<table" in markup or "nie ma w tym roku" in markup


def test_local_taxes_are_those_of_a_gmina(opened, workspace):
    assert "pobierają gminy" in opened.parts.finance.taxes().html
    gmina = FinanceApp(workspace, "unit=900102&year=2023")
    assert "property_tax_per_capita" in gmina.parts.finance.taxes().html


def test_a_city_is_warned_of(workspace):
    app = FinanceApp(workspace, "unit=9063")
    assert "wykonuje zadania gminy i powiatu razem" in page(app)
    assert app.link["unit"] == "906301"


def test_the_part_of_the_budget_is_kept_in_the_link(workspace):
    app = FinanceApp(workspace, "unit=9002&year=2023&service=FIN-04")
    assert app.parts.service.value == "FIN-04"
    assert "Zadłużenie na mieszkańca" in page(app.parts.cards)
    app.parts.service.value = "FIN-01"
    assert app.link["service"] == "FIN-01"
    assert "service=FIN-01" in app.address.value
    app.year.value = 2021
    assert app.link["year"] == "2021" and app.link["service"] == "FIN-01"


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("unit=9002&year=1950", "Za 1950 r. nie ma tu danych"),
        ("unit=9002&group=bla", "Pokazujemy grupę zwykłą"),
        ("unit=9002&year=MMXX", "niezrozumiałą wartość: rok"),
        ("unit=<script>alert(1)</script>", "niezrozumiałą wartość: jednostka"),
    ],
)
def test_what_a_link_cannot_have_is_said(workspace, query, told):
    app = FinanceApp(workspace, query)
    assert told in app.notes.value
    assert "<script" not in page(app)


def test_a_unit_that_cannot_be_told_leaves_the_search(workspace):
    app = FinanceApp(workspace, "unit=olszynsk")
    assert "Co zrobić:" in page(app.content)
    assert len(app.search.candidates.children) == 2
    assert app.link == {}


@pytest.mark.parametrize(("ending", "begins"), [("xlsx", b"PK"), ("docx", b"PK"), ("csv", b"\xef")])
def test_the_page_is_saved_as_a_file(opened, ending, begins):
    opened.parts.files.save(ending)
    data = base64.b64decode(re.sub("<[^>]*>", "", opened.parts.files.file.value))
    assert data.startswith(begins)
    assert f"finanse_9002_2023.{ending}" in opened.parts.files.file.value


def test_what_has_no_value_for_one_reason_is_told_of_once(opened):
    reason = "Miasto ma jeden budżet."
    items = [
        replace(item, status="not_applicable", reason=reason)
        for item in opened.parts.finance.view.assessment.indicators
    ]
    other = replace(items[0], reason="Nikt tego nie liczy.")
    told = render_reasons([*items[1:], other])
    assert len(items) > 10 and told.count("miasto ma jeden budżet") == 1
    assert all(f"<li>{escape(item.indicator.name)}</li>" in told for item in items[1:])
    assert f"<b>{escape(other.indicator.name)}</b>: nieporównywalne: nikt tego nie liczy.<" in told


def test_cards_without_a_value_wait_behind_their_reasons(opened):
    view = opened.parts.finance.view
    items = [replace(item, status="no_data") for item in view.assessment.indicators]
    silent = replace(view.assessment, indicators=tuple(items))
    code = opened.parts.service.value
    shown = _cards(AreaView(opened.workspace, silent), code, lambda unit: None)
    reasons, button, fold = shown.children
    mine = sum(service_code(item.indicator.service) == code for item in items)
    assert "<h3>Bez wartości</h3>" in reasons.value and not fold.opened
    assert button.description == f"Karty wskaźników bez wartości ({mine})"
    button.click()
    assert len(fold.panel.children[0].children) == mine
