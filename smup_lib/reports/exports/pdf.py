"""How does a report become a PDF that can be read aloud? By its own print style."""

from __future__ import annotations

import logging
import re
from functools import cache
from html import unescape
from types import MappingProxyType
from typing import Any

from smup_lib.errors import ReportError
from smup_lib.present.compact_page import expand_page
from smup_lib.present.svg_draw import num
from smup_lib.present.text_width import text_width
from smup_lib.present.tokens import LIGHT, TEXT
from smup_lib.reports.exports.extra import lacking_library

#: The name and the description of a drawing, as our drawings begin.
_TOLD = re.compile(r"(<title\b[^>]*>)[^<]*(</title>\s*<desc\b[^>]*>)([^<]+)(</desc>)")
#: Words of a drawing with a ring in the colour of the paper below the letters, and the ring.
_RINGED = re.compile(r'(<text\b[^>]* paint-order="stroke"[^>]*>)(.*?)</text>', re.S)
_RING = re.compile(r' (?:stroke|stroke-width|stroke-linejoin|paint-order)="[^"]*"| stroke-paper\b')
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
_UNREAD = re.compile(r"<title\b.*?</title>|<[^>]*>", re.S)
#: What part of the width of words stands to the left of their place.
_LEFT = MappingProxyType({"start": 0.0, "middle": 0.5, "end": 1.0})


def write_pdf(page: str) -> bytes:
    """Return a report as a tagged PDF: structure tree, descriptions of charts, embedded letters.

    Parameters
    ----------
    page : str
        The finished report; its print style is followed.

    Raises
    ------
    ReportError
        When the extra ``export`` or the system's library Pango is missing; says what to do
        instead.
    """
    html: Any = _load_html()
    # only the name of a drawing gets into a PDF, and that stands above the drawing anyway: who does
    # not see it needs the description
    told = _TOLD.sub(r"\1\3\2\3\4", without_rings(expand_page(page)))
    data: bytes = html(string=told).write_pdf(pdf_tags=True, pdf_variant="pdf/ua-1")
    return data


def without_rings(page: str) -> str:
    """Return a page whose drawings have paper below their words instead of a ring around letters.

    WeasyPrint knows no ``paint-order``: it would paint the ring over the letters.

    Examples
    --------
    >>> without_rings('<text x="3" y="20" stroke="#fff" paint-order="stroke">28,2</text>')[-44:]
    'acity="0.85"/><text x="3" y="20">28,2</text>'
    """
    return _RINGED.sub(_on_paper, page)


def _on_paper(found: re.Match[str]) -> str:
    named = dict(_ATTRIBUTE.findall(found[1]))
    size, bold = float(named.get("font-size", TEXT)), "font-weight" in named
    width = text_width(unescape(_UNREAD.sub("", found[2])), size, bold)
    left = float(named["x"]) - width * _LEFT[named.get("text-anchor", "start")]
    paper = (
        f'<rect x="{num(left)}" y="{num(float(named["y"]) - 0.9 * size)}" width="{num(width)}"'
        f' height="{num(1.2 * size)}" fill="{LIGHT["paper"]}" fill-opacity="0.85"/>'
    )
    return paper + _RING.sub("", found[1]) + found[2] + "</text>"


@cache
def _load_html() -> Any:
    try:
        from weasyprint import HTML
    except ImportError as error:
        raise lacking_library("zapisania PDF", error) from error
    except OSError as error:
        raise ReportError(
            "Do zapisania PDF brakuje biblioteki systemowej Pango.",
            problems=[str(error).splitlines()[0]],
            expected="Pango 1.44 albo nowsze",
            next_step="zainstaluj ją (Debian: apt install libpango-1.0-0 libpangoft2-1.0-0"
            " libharfbuzz-subset0) albo otwórz raport HTML i wydrukuj go do PDF",
        ) from error
    # it would tell every unknown rule of our style in English
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    return HTML
