"""What the shipped catalogue says: facts about its entries that no general rule can know.

The rules that every entry keeps are tested in ``test_rules.py``.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from smup_lib.catalogue import load_catalogue
from smup_lib.catalogue.catalogue import Catalogue
from smup_lib.indicators.compute import compute_indicator
from smup_lib.indicators.methods import METHODS
from smup_lib.snapshots.observations import as_observations

TWINS = Path(__file__).resolve().parents[1] / "data" / "catalogue"
REGISTER = Path(__file__).resolve().parents[2] / "docs" / "decisions" / "0010-polarity-register.md"
CATALOGUE = load_catalogue()
INDICATORS = list(CATALOGUE.indicators.values())
VARIABLES = list(CATALOGUE.variables.values())

# --- directions: the register and the YAML ------------------------------------------------------


def _register() -> dict[str, str]:
    """Return the decisions of the register by indicator: a direction, or ``refused``."""
    decided: dict[str, str] = {}
    for line in REGISTER.read_text(encoding="utf-8").splitlines():
        if not line.startswith("| `"):
            continue
        names, direction, *_ = (cell.strip() for cell in line.strip("|").split("|"))
        for name in re.findall(r"`([a-z0-9_]+)`", names):
            assert name not in decided, f"{name}: decided twice"
            decided[name] = direction if direction in ("higher", "lower") else "refused"
    return decided


def test_register_of_directions_and_catalogue_say_the_same() -> None:
    """A direction turned or signed in YAML alone fails here: the register gives the reason."""
    decided = _register()
    assert Counter(decided.values()).keys() == {"higher", "lower", "refused"}
    signed = {i.id: i.polarity.direction for i in INDICATORS if i.polarity.signed}
    assert signed == {name: way for name, way in decided.items() if way != "refused"}
    refused = [name for name, way in decided.items() if way == "refused"]
    assert [n for n in refused if CATALOGUE.indicators[n].polarity.direction != "neutral"] == []


def test_the_second_signature_is_of_the_independent_reviewer() -> None:
    signed = [i.polarity.signed_by for i in INDICATORS if i.polarity.signed]
    assert signed
    assert all("recenzent-kierunku" in names for names in signed)


# --- caveats --------------------------------------------------------------------------------------


def test_an_indicator_does_not_repeat_the_caveats_of_its_variables() -> None:
    """They are shown beside it anyway; a copy would stay behind when the variable is mended."""
    repeated = [
        f"{indicator.id}: {caveat.text}"
        for indicator in INDICATORS
        for caveat in indicator.caveats
        for name in indicator.variables_read
        if caveat in CATALOGUE.variables[name].caveats
    ]
    assert repeated == []


# --- finance -------------------------------------------------------------------------------------


def test_finance_of_a_city_is_not_applicable_and_names_the_source() -> None:
    finance = CATALOGUE.areas["finance"]
    published = [i for i in finance.indicators if i.provenance == "published" and i.service]
    assert {i.id for i in published} == {"revenue_per_capita", "expenditure_per_capita"}
    for indicator in published:
        assert indicator.applies_to == ("land_powiat",)
        assert "P2633" in indicator.not_applicable_reason
        assert "BeSTi@" in indicator.not_applicable_reason
    gaps = [g for s in finance.services for g in s.gaps if g.applies_to]
    assert [g.applies_to for g in gaps] == [("city_with_powiat_rights",)]
    assert "P2633" in gaps[0].source


# --- finance codes: the invented unit of domain.md 13.4, in mln zł, 20 000 inhabitants -----------

UNIT = {
    "revenue_total": 100e6, "revenue_current": 85e6, "revenue_current_transfers": 34e6,
    "expenditure_total": 104e6, "expenditure_current": 80e6, "expenditure_capital": 24e6,
    "expenditure_wages": 36e6, "debt_repayments": 4e6, "expenditure_debt_interest": 1.2e6,
    "debt_total": 30e6, "population_mid_year": 20_000.0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("WB1", 85.00),
        ("WB2", 40.00),
        ("WB3", 5.88),
        ("WB4", 23.08),
        ("WB5", 45.00),
        ("WB7", 83.33),
        ("WL1", 1700.0),
        ("WL2", 250.0),
        ("WL3", 1500.0),
        ("WZ1", 30.00),
        ("WZ3", 5.20),
        ("WZ4", 4.00),
        ("WZ6", 30.00),
    ],
)
def test_finance_codes_on_the_invented_unit(code: str, expected: float) -> None:
    indicator = CATALOGUE.indicator(code)
    inputs = indicator.inputs
    numerator = sum(UNIT[n] for n in inputs.numerator) - sum(UNIT[n] for n in inputs.minus)
    denominator = sum(UNIT[n] for n in inputs.denominator)
    value = METHODS[indicator.method](
        np.array([numerator]), np.array([denominator]), indicator.multiplier
    )[0]
    assert round(float(value), 2) == expected
    assert indicator.definition_version == "MF-2024"
    assert f"kod {code}" in indicator.definition


# --- the vocabulary and the real panels --------------------------------------------------------


def test_every_variable_of_an_aliased_input_keeps_its_code() -> None:
    assert CATALOGUE.variable("LUD").id == "population"
    assert CATALOGUE.variable("ROW_KM").id == "bike_paths_km"
    assert CATALOGUE.variable("WYD_60016").id == "expenditure_gmina_roads"


def _strangers(variables_csv: Path, catalogue: Catalogue) -> list[str]:
    """Return rows of a panel's list of variables that the vocabulary does not hold."""
    with variables_csv.open(encoding="utf-8", newline="") as file:
        rows = [(row["id"], row["level"]) for row in csv.DictReader(file)]
    return [
        f"{name} ({level})"
        for name, level in rows
        if name not in catalogue.variables or level not in catalogue.variables[name].levels
    ]


