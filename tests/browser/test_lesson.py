"""A lesson in the browser, by a participant who has no data yet: wrong answers, hints, the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from smup_lib.snapshots import current_id
from tests.apps.app_server import AppServer
from tests.browser.conftest import DARK, DESKTOP, PHONE

pytestmark = pytest.mark.browser

WAITING = "Zdanie stanie tutaj po dobrej odpowiedzi"


@pytest.fixture(scope="module")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("empty_home")


@pytest.fixture(scope="module")
def lesson_server(chromium: str, empty_home: Path, repo_root: Path) -> Iterator[AppServer]:
    with AppServer.running(empty_home, repo_root, "--lessons") as server:
        yield server


@pytest.fixture
def lesson(watched, lesson_server):
    def open_lesson(**options: Any) -> Any:
        page = watched(**options)
        page.goto(lesson_server.page)
        page.wait_for_selector(".smup-exercise button")
        page.wait_for_selector(".smup-loading", state="detached")
        return page

    return open_lesson


def exercise(page: Any, title: str) -> Any:
    return page.locator(".smup-exercise", has_text=f"Ćwiczenie: {title}")


def answer(page: Any, title: str, text: str) -> Any:
    """Type an answer, press the button and return the reply."""
    form = exercise(page, title)
    form.get_by_role("textbox").fill(text)
    form.get_by_role("button", name="Sprawdź").click()
    return form.locator(".smup-feedback")


def test_a_lesson_opens_without_any_data_and_leaves_no_current_state(
    lesson, lesson_server, empty_home, monkeypatch
):
    page = lesson(**DESKTOP)
    assert lesson_server.page.endswith("00_start_exercise.ipynb")
    assert "krainy przykładowej" in page.locator("main").inner_text()
    assert "dane przykładowe, jednostki fikcyjne" in page.locator("main").inner_text()
    assert page.locator(".smup-exercise").count() == 4
    assert page.complaints == []
    monkeypatch.setenv("SMUP_HOME", str(empty_home))
    assert current_id() is None


@pytest.mark.parametrize("screen", [DESKTOP, PHONE, DARK], ids=["desktop", "phone", "dark"])
def test_a_lesson_fits_its_screen_and_is_accessible(lesson, serious_faults, screen):
    page = lesson(**screen)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.locator("main h1").bounding_box()["x"] >= 12, "text keeps a margin"
    assert page.locator(".anchor-link:visible").count() == 0
    assert "Wybierz swoją jednostkę" not in page.locator("main").inner_text()
    assert serious_faults(page) == []


def test_a_participant_errs_hears_why_and_gets_the_sentence_at_the_end(lesson):
    page = lesson(**DESKTOP)
    assert WAITING in page.locator(".smup-statement").inner_text()
    title = "Różnica do mediany"
    form = exercise(page, title)
    form.get_by_role("button", name="Sprawdź").click()
    form.get_by_text("Najpierw podaj odpowiedź.").wait_for()

    reply = answer(page, title, "dużo")
    reply.get_by_text("Nie udało się odczytać odpowiedzi.").wait_for()
    reply = answer(page, title, "0,5")
    reply.get_by_text("Wskazówka:").wait_for()
    assert WAITING in page.locator(".smup-statement").inner_text()

    printed = page.locator("article.smup-indicator data.num[data-key*='statistic=value']").first
    value = float(printed.get_attribute("value"))
    median = page.locator("article.smup-indicator data.num[data-key*='statistic=median']").first
    gap = f"{value - float(median.get_attribute('value')):.1f}".replace(".", ",")

    answer(page, title, f"{gap}%").get_by_text("Liczba się zgadza, jednostka nie.").wait_for()
    answer(page, title, f" {gap} os./1000 mieszk. ").get_by_text("Dobrze.").wait_for()
    page.locator(".smup-statement .smup-card").wait_for()
    assert gap in page.locator(".smup-statement").inner_text()
    assert page.complaints == []
