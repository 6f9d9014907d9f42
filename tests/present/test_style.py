"""Style and typeface travel inside the page and never reach for a network."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import pytest

from smup_lib.present import fonts, stylesheet
from smup_lib.present.tokens import FONT_FAMILY, LIGHT, MEASURES


@pytest.fixture
def fresh_font(smup_home: Path):
    fonts.load_font_face.cache_clear()
    yield smup_home
    fonts.load_font_face.cache_clear()


def test_no_rule_asks_a_network():
    css = stylesheet.page_style()
    assert "@import" not in css
    assert "http" not in re.sub(r'a\[href\^="http"\]', "", css)
    assert all(u.startswith("data:font/woff2;base64,") for u in re.findall(r"url\(([^)]*)\)", css))


def test_every_variable_used_is_defined():
    css = stylesheet.page_style(fonts=False)
    used = set(re.findall(r"var\(--smup-([\w-]+)", css))
    assert used <= LIGHT.keys() | MEASURES.keys()


def test_braces_are_balanced_in_every_sheet():
    css = re.sub(r"/\*.*?\*/", "", stylesheet.page_style(fonts=False), flags=re.S)
    assert css.count("{") == css.count("}")


def test_everything_hangs_under_our_own_names():
    """The sheets go into JupyterLab and Voilà, whose controls they must not touch."""
    css = re.sub(r"/\*.*?\*/", "", stylesheet.page_style(fonts=False), flags=re.S)
    css = re.sub(r"@(font-face|page|keyframes)[^{]*\{(?:[^{}]|\{[^{}]*\})*\}", "", css)
    for selector in re.findall(r"(?:^|[{};])\s*([^@{};]+)\{", css):
        if re.fullmatch(r"\s*(from|to|\d+%)\s*", selector):
            continue
        assert re.search(r"\.smup-|:root|\.num\b|th\[aria-sort", selector), selector


def test_the_script_needs_nothing_from_outside():
    script = stylesheet.page_script()
    assert "http" not in script and "fetch" not in script and "import " not in script


def test_the_typeface_is_small_whole_and_renamed(fresh_font):
    face = fonts.load_font_face()
    if not face.css:
        pytest.skip(face.note)
    from fontTools.ttLib import TTFont

    data = base64.b64decode(re.search(r"base64,([^)]+)\)", face.css).group(1))  # type: ignore[union-attr]
    assert len(data) < 40_000
    font = TTFont(io.BytesIO(data))
    letters = font.getBestCmap()
    assert not [letter for letter in fonts.LETTERS if ord(letter) not in letters]
    names = {record.toUnicode() for record in font["name"].names if record.nameID in (1, 4)}
    assert names == {FONT_FAMILY}
    assert not any("Source" in name for name in names)
    widths = {font["hmtx"][letters[ord(digit)]][0] for digit in "0123456789"}
    assert len(widths) == 1, "figures of a table must stand under each other"


def test_the_cut_font_is_kept_and_read_again(fresh_font):
    first = fonts.load_font_face()
    if not first.css:
        pytest.skip(first.note)
    (kept,) = (fresh_font / "cache" / "fonts").glob("*.woff2")
    stamp = kept.stat().st_mtime_ns
    fonts.load_font_face.cache_clear()
    assert fonts.load_font_face() == first
    assert kept.stat().st_mtime_ns == stamp
    assert not list(kept.parent.glob("*.part"))


def test_an_unwritable_cache_only_costs_time(fresh_font):
    (fresh_font / "cache").write_text("a file where a folder should be", encoding="utf-8")
    assert "@font-face" in fonts.load_font_face().css or fonts.load_font_face().note


def test_without_the_package_a_page_says_so_and_goes_on(fresh_font, monkeypatch):
    monkeypatch.setattr(fonts, "find_spec", lambda name: None)
    face = fonts.load_font_face()
    assert face.css == ""
    assert "fontpkg-source-sans-3" in face.note
