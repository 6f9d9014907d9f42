"""Units side by side without a browser: adding, refusing, differences in words, files."""

from __future__ import annotations

import base64
import io
import re

import pytest
from python_calamine import CalamineWorkbook

from smup_lib.apps.comparison.app import ComparisonApp
from smup_lib.apps.parts.link import write_query
from smup_lib.present.units_differences import BETWEEN_WORDS
from tests.apps.app_text import numbers, page

LINK = "unit=9002&others=9003,9004&area=education&year=2023"


@pytest.fixture(scope="module")
def opened(workspace) -> ComparisonApp:
    """An app that no test changes."""
    return ComparisonApp(workspace, LINK)


def chosen(app: ComparisonApp) -> list[str]:
    return [unit.code for unit in app.units]


def test_a_link_puts_its_units_side_by_side(opened):
    assert chosen(opened) == ["9002", "9003", "9004"]
    markup = page(opened)
    assert "<h1>Edukacja: jednostki obok siebie" in markup
    for heading in ("Co różni te jednostki", "Wskaźniki obok siebie", "Źródła"):
        assert f"<h2>{heading}</h2>" in markup
    assert "Kogo zestawiamy i z jakimi grupami" in markup
    assert "powiat olszyńsko-brzezicki i inne (razem 3 jednostki)" in opened.bar.value
    assert 'class="smup-error"' not in markup
    assert opened.notes.value == ""


def test_the_shown_link_leads_to_the_same_numbers(opened, workspace):
    again = ComparisonApp(workspace, write_query(opened.link).removeprefix("?"))
    assert again.link == opened.link
    assert numbers(page(again)) == numbers(page(opened))


def test_every_unit_stands_with_the_median_of_its_own_group(opened):
    shown = numbers(opened.parts.view.table().html)
    for view in opened.parts.view.views:
        a = view.assessment
        item = a.shown()[0]
        key = f"unit={a.unit.code};indicator={item.indicator.id};year=2023;statistic="
        assert float(shown[f"{key}value;group="]) == item.value
        assert float(shown[f"{key}median;group={a.group.key}"]) == item.position.median


def test_one_service_stands_open_the_rest_is_a_click_away(opened):
    view = opened.parts.view
    for shown, whole, most in (
        (page(opened.parts.table), view.table().html, 1),
        (page(opened.parts.profiles), view.profiles().html, 0),
    ):
        assert "smup-more" not in whole
        assert numbers(shown) == numbers(whole)
        assert shown.count("<h3>") == whole.count("<h3>") > 2
        folds = re.findall(r'<details( open)? class="smup-more"><summary><h3>', shown)
        assert len(folds) == whole.count("<h3>")
        assert folds.count(" open") == most


def test_differences_say_what_they_may_come_from(opened):
    told = opened.parts.view.differences().html
    kinds = {one.between for one in opened.parts.view.spreads}
    assert {"clearly_apart", "apart", "few", "unknown"} <= kinds
    assert all(BETWEEN_WORDS[kind] in told for kind in kinds)
    assert "kolejność wartości nie jest oceną" in told


def test_units_of_other_tasks_have_no_part_in_the_differences(workspace):
    app = ComparisonApp(workspace, "unit=9002&others=9003,9063&area=culture_recreation&year=2022")
    told = app.parts.view.differences().html
    assert "Nie mówimy tu o jednostkach o innych zadaniach: Łęgowiec." in told
    codes = {pair[0].unit.code for one in app.parts.view.spreads for pair in (one.most, one.least)}
    assert codes == {"9002", "9003"}
    assert "to jednostki różnych rodzajów" in page(app.parts.units)


def test_few_cases_are_no_difference_worth_telling(workspace):
    app = ComparisonApp(workspace, "unit=9002&others=9003,9004&area=roads_transport&year=2022")
    few = [one for one in app.parts.view.spreads if one.most[1].few_cases or one.least[1].few_cases]
    assert few
    assert {one.between for one in few}.isdisjoint({"unknown", "small"})


def test_background_is_no_difference(workspace):
    app = ComparisonApp(workspace, LINK.replace("education", "finance"))
    names = {one.item.indicator.id for one in app.parts.view.spreads}
    assert "debt_to_revenue" in names
    assert "eu_funds_per_capita" not in names


