"""What was corrected in the data? A few values one by one, many of them by their names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from smup_lib.plurals import VALUE_NOUN, counted
from smup_lib.present.revision_words import said_value
from smup_lib.present.tables import Column, render_table

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.reports.revisions import RevisedData

#: So many values are listed one by one.
_FEW = 20
#: Among more rows than these nobody looks for the single values.
_MANY_ROWS = 500_000
_HEAD = "<h2>Co poprawiono w danych</h2>"
_TABLES = "<p>Inne są też spisy jednostek, ich granice albo inne tabele danych.</p>"


def render_corrected(data: RevisedData) -> Iterator[str]:
    """Yield what the newer state of the data holds otherwise than the older one.

    Parameters
    ----------
    data : RevisedData
        Both states.
    """
    import pandas as pd

    labels = {name: _label(data, name) for name in data.changed}
    if sum(data.changed.values()) > _MANY_ROWS:
        frame = pd.DataFrame({"label": list(labels.values())})
        yield _HEAD + render_table(frame, [Column("label", "Dane")], "Dane, które są inne")
    elif len(moved := data.moved_values()):
        yield _HEAD + (_each(data, moved, labels) if len(moved) <= _FEW else _sums(moved, labels))
    if data.pair.tables:
        yield _TABLES


def _label(data: RevisedData, name: str) -> str:
    known = data.new.catalogue.variables
    return known[name].label if name in known else name


def _each(data: RevisedData, moved: pd.DataFrame, labels: dict[str, str]) -> str:
    """Tell each value as it was and as it is."""
    import pandas as pd

    units = data.pair.new.table("units").drop_duplicates("unit_code", keep="last")
    names = units.set_index("unit_code")["name"]
    rows = [
        {
            "label": labels.get(str(row["variable"]), str(row["variable"])),
            "unit": f"{names.get(row['unit_code'], '')} ({row['unit_code']})".strip(),
            "year": row["year"],
            "before": said_value(row, "old"),
            "after": said_value(row, "new"),
        }
        for row in moved.to_dict("records")
    ]
    columns = [
        Column("label", "Dane"),
        Column("unit", "Jednostka"),
        Column("year", "Rok", "year"),
        Column("before", "Przedtem"),
        Column("after", "Teraz"),
    ]
    caption = f"Wartości, które są inne ({len(rows)})"
    return render_table(pd.DataFrame(rows), columns, caption, stacked=True)


def _sums(moved: pd.DataFrame, labels: dict[str, str]) -> str:
    """Tell of how many units and values each thing is another now."""
    found = moved.groupby("variable", observed=True)["unit_code"].agg(["nunique", "size"])
    frame = found.reset_index()
    frame["label"] = [labels.get(str(name), str(name)) for name in frame["variable"]]
    columns = [
        Column("label", "Dane"),
        Column("nunique", "Jednostki", "number"),
        Column("size", "Wartości", "number"),
    ]
    note = "Każdą wartość przedtem i teraz wypisuje polecenie smup data diff."
    caption = f"Inne: {counted(len(moved), VALUE_NOUN)}"
    return render_table(frame, columns, caption, note=note, stacked=True)
