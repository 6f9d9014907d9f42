"""``smup data quarantine`` and ``revisions``: which rows wait, and which values were changed?"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smup_lib.commands.output import JsonOption, frame_rows, show_json, show_rows
from smup_lib.plurals import ROW_NOUN, counted

if TYPE_CHECKING:
    import pandas as pd

_HELD_COLUMNS = {
    "row": "wiersz pliku",
    "unit_code": "jednostka",
    "year": "rok",
    "variable": "kolumna",
    "value": "zapisano",
}
_REVISION_COLUMNS = {
    "label": "zmienna",
    "unit": "jednostka",
    "year": "rok",
    "said": "było → jest",
}
_OTHER_ROWS = ("inny wiersz", "inne wiersze", "innych wierszy")
_VALUE_NOUNS = ("zmieniona wartość", "zmienione wartości", "zmienionych wartości")
_OTHER_VALUES = ("inna wartość", "inne wartości", "innych wartości")
_FIRST_ROWS = 5
_SHOWN_TEXT = 60
SnapshotArgument = Annotated[
    str | None, typer.Argument(help="Identyfikator albo jego początek; domyślnie bieżący.")
]
CsvOption = Annotated[Path | None, typer.Option(help="Zapisz wszystkie wiersze do pliku csv.")]


def quarantine(
    snapshot: SnapshotArgument = None, csv: CsvOption = None, as_json: JsonOption = False
) -> None:
    """Pokaż wiersze, które nie znalazły miejsca w danych: ile, dlaczego i z którego pliku."""
    from smup_lib.snapshots import load_snapshot

    opened = load_snapshot(snapshot)
    held = opened.table("quarantine")
    if csv is not None:
        write_csv(csv, held)
    if as_json:
        show_json(_quarantine_json(opened.id, held))
        return
    rows = counted(len(held), ROW_NOUN)
    typer.echo(f"Kwarantanna stanu danych {opened.id}: {rows}.")
    for (file, reason), count in _counted_pairs(held, "file", "reason"):
        typer.echo(f"\n{file}: {counted(count, ROW_NOUN)} – {reason}")
        some = held[(held["file"] == file) & (held["reason"] == reason)].head(_FIRST_ROWS)
        show_rows([_held_row(row) for row in _records(some)], _HELD_COLUMNS, as_json=False)
        if count > len(some):
            typer.echo(f"i {counted(count - len(some), _OTHER_ROWS)}")
    if csv is not None:
        typer.echo(f"\nWszystkie wiersze zapisano w {csv}")


def revisions(
    snapshot: SnapshotArgument = None, csv: CsvOption = None, as_json: JsonOption = False
) -> None:
    """Pokaż wartości, które zmienił nowszy plik: było, jest, o ile; największe zmiany najpierw."""
    from smup_lib.catalogue import load_catalogue
    from smup_lib.snapshots import load_snapshot
    from smup_lib.sources.revisions import list_revisions

    opened = load_snapshot(snapshot)
    changed = list_revisions(
        opened.table("revisions"),
        opened.table("units"),
        opened.manifest.sources,
        load_catalogue(),
    )
    if csv is not None:
        write_csv(csv, changed)
    if as_json:
        show_json({"snapshot": opened.id, "rows": len(changed), "table": _records(changed)})
        return
    values = counted(len(changed), _VALUE_NOUNS)
    typer.echo(f"Rewizje w stanie danych {opened.id}: {values}.")
    for (old, new), count in _counted_pairs(changed, "old_file", "new_file"):
        typer.echo(f"\n{old} → {new}: {counted(count, _VALUE_NOUNS)}")
        some = changed[(changed["old_file"] == old) & (changed["new_file"] == new)]
        show_rows(_revision_rows(some.head(_FIRST_ROWS)), _REVISION_COLUMNS, as_json=False)
        if count > _FIRST_ROWS:
            typer.echo(f"i {counted(count - _FIRST_ROWS, _OTHER_VALUES)}")
    if csv is not None:
        typer.echo(f"\nWszystkie zmiany zapisano w {csv}")


def check_csv(path: Path | None) -> None:
    """Tell before long work that a table could not be written there."""
    from smup_lib.errors import SettingsError

    if path is not None and (path.is_dir() or not path.parent.is_dir()):
        raise SettingsError(
            "Pliku csv nie da się tu zapisać: "
            + ("to jest folder." if path.is_dir() else "nie ma tego folderu."),
            where=str(path),
            expected="plik w istniejącym folderze",
            next_step="wskaż opcją --csv inny plik",
        )


def write_csv(path: Path, table: pd.DataFrame) -> None:
    """Write a table with a column ``year`` as a spreadsheet in Poland expects it."""
    from smup_lib.paths import told_when_unwritable, write_whole

    # semicolons, decimal commas, a byte order mark
    text = _with_years(table).to_csv(sep=";", decimal=",", index=False)
    advice = "wskaż opcją --csv plik w istniejącym folderze"
    with told_when_unwritable(path, "Nie udało się zapisać pliku", advice):
        write_whole(path, text.encode("utf-8-sig"))


def _counted_pairs(
    table: pd.DataFrame, first: str, second: str
) -> list[tuple[tuple[str, str], int]]:
    pairs = zip(table[first].astype(str), table[second].astype(str), strict=True)
    return Counter(pairs).most_common()


def _with_years(table: pd.DataFrame) -> pd.DataFrame:
    return table.astype({"year": "Int16"})  # Parquet gives nullable years back as floats


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return frame_rows(_with_years(table))


def _held_row(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"row": row["row"] or None, "value": str(row["value"]).strip()[:_SHOWN_TEXT]}


def _quarantine_json(snapshot_id: str, held: pd.DataFrame) -> dict[str, Any]:
    return {
        "snapshot": snapshot_id,
        "rows": len(held),
        "reasons": [
            {"file": file, "reason": reason, "rows": count}
            for (file, reason), count in _counted_pairs(held, "file", "reason")
        ],
        "table": _records(held),
    }


def _revision_rows(changed: pd.DataFrame) -> list[dict[str, Any]]:
    from smup_lib.sources.import_report import said_revision
    from smup_lib.sources.revisions import largest_revisions

    return [
        {
            "label": f"{one.label} ({one.variable})",
            "unit": f"{one.name} ({one.unit_code})",
            "year": one.year,
            "said": said_revision(one),
        }
        for one in largest_revisions(changed, len(changed))
    ]
