"""What stands below a table about single rows: each text once, with a letter that leads to it?"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from string import ascii_lowercase


class Footnotes:
    """Remarks on rows of a table, in the order in which they are first needed.

    Examples
    --------
    >>> notes = Footnotes()
    >>> notes.mark(["zaokrąglono"]), notes.mark([])
    ('<sup class="smup-footmark"><span class="smup-hidden">uwaga </span>a</sup>', '')
    >>> notes.render()
    '<ul class="smup-footnotes"><li><b>a</b> zaokrąglono</li></ul>'
    """

    def __init__(self) -> None:
        self._letters: dict[str, str] = {}

    def mark(self, texts: Iterable[str]) -> str:
        """Return the letters of texts as markup; nothing without a text."""
        letters = [self._letters.setdefault(text, self._next()) for text in texts]
        if not letters:
            return ""
        hidden = f'<span class="smup-hidden">{"uwagi" if len(letters) > 1 else "uwaga"} </span>'
        return f'<sup class="smup-footmark">{hidden}{", ".join(letters)}</sup>'

    def _next(self) -> str:
        again, place = divmod(len(self._letters), len(ascii_lowercase))
        return ascii_lowercase[place] * (again + 1)

    def render(self) -> str:
        """Return all texts with their letters; nothing when there is none."""
        items = "".join(
            f"<li><b>{letter}</b> {escape(text)}</li>" for text, letter in self._letters.items()
        )
        return f'<ul class="smup-footnotes">{items}</ul>' if items else ""
