"""How do the places of a unit in many groups stand side by side?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any

from smup_lib.compare.position import Position
from smup_lib.conclude.evidence import NumberKey
from smup_lib.group_names import write_rule
from smup_lib.polish_text import in_sentence
from smup_lib.present.area_charts import number_key
from smup_lib.present.formats import NBSP, format_number
from smup_lib.present.numbers import tagged
from smup_lib.present.tables import Column, render_table
from smup_lib.present.values_table import DEPARTURES
from smup_lib.present.words import STANDINGS, flag_words, standing_words

if TYPE_CHECKING:
    from smup_lib.conclude import AreaAssessment, IndicatorAssessment
    from smup_lib.conclude.group_places import GroupPlace
    from smup_lib.conclude.place_worth import PlaceWorth
    from smup_lib.units import PeerGroup

HEADING = "Ta sama wartość w różnych grupach"
#: Said where a unit cannot be compared at all: it is no gap of the data.
INCOMPARABLE = "nieporównywalne"
_SIDES = {"above": "powyżej mediany", "below": "poniżej mediany", "equal": "równo z medianą"}
_READING = (
    "Zestawienia zmieniają się wraz z grupą, a wartość jednostki jest ta sama. Wniosek, "
    "który trzyma się tylko jednego wiersza, jest słaby. Grupy częściowo się pokrywają, więc ich "
    "zgodność nie jest prawdopodobieństwem."
)
_VOTES = "Liczy się do zgodności"
_COUNTED = (
    "Zgodność innych grup liczymy z wierszy, przy których stoi „tak”: w ilu z nich jednostka leży "
    "po tej samej stronie mediany co w wybranej grupie"
)
_NO_VOTE = "nie głosuje"
_NO_RANK = "bez miejsca"
_WORTHS = {
    "chance": "Przedział miejsca i szansa na najlepszą ćwiartkę (niepewność wyniku) "
    "mówią, jak bardzo miejsca mógłby przestawić sam przypadek.",
    "rounding": "Przedział miejsca i szansa na najlepszą ćwiartkę (niepewność "
    "zaokrąglenia) mówią tylko, co zostawiają otwarte ukryte cyfry; przypadku nie obejmują.",
}


def render_group_places(
    assessment: AreaAssessment, item: IndicatorAssessment, places: Sequence[GroupPlace]
) -> str:
    """Return one value beside many groups: a table, what each group is, and which cannot be.

    Parameters
    ----------
    assessment, item : AreaAssessment, IndicatorAssessment
        The unit in the area, and the indicator.
    places : sequence of GroupPlace
        Of :func:`smup_lib.conclude.group_places.list_group_places`.
    """
    import pandas as pd

    head = f"<h3>{HEADING}</h3>"
    if item.status == "not_applicable":
        return f'{head}<p class="smup-note">{INCOMPARABLE}: {escape(item.reason or "")}</p>'
    built = [place for place in places if place.position is not None]
    if not built:
        return f'{head}<p class="smup-note">{escape(item.reason or "brak grup")}</p>'
    key = number_key(assessment, item)
    own = assessment.group.key
    rows = [_row(item, p, key) | {"vote": _vote(p.rule, own, votes=p.votes)} for p in built]
    columns = [
        Column("group", "Grupa"),
        Column("used", "Z wartością", "html"),
        Column("median", "Mediana", "html"),
        Column("standing", "Wynik", "html"),
        Column("place", "Miejsce", "html"),
        Column("vote", _VOTES),
        Column("best", "Szansa na najlepszą ćwiartkę", "html"),
    ]
    if not any(place.worths for place in built):
        columns = columns[:-1]
    table = render_table(
        pd.DataFrame(rows), columns, f"{item.indicator.name}, {assessment.year}{NBSP}r.",
        hide_caption=True, stacked=True, highlight=_own_rows(assessment, built),
    )  # fmt: skip
    return f"{head}{table}{_counted(assessment, [(item, places)])}{_notes(places)}"


def _own_rows(assessment: AreaAssessment, places: Sequence[GroupPlace]) -> list[int]:
    own = assessment.group.key
    return [n for n, p in enumerate(places) if p.group is not None and p.group.key == own]


def _row(item: IndicatorAssessment, place: GroupPlace, key: NumberKey) -> dict[str, Any]:
    position, group = place.position, place.group
    assert position is not None and group is not None  # chosen by the caller
    # not of(): a key of the unit's own value has no group
    key = replace(key, group=group.key)
    indicator = item.indicator
    median = tagged(
        position.median,
        key.of(statistic="median"),
        indicator.decimals,
        measure_unit=indicator.measure_unit,
    )
    return {
        "group": write_rule(place.rule),
        "used": _used(position, key),
        "median": median,
        "standing": _standing(position, place.reason),
        "place": place_words(position, place.worths, key),
        "best": _best(place.worths, key),
    }


def _vote(rule: str, own: str, *, votes: bool) -> str:
    """Say whether a group is one of those whose agreement is counted."""
    if votes:
        return "tak"
    return f"{_NO_VOTE}: to wybrana grupa" if rule == own else _NO_VOTE


def _used(position: Position, key: NumberKey) -> str:
    """Say how many of the group have a value, and why the others have none."""
    used = tagged(position.n_used, key.of(statistic="n_used"))
    of = tagged(position.n_group, key.of(statistic="n_group"))
    silent = [
        f"{flag_words(flag)}: {tagged(n, key.of(statistic=f'n_flag:{flag}'))}"
        for flag, n in position.n_flags.items()
        if flag_words(flag) and flag not in ("true_zero", "below_format")
    ]
    told = f'<br><span class="smup-note">{"; ".join(silent)}</span>' if silent else ""
    return f"{used} z {of}{told}"


def _standing(position: Position, reason: str | None) -> str:
    words = standing_words(position.standing)
    if position.departure:
        words = DEPARTURES[position.departure]
    side = f"; {_SIDES[position.side]}" if position.side else ""
    if position.side and position.standing == "unknown":
        words, side = _SIDES[position.side], ""  # too few for a judgement, enough for a median
    why = f'<br><span class="smup-note">{escape(reason)}</span>' if reason else ""
    return f'<span class="smup-is-{position.standing}">{escape(words)}</span>{side}{why}'


def place_words(position: Position, worths: Sequence[PlaceWorth], key: NumberKey) -> str:
    """Return a place, among how many, who shares it, and between which places it honestly is."""
    if position.rank is None:
        return _counted_side(position, key)
    rank = tagged(position.rank, key.of(statistic="rank"))
    of = tagged(position.n_ranked, key.of(statistic="n_ranked"))
    ties = tagged(position.ties, key.of(statistic="ties"))
    told = f"{rank}. na{NBSP}{of}" + (f", ex aequo z {ties}" if position.ties else "")
    for worth in worths:
        if worth.low == worth.high == position.rank:
            told += ", pewne"
            continue
        of_worth = key.of(indicator=worth.indicator, statistic=f"rank_low:{worth.kind}")
        low = tagged(worth.low, of_worth)
        high = tagged(worth.high, of_worth.of(statistic=f"rank_high:{worth.kind}"))
        told += f"; uczciwie: {low}–{high}"
    return told


def _counted_side(position: Position, key: NumberKey) -> str:
    """Say, where nobody ranks, than how many of the group the unit has more or less."""
    if position.side not in ("above", "below") or position.percentile is None:
        return _NO_RANK
    above = position.side == "above"
    count, statistic = (position.below, "below") if above else (position.above, "above")
    more = "więcej" if above else "mniej"
    return f"{_NO_RANK}; {more} niż w {tagged(count, key.of(statistic=statistic))}"


def _best(worths: Sequence[PlaceWorth], key: NumberKey) -> str:
    told = [
        tagged(
            100 * one.best_quarter,
            key.of(indicator=one.indicator, statistic=f"best_quarter:{one.kind}"),
        )
        for one in worths
    ]
    return ", ".join(f"{percent}%" for percent in told) or "–"


def _notes(places: Sequence[GroupPlace]) -> str:
    kinds = dict.fromkeys(worth.kind for place in places for worth in place.worths)
    told = [_READING, *(_WORTHS[kind] for kind in kinds)]
    groups = "".join(
        f"<li><b>{escape(write_rule(p.rule))}</b>: {escape(_described(p.group))}</li>"
        for p in places
        if p.group is not None
    )
    reasons: dict[str, list[str]] = {}
    for place in places:
        if place.group is None:
            reasons.setdefault(place.reason or "", []).append(write_rule(place.rule))
    absent = "".join(
        f"<li><b>{escape(', '.join(rules))}</b>: {escape(why)}</li>"
        for why, rules in reasons.items()
    )
    folded = f"<ul>{groups}</ul>" + (f"<p>Tych grup nie ma:</p><ul>{absent}</ul>" if absent else "")
    return (
        f'<p class="smup-note">{escape(" ".join(told))}</p>'
        f'<details class="smup-more"><summary>Skąd te grupy</summary>{folded}</details>'
    )


def _counted(
    assessment: AreaAssessment,
    columns: Sequence[tuple[IndicatorAssessment, Sequence[GroupPlace]]],
) -> str:
    """Say in how many of the rows that vote the unit is on the same side: they can be counted."""
    told = []
    for item, places in columns:
        if not any(place.votes for place in places):
            continue
        key = number_key(assessment, item)
        agreeing = tagged(len(item.robustness.agreeing), key.of(statistic="groups_agreeing"))
        tried = tagged(item.robustness.n_groups, key.of(statistic="groups_tried"))
        name = f"{escape(item.indicator.short_name)}: " if len(columns) > 1 else ""
        level = tagged(len(item.robustness.level), key.of(statistic="groups_level"))
        half = f" oraz {level} na równi z medianą" if item.robustness.level else ""
        told.append(f"{name}{agreeing} z {tried}{half}")
    return f'<p class="smup-note">{_COUNTED} ({"; ".join(told)}).</p>' if told else ""


def _described(group: PeerGroup) -> str:
    return " ".join((group.description_pl, *group.notes))


def render_side_groups(
    assessment: AreaAssessment,
    columns: Sequence[tuple[IndicatorAssessment, Sequence[GroupPlace]]],
) -> str:
    """Return, folded, the place in each group of the few indicators that a page speaks of first.

    Parameters
    ----------
    assessment : AreaAssessment
        The unit in the area.
    columns : sequence of (IndicatorAssessment, sequence of GroupPlace)
        The indicators, each with its places in the same groups.
    """
    import pandas as pd

    if not columns:
        return ""
    rows = [
        _compact_row(columns, n, assessment.group.key)
        for n, place in enumerate(columns[0][1])
        if place.group is not None
    ]
    shown = [
        Column("group", "Grupa"),
        Column("n", "Jednostek", "html"),
        Column("vote", _VOTES),
        *(Column(i.indicator.id, i.indicator.short_name, "html") for i, _ in columns),
    ]
    places = [place for _, listed in columns for place in listed]
    own = [n for n, row in enumerate(rows) if row["key"] == assessment.group.key]
    table = render_table(
        pd.DataFrame(rows), shown, HEADING, stacked=True, highlight=own, hide_caption=True
    )
    return (
        f'<details class="smup-more smup-side"><summary>{HEADING} ({len(rows)})</summary>'
        f"{table}{_counted(assessment, columns)}{_notes(places[: len(columns[0][1])])}</details>"
    )


def _compact_row(
    columns: Sequence[tuple[IndicatorAssessment, Sequence[GroupPlace]]], n: int, own: str
) -> dict[str, Any]:
    first = columns[0][1][n]
    assert first.group is not None  # chosen by the caller
    votes = any(places[n].votes for _, places in columns)
    row: dict[str, Any] = {"group": write_rule(first.rule), "key": first.group.key}
    row["vote"] = _vote(first.rule, own, votes=votes)
    for item, places in columns:
        place = places[n]
        position, group = place.position, place.group
        if position is None or group is None:
            row[item.indicator.id] = f"{INCOMPARABLE}: {escape(place.reason or '')}"
            continue
        key = NumberKey(group.unit_code, item.indicator.id, group.year, group=group.key)
        row.setdefault("n", tagged(position.n_group, key.of(statistic="n_group")))
        words = escape(standing_words(position.standing))
        side = _SIDES.get(position.side or "", "")
        if position.side and position.standing == "unknown":
            words = ""  # too few for a judgement, enough for a median
        if side and position.standing == "not_judged":
            side, words = f"{STANDINGS['not_judged'].shape} {side}", ""  # the same in every row
        told = [words, side, place_words(position, (), key).removeprefix(f"{_NO_RANK}; ")]
        told += [_NO_VOTE] if votes and not place.votes else []
        row[item.indicator.id] = "; ".join(text for text in told if text)
    row.setdefault("n", format_number(len(first.group.members)))
    return row


def render_contributions(
    group: PeerGroup, names: Mapping[str, str], labels: Mapping[str, str]
) -> str:
    """Return, folded, how like the unit each similar one is and what makes the difference (M11).

    Parameters
    ----------
    group : PeerGroup
        Of the rule ``similar``; of another one there is nothing to tell.
    names : mapping of str to str
        Short names of units by code.
    labels : mapping of str to str
        Polish names of the variables.
    """
    details = group.details
    if details is None or "distance" not in details:
        return ""
    variables = [str(c) for c in details.columns if c not in ("unit_code", "distance")]
    frame = details.assign(name=[names.get(c, c) for c in details["unit_code"]])
    key = NumberKey(group.unit_code, "similarity", group.year, group=group.key)
    for name in ("distance", *variables):
        keys: list[Any] = [
            key.of(unit=code, statistic=f"M11:{name}") for code in details["unit_code"]
        ]
        frame[f"key:{name}"] = keys
    shares = [
        Column(
            *(name, labels.get(name, name), "number", "%"),
            scale=0.01,
            key=f"key:{name}",
        )
        for name in variables
    ]
    distance = Column("distance", "Odległość", "number", decimals=2, key="key:distance")
    columns = [Column("name", "Jednostka"), distance, *shares]
    note = (
        "Odległość 0 to takie same warunki. Procenty mówią, jaka część różnicy między dwiema "
        f"jednostkami pochodzi z danej cechy. Wagi cech: {_weights_words(group, labels)}."
    )
    table = render_table(frame, columns, "Jak dobrano jednostki podobne", note=note, stacked=True)
    return (
        '<details class="smup-more"><summary>Jak bardzo podobne i pod jakim względem'
        f"</summary>{table}</details>"
    )


def _weights_words(group: PeerGroup, labels: Mapping[str, str]) -> str:
    weights = group.parameters.get("weights")
    weighed = weights if isinstance(weights, Mapping) else {}
    return ", ".join(
        f"{in_sentence(labels.get(str(name), str(name)))} {f'{weight:g}'.replace('.', ',')}"
        for name, weight in weighed.items()
    )
