"""What do the pages of a site of reports look like? First page, map, places, areas, units."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from html import escape
from itertools import groupby
from urllib.parse import quote

from smup_lib.plurals import REPORT_NOUN, spaced
from smup_lib.polish_text import plain_text, polish_order
from smup_lib.present.formats import NBSP, count_of, format_date
from smup_lib.present.page_shell import render_page
from smup_lib.present.tables import render_facts
from smup_lib.present.unit_map import LinkedArea, render_unit_map
from smup_lib.reports.batch.site_contents import (
    ListedReport,
    ListedUnit,
    SiteContents,
    unit_of_powiat,
)
from smup_lib.teryt import is_city_code, level_of

INDEX, MAP, FEED = "index.html", "mapa.html", "kanal.xml"
SHARED = "wspolne"
REPORTS = "raporty"
STYLE, TABLES, SEARCH, ENTRIES = "styl.css", "tabele.js", "szukaj.js", "spis.js"
UNIT_FOLDER, PLACE_FOLDER, AREA_FOLDER = "jednostka", "wojewodztwo", "obszar"
_PLACE = "województwo "
_UNIT_NOUN = ("jednostka", "jednostki", "jednostek")
_ABOUT = "Co dane mówią o usługach gmin i powiatów na tle podobnych i czego z nich nie wiadomo."
_EMPTY = "bez danych: raport mówi, czego brakuje i kto to ma"


def unit_path(code: str) -> str:
    """Return the address of a unit's page."""
    return f"{UNIT_FOLDER}/{code}.html"


def report_path(path: str) -> str:
    """Return where a file of a report lies, from its path below the folder of the batch."""
    return f"{REPORTS}/{path}"


def address(path: str) -> str:
    """Return a path of the site as an address: blanks, ``%`` and ``#`` of a file name are signs.

    Examples
    --------
    >>> address("raporty/moj 100% #1/moj 100% #1.html")
    'raporty/moj%20100%25%20%231/moj%20100%25%20%231.html'
    """
    return quote(path)


def navigation(up: str, has_map: bool, unit: str = "") -> str:
    """Return the links that stand on every page; a report's lead to its unit too."""
    links = [
        (INDEX, "Spis raportów"),
        *(((MAP, "Mapa"),) if has_map else ()),
        *(((unit_path(unit), "Raporty tej jednostki"),) if unit else ()),
    ]
    items = "".join(f'<li><a href="{up}{path}">{name}</a></li>' for path, name in links)
    return f'<nav class="smup-site-nav" aria-label="Strona z raportami"><ul>{items}</ul></nav>'


def site_pages(contents: SiteContents, *, feed: bool = False) -> Iterator[tuple[str, str]]:
    """Yield the address and the markup of each page but the reports.

    Parameters
    ----------
    contents : SiteContents
        What is listed.
    feed : bool, default False
        Whether the site has a feed to lead to.
    """
    yield INDEX, _index(contents, feed=feed)
    if contents.outlines is not None:
        yield MAP, _map(contents)
    for code in contents.voivodeships:
        yield f"{PLACE_FOLDER}/{code}.html", _voivodeship(contents, code)
    for report in contents.areas:
        yield f"{AREA_FOLDER}/{report}.html", _area(contents, report)
    for unit in contents.units:
        yield unit_path(unit.code), _unit(contents, unit)


def search_entries(contents: SiteContents) -> str:
    """Return the list of the search as a script: a page from a disk can read no other file."""
    found = [_found(contents, unit) for unit in contents.units]
    listed = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    return f"globalThis.smupEntries = {listed};\n"


def _found(contents: SiteContents, unit: ListedUnit) -> dict[str, str]:
    place = contents.names[unit.code[:2]]
    powiat = "" if level_of(unit.code) == "powiat" else contents.names[unit.powiat]
    return {
        "a": unit_path(unit.code),
        "n": unit.name,
        "k": ", ".join(part for part in (powiat, place, _counted(unit.reports)) if part),
        "t": plain_text(unit.name),
        "w": plain_text(" ".join((unit.label, unit.name, powiat, place))),
    }


def _page(contents: SiteContents, title: str, body: str, up: str = "", *more: str) -> str:
    scripts = tuple(f"{up}{SHARED}/{name}" for name in (TABLES, *more))
    return render_page(
        title,
        body,
        fictional=contents.fictional,
        navigation=navigation(up, contents.outlines is not None),
        style_file=f"{up}{SHARED}/{STYLE}",
        script_files=scripts,
    )


def _head(title: str, line: str = "") -> str:
    told = f'<p class="smup-head-line">{line}</p>' if line else ""
    return f'<header class="smup-head"><h1>{escape(title)}</h1>{told}</header>'


def _counted(reports: Iterable[ListedReport]) -> str:
    """Say how many reports there are, and how many of them say little or were not made."""
    listed = list(reports)
    told = [count_of(len(listed), REPORT_NOUN)]
    kinds = (("empty", "bez danych"), ("failed", "nieudane"), ("lost", "zaginione"))
    for status, words in kinds:
        if count := sum(report.listing == status for report in listed):
            told.append(f"{words}: {count}")
    return ", ".join(told)


