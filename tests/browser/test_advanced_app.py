"""The advanced app as a visitor uses it: choose, sort, filter, look at the map, save, come back."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from python_calamine import CalamineWorkbook

from smup_lib.reports.batch.order import read_order
from smup_lib.reports.runner import find_notebook
from tests.apps.app_server import AppServer
from tests.browser.conftest import DARK, DESKTOP, PHONE, tab_to

pytestmark = pytest.mark.browser

QUERY = "?i=unemployed_per_1k,debt_per_capita&u=powiaty&y=2018-2020&unit=9002"
WIDE = {"viewport": {"width": 1440, "height": 900}}
FIRST_ROWS = """() => [...document.querySelectorAll('.smup-grid-rows tr[data-at]')]
  .slice(0, 5).map(tr => [tr.querySelector('.smup-grid-name').textContent.trim(),
    ...[...tr.querySelectorAll('data.num')].map(d => d.getAttribute('value'))])"""
FOCUSED = """() => { const cell = document.activeElement.closest('th, td');
  return cell && [cell.parentElement.getAttribute('aria-rowindex'),
    cell.getAttribute('aria-colindex')].map(Number); }"""


def address(server: AppServer) -> str:
    return f"{server.root}/voila/render/advanced.ipynb"


def fits(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def data_hash(page: Any) -> str:
    return str(page.locator(".smup-head .smup-hash").inner_text())


FADED_IN = """async () => {
  const content = document.querySelector('.smup-app .smup-content');
  await Promise.all(content.getAnimations().map(change => change.finished));
}"""


def open_tab(page: Any, name: str, ready: str) -> None:
    page.get_by_role("tab", name=name).click()
    page.wait_for_selector(f".smup-tab-panel {ready}")
    page.locator("body:not(.smup-waiting)").wait_for()
    # what waited fades back in, and half faded letters have too little contrast
    page.evaluate(FADED_IN)


@pytest.fixture
def opened(watched: Callable[..., Any], app_server: AppServer) -> Callable[..., Any]:
    def open_page(query: str, **options: Any) -> Any:
        page = watched(**options)
        page.goto(address(app_server) + query)
        page.wait_for_selector(".smup-app h1")
        return page

    return open_page


def test_a_visitor_chooses_sorts_filters_and_comes_back(opened, serious_faults):
    page = opened("", **DESKTOP)
    assert serious_faults(page) == []
    page.get_by_label("Szukaj wskaźnika").fill("bezrobotni")
    page.get_by_role("button", name=re.compile(r"^\+ Bezrobotni .*1000")).first.click()
    page.get_by_role("button", name=re.compile("^Bezrobotni.*✕")).wait_for()
    page.get_by_label("Dodaj jednostkę").fill("legowiec")
    page.get_by_role("button", name="Łęgowiec").first.click()
    page.get_by_role("button", name=re.compile("Łęgowiec.*✕")).wait_for()
    assert page.evaluate("document.activeElement.tagName") == "INPUT", "the next unit is typed"
    page.get_by_label("Jak wybrać jednostki").select_option(label="wszystkie gminy albo powiaty")
    page.get_by_label("Szczebel").select_option(label="powiaty")
    page.get_by_role("button", name="Dodaj wszystkie", exact=True).click()
    page.get_by_role("button", name=re.compile("wszystkie powiaty ✕")).wait_for()
    page.get_by_label("Do roku").select_option(label="2021")
    page.get_by_label("Od roku").select_option(label="2020")
    page.get_by_role("button", name="Pokaż wyniki").click()
    page.wait_for_selector(".smup-grid-rows tr[data-at]")
    page.locator("h1:focus").wait_for()
    told = data_hash(page)
    assert re.fullmatch("[0-9a-f]{12}", told)

    page.locator("thead .smup-sort").nth(2).click()
    values = [row[2] for row in page.evaluate(FIRST_ROWS)]
    assert [float(v) for v in values] == sorted(map(float, values), reverse=True)
    head = page.locator("thead th").nth(2)
    assert head.get_attribute("aria-sort") == "descending"
    page.get_by_label("Filtruj jednostki").fill("olsz")
    page.get_by_text(re.compile("Pokazano .* z 36")).wait_for()
    page.wait_for_url(re.compile("q=olsz"))
    seen = page.evaluate(FIRST_ROWS)
    assert serious_faults(page) == []

    page.reload()
    page.wait_for_selector(".smup-grid-rows tr[data-at]")
    assert page.evaluate(FIRST_ROWS) == seen
    assert data_hash(page) == told
    assert page.complaints == []


def test_the_same_data_in_app_files_plan_and_batch_report(opened, report_home, tmp_path):
    from smup_lib.reports.runner import run_notebook

    page = opened(QUERY + "&v=zapis&s=-debt_per_capita@2020&q=olsz", **DESKTOP)
    told = data_hash(page)
    saved = {}
    for name in ("Tabela (XLSX)", "Tabela (CSV)", "Mapa (SVG)", "Plan raportów (YAML)"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=name).click()
        assert told in waiting.value.suggested_filename
        saved[name] = Path(waiting.value.path()).read_bytes()
    book = CalamineWorkbook.from_filelike(io.BytesIO(saved["Tabela (XLSX)"]))
    rows = book.get_sheet_by_name("Tabela").to_python()
    assert told in str(book.get_sheet_by_name("Metryka").to_python())
    text = saved["Tabela (CSV)"].decode("utf-8-sig")
    assert [row[0] for row in rows[1:] if row[0]] == [
        line.split(";")[0] for line in text.splitlines()[1:]
    ]
    assert b"<svg" in saved["Mapa (SVG)"]

    plan = tmp_path / "plan.yaml"
    plan.write_bytes(saved["Plan raportów (YAML)"])
    order = read_order(plan)
    assert order.parameters["data_hash"] == told
    parameters = {**order.parameters, "unit": order.units[0], "year": order.year}
    made = run_notebook(find_notebook(order.parts[0].report), parameters, tmp_path)
    html = made.html.read_text(encoding="utf-8")
    assert f'smup-hash">{told}<' in html
    assert "Te same dane, dla których zapisano plan." in html

    page.goto(page.url.partition("?")[0] + "?i=population&u=9002&y=2020&v=zapis")
    upload = page.get_by_role("button", name="Wybierz plik planu")
    upload.wait_for()
    assert data_hash(page) != told
    with page.expect_file_chooser() as chooser:
        upload.click()
    chooser.value.set_files(plan)
    page.wait_for_url(re.compile("u=powiaty"))
    page.locator("body:not(.smup-waiting)").wait_for()
    assert data_hash(page) == told
    assert yaml.safe_load(plan.read_text())["parts"] == [{"report": "selection"}]
    assert page.complaints == []


@pytest.mark.parametrize("options", [PHONE, WIDE, DARK], ids=["phone", "wide", "dark"])
def test_every_tab_is_accessible_and_fits(opened, serious_faults, options):
    page = opened(QUERY, **options)
    page.wait_for_selector(".smup-grid-rows tr[data-at]")
    assert serious_faults(page) == []
    for name, ready in (
        ("Wykresy", ".bqplot, .smup-tab-panel figure"),
        ("Mapa", ".smup-map-view svg, .smup-tab-panel canvas"),
        ("Ustalenia", "h2"),
        ("Zapis", ".smup-files button"),
    ):
        open_tab(page, name, ready)
        assert fits(page), name
        assert serious_faults(page) == [], name
    assert page.complaints == []


def test_with_the_keyboard_alone_the_table_is_walked_sorted_and_pinned(opened):
    page = opened(QUERY, **DESKTOP)
    page.wait_for_selector(".smup-grid-rows tr[data-at]")
    tab_to(page, page.get_by_role("tab", name="Tabela"))
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.textContent") == "Wykresy"
    page.get_by_label("Filtruj jednostki").focus()
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED):
            break
    assert page.evaluate(FOCUSED) == [1, 1]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.locator("thead th").nth(1).get_attribute("aria-sort") == "descending"
    page.keyboard.press("Control+End")
    last = page.locator("table").first.get_attribute("aria-rowcount")
    assert page.evaluate(FOCUSED) == [int(last), 7]
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    page.get_by_role("button", name=re.compile("^Odepnij")).first.wait_for()
    page.wait_for_url(re.compile("p=9"))
    page.keyboard.press("Control+Home")
    assert page.evaluate(FOCUSED) == [1, 1]


def test_a_hostile_or_stale_link_is_answered_in_words(opened, serious_faults):
    page = opened("?i=<script>,population&u=%22onload&y=1&v=zzz", **PHONE)
    text = page.locator(".smup-app").inner_text()
    assert "niezrozumiałą wartość: wskaźniki" in text
    assert page.locator(".smup-app script:not([type])").count() == 0
    assert serious_faults(page) == []
    page.goto(page.url.partition("?")[0] + "?i=removed_since,population&u=9002,9999&y=1950")
    page.get_by_text("Nie ma wskaźnika „removed_since”").wait_for()
    page.wait_for_selector(".smup-grid-rows tr[data-at]")
    assert page.complaints == []


def test_the_open_tab_is_told_in_colours_that_the_reader_has_chosen(opened):
    page = opened("?i=population&u=powiaty&y=2020&v=mapa", **DESKTOP)
    page.emulate_media(forced_colors="active")
    lines = page.evaluate(
        "[...document.querySelectorAll('.smup-tabs .jupyter-button')].map(tab => "
        "[tab.innerText, getComputedStyle(tab).borderBottomColor])"
    )
    own = {colour for name, colour in lines if name == "Mapa"}
    others = {colour for name, colour in lines if name != "Mapa"}
    assert len(lines) == 5 and len(own) == len(others) == 1 and own != others


def test_paper_gets_the_rows_that_nobody_scrolled_to(opened):
    page = opened("?i=unemployed_per_1k,debt_per_capita&u=powiaty&y=2015-2020", **DESKTOP)
    page.wait_for_selector(".smup-grid-rows tr[data-at]")
    on_screen = page.evaluate(FIRST_ROWS)
    columns = page.locator(".smup-grid-table thead th").count()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    rows = page.locator(".smup-grid-rows tr[data-at]").count()
    assert rows == len(page.evaluate("document.querySelector('.smup-grid').smupGrid.rows")) > 30
    assert page.locator(".smup-grid-table thead th").count() == 7 < columns
    assert "część kolumn (6 z" in page.locator(".smup-grid-said").inner_text()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(FIRST_ROWS) == on_screen
    assert page.locator(".smup-grid-table thead th").count() == columns
    assert "papierze" not in page.locator(".smup-grid-said").inner_text()
    assert page.complaints == []


def test_on_the_narrowest_phone_every_tab_is_in_view(opened):
    page = opened(QUERY, viewport={"width": 320, "height": 700})
    page.wait_for_selector(".smup-grid-rows tr[data-at]")
    for tab in page.locator(".smup-tabs button").all():
        assert tab.evaluate("e => e.getBoundingClientRect().right <= 320")


def test_two_indicators_have_their_names_at_the_axes(opened):
    page = opened(f"{QUERY}&v=wykresy&c=dwa", **DESKTOP)
    names = page.locator(".bqplot text.axislabel", has_text="[")
    names.nth(1).wait_for()
    assert names.count() == 2
    for name in names.all():
        assert name.evaluate("e => getComputedStyle(e).fill") == "rgb(0, 0, 0)"
