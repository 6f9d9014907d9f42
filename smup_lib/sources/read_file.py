"""How does one recognised file become rows with a source, and what is said of it?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from smup_lib.catalogue import Catalogue
from smup_lib.errors import CatalogueError, ParameterError
from smup_lib.plurals import counted, spaced
from smup_lib.polish_text import plain_text
from smup_lib.snapshots import RawFile, SourceRecord
from smup_lib.sources.area_register import read_areas
from smup_lib.sources.bdl_crel import read_crel
from smup_lib.sources.bdl_ctab import read_ctab
from smup_lib.sources.bdl_grid import read_old_ctab, read_xtab
from smup_lib.sources.bdl_table import BdlTable, Series
from smup_lib.sources.bdl_xrel import read_xrel
from smup_lib.sources.cke_exam import read_exam_results
from smup_lib.sources.coded_text import coded
from smup_lib.sources.input_files import InputFile
from smup_lib.sources.long_table import MOST_ORIGINS, LongTable, read_long_table
from smup_lib.sources.mf_pit import read_pit_shares
from smup_lib.sources.naming import Named, Unnamed, name_series
from smup_lib.sources.new_rows import NewRows
from smup_lib.sources.numbers import DecimalMark
from smup_lib.sources.official_table import OfficialTable
from smup_lib.sources.quarantine import empty_quarantine
from smup_lib.sources.recognise import FileKind, Recognised
from smup_lib.sources.row_source import as_new_rows
from smup_lib.sources.sidecar import FileNote
from smup_lib.sources.vital_statistics import read_vital_statistics
from smup_lib.sources.workbook import open_workbook

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 3
_IN_TEXT = {FileKind.CTAB: read_ctab, FileKind.CREL: read_crel, FileKind.OLD_CTAB: read_old_ctab}
#: Workbooks whose columns tell their variable.
_OFFICIAL = {
    FileKind.PIT_SHARES: read_pit_shares,
    FileKind.EXAM_RESULTS: read_exam_results,
    FileKind.VITAL_STATISTICS: read_vital_statistics,
    FileKind.AREA_REGISTER: read_areas,
}


@dataclass(frozen=True)
class UnnamedRows:
    """A series that could not be named, with how much of the file it is."""

    unnamed: Unnamed
    rows: int
    years: tuple[int, ...]


@dataclass(frozen=True)
class ReadFile:
    """A data file, read and named, not yet compared with the register.

    Attributes
    ----------
    file : InputFile
    kind : FileKind
    parts : tuple of NewRows
        Observations by source; ``rows`` has a further column ``row`` (line of the file).
    records : tuple of SourceRecord
        What the manifest will say of each source.
    levels : Counter
        Level -> number of different units.
    quarantine : DataFrame
        What could not be read.
    unnamed : tuple of UnnamedRows
    series_count : int
        Number of series in the file.
    labels : tuple of str
        Labels of the series, joined with ``; ``.
    left_out : mapping
        Kind of part -> Counter of flags.
    areas : mapping
        Statistical level -> cells.
    form : str
        How the file was saved, in Polish.
    notes : tuple of str
    """

    file: InputFile
    kind: FileKind
    parts: tuple[NewRows, ...]
    records: tuple[SourceRecord, ...]
    levels: Counter[str]
    quarantine: pd.DataFrame
    unnamed: tuple[UnnamedRows, ...] = ()
    series_count: int = 0
    labels: tuple[str, ...] = ()
    left_out: Mapping[str, Counter[str]] = field(default_factory=dict)
    areas: Mapping[str, int] = field(default_factory=dict)
    form: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Naming:
    """Everything that decides what columns mean."""

    catalogue: Catalogue
    note: FileNote
    options: Mapping[str, str]
    dataset_name: str | None = None
    decimal: DecimalMark | None = None


def read_data_file(
    file: InputFile, recognised: Recognised, content: bytes, raw: RawFile, naming: Naming
) -> ReadFile:
    """Read a file of observations: a BDL export, a workbook of an office or a long table.

    Parameters
    ----------
    file : InputFile
        The file as the user named it.
    recognised : Recognised
        Its kind and separator.
    content : bytes
        Its unpacked content.
    raw : RawFile
        The record of its bytes.
    naming : Naming
        Catalogue, sidecar and options.

    Raises
    ------
    UnreadableFileError, ParameterError
        When it cannot be read, or is named wrongly.
    """
    decimal = naming.decimal or naming.note.decimal
    if recognised.kind is FileKind.LONG_TABLE:
        table = read_long_table(content, recognised.separator, file.name, decimal)
        return _from_long_table(file, table, raw, naming)
    if recognised.kind in _OFFICIAL:
        book = open_workbook(content, file.name)
        year = naming.note.year
        official = _OFFICIAL[recognised.kind](book, file.name, file.own_name, year, decimal)
        return _from_official(file, recognised.kind, official, raw, naming)
    export = _read_export(file, recognised, content, decimal)
    return _from_bdl(file, recognised.kind, export, raw, naming)


def _read_export(
    file: InputFile, recognised: Recognised, content: bytes, decimal: DecimalMark | None
) -> BdlTable:
    """Read a BDL export: a workbook has no separator."""
    if not recognised.separator:
        book = open_workbook(content, file.name)
        in_sheets = read_xrel if recognised.kind is FileKind.XREL else read_xtab
        return in_sheets(book, file.name, decimal)
    return _IN_TEXT[recognised.kind](content, recognised.separator, file.name, decimal)


def _from_official(
    file: InputFile, kind: FileKind, table: OfficialTable, raw: RawFile, naming: Naming
) -> ReadFile:
    part = as_new_rows(file.name, table.dataset, table.dataset, table.rows)
    record = _record(part, "", kind, raw, naming, table.warnings)
    title = naming.note.title or table.title
    return ReadFile(
        file=file,
        kind=kind,
        parts=(part,) if len(table.rows) else (),
        records=(record.model_copy(update={"title": title}),) if len(table.rows) else (),
        levels=_levels(table.rows),
        quarantine=table.quarantine,
        left_out=table.parts,
        areas=table.areas,
        form=str(table.form),
        notes=table.warnings,
    )


def _from_bdl(
    file: InputFile, kind: FileKind, table: BdlTable, raw: RawFile, naming: Naming
) -> ReadFile:
    decided, doubts = name_series(
        table.series,
        file_name=file.own_name,
        note=naming.note,
        options=naming.options,
        catalogue=naming.catalogue,
        title=naming.note.title or table.title,
    )
    named = {number: one for number, one in enumerate(decided) if isinstance(one, Named)}
    notes = table.warnings + doubts
    parts, records = [], []
    for dataset in dict.fromkeys(one.dataset for one in named.values()):
        names = {n: one.variable for n, one in named.items() if one.dataset == dataset}
        rows = _with_variable(table.rows, "series", names)
        part = as_new_rows(file.name, dataset, dataset, rows)
        parts.append(part)
        records.append(_record(part, "", kind, raw, naming, notes))
    return ReadFile(
        file=file,
        kind=kind,
        parts=tuple(parts),
        records=tuple(records),
        levels=_levels(table.rows),
        quarantine=table.quarantine,
        unnamed=tuple(
            _unnamed_rows(one, table.rows[table.rows["series"] == number])
            for number, one in enumerate(decided)
            if isinstance(one, Unnamed)
        ),
        series_count=len(table.series),
        labels=tuple("; ".join(one.labels) for one in table.series),
        left_out=table.parts,
        areas=table.areas,
        form=str(table.form),
        notes=notes,
    )


def _from_long_table(file: InputFile, table: LongTable, raw: RawFile, naming: Naming) -> ReadFile:
    names, unknown = _known_variables(list(table.rows["variable"].cat.categories), naming)
    prefix = "panel" if table.official else "own"
    told = naming.dataset_name or naming.note.dataset
    dataset = f"{prefix}:{_slug(told or _stem(file.own_name))}"
    # plain tables without a name of their own are one family: they may not contradict each other
    family = dataset if told else f"{prefix}:"
    _check_aliases(file.name, names)
    words = table.rows["variable"].cat.categories
    codes = {code: names[word] for code, word in enumerate(words) if word in names}
    numbered = table.rows.assign(series=table.rows["variable"].cat.codes)
    rows = _with_variable(numbered, "series", codes)
    notes = table.warnings + _origin_notes(rows)
    parts = {
        origin: as_new_rows(file.name, dataset, family, told, origin)
        for origin, told in _by_origin(rows)
    }
    return ReadFile(
        file=file,
        kind=FileKind.LONG_TABLE,
        parts=tuple(parts.values()),
        records=tuple(
            _record(part, origin, FileKind.LONG_TABLE, raw, naming, notes)
            for origin, part in parts.items()
        ),
        levels=_levels(table.rows),
        quarantine=table.quarantine,
        unnamed=tuple(
            _unnamed_rows(one, table.rows[table.rows["variable"] == one.series.labels[0]])
            for one in unknown
        ),
        series_count=len(names) + len(unknown),
        labels=tuple(words),
        left_out=table.parts,
        areas=table.areas,
        form=str(table.form),
        notes=notes,
    )


def _by_origin(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield what the file names as the source of rows, with the rows."""
    if rows["origin"].nunique() > MOST_ORIGINS:
        yield "", rows
        return
    for origin, told in rows.groupby("origin", observed=True):
        yield str(origin), told


