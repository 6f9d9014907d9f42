"""The indicators of the Ministry, from the positions of one invented budget (domain.md 13.4).

The positions are ours; their sums are those of the invented unit, in mln zł, with 20 000 people on
30 June. What only another return could tell apart (EU money, wages of projects) is among them.
"""

from __future__ import annotations

import pandas as pd
import pytest

from smup_lib.catalogue import load_catalogue
from smup_lib.indicators.compute import compute_indicator
from smup_lib.snapshots.observations import as_observations
from smup_lib.sources.web.bestia_plan import is_readable
from smup_lib.sources.web.bestia_questions import RETURNS
from smup_lib.sources.web.bestia_reading import UnitReturn, read_positions
from smup_lib.sources.web.bestia_sums import sum_variables

UNIT, YEAR, PEOPLE = "900102", 2023, 20_000.0
#: Chapter, paragraph, financing, mln zł.
REVENUES = [
    ("75621", "001", "0", 51.0),
    ("75801", "292", "0", 4.0),  # general subsidy: a transfer and no grant
    ("85214", "201", "0", 28.5),
    ("80101", "200", "7", 1.5),  # EU
    ("70005", "077", "0", 1.6),
    ("70005", "087", "", 0.4),
    ("60016", "629", "0", 13.0),
]
#: Chapter, paragraph, financing, group, mln zł.
SPENDING = [
    ("80101", "401", "0", "1400", 30.0),
    ("80101", "411", "", "1400", 6.0),  # a blank financing is one's own money
    ("80195", "401", "7", "1401", 0.7),  # wages of a project: no wages of the Ministry
    ("85395", "430", "7", "1201", 1.0),
    ("75702", "811", "0", "1810", 1.2),
    ("90002", "430", "0", "1500", 41.1),
    ("60016", "605", "0", "1600", 24.0),
]
FORMS = {
    "Rb-NDS": {"A": 100, "A1": 85, "A2": 15, "B": 104, "D1": 9, "D11": 6, "D2": 4, "D21": 4},
    "Rb-Z": {"E": 30, "E1": 30},
}
VALUES = {
    "WB1": 85.00, "WB2": 40.00, "WB3": 5.88, "WB4": 23.08, "WB5": 45.00, "WB6": 7.00,
    "WB7": 83.33, "WB8": 1.00, "WB9": 82.14, "WB10": 79.17, "WB11": 126.32, "WB12": 13.09,
    "WL1": 1700, "WL2": 250, "WL3": 1500, "WL4": 1150, "WL5": 950,
    "WZ1": 30.00, "WZ2": 6.00, "WZ3": 5.20, "WZ4": 4.00, "WZ5": 9.45, "WZ6": 30.00, "WZ7": 1.00,
}  # fmt: skip


def said(millions: float) -> str:
    return f"{millions * 1e6:.2f}".replace(".", ",")


def returns() -> dict[str, list[dict[str, str]]]:
    revenues = [
        {"dzial": c[:3], "rozdzial": c, "paragraf": p, "finansowanie-paragrafu": f, "dw": said(a)}
        for c, p, f, a in REVENUES
    ]
    spending = [
        {"dzial": c[:3], "rozdzial": c, "paragraf": p, "finansowanie-paragrafu": f,
         "grupa-paragrafow": g, "ww": said(a)}
        for c, p, f, g, a in SPENDING
    ]  # fmt: skip
    forms = {
        form: [{"symbol": s, "w": said(a), "z": said(a)} for s, a in rows.items()]
        for form, rows in FORMS.items()
    }
    return {"Rb-27S": revenues, "Rb-28S": spending, **forms}


def summed(name: str, rows: list[dict[str, str]]) -> pd.DataFrame:
    own = [
        v
        for v in load_catalogue().variables.values()
        if is_readable(v) and v.budget.report == name and {*v.budget.columns} <= {*rows[0]}
    ]
    columns = sorted({c for v in own for c in v.budget.columns})
    found = read_positions([UnitReturn(UNIT, rows)], RETURNS[name], columns, name, YEAR)
    assert not found.quarantine
    return sum_variables(found, own, YEAR)[0]


@pytest.fixture(scope="module")
def amounts() -> pd.DataFrame:
    return pd.concat([summed(name, rows) for name, rows in returns().items()], ignore_index=True)


def observed(amounts: pd.DataFrame, **other: float) -> pd.DataFrame:
    given = {"population_mid_year": PEOPLE, "matured_liabilities": 3e5, **other}
    more = pd.DataFrame(
        [{"unit_code": UNIT, "year": YEAR, "variable": v, "value": a} for v, a in given.items()]
    )
    kept = amounts[~amounts["variable"].isin(list(given))]
    rows = pd.concat([kept[["unit_code", "year", "variable", "value"]], more])
    return as_observations(rows.assign(source="fictional:bestia@00000000"))


@pytest.mark.parametrize(("code", "expected"), VALUES.items())
def test_the_invented_unit_has_the_value_of_the_method(amounts, code, expected):
    found = compute_indicator(load_catalogue().indicator(code), observed(amounts))
    assert found["flag"].tolist() == ["ok"]
    assert found["value"].round(2).tolist() == [expected]


def test_every_code_of_the_ministry_is_tried():
    aliases = {a for i in load_catalogue().areas["finance"].indicators for a in i.aliases}
    assert aliases == set(VALUES)


@pytest.mark.parametrize("surplus", [0.0, -5e6])
def test_no_years_of_repayment_from_a_deficit(amounts, surplus):
    rows = observed(amounts, revenue_current=80e6 + surplus)
    found = compute_indicator(load_catalogue().indicator("WZ2"), rows)
    assert found["flag"].tolist() == ["not_applicable"]
    assert found["value"].isna().all()
    # a surplus as a numerator may well be below zero
    share = compute_indicator(load_catalogue().indicator("WB3"), rows)
    assert share["value"].tolist() == [pytest.approx(100 * surplus / (80e6 + surplus))]
