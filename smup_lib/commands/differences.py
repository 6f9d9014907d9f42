"""``smup report diff``: which reports does a correction of the data make outdated?"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smup_lib.commands.batch_changes import diff_batch
from smup_lib.commands.data_tables import CsvOption, check_csv, write_csv
from smup_lib.commands.options import GroupOption, LevelOption
from smup_lib.commands.output import JsonOption, frame_rows, show_json, show_rows
from smup_lib.commands.progress import show_bar
from smup_lib.commands.value_differences import NewArgument
from smup_lib.plurals import counted

if TYPE_CHECKING:
    from smup_lib.errors import SmupError
    from smup_lib.reports.revised_choice import AskedReports
    from smup_lib.reports.revised_tables import ToldRevision
    from smup_lib.reports.revisions import ReportRevision, RevisedData

OldOrBatchArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="STARY",
        help="Wcześniejszy stan danych: identyfikator, folder. Przy --batch domyślnie ten, na "
        "którym powstały raporty.",
    ),
]
BatchOption = Annotated[
    Path | None,
    typer.Option(
        help="Folder partii z smup report batch: porównaj jej raporty i zapisz list do jednostek."
    ),
]
CodesOption = Annotated[
    Path | None,
    typer.Option(
        metavar="PLIK",
        help="Z --batch: zapisz kody jednostek, których raporty mówią co innego (.csv albo .txt); "
        "tylko te raporty zrobi od nowa: smup report batch ... --only PLIK.",
    ),
]
_REPORT_COLUMNS = {
    "unit": "jednostka",
    "area": "obszar",
    "outdated": "nieaktualne wnioski",
    "other": "inne zmiany",
    "figures": "inne liczby",
    "indicators": "wskaźniki",
}
_LONG_WORK = (
    "Porównujemy raporty wszystkich jednostek tam, dokąd sięga zmiana danych. Jeden obszar zajmuje "
    "do minuty na szczeblu powiatów i kilka minut na szczeblu gmin; mniej pracy: --area, --level "
    "powiat albo --unit KOD."
)
_REPORT_NOUN = ("raport mówi", "raporty mówią", "raportów mówi")


def diff_reports(
    old: OldOrBatchArgument = None,
    new: NewArgument = None,
    batch: BatchOption = None,
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
        Path | None,
        typer.Option(help="Zapisz porównanie jako stronę HTML; z --batch list: .html, .md, .docx."),
    ] = None,
    claims: Annotated[
        Path | None,
        typer.Option(help="Sprawdź na obu stanach wnioski z pliku, jak w: smup claim check."),
    ] = None,
    codes: CodesOption = None,
    csv: CsvOption = None,
    as_json: JsonOption = False,
) -> None:
    """Porównaj raporty na dwóch stanach danych: które wnioski i liczby są już nieaktualne."""
    chosen = {"unit": unit, "area": area, "year": year, "group": group, "level": level}
    _check_options(claims, batch, chosen | {"out": out, "csv": csv}, codes)
    if batch is not None:
        del chosen["group"]
        diff_batch(batch, old, new, chosen, out=out, csv=csv, codes=codes, as_json=as_json)
    elif old is None:
        raise _no_older_state()
    elif claims is not None:
        _diff_claims(old, new, claims, as_json=as_json)
    else:
        _diff_chosen(old, new, chosen, csv=csv, out=out, as_json=as_json)


def _diff_chosen(
    old: str,
    new: str | None,
    chosen: dict[str, Any],
    *,
    csv: Path | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Compare the reports of one unit or of all of them."""
    if chosen["unit"] is None:
        data, told, asked = _compared(old, new, chosen, page=out is not None, quiet=as_json)
    else:
        data, told, asked = *_compared_one(old, new, chosen, say=not as_json), ()
    _write_files(data, told, csv, out)
    if as_json:
        show_json(_report_json(data, told, asked))
    else:
        _say_how_many(data, told, asked, table=chosen["unit"] is None)


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


def _no_older_state() -> SmupError:
    from smup_lib.errors import ParameterError

    return ParameterError(
        "Nie wiadomo, z którym stanem danych porównać.",
        expected="identyfikator wcześniejszego stanu danych albo folder partii",
        next_step="stany danych pokaże smup data list; partię porównuje: --batch FOLDER",
    )


def _check_options(
    claims: Path | None, batch: Path | None, others: dict[str, Any], codes: Path | None
) -> None:
    """Refuse options that would not be heard, and a file that could not be written."""
    from smup_lib.errors import ParameterError

    check_csv(others["csv"])
    if codes is not None and (batch is None or codes.suffix.lower() not in (".csv", ".txt")):
        raise ParameterError(
            "Listę jednostek zapisuje tylko porównanie partii, w pliku .csv albo .txt.",
            where="--codes",
            expected="--batch FOLDER --codes lista.csv",
            next_step="dodaj --batch albo zmień nazwę pliku",
        )
    given = [f"--{name}" for name, value in others.items() if value is not None]
    if claims is not None and given:
        raise ParameterError(
            "Opcja --claims nie łączy się z wyborem raportów.",
            where=", ".join(given),
            expected="plik wniosków (--claims) albo wybór raportów",
            next_step="usuń jedno z nich; jednostkę i rok podaje każdy wniosek w pliku",
        )
    if batch is not None and (claims is not None or others["group"] is not None):
        raise ParameterError(
            "Raporty partii są porównywane z tymi grupami, z którymi powstały, bez pliku wniosków.",
            where="--batch",
            expected="--batch bez --group i bez --claims",
            next_step="usuń --group i --claims albo --batch",
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
