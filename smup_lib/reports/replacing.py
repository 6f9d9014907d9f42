"""Which earlier report does a new one replace, and how do they differ?"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from smup_lib.reports.naming import ReportFiles
from smup_lib.reports.receipt import Receipt

_KEEP_BOTH = "Kolejny raport zapisz obok, w innym folderze: --out FOLDER."
#: What a receipt says, in the words of the terminal; in the order of weight.
_WORDS = {
    "snapshot": "stan danych",
    "notebook_sha256": "treść notatnika",
    "notebook_path": "plik notatnika",
    "group": "skład grupy porównawczej",
    "library_version": "wersja warsztatu",
    "python": "wersja Pythona",
    "packages": "wersje bibliotek",
}
#: Facts long enough to be named without their values.
_LONG = frozenset(("notebook_sha256", "group", "packages"))


def explain_replaced(files: ReportFiles, receipt: Receipt) -> str:
    """Say in Polish what a report is about to replace.

    Parameters
    ----------
    files : ReportFiles
        Where the new report will lie.
    receipt : Receipt
        Of the new report.

    Returns
    -------
    str
        Empty when nothing is lost: there was nothing, or the same report.
    """
    there = [path for path in (files.html, files.notebook) if path.is_file()]
    if not there:
        return ""
    earlier = _read_receipt(files.receipt)
    if earlier is None:
        names = ", ".join(path.name for path in there)
        return f"Zastąpiono pliki, które nie miały metryki raportu: {names}. {_KEEP_BOTH}"
    if differences := _list_differences(earlier, json.loads(receipt.to_json())):
        told = "; ".join(differences)
        return f"Zastąpiono raport o tej samej nazwie, a innej treści: {told}. {_KEEP_BOTH}"
    changed = [path.name for path in there if _digest(path) != earlier["outputs"].get(path.name)]
    if changed:
        return (
            f"Zastąpiono pliki zmienione po utworzeniu raportu: {', '.join(changed)}. {_KEEP_BOTH}"
        )
    return ""


def _read_receipt(path: Path) -> dict[str, Any] | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        whole = isinstance(content["id"], str) and all(
            isinstance(content[key], dict) for key in ("parameters", "outputs")
        )
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return content if whole else None


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _list_differences(earlier: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """List what the receipts say differently, with the values where they are short."""
    if earlier["id"] == new["id"]:
        return []
    asked, asks = earlier["parameters"], new["parameters"]
    other_rule = asked.get("group") != asks.get("group")
    found = [
        words if key in _LONG else f"{words} {earlier.get(key) or '–'} → {new.get(key) or '–'}"
        for key, words in _WORDS.items()
        if earlier.get(key) != new.get(key) and not (key == "group" and other_rule)
    ]
    found += [
        f"parametr {name} {asked.get(name)} → {asks.get(name)}"
        for name in sorted({*asked, *asks})
        if asked.get(name) != asks.get(name)
    ]
    return found or ["inna metryka"]
