"""Do our server and what we read agree with the official description, and with recorded answers?"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from smup_lib.flags import NULL_FLAGS
from smup_lib.sources.bdl_table import Series
from smup_lib.sources.web.answers import Answer, Request
from smup_lib.sources.web.bdl_attributes import Attributes, read_attributes
from smup_lib.sources.web.bdl_questions import (
    ask_attributes,
    ask_subject,
    ask_values,
    ask_variable,
    ask_variables_of,
    ask_voivodeships,
    read_envelope,
    said_reason,
)
from smup_lib.sources.web.bdl_values import Values, read_values
from smup_lib.sources.web.bdl_variables import read_variable
from tests.servers.bdl_description import described
from tests.servers.bdl_shape import ATTRIBUTES, BdlShape
from tests.servers.faults import Call

#: What is asked -> the object of the official description that answers.
ASKED = {
    "attributes?page-size=100": "AttributeList",
    "units?level=2&page-size=100": "UnitList",
    "variables?subject-id=P1944&page-size=1": "VariableList",
    "variables/72305": "VariableDetails",
    "data/by-variable/72305?unit-level=6&year=2022&year=2023&page=1&page-size=100": (
        "SingleVariableData"
    ),
    "data/by-variable/1243?unit-level=5": "SingleVariableData",
    "variables/424242": "ErrorResponseMessage",
}
#: value beside an attribute -> the flag that both together mean.
FLAGS = {
    (0, 5): "ok", (0, 0): "ambiguous_zero", (1, 5): "ok", (1, 0): "ok", (3, 5): "ok",
    (4, 0): "missing_or_secret", (4, None): "missing_or_secret", (7, 0): "below_format",
    (9, 5): "ok", (11, 5): "ok", (13, 5): "ok", (14, 0): "missing_or_secret",
    (15, 0): "no_data", (17, 0): "below_format", (20, 5): "ok", (21, 5): "ok",
    (50, 0): "not_available_yet", (91, 0): "missing_or_secret", (94, 0): "true_zero",
    (97, 5): "ok", (98, 0): "true_zero",
}  # fmt: skip
QUALIFIERS = {
    3: "incomplete", 9: "preliminary", 11: "method_change", 13: "incomplete,method_change",
    14: "method_change", 17: "method_change", 20: "low_precision", 21: "low_precision",
    97: "joint_with_city", 98: "method_change",
}  # fmt: skip


def answer(content: Any, status: int = 200) -> Answer:
    return Answer(Request("x"), status, json.dumps(content).encode(), 0, 0)


def ask(shape: BdlShape, target: str) -> Any:
    path, _, query = target.partition("?")
    pairs = tuple(tuple(pair.split("=")) for pair in query.split("&") if pair)
    return shape.reply(Call(1, "bdl", path, pairs, {})).content  # type: ignore[arg-type]


def attributes() -> Attributes:
    rows = [
        {"id": number, "name": name, "symbol": symbol, "description": said}
        for number, (name, symbol, said) in ATTRIBUTES.items()
    ]
    return read_attributes([answer({"totalRecords": len(rows), "results": rows})])


def read(cells: list[dict[str, Any]], code: str = "099012101000", level: str = "powiat") -> Values:
    rows = [{"id": code, "name": "x", "values": cells}]
    years = {int(cell["year"]) for cell in cells}
    pages = [answer({"totalRecords": 1, "results": rows})]
    return read_values("BDL", Series(("a",), "zł"), [(level, years, pages)], attributes())


@pytest.fixture
def shape(smup_server):
    one = smup_server.shapes["bdl"]
    assert isinstance(one, BdlShape)
    one.dialect = "real"
    return one


def check(content: Any, schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(schema).validate(content)


@pytest.mark.parametrize("dialect", ["real", "schema"])
@pytest.mark.parametrize("target", ASKED)
def test_the_server_answers_as_we_describe_it(shape, dialect, target):
    shape.dialect = dialect
    check(ask(shape, target), described(dialect)[ASKED[target]])
    other = "schema" if dialect == "real" else "real"
    if target not in ("variables/72305",):  # the same in both
        with pytest.raises(jsonschema.ValidationError):
            check(ask(shape, target), described(other)[ASKED[target]])


def official(shared_data: Path) -> dict[str, Any]:
    """Return the schemas of the official file as JSON schemas: its nullables are OpenAPI's own."""
    text = (shared_data / "bdl_api" / "swagger.json").read_text(encoding="utf-8")
    told = json.loads(text.replace("#/components/schemas/", "#/$defs/"))["components"]["schemas"]

    def plain(one: Any) -> Any:
        if isinstance(one, list):
            return [plain(item) for item in one]
        if not isinstance(one, dict):
            return one
        made = {name: plain(value) for name, value in one.items() if name != "nullable"}
        if one.get("nullable") is True and isinstance(one.get("type"), str):
            made["type"] = [one["type"], "null"]
        return made

    return {name: plain(schema) for name, schema in told.items()}


