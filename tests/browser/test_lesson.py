"""A lesson in the browser, by a participant who has no data yet: wrong answers, hints, the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from smup_lib.snapshots import current_id
from tests.apps.app_server import AppServer
from tests.browser.conftest import DARK, DESKTOP, PHONE, tab_to

pytestmark = pytest.mark.browser

#: What stands in the cell that the exercise about a missing number asks for, as it is answered.
CELL_ASKED_FOR = """() => {
  const asked = [...document.querySelectorAll('.smup-exercise p')]
    .map(p => p.textContent).filter(t => t.includes('Gdy liczby nie ma, wpisz'))[1];
  const row = [...document.querySelectorAll('table.smup-table tbody tr')]
    .find(tr => asked.includes('„' + tr.cells[0].firstChild.textContent.trim() + '”'));
  const number = row && row.querySelector('td data.num');
  return number && number.value ? number.textContent : 'brak';
}"""
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


def check_fits_and_is_accessible(page: Any, faults: Callable[[Any], list[str]]) -> None:
    """See that a lesson that has just been opened fits its screen and can be used by all."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.locator("main h1").bounding_box()["x"] >= 12, "text keeps a margin"
    assert page.locator(".anchor-link:visible").count() == 0
    assert page.locator("footer").get_by_role("link", name="Lista lekcji").is_visible()
    assert "Wybierz swoją jednostkę" not in page.locator("main").inner_text()
    assert faults(page) == []


def test_a_lesson_opens_without_any_data_and_leaves_no_current_state(
    lesson, lesson_server, serious_faults, empty_home, monkeypatch
):
    page = lesson(**DESKTOP)
    check_fits_and_is_accessible(page, serious_faults)
    assert lesson_server.page.endswith("00_start_exercise.ipynb")
    assert "krainy przykładowej" in page.locator("main").inner_text()
    assert "dane przykładowe, jednostki fikcyjne" in page.locator("main").inner_text()
    assert page.locator(".smup-exercise").count() == 4
    assert page.complaints == []
    monkeypatch.setenv("SMUP_HOME", str(empty_home))
    assert current_id() is None


def number(page: Any, statistic: str) -> float:
    """Return a number of the first card, as the page carries it."""
    found = page.locator(f"article.smup-indicator data.num[data-key*='statistic={statistic}']")
    return float(found.first.get_attribute("value"))


def solve_with_keys(page: Any, title: str, text: str) -> None:
    form = exercise(page, title)
    if form.get_by_role("radio").count():
        tab_to(page, form.get_by_role("radio").first)
        page.keyboard.press("Space")
        chosen = form.get_by_role("radio", checked=True)
        while chosen.evaluate("e => e.closest('label').textContent.trim()") != text:
            page.keyboard.press("ArrowDown")
        tab_to(page, form.get_by_role("button", name="Sprawdź"))
    else:
        tab_to(page, form.get_by_label("Odpowiedź"))
        page.keyboard.type(text)
    page.keyboard.press("Enter")


def solve_with_fingers(page: Any, title: str, text: str) -> None:
    form = exercise(page, title)
    if form.get_by_role("radio").count():
        form.get_by_text(text, exact=True).tap()
    else:
        form.get_by_label("Odpowiedź").tap()
        page.keyboard.type(text)  # the keys of the screen
    form.get_by_role("button", name="Sprawdź").tap()


@pytest.mark.parametrize(
    ("screen", "solve"),
    [(DESKTOP, solve_with_keys), (PHONE, solve_with_fingers)],
    ids=["keyboard", "phone"],
)
def test_a_participant_finds_a_unit_and_finishes_the_lesson_with_it(
    lesson, serious_faults, screen, solve
):
    page = lesson(**screen)
    if screen is PHONE:
        check_fits_and_is_accessible(page, serious_faults)
    field = page.get_by_label("Szukaj jednostki")
    if screen is PHONE:
        field.tap()
    else:
        tab_to(page, field)
    page.keyboard.type("Łęgowiec")
    page.keyboard.press("Enter")
    way = page.get_by_role("link", name="Otwórz lekcję z tą jednostką")
    way.wait_for()
    assert page.locator(".smup-chosen").inner_text().count("9063") == 1
    assert serious_faults(page) == []
    if screen is PHONE:
        way.tap()
    else:
        tab_to(page, way)
        page.keyboard.press("Enter")
    page.wait_for_url("**?unit=9063")
    page.get_by_text(WAITING).wait_for()  # the last thing on the page
    assert "Łęgowiec" in page.locator(".smup-head").first.inner_text()

    value, median = number(page, "value"), number(page, "median")
    empty = page.evaluate(CELL_ASKED_FOR)
    for title, text in {
        "Kod jednostki": "9063",
        "Odczytaj wartość": f"{value:.1f}".replace(".", ","),
        "Liczba czy jej brak": empty,
        "Różnica do mediany": f"{round(value, 1) - round(median, 1):.1f}".replace(".", ","),
    }.items():
        solve(page, title, text)
        exercise(page, title).get_by_text("Dobrze.").wait_for()
    page.locator(".smup-statement .smup-card").wait_for()
    assert "Łęgowiec" in page.locator(".smup-statement").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.complaints == []


def test_a_link_to_an_unknown_unit_leads_back_to_the_lesson(watched, lesson_server):
    page = watched(**PHONE)
    page.goto(lesson_server.page + "?unit=9999")
    page.get_by_role("link", name="ten link").click()
    page.wait_for_selector(".smup-exercise button")
    assert "unit=" not in page.url


def test_a_participant_errs_hears_why_and_gets_the_sentence_at_the_end(lesson, serious_faults):
    page = lesson(**DARK)
    check_fits_and_is_accessible(page, serious_faults)
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
