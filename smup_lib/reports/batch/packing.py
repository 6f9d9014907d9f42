"""What do people take out of a batch? A table that Excel opens, and one zip a unit or powiat."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal, TypeAlias

from smup_lib.paths import folder_for_files, told_when_unwritable, write_whole
from smup_lib.reports.batch.manifest import Row
from smup_lib.reports.exports.csv import plain_cell

TABLE = "manifest.csv"
ARCHIVES = "zip"
#: What one archive is about.
Packing: TypeAlias = Literal["unit", "powiat"]

_HEADINGS = (
    *("raport", "jednostka", "kod", "rok", "wynik", "powód niepowodzenia", "uwagi"),
    *("próby", "sekundy", "pamięć (MB)", "pliki", "stan danych", "zakończono (UTC)"),
)
_STATUS: Mapping[str, str] = {"made": "powstał", "empty": "bez danych", "failed": "nie powstał"}
_POWIAT_CODE = 4
_NEXT = "zwolnij miejsce, zamknij plik, jeśli jest otwarty, i powtórz to samo polecenie"
#: The oldest moment that a zip can hold: the same reports give the same archive.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def write_table(folder: Path, rows: Iterable[Row]) -> Path:
    """Write the newest row of each report as a CSV for Excel in Polish; return its path.

    Byte-order mark, semicolons, decimal commas.

    Raises
    ------
    SettingsError
        When it cannot be written.
    """
    out = io.StringIO()
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    table.writerow(_HEADINGS)
    for row in rows:
        table.writerow([plain_cell(text) for text in _texts(row)])
    path = folder / TABLE
    with told_when_unwritable(path, "Nie udało się zapisać tabeli raportów", _NEXT):
        write_whole(path, out.getvalue().encode("utf-8-sig"))
    return path


def _texts(row: Row) -> tuple[str, ...]:
    numbers = (f"{number}".replace(".", ",") for number in (row.seconds, row.megabytes))
    return (
        *(row.report, row.unit_name, row.unit, str(row.year), _STATUS[row.status], row.error),
        *("; ".join(row.warnings), str(row.attempts), *numbers),
        *(" ".join(row.outputs), row.snapshot, row.finished[:19].replace("T", " ")),
    )


def pack_reports(folder: Path, rows: Iterable[Row], packing: Packing) -> tuple[Path, ...]:
    """Write one zip for each unit, or for each powiat with its gminy; return their paths.

    Parameters
    ----------
    folder : Path
        Of the batch; the archives go into its folder ``zip``.
    rows : iterable of Row
        Whole reports.
    packing : {"unit", "powiat"}
        What one archive holds.

    Raises
    ------
    SettingsError
        When one cannot be written; those that are there stay.
    """
    packs: dict[str, list[str]] = {}
    for row in rows:
        code = row.unit[:_POWIAT_CODE] if packing == "powiat" else row.unit
        packs.setdefault(code, []).extend(row.outputs)
    if not packs:
        return ()
    written = []
    with folder_for_files(folder / ARCHIVES, "opcją --out") as place:
        for code, names in packs.items():
            path = place / f"{code}.zip"
            with told_when_unwritable(path, "Nie udało się zapisać archiwum", _NEXT):
                write_whole(path, _packed(folder, sorted(set(names))))
            written.append(path)
    return tuple(written)


def _packed(folder: Path, names: Iterable[str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            member = zipfile.ZipInfo(name, _ZIP_TIME)
            archive.writestr(member, (folder / name).read_bytes(), zipfile.ZIP_DEFLATED)
    return out.getvalue()
