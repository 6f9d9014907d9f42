"""Say in which years the territory of a unit changed, and what else happened to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smup_lib.catalogue.history import ChangeDay, ChangeMove, TerritorialHistory, other_code_of
from smup_lib.catalogue.variable import SeriesBreak
from smup_lib.units.register import Register

if TYPE_CHECKING:
    import pandas as pd


class TerritorialBreak(SeriesBreak):
    """The first year in which a unit has another territory than before.

    Attributes
    ----------
    year, reason : int, str
        First year of the new territory, and the Polish sentence to print beside the series.
    kind : str
        ``split``, ``merge`` or ``transfer``.
    can_map_forward : bool
        Older values can be recalculated to the new territory.
    can_map_backward : bool
        Newer values can be summed to the old territory.
    """

    kind: str
    can_map_forward: bool
    can_map_backward: bool


@dataclass(frozen=True)
class TerritorialNote:
    """Something worth a remark that breaks no series: a new kind, name or code."""

    year: int
    kind: str
    text: str


def history_of(changes: TerritorialHistory | Register | pd.DataFrame) -> TerritorialHistory:
    """Return the history behind a register, a table ``changes`` or a history itself."""
    if isinstance(changes, TerritorialHistory):
        return changes
    if isinstance(changes, Register):
        return changes.history
    return TerritorialHistory(changes)


def list_breaks(
    changes: TerritorialHistory | Register | pd.DataFrame,
    unit_code: str,
    years: Iterable[int] | None = None,
) -> tuple[TerritorialBreak, ...]:
    """List the years from which a unit has another territory under the same code.

    New codes of the same territory, kinds and names are no breaks: see :func:`list_notes`. A city
    with powiat rights has the breaks of both its codes.

    Parameters
    ----------
    changes : Register, TerritorialHistory or DataFrame
        Where the events are; a frame has the columns of the snapshot's table ``changes``.
    unit_code : str
        Canonical code.
    years : iterable of int, optional
        Only breaks between the first and last of these years.

    Examples
    --------
    >>> from smup_lib.catalogue.changes import changes_frame
    >>> [(b.year, b.can_map_forward) for b in list_breaks(changes_frame(), "320302")]
    [(2019, True)]
    """
    history = history_of(changes)
    listed = sorted(set(years)) if years is not None else []
    found: dict[int, TerritorialBreak] = {}
    for code in (unit_code, other_code_of(unit_code)):
        for day in history.days:
            if code is None or day.year in found or not _territory_changes(day, code):
                continue
            if years is None or (listed and listed[0] < day.year <= listed[-1]):
                found[day.year] = _break_of(day, code)
    return tuple(found[year] for year in sorted(found))


def _territory_changes(day: ChangeDay, code: str) -> bool:
    """Tell whether a unit goes on under its code with another territory."""
    if code not in day.sources or code not in day.targets:
        return False
    partners = {move.from_code for move in day.sources[code]} | {
        move.to_code for move in day.targets[code]
    }
    return partners != {code}


def _break_of(day: ChangeDay, code: str) -> TerritorialBreak:
    moves = [*day.sources[code], *day.targets[code]]
    others = [move for move in moves if move.from_code != move.to_code] or moves
    told = "; ".join(dict.fromkeys(_told(move) for move in others if move.name))
    forward, backward = day.can_map_forward(code), day.can_map_backward(code)
    estimated = any(move.basis not in ("", "exact") for move in day.sources[code])
    if forward and estimated:
        hint = "Wcześniejsze lata można przeliczyć szacunkowo."
    elif forward:
        hint = "Wcześniejsze lata można zsumować do obecnych granic."
    elif backward:
        hint = (
            "Lat sprzed zmiany nie da się przeliczyć; "
            "lata po zmianie można zsumować do dawnych granic."
        )
    else:
        hint = "Lat sprzed zmiany nie da się przeliczyć."
    reason = f"Od {day.year} r. jednostka obejmuje inny obszar" + (f" ({told})" if told else "")
    return TerritorialBreak(
        year=day.year,
        reason=f"{reason}. {hint}",
        kind=others[0].kind,
        can_map_forward=forward,
        can_map_backward=backward,
    )


def _told(move: ChangeMove) -> str:
    """Return what an event says, with the former name of the unit but without its kind."""
    what = move.name.partition(": ")[2]
    return f"{move.former[0]}: {what}" if move.former and what else move.name


def list_notes(
    changes: TerritorialHistory | Register | pd.DataFrame,
    unit_code: str,
    years: Iterable[int] | None = None,
) -> tuple[TerritorialNote, ...]:
    """List events of a unit that break no series: kind, name, code, beginning, end.

    Parameters
    ----------
    changes, unit_code, years
        As in :func:`list_breaks`.

    Examples
    --------
    >>> from smup_lib.catalogue.changes import changes_frame
    >>> [note.text for note in list_notes(changes_frame(), "221208")]
    ['2024 r.: nowa nazwa Redzikowo (wcześniej Słupsk).']
    """
    history = history_of(changes)
    listed = sorted(set(years)) if years is not None else []
    notes = [*_kept_notes(history, unit_code), *_life_notes(history, unit_code)]
    wanted = [n for n in notes if years is None or (listed and listed[0] < n.year <= listed[-1])]
    return tuple(sorted(wanted, key=lambda note: note.year))


def _kept_notes(history: TerritorialHistory, code: str) -> Iterator[TerritorialNote]:
    for move in history.kept(code):
        old = move.former[0] if move.former and move.kind == "rename" else ""
        what = move.name.partition(": ")[2] or move.name
        before = f" (wcześniej {old})" if old else ""
        yield TerritorialNote(move.year, move.kind, f"{move.year} r.: {what}{before}.")


def _life_notes(history: TerritorialHistory, code: str) -> Iterator[TerritorialNote]:
    first, last = history.first_years.get(code), history.last_years.get(code)
    if first is not None:
        before = history.predecessors(code)
        text = f"Jednostka istnieje od {first} r."
        if any(m.kind == "code" and m.to_code == code for m in history.moves):
            text = f"Ten sam obszar miał do {first - 1} r. kod {before[0]}."
        yield TerritorialNote(first, "begin", text)
    if last is not None:
        after = " i ".join(history.successors(code))
        yield TerritorialNote(
            last + 1, "end", f"Jednostka istniała do {last} r.; jej obszar jest w {after}."
        )


def list_related_codes(
    changes: TerritorialHistory | Register | pd.DataFrame, unit_code: str
) -> tuple[str, ...]:
    """List the codes whose values are needed to carry a unit's series across its changes.

    Returns
    -------
    tuple of str
        The unit itself first, then every unit that an event joins with it.

    Examples
    --------
    >>> from smup_lib.catalogue.changes import changes_frame
    >>> list_related_codes(changes_frame(), "086201")
    ('086201', '080910')
    """
    history = history_of(changes)
    found = [unit_code]
    for code in found:
        for day in history.days:
            for move in (*day.sources.get(code, ()), *day.targets.get(code, ())):
                found.extend(c for c in (move.from_code, move.to_code) if c not in found)
    return tuple(found)
