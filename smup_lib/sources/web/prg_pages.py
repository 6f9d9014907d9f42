"""What do the pages of a WFS layer say, and do they make one layer together?

Nothing of this could be tried on the live service. Third-party clients that read it describe WFS
2.0.0 with GML 3.2: ``wfs:member`` elements, ``numberMatched="unknown"``, ``numberReturned`` and a
``next`` address while there are further pages.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from xml.parsers import expat

from smup_lib.sources.markup import MarkupError, open_markup, read_markup
from smup_lib.sources.web.answers import Answer, Request

PATH = "AdministrativeBoundaries"
#: Fewer than the 1 000 that the service is said to allow: a page then has tens of megabytes, and
#: an interruption loses no more than that.
PAGE_SIZE = 250
CODE_FIELD = "JPT_KOD_JE"
_WFS = "http://www.opengis.net/wfs/2.0 "
_ROOT, _MEMBER = f"{_WFS}FeatureCollection", f"{_WFS}member"
_HEAD_BYTES = 64 * 1024
_SHOWN = 5


@dataclass(frozen=True)
class Layer:
    """A layer of the service.

    Attributes
    ----------
    name : str
        Its name there, without the prefix ``ms:``.
    level : str
    label : str
        What messages call it, Polish.
    """

    name: str
    level: str
    label: str

    def request(self, start: int = 0) -> Request:
        """Return the question for the page that begins with a feature."""
        return Request.of(
            PATH,
            {
                "service": "WFS",
                "version": "2.0.0",
                "request": "GetFeature",
                "typeNames": f"ms:{self.name}",
                "srsName": "urn:ogc:def:crs:EPSG::2180",
                "count": PAGE_SIZE,
                "startIndex": start,
            },
        )


#: The smallest first: it tells whether the service answers as it should.
LAYERS = (
    Layer("A01_Granice_wojewodztw", "voivodeship", "granice województw"),
    Layer("A02_Granice_powiatow", "powiat", "granice powiatów"),
    Layer("A03_Granice_gmin", "gmina", "granice gmin"),
)


@dataclass(frozen=True)
class PageHead:
    """The first tag of a page.

    Attributes
    ----------
    root : str
        Its name, ``namespace name``.
    matched, returned : int or None
        Features of the layer and of the page; None when it does not tell.
    more : bool
        Whether it names the address of a further page.
    """

    root: str
    matched: int | None
    returned: int | None
    more: bool


@dataclass
class Page:
    """A page read to its end.

    Attributes
    ----------
    codes : list of str
        Code of every feature, empty where it has none.
    prints : list of str
        A check sum of the content of every feature.
    spaces : dict
        Prefix -> namespace.
    begin, end : int
        Place of the first feature, and of the end tag of the page; equal on an empty page.
    """

    codes: list[str] = field(default_factory=list)
    prints: list[str] = field(default_factory=list)
    spaces: dict[str | None, str] = field(default_factory=dict)
    begin: int = -1
    end: int = -1


class _EnoughError(Exception):
    """The first tag was read."""


def read_head(body: bytes) -> PageHead:
    """Return what the first tag of a page tells.

    Raises
    ------
    MarkupError
        When there is none.

    Examples
    --------
    >>> read_head(b'<a numberMatched="unknown" numberReturned="2"/>')
    PageHead(root='a', matched=None, returned=2, more=False)
    """
    found: list[PageHead] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        matched, returned = (
            _count(attributes.get(f"number{one}")) for one in ("Matched", "Returned")
        )
        found.append(PageHead(name, matched, returned, bool(attributes.get("next"))))
        raise _EnoughError

    parser = open_markup(start)
    with suppress(_EnoughError, expat.ExpatError):
        parser.Parse(body[:_HEAD_BYTES], False)
    if found:
        return found[0]
    raise MarkupError("strona nie zaczyna się od żadnego znacznika")


def _count(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() else None


def read_page(body: bytes) -> Page:
    """Read a page to its end.

    Raises
    ------
    MarkupError
        When it is malformed.
    """
    page, path, told = Page(), list[str](), list[str]()
    digest = hashlib.sha256()

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal digest
        path.append(name)
        if path == [_ROOT, _MEMBER]:
            digest = hashlib.sha256()
            told.clear()
            if page.begin < 0:
                page.begin = parser.CurrentByteIndex

    def text(part: str) -> None:
        digest.update(part.encode())
        if path[-1].rpartition(" ")[2] == CODE_FIELD:
            told.append(part)

    def end(name: str) -> None:
        if path == [_ROOT, _MEMBER]:
            page.codes.append("".join(told).strip())
            page.prints.append(digest.hexdigest())
        elif len(path) == 1:
            page.end = parser.CurrentByteIndex
        path.pop()

    parser = open_markup(start, end, text)
    parser.StartNamespaceDeclHandler = lambda prefix, uri: page.spaces.setdefault(prefix, uri)
    read_markup(body, parser)
    page.begin = page.end if page.begin < 0 else page.begin
    return page


class FeaturePages:
    """The pages of a layer: which one is next, and what is wrong with all of them."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer

    def next_page(self, answers: Sequence[Answer]) -> Request | None:
        """Return the request of the next page; None after the last one, or after a strange one."""
        heads = _heads(answers)
        if len(heads) < len(answers):
            return None
        got, last = sum(head.returned or 0 for head in heads), heads[-1]
        if not last.returned:
            return None
        if last.matched is not None:
            further = got < last.matched
        else:
            further = last.more or last.returned >= PAGE_SIZE
        return self.layer.request(got) if further else None

    def fault(self, answers: Sequence[Answer]) -> str:
        """Return in Polish why the pages do not fit together; empty when they do."""
        try:
            heads = [read_head(answer.body) for answer in answers]
            strange = next(_said_strange(heads, answers), "")
            pages = [] if strange else [read_page(answer.body) for answer in answers]
        except MarkupError as error:
            return str(error)
        return strange or next(_faults(heads, pages), "")


