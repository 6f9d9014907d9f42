"""May these files be imported together, onto this snapshot, with these options?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from smup_lib.errors import (
    ContradictionError,
    ParameterError,
    SnapshotMismatchError,
    SourceError,
    did_you_mean,
)
from smup_lib.snapshots import Snapshot, list_damaged
from smup_lib.sources.naming import split_labels
from smup_lib.sources.read_file import ReadFile
from smup_lib.sources.recognise import EXPORTS, FileKind
from smup_lib.teryt import COUNTRY_CODE, is_fictional_code

_SHOWN = 5


def check_options(options: Mapping[str, str], kinds: Sequence[FileKind]) -> None:
    """Raise when ``--variable ID`` could mean more than one file, or none."""
    exports = [kind for kind in kinds if kind in EXPORTS]
    if "" in options and len(exports) != 1:
        raise ParameterError(
            f"--variable {options['']} dotyczy jednego pliku, a wskazano ich {len(exports)}.",
            expected="jeden eksport BDL w poleceniu",
            next_step="wczytaj pliki osobno albo opisz je w import.yaml",
        )


def check_options_used(options: Mapping[str, str], read: Iterable[ReadFile]) -> None:
    """Raise when an option names a column that no file has, or one of several columns."""
    labels = {label for file in read for label in file.labels}
    if "" in options and len(labels) > 1:
        first = sorted(labels)[0]
        raise ParameterError(
            f"--variable {options['']} nazywa jedną kolumnę, a plik ma ich {len(labels)}.",
            problems=sorted(labels)[:_SHOWN],
            expected=f"--variable „{first}={options['']}”, osobno dla każdej kolumny",
            next_step="nazwij każdą kolumnę osobno albo opisz je w import.yaml",
        )
    known = {split_labels(label) for label in labels}
    unused = [label for label in options if label and split_labels(label) not in known]
    if unused:
        raise ParameterError(
            "Opcja --variable nazywa kolumny, których pliki nie mają.",
            problems=[f"„{label}” {did_you_mean(label, labels)}".strip() for label in unused],
            expected="; ".join(f"„{label}”" for label in sorted(labels)[:_SHOWN]) or None,
            next_step="popraw nazwę kolumny w opcji",
        )


def check_fictional(codes: Iterable[tuple[str, Iterable[str]]], base: Snapshot | None) -> bool:
    """Return whether the files are of the fictional land.

    Parameters
    ----------
    codes : iterable of (file, codes)
        Each file with the codes of its units.
    base : Snapshot, optional
        The snapshot to which they would be added.

    Raises
    ------
    SnapshotMismatchError
        When real and fictional units would meet, in one file, one import or the base.
    """
    fictional: list[str] = []
    real: list[str] = []
    for file, units in codes:
        sorts = {is_fictional_code(code) for code in units if code != COUNTRY_CODE}
        if True in sorts:
            fictional.append(file)
        if False in sorts:
            real.append(file)
    if base is not None and (fictional or real):
        (fictional if base.fictional else real).append(f"stan danych {base.id}")
    if fictional and real:
        raise SnapshotMismatchError(
            f"Jednostki fikcyjne ({', '.join(fictional[:_SHOWN])}) i rzeczywiste"
            f" ({', '.join(real[:_SHOWN])})"
            " nie mogą być w jednym stanie danych.",
            expected="same dane rzeczywiste albo same przykładowe",
            next_step="wczytaj dane przykładowe do osobnego folderu, wskazanego zmienną SMUP_HOME",
        )
    return bool(fictional)


def check_register(has_units: bool, files: Sequence[str], refused: Sequence[str] = ()) -> None:
    """Raise when there are data but no register that could place them.

    Parameters
    ----------
    has_units : bool
    files : sequence of str
        Files whose rows only a register can place.
    refused : sequence of str
        Registers of this import that were refused, with the reason.
    """
    if has_units or not files:
        return
    damaged = [f"uszkodzony stan danych, pominięty: {error.where}" for error in list_damaged()]
    restore = "przywróć uszkodzony stan danych z paczki: smup data unpack PLIK; albo "
    raise SourceError(
        "Rejestr jednostek jest pusty, więc nie wiadomo, których jednostek dotyczą dane.",
        where=", ".join(files[:_SHOWN]) + (" i inne" if len(files) > _SHOWN else ""),
        problems=[*refused, *damaged],
        expected="plik TERC (rejestr TERYT) w tym samym poleceniu albo wczytany wcześniej",
        next_step=(restore if damaged else "")
        + "pobierz rejestr: smup data sync teryt, i powtórz polecenie; albo pobierz plik"
        " TERC z eteryt.stat.gov.pl i dodaj go do polecenia:"
        " smup data import TERC_Urzedowy.csv PLIK",
    )


def check_one_classification(files: Sequence[str]) -> None:
    """Raise when several files classify the units: a snapshot holds one classification."""
    if len(files) > 1:
        raise ContradictionError(
            f"Klasy funkcjonalne są w kilku plikach: {', '.join(files)}.",
            expected="jedna klasyfikacja w stanie danych",
            next_step="wczytaj tylko jeden z tych plików",
        )
