"""In a worker of a cluster: chunks of a batch are handed to a process beside it that may fork.

A worker has threads, so it must never fork itself. It starts a process that may (once, kept for
further chunks), and that one forks for each report.
"""

from __future__ import annotations

import dataclasses
import os
import subprocess
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

from smup_lib.errors import ReportError, SmupError
from smup_lib.kernels.forking import can_supervise, fit_command
from smup_lib.paths import cache_dir, make_dir, smup_home, write_whole
from smup_lib.reports.batch.fingerprint import digest_of_own_files
from smup_lib.reports.batch.jobs import Job
from smup_lib.reports.batch.manifest import Row
from smup_lib.reports.batch.setup import Chunk, Done, Identity, Setup, Start, Taken, find_here
from smup_lib.snapshots.fetching import check_location, fetch_snapshot

_CACHE = "cluster"
_PROCESS = "smup_lib.reports.batch.fit_process"


@dataclass(frozen=True)
class Answer:
    """What a worker says before the first chunk."""

    identity: Identity
    sees_folder: bool
    can_fork: bool
    problem: SmupError | None = None


@dataclass(frozen=True)
class Made:
    """What came of a chunk.

    Attributes
    ----------
    rows : tuple of Row
        Of the reports that were tried.
    lost : tuple of str
        Keys of reports in whose course the process ended each time.
    notes : tuple of str
        What should be known, in Polish.
    files : mapping of str to bytes
        By their paths in the folder of the batch; none where the worker sees that folder.
    """

    rows: tuple[Row, ...]
    lost: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    files: dict[str, bytes] = field(default_factory=dict)


def examine(setup: Setup) -> Answer:
    """Say whether this worker can make reports of a batch; quick, nothing is fetched."""
    problem = None
    try:
        check_location(setup.data, setup.snapshot)
    except SmupError as error:
        problem = error
    return Answer(Identity.here(), setup.sees_folder, can_supervise(), problem)


def check_worker(setup: Setup, answer: Answer, name: str) -> None:
    """Refuse a worker that would make other reports, or none.

    Raises
    ------
    ReportError
        With what is different.
    SnapshotError
        When it cannot read the data.
    """
    found = setup.identity.differences(answer.identity)
    if not answer.can_fork:
        found.append("to nie jest Linux, więc raport nie może powstać w osobnym procesie")
    if found:
        raise ReportError(
            "Pracownik klastra ma inny program niż komputer, który prowadzi partię.",
            where=name,
            problems=found,
            expected="ta sama wersja Pythona, smup-workbench i bibliotek na każdym komputerze",
            next_step="zainstaluj tam to samo środowisko i uruchom pracownika ponownie",
        )
    if answer.problem is not None:
        answer.problem.where = f"{name}: {answer.problem.where}"
        raise answer.problem


def make_chunk(setup: Setup, chunk: Chunk) -> Made:
    """Make the reports of a chunk in a process beside this one; the task of a cluster.

    Raises
    ------
    SmupError
        When no report could be made here.
    """
    with _lent_station(setup) as station:
        return station.make(chunk)


def close_stations(folder: Path) -> None:
    """End the processes that work for the batch of a folder, in the middle of a report too."""
    with _LOCK:
        stations = [one for one in _ALL if one.setup.folder == folder]
        for station in stations:
            _ALL.remove(station)
    for station in stations:
        station.close()


