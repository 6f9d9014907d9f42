"""Why has a report no value at all, and what would fill it?"""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable

from smup_lib.catalogue import ServiceArea, Variable
from smup_lib.errors import NoDataError
from smup_lib.indicators.compute import applies_to
from smup_lib.present.audit_words import gap_remedy
from smup_lib.problems import Problems
from smup_lib.reports.known_years import choose_year, compute_own, list_years
from smup_lib.reports.lacking import LackingInput, list_lacking
from smup_lib.reports.loading import Workspace
from smup_lib.teryt import city_gmina_code, is_city_code, write_levels
from smup_lib.units import Unit

_MOST_HOLDERS = 5
#: Further indicators lack the same few inputs.
_MOST_NAMED = 5


def explain_no_values(
    workspace: Workspace, area: ServiceArea | None, unit: Unit, year: int, notebook: str
) -> str:
    """Say in Polish why a report has no value and what can be done.

    Parameters
    ----------
    workspace : Workspace
        The data that know nothing of the unit in the area.
    area : ServiceArea or None
        None means all areas together.
    unit, year : Unit, int
        Whose report, of which year.
    notebook : str
        What ``smup report run`` calls it.

    Returns
    -------
    str
        Several lines, like an error: what, what would be needed, what to do.
    """
    about = f" w obszarze „{area.name}”" if area else ""
    lacking = list_lacking(compute_own(workspace, area, unit), workspace.catalogue)
    told = _other_command(workspace, area, unit, year, notebook)
    next_step = "; ".join([*([told] if told else []), *_remedies(workspace, area, unit, lacking)])
    if lacking:
        holders = dict.fromkeys(v.holder for one in lacking for v in one.lacks)
        return str(
            NoDataError(
                f"Raport nie zawiera żadnej wartości: o jednostce {unit.label} wczytano{about} "
                "tylko część danych, z których powstają wskaźniki.",
                problems=[
                    f"{one.indicator.name}: {one.said(unit.level)}" for one in lacking[:_MOST_NAMED]
                ],
                expected=f"brakujące zmienne za te same lata; mają je: {', '.join(holders)}",
                next_step=next_step,
            )
        )
    return str(
        NoDataError(
            f"Raport nie zawiera żadnej wartości: wczytane dane nie mają{about} niczego "
            f"o jednostce {unit.label}, za żaden rok.",
            expected=f"dane szczebla {write_levels([unit.level])}; mają je: "
            f"{_holders(workspace, area, unit)}",
            next_step=next_step,
        )
    )


def _remedies(
    workspace: Workspace, area: ServiceArea | None, unit: Unit, lacking: Iterable[LackingInput]
) -> list[str]:
    """Return the commands that would bring what lacks; else what most indicators are made of."""
    lacks = [variable for one in lacking for variable in one.lacks]
    return list_remedies(lacks or _inputs(workspace, area, unit), unit.level)


def list_remedies(variables: Iterable[Variable], level: str) -> list[str]:
    """Return the first few commands that bring variables at a level, each once."""
    told = (gap_remedy("not_loaded", variable, level) for variable in variables)
    return [*dict.fromkeys(told)][:_MOST_NAMED]


def _holders(workspace: Workspace, area: ServiceArea | None, unit: Unit) -> str:
    """Name who has the data, first who has most; the report lists which."""
    counts = Counter(variable.holder for variable in _inputs(workspace, area, unit))
    named = [holder for holder, _ in counts.most_common(_MOST_HOLDERS)]
    rest = " i inni" if len(counts) > len(named) else ""
    return f"{', '.join(named)}{rest}; szczegóły w raporcie: „Czego nie wiemy”"


def _inputs(workspace: Workspace, area: ServiceArea | None, unit: Unit) -> list[Variable]:
    """Return what the indicators of a unit are made of, first what most of them need."""
    catalogue = workspace.catalogue
    areas = catalogue.areas.values() if area is None else [area]
    needed = Counter(
        name
        for one in areas
        for indicator in one.indicators
        if unit.level in indicator.levels and applies_to(indicator, unit.code)
        for name in indicator.inputs.variables
    )
    return [catalogue.variables[name] for name, _ in needed.most_common()]


def _other_command(
    workspace: Workspace, area: ServiceArea | None, unit: Unit, year: int, notebook: str
) -> str:
    """Return where the same place has values at the other level, with the command; or nothing."""
    if unit.level == "gmina":
        code = unit.code[:4]
    elif is_city_code(unit.code):
        code = city_gmina_code(unit.code)
    else:
        return ""
    other = Problems().attempt(lambda: workspace.unit(code, year=year))
    years = list_years(workspace, area, other) if other else {}
    if other is None or not years:
        return ""
    told_year = year if year in years else choose_year(years)
    words = ["smup", "report", "run", notebook, "--unit", code, "--year", str(told_year)]
    where = f"pod kodem {'powiatu' if other.level == 'powiat' else 'gminy'} {code}"
    said = (
        f"dane tego miasta na prawach powiatu stoją {where}"
        if is_city_code(unit.code)
        else f"wartości ma {other.label}"
    )
    return f"{said}: {shlex.join(words)}"
