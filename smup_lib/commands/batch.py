"""``smup report batch``: many reports by one command; repeated, it makes what is missing."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from smup_lib.commands.batch_options import (
    AreaOption,
    DaskDataOption,
    DaskOption,
    DryRunOption,
    FormatsOption,
    GoOnOption,
    LimitOption,
    MegabytesOption,
    NotebooksOption,
    OnlyOption,
    OutOption,
    ParamOption,
    PlanOption,
    SecondsOption,
    SkipUnknownOption,
    UnitsOption,
    WorkersOption,
    WritePlanOption,
    YearOption,
    ZipOption,
)
from smup_lib.commands.batch_plan import show_plan
from smup_lib.commands.batch_result import show_result
from smup_lib.commands.options import GroupOption, SnapshotOption
from smup_lib.commands.output import JsonOption
from smup_lib.commands.progress import show_bar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from smup_lib.reports.batch.cluster import Place
    from smup_lib.reports.batch.making import Conditions
    from smup_lib.reports.batch.order import Order
    from smup_lib.reports.batch.packing import Packing
    from smup_lib.reports.batch.run import BatchResult

_WRONG_ORDER = 2


def make_batch(
    area: AreaOption = None,
    plan: PlanOption = None,
    units: UnitsOption = None,
    year: YearOption = None,
    out: OutOption = None,
    group: GroupOption = None,
    param: ParamOption = None,
    formats: FormatsOption = None,
    workers: WorkersOption = None,
    only: OnlyOption = None,
    limit: LimitOption = None,
    seconds: SecondsOption = None,
    megabytes: MegabytesOption = 2000,
    notebooks: NotebooksOption = None,
    continue_on_error: GoOnOption = True,
    skip_unknown: SkipUnknownOption = None,
    dry_run: DryRunOption = False,
    packing: ZipOption = None,
    write_plan: WritePlanOption = None,
    dask: DaskOption = None,
    dask_data: DaskDataOption = None,
    snapshot: SnapshotOption = None,
    as_json: JsonOption = False,
) -> None:
    """Wykonaj wiele raportów naraz; przerwane polecenie po powtórzeniu dokończy tylko resztę.

    Kod wyjścia: 0, gdy powstało wszystko, o co poprosiło polecenie (z --only: raporty wskazanych
    jednostek, z --limit: tyle raportów); 1, gdy któregoś brakuje; 2, gdy zlecenie jest błędne i nic
    nie powstało; 130 po przerwaniu (Ctrl-C).
    """
    with _refusing():
        way = _way(formats, packing, notebooks, snapshot, skip_unknown)
        order = _order(area, plan, units, year, group, param).made_so(way)
        if write_plan is not None:
            return _write_plan(order, write_plan, {"--out": out, "--only": only, "--limit": limit})
        folder, only = _folder(out, dry_run=dry_run), _terms(only) or None
        most, spread = (limit, seconds, megabytes), _place(dask, dask_data)
        conditions = _conditions(order, workers, *most, stop=not continue_on_error)
        _be_fit_to_fork()
        if dry_run:
            return show_plan(order, folder, only, conditions, as_json=as_json)
        result = _run(order, folder, only, conditions, spread, quiet=as_json)
    show_result(result, as_json=as_json)
    raise typer.Exit(0 if result.sound or result.as_many_as(limit) else 1)


@contextmanager
def _refusing() -> Iterator[None]:
    """Tell an order that is wrong, and say by the exit code that nothing was tried."""
    from smup_lib.errors import ParameterError, UnitError

    try:
        yield
    except (ParameterError, UnitError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(_WRONG_ORDER) from error


def _be_fit_to_fork() -> None:
    """Start this command again with the variables that a process to be forked needs from birth."""
    from smup_lib.kernels.forking import FIT_TO_FORK, can_supervise, fit_command

    fit = all(os.environ.get(name) == value for name, value in FIT_TO_FORK.items())
    if can_supervise() and not fit:
        sys.stdout.flush()
        sys.stderr.flush()
        words, environment = fit_command("smup_lib.cli")
        os.execve(sys.executable, [*words, *sys.argv[1:]], environment)


def _order(
    area: list[str] | None,
    plan: Path | None,
    units: list[str] | None,
    year: int | None,
    group: str | None,
    param: list[str] | None,
) -> Order:
    """Return the order of a file or that of the command line; never half of each."""
    from smup_lib.errors import ParameterError
    from smup_lib.reports.batch.order import read_order, simple_order

    told = {"--area": area, "--units": units, "--year": year, "--group": group, "--param": param}
    given = [name for name, value in told.items() if value]
    if plan is not None and given:
        raise ParameterError(
            "Zlecenie z pliku nie łączy się z wyborem raportów w poleceniu.",
            where=", ".join(given),
            expected="--plan albo --area, --units i --year",
            next_step="zapisz wybór w pliku zlecenia albo usuń --plan",
        )
    if plan is not None:
        return read_order(plan)
    missing = [name for name in ("--area", "--units", "--year") if not told[name]]
    if missing or year is None:
        raise ParameterError(
            "Nie wiadomo, jakie raporty wykonać.",
            problems=[f"brak {name}" for name in missing],
            expected="--area, --units i --year albo --plan PLIK",
            next_step="na przykład: smup report batch --area kultura --units powiaty --year 2022",
        )
    return simple_order(area or (), _terms(units), year, group, _parameters(area or (), param))


def _terms(listed: list[str] | None) -> list[str]:
    """Return the terms of units, of which an option may name several between commas."""
    return [term for one in listed or () for term in one.split(",") if term.strip()]


def _parameters(areas: Sequence[str], texts: list[str] | None) -> dict[str, Any]:
    """Read ``name=value`` by the types of the notebooks, as ``smup report run`` does."""
    from smup_lib.problems import Problems
    from smup_lib.reports.notebook_files import read_notebook
    from smup_lib.reports.parameters import Parameter, read_parameters, read_texts
    from smup_lib.reports.runner import find_notebook

    def parameters_of(area: str) -> tuple[Parameter, ...]:
        return read_parameters(read_notebook(find_notebook(area)))

    known: dict[str, Parameter] = {}
    for area in areas if texts else ():
        found = Problems().attempt(partial(parameters_of, area))
        known |= {one.name: one for one in found or ()}  # a wrong notebook is told with its order
    return read_texts(tuple(known.values()), texts or ())


def _write_plan(order: Order, path: Path, told: Mapping[str, Any]) -> None:
    """Write the order, and say which options it does not hold."""
    from smup_lib.paths import told_when_unwritable, write_whole
    from smup_lib.reports.batch.order import write_order

    with told_when_unwritable(path, "Nie można zapisać zlecenia", "wskaż inny plik"):
        write_whole(path, write_order(order), over=False)
    typer.echo(str(path))
    if other := [name for name, value in told.items() if value is not None]:
        typer.echo(f"uwaga: plik zlecenia nie obejmuje: {', '.join(other)}; podaj je przy"
                   " wykonaniu", err=True)  # fmt: skip


def _folder(out: Path | None, *, dry_run: bool = False) -> Path:
    from smup_lib.errors import ParameterError
    from smup_lib.paths import reports_dir

    if out is None and not dry_run:
        raise ParameterError(
            "Nie wiadomo, gdzie zapisać raporty.",
            expected="folder partii",
            next_step="podaj go opcją --out FOLDER; powtórzone polecenie dokończy tam resztę",
        )
    return out or reports_dir()


def _way(
    formats: str | None,
    packing: str | None,
    notebooks: bool | None,
    snapshot: str | None,
    skip_unknown: bool | None,
) -> dict[str, Any]:
    """Return what the command line says of how the reports are made, by the key of an order."""
    from smup_lib.reports.exports.formats import check_formats

    return {
        "formats": None if formats is None else check_formats(formats.split(",")),
        "zip": _packing(packing),
        "notebooks": notebooks,
        "snapshot": snapshot,
        "skip_unknown": skip_unknown,
    }


def _conditions(
    order: Order,
    workers: int | None,
    limit: int | None,
    seconds: float | None,
    megabytes: int,
    *,
    stop: bool,
) -> Conditions:
    from smup_lib.kernels.supervised import Limits
    from smup_lib.reports.batch.making import Conditions, cell_share
    from smup_lib.reports.forked import count_processes

    limits = Limits(memory=megabytes * 1_000_000)
    return Conditions(
        workers=workers or count_processes(),
        limits=limits if seconds is None else replace(limits, seconds=seconds),
        cell_seconds=None if seconds is None else cell_share(seconds),
        formats=order.formats or ("html",),
        notebooks=order.notebooks,
        stop_on_error=stop,
        limit=limit,
    )


def _packing(text: str | None) -> Packing | None:
    from typing import get_args

    from smup_lib.errors import ParameterError
    from smup_lib.reports.batch.packing import Packing

    known: tuple[Packing, ...] = get_args(Packing)
    found = next((one for one in known if one == text), None)
    if text is not None and found is None:
        raise ParameterError(
            f"Nie ma podziału na archiwa „{text}”.",
            where="--zip",
            expected=" albo ".join(known),
            next_step="popraw i powtórz polecenie",
        )
    return found


def _place(dask: str | None, data: str | None) -> Place | None:
    from smup_lib.errors import ParameterError
    from smup_lib.reports.batch.cluster import read_place

    if data is not None and dask is None:
        raise ParameterError(
            "Adres danych dla pracowników klastra podano bez klastra.",
            where="--dask-data",
            expected="--dask-data razem z --dask",
            next_step="dodaj --dask albo usuń --dask-data",
        )
    return None if dask is None else read_place(dask, data)


def _run(
    order: Order,
    out: Path,
    only: list[str] | None,
    conditions: Conditions,
    place: Place | None,
    *,
    quiet: bool,
) -> BatchResult:
    from smup_lib.reports.batch.run import run_batch

    how: dict[str, Any] = {"snapshot": order.snapshot, "only": only, "conditions": conditions}
    how |= {"packing": order.zip, "place": place}
    gone = _Gone()
    try:
        if quiet:
            return run_batch(order, out, **how, on_progress=gone.note)
        with show_bar(threads=False) as tell:  # forks come from this process
            return run_batch(order, out, **how, on_progress=gone.told(tell))
    except KeyboardInterrupt:
        typer.echo(gone.said, err=True)
        raise


class _Gone:
    """How many reports this run has made, and how fast."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._done = self._total = 0

    def note(self, done: int, total: int, _name: str) -> None:
        """Keep how far the batch is."""
        self._done, self._total = done, total

    def told(self, tell: Callable[[int, int, str], None]) -> Callable[[int, int, str], None]:
        """Return a teller that says the rate beside the unit."""

        def on_progress(done: int, total: int, name: str) -> None:
            self.note(done, total, name)
            rate = f"{done / max(time.monotonic() - self._started, 1e-9):.1f}".replace(".", ",")
            tell(done, total, f"{done} z {total}, {rate} na sekundę, {name}")

        return on_progress

    @property
    def said(self) -> str:
        """What to say when somebody stops the batch."""
        again = "To samo polecenie zrobi tylko resztę."
        if not self._total:
            return f"Przerwano partię przed pierwszym raportem. {again}"
        return f"Przerwano partię po raporcie {self._done} z {self._total}. {again}"
