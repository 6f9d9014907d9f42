"""The manifest: what a snapshot holds, where it came from, and how to check it."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from smup_lib.errors import SnapshotError

#: 1 hashed all observations as one table, 2 hashes each variable on its own.
FORMAT = 2
MANIFEST_NAME = "manifest.json"


class ManifestModel(BaseModel):
    """Base: frozen, unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


#: What tells the day of a file: its official name, ``import.yaml``, the day on which a service
#: answered, or only the disk.
Dated = Literal["name", "note", "service", "disk"]


class RawFile(ManifestModel):
    """A file as it came.

    Attributes
    ----------
    name : str
        Name of the file; for a member of an archive with the archive's.
    sha256 : str
        Checksum of its bytes, for a member those of the archive.
    size : int
    retrieved : str
        Day of the file, ISO: when it was taken from its publisher, as far as ``dated`` tells.
    dated : str
        ``name`` (a stamp in the official name), ``note`` (``import.yaml``) and ``service`` (the
        last answer of a service on the web) are told days;
        ``disk`` is only the day on which the file was last written here, and no proof of age.
    imported : str
        When it was read into a snapshot first, ISO with seconds, UTC; empty in old manifests.
    """

    name: str
    sha256: str
    size: int
    retrieved: str
    dated: Dated = "disk"
    imported: str = ""

    @property
    def told_day(self) -> str:
        """Return the day of the file when somebody told it, else an empty text."""
        return "" if self.dated == "disk" else self.retrieved


class SourceRecord(ManifestModel):
    """One source of observations: dataset, publisher, file, and what it gave.

    ``id`` is ``<dataset>@<8 hex of its content>`` and stands in the ``source`` column. ``origin``
    is what the file itself names as the source of these rows; empty when it names none.
    """

    id: str
    dataset: str
    publisher: str
    title: str
    kind: str
    origin: str = ""
    file: RawFile | None = None
    data_date: str = ""
    rows: int = 0
    variables: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def told_day(self) -> str:
        """Return the day of the file when somebody told it, else an empty text."""
        return self.file.told_day if self.file is not None else ""


def past_day(day: str, today: str) -> str:
    """Return a day, ISO; an empty text for one that is yet to come.

    A computer whose clock ran ahead told it, so it proves no age. One day of grace: days of
    services are those of Greenwich.

    Examples
    --------
    >>> past_day("2026-11-22", "2026-11-22"), past_day("2032-11-22", "2026-11-22")
    ('2026-11-22', '')
    """
    if not day:
        return ""
    tomorrow = datetime.date.fromisoformat(today) + datetime.timedelta(days=1)
    return day if day[:10] <= tomorrow.isoformat() else ""


class FileRecord(ManifestModel):
    """A file of the snapshot: checksum and size."""

    sha256: str
    size: int
    rows: int | None = None


class SnapshotManifest(ManifestModel):
    """Everything said about a snapshot besides its tables."""

    format: int = FORMAT
    id: str
    created: str
    fictional: bool
    base: str | None = None
    library_version: str
    counts: dict[str, int]
    sources: dict[str, SourceRecord]
    files: dict[str, FileRecord]


def read_manifest(folder: Path) -> SnapshotManifest:
    """Read the manifest of a snapshot folder.

    Raises
    ------
    SnapshotError
        When there is none, when it is damaged or from a newer workbench.
    """
    path = folder / MANIFEST_NAME
    try:
        text = path.read_bytes()
    except OSError as error:
        raise SnapshotError(
            "To nie jest stan danych: nie ma w nim manifestu.",
            where=str(folder),
            expected=f"plik {MANIFEST_NAME}",
            next_step="listę stanów danych pokaże: smup data list",
        ) from error
    try:
        return SnapshotManifest.model_validate_json(text)
    except ValidationError as error:
        raise SnapshotError(
            "Manifest stanu danych jest uszkodzony albo pochodzi z innej wersji programu.",
            where=str(path),
            expected=f"manifest w formacie {FORMAT}",
            next_step="przywróć stan danych z paczki (smup data unpack) albo wczytaj dane ponownie",
            problems=[f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:5]],
        ) from error
