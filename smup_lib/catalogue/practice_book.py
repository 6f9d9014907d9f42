"""Which practice cards are there: those of the workbench and the user's own; one comes, one goes.

A card is one file. It is checked when it comes in and each time it is read, because the next
version of the catalogue may have lost what it names.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from smup_lib.catalogue.catalogue import Catalogue
from smup_lib.catalogue.given_files import read_given
from smup_lib.catalogue.loader import CATALOGUE_DIR, load_catalogue
from smup_lib.catalogue.practice import NOT_TOLD, PracticeCard
from smup_lib.catalogue.practice_rules import list_card_problems
from smup_lib.catalogue.problems import Problem
from smup_lib.catalogue.reading import read_entry
from smup_lib.errors import PracticeError, did_you_mean
from smup_lib.paths import make_dir, practices_dir, told_when_unwritable, write_whole
from smup_lib.plurals import counted
from smup_lib.polish_text import plain_text

PRACTICES_DIR = CATALOGUE_DIR / "practices"
#: A card is a page of text; what is longer is something else.
LARGEST_CARD = 200_000
Added = Literal["new", "replaced", "same"]
#: Stands in for required keys that are wrong, while the rules look at the others.
_ENOUGH = {
    **{"id": "karta", "title": "tytuł", "status": "incomplete"},
    **{"office": {"name": "urząd"}, "source": "źródło"},
}
_CHECK = "popraw plik i sprawdź go znowu: smup practices check PLIK"


@dataclass(frozen=True)
class StoredCard:
    """A card with the file that it came from; ``own`` are the user's."""

    card: PracticeCard
    path: Path
    own: bool


