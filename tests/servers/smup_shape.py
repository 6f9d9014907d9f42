"""How does the SMUP API answer? Reconstructed from what third-party clients measured.

Paths, parameters, envelopes, 404 for "no data" and the row fields of values and units follow
sources.md 1.3 (confidence M). Never seen, and so invented here: the fields of flags, cards,
variables and version.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from smup_lib.snapshots import Snapshot
from smup_lib.teryt import is_city_code
from tests.servers.faults import Call, Reply

AREAS = (
    "Edukacja",
    "Polityka społeczna",
    "Kultura i rekreacja",
    "Drogi i transport",
    "Ochrona środowiska",
    "Nieruchomości",
    "Budownictwo i inwestycje",
    "Geodezja i kartografia",
    "Podatki i opłaty lokalne",
)
SERVICES_OF_AREA = 2
DIMENSIONS = ("koszt", "ilość", "jakość", "dostępność")
#: Published twice, once for land powiaty and once for cities: (id, id of the cities).
PAIRS = {"crimes_per_1k": (4068, 4418), "doctors_per_10k": (5001, 5123)}
#: Served even by a shape with few variables: the pairs, and one that gminy have.
FIRST = (*PAIRS, "population_density")
FLAG_OF = {"ok": 1, "true_zero": 2, "below_format": 4}
#: Without a row: nobody reported, or the year is not closed.
ABSENT = ("no_data", "not_available_yet")
FLAGS = {
    1: "zjawisko wystąpiło",
    2: "zjawisko nie wystąpiło",
    3: "wypełnienie pozycji niemożliwe albo niecelowe",
    4: "wartość mniejsza od przyjętego formatu prezentacji danych",
    5: "brak informacji albo tajemnica statystyczna",
    6: "dane wstępne",
}
RODZ = {"urban": "1", "rural": "2", "urban_rural": "3", "town_part": "4", "rural_part": "5",
        "delegation": "9", "city_with_powiat_rights": "1"}  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """An indicator of the list: where it stands and which units it has."""

    id: int
    name: str
    service: int
    dimension: str
    variable: str
    cities: bool | None = None


class SmupShape:
    """The sample land as SMUP would publish it.

    Parameters
    ----------
    land : Snapshot
        The sample land.
    years : iterable of int
    variables : int, optional
        How many of its published rates; all when omitted.
    largest_page : int
        Rows a page at most, whatever the client asks for.
    """

    prefix = "smup"

    def __init__(
        self,
        land: Snapshot,
        years: Iterable[int],
        variables: int | None = None,
        largest_page: int = 5_000,
    ) -> None:
        self.years, self.largest_page = tuple(years), largest_page
        rows = land.observations(years=self.years)
        rows = rows[rows["source"].str.startswith("sample:published")]
        names = sorted(rows["variable"].unique(), key=lambda name: (name not in FIRST, name))
        self.listed = list(_listed(names[:variables]))
        self.units = _units(land)
        by_code = {unit["code"]: unit["id-teryt"] for unit in self.units if unit["newest"]}
        self.values = _values(rows, self.listed, by_code)
        _add_parts(self.values, self.units)
        self._paths: dict[str, Callable[[Call], Reply]] = {
            "version": lambda call: Reply(content={"version": "1.0.0", "fictional": True}),
            "areas-list": lambda call: Reply(content=_areas()),
            "public-services": self._services,
            "indicators-list": self._indicators_of,
            "indicator-list": lambda call: self._page(call, list(map(_row, self.listed))),
            "indicator-date-data": self._values_of,
            "teryt-dictionary": lambda call: self._page(call, list(map(_unit_row, self.units))),
            "data-dictionary": lambda call: self._page(
                call, [{"id-daty": _date(year), "rok": year} for year in self.years]
            ),
            "flag-dictionary": lambda call: self._page(
                call, [{"id-flaga": number, "nazwa": name} for number, name in FLAGS.items()]
            ),
            "variables-list": lambda call: self._page(call, [{"id": 1, "nazwa": "ludność"}]),
            "area-flashcard": _card,
            "public-services-flashcard": _card,
            "indicator-flashcard": self._indicator_card,
        }

    def reply(self, call: Call) -> Reply:
        """Return the sound answer to a call."""
        return self._paths.get(call.path, lambda call: _not_found())(call)

    def _page(self, call: Call, rows: list[Any]) -> Reply:
        size = min(int(call.told("page-size", "10")), self.largest_page)
        number = int(call.told("page", "1"))
        pages = max(-(-len(rows) // size), 1)
        if not 1 <= number <= pages:
            return _not_found()
        part = rows[(number - 1) * size : number * size]
        headers = {"X-SMUP-Fictional": "1"}
        return Reply(content={"data": part, "page-count": pages}, headers=headers)

    def _services(self, call: Call) -> Reply:
        area = int(call.told("id"))
        if not 1 <= area <= len(AREAS):
            return _not_found()
        numbers = range((area - 1) * SERVICES_OF_AREA + 1, area * SERVICES_OF_AREA + 1)
        return Reply(content=[{"id-up": n, "nazwa-uslugi": f"Usługa {n}"} for n in numbers])

    def _indicators_of(self, call: Call) -> Reply:
        found = [_row(one) for one in self.listed if one.service == int(call.told("id"))]
        return Reply(content=found) if found else _not_found()

    def _indicator_card(self, call: Call) -> Reply:
        known = any(one.id == int(call.told("id")) for one in self.listed)
        return _card(call) if known else _not_found()

    def _values_of(self, call: Call) -> Reply:
        rows = self.values.get((int(call.told("id")), int(call.told("id-daty"))))
        return self._page(call, rows) if rows else _not_found()


def _listed(variables: Iterable[str]) -> Iterable[Listed]:
    for place, variable in enumerate(variables):
        service = place % (len(AREAS) * SERVICES_OF_AREA) + 1
        dimension = DIMENSIONS[place % len(DIMENSIONS)]
        name = variable.replace("_", " ").capitalize()
        if variable in PAIRS:
            land, cities = PAIRS[variable]
            yield Listed(land, name, service, dimension, variable, cities=False)
            yield Listed(cities, name, service, dimension, variable, cities=True)
        else:
            yield Listed(100 + 7 * place, name, service, dimension, variable)


def _units(land: Snapshot) -> list[dict[str, Any]]:
    """Return every unit of every vintage once a kind, under numbers that say nothing."""
    table = land.table("units").sort_values(["state_date", "unit_code"])
    found: dict[tuple[str, str], dict[str, Any]] = {}
    newest: dict[str, tuple[str, str]] = {}
    for code, level, kind, name, extra in table[
        ["unit_code", "level", "kind", "name", "name_extra"]
    ].itertuples(index=False):
        found[code, kind] = {
            "code": code,
            "level": level,
            "kind": kind,
            "name": name,
            "extra": extra,
        }
        newest[code] = (code, kind)
    numbers = random.Random(7).sample(range(1, 10 * len(found)), len(found))
    units = [
        unit | {"id-teryt": number, "newest": newest[unit["code"]] == key}
        for number, (key, unit) in zip(numbers, found.items(), strict=True)
    ]
    return sorted(units, key=lambda unit: unit["id-teryt"])


def _unit_row(unit: dict[str, Any]) -> dict[str, Any]:
    code = unit["code"]
    row = {"id-teryt": unit["id-teryt"], "woj": code[:2]}
    if len(code) >= 4:
        row["pow"] = code[2:4]
    if len(code) >= 6:
        row |= {"gmn": code[4:6], "rodz": RODZ[unit["kind"]]}
    return row | {"nazwa": unit["name"], "nazwa-dod": unit["extra"]}


def _values(
    rows: Any, listed: list[Listed], by_code: dict[str, int]
) -> dict[tuple[int, int], list[dict[str, Any]]]:
    of_variable = defaultdict(list)
    for one in listed:
        of_variable[one.variable].append(one)
    values: dict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)
    columns = rows[["variable", "unit_code", "year", "value", "flag", "decimals"]]
    for variable, code, year, value, flag, decimals in columns.itertuples(index=False):
        if flag in ABSENT:
            continue
        for one in of_variable[variable]:
            if one.cities is None or is_city_code(code) == one.cities:
                number = FLAG_OF.get(flag, 5)
                values[one.id, _date(year)].append(
                    {
                        "id": one.id,
                        "id-daty": _date(year),
                        "id-teryt": by_code[code],
                        "id-flaga": number,
                        "wartosc": None if number == 5 else float(value),
                        "precyzja": int(decimals),
                    }
                )
    return {key: sorted(found, key=lambda row: row["id-teryt"]) for key, found in values.items()}


def _add_parts(
    values: dict[tuple[int, int], list[dict[str, Any]]], units: list[dict[str, Any]]
) -> None:
    """Let parts of gminy have rows too: whoever counts them counts twice."""
    parts = {unit["code"][:6]: unit["id-teryt"] for unit in units if unit["kind"] == "town_part"}
    whole = {unit["id-teryt"]: unit["code"] for unit in units}
    for rows in values.values():
        rows += [
            row | {"id-teryt": parts[whole[row["id-teryt"]]]}
            for row in rows
            if whole[row["id-teryt"]] in parts
        ]


def _row(one: Listed) -> dict[str, Any]:
    return {
        "id": one.id,
        "nazwa-wskaznika": one.name,
        "id-up": one.service,
        "nazwa-uslugi": f"Usługa {one.service}",
        "wymiar-opisu-uslugi": one.dimension,
    }


def _areas() -> list[dict[str, Any]]:
    return [{"id-ou": number, "nazwa-obszaru": name} for number, name in enumerate(AREAS, 1)]


def _card(call: Call) -> Reply:
    content = {"id": int(call.told("id")), "definicja": f"Fiszka {call.path} ({call.told('id')})"}
    return Reply(content=content)


def _date(year: int) -> int:
    return year * 10_000 + 1231


def _not_found() -> Reply:
    return Reply(404, {"message": "Not Found"})