def test_vocabulary_holds_every_variable_of_the_real_panels(shared_data: Path) -> None:
    assert _strangers(shared_data / "panels" / "variables.csv", CATALOGUE) == []


def test_strangers_are_found_in_the_fictional_list() -> None:
    found = _strangers(TWINS / "twin_variables.csv", CATALOGUE)
    assert found == ["urban_share (gmina)", "dragons_per_1k (powiat)"]


def test_aliases_are_codes_of_our_reconstruction(shared_data: Path) -> None:
    listed = shared_data.parent / "catalogue" / "inputs.csv"
    if not listed.is_file():
        pytest.skip("shared data: catalogue/inputs.csv absent")
    with listed.open(encoding="utf-8", newline="") as file:
        levels = {row["code"]: row["level"] for row in csv.DictReader(file)}
    for variable in VARIABLES:
        for alias in variable.aliases:
            assert alias in levels, f"{variable.id}: {alias}"
            assert (levels[alias] == "P") == (variable.levels == ("powiat",)), alias


# --- published and computed twins measure the same thing ------------------------------------------

#: computed, published, factor between their units, tolerance of the median unit, of the worst
PAIRS = [
    ("dwellings_completed_per_1k_computed", "dwellings_completed_per_10k", 10, 0.005, 0.05),
    ("new_dwelling_area_computed", "new_dwelling_avg_area", 1, 0.001, 0.001),
    ("expenditure_per_capita_computed", "expenditure_per_capita", 1, 0.005, 0.02),
]


def _worst_and_median(
    panel: pd.DataFrame, computed: str, published: str, factor: float
) -> tuple[float, float]:
    """Return the largest and the median relative difference of two indicators on a panel."""
    observations = as_observations(panel.assign(source="panel:test@00000000"))
    values = [
        compute_indicator(CATALOGUE.indicator(name), observations).set_index(["unit_code", "year"])[
            "value"
        ]
        for name in (computed, published)
    ]
    ours, theirs = values[0] * factor, values[1]
    known = ours.notna() & theirs.notna() & (theirs > 5)
    differences = (ours[known] / theirs[known] - 1).abs()
    assert len(differences)
    return float(differences.max()), float(differences.median())


@pytest.mark.parametrize(("computed", "published", "factor", "median", "worst"), PAIRS)
def test_computed_agrees_with_published_on_the_real_panel(
    shared_data: Path, computed: str, published: str, factor: float, median: float, worst: float
) -> None:
    needed = {
        *CATALOGUE.indicator(computed).inputs.variables,
        *CATALOGUE.indicator(published).inputs.variables,
    }
    panel = pd.read_csv(
        shared_data / "panels" / "powiat_panel_long.csv.gz", dtype={"unit_code": str}
    )
    panel = panel[panel["variable"].isin(needed) & (panel["year"] == 2018)]
    found_worst, found_median = _worst_and_median(panel, computed, published, factor)
    assert found_median <= median
    assert found_worst <= worst


@pytest.mark.parametrize(("computed", "published", "factor", "median", "worst"), PAIRS)
def test_computed_agrees_with_published_on_the_fictional_panel(
    computed: str, published: str, factor: float, median: float, worst: float
) -> None:
    panel = pd.read_csv(TWINS / "twin_panel.csv", dtype={"unit_code": str})
    found_worst, _ = _worst_and_median(panel, computed, published, factor)
    assert found_worst <= worst


# --- publishers ----------------------------------------------------------------------------------


def test_own_and_gathered_data_yield_to_the_publisher() -> None:
    names = list(CATALOGUE.publishers)
    assert names.index("gus_bdl") < names.index("gus_panel") < names.index("own")
    assert [p.id for p in CATALOGUE.publishers.values() if p.fictional] == ["sample"]


@pytest.mark.parametrize(
    ("source", "publisher"),
    [
        ("bdl:P1944@1a2b3c4d", "gus_bdl"),
        ("panel:powiat_panel_long@1a2b3c4d", "gus_panel"),
        ("sample:land@1a2b3c4d", "sample"),
        ("smup:16@1a2b3c4d", "smup"),
    ],
)
def test_publisher_of_a_source(source: str, publisher: str) -> None:
    assert CATALOGUE.publisher_of(source).id == publisher
