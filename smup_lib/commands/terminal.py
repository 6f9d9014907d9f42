"""What can the other end of a stream read? Polish letters, or only plain ones."""

from __future__ import annotations

import codecs
import sys
from typing import TextIO

from smup_lib.polish_text import plain_text

_LETTERS = "ąćęłńóśźż„”–→"
_PLAIN_LETTERS = "smup_plain_letters"
#: Of signs that are no letters, what says nearly the same.
_SIGNS = {"„": '"', "”": '"', "–": "-", "−": "-", "→": "->", "·": "-", "\u00a0": " ", "…": "..."}
_SURROGATES = range(0xDC80, 0xDD00)


def reads_polish(stream: TextIO) -> bool:
    """Tell whether a stream takes Polish letters and the signs of our sentences."""
    try:
        _LETTERS.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def speak_plainly() -> None:
    """Let no command end with an error because a stream cannot take Polish letters.

    A stream of ASCII stands for a terminal that was not set up (``LC_ALL=C``): it gets UTF-8, as
    typer gives it already. One of another alphabet gets the letters without their marks.
    """
    codecs.register_error(_PLAIN_LETTERS, _write_plainly)
    for stream in (sys.stdout, sys.stderr):
        change = getattr(stream, "reconfigure", None)
        if change is None or reads_polish(stream):
            continue
        if codecs.lookup(stream.encoding or "ascii").name == "ascii":
            change(encoding="utf-8", errors="surrogateescape")
        else:
            change(errors=_PLAIN_LETTERS)


def _write_plainly(error: UnicodeError) -> tuple[str | bytes, int]:
    """Return what stands for the signs that could not be written, and where to go on."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    sign = error.object[error.start]
    if ord(sign) in _SURROGATES:  # a byte of a file name that was no text
        return bytes([ord(sign) - 0xDC00]), error.start + 1
    known = _SIGNS.get(sign)
    if known is not None:
        return known, error.start + 1
    plain = plain_text(sign)
    if not plain.isascii() or not plain:
        return "?", error.start + 1
    return plain.upper() if sign.isupper() else plain, error.start + 1
