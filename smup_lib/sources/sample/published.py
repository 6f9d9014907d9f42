"""Which rates does the fictional land publish ready-made, rounded, beside the numbers themselves?

They stand in a dataset of their own (``sample:published``), so that reconciliation has work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Rate:
    """A published rate: ``multiplier`` x sum of ``above`` / sum of ``below``, rounded.

    Attributes
    ----------
    variable : str
        Id in the vocabulary.
    above, below : tuple of str
        Variables of the numerator and denominator; ``-`` before one takes it away.
    at : str
        Levels: ``g``, ``p`` or ``gp``.
    nothing : str
        Flag where the denominator is zero.
    only : str
        ``land`` when only land powiaty have it.
    few : float
        Denominators below this are marked ``small_denominator``.
    """

    variable: str
    above: tuple[str, ...]
    below: tuple[str, ...]
    multiplier: float = 1.0
    decimals: int = 1
    at: str = "p"
    years: tuple[int, int, int] = (2010, 2024, 1)
    only: str = ""
    nothing: str = "zero_denominator"
    few: float = 0.0


_POP = ("population",)


def _per(people: int, variable: str, *above: str, decimals: int = 1, **more: Any) -> Rate:
    """Return a rate per so many inhabitants."""
    return Rate(variable, above, _POP, float(people), decimals, **more)


def _percent(variable: str, above: str, below: str, **more: Any) -> Rate:
    return Rate(variable, (above,), (below,), 100.0, **more)


_ROAD_YEARS = (2011, 2024, 1)

RATES: tuple[Rate, ...] = (
    Rate("population_density", _POP, ("area_km2",), decimals=0, at="gp"),
    _percent("share_pre_working_age", "population_pre_working_age", "population", at="gp"),
    _percent("share_working_age", "population_working_age", "population", at="gp"),
    _percent("share_post_working_age", "population_post_working_age", "population", at="gp"),
    _per(1_000, "natural_increase_per_1k", "births", "-deaths"),
    _percent("feminisation_ratio", "women", "men", decimals=0),
    _percent("urban_share", "population_urban", "population"),
    _per(100_000, "suicide_attempts_per_100k", "suicide_attempts"),
    _percent("long_term_unemployed_share", "long_term_unemployed", "registered_unemployed"),
    _percent("long_term_unemployed_share_active", "long_term_unemployed", "active_people"),
    _percent("long_term_unemployed_share_women", "long_term_unemployed_women", "unemployed_women"),
    _percent("wages_relative", "avg_gross_wage", "wage_in_the_land"),
    _per(10_000, "regon_entities_per_10k", "regon_entities", decimals=0),
    _per(10_000, "museum_visitors_per_10k", "museum_visitors", decimals=0),
    Rate("population_per_cinema_seat", _POP, ("cinema_seats",), decimals=0,
         nothing="not_applicable"),
    _per(10_000, "nights_domestic_tourists_per_10k", "nights_domestic"),
    _per(10_000, "nights_foreign_tourists_per_10k", "nights_foreign"),
    _per(10_000, "paved_local_roads_per_10k", "gmina_roads_paved_km", "powiat_roads_paved_km"),
    _per(10_000, "unpaved_local_roads_per_10k", "gmina_roads_km", "powiat_roads_km",
         "-gmina_roads_paved_km", "-powiat_roads_paved_km"),
    _per(10_000, "bike_paths_per_10k", "bike_paths_km", years=_ROAD_YEARS),
    Rate("bike_paths_per_10k_km2", ("bike_paths_km",), ("area_km2",), 10_000.0, years=_ROAD_YEARS),
    _per(100_000, "road_accidents_per_100k", "road_accidents", years=_ROAD_YEARS),
    _per(100_000, "road_deaths_per_100k", "road_deaths", decimals=2, years=_ROAD_YEARS),
    _percent("road_deaths_per_100_accidents", "road_deaths", "road_accidents", few=30.0,
             years=_ROAD_YEARS),
    _percent("road_injured_per_100_accidents", "road_injured", "road_accidents", few=30.0,
             years=_ROAD_YEARS),
    Rate("road_deaths_per_100k_vehicles", ("road_deaths",), ("vehicles",), 100_000.0,
         years=_ROAD_YEARS),
    Rate("road_injured_per_100k_vehicles", ("road_injured",), ("vehicles",), 100_000.0,
         years=_ROAD_YEARS),
    _per(1_000, "dwellings_completed_per_1k", "dwellings_completed"),
    _per(10_000, "dwellings_completed_per_10k", "dwellings_completed"),
    Rate("new_dwelling_avg_area", ("dwellings_completed_area",), ("dwellings_completed",)),
    _percent("buildings_water_share", "buildings_with_water", "residential_buildings"),
    _percent("buildings_sewerage_share", "buildings_with_sewerage", "residential_buildings"),
    Rate("persons_per_dwelling", _POP, ("dwellings",), decimals=2),
    Rate("persons_per_room", _POP, ("rooms",), decimals=2),
    Rate("rooms_per_dwelling", ("rooms",), ("dwellings",), decimals=2),
    _per(1, "revenue_per_capita", "revenue_total", decimals=2, only="land"),
    _per(1, "expenditure_per_capita", "expenditure_total", decimals=2, only="land"),
    _per(1, "eu_funds_per_capita", "eu_funds", decimals=2),
    _per(10_000, "doctors_per_10k", "doctors"),
    _percent("nursery_children_share", "nursery_children", "children_0_2"),
    _percent("net_enrolment_lower_secondary", "lower_secondary_pupils", "children_13_15",
             decimals=2, years=(2010, 2018, 1)),
    _percent("primary_exam_mean", "primary_exam_right_answers", "primary_exam_answers", at="g",
             years=(2019, 2024, 1), few=40.0),
    _per(1_000, "crimes_per_1k", "crimes", decimals=2),
    _percent("crime_detection_rate", "crimes_detected", "crimes", decimals=0),
)  # fmt: skip
