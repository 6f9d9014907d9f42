"""Is a register or a layer of boundaries whole, or would it silently take units away?

A file cut between two rows reads well. A register is whole when every voivodeship is there, every
unit has the units below it, and it has about as many units as the vintages next to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from smup_lib.errors import UnreadableFileError
from smup_lib.plurals import spaced
from smup_lib.teryt import FICTIONAL_VOIVODESHIPS, REAL_VOIVODESHIPS

if TYPE_CHECKING:
    import pandas as pd

Vintage = Mapping[str, frozenset[str]]
"""Level -> codes of a register on one day."""

#: The option with which the user insists.
OPTION = "--accept-partial"
#: Levels whose units are counted, with their name after "z 380".
LEVEL_NAMES = {"voivodeship": "województw", "powiat": "powiatów", "gmina": "gmin"}
#: Since this day Poland has had at least so many powiaty.
_POWIATY = (("2013-01-01", 380), ("2003-01-01", 379), ("1999-01-01", 373))
# a year ends or merges a few units at most; small lands need room for two
_USUAL_SHARE, _USUAL_UNITS = 0.02, 2
_SHOWN = 8


def vintages_of(units: pd.DataFrame) -> dict[str, Vintage]:
    """Return state date -> register, oldest first, of a table ``units``."""
    found: dict[str, dict[str, set[str]]] = {}
    columns = (units[name].astype(object).tolist() for name in ("state_date", "level", "unit_code"))
    for day, level, code in zip(*columns, strict=True):
        found.setdefault(str(day), {}).setdefault(str(level), set()).add(code)
    return {
        day: {level: frozenset(codes) for level, codes in sorted(found[day].items())}
        for day in sorted(found)
    }


def find_gaps(day: str, here: Vintage, others: Sequence[tuple[str, Vintage]]) -> tuple[str, ...]:
    """Return in Polish what a register lacks; nothing when it is whole.

    Parameters
    ----------
    day : str
        State date of the register, ISO.
    here : mapping
        Level -> codes.
    others : sequence of (day, register)
        Every other register that is known, also one of the same day that it would replace. Those
        of another land (the real country, the fictional one) say nothing of it.

    Examples
    --------
    >>> find_gaps("2024-01-01", {"voivodeship": frozenset({"90", "91"}),
    ...                          "powiat": frozenset({"9001"}),
    ...                          "gmina": frozenset({"900101"})}, [])
    ('bez powiatów: województwo 91',)
    """
    others = [one for one in others if _is_fictional(one[1]) == _is_fictional(here)]
    return (
        *_missing_voivodeships(here, others),
        *_broken_tree(here),
        *_too_few_powiaty(day, here),
        *_fewer_than_next(day, here, others),
    )


def whole_days(vintages: Mapping[str, Vintage]) -> frozenset[str]:
    """Return the state dates whose register is whole."""
    return frozenset(
        day
        for day, here in vintages.items()
        if not find_gaps(day, here, [pair for pair in vintages.items() if pair[0] != day])
    )


def _missing_voivodeships(here: Vintage, others: Sequence[tuple[str, Vintage]]) -> Iterator[str]:
    known = set().union(*(other.get("voivodeship", frozenset()) for _, other in others))
    if not _is_fictional(here):
        known |= REAL_VOIVODESHIPS
    missing = known - here.get("voivodeship", frozenset())
    if missing:
        yield f"brakuje województw: {_listed(missing)}"


def _broken_tree(here: Vintage) -> Iterator[str]:
    """Yield units without the units below them, and units without the one above."""
    names = {"voivodeship": "województwo", "powiat": "powiat", "gmina": "gmina"}
    for upper, lower in pairwise(LEVEL_NAMES):
        width = 2 if upper == "voivodeship" else 4
        above = here.get(upper, frozenset())
        named = {code[:width] for code in here.get(lower, frozenset())}
        if above - named:
            yield f"bez {LEVEL_NAMES[lower]}: {names[upper]} {_listed(above - named)}"
        if named - above:
            yield f"brakuje wierszy: {names[upper]} {_listed(named - above)}"


def _too_few_powiaty(day: str, here: Vintage) -> Iterator[str]:
    count = len(here.get("powiat", frozenset()))
    since, least = next((one for one in _POWIATY if one[0] <= day), ("", 0))
    if not _is_fictional(here) and count < least:
        yield f"powiatów jest {count}, a od {since[:4]} r. jest ich w kraju co najmniej {least}"


def _fewer_than_next(
    day: str, here: Vintage, others: Sequence[tuple[str, Vintage]]
) -> Iterator[str]:
    before = max((one for one in others if one[0] <= day), key=lambda one: one[0], default=None)
    after = min((one for one in others if one[0] >= day), key=lambda one: one[0], default=None)
    for other_day, other in dict(one for one in (before, after) if one is not None).items():
        for level in ("powiat", "gmina"):  # of voivodeships none may be missing
            count, usual = len(here.get(level, ())), len(other.get(level, ()))
            if usual - count > max(_USUAL_UNITS, _USUAL_SHARE * usual):
                fewer = f"{LEVEL_NAMES[level]} jest {spaced(count)}"
                yield f"{fewer}, a w stanie na {other_day} {spaced(usual)}"


def _is_fictional(here: Vintage) -> bool:
    return any(code[:2] in FICTIONAL_VOIVODESHIPS for codes in here.values() for code in codes)


def _listed(codes: Iterable[str]) -> str:
    ordered = sorted(codes)
    more = f" i {len(ordered) - _SHOWN} innych" if len(ordered) > _SHOWN else ""
    return ", ".join(ordered[:_SHOWN]) + more


def said_gaps(gaps: Iterable[str]) -> tuple[str, ...]:
    """Return what is noted of a register that the user takes as it is."""
    return tuple(
        f"rejestr niepełny: {gap}; żadna jednostka nie jest przez to uznana za zlikwidowaną"
        for gap in gaps
    )


def partial_register(file: str, gaps: Sequence[str]) -> UnreadableFileError:
    """Return why a register that is not whole is not taken."""
    return UnreadableFileError(
        "Rejestr TERC nie jest pełny; nie wczytano go i nic w rejestrze nie zmieniono.",
        where=file,
        problems=gaps,
        expected="cały rejestr: wszystkie województwa, ich powiaty i gminy",
        next_step="pobierz plik jeszcze raz z eteryt.stat.gov.pl; jeśli rejestr ma być niepełny,"
        f" wczytaj plik: smup data import PLIK {OPTION}",
    )


def lost_boundaries(
    old: pd.DataFrame, new: Sequence[pd.DataFrame]
) -> dict[tuple[str, int], set[str]]:
    """Return (level, year) -> units whose boundaries new layers would take away.

    A layer that shares no unit with the old one takes nothing away: it is added.

    Parameters
    ----------
    old, new : DataFrame
        ``unit_code``, ``level`` and ``year`` of the boundaries known and of the new layers.
    """
    before, after = _codes_by_layer([old]), _codes_by_layer(new)
    return {
        layer: before[layer] - codes
        for layer, codes in after.items()
        if layer in before and before[layer] & codes and before[layer] - codes
    }


def _codes_by_layer(frames: Iterable[pd.DataFrame]) -> dict[tuple[str, int], set[str]]:
    found: dict[tuple[str, int], set[str]] = {}
    for frame in frames:
        cells = zip(frame["unit_code"], frame["level"], frame["year"], strict=True)
        for code, level, year in cells:
            found.setdefault((str(level), int(year)), set()).add(str(code))
    return found


def said_losses(
    boundaries: pd.DataFrame, lost: Mapping[tuple[str, int], set[str]]
) -> tuple[str, ...]:
    """Return in Polish which units a layer lacks of those it would replace."""
    return tuple(
        f"{LEVEL_NAMES[level]} bez granic z {year} r. byłoby {spaced(len(lost[level, year]))}:"
        f" {_listed(lost[level, year])}"
        for level, year in _codes_by_layer([boundaries])
        if (level, year) in lost
    )


def partial_layer(file: str, losses: Sequence[str]) -> UnreadableFileError:
    """Return why a layer that would take boundaries away is not taken."""
    return UnreadableFileError(
        "Warstwa granic ma mniej jednostek niż ta, którą zastępuje; dotychczasowa pozostała.",
        where=file,
        problems=losses,
        expected="granice wszystkich jednostek, które już je mają w tym roku",
        next_step="wczytaj całą warstwę albo podaj inny rok w import.yaml (year); jeśli warstwa"
        f" ma zastąpić dotychczasową, wczytaj ją: smup data import PLIK {OPTION}",
    )
