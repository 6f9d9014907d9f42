"""Which small calls are made to the other services: budgets, registers, boundaries, examinations?

Requests are those of the clients themselves, so that what is tried is what will be used.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from typing import Any

from smup_lib.sources.live import reading
from smup_lib.sources.live.expectation import Expectation
from smup_lib.sources.live.probe import Answers, Probe
from smup_lib.sources.web import bestia_questions, teryt_page
from smup_lib.sources.web.answers import Request
from smup_lib.sources.web.bestia_questions import RETURNS
from smup_lib.sources.web.bestia_units import read_units
from smup_lib.sources.web.prg_pages import CODE_FIELD, LAYERS, PATH
from smup_lib.sources.web.services import BESTIA, CKE, DANE, PRG, TERYT

#: Budget returns of the last year but one are closed in any month.
_CLOSED_YEARS_AGO, _YEAR_WITHOUT_RETURNS = 2, 1990
#: Budget returns as files on dane.gov.pl.
_DATASET = 872

_BESTIA_PAGE = {"data": "list", "paging.totalItems": "int", "paging.totalPages": "int"}
_UNIT_ROW = dict.fromkeys(("const-id", "nazwa", "wk", "pk"), "text")
_UNIT_ROW |= dict.fromkeys(("id", "gk", "gt", "pt"), "text|null") | {"regon": "text|null?"}
_PLACE = {
    "dzial": "digits",
    "rozdzial": "digits",
    "paragraf": "text",
    "finansowanie-paragrafu": "text|null",
}
_RETURN = {
    **{f"jednostka-{name}": kinds for name, kinds in _UNIT_ROW.items()},
    "okres-rok": "digits",
    "okres-okres": "digits",
    "sprawozdanie-wersja": "text",
    "sprawozdanie-data": "text?",
}
#: Amounts that are read, and those that merely stand beside them.
_READ, _BESIDE = "amount|null", "amount|null?"
_COLUMNS = {
    "Rb-27S": _PLACE
    | dict.fromkeys(("pl", "na", "dw", "nz", "so", "su", "uz", "ot"), _READ)
    | dict.fromkeys(("po", "do", "no", "np", "sd"), _BESIDE),
    "Rb-28S": _PLACE | {"grupa-paragrafow": "digits", "pl": _READ, "ww": _READ, "za": _BESIDE},
    "Rb-NDS": {"symbol": "text", "kolejnosc": "text", "p": _READ, "w": _READ, "z": _BESIDE},
    "Rb-Z": {"symbol": "text", "kolejnosc": "text?", "z": _READ, "p": _BESIDE, "w": _BESIDE},
}


def _first_unit(answers: Answers) -> Any:
    """Return the first gmina, city or powiat of the list, and when it was told."""
    answer = answers.get("jednostki")
    return (read_units([answer])[0], answer.retrieved) if answer is not None else None


def _positions(form: str, years_ago: int) -> Callable[[Answers], Request | None]:
    def follow(answers: Answers) -> Request | None:
        if (found := _first_unit(answers)) is None:
            return None
        unit, at = found
        year = datetime.datetime.fromtimestamp(at, datetime.UTC).year - years_ago
        asked = year if years_ago else _YEAR_WITHOUT_RETURNS
        question = bestia_questions.ask_positions(
            RETURNS[form], unit.id, unit.name, asked, at, size=2
        )
        return question.first

    return follow


def _return_probe(form: str) -> Probe:
    return Probe(
        RETURNS[form].path,
        BESTIA,
        f"dwie pozycje {form} pierwszej jednostki",
        _positions(form, _CLOSED_YEARS_AGO),
        Expectation(
            top=_BESTIA_PAGE,
            rows_at="data",
            row={**_RETURN, **_COLUMNS[form]},
            rows=(1, 2),
        ),
        reading.read_positions_of,
    )


BESTIA_PROBES = (
    Probe(
        "jednostki",
        BESTIA,
        "pierwsza strona listy jednostek",
        bestia_questions.ask_units().first,
        Expectation(top=_BESTIA_PAGE, rows_at="data", row=_UNIT_ROW, rows=(1, 100)),
        reading.read_units_of,
    ),
    *map(_return_probe, RETURNS),
    Probe(
        "no-return",
        BESTIA,
        f"sprawozdanie za rok {_YEAR_WITHOUT_RETURNS} (ma być 204)",
        _positions("Rb-27S", 0),
        Expectation(statuses=(204,)),
    ),
)

_WFS: Mapping[str, object] = {"service": "WFS", "version": "2.0.0"}
_GMINY = LAYERS[-1]
OTHER_PROBES = (
    Probe(
        "page",
        TERYT,
        "strona pobierania plików pełnych",
        teryt_page.PAGE,
        Expectation(
            "text",
            contains={
                "__VIEWSTATE": "ukryte pole __VIEWSTATE",
                re.escape(teryt_page.BUTTON): f"przycisk {teryt_page.BUTTON}",
            },
        ),
        reading.read_form_of,
    ),
    Probe(
        "capabilities",
        PRG,
        "opis usługi WFS",
        Request.of(PATH, {**_WFS, "request": "GetCapabilities"}),
        Expectation(
            "text",
            contains={
                **{layer.name: f"warstwa {layer.name}" for layer in LAYERS},
                "2180": "układ EPSG:2180",
            },
        ),
    ),
    Probe(
        "feature",
        PRG,
        "granica jednej gminy",
        Request.of(PATH, {**dict(_GMINY.request().parameters), "count": 1}),
        Expectation(
            "text",
            contains={
                CODE_FIELD: f"pole {CODE_FIELD}",
                "JPT_NAZWA_": "pole JPT_NAZWA_",
                "2180": "układ EPSG:2180",
            },
        ),
        reading.read_feature_of,
    ),
    Probe(
        "dataset",
        DANE,
        f"zbiór {_DATASET} (sprawozdania budżetowe)",
        Request.of(f"datasets/{_DATASET}"),
        Expectation(
            top={"data.id": "text|int", "data.type": "text", "data.attributes.title": "text"}
        ),
    ),
    Probe(
        "resources",
        DANE,
        f"jeden zasób zbioru {_DATASET}",
        Request.of(f"datasets/{_DATASET}/resources", {"page": 1, "per_page": 1}),
        Expectation(
            top={"meta.count": "int", "links": "object"},
            rows_at="data",
            row={
                "id": "text|int",
                "type": "text",
                "attributes.title": "text",
                "attributes.format": "text|null?",
            },
            rows=(1, 1),
        ),
    ),
    Probe(
        "manifest",
        CKE,
        "spis plików wyników egzaminów",
        Request.of("metadata/metadata.json"),
        Expectation("kept"),
    ),
)
