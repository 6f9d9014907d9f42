"""Read results of the eighth-grade exam by school (CKE, OKE) as means of gminy.

The commissions print a mean only for schools with five or more candidates. The mean of a gmina is
that of its printed schools weighted by candidates; where candidates are left out it says so, and
where no school of a gmina is printed there is no value, which is not a zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from smup_lib.plurals import counted, spaced
from smup_lib.sources.numbers import DecimalMark, NumberCells
from smup_lib.sources.official_table import (
    KnownSheet,
    OfficialCell,
    OfficialTable,
    build_official,
    data_rows,
    told_year,
)
from smup_lib.sources.sheet_cells import cell_text, plain_cell, read_cells
from smup_lib.sources.workbook import Workbook

DATASET = "cke:e8"
OVERALL = "primary_exam_mean"
#: Subject over the columns -> variable; the three that everybody takes make the overall mean.
SUBJECTS: Mapping[str, str] = {
    "język polski": "primary_exam_mean_polish",
    "matematyka": "primary_exam_mean_mathematics",
    "język angielski": "primary_exam_mean_english",
}
_TITLE = "Wyniki egzaminu ósmoklasisty według szkół, średnie gmin"
_CODE, _SCHOOL, _CANDIDATES, _MEAN = (
    "kod teryt gminy",
    "rspo",
    "liczba zdających",
    "wynik średni (%)",
)
_SCHOOLS = ("szkoła", "szkoły", "szkół")
_TOP = 8


@dataclass(frozen=True)
class _Layout:
    """The row of the header, the columns of code and school, and those of each subject."""

    header: int
    code: int
    school: int
    subjects: Mapping[str, tuple[int, int]]
    ignored: tuple[str, ...]


@dataclass
class _Sum:
    """Candidates and points of the schools of a gmina in one subject."""

    printed: float = 0.0
    points: float = 0.0
    hidden: float = 0.0


@dataclass
class _Gmina:
    """The schools of a gmina: the line of the first one, its code as written, sums by subject."""

    line: int
    sums: dict[str, _Sum] = field(default_factory=dict)


def _layout(rows: Sequence[Sequence[Any]]) -> _Layout | None:
    for line, row in enumerate(rows):
        labels = [plain_cell(cell) for cell in row]
        if line == 0 or not {_CODE, _SCHOOL, _CANDIDATES, _MEAN} <= set(labels):
            continue
        blocks = {}
        for place, label in enumerate(labels):
            if label == _CANDIDATES and _MEAN in labels[place:]:
                blocks[plain_cell(rows[line - 1][place])] = (place, labels.index(_MEAN, place))
        known = {subject: place for subject, place in blocks.items() if subject in SUBJECTS}
        others = tuple(subject for subject in blocks if subject not in SUBJECTS)
        code, school = labels.index(_CODE), labels.index(_SCHOOL)
        return _Layout(line, code, school, known, others) if known else None
    return None


EXAM_SHEET = KnownSheet(
    _layout,
    _TOP,
    "wyników egzaminu ósmoklasisty",
    "nad kolumnami przedmiot, a niżej: Kod teryt gminy, RSPO, liczba zdających, wynik średni (%)",
    "pobierz plik jeszcze raz ze strony mapa.wyniki.edu.pl",
)


def read_exam_results(
    book: Workbook,
    file: str,
    own_name: str,
    year: int | None = None,
    decimal: DecimalMark | None = None,
) -> OfficialTable:
    """Read results by school.

    Parameters
    ----------
    book : Workbook
    file : str
        Name of the file, for messages and the quarantine.
    own_name : str
        The last part of its name, in which the commissions write the year.
    year : int, optional
        Year that the user told.
    decimal : {",", "."}, optional
        Decimal mark of numbers saved as text.

    Raises
    ------
    UnreadableFileError
        When columns are missing, there are no rows, or nobody tells the year.
    """
    sheet, rows, layout = EXAM_SHEET.open(book, file)
    told, said = told_year(file, own_name, year, [])
    data = data_rows(rows, layout.header + 1, file, sheet)
    gminy, wrong = _gathered(data, layout, decimal)
    cells = [cell for code, gmina in gminy.items() for cell in _told(code, gmina)]
    return build_official(
        file,
        [*cells, *wrong],
        dataset=DATASET,
        title=f"{_TITLE}, {told} r.",
        year=told,
        form=book.form(sheet),
        warnings=(*book.warnings, said, *_notes(data, gminy, layout)),
    )


def _gathered(
    data: Sequence[tuple[int, Sequence[Any]]], layout: _Layout, decimal: DecimalMark | None
) -> tuple[dict[str, _Gmina], list[OfficialCell]]:
    """Return the sums of gminy, and the schools that cannot be read."""
    columns = {
        subject: tuple(read_cells([row[place] for _, row in data], decimal) for place in places)
        for subject, places in layout.subjects.items()
    }
    gminy: dict[str, _Gmina] = {}
    wrong: list[OfficialCell] = []
    seen: set[str] = set()
    for place, (line, row) in enumerate(data):
        school, code = cell_text(row[layout.school]), _gmina_code(row[layout.code])
        repeated = bool(school) and school in seen
        seen.add(school)
        if repeated:
            reason = f"szkoła o numerze RSPO {school} stoi w pliku drugi raz"
            wrong.append(OfficialCell(line, code, OVERALL, float("nan"), school, reason=reason))
            continue
        gmina = gminy.setdefault(code, _Gmina(line))
        for subject, (candidates, means) in columns.items():
            total = gmina.sums.setdefault(subject, _Sum())
            reason = _school_fault(candidates, means, place)
            if reason:
                text = " / ".join(cell_text(row[n]) for n in layout.subjects[subject])
                variable = SUBJECTS[subject]
                wrong.append(OfficialCell(line, code, variable, float("nan"), text, reason=reason))
            elif means.number[place]:
                total.printed += float(candidates.values[place])
                total.points += float(candidates.values[place] * means.values[place])
            elif candidates.number[place]:
                total.hidden += float(candidates.values[place])
    return gminy, wrong


def _gmina_code(cell: Any) -> str:
    """Return the code of a gmina on six digits: the kinds 4 and 5 here name parts of one gmina."""
    text = "".join(cell_text(cell).split())
    return text.zfill(7)[:6] if text.isdigit() and len(text) in (6, 7) else text


def _school_fault(candidates: NumberCells, means: NumberCells, place: int) -> str:
    """Return why the result of a school cannot be counted; empty when it can."""
    if candidates.unreadable[place] or means.unreadable[place]:
        return "liczby zdających albo wyniku nie da się odczytać jako liczby"
    number, mean = float(candidates.values[place]), float(means.values[place])
    if means.number[place] and not number > 0:
        return "jest wynik, a nie ma liczby zdających"
    if candidates.number[place] and (number < 0 or number % 1):
        return "liczba zdających nie jest liczbą całkowitą"
    return "wynik spoza 0-100%" if means.number[place] and not 0 <= mean <= 100 else ""


def _told(code: str, gmina: _Gmina) -> Iterator[OfficialCell]:
    """Yield the means of a gmina: each subject, and all three together."""
    sums = {subject: total for subject, total in gmina.sums.items() if _candidates(total)}
    if not sums:
        yield OfficialCell(gmina.line, code, OVERALL, float("nan"), "", flag="no_data")
        return
    means = []
    for subject, total in sums.items():
        mean = total.points / total.printed if total.printed else float("nan")
        means.append(mean)
        yield _mean_cell(code, gmina.line, SUBJECTS[subject], mean, total.hidden > 0)
    if set(sums) == set(SUBJECTS):
        overall = sum(means) / len(means)  # one missing subject makes it missing, too
        hidden = any(total.hidden > 0 for total in sums.values())
        yield _mean_cell(code, gmina.line, OVERALL, overall, hidden)


def _candidates(total: _Sum) -> float:
    return total.printed + total.hidden


def _mean_cell(code: str, line: int, variable: str, mean: float, hidden: bool) -> OfficialCell:
    known = mean == mean  # NaN differs from itself
    return OfficialCell(
        line=line,
        code=code,
        variable=variable,
        value=mean,
        text=cell_text(mean) if known else "",
        flag="ok" if known else "missing_or_secret",
        qualifiers="incomplete" if known and hidden else "",
    )


def _notes(
    data: Sequence[tuple[int, Sequence[Any]]], gminy: Mapping[str, _Gmina], layout: _Layout
) -> Iterator[str]:
    yield f"{counted(len(data), _SCHOOLS)}; średnia gminy to średnia jej szkół ważona zdającymi"
    for subject in layout.subjects:
        sums = [gmina.sums[subject] for gmina in gminy.values() if subject in gmina.sums]
        hidden, everybody = sum(s.hidden for s in sums), sum(map(_candidates, sums))
        yield (
            f"{subject}: poza średnią {spaced(int(hidden))} z {spaced(int(everybody))} zdających"
            " (szkoły, w których zdawało mniej niż 5 osób, nie mają podanej średniej)"
        )
    missing = set(SUBJECTS) - set(layout.subjects)
    if missing:
        yield f"brak przedmiotów: {', '.join(sorted(missing))}; średniej z trzech nie policzono"
    if layout.ignored:
        yield f"przedmioty, których program nie używa: {', '.join(layout.ignored)}"
