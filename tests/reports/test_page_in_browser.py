"""A finished report in Chromium: nothing requested, no overflow, no serious fault (axe-core)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from smup_lib.reports.runner import ReportResult

pytestmark = pytest.mark.browser

VIEWS = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
}
REPORTS = [("roads_transport", "9002"), ("finance", "9061"), ("unit_portrait", "900102")]
#: All rules; of those that found nothing only one element is told.
AXE = "axe.run(document, {resultTypes: ['violations']})"


def serious_faults(page: Any, axe_script: str) -> list[str]:
    # folded parts are read too
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    page.evaluate(axe_script)
    return [
        f"{fault['id']}: {fault['nodes'][0]['html'][:160]}"
        for fault in page.evaluate(AXE)["violations"]
        if fault["impact"] in ("serious", "critical")
    ]


@pytest.fixture(scope="module")
def reports(report_of) -> dict[tuple[str, str], ReportResult]:
    return {(area, unit): report_of(area, unit, 2023) for area, unit in REPORTS}


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        launched = running.chromium.launch(executable_path=chromium)
        yield launched
        launched.close()


@pytest.fixture(params=VIEWS)
def open_report(request, browser, reports) -> Iterator[Any]:
    context = browser.new_context(**VIEWS[request.param])
    page = context.new_page()
    page.wanted, page.complaints = [], []
    page.on("request", lambda r: page.wanted.append(r.url))
    page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))

    def open_page(key: tuple[str, str]) -> Any:
        page.goto(reports[key].html.as_uri())
        return page

    yield open_page
    context.close()


@pytest.mark.parametrize("key", REPORTS, ids=lambda key: "-".join(key))
def test_a_report_asks_for_nothing_fits_the_screen_and_has_no_serious_fault(
    request, open_report, key, axe_script
):
    page = open_report(key)
    outside = [url for url in page.wanted if not url.startswith(("file:", "data:"))]
    assert outside == []
    assert len([url for url in page.wanted if url.startswith("file:")]) == 1
    assert page.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.evaluate("document.fonts.check('16px \"Smup Sans\"')")
    # the empty report and the portrait hold every kind of element; the longest is checked once
    if key != REPORTS[0] or request.node.callspec.params["open_report"] == "desktop":
        assert serious_faults(page, axe_script) == []


def test_tables_can_be_sorted_under_the_strict_policy(open_report):
    page = open_report(REPORTS[0])
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    button = page.locator("table.smup-sortable .smup-sort").first
    button.click()
    assert button.locator("xpath=..").get_attribute("aria-sort") == "ascending"
    assert page.complaints == []


def test_the_first_tab_stop_leads_to_the_content(open_report):
    page = open_report(REPORTS[0])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "smup-skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "tresc"
