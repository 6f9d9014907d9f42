"""How wide is a text on the page? Lets charts place labels without a browser."""

from __future__ import annotations

from functools import lru_cache

#: Advance widths of Source Sans 3 in thousandths of the letter height, rounded up to twenties.
_REGULAR: dict[int, str] = {
    200: " \u00a0",
    240: ",.:;ij|·’‘",
    260: "Il",
    280: "!",
    300: "()[]f{}ł▸",
    320: "-",
    340: "rt°",
    360: "/\\²³",
    420: '"*?szśźżšž«»„”',
    440: "x",
    460: "cvyćč",
    480: "JLY–",
    540: "ASTZ`hnouĄŚŹŻńóöüÄ",
    560: "PRbdpq",
    580: "BCKĆß",
    600: "&●▲■○◆EVXĘ",
    620: "DG→←",
    640: "NUŃÜ",
    660: "HOQÓÖ",
    720: "Mw",
    780: "W¼",
    800: "½¾—",
    820: "%m",
    840: "@",
    940: "…",
}
_OTHER = 500
#: Semibold letters are this much wider; other fonts that may stand in are wider still.
_SEMIBOLD = 1.035
_RESERVE = 1.03

_WIDTHS = {letter: width for width, letters in _REGULAR.items() for letter in letters}


@lru_cache(maxsize=8192)
def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return the width of a text in pixels, rather a little too much than too little.

    Parameters
    ----------
    text : str
        One line.
    size : float
        Font size in pixels.
    bold : bool, default False
        Whether it stands in semibold.

    Examples
    --------
    >>> text_width("41,2", 14) < text_width("41,2", 14, bold=True) < 35
    True
    """
    units = sum(_WIDTHS.get(letter, _OTHER) for letter in text)
    return units / 1000 * size * _RESERVE * (_SEMIBOLD if bold else 1.0)


def wrap_text(
    text: str, width: float, size: float, *, lines: int = 2, bold: bool = False
) -> list[str]:
    """Break a text into at most so many lines of a width; what is left over ends in an ellipsis.

    Breaks at spaces and after hyphens, so "czarnkowsko-trzcianecki" may stand on two lines.

    Examples
    --------
    >>> wrap_text("powiat czarnkowsko-trzcianecki", 110, 14)
    ['powiat', 'czarnkowsko-tr…']
    >>> wrap_text("powiat czarnkowsko-trzcianecki", 150, 14)
    ['powiat czarnkowsko-', 'trzcianecki']
    """
    out: list[str] = []
    rest = text.strip()
    while rest:
        if len(out) == lines - 1 or text_width(rest, size, bold) <= width:
            out.append(shorten_text(rest, width, size, bold=bold))
            break
        line = _fitting(rest, width, size, bold)
        out.append(shorten_text(line.rstrip(), width, size, bold=bold))
        rest = rest[len(line) :].lstrip()
    return out or [""]


def shorten_text(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """Cut a text to a width, with an ellipsis; a text that fits is returned whole.

    Examples
    --------
    >>> shorten_text("Bolesławiec", 200, 14)
    'Bolesławiec'
    >>> shorten_text("Bolesławiec", 50, 14)
    'Boles…'
    """
    if text_width(text, size, bold) <= width:
        return text
    kept = text.rstrip()
    while kept and text_width(kept + "…", size, bold) > width:
        kept = kept[:-1].rstrip()
    return kept.rstrip(" -–,") + "…"


def _fitting(text: str, width: float, size: float, bold: bool) -> str:
    """Return the longest beginning that fits; the first word when nothing does."""
    best = ""
    for end, letter in enumerate(text, start=1):
        at_break = letter in " -" or end == len(text)
        if not at_break:
            continue
        if text_width(text[:end].rstrip(), size, bold) > width:
            break
        best = text[:end]
    if best:
        return best
    ends = [end for end in (text.find(" ") + 1, text.find("-") + 1) if end > 0]
    return text[: min(ends)] if ends else text
