"""How do rows from a service join the newest snapshot of their sort?"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from smup_lib.catalogue import Catalogue
from smup_lib.paths import make_dir, told_when_unwritable
from smup_lib.snapshots import (
    Snapshot,
    SourceRecord,
    empty_table,
    newest_real,
    newest_snapshot,
    store_lock,
)
from smup_lib.sources.import_checks import check_fictional, check_register
from smup_lib.sources.import_report import ImportReport
from smup_lib.sources.known_units import known_units
from smup_lib.sources.new_snapshot import Gathered, write_import
from smup_lib.sources.placing import place_rows
from smup_lib.sources.read_file import ReadFile
from smup_lib.sources.register import real_changes
from smup_lib.sources.untold import Scope
from smup_lib.sources.web.services import Service, shown_address

if TYPE_CHECKING:
    import pandas as pd


_SHOWN = 8


def find_own_base(service: Service, codes: Iterable[str]) -> Snapshot | None:
    """Return the snapshot to add to: the newest of the same sort, real or fictional, if any.

    A service is fictional when its units are: their voivodeships lie outside 02-32.

    Parameters
    ----------
    service : Service
    codes : iterable of str
        TERYT codes of its units.

    Raises
    ------
    SnapshotMismatchError
        When a fictional service would feed a home with real data.
    """
    real = newest_real()
    if check_fictional([(f"serwis {shown_address(service.base())}", codes)], real):
        return newest_snapshot(fictional=True)
    return real


def find_base(service: Service, codes: Iterable[str]) -> Snapshot | None:
    """Return the snapshot to add to, as :func:`find_own_base`; it has a register.

    Raises
    ------
    SnapshotMismatchError
        When a fictional service would feed a home with real data.
    SourceError
        When there is no register that could place the rows.
    """
    base = find_own_base(service, codes)
    check_register(base is not None and len(base.table("units")) > 0, [f"serwis {service.label}"])
    return base


def _unknown_note(service: Service, codes: Sequence[str]) -> tuple[str, ...]:
    if not codes:
        return ()
    more = f" i {len(codes) - _SHOWN} innych" if len(codes) > _SHOWN else ""
    return (
        f"rejestr nie zna jednostek: {', '.join(codes[:_SHOWN])}{more}; wczytaj TERC z roku,"
        f" w którym istniały, i powtórz: smup data sync {service.name} --limit 0",
    )


@contextmanager
def waiting_rows(service: Service) -> Iterator[Path]:
    """Yield an empty folder beside the answers, for rows that wait to be joined; gone afterwards.

    It is swept first: a program that was killed may have left rows there.
    """
    folder = service.answers_path().with_suffix(".waiting")
    shutil.rmtree(folder, ignore_errors=True)
    with told_when_unwritable(folder):
        make_dir(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def store_rows(
    service: Service,
    read: ReadFile,
    catalogue: Catalogue,
    codes: Iterable[str],
    *,
    files: Sequence[str],
    scopes: Sequence[Scope],
    definitions: pd.DataFrame | None = None,
    definition_records: Sequence[SourceRecord] = (),
) -> tuple[ImportReport, pd.DataFrame]:
    """Place rows by the register of the base, join them with it and write the snapshot.

    Parameters
    ----------
    service : Service
    read : ReadFile
        What its answers say.
    catalogue : Catalogue
        Knows every variable of the rows.
    codes : iterable of str
        TERYT codes of all units of the service.
    files : sequence of str
        What the quarantine calls the answers: older quarantine of them is superseded.
    scopes : sequence of Scope
        What was asked for: values known there that are not told any more are named.
    definitions, definition_records
        Rows of ``published_definitions`` and their sources.

    Returns
    -------
    (ImportReport, DataFrame)
        What became of the rows, and the quarantine of this synchronisation.
    """
    with store_lock(f"zapis danych z serwisu {service.label}"):
        base = find_base(service, codes)
        fictional = base is not None and base.fictional
        units = base.table("units") if base else empty_table("units")
        changes = base.table("changes") if base and fictional else real_changes()
        placed = place_rows(read, known_units(units, changes), catalogue)
        gathered = Gathered(
            units=units,
            changes=changes,
            registers=(),
            layers=(),
            classes=None,
            data=[placed],
            quarantine=placed.quarantine,
            files=tuple(files),
            fictional=fictional,
            notes=placed.notes + _unknown_note(service, placed.unknown),
            definitions=definitions,
            definition_records=definition_records,
            scopes=scopes,
        )
        moments = [one.file.imported for one in read.records if one.file is not None]
        today = max(moments, default="")[:10]
        return write_import(gathered, base, (), catalogue, today=today), placed.quarantine
