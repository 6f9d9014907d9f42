"""What may the link of the advanced app hold?

Short keys, so that a link with hundreds of units still passes: what is chosen (``i u y unit g``),
where one looks (``v f f2 n c k``) and how the table stands (``s q r p w``, as static/table.js).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from smup_lib.apps.parts.link import FIELDS, Field
from smup_lib.reports.selection.choice import Choice
from smup_lib.reports.selection.table import TableLook

LONGEST = 6000
MOST_PAIRS = 60
#: What a selection is; the other keys only say where one looks.
CHOSEN = ("i", "u", "y", "unit", "g")
TABLE = ("s", "q", "r", "p", "w")
#: By the word of the link: what the tab is called.
TABS = {
    "tabela": "Tabela",
    "wykresy": "Wykresy",
    "mapa": "Mapa",
    "ustalenia": "Ustalenia",
    "zapis": "Zapis",
}
_ID = r"[a-z][a-z0-9_]{0,79}"
_COLUMN = rf"(name|year|{_ID}(@[0-9]{{4}})?)"
_NUMBER = r"(-?[0-9]{1,15}(\.[0-9]{1,12})?)?"
_KIND = re.compile(r"[a-z_]{1,20}")
_YEAR = r"[0-9]{4}"

ADVANCED_FIELDS: Mapping[str, Field] = {
    "i": Field("wskaźniki", re.compile(r"\w{1,80}(,\w{1,80}){0,39}"), "identyfikatory wskaźników"),
    "u": Field(
        "jednostki",
        re.compile(r"[\w:@, \-–.()]{1,5600}"),
        "kody po przecinku albo słowa: gminy, powiaty, gminy:14",
    ),
    "y": Field("lata", re.compile(rf"{_YEAR}(-{_YEAR})?"), "lata, na przykład 2015-2023"),
    "unit": FIELDS["unit"],
    "g": FIELDS["group"],
    "v": Field("widok", re.compile("|".join(TABS)), " albo ".join(TABS)),
    "f": Field("wskaźnik wykresu", re.compile(_ID), "identyfikator wskaźnika"),
    "f2": Field("drugi wskaźnik wykresu", re.compile(_ID), "identyfikator wskaźnika"),
    "n": Field("rok wykresu", re.compile(_YEAR), "rok, na przykład 2023"),
    "c": Field("rodzaj wykresu", _KIND, "rodzaj wykresu z listy"),
    "k": Field("klasy mapy", _KIND, "sposób podziału z listy"),
    "s": Field("kolejność tabeli", re.compile(f"-?{_COLUMN}"), "kolumna, na przykład name"),
    "q": Field("filtr tabeli", re.compile(r"[\w .,\-–()]{1,80}"), "część nazwy albo kodu"),
    "r": Field(
        "filtr wartości",
        re.compile(rf"{_COLUMN}:{_NUMBER}:{_NUMBER}(;{_COLUMN}:{_NUMBER}:{_NUMBER}){{0,5}}"),
        "kolumna i granice",
    ),
    "p": Field("przypięte jednostki", re.compile(r"[0-9]{4,7}(,[0-9]{4,7}){0,7}"), "kody"),
    "w": Field("układ tabeli", re.compile("wide|long"), "wide albo long"),
}


def split_years(text: str | None) -> tuple[int, int] | None:
    """Return the first and the last year of a text, in order.

    Examples
    --------
    >>> split_years("2023-2015"), split_years("2020"), split_years(None)
    ((2015, 2023), (2020, 2020), None)
    """
    if not text:
        return None
    first, _, last = text.partition("-")
    years = sorted((int(first), int(last or first)))
    return years[0], years[1]


def write_years(years: tuple[int, int]) -> str:
    """Return years as the link says them.

    Examples
    --------
    >>> write_years((2015, 2023)), write_years((2020, 2020))
    ('2015-2023', '2020')
    """
    first, last = years
    return str(first) if first == last else f"{first}-{last}"


def read_choice(link: Mapping[str, str]) -> Choice:
    """Return what a link chooses.

    Examples
    --------
    >>> read_choice({"i": "population", "u": "powiaty,9002", "y": "2018-2020"}).units
    ('powiaty', '9002')
    """
    return Choice(
        indicators=_parts(link.get("i", "")),
        units=_parts(link.get("u", "")),
        years=split_years(link.get("y")),
        unit=link.get("unit"),
        group=link.get("g"),
    )


def write_choice(choice: Choice) -> dict[str, str]:
    """Return a choice as the link says it.

    Examples
    --------
    >>> write_choice(Choice(("population",), ("9002",), (2018, 2020)))
    {'i': 'population', 'u': '9002', 'y': '2018-2020'}
    """
    said = {
        "i": ",".join(choice.indicators),
        "u": ",".join(choice.units),
        "y": write_years(choice.years) if choice.years else "",
        "unit": choice.unit or "",
        "g": choice.group or "",
    }
    return {key: text for key, text in said.items() if text}


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for one in text.split(",") if (part := one.strip()))


def read_table_state(told: str) -> dict[str, str]:
    """Return the fields of the table's state that the page told; what is not of a known form falls.

    Examples
    --------
    >>> read_table_state("s=-roads@2020&q=kiel&x=1&w=tall")
    {'s': '-roads@2020', 'q': 'kiel'}
    """
    return {
        key: text
        for key, text in parse_qsl(told, max_num_fields=len(TABLE) * 2)
        if key in TABLE and ADVANCED_FIELDS[key].form.fullmatch(text)
    }


def table_state(link: Mapping[str, str]) -> dict[str, Any]:
    """Return the state of the table in the words of static/table.js.

    Examples
    --------
    >>> table_state({"s": "name", "r": "x@2020:1.5:"})["ranges"]
    [{'id': 'x@2020', 'low': 1.5, 'high': None}]
    """
    ranges = []
    for one in filter(None, link.get("r", "").split(";")):
        column, low, high = one.split(":")
        ranges.append({"id": column, "low": _number(low), "high": _number(high)})
    return {
        "sort": link.get("s", ""),
        "text": link.get("q", ""),
        "ranges": ranges,
        "pins": [code for code in link.get("p", "").split(",") if code],
        "layout": link.get("w", "wide"),
    }


def table_look(link: Mapping[str, str]) -> TableLook:
    """Return how the table of a link is looked at, for its files.

    Examples
    --------
    >>> table_look({"s": "-x@2020", "w": "long"}).layout
    'long'
    """
    state = table_state(link)
    return TableLook(
        sort=state["sort"],
        text=state["text"],
        ranges=tuple((one["id"], one["low"], one["high"]) for one in state["ranges"]),
        pins=tuple(state["pins"]),
        layout=state["layout"],
    )


def _number(text: str) -> float | None:
    return float(text) if text else None
