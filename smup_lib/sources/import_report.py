"""What did an import understand, leave out and need, said in plain Polish?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from smup_lib.plurals import ROW_NOUN, counted, plural, spaced
from smup_lib.sources.clashes import SourceClash
from smup_lib.sources.merging import said_value
from smup_lib.sources.revisions import Revision

Status = Literal["read", "partly_read", "kept", "refused"]

_STATUS_NAMES: dict[Status, str] = {
    "read": "wczytany",
    "partly_read": "wczytany częściowo",
    "kept": "zachowany bez wczytania",
    "refused": "odrzucony",
}
_LEVEL_NAMES = {
    "country": "kraj",
    "voivodeship": "województwa",
    "powiat": "powiaty",
    "gmina": "gminy",
    "macroregion": "makroregiony",
    "region": "regiony",
    "subregion": "podregiony",
    "locality": "miejscowości",
}
_KIND_NAMES = {
    "urban": "gminy miejskie",
    "rural": "gminy wiejskie",
    "urban_rural": "gminy miejsko-wiejskie",
    "town_part": "miasta w gminach miejsko-wiejskich",
    "rural_part": "obszary wiejskie",
    "district": "dzielnice",
    "delegation": "delegatury",
    "land_powiat": "powiaty ziemskie",
    "city_with_powiat_rights": "miasta na prawach powiatu (na obu szczeblach)",
    "voivodeship": "województwa",
    "country": "kraj",
}
#: Flags of observations in Polish.
FLAG_NAMES = {
    "ok": "wartość",
    "true_zero": "prawdziwe zero",
    "below_format": "poniżej dokładności zapisu",
    "missing_or_secret": "brak informacji lub tajemnica statystyczna",
    "not_available_yet": "jeszcze niedostępne",
    "no_data": "brak danych",
    "ambiguous_zero": "zero albo brak danych",
    "zero_denominator": "zerowy mianownik",
    "not_applicable": "nie dotyczy",
    "suppressed_here": "ukryte przez nas",
    "unreadable": "nieczytelne",
}
_QUALIFIER_NAMES = {
    "preliminary": "wstępne",
    "method_change": "zmiana metody",
    "incomplete": "niepełne",
    "low_precision": "mała precyzja",
    "joint_with_city": "razem z miastem",
    "small_denominator": "mała liczba przypadków",
    "territorial_break": "przerwa terytorialna",
    "estimated_weights": "wagi szacunkowe",
}
_NUMBERS = ("ok", "true_zero", "below_format")
_SHOWN_VARIABLES = 8
#: What tells the day of a file.
DATED_NAMES = {
    "name": "z nazwy pliku",
    "note": "z import.yaml",
    "service": "ostatnia odpowiedź serwisu",
    "disk": "data zapisu na dysku, nie pobrania",
    "": "nie wiadomo skąd",
}


@dataclass(frozen=True)
class UnnamedColumn:
    """A column without a name, and the command that gives it one."""

    labels: str
    rows: int
    years: tuple[int, ...]
    reason: str
    candidates: tuple[str, ...]


@dataclass(frozen=True)
class FileReport:
    """What was understood of one file.

    Attributes
    ----------
    name : str
        Name of the file, for members of archives with the archive's.
    status : str
        ``read``, ``partly_read`` (some columns without a name), ``kept`` (raw only: not supported
        yet, or nothing named) or ``refused``.
    kind, kind_name : str
        Id and Polish name of the layout; empty when it was not recognised.
    levels : mapping
        Level -> number of units.
    units : mapping
        Kind -> number of units, for registers.
    years : tuple of int
    variables : mapping
        Variable -> label.
    rows : int
        Observations that went into the snapshot.
    flags, qualifiers : mapping
        Number of observations by flag and by qualifier.
    parts : mapping
        Kind of part -> flags: counted and left out, because it repeats its unit.
    areas : mapping
        Statistical level -> cells left out, because it is no unit.
    quarantined : mapping
        Reason -> rows.
    unnamed : tuple of UnnamedColumn
    command : str
        The exact command that names the unnamed columns.
    sources : tuple of str
    sha256 : str
    retrieved, dated : str
        Day of the file, ISO, and what tells it; see :class:`smup_lib.snapshots.RawFile`.
    notes : tuple of str
    problem : str
        Why it was refused or only kept.
    """

    name: str
    status: Status
    kind: str = ""
    kind_name: str = ""
    levels: Mapping[str, int] = field(default_factory=dict)
    units: Mapping[str, int] = field(default_factory=dict)
    years: tuple[int, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    rows: int = 0
    flags: Mapping[str, int] = field(default_factory=dict)
    qualifiers: Mapping[str, int] = field(default_factory=dict)
    parts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    areas: Mapping[str, int] = field(default_factory=dict)
    quarantined: Mapping[str, int] = field(default_factory=dict)
    unnamed: tuple[UnnamedColumn, ...] = ()
    command: str = ""
    sources: tuple[str, ...] = ()
    sha256: str = ""
    retrieved: str = ""
    dated: str = ""
    form: str = ""
    notes: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class ImportReport:
    """What an import did.

    Attributes
    ----------
    files : tuple of FileReport
        In the order in which they were read.
    snapshot_id : str or None
        The snapshot that is current now; None when nothing could be imported.
    base_id : str or None
        The snapshot it adds to.
    fictional : bool
    added, repeated, revised : int
        Observations that are new, that say again what was known, and that changed a value.
    renamed : int
        Of the repeated, values that now stand under another source named by their file.
    revisions : tuple of Revision
        The largest changes of values; the snapshot's table ``revisions`` has all.
    refused, undated : int
        Cells that an older file would have changed and did not, and changed cells of files whose
        order nobody knows.
    clashes : tuple of SourceClash
        Variables of which another data set says grossly different things.
    quarantined : int
        Rows of this import in quarantine.
    unchanged : bool
        Whether the import brought nothing new.
    notes : tuple of str
        What concerns no single file.
    """

    files: tuple[FileReport, ...]
    snapshot_id: str | None
    base_id: str | None
    fictional: bool
    added: int = 0
    repeated: int = 0
    revised: int = 0
    renamed: int = 0
    revisions: tuple[Revision, ...] = ()
    refused: int = 0
    undated: int = 0
    clashes: tuple[SourceClash, ...] = ()
    quarantined: int = 0
    unchanged: bool = False
    notes: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every file was read whole and every row found its place."""
        return self.quarantined == 0 and all(file.status == "read" for file in self.files)

    def as_dict(self) -> dict[str, Any]:
        """Return the report for ``--json``: plain dicts, lists, texts and numbers."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain | {"complete": self.complete}

    def render(self) -> str:
        """Return the report as Polish text."""
        lines: list[str] = []
        advice = Counter(line for file in self.files for line in _advice(file))
        shared = [line for line, files in advice.items() if files > 1]
        for file in self.files:
            lines.extend(line for line in _file_lines(file) if line not in shared)
            lines.append("")
        for line in shared:
            key, _, told = line.strip().partition(": ")
            lines.append(f"{key.capitalize()} (odrzucone pliki: {advice[line]}): {told}")
        lines.extend(_summary_lines(self))
        return "\n".join(lines)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def _listed(counts: Mapping[str, int], names: Mapping[str, str]) -> str:
    return ", ".join(f"{names.get(key, key)} {spaced(n)}" for key, n in counts.items() if n)


def said_years(years: tuple[int, ...]) -> str:
    """Return years with runs joined.

    Examples
    --------
    >>> said_years((2002, 2009, 2010, 2011))
    '2002, 2009–2011'
    """
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _advice(file: FileReport) -> Iterator[str]:
    """Yield what a refused file should have been; many files of a folder would repeat it."""
    if file.status == "refused":
        told = (f"  {line.strip()}" for line in file.problem.splitlines())
        yield from (line for line in told if line.startswith(("  oczekiwano:", "  co zrobić:")))


def _file_lines(file: FileReport) -> Iterator[str]:
    kind = f" – {file.kind_name}" if file.kind_name else ""
    yield f"{file.name}{kind}: {_STATUS_NAMES[file.status]}"
    if file.problem:
        for line in file.problem.splitlines():
            yield f"  {line.strip()}"
    yield from _content_lines(file)
    for note in file.notes:
        yield f"  uwaga: {note}"
    yield from _unnamed_lines(file)
    for reason, rows in file.quarantined.items():
        yield f"  w kwarantannie: {counted(rows, ROW_NOUN)} – {reason}"


def _content_lines(file: FileReport) -> Iterator[str]:
    if file.form:
        yield f"  zapis: {file.form}"
    if file.retrieved:
        yield f"  plik z dnia: {file.retrieved} ({DATED_NAMES[file.dated]})"
    if file.units:
        yield f"  jednostki: {_listed(file.units, _KIND_NAMES)}"
    if file.levels:
        yield f"  szczeble: {_listed(file.levels, _LEVEL_NAMES)}"
    if file.years:
        yield f"  lata: {said_years(file.years)}"
    if file.variables:
        yield f"  zmienne: {_said_variables(file.variables)}"
    if file.rows:
        missing = {flag: n for flag, n in file.flags.items() if flag not in _NUMBERS}
        said = f"; w tym {_listed(missing, FLAG_NAMES)}" if missing else "; bez braków"
        yield f"  obserwacje: {spaced(file.rows)}{said}"
    if file.qualifiers:
        yield f"  z zastrzeżeniem: {_listed(file.qualifiers, _QUALIFIER_NAMES)}"
    for part, flags in file.parts.items():
        said = _listed(flags, FLAG_NAMES)
        name = _KIND_NAMES.get(part, part)
        yield f"  pominięto, bo całość jest w innym wierszu: {name} ({said})"
    if file.areas:
        areas = _listed(file.areas, _LEVEL_NAMES)
        yield f"  pominięto, bo to nie jednostki samorządu: {areas}"


def _said_variables(variables: Mapping[str, str]) -> str:
    shown = [f"{name} ({label})" for name, label in list(variables.items())[:_SHOWN_VARIABLES]]
    more = len(variables) - len(shown)
    return (
        f"{len(variables)}: "
        + "; ".join(shown)
        + (f"; i {counted(more, ('inna', 'inne', 'innych'))}" if more else "")
    )


def _unnamed_lines(file: FileReport) -> Iterator[str]:
    for column in file.unnamed[:_SHOWN_VARIABLES]:
        possible = f"; możliwe zmienne: {', '.join(column.candidates)}" if column.candidates else ""
        yield (
            f"  nie wiadomo, czego dotyczy kolumna „{column.labels}”"
            f" (lata {said_years(column.years) or 'nieznane'},"
            f" komórki {spaced(column.rows)}){possible}"
        )
    if len(file.unnamed) > _SHOWN_VARIABLES:
        more = len(file.unnamed) - _SHOWN_VARIABLES
        columns = plural(more, ("inna kolumna", "inne kolumny", "innych kolumn"))
        yield f"  i {more} {columns}"
    for reason in dict.fromkeys(column.reason for column in file.unnamed):
        yield f"  dlaczego: {reason}"
    if file.command:
        yield f"  co zrobić: {file.command}"


def _summary_lines(report: ImportReport) -> Iterator[str]:
    counts: dict[Status, int] = {}
    for file in report.files:
        counts[file.status] = counts.get(file.status, 0) + 1
    said = ", ".join(
        f"{_STATUS_NAMES[status]}: {counts[status]}" for status in _STATUS_NAMES if status in counts
    )
    yield f"Pliki: {len(report.files)} ({said})."
    yield from (f"Uwaga: {note}" for note in report.notes)
    if report.quarantined:
        rows = counted(report.quarantined, ROW_NOUN)
        yield f"W kwarantannie, poza danymi: {rows}; zobacz: smup data quarantine"
    if report.snapshot_id is None:
        yield "Nie powstał nowy stan danych: żadnego pliku nie dało się wczytać."
        return
    if report.unchanged:
        said = "stan danych pozostał bez zmian" if report.refused else "te dane już są wczytane"
        yield f"Nic nowego: {said}. Bieżący jest {report.snapshot_id}."
        return
    yield (
        f"Obserwacje: nowe {spaced(report.added)}, powtórzone {spaced(report.repeated)},"
        f" zmienione (rewizje) {spaced(report.revised)}."
    )
    if report.renamed:
        yield (
            f"Przejęły nowy wpis o źródle: {spaced(report.renamed)}"
            " (te same wartości, inny wpis w kolumnie source)."
        )
    yield from _revision_lines(report)
    based = f" na podstawie {report.base_id}" if report.base_id else ""
    sort = "dane przykładowe, jednostki fikcyjne" if report.fictional else "dane rzeczywiste"
    yield f"Powstał stan danych {report.snapshot_id}{based} ({sort}) i jest teraz bieżący."


def _revision_lines(report: ImportReport) -> Iterator[str]:
    if not report.revisions:
        return
    largest = len(report.revisions) < report.revised
    yield "Największe zmiany (wszystkie pokaże: smup data revisions):" if largest else "Zmiany:"
    for one in report.revisions:
        yield f"  {one.label} ({one.variable}), {one.name} ({one.unit_code}), {one.year} r.: " + (
            said_revision(one)
        )


def said_revision(revision: Revision) -> str:
    """Return the old and the new value with the change in percent."""
    old, new = (
        said_value(value) if value is not None else FLAG_NAMES.get(flag, flag)
        for value, flag in (
            (revision.old_value, revision.old_flag),
            (revision.new_value, revision.new_flag),
        )
    )
    return f"{old} → {new}{_said_change(revision.change)}"


def _said_change(change: float | None) -> str:
    """Return a relative change as it is printed; nothing where there is none to tell."""
    if change is None:
        return ""
    if change == 0:
        return " (zmienił się znacznik albo zastrzeżenie)"
    percent = f"{100 * change:+,.1f}".removesuffix(".0")
    if abs(change) < 0.001:
        percent = "mniej niż 0.1"
    said = percent.replace(",", "\u00a0").replace(".", ",").replace("-", "\u2212")
    return f" ({said}%)"
