"""How does the BeSTi@ API answer? Reconstructed from what third-party clients send and read.

Filters, the envelope, 204 for "nothing", texts with decimal commas, the BOM and the fields of
Rb-27S follow sources.md 4 (confidence M). Never seen, and so invented here: the fields of
``jednostki`` beside ``gt`` and ``pt``, and ``pt`` of gminy and land powiaty.

Positions are made from the budget variables of the sample land, so that those of a return add up
to them. Amounts are split in two, plans are larger than execution, and of every chapter whose
current spending is wanted there is capital spending too: who mixes them gets another sum.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from smup_lib.snapshots import Snapshot
from smup_lib.teryt import is_city_code
from tests.servers.faults import Call, Reply

PATHS = {
    "pozycje-rb27s": "Rb-27S",
    "pozycje-rb28s": "Rb-28S",
    "pozycje-rbnds": "Rb-NDS",
    "pozycje-rbztd": "Rb-Z",
}
REVENUE_COLUMNS = ("pl", "na", "po", "dw", "do", "no", "nz", "np", "so", "su", "sd", "uz", "ot")
SPENDING_COLUMNS = ("pl", "za", "ww")
#: variable -> (chapter, paragraph, column)
REVENUES = {
    "education_subsidy": ("75801", "292", "dw"),
    "property_tax_revenue": ("75615", "031", "dw"),
    "property_tax_receivable": ("75615", "031", "na"),
    "property_tax_arrears": ("75615", "031", "nz"),
    "property_tax_rate_cuts": ("75615", "031", "so"),
    "property_tax_reliefs": ("75615", "031", "su"),
    "property_tax_remissions": ("75615", "031", "uz"),
    "property_tax_deferrals": ("75615", "031", "ot"),
    "farm_forest_tax_revenue": ("75616", "032", "dw"),
    "farm_forest_tax_receivable": ("75616", "032", "na"),
    "farm_forest_tax_arrears": ("75616", "032", "nz"),
    "farm_forest_tax_reliefs": ("75616", "033", "su"),
    "vehicle_tax_revenue": ("75615", "034", "dw"),
    "vehicle_tax_receivable": ("75615", "034", "na"),
    "vehicle_tax_arrears": ("75615", "034", "nz"),
    "vehicle_tax_rate_cuts": ("75615", "034", "so"),
    "local_fees_revenue": ("75618", "049", "dw"),
    "local_fees_receivable": ("75618", "049", "na"),
    "local_fees_arrears": ("75618", "049", "nz"),
    "waste_fee_revenue": ("90002", "049", "dw"),
    "waste_fee_receivable": ("90002", "049", "na"),
    "waste_fee_arrears": ("90002", "049", "nz"),
    "survey_fee_revenue": ("71012", "069", "dw"),
    "revenue_parking": ("60019", "069", "dw"),
    "property_sale_revenue": ("70005", "077", "dw"),
    "usufruct_revenue": ("70005", "055", "dw"),
    "property_lease_revenue": ("70005", "075", "dw"),
}
#: variable -> a chapter of its own and a paragraph; schools are told apart by chapters.
SPENDING = {
    "expenditure_zoning_plans": ("71004", "430"),
    "expenditure_building_supervision": ("71015", "430"),
    "expenditure_investor_service": ("75075", "430"),
    "expenditure_preschools": ("80104", "430"),
    "expenditure_primary_schools": ("80101", "401"),
    "expenditure_school_transport": ("80113", "430"),
    "expenditure_general_secondary": ("80120", "401"),
    "expenditure_vocational_schools": ("80115", "401"),
    "expenditure_special_education": ("80102", "401"),
    "expenditure_counselling_centres": ("85406", "401"),
    "expenditure_dormitories": ("85410", "401"),
    "fee_collectors_pay": ("75647", "410"),
    "expenditure_nurseries": ("85516", "430"),
    "expenditure_family_support": ("85504", "401"),
    "expenditure_foster_care": ("85508", "311"),
    "expenditure_social_assistance_centres": ("85219", "401"),
    "expenditure_benefits_and_meals": ("85214", "311"),
    "expenditure_home_care": ("85228", "401"),
    "expenditure_care_homes": ("85202", "430"),
    "expenditure_support_centres": ("85203", "430"),
    "expenditure_disability_support": ("85311", "430"),
    "expenditure_crisis_intervention": ("85220", "430"),
    "expenditure_addiction_prevention": ("85154", "430"),
    "expenditure_geodesy": ("71012", "430"),
    "expenditure_gmina_roads": ("60016", "427"),
    "expenditure_powiat_roads": ("60014", "427"),
    "expenditure_lighting": ("90015", "426"),
    "expenditure_public_transport": ("60004", "430"),
    "expenditure_parking": ("60019", "430"),
    "expenditure_libraries": ("92116", "248"),
    "expenditure_culture_centres": ("92109", "248"),
    "expenditure_museums": ("92118", "248"),
    "expenditure_sport": ("92605", "430"),
    "expenditure_greenery": ("90004", "430"),
    "expenditure_monuments": ("92120", "272"),
    "expenditure_waste": ("90002", "430"),
    "expenditure_air": ("90005", "430"),
    "expenditure_street_cleaning": ("90003", "430"),
    "expenditure_stray_animals": ("90013", "430"),
    "expenditure_municipal_housing": ("70007", "430"),
}
SCHOOLS = ("801", "854")
EDUCATION = "expenditure_education_current"
ACQUISITION = "expenditure_property_acquisition"
#: Chapters with capital spending, beside that on land.
CAPITAL_CHAPTERS = ("60016", "80101", "92116")
CURRENT_REST, CAPITAL_REST, REVENUE_REST = "75095", "75023", "75814"
EDUCATION_REST, CARE_REST, HEALTH_REST = "80195", "85495", "85195"
#: variable -> chapter, paragraph, financing and group of paragraphs of its own.
GROUPED = {
    "expenditure_wages": ("75023", "401", "0", "1400"),
    "expenditure_debt_interest": ("75702", "811", "0", "1810"),
    "expenditure_current_eu": ("85395", "430", "7", "1201"),
    "debt_repayments_in_expenditure": ("75704", "492", "0", "1500"),
}
ORDINARY = "1500"
FORMS = {
    "Rb-NDS": {"revenue_total": "A", "revenue_current": "A1", "expenditure_total": "B",
               "budget_inflows": "D1", "credit_inflows": "D11", "budget_outflows": "D2",
               "debt_repayments": "D21"},
    "Rb-Z": {"debt_total": "E"},
}  # fmt: skip
#: In no return of this service.
NOT_SERVED = ("state_land_revenue",)
FINANCE = (
    "revenue_total",
    "revenue_current",
    "expenditure_total",
    "expenditure_current",
    "expenditure_capital",
    "expenditure_capital_plan",
    "debt_repayments",
    "debt_total",
    "budget_inflows",
    "credit_inflows",
    "budget_outflows",
    "revenue_current_transfers",
    "revenue_current_grants",
    "revenue_current_eu_grants",
    "asset_sale_revenue",
    "pit_share_revenue",
    "pit_share_revenue_powiat_part",
    "expenditure_education",
    "expenditure_health",
)
VARIABLES = (*REVENUES, *SPENDING, *GROUPED, EDUCATION, ACQUISITION, *FINANCE)


@dataclass(frozen=True)
class ListedUnit:
    """A unit of the list; unions share the code of their seat."""

    const_id: str
    code: str
    name: str
    gt: str
    pt: str

    def fields(self, prefix: str = "") -> dict[str, str]:
        """Return its fields as they stand in rows."""
        wk, pk = self.code[:2], self.code[2:4]
        gk = "00" if is_city_code(self.code) else self.code[4:6] or "00"
        return {
            f"{prefix}id": f"{self.const_id}-3",
            f"{prefix}const-id": self.const_id,
            f"{prefix}nazwa": self.name,
            f"{prefix}wk": wk,
            f"{prefix}pk": pk,
            f"{prefix}gk": gk,
            f"{prefix}gt": self.gt,
            f"{prefix}pt": self.pt,
            f"{prefix}regon": "",
        }


class BestiaShape:
    """The budgets of the sample land as the Ministry of Finance would serve them.

    Parameters
    ----------
    land : Snapshot
        The sample land.
    years : iterable of int
    units : iterable of str, optional
        Codes of the units it knows; all when omitted.
    largest_page : int
        Rows a page at most; fewer than the real 100, so that tests turn pages.
    """

    prefix = "bestia"

    def __init__(
        self,
        land: Snapshot,
        years: Iterable[int],
        units: Iterable[str] | None = None,
        largest_page: int = 40,
    ) -> None:
        self.largest_page = largest_page
        self.units = [*_listed(land, None if units is None else set(units))]
        rows = land.observations(variables=VARIABLES, years=tuple(years))
        rows = rows[rows["source"].str.startswith("sample:land")]
        values: dict[tuple[str, int], dict[str, float]] = defaultdict(dict)
        columns = rows[["unit_code", "year", "variable", "value"]]
        for code, year, variable, value in columns.itertuples(index=False):
            whole = code[:4] + "01" if is_city_code(code) else code
            values[whole, int(year)][variable] = value
        known = {unit.code: unit for unit in self.units if unit.gt != "Z"}
        self.returns = {
            (report, known[code].const_id, year): [
                known[code].fields("jednostka-") | _period(year) | row for row in made
            ]
            for (code, year), told in values.items()
            if code in known
            for report, made in _returns(told).items()
        }
        for unit in self.units:
            if unit.gt == "Z":  # a union has a budget of its own under the code of its seat
                for year in years:
                    rows_of_union = [unit.fields("jednostka-") | _period(year) | _spent("90002")]
                    self.returns["Rb-28S", unit.const_id, year] = rows_of_union

    def reply(self, call: Call) -> Reply:
        """Return the sound answer to a call."""
        if call.path == "jednostki":
            return self._page(call, [unit.fields() for unit in self.units])
        if call.path not in PATHS:
            return Reply(404, {"message": "Not Found"})
        if call.told("filter[okres-okres]") != "4":
            return Reply(204)  # quarters are not told here
        key = (
            PATHS[call.path],
            call.told("filter[jednostka-const-id]"),
            int(call.told("filter[okres-rok]")),
        )
        return self._page(call, self.returns.get(key, []))

    def _page(self, call: Call, rows: list[dict[str, str]]) -> Reply:
        """Return a page; without an order every page is drawn anew, as the real service does."""
        if not rows:
            return Reply(204)
        if not call.told("sort"):
            rows = random.Random(call.number).sample(rows, len(rows))
        size = min(int(call.told("limit", "20")), self.largest_page)
        number, pages = int(call.told("page", "1")), -(-len(rows) // size)
        if not 1 <= number <= pages:
            return Reply(204)
        content = {
            "data": rows[(number - 1) * size : number * size],
            "paging": {"totalItems": len(rows), "totalPages": pages},
            "links": {"self": f"/{call}"},
        }
        return Reply(content=content, bom=True)


def _listed(land: Snapshot, wanted: set[str] | None) -> Iterator[ListedUnit]:
    table = land.table("units").drop_duplicates("unit_code", keep="last")
    kinds = {"urban": "1", "rural": "2", "urban_rural": "3"}
    number = 0
    for code, level, kind, name in table[
        ["unit_code", "level", "kind", "name"]
    ].itertuples(index=False):  # fmt: skip
        number += 1
        if wanted is not None and code not in wanted:
            continue
        if level == "powiat" and kind == "land_powiat":
            yield ListedUnit(f"u-{number:04}", code, name, "", "3")
        elif kind == "city_with_powiat_rights" and level == "gmina":
            yield ListedUnit(f"u-{number:04}", code, name, "", "2")
        elif level == "gmina":
            yield ListedUnit(f"u-{number:04}", code, name, kinds[kind], "1")
            if kind == "urban":
                yield ListedUnit(f"z-{number:04}", code, f"Związek {name}", "Z", "7")


def _period(year: int) -> dict[str, str]:
    return {
        "okres-rok": str(year),
        "okres-okres": "4",
        "sprawozdanie-wersja": "1",
        "sprawozdanie-data": f"{year + 1}-03-31",
    }


def _returns(told: dict[str, float]) -> dict[str, list[dict[str, str]]]:
    """Return the positions of every return of a unit and year."""
    forms = {
        report: [
            {"symbol": symbol, "kolejnosc": str(number), "p": _said(1.1 * told[variable]),
             "w": _said(told[variable]), "z": _said(told[variable])}
            for number, (variable, symbol) in enumerate(symbols.items(), 1)
            if variable in told
        ]
        for report, symbols in FORMS.items()
    }  # fmt: skip
    return {"Rb-27S": _revenues(told), "Rb-28S": _spending(told), **forms}


def _revenues(told: dict[str, float]) -> list[dict[str, str]]:
    places: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for variable, (chapter, paragraph, column) in REVENUES.items():
        if variable in told:
            places[chapter, paragraph][column] = told[variable]
    whole = [(*place, told) for place, told in _shared_revenues(told).items()]
    received = sum(amounts.get("dw", 0.0) for amounts in places.values())
    received += sum(amount for *_, amount in whole)
    if "revenue_total" in told:
        whole.append((REVENUE_REST, "092", "0", told["revenue_total"] - received))
    rows = [
        _place(chapter, paragraph, financing)
        | dict.fromkeys(REVENUE_COLUMNS, "")
        | {"pl": _said(1.1 * amounts.get("dw", 0.0) * share)}
        | {column: _said(part) for column, part in split.items()}
        for (chapter, paragraph), amounts in places.items()
        for financing, share, split in _halves(amounts)
    ]
    rows += [
        _place(*place)
        | dict.fromkeys(REVENUE_COLUMNS, "")
        | {"pl": _said(1.1 * amount), "dw": _said(amount)}
        for *place, amount in whole
    ]
    return sorted(rows, key=lambda row: (row["rozdzial"], row["paragraf"]))


def _shared_revenues(told: dict[str, float]) -> dict[tuple[str, str, str], float]:
    """Return what is left of grants, subsidies, sales and shares in PIT beside other positions.

    A land powiat has its share in PIT in the chapter of powiaty, a city in both.
    """
    grants, eu = (told.get(f"revenue_current_{name}", 0.0) for name in ("grants", "eu_grants"))
    subsidy = told.get("education_subsidy", 0.0)
    city = "pit_share_revenue_powiat_part" in told
    own_chapter = "75622" if "expenditure_health" in told else "75621"  # of land powiaty
    found = {
        ("85395", "200", "7"): eu,
        ("85214", "201", "0"): grants - eu,
        ("75807", "292", "0"): told.get("revenue_current_transfers", 0.0) - grants - subsidy,
        ("70005", "087", "0"): told.get("asset_sale_revenue", 0.0)
        - told.get("property_sale_revenue", 0.0),
        (own_chapter, "001", "0"): told.get("pit_share_revenue", 0.0),
    }
    if city:
        found["75622", "001", "0"] = told["pit_share_revenue_powiat_part"]
    return found


def _halves(amounts: dict[str, float]) -> Iterator[tuple[str, float, dict[str, float]]]:
    """Split amounts into two financings of a paragraph, to the grosz."""
    first = {column: round(0.37 * amount, 2) for column, amount in amounts.items()}
    yield "0", 0.37, first
    yield "1", 0.63, {column: amount - first[column] for column, amount in amounts.items()}


def _spending(told: dict[str, float]) -> list[dict[str, str]]:
    grouped = {place: told[variable] for variable, place in GROUPED.items() if variable in told}
    capital = {("70005", "606"): told.get(ACQUISITION, 0.0)}
    whole = told.get("expenditure_capital", 4e6) - capital["70005", "606"]
    for chapter in CAPITAL_CHAPTERS:
        capital[chapter, "605"] = round(0.2 * whole, 2)
    capital[CAPITAL_REST, "605"] = whole - 3 * round(0.2 * whole, 2)
    current = _current(told, sum(grouped.values()), capital["80101", "605"])
    planned = told.get("expenditure_capital_plan", 5e6)
    plans = {place: round(planned / len(capital), 2) for place in capital}
    plans[CAPITAL_REST, "605"] = planned - (len(capital) - 1) * round(planned / len(capital), 2)
    rows = [
        _place(*place, financing)
        | {"grupa-paragrafow": ORDINARY, "pl": _said(1.1 * split["ww"]), "za": "",
           "ww": _said(split["ww"])}
        for place, amount in current.items()
        for financing, _, split in _halves({"ww": amount})
    ]  # fmt: skip
    rows += [
        _place(*place)
        | {"grupa-paragrafow": group, "pl": _said(amount), "za": "", "ww": _said(amount)}
        for (*place, group), amount in grouped.items()
    ]
    rows += [
        _place(*place, "0")
        | {"grupa-paragrafow": "1600", "pl": _said(plans[place]), "za": "", "ww": _said(amount)}
        for place, amount in capital.items()
    ]
    return sorted(rows, key=lambda row: (row["rozdzial"], row["paragraf"]))


def _current(
    told: dict[str, float], grouped: float, school_buildings: float
) -> dict[tuple[str, str], float]:
    """Return current spending by chapter and paragraph; what is left stands in chapters of rest."""
    found = {place: told[variable] for variable, place in SPENDING.items() if variable in told}

    def spent(*divisions: str) -> float:
        return sum(amount for place, amount in found.items() if place[0][:3] in divisions)

    if EDUCATION in told:
        everything = told.get("expenditure_education")  # of division 801, with buildings
        rest = told[EDUCATION] - spent(*SCHOOLS)
        schools = rest if everything is None else everything - spent("801") - school_buildings
        found[EDUCATION_REST, "430"], found[CARE_REST, "430"] = schools, rest - schools
    if "expenditure_health" in told:
        found[HEALTH_REST, "430"] = told["expenditure_health"] - spent("851")
    if "expenditure_current" in told:  # of land powiaty this is below zero: theirs do not add up
        rest = told["expenditure_current"] - sum(found.values()) - grouped
        found[CURRENT_REST, "430"] = rest
    return found


def _place(chapter: str, paragraph: str, financing: str) -> dict[str, str]:
    return {
        "dzial": chapter[:3],
        "rozdzial": chapter,
        "paragraf": paragraph,
        "finansowanie-paragrafu": financing,
    }


def _spent(chapter: str) -> dict[str, str]:
    amounts = {"grupa-paragrafow": ORDINARY, "pl": "1,00", "za": "", "ww": "1,00"}
    return _place(chapter, "430", "0") | amounts


def _said(amount: float) -> str:
    """Return an amount as the service writes it: a text with a decimal comma."""
    return f"{amount:.2f}".replace(".", ",")
