"""Make the reports of a batch one by one: a bad one costs only itself, and is tried once more."""

from __future__ import annotations

import dataclasses
import itertools
import tempfile
import time
import traceback
from collections import Counter, deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from smup_lib.errors import ReportError, SettingsError, SmupError
from smup_lib.kernels.forking import UnsafeForkError, can_supervise
from smup_lib.kernels.supervised import Ending, Limits, Outcome, supervise
from smup_lib.paths import make_dir
from smup_lib.reports.batch.jobs import Job
from smup_lib.reports.batch.manifest import Row
from smup_lib.reports.execution import NotebookFailure
from smup_lib.reports.exports.formats import add_formats
from smup_lib.reports.lending import lend_workspace
from smup_lib.reports.loading import Workspace
from smup_lib.reports.receipt import file_digest
from smup_lib.reports.runner import CELL_TIMEOUT, ReportResult, run_notebook
from smup_lib.reports.warming import pin_snapshot, warm_up
from smup_lib.teryt import level_of

_CELL_SHARE = 0.8
_BATCH_NEXT = (
    "zwolnij miejsce albo popraw uprawnienia i powtórz to samo polecenie:"
    " gotowe raporty zostaną, powstanie reszta"
)
_NO_FORKS = (
    "proces partii ma dodatkowe wątki ({}), więc raporty powstały wolniej, w zwykłych jądrach"
    " i bez limitu pamięci"
)
_REASONS: Mapping[Ending, str] = {
    Ending.RAISED: "błąd w trakcie tworzenia raportu",
    Ending.EXITED: "raport zakończył swój proces przed końcem",
    Ending.CRASHED: "biblioteka przerwała pracę",
    Ending.KILLED: "proces raportu został zabity z zewnątrz, na przykład z braku pamięci komputera",
    Ending.MEMORY: "raport zajął więcej pamięci, niż wolno",
    Ending.TIME: "raport trwał dłużej, niż wolno",
    Ending.OUTPUT: "raport wypisał więcej, niż wolno",
}


@dataclass(frozen=True)
class Conditions:
    """How a batch works.

    Attributes
    ----------
    workers : int
        Reports at once.
    limits : Limits
        What one report may use.
    cell_seconds : int or None
        What one cell may take; None: the usual limit, and less where a report may take less.
    formats : tuple of str
        Beside the page; see :data:`smup_lib.reports.exports.formats.FORMATS`.
    notebooks : bool
        Whether the executed notebooks are kept.
    stop_on_error : bool
        Whether the first failed report ends the batch.
    limit : int or None
        Make so many reports at most in this run.
    tries_alike : int
        After so many second tries that ended alike, no report that fails so is tried again.
    """

    workers: int = 2
    limits: Limits = field(default_factory=Limits)
    cell_seconds: int | None = None
    formats: tuple[str, ...] = ("html",)
    notebooks: bool = False
    stop_on_error: bool = False
    limit: int | None = None
    tries_alike: int = 5

    @property
    def endings(self) -> frozenset[str]:
        """Endings of the files that a whole report has."""
        return frozenset((*self.formats, "ipynb") if self.notebooks else self.formats)

    @property
    def longest_cell(self) -> int:
        """Seconds that a cell may take."""
        return self.cell_seconds or min(CELL_TIMEOUT, cell_share(self.limits.seconds))


def cell_share(seconds: float) -> int:
    """Return what a cell may take of the time of its report: the rest is left for its page.

    Examples
    --------
    >>> cell_share(600)
    480
    """
    return max(1, int(_CELL_SHARE * seconds))


