"""Carry values across territorial changes: sums where they are exact, marks where they are not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from smup_lib.catalogue.history import ChangeDay, ChangeMove, TerritorialHistory
from smup_lib.flags import NULL_FLAGS, NUMBER_FLAGS
from smup_lib.units.changes import history_of
from smup_lib.units.register import Register

if TYPE_CHECKING:
    import pandas as pd

#: Where more than this part of a sum rests on estimated weights it is not made (M21).
LARGEST_ESTIMATED_PART = 0.20


@dataclass
class _Cell:
    """One value on its way to the territory of another year."""

    value: float | None
    flag: str
    qualifiers: frozenset[str]
    decimals: Any
    codes: tuple[str, ...]
    sources: frozenset[str]
    recalculated: bool = False
    parted_in: int | None = None


#: A code, its value, the part of it that is taken, and what the weight rests on.
_Part: TypeAlias = "tuple[str, _Cell | None, float, str]"
#: Weights that are known, not estimated.
_EXACT = ("", "exact")


def map_series(
    frame: pd.DataFrame,
    changes: TerritorialHistory | Register | pd.DataFrame,
    to_year: int,
    additive: Collection[str] | None = None,
    *,
    largest_estimated_part: float = LARGEST_ESTIMATED_PART,
) -> pd.DataFrame:
    """Recalculate observations to the territorial division at the end of one year.

    Older values are added up by the weights of the events; newer ones are only ever summed back.
    Where neither is possible, or more than ``largest_estimated_part`` of a sum would rest on
    estimated weights, the value stays under its own code with the qualifier
    ``territorial_break``: no line may be drawn across it. Ratios are never mapped: map numerator
    and denominator and divide again.

    Parameters
    ----------
    frame : DataFrame
        Columns of the observations, with **all** units that the events join (see
        :func:`list_related_codes`): a sum with a unit missing is null with the qualifier
        ``incomplete``.
    changes : Register, TerritorialHistory or DataFrame
        Where the events are.
    to_year : int
        Year whose division is wanted.
    additive : collection of str, optional
        Variables that may be added up; all when omitted. Others are mapped only where a territory
        changed nothing but its code.
    largest_estimated_part : float
        Where more than this part of a sum rests on estimated weights it is not made.

    Returns
    -------
    DataFrame
        The columns of ``frame`` and ``recalculated`` (bool), ``recalculated_from`` (codes joined
        by ``+``) and ``parted_in`` (year of the event over which the value could not be carried,
        empty when it could): two values stand on one territory when these are equal.
        Values estimated by area or population have the qualifier ``estimated_weights``.
        A sum over several sources names them all in ``source``, sorted, with spaces between.

    References
    ----------
    domain.md, section 8.

    Examples
    --------
    >>> import pandas as pd
    >>> from smup_lib.catalogue.changes import changes_frame
    >>> from smup_lib.snapshots.observations import as_observations
    >>> frame = as_observations({"unit_code": ["086201", "080910"], "year": [2014, 2014],
    ...     "variable": ["population"] * 2, "value": [100.0, 20.0], "source": ["test@0"] * 2})
    >>> map_series(frame, changes_frame(), 2020)[["unit_code", "value", "recalculated_from"]]
      unit_code  value recalculated_from
    0    086201  120.0     080910+086201
    """
    import pandas as pd

    history = history_of(changes)
    affected = _is_affected(frame, history, to_year)
    kept = frame[~affected].assign(recalculated=False, recalculated_from="", parted_in="")
    keys = _group_keys(frame[affected])
    together: dict[tuple[Any, ...], dict[str, _Cell]] = {}
    for row in frame[affected].to_dict("records"):
        cells = together.setdefault(tuple(row[key] for key in keys), {})
        cells[row["unit_code"]] = _read_cell(row)
    rows: list[dict[str, Any]] = []
    for key, cells in together.items():
        values: dict[str, Any] = dict(zip(keys, key, strict=True))
        summed = additive is None or values["variable"] in additive
        most = largest_estimated_part if summed else None
        mapped = _map_cells(cells, history, int(values["year"]), to_year, most)
        rows.extend({"unit_code": c} | values | _written(cell) for c, cell in mapped.items())
    if not rows:
        return kept.reset_index(drop=True)
    changed = pd.DataFrame(rows).reindex(columns=list(kept.columns))
    for name in frame.columns:
        is_category = isinstance(kept[name].dtype, pd.CategoricalDtype)
        kept[name] = kept[name].astype("str") if is_category else kept[name]
        changed[name] = changed[name].astype(kept[name].dtype)
    joined = pd.concat([kept, changed], ignore_index=True)
    return joined.sort_values(["variable", "unit_code", "year", "source"], ignore_index=True)


def _group_keys(affected: pd.DataFrame) -> list[str]:
    """Return what tells one set of cells from another.

    A city from one source and a gmina from another are added; where one unit has the same cell
    from several sources, nobody has picked yet, and each source stays for itself.
    """
    keys = ["variable", "definition_version", "year"]
    several = affected.duplicated(["unit_code", *keys]).any()
    return [*keys, "source"] if several else keys


def _is_affected(frame: pd.DataFrame, history: TerritorialHistory, to_year: int) -> pd.Series:
    """Tell which rows stand on the other side of an event of their unit than the wanted year."""
    import pandas as pd

    touched: dict[str, list[int]] = {}
    for day in history.days:
        for code in {*day.sources, *day.targets}:
            touched.setdefault(code, []).append(day.year)
    candidates = frame["unit_code"].isin(list(touched)).to_numpy().nonzero()[0].tolist()
    codes = frame["unit_code"].iloc[candidates].tolist()
    years = frame["year"].iloc[candidates].tolist()
    affected = pd.Series(False, index=frame.index)
    affected.iloc[
        [
            place
            for place, code, year in zip(candidates, codes, years, strict=True)
            if any(min(year, to_year) < event <= max(year, to_year) for event in touched[code])
        ]
    ] = True
    return affected


def _map_cells(
    cells: dict[str, _Cell],
    history: TerritorialHistory,
    year: int,
    to_year: int,
    most_estimated: float | None,
) -> dict[str, _Cell]:
    """Carry the values of one variable and year over all changes to another year.

    ``most_estimated`` is None of what may not be added up.
    """
    if year <= to_year:
        for day in history.days_between(year, to_year):
            cells = _step(cells, day, day.sources, day.targets, day.can_map_forward, most_estimated)
    else:
        for day in reversed(history.days_between(to_year, year)):
            cells = _step(
                cells, day, day.targets, day.sources, day.can_map_backward, most_estimated
            )
    return cells


def _step(
    cells: dict[str, _Cell],
    day: ChangeDay,
    results: Mapping[str, Sequence[ChangeMove]],
    origins: Mapping[str, Sequence[ChangeMove]],
    can_map: Callable[[str], bool],
    most_estimated: float | None,
) -> dict[str, _Cell]:
    """Cross one day of change, forward or backward: ``origins`` are what the cells are now."""
    forward = results is day.sources
    after = {code: cell for code, cell in cells.items() if code not in origins}
    done: set[str] = set()
    parts_of = {
        code: [_part(move, cells, forward) for move in moves] for code, moves in results.items()
    }
    refused = {
        code
        for code, parts in parts_of.items()
        if not can_map(code)
        or (most_estimated is None and not _is_renamed(results[code]))
        or _estimated_part(parts) > (most_estimated or 0.0)
    }
    kept = parts_of.keys() - _all_who_share(refused, parts_of)
    for code in sorted(kept):
        parts = parts_of[code]
        shares = [origin for origin, *_ in parts]
        done.update(shares)
        if any(origin in cells for origin in shares):
            after[code] = _add_up(parts, unchanged=shares == [code])
    for code in origins:
        if code in cells and code not in done:
            after[code] = _parted(cells[code], day.year)
    return after


def _part(move: ChangeMove, cells: Mapping[str, _Cell], forward: bool) -> _Part:
    if forward:
        return move.from_code, cells.get(move.from_code), move.weight or 0.0, move.basis
    return move.to_code, cells.get(move.to_code), 1.0, "exact"


def _is_renamed(moves: Sequence[ChangeMove]) -> bool:
    """Tell whether a territory changed nothing but its code."""
    return len(moves) == 1 and all(
        move.kind == "code" or move.from_code == move.to_code for move in moves
    )


def _all_who_share(refused: set[str], parts_of: Mapping[str, list[_Part]]) -> set[str]:
    """Return the refused results and all that share a part with them.

    A territory cannot be given to one of its heirs and kept from another: the total would change.
    """
    while True:
        torn = {origin for code in refused for origin, *_ in parts_of[code]}
        sharing = {
            code for code, parts in parts_of.items() if torn & {origin for origin, *_ in parts}
        }
        if sharing <= refused:
            return refused
        refused = refused | sharing


def _estimated_part(parts: list[_Part]) -> float:
    """Return the part of a sum that would rest on weights that are only estimated.

    A sum with a part missing is null whatever the weights, so it is no guess.
    """
    amounts = [
        (abs(cell.value or 0.0) * weight, basis)
        for _, cell, weight, basis in parts
        if cell is not None and cell.value is not None
    ]
    if len(amounts) < len(parts):
        return 0.0
    total = sum(amount for amount, _ in amounts)
    guessed = sum(amount for amount, basis in amounts if basis not in _EXACT)
    return guessed / total if total else 0.0


def _add_up(parts: list[_Part], unchanged: bool) -> _Cell:
    """Add weighted parts; a missing part makes the sum null, never smaller."""
    present = [cell for _, cell, _, _ in parts if cell is not None]
    if unchanged and len(parts) == 1 and parts[0][2] == 1:
        return present[0]
    qualifiers = frozenset().union(*(cell.qualifiers for cell in present))
    sources = frozenset().union(*(cell.sources for cell in present))
    codes = tuple(
        code for origin, cell, _, _ in parts for code in (cell.codes if cell else (origin,))
    )
    if any(basis not in _EXACT for *_, basis in parts):
        qualifiers |= {"estimated_weights"}
    reasons = [cell.flag for cell in present if cell.value is None]
    if reasons or len(present) < len(parts):
        flag = next((f for f in NULL_FLAGS if f in reasons), "no_data")
        if len(parts) > 1:
            qualifiers |= {"incomplete"}
        return _Cell(None, flag, qualifiers, None, tuple(sorted(set(codes))), sources, True)
    value = sum((cell.value or 0.0) * weight for _, cell, weight, _ in parts if cell is not None)
    flags = {cell.flag for cell in present}
    flag = flags.pop() if len(flags) == 1 else "ok"
    decimals = [cell.decimals for cell in present if cell.decimals is not None]
    finest = max(decimals) if len(decimals) == len(present) else None
    return _Cell(value, flag, qualifiers, finest, tuple(sorted(set(codes))), sources, True)


def _parted(cell: _Cell, year: int) -> _Cell:
    """Mark a value that stays behind; what happens later no longer touches it."""
    cell.qualifiers |= {"territorial_break"}
    if cell.parted_in is None:
        cell.parted_in = year
    return cell


def _read_cell(row: Mapping[Any, Any]) -> _Cell:
    number = row["flag"] in NUMBER_FLAGS
    decimals = row["decimals"]
    known = decimals is not None and decimals == decimals and str(decimals) != "<NA>"
    return _Cell(
        value=float(row["value"]) if number else None,
        flag=str(row["flag"]),
        qualifiers=frozenset(q for q in str(row["qualifiers"]).split(",") if q),
        decimals=int(decimals) if known else None,
        codes=(str(row["unit_code"]),),
        sources=frozenset(str(row["source"]).split()),
    )


def _written(cell: _Cell) -> dict[str, Any]:
    return {
        "value": float("nan") if cell.value is None else cell.value,
        "flag": cell.flag,
        "qualifiers": ",".join(sorted(cell.qualifiers)),
        "decimals": cell.decimals,
        "source": " ".join(sorted(cell.sources)),
        "recalculated": cell.recalculated,
        "recalculated_from": "+".join(cell.codes) if cell.recalculated else "",
        "parted_in": "" if cell.parted_in is None else str(cell.parted_in),
    }
