"""What the shipped catalogue says: facts about its entries that no general rule can know.

The rules that every entry keeps are tested in ``test_rules.py``.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest

from smup_lib.catalogue import load_catalogue
from smup_lib.catalogue.catalogue import Catalogue
from smup_lib.catalogue.channels import Channel, channels_of
from smup_lib.indicators.compute import compute_indicator
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


# --- finance codes of the Ministry (their values: tests/sources/web/test_bestia_finance.py) ------

CODES = [
    *(f"WB{number}" for number in range(1, 13)),
    *(f"WL{number}" for number in range(1, 6)),
    *(f"WZ{number}" for number in range(1, 8)),
]


@pytest.mark.parametrize("code", CODES)
def test_a_code_of_the_ministry_names_its_edition(code: str) -> None:
    indicator = CATALOGUE.indicator(code)
    assert indicator.definition_version == "MF-2024"
    assert f"edycja 2024, kod {code})" in indicator.definition
    assert indicator.polarity.direction == "neutral" or indicator.polarity.signed


def test_gaps_of_finance_name_what_would_fill_them() -> None:
    """Debt that is known does not keep saying that it is not, because of what nobody reads."""
    gaps = {
        gap.wanted: gap.indicators for s in CATALOGUE.areas["finance"].services for gap in s.gaps
    }
    assert gaps["Zobowiązania wymagalne."] == ("matured_debt_share",)
    assert "matured_debt_share" not in gaps["Zadłużenie i obsługa długu."]


# --- who has a variable, and by which way it comes ------------------------------------------------


def test_every_variable_has_a_channel() -> None:
    found = dict.fromkeys(get_args(Channel), 0)
    for variable in VARIABLES:
        for channel in channels_of(variable):
            found[channel] += 1
    assert all(found.values()), found


def test_what_only_units_have_is_named_so() -> None:
    own = [v for v in VARIABLES if channels_of(v) == ("own_records",)]
    assert own and {v.collected_by for v in own} == {"unit"}
    assert channels_of(CATALOGUE.variable("state_land_revenue")) == ("unrecognised",)  # Rb-27ZZ


@pytest.mark.parametrize(
    ("name", "channels"),
    [
        ("population", ("bdl_service", "bdl_file")),
        ("expenditure_education", ("budget", "bdl_file")),
        ("pit_share_revenue", ("budget", "official_table")),
        ("primary_exam_mean", ("official_table",)),
        ("debt_total", ("budget",)),
        ("lit_roads_km", ("own_records",)),
        ("road_deaths", ("unrecognised",)),
    ],
)
def test_channels_of_a_variable(name: str, channels: tuple[str, ...]) -> None:
    assert channels_of(CATALOGUE.variable(name)) == channels


def test_files_of_offices_that_the_import_knows_are_named() -> None:
    from smup_lib.sources import area_register, cke_exam, vital_statistics

    told = {v.id for v in VARIABLES if v.official_table}
    read = {area_register.VARIABLE, cke_exam.OVERALL, *cke_exam.SUBJECTS.values()}
    read |= {*vital_statistics._VARIABLES, "pit_share_revenue", "pit_share_revenue_powiat_part"}
    assert told == read


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


# --- years that may not be compared --------------------------------------------------------------


def test_costs_and_results_of_incomparable_years_tell_no_trend() -> None:
    untold = {i.id for i in INDICATORS if not i.across_years}
    assert untold == {
        "primary_exam_mean",
        "special_education_cost_per_pupil",
        "municipal_housing_cost_per_m2",
        "parking_cost_per_revenue",
    }


@pytest.mark.parametrize(
    ("variable", "year"),
    [
        ("municipal_waste", 2022),
        ("selective_waste", 2022),
        ("recycled_waste", 2022),
        ("expenditure_vocational_schools", 2017),
        ("children_in_foster_care", 2023),
    ],
)
def test_a_change_of_what_is_counted_breaks_the_series(variable: str, year: int) -> None:
    assert year in {item.year for item in CATALOGUE.variable(variable).breaks}


def test_spending_on_care_of_the_youngest_is_summed_over_all_its_chapters() -> None:
    """Since 2021 one chapter holds nurseries, clubs and day carers; before, each had its own."""
    budget = CATALOGUE.variable("expenditure_nurseries").budget
    assert budget is not None
    joined = {"85505", "85506", "85507"}
    assert set(budget.chapters) == joined | {"85305", "85306", "85307"} | {"85516"}


def test_a_caveat_of_one_level_stands_at_that_level_only() -> None:
    cost = CATALOGUE.indicator("library_cost_per_loan")
    said = [
        any("Na szczeblu powiatu" in text for text in CATALOGUE.caveats_of(cost, level=level))
        for level in ("gmina", "powiat", None)
    ]
    assert said == [False, True, True]


def test_a_task_of_gminy_that_is_shown_for_powiaty_is_marked_as_theirs() -> None:
    shared = [
        service
        for area in CATALOGUE.areas.values()
        for service in area.services
        if "powiat" in service.levels and "gmina" in service.levels
    ]
    marked = {service.code for service in shared if service.task_of}
    said = {s.code for s in shared if re.match(r"Zadanie gmin(?!y i powiatu)", s.description)}
    assert marked == said
    assert len(marked) > 5
