"""Numbers of the fictional land: they add up, vary as counts do, and lack what real data lack."""

from __future__ import annotations

import numpy as np
import pytest

from smup_lib.catalogue import load_catalogue
from smup_lib.flags import FLAGS, NUMBER_FLAGS
from smup_lib.sources.sample.published import RATES
from smup_lib.sources.sample.recipes import list_recipes
from smup_lib.sources.sample.units import YEARS, register_of
from smup_lib.teryt import is_city_code, level_of
from tests.sources.sample_tables import (
    all_observations,
    open_land,
    rate_of,
    rows_by_variable,
    table_of,
)

# Budgets of powiaty are their own; the two levels are never sums of each other.
BUDGET = {recipe.variable for recipe in list_recipes() if recipe.only}
SUMMED = sorted(
    recipe.variable
    for recipe in list_recipes()
    if recipe.at == "gp" and recipe.variable not in BUDGET
)

VISIBLE = {recipe.variable for recipe in list_recipes() if recipe.at} | {"population", "area_km2"}
RECOMPUTED = [rate for rate in RATES if {*rate.above, *rate.below} <= VISIBLE]


@pytest.fixture(scope="module")
def rows(sample_home_dir):
    return all_observations(sample_home_dir)


def test_every_flag_of_the_vocabulary_occurs(rows):
    assert set(rows["flag"]) == set(FLAGS)


def test_qualifiers_occur_except_those_that_only_computing_gives(rows):
    found = {word for words in rows["qualifiers"].unique() for word in words.split(",")} - {""}
    assert found == {
        "incomplete", "joint_with_city", "low_precision", "method_change", "preliminary",
        "small_denominator",
    }  # fmt: skip


def test_every_variable_is_in_the_vocabulary_at_its_levels(rows):
    variables = load_catalogue().variables
    seen = rows[["variable", "unit_code"]].drop_duplicates()
    pairs = {(v, level_of(c)) for v, c in seen.itertuples(index=False)}
    assert {(v, level) for v, level in pairs if level not in variables[v].levels} == set()


def test_every_indicator_of_the_catalogue_can_be_computed(rows):
    seen = rows[rows["flag"].isin(NUMBER_FLAGS)][["variable", "unit_code"]].drop_duplicates()
    have = {(v, level_of(c)) for v, c in seen.itertuples(index=False)}
    catalogue = load_catalogue()
    lacking = [
        f"{indicator.id} ({level}): {name}"
        for indicator in catalogue.indicators.values()
        for level in indicator.levels
        if level in ("gmina", "powiat")
        for name in indicator.inputs.variables
        if (catalogue.variable(name).id, level) not in have
    ]
    assert not lacking


def test_units_have_rows_only_while_they_exist(rows):
    people = rows[rows["variable"] == "population"]
    for year in YEARS:
        registered = {u.code for u in register_of(year) if len(u.code) in (4, 6)}
        assert set(people[people["year"] == year]["unit_code"]) == registered


@pytest.mark.parametrize("variable", SUMMED)
def test_a_powiat_is_the_sum_of_its_gminy(sample_home_dir, variable):
    told = rows_by_variable(sample_home_dir)[variable]
    gminy = told[told["unit_code"].str.len() == 6]
    complete = gminy.assign(powiat=gminy["unit_code"].str[:4]).groupby(["powiat", "year"])
    sums = complete["value"].sum()[complete["value"].count() == complete.size()]
    powiaty = told[told["unit_code"].str.len() == 4].set_index(["unit_code", "year"])["value"]
    both = sums.to_frame("sum").join(powiaty.dropna().rename_axis(["powiat", "year"]), how="inner")
    assert len(both) > 200
    np.testing.assert_allclose(both["sum"], both["value"], rtol=0, atol=1e-6)


def test_what_a_gmina_did_not_report_is_missing_from_its_powiat_and_says_so(rows):
    told = rows[rows["variable"] == "culture_club_members"]
    gaps = told[(told["flag"] == "no_data") & (told["unit_code"].str.len() == 6)]
    assert len(gaps)
    powiaty = told[told["unit_code"].str.len() == 4].set_index(["unit_code", "year"])
    for code, year in gaps[["unit_code", "year"]].itertuples(index=False):
        others = told[(told["unit_code"].str[:4] == code[:4]) & (told["unit_code"].str.len() == 6)]
        reported = others[others["year"] == year]["value"].dropna()
        row = powiaty.loc[(code[:4], year)]
        if reported.empty:  # a city: its only gmina is silent
            assert row["flag"] == "no_data"
            continue
        assert row["qualifiers"] == "incomplete"
        assert row["value"] == pytest.approx(reported.sum())


def test_cities_have_no_budget_among_powiaty_and_one_among_gminy(rows):
    budget = rows[rows["variable"] == "expenditure_total"]["unit_code"].unique()
    powiaty = [code for code in budget if len(code) == 4]
    assert powiaty
    assert not any(is_city_code(code) for code in powiaty)
    assert "906101" in budget


