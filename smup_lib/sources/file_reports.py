"""What does the import report say of one file?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smup_lib.catalogue import Catalogue
from smup_lib.errors import UnreadableFileError
from smup_lib.plurals import counted
from smup_lib.snapshots import RawFile
from smup_lib.sources.import_report import FileReport, Status, UnnamedColumn
from smup_lib.sources.input_files import InputFile
from smup_lib.sources.naming import naming_command
from smup_lib.sources.new_rows import NewRows
from smup_lib.sources.placing import Placed
from smup_lib.sources.read_file import ReadFile
from smup_lib.sources.recognise import ADVICE, KIND_NAMES, FileKind
from smup_lib.sources.register import NewLayer, NewRegister
from smup_lib.sources.unit_classes import NewClasses

if TYPE_CHECKING:
    import pandas as pd

_SHOWN_CODES = 8


def report_refused(file: InputFile, error: UnreadableFileError) -> FileReport:
    """Return the report of a file that is no data; without its own name, which stands above."""
    lines = [line for line in str(error).splitlines() if line.strip() != f"gdzie: {file.name}"]
    return FileReport(file.name, "refused", problem="\n".join(lines))


def report_kept(file: InputFile, kind: FileKind, raw: RawFile) -> FileReport:
    """Return the report of a file that is known but not read yet."""
    advice = f"\n{ADVICE[kind]}" if kind in ADVICE else ""
    return FileReport(
        file.name,
        "kept",
        kind=kind.value,
        kind_name=KIND_NAMES[kind],
        sha256=raw.sha256,
        retrieved=raw.retrieved,
        dated=raw.dated,
        problem=f"program zna ten rodzaj pliku, ale jeszcze go nie czyta; zachowano kopię{advice}",
    )


def report_register(new: NewRegister, raw: RawFile) -> FileReport:
    """Return the report of a TERC file."""
    return FileReport(
        new.file,
        "read",
        kind=FileKind.TERC.value,
        kind_name=f"{KIND_NAMES[FileKind.TERC]}, stan na {new.register.state_date}",
        units=dict(new.register.counts),
        sources=(new.record.id,),
        sha256=raw.sha256,
        retrieved=raw.retrieved,
        dated=raw.dated,
        form=str(new.register.form),
        notes=new.register.warnings,
    )


def report_layer(
    new: NewLayer, held: pd.DataFrame, raw: RawFile, notes: tuple[str, ...]
) -> FileReport:
    """Return the report of a layer of boundaries."""
    return FileReport(
        new.file,
        "read",
        kind=FileKind.BOUNDARIES.value,
        kind_name=KIND_NAMES[FileKind.BOUNDARIES],
        levels=dict(Counter(new.boundaries["level"])),
        years=new.record.years,
        quarantined=_reasons(held),
        sources=(new.record.id,),
        sha256=raw.sha256,
        retrieved=raw.retrieved,
        dated=raw.dated,
        notes=new.record.notes + notes,
    )


def report_classes(new: NewClasses, held: pd.DataFrame, form: str, raw: RawFile) -> FileReport:
    """Return the report of a table of functional classes."""
    classes = sorted(set(new.rows["functional_class"]))
    edition = new.rows["edition"].iloc[0] if len(new.rows) else "?"
    units = counted(len(new.rows), ("jednostka", "jednostki", "jednostek"))
    said = f"{units}, klasy: {', '.join(classes[:_SHOWN_CODES])}; wydanie: {edition}"
    return FileReport(
        new.file,
        "read" if len(new.rows) or held.empty else "partly_read",
        kind=FileKind.FUNCTIONAL_CLASSES.value,
        kind_name=KIND_NAMES[FileKind.FUNCTIONAL_CLASSES],
        quarantined=_reasons(held),
        sources=(new.record.id,) if len(new.rows) else (),
        sha256=raw.sha256,
        retrieved=raw.retrieved,
        dated=raw.dated,
        form=form,
        notes=(said, *new.record.notes),
    )


def report_data(placed: Placed, catalogue: Catalogue, raw: RawFile) -> FileReport:
    """Return the report of a file of observations."""
    read = placed.read
    totals = _row_totals(placed.parts)
    nothing_named = bool(read.unnamed) and not read.parts
    return FileReport(
        read.file.name,
        _status(read, totals.rows),
        kind=read.kind.value,
        kind_name=KIND_NAMES[read.kind],
        levels=_in_order(read.levels),
        years=totals.years,
        variables={name: catalogue.variables[name].label for name in totals.variables},
        rows=totals.rows,
        flags=totals.flags,
        qualifiers=totals.qualifiers,
        parts={kind: dict(flags) for kind, flags in read.left_out.items()},
        areas=dict(read.areas),
        quarantined=_reasons(placed.quarantine),
        unnamed=_unnamed_columns(read),
        command=_command(read) if read.unnamed else "",
        sources=tuple(part.source for part in placed.parts),
        sha256=raw.sha256,
        retrieved=raw.retrieved,
        dated=raw.dated,
        form=read.form,
        notes=read.notes + placed.notes + _unknown_note(placed.unknown),
        problem="nie wiadomo, czego dotyczą kolumny; zachowano kopię pliku"
        if nothing_named
        else "",
    )


@dataclass(frozen=True)
class _RowTotals:
    """Totals of observations: rows, years, variables, and rows by flag and qualifier."""

    rows: int
    years: tuple[int, ...]
    variables: tuple[str, ...]
    flags: Mapping[str, int]
    qualifiers: Mapping[str, int]


def _row_totals(parts: Sequence[NewRows]) -> _RowTotals:
    """Return the totals of the observations of a file."""
    flags: Counter[str] = Counter()
    qualifiers: Counter[str] = Counter()
    for part in parts:
        flags.update({str(flag): int(n) for flag, n in part.rows["flag"].value_counts().items()})
        for words, number in part.rows["qualifiers"].value_counts().items():
            qualifiers.update(dict.fromkeys(filter(None, str(words).split(",")), int(number)))
    years = {int(year) for part in parts for year in part.rows["year"].unique()}
    variables = {str(name) for part in parts for name in part.rows["variable"].unique()}
    return _RowTotals(
        rows=sum(len(part.rows) for part in parts),
        years=tuple(sorted(years)),
        variables=tuple(sorted(variables)),
        flags={flag: number for flag, number in flags.items() if number},
        qualifiers=dict(qualifiers),
    )


def _unnamed_columns(read: ReadFile) -> tuple[UnnamedColumn, ...]:
    return tuple(
        UnnamedColumn(
            str(one.unnamed.series),
            one.rows,
            one.years,
            one.unnamed.reason,
            one.unnamed.candidates,
        )
        for one in read.unnamed
    )


def _unknown_note(codes: Sequence[str]) -> tuple[str, ...]:
    if not codes:
        return ()
    others = len(codes) - _SHOWN_CODES
    more = f" i {counted(others, ('inna', 'inne', 'innych'))}" if others > 0 else ""
    return (
        f"nieznane jednostki: {', '.join(codes[:_SHOWN_CODES])}{more};"
        " wczytaj TERC z roku, w którym istniały, i powtórz wczytanie tego pliku",
    )


def _status(read: ReadFile, rows: int) -> Status:
    if read.unnamed:
        return "partly_read" if read.parts else "kept"
    return "read" if rows or not len(read.quarantine) else "partly_read"


def _command(read: ReadFile) -> str:
    unnamed = [one.unnamed for one in read.unnamed]
    return naming_command(str(read.file.path), unnamed, read.series_count)


def _reasons(held: pd.DataFrame) -> dict[str, int]:
    return {str(reason): int(rows) for reason, rows in held["reason"].value_counts().items()}


def _in_order(levels: Mapping[str, int]) -> dict[str, int]:
    order = ("country", "voivodeship", "powiat", "gmina")
    return {level: levels[level] for level in order if level in levels}