def _index(contents: SiteContents, *, feed: bool) -> str:
    facts = [
        ("Jednostki", spaced(len(contents.units))),
        ("Raporty", _counted(contents.reports)),
        ("Za lata" if "–" in contents.years else "Za rok", contents.years),
        *((("Ostatni raport", format_date(contents.updated)),) if contents.updated else ()),
        ("Stan danych", ", ".join(contents.snapshots) or "nieznany"),
    ]
    search = (
        '<form class="smup-search" role="search" hidden>'
        '<label for="szukaj">Szukaj gminy albo powiatu</label>'
        '<input id="szukaj" type="search" autocomplete="off" aria-describedby="ile">'
        '<p id="ile" role="status"></p><ol id="znalezione"></ol></form>'
    )
    places = _links(
        (f"{PLACE_FOLDER}/{code}.html", contents.names[code], count_of(len(units), _UNIT_NOUN))
        for code, units in contents.voivodeships.items()
    )
    areas = _links(
        (address(f"{AREA_FOLDER}/{name}.html"), title, _counted(_of_area(contents, name)))
        for name, title in contents.areas.items()
    )
    by_map = f'<p><a href="{MAP}">Wybierz powiat na mapie</a></p>' if _has_map(contents) else ""
    told = f'<p><a href="{FEED}">Kanał nowych raportów (Atom)</a></p>' if feed else ""
    notes = "".join(f'<p class="smup-note">Uwaga: {escape(note)}.</p>' for note in contents.notes)
    lines = "".join(f"<li>{escape(line)}</li>" for line in contents.credits)
    credit = (
        f'<h3>Źródła wczytanych danych</h3><ul class="smup-credits">{lines}</ul>' if lines else ""
    )
    body = (
        f"{_head(contents.title, _ABOUT)}{search}"
        f"<section><h2>Województwa</h2>{places}{by_map}</section>"
        f"<section><h2>Obszary</h2>{areas}</section>{_failed(contents)}"
        f"<section><h2>O tej stronie</h2>{render_facts(facts)}{notes}{told}{credit}</section>"
    )
    return _page(contents, contents.title, body, "", ENTRIES, SEARCH)


def _has_map(contents: SiteContents) -> bool:
    return contents.outlines is not None


def _failed(contents: SiteContents) -> str:
    """List the reports that are not there, each with its reason."""
    items = "".join(
        f'<li><a href="{unit_path(unit.code)}">{escape(unit.name)}</a>: {escape(report.title)}, '
        f"{_year(report)}: {escape(report.error)}</li>"
        for unit in contents.units
        for report in unit.reports
        if report.status == "failed"
    )
    if not items:
        return ""
    return f"<section><h2>Raporty, których nie ma</h2><ul>{items}</ul></section>"


def _links(items: Iterable[tuple[str, str, str]]) -> str:
    listed = "".join(
        f'<li><a href="{escape(link)}">{escape(name)}</a>'
        + (f' <span class="smup-note">{escape(note)}</span>' if note else "")
        + "</li>"
        for link, name, note in items
    )
    return f'<ul class="smup-link-list">{listed}</ul>'


def _year(report: ListedReport) -> str:
    return f"{report.row.year}{NBSP}r."


def _of_area(contents: SiteContents, name: str) -> list[ListedReport]:
    return [report for report in contents.reports if report.row.report == name]


def _voivodeship(contents: SiteContents, code: str) -> str:
    units = contents.voivodeships[code]
    parts = [_head(contents.names[code], _counted(r for unit in units for r in unit.reports))]
    powiaty = [unit for unit in units if _stands_alone(unit)]
    if powiaty:
        parts.append(f"<section><h2>Powiaty i miasta</h2>{_unit_links(powiaty)}</section>")
    rest = [unit for unit in units if not _stands_alone(unit)]
    for powiat, gminy in groupby(rest, key=lambda unit: unit.powiat):
        parts.append(
            f'<section><h2 id="powiat-{powiat}">{escape(contents.names[powiat])}: gminy</h2>'
            f"{_unit_links(gminy)}</section>"
        )
    return _page(contents, contents.names[code], "".join(parts), "../")


def _jumps(contents: SiteContents, codes: Collection[str]) -> str:
    """Return links to the voivodeships of a long list; nothing where there is one."""
    names = _in_order(contents, codes)
    items = "".join(
        f'<li><a href="#woj-{code}">{escape(name.removeprefix(_PLACE))}</a></li>'
        for name, code in names
    )
    told = f'<nav class="smup-jumps" aria-label="Województwa na tej stronie"><ul>{items}</ul></nav>'
    return told if len(names) > 1 else ""


def _in_order(contents: SiteContents, codes: Iterable[str]) -> list[tuple[str, str]]:
    """Return names and codes of voivodeships, by names."""
    named = ((contents.names[code], code) for code in codes)
    return sorted(named, key=lambda pair: polish_order(pair[0]))