class Station:
    """A process that may fork, and where it works.

    Parameters
    ----------
    setup : Setup
        Of the batch.
    """

    def __init__(self, setup: Setup) -> None:
        check_worker(setup, examine(setup), "ten pracownik")
        self.setup = setup
        cache = make_dir(cache_dir() / _CACHE)
        self._home = _home_for(setup, cache)
        self._notebooks = cache / "notebooks"
        snapshot = fetch_snapshot(setup.data, setup.snapshot, cache / "snapshots")
        self._away = None if setup.sees_folder else _folder_of_worker()
        self._start = Start(snapshot, self._away or setup.folder, setup.how)
        self._line: Connection | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False

    def make(self, chunk: Chunk) -> Made:
        """Make reports; a process that ends meanwhile is started again for the rest."""
        jobs = self._here(chunk.jobs)
        rows: list[Row] = []
        notes: list[str] = []
        deaths: Counter[str] = Counter()
        while left := self._left(jobs, rows, deaths):
            try:
                for told in self._told(Chunk(tuple(left), chunk.prints)):
                    if isinstance(told, Done):
                        notes += told.notes
                    else:
                        rows.append(told)
                break
            except (EOFError, ConnectionError):
                if self._closed:
                    raise ReportError(
                        "Partia została przerwana.",
                        expected="partia, której nikt nie kończy w trakcie raportu",
                        next_step="powtórz to samo polecenie: dokończy resztę",
                    ) from None
                self._end()
                # one report at once, so the first without a row is the one in whose course it ended
                deaths.update(job.key for job in self._left(left, rows, deaths)[:1])
        lost = tuple(key for key, count in deaths.items() if count >= self.setup.deaths)
        return Made(tuple(rows), lost, tuple(notes), self._take_files())

    def _left(self, jobs: Sequence[Job], rows: Sequence[Row], deaths: Counter[str]) -> list[Job]:
        """Return the jobs without a row that did not end their process again and again."""
        done = {row.key for row in rows}
        most = self.setup.deaths
        return [job for job in jobs if job.key not in done and deaths[job.key] < most]

    def _here(self, jobs: Sequence[Job]) -> list[Job]:
        known = {id(job.section): job.section for job in jobs}
        found = {key: find_here(one, self.setup, self._notebooks) for key, one in known.items()}
        return [dataclasses.replace(job, section=found[id(job.section)]) for job in jobs]

    def _told(self, chunk: Chunk) -> Iterator[Row | Done]:
        line = self._given(chunk)
        while True:
            told = line.recv()
            if isinstance(told, SmupError):
                self._end()
                raise told
            if isinstance(told, Taken):
                continue
            yield told
            if isinstance(told, Done):
                return

    def _given(self, chunk: Chunk) -> Connection:
        """Hand a chunk to the process; one that has ended for want of work is followed by another.

        Only when a chunk was taken, or the process is new, is its end the fault of a report.
        """
        if self._line is not None:
            try:
                self._line.send(chunk)
                if isinstance(self._line.recv(), Taken):
                    return self._line
            except (EOFError, ConnectionError):
                if self._closed:
                    raise
            self._end()
        line = self._begin()
        line.send(chunk)
        return line

    def _begin(self) -> Connection:
        mine, its = Pipe()
        words, environment = fit_command(_PROCESS)
        with its:
            self._process = subprocess.Popen(
                [*words, str(its.fileno()), str(os.getpid())],
                env={**environment, "SMUP_HOME": str(self._home)},
                stdin=subprocess.DEVNULL,
                pass_fds=(its.fileno(),),
                start_new_session=True,  # Ctrl-C is for the leader of the batch
            )
        self._line = mine
        mine.send(self._start)
        return mine

    def _take_files(self) -> dict[str, bytes]:
        """Return and remove what lies in a folder that only this worker sees."""
        if self._away is None:
            return {}
        found = [path for path in self._away.rglob("*") if path.is_file()]
        files = {path.relative_to(self._away).as_posix(): path.read_bytes() for path in found}
        for path in found:
            path.unlink()
        return files

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()  # its forks die with it
            self._process.wait()
        if self._line is not None:
            self._line.close()
        self._process = self._line = None

    def close(self) -> None:
        """End the process; whoever waits for a chunk of it is told."""
        self._closed = True
        process = self._process
        if process is not None:
            process.kill()
            process.wait()


_LOCK = threading.Lock()
_ALL: list[Station] = []
_IDLE: list[Station] = []


@contextmanager
def _lent_station(setup: Setup) -> Iterator[Station]:
    """Lend a station to one thread at a time; one of an earlier batch of the folder is ended."""
    with _LOCK:
        mine = [one for one in _IDLE if one.setup == setup and one in _ALL]
        station = mine[0] if mine else None
        if station is not None:
            _IDLE.remove(station)
    if station is None:
        station = Station(setup)
        with _LOCK:
            _ALL.append(station)
    try:
        yield station
    finally:
        with _LOCK:
            if station in _ALL:
                _IDLE.append(station)


def _folder_of_worker() -> Path:
    """Make a folder among those that the cluster removes when the worker is gone."""
    from distributed import get_worker

    return Path(tempfile.mkdtemp(dir=get_worker().local_directory))


def _home_for(setup: Setup, cache: Path) -> Path:
    """Return a folder of user data with the groups, practices and plans of the batch's leader."""
    if digest_of_own_files() == setup.own_digest:
        return smup_home()
    home = cache / f"home-{setup.own_digest[:16]}"
    for name, content in setup.own_files.items():
        path = home / name
        make_dir(path.parent)
        with suppress(FileExistsError):
            write_whole(path, content, over=False)
    return make_dir(home)
