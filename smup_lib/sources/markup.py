"""Is this XML whole and harmless, and what stands in it?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NoReturn
from xml.parsers import expat

Start = Callable[[str, Mapping[str, str]], None]
"""Called with the name of an element (``namespace name``) and its attributes."""


class MarkupError(ValueError):
    """The text is no XML, or one that asks for more than itself; the message is Polish."""


def open_markup(
    start: Start | None = None,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> expat.XMLParserType:
    """Return a parser that tells each start tag, end tag and text between tags.

    A document type is refused: through it a text reads other files or grows without measure
    (entities), and no service that we ask sends one.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    if start is not None:
        parser.StartElementHandler = start
    if end is not None:
        parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
    return parser


def read_markup(content: bytes, parser: expat.XMLParserType | None = None) -> None:
    """Read XML from beginning to end.

    Parameters
    ----------
    content : bytes
    parser : expat.XMLParserType, optional
        Told what stands in it; see :func:`open_markup`.

    Raises
    ------
    MarkupError
        When the text breaks off, is malformed or has a document type.

    Examples
    --------
    >>> names = []
    >>> read_markup(b"<a><b/></a>", open_markup(lambda name, attributes: names.append(name)))
    >>> names
    ['a', 'b']
    >>> read_markup(b"<a><b>")
    Traceback (most recent call last):
    ...
    smup_lib.sources.markup.MarkupError: XML jest ucięty albo błędny (wiersz 1)
    """
    try:
        (parser or open_markup()).Parse(content, True)
    except expat.ExpatError as error:
        raise MarkupError(f"XML jest ucięty albo błędny (wiersz {error.lineno})") from error


def _refuse(*declaration: object) -> NoReturn:
    raise MarkupError("XML ma deklarację typu dokumentu (DOCTYPE), której się nie czyta")
