"""``smup data sync``: bring data from official services on the web."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smup_lib.commands.output import JsonOption, show_json

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from smup_lib.snapshots.sync_ledger import Outcome, SyncWriter
    from smup_lib.sources.web.asking import Progress
    from smup_lib.sources.web.bdl_plan import BdlFigures
    from smup_lib.sources.web.bestia_plan import BudgetFigures
    from smup_lib.sources.web.fetched import FetchFigures, FetchReport
    from smup_lib.sources.web.smup_plan import PlanFigures
    from smup_lib.sources.web.sync_report import SyncReport

app = typer.Typer(no_args_is_help=True, help="Pobierz dane z serwisów urzędowych.")

#: "Try again later" for a script: the limit is used up, everything fetched stays (sysexits.h).
TRY_LATER = 75


AreaOption = Annotated[
    list[str] | None, typer.Option(help="Obszar: numer albo początek nazwy (powtarzalne).")
]
IndicatorOption = Annotated[
    list[str] | None, typer.Option(help="Wskaźnik: numer albo nazwa (powtarzalne).")
]
YearsOption = Annotated[str | None, typer.Option(help="Lata: 2020, 2018-2020 albo 2015,2018-2020.")]
OneLevelOption = Annotated[
    str | None, typer.Option(help="Weź tylko jeden szczebel: gmina, powiat, województwo.")
]
PlanOption = Annotated[bool, typer.Option("--plan", help="Pokaż plan i zakończ.")]
LimitOption = Annotated[
    int | None,
    typer.Option(min=0, help="Najwyżej tyle zapytań; 0: stan danych z tego, co już pobrano."),
]
RefreshOption = Annotated[
    bool, typer.Option("--refresh", help="Zapytaj ponownie o wszystko starsze niż doba.")
]
IgnoreOption = Annotated[
    list[str] | None,
    typer.Option(help="Nieznane pole odpowiedzi, które nie zmienia sensu wartości."),
]


@app.command("smup")
def smup(
    area: AreaOption = None,
    indicator: IndicatorOption = None,
    years: YearsOption = None,
    level: OneLevelOption = None,
    plan: PlanOption = False,
    limit: LimitOption = None,
    refresh: RefreshOption = False,
    ignore_field: IgnoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Pobierz wskaźniki i ich definicje z SMUP; przerwane pobieranie dokończy to samo polecenie."""
    from smup_lib.sources.web.smup_plan import Choice, read_years
    from smup_lib.sources.web.smup_sync import SyncOptions, sync_smup

    choice = Choice(tuple(area or ()), tuple(indicator or ()), read_years(years), _level(level))
    options = SyncOptions(plan, limit, refresh, tuple(ignore_field or ()))
    _run("smup", partial(sync_smup, choice, options), plan, as_json)


CatalogueAreaOption = Annotated[
    list[str] | None,
    typer.Option("--area", help="Obszar katalogu: tylko to, czego potrzebuje (powtarzalne)."),
]
UnitsOption = Annotated[
    list[str] | None,
    typer.Option(help="Jednostka: kod TERYT (także województwa) albo nazwa (powtarzalne)."),
]


