"""How is a gap in the data named, and what would fill it, with which command?"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from smup_lib.catalogue.channels import channel_of
from smup_lib.teryt import LEVEL_GENITIVE

if TYPE_CHECKING:
    from smup_lib.catalogue import Variable
    from smup_lib.catalogue.model import BudgetPosition

#: Reasons of gaps, from those that nobody can fill today to those that are no gap of the data.
GAPS: Mapping[str, str] = MappingProxyType(
    {
        "own_records": "tylko w ewidencjach własnych jednostek, nikt nie zbiera ich razem",
        "no_source": "program nie rozpoznaje jeszcze tego źródła",
        "not_loaded": "nie wczytano",
        "other_level": "wczytano tylko dla innego szczebla",
        "other_years": "wczytano tylko dla innych lat",
        "not_yet": "jeszcze nieogłoszone",
        "suppressed": "brak informacji albo tajemnica",
        "not_told": "źródło nie podaje tych jednostek",
        "ambiguous_zero": "zero albo brak danych, źródło nie rozstrzyga",
        "not_computable": "nie da się policzyć: mianownik równy zero albo przerwa w szeregu",
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


def gap_remedy(gap: str, variable: Variable | None, level: str) -> str:
    """Say what would fill a gap, as far as anybody can.

    Parameters
    ----------
    gap : str
        A key of :data:`GAPS`.
    variable : Variable or None
        The input that is missing; None when none is (``not_for_level``).
    level : str
        The level of the gap.
    """
    if variable is None:
        return "zobacz szczebel, na którym wskaźnik jest określony" if gap else ""
    if gap in ("suppressed", "not_told", "ambiguous_zero"):
        return f"wyjaśnić może: {variable.holder}"
    if gap == "not_yet":
        return f"poczekać na nowsze dane: {variable.holder}"
    if gap == "not_computable":
        return "nic: takiej wartości nie ma"
    return f"{source_words(variable)}, szczebel {LEVEL_GENITIVE[level]}: {_command(gap, variable)}"


def source_words(variable: Variable) -> str:
    """Name what to look for, and where: a group of BDL, a position of a return, or the holder.

    Examples
    --------
    >>> from smup_lib.catalogue import load_catalogue
    >>> source_words(load_catalogue().variable("population"))
    'BDL, podgrupa P2137'
    """
    if variable.budget is not None:
        return _budget_words(variable.budget)
    groups = dict.fromkeys(column.subject for column in variable.bdl if column.subject)
    if groups:
        return f"BDL, podgrupa {' albo '.join(groups)}"
    return variable.holder


def _budget_words(position: BudgetPosition) -> str:
    """Name a position of a budget return.

    Examples
    --------
    >>> from smup_lib.catalogue.model import BudgetPosition
    >>> _budget_words(BudgetPosition(report="Rb-28S", columns=("ww",), chapters=("92116",)))
    'sprawozdanie Rb-28S, rozdział 92116'
    """
    parts = [
        (("dział", "działy"), position.divisions),
        (("rozdział", "rozdziały"), position.chapters),
        (("paragraf", "paragrafy"), position.paragraphs),
        (("pozycja", "pozycje"), position.symbols),
    ]
    told = [f"{nouns[len(codes) > 1]} {', '.join(codes)}" for nouns, codes in parts if codes]
    return ", ".join([f"sprawozdanie {position.report}", *told])


def _command(gap: str, variable: Variable) -> str:
    channel = channel_of(variable)
    if channel == "bdl_file":
        return "smup data import PLIK"
    table = "TABELA.csv" if channel == "own_records" else "PLIK"
    return f"smup data import {table} --variable {variable.id}"
