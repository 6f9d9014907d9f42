"""How does a report of a site lean on the style and script that all its pages share?

A report is made as one file and stays one. For a site a second page is derived from it: the style
with the typeface and the script are put into files of their own, named by their content, and the
rest is written compactly (:mod:`smup_lib.present.compact_page`). Reports of different versions
thus lie side by side, each with the style that it was made for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2s
from html import escape
from pathlib import Path

from smup_lib.errors import ReportError, system_reason
from smup_lib.present.compact_page import compact_page, expand_page
from smup_lib.present.page_shell import page_policy

_STYLE = re.compile(r"<style>(.*?)</style>", re.S)
#: What the style of a page says of that page alone: its running head on paper.
_OWN_STYLE = "\n@page{@top-left{"
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.S)
#: A shared file as a page names it; its name says what it holds.
_STYLE_LINK = re.compile(
    r'<link rel="stylesheet" href="((?:\.\./)+[a-z]+/styl-([0-9a-f]{8})\.css)">'
    r"(?:<style>(@page.*?)</style>)?",
    re.S,
)
_SCRIPT_LINK = re.compile(r'<script src="((?:\.\./)+[a-z]+/skrypt-([0-9a-f]{8})\.js)"></script>')
_NAVIGATION = re.compile(r'<nav class="smup-site-nav".*?</nav>(?=<main)', re.S)
_POLICY = re.compile(r'(<meta http-equiv="Content-Security-Policy" content=")[^"]*(">)')


@dataclass(frozen=True)
class SharedPage:
    """A page, and the files that it needs beside it.

    Attributes
    ----------
    html : str
        The page.
    files : mapping of str to str
        Name and text of each file.
    """

    html: str
    files: Mapping[str, str]


def share_assets(page: str, folder: str, navigation: str = "") -> SharedPage:
    """Return a report that takes style and script from a folder of its site.

    Parameters
    ----------
    page : str
        A report as one file.
    folder : str
        Address of the shared folder as seen from the page, with a slash at its end.
    navigation : str, optional
        Markup that leads back to the site.

    Examples
    --------
    >>> page = "<head><style>p{}</style></head><body><main></main><script>1</script></body>"
    >>> sorted(share_assets(page, "../").files)
    ['skrypt-245bda1b.js', 'styl-82f6bcc0.css']
    """
    files: dict[str, str] = {}

    def style_beside(found: re.Match[str]) -> str:
        shared, mark, own = found[1].partition(_OWN_STYLE)
        name = _named("styl", shared, "css", files)
        left = f"<style>{(mark + own).strip()}</style>" if mark else ""
        return f'<link rel="stylesheet" href="{escape(folder + name)}">{left}'

    def script_beside(found: re.Match[str]) -> str:
        name = _named("skrypt", found[1], "js", files)
        return f'<script src="{escape(folder + name)}"></script>'

    html = _STYLE.sub(style_beside, page, count=1)
    html = _SCRIPT.sub(script_beside, html)
    html = _with_policy(html, page_policy(style_file=folder, beside=True))
    html = html.replace("<main", f"{navigation}<main", 1)
    return SharedPage(compact_page(html), files)


def _named(stem: str, text: str, ending: str, files: dict[str, str]) -> str:
    """Keep a text as a file named by what it says, and return the name."""
    name = f"{stem}-{_mark_of(text)}.{ending}"
    files[name] = text
    return name


def join_assets(page: str, folder: Path) -> str:
    """Return a report of a site as the single file that it was derived from.

    Parameters
    ----------
    page : str
        A page that :func:`share_assets` made; any other is given back untouched.
    folder : Path
        Where the page lies.

    Raises
    ------
    ReportError
        When a shared file is not there, or not the one that the page was made for.
    """
    page = expand_page(page)
    if not _STYLE_LINK.search(page):
        return page

    def style_inside(found: re.Match[str]) -> str:
        own = f"\n{found[3]}" if found[3] else ""
        return f"<style>{_text_of(folder / found[1], found[2])}{own}</style>"

    scripts: list[str] = []

    def script_inside(found: re.Match[str]) -> str:
        scripts.append(_text_of(folder / found[1], found[2]))
        return f"<script>{scripts[-1]}</script>"

    html = _SCRIPT_LINK.sub(script_inside, _STYLE_LINK.sub(style_inside, page, count=1))
    return _with_policy(_NAVIGATION.sub("", html, count=1), page_policy(tuple(scripts)))


def _with_policy(page: str, policy: str) -> str:
    return _POLICY.sub(lambda found: f"{found[1]}{policy}{found[2]}", page, count=1)


def find_navigation(page: str) -> str:
    """Return what leads from a page back to its site; empty where nothing does."""
    found = _NAVIGATION.search(page)
    return found[0] if found else ""


def folder_up(page: str) -> str | None:
    """Return the way from a page to the root of its site; None for a page that stands alone."""
    found = _STYLE_LINK.search(page)
    return "../" * found[1].count("../") if found else None


def derive_again(written: str, single: str, navigation: str) -> str:
    """Return a page as its single page gives it: what is written besides, nobody made.

    Parameters
    ----------
    written : str
        A page of a site, or any other.
    single : str
        What :func:`join_assets` made of it.
    navigation : str
        What leads back to the site.
    """
    found = _STYLE_LINK.search(written)
    if found:
        return share_assets(single, found[1].rpartition("/")[0] + "/", navigation).html
    return written if single == written else compact_page(single)


def _text_of(path: Path, mark: str) -> str:
    """Return a shared file that is still what its name says."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = system_reason(error) if isinstance(error, OSError) else "to nie jest tekst"
        raise _unfit(f"Nie można odczytać wspólnego pliku strony: {reason}.", path) from error
    if _mark_of(text) != mark:
        raise _unfit("Wspólny plik strony zmienił się od jej utworzenia.", path)
    return text


def _unfit(what: str, path: Path) -> ReportError:
    return ReportError(
        what,
        where=str(path),
        expected="wspólny styl i skrypt, z którymi raport powstał",
        next_step="utwórz stronę jeszcze raz: smup report site",
    )


def _mark_of(text: str) -> str:
    return blake2s(text.encode(), digest_size=4).hexdigest()