@dataclass(frozen=True)
class PracticeBook:
    """All cards, and what is wrong with the user's own ones that could not be taken.

    Attributes
    ----------
    stored : tuple of StoredCard
        Those of the workbench first, each in the order of ids.
    problems : tuple of Problem
        Of own files that are left out.
    """

    stored: tuple[StoredCard, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def cards(self) -> tuple[PracticeCard, ...]:
        """The cards alone."""
        return tuple(one.card for one in self.stored)

    def find(self, text: str) -> StoredCard:
        """Return the card of an id, a title or its unique beginning.

        Raises
        ------
        PracticeError
            When none or several fit.
        """
        wanted = plain_text(text)
        names = [(one, plain_text(one.card.id), plain_text(one.card.title)) for one in self.stored]
        for found in (
            [one for one, name, _ in names if name == wanted],
            [one for one, name, title in names if wanted in (name, title)],
            [one for one, *both in names if wanted and any(n.startswith(wanted) for n in both)],
        ):
            if len(found) == 1:
                return found[0]
        ids = [one.card.id for one in self.stored]
        hint = did_you_mean(text, [*ids, *(one.card.title for one in self.stored)])
        raise PracticeError(
            f"Nie ma jednej karty praktyki „{text}”{'; ' + hint if hint else ''}.",
            expected=", ".join(ids),
            next_step="listę pokaże: smup practices list",
        )


def read_card(path: Path, catalogue: Catalogue) -> tuple[PracticeCard | None, list[Problem]]:
    """Read a file and return its card, or None, with everything that is wrong with it."""
    problems: list[Problem] = []
    content = read_given(path, problems, largest=LARGEST_CARD)
    if content is None:
        return None, problems
    card = read_entry(PracticeCard, content, path.name, problems)
    if card is not None:
        problems.extend(list_card_problems(card, catalogue, path.name))
    elif isinstance(content, dict):
        problems[:] = [_untold_key(problem, content) for problem in problems]
        problems.extend(_problems_of_the_rest(content, problems, catalogue, path.name))
    return (None if problems else card), problems


def _untold_key(problem: Problem, content: dict[str, Any]) -> Problem:
    """Say of a required key that holds "nie podano" that it must be told, not that it is absent."""
    *parts, key = problem.key.split(".")
    holder: Any = content
    for part in parts:
        holder = holder.get(part) if isinstance(holder, dict) else None
    there = isinstance(holder, dict) and key in holder
    if not there or problem.next_step != "dopisz klucz":
        return problem
    step = f"wpisz treść zamiast: {NOT_TOLD}"
    return replace(problem, what="tego nie można pominąć", next_step=step)


def _problems_of_the_rest(
    content: dict[str, Any], found: Sequence[Problem], catalogue: Catalogue, file: str
) -> list[Problem]:
    """Ask the rules of the keys that have the right shape, so that a file is mended in one go."""
    bad = {re.split(r"[.\[]", problem.key)[0] for problem in found}
    fit = {key: value for key, value in content.items() if key not in bad}
    try:
        card = PracticeCard.model_validate(_ENOUGH | fit)
    except ValidationError:
        return []
    linked = not bad & {"services", "indicators", "problem", "effect"}
    criteria_read = not bad & {"measurement", "change"}
    name = str(content.get("id", card.id))
    return [
        replace(problem, entry=name)
        for problem in list_card_problems(card, catalogue, file)
        if (linked or problem.key != "services" or problem.found)
        and (criteria_read or problem.key != "status")
    ]


def check_card(path: Path, catalogue: Catalogue | None = None) -> PracticeCard:
    """Read a file that is a sound card.

    Raises
    ------
    PracticeError
        With every problem at once: key, what was expected and found, the next step.
    """
    card, problems = read_card(path, catalogue or load_catalogue())
    if card is None:
        raise practice_error(problems, str(path))
    return card


def practice_error(problems: Sequence[Problem], where: str) -> PracticeError:
    """Return the error that tells all problems of a card at once."""
    return PracticeError(
        f"Karta praktyki ma {counted(len(problems), ('błąd', 'błędy', 'błędów'))}.",
        where=where,
        problems=[str(problem) for problem in problems],
        expected="jedna karta praktyki w YAML; wzór daje: smup practices new ID",
        next_step=_CHECK,
    )


@functools.cache
def load_shipped() -> tuple[StoredCard, ...]:
    """Return the cards that ship with the workbench (read once).

    Examples
    --------
    >>> sorted(one.card.office.name for one in load_shipped())
    ['Gdańsk', 'Jaworzno', 'Kielce', 'Tarnów']
    """
    paths = sorted(PRACTICES_DIR.glob("*.yaml"))
    return tuple(StoredCard(check_card(path), path, own=False) for path in paths)


def load_practices() -> PracticeBook:
    """Return all cards; an own file with a problem is left out and told in the book."""
    stored, problems = list(load_shipped()), []
    taken = {one.card.id for one in stored}
    for path in sorted(practices_dir().glob("*.yaml")):
        card, wrong = read_card(path, load_catalogue())
        problems.extend(wrong)
        if card is None:
            continue
        if card.id in taken:
            what = "identyfikator ma już inna karta"
            problems.append(Problem(path.name, card.id, "id", what, next_step="zmień id"))
            continue
        taken.add(card.id)
        stored.append(StoredCard(card, path, own=True))
    return PracticeBook(tuple(stored), tuple(problems))


def add_card(path: Path, *, over: bool = False) -> tuple[StoredCard, Added]:
    """Keep a card of a file among the user's own, byte for byte.

    Parameters
    ----------
    path : Path
        The file, made here or in another office.
    over : bool, default False
        Whether an own card of the same id that says something else may give way.

    Returns
    -------
    tuple of StoredCard and str
        The card kept, and whether it is ``new``, ``replaced`` another or was there (``same``).

    Raises
    ------
    PracticeError
        When the file is not a sound card, or another card has its id.
    SettingsError
        When the folder cannot be written.
    """
    card = check_card(path)
    kept = make_dir(practices_dir()) / f"{card.id}.yaml"
    if kept.resolve() == path.resolve():
        return StoredCard(card, kept, own=True), "same"
    before = _same_name(card, kept)
    if before is not None and before.digest == card.digest:
        return StoredCard(card, kept, own=True), "same"
    if kept.exists() and not over:
        raise _taken(card, str(kept), "żeby ją zastąpić, dodaj --replace")
    advice = (
        "zwolnij miejsce, sprawdź uprawnienia albo zmień SMUP_HOME; zapisane karty są bez zmian"
    )
    with told_when_unwritable(kept, "Nie można zapisać karty", advice):
        there = kept.exists()
        write_whole(kept, path.read_bytes())
    return StoredCard(card, kept, own=True), "replaced" if there else "new"


def _same_name(card: PracticeCard, kept: Path) -> PracticeCard | None:
    """Return the own card of the same id; one of the workbench may only be the very same."""
    shipped = next((one.card for one in load_shipped() if one.card.id == card.id), None)
    if shipped is not None and shipped.digest != card.digest:
        raise _taken(card, "karty programu", "zmień id swojej karty")
    if shipped is not None:
        return shipped
    return read_card(kept, load_catalogue())[0] if kept.is_file() else None


def _taken(card: PracticeCard, where: str, step: str) -> PracticeError:
    return PracticeError(
        f"Karta „{card.id}” już jest i mówi co innego.",
        where=where,
        expected="inny identyfikator albo ta sama treść",
        next_step=step,
    )


def copy_card(stored: StoredCard, path: Path) -> Path:
    """Write the file of a card, byte for byte, for another office; never over another file.

    Raises
    ------
    SettingsError
        When the file is there already, or cannot be written.
    """
    target = path / stored.path.name if path.is_dir() else path
    advice = "wskaż inne miejsce: --out ŚCIEŻKA"
    with told_when_unwritable(target, "Nie można zapisać karty", advice):
        write_whole(target, stored.path.read_bytes(), over=False)
    return target


def remove_card(name: str) -> Path:
    """Remove an own card and return the file that it was.

    Raises
    ------
    PracticeError
        When there is none of that id; a card of the workbench stays.
    """
    paths = {path.stem: path for path in practices_dir().glob("*.yaml")}
    if name not in paths:
        hint = did_you_mean(name, paths)
        raise PracticeError(
            f"Nie ma własnej karty „{name}”{'; ' + hint if hint else ''}.",
            where=str(practices_dir()),
            expected=", ".join(sorted(paths)) or "żadna własna karta nie jest jeszcze zapisana",
            next_step="listę pokaże: smup practices list",
        )
    advice = "sprawdź uprawnienia i powtórz"
    with told_when_unwritable(paths[name], "Nie można usunąć karty", advice):
        paths[name].unlink()
    return paths[name]