class Maker:
    """Makes reports, those of one notebook, year and level after another.

    Parameters
    ----------
    workspace : Workspace
        Snapshot, catalogue and register; kept to until the end.
    out : Path
        Folder of the batch.
    how : Conditions
        How to work.
    prints : mapping of str to str
        The fingerprint of each report by its key.
    """

    def __init__(
        self, workspace: Workspace, out: Path, how: Conditions, prints: Mapping[str, str]
    ) -> None:
        self._workspace, self._out, self._how, self._prints = workspace, out, how, prints
        self._alike: Counter[tuple[str, ...]] = Counter()
        self._warm: set[tuple[Path, int, str]] = set()
        #: What should be known beside the rows, in Polish.
        self.notes: list[str] = []

    def make(self, jobs: Sequence[Job]) -> Generator[Row, None, None]:
        """Yield the row of each report as it ends.

        Raises
        ------
        SettingsError
            When nothing more can be written.
        """
        for name in dict.fromkeys(job.section.name for job in jobs):
            make_dir(self._out / name)  # each report removes a folder that it finds missing
        with pin_snapshot(self._workspace), lend_workspace(self._workspace):
            for level, alike in group_alike(jobs):
                if can_supervise():
                    self._warm_up(alike[0], level)
                    yield from self._in_forks(alike)
                else:
                    yield from map(self._in_kernel, alike)

    def _warm_up(self, job: Job, level: str) -> None:
        """Do what the reports share; whatever goes wrong, each of them will do or tell it itself.

        A page template that is wrong is told by :func:`smup_lib.reports.export.check_template`.
        """
        shared = (job.section.notebook, job.year, level)
        if shared in self._warm:
            return
        self._warm.add(shared)
        given = {**job.parameters, "year": job.year}
        try:
            warm_up(self._workspace, job.section.notebook, given, level)
        except Exception as error:
            self.notes.append(
                f"{job.section.name}: wspólnych obliczeń nie udało się wykonać z góry"
                f" ({type(error).__name__}), każdy raport liczy je sam"
            )

    def _in_forks(self, jobs: Sequence[Job]) -> Iterator[Row]:
        """Make reports in forks, and those that fail once more with plain papermill."""
        tries, left = _Tries(jobs), {job.key: job for job in jobs}
        try:
            with closing(self._ended(tries)) as outcomes:
                for outcome in outcomes:
                    first = outcome.job.first
                    if first is None and self._is_worth_another(outcome):
                        tries.again(outcome)
                        continue
                    if first is not None and outcome.ending != Ending.DONE:
                        # two engines tell one failure in two ways
                        self._alike.update({_sort_of(first), _sort_of(outcome)})
                    del left[outcome.job.job.key]
                    yield self._row(outcome)
        except UnsafeForkError as error:
            note = _NO_FORKS.format("; ".join(error.threads))
            self.notes += [note] if note not in self.notes else []
            yield from map(self._in_kernel, left.values())

    def _ended(self, tries: _Tries) -> Generator[Outcome[_Try, _Made], None, None]:
        how = self._how
        try:
            yield from supervise(self._work, tries, at_once=how.workers, limits=how.limits)
        except OSError as error:
            raise SettingsError(
                "System nie pozwala uruchomić następnego procesu raportu.",
                where=tempfile.gettempdir(),
                problems=[str(error)],
                expected="wolne miejsce w folderze tymczasowym, wolna pamięć i wolne procesy",
                next_step=_BATCH_NEXT,
            ) from error

    def _is_worth_another(self, outcome: Outcome[_Try, _Made]) -> bool:
        """Say whether a plain kernel could tell, or do, more than the fork did."""
        if outcome.ending in (Ending.DONE, Ending.OUTPUT) or isinstance(outcome.error, _FINAL):
            return False
        return self._alike[_sort_of(outcome)] < self._how.tries_alike

    def _work(self, one: _Try) -> _Made:
        return self._told(one.job, in_process=one.first is None)

    def _told(self, job: Job, *, in_process: bool) -> _Made:
        """Make a report, and tell by the class of an error whose fault it is."""
        try:
            return self._made(job, in_process=in_process)
        except ReportError as error:
            cause = error.__cause__
            if isinstance(cause, OSError):  # of the page itself; one of a cell is told otherwise
                raise SettingsError(**vars(error)) from error
            if isinstance(cause, NotebookFailure) and cause.kind == "output":
                raise _EndlessOutputError(**vars(error)) from error
            raise

    def _made(self, job: Job, *, in_process: bool) -> _Made:
        result = run_notebook(
            job.section.notebook,
            job.parameters,
            self._out / job.section.name,
            cell_timeout=self._how.longest_cell,
            in_process=in_process,
            keep_notebook=self._how.notebooks,
            keep_receipt=False,
        )
        result = add_formats(result, self._how.formats)
        files = (result.html, *result.others, *filter(None, (result.notebook,)), result.receipt)
        digests = {path.relative_to(self._out).as_posix(): file_digest(path) for path in files}
        return _Made(result, digests)

    def _in_kernel(self, job: Job) -> Row:
        """Make a report in this process and a plain kernel; a fault of ours costs it alone too."""
        started, detail = time.monotonic(), ""
        made: _Made | None = None
        error: Exception | None = None
        try:
            made = self._told(job, in_process=False)
        except Exception as failure:
            error, detail = failure, "".join(traceback.format_exception(failure))
        ending = Ending.DONE if error is None else Ending.RAISED
        seconds = time.monotonic() - started
        return self._row(Outcome(_Try(job), ending, made, error, detail, "", seconds, 0))

    def _row(self, outcome: Outcome[_Try, _Made]) -> Row:
        _check_place(outcome.error)
        job, first, made = outcome.job.job, outcome.job.first, outcome.value
        warnings = (*made.result.notes, *made.result.problems) if made is not None else ()
        if first is not None:
            warnings = (*warnings, f"za pierwszym razem: {reason_of(first)}")
        status = "failed" if made is None else "empty" if made.result.empty else "made"
        return dataclasses.replace(
            failed_row(self._workspace, job, self._prints[job.key]),
            status=status,  # type: ignore[arg-type]
            seconds=round(outcome.seconds, 2),
            megabytes=round(outcome.memory / 1e6, 1),
            warnings=warnings,
            outputs=made.digests if made is not None else {},
            error="" if made is not None else reason_of(outcome),
            attempts=1 if first is None else 2,
        )


