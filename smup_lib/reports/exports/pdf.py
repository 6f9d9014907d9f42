"""How does a report become a PDF that can be read aloud? By its own print style."""

from __future__ import annotations

import logging
import re
from functools import cache
from typing import Any

from smup_lib.errors import ReportError
from smup_lib.present.compact_page import expand_page
from smup_lib.reports.exports.extra import lacking_library

#: The name and the description of a drawing, as our drawings begin.
_TOLD = re.compile(r"(<title\b[^>]*>)[^<]*(</title>\s*<desc\b[^>]*>)([^<]+)(</desc>)")


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
    told = _TOLD.sub(r"\1\3\2\3\4", expand_page(page))
    data: bytes = html(string=told).write_pdf(pdf_tags=True, pdf_variant="pdf/ua-1")
    return data


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
