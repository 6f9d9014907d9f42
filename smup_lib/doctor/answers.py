"""What do we hold of the services, can it be read, and how many calls are left?

Everything is opened read-only: a doctor who makes a missing file, or rolls a transaction back,
changes what he came to look at.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from smup_lib.doctor.diagnosis import Diagnosis
from smup_lib.errors import SmupError, system_reason
from smup_lib.plurals import counted, spaced
from smup_lib.sources.web.answers import store_error
from smup_lib.sources.web.polite import said_duration
from smup_lib.sources.web.quota import Window
from smup_lib.sources.web.services import SERVICES, Service, answers_dir, quota_path

_DAMAGED = ("uszkodzona", "uszkodzone", "uszkodzonych")
_SHOWN = 5
_AWAY = "sprawdź uprawnienia i dysk; jeśli to nie jest plik programu, przenieś go gdzie indziej"
#: Answers of this size are checked one by one in a second.
SMALL = 50_000_000


def examine_answers(*, whole_content: bool = False) -> Iterator[Diagnosis]:
    """Yield the files of answers: how many, from when, how many are damaged.

    Parameters
    ----------
    whole_content : bool
        Also unpack every answer and compare its checksum; of files up to :data:`SMALL` bytes this
        is always done.
    """
    paths = sorted(answers_dir().glob("*.sqlite"))
    if not paths:
        yield Diagnosis("answers", "ok", f"odpowiedzi serwisów: {answers_dir()}, jeszcze żadnych")
    for path in paths:
        yield _examine_file(path, whole_content)


def open_to_read(path: Path) -> sqlite3.Connection:
    """Open a file of SQLite so that it cannot be changed."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=5)


def _examine_file(path: Path, whole_content: bool) -> Diagnosis:
    data: dict[str, Any] = {"path": str(path), "interrupted": _journal(path).exists()}
    if (strange := _said_strange(path)) is not None:
        return Diagnosis("answers", "error", strange, _AWAY, data=data)
    size = path.stat().st_size
    if not size:
        return Diagnosis("answers", "ok", f"odpowiedzi w {path.name}: jeszcze żadnych", data=data)
    checked = whole_content or size <= SMALL
    try:
        with closing(open_to_read(path)) as store:
            count, oldest, newest = store.execute(
                "SELECT count(*), min(retrieved), max(confirmed) FROM answers"
            ).fetchone()
            waiting = store.execute("SELECT count(DISTINCT question) FROM begun").fetchone()[0]
            problems = _page_problems(store) if checked else ()
            damaged = _damaged_answers(store) if checked and not problems else []
    except sqlite3.DatabaseError as error:
        return _broken(path, error, data)
    data |= {"answers": count, "oldest": oldest, "newest": newest}
    data |= {"checked": checked, "damaged": damaged}
    text = f"odpowiedzi w {path.name}: {spaced(count)}"
    if count:
        text += f", od {said_day(oldest)} do {said_day(newest)}"
    if not checked:
        text += " (bajtów każdej z osobna nie sprawdzano: zrobi to smup doctor --full)"
    if waiting:
        text += f"; pytania bez wszystkich stron: {spaced(waiting)}"
    step = "uruchom smup data sync: to, co uszkodzone, zostanie pobrane jeszcze raz"
    if problems:
        step = "przenieś ten plik gdzie indziej i uruchom smup data sync: pobierze wszystko od nowa"
        return Diagnosis("answers", "error", f"{text}; plik jest uszkodzony", step, problems, data)
    if damaged:
        text += f"; {counted(len(damaged), _DAMAGED)}"
        return Diagnosis("answers", "warning", text, step, tuple(damaged[:_SHOWN]), data)
    if data["interrupted"]:
        text += "; ostatni zapis przerwano"
        step = "nic nie trzeba robić: następne smup data sync cofnie niedokończony zapis"
        return Diagnosis("answers", "warning", text, step, data=data)
    return Diagnosis("answers", "ok", text, data=data)


def _said_strange(path: Path) -> str | None:
    """Return why a path cannot be the file that it should be; None when it can."""
    try:
        path.stat()
    except OSError as error:
        return f"{path}: {system_reason(error)}"
    return None if path.is_file() else f"{path}: to nie jest plik"


def _journal(path: Path) -> Path:
    return path.with_name(f"{path.name}-journal")


def _page_problems(store: sqlite3.Connection) -> tuple[str, ...]:
    found = [str(row[0]) for row in store.execute(f"PRAGMA quick_check({_SHOWN})")]
    return () if found == ["ok"] else tuple(found)


def _damaged_answers(store: sqlite3.Connection) -> list[str]:
    """Return the requests whose bytes no longer have their checksum."""
    found = []
    for request, packed, sha256 in store.execute("SELECT request, body, sha256 FROM answers"):
        try:
            whole = hashlib.sha256(zlib.decompress(packed)).hexdigest() == sha256
        except (zlib.error, TypeError):
            whole = False
        if not whole:
            found.append(str(request))
    return found


