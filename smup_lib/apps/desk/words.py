"""How does the desk write a moment, a stretch of time, a command and how far something is?"""

from __future__ import annotations

import datetime
from html import escape

from smup_lib.present.formats import format_number

_HOUR = 3600


def said_moment(text: str) -> str:
    """Return a moment on this computer's clock.

    Parameters
    ----------
    text : str
        ISO; empty when not known.

    Examples
    --------
    >>> said_moment("")
    'nie wiadomo'
    """
    if not text:
        return "nie wiadomo"
    return datetime.datetime.fromisoformat(text).astimezone().strftime("%d.%m.%Y, %H:%M")


def said_stretch(seconds: float) -> str:
    """Return about how long something takes.

    Examples
    --------
    >>> said_stretch(20), said_stretch(600), said_stretch(9000)
    ('poniżej minuty', 'około 10 min', 'około 2 h 30 min')
    """
    minutes = round(seconds / 60)
    if minutes < 1:
        return "poniżej minuty"
    if seconds < _HOUR:
        return f"około {minutes} min"
    return f"około {minutes // 60} h {minutes % 60} min"


def command_html(command: str) -> str:
    """Return a command for a terminal, to copy.

    Examples
    --------
    >>> "data-copy" in command_html("smup data list")
    True
    """
    text = escape(command)
    return (
        f'<p class="smup-command"><code>{text}</code> <button type="button" '
        f'class="smup-copy-text smup-link-button" data-copy="{text}" '
        f'aria-label="Kopiuj polecenie: {text}">Kopiuj</button></p>'
    )


def progress_html(done: int, total: int, name: str) -> str:
    """Return a bar with its numbers, nothing where the whole is not known.

    Examples
    --------
    >>> "3 z 12" in progress_html(3, 12, "Raporty").replace(chr(160), " ")
    True
    """
    if total <= 0:
        return ""
    share = 100 * done // total
    said = f"{format_number(done)} z {format_number(total)} ({share}%)"
    return (
        f'<p class="smup-progress"><progress max="{total}" value="{done}" '
        f'aria-label="{escape(name)}">{said}</progress> <span>{said}</span></p>'
    )
