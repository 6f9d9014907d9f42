"""Make a report: check the parameters, run the notebook, write page, notebook and receipt."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import shlex
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from smup_lib import errors
from smup_lib.catalogue import Catalogue, ServiceArea, load_catalogue
from smup_lib.catalogue.vocabulary import CONTEXT
from smup_lib.errors import ParameterError, ReportError
from smup_lib.paths import (
    check_dir,
    folder_for_files,
    hold_lock,
    project_dir,
    receipts_dir,
    reports_dir,
    smup_home,
)
from smup_lib.polish_text import plain_text
from smup_lib.reports.emptiness import explain_no_values
from smup_lib.reports.execution import NotebookFailure, execute_notebook
from smup_lib.reports.export import render_report
from smup_lib.reports.html_check import check_html
from smup_lib.reports.loading import Workspace
from smup_lib.reports.naming import ReportFiles, name_report
from smup_lib.reports.notebook_files import (
    notebook_text,
    read_notebook,
    write_text,
    write_together,
)
from smup_lib.reports.parameters import Parameter, read_parameters, read_texts
from smup_lib.reports.plan_files import keep_plan
from smup_lib.reports.preflight import CheckedParameters, check_run
from smup_lib.reports.receipt import Receipt, kept_path, make_receipt, notebook_digest
from smup_lib.reports.replacing import (
    clear_exports,
    explain_replaced,
    find_exports,
    kept_note,
    removed_note,
)
from smup_lib.reports.selection.hashing import read_hash
from smup_lib.snapshots import Snapshot
from smup_lib.snapshots.store import PINNED

PORTRAIT = "unit_portrait"
STATE_REPORT = "state_report"
#: The report of freely picked indicators and units.
SELECTION = "selection"
#: Parameter by which a notebook of one's own keeps to one state of the data.
SNAPSHOT = "snapshot"
#: What the notebooks about no single area are called in Polish; a beginning is enough.
NAMED_NOTEBOOKS = {
    "portret jednostki": PORTRAIT,
    "raport o stanie gminy albo powiatu": STATE_REPORT,
    "wskaźnik z bliska": "indicator_deep_dive",
    "porównanie jednostek": "unit_comparison",
    "własny wybór wskaźników i jednostek": SELECTION,
    "jakość danych": "data_quality",
    "wykonanie planu": "plan_follow_up",
}
CELL_TIMEOUT = 120
START_TIMEOUT = 60
_OTHER_OUT = "opcją --out"
_LOCK_NAME = ".reports.lock"
#: A report is written in an instant; who waits longer waits for something stuck.
_LONGEST_WAIT_S = 60.0


@dataclass(frozen=True)
class ReportResult:
    """A finished report; prints as the path of its page.

    Attributes
    ----------
    html, receipt : Path
        The page and its receipt.
    notebook : Path or None
        The executed notebook; None where it was not to be kept.
    snapshot : str
        Id of the snapshot it rests on.
    seconds : float
        How long it took.
    problems : tuple of str
        What :func:`smup_lib.reports.html_check.check_html` found; empty for the notebooks that
        ship with the workbench.
    empty : bool
        Whether the data have no value at all for the unit in the area.
    notes : tuple of str
        What should be known beside the page, in Polish: why it is empty, what it replaced.
    others : tuple of Path
        The report in other formats, beside its page.
    removed : tuple of Path
        Documents of an earlier report of the same name, which told other numbers.
    """

    html: Path
    notebook: Path | None
    receipt: Path
    snapshot: str
    seconds: float
    problems: tuple[str, ...] = ()
    empty: bool = False
    notes: tuple[str, ...] = ()
    others: tuple[Path, ...] = ()
    removed: tuple[Path, ...] = ()

    def __str__(self) -> str:
        """Return the path of the page."""
        return str(self.html)

    def facts(self) -> dict[str, Any]:
        """Return what a program wants to know of the report."""
        return {**dataclasses.asdict(self), "seconds": round(self.seconds, 2)}


def run_report(
    area: str,
    unit: str,
    year: int,
    group: str | None = None,
    *,
    level: str | None = None,
    out: str | Path | None = None,
    snapshot: str | Path | Snapshot | None = None,
    parameters: Mapping[str, Any] | Sequence[str] | None = None,
    in_process: bool = False,
) -> ReportResult:
    """Run the notebook of an area; see :func:`smup_lib.run_report` and :func:`run_notebook`."""
    given: dict[str, Any] = {"unit": unit, "year": year}
    if group is not None:
        given["group"] = group
    notebook = find_notebook(area, unit, year)
    if not isinstance(parameters, Mapping):
        parameters = read_texts(read_parameters(read_notebook(notebook)), parameters or ())
    folder = Path(out) if out else reports_dir()
    given = {**given, **parameters}
    where: dict[str, Any] = {"level": level, "snapshot": snapshot, "in_process": in_process}
    return run_notebook(notebook, given, folder, **where)


def run_notebook(
    notebook: Path,
    parameters: Mapping[str, Any],
    out_dir: Path,
    name: str | None = None,
    *,
    level: str | None = None,
    snapshot: str | Path | Snapshot | None = None,
    cell_timeout: int = CELL_TIMEOUT,
    in_process: bool = False,
    keep_notebook: bool = True,
    keep_receipt: bool = True,
) -> ReportResult:
    """Run a notebook with strict parameters and write its report.

    Parameters
    ----------
    notebook : Path
        A notebook with a cell tagged ``parameters``. It is not changed.
    parameters : mapping of str to object
        Values by name; nothing is converted, except that a unit may be told by its name.
    out_dir : Path
        Folder of the results, made when needed.
    name : str, optional
        Beginning of the file names; that of :func:`smup_lib.reports.naming.name_report` when
        omitted.
    level : str, optional
        Level at which to look for the unit.
    snapshot : str, Path or Snapshot, optional
        The current one when omitted. The kernel keeps to it even if another one becomes current.
    cell_timeout : int
        Seconds that one cell may take.
    in_process : bool
        Run the cells in this process instead of a kernel: only in a fork made for this report.
    keep_notebook : bool
        Write the executed notebook too: three times as large as the page, and made again from the
        receipt at any time.
    keep_receipt : bool
        Keep a copy of the receipt among the user's data, where it guards the snapshot from
        removal; a batch keeps one for all its reports.

    Returns
    -------
    ReportResult

    Raises
    ------
    ParameterError, UnitError, NoDataError, GroupError
        Before a kernel starts; nothing is written.
    ReportError
        When the notebook fails; what was executed lies beside as ``..._przerwany.ipynb``, and an
        earlier report of the same name stays as it was.
    """
    started = time.perf_counter()
    source = read_notebook(notebook)
    known = read_parameters(source)
    workspace = Workspace.open(snapshot or _pinned(known, parameters))
    area = area_of(source, notebook, workspace.catalogue)
    usual = find_usual_area(notebook, workspace.catalogue)
    checked = check_run(
        known, parameters, workspace, area, level=level, where=notebook.name, usual_area=usual
    )
    check_dir(out_dir, _OTHER_OUT)
    check_dir(receipts_dir())
    asked = workspace.snapshot.id if snapshot or parameters.get(SNAPSHOT) else None
    files = ReportFiles.called(out_dir, name or name_report(notebook.stem, known, checked, asked))
    checked = _with_kept_plan(checked)
    values = _for_kernel(checked.values, known)
    executed = _execute(
        *(source, notebook, values, workspace.snapshot, files.failed, cell_timeout, in_process)
    )
    receipt = dataclasses.replace(
        _receipt_of(workspace.snapshot, checked, notebook, source), data_hash=read_hash(executed)
    )
    html, told = render_report(executed, receipt), executed if keep_notebook else None
    result = _write_report(html, told, receipt, files, started, keep_receipt)
    return result if checked.has_values else _with_reason(result, workspace, checked, receipt)


def _with_kept_plan(checked: CheckedParameters) -> CheckedParameters:
    """Name an improvement plan by what it says, and not by the place of its file."""
    plan = checked.values.get("plan")
    if not plan:
        return checked
    return dataclasses.replace(checked, values={**checked.values, "plan": keep_plan(plan)})


def _receipt_of(
    snapshot: Snapshot, checked: CheckedParameters, notebook: Path, source: Any
) -> Receipt:
    return make_receipt(
        snapshot,
        checked.values,
        group=checked.group,
        notebook=notebook.name,
        notebook_sha256=notebook_digest(source),
        notebook_path="" if is_shipped(notebook) else str(notebook.resolve()),
    )


def _execute(
    source: Any,
    notebook: Path,
    values: Mapping[str, Any],
    snapshot: Snapshot,
    failed: Path,
    cell_timeout: int,
    in_process: bool,
) -> Any:
    """Return the executed notebook; one that fails is left as ``failed``."""
    try:
        executed = execute_notebook(
            source,
            values,
            environment=_kernel_environment(snapshot),
            work_dir=notebook.resolve().parent,
            cell_timeout=cell_timeout,
            start_timeout=START_TIMEOUT,
            in_process=in_process,
        )
    except NotebookFailure as failure:
        with folder_for_files(failed.parent, _OTHER_OUT):
            write_text(failed, failure.notebook)
        _raise_failure(failure, notebook, failed, cell_timeout)
    return executed


def find_notebook(text: str, unit: str = "JEDNOSTKA", year: int | str = "ROK") -> Path:
    """Return a notebook by path, by area (id, Polish name, beginning), or the portrait.

    ``unit`` and ``year`` stand in the command that a message advises.

    Raises
    ------
    ParameterError
        When there is none; the message names those there are.

    Examples
    --------
    >>> find_notebook("kultura").name
    'culture_recreation.ipynb'
    """
    if text.endswith(".ipynb") and os.path.isfile(text):  # noqa: PTH113 - a name may be too long
        return Path(text)
    found = {path.stem: path for path in sorted(project_dir("notebooks").glob("*.ipynb"))}
    if text in found:
        return found[text]
    wanted = plain_text(text)
    named = [stem for name, stem in NAMED_NOTEBOOKS.items() if plain_text(name).startswith(wanted)]
    if wanted and len(named) == 1 and named[0] in found:
        return found[named[0]]
    if text.endswith(".ipynb"):
        raise ParameterError(
            f"Nie ma notatnika „{text}”.",
            expected=f"ścieżka własnego notatnika albo jeden z: {', '.join(found)}",
            next_step="sprawdź ścieżkę albo utwórz notatnik: smup notebook new SZABLON",
        )
    area = load_catalogue().area(text)
    if area.id in found:
        return found[area.id]
    context = area.id == CONTEXT
    raise ParameterError(
        f"„{area.name}” to nie obszar usług, tylko tło porównań; nie ma własnego raportu."
        if context
        else f"Obszar „{area.name}” nie ma jeszcze notatnika.",
        expected=", ".join(found),
        next_step="wskaźniki kontekstowe pokazuje portret jednostki: "
        + shlex.join(["smup", "report", "run", "portret", "--unit", unit, "--year", str(year)])
        if context
        else "podaj obszar z listy albo ścieżkę własnego notatnika",
    )


def area_of(notebook: Any, path: Path, catalogue: Catalogue) -> ServiceArea | None:
    """Return the area that a notebook is about; None for the whole unit."""
    named = notebook.metadata.get("smup", {}).get("area", path.stem)
    return catalogue.areas.get(str(named))


def find_usual_area(path: Path, catalogue: Catalogue) -> ServiceArea | None:
    """Return whose rule chooses the group of a notebook about the whole unit, as the view does."""
    return catalogue.areas[CONTEXT] if path.stem in (PORTRAIT, STATE_REPORT) else None


def is_shipped(path: Path) -> bool:
    """Say whether a notebook is one of those that ship with the workbench.

    Examples
    --------
    >>> is_shipped(find_notebook("kultura")), is_shipped(Path("moj.ipynb"))
    (True, False)
    """
    return path.resolve().parent == project_dir("notebooks").resolve()


def _pinned(known: Sequence[Parameter], given: Mapping[str, Any]) -> str | None:
    """Return the snapshot that the parameters of a notebook name, if it has such a parameter."""
    default = next((p.default for p in known if p.name == SNAPSHOT), None)
    named = given.get(SNAPSHOT, default)
    return named if isinstance(named, str) and named else None


def _for_kernel(values: Mapping[str, Any], known: Sequence[Parameter]) -> dict[str, Any]:
    """Leave the choice of the snapshot to the environment: the one this report stands on."""
    pinned = {SNAPSHOT: None} if any(p.name == SNAPSHOT for p in known) else {}
    return {**values, **pinned}


def _kernel_environment(snapshot: Snapshot) -> dict[str, str]:
    return {"SMUP_HOME": str(smup_home()), PINNED: str(snapshot.path)}


def _raise_failure(
    failure: NotebookFailure, notebook: Path, written: Path, cell_timeout: int
) -> NoReturn:
    told = {
        "raised": "komórka notatnika zgłosiła błąd",
        "timeout": f"komórka trwała dłużej niż {cell_timeout} s",
        "died": "jądro notatnika przestało działać, na przykład z braku pamięci",
        "exited": "komórka zakończyła program przed końcem notatnika",
        "output": "komórki wypisały więcej, niż wolno",
    }[failure.kind]
    problems = [line for line in failure.message.splitlines() if line.strip()]
    if problems and not hasattr(errors, failure.name):
        problems[0] = f"{failure.name}: {problems[0]}"
    raise ReportError(
        f"Raport nie powstał: {told}.",
        where=f"{notebook.name}, komórka [{failure.cell_number}] (od góry nr "
        f"{failure.cell_index + 1}): {failure.line}",
        problems=[" ".join(line.split()) for line in problems],
        expected="notatnik, który wykonuje się od początku do końca bez błędu",
        next_step=f"otwórz notatnik wykonany do tego miejsca: {written}",
    ) from failure


def _write_report(
    html: str,
    notebook: Any | None,
    receipt: Receipt,
    files: ReportFiles,
    started: float,
    keep_receipt: bool,
) -> ReportResult:
    """Write what belongs together; no notebook or document of an earlier report stays beside."""
    texts = {files.html: html}
    if notebook is not None:
        texts[files.notebook] = notebook_text(notebook)
    digests = {path.name: hashlib.sha256(text.encode()).hexdigest() for path, text in texts.items()}
    receipt = dataclasses.replace(receipt, outputs=digests)
    vouched = receipt.to_json()
    kept = {kept_path(receipt, files.html.stem): vouched} if keep_receipt else {}
    with _one_writer(), folder_for_files(files.html.parent, _OTHER_OUT):
        replaced, exports = explain_replaced(files, receipt), find_exports(files)
        # the kept copy comes first: no report without it, for it guards the snapshot from removal;
        # the receipt comes last: it vouches for files that are there
        write_together({**kept, **texts, files.receipt: vouched})
        files.failed.unlink(missing_ok=True)
        if notebook is None:
            files.notebook.unlink(missing_ok=True)
        cleared = clear_exports(exports)
    notes = (replaced, removed_note(cleared.removed), kept_note(cleared.kept))
    return ReportResult(
        html=files.html,
        notebook=files.notebook if notebook is not None else None,
        receipt=files.receipt,
        snapshot=receipt.snapshot,
        seconds=time.perf_counter() - started,
        problems=tuple(check_html(html)),
        notes=tuple(filter(None, notes)),
        removed=cleared.removed,
    )


@contextmanager
def _one_writer() -> Iterator[None]:
    """Let reports made at once be written one after another: the files of one name agree."""
    with folder_for_files(receipts_dir()) as folder:
        refused = ReportError(
            "Inny program zapisuje raport i nie kończy.",
            where=str(folder),
            expected="jeden program zapisujący raport naraz",
            next_step="zakończ tamten program, jeśli zawisł, i powtórz polecenie",
        )
        with hold_lock(folder / _LOCK_NAME, _LONGEST_WAIT_S, refused):
            yield


def _with_reason(
    result: ReportResult, workspace: Workspace, checked: CheckedParameters, receipt: Receipt
) -> ReportResult:
    """Say beside a report without any value why it has none and what would fill it."""
    assert checked.unit is not None and checked.year is not None
    notebook = receipt.notebook_path or Path(receipt.notebook).stem
    why = explain_no_values(workspace, checked.area, checked.unit, checked.year, notebook)
    return dataclasses.replace(result, empty=True, notes=(why, *result.notes))
