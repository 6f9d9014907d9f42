"""What do the methods answer about one indicator of one unit, and what can none of them say?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from smup_lib.compare import (
    Contiguity,
    UnitResults,
    compare_at_median,
    compare_costs,
    compare_differences,
    compare_false_alarms,
    compare_funnel,
    compare_group_ratio,
    compare_intervals,
    compare_neighbourhood,
    compare_places,
    compare_recent_trends,
    compare_shrunk,
    compare_trends,
    compare_visible_change,
    read_at_median,
    read_cost,
    read_difference,
    read_false_alarms,
    read_funnel,
    read_group_ratio,
    read_interval,
    read_neighbourhood,
    read_place,
    read_recent_trend,
    read_robustness,
    read_shrunk,
    read_trend,
    read_visible_change,
)
from smup_lib.compare.reading import Figure, Reading
from smup_lib.conclude.evidence import CitedNumber, NumberKey
from smup_lib.conclude.own_series import NOT_COMPARED, last_break
from smup_lib.conclude.place_worth import PlaceWorth, weigh_place

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator
    from smup_lib.compare.funnel import Funnel
    from smup_lib.conclude.assessment import AreaAssessment, IndicatorAssessment

Theme = Literal["certainty", "group", "time", "map", "circumstances", "learning"]

#: What a reader asks, by the method that answers.
QUESTIONS: Mapping[str, str] = MappingProxyType(
    {
        "M1": "Ile wynosi w całej grupie?",
        "M2": "Jak pewna jest ta liczba?",
        "M3": "Jak pewna jest ta liczba?",
        "M4a": "Czy różnica od grupy to więcej niż przypadek?",
        "M4b": "Czy koszt jest typowy?",
        "M5": "Czy tak bywa u jednostek tej wielkości?",
        "M6": "Czy w ostatnich latach widać kierunek?",
        "M7": "Czy widać kierunek od ostatniej przerwy w szeregu?",
        "M8": "Czy ta wartość nie jest błędem?",
        "M9": "Które to miejsce?",
        "M10": "Ile znaczy to miejsce?",
        "M12": "Czy inna grupa zmieniłaby wniosek?",
        "M13": "Od kogo się uczyć?",
        "M14": "Co uczciwie pokazać na mapie?",
        "M16": "Jaka zmiana byłaby w ogóle widoczna?",
        "M17": "Czy koszt jest wysoki w naszych warunkach?",
        "M18": "Kto osiąga tyle samo mniejszym nakładem?",
        "M19": "Czy podobne wartości leżą obok siebie?",
        "M22": "Co ta różnica znaczy w liczbach?",
        "M24": "Ile takich sygnałów dałby sam przypadek?",
    }
)

#: What the numbers of a sentence are called wherever else they are printed.
#: How much wider than by chance is told with one decimal.
_CLEARLY_MORE = 1.1
_STATISTICS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("M1", "all"): "n_group",
        ("M2", "value"): "value",
        ("M2", "count"): "numerator",
        ("M2", "base"): "denominator",
        ("M3", "value"): "value",
        ("M3", "count"): "numerator",
        ("M5", "value"): "value",
        ("M7", "slope"): "slope",
        ("M7", "n"): "trend_years",
        ("M9", "rank"): "rank",
        ("M9", "n"): "n_ranked",
        ("M9", "ties"): "ties",
        ("M10", "low"): "rank_low:{kind}",
        ("M10", "high"): "rank_high:{kind}",
        ("M10", "chance"): "best_quarter:{kind}",
        ("M12", "share"): "robustness",
        ("M14", "raw"): "value",
        ("M14", "count"): "numerator",
        ("M17", "own"): "value",
    }
)


@dataclass(frozen=True)
class Answer:
    """The answer of one method, or why it has none.

    Attributes
    ----------
    theme : str
        Part of the page where it belongs.
    method : str
        Id, as ``M5``.
    reading : Reading or None
        The sentence with its numbers.
    reason : str
        Polish reason of a refusal; empty beside a reading.
    group : str
        Key of the group that its numbers rest on; empty for the unit's own.
    warnings : tuple of str
        Polish sentences that must stand beside it.
    kind : str
        Of the uncertainty of a place: ``chance`` or ``rounding``.
    indicator : str
        Whose numbers they are where a twin with counts answers; empty for the indicator's own.
    """

    theme: Theme
    method: str
    reading: Reading | None = None
    reason: str = ""
    group: str = ""
    warnings: tuple[str, ...] = ()
    kind: str = ""
    indicator: str = ""

    @property
    def question(self) -> str:
        """What the reader asked."""
        return QUESTIONS[self.method]

    def numbers(self, key: NumberKey) -> dict[str, CitedNumber]:
        """Return the numbers of the sentence with their keys, by the names they have elsewhere.

        Those that no other place prints are named after the method, as ``M5:low``.
        """
        if self.reading is None:
            return {}
        key = replace(key, indicator=self.indicator or key.indicator)
        return {
            name: CitedNumber(
                key.of(statistic=self._statistic(name), group=self.group),
                figure.value,
                figure.decimals,
                figure.measure_unit,
            )
            for name, figure in self.reading.figures.items()
        }

    def _statistic(self, name: str) -> str:
        known = _STATISTICS.get((self.method, name))
        return known.format(kind=self.kind) if known else f"{self.method}:{name}"


@dataclass(frozen=True, eq=False)
class Inquiry:
    """One indicator of one unit, and everything that the methods want to know of it.

    Attributes
    ----------
    assessment, item : AreaAssessment, IndicatorAssessment
        The unit in the area, and the indicator.
    own : DataFrame
        Values of the unit in all years, with numerator and denominator.
    counted : str
        What the numerator counts, after a number of any size: "osób", "zł".
    """

    assessment: AreaAssessment
    item: IndicatorAssessment
    own: pd.DataFrame
    counted: str = ""

    @property
    def unit(self) -> str:
        """Code of the unit."""
        return self.assessment.unit.code

    @property
    def indicator(self) -> Indicator:
        """The catalogue entry."""
        return self.item.indicator

    @property
    def group_key(self) -> str:
        """Key of the comparison group."""
        return self.assessment.group.key

    @property
    def together(self) -> pd.DataFrame:
        """Values of the unit and its group in the year."""
        codes = {self.unit, *self.assessment.group.members}
        return self.item.values[self.item.values["unit_code"].isin(codes)]

    @property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """The unit with the members of its group, as the methods want it."""
        return {self.unit: self.assessment.group.members}

    def reason(self, found: UnitResults) -> str:
        """Return why a method has no answer for the unit; empty when it has one."""
        rows = found.rows[found.rows["unit_code"] == self.unit]
        return "brak wartości" if rows.empty else str(rows["reason"].iloc[0])

    def answer(
        self, theme: Theme, found: UnitResults, reading: Reading | None, *, grouped: bool = True
    ) -> Answer:
        """Return what a method found of the unit as an answer."""
        return Answer(
            theme,
            found.method.id,
            reading,
            "" if reading else (self.reason(found) or "metoda nie ma tu odpowiedzi"),
            self.group_key if grouped else "",
            found.warnings if reading else (),
        )


def ask_certainty(asked: Inquiry) -> Iterator[Answer]:
    """Ask how sure the number itself is, and which change could be seen at all (M2, M3, M16)."""
    values, indicator, unit = asked.together, asked.indicator, asked.unit
    own = values[values["unit_code"] == unit]
    interval = compare_intervals(indicator, own)
    reading = read_interval(indicator, interval, unit)
    yield asked.answer("certainty", interval, reading, grouped=False)
    visible = compare_visible_change(indicator, own)
    reading = read_visible_change(indicator, visible, unit)
    yield asked.answer("certainty", visible, reading, grouped=False)


def ask_group(asked: Inquiry) -> Iterator[Answer]:
    """Ask whether the unit differs from its group and what it is worth (M1, M4, M9, M10, M22)."""
    values, indicator, unit = asked.together, asked.indicator, asked.unit
    yield _ask_whole_group(asked)
    if indicator.cost:
        costs = compare_costs(indicator, values, asked.groups, _with_pair(asked))
        yield asked.answer("group", costs, read_cost(costs, unit))
    else:
        differences = compare_differences(indicator, values, asked.groups)
        yield asked.answer("group", differences, read_difference(differences, unit))
    yield from _ask_place(asked)
    robust = asked.item.robustness
    told = read_robustness(robust, concluded=asked.item.concluded)
    yield Answer("group", "M12", told, "" if told else robust.reason or "", asked.group_key)
    amount = compare_at_median(indicator, values, asked.groups)
    yield asked.answer("group", amount, read_at_median(indicator, amount, unit, asked.counted))


def _ask_whole_group(asked: Inquiry) -> Answer:
    """Ask for the value of the group as a whole, without the unit: that is its yardstick (M1)."""
    peers = [code for code in asked.assessment.group.members if code != asked.unit]
    values = asked.item.values
    found = compare_group_ratio(
        asked.indicator, values[values["unit_code"].isin(peers)], len(peers)
    )
    told = read_group_ratio(asked.indicator, found)
    if told is not None:
        told = replace(told, template=f"{told.template} Porównywanej jednostki w tym nie ma.")
    return Answer("group", "M1", told, "" if told else found.reason or "", asked.group_key)


def ask_funnel(asked: Inquiry, funnel: Funnel) -> Iterator[Answer]:
    """Ask who stands out once size is taken into account, and how many by chance (M5, M24)."""
    reading = read_funnel(asked.indicator, funnel, asked.unit)
    spread = funnel.overdispersion
    if reading is not None and spread is not None and funnel.adjusted:
        # "1,0 razy" would deny the sentence it stands in
        decimals = 1 if spread.factor >= _CLEARLY_MORE else 2
        reading = Reading(
            f"{reading.template} Jednostki tej grupy różnią się bardziej, niż tłumaczy wielkość "
            "({spread} razy), więc granice poszerzono.",
            {**reading.figures, "spread": Figure(spread.factor, decimals)},
        )
    yield asked.answer("group", funnel, reading)
    alarms = compare_false_alarms(asked.indicator, asked.together)
    told = read_false_alarms(alarms)
    yield Answer("group", "M24", told, "" if told else alarms.reason or "", asked.group_key)


def find_funnel(asked: Inquiry) -> Funnel:
    """Set the unit and its group against the limits that chance allows their sizes (M5)."""
    return compare_funnel(asked.indicator, asked.together)


def _with_pair(asked: Inquiry) -> list[str]:
    """Return the units that have quality or access of the same service beside their cost."""
    codes: set[str] = set()
    for beside in asked.assessment.paired(asked.item):
        known = beside.values[beside.values["value"].notna()]
        codes |= set(known["unit_code"])
    return sorted(codes)


def _ask_place(asked: Inquiry) -> Iterator[Answer]:
    position = asked.item.position
    if position.rank is None:
        why = "wskaźnik nie ma uzgodnionego kierunku" if not asked.indicator.ranked else ""
        reason = why or position.reason or "jednostka nie ma miejsca"
        yield from (Answer("group", method, reason=reason) for method in ("M9", "M10"))
        return
    places = compare_places(asked.indicator, asked.together, asked.groups)
    yield asked.answer("group", places, read_place(places, asked.unit))
    worths = weigh_place(asked.item, asked.assessment.twins(asked.item))
    for worth in worths:
        told = Answer(
            "group", "M10", _read_worth(worth, asked.item.position.rank), "", asked.group_key
        )
        yield replace(told, kind=worth.kind, indicator=worth.indicator)
    if not worths:
        untested = (
            "Wartość obliczono z sum, więc nie ma w niej ukrytych cyfr; co zrobiłby z miejscem "
            "przypadek, tu nie da się sprawdzić."
        )
        yield Answer("group", "M10", Reading(untested))


def _read_worth(worth: PlaceWorth, rank: int | None) -> Reading:
    chance = Figure(100 * worth.best_quarter, measure_unit="%")
    if worth.low == worth.high == rank:
        what = "Zaokrąglenie" if worth.kind == "rounding" else "Sam przypadek raczej"
        return Reading(
            f"{what} go nie zmienia. Szansa na najlepszą ćwiartkę: {{chance}}.", {"chance": chance}
        )
    return Reading(
        f"Uczciwie: między {{low}}. a {{high}}. miejscem ({worth.label}). "
        "Szansa na najlepszą ćwiartkę: {chance}.",
        {"low": Figure(worth.low), "high": Figure(worth.high), "chance": chance},
    )


def ask_time(asked: Inquiry) -> Iterator[Answer]:
    """Ask whether it changes, and whether the value is odd beside earlier ones (M6, M7, M8)."""
    item, year = asked.item, asked.assessment.year
    if not asked.indicator.across_years:
        yield from (Answer("time", m, reason=NOT_COMPARED) for m in ("M6", "M7", "M8"))
        return
    since = {asked.unit: last_break(item.breaks, year)}
    recent = compare_recent_trends(asked.indicator, asked.own, year, since)
    reading = read_recent_trend(asked.indicator, recent, asked.unit)
    yield asked.answer("time", recent, reading, grouped=False)
    if item.trend.direction == "unknown":
        yield Answer("time", "M7", reason=item.trend.reason or "kierunku nie sprawdzono")
    else:
        series = compare_trends(asked.own, year, since)
        reading = read_trend(asked.indicator, series, asked.unit)
        yield asked.answer("time", series, reading, grouped=False)
    yield _ask_oddity(item)


def _ask_oddity(item: IndicatorAssessment) -> Answer:
    found = item.among_years
    if item.few_cases:
        return Answer("time", "M8", reason="wartość opiera się na kilku przypadkach")
    if found.odd:
        told = "Wartość wyraźnie odbiega od wcześniejszych lat; najpierw sprawdź dane źródłowe."
        return Answer("time", "M8", Reading(told))
    if item.odd:
        told = "Wartość jest wielokrotnie większa niż w każdej porównywanej jednostce; najpierw "
        return Answer("time", "M8", Reading(told + "sprawdź dane źródłowe."))
    if found.z is not None or found.n:
        return Answer(
            "time",
            "M8",
            Reading("Wartość nie odbiega od wcześniejszych lat tak, by wątpić w dane."),
        )
    return Answer("time", "M8", reason="nie ma wcześniejszych lat, z którymi wolno porównać")


def ask_map(asked: Inquiry, everybody: Sequence[str], contiguity: Contiguity) -> Iterator[Answer]:
    """Ask whether similar values lie together, and what a small unit should show (M19, M14).

    Parameters
    ----------
    asked : Inquiry
        The indicator of the unit.
    everybody : sequence of str
        All units of the level that may have the indicator.
    contiguity : Contiguity
        Which of them touch.
    """
    listed = asked.item.values.set_index("unit_code").reindex(list(everybody)).reset_index()
    listed["flag"] = listed["flag"].astype(object).where(listed["flag"].notna(), "no_data")
    listed["qualifiers"] = (
        listed["qualifiers"].astype(object).where(listed["qualifiers"].notna(), "")
    )
    pattern = compare_neighbourhood(listed, contiguity)
    told = read_neighbourhood(pattern)
    yield Answer("map", "M19", told, "" if told else pattern.reason or "", "country")
    shrunk = compare_shrunk(asked.indicator, asked.together)
    reading = read_shrunk(shrunk, asked.unit)
    if reading is not None:
        row = shrunk.rows[shrunk.rows["unit_code"] == asked.unit].iloc[0]
        unit, digits = asked.indicator.measure_unit, asked.indicator.decimals
        reading = Reading(
            "Wartość wygładzona: {smoothed}; własna: {raw}. " + reading.template,
            {
                "smoothed": Figure(float(row["value"]), digits, unit),
                "raw": Figure(float(row["raw"]), digits, unit),
                **reading.figures,
            },
        )
    yield asked.answer("map", shrunk, reading)


def list_refusals(answers: Sequence[Answer]) -> dict[str, tuple[str, ...]]:
    """Return what cannot be said here: reason to the questions that it leaves open.

    Examples
    --------
    >>> money = "wskaźnik jest kwotą, a nie liczbą przypadków"
    >>> refused = [Answer("certainty", "M2", reason=money), Answer("group", "M5", reason=money)]
    >>> list_refusals(refused)[money]
    ('Jak pewna jest ta liczba?', 'Czy tak bywa u jednostek tej wielkości?')
    """
    found: dict[str, dict[str, None]] = {}
    for answer in answers:
        if answer.reading is None:
            found.setdefault(answer.reason, {})[answer.question] = None
    return {reason: tuple(questions) for reason, questions in found.items()}
