"""What do we expect of an answer, said as data, and in what does one differ?"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

_BOM = b"\xef\xbb\xbf"
_SHOWN = 60
#: A word of an expectation -> what it means in Polish, and whether a value is one.
TYPES: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "int": ("liczba całkowita", lambda value: type(value) is int),
    "number": ("liczba", lambda value: type(value) in (int, float)),
    "text": ("tekst", lambda value: isinstance(value, str)),
    "digits": (
        "tekst z samych cyfr",
        lambda value: isinstance(value, str) and value.isascii() and value.isdigit(),
    ),
    "amount": (
        "kwota jako tekst z przecinkiem",
        lambda value: (
            isinstance(value, str) and re.fullmatch(r"(-?\d+(,\d+)?)?", value.strip()) is not None
        ),
    ),
    "bool": ("tak albo nie", lambda value: isinstance(value, bool)),
    "null": ("null", lambda value: value is None),
    "list": ("lista", lambda value: isinstance(value, list)),
    "object": ("obiekt", lambda value: isinstance(value, dict)),
}


@dataclass(frozen=True)
class Expectation:
    """What an answer should be.

    Types are words of :data:`TYPES`, several joined with ``|``; one that ends with ``?`` may be
    missing. Names with dots lead into objects.

    Attributes
    ----------
    form : str
        ``json``, ``text`` (XML, HTML) or ``kept`` (JSON of a shape nobody has described: it is
        only kept).
    statuses : tuple of int
        204 and 404 among them mean that there may be nothing.
    top : mapping
        Fields of the answer -> type.
    rows_at : str or None
        Where the rows are: empty when the answer itself is a list, None when there are none.
    row : mapping
        Fields of every row -> type.
    rows : tuple of int
        How many rows there are at least and at most.
    closed : bool
        Whether a field of a row that is not described is a difference; else it is a remark.
    contains : mapping
        Pattern that the text must hold -> what it is, in Polish.
    """

    form: Literal["json", "text", "kept"] = "json"
    statuses: tuple[int, ...] = (200,)
    top: Mapping[str, str] = field(default_factory=dict)
    rows_at: str | None = None
    row: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[int, int] = (1, 1_000_000)
    closed: bool = False
    contains: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """An answer as it came: status, headers with lower-case names, bytes, the last address."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    address: str = ""

    @property
    def is_html(self) -> bool:
        """Return whether it is a page for people."""
        start = self.body.removeprefix(_BOM).lstrip()[:15].lower()
        return start.startswith((b"<!doctype html", b"<html"))


@dataclass(frozen=True)
class Comparison:
    """In what an answer differs from what was expected, and what else is worth knowing.

    ``page``: a page for people, with nothing of what was expected, came instead of it.
    """

    differences: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    page: bool = False


