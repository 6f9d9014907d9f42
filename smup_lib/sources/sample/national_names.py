"""What are the units of the large fictional land called? Names are put together from two words.

A name is a beginning and a landscape (``Sosno`` + ``góra``), so an adjective for a powiat follows
from the second word. No name is that of a real gmina or powiat; a test holds them against the
official register.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

#: As many voivodeships as there are codes for land that does not exist (90-98).
VOIVODESHIPS = (
    "WRZOSOWISKIE", "GÓRNOLEŚNE", "JEZIORNICKIE", "BURSZTYNOWIECKIE", "ROZŁOGOWSKIE",
    "DOLNOSTRUSKIE", "ZAMGLEŃSKIE", "STAROKNIEJSKIE", "SREBRNOBRODZKIE",
)  # fmt: skip
_BEGINNINGS = (
    "Bobro", "Bociano", "Borsuko", "Brzozo", "Buko", "Chabro", "Chłodno", "Cicho", "Ciemno",
    "Ciso", "Czaplo", "Czyżo", "Dębo", "Dziko", "Gawro", "Gęsio", "Głogo", "Głucho", "Grabo",
    "Jaskro", "Jasno", "Jastrzębo", "Jaworo", "Jelenio", "Jesiono", "Kalino", "Klono", "Kraso",
    "Kruko", "Kuno", "Leszczyno", "Lipo", "Liso", "Łabędzio", "Łoso", "Malino", "Miedzo",
    "Mgło", "Modro", "Orło", "Osiko", "Paproto", "Piasko", "Pszczoło", "Rybo", "Ryso", "Siwo",
    "Słono", "Smoło", "Sokoło", "Sosno", "Sowo", "Srebrno", "Szaro", "Śnieżno", "Świerko",
    "Topolo", "Trzcino", "Turo", "Wiązo", "Wierzbo", "Wilczo", "Wiśnio", "Wrono", "Wrzoso",
    "Jodło", "Kawko", "Mako", "Perło", "Ptako", "Sarno", "Szczupako", "Tarnino", "Węglo", "Ziarno",
    "Żyto", "Zimno", "Złoto", "Żabio", "Żubro", "Żurawio",
)  # fmt: skip
#: Landscape -> beginning of its adjective; the last letter tells the gender.
_LANDSCAPES = {
    "bór": "bor", "bród": "brodz", "brzeg": "brze", "dół": "dol", "gaj": "gaj", "gród": "grodz",
    "jar": "jar", "kamień": "kamień", "las": "le", "młyn": "młyń", "most": "mostow",
    "ostrów": "ostrow", "potok": "potoc", "róg": "rogow", "staw": "staw", "stok": "stoc",
    "wąwóz": "wąwoz", "zdrój": "zdroj", "góra": "gór", "dolina": "doliń", "łąka": "łąc",
    "polana": "polań", "rzeka": "rzec", "skała": "skal", "struga": "stru", "woda": "wodz",
    "wola": "wol", "ruda": "rudz", "kępa": "kęp", "grzęda": "grzędz", "jezioro": "jezior",
    "pole": "pol", "źródło": "źródl",
}  # fmt: skip
_ADDED = ("Wielk", "Mał", "Now", "Star", "Górn", "Doln")
_SHARE_ADDED = 0.25
#: Part of gminy that bear the name of another one far away.
_SHARE_REPEATED = 0.08


@dataclass(frozen=True)
class PlaceName:
    """The name of a place and the adjective of its powiat.

    Examples
    --------
    >>> PlaceName("Sosnogóra", "sosnogórski").name
    'Sosnogóra'
    """

    name: str
    adjective: str


def draw_places(rng: np.random.Generator) -> list[PlaceName]:
    """Return all names in a random order: some two and a half thousand, each once."""
    pairs = [(one, other) for one in _BEGINNINGS for other in _LANDSCAPES]
    return [_place(*pairs[place]) for place in rng.permutation(len(pairs))]


def vary_names(rng: np.random.Generator, places: list[PlaceName]) -> list[str]:
    """Return the names of gminy: some with a word added, some borne by two."""
    names = [
        _added(place.name, _ADDED[rng.integers(len(_ADDED))])
        if rng.random() < _SHARE_ADDED
        else place.name
        for place in places
    ]
    for place in range(len(names)):
        if rng.random() < _SHARE_REPEATED:
            names[place] = names[rng.integers(len(names))]
    return names


def _place(beginning: str, landscape: str) -> PlaceName:
    adjective = f"{beginning.lower()}{_LANDSCAPES[landscape]}ski"
    # two sounds become one: brodz + ski is brodzki, potoc + ski is potocki
    adjective = adjective.replace("dzski", "dzki").replace("cski", "cki").replace("zski", "ski")
    return PlaceName(beginning + landscape, adjective)


def _added(name: str, word: str) -> str:
    """Add an adjective in the gender of the name."""
    if name.endswith("a"):
        return f"{name} {word}a"
    soft = word.endswith("k")
    if name.endswith(("o", "e")):
        return f"{name} {word}{'ie' if soft else 'e'}"
    return f"{name} {word}{'i' if soft else 'y'}"