def _origin_notes(rows: pd.DataFrame) -> tuple[str, ...]:
    """Return what is said of the sources that a file names for its rows."""
    named = rows.loc[rows["origin"] != "", "origin"].value_counts()
    named = named[named > 0]
    if named.empty:
        return ()
    if len(named) > MOST_ORIGINS:
        return (
            f"kolumna source ma {counted(len(named), ('wpis', 'wpisy', 'wpisów'))}, a program"
            f" rozróżnia najwyżej {MOST_ORIGINS}; przy wartościach stoi więc tylko nazwa pliku",
        )
    told = ", ".join(f"{origin} ({spaced(int(n))})" for origin, n in named[:_SHOWN].items())
    others = len(named) - _SHOWN
    more = f" i {counted(others, ('inne', 'inne', 'innych'))}" if others > 0 else ""
    return (f"źródła podane w kolumnie source (liczba wartości): {told}{more}",)


def _known_variables(
    words: Sequence[str], naming: Naming
) -> tuple[dict[str, str], tuple[Unnamed, ...]]:
    """Return word -> variable for words the catalogue or the user knows, and the others."""
    names: dict[str, str] = {}
    unknown = []
    for word in words:
        wanted = naming.options.get(word) or naming.note.variables.get(word) or word
        try:
            names[word] = naming.catalogue.variable(wanted).id
        except CatalogueError as error:
            unknown.append(Unnamed(Series((word,), ""), error.what))
    return names, tuple(unknown)


