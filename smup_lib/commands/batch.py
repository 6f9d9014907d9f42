"""``smup report batch``: many reports by one command; repeated, it makes what is missing."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smup_lib.commands.batch_plan import show_plan
from smup_lib.commands.options import GroupOption, SnapshotOption
from smup_lib.commands.output import JsonOption, show_json
from smup_lib.commands.progress import show_bar
from smup_lib.plurals import REPORT_NOUN, counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from smup_lib.reports.batch.cluster import Place
    from smup_lib.reports.batch.making import Conditions
    from smup_lib.reports.batch.manifest import Row
    from smup_lib.reports.batch.order import Order
    from smup_lib.reports.batch.packing import Packing
    from smup_lib.reports.batch.run import BatchResult

_UNITS_HELP = (
    "Jednostki: powiaty, gminy, wszystkie, gminy:WOJEWÓDZTWO, @grupa, plik z kodami, kody albo "
    "nazwy po przecinku; można powtórzyć."
)
_FIRST_FAILED = 10
_WRONG_ORDER = 2

AreaOption = Annotated[
    list[str] | None,
    typer.Option(help="Obszar, „portret” albo plik notatnika; można powtórzyć z innym."),
]
PlanOption = Annotated[
    Path | None,
    typer.Option(
        metavar="PLIK",
        help="Plik zlecenia (części, rozdziały, jednostki) zamiast --area, --units i --year.",
    ),
]
UnitsOption = Annotated[list[str] | None, typer.Option(metavar="JEDNOSTKI", help=_UNITS_HELP)]
YearOption = Annotated[int | None, typer.Option(help="Rok raportów.")]
OutOption = Annotated[
    Path | None, typer.Option(help="Folder partii; powtórzone polecenie dokończy resztę.")
]
ParamOption = Annotated[
    list[str] | None,
    typer.Option(metavar="NAZWA=WARTOŚĆ", help="Inny parametr notatnika; można powtórzyć."),
]
FormatsOption = Annotated[
    str,
    typer.Option(
        metavar="LISTA",
        help="Formaty po przecinku: html, docx, xlsx, pptx, csv, pdf; html powstaje zawsze.",
    ),
]
WorkersOption = Annotated[
    int | None,
    typer.Option(min=1, metavar="LICZBA", help="Ile raportów naraz; domyślnie tyle, ile rdzeni."),
]
OnlyOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="JEDNOSTKI",
        help="Zrób teraz tylko te jednostki zlecenia; zapis jak w --units.",
    ),
]
LimitOption = Annotated[int | None, typer.Option(min=1, help="Zrób teraz najwyżej tyle raportów.")]
SecondsOption = Annotated[
    float, typer.Option(min=1, metavar="SEKUNDY", help="Ile sekund wolno jednemu raportowi.")
]
MegabytesOption = Annotated[
    int, typer.Option(min=50, metavar="MB", help="Ile pamięci (MB) wolno jednemu raportowi.")
]
NotebooksOption = Annotated[
    bool, typer.Option("--notebooks", help="Zachowaj też wykonane notatniki.")
]
GoOnOption = Annotated[
    bool,
    typer.Option(
        "--continue-on-error/--stop-on-error",
        help="Czy po nieudanym raporcie robić następne, czy skończyć.",
    ),
]
DryRunOption = Annotated[
    bool,
    typer.Option("--dry-run", help="Tylko sprawdź zlecenie i oszacuj czas; nic nie powstanie."),
]
ZipOption = Annotated[
    str | None,
    typer.Option(
        "--zip",
        metavar="PODZIAŁ",
        help="Także archiwum zip na każdą jednostkę (unit) albo na powiat z gminami (powiat).",
    ),
]
WritePlanOption = Annotated[
    Path | None,
    typer.Option(metavar="PLIK", help="Zapisz to zlecenie jako plik dla --plan i skończ."),
]
DaskOption = Annotated[
    str | None,
    typer.Option(
        metavar="ADRES",
        help="Klaster: local, local:LICZBA albo adres planisty dask (dodatek scale).",
    ),
]
DaskDataOption = Annotated[
    str | None,
    typer.Option(
        metavar="ADRES",
        help="Ścieżka albo adres stanu danych, z którego czytają pracownicy klastra.",
    ),
]


def make_batch(
    area: AreaOption = None,
    plan: PlanOption = None,
    units: UnitsOption = None,
    year: YearOption = None,
    out: OutOption = None,
    group: GroupOption = None,
    param: ParamOption = None,
    formats: FormatsOption = "html",
    workers: WorkersOption = None,
    only: OnlyOption = None,
    limit: LimitOption = None,
    seconds: SecondsOption = 600,
    megabytes: MegabytesOption = 2000,
    notebooks: NotebooksOption = False,
    continue_on_error: GoOnOption = True,
    dry_run: DryRunOption = False,
    packing: ZipOption = None,
    write_plan: WritePlanOption = None,
    dask: DaskOption = None,
    dask_data: DaskDataOption = None,
    snapshot: SnapshotOption = None,
    as_json: JsonOption = False,
) -> None:
    """Wykonaj wiele raportów naraz; przerwane polecenie po powtórzeniu dokończy tylko resztę.

    Kod wyjścia: 0, gdy są wszystkie raporty zlecenia (z --only: wskazanych jednostek); 1, gdy
    któregoś brakuje; 2, gdy zlecenie jest błędne i nic nie powstało; 130 po przerwaniu (Ctrl-C).
    """
    with _refusing():
        order = _order(area, plan, units, year, group, param)
        if write_plan is not None:
            _write_plan(order, write_plan)
            return
        folder, which = _folder(out, dry_run=dry_run), _packing(packing)
        only = _terms(only) or None
        most, spread = (limit, seconds, megabytes), _place(dask, dask_data)
        conditions = _conditions(formats, workers, *most, notebooks, stop=not continue_on_error)
        _be_fit_to_fork()
        if dry_run:
            show_plan(order, folder, snapshot, only, conditions, as_json=as_json)
            return
        result = _run(order, folder, snapshot, only, conditions, which, spread, quiet=as_json)
    _show(result, as_json=as_json)
    raise typer.Exit(0 if result.sound else 1)


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


def _write_plan(order: Order, path: Path) -> None:
    from smup_lib.paths import told_when_unwritable, write_whole
    from smup_lib.reports.batch.order import write_order

    with told_when_unwritable(path, "Nie można zapisać zlecenia", "wskaż inny plik"):
        write_whole(path, write_order(order), over=False)
    typer.echo(str(path))


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


def _conditions(
    formats: str,
    workers: int | None,
    limit: int | None,
    seconds: float,
    megabytes: int,
    notebooks: bool,
    *,
    stop: bool,
) -> Conditions:
    from smup_lib.kernels.supervised import Limits
    from smup_lib.reports.batch.making import Conditions
    from smup_lib.reports.exports.formats import check_formats
    from smup_lib.reports.forked import count_processes

    return Conditions(
        workers=workers or count_processes(),
        limits=Limits(seconds=seconds, memory=megabytes * 1_000_000),
        formats=check_formats(formats.split(",")),
        notebooks=notebooks,
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
    snapshot: str | None,
    only: list[str] | None,
    conditions: Conditions,
    packing: Packing | None,
    place: Place | None,
    *,
    quiet: bool,
) -> BatchResult:
    from smup_lib.reports.batch.run import run_batch

    how: dict[str, Any] = {"snapshot": snapshot, "only": only, "conditions": conditions}
    if quiet:
        return run_batch(order, out, **how, packing=packing, place=place)
    with show_bar(threads=False) as tell:  # forks come from this process
        return run_batch(order, out, **how, packing=packing, place=place, on_progress=_told(tell))


def _told(tell: Callable[[int, int, str], None]) -> Callable[[int, int, str], None]:
    """Return a teller that says the rate beside the unit."""
    started = time.monotonic()

    def told(done: int, total: int, name: str) -> None:
        rate = done / max(time.monotonic() - started, 1e-9)
        tell(done, total, f"{name}: {done} z {total}, {rate:.1f} na sekundę".replace(".", ","))

    return told


def _show(result: BatchResult, *, as_json: bool) -> None:
    if as_json:
        show_json(result.facts())
        return
    empty = sum(row.status == "empty" for row in result.rows)
    made = len(result.rows) - len(result.failed)
    minutes, seconds = divmod(round(result.seconds), 60)
    typer.echo(
        f"Powstało: {counted(made, REPORT_NOUN)} w {minutes} min {seconds} s"
        + (f", w tym bez danych: {empty}" if empty else "")
        + (f"; gotowych było: {result.kept}" if result.kept else "")
        + (f"; zostało: {result.left}" if result.left else "")
        + "."
    )
    for note in result.notes:
        typer.echo(f"uwaga: {note}")
    _show_failed(result.failed)
    if result.archives:
        typer.echo(f"Archiwa: {len(result.archives)} w {result.archives[0].parent}")
    typer.echo(str(result.manifest.with_suffix(".csv")))


def _show_failed(failed: tuple[Row, ...]) -> None:
    if not failed:
        return
    typer.echo(f"Nie udało się: {counted(len(failed), REPORT_NOUN)}.", err=True)
    for row in failed[:_FIRST_FAILED]:
        typer.echo(f"  - {row.report}, {row.unit_name}: {row.error}", err=True)
    if len(failed) > _FIRST_FAILED:
        typer.echo("  wszystkie wymienia manifest", err=True)
    typer.echo("  co zrobić: usuń przyczynę i powtórz to samo polecenie", err=True)