@pytest.mark.parametrize("target", ASKED)
def test_the_server_answers_as_the_official_file_says(shape, shared_data, target):
    schemas = official(shared_data)
    shape.dialect = "schema"
    name = ASKED[target]
    check(ask(shape, target), {"$ref": f"#/$defs/{name}", "$defs": schemas})


QUESTIONS = (
    (ask_voivodeships(), "/units"),
    (ask_variables_of("P1944"), "/variables"),
    (ask_variable(72305), "/variables/{id}"),
    (ask_subject("P1944"), "/subjects/{id}"),
    (ask_values(72305, 26, "gmina", [2022, 2023], 0.0), "/data/by-variable/{var-id}"),
    (ask_attributes(), "/attributes"),
)
#: Sent although the official file does not list them.
UNLISTED = {"/attributes": {"page", "page-size"}}


@pytest.mark.parametrize(("question", "path"), QUESTIONS)
def test_every_question_is_one_of_the_official_file(shared_data, question, path):
    text = (shared_data / "bdl_api" / "swagger.json").read_text(encoding="utf-8")
    asked = json.loads(text)["paths"][path]["get"]["parameters"]
    known = {one["name"] for one in asked if one["in"] == "query"}
    sent = {name for name, _ in question.first.parameters}
    assert sent - known == UNLISTED.get(path, set())
    form = re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(path.lstrip("/")))
    assert re.fullmatch(form, question.first.path)


@pytest.mark.parametrize("name", sorted(set(ASKED.values())))
def test_our_description_names_only_fields_of_the_official_one(shared_data, name):
    schemas = official(shared_data)

    def fields(schema: dict[str, Any], defs: dict[str, Any]) -> set[str]:
        while "$ref" in schema:
            schema = defs[schema["$ref"].rpartition("/")[2]]
        found = set()
        for key, one in schema.get("properties", {}).items():
            found |= {key} | {f"{key}.{inner}" for inner in fields(one, defs)}
        return found | (fields(schema["items"], defs) if "items" in schema else set())

    ours = fields(described("schema")[name], {})
    assert ours <= fields({"$ref": f"/{name}"}, schemas)


@pytest.mark.parametrize(
    ("file", "key", "name"),
    [
        ("samples_raw_data.json", "get_data_by_variable", "SingleVariableData"),
        ("samples_raw_variables.json", "list_variables", "VariableList"),
        ("samples_raw_variables.json", "search_variables", "VariableList"),
        ("samples_raw_units.json", "list_units", "UnitList"),
        ("samples_raw_attributes.json", "list_attributes", "AttributeList"),
    ],
)
def test_recorded_rows_are_of_the_real_dialect(shared_data, file, key, name):
    told = json.loads((shared_data / "bdl_api" / file).read_text(encoding="utf-8"))
    rows = told[key]
    check({"totalRecords": len(rows), "results": rows}, described("real")[name])


def test_recorded_attributes_are_those_that_we_know(shared_data):
    text = (shared_data / "bdl_api" / "samples_raw_attributes.json").read_text(encoding="utf-8")
    rows = json.loads(text)["list_attributes"]
    found = read_attributes([answer({"totalRecords": len(rows), "results": rows})])
    assert found.notes == ()
    assert {row["id"] for row in rows} == set(found.meanings)
    signs = {row["id"]: (row["name"], row["symbol"]) for row in rows}
    assert signs == {number: told[:2] for number, told in ATTRIBUTES.items()}


