"""What happened to a unit in the years of a series and breaks nothing?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smup_lib.present.words import UNKNOWN_WEIGHTS, WEIGHT_BASES
from smup_lib.units import list_notes

if TYPE_CHECKING:
    from smup_lib.conclude import IndicatorAssessment
    from smup_lib.units import Register


def list_events(register: Register, unit_code: str, item: IndicatorAssessment) -> tuple[str, ...]:
    """Return remarks on a unit's history, in Polish: a new kind or name, years carried over.

    Parameters
    ----------
    register : Register
        Knows the history of units.
    unit_code : str
        Whose series it is.
    item : IndicatorAssessment
        With the years.
    """
    notes = list_notes(register, unit_code, item.series["year"].tolist())
    # several inputs of one value stand beside each other with a space
    texts = [text for row in item.recalculated_from for text in row.split(" ")]
    added = sorted({code for text in texts for code in text.split("+")} - {unit_code, ""})
    names = ", ".join(register.label(code) for code in added)
    estimated = item.series["qualifiers"].str.contains("estimated_weights").any()
    doubt = f" (wartości szacunkowe, {name_weights(register, unit_code)})" if estimated else ""
    told = [note.text for note in notes]
    if names:
        # a label of a former unit may end in "r."
        text = f"Lata sprzed zmiany granic przeliczono, dodając: {names}{doubt}"
        told.append(text.removesuffix(".") + ".")
    return tuple(told)


def name_weights(register: Register, unit_code: str) -> str:
    """Say by what the shares of former units were estimated."""
    moves = [move for day in register.history.days for move in day.sources.get(unit_code, ())]
    bases = sorted({move.basis for move in moves} - {"", "exact"})
    return " i ".join(WEIGHT_BASES.get(basis, UNKNOWN_WEIGHTS) for basis in bases) or (
        UNKNOWN_WEIGHTS
    )
