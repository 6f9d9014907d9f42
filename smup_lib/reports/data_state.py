"""Which data do the pages show: real or fictional, of which day, how many?"""

from __future__ import annotations

from dataclasses import dataclass

from smup_lib.errors import SmupError
from smup_lib.present.formats import format_date, format_number
from smup_lib.snapshots.store import load_snapshot


@dataclass(frozen=True)
class DataState:
    """What a page says of its data.

    Attributes
    ----------
    sentence : str
        Polish, for everybody.
    facts : tuple of tuple of str
        Name and value, for who wants to know it exactly; empty without data.
    fictional : bool
        Whether the units are made up.
    """

    sentence: str
    facts: tuple[tuple[str, str], ...] = ()
    fictional: bool = False


def read_data_state() -> DataState:
    """Read what the current snapshot says of itself; without one the sentence says so.

    Examples
    --------
    >>> bool(read_data_state().sentence)
    True
    """
    try:
        snapshot = load_snapshot()
        manifest, counts = snapshot.manifest, snapshot.manifest.counts
    except SmupError as error:
        return DataState(f"{error.what} Przekaż to osobie, która prowadzi te strony.")
    day = format_date(manifest.created)
    sentence = (
        f"Strony pokazują dane przykładowe, przygotowane {day} Jednostki są fikcyjne."
        if snapshot.fictional
        else f"Strony pokazują dane rzeczywiste, wczytane {day}"
    )
    facts = (
        ("Wartości", format_number(counts.get("observations", 0))),
        ("Jednostki, także dawne", format_number(counts.get("units", 0))),
        ("Źródła", format_number(len(manifest.sources))),
        ("Oznaczenie stanu danych", snapshot.id),
    )
    return DataState(sentence, facts, snapshot.fictional)
