"""Fixtures of the tests that drive a real browser: one Chromium, one server, watched pages."""

from __future__ import annotations

import atexit
import json
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from smup_lib.apps.serving.ready_seconds import USUAL_SECONDS
from tests.apps.app_server import AppServer
from tests.report_home import report_home, report_home_dir, report_of

__all__ = ["report_home", "report_home_dir", "report_of"]

# Without these Chromium itself asks for hosts of its maker.
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
DARK = {**DESKTOP, "color_scheme": "dark"}
PATIENCE_MS = 60_000
SHOWN_LENGTH, HANGS_MS = 2_000, 3_000
#: Those that are watched just now.
OPEN_PAGES: list[Any] = []
MOST_TABS = 80
MOST_PAGES = 300
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
#: And the rules of axe-core that a page is asked for in each.
LOOKS = (("light", None), ("dark", COLOUR_RULES))
#: Whether the element with the focus shows it.
FOCUS_SEEN = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
}"""


def tab_to(page: Any, target: Any) -> None:
    """Go to an element as a keyboard does, and see that the focus can be seen there."""
    for _ in range(MOST_TABS):
        if target.evaluate("e => e === document.activeElement"):
            assert page.evaluate(FOCUS_SEEN), "the focus is not seen"
            return
        page.keyboard.press("Tab")
    raise AssertionError("the element cannot be reached with Tab")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        yield running
        running.close()


@cache
def shared_server(home: Path, repo_root: Path) -> AppServer:
    """Return a server for all modules of this process, with room for the pages of all."""
    many = ("--visitors", str(MOST_PAGES))
    server = AppServer.start(home, repo_root, *many, ready_seconds=USUAL_SECONDS)
    atexit.register(server.stop)
    return server


@pytest.fixture(scope="session")
def app_server(chromium: str, report_home_dir: Path, repo_root: Path) -> AppServer:
    return shared_server(report_home_dir, repo_root)


class Screens:
    """One context a kind of screen: its pages share what the browser has fetched and compiled."""

    def __init__(self, browser: Any) -> None:
        self.browser = browser
        self.contexts: dict[str, Any] = {}

    def new_page(self, **options: Any) -> Any:
        key = json.dumps(options, sort_keys=True)
        if key not in self.contexts:
            self.contexts[key] = self.browser.new_context(**options)
        return self.contexts[key].new_page()


@pytest.fixture(scope="module")
def screens(browser: Any) -> Iterator[Screens]:
    opened = Screens(browser)
    yield opened
    for context in opened.contexts.values():
        context.close()


@contextmanager
def watching(screens: Screens) -> Iterator[Callable[..., Any]]:
    """Open pages whose requests and complaints are kept."""
    pages = []

    def new_page(**options: Any) -> Any:
        page = screens.new_page(**options)
        pages.append(page)
        OPEN_PAGES.append(page)
        page.set_default_timeout(PATIENCE_MS)
        page.asked, page.complaints = [], []
        page.on("crash", lambda: page.complaints.append("the page has crashed"))
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("websocket", lambda socket: page.asked.append(socket.url))
        page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return page

    try:
        yield new_page
    finally:
        for page in pages:
            OPEN_PAGES.remove(page)
            page.close()


def told_of(page: Any) -> str:
    """Return what a page shows and has complained of; one that hangs or has died says nothing."""
    from playwright.sync_api import Error

    try:
        shown = page.inner_text("body", timeout=HANGS_MS)[:SHOWN_LENGTH]
    except Error as error:
        shown = f"(nothing: {error})"
    return "\n".join([page.url, *page.complaints, shown])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    """Tell beside a failure what the pages showed and complained of."""
    report = yield
    if report.failed:
        for page in OPEN_PAGES:
            report.sections.append(("page of a browser", told_of(page)))
    return report


@pytest.fixture
def watched(screens: Screens) -> Iterator[Callable[..., Any]]:
    """Open pages for one test."""
    with watching(screens) as new_page:
        yield new_page


@pytest.fixture
def serious_faults(axe_script: str) -> Callable[..., list[str]]:
    """Return a function that lists what axe-core calls serious or critical on a page.

    Of a page in another look it is asked for the rules of colours alone: the others see no look.
    """

    def look(page: Any, rules: list[str] | None = None) -> list[str]:
        some = {"runOnly": {"type": "rule", "values": rules}} if rules else {}
        page.evaluate(axe_script)
        found = page.evaluate(
            "some => axe.run(document, {resultTypes: ['violations'], ...some})", some
        )
        return [
            f"{v['id']}: {v['help']} ({v['nodes'][0]['html'][:200]})"
            for v in found["violations"]
            if v["impact"] in ("serious", "critical")
        ]

    return look
