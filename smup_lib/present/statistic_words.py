"""What is a printed number called, by the statistic in its key?"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

#: Names for tables that a person reads.
STATISTIC_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "value": "wartość",
        "median": "mediana grupy",
        "median_of_years": "mediana wcześniejszych lat",
        "q25": "dolny kwartyl grupy",
        "q75": "górny kwartyl grupy",
        "percentile": "położenie w grupie, od najniższej wartości",
        "rank": "miejsce",
        "rank_low": "miejsce, dolna granica niepewności",
        "rank_high": "miejsce, górna granica niepewności",
        "n_ranked": "liczba uporządkowanych jednostek",
        "ties": "ile jednostek ma to samo miejsce",
        "n_group": "liczba jednostek grupy",
        "n_candidates": "liczba jednostek, z których wybrano grupę",
        "n_used": "liczba porównywanych jednostek z wartością",
        "n_missing": "liczba jednostek bez wartości",
        "above": "ile jednostek grupy ma więcej",
        "below": "ile jednostek grupy ma mniej",
        "count": "liczba wskaźników",
        "groups_agreeing": "ile innych grup daje to samo",
        "groups_tried": "ile innych grup sprawdzono",
        "years_agreeing": "ile wcześniejszych lat daje to samo",
        "years_tried": "ile wcześniejszych lat sprawdzono",
        "robustness": "zgodność w próbach z nieco inną grupą",
        "robustness_by_weights": "zgodność w próbach z inaczej ważonym podobieństwem",
        "stable_indicators": "ile wskaźników nie zależy od wyboru grupy",
        "tried_indicators": "ile wskaźników sprawdzono w kilku grupach",
        "slope": "typowa zmiana na rok",
        "slope_low": "typowa zmiana na rok, dolna granica",
        "slope_high": "typowa zmiana na rok, górna granica",
        "trend_years": "liczba lat w ocenie zmiany",
        "trends_tested": "liczba sprawdzonych zmian w czasie",
        "visible_change": "najmniejsza zmiana, którą dane mogą pokazać",
        "class_bound": "granica klasy na mapie",
        "class_count": "liczba jednostek w klasie na mapie",
        "tests_made": "liczba sprawdzonych porównań",
        "tests_kept": "liczba wskazanych porównań",
        "places_tested": "liczba wskaźników liczonych z przypadków",
        "alarms_observed": "liczba wskazań",
        "alarms_expected": "ile wskazań dałby przypadek",
        "false_share": "największy średni odsetek błędnych wskazań",
        "learnable_peers": "liczba jednostek, od których można się uczyć",
    }
)


def statistic_words(statistic: str) -> str:
    """Return the Polish name of a statistic; empty where it has none.

    Examples
    --------
    >>> statistic_words("median"), statistic_words("rank_low:measure"), statistic_words("x")
    ('mediana grupy', 'miejsce, dolna granica niepewności', '')
    """
    return STATISTIC_WORDS.get(statistic.partition(":")[0], "")
