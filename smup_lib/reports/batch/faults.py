"""What may be wrong with a finished batch? A fault has a kind, a file and a place in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

FaultKind = Literal[
    "failed",
    "missing_file",
    "altered_file",
    "unreadable",
    "no_receipt",
    "other_unit",
    "empty_chart",
    "no_twin",
    "no_description",
    "empty_table",
    "missing_part",
    "no_source",
    "other_number",
    "odd_text",
    "odd_size",
    "double",
    "access",
]
#: In the order of weight, as people are told.
FAULT_KINDS: tuple[FaultKind, ...] = get_args(FaultKind)

FAULT_WORDS: dict[FaultKind, str] = {
    "failed": "raport się nie udał",
    "missing_file": "brak pliku",
    "altered_file": "plik zmieniony po utworzeniu",
    "unreadable": "strony nie da się odczytać",
    "no_receipt": "brak metryki albo inna metryka",
    "other_unit": "inna jednostka albo inny rok",
    "empty_chart": "pusty wykres",
    "no_twin": "wykres bez tabeli",
    "no_description": "wykres bez opisu",
    "empty_table": "pusta tabela",
    "missing_part": "brak części raportu",
    "no_source": "brak źródła",
    "other_number": "liczba inna niż jej wartość",
    "odd_text": "dziwny tekst",
    "odd_size": "nietypowa wielkość strony",
    "double": "powtórzony raport",
    "access": "bariera dostępności",
}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    Attributes
    ----------
    kind : str
        One of :data:`FAULT_KINDS`.
    file : str
        Path below the folder of the batch; the name of the report where no file is at fault.
    place : str
        Heading and title of the chart or table; empty when it is the whole file.
    said : str
        What is there, in Polish.
    """

    kind: FaultKind
    file: str
    place: str
    said: str

    def row(self) -> dict[str, str]:
        """Return the fault as a row of a table, its kind in Polish."""
        return {
            "kind": self.kind,
            "what": FAULT_WORDS[self.kind],
            "file": self.file,
            "place": self.place,
            "said": self.said,
        }
