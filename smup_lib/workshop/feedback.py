"""What does a participant hear back: what happened, why it misleads, what to do next?"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Literal

Outcome = Literal["right", "wrong", "unreadable"]

_HEADS = {
    "right": ("✓", "Dobrze."),
    "wrong": ("→", "Jeszcze nie."),
    "unreadable": ("?", "Nie udało się odczytać odpowiedzi."),
}
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Verdict:
    """What a question says about one answer, whatever was answered before.

    Attributes
    ----------
    outcome : str
        ``right``, ``wrong`` or ``unreadable`` (does not count as an attempt).
    misconception : str
        Id of the recognised mistake; empty when there is none.
    why : str
        Markup: what the participant probably did and why it misleads here.
    """

    outcome: Outcome
    misconception: str = ""
    why: str = ""


@dataclass(frozen=True)
class Feedback:
    """The reply to one answer, shown as a box.

    Attributes
    ----------
    exercise : str
        Id of the exercise.
    outcome, misconception : str
        As in :class:`Verdict`.
    parts : tuple of (str, str)
        Names and markup of what follows the head: reason, hint, worked solution.

    Examples
    --------
    >>> Feedback("own_value", "right", parts=(("", "To wartość z karty."),))
    Dobrze. To wartość z karty.
    """

    exercise: str
    outcome: Outcome
    misconception: str = ""
    parts: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @property
    def right(self) -> bool:
        """Whether the answer was right."""
        return self.outcome == "right"

    @property
    def html(self) -> str:
        """The box; ``data-outcome`` lets a program read it."""
        sign, word = _HEADS[self.outcome]
        told = "".join(
            f"<p>{f'<strong>{name}:</strong> ' if name else ''}{markup}</p>"
            for name, markup in self.parts
        )
        return (
            f'<div class="smup-feedback smup-feedback-{self.outcome}" role="status" '
            f'data-exercise="{escape(self.exercise)}" data-outcome="{self.outcome}">'
            f'<p class="smup-feedback-head"><span aria-hidden="true">{sign}</span> {word}</p>'
            f"{told}</div>"
        )

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        """Return the same words without markup, for a terminal and a log."""
        said = [f"{name}: {markup}" if name else markup for name, markup in self.parts]
        return plain_text(" ".join([_HEADS[self.outcome][1], *said]))


def plain_text(markup: str) -> str:
    """Return the words of a piece of markup.

    Examples
    --------
    >>> plain_text("<p>41,2&nbsp;% <b>lasów</b></p>")
    '41,2\\xa0% lasów'
    """
    return unescape(_TAG.sub("", markup)).strip()
