"""Every page that the server shows, on a phone and a screen, light and dark: what holds for all.

With ``SMUP_WRITE_ACCESSIBILITY=1`` what axe-core found is written for the accessibility statement
(``make accessibility``).
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from smup_lib.apps.opening import APPS
from smup_lib.apps.serving.dashboards import list_dashboards
from smup_lib.apps.serving.statement import ADDRESS as STATEMENT
from smup_lib.paths import project_dir
from smup_lib.present.accessibility_facts import Measured, MeasuredPage
from smup_lib.reports.accessibility import MEASURED_FILE
from tests.apps.app_server import AppServer
from tests.browser.conftest import COLOUR_RULES, PHONE, Screens, watching
from tests.browser.test_basic_app import fits, outside

pytestmark = pytest.mark.browser

WRITE = "SMUP_WRITE_ACCESSIBILITY"
WIDE = {"viewport": {"width": 1440, "height": 900}}
SCREENS = {"telefon o szerokości 390": PHONE, "ekran o szerokości 1440": WIDE}
LOOKS = {"jasny": "light", "ciemny": "dark"}
#: Views in which every app has something to show.
VIEWS = {
    "basic": "?unit=9002&area=roads_transport&year=2020",
    "advanced": "?i=revenue_per_capita&u=powiaty&y=2018-2020&unit=9002&v=mapa",
    "comparison": "?unit=9002&others=9003,9063&area=roads_transport&year=2020",
}
USUAL = "?unit=9002"
#: What the libraries of widgets would say on their own, and a few words of no Polish sentence.
ENGLISH = re.compile(
    r"\b(upload|open|close|toggle|reset|save|pan|zoom|loading|select|search|error|failed|widget|"
    r"click|drag|show|hide|next|previous|unsatisfied|undefined|null|NaN|the|and|of|with|not)\b",
    re.I,
)
#: Of the machine, whatever words its names are made of.
FOLDER = re.compile(r"(?<!\S)/\S+")
SAID = """() => [...document.querySelectorAll('body *')]
  .filter(e => !e.closest('script, style, noscript, .toolbar_div') && e.checkVisibility())
  .flatMap(e => [
    ...['title', 'aria-label', 'alt', 'placeholder'].map(name => e.getAttribute(name)),
    ...[...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data)])
  .filter(Boolean).map(text => text.trim()).filter(Boolean)"""
NAMELESS = """() => [...document.querySelectorAll('svg, img, canvas')]
  .filter(e => e.checkVisibility() && !e.parentElement.closest('svg'))
  .filter(e => !e.closest('[aria-hidden="true"], [role="img"][aria-label]') && !e.alt)
  .filter(e => !(e.getAttribute('aria-labelledby') || '').split(' ')
    .some(id => document.getElementById(id)?.textContent))
  .map(e => e.outerHTML.slice(0, 120))"""
#: A phone that is put away for a minute, as its browser tells the page.
SLEEP = """() => {
  const now = Date.now, sleep = hidden => {
    Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});
    document.dispatchEvent(new Event('visibilitychange'));
  };
  sleep(true);
  Date.now = () => now() + 60000;
  sleep(false);
  Date.now = now;
}"""
AXE = """async rules => {
  const some = rules ? {runOnly: {type: 'rule', values: rules}} : {};
  const found = await axe.run(document, {resultTypes: ['violations', 'passes'], ...some});
  const faults = found.violations.map(v => [v.impact, v.id, v.nodes[0].html.slice(0, 200)]);
  return {passed: found.passes.length, faults};
}"""


@pytest.fixture(scope="module")
def found(axe_script: str, browser: Any) -> Iterator[dict[str, list[dict[str, Any]]]]:
    """What axe-core said of each state, by the address of the page; written when asked for."""
    said: dict[str, list[dict[str, Any]]] = {}
    yield said
    if os.environ.get(WRITE) and said:
        write_found(said, axe_script, browser.version)


def write_found(said: dict[str, list[dict[str, Any]]], axe: str, browser: str) -> None:
    """Write the measured faults, a page a line of the statement."""
    version = re.search(r"axe v([\d.]+)", axe)
    assert version is not None
    titles = {app.file: app.title for app in list_dashboards()}
    titles |= {"": "Lista aplikacji", STATEMENT: "Deklaracja dostępności"}
    pages = []
    for address, title in titles.items():
        states = said.get(address, [])
        # a rule that is broken in several looks of a page is one fault
        broken = {(impact, rule) for state in states for impact, rule, _ in state["faults"]}
        faults = {name: sum(i == name for i, _ in broken) for name in {i for i, _ in broken}}
        if states:
            passed = min(state["passed"] for state in states)
            row = {"title": title, "address": address, "states": len(states), "passed": passed}
            pages.append(MeasuredPage(**row, faults=faults))
    measured = Measured(
        day=dt.datetime.now(tz=dt.UTC).date(),
        program=f"axe-core {version[1]}",
        browser=f"Chromium {browser.partition('.')[0]}",
        states=(*SCREENS, *(f"wygląd {look}" for look in LOOKS)),
        land="dane przykładowe",
        pages=tuple(pages),
    )
    path = project_dir("templates") / "voila" / MEASURED_FILE
    text = json.dumps(measured.model_dump(mode="json"), ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")


@pytest.fixture(params=SCREENS.values(), ids=["phone", "wide"])
def opened(request: Any, screens: Screens, app_server: AppServer) -> Iterator[Callable[..., Any]]:
    with watching(screens) as new_page:

        def open_page(path: str, wait: str) -> Any:
            page = new_page(**request.param)
            page.goto(app_server.root + path)
            page.wait_for_selector(wait)
            return page

        yield open_page


def check_page(page: Any, server: AppServer, axe: str) -> list[dict[str, Any]]:
    """Check what holds for every page, in both looks, with its folded parts open."""
    page.evaluate(axe)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    states = []
    for look in LOOKS.values():
        page.emulate_media(color_scheme=look)
        # looks differ in colours alone, and every rule on every look takes minutes
        again = states and not os.environ.get(WRITE)
        state = page.evaluate(AXE, COLOUR_RULES if again else None)
        assert [f for f in state["faults"] if f[0] in ("serious", "critical")] == [], look
        states.append(state)
        assert fits(page), f"{look}: wider than the screen"
        assert page.evaluate(NAMELESS) == []
        said = [FOLDER.sub("", text) for text in page.evaluate(SAID)]
        strange = [text for text in said if ENGLISH.search(text)]
        assert strange == []
    assert page.evaluate("document.documentElement.lang") == "pl"
    assert len(page.title()) > 5
    assert page.locator("footer a").count() == 3
    assert outside(page, server) == []
    assert page.complaints == []
    return states


@pytest.mark.parametrize("name", APPS)
def test_an_app_reads_well_everywhere_and_asks_nobody(name, opened, app_server, axe_script, found):
    page = opened(
        f"/voila/render/{name}.ipynb{VIEWS.get(name, USUAL)}",
        ".smup-app:not(.smup-busy) h1",
    )
    page.wait_for_load_state("networkidle")
    assert page.locator(".smup-app .smup-error").count() == 0
    found.setdefault(f"{name}.ipynb", []).extend(check_page(page, app_server, axe_script))


def test_a_script_that_comes_early_is_not_asked_for_again(watched, app_server):
    page = watched(**WIDE)
    page.goto(f"{app_server.root}/voila/render/basic.ipynb{USUAL}")
    page.wait_for_selector("body.smup-ready .smup-app h1")
    early = page.evaluate("[...document.querySelectorAll('link[rel=preload]')].map(e => e.href)")
    assert early
    paths = {url.partition("?")[0] for url in early}
    asked = [url for url in page.asked if url.partition("?")[0] in paths]
    assert sorted(asked) == sorted(early)


def test_after_a_phone_slept_the_page_asks_for_its_session(watched, app_server):
    page = watched(**PHONE)
    page.goto(f"{app_server.root}/voila/render/basic.ipynb{USUAL}")
    page.wait_for_selector("body.smup-ready .smup-app:not(.smup-busy) h1")
    with page.expect_response("**/api/kernels/*") as asked:
        page.evaluate(SLEEP)
    assert asked.value.status == 200
    assert page.locator("#smup-connection").is_hidden()
    app_server.kernels()[-1].kill()
    page.get_by_text("Sesja na serwerze się skończyła").wait_for()


def test_paper_says_which_view_it_is_and_has_no_controls(watched, app_server):
    page = watched(**WIDE)
    page.goto(f"{app_server.root}/voila/render/basic.ipynb{USUAL}")
    page.wait_for_selector("body.smup-ready .smup-app:not(.smup-busy) h1")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    printed = page.locator("#smup-printed").inner_text()
    assert "unit=9002" in printed and "Wydrukowano" in printed
    assert page.locator(".smup-land-band").first.is_visible()
    for control in (".smup-choose", ".smup-foot nav", ".jupyter-button", ".smup-copy"):
        assert not any(one.is_visible() for one in page.locator(control).all()), control


@pytest.mark.parametrize("query", ["finance.ipynb?unit=9002", "desk.ipynb"])
def test_paper_has_nothing_to_press_or_choose(query, watched, app_server):
    page = watched(**WIDE)
    page.goto(f"{app_server.root}/voila/render/{query}")
    page.wait_for_selector("body.smup-ready .smup-app:not(.smup-busy) h1")
    page.get_by_role("heading", name="Stany danych" if "desk" in query else "Zapisz").wait_for()
    page.emulate_media(media="print")
    for control in (".smup-copy-text", ".widget-dropdown", ".smup-files", ".jupyter-button"):
        assert not any(one.is_visible() for one in page.locator(control).all()), control
    assert not page.get_by_role("heading", name="Zapisz").is_visible()


@pytest.mark.parametrize("path", ["", STATEMENT])
def test_a_page_without_widgets_reads_well_too(path, opened, app_server, axe_script, found):
    page = opened(f"/{path}", "h1")
    found.setdefault(path, []).extend(check_page(page, app_server, axe_script))


def test_every_app_has_a_page_of_its_own():
    assert {app.file for app in list_dashboards()} == {f"{name}.ipynb" for name in APPS}
