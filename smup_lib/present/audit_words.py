"""How is a gap in the data named, and what would fill it, with which command?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from smup_lib.catalogue.channels import Channel, channels_of
from smup_lib.teryt import LEVEL_GENITIVE
from smup_lib.years import format_years

if TYPE_CHECKING:
    from smup_lib.catalogue import Variable
    from smup_lib.catalogue.variable import BudgetPosition

_IMPORT = "smup data import PLIK"
_MANY_CODES = 4
#: Reasons of gaps, from those that nobody can fill today to those that are no gap of the data.
GAPS: Mapping[str, str] = MappingProxyType(
    {
        "own_records": "tylko w ewidencjach własnych jednostek, nikt nie zbiera ich razem",
        "no_source": "program nie rozpoznaje jeszcze tego źródła",
        "not_loaded": "nie wczytano",
        "other_level": "wczytano tylko dla innego szczebla",
        "other_years": "wczytano tylko dla innych lat",
        "not_yet": "jeszcze nieogłoszone w dniu pliku",
        "suppressed": "brak informacji albo tajemnica",
        "not_told": "źródło nie podaje tych jednostek",
        "ambiguous_zero": "zero albo brak danych, źródło nie rozstrzyga",
        "not_computable": "nie da się policzyć: mianownik zerowy lub ujemny albo przerwa w szeregu",
        "not_for_level": "wskaźnika nie określono na tym szczeblu",
    }
)


def gap_words(gap: str) -> str:
    """Return the reason of a gap in Polish; an empty text for none.

    Examples
    --------
    >>> gap_words("not_loaded"), gap_words("")
    ('nie wczytano', '')
    """
    return GAPS.get(gap, "")


def gap_remedy(gap: str, variable: Variable | None, level: str, *, announced: bool = False) -> str:
    """Say what would fill a gap, as far as anybody can.

    Parameters
    ----------
    gap : str
        A key of :data:`GAPS`.
    variable : Variable or None
        The input that is missing; None when none is (``not_for_level``).
    level : str
        The level of the gap.
    announced : bool
        Whether values that a file did not have yet must have been announced since.
    """
    if variable is None:
        return "zobacz szczebel, na którym wskaźnik jest określony" if gap else ""
    if gap in ("suppressed", "not_told", "ambiguous_zero"):
        return f"wyjaśnić może: {variable.holder}"
    if gap == "not_yet" and not announced:
        return f"poczekać na nowsze dane: {variable.holder}"
    if gap == "not_computable":
        return "nic: takiej wartości nie ma"
    at = f"szczebel {LEVEL_GENITIVE[level]}"
    ways = _ways_in(variable).items()
    told = "; albo ".join(f"{words}, {at}: {' albo '.join(how)}" for words, how in ways)
    return f"nowszy plik ({told})" if gap == "not_yet" else told


def source_words(variable: Variable) -> str:
    """Name what to look for, and where: a group of BDL, a position of a return, or the holder.

    Examples
    --------
    >>> from smup_lib.catalogue import load_catalogue
    >>> source_words(load_catalogue().variable("population"))
    'BDL, podgrupa P2137'
    """
    return " albo ".join(_ways_in(variable))


def _ways_in(variable: Variable) -> dict[str, list[str]]:
    """Return the commands that bring a variable, by what they bring it from."""
    ways: dict[str, list[str]] = {}
    for channel in channels_of(variable):
        words, command = _way(channel, variable)
        ways.setdefault(words, []).append(command)
    return ways


def _way(channel: Channel, variable: Variable) -> tuple[str, str]:
    """Return what one way brings a variable from, and with which command."""
    if channel in ("bdl_service", "bdl_file"):
        groups = dict.fromkeys(column.subject for column in variable.bdl if column.subject)
        numbers = (f"zmienna {c.variable_id}" for c in variable.bdl if c.variable_id is not None)
        words = f"podgrupa {' albo '.join(groups)}" if groups else " albo ".join(numbers)
        return f"BDL, {words}", "smup data sync bdl" if channel == "bdl_service" else _IMPORT
    if channel == "budget" and variable.budget is not None:
        return _budget_words(variable.budget), "smup data sync bestia"
    if channel == "official_table" and variable.official_table is not None:
        return variable.official_table, _IMPORT
    words = variable.holder if variable.budget is None else _budget_words(variable.budget)
    table = "TABELA.csv" if channel == "own_records" else "PLIK"
    return words, f"smup data import {table} --variable {variable.id}"


def _budget_words(position: BudgetPosition) -> str:
    """Name a position of a budget return.

    Examples
    --------
    >>> from smup_lib.catalogue.variable import BudgetPosition
    >>> _budget_words(BudgetPosition(report="Rb-28S", columns=("ww",), chapters=("92116",)))
    'sprawozdanie Rb-28S, rozdział 92116'
    """
    parts = [
        (("dział", "działy"), position.divisions),
        (("rozdział", "rozdziały"), position.chapters),
        (("paragraf", "paragrafy"), position.paragraphs),
        (("grupa paragrafów", "grupy paragrafów"), position.groups),
        (("pozycja", "pozycje"), position.symbols),
    ]
    told = [f"{nouns[len(codes) > 1]} {_codes(codes)}" for nouns, codes in parts if codes]
    return ", ".join([f"sprawozdanie {position.report}", *told])


def _codes(codes: Sequence[str]) -> str:
    """Write codes of a classification; those of a long list in spans.

    Examples
    --------
    >>> _codes(["075", "047"]), _codes(["200", "201", "202", "210"])
    ('075, 047', '200–202, 210')
    """
    plain = len(codes) < _MANY_CODES or not all(code[0] in "123456789" for code in codes)
    return ", ".join(codes) if plain else format_years(map(int, codes))