def test_years_stand_on_one_axis_with_one_table(opened):
    name = opened.parts.indicator.value
    shown = opened.parts.view.series(name).html
    assert shown.count("<figure") == 3
    assert shown.count("Tabela do wykresu") == 1
    labels = re.findall(r'<div class="smup-drawing smup-wide">(.*?)</svg>', shown, re.S)
    ticks = [re.findall(r">([0-9\u00a0]+)</text>", one)[:4] for one in labels]
    assert ticks[0] == ticks[1] == ticks[2]


def test_a_unit_of_another_level_is_refused_in_a_sentence(workspace):
    app = ComparisonApp(workspace, LINK)
    app._unit_chosen("900102")
    assert chosen(app) == ["9002", "9003", "9004"]
    assert "nie stoją obok siebie" in app.notes.value


def test_a_city_stands_at_the_level_of_the_others(workspace):
    app = ComparisonApp(workspace, "unit=9063&area=finance")
    assert "Dodaj co najmniej jedną jednostkę" in page(app)
    app._unit_chosen("900102")
    assert chosen(app) == ["906301", "900102"]
    app = ComparisonApp(workspace, "unit=9002&others=906301&area=finance")
    assert chosen(app) == ["9002", "9063"]


def test_neighbours_and_similar_units_are_added_up_to_eight(workspace):
    app = ComparisonApp(workspace, "unit=9002&area=finance&year=2022")
    app.similar.click()
    assert len(chosen(app)) == 4
    assert "Dodano 3 z" in app.notes.value
    app.neighbours.click()
    app.similar.click()
    app.similar.click()
    assert len(chosen(app)) == len(set(chosen(app))) == 8
    assert app.similar.disabled and app.neighbours.disabled
    others = workspace.register.units("powiat", 2022, kinds=("land_powiat",))["unit_code"]
    app._unit_chosen(next(code for code in others if code not in chosen(app)))
    assert "Usuń którąś" in app.notes.value
    assert len(chosen(app)) == 8


def test_a_unit_is_taken_away_by_its_button(workspace):
    app = ComparisonApp(workspace, LINK)
    app.chips.children[0].click()
    assert chosen(app) == ["9003", "9004"]
    assert app.link["unit"] == "9003"
    app.chips.children[-1].click()
    assert app.link == {} and chosen(app) == []


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("unit=9002&others=9003;rm", "niezrozumiałą wartość: jednostki do zestawienia"),
        ("unit=9002&others=9999", "Pominięto"),
        ("unit=9002&others=9003&year=1950", "Za 1950 r. nie ma tu danych"),
        ("unit=9002&others=9003&area=zzz", "Nie ma obszaru"),
        ("unit=9002&others=9003&group=bla", "Pokazujemy grupę zwykłą"),
        ("unit=9002&others=9003&area=local_taxes", "nie ma tu wskaźników"),
    ],
)
def test_what_a_link_cannot_have_is_said_and_the_rest_is_shown(workspace, query, told):
    app = ComparisonApp(workspace, query)
    assert told in app.notes.value
    assert app.link["unit"] == "9002"
    assert "<h1>" in page(app)


def test_an_unknown_unit_leaves_the_choice(workspace):
    app = ComparisonApp(workspace, "unit=qqqqqq&others=9003")
    assert "Co zrobić:" in page(app.content)
    assert app.link == {}


@pytest.mark.parametrize(("ending", "begins"), [("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")])
def test_the_comparison_is_saved_as_a_file(workspace, ending, begins):
    app = ComparisonApp(workspace, LINK)
    app.parts.files.save(ending)
    assert app.parts.files.said.value == ""
    data = base64.b64decode(re.sub("<[^>]*>", "", app.parts.files.file.value))
    assert data.startswith(begins)
    assert f'data-name="zestawienie_education_9002_2023.{ending}"' in app.parts.files.file.value
    if ending == "csv":
        assert "9003;matura_pass_share" in data.decode("utf-8-sig")
    else:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
        cells = {cell for sheet in sheets for row in sheet for cell in row}
        assert "powiat wierzbogórski" in cells
    app.parts.files.taken.value = "1"
    assert app.parts.files.file.value == ""
