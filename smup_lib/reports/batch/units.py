"""Which units does an order mean? Words, codes, names, saved lists and files become codes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from smup_lib.catalogue.history import other_code_of
from smup_lib.errors import AmbiguousUnitError, ParameterError, UnitError, UnknownUnitError
from smup_lib.plurals import counted
from smup_lib.polish_text import plain_text
from smup_lib.reports.batch.unit_list import (
    HEADING,
    Columns,
    ListRow,
    find_columns,
    is_list_file,
    read_list,
)
from smup_lib.teryt import is_city_code, level_of
from smup_lib.units import Register, find_unit
from smup_lib.units.chosen import load_group

#: Words that mean all units of a level; ``wszystkie`` means both, each city once.
_LEVELS = {"gminy": ("gmina",), "powiaty": ("powiat",), "wszystkie": ("gmina", "powiat")}
#: Digits of a code that a spreadsheet took for a number: 0201 has become 201.
_LOST_ZERO = re.compile(r"\d{3}|\d{5}")
_SHOWN = 20
_EXPECTED = (
    "powiaty, gminy, wszystkie, gminy:WOJEWÓDZTWO albo gminy:POWIAT, @nazwa zapisanej grupy, "
    "plik .csv, .txt albo .xlsx z kodami albo nazwami, kody albo nazwy po przecinku"
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
    *,
    skip_unknown: bool = False,
) -> ChosenUnits:
    """Return the units that terms mean.

    Parameters
    ----------
    register : Register
        Which units exist.
    terms : iterable of str
        ``powiaty``, ``gminy``, ``wszystkie``; one of these with a place after a colon
        (``gminy:małopolskie``, ``gminy:1206``); ``@name`` of a saved group; a file with a code or
        name in each row; a code; a name.
    year : int
        In which the units must exist.
    levels : sequence of str
        Levels that the reports have; ``wszystkie`` leaves out the others.
    city : callable, optional
        Which of its two codes a city with powiat rights reports under when all units of both
        levels are meant; that of the powiat when omitted.
    skip_unknown : bool, default False
        Whether codes and names that mean no unit are told in the notes, and the others taken.

    Raises
    ------
    ParameterError
        With every term that means nothing.
    """
    choice = _Choice(register, year, levels, city)
    found = [code for term in terms for code in choice.codes_of(term.strip())]
    problems, unknown = choice.problems, choice.unknown
    if not found and not problems and not unknown:
        problems.append("żadna jednostka nie jest wybrana")
    if problems or (unknown and not (skip_unknown and found)):
        more = " albo pomiń te wiersze opcją --skip-unknown" if found and not problems else ""
        raise ParameterError(
            "Nie wszystkie jednostki są znane.",
            problems=_shortened([*unknown, *problems]),
            expected=_EXPECTED,
            next_step=f"popraw listę (jednostki wypisze: smup unit list){more}",
        )
    once = tuple(dict.fromkeys(found))
    skipped = [f"Pominięto: {told}." for told in _shortened(unknown)]
    return ChosenUnits(once, (*choice.notes, *skipped, *_told_twice(found, once)))


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


class _Choice:
    """Looks terms up one by one and keeps what should be known of them.

    Attributes
    ----------
    problems : list of str
        Terms that nothing can be done with.
    unknown : list of str
        Single codes and names that mean no unit.
    notes : list of str
        How files were read.
    """

    def __init__(
        self,
        register: Register,
        year: int,
        levels: Sequence[str],
        city: Callable[[str], str] | None,
    ) -> None:
        self._register, self._year, self._levels, self._city = register, year, levels, city
        self.problems: list[str] = []
        self.unknown: list[str] = []
        self.notes: list[str] = []

    def codes_of(self, term: str) -> Iterator[str]:
        """Yield the codes of a term."""
        word, _, place = term.partition(":")
        if plain_text(word) in _LEVELS:
            asked = [one for one in _LEVELS[plain_text(word)] if one in self._levels]
            if not asked:
                self.problems.append(f"{term}: raport nie obejmuje tego szczebla")
            yield from self._all_of(asked, place.strip())
        elif term.startswith("@"):
            for text in load_group(term[1:]).units:
                yield from self._one(text, term)
        elif is_list_file(term):
            yield from self._file(Path(term).expanduser())
        else:
            yield from self._one(term)

    def _all_of(self, levels: Sequence[str], place: str) -> Iterator[str]:
        """Yield all units of the levels, within a place if one is told; a city once."""
        within = ""
        if place:
            try:
                within = _place(self._register, place, self._year)
            except UnitError as error:
                self.problems.append(f"{place}: {_told(error)}")
                return
        both = len(levels) > 1
        for level in levels:
            for code in self._register.codes(level, self._year):
                if not code.startswith(within):
                    continue
                if both and is_city_code(code):
                    if level == "powiat":
                        continue  # its gmina stood for it
                    powiat = other_code_of(code) or code
                    yield self._city(powiat) if self._city else powiat
                else:
                    yield code

    def _one(self, text: str, where: str = "") -> Iterator[str]:
        """Yield the code that a text means, or note that it means none."""
        try:
            unit = find_unit(self._register, text, year=self._year)
        except UnitError as error:
            told = _told(error)
        else:
            if unit.level in ("gmina", "powiat"):
                yield unit.code
                return
            advice = f"jednostki w nim: powiaty:{unit.name} albo gminy:{unit.name}"
            told = f"{text}: {unit.label} nie ma raportu; {advice}"
        self.unknown.append(": ".join(part for part in (where, told) if part))

    def _file(self, path: Path) -> Iterator[str]:
        """Yield the codes of a list; say which column was read, and what else it says."""
        rows = read_list(path)
        columns, headed = self._columns(rows)
        restored: list[int] = []
        for row in rows[headed:]:
            text = _cell(row, columns.unit)
            if _LOST_ZERO.fullmatch(text):
                text = f"0{text}"
                restored.append(row.number)
            where = f"{path.name}, wiersz {row.number}"
            codes = list(self._one(text, where)) if text else self._blank(columns.unit, where)
            named = "" if columns.name in (None, columns.unit) else _cell(row, columns.name or 0)
            for code in codes:
                if not named or text == named or not text.isdigit():
                    yield code
                elif other := self._other_unit(code, named):
                    self.unknown.append(f"{where}: kod {text} to {self._label(code)},"
                                        f" a nazwa „{named}” to {other}")  # fmt: skip
                else:
                    yield code
        self._tell_reading(path, rows[0], columns, headed, restored)

    def _blank(self, column: int, where: str) -> list[str]:
        self.unknown.append(f"{where}: kolumna {column + 1} jest pusta")
        return []

    def _columns(self, rows: Sequence[ListRow]) -> tuple[Columns, bool]:
        """Return which columns say what, and whether the first row is a heading."""
        told = [next(filter(None, row.cells)) for row in rows]
        if _has_heading(self._register, told, self._year):
            return find_columns(rows[0].cells), True
        wide = max(len(row.cells) for row in rows) > 1
        return Columns(0, 1 if wide else None), False

    def _tell_reading(
        self, path: Path, first: ListRow, columns: Columns, headed: bool, restored: Sequence[int]
    ) -> None:
        said = []
        if headed:
            told = next(filter(None, first.cells))
            said.append(f"pierwszy wiersz „{told}” pominięto jako nagłówek")
        if len(first.cells) > 1:
            title = f" („{_cell(first, columns.unit)}”)" if headed else ""
            said.append(f"jednostki wskazuje kolumna {columns.unit + 1}{title}")
        if restored:
            rows = counted(len(restored), ("wierszu", "wierszach", "wierszach"))
            said.append(f"zero, które kod zgubił na początku, dopisano w {rows}")
        if said:
            self.notes.append(f"{path.name}: {'; '.join(said)}.")

    def _label(self, code: str) -> str:
        return self._register.unit(code, self._year).label

    def _other_unit(self, code: str, name: str) -> str:
        """Return which other unit a name beside a code means; empty when it may mean this one."""
        for level in (level_of(code), None):
            try:
                unit = find_unit(self._register, name, level, self._year)
            except AmbiguousUnitError as error:
                meant = {one.code for one in error.candidates}
                listed = " albo ".join(one.label for one in error.candidates)
            except UnitError:
                continue  # no name of a unit of this level: another remark, perhaps
            else:
                meant, listed = {unit.code}, unit.label
            ours = {code, other_code_of(code)}
            return "" if ours & meant or any(code.startswith(one) for one in meant) else listed
        return ""


def _cell(row: ListRow, column: int) -> str:
    return row.cells[column] if column < len(row.cells) else ""


def _told(error: UnitError) -> str:
    """Say in one line why a text means no unit, with what it may have meant."""
    if isinstance(error, AmbiguousUnitError):
        listed = " albo ".join(one.label for one in error.candidates)
        return f"{error.what.rstrip('.')}: {listed}"
    if not isinstance(error, UnknownUnitError) and error.next_step:
        return f"{error.what.rstrip('.')}; {error.next_step}"
    return error.what


def _place(register: Register, text: str, year: int) -> str:
    """Return the code of a voivodeship, or of a powiat where no voivodeship is called so."""
    try:
        return find_unit(register, text, "voivodeship", year).code
    except UnitError:
        return find_unit(register, text, "powiat", year).code


def _has_heading(register: Register, told: Sequence[str], year: int) -> bool:
    """Say whether the first line is no unit, nor a name that was only misspelt."""
    if len(told) < 2 or told[0][0].isdigit():
        return False
    try:
        find_unit(register, told[0], year=year)
    except UnknownUnitError as error:
        words = set(re.findall(r"[a-z]+", plain_text(told[0])))
        coded = any(cell[0].isdigit() for cell in told[1:])
        return words <= HEADING or (coded and not error.suggestions)
    except UnitError:
        return False  # several are called so
    return False
