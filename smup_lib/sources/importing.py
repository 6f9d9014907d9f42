"""Import files of users: recognise, read, name, check against the register, join, write.

Nothing is written to the store of snapshots before every file has been read and every rule
checked. Registers are read first, then boundaries, then data, whatever their order on the command
line. With an empty register no row could be placed, so data without a TERC file are refused.
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
from smup_lib.snapshots import RawFile, Snapshot, empty_table
from smup_lib.sources.boundaries import BoundaryFile, read_boundaries
from smup_lib.sources.file_reports import (
    report_data,
    report_kept,
    report_layer,
    report_refused,
    report_register,
)
from smup_lib.sources.import_checks import (
    check_base,
    check_fictional,
    check_options,
    check_options_used,
    check_register,
    check_still_newest,
)
from smup_lib.sources.import_report import FileReport, ImportReport
from smup_lib.sources.input_files import InputFile, list_input_files, list_members
from smup_lib.sources.naming import parse_variable_option
from smup_lib.sources.new_snapshot import Gathered, write_import
from smup_lib.sources.placing import place_layer, place_rows
from smup_lib.sources.quarantine import joined
from smup_lib.sources.raw_store import RawStore, raw_path
from smup_lib.sources.read_file import Naming, ReadFile, no_rows, read_data_file
from smup_lib.sources.recognise import FileKind, Recognised, recognise
from smup_lib.sources.register import (
    NewLayer,
    known_codes,
    merge_registers,
    new_layer,
    new_register,
    real_changes,
)
from smup_lib.sources.sidecar import load_file_note, unmatched_notes
from smup_lib.sources.terc import RegisterFile, read_terc

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[int, int, str], None]
"""Called with files done, files in all, and the name of the file read now."""

_DICTIONARIES = (FileKind.VARIABLE_DICTIONARY, FileKind.UNIT_DICTIONARY)
_DATA = (FileKind.CTAB, FileKind.CREL, FileKind.LONG_TABLE, *_DICTIONARIES)
_DICTIONARY_NOTE = "słownik nie zawiera wartości; nazwy zmiennych ma katalog, a jednostek rejestr"


def import_paths(
    paths: Iterable[str | PathLike[str]],
    *,
    variable: str | Sequence[str] | None = None,
    name: str | None = None,
    base: Snapshot | str | None = None,
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
        Snapshot to add to; the newest real one when omitted.
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
        option is wrong, or the place cannot be written. The old state stays as it was.

    Examples
    --------
    >>> import_paths(["nie-ma-takiego-pliku.csv"])
    Traceback (most recent call last):
    ...
    smup_lib.errors.SourceError: Nie ma wskazanych plików.
    ...
    """
    options = parse_variable_option(variable)
    chosen = check_base(base)
    with RawStore() as store:
        work = _Import(store, load_catalogue(), options, name, chosen, base is None, on_progress)
        files = list_input_files(paths)
        work.recognise(files)
        check_options(options, [one.recognised.kind for one in work.found])
        work.read()
        return work.finish(unmatched_notes(files))


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
    options: Mapping[str, str]
    dataset_name: str | None
    base: Snapshot | None
    base_is_newest: bool
    on_progress: Progress | None
    order: list[InputFile] = field(default_factory=list)
    found: list[_Found] = field(default_factory=list)
    reports: dict[InputFile, FileReport] = field(default_factory=dict)
    registers: list[tuple[_Found, RegisterFile]] = field(default_factory=list)
    layers: list[tuple[_Found, BoundaryFile]] = field(default_factory=list)
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
        for one in self._of((FileKind.BOUNDARIES,)):
            with self._refusing(one):
                self.layers.append((one, read_boundaries(self._content(one), one.file.name)))
        for one in self._of(_DATA):
            with self._refusing(one):
                self.data.append((one, self._read_data(one)))
        for one in self._of([kind for kind in FileKind if not Recognised(kind).supported]):
            self.reports[one.file] = report_kept(one.file, one.kind, self._keep(one))

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
        record = self._raw[path]
        return record.model_copy(update={"name": one.file.name}) if one.file.member else record

    def _content(self, one: _Found) -> bytes:
        """Return the content, read from the copy that is kept: what is parsed is what is stored."""
        return InputFile(raw_path(self._keep(one)), one.file.member).read()

    def _read_data(self, one: _Found) -> ReadFile:
        content = self._content(one)
        if one.kind in _DICTIONARIES:
            return no_rows(one.file, one.kind, (_DICTIONARY_NOTE,))
        note = load_file_note(one.file)
        naming = Naming(self.catalogue, note, self.options, self.dataset_name)
        return read_data_file(one.file, one.recognised, content, self._keep(one), naming)

    def finish(self, notes: tuple[str, ...] = ()) -> ImportReport:
        """Check what goes together, place every row, write the snapshot and return the report."""
        check_options_used(self.options, [read for _, read in self.data])
        new = [
            new_register(one.file.name, register, self._keep(one), self.catalogue)
            for one, register in self.registers
        ]
        fictional = check_fictional(self._codes(), self.base)
        base_units = self.base.table("units") if self.base else empty_table("units")
        units, register_notes = merge_registers(base_units, new)
        check_register(len(units) > 0, self._needing_register())
        changes = empty_table("changes") if fictional else real_changes()
        known = known_codes(units, changes)
        layers, held = self._placed_layers(units, known)
        days = sorted(set(units["state_date"]))
        placed = [place_rows(read, known, days) for _, read in self.data]
        for (one, _), register in zip(self.registers, new, strict=True):
            self.reports[one.file] = report_register(register, self._keep(one))
        for (one, _), rows in zip(self.data, placed, strict=True):
            self.reports[one.file] = report_data(rows, self.catalogue, self._keep(one))
        gathered = Gathered(
            units=units,
            changes=changes,
            registers=new,
            layers=layers,
            data=placed,
            quarantine=joined([*held, *(rows.quarantine for rows in placed)]),
            files=tuple(one.file.name for one, _ in (*self.layers, *self.data)),
            fictional=fictional,
            notes=notes + register_notes,
        )
        reports = [self.reports[file] for file in self.order]
        before_writing = check_still_newest if self.base_is_newest else None
        return write_import(gathered, self.base, reports, before_writing)

    def _placed_layers(
        self, units: pd.DataFrame, known: frozenset[str]
    ) -> tuple[list[NewLayer], list[pd.DataFrame]]:
        layers: list[NewLayer] = []
        held: list[pd.DataFrame] = []
        days = sorted(set(units["state_date"]))
        for one, layer in self.layers:
            year = load_file_note(one.file).year
            raw = self._keep(one)
            new = new_layer(one.file.name, layer, raw, self.catalogue, units, year)
            new, waiting = place_layer(new, layer.left_out, known, days)
            self.reports[one.file] = report_layer(new, waiting, raw)
            layers.append(new)
            held.append(waiting)
        return layers, held

    def _codes(self) -> Iterator[tuple[str, Iterable[str]]]:
        """Yield each file with the codes of its units."""
        for one, register in self.registers:
            yield one.file.name, register.units["unit_code"]
        for one, layer in self.layers:
            yield one.file.name, layer.codes
        for one, read in self.data:
            codes = [part.rows["unit_code"].unique() for part in read.parts]
            yield one.file.name, {str(code) for part in codes for code in part}

    def _needing_register(self) -> list[str]:
        """Return the files whose rows only a register can place."""
        data = [one.file.name for one, read in self.data if read.parts]
        return [*(one.file.name for one, _ in self.layers), *data]


def _members(file: InputFile) -> list[InputFile]:
    if file.member is not None:
        raise UnreadableFileError(
            "Archiwum w archiwum nie jest rozpakowywane.",
            where=file.name,
            next_step="rozpakuj je i wskaż folder z zawartością",
        )
    return list_members(file)
