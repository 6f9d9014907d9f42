"""The check of a page: each fault planted once in a sound page."""

from __future__ import annotations

import pytest

from smup_lib.reports.html_check import MAX_BYTES, _PageReader, check_html

SOUND = """<!DOCTYPE html><html lang="pl"><head><meta charset="utf-8"><title>Kultura</title>
<style>@font-face{src:url(data:font/woff2;base64,AA)} .a{fill:url(#p)}</style></head><body>
<a class="smup-skip" href="#tresc">Przejdź do treści</a>
<main id="tresc"><header><h1>Kultura</h1></header>
<h2 id="a">Biblioteki</h2><h3>Czytelnicy</h3><p>Tekst <a href="https://stat.gov.pl">źródło</a></p>
<h2 id="b">Muzea</h2>
<svg role="img" aria-labelledby="t"><title id="t">Wykres</title><path d="M0 0"/></svg>
<svg aria-hidden="true"><title>ozdoba</title></svg>
<img alt="" src="data:image/png;base64,AA">
</main></body></html>"""


def test_a_sound_page_has_no_problem_and_may_link_to_sources():
    assert check_html(SOUND) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('lang="pl"', 'lang="en"', "lang=„en”"),
        ('lang="pl"', "", "lang=„”"),
        ("<title>Kultura</title>", "<title> </title>", "nie ma tytułu"),
        ("<main ", "<div ", "0 elementów main"),
        ("<h1>Kultura</h1>", "", "0 nagłówków h1"),
        ('<h2 id="b">Muzea</h2>', "<h1>Muzea</h1>", "2 nagłówków h1"),
        ("<h3>Czytelnicy</h3>", "<h4>Czytelnicy</h4>", "brakuje szczebla"),
        ("<h3>Czytelnicy</h3>", "<h3></h3>", "nagłówek h3 jest pusty"),
        ('id="b"', 'id="a"', "powtarza się"),
        ('href="#tresc"', 'href="#nie-ma"', "odnośnik prowadzi donikąd: #nie-ma"),
        ('<a class="smup-skip" href="#tresc">Przejdź do treści</a>', "", "przejściem do treści"),
        ('alt=""', "", "bez tekstu alternatywnego"),
        ('role="img" aria-labelledby="t"', "", "svg bez nazwy"),
        ('src="data:image/png;base64,AA"', 'src="https://x.pl/a.png"', "img https://x.pl"),
        ('src="data:image/png;base64,AA"', 'src="obraz.png"', "img obraz.png"),
        ('src="data:image/png;base64,AA"', 'srcset="//cdn.x/a 2x"', "img //cdn.x/a"),
        ("</head>", '<link rel="stylesheet" href="https://x.pl/a.css"></head>', "link https"),
        ("</head>", '<script src="https://cdn.x/r.js"></script></head>', "script https"),
        ("</head>", "<style>@import 'https://x.pl/a.css';</style></head>", "styl w style"),
        ("</head>", "<style>p{background:url(https://x.pl/a)}</style></head>", "styl w style"),
        ("<p>", '<p style="background:url(//x.pl/a)">', "styl w p"),
        ("<p>", '<iframe src="https://x.pl"></iframe><p>', "iframe https"),
        ("<p>", '<svg role="img" aria-label="a"><use href="https://x/a#b"/></svg><p>', "use https"),
        ("</head>", '<base href="https://x.pl/"></head>', "podstawę odnośników"),
        ("</head>", '<meta http-equiv="Refresh" content="1"></head>', "przeładowuje"),
    ],
)
def test_each_fault_is_found(old, new, said):
    assert old in SOUND
    problems = check_html(SOUND.replace(old, new, 1))
    assert any(said in problem for problem in problems), problems


@pytest.mark.parametrize(
    "written",
    [
        '<img alt="" src="https://x.pl/a&amp;b">',
        '<img alt="" src="https://x.pl/a&amp;b"/>',
        "<img alt='' src='https://x.pl/a&amp;b'>",
        "<IMG ALT='' SRC=https://x.pl/a&b />",
        '<img\n  alt src="https://x.pl/a&amp;b"\n>',
    ],
)
def test_a_fault_is_found_however_its_tag_is_written(written):
    page = SOUND.replace("<h3>", f"{written}<h3>")
    assert check_html(page) == ["strona sięga poza siebie: img https://x.pl/a&b"]


@pytest.mark.parametrize(
    "written",
    ["", '<p id="a">a &lt; b</p>', "<h2>Czytelnicy <b>i</b> &amp; inni</h2>", "</h2></i>"],
)
def test_a_page_of_plain_tags_is_read_as_the_standard_library_reads_it(written):
    page = SOUND.replace("<h3>", f"{written}<h3>")
    quick, thorough = _PageReader(), _PageReader()
    assert quick.read_plain(page)
    thorough.feed(page)
    for told in ("language", "headings", "links", "ids", "problems", "_stack"):
        assert getattr(quick, told) == getattr(thorough, told)
    assert quick.title.strip() == thorough.title.strip()


@pytest.mark.parametrize(
    "written",
    [
        '<!-- <img src="https://x.pl/a"> -->',
        "<script>'</x'</script>",
        "<title>a<b></title>",
        "<p class=a>",
        '</p class="a">',
        "<textarea><img></textarea>",
        "a < b",
    ],
)
def test_any_other_page_is_left_to_the_standard_library(written):
    assert not _PageReader().read_plain(SOUND.replace("</main>", f"{written}</main>"))


def test_what_a_style_holds_is_no_markup():
    page = SOUND.replace(".a{", '.b::after{content:"<h5></h5>"} .a{')
    assert check_html(page) == []


def test_a_page_may_not_grow_without_end():
    large = SOUND.replace("Tekst", "ż" * (MAX_BYTES // 2))
    assert any("bajtów" in problem for problem in check_html(large))
