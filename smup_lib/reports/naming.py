"""What are the files of a report called? After everything that was asked of it, and nothing else.

The same command always writes under the same name; two commands that ask for different things never
do. What was not asked for (the current state of the data, a new version) is no part of the name: a
report repeated on newer data replaces the older one (:mod:`smup_lib.reports.replacing`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from smup_lib.polish_text import plain_text
from smup_lib.reports.parameters import Parameter
from smup_lib.reports.preflight import CheckedParameters
from smup_lib.reports.receipt import SUFFIX

#: Parameters with a place of their own in the name, or none: a unit's name only confirms its code.
_PLACED = frozenset(("unit", "unit_name", "year", "group", "snapshot"))
_PLAIN = re.compile(r"[a-z0-9_.:,]{1,40}")
_SIGNS = str.maketrans({":": "-", ",": "+"})
#: Further formats that a report may lie in beside its page.
EXPORTS = ("docx", "xlsx", "pptx", "csv", "pdf")
#: What a file that is handed in ends in.
_FILES = (".yaml", ".yml", ".json")
_LONGEST_WORDS = 30
_MARK_LENGTH = 6
_ID_LENGTH = 8


@dataclass(frozen=True)
class ReportFiles:
    """The files of one report.

    Attributes
    ----------
    html, notebook, receipt : Path
        The page, the executed notebook, the receipt.
    failed : Path
        The notebook of a run that failed, in place of these three.
    """

    html: Path
    notebook: Path
    receipt: Path
    failed: Path

    @classmethod
    def called(cls, folder: Path, name: str) -> ReportFiles:
        """Return the files of a name in a folder."""
        endings = (".html", ".ipynb", SUFFIX, "_przerwany.ipynb")
        return cls(*(folder / f"{name}{ending}" for ending in endings))

    @property
    def exports(self) -> tuple[Path, ...]:
        """Where the report lies in further formats, when it was asked for in them."""
        return tuple(self.html.with_suffix(f".{ending}") for ending in EXPORTS)


def name_report(
    notebook: str,
    parameters: Sequence[Parameter],
    checked: CheckedParameters,
    snapshot: str | None = None,
) -> str:
    """Return the beginning of the file names of a report.

    Parameters
    ----------
    notebook : str
        Name of the notebook without its ending.
    parameters : sequence of Parameter
        What the notebook takes.
    checked : CheckedParameters
        Values that it will be run with.
    snapshot : str, optional
        Id of the snapshot that was asked for by name.

    Returns
    -------
    str
        ``area_unit_year``; then, each only when it is not the usual one, the group, other
        parameters and the snapshot.
    """
    parts = [notebook, checked.unit.code if checked.unit else "", str(checked.year or "")]
    values = dict(checked.values)
    if "area" in values and checked.area is not None:
        values["area"] = checked.area.id  # one area has many words
    if not checked.usual_group:
        parts.append(file_word(values["group"]))
    parts += [
        f"{parameter.name}-{file_word(values[parameter.name])}"
        for parameter in parameters
        if parameter.name not in _PLACED
        and values.get(parameter.name, parameter.default) != parameter.default
    ]
    if snapshot:
        parts.append(f"snapshot-{snapshot[:_ID_LENGTH]}")
    return "_".join(part for part in parts if part)


def file_word(value: Any) -> str:
    """Write a value so that it may stand in the name of a file on any system.

    A value that cannot be written plainly ends in a mark, so that no two of them are called the
    same.

    Examples
    --------
    >>> file_word("similar:20"), file_word("chosen:1465,3064"), file_word(["a", "b"])
    ('similar-20', 'chosen-1465+3064', 'a+b')
    >>> file_word("chosen:@Nasza trójka")
    'chosen-nasza-trojka-4bb76b'
    >>> file_word("/srv/plany/czytelnicy.yaml").rpartition("-")[0]  # no folder in a name
    'czytelnicy'
    """
    text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    if _PLAIN.fullmatch(text):
        return text.translate(_SIGNS)
    shown = PurePath(text).stem if text.endswith(_FILES) else text
    words = re.sub(r"[^a-z0-9]+", "-", plain_text(shown))[:_LONGEST_WORDS].strip("-")
    mark = hashlib.sha256(text.encode()).hexdigest()[:_MARK_LENGTH]
    return f"{words}-{mark}" if words else mark
