"""What did the doctor look at, how is it, and what is the next step?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from smup_lib.errors import SmupError

Status = Literal["ok", "warning", "error"]
#: As a reader sees them.
STATUS_WORDS: Mapping[Status, str] = {"ok": "ok", "warning": "uwaga", "error": "błąd"}
_UNITS = ("B", "kB", "MB", "GB", "TB")


@dataclass(frozen=True)
class Diagnosis:
    """One thing that was looked at.

    Attributes
    ----------
    check : str
        What was looked at, for programs: ``disk``.
    status : str
        ``ok``, ``warning`` (works, and something is to be known or done) or ``error`` (something
        does not work).
    text : str
        What was found, Polish.
    next_step : str
        What to do; never empty beside a warning or an error.
    problems : tuple of str
        Details, one a line.
    data : mapping
        The same for programs.
    """

    check: str
    status: Status
    text: str
    next_step: str = ""
    problems: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, check: str, error: SmupError, status: Status = "error") -> Diagnosis:
        """Return what an error of ours says."""
        where = (f"gdzie: {error.where}",) if error.where else ()
        expected = (f"oczekiwano: {error.expected}",) if error.expected else ()
        step = error.next_step or "popraw to i uruchom smup doctor jeszcze raz"
        return cls(check, status, error.what, step, (*where, *error.problems, *expected))


@dataclass(frozen=True)
class Section:
    """Diagnoses that belong together, under a Polish title."""

    id: str
    title: str
    diagnoses: tuple[Diagnosis, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the section for ``--json``."""
        return asdict(self)


def said_size(size: int) -> str:
    """Return a number of bytes as one says it.

    Examples
    --------
    >>> [said_size(n).replace(chr(160), " ") for n in (0, 999, 1_500, 2_000_000_000)]
    ['0 B', '999 B', '1,5 kB', '2 GB']
    """
    amount, place = float(size), 0
    while amount >= 1_000 and place < len(_UNITS) - 1:
        amount, place = amount / 1_000, place + 1
    shown = f"{amount:.1f}".removesuffix(".0").replace(".", ",")
    return f"{shown}\u00a0{_UNITS[place]}"


def nearest_folder(path: Path) -> Path:
    """Return the folder itself, or the nearest one above it that is there."""
    for folder in (path, *path.parents):
        if folder.is_dir():
            return folder
    return Path(path.anchor or ".")