def compare_reply(reply: Reply, expected: Expectation) -> Comparison:
    """Compare an answer with what was expected, field by field.

    Examples
    --------
    >>> reply = Reply(200, {}, b'[{"id-ou": "1"}]')
    >>> wanted = Expectation(rows_at="", row={"id-ou": "int", "nazwa-obszaru": "text"})
    >>> for difference in compare_reply(reply, wanted).differences:
    ...     print(difference)
    pole „id-ou”: oczekiwano liczba całkowita, jest tekst: "1"
    pole „nazwa-obszaru”: brak
    """
    if reply.status not in expected.statuses:
        wanted = " albo ".join(map(str, expected.statuses))
        return Comparison((f"HTTP {reply.status} zamiast {wanted}{_said_target(reply)}",))
    if reply.status != 200:
        told = f"serwis odpowiada, że tego nie ma (HTTP {reply.status})"
        return Comparison((), (told,) if 200 in expected.statuses else ())
    remarks = tuple(_remarks(reply))
    if expected.form == "text":
        missing = tuple(_text_differences(reply, expected))
        nothing = bool(missing) and len(missing) == len(expected.contains)
        return Comparison(missing, remarks, page=reply.is_html and nothing)
    if reply.is_html:
        return Comparison(
            ("zamiast danych przyszła strona HTML (pośrednik, logowanie, awaria)",),
            remarks,
            page=True,
        )
    try:
        content = json.loads(reply.body.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Comparison(("kodowanie inne niż UTF-8",), remarks)
    except ValueError:
        return Comparison(("odpowiedź nie jest poprawnym JSON-em",), remarks)
    if expected.form == "kept":
        return Comparison((), (*remarks, f"układ: {_said_shape(content)}"))
    differences = list(_top_differences(content, expected))
    extra: list[str] = []
    if expected.rows_at is not None:
        found, extra = _row_differences(content, expected)
        differences += found
    return Comparison(tuple(differences), (*remarks, *extra))


def _said_target(reply: Reply) -> str:
    target = reply.headers.get("location", "")
    return f"; odsyła pod {target}" if target else ""


def _remarks(reply: Reply) -> Iterator[str]:
    kind = reply.headers.get("content-type", "")
    charset = re.search(r"charset=\"?([\w-]+)", kind)
    if charset and charset.group(1).lower() not in ("utf-8", "utf8"):
        yield f"serwis podaje kodowanie {charset.group(1)}"
    if reply.body.startswith(_BOM):
        yield "odpowiedź zaczyna się znakiem BOM"
    limits = [f"{name}: {told}" for name, told in reply.headers.items() if "limit" in name]
    if limits:
        yield "nagłówki limitu: " + ", ".join(limits)


def _text_differences(reply: Reply, expected: Expectation) -> Iterator[str]:
    text = reply.body.decode("utf-8", errors="replace")
    for pattern, what in expected.contains.items():
        if not re.search(pattern, text):
            yield f"nie ma: {what}"


def value_at(content: Any, path: str) -> Any:
    """Return what lies at a path with dots; :data:`Ellipsis` when nothing does."""
    for name in path.split(".") if path else ():
        if not isinstance(content, dict) or name not in content:
            return ...
        content = content[name]
    return content


def _top_differences(content: Any, expected: Expectation) -> Iterator[str]:
    for path, kinds in expected.top.items():
        if wrong := _wrong(value_at(content, path), kinds):
            yield f"pole „{path}”: {wrong}"


def _row_differences(content: Any, expected: Expectation) -> tuple[list[str], list[str]]:
    rows = value_at(content, expected.rows_at or "")
    where = f"w polu „{expected.rows_at}”" if expected.rows_at else "w odpowiedzi"
    if not isinstance(rows, list):
        return [f"{where} nie ma listy: układ jest {_said_shape(content)}"], []
    least, most = expected.rows
    differences = []
    if not least <= len(rows) <= most:
        wanted = str(least) if least == most else f"od {least} do {most}"
        differences.append(f"wierszy jest {len(rows)}, oczekiwano {wanted}")
    counted = Counter(wrong for row in rows for wrong in _wrong_fields(row, expected))
    differences += [_in_rows(wrong, count, len(rows)) for wrong, count in counted.items()]
    undescribed = _undescribed(rows, expected) if expected.row else []
    return ([*differences, *undescribed], []) if expected.closed else (differences, undescribed)


def _wrong_fields(row: Any, expected: Expectation) -> Iterator[str]:
    if not isinstance(row, dict):
        yield f"wiersz nie jest obiektem: {_shown(row)}"
        return
    for path, kinds in expected.row.items():
        if wrong := _wrong(value_at(row, path), kinds):
            yield f"pole „{path}”: {wrong}"


def _in_rows(wrong: str, count: int, rows: int) -> str:
    return wrong if rows == 1 or count == rows else f"{wrong} (wiersze: {count} z {rows})"


def _undescribed(rows: Sequence[Any], expected: Expectation) -> list[str]:
    known = {path.split(".")[0] for path in expected.row}
    first: dict[str, Any] = {}
    for row in rows:
        for name, value in row.items() if isinstance(row, dict) else ():
            if name not in known:
                first.setdefault(name, value)
    return [f"pole „{name}”, którego nie znamy: {_shown(value)}" for name, value in first.items()]


def _wrong(value: Any, kinds: str) -> str:
    """Return what is wrong with a value; empty when it is of one of the kinds."""
    optional = kinds.endswith("?")
    words = kinds.removesuffix("?").split("|")
    if value is ...:
        return "" if optional else "brak"
    if any(TYPES[word][1](value) for word in words):
        return ""
    wanted = " albo ".join(TYPES[word][0] for word in words)
    return f"oczekiwano {wanted}, jest {_said_type(value)}: {_shown(value)}"


def _said_type(value: Any) -> str:
    for word in ("null", "bool", "int", "number", "text", "list", "object"):
        if TYPES[word][1](value):
            return TYPES[word][0]
    return type(value).__name__


def _said_shape(content: Any) -> str:
    if isinstance(content, dict):
        return f"obiekt z polami {', '.join(map(str, content)) or '(żadnych)'}"[: 3 * _SHOWN]
    return f"lista, wierszy: {len(content)}" if isinstance(content, list) else _said_type(content)


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
