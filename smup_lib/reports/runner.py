"""Make a report: check the parameters, run the notebook, write page, notebook and receipt."""

from __future__ import annotations

import dataclasses
import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from smup_lib import errors
from smup_lib.catalogue import Catalogue, ServiceArea, load_catalogue
from smup_lib.errors import ParameterError, ReportError
from smup_lib.paths import make_dir, project_dir, receipts_dir, reports_dir, smup_home
from smup_lib.polish_text import plain_text
from smup_lib.reports.execution import NotebookFailure, execute_notebook
from smup_lib.reports.export import render_report
from smup_lib.reports.html_check import check_html
from smup_lib.reports.loading import Workspace
from smup_lib.reports.notebook_files import (
    notebook_text,
    read_notebook,
    write_text,
    write_together,
)
from smup_lib.reports.parameters import Parameter, read_parameters
from smup_lib.reports.preflight import CheckedParameters, check_run
from smup_lib.reports.receipt import SUFFIX, Receipt, kept_path, make_receipt, notebook_digest
from smup_lib.snapshots import Snapshot
from smup_lib.snapshots.store import PINNED

PORTRAIT = "unit_portrait"
#: Parameter by which a notebook of one's own keeps to one state of the data.
SNAPSHOT = "snapshot"
_PORTRAIT_NAME = "portret jednostki"
FAILED_SUFFIX = "_przerwany.ipynb"
CELL_TIMEOUT = 120
START_TIMEOUT = 60


@dataclass(frozen=True)
class ReportResult:
    """A finished report; prints as the path of its page.

    Attributes
    ----------
    html, notebook, receipt : Path
        The page, the executed notebook, the receipt.
    snapshot : str
        Id of the snapshot it rests on.
    seconds : float
        How long it took.
    problems : tuple of str
        What :func:`smup_lib.reports.html_check.check_html` found; empty for the notebooks that
        ship with the workbench.
    """

    html: Path
    notebook: Path
    receipt: Path
    snapshot: str
    seconds: float
    problems: tuple[str, ...] = ()

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
) -> ReportResult:
    """Run the notebook of an area; see :func:`smup_lib.run_report`."""
    given: dict[str, Any] = {"unit": unit, "year": year}
    if group is not None:
        given["group"] = group
    folder = Path(out) if out else reports_dir()
    return run_notebook(find_notebook(area), given, folder, level=level, snapshot=snapshot)