def failed_row(
    workspace: Workspace, job: Job, fingerprint: str, error: str = "", attempts: int = 1
) -> Row:
    """Return the row of a report that could not be made.

    Parameters
    ----------
    workspace : Workspace
        Snapshot and register.
    job : Job
        The report.
    fingerprint : str
        Of what it would have rested on.
    error : str
        Why, in Polish.
    attempts : int
        How many times it was tried.
    """
    unit = workspace.unit(job.unit, year=job.year)
    return Row(
        key=job.key,
        report=job.section.name,
        unit=unit.code,
        unit_name=unit.label,
        year=job.year,
        parameters=dict(job.parameters),
        snapshot=workspace.snapshot.id,
        fingerprint=fingerprint,
        status="failed",
        error=error,
        attempts=attempts,
    )


@dataclass(frozen=True)
class _Made:
    """A finished report and the checksums of its files."""

    result: ReportResult
    digests: dict[str, str]


@dataclass(frozen=True)
class _Try:
    """A report to be tried: for the first time, or after what came of the first."""

    job: Job
    first: Outcome[_Try, _Made] | None = None


class _Tries(Iterator[_Try]):
    """Jobs, of which one that failed comes back before the next one begins."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._left = iter(jobs)
        self._again: deque[_Try] = deque()

    def __next__(self) -> _Try:
        return self._again.popleft() if self._again else _Try(next(self._left))

    def again(self, first: Outcome[_Try, _Made]) -> None:
        self._again.append(_Try(first.job.job, first))


class _EndlessOutputError(ReportError):
    """The cells showed more than they may; a kernel would let them go on."""


#: Errors that a second try meets again.
_FINAL = (
    *(kind for kind in SmupError.__subclasses__() if kind is not ReportError),
    _EndlessOutputError,
)


def _sort_of(outcome: Outcome[_Try, _Made]) -> tuple[str, ...]:
    """Return what failures of the same reason share, whichever engine met them."""
    notebook = str(outcome.job.job.section.notebook)
    error = outcome.error
    if isinstance(error, SmupError):
        return notebook, error.what, error.where or ""
    return notebook, outcome.ending, type(error).__name__


def reason_of(outcome: Outcome[Any, Any]) -> str:
    """Say in Polish why a report failed, in one line."""
    if isinstance(outcome.error, SmupError):
        error = outcome.error
        more = "; ".join(part for part in (error.where, *error.problems) if part)
        told = f"{error.what}{f' ({more})' if more else ''}"
    else:
        words = _REASONS.get(outcome.ending, outcome.ending)
        lines = outcome.detail.strip().splitlines() or outcome.printed.strip().splitlines()
        told = f"{words}{f' ({lines[-1]})' if lines else ''}"
    return " ".join(told.split())


def _check_place(error: BaseException | None) -> None:
    """End the batch when nothing more can be written; what is done stays."""
    if isinstance(error, SettingsError):
        error.next_step = _BATCH_NEXT
        raise error


def group_alike(jobs: Sequence[Job]) -> Iterator[tuple[str, list[Job]]]:
    """Yield jobs that share their notebook, year and level, in the order of the first of each."""

    def shared(job: Job) -> tuple[Path, int, str]:
        return job.section.notebook, job.year, level_of(job.unit)

    first = {key: place for place, key in reversed([*enumerate(map(shared, jobs))])}
    ordered = sorted(jobs, key=lambda job: first[shared(job)])
    for (_, _, level), group in itertools.groupby(ordered, shared):
        yield level, list(group)
