"""What does an answer say in words? A sentence with places for its numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Figure(NamedTuple):
    """A number of a sentence, exact, and how it is to be printed.

    Attributes
    ----------
    value : float
        Exact value.
    decimals : int
        Digits after the comma in print.
    measure_unit : str
        Written behind it; empty for counts.
    """

    value: float
    decimals: int = 0
    measure_unit: str = ""


@dataclass(frozen=True)
class Reading:
    """A Polish sentence whose numbers stand apart, so that each can be traced and printed alike.

    Attributes
    ----------
    template : str
        The sentence, a number's name in braces where it goes. Whatever words the sentence needs
        (names of units, forms of nouns) stand in it already.
    figures : mapping of str to Figure
        The numbers by name.

    Examples
    --------
    >>> reading = Reading("Dotyczy to {n} z {all} jednostek.", {"n": Figure(3), "all": Figure(12)})
    >>> reading.fill(lambda figure: f"{figure.value:g}")
    'Dotyczy to 3 z 12 jednostek.'
    """

    template: str
    figures: Mapping[str, Figure] = field(default_factory=dict)

    def fill(self, write: Callable[[Figure], str]) -> str:
        """Return the sentence with its numbers written; one full stop is enough at its end."""
        text = self.template.format_map({name: write(one) for name, one in self.figures.items()})
        return text[:-1] if text.endswith("..") else text


def in_braces(text: str) -> str:
    """Return a text so that it may stand in a template: its own braces are doubled.

    Examples
    --------
    >>> in_braces("gmina {nowa}")
    'gmina {{nowa}}'
    """
    return text.replace("{", "{{").replace("}", "}}")


def difference_unit(measure_unit: str) -> str:
    """Return in what a difference of two values is told: of percentages in points.

    Examples
    --------
    >>> difference_unit("%"), difference_unit("zł/os.")
    ('p.proc.', 'zł/os.')
    """
    return "p.proc." if measure_unit == "%" else measure_unit
