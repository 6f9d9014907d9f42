"""A plan on one state of a small land, and the next year's data with a fate for each unit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

AREA, START, NEXT = "culture_recreation", 2022, 2023
READERS, INDICATOR = "library_readers", "library_readers_per_1k"
#: What the next year brings to the readers of each powiat, as times the readers of the start.
TIMES = {"9001": 1.5, "9002": 1.1, "9003": 1.0, "9004": 0.7, "9006": 1.1}
BROKEN, CORRECTED, SILENT = "9005", "9006", "9007"


def until_start(rows: pd.DataFrame) -> pd.DataFrame:
    """Leave out what came after the start of the plan."""
    return rows[rows["year"] <= START].reset_index(drop=True)


def next_year(rows: pd.DataFrame) -> pd.DataFrame:
    """Let each powiat have its fate in the year after the start; the population stays."""
    rows = rows[rows["year"] <= NEXT].reset_index(drop=True)
    rows["qualifiers"] = rows["qualifiers"].astype("object")
    rows["flag"] = rows["flag"].astype("object")
    for variable in (READERS, "population"):
        for unit in {*TIMES, BROKEN}:
            start, after = (_cell(rows, unit, variable, year) for year in (START, NEXT))
            times = TIMES.get(unit, 1.5) if variable == READERS else 1.0
            rows.loc[after, "value"] = (rows.loc[start, "value"].iloc[0] * np.array(times)).round()
    rows.loc[_cell(rows, BROKEN, READERS, NEXT), "qualifiers"] = "method_change"
    rows.loc[_cell(rows, CORRECTED, READERS, START), "value"] *= 0.8
    rows.loc[_cell(rows, "9001", READERS, NEXT), "qualifiers"] = "preliminary"
    silent = _cell(rows, SILENT, READERS, NEXT)
    rows.loc[silent, ["value", "flag"]] = [np.nan, "missing_or_secret"]
    return rows


def _cell(rows: pd.DataFrame, unit: str, variable: str, year: int) -> pd.Series:
    return (rows["unit_code"] == unit) & (rows["variable"] == variable) & (rows["year"] == year)


def plan_content(
    unit: str, start: float, target: float, snapshot: str, **more: Any
) -> dict[str, Any]:
    """Return a plan with one action on the readers of a unit."""
    action = {
        "id": "godziny",
        "cause": "Biblioteki są zamknięte po południu.",
        "action": "Otwarcie bibliotek do godziny 19.",
        "owner": "Wydział Kultury",
        "budget": 120000,
        "indicator": INDICATOR,
        "baseline": {"value": start, "year": START},
        "target": target,
        "deadline": 2025,
        "risk": "Brak chętnych do pracy; wtedy dyżury.",
    }
    return {
        "id": f"plan_{unit}",
        "title": "Czytelnicy bibliotek",
        "unit": unit,
        "area": AREA,
        "snapshot": snapshot,
        "actions": [action | more],
    }


def write_plan(folder: Path, content: dict[str, Any]) -> Path:
    """Write a plan as a file."""
    path = folder / f"{content['id']}.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path
