"""``smup data diff`` and ``smup report diff``: what did a correction of the data change?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
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

    from smup_lib.reports.moved_values import COLUMNS, SnapshotPair, iterate_moved_values

    check_csv(csv)
    pair = SnapshotPair.open(old, new)
    counts: Counter[str] = Counter()
    kept = [pd.DataFrame(columns=list(COLUMNS))]
    for piece in iterate_moved_values(pair):
        counts.update(piece["sort"])
        # a new year of everything is counted; its rows are listed only in a file
        kept.append(piece if csv is not None else piece[piece["sort"] != "appeared"])
    table = pd.concat(kept[1:] or kept, ignore_index=True)
    if csv is not None:
        write_csv(csv, table)
        table = table[table["sort"] != "appeared"]
    told = {"old": pair.old.id, "new": pair.new.id, "tables": list(pair.tables)}
    if as_json:
        show_json(told | {"counts": dict(counts), "table": frame_rows(table)})
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
                "said": f"{_said(row, 'old')} → {_said(row, 'new')}",
                "sort": SORT_WORDS[str(row["sort"])],
            }
        )
    return rows


def _said(row: dict[Any, Any], age: str) -> str:
    from smup_lib.present.formats import format_number
    from smup_lib.present.words import flag_words

    value, digits = row[f"{age}_value"], row[f"{age}_decimals"]
    if value == value and value is not None:
        places = int(digits) if digits == digits and digits is not None else 2
        return format_number(float(value), places)
    flag = row[f"{age}_flag"]
    return flag_words(flag) if isinstance(flag, str) else "nie było"


def diff_reports(
    old: OldArgument,
    new: NewArgument = None,
    unit: Annotated[
        str | None, typer.Option(help="Kod albo nazwa jednostki; domyślnie wszystkie.")
    ] = None,
    area: Annotated[str | None, typer.Option(help="Obszar usług; domyślnie wszystkie.")] = None,
    year: Annotated[
        int | None, typer.Option(help="Rok raportów; domyślnie ostatni w starszych danych.")
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
    check_csv(csv)
    if claims is not None:
        _diff_claims(old, new, claims, as_json=as_json)
        return
    data, reports = _compared(old, new, chosen, quiet=as_json)
    if csv is not None:
        write_csv(csv, _report_frame(reports))
    if out is not None:
        _write_page(data, reports, out)
    if as_json:
        show_json(_report_json(data, reports))
    else:
        _say_reports(data, reports, whole=unit is not None)


def _compared(
    old: str, new: str | None, chosen: dict[str, Any], *, quiet: bool
) -> tuple[RevisedData, list[ReportRevision]]:
    """Compare the chosen reports; of many it is said before how long that takes."""
    from smup_lib.reports.revised_choice import find_revised

    many = chosen["unit"] is None
    if many:
        typer.echo(_LONG_WORK, err=True)
    with show_bar() if many and not quiet else nullcontext() as bar:
        tell = bar and (lambda done, total, label: bar(done, total, f"{label}: {total} raportów"))
        data, found = find_revised(old, new, **chosen, on_progress=tell)
        return data, list(found)


def _check_options(claims: Path | None, others: dict[str, Any]) -> None:
    """Refuse options that would not be heard."""
    from smup_lib.errors import ParameterError

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


def _say_reports(data: RevisedData, reports: list[ReportRevision], *, whole: bool) -> None:
    """Print the reports that say something else: whole, or a line each."""
    typer.echo(f"Stan danych {data.pair.old.id} → {data.pair.new.id}")
    changed = [one for one in reports if one.dependent]
    if whole:
        for one in changed:
            _say_report(one)
    else:
        show_rows([_report_row(one) for one in changed], _REPORT_COLUMNS, as_json=False, empty="")
    typer.echo(f"{counted(len(changed), _REPORT_NOUN)} co innego niż przedtem.")


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
    typer.echo(f"Stan danych {data.pair.old.id} → {data.pair.new.id}")
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


def _report_row(one: ReportRevision) -> dict[str, Any]:
    names = one.revision.indicators if one.revision else ()
    findings = one.revision.findings if one.revision else ()
    outdated = len(one.revision.outdated) if one.revision else None
    return {
        "unit": one.unit.label,
        "area": one.area.name,
        "outdated": outdated,
        "other": sum(f.outcome in ("moved", "new") for f in findings),
        "figures": len(one.revision.figures) if one.revision else None,
        "indicators": list(names) if one.revision else [one.lost.what if one.lost else ""],
    }


def _report_frame(reports: list[ReportRevision]) -> pd.DataFrame:
    """Return one row for each finding and each printed number that is another now."""
    import pandas as pd

    columns = ["unit_code", "area", "year", "indicator", "what", "outcome", "before", "after"]
    return pd.DataFrame(list(_report_lines(reports)), columns=columns)


def _report_lines(reports: list[ReportRevision]) -> Iterator[tuple[Any, ...]]:
    from smup_lib.present.revision_words import told_before_and_after

    for one in reports:
        key = (one.unit.code, one.area.id)
        if one.revision is None:
            yield (*key, one.year, "", "report", "lost", "", one.lost.what if one.lost else "")
            continue
        for change in one.revision.findings:
            if change.outcome != "unchanged":
                told = told_before_and_after(change)
                yield (*key, one.year, change.indicator, change.claim, change.outcome, *told)
        for f in one.revision.figures:
            yield (*key, f.year, f.indicator, f.statistic, "figure", f.before, f.after)


def _report_json(data: RevisedData, reports: list[ReportRevision]) -> dict[str, Any]:
    lines = frame_rows(_report_frame(reports))
    return {
        "old": data.pair.old.id,
        "new": data.pair.new.id,
        "reports": [
            {
                "unit": one.unit.code,
                "area": one.area.id,
                "year": one.year,
                "indicators": list(one.revision.indicators) if one.revision else [],
                "outdated": len(one.revision.outdated) if one.revision else None,
                "lost": one.lost.what if one.lost else None,
            }
            for one in reports
            if one.dependent
        ],
        "changes": lines,
    }


def _write_page(data: RevisedData, reports: list[ReportRevision], out: Path) -> None:
    from smup_lib.paths import told_when_unwritable, write_whole
    from smup_lib.reports.revised_choice import render_revised

    page = render_revised(data, reports)
    with told_when_unwritable(out, "Nie udało się zapisać strony", "wskaż inny plik opcją --out"):
        write_whole(out, page)
    typer.echo(f"Stronę zapisano w {out}", err=True)
