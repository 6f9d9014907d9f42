"""``smup plan``: what will be changed, checked against the data and followed up."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smup_lib.commands.options import LevelOption, SnapshotOption, UnitOption
from smup_lib.commands.output import JsonOption, show_json, show_report, show_rows, told_as_check

if TYPE_CHECKING:
    from smup_lib.reports.plans import CheckedPlan

app = typer.Typer(no_args_is_help=True, help="Plany doskonalenia usług: zacznij, sprawdź, zmierz.")

_PLAN_COLUMNS = {
    "plan": "plan",
    "title": "tytuł",
    "unit": "jednostka",
    "area": "obszar",
    "actions": "działania",
    "state_pl": "stan",
}

PlanArgument = Annotated[
    str, typer.Argument(metavar="PLAN", help="Nazwa zapisanego planu albo ścieżka pliku.")
]


@app.command()
def new(
    name: Annotated[
        str, typer.Argument(metavar="NAZWA", help="Nazwa planu, na przykład czytelnicy.")
    ],
    unit: UnitOption,
    area: Annotated[str, typer.Option(help="Obszar usług: identyfikator, nazwa, jej początek.")],
    indicator: Annotated[
        list[str] | None,
        typer.Option(help="Wskaźnik działania; można powtórzyć. Domyślnie pierwszy słaby."),
    ] = None,
    year: Annotated[int | None, typer.Option(help="Rok wartości wyjściowych.")] = None,
    level: LevelOption = None,
    snapshot: SnapshotOption = None,
    out: Annotated[Path | None, typer.Option(help="Plik planu; domyślnie wśród planów.")] = None,
) -> None:
    """Zacznij plan: wartości wyjściowe z danych, reszta do wypełnienia."""
    from smup_lib.reports.loading import Workspace
    from smup_lib.reports.plan_files import new_plan

    path = new_plan(
        name, unit, area, indicator or (), year=year, level=level, out=out,
        workspace=Workspace.open(snapshot),
    )  # fmt: skip
    typer.echo(str(path))


@app.command()
def check(plan: PlanArgument, as_json: JsonOption = False) -> None:
    """Sprawdź plan: pola, wartości wyjściowe, cel wobec grupy i przypadku, termin."""
    from smup_lib.present.plan_page import checked_lines
    from smup_lib.reports.plans import check_plan, open_plan

    with told_as_check(as_json=as_json):
        checked = check_plan(open_plan(plan))
    if as_json:
        show_json(_check_json(checked))
    else:
        typer.echo(f"{checked.plan.title}, {checked.unit.label}, stan danych {checked.snapshot}")
        for note in checked.notes:
            typer.echo(f"uwaga: {note}")
        for action in checked.actions:
            typer.echo("\n".join(checked_lines(action)))
        for name, why in checked.unchecked.items():
            typer.echo(f"{name}: nie da się sprawdzić: {why}")
        typer.echo("Plan można zatwierdzić." if checked.sound else "Plan trzeba poprawić.")
    if not checked.sound:
        raise typer.Exit(1)


@app.command()
def show(plan: PlanArgument, as_json: JsonOption = False) -> None:
    """Pokaż plan: co, dlaczego, kto, za ile, do kiedy i po czym poznamy skutek."""
    from smup_lib.catalogue import load_catalogue
    from smup_lib.present.plan_page import list_plan_facts
    from smup_lib.reports.plans import name_unit, open_plan

    found = open_plan(plan)
    if as_json:
        show_json(found.model_dump(mode="json"))
        return
    catalogue = load_catalogue()
    area = catalogue.areas.get(found.area)
    typer.echo(f"{found.title} ({name_unit(found)}, obszar {area.name if area else found.area})")
    services = {one.code: one.name for one in area.services} if area else {}
    for name, value in list_plan_facts(found, services.get(found.service or "", "")):
        typer.echo(f"{name}: {value}")
    for action in found.actions:
        entry = catalogue.indicators.get(action.indicator)
        unit = entry.measure_unit if entry else None
        start, aim = _plain(action.baseline.value, unit), _plain(action.target, unit)
        typer.echo(f"\n{action.id}: {action.action}")
        typer.echo(f"  przyczyna: {action.cause}\n  odpowiada: {action.owner}")
        typer.echo(f"  budżet: {_plain(action.budget, 'zł')}\n  ryzyko: {action.risk}")
        name = entry.short_name if entry else action.indicator
        typer.echo(
            f"  {name}: z {start} ({action.baseline.year} r.) do {aim}"
            f" (dane za {action.deadline} r.)"
        )


def _plain(value: float, measure_unit: str | None) -> str:
    """Write a number with all the digits that the file gives it."""
    from smup_lib.present.formats import format_number

    exponent = int(Decimal(str(value)).normalize().as_tuple().exponent)
    return format_number(value, max(0, -exponent), measure_unit)


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """Wypisz zapisane plany."""
    from smup_lib.catalogue import load_catalogue
    from smup_lib.reports.plan_files import EXAMPLE

    rows = list(_plan_rows())
    if not as_json:
        names = {area.id: area.name for area in load_catalogue().areas.values()}
        rows = [row | {"area": names.get(row.get("area", ""), row.get("area"))} for row in rows]
    empty = "Nie ma jeszcze planów. Zacznij: smup plan new NAZWA --unit KOD --area OBSZAR"
    show_rows(rows, _PLAN_COLUMNS, as_json=as_json, empty=empty)
    if not as_json:
        typer.echo(f"Gotowy przykład: smup plan show {EXAMPLE}")


def _plan_rows() -> Iterator[dict[str, Any]]:
    """Yield a row for each plan that is kept, also for one that is not whole yet."""
    from smup_lib.errors import PlanError
    from smup_lib.reports.plan_files import find_plan, glance_at_plan, list_plans, read_plan

    for name in list_plans():
        path = find_plan(name)
        try:
            plan = read_plan(path)
        except PlanError as error:
            n = len(error.problems)
            state: dict[str, Any] = {"state": "incomplete", "problems": n}
            words = f"do wypełnienia albo poprawy: {n}"
            yield {"plan": name, **glance_at_plan(path), **state, "state_pl": words}
            continue
        told = {"title": plan.title, "unit": plan.unit, "area": plan.area}
        state = {"actions": len(plan.actions), "state": "complete", "problems": 0}
        yield {"plan": name, **told, **state, "state_pl": "pełny"}


@app.command()
def follow(
    plan: PlanArgument,
    year: Annotated[int, typer.Option(help="Rok danych, którymi mierzysz plan.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder wyników; domyślny pokaże: smup doctor.")
    ] = None,
    snapshot: SnapshotOption = None,
    as_json: JsonOption = False,
) -> None:
    """Zmierz plan danymi kolejnego roku: utwórz stronę o jego wykonaniu."""
    from smup_lib.reports.plans import open_plan
    from smup_lib.verbs import run_report

    found = open_plan(plan)
    result = run_report(
        "plan_follow_up",
        unit=found.unit,
        year=year,
        group=found.group,
        out=out,
        snapshot=snapshot,
        parameters={"area": found.area, "plan": plan},
    )
    show_report(result, as_json=as_json)


def _check_json(checked: CheckedPlan) -> dict[str, Any]:
    from smup_lib.present.plan_page import remark_text

    return {
        "ok": checked.sound,
        "problems": list(_plan_problems(checked)),
        "plan": checked.plan.id,
        "unit": checked.unit.code,
        "snapshot": checked.snapshot,
        "sound": checked.sound,
        "notes": list(checked.notes),
        "unchecked": checked.unchecked,
        "actions": [
            {
                "id": one.action.id,
                "indicator": one.action.indicator,
                "sound": one.sound,
                "reached_by": list(one.reached),
                "n_used": one.n_used,
                "smallest_visible_change": one.visible,
                "remarks": [
                    {
                        "grade": r.grade,
                        "key": r.key,
                        "text": remark_text(r),
                        "numbers": {name: f.value for name, f in r.reading.figures.items()},
                    }
                    for r in one.remarks
                ],
            }
            for one in checked.actions
        ],
    }


def _plan_problems(checked: CheckedPlan) -> Iterator[dict[str, str | None]]:
    """Yield what must be mended before the plan begins."""
    from smup_lib.present.plan_page import remark_text

    parts = {"expected": None, "next_step": "popraw plan i sprawdź go znowu"}
    for name, why in checked.unchecked.items():
        yield {"what": why, "where": name, **parts}
    for one in checked.actions:
        for remark in one.remarks:
            if remark.grade == "problem":
                where = f"{one.action.id}: {remark.key}"
                yield {"what": remark_text(remark), "where": where, **parts}
