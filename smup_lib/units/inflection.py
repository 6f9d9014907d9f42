"""What is a unit called inside a sentence: "w powiecie krakowskim", "we Wrocławiu", "gminy X"?

A case is used only where it is certain. Names of powiaty and voivodeships are adjectives, which one
rule inflects; names of cities come from a dictionary (:mod:`smup_lib.units.town_names`); a gmina's
name stays as it is after the noun, which is always right. Where no form is certain, the noun takes
the case and the name stays as the register writes it.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Protocol

from smup_lib.units.labels import KIND_ADJECTIVE, KIND_NAME
from smup_lib.units.town_names import CASES, Case, inflect_town

__all__ = ["CASES", "Case", "inflect_adjective", "inflect_town", "say_unit", "say_where"]


class Nameable(Protocol):
    """What must be known of a unit to say its name."""

    @property
    def level(self) -> str: ...
    @property
    def kind(self) -> str | None: ...
    @property
    def name(self) -> str: ...


#: Forms of the nouns before names, in the order of :data:`CASES`.
_NOUNS = MappingProxyType(
    {
        "gmina": ("gmina", "gminy", "gminie", "gminę", "gminą", "gminie"),
        "powiat": ("powiat", "powiatu", "powiatowi", "powiat", "powiatem", "powiecie"),
        "voivodeship": (
            *("województwo", "województwa", "województwu"),
            *("województwo", "województwem", "województwie"),
        ),
        "miasto": ("miasto", "miasta", "miastu", "miasto", "miastem", "mieście"),
        "country": ("kraj", "kraju", "krajowi", "kraj", "krajem", "kraju"),
        "unit": ("jednostka", "jednostki", "jednostce", "jednostkę", "jednostką", "jednostce"),
    }
)
#: A lower-case adjective that agrees with "powiat": kielecki, zachodni, mroźny; the first part of
#: a compound stays (czarnkowsko-trzcianecki).
_MASCULINE = re.compile(r"(?:[^\W\d_]+o-)*[^\W\d_]+(?:[kgn]i|[^\W\d_aeiouyąęókg]y)")
#: One that agrees with "województwo": śląskie, warmińsko-mazurskie.
_NEUTER = re.compile(r"(?:[^\W\d_]+o-)*[^\W\d_]+[kgn]ie")
_ENDINGS = ("", "ego", "emu", "", "m", "m")
_FEMININE_ENDINGS = ("a", "ej", "ej", "ą", "ą", "ej")
#: "we" before these: we Wrocławiu, we Włocławku, we Lwowie.
_WE = re.compile(r"(?:[wf][^\Waeiouyąęó\d_]|lw)", re.IGNORECASE)


def inflect_adjective(name: str, case: Case) -> str | None:
    """Return the adjective that a powiat or a voivodeship is called; None when it is none.

    Parameters
    ----------
    name : str
        In the nominative, as it stands after "powiat" (masculine) or "województwo" (neuter).
    case : str
        One of :data:`CASES`.

    Examples
    --------
    >>> inflect_adjective("czarnkowsko-trzcianecki", "locative")
    'czarnkowsko-trzcianeckim'
    >>> inflect_adjective("łódzki wschodni", "genitive"), inflect_adjective("śląskie", "locative")
    ('łódzkiego wschodniego', 'śląskim')
    >>> inflect_adjective("Kraków", "genitive") is None
    True
    """
    words = name.split(" ")
    if all(_MASCULINE.fullmatch(word) for word in words):
        stems = words
    elif all(_NEUTER.fullmatch(word) for word in words):
        stems = [word[:-1] for word in words]
    else:
        return None
    if not name.islower():
        return None
    ending = _ENDINGS[CASES.index(case)]
    if not ending:
        return name
    # krakowsk-i-ego keeps its i, nowy loses its y: now-ego; now-y-m keeps it
    return " ".join(
        (stem[:-1] if stem.endswith("y") and ending[0] == "e" else stem) + ending for stem in stems
    )


def say_unit(unit: Nameable, case: Case = "nominative", *, with_kind: bool = False) -> str:
    """Return what a unit is called in a case.

    Parameters
    ----------
    unit : Nameable
        A unit or its name: level, kind and name.
    case : str, default ``nominative``
        One of :data:`CASES`.
    with_kind : bool, default False
        Say of a gmina whether it is urban, rural or both, as one must where a town and the gmina
        around it bear one name.

    Examples
    --------
    >>> from smup_lib.units.labels import Named
    >>> powiat = Named("1206", "powiat", "land_powiat", "krakowski")
    >>> [say_unit(powiat, case) for case in ("genitive", "instrumental", "locative")]
    ['powiatu krakowskiego', 'powiatem krakowskim', 'powiecie krakowskim']
    >>> rural = Named("020102", "gmina", "rural", "Bolesławiec")
    >>> say_unit(rural, "locative"), say_unit(rural, "genitive", with_kind=True)
    ('gminie Bolesławiec', 'gminy wiejskiej Bolesławiec')
    >>> say_unit(Named("2661", "powiat", "city_with_powiat_rights", "Kielce"), "genitive")
    'Kielc'
    >>> say_unit(Named("9061", "powiat", "city_with_powiat_rights", "Nowa Wydma"), "genitive")
    'miasta na prawach powiatu Nowa Wydma'
    """
    if unit.kind == "city_with_powiat_rights":
        town = inflect_town(unit.name, case)
        return town or f"{_noun('miasto', case)} na prawach powiatu {unit.name}"
    if unit.level in ("powiat", "voivodeship"):
        noun, adjective = _noun(unit.level, case), inflect_adjective(unit.name, case)
        return f"{noun} {adjective}" if adjective else f"{noun} o nazwie {unit.name}"
    if unit.level == "gmina":
        kind = KIND_ADJECTIVE.get(unit.kind or "") if with_kind else None
        return f"{_noun('gmina', case)} {_feminine(kind, case) + ' ' if kind else ''}{unit.name}"
    if unit.level == "country":
        return inflect_town(unit.name, case) or f"{_noun('country', case)} o nazwie {unit.name}"
    part = KIND_NAME.get(unit.kind or "")
    named = f"{unit.name} ({part})" if part else unit.name
    return named if case == "nominative" else f"{_noun('unit', case)} o nazwie {named}"


def say_where(unit: Nameable, *, with_kind: bool = False) -> str:
    """Return "in" a unit: the preposition and the name in the locative.

    Examples
    --------
    >>> from smup_lib.units.labels import Named
    >>> say_where(Named("1206", "powiat", "land_powiat", "krakowski"))
    'w powiecie krakowskim'
    >>> say_where(Named("0264", "powiat", "city_with_powiat_rights", "Wrocław"))
    'we Wrocławiu'
    >>> say_where(Named("900102", "gmina", "rural", "Jałowiec Cisogórski"))
    'w gminie Jałowiec Cisogórski'
    """
    said = say_unit(unit, "locative", with_kind=with_kind)
    return f"{'we' if _WE.match(said) else 'w'} {said}"


def _noun(word: str, case: Case) -> str:
    return _NOUNS[word][CASES.index(case)]


def _feminine(adjective: str, case: Case) -> str:
    """Inflect "miejska", "wiejska", "miejsko-wiejska": the k stays soft before e."""
    ending = _FEMININE_ENDINGS[CASES.index(case)]
    return adjective[:-1] + ("i" if ending[0] == "e" else "") + ending
