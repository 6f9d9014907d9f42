"""Which reports of a batch should a person read? A few of every kind, and those most in doubt."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smup_lib.catalogue import load_catalogue
from smup_lib.reports.runner import NAMED_NOTEBOOKS

if TYPE_CHECKING:
    from smup_lib.reports.batch.manifest import Row

#: Of the thinnest reports, and of those with warnings.
_IN_DOUBT = 2
_THIRDS = ("mało wyników", "średnio wyników", "dużo wyników")


@dataclass(frozen=True)
class Candidate:
    """A report that may be chosen.

    Attributes
    ----------
    file : str
        Its page, below the folder of the batch.
    row : Row
        Its row of the manifest.
    kind : str
        What kind of unit it is about, in Polish.
    numbers : int
        How many results it states.
    """

    file: str
    row: Row
    kind: str
    numbers: int


@dataclass(frozen=True)
class Chosen:
    """A report to be read and why it was chosen."""

    file: str
    unit: str
    why: str


def choose_sample(candidates: Sequence[Candidate], size: int, seed: int) -> tuple[Chosen, ...]:
    """Choose reports to read: of each notebook, kind of unit and thickness in turn, by lot.

    The thinnest reports and some of those with warnings come on top. The same batch and seed give
    the same reports.

    Parameters
    ----------
    candidates : sequence of Candidate
        All reports that were made.
    size : int
        How many by lot.
    seed : int
        Of the lot.

    Examples
    --------
    >>> choose_sample([], 5, seed=1)
    ()
    """
    lot = random.Random(seed)
    chosen: dict[str, Chosen] = {}
    for one, why in (*_by_lot(candidates, size, lot), *_in_doubt(candidates, lot)):
        chosen.setdefault(one.file, Chosen(one.file, one.row.unit_name, why))
    return tuple(chosen.values())


def report_name(report: str) -> str:
    """Return the Polish name of a report; one of a user's own is called by its file.

    Examples
    --------
    >>> report_name("unit_portrait"), report_name("moje_drogi")
    ('Portret jednostki', 'moje drogi')
    """
    areas = load_catalogue().areas
    own = {stem: words.capitalize() for words, stem in NAMED_NOTEBOOKS.items()}
    return areas[report].name if report in areas else own.get(report, report.replace("_", " "))


def _by_lot(
    candidates: Sequence[Candidate], size: int, lot: random.Random
) -> list[tuple[Candidate, str]]:
    """Draw from each stratum in turn until there are enough."""
    strata: dict[tuple[str, str, str], list[Candidate]] = defaultdict(list)
    by_report: dict[str, list[Candidate]] = defaultdict(list)
    for one in sorted(candidates, key=lambda one: (one.numbers, one.file)):
        by_report[one.row.report].append(one)
    for report, of_report in by_report.items():
        for place, one in enumerate(of_report):
            third = _THIRDS[place * len(_THIRDS) // len(of_report)]
            strata[report, one.kind, third].append(one)
    for of_stratum in strata.values():
        lot.shuffle(of_stratum)
    drawn: list[tuple[Candidate, str]] = []
    order = sorted(strata)
    lot.shuffle(order)
    while len(drawn) < size and any(strata.values()):
        for key in order:
            if strata[key] and len(drawn) < size:
                report, *rest = key
                drawn.append((strata[key].pop(), ", ".join((report_name(report), *rest))))
    return drawn


def _in_doubt(candidates: Sequence[Candidate], lot: random.Random) -> list[tuple[Candidate, str]]:
    thin = sorted(candidates, key=lambda one: (one.numbers, one.file))[:_IN_DOUBT]
    warned = [one for one in candidates if one.row.warnings]
    some = lot.sample(warned, min(_IN_DOUBT, len(warned)))
    return [
        *((one, f"najmniej wyników: {one.numbers}") for one in thin),
        *((one, f"ostrzeżenie: {one.row.warnings[0]}") for one in some),
    ]
