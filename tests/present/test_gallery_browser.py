"""The gallery in a browser: nothing overlaps, nothing is cut or fetched, axe finds no fault."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.present.gallery import gallery_html

pytestmark = pytest.mark.browser
WIDTHS = (390, 768, 1280)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip

# Texts that share more than a sliver, and texts outside their drawing. A pixel of slack is the
# height of a line above its letters.
MEASURE = """() => {
  const faults = [];
  for (const svg of document.querySelectorAll('svg.smup-svg')) {
    const frame = svg.getBoundingClientRect();
    if (!frame.width) continue;
    const where = svg.closest('[data-case]').dataset.case;
    const texts = [...svg.querySelectorAll('text')]
      .map(t => [t.textContent, t.getBoundingClientRect()]);
    texts.forEach(([said, box], i) => {
      if (!box.width) return;
      if (box.left < frame.left - 1.5 || box.right > frame.right + 1.5 ||
          box.top < frame.top - 3 || box.bottom > frame.bottom + 3)
        faults.push(`${where}: "${said}" is cut`);
      for (const [other, next] of texts.slice(i + 1)) {
        const x = Math.min(box.right, next.right) - Math.max(box.left, next.left);
        const y = Math.min(box.bottom, next.bottom) - Math.max(box.top, next.top);
        if (x > 1 && y > box.height * 0.3) faults.push(`${where}: "${said}" meets "${other}"`);
      }
    });
  }
  return faults;
}"""
SMALLEST = """() => Math.min(...[...document.querySelectorAll('svg.smup-svg text')]
  .filter(t => t.getBoundingClientRect().width)
  .map(t => parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a))"""


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gallery") / "gallery.html"
    path.write_text(gallery_html(theme="auto"), encoding="utf-8")
    return path


@pytest.fixture
def opened(browser: Any, gallery: Path) -> Iterator[Any]:
    """Open the gallery at a width; every request to anything but the file itself is collected."""
    contexts = []

    def at(width: int, **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(gallery.as_uri())
        page.evaluate("document.fonts.ready")
        return page

    yield at
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_no_text_meets_another_or_leaves_its_drawing(opened: Any, width: int):
    faults = opened(width).evaluate(MEASURE)
    assert not faults, "\n".join(faults)


def test_the_measure_sees_texts_that_meet_and_texts_that_are_cut(opened: Any):
    page = opened(1280)
    page.evaluate("""() => {
      const texts = document.querySelectorAll("section[data-case='series/plain'] .smup-wide text");
      texts[1].setAttribute('x', texts[2].getAttribute('x'));
      texts[1].setAttribute('y', texts[2].getAttribute('y'));
      texts[3].setAttribute('x', 2000);
    }""")
    faults = page.evaluate(MEASURE)
    assert any("meets" in fault for fault in faults)
    assert any("is cut" in fault for fault in faults)


@pytest.mark.parametrize("width", WIDTHS)
def test_letters_stay_large_enough_to_read(opened: Any, width: int):
    assert opened(width).evaluate(SMALLEST) >= 10.0


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_itself_never_scrolls_sideways(opened: Any, width: int):
    page = opened(width)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_nothing_is_fetched(opened: Any, gallery: Path):
    page = opened(1280)
    assert [url for url in page.asked if not url.startswith("data:")] == [gallery.as_uri()]


@pytest.mark.parametrize("width", [390, 1280])
def test_exactly_one_drawing_of_each_chart_is_seen(opened: Any, width: int):
    counts = opened(width).evaluate(
        "[...document.querySelectorAll('figure')].map(f => [...f.querySelectorAll('svg')]"
        ".filter(s => s.getBoundingClientRect().width).length)"
    )
    assert counts and set(counts) == {1}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(opened: Any, axe_script: str, scheme: str):
    page = opened(1280, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    page.evaluate(axe_script)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    serious = [
        f"{v['id']}: {v['help']} ({v['nodes'][0]['html'][:200]})"
        for v in found["violations"]
        if v["impact"] in ("serious", "critical")
    ]
    assert not serious, "\n".join(serious)


def test_charts_follow_the_dark_theme_and_paper_stays_light(opened: Any):
    colour = "getComputedStyle(document.querySelector('svg .fill-unit')).fill"
    ground = "getComputedStyle(document.body).backgroundColor"
    page = opened(1280, color_scheme="dark")
    assert page.evaluate(colour) == "rgb(111, 177, 247)"
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(colour) == "rgb(11, 92, 173)"
    assert page.evaluate(ground) == "rgb(255, 255, 255)"


# what JupyterLab says of every table in an output
LAB = """
.jp-RenderedHTMLCommon table { table-layout: fixed; margin-left: auto; font-size: 12px; }
.jp-RenderedHTMLCommon td, .jp-RenderedHTMLCommon th, .jp-RenderedHTMLCommon tr {
  vertical-align: middle; padding: 0.5em; line-height: normal; max-width: none; border: none; }
:not(.jp-RenderedMarkdown).jp-RenderedHTMLCommon td,
:not(.jp-RenderedMarkdown).jp-RenderedHTMLCommon th,
:not(.jp-RenderedMarkdown).jp-RenderedHTMLCommon tr { text-align: right; }
"""


def test_in_jupyterlab_words_of_a_table_stay_on_the_left(opened: Any):
    page = opened(1280)
    page.add_style_tag(content=LAB)
    aligned = page.evaluate("""() => {
      document.body.classList.add('jp-RenderedHTMLCommon');
      document.querySelectorAll('details').forEach(d => { d.open = true });
      return [...document.querySelectorAll('.smup-table :is(th, td)')]
        .map(e => [e.classList.contains('smup-n'), getComputedStyle(e).textAlign]);
    }""")
    assert {(number, align) for number, align in aligned} == {(False, "start"), (True, "end")}


def test_a_table_sorts_by_exact_value_with_gaps_last_and_keeps_the_keyboard(opened: Any):
    page = opened(1280)
    table = "section[data-case='distribution/missing'] table"
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    button = page.locator(f"{table} th:nth-child(2) button")
    button.focus()
    page.keyboard.press("Enter")
    cells = page.locator(f"{table} tbody td:nth-child(2)")
    values = [cell.get_attribute("data-sort") for cell in cells.all()]
    numbers = [float(v) for v in values if v]
    assert numbers == sorted(numbers)
    assert values[-3:] == ["", "", ""]
    assert page.locator(f"{table} th:nth-child(2)").get_attribute("aria-sort") == "ascending"
    page.locator(f"{table} th:nth-child(1) button").click()
    first = page.locator(f"{table} tbody th").first.inner_text()
    assert first == "dolny kwartyl grupy"


def test_a_table_is_saved_with_decimal_commas_and_empty_gaps(opened: Any, tmp_path: Path):
    page = opened(1280)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    with page.expect_download() as download:
        page.locator("section[data-case='distribution/missing'] .smup-export").click()
    path = tmp_path / "table.csv"
    download.value.save_as(path)
    lines = path.read_bytes().decode("utf-8").removeprefix("\ufeff").split("\r\n")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    own = next(line for line in lines if "olszyńsko" in line)
    assert own == '"powiat olszyńsko-brzezicki";41,2;"opisywana jednostka";"9002"'
    assert sum(";;" in line for line in lines) == 3


def test_pointing_at_a_dot_is_not_needed_but_says_the_name(opened: Any):
    page = opened(1280)
    titles = page.locator("section[data-case='distribution/plain'] .smup-wide path > title")
    assert titles.count() == 24