def _stands_alone(unit: ListedUnit) -> bool:
    """Whether it is a powiat, or a city that is one."""
    return level_of(unit.code) == "powiat" or is_city_code(unit.code)


def _unit_links(units: Iterable[ListedUnit]) -> str:
    return _links(
        (f"../{unit_path(unit.code)}", unit.name, _counted(unit.reports)) for unit in units
    )


def _area(contents: SiteContents, name: str) -> str:
    parts = [_head(contents.areas[name], _counted(_of_area(contents, name)))]
    among = {report.row.unit[:2] for report in _of_area(contents, name)}
    parts.append(_jumps(contents, among))
    for code, units in contents.voivodeships.items():
        items = "".join(
            f"<li>{_told(report, unit.name)}</li>"
            for unit in units
            for report in unit.reports
            if report.row.report == name
        )
        if items:
            place = escape(contents.names[code])
            listed = f'<ul class="smup-link-list">{items}</ul>'
            parts.append(f'<section><h2 id="woj-{code}">{place}</h2>{listed}</section>')
    return _page(contents, contents.areas[name], "".join(parts), "../")


def _told(report: ListedReport, name: str) -> str:
    """Return a link to a report, or the reason why there is none to lead to."""
    words = f"{escape(name)}, {_year(report)}"
    if report.status == "failed":
        why = report.error if report.listing == "lost" else f"nie udało się: {report.error}"
        return f'{words} <span class="smup-note">{escape(why)}</span>'
    note = f' <span class="smup-note">{_EMPTY}</span>' if report.status == "empty" else ""
    return f'<a href="../{address(report_path(report.page))}">{words}</a>{note}'


def _unit(contents: SiteContents, unit: ListedUnit) -> str:
    items = "".join(
        f"<li><p>{_told(report, report.title)}</p>{_files(report)}</li>" for report in unit.reports
    )
    place = contents.names[unit.code[:2]]
    powiat = "" if _stands_alone(unit) else contents.names[unit.powiat]
    above = f"../{PLACE_FOLDER}/{unit.code[:2]}.html"
    line = ", ".join(
        part for part in (escape(powiat), f'<a href="{above}">{escape(place)}</a>') if part
    )
    facts = [
        ("Kod TERYT", unit.code),
        ("Ostatni raport", format_date(max(r.row.finished for r in unit.reports))),
        ("Stan danych", ", ".join(sorted({r.row.snapshot for r in unit.reports}))),
    ]
    gminy = _stands_alone(unit) and any(
        u.powiat == unit.code for u in contents.units if not _stands_alone(u)
    )
    below = f'<p><a href="{above}#powiat-{unit.code}">Raporty gmin powiatu</a></p>'
    body = (
        f"{_head(unit.name, line)}<section><h2>Raporty</h2>"
        f'<ul class="smup-reports">{items}</ul>{below if gminy else ""}</section>'
        f"<section><h2>Skąd te raporty</h2>{render_facts(facts)}</section>"
    )
    return _page(contents, f"{unit.name} – raporty", body, "../")


def _files(report: ListedReport) -> str:
    """Return links to the same report in other formats."""
    links = "".join(
        f'<a href="../{address(report_path(path))}" download>{ending.upper()}'
        f'<span class="smup-hidden">: {escape(report.title)}, {_year(report)}</span></a>'
        for ending, path in report.files.items()
    )
    return f'<p class="smup-note">Do pobrania: {links}</p>' if links else ""


def _map(contents: SiteContents) -> str:
    """Return the map of powiaty and the same as a list, for who cannot point at an area."""
    assert contents.outlines is not None
    units = {unit.code: unit for unit in contents.units}
    powiaty = {unit.powiat for unit in contents.units}
    areas: list[LinkedArea] = []
    listed: dict[str, list[tuple[str, str, str]]] = {}
    for code, wkb in zip(
        contents.outlines["unit_code"].astype(str), contents.outlines["geometry"], strict=True
    ):
        own = unit_of_powiat(code, units)
        name, link, note = contents.names.get(code, code), "", ""
        if own is not None:
            name, link, note = own.name, unit_path(own.code), _counted(own.reports)
        elif code in powiaty:
            link, note = f"{PLACE_FOLDER}/{code[:2]}.html#powiat-{code}", "raporty gmin"
        region = contents.names.get(code[:2], code[:2]).removeprefix(_PLACE)
        areas.append(LinkedArea(f"{name}: {note}" if note else name, link, bytes(wkb), region))
        if link:
            listed.setdefault(code[:2], []).append((link, name, note))
    lists = [
        f'<h3 id="woj-{code}">{escape(name)}</h3>'
        f"{_links(sorted(listed[code], key=lambda item: polish_order(item[1])))}"
        for name, code in _in_order(contents, listed)
    ]
    hint = "Pola w kolorze prowadzą do raportów; to samo jest na liście pod mapą."
    body = (
        f"{_head('Mapa powiatów', hint)}{render_unit_map(areas, 'Mapa powiatów')}"
        f"<section><h2>Lista powiatów</h2>{_jumps(contents, listed)}{''.join(lists)}</section>"
    )
    return _page(contents, "Mapa powiatów", body)
