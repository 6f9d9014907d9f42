"""Read a table of functional classes: ``unit_code, functional_class`` and perhaps ``edition``.

Classes are taken as the publisher wrote them; no label is made up, completed or translated here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from smup_lib.catalogue import Catalogue
from smup_lib.errors import UnreadableFileError
from smup_lib.snapshots import RawFile, SourceRecord
from smup_lib.snapshots.content import content_digest
from smup_lib.snapshots.tables import TABLES
from smup_lib.sources.coded_text import coded, coded_cells
from smup_lib.sources.known_units import KnownUnits
from smup_lib.sources.quarantine import broken_rows, joined, quarantine_rows
from smup_lib.sources.recognise import FileKind
from smup_lib.sources.text import TextForm, TextTable, read_text_table
from smup_lib.sources.unit_column import UnitCells, read_unit_cells

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

NEEDED = ("unit_code", "functional_class")
COLUMNS = TABLES["functional_classes"].columns
_ONE_EDITION = "jedno wydanie klasyfikacji w pliku"
_DATASET = "own:functional_classes"


@dataclass(frozen=True)
class ClassFile:
    """A table of functional classes, read.

    Attributes
    ----------
    rows : DataFrame
        Columns of the snapshot's table ``functional_classes``, one row a unit, and ``row``.
        ``edition`` is empty where the file does not tell it, ``source`` always.
    quarantine : DataFrame
        Rows that cannot be read, with reasons.
    form : TextForm
    notes : tuple of str
    """

    rows: pd.DataFrame
    quarantine: pd.DataFrame
    form: TextForm
    notes: tuple[str, ...]


def read_classes(content: bytes, separator: str, file: str) -> ClassFile:
    """Read a table of functional classes.

    Parameters
    ----------
    content : bytes
        The unpacked file.
    separator : str
        Separator of the file.
    file : str
        Name of the file, for messages and the quarantine.

    Raises
    ------
    UnreadableFileError
        When the file is cut, or names several editions: which of them holds could only be guessed.
    """
    table = read_text_table(content, separator, file)
    names = [cell.strip().casefold() for cell in table.header]
    columns = {name: table.columns[names.index(name)] for name in names}
    units = read_unit_cells(columns["unit_code"])
    frame = _frame(table, columns, units)
    editions = sorted(set(frame["edition"]) - {""})
    if len(editions) > 1:
        raise UnreadableFileError(
            f"Tabela klas ma kilka wydań: {', '.join(editions)}.",
            where=file,
            expected=_ONE_EDITION,
            next_step="zostaw w pliku jedno wydanie",
        )
    reasons = _reasons(frame, units)
    good = frame[reasons == ""].drop_duplicates(["unit_code", "functional_class"])
    doubled = good["unit_code"].duplicated(keep=False)
    held = [
        broken_rows(file, table.broken),
        quarantine_rows(file, frame[reasons != ""], reasons[reasons != ""]),
        quarantine_rows(file, good[doubled], "dwa wiersze podają różne klasy tej jednostki"),
    ]
    ignored = [name for name in names if name not in (*NEEDED, "edition", "name", "nazwa")]
    notes = (f"kolumny, których program nie używa: {', '.join(ignored)}",) if ignored else ()
    rows = good[~doubled].assign(edition=editions[0] if editions else "")
    return ClassFile(rows[[*COLUMNS, "row"]], joined(held), table.form, table.warnings + notes)


@dataclass(frozen=True)
class NewClasses:
    """A classification with its source."""

    file: str
    rows: pd.DataFrame
    record: SourceRecord


def place_classes(
    file: str, read: ClassFile, raw: RawFile, catalogue: Catalogue, title: str, known: KnownUnits
) -> tuple[NewClasses, pd.DataFrame]:
    """Return the classes of known units under their source id, and the other rows as quarantine.

    Parameters
    ----------
    file : str
        Name of the file.
    read : ClassFile
    raw : RawFile
        The record of its bytes.
    catalogue : Catalogue
        Tells the publisher.
    title : str
        Title from ``import.yaml``, may be empty.
    known : KnownUnits
    """
    rows = read.rows.assign(edition=lambda frame: frame["edition"].replace("", title or file))
    is_known = rows["unit_code"].isin(known.codes)
    strangers = rows[~is_known].assign(
        code_text=lambda frame: frame["unit_code"],
        year=0,
        label="functional_class",
        text=lambda frame: frame["functional_class"],
    )
    held = joined([read.quarantine, quarantine_rows(file, strangers, known.unknown_reason)])
    rows = rows.loc[is_known, list(COLUMNS)].reset_index(drop=True)
    source = f"{_DATASET}@{content_digest(rows.drop(columns='source'), ('unit_code',))[:8]}"
    record = SourceRecord(
        id=source,
        dataset=_DATASET,
        publisher=catalogue.publisher_of(_DATASET).id,
        title=title or "Klasy funkcjonalne jednostek",
        kind=FileKind.FUNCTIONAL_CLASSES.value,
        file=raw,
        data_date=raw.retrieved,
        rows=len(rows),
        notes=read.notes,
    )
    return NewClasses(file, rows.assign(source=source), record), held


def _frame(table: TextTable, columns: dict[str, Any], units: UnitCells) -> pd.DataFrame:
    import pandas as pd

    classes = coded_cells(columns["functional_class"]).astype(str)
    edition = coded_cells(columns["edition"]).astype(str) if "edition" in columns else ""
    return pd.DataFrame(
        {
            "unit_code": units.taken("code").astype(str),
            "functional_class": classes,
            "edition": edition,
            "source": "",
            "row": table.lines,
            "code_text": coded(units.index, units.texts),
            "year": 0,
            "label": "functional_class",
            "text": classes,
        }
    )


def _reasons(frame: pd.DataFrame, units: UnitCells) -> np.ndarray[Any, Any]:
    import numpy as np

    reasons = np.full(len(frame), "", dtype=object)
    reasons[frame["functional_class"].to_numpy() == ""] = "brak klasy"
    reasons[~units.where("unit")] = "to nie jest jednostka samorządu"
    unreadable = units.where("unreadable")
    reasons[unreadable] = np.asarray(units.taken("reason"))[unreadable]
    return reasons
