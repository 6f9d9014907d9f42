"""Which small calls are made to the services of GUS that answer with data: SMUP and BDL?

Requests are those of the clients themselves, so that what is tried is what will be used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from smup_lib.sources.live import reading
from smup_lib.sources.live.expectation import Expectation
from smup_lib.sources.live.probe import KEPT, Answers, Probe, number_from, then
from smup_lib.sources.web import bdl_questions, smup_questions
from smup_lib.sources.web.answers import Request
from smup_lib.sources.web.services import BDL, SMUP

#: Surplus of the budget per inhabitant, and a date that it should have.
_INDICATOR, _DATE, _NO_DATE = 4068, 20231231, 19001231
#: Density of population, and a number that no variable has.
_VARIABLE, _NO_VARIABLE, _YEAR = 60559, 999_999_999, 2023


def _small(path: str, **parameters: object) -> Request:
    return Request.of(path, {**parameters, **smup_questions.LANGUAGE, "page": 1, "page-size": 1})


_AREA = number_from("areas-list", "", "id-ou")
_SERVICE = number_from("public-services", "", "id-up")
_LISTED = number_from("indicator-list", "data", "id")
_INDICATOR_ROW = {
    "id": "int",
    "nazwa-wskaznika": "text",
    "id-up": "int",
    "nazwa-uslugi": "text",
    "wymiar-opisu-uslugi": "text",
}
_VALUE_ROW = {
    "id": "int",
    "id-daty": "int",
    "id-teryt": "int",
    "id-flaga": "int",
    "wartosc": "number|null",
    "precyzja": "int",
}


def _enveloped(row: Mapping[str, str], most: int = 1, *, closed: bool = False) -> Expectation:
    top = {"data": "list", "page-count": "int"}
    return Expectation(top=top, rows_at="data", row=row, rows=(1, most), closed=closed)


def _card(kind: str, number: Callable[[Answers], int | None], label: str) -> Probe:
    def ask(found: int) -> Request:
        return smup_questions.ask_card(kind, found).first

    return Probe(f"card-{kind}", SMUP, label, then(number, ask), KEPT)


SMUP_PROBES = (
    Probe("version", SMUP, "wersja serwisu", smup_questions.ask_version().first, KEPT),
    Probe(
        "areas-list",
        SMUP,
        "lista obszarów",
        smup_questions.ask_areas().first,
        Expectation(rows_at="", row={"id-ou": "int", "nazwa-obszaru": "text"}, rows=(9, 9)),
    ),
    Probe(
        "without-key",
        SMUP,
        "lista obszarów bez klucza",
        smup_questions.ask_areas().first,
        Expectation(rows_at="", row={"id-ou": "int", "nazwa-obszaru": "text"}, rows=(9, 9)),
        with_key=False,
    ),
    Probe(
        "public-services",
        SMUP,
        "usługi pierwszego obszaru",
        then(_AREA, lambda area: smup_questions.ask_services(area).first),
        Expectation(rows_at="", row={"id-up": "int", "nazwa-uslugi": "text"}),
    ),
    Probe(
        "indicators-list",
        SMUP,
        "wskaźniki pierwszej usługi",
        then(_SERVICE, lambda service: smup_questions.ask_indicators_of(service).first),
        Expectation(rows_at="", row=_INDICATOR_ROW),
    ),
    Probe(
        "indicator-list",
        SMUP,
        "lista wskaźników, jeden wiersz",
        _small("indicator-list"),
        _enveloped(_INDICATOR_ROW),
    ),
    Probe(
        "teryt-dictionary",
        SMUP,
        "słownik jednostek, jeden wiersz",
        _small("teryt-dictionary"),
        _enveloped(
            {
                "id-teryt": "int",
                "woj": "digits",
                "pow": "digits?",
                "gmn": "digits?",
                "rodz": "digits?",
                "nazwa": "text",
                "nazwa-dod": "text|null?",
            }
        ),
    ),
    Probe(
        "data-dictionary",
        SMUP,
        "słownik dat, jeden wiersz",
        _small("data-dictionary"),
        _enveloped({"id-daty": "int", "rok": "int"}),
    ),
    Probe(
        "flag-dictionary",
        SMUP,
        "słownik znaczników",
        smup_questions.ask_flags(size=100).first,
        _enveloped({}, most=100),
        reading.read_flags_of,
    ),
    Probe(
        "variables-list",
        SMUP,
        "lista zmiennych, jeden wiersz",
        _small("variables-list"),
        KEPT,
    ),
    Probe(
        "indicator-date-data",
        SMUP,
        f"jedna wartość wskaźnika {_INDICATOR} z 2023 r.",
        _small("indicator-date-data", **{"id": _INDICATOR, "id-daty": _DATE}),
        _enveloped(_VALUE_ROW, closed=True),
    ),
    Probe(
        "no-data",
        SMUP,
        "ten sam wskaźnik w roku, którego nie ma (ma być 404)",
        _small("indicator-date-data", **{"id": _INDICATOR, "id-daty": _NO_DATE}),
        Expectation(statuses=(404,)),
    ),
    _card("area", _AREA, "fiszka pierwszego obszaru"),
    _card("service", _SERVICE, "fiszka pierwszej usługi"),
    _card("indicator", _LISTED, "fiszka pierwszego wskaźnika"),
)

_BDL_PAGE = {"totalRecords": "int", "page": "int", "pageSize": "int", "links": "object"}
BDL_PROBES = (
    Probe(
        "version",
        BDL,
        "wersja serwisu",
        Request.of("version", bdl_questions.LANGUAGE),
        Expectation(top={"id": "text", "major": "int", "minor": "int"}),
    ),
    Probe(
        "attributes",
        BDL,
        "słownik atrybutów",
        bdl_questions.ask_attributes().first,
        Expectation(
            top={"totalRecords": "int"},
            rows_at="results",
            row={
                "id": "int",
                "name": "text?",
                "display": "text?",
                "symbol": "text",
                "description": "text?",
            },
        ),
        reading.read_attributes_of,
    ),
    Probe(
        "variable",
        BDL,
        f"opis zmiennej {_VARIABLE} (gęstość zaludnienia)",
        bdl_questions.ask_variable(_VARIABLE).first,
        Expectation(
            top={
                "id": "int",
                "subjectId": "text",
                "n1": "text",
                "level": "int",
                "measureUnitId": "int",
                "measureUnitName": "text",
                "years": "list",
            }
        ),
        reading.read_variable_of,
    ),
    Probe(
        "no-variable",
        BDL,
        "zmienna, której nie ma (ma być 404)",
        bdl_questions.ask_variable(_NO_VARIABLE).first,
        Expectation(statuses=(404,)),
    ),
    Probe(
        "units",
        BDL,
        "lista województw, jeden wiersz",
        bdl_questions.ask_voivodeships(size=1).first,
        Expectation(
            top=_BDL_PAGE,
            rows_at="results",
            row={
                "id": "digits",
                "name": "text",
                "parentId": "digits",
                "level": "int",
                "kind": "text?",
                "hasDescription": "bool?",
            },
            rows=(1, 1),
        ),
    ),
    Probe(
        "data",
        BDL,
        f"jedna wartość zmiennej {_VARIABLE} z {_YEAR} r.",
        bdl_questions.ask_values(_VARIABLE, 0, "gmina", [_YEAR], 0.0, size=1).first,
        Expectation(
            top={
                **_BDL_PAGE,
                "variableId": "int",
                "measureUnitId": "int",
                "aggregateId": "int",
                "lastUpdate": "text?",
            },
            rows_at="results",
            row={"id": "digits", "name": "text", "values": "list"},
            rows=(1, 1),
        ),
        reading.read_values_of,
    ),
)
