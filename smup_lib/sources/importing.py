"""Import files of users: recognise, read, name, check against the register, join, write.

Nothing is written to the store of snapshots before every file has been read and every rule
checked. Registers are read first, then boundaries, then data, whatever their order on the command
line. With an empty register no row could be placed, so data without a TERC file are refused. From
the choice of the base to the switch the store is locked: two imports at once follow each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from smup_lib.catalogue import Catalogue, load_catalogue
from smup_lib.errors import UnreadableFileError
from smup_lib.snapshots import RawFile, Snapshot, empty_table, list_damaged, store_lock
from smup_lib.sources.boundaries import BoundaryFile, read_boundaries
from smup_lib.sources.completeness import (
    find_gaps,
    lost_boundaries,
    partial_layer,
    partial_register,
    said_gaps,
    said_losses,
    vintages_of,
)
from smup_lib.sources.file_reports import (
    report_classes,
    report_data,
    report_kept,
    report_layer,
    report_refused,
    report_register,
)
from smup_lib.sources.import_base import NEWEST, check_base, find_base_choice
from smup_lib.sources.import_checks import (
    check_fictional,
    check_one_classification,
    check_options,
    check_options_used,
    check_register,
)
from smup_lib.sources.import_report import FileReport, ImportReport
from smup_lib.sources.input_files import InputFile, list_input_files, list_members
from smup_lib.sources.known_units import KnownUnits, known_units
from smup_lib.sources.naming import parse_variable_option
from smup_lib.sources.new_snapshot import Gathered, write_import
from smup_lib.sources.numbers import DecimalMark
from smup_lib.sources.placing import Placed, place_layer, place_rows
from smup_lib.sources.quarantine import joined
from smup_lib.sources.raw_store import RawStore, named_day, raw_path
from smup_lib.sources.read_file import Naming, ReadFile, no_rows, read_data_file
from smup_lib.sources.recognise import EXPORTS, OFFICIAL, FileKind, Recognised, recognise
from smup_lib.sources.register import (
    NewLayer,
    NewRegister,
    merge_registers,
    new_layer,
    new_register,
    real_changes,
)
from smup_lib.sources.sidecar import load_file_note, unmatched_notes
from smup_lib.sources.terc import RegisterFile, read_terc
from smup_lib.sources.unit_classes import ClassFile, NewClasses, place_classes, read_classes

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[int, int, str], None]
"""Called with files done, files in all, and the name of the file read now."""

_DICTIONARIES = (FileKind.VARIABLE_DICTIONARY, FileKind.UNIT_DICTIONARY)
_DATA = (*EXPORTS, *OFFICIAL, FileKind.LONG_TABLE, *_DICTIONARIES)
_DICTIONARY_NOTE = "słownik nie zawiera wartości; nazwy zmiennych ma katalog, a jednostek rejestr"


def import_paths(
    paths: Iterable[str | PathLike[str]],
    *,
    variable: str | Sequence[str] | None = None,
    name: str | None = None,
    base: Snapshot | str | None = None,
    decimal: DecimalMark | None = None,
    override_newer: bool = False,
    accept_partial: bool = False,
    on_progress: Progress | None = None,
) -> ImportReport:
    """Read files into a new snapshot that adds to the newest real one.

    Parameters
    ----------
    paths : iterable of path
        Files and folders; folders with everything below them, zip archives with their members.
    variable : str or sequence of str, optional
        ``ID`` names the only column of the only BDL export; ``LABELS=ID`` names one of several.
    name : str, optional
        Name of the data set of long tables, otherwise the name of their file.
    base : Snapshot or str, optional
        Snapshot to add to: one, its id, ``current``, or ``newest`` (also when omitted), which is
        the newest real one.
    decimal : {",", "."}, optional
        Decimal mark of the files whose numbers do not settle it.
    override_newer : bool
        Whether values of a file that is known to be older replace those of a newer one.
    accept_partial : bool
        Whether a register or a layer of boundaries is taken that lacks units.
    on_progress : callable, optional
        See :data:`Progress`.

    Returns
    -------
    ImportReport
        What was understood of every file; ``render()`` says it in Polish.

    Raises
    ------
    SmupError
        When files contradict each other, real data meet fictional ones, there is no register, an
        option is wrong, another program holds the store for too long, or the place cannot be
        written. The old state stays as it was.

    Examples
    --------
    >>> import_paths(["nie-ma-takiego-pliku.csv"])
    Traceback (most recent call last):
    ...
    smup_lib.errors.SourceError: Nie ma wskazanych plików.
    ...
    """
    columns = parse_variable_option(variable)
    options = ImportOptions(columns, name, decimal, override_newer, accept_partial)
    files = list_input_files(paths)
    with store_lock("wczytywanie plików"):
        notes = _base_notes() if base in (None, NEWEST) else ()
        notes += unmatched_notes(files)
        return _import_files(files, options, check_base(base), on_progress, notes)


def import_fetched(paths: Iterable[Path], base: Snapshot | None) -> ImportReport:
    """Read files that a service gave, by the rules of every other import.

    Parameters
    ----------
    paths : iterable of Path
    base : Snapshot or None
        The snapshot to add to, of the same sort as the units of the files: a fictional service may
        feed the fictional land. The caller holds the store from the choice of it on.

    Raises
    ------
    SmupError
        As :func:`import_paths`.
    """
    return _import_files(list_input_files(paths), ImportOptions({}), base)


def _import_files(
    files: Sequence[InputFile],
    options: ImportOptions,
    base: Snapshot | None,
    on_progress: Progress | None = None,
    notes: tuple[str, ...] = (),
) -> ImportReport:
    with RawStore() as store:
        work = _Import(store, load_catalogue(), options, base, on_progress)
        work.recognise(files)
        check_options(options.columns, [one.recognised.kind for one in work.found])
        work.read()
        return work.finish(notes)


def _base_notes() -> tuple[str, ...]:
    """Return what is said of a base that the user may not mean."""
    choice = find_base_choice()
    damaged = [Path(error.where or "").name for error in list_damaged()]
    notes = [str(choice)] if choice is not None else []
    if damaged:
        notes.append(
            f"Uszkodzone stany danych pominięto ({', '.join(damaged)}); ich wartości nie ma"
            " w nowym stanie danych."
        )
    return tuple(notes)


@dataclass(frozen=True)
class ImportOptions:
    """What the user told of all files of an import; see :func:`import_paths`."""

    columns: Mapping[str, str]
    dataset_name: str | None = None
    decimal: DecimalMark | None = None
    override_newer: bool = False
    accept_partial: bool = False


@dataclass(frozen=True)
class _Found:
    """A file whose kind is known."""

    file: InputFile
    recognised: Recognised

    @property
    def kind(self) -> FileKind:
        return self.recognised.kind


@dataclass
class _Import:
    """One import on its way: what was found, read and said so far."""

    store: RawStore
    catalogue: Catalogue
    options: ImportOptions
    base: Snapshot | None
    on_progress: Progress | None
    order: list[InputFile] = field(default_factory=list)
    found: list[_Found] = field(default_factory=list)
    reports: dict[InputFile, FileReport] = field(default_factory=dict)
    registers: list[tuple[_Found, RegisterFile]] = field(default_factory=list)
    layers: list[tuple[_Found, BoundaryFile]] = field(default_factory=list)
    classes: list[tuple[_Found, ClassFile]] = field(default_factory=list)
    data: list[tuple[_Found, ReadFile]] = field(default_factory=list)
    _raw: dict[Path, RawFile] = field(default_factory=dict)
    _begun: int = 0

    def recognise(self, files: Sequence[InputFile]) -> None:
        """Tell what every file is; archives are replaced by their members."""
        for file in files:
            try:
                recognised = recognise(file)
                if recognised.kind is FileKind.ARCHIVE:
                    self.recognise(_members(file))
                    continue
            except UnreadableFileError as error:
                self.reports[file] = report_refused(file, error)
            else:
                self.found.append(_Found(file, recognised))
            self.order.append(file)

    def read(self) -> None:
        """Read every file: registers, boundaries, data; keep what is known but not read."""
        for one in self._of((FileKind.TERC,)):
            with self._refusing(one):
                register = read_terc(self._content(one), one.recognised.separator, one.file.name)
                self.registers.append((one, register))
        self._check_whole()
        for one in self._of((FileKind.BOUNDARIES, FileKind.GML)):
            with self._refusing(one):
                self.layers.append((one, read_boundaries(self._content(one), one.file.name)))
        for one in self._of((FileKind.FUNCTIONAL_CLASSES,)):
            with self._refusing(one):
                table = read_classes(self._content(one), one.recognised.separator, one.file.name)
                self.classes.append((one, table))
        for one in self._of(_DATA):
            with self._refusing(one):
                self.data.append((one, self._read_data(one)))
        for one in self._of([kind for kind in FileKind if not Recognised(kind).supported]):
            self.reports[one.file] = report_kept(one.file, one.kind, self._keep(one))

    def _check_whole(self) -> None:
        """Refuse registers that are not whole, or say what they lack when the user insists."""
        base = self._table("units")
        read = [vintages_of(register.units) for _, register in self.registers]
        kept: list[tuple[_Found, RegisterFile]] = []
        for number, (one, register) in enumerate(self.registers):
            others = [vintages_of(base), *read[:number], *read[number + 1 :]]
            known = [pair for vintages in others for pair in vintages.items()]
            (here,) = read[number].values()
            gaps = find_gaps(register.state_date, here, known)
            with self._refusing(one):
                if gaps and not self.options.accept_partial:
                    raise partial_register(one.file.name, gaps)
                kept.append((one, register.with_warnings(said_gaps(gaps))))
        self.registers = kept

    def _of(self, kinds: Sequence[FileKind]) -> Iterator[_Found]:
        for one in self.found:
            if one.kind in kinds:
                if self.on_progress is not None:
                    self.on_progress(self._begun, len(self.found), one.file.name)
                self._begun += 1
                yield one

    @contextmanager
    def _refusing(self, one: _Found) -> Iterator[None]:
        """Report a file that cannot be read and go on; its bytes are given back."""
        try:
            yield
        except UnreadableFileError as error:
            self.reports[one.file] = report_refused(one.file, error)
            if one.file.member is None and one.file.path in self._raw:
                self.store.give_back(self._raw.pop(one.file.path))

    def _keep(self, one: _Found) -> RawFile:
        path = one.file.path
        if path not in self._raw:
            self._raw[path] = self.store.keep(path)
        return _told_record(self._raw[path], one.file)

    def _content(self, one: _Found) -> bytes:
        """Return the content, read from the copy that is kept: what is parsed is what is stored."""
        return InputFile(raw_path(self._keep(one)), one.file.member).read()

    def _read_data(self, one: _Found) -> ReadFile:
        content = self._content(one)
        if one.kind in _DICTIONARIES:
            return no_rows(one.file, one.kind, (_DICTIONARY_NOTE,))
        note = load_file_note(one.file)
        told = self.options
        naming = Naming(self.catalogue, note, told.columns, told.dataset_name, told.decimal)
        return read_data_file(one.file, one.recognised, content, self._keep(one), naming)

    def finish(self, notes: tuple[str, ...] = ()) -> ImportReport:
        """Check what goes together, place every row, write the snapshot and return the report."""
        check_options_used(self.options.columns, [read for _, read in self.data])
        check_one_classification([one.file.name for one, _ in self.classes])
        registers = [
            new_register(one.file.name, register, self._keep(one), self.catalogue)
            for one, register in self.registers
        ]
        fictional = check_fictional(self._codes(), self.base)
        units, register_notes = merge_registers(self._table("units"), registers)
        check_register(len(units) > 0, self._needing_register(), self._refused_registers())
        changes = self._table("changes") if fictional else real_changes()
        known = known_units(units, changes)
        layers, held = self._placed_layers(units, known)
        classes, waiting = self._placed_classes(known)
        data = [place_rows(read, known, self.catalogue) for _, read in self.data]
        self._report(registers, data)
        gathered = Gathered(
            units=units,
            changes=changes,
            registers=registers,
            layers=layers,
            classes=classes,
            data=data,
            quarantine=joined([*held, *waiting, *(rows.quarantine for rows in data)]),
            files=tuple(one.file.name for one, _ in (*self.layers, *self.classes, *self.data)),
            fictional=fictional,
            notes=notes + register_notes,
        )
        reports = [self.reports[file] for file in self.order]
        override = self.options.override_newer
        return write_import(gathered, self.base, reports, self.catalogue, override_newer=override)

    def _report(self, registers: Sequence[NewRegister], data: Sequence[Placed]) -> None:
        for (one, _), register in zip(self.registers, registers, strict=True):
            self.reports[one.file] = report_register(register, self._keep(one))
        for (one, _), rows in zip(self.data, data, strict=True):
            self.reports[one.file] = report_data(rows, self.catalogue, self._keep(one))

    def _placed_layers(
        self, units: pd.DataFrame, known: KnownUnits
    ) -> tuple[list[NewLayer], list[pd.DataFrame]]:
        placed: list[tuple[NewLayer, pd.DataFrame]] = []
        for one, layer in self.layers:
            year = load_file_note(one.file).year
            new = new_layer(one.file.name, layer, self._keep(one), self.catalogue, units, year)
            placed.append(place_layer(new, layer.left_out, known))
        lost = lost_boundaries(self._table("boundaries"), [new.boundaries for new, _ in placed])
        kept: list[tuple[_Found, BoundaryFile]] = []
        taken: list[tuple[NewLayer, pd.DataFrame]] = []
        for (one, layer), (new, waiting) in zip(self.layers, placed, strict=True):
            with self._refusing(one):
                losses = said_losses(new.boundaries, lost)
                if losses and not self.options.accept_partial:
                    raise partial_layer(one.file.name, losses)
                notes = known.missing_notes(new.boundaries["unit_code"], new.record.years)
                notes = (*losses, *notes)
                self.reports[one.file] = report_layer(new, waiting, self._keep(one), notes)
                kept.append((one, layer))
                taken.append((new, waiting))
        self.layers = kept
        return [new for new, _ in taken], [waiting for _, waiting in taken]

    def _placed_classes(self, known: KnownUnits) -> tuple[NewClasses | None, list[pd.DataFrame]]:
        for one, table in self.classes:
            raw, title = self._keep(one), load_file_note(one.file).title
            new, held = place_classes(one.file.name, table, raw, self.catalogue, title, known)
            self.reports[one.file] = report_classes(new, held, str(table.form), raw)
            return new, [held]  # one at most: check_one_classification
        return None, []

    def _table(self, name: str) -> pd.DataFrame:
        return self.base.table(name) if self.base is not None else empty_table(name)

    def _codes(self) -> Iterator[tuple[str, Iterable[str]]]:
        """Yield each file with the codes of its units."""
        for one, register in self.registers:
            yield one.file.name, register.units["unit_code"]
        for one, layer in self.layers:
            yield one.file.name, layer.codes
        for one, table in self.classes:
            yield one.file.name, table.rows["unit_code"]
        for one, read in self.data:
            codes = [part.rows["unit_code"].unique() for part in read.parts]
            yield one.file.name, {str(code) for part in codes for code in part}

    def _needing_register(self) -> list[str]:
        """Return the files whose rows only a register can place."""
        data = [one.file.name for one, read in self.data if read.parts]
        return [*(one.file.name for one, _ in (*self.layers, *self.classes)), *data]

    def _refused_registers(self) -> list[str]:
        """Return each register that was refused, with the reason."""
        registers = (self.reports.get(one.file) for one in self.found if one.kind is FileKind.TERC)
        return [
            f"{report.name}: {report.problem.splitlines()[0]}"
            for report in registers
            if report is not None and report.status == "refused"
        ]


def _told_record(record: RawFile, file: InputFile) -> RawFile:
    """Return the record of a file with its name in an archive and the day that somebody told."""
    update: dict[str, str] = {"name": file.name} if file.member else {}
    told = load_file_note(file).retrieved
    if told is not None:
        update |= {"retrieved": told.isoformat(), "dated": "note"}
    elif file.member and named_day(file.own_name):
        update |= {"retrieved": named_day(file.own_name), "dated": "name"}
    return record.model_copy(update=update)


def _members(file: InputFile) -> list[InputFile]:
    if file.member is not None:
        raise UnreadableFileError(
            "Archiwum w archiwum nie jest rozpakowywane.",
            where=file.name,
            expected="archiwum z samymi plikami danych",
            next_step="rozpakuj je i wskaż folder z zawartością",
        )
    return list_members(file)
