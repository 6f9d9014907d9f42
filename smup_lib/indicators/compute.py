"""Compute indicators for units and years, and keep what each value was made from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from smup_lib.errors import IndicatorError
from smup_lib.flags import FLAGS, NULL_FLAGS, NUMBER_FLAGS
from smup_lib.indicators.city_codes import (
    read_cities,
    with_other_codes,
    with_other_parts,
)
from smup_lib.indicators.doubts import list_doubts
from smup_lib.indicators.inputs import FLAG_CODE, Codes, Column, InputGrid, combined
from smup_lib.indicators.methods import METHODS
from smup_lib.indicators.selection import pick_shown
from smup_lib.teryt import CODE_LENGTH, is_city_code, level_of, write_levels
from smup_lib.units import list_related_codes, map_series

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Catalogue, Indicator, Level
    from smup_lib.snapshots import Snapshot
    from smup_lib.units import Register

VALUE_COLUMNS = (
    "unit_code",
    "year",
    "indicator",
    "value",
    "numerator",
    "denominator",
    "flag",
    "qualifiers",
    "decimals",
    "provenance",
    "source",
    "n_used",
    "n_flags",
    "recalculated_from",
    "parted_in",
)

_FLAG_WORDS = np.array(FLAGS, dtype=object)


def compute_values(
    indicators: Sequence[Indicator],
    snapshot: Snapshot,
    catalogue: Catalogue,
    level: Level,
    unit_codes: Iterable[str] | None = None,
    years: Iterable[int] | None = None,
    *,
    register: Register | None = None,
    as_of: int | None = None,
    either: bool = False,
) -> pd.DataFrame:
    """Compute indicators from a snapshot.

    Parameters
    ----------
    indicators : sequence of Indicator
        Those not defined at the level are an error.
    snapshot : Snapshot
        Where the observations are.
    catalogue : Catalogue
        Knows the precedence of sources.
    level : str
        ``gmina`` or ``powiat``; values of different levels are never mixed. A city with powiat
        rights is one unit with a code on each (see :mod:`smup_lib.indicators.city_codes`).
    unit_codes, years : iterable, optional
        All when omitted.
    register, as_of : Register and int, optional
        Recalculate inputs that may be added up to the territorial division of that year; the
        codes that were added stand in ``recalculated_from``, the event over which a value could
        not be carried in ``parted_in``. Ratios are never mapped, and none is made of inputs that
        stand on different territories.
    either : bool
        Compute all years of the units **and** all units of the years.

    Returns
    -------
    DataFrame
        Columns of :data:`VALUE_COLUMNS`. ``value`` is in the indicator's measure unit; ``flag`` is
        never empty; ``n_used`` counts the input cells that held a number and ``n_flags`` tells how
        many had which flag (``no_data=1 ok=2``). A unit without any input row has no row.

    Raises
    ------
    IndicatorError
        When an indicator is not defined at the level; all of them are named.
    """
    import pandas as pd

    wrong = [i.id for i in indicators if level not in i.levels]
    if wrong:
        raise IndicatorError(
            f"Wskaźników nie określono na szczeblu {write_levels([level])}: {', '.join(wrong)}.",
            expected="wskaźniki określone na tym szczeblu",
            next_step="szczeble wskaźnika pokaże: smup catalogue show ID",
        )
    wanted_years = None if years is None else sorted(set(years))
    observations = _load_inputs(
        indicators, snapshot, catalogue, level, unit_codes, wanted_years, register, as_of, either
    )
    grid = InputGrid(observations)
    parts = [_columns(indicator, grid) for indicator in indicators]
    if not parts:
        return pd.DataFrame(columns=list(VALUE_COLUMNS))
    values = _frame(
        {name: np.concatenate([part[name] for part in parts]) for name in VALUE_COLUMNS}
    )
    if wanted_years is not None and not either:
        values = values[values["year"].isin(wanted_years)].reset_index(drop=True)
    return values


def _load_inputs(
    indicators: Sequence[Indicator],
    snapshot: Snapshot,
    catalogue: Catalogue,
    level: Level,
    unit_codes: Iterable[str] | None,
    years: list[int] | None,
    register: Register | None,
    as_of: int | None,
    either: bool,
) -> pd.DataFrame:
    """Read what the formulas need, one row a cell, on the territory asked for."""
    codes = None if unit_codes is None else set(unit_codes)
    read_years = None if years is None else _years_read(indicators, years)

    variables = {v for i in indicators for v in i.variables_read}
    related = _with_related(codes, register)
    rows = snapshot.observations(
        with_other_parts(variables, catalogue),
        with_other_codes(related),
        read_years,
        level,
        either=either,
        cities=level in ("gmina", "powiat"),
    )
    digits = rows["unit_code"].str.len()

    def read(names: Collection[str], at: Level) -> pd.DataFrame:
        here = (digits == CODE_LENGTH.get(at, 2)) & rows["variable"].isin(names)
        return pick_shown(rows[here], catalogue)

    observations = read_cities(read(variables, level), read, catalogue, level, variables)
    if register is not None and as_of is not None:
        additive = {v.id for v in catalogue.variables.values() if v.additive}
        observations = map_series(observations, register, as_of, additive)
    if codes is None or either:
        return observations
    return observations[observations["unit_code"].isin(codes)]


def _with_related(codes: set[str] | None, register: Register | None) -> set[str] | None:
    """Return the codes and those that territorial changes join with them."""
    if codes is None or register is None:
        return codes
    return {related for code in codes for related in list_related_codes(register, code)}


def _years_read(indicators: Sequence[Indicator], years: list[int]) -> list[int]:
    """Return the years to read: a change looks one year back, an index at its base year."""
    read = set(years)
    for indicator in indicators:
        if indicator.method == "change":
            read |= {year - 1 for year in years}
        if indicator.base_year is not None:
            read.add(indicator.base_year)
    return sorted(read)


def compute_indicator(indicator: Indicator, observations: pd.DataFrame | InputGrid) -> pd.DataFrame:
    """Compute one indicator from observations, one row per unit and year.

    Parameters
    ----------
    indicator : Indicator
        What to compute.
    observations : DataFrame or InputGrid
        Observation contract, one row per unit, year and variable (see
        :func:`smup_lib.indicators.selection.pick_shown`).

    Returns
    -------
    DataFrame
        Columns of :data:`VALUE_COLUMNS`.
    """
    grid = observations if isinstance(observations, InputGrid) else InputGrid(observations)
    return _frame(_columns(indicator, grid))


def _frame(columns: Mapping[str, NDArray[Any]]) -> pd.DataFrame:
    """Return columns as a frame; texts stay Python strings, which are cheap to walk over."""
    import pandas as pd

    return pd.DataFrame({name: pd.Series(c, dtype=c.dtype) for name, c in columns.items()})


def _columns(indicator: Indicator, grid: InputGrid) -> dict[str, NDArray[Any]]:
    """Return the columns of an indicator's values where any of its inputs has a row."""
    inputs = {name: grid.column(name) for name in indicator.inputs.variables}
    cells = list(inputs.values())
    rows = np.flatnonzero(np.any([cell.present for cell in cells], axis=0))
    base = _base_inputs(indicator, grid, inputs)
    cells += base.values()
    published = indicator.method == "published"
    if published:
        value = cells[0].value
        numerator = denominator = np.full(len(grid), np.nan)
    else:
        numerator, denominator = _sides(indicator, grid, inputs, base)
        method = METHODS[indicator.method]
        value = method(numerator, denominator, indicator.multiplier)
        value = np.where(_torn(cells), np.nan, value)
    flag = (
        cells[0].flag.copy() if published else _flags(indicator, inputs, cells, value, denominator)
    )
    outside = _outside(indicator, grid, rows, denominator)
    doubts = list_doubts(indicator, grid, value, numerator, denominator)
    flag[outside] = flag[doubts["across_break"]] = FLAG_CODE["not_applicable"]
    own_decimals = np.full(len(grid), float(indicator.decimals))
    found = {
        "unit_code": grid.unit_code,
        "year": grid.year,
        "indicator": np.full(len(grid), indicator.id, dtype=object),
        "value": np.where(flag >= len(NUMBER_FLAGS), np.nan, value),
        "numerator": numerator,
        "denominator": denominator,
        "flag": _FLAG_WORDS[flag],
        "qualifiers": _qualifiers(grid, cells, doubts),
        "decimals": cells[0].decimals if published else own_decimals,
        "provenance": np.full(len(grid), indicator.provenance, dtype=object),
        "source": _joined(grid, cells, "source", " "),
        "n_used": np.sum([~np.isnan(cell.value) for cell in cells], axis=0),
        "n_flags": _counted(cells),
        "recalculated_from": _joined(grid, cells, "recalculated_from", " "),
        "parted_in": _joined(grid, cells, "parted_in", " "),
    }
    return {name: column[rows] for name, column in found.items()}