def _broken(path: Path, error: sqlite3.DatabaseError, data: dict[str, Any]) -> Diagnosis:
    if data["interrupted"]:
        # a journal that must be rolled back cannot be, by one who may not write
        text = f"{path.name}: zapis przerwano, odczyt będzie możliwy po jego cofnięciu"
        step = "uruchom smup data sync: cofnie niedokończony zapis, reszta zostanie"
        return Diagnosis("answers", "warning", text, step, data=data)
    return Diagnosis.of("answers", store_error(error, path))


def examine_quota(now: float, services: Sequence[Service] = SERVICES) -> Iterator[Diagnosis]:
    """Yield, of each service, how many calls are left in each of its windows."""
    path = quota_path()
    if os.path.lexists(path) and (strange := _said_strange(path)) is not None:
        yield Diagnosis("quota", "error", strange, _AWAY, data={"path": str(path)})
        return
    if not path.exists() or not path.stat().st_size:
        yield Diagnosis("quota", "ok", f"licznik zapytań: {path}, jeszcze żadnych zapytań")
        return
    try:
        with closing(open_to_read(path)) as store:
            for service in services:
                yield _examine_service(store, service, now)
    except sqlite3.DatabaseError as error:
        yield Diagnosis.of("quota", store_error(error, path))


def _examine_service(store: sqlite3.Connection, service: Service, now: float) -> Diagnosis:
    check = f"quota-{service.name}"
    try:
        key = service.key()
    except SmupError:  # told among the settings
        key = None
    account, windows = service.account(key), service.windows(key)
    left = [asdict(window) | {"left": _left(store, account, window, now)} for window in windows]
    row = store.execute("SELECT until FROM blocked WHERE account = ?", (account,)).fetchone()
    blocked = max(float(row[0]) - now, 0.0) if row else 0.0
    told = ", ".join(
        f"{spaced(one['left'])} z {spaced(one['calls'])} na {said_duration(one['seconds'])}"
        for one in left
    )
    text = f"{service.label}: pozostało zapytań {told}" + (" (z kluczem)" if key else "")
    data = {"windows": left, "blocked_seconds": blocked, "with_key": key is not None}
    if blocked:
        wait = said_duration(blocked)
        text += f"; serwis poprosił o przerwę, jeszcze {wait}"
        return Diagnosis(check, "warning", text, f"uruchom pobieranie za {wait}", data=data)
    if any(not one["left"] for one in left if one["seconds"] > 1):
        step = "poczekaj: zapytania wracają w miarę upływu czasu"
        return Diagnosis(check, "warning", f"{text}; limit jest wyczerpany", step, data=data)
    return Diagnosis(check, "ok", text, data=data)


def _left(store: sqlite3.Connection, account: str, window: Window, now: float) -> int:
    made = store.execute(
        "SELECT count(*) FROM calls WHERE account = ? AND at > ?", (account, now - window.seconds)
    ).fetchone()[0]
    return max(window.calls - int(made), 0)


def examine_clock(now: float) -> Iterator[Diagnosis]:
    """Yield whether the clock of the computer stands before what it has already seen."""
    seen = dict(_newest_times())
    newest, where = max(((at, name) for name, at in seen.items()), default=(0.0, ""))
    data = {"now": now, "newest": newest, "where": where}
    text = f"zegar komputera: {said_time(now)}"
    if newest > now + 60:
        yield Diagnosis(
            "clock",
            "warning",
            f"{text}; {where} jest z {said_time(newest)}: zegar cofnięto albo wtedy się spieszył",
            "ustaw datę i godzinę; odpowiedzi z przyszłości są traktowane jak świeże, więc po"
            " poprawieniu zegara użyj raz: smup data sync … --refresh",
            data=data,
        )
    else:
        yield Diagnosis("clock", "ok", text, data=data)


def _newest_times() -> Iterator[tuple[str, float]]:
    """Yield what has a time, with the newest one; files that cannot be read are told elsewhere."""
    from smup_lib.snapshots import list_snapshots

    questions = [
        (path, "SELECT max(max(retrieved), max(confirmed)) FROM answers")
        for path in sorted(answers_dir().glob("*.sqlite"))
    ]
    for path, question in [*questions, (quota_path(), "SELECT max(at) FROM calls")]:
        if not path.exists():
            continue
        try:
            with closing(open_to_read(path)) as store:
                (newest,) = store.execute(question).fetchone()
        except sqlite3.DatabaseError:
            continue
        if isinstance(newest, int | float):
            yield path.name, float(newest)
    for snapshot in list_snapshots():
        try:
            at = datetime.datetime.fromisoformat(snapshot.manifest.created).timestamp()
        except ValueError:
            continue
        yield f"stan danych {snapshot.id}", at


def said_day(at: float) -> str:
    """Return a time as a day."""
    return _moment(at).strftime("%d.%m.%Y")


def said_time(at: float) -> str:
    """Return a time with its day."""
    return _moment(at).strftime("%d.%m.%Y, %H:%M")


def _moment(at: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(at).astimezone()
