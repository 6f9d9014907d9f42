"""``smup data diff`` and ``smup report diff``: what did a correction of the data change?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smup_lib.commands.data_tables import CsvOption, check_csv, write_csv
from smup_lib.commands.options import GroupOption, LevelOption
from smup_lib.commands.output import JsonOption, frame_rows, show_json, show_rows
from smup_lib.commands.progress import show_bar
from smup_lib.plurals import counted

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.reports.revised_choice import AskedReports
    from smup_lib.reports.revised_tables import ToldRevision
    from smup_lib.reports.revisions import ReportRevision, RevisedData

OldArgument = Annotated[
    str, typer.Argument(metavar="STARY", help="Wcześniejszy stan danych: identyfikator, folder.")
]
NewArgument = Annotated[
    str | None, typer.Argument(metavar="NOWY", help="Późniejszy stan danych; domyślnie bieżący.")
]
_VALUE_COLUMNS = {
    "label": "zmienna",
    "unit": "jednostka",
    "year": "rok",
    "said": "było → jest",
    "sort": "co się stało",
}
_REPORT_COLUMNS = {
    "unit": "jednostka",
    "area": "obszar",
    "outdated": "nieaktualne wnioski",
    "other": "inne zmiany",
    "figures": "inne liczby",
    "indicators": "wskaźniki",
}
_FIRST_ROWS = 20
_LONG_WORK = (
    "Porównujemy raporty wszystkich jednostek tam, dokąd sięga zmiana danych. Jeden obszar zajmuje "
    "do minuty na szczeblu powiatów i kilka minut na szczeblu gmin; mniej pracy: --area, --level "
    "powiat albo --unit KOD."
)
_REPORT_NOUN = ("raport mówi", "raporty mówią", "raportów mówi")
_CELL_NOUN = ("wartość", "wartości", "wartości")


def diff_values(
    old: OldArgument, new: NewArgument = None, csv: CsvOption = None, as_json: JsonOption = False
) -> None:
    """Porównaj dwa stany danych: które wartości są inne, które doszły, a których już nie ma."""
    import pandas as pd

    from smup_lib.catalogue import load_catalogue
    from smup_lib.reports import moved_values

    check_csv(csv)
    pair = moved_values.SnapshotPair.open(old, new)
    counts: Counter[str] = Counter()
    columns = (*moved_values.COLUMNS, *moved_values.SHOWN_COLUMNS)
    kept = [pd.DataFrame(columns=list(columns))]
    for piece in moved_values.iterate_moved_values(pair):
        counts.update(piece["sort"])
        # a new year of everything is counted; its rows are listed only in a file
        told = piece if csv is not None else piece[piece["sort"] != "appeared"]
        kept.append(moved_values.with_shown(told, pair.new, load_catalogue()))
    table = pd.concat(kept[1:] or kept, ignore_index=True)
    if csv is not None:
        write_csv(csv, table)
        table = table[table["sort"] != "appeared"]
    if as_json:
        told_of = {"old": pair.old.id, "new": pair.new.id, "tables": list(pair.tables)}
        show_json(told_of | {"counts": dict(counts), "table": frame_rows(table)})
        return
    typer.echo(f"Stan danych {pair.old.id} → {pair.new.id}")
    _say_counts(counts, pair.tables)
    labelled = _with_labels(table, pair.new.table("units"))
    show_rows(labelled[:_FIRST_ROWS], _VALUE_COLUMNS, as_json=False, empty="")
    if len(table) > _FIRST_ROWS:
        typer.echo(f"i {counted(len(table) - _FIRST_ROWS, _CELL_NOUN)} więcej; wszystkie: --csv")
    if csv is not None:
        typer.echo(f"\nWszystkie różnice zapisano w {csv}")


def _say_counts(counts: Counter[str], tables: tuple[str, ...]) -> None:
    from smup_lib.present.revision_words import SORT_WORDS

    for sort, words in SORT_WORDS.items():
        if counts[sort]:
            typer.echo(f"{words}: {counts[sort]}")
    if not counts:
        typer.echo("Wszystkie wartości są takie same.")
    if tables:
        typer.echo(f"Inne są też tabele: {', '.join(tables)}")


def _with_labels(table: pd.DataFrame, units: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the first rows as a person reads them."""
    from smup_lib.catalogue import load_catalogue
    from smup_lib.present.revision_words import SORT_WORDS

    known = load_catalogue().variables
    names = units.drop_duplicates("unit_code", keep="last").set_index("unit_code")["name"]
    rows = []
    for row in table.head(_FIRST_ROWS).to_dict("records"):
        name, code = str(row["variable"]), str(row["unit_code"])
        label = known[name].label if name in known else name
        rows.append(
            {
                "label": f"{label} ({name})",
                "unit": f"{names.get(code, '')} ({code})".strip(),
                "year": row["year"],
                "said": f"{_said(row, 'old')} → {_said(row, 'new')}{_in_force(row)}",
                "sort": SORT_WORDS[str(row["sort"])],
            }
        )
    return rows


