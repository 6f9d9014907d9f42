"""Which style do exercises carry? Their own small sheet, so that they read well anywhere."""

from __future__ import annotations

from functools import cache

from smup_lib.paths import project_dir
from smup_lib.present.stylesheet import page_style
from smup_lib.present.tokens import css_variables


@cache
def exercise_style(*, whole: bool = False) -> str:
    """Return the CSS of exercises: variables and ``templates/shared/exercises.css``.

    Parameters
    ----------
    whole : bool, default False
        With the sheets of all displays: a notebook in JupyterLab has no other style.

    Examples
    --------
    >>> ".smup-exercise" in exercise_style()
    True
    """
    own = project_dir("templates") / "shared" / "exercises.css"
    before = page_style(fonts=False) if whole else css_variables()
    return f"{before}\n{own.read_text(encoding='utf-8')}"
