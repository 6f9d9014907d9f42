"""How does a page of ours stand alone: head, policy, style, the band of the fictional land?"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from html import escape

from smup_lib.present.stylesheet import page_script, page_style
from smup_lib.present.words import SAMPLE_LAND


def render_page(
    title: str,
    body: str,
    *,
    fictional: bool = False,
    navigation: str = "",
    scripts: tuple[str, ...] = (),
    style_file: str = "",
    script_files: tuple[str, ...] = (),
) -> str:
    """Return a whole HTML document that asks no network for anything.

    Parameters
    ----------
    title : str
        Of the browser's tab.
    body : str
        Markup of the main part.
    fictional : bool, default False
        Whether to say on top that the data are made up.
    navigation : str, optional
        Markup before the main part.
    scripts : tuple of str, optional
        Scripts beside the one of the tables.
    style_file : str, optional
        Address of a style sheet beside the page; the whole style stands inside when empty.
    script_files : tuple of str, optional
        Addresses of scripts beside the page, that of the tables among them; nothing runs that
        stands inside then.

    Examples
    --------
    >>> page = render_page("Katalog", "<h1>Katalog</h1>", style_file="styl.css")
    >>> page.startswith("<!DOCTYPE html>"), "://" in page
    (True, False)
    """
    every = () if script_files else (page_script(), *scripts)
    style = (
        f'<link rel="stylesheet" href="{escape(style_file)}">'
        if style_file
        else f"<style>{page_style()}</style>"
    )
    policy = page_policy(every, style_file, beside=bool(script_files))
    band = f'<div class="smup-land-band" role="note"><span>{SAMPLE_LAND}</span></div>'
    return (
        '<!DOCTYPE html>\n<html lang="pl">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="generator" content="{GENERATOR}">\n'
        f"<title>{escape(title)}</title>\n{style}\n</head>\n"
        '<body class="smup-page">\n<a class="smup-skip" href="#tresc">Przejdź do treści</a>\n'
        f"{band if fictional else ''}{navigation}"
        f'<main class="smup-main" id="tresc" tabindex="-1">{body}</main>\n'
        + "".join(f"<script>{script}</script>\n" for script in every)
        + "".join(f'<script src="{escape(name)}"></script>\n' for name in script_files)
        + "</body>\n</html>\n"
    )


#: By this the pages of a site are told from other people's files.
GENERATOR = "smup-workbench"


def page_policy(
    scripts: tuple[str, ...] = (), style_file: str = "", *, beside: bool = False
) -> str:
    """Return the policy of a page: our scripts by their checksums, our style, nothing else.

    With ``beside`` scripts may also be files of the page's own site. A page opened from a disk has
    no origin that ``'self'`` could name, so the scheme ``file:`` stands beside it; over the network
    it allows nothing, since no page from there may read a disk.

    Examples
    --------
    >>> "script-src 'self' file:" in page_policy(beside=True)
    True
    >>> "file:" in page_policy(("let x = 1;",))
    False
    """
    digests = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts]
    own = "'self' file:"
    style = own if style_file else ""
    allowed = [f"'sha256-{digest}'" for digest in digests] + ([own] if beside else [])
    rules: Mapping[str, str] = {
        "default-src": "'none'",
        "style-src": f"'unsafe-inline' {style}".strip(),
        "img-src": "data:",
        "font-src": f"data: {style}".strip(),
        "script-src": " ".join(allowed) or "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())