def run_notebook(
    notebook: Path,
    parameters: Mapping[str, Any],
    out_dir: Path,
    name: str | None = None,
    *,
    level: str | None = None,
    snapshot: str | Path | Snapshot | None = None,
    cell_timeout: int = CELL_TIMEOUT,
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
        Beginning of the file names; ``<notebook>_<unit>_<year>`` when omitted.
    level : str, optional
        Level at which to look for the unit.
    snapshot : str, Path or Snapshot, optional
        The current one when omitted. The kernel keeps to it even if another one becomes current.
    cell_timeout : int
        Seconds that one cell may take.

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
    area = _area_of(source, notebook, workspace.catalogue)
    usual = _usual_area(notebook, workspace.catalogue)
    checked = check_run(
        known, parameters, workspace, area, level=level, where=notebook.name, usual_area=usual
    )
    out_dir = make_dir(out_dir, "opcją --out")
    make_dir(receipts_dir())
    name = name or _file_name(notebook, checked)
    executed = _execute(
        source,
        notebook,
        _for_kernel(checked.values, known),
        workspace.snapshot,
        out_dir / f"{name}{FAILED_SUFFIX}",
        cell_timeout,
    )
    receipt = make_receipt(
        workspace.snapshot,
        checked.values,
        group=checked.group,
        notebook=notebook.name,
        notebook_sha256=notebook_digest(source),
        notebook_path="" if _is_shipped(notebook) else str(notebook.resolve()),
    )
    return _write_report(executed, receipt, out_dir, name, started)


def _execute(
    source: Any,
    notebook: Path,
    values: Mapping[str, Any],
    snapshot: Snapshot,
    failed: Path,
    cell_timeout: int,
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
        )
    except NotebookFailure as failure:
        write_text(failed, failure.notebook)
        _raise_failure(failure, notebook, failed, cell_timeout)
    failed.unlink(missing_ok=True)
    return executed


def find_notebook(text: str) -> Path:
    """Return a notebook by path, by area (id, Polish name, beginning), or the portrait.

    Raises
    ------
    ParameterError
        When there is none; the message names those there are.

    Examples
    --------
    >>> find_notebook("kultura").name
    'culture_recreation.ipynb'
    """
    if text.endswith(".ipynb") and Path(text).is_file():
        return Path(text)
    found = {path.stem: path for path in sorted(project_dir("notebooks").glob("*.ipynb"))}
    if text in found:
        return found[text]
    wanted = plain_text(text)
    if wanted and _PORTRAIT_NAME.startswith(wanted) and PORTRAIT in found:
        return found[PORTRAIT]
    if text.endswith(".ipynb"):
        raise ParameterError(
            f"Nie ma notatnika „{text}”.",
            expected=f"ścieżka własnego notatnika albo jeden z: {', '.join(found)}",
            next_step="sprawdź ścieżkę albo utwórz notatnik: smup notebook new SZABLON",
        )
    area = load_catalogue().area(text)
    if area.id in found:
        return found[area.id]
    context = area.id == "context"
    raise ParameterError(
        f"„{area.name}” to nie obszar usług, tylko tło porównań; nie ma własnego raportu."
        if context
        else f"Obszar „{area.name}” nie ma jeszcze notatnika.",
        expected=", ".join(found),
        next_step="wskaźniki kontekstowe pokazuje portret jednostki: smup report run portret"
        if context
        else "podaj obszar z listy albo ścieżkę własnego notatnika",
    )


def _area_of(notebook: Any, path: Path, catalogue: Catalogue) -> ServiceArea | None:
    named = notebook.metadata.get("smup", {}).get("area", path.stem)
    return catalogue.areas.get(str(named))


def _usual_area(path: Path, catalogue: Catalogue) -> ServiceArea | None:
    """Return whose rule chooses the group of a notebook about the whole unit, as the view does."""
    return catalogue.areas["context"] if path.stem == PORTRAIT else None


def _is_shipped(path: Path) -> bool:
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


def _file_name(notebook: Path, checked: CheckedParameters) -> str:
    parts = [notebook.stem, checked.unit.code if checked.unit else None, checked.year]
    return "_".join(str(part) for part in parts if part)


def _raise_failure(
    failure: NotebookFailure, notebook: Path, written: Path, cell_timeout: int
) -> NoReturn:
    told = {
        "raised": "komórka notatnika zgłosiła błąd",
        "timeout": f"komórka trwała dłużej niż {cell_timeout} s",
        "died": "jądro notatnika przestało działać, na przykład z braku pamięci",
        "exited": "komórka zakończyła program przed końcem notatnika",
    }[failure.kind]
    problems = [line for line in failure.message.splitlines() if line.strip()]
    if problems and not hasattr(errors, failure.name):
        problems[0] = f"{failure.name}: {problems[0]}"
    raise ReportError(
        f"Raport nie powstał: {told}.",
        where=f"{notebook.name}, komórka [{failure.cell_number}]: {failure.last_line}",
        problems=[" ".join(line.split()) for line in problems],
        expected="notatnik, który wykonuje się od początku do końca bez błędu",
        next_step=f"otwórz notatnik wykonany do tego miejsca: {written}",
    ) from failure


def _write_report(
    executed: Any, receipt: Receipt, out_dir: Path, name: str, started: float
) -> ReportResult:
    html = render_report(executed, receipt)
    paths = [out_dir / f"{name}{suffix}" for suffix in (".html", ".ipynb", SUFFIX)]
    texts = [html, notebook_text(executed)]
    digests = {
        path.name: hashlib.sha256(text.encode()).hexdigest()
        for path, text in zip(paths, texts, strict=False)
    }
    receipt = dataclasses.replace(receipt, outputs=digests)
    vouched = receipt.to_json()
    # the kept copy comes first: no report without it, for it guards the snapshot from removal;
    # the receipt comes last: it vouches for files that are there
    written = {kept_path(receipt, name): vouched, **dict(zip(paths, texts, strict=False))}
    write_together({**written, paths[2]: vouched})
    return ReportResult(
        html=paths[0],
        notebook=paths[1],
        receipt=paths[2],
        snapshot=receipt.snapshot,
        seconds=time.perf_counter() - started,
        problems=tuple(check_html(html)),
    )