def _check_aliases(file: str, names: Mapping[str, str]) -> None:
    """Raise when two words of a table mean one variable: their rows would contradict."""
    taken = list(names.values())
    twice = {variable for variable in taken if taken.count(variable) > 1}
    if twice:
        raise ParameterError(
            f"Kilka nazw w tabeli oznacza tę samą zmienną: {', '.join(sorted(twice))}.",
            where=file,
            problems=[f"{word} → {name}" for word, name in names.items() if name in twice],
            expected="jedna nazwa dla jednej zmiennej",
            next_step="popraw nazwy w kolumnie variable albo w import.yaml",
        )


def _slug(text: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", plain_text(text)).strip("_")
    return words if words[:1].isalpha() else f"t_{words}"


def _stem(name: str) -> str:
    return re.sub(r"\.(csv|txt|tsv)?(\.gz)?$", "", name, flags=re.IGNORECASE) or name


def _with_variable(rows: pd.DataFrame, column: str, names: Mapping[int, str]) -> pd.DataFrame:
    """Return the rows of named series with their variable as a categorical."""
    import numpy as np

    variables = sorted(set(names.values()))
    size = max([*names, int(rows[column].max()) if len(rows) else 0], default=0) + 1
    place = np.full(size, -1, dtype="int32")
    for number, variable in names.items():
        place[number] = variables.index(variable)
    codes = place[rows[column].to_numpy()]
    chosen = rows[codes >= 0]
    named: pd.DataFrame = chosen.assign(variable=coded(codes[codes >= 0], variables))
    return named


def _record(
    part: NewRows,
    origin: str,
    kind: FileKind,
    raw: RawFile,
    naming: Naming,
    notes: tuple[str, ...],
) -> SourceRecord:
    variables = tuple(sorted(part.rows["variable"].unique()))
    labels = [naming.catalogue.variables[variable].label for variable in variables]
    more = f" i inne ({len(labels) - _SHOWN})" if len(labels) > _SHOWN else ""
    return SourceRecord(
        id=part.source,
        dataset=part.dataset,
        publisher=naming.catalogue.publisher_of(part.dataset).id,
        title=naming.note.title or "; ".join(labels[:_SHOWN]) + more,
        kind=kind.value,
        origin=origin,
        file=raw,
        data_date=raw.retrieved,
        rows=len(part.rows),
        variables=variables,
        years=tuple(int(year) for year in sorted(part.rows["year"].unique())),
        notes=notes,
    )


def _levels(rows: pd.DataFrame) -> Counter[str]:
    different = rows[["level", "unit_code"]].drop_duplicates()
    return Counter(different["level"].astype(str))


def _unnamed_rows(unnamed: Unnamed, rows: pd.DataFrame) -> UnnamedRows:
    years = tuple(int(year) for year in sorted(rows["year"].unique()))
    return UnnamedRows(unnamed, len(rows), years)


def no_rows(file: InputFile, kind: FileKind, notes: tuple[str, ...] = ()) -> ReadFile:
    """Return a file that was read and holds no observations (a dictionary of a panel)."""
    return ReadFile(file, kind, (), (), Counter(), empty_quarantine(), notes=notes)
