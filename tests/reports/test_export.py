"""The page: what a reader sees, and nothing else."""

from __future__ import annotations

import re

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from smup_lib.reports.export import NOTEBOOK_ONLY, page_title, render_report
from smup_lib.reports.html_check import check_html
from tests.reports.test_receipt import RECEIPT

HEAD = '<header class="smup-head"><h1>Kultura<span>: </span><span>powiat A</span></h1></header>'


def shown(html: str = "", *, tags: tuple[str, ...] = (), source: str = "secret_code()", **data):
    mime = {"text/html": html, "text/plain": "plain twin"} if html else data
    output = new_output("execute_result", data=mime, execution_count=1)
    return new_code_cell(source, outputs=[output], metadata={"tags": list(tags)})


def page(*cells, receipt=RECEIPT) -> str:
    return render_report(new_notebook(cells=[shown(HEAD), *cells]), receipt)


@pytest.fixture(scope="module")
def sound(report_home) -> str:
    return page(
        new_markdown_cell("# Dla piszących", metadata={"tags": [NOTEBOOK_ONLY]}),
        new_markdown_cell("## Pierwsze pytanie\n\nTekst **ważny**."),
        shown("<section><h2>Źródła</h2><p>Tekst</p></section>"),
        shown("<p>tylko w notatniku</p>", tags=(NOTEBOOK_ONLY,)),
        new_code_cell("x", outputs=[new_output("stream", name="stdout", text="a < b")]),
        new_code_cell("x", outputs=[new_output("stream", name="stderr", text="ostrzeżenie")]),
    )


def test_a_page_is_sound(sound):
    assert check_html(sound) == []


def test_results_and_prose_are_there_code_and_asides_are_not(sound):
    assert "Tekst <strong>ważny</strong>" in sound
    assert "a &lt; b" in sound
    for absent in (
        "secret_code",
        "plain twin",
        "tylko w notatniku",
        "Dla piszących",
        "ostrzeżenie",
    ):
        assert absent not in sound
    assert "In [" not in sound


def test_the_title_names_area_unit_and_year(sound):
    assert "<title>Kultura: powiat A, 2018 r.</title>" in sound


def test_the_browser_is_told_to_fetch_nothing(sound):
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', sound)
    assert policy.startswith("default-src &#39;none&#39;") or policy.startswith(
        "default-src 'none'"
    )
    assert "http" not in policy
    assert not re.search(r'(src|href)="(https?:)?//', sound.replace('xmlns="http', ""))
    for library in ("require.js", "MathJax", "jquery", "cdnjs"):
        assert library.lower() not in sound.lower()


def test_the_typeface_is_inside(sound):
    assert "@font-face" in sound
    assert "data:font/woff2;base64," in sound


def test_sections_are_listed_with_working_links(sound):
    (contents,) = re.findall(r"<nav class=\"smup-contents.*?</nav>", sound, re.S)
    names = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', contents)
    assert [text for _, text in names] == [
        "Pierwsze pytanie",
        "Źródła",
        "Metryka raportu",
    ]
    for name, _ in names:
        assert len(re.findall(f'<h2[^>]* id="{re.escape(name)}"', sound)) == 1


def test_paper_has_page_numbers_and_a_running_head(sound):
    assert "counter(page)" in sound
    assert '@top-left{content:"Kultura: powiat A, 2018 r."}' in sound


def test_the_receipt_stands_at_the_end_and_inside(sound):
    assert sound.index("Metryka raportu</h2>") > sound.index("Źródła</h2>")
    assert f'<meta name="smup-receipt" content="{RECEIPT.id}">' in sound


def test_real_data_bear_no_band_and_the_fictional_land_always_does(report_home):
    import dataclasses

    fictional = page(receipt=dataclasses.replace(RECEIPT, fictional=True))
    assert 'smup-land-band" role="note"' in fictional
    assert '@top-right{content:"dane przykładowe, jednostki fikcyjne"}' in fictional
    assert 'smup-land-band" role' not in page()


def test_a_title_cannot_break_out_of_the_style_sheet(report_home):
    evil = "<h1>A&quot;}&lt;/style&gt;&lt;script&gt;alert(1)&lt;/script&gt;</h1>"
    html = render_report(new_notebook(cells=[shown(evil)]), RECEIPT)
    assert "<script>alert" not in html
    assert html.count("</style>") == 1


def test_pictures_keep_their_alternative_text_and_none_is_invented(report_home):
    data = {"image/png": "aGVq", "text/plain": "figure"}
    named = new_output("display_data", data=data, metadata={"image/png": {"alt": "Wykres"}})
    unnamed = new_output("display_data", data=data)
    assert check_html(page(new_code_cell("x", outputs=[named]))) == []
    problems = check_html(page(new_code_cell("x", outputs=[unnamed])))
    assert problems == ["obraz bez tekstu alternatywnego (atrybut alt)"]


def test_plain_results_are_shown_as_text(report_home):
    assert '<pre class="smup-text">5 &lt; 6</pre>' in page(shown(**{"text/plain": "5 < 6"}))


@pytest.mark.parametrize(
    ("cells", "title"),
    [
        ([new_markdown_cell("# Z tekstu\n\nreszta")], "Z tekstu"),
        ([new_markdown_cell("# Uwaga", metadata={"tags": [NOTEBOOK_ONLY]})], "Raport"),
        ([new_markdown_cell("tekst"), shown(HEAD)], "Kultura: powiat A"),
    ],
)
def test_the_title_comes_from_the_first_heading_that_is_printed(cells, title):
    assert page_title(new_notebook(cells=cells)) == title


def test_a_drawing_shown_twice_has_ids_of_its_own_each_time():
    drawing = '<figure aria-labelledby="f1 f2"><p id="f1">a</p><p id="f2">b</p></figure>'
    html = page(shown(drawing), shown(f'{drawing}<a href="#f1">f1</a>'))
    assert check_html(html) == []
    assert html.count('id="f1"') == 1
    assert 'aria-labelledby="f1-2 f2-2"' in html
    assert '<a href="#f1-2">f1</a>' in html
