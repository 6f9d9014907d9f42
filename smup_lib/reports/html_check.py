"""Is a finished page whole, small, quiet and readable by everybody?

The check needs no browser: it reads the markup. What only a rendered page can show (contrast, what
is really requested) is asked of Chromium in the tests.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser

MAX_BYTES = 1_500_000
LANGUAGE = "pl"

_FETCHING = {
    "audio": ("src",),
    "embed": ("src",),
    "feimage": ("href", "xlink:href"),
    "form": ("action",),
    "iframe": ("src", "srcdoc"),
    "image": ("href", "xlink:href"),
    "img": ("src", "srcset"),
    "input": ("src", "formaction"),
    "link": ("href",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src", "srcset"),
    "track": ("src",),
    "use": ("href", "xlink:href"),
    "video": ("src", "poster"),
}
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track")
)
_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_WRITTEN = r'((?: [a-zA-Z][a-zA-Z0-9:_-]*="[^"]*")*)'
#: A tag as our templates and drawings write it, with the text up to the next one.
_PLAIN_PIECE = re.compile(
    rf"<(?:(script|style){_WRITTEN}>([^<]*(?:<(?!/)[^<]*)*)</\1>"
    rf"|([a-z][a-z0-9]*){_WRITTEN}(/?)>|/([a-z][a-z0-9]*)>)([^<]*)"
)
_BEFORE_TAGS = re.compile(r"\s*(?:<!doctype html>)?[^<]*", re.I)
_ATTRIBUTE = re.compile(r' ([^=]+)="([^"]*)"')
_TELLING = re.compile(r' (?:id|style)="', re.I)
#: Whose content browsers read in another way.
_RAW = frozenset(
    ("iframe", "noembed", "noframes", "noscript", "plaintext", "script", "style", "textarea", "xmp")
)
#: Of which the checks want to know more than an id and a style.
_ASKED = frozenset((*_FETCHING, *_HEADINGS, "a", "base", "html", "main", "meta", "svg"))
_CSS_RESOURCE = re.compile(r"url\(\s*['\"]?(?!data:|#)([^'\")]*)|@import\s+['\"]?([^'\";]*)", re.I)


def check_html(html: str) -> list[str]:
    """Return what is wrong with a page, in Polish; an empty list when nothing is.

    Parameters
    ----------
    html : str
        The whole document.

    Returns
    -------
    list of str
        Requests to the network or to other files, too large a size, a missing language, title,
        main landmark, skip link, alternative text or name, headings out of order, repeated ids.

    Examples
    --------
    >>> head = '<html lang="pl"><title>Kultura</title><a href="#m">Przejdź do treści</a>'
    >>> check_html(head + '<main id="m"><h1>Kultura</h1></main></html>')
    []
    >>> check_html(head + '<main id="m"><h1>K</h1><img alt="" src="https://x.pl/a"></main></html>')
    ['strona sięga poza siebie: img https://x.pl/a']
    """
    reader = _PageReader()
    if not reader.read_plain(html):
        reader = _PageReader()
        reader.feed(html)
        reader.close()
    problems = [*_size_problems(html), *_document_problems(reader), *_heading_problems(reader)]
    return [*problems, *reader.problems, *_link_problems(reader)]


def _size_problems(html: str) -> Iterator[str]:
    size = len(html.encode())
    if size > MAX_BYTES:
        yield f"strona ma {size} bajtów, a może mieć najwyżej {MAX_BYTES}"


def _document_problems(reader: _PageReader) -> Iterator[str]:
    if reader.language != LANGUAGE:
        yield f"element html ma lang=„{reader.language}”, a powinien mieć „{LANGUAGE}”"
    if not reader.title.strip():
        yield "strona nie ma tytułu (element title)"
    if reader.counts["main"] != 1:
        yield f"strona ma {reader.counts['main']} elementów main, a powinna mieć jeden"
    for name, count in reader.ids.items():
        if count > 1:
            yield f"identyfikator „{name}” powtarza się ({count} razy)"


def _heading_problems(reader: _PageReader) -> Iterator[str]:
    levels = [level for level, _ in reader.headings]
    if levels.count(1) != 1:
        yield f"strona ma {levels.count(1)} nagłówków h1, a powinna mieć jeden"
    above = 0
    for level, text in reader.headings:
        if level > above + 1:
            yield f"nagłówek h{level} „{text}” stoi po h{above or '?'}: brakuje szczebla"
        if not text:
            yield f"nagłówek h{level} jest pusty"
        above = level


def _link_problems(reader: _PageReader) -> Iterator[str]:
    first = reader.links[0] if reader.links else None
    if first is None or not first.startswith("#"):
        yield "pierwszy odnośnik na stronie nie jest przejściem do treści"
    for target in reader.links:
        if target.startswith("#") and target[1:] not in reader.ids:
            yield f"odnośnik prowadzi donikąd: {target}"


def _attributes(written: str) -> dict[str, str]:
    """Return the attributes of a plain tag."""
    return {
        name.lower(): unescape(value) if "&" in value else value
        for name, value in _ATTRIBUTE.findall(written)
    }


class _PageReader(HTMLParser):
    """Reads a page once and notes what the checks ask for."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.language = ""
        self.title = ""
        self.headings: list[tuple[int, str]] = []
        self.links: list[str] = []
        self.ids: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()
        self.problems: list[str] = []
        self._stack: list[str] = []
        self._svg_names: list[str | None] = []

    def read_plain(self, html: str) -> bool:
        """Read a page of plain tags in a third of the time; False where it has any other markup."""
        start = _BEFORE_TAGS.match(html)
        read = start.end() if start else 0
        for piece in _PLAIN_PIECE.finditer(html, read):
            if piece.start() != read:
                return False
            read = piece.end()
            raw, raw_written, content, tag, written, closed, ended, text = piece.groups()
            if ended:
                self.handle_endtag(ended)
            elif raw:
                self._note_tag(raw, _attributes(raw_written))
                self.handle_data(content)
                self.handle_endtag(raw)
            elif tag in _RAW or (tag == "title" and not html.startswith("</title>", read)):
                return False
            elif tag in _ASKED or (written and _TELLING.search(written)):
                self._note_tag(tag, _attributes(written))
                if closed:
                    self.handle_endtag(tag)
            elif not closed and tag not in _VOID:
                self._stack.append(tag)
            if text and not text.isspace():
                self.handle_data(unescape(text) if "&" in text else text)
        return read == len(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note_tag(tag, {name: value or "" for name, value in attrs})

    def _note_tag(self, tag: str, given: dict[str, str]) -> None:
        """Note what the checks ask of a start tag."""
        self.counts[tag] += 1
        if tag not in _VOID:
            self._stack.append(tag)
        if "id" in given:
            self.ids[given["id"]] += 1
        if tag == "html":
            self.language = given.get("lang", "")
        elif tag in _HEADINGS:
            self.headings.append((int(tag[1]), ""))
        elif tag == "a" and "href" in given:
            self.links.append(given["href"])
        self._check_names(tag, given)
        self._check_requests(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if self._stack and self._stack[-1] == tag:
            self._stack.pop()
        elif tag in self._stack:
            while self._stack.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._stack:
            return
        inside = self._stack[-1]
        if inside == "title" and "svg" not in self._stack:
            self.title += data
        elif inside == "style":
            self._check_css("style", data)
        elif self.headings and not _HEADINGS.isdisjoint(self._stack):
            level, text = self.headings[-1]
            self.headings[-1] = (level, " ".join(f"{text} {data}".split()))

    def _check_names(self, tag: str, given: dict[str, str]) -> None:
        if tag == "img" and "alt" not in given:
            self.problems.append("obraz bez tekstu alternatywnego (atrybut alt)")
        if tag == "svg" and given.get("aria-hidden") != "true":
            named = given.get("aria-label") or given.get("aria-labelledby")
            if given.get("role") != "img" or not named:
                self.problems.append("rysunek svg bez nazwy (role=img i aria-label)")
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            self.problems.append("strona przeładowuje się sama (meta refresh)")
        if tag == "base":
            self.problems.append("strona zmienia podstawę odnośników (element base)")

    def _check_requests(self, tag: str, given: dict[str, str]) -> None:
        for name in _FETCHING.get(tag, ()):
            target = given.get(name, "").strip()
            if target and not target.lower().startswith(("data:", "#")):
                self.problems.append(f"strona sięga poza siebie: {tag} {target[:100]}")
        if "style" in given:
            self._check_css(tag, given["style"])

    def _check_css(self, tag: str, css: str) -> None:
        for found in _CSS_RESOURCE.finditer(css):
            target = (found[1] or found[2] or "").strip()
            self.problems.append(f"strona sięga poza siebie: styl w {tag}, {target[:100]}")
