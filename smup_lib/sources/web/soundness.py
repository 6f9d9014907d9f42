"""Is what came an answer at all? A page of HTML and half a document are none."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from smup_lib.sources.markup import MarkupError, read_markup

if TYPE_CHECKING:
    import httpx

#: No answer of these services is nearly as large; what is larger is not one.
_LARGEST = 200_000_000
#: Half of a character, which is none: JSON may name one, and no file can hold it.
_HALF_CHARACTER = re.compile(rb"\\u[dD][89a-fA-F]")


class PassingError(Exception):
    """A failure that may be gone next time; ``wait`` when the service said how long."""

    def __init__(
        self,
        what: str,
        wait: float | None = None,
        *,
        too_many: bool = False,
        next_step: str = "uruchom to samo polecenie później",
    ) -> None:
        super().__init__(what)
        self.wait, self.too_many, self.next_step = wait, too_many, next_step


def read_json(body: bytes) -> Any:
    """Read JSON as a service may write it; what no file of ours could hold is refused.

    Raises
    ------
    ValueError
        When it is no JSON, has ``NaN``, ``Infinity`` or half of a character, or is nested too deep.

    Examples
    --------
    >>> read_json(b'{"rows": [1]}')
    {'rows': [1]}
    >>> read_json(b"[NaN]")
    Traceback (most recent call last):
    ValueError: NaN
    """
    try:
        content = json.loads(body.decode("utf-8-sig"), parse_constant=_refuse)
        if _HALF_CHARACTER.search(body):
            json.dumps(content, ensure_ascii=False).encode()  # an error of encoding is a ValueError
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    return content


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def check_no_page(body: bytes) -> None:
    """Refuse a page of HTML (a proxy, a login, a breakdown), whatever status it has."""
    if is_html(body):
        raise PassingError(
            "zamiast danych przyszła strona HTML (pośrednik, logowanie, awaria)",
            next_step="otwórz adres serwisu w przeglądarce: może sieć chce zalogowania albo serwis"
            " ma przerwę; potem uruchom to samo polecenie",
        )


def check_body(body: bytes, expects: str) -> None:
    """Refuse half a document."""
    if not body:
        raise PassingError("odpowiedź jest pusta")
    if expects == "html" and not is_html(body):
        raise PassingError("zamiast strony HTML przyszło coś innego")
    if expects == "json":
        try:
            read_json(body)
        except ValueError as error:
            raise PassingError("odpowiedź nie jest poprawnym JSON-em") from error
    if expects == "xml":
        try:
            read_markup(body)
        except MarkupError as error:
            raise PassingError(str(error)) from error


def is_html(body: bytes) -> bool:
    """Return whether an answer is a page of HTML."""
    start = body.lstrip(b"\xef\xbb\xbf \r\n\t")[:15].lower()
    return start.startswith((b"<!doctype html", b"<html"))


def read_body(response: httpx.Response) -> bytes:
    """Return the body; the part that came must be as long as the service announced."""
    parts = []
    size = 0
    for part in response.iter_bytes():
        size += len(part)
        if size > _LARGEST:
            raise PassingError(f"odpowiedź jest większa niż {_LARGEST // 1_000_000} MB")
        parts.append(part)
    return b"".join(parts)
