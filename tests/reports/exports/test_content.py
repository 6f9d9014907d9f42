"""What is read from a page is all that the page says, each part once and in its order."""

from __future__ import annotations

import re

import pytest

from smup_lib.errors import ReportError
from smup_lib.present.numbers import read_numbers
from smup_lib.reports.exports.content import (
    Bullets,
    Fold,
    Heading,
    Paragraph,
    Picture,
    Run,
    Table,
    text_of,
)
from smup_lib.reports.exports.drawing import size_of
from smup_lib.reports.exports.page import read_content
from smup_lib.reports.exports.statements import statements_of


def walk(blocks):
    for block in blocks:
        yield block
        if isinstance(block, Bullets):
            for item in block.items:
                yield from walk(item)
        elif isinstance(block, Fold):
            yield from walk(block.blocks)


def test_every_number_outside_the_drawings_of_a_phone_is_there(page, content):
    wide = re.sub(
        r'<div class="smup-drawing smup-narrow"[^>]*>.*?</svg></div>', "", page, flags=re.S
    )
    on_page = [(str(n.key), n.value) for n in read_numbers(wide)]
    told = sum(one.numbers for one in statements_of(content))
    assert len(on_page) > 500
    assert told == len(on_page)


def test_every_heading_of_the_page_is_there_in_its_order(page, content):
    inner = re.findall(r"<h[1-4]\b[^>]*>(.*?)</h[1-4]>", page, flags=re.S)
    plain = [" ".join(re.sub(r"<[^>]+>", "", one).split()) for one in inner]
    told = [text_of(b.runs, hidden=True) for b in walk(content.blocks) if isinstance(b, Heading)]
    assert any(" · " in one for one in told)  # a badge is parted from the words before it
    assert [" ".join(one.replace(" · ", " ").split()) for one in told] == [
        one.replace(" · ", " ") for one in plain
    ]


def drawn_sizes(page):
    for width, height in re.findall(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', page):
        yield float(width), float(height)


def test_each_chart_has_words_and_a_table(page, content):
    kinds = [type(b).__name__ for b in walk(content.blocks)]
    pictures = [b for b in walk(content.blocks) if isinstance(b, Picture)]
    twins = [b for b in walk(content.blocks) if isinstance(b, Fold) and b.kind == "twin"]
    assert len(pictures) == len(twins) >= 5
    assert all(one.title and one.description for one in pictures)
    assert all(any(isinstance(b, Table) for b in twin.blocks) for twin in twins)
    # the letters of the names that SVG minds outlast the parser of HTML
    assert {size_of(one) for one in pictures} <= set(drawn_sizes(page))
    assert all('viewBox="' in one.svg and "viewbox" not in one.svg for one in pictures)
    assert "Paragraph" in kinds


def test_a_mark_stands_before_its_sentence(content):
    told = [b for b in walk(content.blocks) if isinstance(b, Paragraph) and b.kind == "sentence"]
    assert told
    assert all(text_of(one.runs)[0] in "●▲○■?" for one in told)


def test_runs_keep_spaces_stress_numbers_and_remarks():
    page = (
        "<main><p> Jest  <b>dużo</b>\n<data class='num' value='1500' data-scale='1000' "
        "data-key='unit=9;indicator=a;year=2022;statistic=value;group='>1,5</data> tys."
        "<span class='smup-hidden'> zł</span><span class='smup-note'>uwaga</span></p></main>"
    )
    (paragraph,) = read_content(page).blocks
    assert text_of(paragraph.runs) == "Jest dużo 1,5 tys.uwaga"
    assert text_of(paragraph.runs, hidden=True) == "Jest dużo 1,5 tys. złuwaga"
    assert [run.bold for run in paragraph.runs] == [False, True, False, False, False, False, False]
    number = next(run.number for run in paragraph.runs if run.number)
    assert (number.value, number.scale) == (1500.0, 1000.0)
    assert paragraph.runs[-1] == Run("uwaga", soft=True)


def test_the_sample_is_told_and_the_receipt_read(content):
    assert content.fictional
    assert content.receipt["parameters"]["unit"] == "9002"


def test_what_is_no_report_is_refused():
    with pytest.raises(ReportError, match="nie ma treści głównej"):
        read_content("<p>zwykła strona</p>")
