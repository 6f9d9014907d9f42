"""What is the whole style of a page, in one string that needs no network?"""

from __future__ import annotations

from functools import cache

from smup_lib.paths import project_dir
from smup_lib.present.fonts import load_font_face
from smup_lib.present.tokens import css_paints, css_variables

#: Files of ``templates/shared`` in the order of the cascade; print comes last.
SHEETS = ("base", "page", "tables", "charts", "print")


@cache
def page_style(*, fonts: bool = True) -> str:
    """Return all CSS of a report, app or lesson: variables, typeface, shared sheets.

    Parameters
    ----------
    fonts : bool, default True
        Whether the typeface is put inside; False for tests and for pages that have it already.

    Examples
    --------
    >>> ".smup-figure" in page_style(fonts=False)
    True
    """
    folder = project_dir("templates") / "shared"
    sheets = [(folder / f"{name}.css").read_text(encoding="utf-8") for name in SHEETS]
    face = [load_font_face().css] if fonts else []
    return "\n".join([css_variables(), *face, css_paints(), *sheets])


@cache
def page_script() -> str:
    """Return the script that adds sorting and a CSV file to tables; pages work without it."""
    return (project_dir("templates") / "shared" / "tables.js").read_text(encoding="utf-8")
