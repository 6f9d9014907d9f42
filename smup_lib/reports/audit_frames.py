"""How does counted availability read as tables: by year, by input, by indicator, by area?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from smup_lib.present.audit_words import GAPS, gap_remedy, gap_words
from smup_lib.teryt import LEVEL_NAME
from smup_lib.years import format_years

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Catalogue, Indicator, ServiceArea

YEAR_COLUMNS = (
    *("area", "service", "dimension", "indicator", "name", "level", "year", "units", "values"),
    *("share", "gap", "gap_units", "variables", "reason", "remedy"),
)
GAP_COLUMNS = (
    *("variable", "label", "holder", "level", "level_name", "gap", "reason", "years"),
    *("indicators", "cells", "remedy"),
)
INDICATOR_COLUMNS = (
    *("area", "indicator", "name", "level", "level_name", "years", "newest", "newest_values"),
    *("newest_units", "share", "reason", "defined"),
)
AREA_COLUMNS = (
    *("area", "area_name", "level", "level_name", "indicators", "with_any", "newest", "full"),
    "share",
)
_Row: TypeAlias = Mapping[Any, Any]
_GAP_ORDER = {gap: place for place, gap in enumerate(GAPS)}


def year_frame(
    indicators: Sequence[Indicator],
    counts: pd.DataFrame,
    gaps: pd.DataFrame,
    catalogue: Catalogue,
    announced: int = 0,
) -> pd.DataFrame:
    """Return a row an indicator, level and year: units, values, the main gap and its remedy.

    Parameters
    ----------
    indicators : sequence of Indicator
        In the order of the rows.
    counts, gaps : DataFrame
        As :func:`smup_lib.indicators.availability.compute_availability` returns them.
    catalogue : Catalogue
        Knows the variables.
    announced : int
        The last year whose values must have been announced by now.

    Returns
    -------
    DataFrame
        Columns of :data:`YEAR_COLUMNS`; ``share`` is in percent.
    """
    import pandas as pd

    named = pd.DataFrame(
        [(i.id, i.area, i.service or "", i.dimension or "", i.name) for i in indicators],
        columns=["indicator", "area", "service", "dimension", "name"],
    )
    main = _main_gaps(gaps).rename(columns={"units": "gap_units"})
    keys = ["indicator", "level", "year"]
    frame = counts.astype({"year": "Int16"}).merge(main, on=keys, how="left")
    undefined = main[main["year"].isna()].assign(units=0, values=0)
    frame = pd.concat([frame, undefined], ignore_index=True)
    frame = named.merge(frame, on="indicator", how="inner")
    frame["share"] = _share(frame["values"], frame["units"])
    frame = frame.fillna({"gap": "", "variables": "", "gap_units": 0})
    frame = frame.astype({"gap_units": "int64", "units": "int64", "values": "int64"})
    frame["reason"] = frame["gap"].map(gap_words)
    frame["remedy"] = _remedies(frame, catalogue, announced)
    return frame[list(YEAR_COLUMNS)]


def gap_frame(gaps: pd.DataFrame, catalogue: Catalogue, announced: int = 0) -> pd.DataFrame:
    """Return a row an input, level and reason; what most indicators wait for stands first.

    Returns
    -------
    DataFrame
        Columns of :data:`GAP_COLUMNS`; ``cells`` counts the values that are missing.
    """
    import pandas as pd

    rows = gaps[gaps["variables"] != ""]
    rows = rows.assign(variable=rows["variables"].str.split()).explode("variable")
    groups = rows.groupby(["variable", "level", "gap"], sort=False)
    told = [_gap_row(catalogue, [str(key) for key in keys], own, announced) for keys, own in groups]
    found = pd.DataFrame(told, columns=list(GAP_COLUMNS))
    order = ["indicators", "cells", "variable", "level"]
    found = found.sort_values(order, ascending=[False, False, True, True], kind="stable")
    return found.reset_index(drop=True)


def _gap_row(
    catalogue: Catalogue, keys: Sequence[str], own: pd.DataFrame, announced: int
) -> tuple[Any, ...]:
    name, level, gap = keys
    variable = catalogue.variables[name]
    late = bool((own["year"] <= announced).any())
    remedy = gap_remedy(gap, variable, level, announced=late)
    return (
        *(name, variable.label, variable.holder, level, LEVEL_NAME[level], gap, gap_words(gap)),
        *(format_years(map(int, own["year"])), own["indicator"].nunique()),
        *(int(own["units"].sum()), remedy),
    )


def indicator_frame(yearly: pd.DataFrame) -> pd.DataFrame:
    """Return a row an indicator and level: years with values, the newest, reasons of gaps.

    Returns
    -------
    DataFrame
        Columns of :data:`INDICATOR_COLUMNS`; ``share`` is the percent of all cells of units and
        years, ``defined`` tells whether the indicator stands at the level at all.
    """
    import pandas as pd

    # plain rows: a frame for each of a thousand groups would take seconds
    groups: dict[tuple[str, str, str], list[_Row]] = {}
    for row in yearly.astype({"year": "float64"}).to_dict("records"):
        groups.setdefault((row["area"], row["indicator"], row["level"]), []).append(row)
    rows = [_indicator_row(keys, own) for keys, own in groups.items()]
    numbers = dict.fromkeys(("newest", "newest_values", "newest_units", "share"), "float64")
    return pd.DataFrame(rows, columns=list(INDICATOR_COLUMNS)).astype(numbers)


def _indicator_row(keys: tuple[str, str, str], own: Sequence[_Row]) -> tuple[Any, ...]:
    area, indicator, level = keys
    told = sorted((row for row in own if row["values"] > 0), key=itemgetter("year"))
    last = told[-1] if told else dict.fromkeys(("year", "values", "units"))
    return (
        *(area, indicator, own[0]["name"], level, LEVEL_NAME[level]),
        format_years(int(row["year"]) for row in told) or "–",
        *(last["year"], last["values"], last["units"]),
        _share_of(sum(row["values"] for row in own), sum(row["units"] for row in own)),
        _said([row for row in own if row["gap"]]),
        any(_has_year(row) for row in own),
    )


def area_frame(yearly: pd.DataFrame, areas: Sequence[ServiceArea]) -> pd.DataFrame:
    """Return a row an area and level.

    Returns
    -------
    DataFrame
        Columns of :data:`AREA_COLUMNS`; ``full`` counts the indicators that all units have in
        ``newest``, the last year with any value.
    """
    import pandas as pd

    names: dict[str, str] = {area.id: area.name for area in areas}
    rows = []
    defined = yearly[yearly["year"].notna()]
    for (area, level), own in defined.groupby(["area", "level"], sort=False):
        told = own[own["values"] > 0]
        newest = None if told.empty else int(told["year"].max())
        last = told[told["year"] == newest] if newest else told
        rows.append(
            (
                *(area, names[str(area)], level, LEVEL_NAME[str(level)]),
                *(own["indicator"].nunique(), told["indicator"].nunique(), newest),
                *(
                    int((last["values"] >= last["units"]).sum()),
                    _share_of(int(own["values"].sum()), int(own["units"].sum())),
                ),
            )
        )
    frame = pd.DataFrame(rows, columns=list(AREA_COLUMNS))
    order = frame["area"].map(list(names).index) * len(LEVEL_NAME)
    frame = frame.loc[(order + frame["level"].map(list(LEVEL_NAME).index)).sort_values().index]
    return frame.reset_index(drop=True).astype({"newest": "float64", "share": "float64"})


def _main_gaps(gaps: pd.DataFrame) -> pd.DataFrame:
    """Return, of each indicator, level and year, the reason that most units share."""
    order = gaps.assign(_order=gaps["gap"].map(_GAP_ORDER))
    order = order.sort_values(["units", "_order"], ascending=[False, True], kind="stable")
    return order.drop_duplicates(["indicator", "level", "year"]).drop(columns="_order")


def _remedies(frame: pd.DataFrame, catalogue: Catalogue, announced: int) -> list[str]:
    """Return what would fill the gap of each row; all inputs that are missing at once."""
    late = (frame["year"] <= announced).fillna(False).astype(bool)
    rows = list(zip(frame["gap"], frame["variables"], frame["level"], late, strict=True))
    known = {}
    for gap, variables, level, old in set(rows):
        inputs = [catalogue.variables[name] for name in variables.split()]
        told = [gap_remedy(gap, v, level, announced=old) for v in inputs or (None,)]
        known[gap, variables, level, old] = "; ".join(dict.fromkeys(told))
    return [known[row] for row in rows]


def _share(values: pd.Series, units: pd.Series) -> pd.Series:
    return 100 * values / units.where(units > 0)


def _share_of(values: int, units: int) -> float | None:
    return 100 * values / units if units else None


def _has_year(row: _Row) -> bool:
    """Tell whether a row is of a year: a level without the indicator has one row without."""
    return not math.isnan(row["year"])


def _said(absent: Sequence[_Row]) -> str:
    """Name the reasons of an indicator's gaps, each with its years."""
    years_of: dict[str, list[int]] = {}
    for row in absent:
        years_of.setdefault(row["gap"], []).extend([int(row["year"])] if _has_year(row) else [])
    told = {gap: format_years(years) for gap, years in years_of.items()}
    return "; ".join(
        f"{gap_words(gap)} ({years})" if years else gap_words(gap) for gap, years in told.items()
    )