def _base_inputs(
    indicator: Indicator, grid: InputGrid, inputs: Mapping[str, Column]
) -> dict[str, Column]:
    """Return the inputs of the year that a change or an index looks back at; else nothing."""
    if not indicator.looks_back:
        return {}
    year = grid.year - 1
    if indicator.base_year is not None:
        year = np.full(len(grid), indicator.base_year)
    place = grid.at(grid.unit_code, year)
    return {name: cell.moved(place) for name, cell in inputs.items()}


def _torn(cells: Sequence[Column]) -> NDArray[np.bool_]:
    """Tell where parts of one formula stand on different territories."""
    first = cells[0]
    torn = np.zeros(len(first.present), dtype=bool)
    for cell in cells[1:]:
        both = first.present & cell.present
        torn |= both & (cell.texts["parted_in"] != first.texts["parted_in"])
    return torn


def _sides(
    indicator: Indicator,
    grid: InputGrid,
    inputs: Mapping[str, Column],
    base: Mapping[str, Column],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return numerator and denominator; one null among summed inputs makes the sum null."""
    numerator = _numerator(indicator, grid, inputs)
    if base:
        return numerator, _numerator(indicator, grid, base)
    named = indicator.inputs
    return numerator, _difference(grid, inputs, named.denominator, named.denominator_minus)


def _numerator(
    indicator: Indicator, grid: InputGrid, inputs: Mapping[str, Column]
) -> NDArray[np.float64]:
    return _difference(grid, inputs, indicator.inputs.numerator, indicator.inputs.minus)


def _difference(
    grid: InputGrid, inputs: Mapping[str, Column], plus: tuple[str, ...], minus: tuple[str, ...]
) -> NDArray[np.float64]:
    total = _summed(grid, inputs, plus)
    return total - _summed(grid, inputs, minus) if minus else total


def _outside(
    indicator: Indicator,
    grid: InputGrid,
    rows: NDArray[np.int64],
    denominator: NDArray[np.float64],
) -> list[int]:
    """Return the rows of units without the indicator: of another kind, or with a deficit below.

    From a surplus that is a deficit nothing is repaid in any number of years.
    """
    deficit = denominator <= 0 if indicator.inputs.denominator_minus else np.zeros(len(grid))
    units = grid.unit_code[rows].tolist()
    limited = any(indicator.kinds_at(level) for level in indicator.levels)
    strangers = {unit for unit in set(units) if limited and not applies_to(indicator, unit)}
    return [
        row
        for row, unit in zip(rows.tolist(), units, strict=True)
        if deficit[row] or unit in strangers
    ]


def _summed(
    grid: InputGrid, inputs: Mapping[str, Column], names: tuple[str, ...]
) -> NDArray[np.float64]:
    if not names:
        return np.full(len(grid), np.nan)
    total: NDArray[np.float64] = np.sum([inputs[name].value for name in names], axis=0)
    return total


def _flags(
    indicator: Indicator,
    inputs: Mapping[str, Column],
    cells: Sequence[Column],
    value: NDArray[np.float64],
    denominator: NDArray[np.float64],
) -> Codes:
    """Return the reason of each null, or how the number is to be read."""
    flags = np.stack([cell.flag for cell in cells])
    conditions = [(flags == FLAG_CODE[reason]).any(axis=0) for reason in NULL_FLAGS]
    choices = [FLAG_CODE[reason] for reason in NULL_FLAGS]
    if indicator.method != "amount":
        conditions.append(denominator == 0)
        choices.append(FLAG_CODE["zero_denominator"])
    counted = np.stack([inputs[name].flag for name in indicator.inputs.numerator])
    conditions += [
        np.isnan(value),
        _below_format(indicator, flags, counted, value),
        (counted == FLAG_CODE["true_zero"]).all(axis=0) & (value == 0),
    ]
    choices += [FLAG_CODE["no_data"], FLAG_CODE["below_format"], FLAG_CODE["true_zero"]]
    return np.select(conditions, choices, default=FLAG_CODE["ok"])


def _below_format(
    indicator: Indicator, flags: Codes, counted: Codes, value: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Tell which values are too small to be written, rather than made of one such part.

    A sum of 500 and of something below the format is 500, not "less than the format".
    """
    below = FLAG_CODE["below_format"]
    alone = len(counted) == 1 and not indicator.inputs.minus
    vanishes = np.round(value, indicator.decimals) == 0
    told: NDArray[np.bool_] = (flags == below).any(axis=0) & vanishes
    return told | (counted[0] == below) if alone else told


def _qualifiers(
    grid: InputGrid, cells: Sequence[Column], doubts: Mapping[str, NDArray[np.bool_]]
) -> NDArray[Any]:
    rows, which = combined(
        [*(c.texts["qualifiers"] for c in cells), *(d.astype("int64") for d in doubts.values())]
    )
    words = grid.words["qualifiers"]
    told = []
    for row in rows:
        codes, doubted = row[: len(cells)], row[len(cells) :]
        named = {word for code in codes for word in words[code].split(",") if word}
        named |= {name for name, holds in zip(doubts, doubted, strict=True) if holds}
        told.append(",".join(sorted(named)))
    return np.array(told, dtype=object)[which]


def _joined(grid: InputGrid, cells: Sequence[Column], text: str, glue: str) -> NDArray[Any]:
    rows, which = combined([cell.texts[text] for cell in cells])
    words = grid.words[text]
    # a mapped cell may itself name several sources
    told = [
        glue.join(sorted({w for code in row for w in words[code].split(glue) if w})) for row in rows
    ]
    return np.array(told, dtype=object)[which]


def _counted(cells: Sequence[Column]) -> NDArray[Any]:
    """Say how many inputs have which flag: ``no_data=1 ok=2``."""
    rows, which = combined([cell.flag for cell in cells])
    told = []
    for row in rows:
        flags = [FLAGS[code] for code in row]
        told.append(" ".join(f"{flag}={flags.count(flag)}" for flag in sorted(set(flags))))
    return np.array(told, dtype=object)[which]


def applies_to(indicator: Indicator, unit_code: str) -> bool:
    """Return whether the indicator has a sense for this unit.

    Only cities with powiat rights and land powiaty differ by code alone; kinds of gminy are dated
    and decided where a register is at hand.

    Examples
    --------
    >>> from smup_lib.catalogue import load_catalogue
    >>> indicator = load_catalogue().indicator("expenditure_per_capita")
    >>> applies_to(indicator, "1201"), applies_to(indicator, "1261")
    (True, False)
    """
    kinds = set(indicator.kinds_at(level_of(unit_code)))
    if not kinds or not kinds & {"land_powiat", "city_with_powiat_rights"}:
        return True
    if is_city_code(unit_code):
        return "city_with_powiat_rights" in kinds
    return bool(kinds - {"city_with_powiat_rights"})
