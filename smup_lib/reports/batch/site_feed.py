"""How does a site of reports tell what is new, and which pages it has? Atom and a site map."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from xml.etree import ElementTree

from smup_lib.errors import ParameterError
from smup_lib.reports.batch.site_pages import FEED, INDEX, address, report_path

if TYPE_CHECKING:
    from smup_lib.reports.batch.site_contents import SiteContents

_ATOM = "http://www.w3.org/2005/Atom"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
SITEMAP = "sitemap.xml"
#: Reports that the feed tells; a reader of feeds wants what is new, not an archive.
NEWEST = 100
#: What no address of a folder holds as it is.
_NO_ADDRESS = re.compile(r"[\s\"'<>\\^`{}|?#\x00-\x1f]")
_HOST = re.compile(r"[\w.:-]+")
#: Files of a site map: one, or one that lists the others.
SITEMAP_FILE = re.compile(r"sitemap(-\d+)?\.xml")
#: Addresses that one site map may hold.
MOST_ADDRESSES = 50_000


def check_base_url(text: str) -> str:
    """Return the address of a site with a slash at its end.

    Raises
    ------
    ParameterError
        When it is no address of the web.

    Examples
    --------
    >>> check_base_url("https://raporty.example.org/smup")
    'https://raporty.example.org/smup/'
    """
    if not _is_base(text):
        raise ParameterError(
            "To nie jest adres strony.",
            where=text,
            expected='adres zaczynający się od https:// albo http://, bez odstępów i znaków ? # "',
            next_step="podaj adres, pod którym strona będzie dostępna",
        )
    return text if text.endswith("/") else f"{text}/"


def _is_base(text: str) -> bool:
    try:
        parts = urlsplit(text)
        host = parts.hostname if parts.port is None or parts.port else None
    except ValueError:  # brackets without an address, a port that is none
        return False
    told = parts.scheme in ("http", "https") and bool(host) and _HOST.fullmatch(host or "")
    return bool(told) and _NO_ADDRESS.search(text) is None and not parts.query


def write_feed(contents: SiteContents, base_url: str) -> str:
    """Return the newest reports as an Atom feed."""
    feed = ElementTree.Element("feed", {"xmlns": _ATOM, "xml:lang": "pl"})
    _add(feed, "title", contents.title)
    _add(feed, "id", base_url)
    _add(feed, "updated", contents.updated)
    ElementTree.SubElement(feed, "link", {"href": base_url + FEED, "rel": "self"})
    ElementTree.SubElement(feed, "link", {"href": base_url + INDEX})
    _add(ElementTree.SubElement(feed, "author"), "name", contents.title)
    told = [(report, unit) for unit in contents.units for report in unit.reports if report.page]
    told.sort(key=lambda pair: (pair[0].row.finished, pair[0].page), reverse=True)
    for report, unit in told[:NEWEST]:
        link = base_url + address(report_path(report.page))
        entry = ElementTree.SubElement(feed, "entry")
        _add(entry, "title", f"{report.title}: {unit.name}, {report.row.year} r.")
        _add(entry, "id", link)
        _add(entry, "updated", report.row.finished)
        ElementTree.SubElement(entry, "link", {"href": link})
        _add(entry, "summary", f"{unit.label}. Stan danych: {report.row.snapshot}.")
    return _text(feed)


def write_sitemaps(paths: Iterable[str], base_url: str) -> Iterator[tuple[str, str]]:
    """Yield the site map, in several files where one may not hold all addresses."""
    addresses = sorted(base_url + address(path) for path in paths)
    chunks = [
        addresses[start : start + MOST_ADDRESSES]
        for start in range(0, len(addresses), MOST_ADDRESSES)
    ]
    if len(chunks) == 1:
        yield SITEMAP, _listed("urlset", "url", chunks[0])
        return
    names = [f"sitemap-{number}.xml" for number in range(1, len(chunks) + 1)]
    for name, chunk in zip(names, chunks, strict=True):
        yield name, _listed("urlset", "url", chunk)
    yield SITEMAP, _listed("sitemapindex", "sitemap", [base_url + name for name in names])


def _listed(root: str, item: str, addresses: Iterable[str]) -> str:
    listed = ElementTree.Element(root, {"xmlns": _SITEMAP})
    for one in addresses:
        _add(ElementTree.SubElement(listed, item), "loc", one)
    return _text(listed)


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = text


def _text(root: ElementTree.Element) -> str:
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"
