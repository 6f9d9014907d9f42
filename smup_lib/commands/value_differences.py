"""``smup data diff``: which values did a correction of the data change?"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smup_lib.commands.data_tables import CsvOption, check_csv, write_csv
from smup_lib.commands.output import JsonOption, frame_rows, show_json, show_rows
from smup_lib.plurals import VALUE_NOUN, counted

if TYPE_CHECKING:
    import pandas as pd

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
_FIRST_ROWS = 20


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
        typer.echo(f"i {counted(len(table) - _FIRST_ROWS, VALUE_NOUN)} więcej; wszystkie: --csv")
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
    from smup_lib.present.revision_words import SORT_WORDS, said_value

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
                "said": f"{said_value(row, 'old')} → {said_value(row, 'new')}{_in_force(row)}",
                "sort": SORT_WORDS[str(row["sort"])],
            }
        )
    return rows


def _in_force(row: dict[Any, Any]) -> str:
    """Say which value reports show, where data sets disagree about it."""
    from smup_lib.present.revision_words import said_value

    dataset = row["shown_dataset"]
    if not isinstance(dataset, str):
        return ""
    return f" ({row['dataset']}); w raportach obowiązuje: {said_value(row, 'shown')} ({dataset})"
