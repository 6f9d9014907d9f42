"""Is what stands in a file as its receipt one, and does it hold nothing but a receipt?"""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Iterator, Mapping
from typing import Any

from smup_lib.errors import ReportError
from smup_lib.reports.exports.content import RECEIPT_HEADING, Table, text_of
from smup_lib.reports.exports.page import read_content
from smup_lib.reports.exports.stated import Difference
from smup_lib.reports.receipt import PACKAGES, Receipt

_MAPPINGS = ("parameters", "packages", "group", "outputs")
_SNAPSHOT = re.compile(r"[0-9a-f]{16}")
_VERSION = re.compile(r"\d[0-9A-Za-z.+!_-]{0,40}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
#: Of these a report made again must say the same: they are no matter of the day or the machine.
_SAME = ("fictional", "data_date", "parameters", "group", "notebook")


def checked_receipt(told: Any, where: str) -> dict[str, Any]:
    """Return the receipt of a file; refuse one that cannot be one, with all that is wrong.

    Raises
    ------
    ReportError
        When there is none, or fields are missing or of another kind.
    """
    if not told:
        raise ReportError(
            "W pliku nie ma metryki, więc nie wiadomo, z jakich danych powstał.",
            where=where,
            expected="raport z metryką w środku",
            next_step="utwórz raport na nowo: smup report run",
        )
    problems = list(_problems(told)) if isinstance(told, Mapping) else ["to nie jest spis pól"]
    if problems:
        raise ReportError(
            "Metryki w pliku nie da się odczytać.",
            where=where,
            problems=problems,
            expected="metryka, jaką zapisuje ten program",
            next_step="weź plik raportu jeszcze raz albo utwórz raport na nowo: smup report run",
        )
    return dict(told)


def _problems(told: Mapping[str, Any]) -> Iterator[str]:
    for one in dataclasses.fields(Receipt):
        needed = one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING
        if one.name not in told:
            if needed:
                yield f"brak pola {one.name}"
            continue
        kind = Mapping if one.name in _MAPPINGS else bool if one.name == "fictional" else str
        if not isinstance(told[one.name], kind):
            yield f"pole {one.name} ma zły rodzaj wartości"
        elif one.name in ("data_date", "created") and not _is_day(told[one.name]):
            yield f"pole {one.name} nie jest datą"
    if isinstance(name := told.get("snapshot"), str) and not _SNAPSHOT.fullmatch(name):
        yield "pole snapshot nie jest pełnym identyfikatorem stanu danych (16 znaków)"
    group = told.get("group")
    if isinstance(group, Mapping) and group and not _is_group(group):
        yield "pole group nie opisuje grupy"


def _is_day(text: str) -> bool:
    try:
        datetime.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_group(group: Mapping[str, Any]) -> bool:
    return (
        {"rule", "description"} <= group.keys()
        and isinstance(group.get("members"), int)
        and isinstance(group.get("parameters", {}), Mapping)
    )


def as_receipt(told: Mapping[str, Any]) -> Receipt:
    """Return a checked receipt as the object that shows it."""
    fields = {one.name for one in dataclasses.fields(Receipt)}
    return Receipt(**{name: value for name, value in told.items() if name in fields})


def rows_of(section: str) -> tuple[tuple[str, ...], ...]:
    """Return what an eye reads of the section of a receipt, row by row."""
    content = read_content(f"<main>{section}</main>")
    return tuple(
        tuple(text_of(cell.runs) for cell in row)
        for block in content.blocks
        if isinstance(block, Table)
        for row in block.rows
    )


def list_receipt_faults(
    told: Mapping[str, Any], shown: tuple[tuple[str, ...], ...]
) -> Iterator[Difference]:
    """Yield where a receipt does not agree with itself or says more than a receipt does.

    Parameters
    ----------
    told : mapping
        What a machine reads.
    shown : tuple of tuple of str
        What an eye reads; empty where both are one.
    """
    receipt = as_receipt(told)
    if told.get("id") != receipt.id:
        yield _at("Numer", told.get("id", ""), receipt.id)
    known = {one.name for one in dataclasses.fields(Receipt)} | {"id"}
    for name in told.keys() - known:
        yield _at(name, told[name], "")
    for name, number in (("library_version", receipt.library_version), ("python", receipt.python)):
        if not _VERSION.fullmatch(number):
            yield _at(name, number, "numer wersji")
    for name, number in receipt.packages.items():
        if name not in PACKAGES or not _VERSION.fullmatch(str(number)):
            yield _at("packages", f"{name} {number}", "nazwa biblioteki i numer wersji")
    if receipt.notebook_sha256 and not _DIGEST.fullmatch(receipt.notebook_sha256):
        yield _at("notebook_sha256", receipt.notebook_sha256, "suma kontrolna")
    if shown:
        yield from compare_rows(shown, rows_of(receipt.render()))


def compare_rows(
    shown: tuple[tuple[str, ...], ...], right: tuple[tuple[str, ...], ...]
) -> Iterator[Difference]:
    """Yield the rows of a receipt that are shown otherwise than they should be."""
    for place in range(max(len(shown), len(right))):
        ours = shown[place] if place < len(shown) else ()
        theirs = right[place] if place < len(right) else ()
        if ours != theirs:
            yield _of_row(ours, theirs)


def _of_row(ours: tuple[str, ...], theirs: tuple[str, ...]) -> Difference:
    if len(ours) == len(theirs) == 2 and ours[0] == theirs[0]:
        return _at(theirs[0], ours[1], theirs[1])
    return _at((theirs or ours or ("",))[0], " · ".join(ours), " · ".join(theirs))


def compare_receipts(told: Mapping[str, Any], again: Mapping[str, Any]) -> Iterator[Difference]:
    """Yield where a receipt rests on something else than the report made again does."""
    for name in _SAME:
        if told.get(name) != again.get(name):
            yield _at(name, told.get(name, ""), again.get(name, ""))


def _at(name: str, stated: object, recomputed: object) -> Difference:
    return Difference(f"{RECEIPT_HEADING} › {name}", str(stated), str(recomputed))