def _in_force(row: dict[Any, Any]) -> str:
    """Say which value reports show, where data sets disagree about it."""
    dataset = row["shown_dataset"]
    if not isinstance(dataset, str):
        return ""
    return f" ({row['dataset']}); w raportach obowiązuje: {_said(row, 'shown')} ({dataset})"


def _said(row: dict[Any, Any], age: str) -> str:
    from smup_lib.present.formats import format_number
    from smup_lib.present.words import flag_words

    value, digits = row[f"{age}_value"], row[f"{age}_decimals"]
    if value == value and value is not None:
        places = int(digits) if digits == digits and digits is not None else 2
        return format_number(float(value), places)
    flag = row.get(f"{age}_flag")
    return flag_words(flag) if isinstance(flag, str) else "nie było"


def diff_reports(
    old: OldArgument,
    new: NewArgument = None,
    unit: Annotated[
        str | None, typer.Option(help="Kod albo nazwa jednostki; domyślnie wszystkie.")
    ] = None,
    area: Annotated[str | None, typer.Option(help="Obszar usług; domyślnie wszystkie.")] = None,
    year: Annotated[
        int | None,
        typer.Option(help="Rok raportów; domyślnie ostatni pełny i lata poprawek."),
    ] = None,
    group: GroupOption = None,
    level: LevelOption = None,
    out: Annotated[
        Path | None, typer.Option(help="Zapisz porównanie jednej jednostki jako stronę HTML.")
    ] = None,
    claims: Annotated[
        Path | None,
        typer.Option(help="Sprawdź na obu stanach wnioski z pliku, jak w: smup claim check."),
    ] = None,
    csv: CsvOption = None,
    as_json: JsonOption = False,
) -> None:
    """Porównaj raporty na dwóch stanach danych: które wnioski i liczby są już nieaktualne."""
    chosen = {"unit": unit, "area": area, "year": year, "group": group, "level": level}
    _check_options(claims, chosen | {"out": out, "csv": csv})
    if claims is not None:
        _diff_claims(old, new, claims, as_json=as_json)
        return
    if unit is None:
        data, told, asked = _compared(old, new, chosen, page=out is not None, quiet=as_json)
    else:
        data, told, asked = *_compared_one(old, new, chosen, say=not as_json), ()
    _write_files(data, told, csv, out)
    if as_json:
        show_json(_report_json(data, told, asked))
    else:
        _say_how_many(data, told, asked, table=unit is None)


def _say_how_many(
    data: RevisedData,
    told: list[ToldRevision],
    asked: Sequence[AskedReports],
    *,
    table: bool,
) -> None:
    changed = [one for one in told if one.dependent]
    if table:
        typer.echo(_states(data))
        show_rows([one.row for one in changed], _REPORT_COLUMNS, as_json=False, empty="")
        typer.echo(_looked_at(asked))
    typer.echo(f"{counted(len(changed), _REPORT_NOUN)} co innego niż przedtem.")


def _compared(
    old: str, new: str | None, chosen: dict[str, Any], *, page: bool, quiet: bool
) -> tuple[RevisedData, list[ToldRevision], tuple[AskedReports, ...]]:
    """Compare the reports of all units; how long that takes is said before."""
    from smup_lib.reports.forked import count_processes
    from smup_lib.reports.revised_choice import tell_revised
    from smup_lib.reports.revised_tables import tell_revision
    from smup_lib.snapshots import load_snapshot

    typer.echo(_LONG_WORK, err=True)
    opened = load_snapshot(old)
    told = partial(tell_revision, page_of=opened.id if page else None)
    with nullcontext() if quiet else show_bar() as bar:
        tell = bar and (lambda done, total, label: bar(done, total, f"{label}: {total} raportów"))
        data, found, asked = tell_revised(
            *(opened, new, told), **chosen, processes=count_processes(), on_progress=tell
        )
        return data, list(found), asked


def _looked_at(asked: Sequence[AskedReports]) -> str:
    """Say reports of which years were looked at: an answer about other years is none."""
    years: dict[str, set[int]] = {}
    for one in asked:
        years.setdefault(one.area.name, set()).add(one.year)
    told = (f"{area}: {', '.join(map(str, sorted(found)))}" for area, found in years.items())
    return f"Sprawdzone lata raportów: {'; '.join(told)}. Inny rok: --year."


