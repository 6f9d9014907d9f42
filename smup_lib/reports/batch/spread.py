"""Make the reports of a batch on a cluster of dask: its tasks are chunks of reports.

The leader of the batch (this process) alone writes the manifest. Each worker hands its chunks to a
process beside it, see :mod:`smup_lib.reports.batch.station`.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
import queue
import uuid
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smup_lib.errors import ReportError, SmupError
from smup_lib.paths import make_dir, told_when_unwritable, write_whole
from smup_lib.plurals import counted
from smup_lib.reports.batch.cluster import Place, no_workers, open_cluster
from smup_lib.reports.batch.making import Conditions, failed_row, group_alike
from smup_lib.reports.batch.setup import (
    Chunk,
    Identity,
    Setup,
    light_job,
    read_own_files,
    read_own_notebooks,
)
from smup_lib.reports.batch.station import (
    Answer,
    Made,
    check_worker,
    close_stations,
    examine,
    make_chunk,
)

if TYPE_CHECKING:
    from distributed import Client, Future

    from smup_lib.reports.batch.jobs import Job
    from smup_lib.reports.batch.manifest import Row
    from smup_lib.reports.loading import Workspace

#: Reports of one task: some seconds of work, beside which the way to a worker is nothing.
MOST_IN_CHUNK = 10
#: Each worker gets so many chunks at least, so that none waits long for the last.
_CHUNKS_EACH = 4
#: More suspects than this would take too long one by one.
_MOST_ALONE = 3 * MOST_IN_CHUNK
_LOOK_SECONDS = 5.0
#: On a busy computer a worker that died is back after half a minute.
_RETURN_SECONDS = 300
_WORKER_NOUN = ("pracownik", "pracownicy", "pracowników")
_LOST = (
    "proces, w którym powstawał raport, za każdym razem kończył działanie razem z pracownikiem,"
    " na przykład z braku pamięci komputera"
)


@dataclass(frozen=True)
class _Task:
    """Reports that travel together.

    A task whose worker died again and again is parted into single reports. Few of them, or one that
    still kills its workers, are tried alone in the whole cluster: no other is blamed then.
    """

    jobs: tuple[Job, ...]
    alone: bool = False

    def parted(self, *, alone: bool) -> list[_Task]:
        return [_Task((job,), alone or len(self.jobs) == 1) for job in self.jobs]


class Spread:
    """Makes reports as :class:`smup_lib.reports.batch.making.Maker` does, on a cluster.

    Parameters
    ----------
    workspace : Workspace
        Snapshot, catalogue and register.
    out : Path
        Folder of the batch.
    how : Conditions
        How to work; ``workers`` counts for a local cluster without a number.
    prints : mapping of str to str
        The fingerprint of each report by its key.
    place : Place
        Which cluster.
    """

    def __init__(
        self,
        workspace: Workspace,
        out: Path,
        how: Conditions,
        prints: Mapping[str, str],
        place: Place,
    ) -> None:
        self._workspace, self._out, self._how, self._prints = workspace, out, how, prints
        self._place = place
        #: What should be known beside the rows, in Polish.
        self.notes: list[str] = []

    def make(self, jobs: Sequence[Job]) -> Generator[Row, None, None]:
        """Yield the row of each report as its chunk ends.

        Raises
        ------
        ReportError
            When the cluster cannot be reached, a worker has another program, or all are gone.
        SettingsError
            When nothing more can be written.
        """
        if not jobs:
            return
        with (
            open_cluster(self._place, self._how.workers) as client,
            self._setup(jobs) as setup,
            _stations(client, setup.folder),
        ):
            slots = self._check_workers(client, setup)
            with _Tasks(client, setup, self._prints) as tasks:
                for task in _chunks(jobs, slots):
                    tasks.submit(task)
                for task, made in tasks.ended():
                    yield from self._rows(task, made)

    @contextmanager
    def _setup(self, jobs: Sequence[Job]) -> Iterator[Setup]:
        """Tell what workers must know; a file marks the folder of the batch until the end."""
        folder = self._out.resolve()
        mark = folder / f".cluster-{uuid.uuid4().hex[:8]}"
        own_digest, own_files = read_own_files()
        setup = Setup(
            identity=Identity.here(),
            data=self._place.data or str(self._workspace.snapshot.path),
            snapshot=self._workspace.snapshot.id,
            folder=folder,
            mark=mark.name,
            deaths=self._place.deaths,
            how=dataclasses.replace(self._how, workers=1, limit=None),
            own_digest=own_digest,
            own_files=own_files,
            notebooks=read_own_notebooks(list(jobs)),
        )
        with told_when_unwritable(folder):
            write_whole(mark, "")
        try:
            yield setup
        finally:
            mark.unlink(missing_ok=True)

    def _check_workers(self, client: Client, setup: Setup) -> int:
        """Refuse workers that would make other reports; return how many chunks run at once."""
        answers: dict[str, Any] = client.run(examine, setup, on_error="return")
        for name, answer in sorted(answers.items()):
            if not isinstance(answer, Answer):
                raise _no_answer(name, answer)
            check_worker(setup, answer, name)
        if not answers:
            raise no_workers(self._place.address)
        seeing = sum(answer.sees_folder for answer in answers.values())
        if seeing < len(answers):
            told = counted(len(answers) - seeing, _WORKER_NOUN)
            self.notes.append(
                f"folderu partii nie widzi {told} z {len(answers)}: ich raporty wracają przez sieć"
            )
        threads: dict[str, int] = client.nthreads()
        return max(1, sum(threads.values()))

    def _rows(self, task: _Task, made: Made) -> Iterator[Row]:
        self.notes += [note for note in made.notes if note not in self.notes]
        for name, content in made.files.items():
            path = self._out / name
            with told_when_unwritable(path):
                write_whole(make_dir(path.parent) / path.name, content)
        yield from made.rows
        for job in task.jobs:
            if job.key in made.lost:
                print_ = self._prints[job.key]
                yield failed_row(self._workspace, job, print_, _LOST, self._place.deaths)


def _no_answer(name: str, error: Any) -> ReportError:
    told = ReportError(
        "Pracownik klastra nie potrafi wykonać raportów.",
        where=name,
        problems=[f"{type(error).__name__}: {error}"],
        expected="zainstalowany smup-workbench w tej samej wersji, co na tym komputerze",
        next_step="zainstaluj tam to samo środowisko i uruchom pracownika ponownie",
    )
    told.__cause__ = error if isinstance(error, BaseException) else None
    return told


def _chunks(jobs: Sequence[Job], slots: int) -> Iterator[_Task]:
    """Part jobs into tasks, those of one notebook, year and level together."""
    size = min(MOST_IN_CHUNK, math.ceil(len(jobs) / (slots * _CHUNKS_EACH)))
    for _, alike in group_alike(jobs):
        left = iter(alike)
        while part := tuple(itertools.islice(left, size)):
            yield _Task(part)


@contextmanager
def _stations(client: Client, folder: Path) -> Iterator[None]:
    """End what an earlier batch of the folder left in the workers, and what this one leaves."""
    client.run(close_stations, folder, on_error="ignore")
    try:
        yield
    finally:
        if client.status == "running":
            client.run(close_stations, folder, on_error="ignore")


class _Tasks:
    """Tasks that a cluster has been given."""

    def __init__(self, client: Client, setup: Setup, prints: Mapping[str, str]) -> None:
        self._client, self._setup, self._prints = client, setup, prints
        self._name = f"smup-{uuid.uuid4().hex[:8]}"
        self._count = 0
        self._running: dict[Future[Made], _Task] = {}
        self._later: list[_Task] = []
        self._ended: queue.SimpleQueue[Future[Made]] = queue.SimpleQueue()

    def __enter__(self) -> _Tasks:
        return self

    def __exit__(self, *_: object) -> None:
        if self._running and self._client.status == "running":
            self._client.cancel(list(self._running), force=True)

    def submit(self, task: _Task) -> None:
        """Give the cluster a task."""
        self._count += 1
        prints = {job.key: self._prints[job.key] for job in task.jobs}
        chunk = Chunk(tuple(map(light_job, task.jobs)), prints)
        future = self._client.submit(
            make_chunk, self._setup, chunk, key=f"{self._name}-{self._count}", pure=False
        )
        self._running[future] = task
        future.add_done_callback(self._ended.put)

    def ended(self) -> Iterator[tuple[_Task, Made]]:
        """Yield each task that was done, and what came of it."""
        while self._running or self._later:
            if not self._running:
                self.submit(self._later.pop())
            future = self._next()
            task = self._running.pop(future)
            if (made := self._made(future, task)) is not None:
                yield task, made

    def _next(self) -> Future[Made]:
        while True:
            try:
                return self._ended.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                self._check_alive()

    def _check_alive(self) -> None:
        if self._client.status != "running":
            raise _interrupted()
        if not self._client.scheduler_info()["workers"]:
            self._wait_for_workers()

    def _wait_for_workers(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=_RETURN_SECONDS)
        except TimeoutError as error:
            raise no_workers(str(self._client.scheduler_info()["address"])) from error

    def _made(self, future: Future[Made], task: _Task) -> Made | None:
        """Return what came of a task; one whose worker died is given again, in parts."""
        from distributed.scheduler import KilledWorker

        if future.status == "finished":
            made: Made = future.result()
            return made
        error = future.exception() if future.status == "error" else None
        if isinstance(error, KilledWorker):
            if task.alone:
                return Made((), (task.jobs[0].key,))
            self._try_parts(task)
            return None
        if isinstance(error, SmupError):
            raise error
        raise _interrupted(error) from error

    def _try_parts(self, task: _Task) -> None:
        few = len(self._later) + len(task.jobs) <= _MOST_ALONE
        for part in task.parted(alone=few):
            if part.alone:
                self._later.append(part)
            else:
                self.submit(part)


def _interrupted(error: BaseException | None = None) -> ReportError:
    return ReportError(
        "Klaster przerwał pracę.",
        problems=[f"{type(error).__name__}: {error}"] if error is not None else [],
        expected="planista i pracownicy, którzy działają do końca partii",
        next_step="sprawdź klaster i powtórz to samo polecenie: gotowe raporty zostaną",
    )
