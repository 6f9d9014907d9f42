"""What do we read of BDL's answers? Our own small description, in both dialects, as JSON schemas.

It is the twin of the official OpenAPI file, which is not part of the repository.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TEXT: dict[str, Any] = {"type": ["string", "null"]}
_WHOLE: dict[str, Any] = {"type": "integer"}
_NUMBER: dict[str, Any] = {"type": ["number", "null"]}


def _object(needed: Mapping[str, Any], other: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {**needed, **(other or {})},
        "required": sorted(needed),
        "additionalProperties": False,
    }


def _whole_list(row: Mapping[str, Any]) -> dict[str, Any]:
    return _object({"totalRecords": _WHOLE, "results": {"type": "array", "items": row}})


def _list(row: Mapping[str, Any], links: str, about: Mapping[str, Any]) -> dict[str, Any]:
    names = ("first", "prev", "next", "last")
    told = {f"{name}{links}": _TEXT for name in names} | {"self": _TEXT}
    paging = {"page": _WHOLE, "pageSize": _WHOLE, "links": _object({}, told), **about}
    return _object({"totalRecords": _WHOLE, "results": {"type": "array", "items": row}}, paging)


def described(dialect: str) -> dict[str, dict[str, Any]]:
    """Return the schemas of a dialect (``real``, ``schema``) under their official names."""
    real = dialect == "real"
    links = "" if real else "Page"
    cell = {"year": {"type": "string"}, ("val" if real else "value"): _NUMBER, "attrId": _WHOLE}
    more = {} if real else {"valueFormatted": _TEXT, "precision": _WHOLE}
    values = {"type": "array", "items": _object(cell, more)}
    about = dict.fromkeys(("variableId", "measureUnitId", "aggregateId"), _WHOLE)
    labels = {f"n{place}": _TEXT for place in range(1, 6)}
    variable = {
        "id": _WHOLE, "subjectId": {"type": "string"}, "level": _WHOLE, "measureUnitId": _WHOLE,
        "measureUnitName": {"type": "string"},
    }  # fmt: skip
    years = {"years": {"type": "array", "items": _WHOLE}}
    unit = {"id": {"type": "string"}, "name": _TEXT, "level": _WHOLE}
    unit_more = {"parentId": _TEXT, "kind": _TEXT, "hasDescription": {"type": "boolean"}}
    attribute = {"id": _WHOLE, ("name" if real else "display"): _TEXT, "symbol": _TEXT}
    prefix = "error" if real else ""
    error = {
        (prefix + (name.capitalize() if real else name)): _TEXT
        for name in ("result", "reason", "solution", "help")
    }
    code = {f"{prefix}{'Code' if real else 'code'}": _WHOLE}
    return {
        "SingleVariableData": _list(
            _object({"id": {"type": "string"}, "values": values}, {"name": _TEXT}),
            links,
            {**about, "lastUpdate": _TEXT},
        ),
        "VariableList": _list(_object(variable, labels), links, {}),
        "VariableDetails": _object(variable | years, labels),
        "UnitList": _list(_object(unit, unit_more), links, {}),
        "AttributeList": _whole_list(_object(attribute, {"description": _TEXT})),
        "ErrorResponseMessage": _object(
            {"errors": {"type": "array", "items": _object({}, error | code)}}
        ),
    }
