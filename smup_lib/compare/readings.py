"""Which sentence goes with an answer about size, difference, direction, place or batch?

Each function takes the answer of the method it names and returns a sentence with places for its
numbers; None where the method refused, because then its reason is the sentence.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from smup_lib.compare.reading import Figure, Reading, difference_unit, in_braces
from smup_lib.plurals import plural

if TYPE_CHECKING:
    from smup_lib.catalogue import Indicator
    from smup_lib.compare.batch import Batch
    from smup_lib.compare.false_alarms import FalseAlarms
    from smup_lib.compare.funnel import Funnel
    from smup_lib.compare.group_ratio import GroupRatio
    from smup_lib.compare.rank_interval import RankIntervals
    from smup_lib.compare.result import UnitResults

_OF_UNITS = ("jednostki", "jednostek", "jednostek")
_COMPARABLE = (
    "jednostki porównywalnej",
    "jednostek porównywalnych",
    "jednostek porównywalnych",
)
_AT_UNITS = ("jednostki podobnej", "jednostek podobnych", "jednostek podobnych")


def read_group_ratio(indicator: Indicator, found: GroupRatio) -> Reading | None:
    """Tell the value of a whole group (M1)."""
    if found.value is None:
        return None
    units = plural(found.n_all, _OF_UNITS)
    return Reading(
        f"W całej grupie wartość wskaźnika „{in_braces(indicator.short_name)}” to {{value}}; "
        f"policzono ją z sum, a nie jako średnią wskaźników ({{n}} z {{all}} {units}).",
        {
            "value": _valued(indicator, found.value),
            "n": Figure(found.n_used),
            "all": Figure(found.n_all),
        },
    )


def read_interval(indicator: Indicator, found: UnitResults, unit_code: str) -> Reading | None:
    """Tell how far chance alone could move a share or a rate (M2, M3)."""
    row = _answered(found, unit_code)
    if row is None:
        return None
    figures = _between(indicator, row)
    figures["count"] = Figure(row["count"])
    if found.method.id == "M3":
        events = plural(row["count"], ("zdarzenie", "zdarzenia", "zdarzeń"))
        return Reading(
            f"{{value}} ({{count}} {events}); przypadek sam może dać od {{low}} do {{high}}.",
            figures,
        )
    return Reading(
        "{value} ({count} z {base}); przy tej liczbie wynik mógłby równie dobrze wynieść "
        "od {low} do {high}.",
        figures | {"base": Figure(row["base"])},
    )


def read_difference(found: UnitResults, unit_code: str) -> Reading | None:
    """Tell whether a unit differs from its group by more than chance (M4a)."""
    row = _answered(found, unit_code)
    if row is None:
        return None
    if row["excluded_at"] == 0:
        return Reading("Nie ma podstaw, by mówić o różnicy.")
    judged = {"better": "lepszy", "worse": "gorszy"}
    sides = {"above": "wyższy", "below": "niższy", "equal": "inny"}
    word = judged.get(row["standing"], sides[row["side"]])
    units = plural(row["n_peers"], _COMPARABLE)
    return Reading(
        f"Na tle {{n}} {units} wynik jest {word}, i to bardziej, niż tłumaczyłby przypadek.",
        {"n": Figure(row["n_peers"])},
    )


def read_cost(found: UnitResults, unit_code: str) -> Reading | None:
    """Tell whether a cost is typical; a question on both sides, never a praise (M4b)."""
    row = _answered(found, unit_code)
    if row is None:
        return None
    n, high = row["n_peers"], row["value"] >= 0.5
    number = row["below"] if high else n - row["below"] - row["equal"]
    word, units = ("wyższy" if high else "niższy"), plural(n, _AT_UNITS)
    figures = {"k": Figure(number), "n": Figure(n)}
    if row["departure"] == "typical":
        return Reading(
            f"Koszt jednostkowy jest typowy: {word} niż u {{k}} z {{n}} {units}.", figures
        )
    return Reading(
        f"Koszt jednostkowy jest {word} niż u {{k}} z {{n}} {units}; to pytanie do wyjaśnienia, "
        "nie ocena gospodarności.",
        figures,
    )


def read_funnel(indicator: Indicator, found: Funnel, unit_code: str) -> Reading | None:
    """Tell whether a unit lies inside the limits of its size (M5)."""
    row = _answered(found, unit_code)
    if row is None:
        return None
    where = "w tym przedziale" if row["excluded_at"] == 0 else "poza tym przedziałem"
    return Reading(
        "Przy tej wielkości wynik między {low} a {high} jest zwykłym wahaniem; "
        f"{{value}} leży {where}.",
        _between(indicator, row),
    )


def read_recent_trend(indicator: Indicator, found: UnitResults, unit_code: str) -> Reading | None:
    """Tell the direction of the most recent years (M6)."""
    row = _answered(found, unit_code)
    if row is None:
        return None
    if row["direction"] == "steady":
        return Reading("Zmiany mieszczą się w zwykłych wahaniach.")
    word = "rośnie" if row["direction"] == "rising" else "spada"
    return Reading(
        f"Od {row['first_year']:.0f} do {row['last_year']:.0f} r. wskaźnik {word}, średnio o "
        "{slope} rocznie; kierunek nie zależy od żadnego pojedynczego roku.",
        {"slope": _change(indicator, abs(row["value"]))},
    )


def read_trend(indicator: Indicator, found: UnitResults, unit_code: str) -> Reading | None:
    """Tell the direction of a series of values (M7)."""
    row = _answered(found, unit_code)
    if row is None:
        return None
    if row["direction"] == "steady":
        return Reading("Nie widać trwałego kierunku zmian.")
    word = "wzrost" if row["direction"] == "rising" else "spadek"
    years = plural(row["n_years"], ("roku", "latach", "latach"))
    return Reading(
        f"W {{n}} {years} z danymi (od {row['first_year']:.0f} do {row['last_year']:.0f} r.) "
        f"przeważa {word}; typowa zmiana to {{slope}} na rok.",
        {"n": Figure(row["n_years"]), "slope": _change(indicator, row["value"])},
    )


def read_place(found: UnitResults, unit_code: str) -> Reading | None:
    """Tell a place, who shares it and among how many (M9); None where nobody ranks."""
    row = _answered(found, unit_code)
    if row is None or math.isnan(row["rank"]):
        return None
    figures = {"rank": Figure(row["rank"]), "n": Figure(row["n_ranked"])}
    if not row["ties"]:
        return Reading("{rank}. miejsce na {n}.", figures)
    others = plural(row["ties"], ("inną", "innymi", "innymi"))
    units = plural(row["ties"], ("jednostką", "jednostkami", "jednostkami"))
    return Reading(
        f"{{rank}}. miejsce na {{n}} (ex aequo z {{ties}} {others} {units}).",
        figures | {"ties": Figure(row["ties"])},
    )


def read_rank_interval(found: RankIntervals, unit_code: str) -> Reading | None:
    """Tell what a place is worth (M10), and which uncertainty that is.

    For whoever ranks units himself; pages tell the same of an assessed indicator and of its twin.

    Examples
    --------
    >>> import pandas as pd
    >>> from smup_lib.catalogue import load_catalogue
    >>> from smup_lib.compare import compare_rank_rounding
    >>> share = load_catalogue().indicator("street_lights_led_share")
    >>> rows = pd.DataFrame({"unit_code": list("abcdefgh"), "flag": "ok",
    ...                      "value": [95.0, 90, 90, 90, 85, 80, 75, 70]})
    >>> found = compare_rank_rounding(share, rows)
    >>> read_rank_interval(found, "b").fill(lambda one: f"{one.value:.0f}{one.measure_unit}")
    'Miejsce 2; ukryte cyfry mogłyby je zmienić na każde między 2 a 4
    (niepewność zaokrąglenia). Szansa na najlepszą ćwiartkę: 33%.'
    """
    row = _answered(found, unit_code)
    if row is None:
        return None
    figures = {
        "rank": Figure(row["value"]),
        "low": Figure(row["low"]),
        "high": Figure(row["high"]),
        "chance": Figure(100 * row["best_quarter"], measure_unit="%"),
    }
    if not row["low"] == row["value"] == row["high"]:
        why = "ukryte cyfry mogłyby" if found.kind == "rounding" else "sam przypadek mógłby"
        between = f"{why} je zmienić na każde między {{low}} a {{high}} ({found.label})"
    else:
        figures = {"rank": figures["rank"], "chance": figures["chance"]}
        what = "zaokrąglenie" if found.kind == "rounding" else "sam przypadek raczej"
        between = f"{what} go nie zmienia"
    return Reading(
        f"Miejsce {{rank}}; {between}. Szansa na najlepszą ćwiartkę: {{chance}}.", figures
    )


def read_batch(found: Batch) -> Reading | None:
    """Tell how many signals of a family are kept (M15)."""
    if found.value is None:
        return None
    compared = plural(found.n_used, ("porównania", "porównań", "porównań"))
    if not found.value:
        return Reading(
            f"Z {{m}} {compared} żadnego nie uznajemy za wiarygodne.", {"m": Figure(found.n_used)}
        )
    return Reading(
        f"Z {{m}} {compared} {{k}} uznajemy za wiarygodne; wśród nich najwyżej około {{q}} "
        "może być dziełem przypadku.",
        {
            "m": Figure(found.n_used),
            "k": Figure(found.value),
            "q": Figure(100 * found.q, measure_unit="%"),
        },
    )


def read_visible_change(indicator: Indicator, found: UnitResults, unit_code: str) -> Reading | None:
    """Tell the smallest change from year to year that a unit can show (M16)."""
    row = _answered(found, unit_code)
    if row is None:
        return None
    change = _change(indicator, row["value"])
    if indicator.method == "share":
        return Reading(
            "Przy tej wielkości (mianownik: {n}) rok do roku dopiero zmiana o {change} odróżnia "
            "się od przypadku.",
            {"n": Figure(row["base"]), "change": change},
        )
    events = plural(row["count"], ("zdarzeniu", "zdarzeniach", "zdarzeniach"))
    return Reading(
        f"Przy {{n}} {events} rok do roku dopiero zmiana o {{change}} odróżnia się od przypadku.",
        {"n": Figure(row["count"]), "change": change},
    )


def read_at_median(
    indicator: Indicator, found: UnitResults, unit_code: str, counted: str
) -> Reading | None:
    """Tell what the gap to the median means in what the numerator counts (M22).

    ``counted`` is its name after a number of any size: "osób", "zł", "wypadków".
    Only what is counted over a year is told by the year: debt or pupils of one day are not.
    """
    row = _answered(found, unit_code)
    if row is None:
        return None
    word = "więcej" if row["change"] == "more" else "mniej"
    yearly = " rocznie" if indicator.during_year else ""
    amount = abs(row["rounded"])
    decimals = 0 if amount == round(amount) else max(0, 1 - math.floor(math.log10(amount)))
    return Reading(
        "Gdyby wskaźnik był taki jak mediana grupy, oznaczałoby to ok. {amount} "
        f"{word}{yearly}; to skala różnicy, nie prognoza.",
        {"amount": Figure(amount, decimals, counted)},
    )


def read_false_alarms(found: FalseAlarms) -> Reading | None:
    """Tell how many signals chance alone would give beside those observed (M24)."""
    if found.value is None:
        return None
    return Reading(
        "W takim zestawie około {expected} czerwonych sygnałów pojawiłoby się bez żadnej "
        "rzeczywistej różnicy; jest ich {observed}.",
        {
            "expected": Figure(found.value, 0 if found.value >= 10 else 1),
            "observed": Figure(found.observed),
        },
    )


def _answered(found: UnitResults, unit_code: str) -> dict[str, Any] | None:
    """Return the row of a unit; None when it has no answer."""
    rows = found.rows[found.rows["unit_code"] == unit_code].to_dict("records")
    return None if not rows or rows[0]["reason"] else {str(k): v for k, v in rows[0].items()}


def _valued(indicator: Indicator, value: float) -> Figure:
    return Figure(value, indicator.decimals, indicator.measure_unit)


def _between(indicator: Indicator, row: dict[str, Any]) -> dict[str, Figure]:
    """Return a value and its bounds; the lower bound leaves a longer unit to the upper one."""
    unit = indicator.measure_unit if indicator.measure_unit == "%" else ""
    return {
        "value": _valued(indicator, row["value"]),
        "low": Figure(row["low"], indicator.decimals, unit),
        "high": _valued(indicator, row["high"]),
    }


def _change(indicator: Indicator, value: float) -> Figure:
    """Return a change: one digit more than the values have, percentages in points."""
    return Figure(value, indicator.decimals + 1, difference_unit(indicator.measure_unit))
