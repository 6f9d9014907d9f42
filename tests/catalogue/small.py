"""A small clean catalogue of a fictional area, to be broken one rule at a time."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import yaml

CENSUS = {"year": 2020, "reason": "Od 2020 r. inna liczba ludności."}
TO_CHECK = "Bardzo niska i bardzo wysoka wartość są tak samo warte sprawdzenia."


def variable(name: str, unit: str = "szt.", kind: str = "count", **more: Any) -> dict[str, Any]:
    additive = kind in ("count", "money", "length", "area", "mass")
    return {
        "id": name,
        "label": f"Zmienna {name}",
        "measure_unit": unit,
        "holder": "GUS",
        "collected_by": "office",
        "kind": kind,
        "additive": additive,
        "levels": ["gmina", "powiat"],
        **more,
    }


def indicator(name: str, dimension: str, above: str, below: str, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "area": "roads_transport",
        "service": "DRO-01",
        "dimension": dimension,
        "name": f"Wskaźnik {name}",
        "short_name": f"Krótko {name}",
        "definition": "Jedna liczba podzielona przez drugą.",
        "interpretation": "To tylko skala zadania, dlatego wskaźnik nie jest oceniany.",
        "limits": "Nie mówi o przyczynach.",
        "measure_unit": "szt./szt.",
        "decimals": 1,
        "data_basis": "mean",
        "provenance": "computed",
        "method": "ratio",
        "inputs": {"numerator": [above], "denominator": [below]},
        "levels": ["gmina", "powiat"],
    } | more


def published(name: str, dimension: str, **more: Any) -> dict[str, Any]:
    return (
        indicator(name, dimension, "", "")
        | {
            "definition": "Wartość ogłoszona przez GUS: wypadki na mieszkańców.",
            "measure_unit": "szt./100 tys. mieszk.",
            "data_basis": "index",
            "provenance": "published",
            "method": "published",
            "inputs": {"value": name},
            "levels": ["powiat"],
        }
        | more
    )


def _indicators() -> list[dict[str, Any]]:
    to_check = {"interpretation": TO_CHECK, "polarity": {"judge": "two_sided"}}
    return [
        indicator("crossings_a_road", "accessibility", "crossings", "roads"),
        indicator(
            "cost_a_road",
            "efficiency",
            "spending",
            "roads",
            measure_unit="zł/szt.",
            data_basis="money_ratio",
            paired_with=["crossings_a_road"],
            **to_check,
        ),
        indicator(
            "lit_share",
            "quality",
            "crossings_lit",
            "crossings",
            interpretation="Wyższa wartość oznacza więcej światła.",
            measure_unit="%",
            multiplier=100,
            data_basis="count_ratio",
            method="share",
            minimum_gap=1,
            polarity={
                "direction": "higher",
                "reason": "Światło chroni pieszych.",
                "signed_by": ["autorka", "recenzent-kierunku"],
            },
        ),
        published("accidents_rate", "quality", related=["accidents_rate_computed"]),
        indicator(
            "accidents_rate_computed",
            "quality",
            "accidents",
            "population",
            measure_unit="szt./100 tys. mieszk.",
            multiplier=100000,
            data_basis="count_ratio",
            method="rate",
            related=["accidents_rate"],
            twin_of="accidents_rate",
            aliases=["X-1"],
        ),
    ]


def _area() -> dict[str, Any]:
    gap = {
        "dimension": "quantity",
        "wanted": "Długość dróg.",
        "reason": "Nie zbiera tego żadne badanie krajowe.",
        "source": "Ewidencja zarządcy.",
        "levels": ["gmina", "powiat"],
    }
    service = {
        "code": "DRO-01",
        "name": "Drogi",
        "description": "Zadanie gminy.",
        "levels": ["gmina", "powiat"],
        "gaps": [gap],
    }
    return {
        "id": "roads_transport",
        "name": "Drogi",
        "description": "Lista usług jest naszą rekonstrukcją, a nie listą SMUP.",
        "context": ["population", "density", "wage"],
        "services": [service],
        "indicators": _indicators(),
    }


def _variables() -> list[dict[str, Any]]:
    return [
        variable("population", "os.", breaks=[CENSUS], aliases=["LUD"]),
        variable("density", "os./km²", "rate"),
        variable("wage", "zł", "mean"),
        variable("accidents"),
        variable("accidents_rate", "szt./100 tys. mieszk.", "rate", breaks=[CENSUS]),
        variable("crossings"),
        variable("crossings_lit"),
        variable("roads", bdl=[{"subject": "P1234", "labels": ["drogi"], "measure_unit": "szt."}]),
        variable("spending", "zł", "money"),
        variable("lit_percent", "%", "rate"),
        variable("bridges_km", "km", "length", levels=["powiat"]),
    ]


def _publishers() -> list[dict[str, Any]]:
    sample = {"id": "sample", "name": "Kraina", "credit": "Dane przykładowe.", "licence": "MIT"}
    return [
        sample | {"datasets": ["sample:"]},
        sample | {"id": "own", "name": "Własne", "datasets": ["own:"]},
    ]


class SmallCatalogue:
    """The content of the three files, open to change."""

    def __init__(self) -> None:
        self.variables = copy.deepcopy(_variables())
        self.publishers = copy.deepcopy(_publishers())
        self.area = copy.deepcopy(_area())

    @property
    def service(self) -> dict[str, Any]:
        return self.area["services"][0]

    @property
    def gap(self) -> dict[str, Any]:
        return self.service["gaps"][0]

    def indicator(self, name: str) -> dict[str, Any]:
        return next(i for i in self.area["indicators"] if i["id"] == name)

    def variable(self, name: str) -> dict[str, Any]:
        return next(v for v in self.variables if v["id"] == name)

    def write(self, folder: Path) -> Path:
        """Write the files and return the folder."""
        for name in ("areas", "variables"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        area = self.area["id"]
        for name, content in {
            "variables/common.yaml": {"variables": self.variables},
            "sources.yaml": {"publishers": self.publishers},
            f"areas/{area}.yaml": self.area,
        }.items():
            text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
            (folder / name).write_text(text, encoding="utf-8")
        return folder
