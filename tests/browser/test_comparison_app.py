"""Units side by side as a visitor does it: add, read on a phone, save a file, come by a link."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.browser.conftest import DESKTOP, LOOKS, PHONE
from tests.browser.test_basic_app import SMALL_TARGETS, fits, outside, wait_for_link

pytestmark = pytest.mark.browser

PAGE = "/voila/render/comparison.ipynb"


def test_on_a_phone_units_are_added_read_and_saved(watched, app_server, serious_faults, tmp_path):
    page = watched(**PHONE)
    page.goto(app_server.root + PAGE, wait_until="commit")
    page.get_by_role("heading", name="Jednostki obok siebie").wait_for()
    assert serious_faults(page) == []

    page.get_by_label("Dodaj jednostkę").fill("legowiec")
    page.get_by_role("button", name="Łęgowiec").click()
    wait_for_link(page, "unit=9063")
    page.get_by_label("Dodaj jednostkę").fill("brzezica miasto")
    page.locator(".smup-candidates button", has_text="miasto na prawach").click()
    wait_for_link(page, "others=9061")
    page.get_by_role("heading", name="Co różni te jednostki").wait_for()
    page.wait_for_selector(".smup-receipt", state="attached")  # folded
    assert fits(page)
    assert page.evaluate(SMALL_TARGETS) == []
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    for look, rules in LOOKS:
        page.emulate_media(color_scheme=look)
        assert serious_faults(page, rules) == [], look
        assert fits(page), look

    with page.expect_download() as saved:
        page.get_by_role("button", name="Zapisz XLSX").click()
    path = tmp_path / saved.value.suggested_filename
    saved.value.save_as(path)
    assert path.suffix == ".xlsx"
    assert _cells(path) >= {"Łęgowiec", "Brzezica"}

    page.get_by_role("button", name="Łęgowiec ✕").click()
    wait_for_link(page, "unit=9061")
    page.go_back()
    wait_for_link(page, "others=9061")
    assert outside(page, app_server) == []
    assert page.complaints == []


def _cells(path: Path) -> set[object]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    return {cell for sheet in sheets for row in sheet for cell in row}


def test_a_gmina_beside_a_powiat_is_refused_in_words(watched, app_server, serious_faults):
    page = watched(**DESKTOP)
    page.goto(f"{app_server.root}{PAGE}?unit=9002&others=9003,900102&area=finance&year=2022")
    page.get_by_text("nie stoją obok siebie").wait_for()
    wait_for_link(page, "others=9003")
    assert serious_faults(page) == []
    page.get_by_label("Wskaźnik", exact=True).select_option(index=3)
    page.locator(".smup-multiple-charts figure").nth(1).wait_for()
    assert page.complaints == []
