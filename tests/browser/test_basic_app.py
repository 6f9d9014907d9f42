"""The area app as a visitor uses it: find a unit, change the view, go back, lose the session."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest

from tests.apps.app_server import AppServer
from tests.browser.conftest import DESKTOP, FOCUS_SEEN, LOOKS, PHONE, Screens, tab_to, watching

pytestmark = pytest.mark.browser

#: The first page of a server waits until what all pages share is computed.
FIRST_PAGE_MS = 180_000
SMALL_TARGETS = """() => [...document.querySelectorAll(
    '.smup-app button, .smup-app a, .smup-app select, .smup-app input, .smup-app summary')]
  .filter(e => e.checkVisibility() && !e.closest('.smup-address-field, .smup-page p'))
  .map(e => [e.tagName, e.textContent.trim().slice(0, 40), e.getBoundingClientRect().height])
  .filter(([, , height]) => height && height < 44)"""
NUMBERS = """() => Object.fromEntries([...document.querySelectorAll('data.num[data-key]')]
  .map(e => [e.dataset.key, e.getAttribute('value')]))"""


def address(server: AppServer) -> str:
    return f"{server.root}/voila/render/basic.ipynb"


def outside(page: Any, server: AppServer) -> list[str]:
    own = (server.root, server.root.replace("http://", "ws://"), "data:", "blob:", "about:")
    return [url for url in page.asked if not url.startswith(own)]


def fits(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def wait_for_link(page: Any, part: str) -> None:
    """Wait until the view that a link names is shown and the address says so."""
    page.wait_for_url(re.compile(re.escape(part)))
    # on a phone the link itself stands in the choice, which is folded
    link = f".smup-app:not(.smup-busy) a.smup-state-link[href*='{part}']"
    page.wait_for_selector(link, state="attached")


@pytest.fixture
def opened(watched: Callable[..., Any], app_server: AppServer) -> Callable[..., Any]:
    def open_page(query: str, **options: Any) -> Any:
        page = watched(**options)
        page.goto(address(app_server) + query, timeout=FIRST_PAGE_MS)
        page.wait_for_selector(".smup-app h1")
        return page

    return open_page


def test_the_first_view_is_read_while_the_widgets_still_come(watched, app_server):
    page, held = watched(**PHONE), []
    page.route("**/voila.js*", lambda route: held.append(route))
    page.goto(address(app_server) + "?unit=9002&year=2020", wait_until="commit")
    preview = page.locator("#smup-loading > div[aria-hidden=true]")
    page.wait_for_selector(".smup-previewed")
    assert preview.bounding_box()["height"] > 1000 and fits(page)
    assert preview.evaluate("e => e.inert && !e.shadowRoot"), "it can be used or is found twice"
    assert "Można już czytać" in page.locator("#smup-loading-text").inner_text()
    held[0].continue_()
    page.wait_for_selector(".smup-app h1")
    assert preview.count() == 0
    assert page.complaints == []


@pytest.fixture(scope="module")
def brzezica(screens: Screens, app_server: AppServer) -> Iterator[tuple[Any, psutil.Process]]:
    """Return an area of a city and its kernel; each test leaves it in view, in any year."""
    with watching(screens) as new_page:
        before = {kernel.pid for kernel in app_server.kernels()}
        page = new_page(**PHONE)
        page.goto(address(app_server) + "?unit=9061&area=finance&year=2020", timeout=FIRST_PAGE_MS)
        wait_for_link(page, "unit=9061")
        (kernel,) = [one for one in app_server.kernels() if one.pid not in before]
        yield page, kernel


def open_choice(page: Any) -> None:
    """Open the choice that stands aside on a phone."""
    if not page.get_by_label("Rok").is_visible():
        page.get_by_role("link", name="Zmień").click()
    page.get_by_label("Rok").wait_for()


def wait_until_whole(page: Any) -> None:
    """Wait until every area of an overview is there."""
    page.locator(".smup-overview .smup-skeleton").first.wait_for(state="detached")


def test_on_a_phone_a_visitor_finds_a_unit_and_reads_down_to_a_service(
    opened, app_server, serious_faults
):
    page = opened("", **PHONE)
    assert page.title() == "Wskaźniki usług publicznych"
    assert serious_faults(page) == []
    assert page.evaluate(SMALL_TARGETS) == []

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
    page.locator("h1:focus", has_text="Przegląd obszarów").wait_for()
    wait_until_whole(page)
    assert page.locator(".smup-glance .smup-finding").count() >= 3
    assert fits(page)
    assert serious_faults(page) == []
    assert page.evaluate(SMALL_TARGETS) == []
    assert not page.get_by_label("Rok").is_visible(), "first what was found"

    page.get_by_role("link", name="Kultura i rekreacja", exact=True).click()
    wait_for_link(page, "area=culture_recreation")
    page.locator("h1:focus", has_text="Kultura i rekreacja").wait_for()
    page.locator(".smup-service-list a").first.click()
    wait_for_link(page, "service=KUL-01")
    page.locator("h1:focus", has_text="Biblioteki").wait_for()
    page.get_by_role("heading", name="Z kim porównujemy").wait_for()
    assert fits(page)
    assert serious_faults(page) == []
    assert page.evaluate(SMALL_TARGETS) == []
    address = page.get_by_role("link", name="Porównaj z sąsiadami").get_attribute("href")
    assert address.startswith("comparison.ipynb?unit=9063&others=")
    assert outside(page, app_server) == []
    assert page.complaints == []


def test_on_a_phone_year_and_group_change_where_the_reader_is(opened):
    page = opened("?unit=9063&service=KUL-01", **PHONE)
    wait_for_link(page, "service=KUL-01")
    open_choice(page)
    assert page.locator("#wybor").evaluate("e => e === document.activeElement")
    page.get_by_label("Rok").select_option(label="2019")
    wait_for_link(page, "year=2019")
    page.get_by_text("Pokazujemy teraz 2019 r.").wait_for()
    page.get_by_label("Grupa porównawcza").select_option(label="to samo województwo")
    wait_for_link(page, "group=voivodeship")
    page.get_by_text("Porównujemy teraz z inną grupą: to samo województwo").wait_for()
    assert "2019 r." in page.title() and "service=KUL-01" in page.url
    page.keyboard.press("Escape")
    page.get_by_label("Rok").wait_for(state="hidden")
    page.get_by_role("button", name="Mapa").first.click()
    page.wait_for_selector(".smup-map-stage svg, .smup-map svg")
    page.mouse.wheel(0, 4000)
    bar = page.locator(".smup-bar")
    assert "Łęgowiec" in bar.inner_text() and "2019 r." in bar.inner_text()
    assert bar.bounding_box()["y"] < 40, "the bar stays in view"
    assert fits(page)
    page.reload()
    wait_for_link(page, "group=voivodeship")
    assert "Biblioteki" in page.locator("h1").inner_text()
    assert page.complaints == []


def test_the_way_down_is_walked_back_step_by_step(opened):
    page = opened("", **PHONE)
    page.get_by_label("Województwo").select_option(index=1)
    page.locator(".smup-places summary").first.click()
    page.locator(".smup-places a").nth(1).click()
    page.locator("h1:focus", has_text="Przegląd obszarów").wait_for()
    unit = page.url
    page.locator(".smup-glance h2 a").first.click()
    page.wait_for_selector(".smup-service-list")
    page.wait_for_url("**year=**")
    page.locator(".smup-service-list a").first.click()
    page.wait_for_url(re.compile("year=.*service="))
    for heading in ("Edukacja", "Przegląd obszarów", "Wskaźniki usług publicznych"):
        page.go_back()
        page.locator("h1", has_text=heading).wait_for()
    recent = page.locator(".smup-recent a").first
    assert recent.get_attribute("href") in unit, "what was looked at is remembered here"
    page.go_forward()
    page.locator("h1", has_text="Przegląd obszarów").wait_for()
    assert page.url == unit
    page.get_by_role("button", name="Mapa").first.wait_for(state="detached")
    assert page.complaints == []


def test_the_browser_forgets_the_recent_units_when_asked(opened):
    page = opened("?unit=9063", **PHONE)
    wait_for_link(page, "unit=9063")
    page.goto(page.url.partition("?")[0])
    page.get_by_role("heading", name="Ostatnio oglądane").wait_for()
    page.get_by_role("button", name="Wyczyść listę").click()
    page.get_by_role("heading", name="Ostatnio oglądane").wait_for(state="hidden")
    assert page.evaluate("localStorage.getItem('smup.recent')") == "[]"


@pytest.mark.parametrize(
    ("query", "width"),
    [
        ("?unit=9002", 390),
        ("?unit=9002", 1440),
        ("?unit=9002&service=DRO-07&year=2020", 390),
        ("?unit=9002&service=DRO-07&year=2020", 768),
    ],
)
def test_no_width_and_no_look_has_a_serious_fault(opened, serious_faults, query, width):
    page = opened(query, viewport={"width": width, "height": 900})
    wait_until_whole(page)
    for look, rules in LOOKS:
        page.emulate_media(color_scheme=look)
        assert serious_faults(page, rules) == [], look
        assert fits(page), look
    assert page.complaints == []


@pytest.mark.parametrize("area", ["", "&service=DRO-07"])
def test_a_link_opens_its_view_with_the_numbers_of_the_report(
    opened, app_server, serious_faults, report_of, area
):
    query = "?unit=9002&area=roads_transport&year=2020&group=voivodeship" + area
    page = opened(query, **DESKTOP)
    assert page.get_by_label("Obszar usług").input_value() == "Drogownictwo i transport"
    assert page.get_by_label("Rok").input_value() == "2020"
    page.wait_for_selector(".smup-receipt, .smup-methods", state="attached")
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    for look, rules in LOOKS:
        page.emulate_media(color_scheme=look)
        assert serious_faults(page, rules) == [], look
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


def test_a_view_is_never_taken_for_the_unit_that_is_being_typed(brzezica, serious_faults):
    page, _ = brzezica
    open_choice(page)
    page.get_by_label("Jednostka").fill("qqqqqq")
    page.get_by_text("Wybierz jednostkę z listy").wait_for()
    assert page.locator(".smup-content").is_hidden() and page.locator(".smup-selects").is_hidden()
    assert "Brzezica" not in page.locator("main").inner_text()
    assert serious_faults(page) == []
    assert page.evaluate(SMALL_TARGETS) == []
    page.get_by_role("button", name="Wróć do poprzedniego widoku").click()
    page.locator("h1:focus").wait_for()
    assert page.get_by_label("Jednostka").input_value() == ""
    page.locator(".smup-bar", has_text="Brzezica").wait_for()  # the bar is a message of its own
    assert page.locator(".smup-content").is_visible()


def test_while_the_server_is_slow_the_page_says_that_the_view_is_not_the_chosen_one(brzezica):
    page, kernel = brzezica
    open_choice(page)
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
    wait_until_whole(page)
    tab_to(page, page.get_by_role("link", name="Edukacja", exact=True))
    page.keyboard.press("Enter")
    wait_for_link(page, "area=education")
    page.locator("h1:focus", has_text="Edukacja").wait_for()
    tab_to(page, page.locator(".smup-service-list a").first)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("year=.*service="))
    page.locator("h1:focus").wait_for()
    tab_to(page, page.get_by_role("button", name="Mapa").first)
    page.keyboard.press("Enter")
    page.wait_for_selector(".smup-map-stage svg, .smup-map svg")
    page.evaluate("document.querySelector('#wybor').focus()")
    tab_to(page, page.get_by_label("Grupa porównawcza", exact=True))


def test_the_narrowest_phone_and_its_print_cut_nothing(opened, tmp_path):
    page = opened(
        "?unit=9002&service=DRO-07&year=2022",
        **{**PHONE, "viewport": {"width": 320, "height": 700}},
    )
    page.wait_for_selector(".smup-receipt, .smup-methods", state="attached")
    open_choice(page)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert fits(page)
    year = page.get_by_label("Rok")
    assert year.evaluate("e => e.scrollWidth <= e.clientWidth && e.clientWidth >= 80")
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
    page.goto(address(app_server))
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