def _heads(answers: Sequence[Answer]) -> list[PageHead]:
    """Return the heads of the pages, up to the first that is none of a layer."""
    heads = []
    for answer in answers:
        try:
            head = read_head(answer.body)
        except MarkupError:
            break
        if head.root != _ROOT or head.returned is None:
            break
        heads.append(head)
    return heads


def _said_strange(heads: Sequence[PageHead], answers: Sequence[Answer]) -> Iterator[str]:
    for head, answer in zip(heads, answers, strict=True):
        name = head.root.rpartition(" ")[2]
        if name in ("ExceptionReport", "ServiceExceptionReport"):
            yield f"serwis odpowiada błędem: {_said_exception(answer.body)}"
        elif head.root != _ROOT:
            yield f"to nie jest warstwa WFS 2.0, tylko „{name}”"
        elif head.returned is None:
            yield "strona nie podaje, ile ma obiektów (numberReturned)"


def _said_exception(body: bytes) -> str:
    """Return the words of an error report in one line."""
    parts: list[str] = []
    read_markup(body, open_markup(text=parts.append))
    return " ".join(" ".join(parts).split())[:200].rstrip(".") or "bez opisu"


def _faults(heads: Sequence[PageHead], pages: Sequence[Page]) -> Iterator[str]:
    codes = [code for page in pages for code in page.codes]
    for number, (head, page) in enumerate(zip(heads, pages, strict=True), 1):
        if head.returned != len(page.codes):
            yield f"strona {number} zapowiada {head.returned} obiektów, a ma {len(page.codes)}"
    if len({head.matched for head in heads}) > 1:
        yield "strony podają różną liczbę obiektów warstwy"
    if heads[0].matched not in (None, len(codes)):
        yield f"warstwa ma mieć {heads[0].matched} obiektów, a przyszło {len(codes)}"
    if not codes:
        yield "warstwa nie ma ani jednego obiektu"
    if codes.count(""):
        yield f"obiekty bez kodu jednostki ({CODE_FIELD}): {codes.count('')}"
    prints = [one for page in pages for one in page.prints]
    times = Counter(prints)
    if again := sorted({c for c, one in zip(codes, prints, strict=True) if times[one] > 1}):
        shown = ", ".join(again[:_SHOWN]) + (" i inne" if len(again) > _SHOWN else "")
        yield f"strony zachodzą na siebie: {shown} jest więcej niż raz"
    if any(page.spaces != pages[0].spaces for page in pages):
        yield "strony mają różne przestrzenie nazw"


def join_pages(bodies: Sequence[bytes]) -> Iterator[bytes]:
    """Yield, in parts, one document with the features of all pages, byte for byte.

    The pages fit together (:meth:`FeaturePages.fault`), so the first one lends its first and last
    tag. Its counts stay those of the first page.
    """
    first = read_page(bodies[0])
    yield bodies[0][: first.end]
    for body in bodies[1:]:
        page = read_page(body)
        yield body[page.begin : page.end]
    yield bodies[0][first.end :]


def codes_of(bodies: Iterable[bytes]) -> list[str]:
    """Return the code of every feature of the pages."""
    return [code for body in bodies for code in read_page(body).codes]
