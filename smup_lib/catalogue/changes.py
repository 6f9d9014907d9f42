"""Read the territorial events of the country: which units split, merged or changed, and when."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from smup_lib.catalogue.loader import CATALOGUE_DIR
from smup_lib.catalogue.problems import Problem, catalogue_error
from smup_lib.catalogue.reading import read_entries
from smup_lib.catalogue.vocabulary import CatalogueModel, Identifier, Text
from smup_lib.errors import SmupError
from smup_lib.teryt import level_of, parse_unit_code, powiat_of

if TYPE_CHECKING:
    import pandas as pd

ChangeKind = Literal["split", "merge", "transfer", "code", "status", "rename"]
FormerUnit = Annotated[
    str,
    StringConstraints(
        pattern=r"^.+ \((gmina miejska|gmina wiejska|gmina miejsko-wiejska|powiat"
        r"|miasto na prawach powiatu)\)$"
    ),
]

#: Columns of the snapshot's table ``changes``; a row per pair of codes.
CHANGE_COLUMNS = (
    "date",
    "kind",
    "from_code",
    "to_code",
    "weight",
    "weight_basis",
    "name",
    "source",
    "confidence",
)
CHANGES_FILE = "territorial_changes.yaml"


class Move(CatalogueModel):
    """What became of one unit: the share ``weight`` of ``from_code`` is now ``to_code``."""

    from_code: Annotated[str, Field(alias="from")]
    to_code: Annotated[str, Field(alias="to")]
    weight: Annotated[float, Field(gt=0, le=1)] | None = None
    basis: Literal["exact", "area", "population"] | None = None

    @field_validator("from_code", "to_code")
    @classmethod
    def _is_code(cls, code: str) -> str:
        return _checked_code(code)

    @model_validator(mode="after")
    def _weight_has_basis(self) -> Move:
        if (self.weight is None) != (self.basis is None):
            raise ValueError("weight i basis podaje się razem albo wcale")
        if self.basis == "exact" and self.weight != 1:
            raise ValueError("basis: exact wymaga weight: 1.0 (przeszła cała jednostka)")
        return self


class TerritorialChange(CatalogueModel):
    """One dated event: the units it concerned, what happened, who says so."""

    id: Identifier
    date: datetime.date
    kind: ChangeKind
    what: Text
    source: Text
    confidence: Literal["H", "M", "L"]
    note: str = ""
    moves: tuple[Move, ...] = ()
    kept: dict[str, FormerUnit] = Field(default_factory=dict)
    former: dict[str, FormerUnit] = Field(default_factory=dict)

    @field_validator("kept", "former")
    @classmethod
    def _keys_are_codes(cls, units: dict[str, str]) -> dict[str, str]:
        for code in units:
            _checked_code(code)
        return units

    @model_validator(mode="after")
    def _coherent(self) -> TerritorialChange:
        problems = list(_problems_of(self))
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def rows(self) -> Iterator[tuple[str, str, float | None, str, str]]:
        """Yield from_code, to_code, weight, basis and the Polish name of each pair.

        The name begins with the old name and kind of the unit when the file has them, so that a
        unit known from no register can still be called by its name.
        """
        for code, old in self.kept.items():
            yield code, code, 1.0, "exact", f"{old}: {self.what}"
        for move in self.moves:
            old = self.former.get(move.from_code, "")
            name = f"{old}: {self.what}" if old else self.what
            yield move.from_code, move.to_code, move.weight, move.basis or "", name


def _checked_code(code: str) -> str:
    try:
        parsed = parse_unit_code(code).code
    except SmupError as error:
        raise ValueError(error.what) from error
    if parsed != code:
        raise ValueError(f"kod „{code}” zapisz jako „{parsed}”")
    return code


def _problems_of(change: TerritorialChange) -> Iterator[str]:
    """Yield what is incoherent within one event."""
    if change.kind in ("status", "rename"):
        if change.moves or change.former or not change.kept:
            yield f"kind: {change.kind} wymaga pola kept (bez moves i former)"
        return
    if change.kept or not change.moves:
        yield f"kind: {change.kind} wymaga pola moves (bez kept)"
        return
    pairs = [(move.from_code, move.to_code) for move in change.moves]
    for pair in {pair for pair in pairs if pairs.count(pair) > 1}:
        yield f"para {pair[0]} → {pair[1]} powtarza się"
    if len({level_of(code) for pair in pairs for code in pair}) > 1:
        yield "wszystkie kody zdarzenia muszą być z jednego szczebla"
    for code in set(change.former) - {pair[0] for pair in pairs}:
        yield f"former: kod {code} nie występuje jako from"
    yield from _weight_problems(change)
    yield from _kind_problems(change, pairs)


def _weight_problems(change: TerritorialChange) -> Iterator[str]:
    for code in dict.fromkeys(move.from_code for move in change.moves):
        weights = [move.weight for move in change.moves if move.from_code == code]
        known = [weight for weight in weights if weight is not None]
        if known and len(known) < len(weights):
            yield f"{code}: wagi podaje się dla wszystkich części albo dla żadnej"
        elif known and abs(sum(known) - 1) > 0.001:
            yield f"{code}: suma wag wynosi {sum(known):.4f}, oczekiwano 1"


def _kind_problems(change: TerritorialChange, pairs: list[tuple[str, str]]) -> Iterator[str]:
    sources = [pair[0] for pair in pairs]
    targets = [pair[1] for pair in pairs]
    if change.kind == "code" and (
        len(pairs) != 1 or sources == targets or change.moves[0].basis != "exact"
    ):
        yield "kind: code to jedna para różnych kodów z weight: 1.0 i basis: exact"
    if change.kind == "transfer" and any(
        move.from_code == move.to_code or move.weight is not None for move in change.moves
    ):
        yield "kind: transfer łączy różne kody i nie ma wag"
    if change.kind == "split":
        whole = {code for code in sources if sources.count(code) < 2} - set(targets)
        if whole:
            yield f"kind: split: {', '.join(sorted(whole))} ma tylko jedną część"
    if change.kind == "merge" and all(targets.count(code) < 2 for code in targets):
        yield "kind: merge: żaden kod nie powstał z kilku (dopisz parę kodu z nim samym)"


@functools.cache
def load_territorial_changes() -> tuple[TerritorialChange, ...]:
    """Return the events that ship with the workbench, in order of date (read once).

    Examples
    --------
    >>> next(c.what for c in load_territorial_changes() if c.id == "szczawa_2025")
    'wydzielono gminę Szczawa'
    """
    return read_territorial_changes(CATALOGUE_DIR / CHANGES_FILE)


def read_territorial_changes(path: Path) -> tuple[TerritorialChange, ...]:
    """Read a file of events.

    Parameters
    ----------
    path : Path
        YAML with one key ``changes``.

    Raises
    ------
    CatalogueError
        With every problem of the file: event, key, what was expected.
    """
    changes, problems = read_changes_draft(path)
    if problems:
        raise catalogue_error(problems, path.name, subject="Zapis zmian terytorialnych")
    return changes


def read_changes_draft(path: Path) -> tuple[tuple[TerritorialChange, ...], list[Problem]]:
    """Return the events of a file that could be read, in order of date, and every problem."""
    problems: list[Problem] = []
    entries = read_entries(path, "changes", TerritorialChange, problems)
    changes = tuple(sorted(entries.values(), key=lambda change: change.date))
    problems.extend(_border_problems(changes, path.name))
    return changes, problems


def _border_problems(changes: Iterable[TerritorialChange], file: str) -> Iterator[Problem]:
    """Yield gminy that changed powiat in an event that the powiaty do not have."""
    listed = list(changes)
    told = {
        (change.date, frozenset((move.from_code, move.to_code)))
        for change in listed
        for move in change.moves
        if level_of(move.from_code) == "powiat"
    }
    for change in listed:
        for move in change.moves:
            if level_of(move.from_code) != "gmina":
                continue
            powiaty = frozenset((powiat_of(move.from_code), powiat_of(move.to_code)))
            if len(powiaty) == 2 and (change.date, powiaty) not in told:
                what = f"{move.from_code} → {move.to_code} przekracza granicę powiatu"
                step = f"dopisz zdarzenie tego dnia dla {' i '.join(sorted(powiaty))}"
                yield Problem(file, change.id, "moves", what, next_step=step)


def changes_frame(changes: Iterable[TerritorialChange] | None = None) -> pd.DataFrame:
    """Return events as the snapshot's table ``changes``, a row per pair of codes.

    Parameters
    ----------
    changes : iterable of TerritorialChange, optional
        The events that ship with the workbench when omitted.

    Returns
    -------
    DataFrame
        Columns of :data:`CHANGE_COLUMNS`: ``date`` as ISO text, ``weight`` float64 (null when
        nobody knows the share), ``weight_basis`` ``exact``, ``area``, ``population`` or empty.

    Examples
    --------
    >>> frame = changes_frame()
    >>> frame.loc[frame["from_code"] == "320304", "weight"].tolist()
    [0.4355, 0.5645]
    """
    import pandas as pd

    rows = [
        (change.date.isoformat(), change.kind, *row, change.source, change.confidence)
        for change in (load_territorial_changes() if changes is None else changes)
        for row in change.rows()
    ]
    frame = pd.DataFrame(rows, columns=list(CHANGE_COLUMNS))
    return frame.astype({"weight": "float64"})
