"""What does a cell show: HTML for a page, plain text for a terminal?"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Display:
    """A piece of a page that a notebook, an app or a lesson shows.

    Attributes
    ----------
    html : str
        Markup of the piece.
    text : str
        The same said without markup.

    Examples
    --------
    >>> Display("<p>Kultura</p>", "Kultura")
    Kultura
    """

    html: str = field(repr=False)
    text: str = ""

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        """Return the plain text, so that a terminal and a log stay readable."""
        return self.text
