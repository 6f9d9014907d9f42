"""The gallery in a browser: nothing overlaps, nothing is cut or fetched, axe finds no fault."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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


@pytest.fixture(scope="module")
def open_at(browser: Any, gallery: Path) -> Iterator[Any]:
    """Open the gallery at a width; every request to anything but the file itself is collected."""
    contexts = []

    def at(width: int) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900})
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


@pytest.fixture(scope="module")
def pages(open_at: Any) -> dict[int, Any]:
    """Return the gallery at each width; who looks at one leaves it as it was."""
    return {width: open_at(width) for width in WIDTHS}


@contextmanager
def unfolded(page: Any) -> Iterator[Any]:
    """Open all that is folded, for a while."""
    folded = page.evaluate_handle("[...document.querySelectorAll('details:not([open])')]")
    folded.evaluate("all => all.forEach(d => { d.open = true })")
    try:
        yield page
    finally:
        folded.evaluate("all => all.forEach(d => { d.open = false })")


@contextmanager
def drawn_as(page: Any, **media: str) -> Iterator[Any]:
    """Draw it in another scheme or for paper, for a while."""
    page.emulate_media(**media)
    try:
        yield page
    finally:
        page.emulate_media(media="null", color_scheme="null")


@pytest.mark.parametrize("width", WIDTHS)
def test_no_text_meets_another_or_leaves_its_drawing(pages: Any, width: int):
    faults = pages[width].evaluate(MEASURE)
    assert not faults, "\n".join(faults)


def test_the_measure_sees_texts_that_meet_and_texts_that_are_cut(open_at: Any):
    page = open_at(1280)
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
def test_letters_stay_large_enough_to_read(pages: Any, width: int):
    assert pages[width].evaluate(SMALLEST) >= 10.0


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_itself_never_scrolls_sideways(pages: Any, width: int):
    with unfolded(pages[width]) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_fetched(pages: Any, gallery: Path, width: int):
    asked = pages[width].asked
    assert [url for url in asked if not url.startswith("data:")] == [gallery.as_uri()]


@pytest.mark.parametrize("width", WIDTHS)
def test_exactly_one_drawing_of_each_chart_is_seen(pages: Any, width: int):
    counts = pages[width].evaluate(
        "[...document.querySelectorAll('figure')].map(f => [...f.querySelectorAll('svg')]"
        ".filter(s => s.getBoundingClientRect().width).length)"
    )
    assert counts and set(counts) == {1}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(pages: Any, axe_script: str, scheme: str):
    with unfolded(pages[1280]), drawn_as(pages[1280], color_scheme=scheme) as page:
        page.evaluate(axe_script)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    serious = [
        f"{v['id']}: {v['help']} ({v['nodes'][0]['html'][:200]})"
        for v in found["violations"]
        if v["impact"] in ("serious", "critical")
    ]
    assert not serious, "\n".join(serious)


def test_charts_follow_the_dark_theme_and_paper_stays_light(pages: Any):
    colour = "getComputedStyle(document.querySelector('svg .fill-unit')).fill"
    ground = "getComputedStyle(document.body).backgroundColor"
    with drawn_as(pages[1280], color_scheme="dark") as page:
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


def test_in_jupyterlab_words_of_a_table_stay_on_the_left(open_at: Any):
    page = open_at(1280)
    page.add_style_tag(content=LAB)
    aligned = page.evaluate("""() => {
      document.body.classList.add('jp-RenderedHTMLCommon');
      document.querySelectorAll('details').forEach(d => { d.open = true });
      return [...document.querySelectorAll('.smup-table :is(th, td)')]
        .map(e => [e.matches('.smup-n, [data-sort]'), getComputedStyle(e).textAlign]);
    }""")
    assert {(number, align) for number, align in aligned} == {(False, "start"), (True, "end")}


def test_a_table_sorts_by_exact_value_with_gaps_last_and_keeps_the_keyboard(open_at: Any):
    page = open_at(1280)
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


def test_a_table_is_saved_with_decimal_commas_and_empty_gaps(open_at: Any, tmp_path: Path):
    page = open_at(1280)
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


def test_pointing_at_a_dot_is_not_needed_but_says_the_name(open_at: Any):
    page = open_at(1280)
    titles = page.locator("section[data-case='distribution/plain'] .smup-wide path > title")
    assert titles.count() == 24
