"""Does a report say what its data say? It is made again from the named snapshot and compared."""

from __future__ import annotations

import dataclasses
import difflib
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smup_lib.errors import ReportError
from smup_lib.paths import project_dir
from smup_lib.reports.exports.content import RECEIPT_HEADING
from smup_lib.reports.exports.formats import write_format
from smup_lib.reports.exports.page import read_content
from smup_lib.reports.exports.statements import Statement, read_statements, shown_receipt
from smup_lib.reports.notebook_files import read_notebook
from smup_lib.reports.receipt import Receipt, notebook_digest
from smup_lib.reports.runner import run_notebook
from smup_lib.scratch import scratch_folder
from smup_lib.snapshots import library_version

if TYPE_CHECKING:
    from smup_lib.reports.exports.statements import Stated

#: So many changed statements are told one by one; of more, what was moved is sought.
_FEW = 20
#: Signs shown around a place of a page.
_AROUND = 60


@dataclass(frozen=True)
class Difference:
    """One place where a file says something else than the data.

    Attributes
    ----------
    place : str
        Heading, table and row, or sheet and cell.
    stated : str
        What the file says; empty where it says nothing.
    recomputed : str
        What the data say; empty where they say nothing.
    """

    place: str
    stated: str
    recomputed: str


@dataclass(frozen=True)
class Verification:
    """What came of verifying a file.

    Attributes
    ----------
    path : Path
        The file.
    receipt : str
        Number of its receipt.
    snapshot : str
        Id of the data that it was computed from again.
    statements, numbers : int
        How many statements were compared, and how many results stand in them.
    differences : tuple of Difference
        Empty when the file says what the data say.
    notes : tuple of str
        What else may explain a difference: another version of the program or of the notebook.
    """

    path: Path
    receipt: str
    snapshot: str
    statements: int
    numbers: int
    differences: tuple[Difference, ...]
    notes: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether the file says what the data say."""
        return not self.differences


def verify_report(path: Path, notebook: Path | None = None) -> Verification:
    """Make a report again from the snapshot that it names and compare all that it states.

    Parameters
    ----------
    path : Path
        HTML, DOCX or XLSX.
    notebook : Path, optional
        The notebook that made it, when it did not come with the workbench. A file from someone
        else never decides which program runs here, so it is told by who asks.

    Raises
    ------
    ReportError
        When the file is no report, or its notebook is not here.
    SnapshotError
        When the snapshot is not here.
    """
    stated = read_statements(path)
    known = notebook or _notebook_of(stated.receipt, path)
    with scratch_folder("verify") as folder:
        again = _made_again(stated.receipt, known, folder, path.suffix.lower())
    return Verification(
        path=path,
        receipt=str(stated.receipt.get("id", "")),
        snapshot=str(stated.receipt["snapshot"]),
        statements=len(again.statements),
        numbers=sum(one.numbers for one in again.statements),
        differences=tuple(compare(stated, again)),
        notes=tuple(_notes(stated.receipt, known)),
    )


def _notebook_of(receipt: Mapping[str, Any], path: Path) -> Path:
    own = receipt.get("notebook_path")
    notebook = project_dir("notebooks") / Path(str(receipt.get("notebook") or "-")).name
    if own:
        raise ReportError(
            "Raport powstał z własnego notatnika, a notatnik to program.",
            where=str(path),
            expected=f"zgoda na wykonanie notatnika {own}",
            next_step=f"jeśli mu ufasz, dodaj: --notebook {shlex.quote(str(own))}",
        )
    if notebook.is_file():
        return notebook
    raise ReportError(
        "Nie ma notatnika, z którego powstał raport.",
        where=str(path),
        expected=f"jeden z notatników warsztatu, a w metryce jest: {notebook.name}",
        next_step="sprawdź raport tą wersją warsztatu, którą podaje jego metryka",
    )


def _made_again(receipt: Mapping[str, Any], notebook: Path, folder: Path, ending: str) -> Stated:
    snapshot = receipt.get("snapshot_path") or receipt["snapshot"]
    result = run_notebook(
        *(notebook, receipt.get("parameters", {}), folder),
        snapshot=snapshot,
        keep_notebook=False,
        keep_receipt=False,  # a trial: only what somebody keeps protects its data
    )
    return read_statements(write_format(result.html, ending))


def compare(stated: Stated, again: Stated) -> Iterator[Difference]:
    """Yield what differs in words and numbers, in the receipt, and last in what no one reads.

    Parameters
    ----------
    stated : Stated
        What the file says.
    again : Stated
        What the report made again says, in the same format.
    """
    found = [*list_differences(stated.statements, again.statements), *_of_receipt(stated)]
    if not found and stated.code != again.code:
        found = [_of_code(stated.code, again.code)]
    yield from found


def _of_receipt(stated: Stated) -> Iterator[Difference]:
    """Yield where a receipt does not agree with itself: its number, and what of it is shown."""
    fields = {one.name for one in dataclasses.fields(Receipt)}
    receipt = Receipt(**{name: v for name, v in stated.receipt.items() if name in fields})
    if stated.receipt.get("id") != receipt.id:
        told = str(stated.receipt.get("id", ""))
        yield Difference(f"{RECEIPT_HEADING} › Numer", told, receipt.id)
    if not stated.shown:
        return
    right = shown_receipt(read_content(f"<main>{receipt.render()}</main>"))
    for name in dict.fromkeys((*right, *stated.shown)):
        texts = stated.shown.get(name, ""), right.get(name, "")
        if texts[0] != texts[1]:
            yield Difference(f"{RECEIPT_HEADING} › {name}", *texts)


def _of_code(stated: str, again: str) -> Difference:
    """Return where pages that read alike are written differently."""
    pairs = enumerate(zip(stated, again, strict=False))
    start = next((n for n, (a, b) in pairs if a != b), min(len(stated), len(again)))
    texts = (text[max(0, start - _AROUND) : start + _AROUND] for text in (stated, again))
    return Difference("zapis strony poza zdaniami, tabelami i wykresami", *texts)


def _notes(receipt: Mapping[str, Any], notebook: Path) -> Iterator[str]:
    made_with = receipt.get("library_version")
    if made_with != library_version():
        yield f"raport powstał w wersji {made_with}, a sprawdza go wersja {library_version()}"
    if receipt.get("notebook_sha256") != notebook_digest(read_notebook(notebook)):
        yield "notatnik zmienił się od utworzenia raportu"


def list_differences(
    stated: Sequence[Statement], again: Sequence[Statement]
) -> Iterator[Difference]:
    """Yield where two sequences of statements differ, statement by statement.

    Examples
    --------
    >>> one = [Statement("Drogi", "41,2"), Statement("Drogi", "8")]
    >>> two = [Statement("Drogi", "41,3"), Statement("Drogi", "8")]
    >>> [(d.place, d.stated, d.recomputed) for d in list_differences(one, two)]
    [('Drogi', '41,2', '41,3')]
    """
    first = [(one.text, one.exact) for one in stated]
    second = [(one.text, one.exact) for one in again]
    if len(first) == len(second):  # nothing taken away: each has its counterpart
        pairs = zip(stated, again, first, second, strict=True)
        apart = [(left, right) for left, right, one, two in pairs if one != two]
        if len(apart) <= _FEW:
            yield from (_difference(left, right) for left, right in apart)
            return
    matcher = difflib.SequenceMatcher(None, first, second, autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            continue
        ours, theirs = stated[i1:i2], again[j1:j2]
        for place in range(max(len(ours), len(theirs))):
            left = ours[place] if place < len(ours) else None
            right = theirs[place] if place < len(theirs) else None
            yield _difference(left, right)


def _difference(left: Statement | None, right: Statement | None) -> Difference:
    where = left or right
    assert where is not None
    texts = [one.text if one else "" for one in (left, right)]
    if texts[0] == texts[1]:  # the reader sees the same, a machine does not
        texts = [one.exact if one else "" for one in (left, right)]
    return Difference(where.place, *texts)