def test_recorded_values_are_read_whole(shared_data):
    text = (shared_data / "bdl_api" / "samples_raw_data.json").read_text(encoding="utf-8")
    rows = json.loads(text)["get_data_by_variable"]
    country, voivodeship = ([row for row in rows if row["id"] == code] for code in (
        "000000000000", "011200000000"))  # fmt: skip
    years = range(1995, 2025)
    told = [
        ("country", years, [answer({"totalRecords": 1, "results": country})]),
        ("voivodeship", years, [answer({"totalRecords": 1, "results": voivodeship})]),
    ]
    found = read_values("BDL", Series(("a",), "osoba"), told, attributes())
    assert found.quarantine.empty
    values = found.table.rows.set_index(["unit_code", "year"])["value"]
    assert values["00", 1998] == 429 and values["12", 2018] == 37  # from the recorded file
    assert len(values) == 2 * len(years)
    text = (shared_data / "bdl_api" / "samples_raw_variables.json").read_text(encoding="utf-8")
    one = read_variable(json.loads(text)["get_variable"])
    assert one is not None
    assert (one.subject, str(one.series), one.years[-1]) == (
        "P1313", "ogółem; 25-29 [osoba]", 2024)  # fmt: skip


@pytest.mark.parametrize(("attribute", "value"), FLAGS)
@pytest.mark.parametrize("field", ["val", "value"])
def test_what_an_attribute_says(attribute, value, field):
    found = read([{"year": "2020", field: value, "attrId": attribute}])
    (row,) = found.table.rows.to_dict("records")
    assert row["flag"] == FLAGS[attribute, value]
    assert row["qualifiers"] == QUALIFIERS.get(attribute, "")
    assert (row["value"] != row["value"]) == (row["flag"] in NULL_FLAGS)


def test_every_attribute_is_tried():
    assert {number for number, _ in FLAGS} == set(ATTRIBUTES)


def test_precision_and_digits():
    def decimals(*cells: dict[str, Any]) -> set[Any]:
        told = [{"year": str(2000 + n), "attrId": 1} | cell for n, cell in enumerate(cells)]
        return set(read(told).table.rows["decimals"])

    assert decimals({"val": 5}, {"val": 7.25}, {"val": 1.5}) == {2}
    assert decimals({"value": 5, "precision": 3}) == {3}
    assert decimals({"val": 5}) == {0}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ({"errors": [{"errorResult": "Błąd", "errorReason": "Nie ma takiej"}]}, "Nie ma takiej"),
        ({"errors": [{"result": "Błąd", "reason": "Nie ma takiej"}]}, "Nie ma takiej"),
        ({"errorResult": "Limit", "errorReason": "Za dużo"}, "Za dużo"),
        ({"result": "Błąd"}, "Błąd"),
        ({}, ""),
        ([], ""),
    ],
)
def test_reasons_of_both_dialects(content, says):
    assert said_reason(answer(content, 404)) == says


@pytest.mark.parametrize(
    ("links", "has_next"),
    [
        ({"next": "/1"}, True),
        ({"nextPage": "/1"}, True),
        ({"self": "/0", "nextPage": None}, False),
        ({}, None),
    ],
)
def test_links_of_both_dialects(links, has_next):
    assert read_envelope(answer({"results": [], "links": links})).has_next is has_next


def test_a_page_is_parsed_once_while_pages_come():
    """The rows of a country come on some forty pages: none is read again for each that follows."""
    question = ask_values(72305, 26, "gmina", [2023], 0.0, size=2)
    answers: list[Answer] = []
    request: Request | None = question.first
    read_envelope.cache_clear()
    while request is not None:
        number = len(answers)
        rows = [{"id": f"{number:02}{one}", "values": []} for one in range(2 if number < 30 else 1)]
        body = {"totalRecords": 61, "page": number, "results": rows}
        answers.append(Answer(request, 200, json.dumps(body).encode(), 0.0, 0.0))
        request = question.paging.next_page(answers)
    assert read_envelope.cache_info().misses == len(answers) == 31
    assert question.paging.fault(answers) == ""
    assert "zapowiedział 61 wierszy" in question.paging.fault(answers[:-1])
