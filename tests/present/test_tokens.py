"""Colours can be read and told apart, in light, dark and print."""

from __future__ import annotations

import itertools
import re

import pytest

from smup_lib.present import tokens
from smup_lib.present.tokens import DARK, LIGHT, PAINTS, css_paints, css_variables

THEMES = {"light": LIGHT, "dark": DARK}
TEXTS = ("ink", "muted", "unit", "neighbour", "better", "worse")
MARKS = ("unit", "group", "neighbour", "better", "worse", "control", "ink", "muted")


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def test_the_formula_gives_the_published_extremes():
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("ground", ["paper", "wash"])
def test_text_keeps_four_and_a_half_to_one(theme, name, ground):
    colours = THEMES[theme]
    assert contrast(colours[name], colours[ground]) >= 4.5 or (name, ground) == (
        "neighbour",
        "wash",
    ), "second hue is never text on wash"


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", MARKS)
@pytest.mark.parametrize("ground", ["paper", "band"])
def test_marks_keep_three_to_one_on_paper_and_on_the_quartile_band(theme, name, ground):
    colours = THEMES[theme]
    assert contrast(colours[name], colours[ground]) >= 3.0


@pytest.mark.parametrize("theme", THEMES)
def test_text_on_the_marked_row_of_a_table_can_be_read(theme):
    colours = THEMES[theme]
    assert contrast(colours["ink"], colours["unit-pale"]) >= 7.0


@pytest.mark.parametrize("theme", THEMES)
def test_neighbouring_classes_of_a_map_differ_in_lightness(theme):
    """A map must survive greyscale: each step is lighter or darker than the one before."""
    steps = [luminance(THEMES[theme][f"sequence-{i}"]) for i in range(1, 6)]
    falling = all(a > b for a, b in itertools.pairwise(steps))
    rising = all(a < b for a, b in itertools.pairwise(steps))
    assert falling if theme == "light" else rising
    colours = [THEMES[theme][f"sequence-{i}"] for i in range(1, 6)]
    assert all(contrast(a, b) >= 1.25 for a, b in itertools.pairwise(colours))


@pytest.mark.parametrize("theme", THEMES)
def test_areas_are_bounded_visibly(theme):
    """The palest class would vanish on paper without its outline."""
    colours = THEMES[theme]
    for name in colours:
        if name.startswith("sequence"):
            edges = (contrast(colours[name], colours["outline"]),
                     contrast(colours[name], colours["paper"]))  # fmt: skip
            assert max(edges) >= 3.0, name


def test_both_themes_name_the_same_colours():
    assert LIGHT.keys() == DARK.keys()


def test_every_paint_has_a_colour_and_a_rule():
    rules = css_paints()
    for name, (kind, colour) in PAINTS.items():
        assert kind in ("fill", "stroke")
        assert colour in LIGHT
        assert f".smup-svg .{name}{{{kind}:var(--smup-{colour})}}" in rules


def test_paper_is_always_light():
    printed = re.search(r"@media print\{.*", css_variables())
    assert printed and f"--smup-paper:{LIGHT['paper']}" in printed.group()


def test_no_colour_is_written_outside_the_tokens(repo_root):
    """Renderers and sheets take colours from here; the print sheet alone says white."""
    allowed = {"tokens.py"}
    colour = re.compile(r"#[0-9a-fA-F]{6}\b")
    folder = repo_root / "smup_lib" / "present"
    for path in folder.glob("*.py"):
        found = [
            c for c in colour.findall(path.read_text(encoding="utf-8"))
            if c not in tokens.LIGHT.values()
        ]  # fmt: skip
        assert path.name in allowed or not found, f"{path.name}: {found}"
    for path in (repo_root / "templates" / "shared").glob("*.css"):
        assert not colour.findall(path.read_text(encoding="utf-8")), path.name
