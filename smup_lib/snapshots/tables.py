"""The tables of a snapshot: names, columns and what identifies a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smup_lib.errors import SnapshotError
from smup_lib.snapshots.observations import COLUMNS, KEY

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class TableSpec:
    """Columns of a table, its key, and whether it is part of the snapshot's identity."""

    columns: tuple[str, ...]
    key: tuple[str, ...]
    identity: bool = True


OBSERVATIONS = "observations"
TABLES: dict[str, TableSpec] = {
    OBSERVATIONS: TableSpec(COLUMNS, KEY),
    "units": TableSpec(
        ("unit_code", "level", "kind", "name", "name_extra", "state_date", "source"),
        ("state_date", "unit_code", "kind"),
    ),
    "changes": TableSpec(
        (
            "date",
            "kind",
            "from_code",
            "to_code",
            "weight",
            "weight_basis",
            "name",
            "source",
            "confidence",
        ),
        ("date", "kind", "from_code", "to_code"),
    ),
    "boundaries": TableSpec(
        ("unit_code", "level", "year", "geometry", "source"), ("year", "unit_code")
    ),
    "borders": TableSpec(
        ("unit_code", "neighbour_code", "border_km"), ("unit_code", "neighbour_code")
    ),
    "functional_classes": TableSpec(
        ("unit_code", "functional_class", "edition", "source"), ("unit_code",)
    ),
    # what a service says of its areas, services and indicators; dates stand with the sources
    "published_definitions": TableSpec(
        ("kind", "id", "parent_id", "name", "dimension", "variable", "card", "source"),
        ("kind", "id"),
    ),
    # drawn from boundaries, told from the import: neither says anything new about the world
    "outlines": TableSpec(("unit_code", "level", "geometry"), ("unit_code",), identity=False),
    # part of the identity: an import that only brings rows without a place must still be kept
    "quarantine": TableSpec(
        ("file", "row", "unit_code", "year", "variable", "value", "reason"),
        ("file", "row", "unit_code", "year", "variable"),
    ),
    "revisions": TableSpec(
        (
            "unit_code",
            "year",
            "variable",
            "old_value",
            "old_flag",
            "old_source",
            "new_value",
            "new_flag",
            "new_source",
        ),
        (),
        identity=False,
    ),
}

#: Order of observations on disk: an indicator for all units lies together.
SORTED_BY = ("variable", "unit_code", "year", "source")


def check_tables(tables: dict[str, pd.DataFrame]) -> None:
    """Check names and columns of all tables.

    Raises
    ------
    SnapshotError
        With every table and column that does not fit.
    """
    problems = [f"nieznana tabela {name}" for name in tables if name not in TABLES]
    for name, frame in tables.items():
        if name in TABLES and tuple(frame.columns) != TABLES[name].columns:
            problems.append(
                f"{name}: oczekiwano kolumn {', '.join(TABLES[name].columns)};"
                f" są: {', '.join(map(str, frame.columns))}"
            )
    if "observations" not in tables:
        problems.append("brak tabeli observations")
    if problems:
        raise SnapshotError(
            "Tabele stanu danych nie mają wymaganej postaci.",
            problems=problems,
            expected=f"tabele z listy: {', '.join(TABLES)}; observations zawsze",
            next_step="popraw nazwy tabel i kolumn; jeśli to wczytywanie plików, zgłoś błąd",
        )


def empty_table(name: str) -> pd.DataFrame:
    """Return the named table with its columns and no rows."""
    import pandas as pd

    return pd.DataFrame(columns=list(TABLES[name].columns))
