"""Which colours, letters and distances does every page use? The only place that says so.

The same table is written out as CSS variables (:func:`css_variables`) and read by the renderers:
an SVG element bears a class, which follows dark mode and print, and a plain attribute, which holds
where no style sheet does.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

#: Colours on white paper and in print. Text colours keep 4.5:1 on paper and wash, marks keep 3:1 on
#: paper and on the quartile band (tests/present/test_tokens.py computes both).
LIGHT: Mapping[str, str] = MappingProxyType(
    {
        "paper": "#ffffff",
        "wash": "#f4f6f8",
        "line": "#cdd4da",
        "control": "#6b757f",
        "ink": "#1b1f24",
        "muted": "#545d66",
        "unit": "#0b5cad",
        "unit-pale": "#d5e5f5",
        "group": "#747e88",
        "band": "#e6eaee",
        "neighbour": "#b35c00",
        "better": "#1a7f5a",
        "worse": "#b3261e",
        "sequence-1": "#f3ee9a",
        "sequence-2": "#5ec962",
        "sequence-3": "#1e9c89",
        "sequence-4": "#31678e",
        "sequence-5": "#481d6f",
        "outline": "#4a525a",
    }
)

#: The same names on dark paper.
DARK: Mapping[str, str] = MappingProxyType(
    {
        "paper": "#12161b",
        "wash": "#1b2129",
        "line": "#3a444f",
        "control": "#8a939c",
        "ink": "#e6eaee",
        "muted": "#a7b0b9",
        "unit": "#6fb1f7",
        "unit-pale": "#1d3a57",
        "group": "#8a939c",
        "band": "#2a323b",
        "neighbour": "#f0a35e",
        "better": "#4fc595",
        "worse": "#ff8f85",
        "sequence-1": "#54307f",
        "sequence-2": "#3a76a0",
        "sequence-3": "#23a08c",
        "sequence-4": "#6fce62",
        "sequence-5": "#f3ee9a",
        "outline": "#8a939c",
    }
)

FONT_FAMILY = "Smup Sans"
FONT_STACK = (
    f"'{FONT_FAMILY}','Source Sans 3','Source Sans Pro','Segoe UI',Roboto,'Liberation Sans',"
    "Arial,sans-serif"
)

#: Sizes and distances of HTML; charts have their own fixed text sizes below.
MEASURES: Mapping[str, str] = MappingProxyType(
    {
        "font": FONT_STACK,
        "size-body": "1.0625rem",
        "size-small": "0.9375rem",
        "size-note": "0.875rem",
        "size-lead": "1.25rem",
        "size-h1": "2rem",
        "size-h2": "1.5rem",
        "size-h3": "1.1875rem",
        "line-height": "1.5",
        "measure": "70ch",
        "page": "60rem",
        "chart": "45rem",
        "gap-1": "0.25rem",
        "gap-2": "0.5rem",
        "gap-3": "0.75rem",
        "gap-4": "1rem",
        "gap-5": "1.5rem",
        "gap-6": "2.5rem",
        "radius": "0.375rem",
        "touch": "44px",
    }
)

#: Sizes of chart text in pixels, the same in the wide and in the narrow drawing.
TEXT = 14.0
TEXT_SMALL = 13.0

#: Widths the two drawings of a chart are laid out for; the style sheet shows one of them.
WIDE = 720
NARROW = 360

_FILLED = (
    *("paper", "ink", "muted", "unit", "unit-pale", "group", "band", "neighbour", "line"),
    *("better", "worse", "sequence-1", "sequence-2", "sequence-3", "sequence-4", "sequence-5"),
)
_STROKED = ("paper", "ink", "muted", "unit", "group", "neighbour", "line", "outline")

#: Class of an SVG element: the property it sets and the colour it takes.
PAINTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        **{f"fill-{name}": ("fill", name) for name in _FILLED},
        **{f"stroke-{name}": ("stroke", name) for name in _STROKED},
    }
)


def css_variables() -> str:
    """Return the rules that define ``--smup-*`` for light, dark and printed pages.

    A page may force one look with ``<html data-theme="light">`` or ``"dark"``; paper is always
    light.

    Examples
    --------
    >>> "--smup-unit:#0b5cad" in css_variables()
    True
    """
    light = _declarations(LIGHT)
    dark = _declarations(DARK)
    return "\n".join(
        (
            f":root{{color-scheme:light dark;{_declarations(MEASURES)}{light}}}",
            f'@media screen and (prefers-color-scheme:dark){{:root:not([data-theme="light"])'
            f"{{{dark}}}}}",
            f'@media screen{{:root[data-theme="dark"]{{color-scheme:dark;{dark}}}}}',
            ':root[data-theme="light"]{color-scheme:light}',
            f"@media print{{:root{{color-scheme:light;{light}}}}}",
        )
    )


def css_paints() -> str:
    """Return the rules that let the classes of a chart follow the variables.

    Examples
    --------
    >>> css_paints().splitlines()[0]
    '.smup-svg .fill-paper{fill:var(--smup-paper)}'
    """
    return "\n".join(
        f".smup-svg .{name}{{{kind}:var(--smup-{colour})}}"
        for name, (kind, colour) in PAINTS.items()
    )


def _declarations(values: Mapping[str, str]) -> str:
    return "".join(f"--smup-{name}:{value};" for name, value in values.items())
