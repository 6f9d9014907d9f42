"""The store of snapshots: write once, read by anyone, point at the current one."""

from __future__ import annotations

import functools
import os
import uuid
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smup_lib.errors import NoDataError, SnapshotError, system_reason
from smup_lib.paths import snapshots_dir
from smup_lib.snapshots.engine import ENGINE
from smup_lib.snapshots.manifest import (
    SnapshotManifest,
    read_manifest,
)
from smup_lib.snapshots.observations import TEXT_COLUMNS, empty_observations
from smup_lib.snapshots.question import Question, each_once
from smup_lib.snapshots.tables import OBSERVATIONS, SORTED_BY, TABLES, empty_table

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.snapshots.held import HeldObservations

#: Name of the file that says which snapshot is the current one.
POINTER = "current"
#: Beginning of the names of damaged folders that a whole copy has replaced.
SET_ASIDE = ".damaged-"
#: Names the fictional land wherever a snapshot is named; so do the ids of its data sets.
SAMPLE = "sample"
#: Environment variable that stands in for the pointer within one process.
PINNED = "SMUP_SNAPSHOT"
_ID_LENGTH = 16


class Snapshot:
    """A complete, read-only release of observations, units and boundaries.

    Parameters
    ----------
    path : Path
        The folder of the snapshot.

    Attributes
    ----------
    id : str
        Hash of the content (16 hex digits).
    manifest : SnapshotManifest
        Sources, counts, checksums.
    fictional : bool
        Whether it is the sample land.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.manifest: SnapshotManifest = read_manifest(path)
        self._check_files()
        self._held: HeldObservations | None = None

    @property
    def id(self) -> str:
        """Return the hash of the content."""
        return self.manifest.id

    @property
    def fictional(self) -> bool:
        """Return whether the units are fictional."""
        return self.manifest.fictional

    @property
    def observation_file(self) -> Path:
        """Return the Parquet file of the observations."""
        return self.path / f"{OBSERVATIONS}.parquet"

    def __repr__(self) -> str:
        """Name the snapshot in a notebook."""
        sort = "dane przykładowe" if self.fictional else "dane rzeczywiste"
        count = self.manifest.counts.get("observations", 0)
        return f"<Snapshot {self.id} ({sort}, {count} obserwacji)>"

    def table(self, name: str) -> pd.DataFrame:
        """Return a whole table; an empty frame with its columns when the snapshot has none.

        The returned frame is shared: copy it before changing it.
        """
        if name not in TABLES:
            raise SnapshotError(
                f"Nie ma tabeli „{name}”.",
                where=f"stan danych {self.id}",
                expected=", ".join(TABLES),
                next_step="popraw nazwę tabeli",
            )
        return self._table(name)

    @functools.lru_cache(maxsize=8)  # noqa: B019 - a snapshot is immutable and long-lived
    def _table(self, name: str) -> pd.DataFrame:
        path = self.path / f"{name}.parquet"
        if not path.exists():
            return empty_table(name)
        import pyarrow.parquet as pq

        # without its pools, whose threads would stay: a process with threads must not be forked
        table = pq.ParquetFile(path, pre_buffer=False).read(use_threads=False)
        frame: pd.DataFrame = table.to_pandas(use_threads=False)
        return frame

    def observations(
        self,
        variables: Iterable[str] | None = None,
        unit_codes: Iterable[str] | None = None,
        years: Iterable[int] | None = None,
        level: str | None = None,
        *,
        either: bool = False,
        cities: bool = False,
    ) -> pd.DataFrame:
        """Read observations, only those asked for.

        Parameters
        ----------
        variables, unit_codes, years : iterable, optional
            Wanted values; all when omitted, none when empty.
        level : str, optional
            ``gmina``, ``powiat``, ``voivodeship`` or ``country``.
        either : bool
            Read all years of the units **and** all units of the years, in one go.
        cities : bool
            Beside a level, read cities with powiat rights under their other code too.

        Returns
        -------
        DataFrame
            Columns of the observation contract, ordered by variable, unit and year.
        """
        asked = (each_once(variables), each_once(unit_codes), each_once(years), level)
        question = Question(*asked, either=either, cities=cities)
        if not self.manifest.counts["observations"]:
            # registers alone: empty columns of a file have no type to ask by
            return empty_observations().astype(dict.fromkeys(TEXT_COLUMNS, "str"))
        if self._held is not None:
            return self._held.select(question)
        where, parameters = question.to_sql()
        query = f"SELECT * FROM read_parquet(?) {where} ORDER BY {', '.join(SORTED_BY)}"
        frame = self.ask(query, parameters)
        return frame.astype({"decimals": "Int8"} | dict.fromkeys(TEXT_COLUMNS, "str"))

    def hold(self, most_rows: int) -> bool:
        """Read the observations into memory, if there are not too many, and say whether they are.

        Questions of :meth:`observations` are then answered without DuckDB, with the same rows.

        Parameters
        ----------
        most_rows : int
            With more rows nothing is read.
        """
        from smup_lib.snapshots.held import HeldObservations

        if self._held is None and 0 < self.manifest.counts["observations"] <= most_rows:
            self._held = HeldObservations(self.observation_file)
        return self._held is not None

    def ask(self, query: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> pd.DataFrame:
        """Return what DuckDB answers about the observations, which are not held in memory.

        Parameters
        ----------
        query : str
            SQL on ``read_parquet(?)``, which is its first mark, or on ``read_parquet($file)``.
        parameters : sequence or mapping
            Values of the other marks, by place or by name.
        """
        file = str(self.observation_file)
        if isinstance(parameters, Mapping):
            return ENGINE.ask(query, {"file": file, **parameters})
        return ENGINE.ask(query, [file, *parameters])

    def _check_files(self) -> None:
        problems = []
        for name, record in self.manifest.files.items():
            path = self.path / name
            if not path.exists():
                problems.append(f"brak pliku {name}")
            elif path.stat().st_size != record.size:
                problems.append(f"{name}: {path.stat().st_size} bajtów zamiast {record.size}")
        if problems:
            raise SnapshotError(
                f"Stan danych {self.manifest.id} jest niekompletny.",
                where=str(self.path),
                problems=problems,
                expected="pliki o rozmiarach z manifestu",
                next_step="przywróć go z paczki (smup data unpack) albo wczytaj dane ponownie",
            )


def point_at(snapshot_id: str) -> None:
    """Make a snapshot the current one; the pointer is swapped in one step."""
    pointer = snapshots_dir() / POINTER
    temporary = pointer.with_name(f".{POINTER}-{uuid.uuid4().hex[:8]}")
    try:
        temporary.write_text(snapshot_id + "\n", encoding="ascii")
        temporary.replace(pointer)
    except OSError as error:
        raise SnapshotError(
            f"Nie udało się wskazać bieżącego stanu danych: {system_reason(error)}.",
            where=str(pointer),
            expected="wolne miejsce na dysku i prawo zapisu",
            next_step=f"spróbuj ponownie: smup data use {snapshot_id}",
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def current_id() -> str | None:
    """Return the id of the current snapshot, or None when there is none yet.

    Raises
    ------
    SnapshotError
        When the pointer cannot be read.
    """
    pointer = snapshots_dir() / POINTER
    try:
        return pointer.read_text(encoding="ascii").strip() or None
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        reason = system_reason(error) if isinstance(error, OSError) else "plik jest uszkodzony"
        raise SnapshotError(
            f"Nie można odczytać, który stan danych jest bieżący: {reason}.",
            where=str(pointer),
            expected="plik z identyfikatorem stanu danych",
            next_step="usuń ten plik i wybierz stan danych: smup data use ID; listę pokaże"
            " smup data list",
        ) from error


def load_snapshot(name: str | Path | None = None) -> Snapshot:
    """Open a snapshot: the current one, or by id, unique beginning of an id, folder, or "sample".

    A report pins its snapshot for its kernel with the variable ``SMUP_SNAPSHOT``.

    Raises
    ------
    NoDataError
        When there is no snapshot yet.
    SnapshotError
        When none or several fit, or the folder is damaged.
    """
    if name is None:
        name = os.environ.get(PINNED) or current_id()
        if name is None:
            raise NoDataError(
                "Nie ma jeszcze żadnych danych.",
                where=str(snapshots_dir()),
                expected="dane przykładowe albo wczytane pliki",
                next_step="przygotuj dane przykładowe: smup data sample,"
                " albo wczytaj własne pliki: smup data import ŚCIEŻKA",
            )
    if isinstance(name, Path) or os.sep in name:
        return _opened(Path(name).resolve())
    if name == SAMPLE and (sample := find_sample()) is not None:
        return sample
    found = [path for path in _folders() if path.name.startswith(name)]
    if len(found) == 1:
        return _opened(found[0].resolve())
    raise SnapshotError(
        f"Nie ma stanu danych „{name}”." if not found else f"Początek „{name}” nie wystarcza.",
        where=str(snapshots_dir()),
        expected=", ".join(path.name for path in (found or _folders()))
        or "jakikolwiek stan danych",
        next_step="krainę przykładową utworzy: smup data sample"
        if name == SAMPLE
        else "listę pokaże: smup data list",
    )


def find_sample() -> Snapshot | None:
    """Return the newest snapshot that holds the fictional land and nothing else."""
    for snapshot in list_snapshots():
        datasets = {source.dataset for source in snapshot.manifest.sources.values()}
        if snapshot.fictional and all(d.startswith(f"{SAMPLE}:") for d in datasets):
            return snapshot
    return None


@functools.lru_cache(maxsize=4)
def _opened(path: Path) -> Snapshot:
    return Snapshot(path)


def forget_opened() -> None:
    """Forget opened snapshots, because a folder is going away."""
    _opened.cache_clear()


def list_snapshots() -> list[Snapshot]:
    """Return all snapshots that can be opened, newest first; see :func:`list_damaged`.

    A snapshot is newer than the one it was made from, whatever their times say: a clock that ran
    ahead once must not make its snapshot the newest for years.
    """
    left = sorted(
        (found for found in map(_opened_or_error, _folders()) if isinstance(found, Snapshot)),
        key=lambda snapshot: (snapshot.manifest.created, snapshot.id),
        reverse=True,
    )
    ordered = []
    while left:
        bases = {snapshot.manifest.base for snapshot in left}
        # two snapshots are each other's base when one was removed and made again from the other
        newest = next((snapshot for snapshot in left if snapshot.id not in bases), left[0])
        ordered.append(newest)
        left.remove(newest)
    return ordered


def list_damaged() -> list[SnapshotError]:
    """Return what is wrong with each folder of the store that is no readable snapshot."""
    return [
        found for found in map(_opened_or_error, _folders()) if isinstance(found, SnapshotError)
    ]


def _opened_or_error(path: Path) -> Snapshot | SnapshotError:
    try:
        snapshot = _opened(path.resolve())
    except SnapshotError as error:
        what, problems = error.what, list(error.problems)
    except OSError as error:
        what, problems = f"Nie można odczytać folderu: {system_reason(error)}.", []
    else:
        if snapshot.id == path.name:
            return snapshot
        what = "Nazwa folderu jest inna niż identyfikator stanu danych."
        problems = [f"w folderze jest stan danych {snapshot.id}"]
    return SnapshotError(
        what,
        where=str(path),
        problems=problems,
        expected="cały stan danych pod własnym identyfikatorem",
        next_step="przywróć ten stan danych z paczki (smup data unpack PLIK) albo usuń go:"
        f" smup data remove {path.name}; pozostałe stany danych działają",
    )


def list_set_aside() -> list[Path]:
    """Return damaged folders that were moved aside when a whole copy took their place."""
    folder = snapshots_dir()
    return sorted(folder.glob(f"{SET_ASIDE}*")) if folder.is_dir() else []


def newest_snapshot(*, fictional: bool) -> Snapshot | None:
    """Return the newest snapshot of a sort: the one that new data are added to.

    Where several are nobody's base, the current one of them counts.
    """
    known = [snapshot for snapshot in list_snapshots() if snapshot.fictional == fictional]
    if not known:
        return None
    bases = {snapshot.manifest.base for snapshot in known}
    current = current_id()
    last = (one for one in known if one.id == current and one.id not in bases)
    return next(last, known[0])


def newest_real() -> Snapshot | None:
    """Return the newest snapshot of real data: the base of an import."""
    return newest_snapshot(fictional=False)


def use_snapshot(name: str | Path) -> Snapshot:
    """Make a snapshot the current one and return it."""
    snapshot = load_snapshot(name)
    point_at(snapshot.id)
    return snapshot


def _folders() -> list[Path]:
    folder = snapshots_dir()
    if not folder.is_dir():
        return []
    return sorted(
        path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")
    )
