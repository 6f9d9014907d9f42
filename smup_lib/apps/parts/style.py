"""Which styles does an app's page carry?"""

from __future__ import annotations

from functools import cache

from smup_lib.paths import project_dir
from smup_lib.present.stylesheet import page_style


@cache
def app_style(*, fonts: bool = True) -> str:
    """Return the CSS of a page with widgets: the shared sheets and that of the controls.

    Parameters
    ----------
    fonts : bool, default True
        Whether the typeface is put inside.

    Examples
    --------
    >>> ".smup-app" in app_style(fonts=False)
    True
    """
    shared = project_dir("templates") / "shared"
    # what all pages have, then a sheet for each app and part
    own = [shared / "app.css", *sorted((shared / "app").glob("*.css"))]
    return "\n".join([page_style(fonts=fonts), *(f.read_text(encoding="utf-8") for f in own)])
