"""Which earlier report does a new one replace, how do they differ, and what must go with it?"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smup_lib.paths import told_when_unwritable
from smup_lib.reports.naming import ReportFiles
from smup_lib.reports.receipt import Receipt, file_digest

#: Comes after the name of a document that is kept.
_ASIDE = "_zachowany"
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
    changed = [
        path.name for path in there if file_digest(path) != earlier["outputs"].get(path.name)
    ]
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


@dataclass(frozen=True)
class Cleared:
    """What became of the documents that an earlier report had beside its page.

    Attributes
    ----------
    removed : tuple of Path
        They were as that report had written them, and told its numbers.
    kept : mapping of Path to Path
        Where those lie now that somebody had changed, or that no receipt vouches for.
    """

    removed: tuple[Path, ...]
    kept: Mapping[Path, Path]


def find_exports(files: ReportFiles) -> dict[Path, bool]:
    """Return the documents beside a page that is about to be replaced.

    Parameters
    ----------
    files : ReportFiles
        Where the new report will lie.

    Returns
    -------
    dict of Path to bool
        Whether each is still as the receipt beside it says. Empty where there is no page: such
        files are of no report.
    """
    if not files.html.is_file():
        return {}
    vouched = (_read_receipt(files.receipt) or {"outputs": {}})["outputs"]
    there = (path for path in files.exports if path.is_file())
    return {path: vouched.get(path.name) == file_digest(path) for path in there}


def clear_exports(found: Mapping[Path, bool]) -> Cleared:
    """Take documents of a replaced report away; what may hold somebody's work is kept aside.

    Parameters
    ----------
    found : mapping of Path to bool
        What :func:`find_exports` returned.
    """
    kept = {path: set_aside(path) for path, own in found.items() if not own}
    removed = tuple(path for path, own in found.items() if own)
    for path in removed:
        with told_when_unwritable(path):
            path.unlink(missing_ok=True)
    return Cleared(removed, kept)


def set_aside(path: Path) -> Path:
    """Give a file a name that is free, beside where it was, and return it."""
    names = (f"{path.stem}{_ASIDE}{number or ''}{path.suffix}" for number in itertools.count())
    free = next(new for name in names if not (new := path.with_name(name)).exists())
    with told_when_unwritable(path):
        return path.rename(free)


def removed_note(paths: Iterable[Path]) -> str:
    """Say which documents went with the report that they were made from; empty for none.

    Examples
    --------
    >>> removed_note([Path("a.docx")]).split(". ")[0]
    'Usunięto dokumenty poprzedniego raportu o tej samej nazwie: a.docx'
    """
    names = ", ".join(path.name for path in paths)
    told = "Usunięto dokumenty poprzedniego raportu o tej samej nazwie"
    return f"{told}: {names}. Na nowo utworzy je opcja --formats." if names else ""


def kept_note(kept: Mapping[Path, Path]) -> str:
    """Say where documents lie that were in the way; empty for none."""
    names = ", ".join(f"{path.name} → {new.name}" for path, new in kept.items())
    told = "Dokumenty zmienione po utworzeniu raportu albo spoza niego zachowano pod nową nazwą"
    return f"{told}: {names}." if names else ""
