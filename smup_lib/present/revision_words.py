"""How is it said what a correction of the data did to a value, a number or a finding?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from smup_lib.compare import read_revision
from smup_lib.compare.reading import Figure
from smup_lib.present.findings import finding_text
from smup_lib.present.formats import format_number
from smup_lib.present.values_table import DEPARTURES
from smup_lib.present.words import STANDINGS, flag_words, qualifier_words

if TYPE_CHECKING:
    from smup_lib.conclude.revisions import AreaRevision, FigureChange, FindingChange

#: What became of an input value.
SORT_WORDS: Mapping[str, str] = {
    "moved": "inna wartość",
    "flag": "inny znacznik",
    "vanished": "nie ma już w danych",
    "appeared": "nowa",
    "redefined": "inna definicja",
    "qualified": "inne zastrzeżenie",
    "refined": "inny zapis, różnica w granicach zaokrąglenia",
}
#: What became of a finding.
OUTCOME_WORDS: Mapping[str, str] = {
    "unchanged": "bez zmian",
    "moved": "aktualny, z innymi liczbami",
    "new": "nowy",
    "unanswered": "nie do powtórzenia",
    "flipped": "nieaktualny",
    "redefined": "nieporównywalny",
}
#: What became of the verdict on a claim.
VERDICT_WORDS: Mapping[str, str] = {
    "unchanged": "rozstrzygnięcie bez zmian",
    "moved": "to samo rozstrzygnięcie, inne liczby albo inna pewność",
    "answered": "teraz da się rozstrzygnąć",
    "unanswered": "teraz nie da się rozstrzygnąć",
    "flipped": "rozstrzygnięcie odwrotne niż przedtem",
}
_STATISTICS: Mapping[str, str] = {
    "value": "wartość",
    "median": "mediana grupy",
    "q25": "dolny kwartyl grupy",
    "q75": "górny kwartyl grupy",
    "rank": "miejsce",
    "n_ranked": "liczba uporządkowanych",
    "n_used": "liczba porównywanych z wartością",
    "standing": "ocena",
    "side": "położenie wobec mediany",
    "departure": "odchylenie kosztu",
    "trend": "kierunek w czasie",
    "slope": "typowa zmiana na rok",
    "flag": "powód braku",
    "qualifiers": "zastrzeżenia",
}
_SIDES = {"above": "powyżej", "below": "poniżej", "equal": "równa"}
_DIRECTIONS = {
    "rising": "wzrost",
    "falling": "spadek",
    "steady": "bez kierunku",
    "unknown": "nie do ustalenia",
}
_NOTHING = "nic"
#: What a page tells in words, not in numbers.
_IN_WORDS = frozenset(("standing", "side", "departure", "trend", "flag", "qualifiers"))
_COUNTS = ("rank", "n_ranked", "n_used")


def revision_sentence(revision: AreaRevision) -> str:
    """Return the sentence of M23 about one report.

    Every printed number that is another now is counted, whether a finding rests on it or not.
    """
    numbers = [f for f in revision.figures if f.statistic not in _IN_WORDS]
    names = {i.indicator.id: i.indicator.short_name for i in revision.before.indicators}
    unit = revision.before.unit
    return read_revision(revision.found, {unit.code: unit.label, **names}, len(numbers)).fill(
        _written
    )


def _written(figure: Figure) -> str:
    return format_number(figure.value, figure.decimals, figure.measure_unit or None)


def told_before_and_after(change: FindingChange) -> tuple[str, str]:
    """Return the finding as it was said and as it is said now, or why it is not."""
    before = finding_text(change.before) if change.before else _NOTHING
    if change.after is not None:
        return before, finding_text(change.after)
    if change.reason:
        return before, change.reason
    return before, "raport już o tym nie mówi"


def said_value(row: Mapping[Any, Any], age: str) -> str:
    """Return a value of the data as a reader sees it.

    Parameters
    ----------
    row : mapping
        With ``old_value``, ``old_decimals``, ``old_flag`` and the same for another age.
    age : str
        ``old``, ``new`` or ``shown``.

    Examples
    --------
    >>> said_value({"old_value": 14.0, "old_decimals": 0}, "old")
    '14'
    """
    value, digits = row[f"{age}_value"], row[f"{age}_decimals"]
    if value == value and value is not None:
        places = int(digits) if digits == digits and digits is not None else 2
        return format_number(float(value), places)
    flag = row.get(f"{age}_flag")
    return flag_words(flag) if isinstance(flag, str) else "nie było"


def figure_name(change: FigureChange) -> str:
    """Return which number it is, in Polish."""
    return _STATISTICS.get(change.statistic, change.statistic)


def write_figure(
    change: FigureChange, value: float | str | None, decimals: int, measure_unit: str
) -> str:
    """Return a number or a word of a page as a reader sees it.

    Parameters
    ----------
    change : FigureChange
        Of which statistic.
    value : float, str or None
        Before or after.
    decimals : int
        Of the indicator.
    measure_unit : str
        Of the indicator.
    """
    if value is None:
        return "brak"
    if isinstance(value, str):
        return _word(change.statistic, value)
    if change.statistic in _COUNTS:
        return format_number(value, 0)
    if change.statistic == "slope":
        unit = "p.proc." if measure_unit == "%" else measure_unit
        return format_number(value, min(decimals + 1, 6), unit, signed=True)
    return format_number(value, decimals, measure_unit or None)


def _word(statistic: str, word: str) -> str:
    if statistic == "standing" and word in STANDINGS:
        return STANDINGS[word].word
    if statistic == "flag":
        return flag_words(word)
    if statistic == "qualifiers":
        return qualifier_words(word)
    return {**_SIDES, **DEPARTURES, **_DIRECTIONS}.get(word, word)
