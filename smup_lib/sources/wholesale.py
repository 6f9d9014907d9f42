"""Would a file replace all that is known of a variable by numbers of another size?

A newer file corrects some values by some per cent. One that makes nearly every known number ten
times as large or as small has a wrong column, a wrong name or another unit of measure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from smup_lib.catalogue import Catalogue
from smup_lib.errors import ContradictionError
from smup_lib.plurals import spaced
from smup_lib.snapshots import SourceRecord
from smup_lib.sources.merge_notes import said_file
from smup_lib.sources.merging import said_value

if TYPE_CHECKING:
    import pandas as pd

#: Fewer changed cells may be a correction ...
LEAST_CELLS = 20
#: ... and so may a smaller share of the cells that old and new files both tell.
LEAST_SHARE = 0.9
#: A number this many times as large or as small is of another size.
OTHER_SIZE = 10.0


def check_wholesale(
    revisions: pd.DataFrame,
    met: Mapping[str, int],
    records: Mapping[str, SourceRecord],
    catalogue: Catalogue,
) -> None:
    """Raise when an import replaces a variable by numbers of another size.

    Parameters
    ----------
    revisions : DataFrame
        The table ``revisions`` of this import.
    met : mapping
        Variable -> cells that were known and are told again.
    records : mapping
        Source -> what the manifest says of it.
    catalogue : Catalogue

    Raises
    ------
    ContradictionError
        Names every such variable with its files and numbers.

    Examples
    --------
    >>> from smup_lib.catalogue import load_catalogue
    >>> from smup_lib.snapshots import empty_table
    >>> check_wholesale(empty_table("revisions"), {}, {}, load_catalogue())
    """
    old, new = (revisions[f"{when}_value"].abs() for when in ("old", "new"))
    other = revisions[(old > 0) & ((new >= OTHER_SIZE * old) | (new * OTHER_SIZE <= old))]
    problems = []
    for name, rows in other.groupby("variable", observed=True):
        variable = str(name)
        if len(rows) < LEAST_CELLS or len(rows) < LEAST_SHARE * met[variable]:
            continue
        label, first = catalogue.variables[variable].label, rows.iloc[0]
        problems.append(
            f"{variable} ({label}): {spaced(len(rows))} z {spaced(met[variable])} znanych wartości,"
            f" na przykład {first['unit_code']}, {first['year']} r.:"
            f" {said_value(float(first['old_value']))} ({said_file(first['old_source'], records)})"
            f" zmieniłoby się w {said_value(float(first['new_value']))}"
            f" ({said_file(first['new_source'], records)})"
        )
    if problems:
        raise ContradictionError(
            "Plik zmieniłby co najmniej dziesięciokrotnie prawie wszystkie znane wartości;"
            " niczego nie zapisano.",
            problems=problems,
            expected="ta sama zmienna w tej samej jednostce miary co w znanych danych",
            next_step="sprawdź nazwę kolumny i jednostkę miary; jeśli to znane dane są błędne,"
            " powtórz polecenie z opcją --override-newer",
        )
