"""Which units does an order mean? Words, codes, names, saved lists and files become codes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from smup_lib.catalogue.history import other_code_of
from smup_lib.errors import ParameterError, UnitError, UnknownUnitError, system_reason
from smup_lib.plurals import counted
from smup_lib.polish_text import plain_text
from smup_lib.teryt import is_city_code
from smup_lib.units import Register, find_unit
from smup_lib.units.chosen import load_group

#: Words that mean all units of a level; ``wszystkie`` means both, each city once.
_LEVELS = {"gminy": ("gmina",), "powiaty": ("powiat",), "wszystkie": ("gmina", "powiat")}
_FILES = (".txt", ".csv", ".tsv")
_CELL = re.compile(r"[;,\t]")
#: Words of which a heading is made, whatever unit may be called alike.
_HEADING = frozenset(
    (
        *("code", "gmina", "gminy", "id", "jednostka", "jednostki", "jst", "kod", "kody", "lista"),
        *("lp", "miasto", "name", "nazwa", "nazwy", "powiat", "powiaty", "teryt", "unit", "units"),
    )
)
_LARGEST = 5_000_000
_SHOWN = 20
_EXPECTED = (
    "powiaty, gminy, wszystkie, gminy:WOJEWÓDZTWO albo gminy:POWIAT, @nazwa zapisanej grupy, "
    "plik .txt lub .csv z kodami, kody albo nazwy po przecinku"
)


@dataclass(frozen=True)
class ChosenUnits:
    """Codes of units, each once, and what should be known of the choice.

    Attributes
    ----------
    codes : tuple of str
        In the order asked for.
    notes : tuple of str
        Polish sentences: which were asked for twice, which line was taken for a heading.
    """

    codes: tuple[str, ...]
    notes: tuple[str, ...] = ()


def choose_units(
    register: Register,
    terms: Iterable[str],
    year: int,
    levels: Sequence[str] = ("gmina", "powiat"),
    city: Callable[[str], str] | None = None,
) -> ChosenUnits:
    """Return the units that terms mean.

    Parameters
    ----------
    register : Register
        Which units exist.
    terms : iterable of str
        ``powiaty``, ``gminy``, ``wszystkie``; one of these with a place after a colon
        (``gminy:małopolskie``, ``gminy:1206``); ``@name`` of a saved group; a file with a code or
        name at the beginning of each line; a code; a name.
    year : int
        In which the units must exist.
    levels : sequence of str
        Levels that the reports have; ``wszystkie`` leaves out the others.
    city : callable, optional
        Which of its two codes a city with powiat rights reports under when all units of both
        levels are meant; that of the powiat when omitted.

    Raises
    ------
    ParameterError
        With every term that means nothing.
    """
    problems: list[str] = []
    found: list[str] = []
    notes: list[str] = []
    for term in terms:
        found += _codes_of(register, term.strip(), year, levels, city, problems, notes)
    if not found and not problems:
        problems.append("żadna jednostka nie jest wybrana")
    if problems:
        raise ParameterError(
            "Nie wszystkie jednostki są znane.",
            problems=_shortened(problems),
            expected=_EXPECTED,
            next_step="popraw listę; jednostki wypisze: smup unit list",
        )
    once = tuple(dict.fromkeys(found))
    return ChosenUnits(once, (*notes, *_told_twice(found, once)))


def _told_twice(found: Sequence[str], once: Sequence[str]) -> tuple[str, ...]:
    extra = len(found) - len(once)
    if not extra:
        return ()
    seen: set[str] = set()
    twice = dict.fromkeys(code for code in found if code in seen or seen.add(code))  # type: ignore[func-returns-value]
    listed = ", ".join(list(twice)[:_SHOWN]) + (" i inne" if len(twice) > _SHOWN else "")
    times = counted(extra, ("powtórzenie", "powtórzenia", "powtórzeń"))
    return (f"Na liście jednostek jest {times}; każda dostanie jeden raport: {listed}.",)


def _shortened(problems: Sequence[str]) -> list[str]:
    """Return the first problems and how many more there are: a wrong file has thousands."""
    rest = len(problems) - _SHOWN
    if rest <= 0:
        return list(problems)
    more = counted(rest, ("podobny wiersz", "podobne wiersze", "podobnych wierszy"))
    return [*problems[:_SHOWN], f"i jeszcze {more}"]


def _codes_of(
    register: Register,
    term: str,
    year: int,
    levels: Sequence[str],
    city: Callable[[str], str] | None,
    problems: list[str],
    notes: list[str],
) -> Iterator[str]:
    word, _, place = term.partition(":")
    if plain_text(word) in _LEVELS:
        asked = [one for one in _LEVELS[plain_text(word)] if one in levels]
        if not asked:
            problems.append(f"{term}: raport nie obejmuje tego szczebla")
        yield from _all_of(register, asked, place, year, city, problems)
    elif term.startswith("@"):
        yield from _listed(register, load_group(term[1:]).units, year, term, problems)
    elif term.endswith(_FILES):
        path = Path(term).expanduser()
        told = _read_list(path)
        if _has_heading(register, told, year):
            notes.append(f"{path.name}: pierwszy wiersz „{told[0]}” pominięto jako nagłówek.")
            told = told[1:]
        yield from _listed(register, told, year, path.name, problems)
    else:
        yield from _listed(register, [term], year, "", problems)


def _all_of(
    register: Register,
    levels: Sequence[str],
    place: str,
    year: int,
    city: Callable[[str], str] | None,
    problems: list[str],
) -> Iterator[str]:
    """Yield all units of the levels, within a place if one is told; a city once."""
    within = ""
    if place.strip():
        try:
            within = _place(register, place.strip(), year)
        except UnitError as error:
            problems.append(f"{place}: {error.what}")
            return
    both = len(levels) > 1
    for level in levels:
        for code in register.codes(level, year):
            if not code.startswith(within):
                continue
            if both and is_city_code(code):
                if level == "powiat":
                    continue  # its gmina stood for it
                powiat = other_code_of(code) or code
                yield city(powiat) if city else powiat
            else:
                yield code


def _place(register: Register, text: str, year: int) -> str:
    """Return the code of a voivodeship, or of a powiat where no voivodeship is called so."""
    try:
        return find_unit(register, text, "voivodeship", year).code
    except UnitError:
        return find_unit(register, text, "powiat", year).code


def _listed(
    register: Register, texts: Iterable[str], year: int, where: str, problems: list[str]
) -> Iterator[str]:
    for text in texts:
        try:
            unit = find_unit(register, text, year=year)
        except UnitError as error:
            problems.append(": ".join(part for part in (where, error.what) if part))
            continue
        if unit.level in ("gmina", "powiat"):
            yield unit.code
        else:
            advice = f"jednostki w nim: powiaty:{unit.name} albo gminy:{unit.name}"
            told = f"{text}: {unit.label} nie ma raportu; {advice}"
            problems.append(": ".join(part for part in (where, told) if part))


def _read_list(path: Path) -> list[str]:
    """Return the first cell of each line; empty lines and remarks are no units."""
    try:
        if path.stat().st_size > _LARGEST:
            raise _unreadable(path, "plik jest za duży na listę jednostek")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise _unreadable(path, system_reason(error)) from error
    except UnicodeDecodeError:
        text = path.read_bytes().decode("cp1250", errors="replace")
    cells = [_CELL.split(line)[0].strip().strip('"') for line in text.splitlines()]
    return [cell for cell in cells if cell and not cell.startswith("#")]


def _has_heading(register: Register, told: Sequence[str], year: int) -> bool:
    """Say whether the first line is no unit, nor a name that was only misspelt."""
    if len(told) < 2 or told[0][0].isdigit():
        return False
    try:
        find_unit(register, told[0], year=year)
    except UnknownUnitError as error:
        words = set(re.findall(r"[a-z]+", plain_text(told[0])))
        coded = any(cell[0].isdigit() for cell in told[1:])
        return words <= _HEADING or (coded and not error.suggestions)
    except UnitError:
        return False  # several are called so
    return False


def _unreadable(path: Path, reason: str) -> ParameterError:
    return ParameterError(
        f"Nie można odczytać listy jednostek: {reason}.",
        where=str(path),
        expected="plik tekstowy z kodem albo nazwą jednostki na początku każdego wiersza",
        next_step="sprawdź ścieżkę i powtórz polecenie",
    )
