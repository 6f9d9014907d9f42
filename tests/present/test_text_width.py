"""Widths are guessed rather too large than too small, else labels would touch."""

from __future__ import annotations

import io
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smup_lib.present.text_width import shorten_text, text_width, wrap_text
from tests.present.cases import LONG_NAMES, UNIT_NAME, names

SAMPLES = [*LONG_NAMES, UNIT_NAME, *names(24), "41,2", "1 234 567,8", "mediana grupy −58,0%",
           "na 100 tys. mieszk.", "środkowa połowa grupy: 46,9 – 77,2"]  # fmt: skip


@pytest.fixture(scope="module")
def advance():
    """Real advance widths of the typeface, by weight."""
    found = find_spec("fontpkg_source_sans_3")
    if found is None or found.origin is None:
        pytest.skip("fontpkg-source-sans-3 is not installed")
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    from smup_lib.present.fonts import subset_font

    path = Path(found.origin).parent / "files" / "SourceSans3[wght].ttf"
    cut = subset_font(path)
    tables = {}
    for weight in (400, 600):
        font = instancer.instantiateVariableFont(TTFont(io.BytesIO(cut)), {"wght": weight})
        letters, metrics = font.getBestCmap(), font["hmtx"]
        tables[weight] = {chr(c): metrics[name][0] / 1000 for c, name in letters.items()}
    return tables


@pytest.mark.parametrize("text", SAMPLES)
@pytest.mark.parametrize("bold", [False, True])
def test_guesses_hold_for_the_typeface(advance, text, bold):
    real = sum(advance[600 if bold else 400][letter] for letter in text) * 14
    assert real <= text_width(text, 14, bold) <= real * 1.12


@given(st.text(max_size=80), st.integers(20, 400), st.integers(1, 4))
def test_wrapped_lines_fit_and_are_not_too_many(text, width, lines):
    out = wrap_text(text, width, 14, lines=lines)
    assert 1 <= len(out) <= lines
    assert all(text_width(line, 14) <= max(width, text_width("…", 14)) for line in out)


@pytest.mark.parametrize("name", LONG_NAMES)
def test_nothing_is_lost_when_there_is_room(name):
    joined = " ".join(wrap_text(name, 160, 14, lines=4))
    assert joined.replace("- ", "-") == name


def test_a_shortened_text_says_so():
    assert shorten_text("powiat czarnogórsko-trzciannobrzeziński", 90, 14).endswith("…")
