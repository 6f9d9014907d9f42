"""How does a report become a PDF that can be read aloud? By its own print style."""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

from smup_lib.errors import ReportError
from smup_lib.installing import install_command


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
    data: bytes = html(string=page).write_pdf(pdf_tags=True, pdf_variant="pdf/ua-1")
    return data


@cache
def _load_html() -> Any:
    try:
        from weasyprint import HTML
    except ImportError as error:
        raise ReportError(
            f"Do zapisania PDF brakuje biblioteki {error.name}.",
            expected="instalacja z dodatkiem „export”",
            next_step=f"zainstaluj ją: {install_command('smup-workbench[export]')}",
        ) from error
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