@app.command("bestia")
def bestia(
    area: CatalogueAreaOption = None,
    units: UnitsOption = None,
    years: YearsOption = None,
    plan: PlanOption = False,
    limit: LimitOption = None,
    refresh: RefreshOption = False,
    ignore_field: IgnoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Pobierz dochody i wydatki z rocznych sprawozdań budżetowych (BeSTi@, Ministerstwo Finansów).

    Bez opcji --years pobiera trzy ostatnie zamknięte lata.
    """
    from smup_lib.sources.web.bestia_plan import BudgetChoice
    from smup_lib.sources.web.bestia_questions import PAGE_SIZE
    from smup_lib.sources.web.bestia_sync import sync_bestia
    from smup_lib.sources.web.smup_plan import read_years
    from smup_lib.sources.web.smup_sync import SyncOptions

    choice = BudgetChoice(tuple(area or ()), tuple(units or ()), read_years(years))
    options = SyncOptions(plan, limit, refresh, tuple(ignore_field or ()), PAGE_SIZE)
    _run("bestia", partial(sync_bestia, choice, options), plan, as_json)


VariableOption = Annotated[
    list[str] | None,
    typer.Option(
        help="Zmienna: numer w BDL, nazwa z katalogu albo NAZWA=NUMER (powtarzalne).",
    ),
]
SubjectOption = Annotated[
    list[str] | None,
    typer.Option(help="Wszystkie zmienne podgrupy, na przykład P1944; z --plan tylko je wypisze."),
]
AcceptLabelOption = Annotated[
    list[int] | None,
    typer.Option(help="Numer zmiennej, której nazwa z BDL oznacza to samo co w katalogu."),
]


@app.command("bdl")
def bdl(
    area: CatalogueAreaOption = None,
    variable: VariableOption = None,
    subject: SubjectOption = None,
    years: YearsOption = None,
    level: OneLevelOption = None,
    accept_label: AcceptLabelOption = None,
    plan: PlanOption = False,
    limit: LimitOption = None,
    refresh: RefreshOption = False,
    ignore_field: IgnoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Pobierz zmienne z Banku Danych Lokalnych GUS; bez wyboru: te, które katalog umie tam wskazać.

    Przed pobraniem nazwa, jednostka miary i szczebel są porównywane z katalogiem.
    """
    from smup_lib.sources.web.bdl_choice import BdlChoice
    from smup_lib.sources.web.bdl_questions import PAGE_SIZE
    from smup_lib.sources.web.bdl_sync import sync_bdl
    from smup_lib.sources.web.smup_plan import read_years
    from smup_lib.sources.web.smup_sync import SyncOptions

    choice = BdlChoice(
        tuple(area or ()),
        tuple(variable or ()),
        tuple(subject or ()),
        read_years(years),
        _level(level),
        tuple(accept_label or ()),
    )
    options = SyncOptions(plan, limit, refresh, tuple(ignore_field or ()), PAGE_SIZE)
    _run("bdl", partial(sync_bdl, choice, options), plan, as_json)


@app.command("teryt")
def teryt(
    plan: PlanOption = False, refresh: RefreshOption = False, as_json: JsonOption = False
) -> None:
    """Pobierz rejestr jednostek (TERC) ze strony eTERYT; inne pobierania go potrzebują."""
    from smup_lib.sources.web.teryt_sync import sync_teryt

    _fetch("teryt", sync_teryt, plan, refresh, as_json)


@app.command("prg")
def prg(
    plan: PlanOption = False, refresh: RefreshOption = False, as_json: JsonOption = False
) -> None:
    """Pobierz granice województw, powiatów i gmin z PRG (GUGiK); potrzebny jest rejestr."""
    from smup_lib.sources.web.prg_sync import sync_prg

    _fetch("prg", sync_prg, plan, refresh, as_json)


def _fetch(
    service: str, sync: Callable[..., FetchReport], plan: bool, refresh: bool, as_json: bool
) -> None:
    """Fetch files that need no choice."""
    from smup_lib.sources.web.smup_sync import SyncOptions

    _run(service, partial(sync, SyncOptions(plan_only=plan, refresh=refresh)), plan, as_json)


def _run(
    service: str, sync: Callable[..., SyncReport | FetchReport], plan: bool, as_json: bool
) -> None:
    """Synchronise, with plan and progress shown, and end with the code of the report."""
    note = nullcontext() if plan else _noted(service)
    with _told() as (show_progress, on_wait), _later_when_limited(), note as writer:

        def on_progress(done: int, total: int, label: str) -> None:
            show_progress(done, total, label)
            if writer is not None:
                writer.tell_progress(done, total)

        report = sync(
            on_plan=lambda figures: _show_plan(figures, plan, as_json),
            on_progress=on_progress,
            on_wait=on_wait,
        )
        if writer is not None:
            writer.tell_end(*_ending(report))
    if not plan:
        _show(report, as_json)
    if report.stopped:
        raise typer.Exit(TRY_LATER)
    if report.failures or report.refused:  # a script must notice
        raise typer.Exit(1)


@contextmanager
def _noted(service: str) -> Iterator[SyncWriter]:
    """Keep the note of a synchronisation, also of one whose limit was used up at once."""
    from smup_lib.errors import QuotaError
    from smup_lib.snapshots.sync_ledger import noted_sync

    with noted_sync(service) as writer:
        try:
            yield writer
        except QuotaError as error:
            writer.tell_end("later", error.what)
            raise


def _ending(report: SyncReport | FetchReport) -> tuple[Outcome, str, str | None]:
    """Return how a synchronisation ended, in a word, in a sentence, and with which snapshot."""
    lacking = len(report.failures) + len(report.refused)
    if report.stopped:
        return "later", report.stopped, report.snapshot_id
    if lacking:
        return "part", f"bez odpowiedzi albo odrzucone: {lacking}", report.snapshot_id
    return "done", "", report.snapshot_id


def _show(report: SyncReport | FetchReport, as_json: bool) -> None:
    if as_json:
        show_json(report.as_dict())
    else:
        typer.echo(report.render())


def _show_plan(
    figures: PlanFigures | BudgetFigures | BdlFigures | FetchFigures, only: bool, as_json: bool
) -> None:
    """Print the plan; beside the answer when a program waits for the report."""
    if as_json and only:
        show_json(asdict(figures))
    else:
        typer.echo(figures.render(), err=as_json)


def _level(text: str | None) -> str | None:
    from smup_lib.teryt import read_level

    return read_level(text) if text is not None else None


@contextmanager
def _later_when_limited() -> Iterator[None]:
    """End with the code of "try again later" when not even the dictionaries could be asked for."""
    from smup_lib.errors import QuotaError

    try:
        yield
    except QuotaError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(TRY_LATER) from error


@contextmanager
def _told() -> Iterator[tuple[Progress, Callable[[float, str], None]]]:
    """Show a bar with rate and time left on the error channel, so that answers stay readable."""
    with _bar() as bar:
        task = bar.add_task("SMUP", total=None, visible=False)

        def on_progress(done: int, total: int, label: str) -> None:
            bar.update(task, completed=done, total=total, description=label, visible=total > 0)

        def on_wait(seconds: float, why: str) -> None:
            bar.console.print(f"Czekam {seconds:.0f} s: {why}.", highlight=False)

        try:
            yield on_progress, on_wait
        except BaseException:
            bar.update(task, visible=False)  # a full bar would say that all went well
            raise


def _bar() -> Bar:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        ProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bar
    from rich.text import Text

    class Rate(ProgressColumn):
        """Questions a minute."""

        def render(self, task: Any) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{60 * speed:.0f}/min" if speed else "–/min")

    return Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TextColumn("pozostało"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
