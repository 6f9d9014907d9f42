"""In which ways can an answer of a service be broken?"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

HTML = b"<!DOCTYPE html>\n<html><body><h1>Access denied by proxy</h1></body></html>"


@dataclass(frozen=True)
class Call:
    """One request as the server saw it: ``number`` counts from 1 over the life of the server.

    ``form`` holds the fields of a POST.
    """

    number: int
    service: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    form: Mapping[str, str] | None = None

    def __str__(self) -> str:
        told = self.path + "?" + "&".join(f"{name}={value}" for name, value in self.query)
        return told if self.form is None else f"POST {told}"

    def told(self, name: str, default: str = "") -> str:
        """Return a parameter of the query."""
        return dict(self.query).get(name, default)


@dataclass(frozen=True)
class Reply:
    """What a shape answers; ``transport`` is ``""``, ``silence`` or ``half``."""

    status: int = 200
    content: Any = None
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    transport: str = ""
    spoiled: bool = False
    bom: bool = False

    def encoded(self) -> bytes:
        """Return the bytes to send."""
        if self.body is not None:
            return self.body
        if self.content is None:
            return b""
        return json.dumps(self.content).encode("utf-8-sig" if self.bom else "utf-8")


Spoil = Callable[[Reply, Call], Reply]


@dataclass
class Fault:
    """Breaks the replies to some calls, at most so many times."""

    spoil: Spoil
    when: Callable[[Call], bool] = lambda call: True
    times: int | None = None

    def apply(self, reply: Reply, call: Call) -> Reply:
        """Return the reply, broken when this fault concerns the call."""
        if self.times == 0 or not self.when(call):
            return reply
        if self.times is not None:
            self.times -= 1
        return replace(self.spoil(reply, call), spoiled=True)


def status(code: int, retry_after: str | None = None) -> Spoil:
    """429, 500, 503...: an error instead of the answer."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return lambda reply, call: Reply(code, {"error": code}, headers=headers)


def html(code: int = 200) -> Spoil:
    """Answer with a page for people: a proxy, a login, a breakdown."""
    return lambda reply, call: Reply(code, body=HTML, headers={"Content-Type": "text/html"})


def half(reply: Reply, call: Call) -> Reply:
    """Break the connection in the middle of the body."""
    return replace(reply, transport="half")


def silence(reply: Reply, call: Call) -> Reply:
    """Never answer."""
    return replace(reply, transport="silence")


def half_json(reply: Reply, call: Call) -> Reply:
    """Half a document whose length agrees with its header."""
    whole = reply.encoded()
    return replace(reply, body=whole[: len(whole) // 2])


def rows_field(reply: Reply) -> str:
    """Return under which name a reply tells its rows: ``results`` in BDL."""
    return "results" if "results" in reply.content else "data"


def _with_rows(reply: Reply, rows: list[Any]) -> Reply:
    return replace(reply, content={**reply.content, rows_field(reply): rows})


def duplicated(reply: Reply, call: Call) -> Reply:
    """Tell the first three rows twice."""
    rows = reply.content[rows_field(reply)]
    return _with_rows(reply, rows + rows[:3])


def reordered(reply: Reply, call: Call) -> Reply:
    """Tell the rows of a page in another order."""
    rows = list(reply.content[rows_field(reply)])
    random.Random(call.number).shuffle(rows)
    return _with_rows(reply, rows)


def page_count(pages: int | None) -> Spoil:
    """Lie about the number of pages; with None do not tell it."""

    def spoil(reply: Reply, call: Call) -> Reply:
        told = {name: value for name, value in reply.content.items() if name != "page-count"}
        return replace(reply, content=told if pages is None else {**told, "page-count": pages})

    return spoil


def emptied(reply: Reply, call: Call) -> Reply:
    """Tell a list without rows."""
    return replace(reply, content={**reply.content, rows_field(reply): [], "page-count": 0})


def envelope(**fields: Any) -> Spoil:
    """Tell something else about the answer itself: ``envelope(totalRecords=3)``."""
    return lambda reply, call: replace(reply, content={**reply.content, **fields})


def paging(**counts: int) -> Spoil:
    """Lie about the number of rows or pages: ``paging(totalItems=3)``."""
    return lambda reply, call: replace(
        reply, content={**reply.content, "paging": {**reply.content["paging"], **counts}}
    )


def changed(**kinds: Callable[[Any], Any]) -> Spoil:
    """Change fields of every row: ``changed(wartosc=str)``; a field that is not there is added."""

    def spoil(reply: Reply, call: Call) -> Reply:
        rows = [
            row | {name.replace("_", "-"): kind(row.get(name.replace("_", "-")))
                   for name, kind in kinds.items()}
            for row in reply.content[rows_field(reply)]
        ]  # fmt: skip
        return _with_rows(reply, rows)

    return spoil


def gone(reply: Reply, call: Call) -> Reply:
    """404, as if it had never been there."""
    return Reply(404, {"message": "Not Found"})


def at_random(seed: int, share: float) -> Fault:
    """Break a share of all replies in a way that passes, the same calls for the same seed."""
    ways = [
        status(429),
        status(429, "2"),
        status(500),
        status(503),
        half,
        half_json,
        html(),
        html(502),
    ]

    def drawn(call: Call) -> random.Random:
        return random.Random(seed * 1_000_003 + call.number)

    def spoil(reply: Reply, call: Call) -> Reply:
        return drawn(call).choice(ways)(reply, call)

    return Fault(spoil, when=lambda call: drawn(call).random() < share)
