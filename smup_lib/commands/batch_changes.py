"""``smup report diff --batch FOLDER``: which reports of a batch say something else now?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from smup_lib.commands.data_tables import write_csv
from smup_lib.commands.output import frame_rows, show_json, show_rows
from smup_lib.commands.progress import show_bar

if TYPE_CHECKING:
    from smup_lib.reports.batch.changes import BatchChanges

_COLUMNS = {
    "unit": "jednostka",
    "area": "obszar",
    "year": "rok",
    "sort": "co się stało",
    "conclusions": "inne wnioski",
}
_SUM_COLUMNS = {"sort": "co się stało z raportem", "n": "raporty"}
_FIRST_ROWS = 30


def diff_batch(
    folder: Path,
    old: str | None,
    new: str | None,
    chosen: dict[str, Any],
    *,
    out: Path | None,
    csv: Path | None,
    codes: Path | None,
    as_json: bool,
) -> None:
    """Compare the reports of a batch, print what became of them, write the letter."""
    from smup_lib.reports.batch.change_letter import check_ending

    check_ending(out)
    changes = _compared(folder, old, new, chosen, quiet=as_json)
    if csv is not None:
        write_csv(csv, _lines(changes))
    if as_json:
        show_json(_facts(changes))
    else:
        _show(changes, out)
    if out is not None:
        _write_letter(changes, out, sums=chosen["unit"] is None)
    if codes is not None:
        _write_codes(changes, codes)


def _compared(
    folder: Path, old: str | None, new: str | None, chosen: dict[str, Any], *, quiet: bool
) -> BatchChanges:
    from smup_lib.catalogue import load_catalogue
    from smup_lib.reports.batch.changes import choose_rows, compare_batch
    from smup_lib.reports.forked import count_processes

    area = chosen.pop("area")
    if chosen["unit"] is not None:
        chosen["unit"] = _code_of(chosen["unit"], old or new, chosen)
    areas = None if area is None else {load_catalogue().area(area).id}
    rows, processes = choose_rows(**chosen, areas=areas), count_processes()
    if quiet:
        return compare_batch(folder, old, new, chosen=rows, processes=processes)
    with show_bar(threads=False) as bar:  # forks come from this process

        def tell(done: int, total: int, area: str) -> None:
            bar(done, total, f"{area}: {done} z {total}")

        return compare_batch(
            folder, old, new, chosen=rows, processes=processes, on_progress=tell
        )  # fmt: skip


def _code_of(text: str, snapshot: str | None, chosen: dict[str, Any]) -> str:
    """Return the code of the unit that a code or name means; no other is told of its reports."""
    from smup_lib.reports.loading import Workspace
    from smup_lib.units import find_unit

    register = Workspace.open(snapshot).register
    return find_unit(register, text, chosen["level"], chosen["year"]).code


def _show(changes: BatchChanges, out: Path | None) -> None:
    from smup_lib.reports.batch.change_letter import SORT_WORDS, name_changes

    pair = changes.data.pair
    typer.echo(f"Stan danych {pair.old.id} → {pair.new.id}")
    counts = [{"sort": SORT_WORDS[sort], "n": n} for sort, n in changes.counts.items() if n]
    show_rows(counts, _SUM_COLUMNS, as_json=False)
    rows = name_changes(changes)
    if rows:
        typer.echo("")
        show_rows(rows[:_FIRST_ROWS], _COLUMNS, as_json=False)
    else:
        typer.echo("Żaden wniosek nie jest inny niż przedtem.")
    if len(rows) > _FIRST_ROWS:
        more = len(rows) - _FIRST_ROWS
        typer.echo(f"i {more} więcej; wszystkie: --csv PLIK albo list: --out list.html")
    if changes.to_make:
        typer.echo(
            f"Powtórzone polecenie smup report batch zrobi od nowa: {changes.to_make} "
            f"z {len(changes.reports)}"
        )
    for name, n in changes.elsewhere.items():
        typer.echo(f"uwaga: pominięto raporty ze stanu danych {name}: {n}")
    if changes.failed:
        typer.echo(f"uwaga: pominięto raporty, których wykonanie się nie udało: {changes.failed}")
    if rows and out is None:
        typer.echo("Wnioski przedtem i teraz zapisze: --out list.html (albo .md, .docx)")


def _lines(changes: BatchChanges) -> Any:
    from smup_lib.reports.revised_tables import list_lines

    return list_lines(one.told for one in changes.reports if one.told is not None)


def _facts(changes: BatchChanges) -> dict[str, Any]:
    pair = changes.data.pair
    return {
        "old": pair.old.id,
        "new": pair.new.id,
        "folder": str(changes.folder),
        "counts": changes.counts,
        "elsewhere": dict(changes.elsewhere),
        "failed": changes.failed,
        "to_make": changes.to_make,
        "reports": [
            {
                "report": one.row.report,
                "unit": one.row.unit,
                "year": one.row.year,
                "sort": one.sort,
            }
            for one in changes.reports
        ],
        "changes": frame_rows(_lines(changes)),
    }


def _write_letter(changes: BatchChanges, out: Path, *, sums: bool) -> None:
    from smup_lib.paths import told_when_unwritable, write_whole
    from smup_lib.reports.batch.change_letter import letter_bytes, render_letter

    content = letter_bytes(render_letter(changes, sums=sums), out.suffix.lower())
    with told_when_unwritable(out, "Nie udało się zapisać listu", "wskaż inny plik opcją --out"):
        write_whole(out, content)
    typer.echo(f"List zapisano w {out}", err=True)


def _write_codes(changes: BatchChanges, path: Path) -> None:
    """Write the units whose reports say something else, as a list that ``--only`` takes."""
    from smup_lib.paths import told_when_unwritable, write_whole

    told = changes.of("conclusions", "lost", "filled", "numbers")
    units = {one.row.unit: one.row.unit_name for one in told}
    if not units:
        typer.echo("Żaden raport nie mówi czego innego, więc listy jednostek nie ma.", err=True)
        return
    lines = ["kod;nazwa", *(f"{code};{name}" for code, name in units.items())]
    with told_when_unwritable(path, "Nie udało się zapisać listy", "wskaż inny plik: --codes"):
        write_whole(path, "\ufeff" + "\n".join(lines) + "\n")
    typer.echo(f"Jednostki ({len(units)}) zapisano w {path}", err=True)
    typer.echo(f"Tylko te raporty zrobi od nowa polecenie partii z opcją --only {path}", err=True)
