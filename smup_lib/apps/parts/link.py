"""What does the link of a view ask for, and how is a view written as a link?

A link comes from anybody. Only known keys of a known form pass; the rest becomes a sentence for the
reader, in which nothing of the link is repeated beyond a few harmless characters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from urllib.parse import parse_qsl, urlencode

MAX_QUERY = 2000
MAX_PAIRS = 20


@dataclass(frozen=True)
class Field:
    """What one key of a link may hold.

    Attributes
    ----------
    name : str
        Polish, as a reader would call it.
    form : re.Pattern
        The whole value must match it.
    expected : str
        Polish, with an example.
    """

    name: str
    form: re.Pattern[str]
    expected: str


_RULE = r"[a-z_]{1,30}(:([0-9]{1,9}(,[0-9]{1,9}){0,99}|same_powiat|@[\w\- ]{1,60}))?"
#: Fields that several apps have.
FIELDS = {
    "unit": Field("jednostka", re.compile(r"[\w .,\-–()]{1,80}"), "kod TERYT albo nazwa jednostki"),
    "area": Field("obszar", re.compile(r"[\w ,\-]{1,60}"), "nazwa obszaru usług"),
    "year": Field("rok", re.compile(r"[0-9]{4}"), "rok, na przykład 2023"),
    "group": Field(
        "grupa porównawcza",
        re.compile(_RULE),
        "reguła grupy, na przykład similar albo voivodeship",
    ),
    "service": Field("usługa", re.compile(r"[A-Z0-9\-]{1,20}"), "kod usługi, na przykład KUL-01"),
}


@dataclass(frozen=True)
class ViewLink:
    """What a view shows, as its link says it; None leaves the choice to the app.

    Attributes
    ----------
    unit : str or None
        TERYT code; a name is accepted in a link and written as a code.
    area : str or None
        Id, name or beginning.
    year : str or None
        Four digits.
    group : str or None
        Rule of the comparison group.
    service : str or None
        Code of the service whose cards are open.
    """

    unit: str | None = None
    area: str | None = None
    year: str | None = None
    group: str | None = None
    service: str | None = None

    @property
    def query(self) -> str:
        """Return the view as a query string with its question mark.

        Examples
        --------
        >>> ViewLink(unit="9002", year="2023", group="similar:15").query
        '?unit=9002&year=2023&group=similar:15'
        """
        pairs = ((f.name, getattr(self, f.name)) for f in fields(self))
        return write_query({k: v for k, v in pairs if v is not None})


def write_query(found: Mapping[str, str]) -> str:
    """Return fields as a query string with its question mark.

    Examples
    --------
    >>> write_query({"unit": "9002", "others": "9003,9004"})
    '?unit=9002&others=9003,9004'
    """
    return "?" + urlencode(found, safe=":,@")


def read_link(query: str) -> tuple[ViewLink, tuple[str, ...]]:
    """Read a query string.

    Parameters
    ----------
    query : str
        What stands behind the question mark, as the browser sent it.

    Returns
    -------
    ViewLink
        What passed.
    tuple of str
        Polish sentences about what did not.

    Examples
    --------
    >>> read_link("unit=9002&year=2023")
    (ViewLink(unit='9002', area=None, year='2023', group=None, service=None), ())
    >>> read_link("year=MMXX")[1]
    ('Link podaje niezrozumiałą wartość: rok. Oczekiwano: rok, na przykład 2023.',)
    """
    found, problems = read_fields(query, FIELDS)
    return ViewLink(**found), problems


def read_fields(
    query: str,
    fields_of: Mapping[str, Field],
    *,
    longest: int = MAX_QUERY,
    most: int = MAX_PAIRS,
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Read the fields of an app from a query string; of a key that comes twice the first counts.

    Parameters
    ----------
    query : str
        What stands behind the question mark, as the browser sent it.
    fields_of : mapping of str to Field
        By key; any other key is passed over.
    longest, most : int
        Characters and pairs that a link may have.

    Returns
    -------
    dict of str to str
        What passed, by key.
    tuple of str
        Polish sentences about what did not.

    Examples
    --------
    >>> read_fields("year=2023&who=me", FIELDS)
    ({'year': '2023'}, ())
    """
    if len(query) > longest:
        return {}, ("Link jest za długi i został pominięty. Wybierz jednostkę poniżej.",)
    try:
        pairs = parse_qsl(query, keep_blank_values=False, max_num_fields=most)
    except ValueError:
        return {}, ("Linku nie da się odczytać. Wybierz jednostkę poniżej.",)
    found: dict[str, str] = {}
    problems = []
    for key, raw in pairs:
        text = raw.strip()
        if key not in fields_of or not text:
            continue
        known = fields_of[key]
        if key in found and found[key] != text:
            problems.append(f"Link podaje dwie różne wartości: {known.name}. Użyto pierwszej.")
        elif known.form.fullmatch(text):
            found[key] = text
        else:
            problems.append(
                f"Link podaje niezrozumiałą wartość: {known.name}. Oczekiwano: {known.expected}."
            )
    return found, tuple(dict.fromkeys(problems))
