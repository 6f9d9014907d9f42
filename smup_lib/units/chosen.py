"""Keep comparison groups that a user put together: a name, a reason, a list of units."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smup_lib.catalogue.given_files import read_given
from smup_lib.catalogue.problems import Problem
from smup_lib.errors import GroupError, UnitError, did_you_mean
from smup_lib.paths import groups_dir, make_dir, told_when_unwritable, write_whole
from smup_lib.polish_text import polish_order
from smup_lib.units.names import find_unit
from smup_lib.units.register import Register
from smup_lib.units.unit import Unit

_NAME = re.compile(r"[^\W_][\w\- ]{0,59}")
_KEYS = ("name", "reason", "units")
#: A list of all gminy is a tenth of it; what is longer is something else.
_LARGEST = 500_000


@dataclass(frozen=True)
class SavedGroup:
    """A list of units with its name and the reason for choosing them."""

    name: str
    reason: str
    units: tuple[str, ...]


def save_group(name: str, reason: str, units: Sequence[str], *, over: bool = False) -> Path:
    """Save a group under a name, so that ``chosen:@name`` means it.

    Parameters
    ----------
    name : str
        Letters, digits, spaces and hyphens.
    reason : str
        Why just these units; printed with every comparison.
    units : sequence of str
        Codes (or names) of the members.
    over : bool, default False
        Whether another group of the name may give way; the same units may be saved again.

    Returns
    -------
    Path
        The file, in the folder of own groups.

    Raises
    ------
    GroupError
        With everything wrong, or when the name means other units already.
    """
    import yaml

    problems = [] if _NAME.fullmatch(name) else [f"nazwa „{name}”: litery, cyfry, spacje, łączniki"]
    problems += [] if reason.strip() else ["powód wyboru jest pusty"]
    problems += [] if units else ["lista jednostek jest pusta"]
    if problems:
        raise GroupError(
            "Nie można zapisać grupy.",
            problems=problems,
            expected="nazwa, powód wyboru i lista kodów jednostek",
            next_step="popraw wymienione miejsca i zapisz jeszcze raz",
        )
    path = make_dir(groups_dir()) / f"{name}.yaml"
    if path.is_file() and not over and read_group(path).units != tuple(units):
        raise GroupError(
            f"Grupa „{name}” już jest i ma inne jednostki.",
            where=str(path),
            expected="nazwa, której nie ma żadna zapisana grupa",
            next_step="wybierz inną nazwę albo zastąp tamtą grupę, dodając --replace",
        )
    content = {"name": name, "reason": reason.strip(), "units": list(units)}
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, default_style='"')
    advice = "sprawdź wolne miejsce i uprawnienia albo zmień SMUP_HOME"
    with told_when_unwritable(path, "Nie można zapisać grupy", advice):
        write_whole(path, text)
    return path


def remove_group(name: str) -> Path:
    """Remove a saved group and return the file that it was.

    Raises
    ------
    GroupError
        When there is none of that name.
    SettingsError
        When the file cannot be removed.
    """
    path = _path_of(name)
    advice = "sprawdź uprawnienia i powtórz"
    with told_when_unwritable(path, "Nie można usunąć grupy", advice):
        path.unlink()
    return path


def list_saved_groups() -> tuple[str, ...]:
    """List the names of the saved groups."""
    return tuple(sorted((path.stem for path in groups_dir().glob("*.yaml")), key=polish_order))


def load_group(name: str) -> SavedGroup:
    """Load a saved group.

    Raises
    ------
    GroupError
        When there is none of that name, or its file is not a group.
    """
    return read_group(_path_of(name))


def add_group(path: Path) -> Path:
    """Take over a group that another office saved, under the name that it bears.

    A group travels as its one file, which ``smup unit saved`` names.

    Raises
    ------
    GroupError
        When the file is not a saved group, or another group of that name is kept here already.
    """
    if not path.is_file():
        raise GroupError(
            "Nie ma pliku z grupą.",
            where=str(path),
            expected="plik .yaml zapisany poleceniem smup unit group --save",
            next_step="sprawdź ścieżkę do pliku",
        )
    group = read_group(path)
    if group.name in list_saved_groups() and load_group(group.name) != group:
        raise GroupError(
            f"Jest już zapisana inna grupa „{group.name}”.",
            where=str(groups_dir() / f"{group.name}.yaml"),
            expected="nazwa, której jeszcze nie ma",
            next_step=f"zmień klucz name w pliku albo usuń swoją grupę: "
            f'smup unit saved --remove "{group.name}"',
        )
    return save_group(group.name, group.reason, group.units)


def read_group(path: Path) -> SavedGroup:
    """Read the file of a saved group.

    Raises
    ------
    GroupError
        When it cannot be read or is not a group.
    """
    import yaml

    problems: list[Problem] = []
    read_given(path, problems, largest=_LARGEST)
    if problems:
        raise GroupError(
            "Pliku grupy nie da się przeczytać.",
            where=str(path),
            problems=[str(problem) for problem in problems],
            expected=f"plik YAML z kluczami {', '.join(_KEYS)}",
            next_step="popraw plik albo zapisz grupę jeszcze raz",
        )
    # the base loader keeps every scalar a text: 0201 stays a code
    content: Any = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    listed = content.get("units") if isinstance(content, dict) else None
    if (
        not isinstance(content, dict)
        or set(content) != set(_KEYS)
        or not isinstance(listed, list)
        or not all(isinstance(item, str) for item in listed)
    ):
        raise GroupError(
            "Plik nie jest zapisaną grupą.",
            where=str(path),
            expected=f"klucze {', '.join(_KEYS)}",
            next_step="popraw plik albo zapisz grupę jeszcze raz",
        )
    return SavedGroup(str(content["name"]), str(content["reason"]), tuple(listed))


def _path_of(name: str) -> Path:
    """Return the file of a saved group, or raise when there is none."""
    known = list_saved_groups()
    if not _NAME.fullmatch(name) or name not in known:
        hint = did_you_mean(name, known)
        raise GroupError(
            f"Nie ma zapisanej grupy „{name}”{'; ' + hint if hint else ''}.",
            where=str(groups_dir()),
            expected=", ".join(known) or "żadna grupa nie jest jeszcze zapisana",
            next_step="popraw nazwę albo zapisz grupę: "
            "smup unit group JEDNOSTKA --group wybrane:KOD,KOD --save NAZWA",
        )
    return groups_dir() / f"{name}.yaml"


def check_chosen(
    register: Register, unit: Unit, listed: Sequence[str], year: int
) -> tuple[str, ...]:
    """Return the codes of a chosen group, or raise with everything wrong with it.

    Parameters
    ----------
    register : Register
        Which units exist.
    unit : Unit
        The unit that is compared; it cannot be its own peer.
    listed : sequence of str
        Codes or names as the user gave them.
    year : int
        Year in which the members must exist.

    Raises
    ------
    GroupError
        Listing duplicates, unknown units, the unit itself and units of another level at once.
    """
    problems: list[str] = []
    codes: list[str] = []
    for text in listed:
        for code in _resolved(register, unit, text, year, problems.append):
            if code == unit.code:
                problems.append(f"{text}: to jednostka, którą porównujemy")
            elif code in codes:
                problems.append(f"{text}: jednostka {code} jest na liście drugi raz")
            else:
                codes.append(code)
    if not listed:
        problems.append("lista jest pusta")
    if problems:
        raise GroupError(
            "Wybrana grupa ma błędy.",
            problems=problems,
            expected="kody różnych jednostek tego samego szczebla, na przykład wybrane:1261,1262",
            next_step="popraw listę i powtórz polecenie",
        )
    return tuple(codes)


def _resolved(
    register: Register, unit: Unit, text: str, year: int, report: Callable[[str], None]
) -> Iterator[str]:
    """Yield the code of one entry, or report why it has none."""
    try:
        yield find_unit(register, text, level=unit.level, year=year).code
    except UnitError as error:
        report(f"{text}: {error.what}")
