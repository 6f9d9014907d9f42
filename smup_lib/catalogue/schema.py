"""The JSON schema of the catalogue's files, generated from the model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from smup_lib.catalogue.model import Publisher, ServiceArea
from smup_lib.catalogue.practice import PracticeCard
from smup_lib.catalogue.variable import Variable
from smup_lib.catalogue.vocabulary import CatalogueModel


class VariablesFile(CatalogueModel):
    """``variables/*.yaml``: the only vocabulary of variables."""

    variables: tuple[Variable, ...]


class PublishersFile(CatalogueModel):
    """``sources.yaml``: publishers in order of precedence."""

    publishers: tuple[Publisher, ...]


def area_schema() -> dict[str, Any]:
    """Return the JSON schema of ``areas/*.yaml``.

    Examples
    --------
    >>> area_schema()["title"]
    'ServiceArea'
    """
    return _with_dialect(ServiceArea)


def schemas() -> dict[str, dict[str, Any]]:
    """Return the schema of every kind of file by the name it is stored under.

    Examples
    --------
    >>> sorted(schemas())
    ['area.schema.json', 'practice.schema.json', 'sources.schema.json', 'variables.schema.json']
    """
    return {
        "area.schema.json": area_schema(),
        "practice.schema.json": _with_dialect(PracticeCard),
        "sources.schema.json": _with_dialect(PublishersFile),
        "variables.schema.json": _with_dialect(VariablesFile),
    }


def _with_dialect(model: type[CatalogueModel]) -> dict[str, Any]:
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect} | model.model_json_schema()


def write_schemas(folder: Path) -> None:
    """Write every schema into a folder; a test holds the stored ones in sync with the model."""
    folder.mkdir(exist_ok=True)
    for name, schema in schemas().items():
        text = json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_schemas(Path(__file__).with_name("schemas"))
