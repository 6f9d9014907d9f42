"""Where does everything lie, how much is it, is there room, and what did a crash leave behind?"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from smup_lib.doctor.diagnosis import Diagnosis, nearest_folder, said_size
from smup_lib.errors import system_reason
from smup_lib.paths import smup_home
from smup_lib.plurals import counted
from smup_lib.snapshots.locking import HALVES, HOLDER_NAME, LOCK_NAME, is_locked, said_holder

#: What may lie in the folder of user data, by name.
PLACES = {
    "snapshots": "stany danych",
    "raw": "pliki źródłowe, bajt po bajcie",
    "answers": "odpowiedzi serwisów",
    "quota.sqlite": "licznik zapytań",
    "reports": "raporty",
    "receipts": "kopie metryk raportów",
    "groups": "własne grupy",
    "practices": "własne karty praktyk",
    "cache": "to, co można odtworzyć",
    "live": "odpowiedzi zebrane przez smup doctor --live",
}
#: A snapshot of the whole country: 50 million observations took some 200 MB (performance tests).
NATIONAL_SNAPSHOT = 200_000_000
#: A synchronisation of the whole country keeps its answers (some 600 MB), the snapshot before and
#: the one being written; the rest is for SQLite's journal and for reports.
ROOM_FOR_A_COUNTRY = 2_000_000_000
#: Below this not even the sample land fits beside what is there.
ROOM_FOR_ANYTHING = 50_000_000
_FILES = ("plik", "pliki", "plików")


def examine_places() -> Iterator[Diagnosis]:
    """Yield the folders of user data with their sizes, the disk, and what was left behind."""
    home = smup_home()
    if not home.exists():
        yield Diagnosis(
            "home",
            "ok",
            f"folder danych użytkownika (SMUP_HOME): {home} – jeszcze go nie ma, powstanie przy"
            " pierwszym zapisie",
            data={"path": str(home)},
        )
    elif not home.is_dir():
        yield Diagnosis(
            "home",
            "error",
            f"SMUP_HOME nie jest folderem: {home}",
            "wskaż zmienną SMUP_HOME folder albo przenieś ten plik",
            data={"path": str(home)},
        )
    else:
        yield from _examine_home(home)
    yield _examine_disk(home)
    if home.is_dir():
        yield from _examine_left_behind(home)


def _examine_home(home: Path) -> Iterator[Diagnosis]:
    writable = os.access(home, os.W_OK | os.X_OK)
    text = f"folder danych użytkownika (SMUP_HOME): {home}"
    if writable:
        yield Diagnosis("home", "ok", text, data={"path": str(home)})
    else:
        step = "popraw uprawnienia albo wskaż inny folder zmienną SMUP_HOME"
        text += " – nie można w nim zapisywać"
        yield Diagnosis("home", "error", text, step, data={"path": str(home)})
    try:
        names = sorted(path.name for path in home.iterdir() if not path.name.startswith("."))
    except OSError as error:
        yield _unreadable("home", home, [system_reason(error)])
        return
    for name in (*PLACES, *(name for name in names if name not in PLACES)):
        if name in names:
            yield _examine_place(name, home / name)


def _examine_place(name: str, path: Path) -> Diagnosis:
    files, size, problems = measure(path)
    what = PLACES.get(name, "nie należy do programu")
    data = {"path": str(path), "files": files, "bytes": size}
    if problems:
        return _unreadable(name, path, problems)
    amount = said_size(size) + (f", {counted(files, _FILES)}" if path.is_dir() else "")
    return Diagnosis(f"place-{name}", "ok", f"{what}: {path} ({amount})", data=data)


def _unreadable(name: str, path: Path, problems: list[str]) -> Diagnosis:
    return Diagnosis(
        f"place-{name}",
        "error",
        f"nie wszystko da się odczytać: {path}",
        "sprawdź uprawnienia i dysk; jeśli ten folder jest z innego konta, zmień jego właściciela",
        tuple(problems[:10]),
        {"path": str(path)},
    )


def measure(path: Path) -> tuple[int, int, list[str]]:
    """Return how many files lie below a path, their bytes, and what could not be looked at."""
    if not path.is_dir():
        try:
            return 1, path.lstat().st_size, []
        except OSError as error:
            return 0, 0, [f"{path.name}: {system_reason(error)}"]
    files = size = 0
    problems: list[str] = []

    def tell(error: OSError) -> None:
        problems.append(f"{error.filename}: {system_reason(error)}")

    for folder, _, names in os.walk(path, onerror=tell):
        for name in names:
            try:
                size += (Path(folder) / name).lstat().st_size
                files += 1
            except OSError as error:
                tell(error)
    return files, size, problems


def _examine_disk(home: Path) -> Diagnosis:
    folder = nearest_folder(home)
    free = shutil.disk_usage(folder).free
    data = {"free": free, "national_sync": ROOM_FOR_A_COUNTRY, "least": ROOM_FOR_ANYTHING}
    told = f"wolne miejsce na dysku: {said_size(free)}"
    if free < ROOM_FOR_ANYTHING:
        step = "zwolnij miejsce albo przenieś SMUP_HOME na inny dysk"
        return Diagnosis("disk", "error", f"{told}; to za mało na cokolwiek", step, data=data)
    if free < ROOM_FOR_A_COUNTRY:
        step = (
            "jeśli chcesz pobrać dane całego kraju, zwolnij miejsce, usuń zbędne stany danych"
            " (smup data remove ID) albo przenieś SMUP_HOME na inny dysk"
        )
        told += (
            f"; na pobranie całego kraju trzeba {said_size(ROOM_FOR_A_COUNTRY)}"
            f" (sam stan danych: {said_size(NATIONAL_SNAPSHOT)})"
        )
        return Diagnosis("disk", "warning", told, step, data=data)
    return Diagnosis("disk", "ok", f"{told}; wystarczy na dane całego kraju", data=data)


def _examine_left_behind(home: Path) -> Iterator[Diagnosis]:
    """Yield what a program that was killed left; the next one that writes sweeps it away."""
    held = is_locked(home / LOCK_NAME)
    if held:
        yield Diagnosis(
            "lock",
            "warning",
            said_holder(home),
            "poczekaj, aż skończy; jeśli zawisł, zakończ ten proces",
        )
    elif (home / HOLDER_NAME).exists() and held is False:
        yield Diagnosis(
            "lock",
            "warning",
            f"poprzedni zapis danych został przerwany. {said_holder(home, 'Był to')}",
            "nic nie trzeba robić: następny zapis posprząta; jeśli się nie udał, powtórz go",
        )
    busy = [path for path in sorted(home.glob("answers/*.lock")) if is_locked(path)]
    if busy:
        names = ", ".join(path.stem for path in busy)
        step = "poczekaj, aż skończy"
        yield Diagnosis("lock", "warning", f"inny program pobiera teraz dane: {names}", step)
    halves = [
        half
        for folder in ("snapshots", "raw")
        for pattern in HALVES
        for half in (home / folder).glob(pattern)
    ]
    if halves and not held:
        size = sum(measure(half)[1] for half in halves)
        yield Diagnosis(
            "halves",
            "warning",
            f"zostały niedokończone zapisy: {len(halves)} ({said_size(size)})",
            "nic nie trzeba robić: posprząta następny zapis (smup data import, sample, sync)",
            tuple(str(half) for half in halves[:5]),
        )
