"""The money of a unit and the quality of the data, as a visitor reads them on a phone."""

from __future__ import annotations

import pytest

from tests.browser.conftest import DESKTOP, LOOKS, PHONE
from tests.browser.test_basic_app import SMALL_TARGETS, fits, outside, wait_for_link

pytestmark = pytest.mark.browser

FINANCE = "/voila/render/finance.ipynb"
QUALITY = "/voila/render/quality.ipynb"


def test_a_treasurer_reads_the_budget_on_a_phone(watched, app_server, serious_faults):
    page = watched(**PHONE)
    page.goto(app_server.root + FINANCE, wait_until="commit")
    page.get_by_label("Jednostka").fill("legowiec")
    page.get_by_label("Jednostka").press("Enter")
    wait_for_link(page, "unit=906301")
    page.get_by_role("heading", name="Najważniejsze liczby").wait_for()
    page.wait_for_selector(".smup-receipt", state="attached")  # folded
    assert "Finanse" in page.title()
    assert fits(page)
    assert page.evaluate(SMALL_TARGETS) == []
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    for look, rules in LOOKS:
        page.emulate_media(color_scheme=look)
        assert serious_faults(page, rules) == [], look
        assert fits(page), look

    page.get_by_label("Część budżetu", exact=True).select_option(label="Zadłużenie")
    wait_for_link(page, "service=FIN-04")
    page.get_by_label("Obszar usług", exact=True).select_option(label="Kultura i rekreacja")
    page.get_by_text("Wydatki bieżące na biblioteki na wypożyczenie").first.wait_for()
    page.get_by_label("Rok", exact=True).select_option(label="2021")
    wait_for_link(page, "year=2021")
    page.go_back()
    wait_for_link(page, "year=2024")
    assert outside(page, app_server) == []
    assert page.complaints == []


def test_the_data_are_looked_into_from_the_whole_to_a_unit(watched, app_server, serious_faults):
    page = watched(**PHONE)
    page.goto(app_server.root + QUALITY, wait_until="commit")
    page.get_by_role("heading", name="Czego nie przyjęto").wait_for()
    assert serious_faults(page) == []
    page.get_by_role("link", name="Kultura i rekreacja").click()
    wait_for_link(page, "area=culture_recreation")
    page.wait_for_selector("figure.smup-heat")
    page.get_by_label("Szczebel", exact=True).select_option(label="gminy")
    wait_for_link(page, "level=gmina")
    page.get_by_role("heading", name="Czego nie przyjęto").wait_for()
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    for look, rules in LOOKS:
        page.emulate_media(color_scheme=look)
        assert serious_faults(page, rules) == [], look
        assert fits(page), look

    page.get_by_label("Jednostka").fill("legowiec")
    page.get_by_label("Jednostka").press("Enter")
    wait_for_link(page, "unit=")
    page.get_by_role("heading", name="Które lata ma ta jednostka").wait_for()
    page.wait_for_selector(".smup-receipt", state="attached")  # folded
    assert fits(page)
    assert page.evaluate(SMALL_TARGETS) == []
    page.get_by_role("button", name="Pokaż wszystkie jednostki").click()
    wait_for_link(page, "level=powiat")
    assert outside(page, app_server) == []
    assert page.complaints == []


@pytest.mark.parametrize("page_of", [FINANCE, QUALITY])
def test_a_hostile_link_is_answered_in_words(watched, app_server, serious_faults, page_of):
    page = watched(**DESKTOP)
    page.goto(f"{app_server.root}{page_of}?unit=<img src=x onerror=alert(1)>&level=%22><script>")
    page.get_by_text("Link podaje niezrozumiałą wartość: jednostka").wait_for()
    assert page.locator(".smup-app img, .smup-app script").count() == 0
    assert serious_faults(page) == []
    assert page.complaints == []
