"""How does a chart become a picture for documents that know no SVG?"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from smup_lib.present.fonts import load_font_files
from smup_lib.present.tokens import FONT_FAMILY
from smup_lib.reports.exports.extra import lacking_library

if TYPE_CHECKING:
    from smup_lib.reports.exports.content import Picture

#: Dots of a picture for each unit of its drawing: 200 an inch and more on paper.
_ZOOM = 2
_VIEW = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


def draw_png(picture: Picture) -> bytes:
    """Return a chart as a PNG on white, in the letters of our pages.

    Raises
    ------
    ReportError
        When the extra ``export`` is not installed.
    """
    try:
        import resvg_py
    except ImportError as error:
        raise lacking_library("narysowania wykresu", error) from error
    width, height = size_of(picture)
    files = _font_files()
    data: bytes = resvg_py.svg_to_bytes(
        svg_string=picture.svg,
        background="#ffffff",
        width=round(width * _ZOOM),
        height=round(height * _ZOOM),
        font_files=files,
        sans_serif_family=FONT_FAMILY if files else None,
        skip_system_fonts=bool(files),
        languages=["pl"],
    )
    return bytes(data)


@cache
def _font_files() -> list[str]:
    return [str(path) for path in load_font_files()]


def size_of(picture: Picture) -> tuple[float, float]:
    """Return width and height of a drawing in its own units.

    Examples
    --------
    >>> from smup_lib.reports.exports.content import Picture
    >>> size_of(Picture('<svg viewBox="0 0 640 200"></svg>', "", ""))
    (640.0, 200.0)
    """
    found = _VIEW.search(picture.svg)
    return (float(found[1]), float(found[2])) if found else (640.0, 400.0)
