"""What did a synchronisation ask, understand and leave out, said in plain Polish?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from smup_lib.plurals import ROW_NOUN, counted, spaced
from smup_lib.sources.import_report import ImportReport

_SHOWN = 8
_CALLS = ("zapytanie", "zapytania", "zapytań")
#: Said of what the user is to decide.
WAITS = "czeka na decyzję"


@dataclass(frozen=True)
class SyncReport:
    """What a synchronisation did.

    Attributes
    ----------
    service : str
        Name of the service.
    calls : int
        Requests made, those that had to be repeated among them.
    complete, waiting : int
        Variables that entered the snapshot, and those that still lack answers.
    failures : mapping
        Question -> why it has no answer.
    stopped : str
        Why it stopped before the end; empty when it did not.
    empty : tuple of str
        Indicators of which the service has no values at all.
    left_out : int
        Rows of parts of gminy.
    repeated : int
        Rows that merely repeat another one.
    fields : mapping
        Field that nobody described -> rows with it.
    quarantined : mapping
        Reason -> rows.
    written : ImportReport or None
        What became of the data; None when nothing was complete.
    notes : tuple of str
    refused : mapping
        Variable -> why it is not the one that was meant.
    pending : mapping
        Variable -> what the service calls it; the user has not said yet that it is the same.
    """

    service: str
    calls: int
    complete: int
    waiting: int
    failures: Mapping[str, str] = field(default_factory=dict)
    stopped: str = ""
    empty: tuple[str, ...] = ()
    left_out: int = 0
    repeated: int = 0
    fields: Mapping[str, int] = field(default_factory=dict)
    quarantined: Mapping[str, int] = field(default_factory=dict)
    written: ImportReport | None = None
    notes: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    pending: Mapping[str, str] = field(default_factory=dict)

    @property
    def snapshot_id(self) -> str | None:
        """Return the snapshot that is current now; None when none was written."""
        return self.written.snapshot_id if self.written is not None else None

    def as_dict(self) -> dict[str, Any]:
        """Return the report for ``--json``."""
        told = {name: value for name, value in asdict(self).items() if name != "written"}
        written = self.written.as_dict() if self.written is not None else None
        return told | {"snapshot_id": self.snapshot_id, "written": written}

    def render(self) -> str:
        """Return the report as Polish text."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        calls = counted(self.calls, _CALLS)
        yield f"{self.service}: {calls}, zmienne w komplecie: {self.complete}."
        if self.waiting:
            yield f"Czekają na brakujące odpowiedzi: {self.waiting}."
        if self.stopped:
            yield f"Przerwano: {self.stopped}"
        for question, why in list(self.failures.items())[:_SHOWN]:
            yield f"bez odpowiedzi: {question} – {why.splitlines()[0]}"
        if len(self.failures) > _SHOWN:
            yield f"i {len(self.failures) - _SHOWN} innych bez odpowiedzi"
        yield from said_reasons("odrzucono", self.refused)
        yield from said_reasons(WAITS, self.pending)
        if self.empty:
            yield f"serwis nie ma żadnych wartości: {_listed(self.empty)}"
        if self.left_out:
            rows = counted(self.left_out, ROW_NOUN)
            yield f"pominięto {rows} o częściach gmin: są już w wartości gminy"
        if self.repeated:
            yield f"wiersze powtórzone z tą samą wartością, wzięte raz: {spaced(self.repeated)}"
        for name, rows_with in self.fields.items():
            yield (
                f"nieznane pole „{name}”: {counted(rows_with, ROW_NOUN)} w kwarantannie; jeśli nie"
                f" zmienia sensu wartości, dodaj --ignore-field {name}"
            )
        for reason, held in self.quarantined.items():
            yield f"kwarantanna: {spaced(held)} – {reason}"
        yield from (f"Uwaga: {note}" for note in self.notes)
        yield from self._written_lines()

    def _written_lines(self) -> Iterator[str]:
        if self.written is None or self.written.snapshot_id is None:
            yield "Nie powstał nowy stan danych; pobrane odpowiedzi zostały."
            return
        yield from self.written.render().splitlines()[1:]


def said_reasons(what: str, reasons: Mapping[str, str]) -> Iterator[str]:
    """Yield one line a reason, with all that it concerns.

    Examples
    --------
    >>> list(said_reasons("odrzucono", {"a": "nie ma", "b": "inna", "c": "nie ma"}))
    ['odrzucono: a, c – nie ma', 'odrzucono: b – inna']
    """
    by_reason: dict[str, list[str]] = {}
    for name, why in reasons.items():
        by_reason.setdefault(why, []).append(name)
    yield from (f"{what}: {_listed(tuple(names))} – {why}" for why, names in by_reason.items())


def _listed(names: tuple[str, ...]) -> str:
    more = f" i {len(names) - _SHOWN} innych" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
