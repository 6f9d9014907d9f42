"""Does a report say what its data say? It is made again from the named snapshot and compared."""

from __future__ import annotations

import difflib
import functools
import json
import platform
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smup_lib.errors import ReportError, SnapshotError
from smup_lib.paths import project_dir, snapshots_dir
from smup_lib.reports.exports.formats import write_format
from smup_lib.reports.exports.stated import Difference, Statement, first_difference
from smup_lib.reports.exports.statements import read_statements
from smup_lib.reports.exports.told_receipt import compare_receipts, list_receipt_faults
from smup_lib.reports.notebook_files import read_notebook
from smup_lib.reports.receipt import file_digest, notebook_digest, package_versions
from smup_lib.reports.runner import run_notebook
from smup_lib.scratch import scratch_folder
from smup_lib.snapshots import Snapshot, current_id, library_version, load_snapshot
from smup_lib.snapshots.checking import check_content

if TYPE_CHECKING:
    from smup_lib.reports.exports.stated import Stated

__all__ = ["Difference", "Verification", "compare", "list_differences", "verify_report"]

#: Formats whose numbers nothing reads; whole files are held against the receipt beside them.
UNREAD = (".pdf", ".pptx", ".csv")
#: So many changed statements are told one by one; of more, what was moved is sought.
_FEW = 20


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


def verify_report(
    path: Path, notebook: Path | None = None, snapshot: Path | None = None
) -> Verification:
    """Make a report again from the snapshot that it names and compare all that it states.

    Parameters
    ----------
    path : Path
        HTML, DOCX or XLSX. Of PDF, PPTX and CSV only the checksum is compared, with that of the
        receipt beside them.
    notebook : Path, optional
        The notebook that made it, when it did not come with the workbench. A file from someone
        else never decides which program runs here, so it is told by who asks.
    snapshot : Path, optional
        Folder of the data when they do not lie in the store. Nor does a file decide against which
        data it is checked: those of its full id, whole by their checksums.

    Raises
    ------
    ReportError
        When the file is no report, or its notebook is not here.
    SnapshotError
        When the snapshot is not here, or is damaged.
    """
    if path.suffix.lower() in UNREAD:
        return _held_against_receipt(path, snapshot)
    stated = read_statements(path)
    known = notebook or _notebook_of(stated.receipt, path)
    data = _data_of(stated.receipt, path, snapshot)
    with scratch_folder("verify") as folder:
        again = _made_again(stated.receipt, known, data, folder, path.suffix.lower())
    return Verification(
        path=path,
        receipt=str(stated.receipt.get("id", "")),
        snapshot=str(stated.receipt["snapshot"]),
        statements=len(again.statements),
        numbers=sum(one.numbers for one in again.statements),
        differences=tuple(compare(stated, again)),
        notes=tuple(_notes(stated.receipt, known)),
    )


def _held_against_receipt(path: Path, snapshot: Path | None) -> Verification:
    """Compare a whole file with the checksum that the receipt beside it has of it."""
    receipt = path.with_suffix(".receipt.json")
    try:
        told = json.loads(receipt.read_text(encoding="utf-8"))
        named, data, digest = str(told["id"]), str(told["snapshot"]), told["outputs"][path.name]
        found = file_digest(path)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ReportError(
            "Liczb z pliku w tym formacie program nie czyta, a sumy kontrolnej nie ma z czym "
            "porównać.",
            where=str(path),
            expected=f"obok metryka, która wymienia ten plik: {receipt.name}",
            next_step="sprawdź ten sam raport w formacie HTML, DOCX albo XLSX",
        ) from error
    _data_of(told, path, snapshot)  # a receipt on data that are not here vouches for nothing
    page = path.with_suffix(".html").name
    return Verification(
        path=path,
        receipt=named,
        snapshot=data,
        statements=0,
        numbers=0,
        differences=() if found == digest else (Difference("cały plik", found, str(digest)),),
        notes=(
            "porównano tylko sumę kontrolną z metryką obok, a kto zmienia plik, może zmienić i ją; "
            f"liczby sprawdza: smup report verify {shlex.quote(page)}",
        ),
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


def _data_of(receipt: Mapping[str, Any], path: Path, given: Path | None) -> Snapshot:
    """Return the snapshot with the id of the receipt, once it proved to be what it says."""
    named = str(receipt["snapshot"])
    folder = given or snapshots_dir() / named
    if not folder.is_dir():
        raise SnapshotError(
            f"Nie ma stanu danych {named}, z którego powstał raport.",
            where=str(path),
            expected=f"folder {folder}",
            next_step="listę pokaże: smup data list; stan danych spoza niej wskaż sam:"
            " --snapshot FOLDER",
        )
    data = _checked(folder.resolve())
    if data.id != named:
        raise SnapshotError(
            "To nie jest stan danych, z którego powstał raport.",
            where=str(folder),
            expected=f"stan danych {named}, a jest {data.id}",
            next_step="wskaż folder właściwego stanu danych: --snapshot FOLDER",
        )
    return data


@functools.lru_cache(maxsize=4)
def _checked(folder: Path) -> Snapshot:
    """Return a snapshot whose content has the checksums and the id of its manifest."""
    data = load_snapshot(folder)
    check_content(data.path, data.manifest)
    return data


def _made_again(
    receipt: Mapping[str, Any], notebook: Path, data: Snapshot, folder: Path, ending: str
) -> Stated:
    result = run_notebook(
        *(notebook, receipt.get("parameters", {}), folder),
        snapshot=data,
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
    found = [
        *list_differences(stated.statements, again.statements),
        *list_receipt_faults(stated.receipt, stated.shown),
        *compare_receipts(stated.receipt, again.receipt),
    ]
    if not found:
        found += stated.own
        if stated.code != again.code:
            found.append(first_difference(stated.code, again.code))
    yield from found


def _notes(receipt: Mapping[str, Any], notebook: Path) -> Iterator[str]:
    made_with = receipt.get("library_version")
    if made_with != library_version():
        yield f"raport powstał w wersji {made_with}, a sprawdza go wersja {library_version()}"
    if receipt.get("python") != platform.python_version():
        here = platform.python_version()
        yield f"raport powstał w Pythonie {receipt.get('python')}, a sprawdza go Python {here}"
    packages = receipt.get("packages", {})
    others = [
        f"{name} {packages.get(name, '–')} (tu {number})"
        for name, number in package_versions()
        if packages.get(name) != number
    ]
    if others:
        yield f"raport powstał z innymi bibliotekami: {', '.join(others)}"
    named, current = str(receipt["snapshot"]), current_id()
    if current and current != named:
        yield (
            f"bieżący stan danych jest inny ({current}); co zmienia w raportach, powie: "
            f"smup report diff {named}"
        )
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
