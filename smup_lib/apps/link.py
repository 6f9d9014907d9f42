"""What does the link of a view ask for, and how is a view written as a link?

A link comes from anybody. Only known keys of a known form pass; the rest becomes a sentence for the
reader, in which nothing of the link is repeated beyond a few harmless characters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from urllib.parse import parse_qsl, urlencode

MAX_QUERY = 2000
_MAX_PAIRS = 20
_FORMS = {
    "unit": re.compile(r"[\w .,\-–()]{1,80}"),
    "area": re.compile(r"[\w ,\-]{1,60}"),
    "year": re.compile(r"[0-9]{4}"),
    "group": re.compile(
        r"[a-z_]{1,30}(:([0-9]{1,9}(,[0-9]{1,9}){0,99}|same_powiat|@[\w\- ]{1,60}))?"
    ),
    "service": re.compile(r"[A-Z0-9\-]{1,20}"),
}
_EXPECTED = {
    "unit": "kod TERYT albo nazwa jednostki",
    "area": "nazwa obszaru usług",
    "year": "rok, na przykład 2023",
    "group": "reguła grupy, na przykład similar albo voivodeship",
    "service": "kod usługi, na przykład KUL-01",
}
_NAMES = {
    "unit": "jednostka",
    "area": "obszar",
    "year": "rok",
    "group": "grupa porównawcza",
    "service": "usługa",
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
        pairs = [(f.name, getattr(self, f.name)) for f in fields(self)]
        return "?" + urlencode([(k, v) for k, v in pairs if v is not None], safe=":,@")


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
    if len(query) > MAX_QUERY:
        return ViewLink(), ("Link jest za długi i został pominięty. Wybierz jednostkę poniżej.",)
    try:
        pairs = parse_qsl(query, keep_blank_values=False, max_num_fields=_MAX_PAIRS)
    except ValueError:
        return ViewLink(), ("Linku nie da się odczytać. Wybierz jednostkę poniżej.",)
    found: dict[str, str] = {}
    problems = []
    for key, raw in pairs:
        text = raw.strip()
        if key not in _FORMS or not text:
            continue
        if key in found and found[key] != text:
            problems.append(f"Link podaje dwie różne wartości: {_NAMES[key]}. Użyto pierwszej.")
        elif _FORMS[key].fullmatch(text):
            found[key] = text
        else:
            problems.append(
                f"Link podaje niezrozumiałą wartość: {_NAMES[key]}. Oczekiwano: {_EXPECTED[key]}."
            )
    return ViewLink(**found), tuple(dict.fromkeys(problems))