@pytest.mark.parametrize("level", ("gmina", "powiat"))
def test_expenditure_is_current_plus_capital(sample_home_dir, level):
    total, current, capital = (
        table_of(sample_home_dir, f"expenditure_{part}", level)
        for part in ("total", "current", "capital")
    )
    assert (total - current - capital).abs().max().max() == 0
    investment = table_of(sample_home_dir, "expenditure_investment", level)
    assert ((investment <= capital) | capital.isna()).all().all()


def test_sizes_are_heavy_tailed(sample_home_dir):
    people = table_of(sample_home_dir, "population", "gmina")[2024].dropna().sort_values()
    assert people.iloc[0] < 1_000
    assert people.iloc[-1] > 500_000
    assert people.iloc[-9:].sum() > 0.45 * people.sum()
    assert people.mean() > 1.8 * people.median()


def test_noise_falls_with_the_denominator(sample_home_dir):
    """What is left of a share after the common and the smooth course is larger in small gminy."""
    jobless = table_of(sample_home_dir, "registered_unemployed", "gmina").dropna()
    base = table_of(sample_home_dir, "population_working_age", "gmina").loc[jobless.index]
    share = np.log(jobless / base)
    jumps = share.diff(axis=1).diff(axis=1).dropna(axis=1)
    rough = (jumps - jumps.median()).std(axis=1)
    small, large = base[2020].quantile([0.25, 0.9])
    of_small, of_large = rough[base[2020] <= small], rough[base[2020] >= large]
    assert of_small.median() > 2 * of_large.median()


def test_counts_are_whole_and_amounts_keep_their_decimals(rows):
    shown = rows[rows["value"].notna() & rows["decimals"].notna()]
    scaled = shown["value"] * 10.0 ** shown["decimals"].astype(float)
    assert (scaled - scaled.round()).abs().max() < 1e-4


def test_smaller_than_the_format_is_not_zero_and_not_nothing(sample_home_dir, rows):
    tiny = rows[(rows["flag"] == "below_format") & (rows["variable"] == "bike_paths_km")]
    assert len(tiny)
    assert (tiny["value"] == 0).all()


def test_some_years_are_missing(rows):
    years = rows.groupby("variable")["year"].agg(["min", "max", "nunique"])
    assert years.loc["sports_club_members", "nunique"] == 8
    assert years.loc["bike_paths_km", "min"] == 2011
    assert years.loc["child_benefit_expenditure", "max"] == 2022
    cars = rows[(rows["variable"] == "passenger_cars") & (rows["year"] == 2015)]
    assert set(cars["flag"]) == {"no_data"}


def test_a_rate_without_a_denominator_has_no_value(sample_home_dir, rows):
    no_cinema = rows[(rows["variable"] == "population_per_cinema_seat") & rows["value"].isna()]
    assert set(no_cinema["flag"]) == {"not_applicable"}
    of_accidents = rows["variable"].str.endswith("_per_100_accidents")
    few = rows[of_accidents & (rows["qualifiers"] == "small_denominator")]
    assert len(few)
    accidents = table_of(sample_home_dir, "road_accidents", "powiat").stack()
    assert all(
        accidents[code, year] < 30
        for code, year in few[["unit_code", "year"]].itertuples(index=False)
    )


def test_few_persons_are_suppressed_by_ourselves(rows):
    told = rows[rows["variable"] == "families_aided_orphanhood"]
    assert (told["flag"] == "suppressed_here").any()
    shown = told[told["value"].notna()]["value"]
    assert not shown.between(1, 4).any()


@pytest.mark.parametrize("rate", RECOMPUTED, ids=lambda rate: rate.variable)
def test_published_rates_agree_with_the_numbers_to_rounding(sample_home_dir, rate):
    """All but the one planted gap; rates whose numbers are hidden cannot be recomputed."""
    above = sum(table_of(sample_home_dir, name, "powiat") for name in rate.above)
    below = sum(table_of(sample_home_dir, name, "powiat") for name in rate.below)
    computed = rate.multiplier * above / below
    told = table_of(sample_home_dir, rate.variable, "powiat")
    gap = (told - computed).abs().stack().dropna()
    wrong = gap[gap > 0.5 * 10.0**-rate.decimals + 1e-9]
    planted = [("9204", 2022)] if rate.variable == "dwellings_completed_per_1k" else []
    assert list(wrong.index) == planted


def test_published_rates_stand_in_a_dataset_of_their_own(rows):
    published = rows[rows["variable"].isin([rate.variable for rate in RATES])]
    assert published["source"].str.startswith("sample:published@").all()
    rest = rows.drop(published.index)
    assert rest["source"].str.startswith("sample:land@").all()


def test_neighbouring_gminy_of_a_powiat_are_alike(sample_home_dir):
    """Half of the lasting differences belong to the powiat, so maps show regions, not salt."""
    readers = rate_of(sample_home_dir, "library_readers", "population", "gmina")[2018].dropna()
    land = readers[~readers.index.map(is_city_code)]
    within = land.groupby(land.index.str[:4]).var().mean()
    assert within < 0.7 * land.var()


def test_tables_of_the_snapshot_are_complete(sample_home_dir):
    land = open_land(sample_home_dir)
    for name in ("units", "changes", "boundaries", "borders", "outlines"):
        assert len(land.table(name)), name
    for name in ("quarantine", "revisions"):
        assert not len(land.table(name)), name
