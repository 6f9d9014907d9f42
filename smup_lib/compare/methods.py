"""Which methods are there, what is each for, and which data may it be asked about?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from smup_lib.catalogue import Indicator

#: What is held of an indicator. ``published`` is a ready-made value, whatever it was made of.
Basis = Literal["count_ratio", "money_ratio", "mean", "index", "published"]
BASES: tuple[Basis, ...] = ("count_ratio", "money_ratio", "mean", "index", "published")

_COUNTS: tuple[Basis, ...] = ("count_ratio",)
_PARTS: tuple[Basis, ...] = ("count_ratio", "money_ratio", "mean")
_MODELS: tuple[Basis, ...] = ("count_ratio", "money_ratio")

#: Why a basis does not let a method answer, in the words of a reader.
_REASONS: Mapping[Basis, str] = {
    "count_ratio": "ta metoda nie dotyczy liczby przypadków",
    "money_ratio": "wskaźnik jest kwotą, a nie liczbą przypadków",
    "mean": "wskaźnik jest średnią o nieznanym rozrzucie",
    "index": "wskaźnik jest gotową wartością bez licznika i mianownika",
    "published": "wartość ogłoszono bez liczby przypadków",
}


@dataclass(frozen=True)
class Method:
    """A method by its published name.

    Attributes
    ----------
    id : str
        ``M1`` to ``M24``, as in ``docs/methods.md`` and beside each finding.
    name : str
        Published name.
    question : str
        The reader's question, in Polish.
    reference : str
        Where it was published; the project itself for its own rules.
    bases : tuple of str
        The data it may be asked about (:data:`BASES`).
    """

    id: str
    name: str
    question: str
    reference: str
    bases: tuple[Basis, ...] = BASES


def _listed(*methods: Method) -> dict[str, Method]:
    return {method.id: method for method in methods}


#: All methods, by id.
METHODS: Mapping[str, Method] = _listed(
    Method("M1", "ratio of sums", "Ile wynosi w całej grupie?", "demografia, podręczniki", _PARTS),
    Method("M2", "Wilson interval", "Jak pewny jest ten udział?", "Wilson 1927", _COUNTS),
    Method(
        "M3",
        "Byar and exact Poisson interval",
        "Jak pewna jest ta częstość?",
        "Breslow i Day 1987; Garwood 1936",
        _COUNTS,
    ),
    Method(
        "M4a",
        "interval against the group",
        "Czy różnimy się od grupy?",
        "Newcombe 1998; Zou i Donner 2008",
        _COUNTS,
    ),
    Method("M4b", "two-sided cost signal", "Czy koszt jest typowy?", "zasada projektu"),
    Method(
        "M5",
        "funnel limits",
        "Kto się wyróżnia, gdy uwzględnić wielkość?",
        "Spiegelhalter 2005",
        _COUNTS,
    ),
    Method(
        "M6", "weighted recent trend", "Czy to się zmienia?", "Armitage 1955; Fingertips", _COUNTS
    ),
    Method(
        "M7",
        "Mann-Kendall test and Theil-Sen slope",
        "Czy to się zmienia?",
        "Mann 1945; Kendall 1975; Sen 1968",
    ),
    Method("M8", "robust z", "Czy ta wartość nie jest błędem?", "Iglewicz i Hoaglin 1993"),
    Method(
        "M9",
        "mid-rank percentile and competition rank",
        "Które mamy miejsce?",
        "Hyndman i Fan 1996",
    ),
    Method("M10", "rank interval", "Ile znaczy to miejsce?", "Goldstein i Spiegelhalter 1996"),
    Method("M11", "nearest similar units", "Z kim się porównywać?", "Yeo i Johnson 2000"),
    Method("M12", "robustness to the group", "Czy inna grupa zmieni wniosek?", "OECD/JRC 2008"),
    Method("M13", "learnable peers", "Od kogo się uczyć?", "Newcombe 1998"),
    Method("M14", "empirical Bayes shrinkage", "Co pokazać na mapie?", "Marshall 1991", _COUNTS),
    Method(
        "M15",
        "false discovery rate",
        "Które z wielu sygnałów są prawdziwe?",
        "Benjamini i Hochberg 1995; Benjamini i Yekutieli 2001",
        _COUNTS,
    ),
    Method(
        "M16",
        "smallest visible change",
        "Czy efekt działań da się zauważyć?",
        "Fleiss, Levin i Paik 2003",
        _COUNTS,
    ),
    Method(
        "M17",
        "need-adjusted cost",
        "Czy koszt jest wysoki przy naszych warunkach?",
        "MacKinnon i White 1985; Allen 1974",
        _MODELS,
    ),
    Method(
        "M18",
        "FDH and DEA",
        "Kto osiąga tyle samo mniejszym kosztem?",
        "Deprins, Simar i Tulkens 1984; Banker, Charnes i Cooper 1984",
        _MODELS,
    ),
    Method("M19", "Moran's I", "Czy podobne wartości sąsiadują?", "Moran 1950; Anselin 1995"),
    Method("M20", "zero unitarisation", "Jedna liczba z wielu?", "Kukuła 2000"),
    Method("M21", "areal weighting", "Czy można połączyć lata?", "Goodchild i Lam 1980", _PARTS),
    Method(
        "M22", "at the group median", "Co znaczy ta różnica?", "praktyka OpenPrescribing", _PARTS
    ),
    Method("M23", "revision comparison", "Czy po korekcie to nadal prawda?", "zasada projektu"),
    Method(
        "M24",
        "false alarms expected",
        "Ile sygnałów pojawiłoby się przypadkiem?",
        "Brown, Cai i DasGupta 2001",
        _COUNTS,
    ),
)


def basis_of(indicator: Indicator) -> Basis:
    """Return what is held of an indicator; the catalogue says it, nothing is guessed.

    Examples
    --------
    >>> from smup_lib.catalogue import load_catalogue
    >>> basis_of(load_catalogue().indicator("street_lights_led_share"))
    'count_ratio'
    """
    return "published" if indicator.method == "published" else indicator.data_basis


def basis_refusal(method: str, basis: Basis) -> str | None:
    """Return the Polish reason why a method may not be asked about such data; None when it may.

    Parameters
    ----------
    method : str
        Id, as ``M2``.
    basis : str
        Of :data:`BASES`.

    Examples
    --------
    >>> basis_refusal("M2", "published")
    'wartość ogłoszono bez liczby przypadków'
    >>> basis_refusal("M9", "published") is None
    True
    """
    return None if basis in METHODS[method].bases else _REASONS[basis]