def _compared_one(
    old: str, new: str | None, chosen: dict[str, Any], *, say: bool
) -> tuple[RevisedData, list[ToldRevision]]:
    """Compare the reports of one unit, and print what no longer holds as a person reads it."""
    from smup_lib.reports.revised_choice import find_revised
    from smup_lib.reports.revised_tables import tell_revision

    data, found = find_revised(old, new, **chosen)
    reports = list(found)
    if say:
        typer.echo(_states(data))
        for one in reports:
            if one.dependent:
                _say_report(one)
    return data, [tell_revision(one, data.pair.old.id) for one in reports]


def _states(data: RevisedData) -> str:
    return f"Stan danych {data.pair.old.id} → {data.pair.new.id}"


def _check_options(claims: Path | None, others: dict[str, Any]) -> None:
    """Refuse options that would not be heard, and a file that could not be written."""
    from smup_lib.errors import ParameterError

    check_csv(others["csv"])
    given = [f"--{name}" for name, value in others.items() if value is not None]
    if claims is not None and given:
        raise ParameterError(
            "Opcja --claims nie łączy się z wyborem raportów.",
            where=", ".join(given),
            expected="plik wniosków (--claims) albo wybór raportów",
            next_step="usuń jedno z nich; jednostkę i rok podaje każdy wniosek w pliku",
        )
    if others["group"] is not None and others["unit"] is None:
        raise ParameterError(
            "Grupę porównawczą można wybrać tylko dla jednej jednostki.",
            where="--group",
            expected="--group razem z --unit",
            next_step="dodaj --unit KOD albo usuń --group",
        )


def _diff_claims(old: str, new: str | None, path: Path, *, as_json: bool) -> None:
    """Print what the data said to each claim of a file, and what they say now."""
    from smup_lib.present.revision_words import VERDICT_WORDS
    from smup_lib.present.verdicts import verdict_text
    from smup_lib.reports.revised_claims import recheck_claims
    from smup_lib.reports.revisions import RevisedData

    data = RevisedData.open(old, new)
    found = recheck_claims(data, path)
    if as_json:
        told = [one.facts() for one in found]
        show_json({"old": data.pair.old.id, "new": data.pair.new.id, "claims": told})
        return
    typer.echo(_states(data))
    for one in found:
        typer.echo(f"\n{one.words}\n{VERDICT_WORDS[one.outcome]}")
        if one.outcome != "unchanged":
            typer.echo(f"przedtem {verdict_text(one.before)}")
        typer.echo(f"teraz {verdict_text(one.after)}")


def _say_report(one: ReportRevision) -> None:
    """Print what became of the findings and the numbers of one report."""
    from smup_lib.present.revision_words import (
        OUTCOME_WORDS,
        figure_name,
        revision_sentence,
        told_before_and_after,
        write_figure,
    )

    typer.echo(f"\n{one.area.name}, {one.unit.label}, {one.year} r.")
    if one.revision is None:
        typer.echo(f"Raportu nie da się powtórzyć: {one.lost.what if one.lost else ''}")
        return
    typer.echo(revision_sentence(one.revision))
    for change in one.revision.findings:
        if change.outcome != "unchanged":
            before, after = told_before_and_after(change)
            typer.echo(f"- {OUTCOME_WORDS[change.outcome]}\n  przedtem: {before}\n  teraz: {after}")
    entries = {item.indicator.id: item.indicator for item in one.revision.before.indicators}
    rows = [
        {
            "name": entries[f.indicator].short_name,
            "year": f.year,
            "what": figure_name(f),
            "said": " → ".join(
                write_figure(
                    f, value, entries[f.indicator].decimals, entries[f.indicator].measure_unit
                )
                for value in (f.before, f.after)
            ),
        }
        for f in one.revision.figures
    ]
    columns = {"name": "wskaźnik", "year": "rok", "what": "liczba", "said": "było → jest"}
    if rows:
        show_rows(rows, columns, as_json=False)


def _report_json(
    data: RevisedData, told: list[ToldRevision], asked: Sequence[AskedReports]
) -> dict[str, Any]:
    from smup_lib.reports.revised_tables import list_lines

    return {
        "old": data.pair.old.id,
        "new": data.pair.new.id,
        "looked_at": [{"area": one.area.id, "level": one.level, "year": one.year} for one in asked],
        "reports": [one.facts for one in told if one.dependent],
        "changes": frame_rows(list_lines(told)),
    }


def _write_files(
    data: RevisedData, told: list[ToldRevision], csv: Path | None, out: Path | None
) -> None:
    """Write the table and the page that were asked for."""
    from smup_lib.paths import told_when_unwritable, write_whole
    from smup_lib.reports.revised_choice import render_revised
    from smup_lib.reports.revised_tables import list_lines

    if csv is not None:
        write_csv(csv, list_lines(told))
    if out is None:
        return
    page = render_revised(data, told)
    with told_when_unwritable(out, "Nie udało się zapisać strony", "wskaż inny plik opcją --out"):
        write_whole(out, page)
    typer.echo(f"Stronę zapisano w {out}", err=True)
