"""How is a fault of the catalogue told: where, what, expected, found, the next step?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

from smup_lib.errors import CatalogueError
from smup_lib.plurals import counted


class Fault(NamedTuple):
    """What is wrong with one key of an entry; who finds it need not know the file."""

    key: str
    what: str
    expected: str = ""
    found: str = ""
    next_step: str = ""


@dataclass(frozen=True)
class Problem:
    """A fault with its place: the file and the id of the entry (empty: the whole file)."""

    file: str
    entry: str
    key: str
    what: str
    expected: str = ""
    found: str = ""
    next_step: str = ""

    def __str__(self) -> str:
        """Return the place and the fault in a line, and below it each part that is known."""
        parts = {"oczekiwano": self.expected, "jest": self.found, "co zrobić": self.next_step}
        below = [f"      {label}: {text}" for label, text in parts.items() if text]
        return "\n".join([f"{self.where}: {self.what}", *below])

    @property
    def where(self) -> str:
        """The place: file, entry and key, as far as they are known."""
        return ": ".join(part for part in (self.file, self.entry, self.key) if part)

    def as_dict(self) -> dict[str, str]:
        """Return the parts by their English names."""
        return asdict(self) | {"where": self.where}


def catalogue_error(
    problems: Sequence[Problem], where: str, subject: str = "Katalog"
) -> CatalogueError:
    """Return the error that tells all problems of a catalogue at once.

    Examples
    --------
    >>> problem = Problem("sources.yaml", "gus", "url", "nieznany klucz", next_step="usuń klucz")
    >>> print(catalogue_error([problem, problem], "katalog").what)
    Katalog ma 2 błędy.
    """
    return CatalogueError(
        f"{subject} ma {counted(len(problems), ('błąd', 'błędy', 'błędów'))}.",
        where=where,
        problems=[str(problem) for problem in problems],
        expected="pliki YAML zgodne ze schematem i regułami katalogu",
        next_step="popraw pliki i sprawdź je znowu: smup catalogue check",
    )
