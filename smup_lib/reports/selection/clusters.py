"""Where on a map do like values lie together, and which units stand out from their neighbours?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smup_lib.compare import Contiguity, compare_neighbourhood, read_neighbourhood
from smup_lib.present.map_classes import MapClasses
from smup_lib.reports.loading import Workspace

if TYPE_CHECKING:
    import pandas as pd

#: Orders that are tried: enough for powiaty, a few seconds of all gminy.
_PERMUTATIONS = 1_999
_ALIKE = "nie odróżnia się od przypadku"
#: By quadrant: the token of the colour, in which no judgement lies, and the words.
_SORTS: Mapping[str, tuple[str, str]] = {
    "niska wśród niskich": ("sequence-1", "niska wśród niskich"),
    "niska wśród wysokich": ("unit", "niska wśród wysokich"),
    "wysoka wśród niskich": ("neighbour", "wysoka wśród niskich"),
    "wysoka wśród wysokich": ("sequence-5", "wysoka wśród wysokich"),
}


#: How a map of clusters is read, under "Jak to czytać?".
READING = (
    "Kolor mówi, jak wartość jednostki ma się do wartości jej sąsiadów: wysoka albo niska, wśród "
    "wysokich albo niskich. Pokolorowane są tylko te jednostki, u których nie tłumaczy tego "
    "przypadek, także gdy zważy się, że sprawdzono wszystkie. Nic tu nie jest dobre ani złe."
)


@dataclass(frozen=True)
class Clusters:
    """Local autocorrelation of a map.

    Attributes
    ----------
    classes : MapClasses
        One for units that do not stand out and one for each quadrant; without bounds.
    places : dict of str to int
        The class of each unit by its code; who could not be tested has none.
    sentences : tuple of str
        What can be said in Polish, or why nothing can.
    found : int
        Units that stand out when all tests are allowed for.
    """

    classes: MapClasses
    places: dict[str, int]
    sentences: tuple[str, ...]
    found: int

    @property
    def sorts(self) -> dict[str, str]:
        """What the map says of each unit that could be tested, by its code."""
        return {code: self.classes.labels[place] for code, place in self.places.items()}


def find_clusters(workspace: Workspace, values: pd.DataFrame, level: str) -> Clusters:
    """Find where like values lie together, all tests allowed for (M19).

    Parameters
    ----------
    workspace : Workspace
        Its snapshot has the outlines, or at least the borders.
    values : DataFrame
        ``unit_code, value, flag`` of one indicator and year; all units of the level.
    level : {"gmina", "powiat"}
        Of these units.
    """
    codes = values["unit_code"].tolist()
    outlines = workspace.snapshot.table("outlines")
    outlines = outlines[outlines["level"] == level]
    touching = (
        Contiguity.of_outlines(outlines, codes)
        if len(outlines)
        else Contiguity.of_borders(workspace.snapshot.table("borders"), codes)
    )
    pattern = compare_neighbourhood(values, touching, permutations=_PERMUTATIONS)
    if pattern.reason:
        why = f"Skupisk nie można szukać: {pattern.reason}."
        return Clusters(MapClasses((), (), ()), {}, (why,), 0)
    sorts = tuple(_SORTS)
    places = {
        str(row["unit_code"]): 1 + sorts.index(row["quadrant"]) if row["stands_out"] else 0
        for row in pattern.rows.to_dict("records")
        if row["quadrant"]
    }
    found = sum(place > 0 for place in places.values())
    reading = read_neighbourhood(pattern)
    none = () if found else ("Żadna jednostka nie wyróżnia się wyraźnie wśród sąsiadów.",)
    told = (reading.template,) if reading is not None else ()
    return Clusters(_classes(), places, (*told, *none, *pattern.warnings), found)


def _classes() -> MapClasses:
    colours, labels = zip(*_SORTS.values(), strict=True)
    return MapClasses((), ("band", *colours), (_ALIKE, *labels))
