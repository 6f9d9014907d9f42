"""What came is kept as it came, so that it can be sent to us and tried again without a network.

Two files a probe: the bytes, and what was asked and how it went. Neither cookies nor a key are
among them.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import platform
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from smup_lib.errors import SettingsError, SmupError, UnreadableFileError, system_reason
from smup_lib.paths import folder_for_files, smup_home, told_when_unwritable
from smup_lib.sources.live.expectation import Reply
from smup_lib.sources.live.probes import PROBES
from smup_lib.sources.live.probing import Probed, judge
from smup_lib.sources.web.answers import Request
from smup_lib.sources.web.keys import load_key
from smup_lib.sources.web.services import SERVICES, shown_address

META = ".meta.json"
REPORT, README = "report.json", "README.md"
#: Headers that may tell who asked.
_PRIVATE = ("cookie", "authorization", "authenticate", "clientid", "client-id", "token")
_ENDINGS = {"json": ".json", "xml": ".xml", "gml": ".xml", "html": ".html", "zip": ".zip"}
_README = """# Odpowiedzi serwisów zebrane przez `smup doctor --live`

To surowe odpowiedzi serwisów urzędowych, bajt po bajcie, każda z opisem (`*.meta.json`): o co
zapytano, kiedy, co przyszło i czy jest to, czego program się spodziewa (`report.json`). Nie ma tu
kluczy ani ciasteczek. Folder można przesłać opiekunowi programu albo dołożyć do testów; bez sieci
sprawdzi go `smup doctor --replay FOLDER`.

{what}
"""


def live_dir(now: float) -> Path:
    """Return a new folder for the answers of a day (not created here)."""
    day = datetime.datetime.fromtimestamp(now).astimezone().date().isoformat()
    folder = smup_home() / "live" / day
    number = 2
    while folder.exists():
        folder = folder.with_name(f"{day}-{number}")
        number += 1
    return folder


def check_empty(folder: Path) -> None:
    """Raise when answers saved into a folder would mix with what is there.

    Raises
    ------
    SettingsError
    """
    try:
        taken = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError as error:
        raise SettingsError(
            f"Do folderu nie można zajrzeć: {system_reason(error)}.",
            where=str(folder),
            expected="nowy albo pusty folder",
            next_step="wskaż inny folder opcją --save",
        ) from error
    if taken:
        raise SettingsError(
            "Folder na odpowiedzi nie jest pusty.",
            where=str(folder),
            expected="nowy albo pusty folder, żeby nie pomieszać dwóch prób",
            next_step="wskaż inny folder opcją --save",
        )


def save_fixtures(results: Sequence[Probed], folder: Path, version: str) -> Path:
    """Write what came, and return the folder.

    Parameters
    ----------
    results : sequence of Probed
    folder : Path
        New or empty.
    version : str
        Of the program.

    Raises
    ------
    SettingsError
        When it cannot be written.
    """
    secrets = _secrets()
    advice = "zwolnij miejsce albo wskaż inny folder opcją --save"
    with (
        folder_for_files(folder, "opcją --save"),
        told_when_unwritable(folder, "Nie udało się zapisać odpowiedzi", advice),
    ):
        for result in results:
            if result.reply is not None:
                _save_one(result, result.reply, folder, secrets)
        report: dict[str, Any] = {
            "version": version,
            "system": platform.platform(),
            "python": platform.python_version(),
        }
        report |= {"results": [result.as_dict() for result in results]}
        _write_json(folder / REPORT, report)
        what = "\n".join(f"- {one.probe.id}: {one.said}" for one in results)
        (folder / README).write_text(_README.format(what=what), encoding="utf-8")
    return folder


def _secrets() -> list[bytes]:
    """Return the keys in use: what repeats one is not kept."""
    found = []
    for variable in {service.key_variable for service in SERVICES} - {""}:
        try:
            key = load_key(variable)
        except SmupError:  # no service accepts it, so none was asked with it
            continue
        if key is not None:
            found.append(key.value.encode())
    return found


def _save_one(result: Probed, reply: Reply, folder: Path, secrets: Sequence[bytes]) -> None:
    stem = result.probe.id.replace("/", "_")
    meta: dict[str, Any] = result.as_dict() | {
        "address": shown_address(reply.address),
        "retrieved": datetime.datetime.fromtimestamp(result.asked, datetime.UTC).isoformat(),
        "headers": _public(reply.headers, secrets),
        "sha256": hashlib.sha256(reply.body).hexdigest(),
        "body": None,
    }
    if any(secret in reply.body for secret in secrets):
        meta["remarks"] = [*meta["remarks"], "odpowiedź powtarza klucz, więc jej nie zapisano"]
    else:
        path = folder / (stem + _ending(reply))
        path.write_bytes(reply.body)
        meta["body"] = path.name
    _write_json(folder / (stem + META), meta)


def _public(headers: Mapping[str, str], secrets: Sequence[bytes]) -> dict[str, str]:
    return {
        name: told
        for name, told in headers.items()
        if not any(word in name for word in _PRIVATE)
        and not any(secret in told.encode() for secret in secrets)
    }


def _ending(reply: Reply) -> str:
    kind = reply.headers.get("content-type", "").lower()
    if reply.is_html:
        return ".html"
    return next((ending for word, ending in _ENDINGS.items() if word in kind), ".bin")


def _write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def read_fixtures(folder: Path) -> Iterator[Probed]:
    """Judge saved answers again, as if they came now, without a network.

    Raises
    ------
    UnreadableFileError
        When the folder holds no such answers, or one is damaged.
    """
    known = {probe.id: probe for probe in PROBES}
    metas = sorted(folder.glob(f"*{META}"))
    if not metas:
        raise _unreadable(folder, "W tym folderze nie ma zapisanych odpowiedzi.")
    for path in metas:
        try:
            meta = json.loads(path.read_text(encoding="utf-8"))
            probe, body = known.get(meta["probe"]), meta["body"]
            if probe is None or body is None:
                continue
            content = (folder / Path(body).name).read_bytes()
            reply = Reply(meta["status"], meta["headers"], content, meta["address"])
            whole = hashlib.sha256(content).hexdigest() == meta["sha256"]
            asked = datetime.datetime.fromisoformat(meta["retrieved"]).timestamp()
            request = _read_request(meta["request"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise _unreadable(path, "Zapisana odpowiedź jest uszkodzona.") from error
        outcome, details, remarks, step = judge(probe, request, reply, asked)
        if not whole:
            remarks = (*remarks, "plik został zmieniony po zapisaniu")
        yield Probed(
            probe, request, outcome, details, remarks, step, reply, asked, bool(meta["with_key"])
        )


def _read_request(text: str) -> Request:
    path, _, query = text.partition("?")
    return Request(path, tuple(parse_qsl(query, keep_blank_values=True)))


def _unreadable(path: Path, what: str) -> UnreadableFileError:
    return UnreadableFileError(
        what,
        where=str(path),
        expected=f"folder z plikami *{META}, jak je zapisuje smup doctor --live",
        next_step="wskaż folder z SMUP_HOME/live albo zbierz odpowiedzi od nowa",
    )
