"""A compact page is given back letter for letter, and a damaged one is refused."""

from __future__ import annotations

import pytest

from smup_lib.conclude.evidence import NumberKey
from smup_lib.present.compact_page import MARK, compact_page, expand_page
from smup_lib.present.numbers import read_numbers, tagged
from smup_lib.present.svg_draw import Canvas, Printed

KEYS = [NumberKey(f"90{n:02}", "library_readers_per_1k", 2022) for n in range(60)]
KEYS += [key.of(statistic="median", group="similar:15") for key in KEYS]


def whole_page() -> str:
    canvas = Canvas(400)
    for place, key in enumerate(KEYS):
        canvas.text(5, place, ["pole ", Printed("1,5", 1.5, key, bold=True)], halo=True)
        canvas.rect(1, place, 2, 3, "fill-band", ' class-note="x"')
        canvas.path("M1 2", "stroke-ink", ' fill="url(#h)"')
    drawing = canvas.close(100, "Tytuł <b>", "Opis", "u")
    cells = "".join(
        f'<td class="smup-n" data-sort="1.5">{tagged(1.5, key, 1)}</td>'
        f'<td class="smup-n" data-sort="">{tagged(None, key)}</td>'
        for key in KEYS
    )
    return f"<html><head></head><body><main>{drawing}<table>{cells}</table></main></body></html>"


def test_every_letter_and_number_comes_back():
    page = whole_page()
    short = compact_page(page)
    assert len(short) < 0.6 * len(page)
    assert expand_page(short) == page
    assert read_numbers(short) == read_numbers(page)
    assert len(read_numbers(short)) == 3 * len(KEYS)
    assert compact_page(short) == short


def test_a_page_that_would_not_come_back_stays_as_it_is():
    page = whole_page().replace("</main>", '<svg><g class="p-1"/></svg></main>')
    assert compact_page(page) == page
    plain = "<html><head></head><body><main>Nic.</main></body></html>"
    assert compact_page(plain) == plain


def test_a_short_form_that_its_list_lacks_is_refused():
    short = compact_page(whole_page())
    with pytest.raises(ValueError, match="no text for the short form"):
        expand_page(short.replace('data-k="0.', 'data-k="zz.', 1))
    with pytest.raises(ValueError):
        read_numbers(short.replace(MARK, f"{MARK}]", 1))
