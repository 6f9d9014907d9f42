"""What does the import report say of older files and of sources that contradict each other?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePath

from smup_lib.catalogue import Catalogue
from smup_lib.plurals import VALUE_NOUN, counted, spaced
from smup_lib.snapshots import SourceRecord
from smup_lib.snapshots.manifest import past_day
from smup_lib.sources.clashes import SourceClash
from smup_lib.sources.merge_batches import MergeTotals
from smup_lib.sources.merging import said_value
from smup_lib.sources.raw_store import named_day

_OVERRIDE = "Aby je jednak zmienić, powtórz polecenie z opcją --override-newer."
_REFRESH = "Aby zapytać serwis jeszcze raz, powtórz synchronizację z opcją --refresh."
_DIFFER = ("komórka różni się", "komórki różnią się", "komórek różni się")


def source_days(records: Iterable[SourceRecord], today: str) -> dict[str, str]:
    """Return source -> day of its file, for files whose day somebody told; none is to come."""
    days = {record.id: file_day(record, today) for record in records}
    return {source: day for source, day in days.items() if day}


def file_day(record: SourceRecord, today: str) -> str:
    """Return the day of the file of a source; empty when nobody told it, or it is to come."""
    return past_day(_told_day(record), today)


def _told_day(record: SourceRecord) -> str:
    if record.file is None:
        return ""
    # manifests from before the day had a ground still have the official name
    return record.told_day or named_day(PurePath(record.file.name).name)


def order_notes(
    merged: MergeTotals, records: Mapping[str, SourceRecord], today: str
) -> tuple[str, ...]:
    """Return what is said of cells that two files of one data set tell differently."""
    days = source_days(records.values(), today)
    notes = [
        f"{said_file(new, records)} (plik z {days[new]}) jest starszy niż"
        f" {said_file(old, records)} (plik z {days[old]}): nowszych wartości nie zmieniono"
        f" ({counted(cells, VALUE_NOUN)}). {_REFRESH if _of_service(records[new]) else _OVERRIDE}"
        for (old, new), cells in merged.refused.items()
    ]
    for (old, new), cells in merged.undated.items():
        ahead = [
            f"; {said_file(one, records)} ma dzień z przyszłości ({_told_day(records[one])})"
            for one in (old, new)
            if one in records and _told_day(records[one]) and one not in days
        ]
        notes.append(
            f"Nie wiadomo, który plik jest nowszy: {said_file(old, records)} czy"
            f" {said_file(new, records)}{''.join(ahead)}. Przyjęto {counted(cells, VALUE_NOUN)} z"
            f" pliku wczytanego teraz ({said_file(new, records)})"
            + ("." if ahead else "; dzień pobrania można podać w import.yaml (retrieved).")
        )
    return tuple(notes)


def _of_service(record: SourceRecord) -> bool:
    return record.file is not None and record.file.dated == "service"


def clash_notes(
    clashes: Iterable[SourceClash], records: Mapping[str, SourceRecord], catalogue: Catalogue
) -> tuple[str, ...]:
    """Return a sentence on each pair of data sets that contradict each other grossly."""
    notes = []
    for clash in clashes:
        label = catalogue.variables[clash.variable].label
        first, second = (
            _said_origin(source, records) for source in (clash.first_source, clash.second_source)
        )
        shown = min(
            (clash.first_source, clash.second_source),
            key=lambda one: (catalogue.precedence(one), one),
        )
        gross = f", w tym {clash.gross} co najmniej dwukrotnie" if clash.gross else ""
        cells = "; ".join(
            f"{cell.unit_code}, {cell.year} r.: {said_value(cell.first_value)} ({first})"
            f" i {said_value(cell.second_value)} ({second})"
            for cell in clash.worst
        )
        notes.append(
            f"Dwa źródła podają różne wartości zmiennej {clash.variable} ({label}):"
            f" {clash.first} i {clash.second}. {counted(clash.notable, _DIFFER)} o ponad 10%"
            f" (wspólnych: {spaced(clash.common)}){gross}."
            f" Najbardziej: {cells}. Obie wartości zostają w danych; w raportach"
            f" obowiązuje wartość ze źródła: {_said_origin(shown, records)}. Sprawdź"
            " jednostkę miary i nazwę kolumny."
        )
    return tuple(notes)


def _said_origin(source: str, records: Mapping[str, SourceRecord]) -> str:
    """Return the name of the file behind a source, and what the file names as its own source."""
    record = records.get(source)
    named = f", {record.origin}" if record is not None and record.origin else ""
    return f"{said_file(source, records)}{named}"


def said_file(source: str, records: Mapping[str, SourceRecord]) -> str:
    """Return the name of the file behind a source."""
    record = records.get(source)
    return record.file.name if record is not None and record.file is not None else source
