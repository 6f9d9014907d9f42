"""Which words of a Polish report betray a fault of the program? Patterns, each with its name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_AROUND = 30

#: Words that no Polish text holds; those that mean something in Polish ("is", "not") are left out.
_ENGLISH = (
    *("the", "and", "with", "this", "from", "which", "value", "values", "missing", "unknown"),
    *("warning", "error", "unit", "year", "table", "chart", "share", "should", "because"),
)

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "wartość programu zamiast słowa",
        re.compile(r"\b(?:None|nan|NaN|NaT|True|False|null)\b|<NA>"),
    ),
    ("nieskończoność zamiast liczby", re.compile(r"(?<!\w)-?inf\b")),
    ("niewypełniony szablon", re.compile(r"\{\{|\}\}|\{%|%\}|\{\w+(?::[^{}]*)?\}")),
    ("ślad błędu programu", re.compile(r"Traceback|\b\w+Error\b|<\w[\w.]* object at 0x")),
    ("podwójny odstęp", re.compile(r"(?<=\S)  +(?=\S)")),
    ("słowo angielskie", re.compile(rf"\b(?i:{'|'.join(_ENGLISH)})\b")),
    ("kropka zamiast przecinka w liczbie", re.compile(r"(?<![\w.,/])\d+\.\d+(?![\w.,]*\d)")),
    ("zepsute polskie litery", re.compile("\ufffd|Ã.|[ÄÅ][\u0080-\u00bf\u2010-\u203a\u2122]")),
)
#: Most texts are without fault, and there are thousands on a page.
_ANY = re.compile("|".join(f"(?:{pattern.pattern})" for _, pattern in _PATTERNS))
#: Names of licences hold the number of their version.
_LICENCE = re.compile(r"\b(?:CC(?:[ -]BY(?:-[A-Z]{2})*)?|OGL|ODbL|v|wersj\w+|MIT|GPL)\s$", re.I)


class OddText(NamedTuple):
    """What is odd and the words around it."""

    why: str
    words: str


def find_odd_text(text: str) -> Iterator[OddText]:
    """Yield what is odd in a text that a reader sees.

    Examples
    --------
    >>> [one.why for one in find_odd_text("Wydatki: 12.5 zł, mediana nan")]
    ['wartość programu zamiast słowa', 'kropka zamiast przecinka w liczbie']
    >>> list(find_odd_text("GUS, CC BY 4.0; stan z 22.11.2026 r., miejsce 3. na 16"))
    []
    """
    for why, pattern in _PATTERNS if _ANY.search(text) else ():
        for found in pattern.finditer(text):
            if not _LICENCE.search(text[: found.start()]):
                yield OddText(why, _around(text, found))


def _around(text: str, found: re.Match[str]) -> str:
    start, end = max(0, found.start() - _AROUND), found.end() + _AROUND
    return " ".join(text[start:end].split()) if "  " not in found[0] else text[start:end].strip()
