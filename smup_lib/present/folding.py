"""How does a long list wait behind its name?"""

from __future__ import annotations

from html import escape


def folded(summary: str, html: str) -> str:
    """Return a part that few read, behind a line that says what it is; paper shows it open.

    Parameters
    ----------
    summary : str
        What waits, as text.
    html : str
        The part, trusted markup of ours.

    Examples
    --------
    >>> folded("Usługi (2)", "<p>Drogi</p>")
    '<details class="smup-more"><summary>Usługi (2)</summary><p>Drogi</p></details>'
    """
    return f'<details class="smup-more"><summary>{escape(summary)}</summary>{html}</details>'
