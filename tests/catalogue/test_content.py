"""Does every entry of the catalogue say what an official needs, and nothing it may not say?"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from smup_lib.catalogue import Catalogue, DataGap, Indicator, Variable, load_catalogue
from smup_lib.catalogue.model import Polarity
from smup_lib.indicators.compute import compute_indicator
from smup_lib.indicators.methods import METHODS
from smup_lib.snapshots.observations import as_observations

TWINS = Path(__file__).resolve().parents[1] / "data" / "catalogue"
REGISTER = Path(__file__).resolve().parents[2] / "docs" / "decisions" / "0010-polarity-register.md"
CATALOGUE = load_catalogue()
INDICATORS = list(CATALOGUE.indicators.values())
VARIABLES = list(CATALOGUE.variables.values())
GAPS = [
    (f"{area.id}/{code}/{number}", gap)
    for area in CATALOGUE.areas.values()
    for code, gaps in [(s.code, s.gaps) for s in area.services] + [("area", area.gaps)]
    for number, gap in enumerate(gaps)
]
DIMENSIONS = {"quantity", "quality", "accessibility", "efficiency"}
#: Services of our reconstruction, by area; finance has groups instead of services.
SERVICES = {
    "culture_recreation": [f"KUL-0{n}" for n in range(1, 7)],
    "roads_transport": [f"DRO-0{n}" for n in range(1, 9)],
    "investment_construction": [f"INW-0{n}" for n in range(1, 7)],
    "finance": [f"FIN-0{n}" for n in range(1, 5)],
    "context": [],
}
#: Who can hold data that a gap asks for; a gap must name one of them.
HOLDERS = (
    "GUS", "BeSTi@", "Ministerstwo Finansów", "GDDKiA", "Narodowy Instytut Dziedzictwa",
    "Ewidencja", "ewidencja", "GIS", "rganizator transportu", "Starostwo", "Zarządca strefy",
    "Urząd wojewódzki", "Nadzoru Budowlanego", "inspektorat", "program rewitalizacji",
)  # fmt: skip

every_indicator = pytest.mark.parametrize("indicator", INDICATORS, ids=lambda i: i.id)
every_variable = pytest.mark.parametrize("variable", VARIABLES, ids=lambda v: v.id)
every_gap = pytest.mark.parametrize("gap", [g for _, g in GAPS], ids=[name for name, _ in GAPS])


def _texts(indicator: Indicator) -> dict[str, str]:
    """Return the sentences of an indicator by key."""
    return {
        "definition": indicator.definition,
        "interpretation": indicator.interpretation,
        "limits": indicator.limits,
        **({"reason": indicator.polarity.reason} if indicator.polarity.reason else {}),
        **({"not_applicable": indicator.not_applicable_reason} if indicator.applies_to else {}),
        **{f"caveat {n}": c.text for n, c in enumerate(indicator.caveats)},
        **{f"break {n}": b.reason for n, b in enumerate(indicator.breaks)},
    }


# --- the whole -------------------------------------------------------------------------------


def test_areas_and_services_are_those_we_know() -> None:
    found = {a.id: [s.code for s in a.services] for a in CATALOGUE.areas.values()}
    assert found == SERVICES


@pytest.mark.parametrize("area", [a for a in SERVICES if a not in ("finance", "context")])
def test_every_service_shows_four_dimensions_by_indicator_or_gap(area: str) -> None:
    silent = [
        f"{service.code}: {dimension} at {level}"
        for service in CATALOGUE.areas[area].services
        for level in service.levels
        for dimension in DIMENSIONS
        if not any(
            i.service == service.code and i.dimension == dimension and level in i.levels
            for i in CATALOGUE.indicators_of(area)
        )
        and not any(g.dimension == dimension and level in g.levels for g in service.gaps)
    ]
    assert silent == []


def test_every_finance_group_has_indicators_and_says_what_is_missing() -> None:
    for group in CATALOGUE.areas["finance"].services:
        members = [i for i in CATALOGUE.indicators_of("finance") if i.service == group.code]
        assert members, group.code
        assert group.gaps, group.code
        assert all(i.role == "finance" and i.dimension is None for i in members)


def test_context_is_contextual_and_nothing_else() -> None:
    roles = {i.role for i in CATALOGUE.indicators_of("context")}
    assert roles == {"contextual"}


def test_similarity_never_uses_the_outcome_or_the_spending() -> None:
    for area in CATALOGUE.areas.values():
        assert len(area.context) >= 3, area.id
        outcomes = {
            name
            for i in area.indicators
            if i.role != "contextual"
            for name in (i.inputs.value, *i.inputs.numerator, *i.inputs.minus)
        } - {"population"}  # residents per library: population is the scale there, not the outcome
        assert not outcomes & set(area.context), area.id
        assert all(CATALOGUE.variables[name].kind != "money" for name in area.context), area.id


def test_names_are_told_apart_within_an_area() -> None:
    for area in CATALOGUE.areas.values():
        for key in ("name", "short_name"):
            counts = Counter(getattr(i, key) for i in area.indicators)
            assert [name for name, n in counts.items() if n > 1] == [], (area.id, key)


def test_no_alias_of_an_indicator_is_used_twice() -> None:
    counts = Counter(alias for i in INDICATORS for alias in i.aliases)
    assert [alias for alias, n in counts.items() if n > 1 or alias in CATALOGUE.indicators] == []


# --- every indicator ---------------------------------------------------------------------------


@every_indicator
def test_indicator_rests_on_known_variables_at_all_its_levels(indicator: Indicator) -> None:
    for name in indicator.inputs.variables:
        assert name in CATALOGUE.variables, f"{indicator.id}: unknown variable {name}"
        missing = set(indicator.levels) - set(CATALOGUE.variables[name].levels)
        assert not missing, f"{indicator.id}: {name} has no {missing}"


@every_indicator
def test_texts_are_sentences(indicator: Indicator) -> None:
    for key, text in _texts(indicator).items():
        assert text.endswith("."), f"{indicator.id}: {key} has no full stop: {text}"
        assert "!" not in text, f"{indicator.id}: {key} shouts"
        assert re.search(r"[a-ząćęłńóśźż]{3}", text), f"{indicator.id}: {key} says nothing"
        assert "  " not in text, f"{indicator.id}: {key} has a double blank"
    assert not indicator.name.endswith("."), f"{indicator.id}: a name is not a sentence"
    assert len(indicator.short_name) <= 50, f"{indicator.id}: short_name is long"


@every_indicator
def test_multiplier_is_the_one_of_the_measure_unit(indicator: Indicator) -> None:
    """``os./1000 mieszk.`` is times 1000; a percentage is times 100; a bare ratio times 1."""
    if indicator.provenance == "published" or indicator.id == "green_area_per_resident":
        return  # the latter turns hectares into square metres
    unit = indicator.measure_unit
    words = {"1000 ": 1e3, "10 tys. ": 1e4, "100 tys. ": 1e5, "100 ": 1e2}
    expected = next((n for word, n in words.items() if f"/{word}" in unit), 1.0)
    expected = {"%": 100.0, "mln zł": 1e-6}.get(unit, expected)
    assert indicator.multiplier == expected


@every_indicator
def test_polarity_follows_the_rule(indicator: Indicator) -> None:
    polarity = indicator.polarity
    if polarity.direction != "neutral":
        assert polarity.reason
        assert "autor-katalogu" in polarity.signed_by
        assert indicator.role != "contextual"
        assert indicator.minimum_gap is not None, f"{indicator.id}: which difference matters?"
    else:
        assert polarity.signed_by == ()
        assert polarity.reason == ""
        assert not indicator.ranked
    assert len(set(polarity.signed_by)) == len(polarity.signed_by), "one person signs once"
    assert polarity.signed == ("recenzent-kierunku" in polarity.signed_by)
    if len(set(polarity.signed_by)) < 2:
        assert polarity.judged == "neutral"
        assert not indicator.ranked
    if indicator.measure_unit.startswith("zł/") and indicator.role != "contextual":
        assert (polarity.direction, polarity.judge) == ("neutral", "two_sided")


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


@every_indicator
def test_interpretation_says_that_an_unjudged_service_is_not_judged(indicator: Indicator) -> None:
    """A reader of a neutral card learns why; a judged card never says that it is not judged."""
    said = re.search(r"nie (jest|są) ocenian|nie ocenia", indicator.interpretation)
    two_sided = "tak samo warte sprawdzenia" in indicator.interpretation
    if indicator.polarity.direction == "neutral":
        assert said or two_sided, indicator.interpretation
    else:
        assert not said and not two_sided, indicator.interpretation


def _twins(indicators: Iterable[Indicator]) -> list[str]:
    """Return what is wrong with twins: a twin says the same thing as the one it names."""
    by_id = {i.id: i for i in indicators}
    problems: list[str] = []
    for twin in by_id.values():
        if twin.twin_of is None:
            continue
        main = by_id[twin.twin_of]
        same = ("area", "service", "dimension", "role")
        problems += [f"{twin.id}: other {k}" for k in same if getattr(twin, k) != getattr(main, k)]
        ways = [(i.polarity.judged, i.polarity.judge) for i in (twin, main)]
        checks = {
            "itself": main is twin,
            "chained": main.twin_of is not None,
            "no common level": not set(twin.levels) & set(main.levels),
            "judged otherwise": ways[0] != ways[1],
            "not related": main.id not in twin.related,
        }
        problems += [f"{twin.id}: {what}" for what, wrong in checks.items() if wrong]
    return problems


def test_twins_share_service_dimension_and_levels_and_are_not_chained() -> None:
    assert _twins(INDICATORS) == []
    assert sum(i.twin_of is not None for i in INDICATORS) >= 12


def test_every_computed_double_of_a_published_value_is_its_twin() -> None:
    doubles = {
        i.id: CATALOGUE.indicators[i.id.removesuffix("_computed")]
        for i in INDICATORS
        if i.id.endswith("_computed") and i.id.removesuffix("_computed") in CATALOGUE.indicators
    }
    assert doubles
    assert {name: i.id for name, i in doubles.items()} == {
        name: CATALOGUE.indicators[name].twin_of for name in doubles
    }


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"twin_of": "road_deaths_per_100k_computed"}, "itself"),
        ({"twin_of": "road_accidents_per_100k_computed"}, "chained"),
        ({"twin_of": "museum_visitors_per_10k"}, "other service"),
        ({"twin_of": "road_accidents_per_100k"}, "other dimension"),
        ({"levels": ("gmina",)}, "no common level"),
        ({"polarity": Polarity()}, "judged otherwise"),
    ],
)
def test_a_false_twin_is_found(change: dict[str, object], told: str) -> None:
    spoilt = CATALOGUE.indicator("road_deaths_per_100k_computed").model_copy(update=change)
    found = _twins(spoilt if i.id == spoilt.id else i for i in INDICATORS)
    assert f"{spoilt.id}: {told}" in found


@every_indicator
def test_a_cost_stands_beside_quality_or_accessibility(indicator: Indicator) -> None:
    if indicator.data_basis != "money_ratio" or indicator.dimension != "efficiency":
        return
    beside = {CATALOGUE.indicator(other).dimension for other in indicator.paired_with}
    assert beside, f"{indicator.id}: paired_with is empty"
    assert beside <= {"quality", "accessibility"}, indicator.id


@every_indicator
def test_references_lead_somewhere_and_back(indicator: Indicator) -> None:
    for other in indicator.paired_with:
        assert CATALOGUE.indicators[other].service == indicator.service
    for other in indicator.related:
        assert other != indicator.id
        assert indicator.id in CATALOGUE.indicators[other].related, f"{other} does not point back"


@every_indicator
def test_published_is_the_variable_itself_and_computed_is_ours(indicator: Indicator) -> None:
    if indicator.provenance == "published":
        assert indicator.inputs.value == indicator.id
        assert "ogłoszona przez GUS" in indicator.definition
    else:
        assert indicator.official_ids.smup == ()
        assert indicator.official_ids.bdl is None
    assert "SMUP" not in " ".join([indicator.name, *_texts(indicator).values()])


@every_indicator
def test_no_count_is_claimed_where_lengths_or_means_are_divided(indicator: Indicator) -> None:
    """``count_ratio`` allows confidence intervals: both sides must be counts."""
    if indicator.data_basis != "count_ratio":
        return
    named = (*indicator.inputs.numerator, *indicator.inputs.denominator)
    kinds = {name: CATALOGUE.variables[name].kind for name in named}
    assert set(kinds.values()) == {"count"}, f"{indicator.id}: {kinds}"


@every_indicator
def test_only_additive_inputs_are_summed_over_units(indicator: Indicator) -> None:
    """Group values come from sums (M1); rates and means may stand only behind ``index``."""
    if indicator.provenance == "published" or indicator.data_basis == "index":
        return
    loose = [name for name in indicator.inputs.variables if not CATALOGUE.variables[name].additive]
    assert loose == []


def test_reconstructed_areas_say_that_they_are_ours() -> None:
    for area in ("culture_recreation", "roads_transport", "investment_construction"):
        assert "a nie listą SMUP" in CATALOGUE.areas[area].description
    assert "nie są to wartości SMUP" in CATALOGUE.areas["finance"].description


@every_gap
def test_gap_names_what_why_and_who(gap: DataGap) -> None:
    for text in (gap.wanted, gap.reason, gap.source):
        assert text.endswith("."), text
        assert "!" not in text
    assert any(holder in gap.source for holder in HOLDERS), gap.source


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


# --- every variable ------------------------------------------------------------------------------


@every_variable
def test_variable_is_told_plainly(variable: Variable) -> None:
    assert not variable.label.endswith(".")
    assert variable.measure_unit
    assert variable.additive == (variable.kind in ("count", "money", "length", "area", "mass"))
    for text in [c.text for c in variable.caveats] + [b.reason for b in variable.breaks]:
        assert text.endswith("."), text


@every_variable
def test_values_per_head_break_at_the_census(variable: Variable) -> None:
    per_head = variable.kind == "rate" and re.search(
        r"mieszk\.|1000 os\.|tys\. os\.", variable.measure_unit
    )
    if per_head or variable.id == "population":
        assert 2020 in {b.year for b in variable.breaks}


def test_no_two_variables_claim_one_column() -> None:
    claims = Counter(
        (column.subject, tuple(label.casefold() for label in column.labels), column.measure_unit)
        for variable in VARIABLES
        for column in variable.bdl
    )
    assert [claim for claim, n in claims.items() if n > 1] == []
    ids = Counter(c.variable_id for v in VARIABLES for c in v.bdl if c.variable_id)
    assert [bdl for bdl, n in ids.items() if n > 1] == []


def test_distinctive_labels_could_not_mean_anything_else() -> None:
    columns = [(v.id, c) for v in VARIABLES for c in v.bdl if c.distinctive]
    assert columns
    for name, column in columns:
        telling = [label for label in column.labels if label.casefold() not in ("ogółem", "rok")]
        assert telling, f"{name}: only „ogółem” is no name"
    seen = Counter((c.labels, c.measure_unit) for _, c in columns)
    assert max(seen.values()) == 1


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


def test_publishers_are_credited_and_ordered() -> None:
    names = list(CATALOGUE.publishers)
    assert names.index("gus_bdl") < names.index("gus_panel") < names.index("own")
    assert [p.id for p in CATALOGUE.publishers.values() if p.fictional] == ["sample"]
    for publisher in CATALOGUE.publishers.values():
        assert publisher.credit.endswith(".")
        assert all(prefix.endswith(":") for prefix in publisher.datasets)
    prefixes = Counter(prefix for p in CATALOGUE.publishers.values() for prefix in p.datasets)
    assert max(prefixes.values()) == 1


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
