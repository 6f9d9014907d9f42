"""What does the attribute of a value say: is it a number, and how is it to be read?

Each attribute has a number and a sign; the signs are those of downloaded files
(:data:`smup_lib.sources.bdl_crel.ATTRIBUTES`), so that a file and the service say the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from smup_lib.sources.bdl_crel import ATTRIBUTES, Attribute
from smup_lib.sources.web.answers import Answer
from smup_lib.sources.web.bdl_questions import rows_of

#: Beside this attribute a zero may stand for anything: it has neither a sign nor a description.
BLANK = 0
#: Number -> sign of a file (the dash is printed in place of a value).
_SIGNS: Mapping[int, str] = {
    BLANK: "",
    1: "",
    3: "k",
    4: "x",
    7: "a",
    9: "s",
    11: "M",
    13: "K",
    14: "X",
    15: "-",
    17: "A",
    20: "v",
    21: "v",
    50: "n",
    91: "x",
    94: "z",
    97: "p",
    98: "Z",
}


@dataclass(frozen=True)
class Attributes:
    """What the service says of its attributes.

    Attributes
    ----------
    meanings : mapping
        Number -> what it does to a value; numbers that nobody explains are not there.
    names : mapping
        Number -> sign and description in the words of the service.
    notes : tuple of str
        Attributes whose sign is not the one we know.
    """

    meanings: Mapping[int, Attribute]
    names: Mapping[int, str]
    notes: tuple[str, ...] = ()


def read_attributes(answers: Sequence[Answer]) -> Attributes:
    """Read the dictionary; a known number with another sign than ours is not believed.

    Parameters
    ----------
    answers : sequence of Answer
        All pages of ``/attributes``.
    """
    told = {
        row["id"]: row
        for row in rows_of(answers)
        if isinstance(row, dict) and type(row.get("id")) is int
    }
    changed = [
        number
        for number, row in told.items()
        if number in _SIGNS and _text(row, "symbol") != _SIGNS[number].replace("-", "")
    ]
    meanings = {
        number: ATTRIBUTES[sign] for number, sign in _SIGNS.items() if number not in changed
    }
    names = {number: _said(row) for number, row in told.items()}
    notes = tuple(
        f"atrybut {number} ma w BDL inny znak niż znany programowi ({names[number]}):"
        " wartości z nim czekają w kwarantannie"
        for number in changed
    )
    return Attributes(meanings, names, notes)


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return value.strip() if isinstance(value, str) else ""


def _said(row: dict[str, Any]) -> str:
    parts = (_text(row, name) for name in ("symbol", "name", "display", "description"))
    return "; ".join(filter(None, parts)) or "bez opisu"
