"""Which snapshot does an import add to?

The newest real one, unless the user says otherwise. When the user went back to an older one
(``smup data use``), the newest would bring back what they turned away from, so that is told; so
are the variables of the current one that the new snapshot then lacks.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from smup_lib.errors import SnapshotMismatchError
from smup_lib.snapshots import Snapshot, current_id, list_snapshots, load_snapshot, newest_real
from smup_lib.snapshots.pieces import count_rows

_SHOWN = 8
NEWEST = "newest"
CURRENT = "current"


@dataclass(frozen=True)
class BaseChoice:
    """The current snapshot of real data is not the newest one: both may be meant."""

    current: Snapshot
    newest: Snapshot

    def __str__(self) -> str:
        """Name both in Polish, and what follows when nobody chooses."""
        return (
            f"Bieżący stan danych to {said_snapshot(self.current)}, a najnowszy to"
            f" {said_snapshot(self.newest)}. Pliki są dodawane do najnowszego, więc jego wartości"
            f" znów będą bieżące. Aby dodać je do bieżącego: --base {CURRENT}."
        )


def said_snapshot(snapshot: Snapshot) -> str:
    """Return the id of a snapshot with the moment it was made."""
    made = datetime.datetime.fromisoformat(snapshot.manifest.created).astimezone()
    return f"{snapshot.id} (utworzony {made:%d.%m.%Y, %H:%M})"


def find_base_choice() -> BaseChoice | None:
    """Return the current and the newest real snapshot when they differ, else None."""
    newest = newest_real()
    current = next((one for one in list_snapshots() if one.id == current_id()), None)
    if newest is None or current is None or current.fictional or current.id == newest.id:
        return None
    return BaseChoice(current, newest)


def check_base(base: Snapshot | str | None) -> Snapshot | None:
    """Return the snapshot to add to; None when there is no real one yet.

    Parameters
    ----------
    base : Snapshot or str, optional
        A snapshot, its id, ``newest`` (also when omitted) or ``current``.

    Raises
    ------
    SnapshotMismatchError
        When the one named is fictional.
    """
    if base is None or base == NEWEST:
        return newest_real()
    if isinstance(base, str):
        base = load_snapshot(current_id() if base == CURRENT else base)
    if base.fictional:
        raise SnapshotMismatchError(
            f"Stan danych {base.id} jest przykładowy: nie można do niego nic wczytać.",
            expected="stan danych rzeczywistych",
            next_step="wczytaj pliki bez wskazywania stanu danych; listę pokaże: smup data list",
        )
    return base


def lacking_notes(base: Snapshot | None, new: Collection[str]) -> tuple[str, ...]:
    """Return which variables of the current snapshot one that is made from another base lacks.

    Parameters
    ----------
    base : Snapshot or None
    new : collection of str
        Variables that are added to it.
    """
    current = next((one for one in list_snapshots() if one.id == current_id()), None)
    if base is None or current is None or current.id == base.id:
        return ()
    if current.fictional != base.fictional:
        return ()
    lacking = sorted(_variables(current) - _variables(base) - set(new))
    if not lacking:
        return ()
    more = f" i {len(lacking) - _SHOWN} innych" if len(lacking) > _SHOWN else ""
    return (
        f"Dane dodano do stanu {said_snapshot(base)}, a nie do bieżącego {said_snapshot(current)}:"
        f" nowy stan nie ma zmiennych {', '.join(lacking[:_SHOWN])}{more}. Aby je mieć, wróć do"
        f" tamtego stanu (smup data use {current.id}) i powtórz polecenie"
        f" (przy wczytywaniu plików z opcją --base {CURRENT}) albo wczytaj te zmienne ponownie.",
    )


def _variables(snapshot: Snapshot) -> set[str]:
    return set(count_rows(snapshot.observation_file))
