"""Whom can a unit ask about a weak result: offices with a practice, and peers that do better?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING, Any

from smup_lib.catalogue.history import other_code_of
from smup_lib.catalogue.practice_choice import CLOSENESS, cards_of_indicator, closeness
from smup_lib.compare import LearnablePeers, Paired, compare_learnable
from smup_lib.compare.learnable_years import weigh_years
from smup_lib.compare.methods import basis_of
from smup_lib.compare.persistence import MINIMUM_EARLIER
from smup_lib.compare.reading import difference_unit
from smup_lib.conclude.evidence import CitedNumber, NumberKey
from smup_lib.conclude.own_series import last_break
from smup_lib.polish_text import in_sentence

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator
    from smup_lib.catalogue.practice import PracticeCard
    from smup_lib.conclude.assessment import AreaAssessment, IndicatorAssessment
    from smup_lib.units import PeerGroup

#: So many stand on a page; the others are told by their number.
MOST_PEERS = 3
MOST_PRACTICES = 2
#: A Polish template and the numbers that stand in it by name.
Words = tuple[str, dict[str, CitedNumber]]
_HOW = {"higher": "wyższy", "lower": "niższy"}
#: Why the least difference is less than that of the two values.
_LESS = {
    "chance": "po odjęciu tego, co może być przypadkiem",
    "rounding": "po odjęciu tego, co może wynikać z zaokrągleń",
}


@dataclass(frozen=True)
class Practice:
    """A practice that is offered for an indicator, and how close it is to it, in Polish."""

    card: PracticeCard
    why: str


@dataclass(frozen=True, eq=False)
class Advice:
    """Whom to ask about one weak indicator.

    Attributes
    ----------
    item : IndicatorAssessment
        The indicator of the finding.
    asked : IndicatorAssessment
        The one that peers are looked for in: its twin with counts where there is one.
    found : LearnablePeers
        Every candidate, with the reason why most are not it.
    years : DataFrame
        Answer of :func:`smup_lib.compare.weigh_years` for the candidates.
    paired : tuple of Paired
        Cost, and quality and access with a signed direction, that a peer was held against.
    practices : tuple of Practice
        Cards that concern it, the closest first.
    unit_code, year : str, int
        Who asks, about which year.
    group : PeerGroup
        Among whom peers were looked for.
    """

    item: IndicatorAssessment
    asked: IndicatorAssessment
    found: LearnablePeers
    years: pd.DataFrame
    paired: tuple[Paired, ...]
    practices: tuple[Practice, ...]
    unit_code: str
    year: int
    group: PeerGroup

    @property
    def behind(self) -> bool:
        """Whether the unit lies on the worse side of its group, so that others are better at all.

        One whose series goes the wrong way need not.
        """
        return self.item.position.standing == "worse"

    @property
    def peers(self) -> tuple[str, ...]:
        """Codes of the learnable peers, the most similar first."""
        rows = self.found.rows
        return tuple(rows.loc[rows["reason"] == "", "unit_code"])

    def key(self, statistic: str) -> NumberKey:
        """Return the name of a number about the peers."""
        return NumberKey(
            self.unit_code, self.asked.indicator.id, self.year, statistic, self.group.key
        )

    def peer_line(self, code: str) -> Words:
        """Return what is said of a peer: a Polish template and its numbers, as in a finding."""
        rows = self.found.rows
        (found,) = rows[rows["unit_code"] == code].to_dict("records")
        row = {str(name): value for name, value in found.items()}
        said = [tell(self, row) for tell in (_result_words, _year_words, _beside_words)]
        numbers = {name: one for _, cited in said for name, one in cited.items()}
        return "".join(text for text, _ in said), numbers

    @property
    def refusal(self) -> str:
        """Why nobody is named: the reason of the method, or the commonest of the candidates."""
        if self.found.reason is not None:
            return self.found.reason
        reasons = Counter(reason for reason in self.found.rows["reason"] if reason)
        return reasons.most_common(1)[0][0] if reasons else "nie ma podobnych jednostek"


def _result_words(advice: Advice, row: Mapping[str, Any]) -> Words:
    """Tell the result of a peer and the least by which it is better."""
    indicator, code = advice.asked.indicator, str(row["unit_code"])
    key = NumberKey(code, indicator.id, advice.year)
    unit = indicator.measure_unit
    numbers = {"value": CitedNumber(key, float(row["own"]), indicator.decimals, unit)}
    # a bound printed higher than it is would promise too much
    scale = 10**indicator.decimals
    least = floor(float(row["low"]) * scale + 1e-9) / scale
    if least <= 0:
        return "wynik {value}", numbers
    name = advice.key(f"learnable_least:{code}")
    numbers["least"] = CitedNumber(name, least, indicator.decimals, difference_unit(unit))
    how = _HOW.get(indicator.polarity.judged, "bliższy celu")
    why = _LESS[advice.found.kind]
    return f"wynik {{value}}, {how} o co najmniej {{least}} ({why})", numbers


def _year_words(advice: Advice, row: Mapping[str, Any]) -> Words:
    """Tell in how many earlier years the peer was better, or that too few are known."""
    code = str(row["unit_code"])
    asked, better = (int(advice.years[name].to_dict()[code]) for name in ("n_years", "n_better"))
    if asked < MINIMUM_EARLIER:
        return "; wcześniejszych lat jest za mało, by mówić o trwałej przewadze", {}
    numbers = {
        name: CitedNumber(advice.key(f"learnable_{name}:{code}"), count)
        for name, count in (("better", better), ("years", asked))
    }
    return "; lepszy też w {better}\u00a0z\u00a0{years} wcześniejszych lat", numbers


def _beside_words(advice: Advice, row: Mapping[str, Any]) -> Words:
    """Tell of all that stands beside the outcome whether the peer has it worse, and how much."""
    text, numbers = "", {}
    for place, beside in enumerate(paired.indicator for paired in advice.paired):
        gain, name = float(row[f"gain:{beside.id}"]), in_sentence(beside.short_name)
        if beside.cost:
            text += f"; {name if name.startswith('koszt') else f'koszt ({name})'} "
            text += "nie wyższy" if gain >= 0 else f"wyższy o {{cost{place}}}"
        else:
            text += f"; {name}: " + ("nie gorzej" if gain >= 0 else f"gorzej o {{cost{place}}}")
        if gain >= 0:
            continue
        key = advice.key(f"learnable_cost:{row['unit_code']}").of(indicator=beside.id)
        unit = beside.measure_unit if beside.cost else difference_unit(beside.measure_unit)
        numbers[f"cost{place}"] = CitedNumber(key, -gain, beside.decimals, unit)
    return text, numbers


def weak_items(assessment: AreaAssessment) -> tuple[IndicatorAssessment, ...]:
    """Return the indicators that a finding calls less favourable, most important first, once."""
    by_id = {item.indicator.id: item for item in assessment.indicators}
    names = [finding.indicator for finding in assessment.findings if finding.mark == "worse"]
    return tuple(by_id[name] for name in dict.fromkeys(names) if name in by_id)


def practices_for(
    indicator: Indicator,
    cards: Iterable[PracticeCard],
    *,
    unit_code: str = "",
    fictional: bool = False,
) -> tuple[Practice, ...]:
    """Return the practices that concern an indicator, the closest first.

    Nobody is sent to its own office (``unit_code``, of a city either code). Cards of the fictional
    land are offered only on its own pages (``fictional``).

    Examples
    --------
    >>> from smup_lib.catalogue import load_catalogue
    >>> from smup_lib.catalogue.practice_book import load_practices
    >>> deaths = load_catalogue().indicator("road_deaths_per_100k")
    >>> [(one.card.office.name, one.why) for one in practices_for(deaths, load_practices().cards)]
    [('Jaworzno', 'dotyczy tego wskaźnika')]
    """
    own = {unit_code, other_code_of(unit_code)} if unit_code else set()
    fit = [
        card
        for card in cards
        if (fictional or not card.fictional) and card.office.unit_code not in own - {None}
    ]
    return tuple(
        Practice(card, CLOSENESS[closeness(card, indicator)])
        for card in cards_of_indicator(fit, indicator)
    )


def asked_instead(assessment: AreaAssessment, item: IndicatorAssessment) -> IndicatorAssessment:
    """Return the twin of an indicator that has counts: only with them is chance excluded."""
    counted = (twin for twin in assessment.twins(item) if basis_of(twin.indicator) == "count_ratio")
    return item if basis_of(item.indicator) == "count_ratio" else next(counted, item)


def advise(
    assessment: AreaAssessment,
    item: IndicatorAssessment,
    group: PeerGroup,
    series: pd.DataFrame,
    cards: Iterable[PracticeCard],
    *,
    fictional: bool = False,
) -> Advice:
    """Find whom a unit can ask about a weak indicator (M13, held against earlier years).

    Parameters
    ----------
    assessment : AreaAssessment
        The unit in the area.
    item : IndicatorAssessment
        One of :func:`weak_items`.
    group : PeerGroup
        The most similar units, the nearest first.
    series : DataFrame
        Values of the unit and the group over the years, of :func:`asked_instead` at least.
    cards : iterable of PracticeCard
        All cards.
    fictional : bool, default False
        Whether the unit is of the fictional land.
    """
    asked, code, year = asked_instead(assessment, item), assessment.unit.code, assessment.year
    paired = _dimensions_beside(assessment, item, asked)
    own = series[series["indicator"] == asked.indicator.id]
    since = last_break(asked.breaks, year)
    years = weigh_years(asked.indicator, own, code, group.members, year, since=since)
    unfit = {str(peer): str(reason) for peer, reason in years["reason"].items()}
    found = compare_learnable(asked.indicator, asked.values, code, group.members, paired, unfit)
    practices = practices_for(item.indicator, cards, unit_code=code, fictional=fictional)
    return Advice(item, asked, found, years, paired, practices, code, year, group)


def _dimensions_beside(
    assessment: AreaAssessment, item: IndicatorAssessment, asked: IndicatorAssessment
) -> tuple[Paired, ...]:
    """Return what stands beside an outcome in its service: cost, and other quality and access.

    The catalogue says beside which costs the outcome belongs, and what else belongs there. Quality
    and access count only with a signed direction (else nobody is better), and once, without twins;
    all only where the unit has a value.
    """
    family = {item.indicator.id, asked.indicator.id, asked.indicator.twin_of} - {None}
    costs = [i for i in assessment.area.indicators if i.cost and family & {*i.paired_with}]
    names = {cost.id for cost in costs} | {name for cost in costs for name in cost.paired_with}
    return tuple(
        Paired(other.indicator, other.values)
        for other in assessment.leading()
        if other.indicator.id in names - family
        and other.indicator.twin_of not in family
        and (other.indicator.cost or other.indicator.ranked)
    )
