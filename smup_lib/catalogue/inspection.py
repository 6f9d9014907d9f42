"""What does ``smup catalogue check`` tell of a whole folder, territorial changes included?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smup_lib.catalogue.changes import CHANGES_FILE, read_changes_draft
from smup_lib.catalogue.loader import read_draft
from smup_lib.catalogue.problems import Problem
from smup_lib.errors import CatalogueError


@dataclass(frozen=True)
class Inspection:
    """What stands in a folder of the catalogue.

    Attributes
    ----------
    problems : tuple of Problem
        Everything that is wrong; empty when the catalogue can be used.
    counts : dict of str to int
        Entries that could be read, by their kind.
    unsigned : tuple of str
        Indicators with a direction that nobody has signed a second time, so it does not count.
    """

    problems: tuple[Problem, ...]
    counts: dict[str, int]
    unsigned: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return everything for a machine, with English keys."""
        return {
            "ok": not self.problems,
            "counts": self.counts,
            "unsigned": list(self.unsigned),
            "problems": [problem.as_dict() for problem in self.problems],
        }


def inspect_folder(folder: Path) -> Inspection:
    """Read a folder and gather all its problems; ``territorial_changes.yaml`` may be absent.

    Raises
    ------
    CatalogueError
        When there is no such folder.
    """
    if not folder.is_dir():
        raise CatalogueError(
            "Nie ma takiego folderu katalogu.",
            where=str(folder),
            expected="folder z plikiem sources.yaml i podfolderami variables i areas",
            next_step="podaj inny folder albo pomiń go, aby sprawdzić katalog programu",
        )
    draft, problems = read_draft(folder)
    changes = folder / CHANGES_FILE
    events, more = read_changes_draft(changes) if changes.is_file() else ((), [])
    directed = [i for i in draft.indicators.values() if i.polarity.direction != "neutral"]
    return Inspection(
        problems=(*problems, *more),
        counts={
            "areas": len(draft.areas),
            "indicators": len(draft.indicators),
            "variables": len(draft.variables),
            "publishers": len(draft.publishers),
            "territorial_changes": len(events),
        },
        unsigned=tuple(i.id for i in directed if not i.polarity.signed),
    )
