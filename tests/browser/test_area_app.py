"""The area app as a visitor uses it: find a unit, change the view, go back, lose the session."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest

from tests.apps.app_server import AppServer
from tests.browser.conftest import DESKTOP, FOCUS_SEEN, PHONE, Screens, tab_to, watching

pytestmark = pytest.mark.browser

SMALL_TARGETS = """() => [...document.querySelectorAll(
    '.smup-app button, .smup-app a, .smup-app select, .smup-app input, .smup-app summary')]
  .filter(e => e.checkVisibility() && !e.closest('.smup-address-field, .smup-page p'))
  .map(e => [e.tagName, e.textContent.trim().slice(0, 40), e.getBoundingClientRect().height])
  .filter(([, , height]) => height && height < 44)"""
NUMBERS = """() => Object.fromEntries([...document.querySelectorAll('data.num[data-key]')]
  .map(e => [e.dataset.key, e.getAttribute('value')]))"""


def outside(page: Any, server: AppServer) -> list[str]:
    own = (server.root, server.root.replace("http://", "ws://"), "data:", "blob:", "about:")
    return [url for url in page.asked if not url.startswith(own)]


def fits(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def wait_for_link(page: Any, part: str) -> None:
    """Wait until the view that a link names is shown and the address says so."""
    page.wait_for_url(re.compile(re.escape(part)))
    page.wait_for_selector(f".smup-app:not(.smup-busy) a.smup-state-link[href*='{part}']")


@pytest.fixture
def opened(watched: Callable[..., Any], app_server: AppServer) -> Callable[..., Any]:
    def open_page(query: str, **options: Any) -> Any:
        page = watched(**options)
        page.goto(app_server.page + query)
        page.wait_for_selector(".smup-app h1")
        return page

    return open_page


@pytest.fixture(scope="module")
def brzezica(screens: Screens, app_server: AppServer) -> Iterator[tuple[Any, psutil.Process]]:
    """Return a report of a city and its kernel; each test leaves it in view, in any year."""
    with watching(screens) as new_page:
        before = {kernel.pid for kernel in app_server.kernels()}
        page = new_page(**PHONE)
        page.goto(app_server.page + "?unit=9061&area=finance&year=2020")
        wait_for_link(page, "unit=9061")
        (kernel,) = [one for one in app_server.kernels() if one.pid not in before]
        yield page, kernel


def test_on_a_phone_a_visitor_finds_a_unit_and_changes_the_view(opened, app_server, serious_faults):
    page = opened("", **PHONE)
    assert page.title() == "Wskaźniki usług publicznych"
    assert serious_faults(page) == []

    page.get_by_label("Jednostka").fill("olszynsk")
    page.get_by_role("button", name="Olszyńsk – miejska").wait_for()
    page.keyboard.press("Enter")
    page.locator("button:focus", has_text="Olszyńsk – miejska").wait_for()
    assert "unit=" not in page.url, "of several the visitor chooses"
    page.get_by_label("Jednostka").fill("legowiec")
    page.get_by_role("button", name="Łęgowiec").wait_for()
    assert fits(page)
    assert serious_faults(page) == []
    page.get_by_label("Jednostka").press("Enter")
    wait_for_link(page, "unit=9063")
    page.wait_for_selector(".bqplot svg.svg-figure .dot", state="attached")
    assert "Łęgowiec" in page.evaluate("document.activeElement.textContent")
    assert fits(page)
    assert serious_faults(page) == []
    assert page.evaluate(SMALL_TARGETS) == []

    page.get_by_label("Rok").select_option(label="2019")
    wait_for_link(page, "year=2019")
    page.get_by_label("Grupa porównawcza").select_option(label="to samo województwo")
    wait_for_link(page, "group=voivodeship")
    assert "2019 r." in page.title()
    page.get_by_role("button", name="Mapa").first.click()
    page.wait_for_selector(".smup-map svg")
    page.mouse.wheel(0, 4000)
    bar = page.locator(".smup-bar")
    assert "Łęgowiec" in bar.inner_text() and "2019 r." in bar.inner_text()
    assert bar.bounding_box()["y"] < 40, "the bar stays in view"
    assert fits(page)

    page.go_back()
    wait_for_link(page, "group=similar")
    assert "podobne" in page.get_by_label("Grupa porównawcza").input_value()
    assert outside(page, app_server) == []
    assert page.complaints == []


def test_a_link_opens_its_view_with_the_numbers_of_the_report(
    opened, app_server, serious_faults, report_of
):
    query = "?unit=9002&area=roads_transport&year=2020&group=voivodeship"
    page = opened(query, **DESKTOP)
    page.wait_for_selector(".bqplot svg.svg-figure .dot", state="attached")
    assert page.get_by_label("Obszar usług").input_value() == "Drogownictwo i transport"
    assert page.get_by_label("Rok").input_value() == "2020"
    page.wait_for_selector(".smup-receipt, .smup-methods")
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    for look in ("light", "dark"):
        page.emulate_media(color_scheme=look)
        assert serious_faults(page) == [], look
        assert fits(page), look
    assert outside(page, app_server) == []
    assert page.complaints == []
    shown = page.evaluate(NUMBERS)
    report = report_of("roads_transport", "9002", 2020, group="voivodeship")
    page.goto(report.html.as_uri())
    printed = page.evaluate(NUMBERS)
    common = shown.keys() & printed.keys()
    assert len(common) > 30
    assert {key: shown[key] for key in common} == {key: printed[key] for key in common}


def test_enter_right_after_typing_chooses_the_only_match(opened):
    page = opened("", **PHONE)
    page.get_by_label("Jednostka").press_sequentially("legowiec")
    page.keyboard.press("Enter")
    wait_for_link(page, "unit=9063")


def test_a_report_is_never_taken_for_the_unit_that_is_being_typed(brzezica, serious_faults):
    page, _ = brzezica
    page.get_by_label("Jednostka").fill("qqqqqq")
    page.get_by_text("Wybierz jednostkę z listy").wait_for()
    assert page.locator(".smup-content").is_hidden() and page.locator(".smup-selects").is_hidden()
    assert "Brzezica" not in page.locator("main").inner_text()
    assert serious_faults(page) == []
    assert page.evaluate(SMALL_TARGETS) == []
    page.get_by_role("button", name="Wróć do poprzedniego widoku").click()
    page.locator("h1:focus").wait_for()
    assert page.get_by_label("Jednostka").input_value() == ""
    assert "Brzezica" in page.locator(".smup-bar").inner_text()
    assert page.locator(".smup-content").is_visible()


def test_while_the_server_is_slow_the_page_says_that_the_view_is_not_the_chosen_one(brzezica):
    page, kernel = brzezica
    kernel.suspend()
    try:
        page.get_by_label("Rok").select_option(label="2019")
        page.locator("body.smup-waiting").wait_for()
        told = "getComputedStyle(document.querySelector('.smup-bar p'), '::after').content"
        assert "zmieniamy widok" in page.evaluate(told)
    finally:
        kernel.resume()
    wait_for_link(page, "year=2019")
    page.locator("body:not(.smup-waiting)").wait_for()
    assert "2019 r." in page.locator(".smup-bar").inner_text()


def test_with_the_keyboard_alone_a_unit_is_found_and_read(opened):
    page = opened("", **DESKTOP)
    page.keyboard.press("Tab")
    assert "Przejdź do treści" in page.evaluate("document.activeElement.textContent")
    tab_to(page, page.get_by_label("Jednostka"))
    page.keyboard.type("olszynsk")
    page.get_by_role("button", name="Olszyńsk – miejska").wait_for()
    page.keyboard.press("ArrowDown")
    page.locator("button:focus", has_text="Olszyńsk – miejska").wait_for()
    assert page.evaluate(FOCUS_SEEN)
    page.keyboard.press("Enter")
    wait_for_link(page, "unit=900201")
    page.locator("h1:focus").wait_for()
    for name in ("Rok", "Usługa"):
        page.evaluate("document.querySelector('#wybor').focus()")
        tab_to(page, page.get_by_label(name, exact=True))
    tab_to(page, page.get_by_role("button", name="Mapa").first)
    page.keyboard.press("Enter")
    page.wait_for_selector(".smup-map svg")


def test_the_narrowest_phone_and_its_print_cut_nothing(opened, tmp_path):
    page = opened(
        "?unit=9002&area=roads_transport&year=2022",
        **{**PHONE, "viewport": {"width": 320, "height": 700}},
    )
    page.wait_for_selector(".smup-receipt, .smup-methods")
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert fits(page)
    year = page.get_by_label("Rok")
    assert year.evaluate("e => e.scrollWidth <= e.clientWidth && e.clientWidth >= 80")
    assert "sąsiedzi" in page.locator(".smup-key").first.inner_text()
    for frame in page.locator(".smup-table-wrap").all():
        scrolls = frame.evaluate("e => e.scrollWidth > e.clientWidth + 1")
        told = frame.evaluate("e => e.classList.contains('smup-scrolls')")
        assert scrolls == told, "a table that is cut says so"
    page.emulate_media(media="print")
    assert fits(page)
    assert page.locator(".smup-choose").first.is_hidden()
    assert page.locator(".smup-card-details dl").first.is_visible()


def test_a_hostile_link_is_answered_in_words(opened, app_server, serious_faults):
    page = opened("?unit=<img src=x onerror=alert(1)>&year=9&group=%22><script>", **PHONE)
    text = page.locator(".smup-app").inner_text()
    assert "Link podaje niezrozumiałą wartość: jednostka" in text
    assert "Wpisz nazwę gminy albo powiatu" in text
    assert page.locator(".smup-app img, .smup-app script").count() == 0
    assert serious_faults(page) == []
    assert outside(page, app_server) == []
    assert page.complaints == []


def test_a_killed_session_is_told_and_the_view_opens_again(opened, app_server):
    page = opened("?unit=9061&area=finance&year=2020", **PHONE)
    wait_for_link(page, "group=similar")
    app_server.kernels()[-1].kill()
    page.get_by_text("Sesja na serwerze się skończyła").wait_for()
    with page.expect_navigation(wait_until="commit"):
        page.get_by_role("button", name="Otwórz ten widok ponownie").click()
    page.wait_for_selector(".smup-app h1")
    assert "Brzezica" in page.locator(".smup-bar").inner_text()


def test_a_lost_connection_is_told_until_it_is_back(brzezica):
    page, _ = brzezica
    page.context.set_offline(True)
    try:
        page.get_by_text("Połączenie z serwerem zostało przerwane").wait_for()
        page.get_by_role("button", name="Otwórz ten widok ponownie").click()
        page.get_by_text("Serwer nadal nie odpowiada").wait_for()
    finally:
        page.context.set_offline(False)
    page.locator("#smup-connection").wait_for(state="hidden")


def test_leaving_the_page_ends_its_session(opened, app_server):
    before = {kernel.pid for kernel in app_server.kernels()}
    page = opened("?unit=9061", **DESKTOP)
    (kernel,) = [k for k in app_server.kernels() if k.pid not in before]
    page.goto("about:blank")
    kernel.wait(timeout=30)


def test_without_scripts_the_page_says_what_to_do(watched, app_server, serious_faults):
    page = watched(**PHONE, java_script_enabled=False)
    page.goto(app_server.page)
    assert "smup report run" in page.locator("noscript").inner_text()


@pytest.mark.parametrize("path", ["/", "/nothing-here"])
def test_the_pages_without_widgets(watched, app_server, serious_faults, path):
    page = watched(**PHONE)
    page.goto(app_server.root + path)
    assert page.locator("html").get_attribute("lang") == "pl"
    assert serious_faults(page) == []
    assert fits(page)
    page.locator("main a").first.click()
    page.wait_for_url(lambda url: url != app_server.root + path)
    assert outside(page, app_server) == []
