"""What is missing, doubtful or preliminary in the fictional data, and with which flag?

Real publishers leave holes for many reasons; here every flag and qualifier of the vocabulary has
a place, so that no page, method or lesson meets it for the first time in real data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Gap:
    """A flag or a qualifier on the values of one variable.

    Attributes
    ----------
    variable, unit_code : str
        Which values; an empty code means every unit.
    years : tuple of int
        First and last year.
    flag : str
        Flag that replaces the value by null; empty when only a qualifier is added.
    qualifier : str
        Added qualifier.
    at : str
        Levels concerned.
    only_zero : bool
        Whether it concerns zeros alone.
    below : float
        Whether it concerns positive values smaller than this alone.
    share : float
        Part of the values concerned, drawn at random.
    """

    variable: str
    unit_code: str = ""
    years: tuple[int, int] = (2010, 2024)
    flag: str = ""
    qualifier: str = ""
    at: str = "gp"
    only_zero: bool = False
    below: float = 0.0
    share: float = 1.0


_CENSUS = ("population", "population_mid_year", "population_working_age",
           "population_pre_working_age", "population_post_working_age", "population_density",
           "share_pre_working_age", "share_working_age", "share_post_working_age")  # fmt: skip
_PRELIMINARY = ("population", "dwellings_completed", "dwellings_completed_area", "road_accidents",
                "road_deaths", "road_injured", "avg_gross_wage")  # fmt: skip
_LATE = ("museum_exhibitions", "museums_accessible", "sports_facilities_modernised",
         "zoning_plan_area_ha", "gmina_roads_good_km", "powiat_roads_good_km", "trees_removed",
         "nights_foreign_tourists_per_10k", "university_graduates")  # fmt: skip
_SECRET = ("library_acquisitions", "transport_passengers", "green_areas_ha")
_UNREPORTED = ("culture_club_members", "sports_facilities", "street_lights_led", "trees_planted")
#: Counts of persons so small that somebody could be recognised.
_PERSONS = ("families_aided_orphanhood", "families_aided_homelessness")
_PUPILS = ("special_needs_pupils", "special_needs_pupils_mainstream")

GAPS: tuple[Gap, ...] = (
    *(Gap(name, years=(2020, 2020), qualifier="method_change") for name in _CENSUS),
    *(Gap(name, years=(2024, 2024), qualifier="preliminary") for name in _PRELIMINARY),
    *(Gap(name, years=(2024, 2024), flag="not_available_yet") for name in _LATE),
    *(Gap(name, flag="missing_or_secret", at="g", share=0.015) for name in _SECRET),
    *(Gap(name, flag="no_data", at="g", share=0.012) for name in _UNREPORTED),
    *(Gap(name, flag="suppressed_here", at="p", below=5.0) for name in _PERSONS),
    *(Gap(name, flag="suppressed_here", at="g", below=5.0) for name in _PUPILS),
    Gap("museum_visitors", "9461", (2016, 2016), "missing_or_secret"),
    Gap("museum_visitors", "946101", (2016, 2016), "missing_or_secret"),
    Gap("museum_visitors_per_10k", "9461", (2016, 2016), "missing_or_secret"),
    Gap("museum_visitors", years=(2010, 2011), flag="ambiguous_zero", only_zero=True),
    Gap("passenger_cars", years=(2015, 2015), flag="no_data"),
    Gap("avg_gross_wage", years=(2010, 2012), qualifier="low_precision"),
    Gap("library_readers", years=(2021, 2021), qualifier="method_change"),
    Gap("construction_time_multi_family", flag="not_applicable", only_zero=True),
    Gap("transport_vehicle_km", "9008", (2018, 2019), "no_data"),
    Gap("hospital_beds", "9062", (2010, 2013), "no_data"),
    Gap("hospital_beds", "9003", (2010, 2013), qualifier="joint_with_city"),
    Gap("dwelling_price_median_primary", "9406", (2016, 2017), "missing_or_secret"),
    Gap("dwelling_price_median_primary_over_80m2", flag="missing_or_secret", share=0.1),
)  # fmt: skip


#: Gaps that any land may have: they name no unit.
COMMON_GAPS = tuple(gap for gap in GAPS if not gap.unit_code)


def gaps_of(gaps: Sequence[Gap], variable: str, level: str) -> list[Gap]:
    """Return the gaps of a variable at a level (``g`` or ``p``), in order.

    Examples
    --------
    >>> [gap.flag for gap in gaps_of(GAPS, "passenger_cars", "p")]
    ['no_data']
    """
    return [gap for gap in gaps if gap.variable == variable and level in gap.at]
