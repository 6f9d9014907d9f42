"""Does each row belong to a unit that the register knows?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from smup_lib.sources.merging import NewRows
from smup_lib.sources.quarantine import empty_quarantine, joined, quarantine_rows
from smup_lib.sources.read_file import ReadFile
from smup_lib.sources.register import NewLayer

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Placed:
    """A data file with only the rows of known units.

    Attributes
    ----------
    read : ReadFile
    parts : tuple of NewRows
        Rows of known units.
    quarantine : DataFrame
        Rows that could not be read, and rows of unknown units.
    unknown : tuple of str
        Codes that the register does not know.
    """

    read: ReadFile
    parts: tuple[NewRows, ...]
    quarantine: pd.DataFrame
    unknown: tuple[str, ...]


def unknown_reason(days: Iterable[str]) -> str:
    """Return why a row of an unknown unit waits, naming the vintages that were asked."""
    return (
        f"takiej jednostki nie ma w rejestrze TERC (stan na: {', '.join(days)})"
        " ani wśród zmian terytorialnych"
    )


def place_rows(read: ReadFile, known: frozenset[str], days: Iterable[str]) -> Placed:
    """Return a file without the rows of unknown units; those go to quarantine.

    Parameters
    ----------
    read : ReadFile
    known : frozenset of str
        Codes of the register and of territorial changes.
    days : iterable of str
        Vintages of the register, for the reason.
    """
    import numpy as np

    reason = unknown_reason(days)
    parts: list[NewRows] = []
    held = [read.quarantine]
    unknown: set[str] = set()
    for part in read.parts:
        codes = part.rows["unit_code"].cat
        is_known = np.array([code in known for code in codes.categories], dtype=bool)
        placed = is_known[codes.codes.to_numpy()]
        strangers = part.rows[~placed]
        unknown |= set(strangers["unit_code"].unique())
        held.append(_unknown_rows(part.file, strangers, reason))
        parts.append(replace(part, rows=part.rows[placed] if len(strangers) else part.rows))
    return Placed(read, tuple(parts), joined(held), tuple(sorted(unknown)))


def _unknown_rows(file: str, rows: pd.DataFrame, reason: str) -> pd.DataFrame:
    if rows.empty:
        return empty_quarantine()
    shown = rows.assign(
        code_text=rows["unit_code"],
        label=rows["variable"],
        text=[_said(value, flag) for value, flag in zip(rows["value"], rows["flag"], strict=True)],
    )
    return quarantine_rows(file, shown, reason)


def _said(value: float, flag: str) -> str:
    """Return a value as it would be typed in Poland; a null by its flag."""
    return f"{value:.15g}".replace(".", ",") if value == value else f"({flag})"


def place_layer(
    layer: NewLayer,
    left_out: Iterable[tuple[str, str]],
    known: frozenset[str],
    days: Iterable[str],
) -> tuple[NewLayer, pd.DataFrame]:
    """Return a layer without shapes of unknown units, and those as quarantine."""
    import pandas as pd

    strangers = ~layer.boundaries["unit_code"].isin(known)
    reason = unknown_reason(days)
    waiting = [*left_out, *((code, reason) for code in layer.boundaries["unit_code"][strangers])]
    if not waiting:
        return layer, empty_quarantine()
    rows = pd.DataFrame(
        {
            "row": 0,
            "code_text": [code for code, _ in waiting],
            "year": int(layer.boundaries["year"].max()) if len(layer.boundaries) else 0,
            "label": "granica",
            "text": "",
        }
    )
    held = quarantine_rows(layer.file, rows, [reason for _, reason in waiting])
    kept = layer.boundaries[~strangers].reset_index(drop=True)
    return replace(layer, boundaries=kept), held
