"""Availability counts exactly the values that the kitchen makes, and names every gap."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from smup_lib.catalogue import load_catalogue
from smup_lib.catalogue.changes import changes_frame
from smup_lib.indicators import compute_values
from smup_lib.indicators.availability import compute_availability
from smup_lib.indicators.compute import compute_indicator
from smup_lib.indicators.presence import Presence
from smup_lib.snapshots import Snapshot, as_observations, load_snapshot, write_snapshot
from smup_lib.teryt import city_gmina_code
from smup_lib.units import load_register
from tests.indicators.builders import indicator
from tests.snapshots.builders import observations, source_record

LAND, OTHER = "sample:land@0000aaaa", "sample:other@0000bbbb"
UNITS = [
    ("900102", "gmina", "rural"),
    ("900103", "gmina", "urban"),
    ("906101", "gmina", "city_with_powiat_rights"),
    ("9001", "powiat", "land_powiat"),
    ("9061", "powiat", "city_with_powiat_rights"),
]


def units_table() -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"unit_code": code, "level": level, "kind": kind, "name": code, "name_extra": "",
             "state_date": "2019-01-01", "source": LAND}
            for code, level, kind in UNITS
        ]
    )  # fmt: skip


@pytest.fixture
def written(smup_home):
    def write(rows: list[tuple[Any, ...]]) -> Snapshot:
        columns = ["unit_code", "year", "variable", "value", "flag", "source"]
        whole = [(*row, *("ok", LAND)[len(row) - 4 :]) for row in rows]
        frame = as_observations(pd.DataFrame(whole, columns=columns))
        tables = {
            "observations": frame,
            "units": units_table(),
            "changes": changes_frame([]),
        }
        records = [
            source_record(name, variables=tuple(sorted(set(own["variable"]))))
            for name, own in frame.groupby("source", observed=True)
        ]
        return write_snapshot(tables, fictional=True, sources=records)

    return write


def counted(snapshot: Snapshot, *entries, levels=("gmina", "powiat")):
    catalogue = load_catalogue()
    return compute_availability(entries, snapshot, catalogue, load_register(snapshot), levels)


def accidents(**changes: Any):
    named = {"numerator": ("road_accidents",), "denominator": ("population",)}
    return indicator(**{"inputs": named, **changes})


def gaps_of(gaps: pd.DataFrame, level: str, year: int) -> list[tuple[str, int, str]]:
    own = gaps[(gaps["level"] == level) & (gaps["year"] == year)]
    return list(own[["gap", "units", "variables"]].itertuples(index=False, name=None))


def test_a_small_land_by_hand(written):
    opened = written(
        [
            ("900102", 2020, "road_accidents", 3.0),
            ("900103", 2020, "road_accidents", None, "missing_or_secret"),
            ("906101", 2020, "road_accidents", 0.0, "true_zero"),
            ("900102", 2020, "population", 100.0),
            ("900103", 2020, "population", 200.0),
            ("9061", 2020, "population", 300.0),  # the city's other code
            ("900102", 2021, "population", 0.0, "true_zero"),
            ("900102", 2021, "road_accidents", 1.0),
            ("900103", 2021, "road_accidents", 2.0),
        ]
    )
    counts, gaps = counted(opened, accidents(), levels=["gmina"])
    assert counts.values.tolist() == [
        ["accident_rate", "gmina", 2020, 3, 2],
        ["accident_rate", "gmina", 2021, 3, 0],
    ]
    assert gaps_of(gaps, "gmina", 2020) == [("suppressed", 1, "road_accidents")]
    assert gaps_of(gaps, "gmina", 2021) == [
        ("not_told", 2, "road_accidents population"),
        ("not_computable", 1, "population"),
    ]


def test_absent_inputs_are_told_apart_by_the_way_they_would_come(written):
    opened = written([("9001", 2020, "population", 5.0), ("9001", 2021, "population", 5.0),
                      ("9061", 2021, "population", 5.0), ("9001", 2020, "road_accidents", 1.0),
                      ("9061", 2020, "road_accidents", 1.0)])  # fmt: skip
    kinds = {
        "lit_roads_km": "own_records",
        "road_deaths": "no_source",
        "expenditure_libraries": "not_loaded",  # a budget return
        "feminisation_ratio": "not_loaded",  # a BDL export
    }
    for name, gap in kinds.items():
        entry = accidents(inputs={"numerator": (name,), "denominator": ("population",)})
        _, gaps = counted(opened, entry, levels=["powiat"])
        assert gaps_of(gaps, "powiat", 2021) == [(gap, 2, name)], name
    _, gaps = counted(opened, accidents())
    assert gaps_of(gaps, "powiat", 2021) == [("other_years", 2, "road_accidents")]
    assert gaps_of(gaps, "gmina", 2020) == [("other_level", 3, "road_accidents population")]


def test_a_level_that_only_cities_borrow_from_is_called_loaded_for_the_other_level(written):
    opened = written([(code, 2020, "population", 5.0) for code in ("9001", "9061")])
    density = indicator(inputs={"numerator": ("population",), "denominator": ("population",)})
    counts, gaps = counted(opened, density, levels=["gmina"])
    assert counts[["units", "values"]].values.tolist() == [[3, 1]]
    assert gaps_of(gaps, "gmina", 2020) == [("other_level", 2, "population")]


def test_a_level_without_the_indicator_is_one_gap_without_a_year(written):
    opened = written([("9001", 2020, "population", 5.0)])
    counts, gaps = counted(opened, accidents(levels=("powiat",)))
    assert set(counts["level"]) == {"powiat"}
    row = gaps[gaps["level"] == "gmina"].iloc[0]
    assert row["gap"] == "not_for_level"
    assert pd.isna(row["year"])


def test_units_to_which_the_indicator_does_not_apply_are_not_expected(written):
    opened = written([("9001", 2020, "population", 5.0), ("9001", 2020, "road_accidents", 5.0)])
    land = accidents(levels=("powiat",), applies_to=("land_powiat",), not_applicable_reason="X.")
    counts, gaps = counted(opened, land, levels=["powiat"])
    assert counts[["units", "values"]].values.tolist() == [[1, 1]]
    assert gaps.empty


def test_a_number_of_any_source_counts_and_the_first_source_decides_on_zero(written):
    opened = written(
        [
            ("9001", 2020, "road_accidents", None, "no_data", LAND),
            ("9001", 2020, "road_accidents", 4.0, "ok", OTHER),
            ("9001", 2020, "population", 10.0, "ok", LAND),
            ("9001", 2020, "population", 0.0, "true_zero", OTHER),
        ]
    )
    counts, _ = counted(opened, accidents(), levels=["powiat"])
    values = compute_values([accidents()], opened, load_catalogue(), "powiat")
    assert counts["values"].tolist() == [int(values["value"].notna().sum())] == [1]


def test_what_nobody_loaded_lacks_in_every_year_of_the_snapshot(written):
    opened = written([("9001", 2020, "births", 1.0), ("9001", 2021, "births", 1.0)])
    counts, gaps = counted(opened, accidents(), levels=["powiat"])
    assert counts[["year", "units", "values"]].values.tolist() == [[2020, 2, 0], [2021, 2, 0]]
    assert gaps_of(gaps, "powiat", 2021)[0][:2] == ("no_source", 2)


def test_the_years_are_those_of_the_own_inputs_whatever_else_is_counted(written):
    rows = [("9001", year, "dwellings", 1.0) for year in (1997, 2003)]
    rows += [("9001", year, "road_accidents", 1.0) for year in (1998, 2000)]
    opened = written([*rows, ("9001", 2000, "population", 10.0)])
    other = accidents(
        id="other", inputs={"numerator": ("dwellings",), "denominator": ("dwellings",)}
    )
    alone, _ = counted(opened, accidents())
    both, _ = counted(opened, accidents(), other)
    assert both[both["indicator"] == "accident_rate"].reset_index(drop=True).equals(alone)
    years = alone.groupby("level")["year"].agg(list).to_dict()
    assert years == {"gmina": [1998, 1999, 2000], "powiat": [1999, 2000]}  # no powiaty before


def test_a_city_is_not_expected_at_powiat_level_where_its_budget_stands_as_that_of_a_gmina(written):
    catalogue = load_catalogue()
    debt = catalogue.indicator("debt_per_capita")
    opened = written(
        [(code, 2020, name, 5.0)
         for code in ("9001", "9061", "906101") for name in ("debt_total", "population_mid_year")]
    )  # fmt: skip
    counts, gaps = counted(opened, debt)
    assert counts[["level", "units", "values"]].values.tolist() == [
        ["gmina", 3, 1],
        ["powiat", 1, 1],
    ]
    assert gaps_of(gaps, "powiat", 2020) == []
    values = compute_values([debt], opened, catalogue, "powiat").set_index("unit_code")
    assert values.loc["9061", "flag"] == "not_applicable"  # a stray value of a city is no powiat's


PIT, POWIAT_PART = "pit_share_revenue", "pit_share_revenue_powiat_part"


@pytest.mark.parametrize(
    ("parts", "gap"),
    [
        ([("906101", PIT, 1400.0), ("906101", POWIAT_PART, 375.0)], None),
        ([("906101", PIT, 1400.0), ("9061", PIT, 375.0)], None),
        ([("906101", PIT, 1400.0), ("9061", PIT, None, "missing_or_secret")], "suppressed"),
        ([("906101", PIT, 1400.0)], "not_told"),
        ([("906101", PIT, 0.0, "true_zero"), ("9061", PIT, 0.0, "true_zero")], None),
    ],
)
def test_both_parts_of_a_budget_count_wherever_the_second_stands(written, parts, gap):
    catalogue = load_catalogue()
    share = catalogue.indicator("pit_share_per_capita")
    rows = [(code, 2020, name, *cell) for code, name, *cell in parts]
    rows += [(code, 2020, "population", 5.0) for code in ("900102", "9001", "9061", "906101")]
    rows += [(code, 2020, PIT, 10.0) for code in ("900102", "9001")]
    opened = written(rows)
    counts, gaps = counted(opened, share)
    for level in share.levels:
        values = compute_values([share], opened, catalogue, level)["value"].notna()
        own = counts[counts["level"] == level]
        assert own["values"].tolist() == [values.sum()] == [1 + (gap is None)]
        told = [found for found in gaps_of(gaps, level, 2020) if found[0] == gap]
        assert bool(told) == (gap is not None)


def test_the_catalogue_says_of_every_input_whether_cities_have_it_at_powiat_level(sample_home):
    snapshot, catalogue = load_snapshot(), load_catalogue()
    register = load_register(snapshot)
    cities = [c for c, k in register.kinds("powiat").items() if k == "city_with_powiat_rights"]
    lands = set(register.codes("powiat")) - set(cities)
    codes = [*cities, *lands, *map(city_gmina_code, cities)]
    told = Presence(snapshot, catalogue, catalogue.variables, codes)
    for variable in catalogue.variables.values():
        numbers = told.numbers(variable.id)
        if numbers[:, len(cities) : -len(cities)].any() and not variable.applies_to:
            assert numbers[:, : len(cities)].any() != variable.city_as_gmina, variable.id


@pytest.mark.parametrize("level", ["gmina", "powiat"])
def test_the_sample_has_as_many_values_as_the_audit_counts(sample_home, level):
    snapshot, catalogue = load_snapshot(), load_catalogue()
    register = load_register(snapshot)
    entries = [i for i in catalogue.indicators.values() if level in i.levels]
    entries = [*entries[::4], *(i for i in entries if i.looks_back or i.applies_to)]
    entries = list({entry.id: entry for entry in entries}.values())
    counts, gaps = compute_availability(entries, snapshot, catalogue, register, [level])
    values = compute_values(entries, snapshot, catalogue, level)
    existing = {year: set(register.codes(level, year)) for year in set(values["year"])}
    here = [
        code in existing[y] for code, y in zip(values["unit_code"], values["year"], strict=True)
    ]
    made = values[pd.Series(here) & values["value"].notna()]
    impossible = values["qualifiers"].str.contains("impossible_value")
    assert not impossible.any()  # the audit counts what was told, also when it cannot be true
    expected = made.groupby(["indicator", "year"]).size()
    found = counts.set_index(["indicator", "year"])["values"]
    assert found[found > 0].to_dict() == expected.to_dict()
    missing = gaps[gaps["gap"].isin(["not_told", "suppressed", "not_yet", "not_computable"])]
    told = missing.groupby(["indicator", "year"])["units"].sum()
    short = counts.set_index(["indicator", "year"])
    for key, units in told.items():
        assert units == short.loc[key, "units"] - short.loc[key, "values"]


def test_looking_back_at_a_year_that_nobody_told_finds_no_other_cell():
    units = ["9001", "9002", "9003", "9004", "9005"]
    rows = [(code, 2020, "population", 5.0) for code in units]
    rows.append(("9001", 2021, "population", 8.0))
    change = load_catalogue().indicator("population_change").model_copy(update={"breaks": ()})
    values = compute_indicator(change, observations(rows))
    told = values[values["value"].notna()]
    assert told[["unit_code", "year", "value"]].values.tolist() == [["9001", 2021, 60.0]]


def test_a_deficit_below_is_not_computable_in_the_audit_as_in_the_kitchen(written):
    budgets = {"900102": (100.0, 90.0), "900103": (100.0, 100.0), "906101": (100.0, 130.0)}
    rows = [
        (code, 2020, name, value)
        for code, (current, spent) in budgets.items()
        for name, value in (
            ("debt_total", 50.0),
            ("revenue_current", current),
            ("expenditure_current", spent),
        )
    ]
    opened = written(rows)
    years = load_catalogue().indicator("debt_repayment_years")
    counts, gaps = counted(opened, years, levels=["gmina"])
    assert counts.values.tolist() == [["debt_repayment_years", "gmina", 2020, 3, 1]]
    names = "revenue_current expenditure_current"
    assert gaps_of(gaps, "gmina", 2020) == [("not_computable", 2, names)]
    values = compute_values([years], opened, load_catalogue(), "gmina")
    assert values["value"].notna().sum() == 1
