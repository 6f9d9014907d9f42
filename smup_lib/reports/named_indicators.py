"""Which indicators of an area are meant by the names that a notebook gives?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from smup_lib.catalogue import Catalogue, Indicator, ServiceArea
from smup_lib.errors import IndicatorError, did_you_mean
from smup_lib.polish_text import in_sentence
from smup_lib.present.chart_base import MissingData
from smup_lib.present.display import Display
from smup_lib.present.figure import missing_box
from smup_lib.teryt import write_levels
from smup_lib.units import Unit

if TYPE_CHECKING:
    from smup_lib.conclude import AreaAssessment, IndicatorAssessment


def check_named(area: ServiceArea, indicator_ids: Iterable[str]) -> dict[str, Indicator]:
    """Return the named indicators of an area by id.

    Raises
    ------
    IndicatorError
        With every name that the area does not have, and what may have been meant.
    """
    known = {indicator.id: indicator for indicator in area.indicators}
    named = tuple(dict.fromkeys(indicator_ids))
    hints = {name: did_you_mean(name, known) for name in named if name not in known}
    told = [f"„{name}”{'; ' + hint if hint else ''}" for name, hint in hints.items()]
    if told:
        one = f"wskaźnika {told[0]}" if len(told) == 1 else "kilku z podanych wskaźników"
        raise IndicatorError(
            f"Obszar „{area.name}” nie ma {one}.",
            problems=told if len(told) > 1 else (),
            expected=", ".join(sorted(known)),
            next_step=f"wskaźniki obszaru pokaże: smup catalogue list {area.id}",
        )
    return {name: known[name] for name in named}


def choose_named(assessment: AreaAssessment, indicator_ids: Iterable[str]) -> IndicatorAssessment:
    """Return the first of the named indicators that has a value, else the first at the level.

    A notebook names a published and a computed one, or one for each level.

    Raises
    ------
    IndicatorError
        When a name is unknown, or the level of the unit has none of them.
    """
    named = check_named(assessment.area, indicator_ids)
    by_id = {item.indicator.id: item for item in assessment.indicators}
    here = [by_id[name] for name in named if name in by_id]
    if not here:
        raise IndicatorError(
            f"Na tym szczeblu nie ma żadnego ze wskaźników: {', '.join(named)}.",
            expected=", ".join(by_id),
            next_step="wybierz jeden z wymienionych albo jednostkę innego szczebla",
        )
    return next((item for item in here if item.status == "shown"), here[0])


def list_pairs(
    area: ServiceArea, x: str | list[str], y: str | list[str]
) -> list[tuple[Indicator, Indicator]]:
    """Return the pairs that two names, or two lists of names, mean.

    Parameters
    ----------
    area : ServiceArea
        Whose indicators.
    x, y : str or list of str
        Ids; lists are paired by place, a single name stands beside each of the other list.

    Raises
    ------
    IndicatorError
        When a name is unknown, or two lists differ in length.

    Examples
    --------
    >>> from smup_lib.catalogue import load_catalogue
    >>> area = load_catalogue().area("education")
    >>> pairs = list_pairs(area, ["primary_class_size", "primary_exam_mean"],
    ...                    "primary_cost_per_pupil")
    >>> [(a.id, b.id) for a, b in pairs][1]
    ('primary_exam_mean', 'primary_cost_per_pupil')
    """
    across, up = ([names] if isinstance(names, str) else names for names in (x, y))
    known = check_named(area, [*across, *up])
    longest = max(len(across), len(up))
    across, up = (names * longest if len(names) == 1 else names for names in (across, up))
    if len(across) != len(up):
        raise IndicatorError(
            "Z tych list nie da się ułożyć par wskaźników.",
            expected=f"tyle samo nazw w obu listach albo jedna nazwa w którejś z nich; "
            f"jest {len(across)} i {len(up)}",
            next_step="popraw listy: pary powstają z nazw stojących na tych samych miejscach",
        )
    return [(known[a], known[b]) for a, b in zip(across, up, strict=True)]


def tell_shared(catalogue: Catalogue, across: Indicator, up: Indicator) -> list[str]:
    """Say which numbers two indicators share: dividing by the same one ties them by itself.

    Examples
    --------
    >>> from smup_lib.catalogue import load_catalogue
    >>> catalogue = load_catalogue()
    >>> pair = map(catalogue.indicator, ("primary_class_size", "primary_cost_per_pupil"))
    >>> tell_shared(catalogue, *pair)[0][:33]
    'Oba wskaźniki mają wspólną liczbę'
    """
    common = set(across.inputs.variables) & set(up.inputs.variables)
    if not common:
        return []
    labels = sorted(in_sentence(catalogue.variable(name).label) for name in common)
    return [
        f"Oba wskaźniki mają wspólną liczbę ({'; '.join(labels)}): "
        "część ich związku wynika z samego rachunku."
    ]


def show_no_pair(across: Indicator, up: Indicator, unit: Unit) -> Display:
    """Say in a box why the unit's level has no such pair, and which has."""
    levels = set(across.levels) & set(up.levels)
    told = write_levels(levels) if levels else "żadnym wspólnym"
    missing = MissingData(
        what=f"{up.name} obok: {across.name}",
        reason=f"te wskaźniki są razem liczone tylko na szczeblu: {told}",
        next_step="otwórz ten sam raport dla jednostki tego szczebla" if levels else "",
    )
    title = f"{up.short_name} obok: {across.short_name}"
    text = f"{title}: brak na szczeblu {write_levels([unit.level])}"
    return Display(missing_box(title, missing), text)


def show_elsewhere(one: Indicator, unit: Unit) -> Display:
    """Say in a box that the unit's level does not have the indicator, and which has."""
    missing = MissingData(
        what=one.name,
        reason=f"ten wskaźnik jest liczony tylko na szczeblu: {write_levels(one.levels)}",
        next_step="otwórz ten sam raport dla jednostki tego szczebla",
    )
    text = f"{one.short_name}: brak na szczeblu {write_levels([unit.level])}"
    return Display(missing_box(one.short_name, missing), text)


def show_unranked(item: Indicator) -> Display:
    """Say in a box why background is not put in order of value."""
    missing = MissingData(
        what=item.name,
        reason="to tło, a nie wynik usługi: takich wskaźników nie układamy w kolejności",
        next_step="wartość i rozkład w grupie pokazuje karta wskaźnika",
        incomparable=True,
    )
    return Display(missing_box(item.short_name, missing), f"{item.short_name}: bez kolejności")
