"""Is a finished page whole, small, quiet and readable by everybody?

The check needs no browser: it reads the markup. What only a rendered page can show (contrast, what
is really requested) is asked of Chromium in the tests.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
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
_HEADING = re.compile(r"^h[1-6]$")
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

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.counts[tag] += 1
        if tag not in _VOID:
            self._stack.append(tag)
        if "id" in given:
            self.ids[given["id"]] += 1
        if tag == "html":
            self.language = given.get("lang", "")
        elif _HEADING.match(tag):
            self.headings.append((int(tag[1]), ""))
        elif tag == "a" and "href" in given:
            self.links.append(given["href"])
        self._check_names(tag, given)
        self._check_requests(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._stack:
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
        elif self.headings and any(_HEADING.match(tag) for tag in self._stack):
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
        self._check_css(tag, given.get("style", ""))

    def _check_css(self, tag: str, css: str) -> None:
        for found in _CSS_RESOURCE.finditer(css):
            target = (found[1] or found[2] or "").strip()
            self.problems.append(f"strona sięga poza siebie: styl w {tag}, {target[:100]}")
