"""The map of a page in a browser: moved, enlarged, asked by mouse, finger and keyboard."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smup_lib.apps.parts.map import MapView
from smup_lib.apps.parts.style import app_style
from smup_lib.paths import project_dir
from tests.browser.conftest import DARK, DESKTOP, PHONE, tab_to
from tests.present.cases import NAN, UNIT, chart_map, peer_values

pytestmark = pytest.mark.browser

UNITS = 400
#: A session's part of the page: remembers what was chosen, as the kernel would.
SESSION = """document.querySelector('.smup-map-choice input')
  .addEventListener('change', e => { document.title = e.target.value; });"""
PLACE = "document.querySelector('.smup-map-mover').style.transform"
PAN_FRAMES = """async () => {
  const map = document.querySelector('.smup-map-stage').smupMap, times = [];
  for (let i = 0; i < 40; i += 1) {
    const before = performance.now();
    map.x += i % 2 ? 9 : -7; map.move(); map.frame.getBoundingClientRect();
    times.push(performance.now() - before);
    await new Promise(requestAnimationFrame);
  }
  return times;
}"""


@pytest.fixture
def page_of(monkeypatch, tmp_path: Path, watched: Callable[..., Any]) -> Callable[..., Any]:
    """Return a page that shows a map as the template shows it, without a session."""
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0")

    def write(view: MapView) -> Path:
        def part(widget: Any) -> str:
            classes = " ".join(widget._dom_classes)
            if widget is view.choice:
                return f'<div class="{classes}"><input></div>'
            return f'<div class="{classes}"><div>{widget.value}</div></div>'

        script = (project_dir("templates") / "voila/templates/smup/static/map.js").read_text(
            "utf-8"
        )
        path = tmp_path / "map.html"
        path.write_text(
            '<!DOCTYPE html><html lang="pl"><head><meta charset="utf-8"><title>Mapa</title>'
            '<meta name="viewport" content="width=device-width"><style>'
            f'{app_style(fonts=False)}</style></head><body class="smup-page smup-app-page"><main '
            'class="smup-main smup-app"><h1>Mapa</h1><div class="smup-map-view">'
            f"{''.join(map(part, view.children))}</div></main>"
            f"<script>{script}</script><script>{SESSION}</script></body></html>",
            encoding="utf-8",
        )
        return path

    def open_page(view: MapView | None = None, **options: Any) -> Any:
        page = watched(**options)
        page.goto(write(view or made()).as_uri())
        page.locator("path[data-i='0']").wait_for(state="attached")
        return page

    return open_page


def made(count: int = UNITS, **options: Any) -> MapView:
    view = MapView(options.pop("on_choice", lambda code: None), **options)
    values = [*peer_values(count - 1, seed=3), NAN]
    chart = chart_map(values)
    view.show(chart, near=chart.frame["unit_code"].tolist()[13:15])
    return view


def line(page: Any) -> str:
    return str(page.locator(".smup-map-line").inner_text())


def unit_place(page: Any, order: int) -> tuple[float, float]:
    box = page.locator(f"path[data-i='{order}']").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_mouse_is_told_what_it_points_at_and_a_click_chooses(page_of):
    page = page_of(**DESKTOP)
    assert "olszyńsko" in line(page), "the reader's unit at first"
    page.mouse.move(*unit_place(page, 40))
    name = page.evaluate("document.querySelector('.smup-map-stage').smupMap.units.names[40]")
    page.get_by_text(f"{name}:").wait_for()
    assert "przedział:" in line(page)
    assert page.locator(".smup-map-line data.num").get_attribute("data-key").startswith("unit=")
    page.mouse.click(*unit_place(page, 40))
    code = page.evaluate("document.querySelector('.smup-map-stage').smupMap.units.codes[40]")
    assert page.title().split()[1] == code
    page.mouse.move(*unit_place(page, UNITS - 1))
    page.get_by_text("brak informacji lub tajemnica").first.wait_for()
    assert page.complaints == []


def test_a_finger_is_told_first_and_a_button_chooses(page_of):
    page = page_of(**PHONE)
    page.touchscreen.tap(*unit_place(page, 45))
    button = page.get_by_role("button", name="Pokaż tę jednostkę")
    button.wait_for()
    assert page.title() == "Mapa", "a touch alone chooses nothing"
    assert button.bounding_box()["height"] >= 44
    button.tap()
    code = page.evaluate("document.querySelector('.smup-map-stage').smupMap.units.codes[45]")
    assert page.title().split()[1] == code


def test_with_the_keyboard_a_unit_is_found_and_the_map_moved(page_of):
    page = page_of(**DESKTOP)
    name = page.evaluate("document.querySelector('.smup-map-stage').smupMap.units.names[77]")
    tab_to(page, page.get_by_label("Znajdź na mapie"))
    page.keyboard.type(name.replace("ł", "l").upper())
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator(".smup-map-line", has_text=name).wait_for()
    page.get_by_role("button", name="Pokaż tę jednostkę").press("Enter")
    assert page.title() != "Mapa"

    frame = page.get_by_role("application")
    page.evaluate("document.querySelector('.smup-map-find input').focus()")
    tab_to(page, frame)
    page.keyboard.press("+")
    page.keyboard.press("+")
    page.locator(".smup-map-frame.smup-map-near-view").wait_for()
    before = page.evaluate(PLACE)
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"{PLACE} !== {before!r}")
    page.keyboard.press("0")
    page.locator(".smup-map-frame:not(.smup-map-near-view)").wait_for()


def test_the_wheel_scrolls_the_page_and_enlarges_only_with_its_key(page_of):
    page = page_of(**DESKTOP)
    page.mouse.move(*unit_place(page, 40))
    page.mouse.wheel(0, 120)
    assert page.evaluate("document.querySelector('.smup-map-stage').smupMap.zoom") == 1
    page.mouse.move(*unit_place(page, UNITS // 2))  # the page has gone on under the mouse
    page.keyboard.down("Control")
    page.mouse.wheel(0, -240)
    page.keyboard.up("Control")
    page.wait_for_function("document.querySelector('.smup-map-stage').smupMap.zoom > 1.5")
    page.locator(".smup-map-frame.smup-map-near-view").wait_for()
    before = page.evaluate(PLACE)
    box = page.locator(".smup-map-frame").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y - 30, steps=5)
    page.mouse.up()
    page.wait_for_function(f"{PLACE} !== {before!r}")
    assert page.title() == "Mapa", "a map that is dragged chooses nothing"


def test_one_class_can_be_shown_alone(page_of):
    page = page_of(**DESKTOP)
    row = page.locator(".smup-map-legend button").first
    row.click()
    assert row.get_attribute("aria-pressed") == "true"
    alone = page.locator("path[data-i]:not(.smup-map-other)").count()
    assert 0 < alone < UNITS / 2
    assert f"{alone}" in row.inner_text()
    row.click()
    assert page.locator("path.smup-map-other").count() == 0


@pytest.mark.parametrize("screen", [DARK, PHONE], ids=["dark", "phone"])
def test_the_map_has_no_serious_fault_and_fits(page_of, serious_faults, screen):
    page = page_of(**screen)
    assert serious_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    hatched = page.locator(f"path[data-i='{UNITS - 1}']")
    assert hatched.get_attribute("fill").startswith("url("), "missing is never white"


def test_a_map_that_cannot_choose_has_no_button(page_of):
    view = MapView()
    view.show(chart_map())
    page = page_of(view, **DESKTOP)
    page.mouse.click(*unit_place(page, 3))
    assert page.locator(".smup-map-told button").is_hidden()
    assert page.title() == "Mapa"


def test_moving_thousands_of_units_draws_none_of_them_again(page_of):
    page = page_of(made(2500), **DESKTOP)
    page.evaluate("document.querySelector('.smup-map-stage').smupMap.zoomBy(3)")
    page.locator(".smup-map-frame.smup-map-near-view").wait_for()
    assert statistics.median(page.evaluate(PAN_FRAMES)) < 8, "ms of script and layout a step"


def test_the_unit_stays_outlined_at_every_magnification(page_of):
    page = page_of(**DESKTOP)
    own = page.locator(".smup-map-own")
    assert own.get_attribute("d")
    page.get_by_role("button", name="Przybliż mapę").click()
    page.locator(".smup-map-frame.smup-map-near-view").wait_for()
    assert own.get_attribute("d")
    assert page.evaluate(
        "document.querySelector('.smup-map-stage').smupMap.units.codes"
        "[document.querySelector('.smup-map-stage').smupMap.values.own]"
    ) == UNIT  # fmt: skip
