"""What an open page learns of its server: newer data, a lost session, a visitor who has left."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from smup_lib.snapshots.store import POINTER
from tests.apps.app_server import AppServer
from tests.apps.serving.streaming import state_of, wait_until
from tests.browser.conftest import PATIENCE_MS, PHONE
from tests.sample_home import lend_fonts, lend_sample

VIEW = "/voila/render/basic.ipynb?unit=9002&year=2020"
OTHER = "0123456789abcdef"
#: The first tries of a page to reach its session fail before they open, as on a shaky network.
SHAKY = """() => {
  let tries = 0;
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(address, protocols) {
      const there = (tries += 1) > 2;
      super(there ? address : String(address).replace("/channels", "/nowhere"), protocols);
    }
  };
}"""


@pytest.fixture(scope="module")
def home(report_home_dir, tmp_path_factory) -> Path:
    """A home of its own, whose current snapshot the tests change."""
    own: Path = tmp_path_factory.mktemp("home")
    lend_sample(own)
    shutil.copy(report_home_dir / "snapshots" / POINTER, own / "snapshots" / POINTER)
    return lend_fonts(own)


@pytest.fixture(scope="module")
def server(chromium, home, repo_root) -> Iterator[AppServer]:
    with AppServer.running(home, repo_root, "--visitors", "6") as running:
        wait_until(lambda: state_of(running)["warm"])
        yield running


@pytest.fixture
def page(screens, server):
    opened = screens.new_page(**PHONE)
    opened.set_default_timeout(PATIENCE_MS)
    opened.goto(server.root + VIEW)
    opened.wait_for_selector("body.smup-ready")
    yield opened
    opened.close(run_before_unload=True)


def test_newer_data_are_told_and_the_page_goes_on_with_its_own(page, home, server):
    page.goto(server.root + VIEW.partition("?")[0])
    page.wait_for_selector("body.smup-ready")
    pointer = home / "snapshots" / POINTER
    before = pointer.read_text(encoding="ascii")
    assert page.locator("body").get_attribute("data-snapshot") == before.strip()
    pointer.write_text(OTHER + "\n", encoding="ascii")
    try:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        told = page.locator("#smup-newer")
        told.wait_for()
        assert "Jest nowszy stan danych" in told.inner_text()
        assert told.get_attribute("role") == "status"
        field = page.locator(".smup-search input").first
        field.fill("9003")
        page.locator(".smup-candidates button").first.click()
        page.wait_for_url(re.compile("unit=9003"))
        assert page.locator(".smup-app .smup-error").count() == 0
    finally:
        pointer.write_text(before, encoding="ascii")
    told.get_by_role("button", name="Otwórz ten widok ponownie").click()
    page.wait_for_selector("body.smup-ready")
    assert "unit=9003" in page.url
    assert page.locator("#smup-newer").count() == 0


def test_a_killed_kernel_is_told_and_the_same_view_opens_again(page, server):
    address = page.url
    server.kernels()[-1].kill()
    page.locator("#smup-connection[data-reason=ended]").wait_for()
    page.locator("#smup-reopen").click()
    page.wait_for_selector("body.smup-ready")
    page.locator("#smup-connection").wait_for(state="hidden")
    assert page.url == address


def test_a_page_whose_first_connection_fails_is_shown_by_the_next(screens, server):
    opened = screens.new_page(**PHONE)
    opened.add_init_script(f"({SHAKY})()")
    tried: list[str] = []
    opened.on("websocket", lambda socket: tried.append(socket.url))
    opened.goto(server.root + VIEW)
    opened.wait_for_selector("body.smup-ready", timeout=PATIENCE_MS)
    opened.locator(".smup-app h1").wait_for(timeout=PATIENCE_MS)
    assert ["/nowhere" in address for address in tried[:3]] == [True, True, False]
    opened.locator("#smup-connection").wait_for(state="hidden")
    opened.close(run_before_unload=True)


def test_a_page_that_is_left_ends_its_kernel(screens, server):
    # whose kernels may themselves be just ending
    others = set(server.kernels())
    opened = screens.new_page(**PHONE)
    opened.goto(server.root + VIEW)
    opened.wait_for_selector("body.smup-ready", timeout=PATIENCE_MS)
    (kernel,) = set(server.kernels()) - others
    opened.goto(server.root)
    wait_until(lambda: kernel not in server.kernels())
    opened.close()


def test_a_phone_that_woke_up_finds_its_session_or_is_told(page, server):
    """Half a minute asleep, as the page counts it; its session has been ended meanwhile."""
    page.evaluate("""() => {
      const hidden = (is) => {
        Object.defineProperty(document, "hidden", { configurable: true, get: () => is });
        document.dispatchEvent(new Event("visibilitychange"));
      };
      const now = Date.now;
      hidden(true);
      Date.now = () => now() + 60000;
      hidden(false);
    }""")
    page.wait_for_load_state("networkidle")
    assert page.locator("#smup-connection").is_hidden()
