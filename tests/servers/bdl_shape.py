"""How does the BDL API answer? In the dialect of real answers, or in that of its description.

Paths, parameters, paging from 0, envelopes, attributes and errors follow the official OpenAPI file
and real rows that a third party recorded (sources.md 2, shared data ``bdl_api``). Reconstructed:
the envelope of real answers, the fields of their errors, an empty 200 for a level without data.

The numbers are those of the sample land under the numbers that the catalogue knows, so a number
here says nothing of the real variable.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from smup_lib.snapshots import Snapshot
from tests.servers.faults import Call, Reply

Dialect = Literal["real", "schema"]

RODZ = {"urban": "1", "rural": "2", "urban_rural": "3", "city_with_powiat_rights": "1"}
#: id -> (name, symbol, description), as the service tells them in Polish.
ATTRIBUTES = {
    0: ("0", " ", ""),
    1: ("wartość", " ", ""),
    3: ("wartość", "k", "Agregat może być niekompletny"),
    4: (". lub 0", "x", "Brak informacji albo tajemnica statystyczna"),
    7: ("0", "a", "Wartość mniejsza niż przyjęty format prezentacji"),
    9: ("wartość", "s", "Szacunki wstępne"),
    11: ("wartość", "M", "Zmiany metodologiczne"),
    13: ("wartość", "K", "Zmiany metodologiczne, agregat może być niekompletny"),
    14: (". lub 0", "X", "Zmiany metodologiczne, brak informacji"),
    15: ("-", " ", "Brak informacji z powodu zmiany poziomu prezentacji albo wykazu jednostek"),
    17: ("0", "A", "Zmiany metodologiczne, wartość mniejsza niż format"),
    20: ("wartość", "v", "Dane o niskiej precyzji"),
    21: ("wartość", "v", "Dane o niskiej precyzji"),
    50: ("- lub 0", "n", "Dana jeszcze niedostępna, będzie dostępna"),
    91: (". lub 0", "x", "Brak informacji albo tajemnica statystyczna"),
    94: ("0", "z", "Zero wynika z bilansu"),
    97: ("wartość", "p", "Łącznie dla powiatu i miasta na prawach powiatu"),
    98: ("0", "Z", "Zmiany metodologiczne, zero wynika z bilansu"),
}
_ATTRIBUTE_OF = {
    ("ok", ""): 1,
    ("ok", "preliminary"): 9,
    ("ok", "method_change"): 11,
    ("ok", "low_precision"): 20,
    ("ok", "incomplete"): 3,
    ("true_zero", ""): 94,
    ("below_format", ""): 7,
    ("missing_or_secret", ""): 4,
    ("not_available_yet", ""): 50,
    ("no_data", ""): 15,
    ("ambiguous_zero", ""): 0,
}
#: One name a field in each dialect: real answers, description.
_FIELDS = {"val": "value", "name": "display", "next": "nextPage", "first": "firstPage",
           "prev": "prevPage", "last": "lastPage"}  # fmt: skip


@dataclass(frozen=True)
class Served:
    """A variable of the service: its number, and the rows of the land that it tells."""

    number: int
    variable: str
    subject: str
    labels: tuple[str, ...]
    unit_number: int
    unit: str
    level: int
    source: str = "sample:land"


SERVED = (
    Served(72305, "population", "P2137", ("ogółem", "ogółem"), 26, "osoba", 6),
    Served(60559, "population_density", "P2425", ("ludność na 1 km2",), 26, "osoba", 6,
           "sample:published"),
    Served(64428, "avg_gross_wage", "P2497", ("ogółem",), 4, "zł", 5),
    Served(10514, "registered_unemployed", "P1944", ("ogółem",), 26, "osoba", 6),
    Served(10515, "registered_unemployed", "P1944", ("kobiety",), 26, "osoba", 6),
    Served(1243, "museum_visitors", "P9002", ("zwiedzający muzea", "ogółem"), 26, "osoba", 6),
    Served(155, "population_post_working_age", "P9003", ("poprodukcyjny",), 23, "tys. osób", 6),
    Served(900001, "sports_stadiums", "P9001", ("obiekty", "ogółem"), 1, "-", 5),
)  # fmt: skip
SUBJECTS = {
    "P2137": "Ludność wg grup wieku i płci",
    "P2425": "Gęstość zaludnienia oraz wskaźniki",
    "P2497": "Wynagrodzenia",
    "P1944": "Bezrobotni zarejestrowani wg płci w gminach",
    "P9002": "Muzea przykładowe",
    "P9003": "Wiek przykładowy",
    "P9001": "Obiekty przykładowe",
}


def level_of(code: str) -> int:
    """Return the level of a code as BDL numbers it."""
    return 0 if code == "00" else {2: 2, 4: 5, 6: 6, 7: 6}[len(code)]


def bdl_id(code: str, kind: str = "") -> str:
    """Return the BDL id of a TERYT code of the fictional land; regions are invented.

    Examples
    --------
    >>> bdl_id("90"), bdl_id("9001"), bdl_id("900102", "rural"), bdl_id("9001024")
    ('099000000000', '099012101000', '099012101022', '099012101024')
    """
    woj, pow_, gmi = code[:2], code[2:4], code[4:6]
    if code == "00":
        return "0" * 12
    head = f"09{woj}"
    if not pow_:
        return head + "0" * 8
    rodz = code[6:] or RODZ.get(kind, "0")
    return f"{head}121{pow_}{gmi or '00'}{rodz if gmi else '0'}"


class BdlShape:
    """The sample land as the Local Data Bank would serve it.

    Parameters
    ----------
    land : Snapshot
        The sample land.
    years : iterable of int
    served : sequence of Served
    largest_page : int
        Rows a page at most; fewer than the real 100, so that tests turn pages.

    Attributes
    ----------
    dialect : str
        ``real`` or ``schema``; a test may change it while the server runs.
    """

    prefix = "bdl"

    def __init__(
        self,
        land: Snapshot,
        years: Iterable[int],
        served: Sequence[Served] = SERVED,
        largest_page: int = 100,
    ) -> None:
        self.dialect: Dialect = "real"
        self.largest_page, self.years = largest_page, tuple(years)
        self.units = _units(land)
        self.served = {one.number: one for one in served}
        rows = land.observations(variables={one.variable for one in served}, years=self.years)
        self.values = {one.number: self._rows(rows, one) for one in served}

    def reply(self, call: Call) -> Reply:
        """Return the sound answer to a call."""
        path, _, number = call.path.partition("/")
        if path == "version":
            return self._told({"id": "1.0.0", "major": 1, "minor": 0})
        if path == "attributes":  # the one list without pages
            rows = [_attribute(*item) for item in ATTRIBUTES.items()]
            return self._told({"totalRecords": len(rows), "results": rows})
        listed = {
            "units": lambda: list(self._units_of(call)),
            "variables": lambda: [
                _variable(one)
                for one in self.served.values()
                if call.told("subject-id", one.subject) == one.subject
            ],
        }
        if call.path in listed:
            return self._page(call, listed[call.path](), {})
        if path == "variables" and number.isdigit() and int(number) in self.served:
            one = self.served[int(number)]
            return self._told(_variable(one) | {"years": list(self.years)})
        if path == "subjects" and number in SUBJECTS:
            about = {"id": number, "parentId": "G2", "name": SUBJECTS[number]}
            return Reply(content=about | {"hasVariables": True, "children": [], "levels": [6]})
        if path == "data" and number.startswith("by-variable/"):
            return self._data(call, number.removeprefix("by-variable/"))
        return self._not_found(call)

    def _data(self, call: Call, number: str) -> Reply:
        one = self.served.get(int(number) if number.isdigit() else -1)
        if one is None:
            return self._not_found(call)
        level = int(call.told("unit-level", "-1"))
        wanted = {value for name, value in call.query if name == "year"}
        rows = [
            row | {"values": [v for v in row["values"] if not wanted or v["year"] in wanted]}
            for row_level, row in self.values[one.number]
            if level in (-1, row_level)
        ]
        about = {
            "variableId": one.number,
            "measureUnitId": one.unit_number,
            "aggregateId": 1,
            "lastUpdate": "2026-05-14T15:05:15.743",
        }
        return self._page(call, [row for row in rows if row["values"]], about)

    def _page(self, call: Call, rows: list[dict[str, Any]], about: dict[str, Any]) -> Reply:
        size = min(int(call.told("page-size", "10")), self.largest_page)
        number = int(call.told("page", "0"))
        last = max(-(-len(rows) // size) - 1, 0)
        if number > last:
            return self._not_found(call)
        links = {"first": "/0", "self": f"/{number}", "last": f"/{last}"}
        if number < last:
            links["next"] = f"/{number + 1}"
        if number:
            links["prev"] = f"/{number - 1}"
        content = {
            "totalRecords": len(rows),
            "page": number,
            "pageSize": size,
            "links": links,
            **about,
            "results": rows[number * size : (number + 1) * size],
        }
        return self._told(content)

    def _told(self, content: dict[str, Any]) -> Reply:
        headers = {"ETag": '"fictional"', "X-Rate-Limit-Limit": "100"}
        spoken = content if self.dialect == "real" else as_described(content)
        return Reply(content=spoken, headers=headers)

    def _not_found(self, call: Call) -> Reply:
        names = ("errorResult", "errorReason", "errorSolution", "errorCode", "errorHelp")
        told = ("Nie znaleziono", f"Nie ma {call.path}", "Popraw zapytanie", 404, "")
        error = dict(zip(names, told, strict=True))
        if self.dialect == "schema":
            error = {name.removeprefix("error").lower(): value for name, value in error.items()}
        return Reply(404, {"errors": [error]})

    def _units_of(self, call: Call) -> Iterator[dict[str, Any]]:
        wanted = {int(value) for name, value in call.query if name == "level"}
        for code, kind, name in self.units:
            level = level_of(code)
            if not wanted or level in wanted:
                yield {
                    "id": bdl_id(code, kind),
                    "name": name,
                    "parentId": "090000000000",
                    "level": level,
                    "kind": RODZ.get(kind, "0"),
                    "hasDescription": False,
                }

    def _rows(self, rows: Any, one: Served) -> list[tuple[int, dict[str, Any]]]:
        """Return the rows of a variable: every unit, its parts, and kinds that a gmina had."""
        own = rows[(rows["variable"] == one.variable) & rows["source"].str.startswith(one.source)]
        values: dict[str, list[dict[str, Any]]] = defaultdict(list)
        columns = own[["unit_code", "year", "value", "flag", "qualifiers"]]
        for code, year, value, flag, qualifiers in columns.itertuples(index=False):
            attribute = _ATTRIBUTE_OF[flag, qualifiers]
            number = 0 if value != value else float(value)
            number = int(number) if number == int(number) else number
            values[code].append({"year": str(year), "val": number, "attrId": attribute})
        told = []
        for code, kind, name in self.units:
            found = sorted(values.get(code[:6], []), key=lambda cell: cell["year"])
            if len(code) == 6 and self._kinds(code) > 1:
                found = _years_of_kind(found, kind)
            if found:
                row = {"id": bdl_id(code, kind), "name": name, "values": found}
                told.append((level_of(code), row))
        return told

    def _kinds(self, code: str) -> int:
        return len({bdl_id(other, kind) for other, kind, _ in self.units if other == code})


#: The first year of a gmina under its new kind.
TURN = 2020


def _years_of_kind(values: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """Return the years that a gmina of two kinds has under one of them; the other is no data."""
    new = kind == "urban_rural"
    return [
        cell
        if (int(cell["year"]) >= TURN) == new
        else {"year": cell["year"], "val": 0, "attrId": 15}
        for cell in values
    ]


def _units(land: Snapshot) -> list[tuple[str, str, str]]:
    table = land.table("units")
    table = table[table["kind"] != "delegation"].sort_values(["state_date", "unit_code"])
    found = {
        bdl_id(code, kind): (code, kind, name)
        for code, kind, name in zip(table["unit_code"], table["kind"], table["name"], strict=True)
    }
    return [found[key] for key in sorted(found)]


def _attribute(number: int, told: tuple[str, str, str]) -> dict[str, Any]:
    return dict(zip(("id", "name", "symbol", "description"), (number, *told), strict=True))


def _variable(one: Served) -> dict[str, Any]:
    labels = {f"n{place}": label for place, label in enumerate(one.labels, 1)}
    about = {"level": one.level, "measureUnitId": one.unit_number, "measureUnitName": one.unit}
    return {"id": one.number, "subjectId": one.subject, **labels, **about}


def as_described(content: Any) -> Any:
    """Return content in the words of the official description."""
    if isinstance(content, list):
        return [as_described(one) for one in content]
    if not isinstance(content, dict):
        return content
    attribute = "symbol" in content  # units and subjects keep their names
    told = {
        (_FIELDS.get(key, key) if key != "name" or attribute else key): as_described(value)
        for key, value in content.items()
    }
    if "attrId" in told:
        text = f"{told['value']}"
        told |= {"valueFormatted": text, "precision": len(text.partition(".")[2])}
    return told
