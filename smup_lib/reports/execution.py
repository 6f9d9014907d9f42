"""How does a notebook run? By papermill, in a kernel of this very interpreter or without one.

Without one the cells run in this process (:mod:`smup_lib.kernels.in_process`), which must be a fork
of its own; all else stays the same. The kernel is started from ``sys.executable``, not from
whichever ``python3`` a kernel specification on this computer means. It gets its environment written
down (where the data are, which snapshot), and every way of failing ends in one
:class:`NotebookFailure`: a raising cell, a cell that does not end, a kernel that dies, a cell that
ends the program and so skips the rest. Whatever ends the run, Ctrl-C too, no kernel and no
temporary folder outlives it.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from smup_lib.errors import ReportError
from smup_lib.installing import install_command
from smup_lib.kernels.in_process import CellOutputError, InProcessKernel
from smup_lib.kernels.light_imports import import_jsonschema
from smup_lib.scratch import scratch_folder

_ENGINE = "smup"
#: The name of a socket may have some hundred characters, "/kernel-ipc-1" among them.
_LONGEST_SOCKET_FOLDER = 80
_OPTIONS: Mapping[str, Any] = {
    "engine_name": _ENGINE,
    "kernel_name": "python3",
    "language": "python",
    "autosave_cell_every": 0,
    "progress_bar": False,
    "record_timing": False,
    # the outputs are in hand; a kernel has nothing to save
    "shutdown_kernel": "immediate",
}
_SAVING: Mapping[str, Any] = {"request_save_on_cell_execute": False}
_COLOURS = re.compile(r"\x1b\[[\d;]*m")
#: Which cell and which of its lines a traceback names.
_RAISED = re.compile(r"Cell (In\[\d+\]), line (\d+)")
_LIBRARY_PARENT = Path(__file__).resolve().parents[2]


class NotebookFailure(Exception):  # noqa: N818 - caught by the runner, never shown
    """A notebook did not run to its end.

    Attributes
    ----------
    notebook : NotebookNode
        What was executed until then, with the error in its place.
    cell_index : int
        Place of the failing cell in ``notebook.cells``.
    kind : str
        ``raised``, ``timeout``, ``died``, ``exited`` or ``output`` (it showed too much).
    name, message : str
        Class and text of the error raised in the cell.
    """

    def __init__(
        self, notebook: Any, cell_index: int, kind: str, name: str = "", message: str = ""
    ) -> None:
        super().__init__(f"{kind}: {name}: {message}")
        self.notebook = notebook
        self.cell_index = cell_index
        self.kind = kind
        self.name = name
        self.message = message

    @property
    def line(self) -> str:
        """The line of the failing cell that raised; the last one where nothing tells which."""
        cell = self.notebook.cells[self.cell_index]
        lines = str(cell.source).splitlines()
        told = [line for output in cell.get("outputs", ()) for line in output.get("traceback", ())]
        plain = _COLOURS.sub("", "\n".join(told))
        own = f"In[{cell.get('execution_count')}]"
        for count, place in _RAISED.findall(plain):
            if count == own and int(place) <= len(lines):
                return lines[int(place) - 1].strip()
        written = [line.strip() for line in lines if line.strip()]
        return written[-1] if written else ""

    @property
    def cell_number(self) -> int:
        """Which code cell it is, counted from one as a reader does."""
        cells = self.notebook.cells[: self.cell_index + 1]
        return sum(cell.cell_type == "code" for cell in cells)


def execute_notebook(
    notebook: Any,
    parameters: Mapping[str, Any],
    *,
    environment: Mapping[str, str],
    work_dir: Path,
    cell_timeout: int,
    start_timeout: int,
    in_process: bool = False,
) -> Any:
    """Execute a notebook and return it with its outputs.

    Parameters
    ----------
    notebook : NotebookNode
        Not changed.
    parameters : mapping of str to object
        Values of its parameters, checked already.
    environment : mapping of str to str
        Added to the environment of the kernel.
    work_dir : Path
        Working directory of the kernel.
    cell_timeout, start_timeout : int
        Seconds that one cell and the start of the kernel may take.
    in_process : bool
        Run the cells in this process, which they may leave in any state: only in a fork.

    Raises
    ------
    NotebookFailure
        When it did not run to its end.
    ReportError
        When the kernel cannot start or the extra ``report`` is not installed.
    """
    load_papermill()
    limits = {"start_timeout": start_timeout, "execution_timeout": cell_timeout}
    way = _execute_here if in_process else _execute_there
    with scratch_folder("run") as folder:
        try:
            finished = way(notebook, parameters, environment, folder, work_dir, limits)
        except RuntimeError as error:
            raise _no_kernel(error) from error
    _check_complete(finished)
    return finished


def _execute_there(
    notebook: Any,
    parameters: Mapping[str, Any],
    environment: Mapping[str, str],
    folder: Path,
    work_dir: Path,
    limits: Mapping[str, Any],
) -> Any:
    """Execute a notebook in a kernel."""
    import papermill

    executed = folder / "executed.ipynb"
    try:
        with _in_a_kernel(environment, folder, work_dir) as options:
            papermill.execute_notebook(
                notebook,
                # papermill fills in names in braces
                str(executed).replace("{", "{{").replace("}", "}}"),
                parameters=dict(parameters),
                **_OPTIONS,
                **_SAVING,
                **limits,
                **options,
            )
    except papermill.PapermillExecutionError as error:
        raise _failure(_read_notebook(executed), error) from error
    return _read_notebook(executed)


def _execute_here(
    notebook: Any,
    parameters: Mapping[str, Any],
    environment: Mapping[str, str],
    folder: Path,
    work_dir: Path,
    limits: Mapping[str, Any],
) -> Any:
    """Execute a notebook in this process, by the parts of ``papermill.execute_notebook``.

    The parts that write the notebook and read it again are left out: it is in hand.
    """
    from papermill import PapermillExecutionError, execute, iorw, parameterize
    from papermill.engines import papermill_engines

    named = {name: _OPTIONS[name] for name in ("engine_name", "kernel_name", "language")}
    taken = iorw.load_notebook_node(notebook)
    if parameters:
        taken = parameterize.parameterize_notebook(taken, dict(parameters), **named)
    taken = execute.remove_error_markers(taken)
    options = {name: value for name, value in _OPTIONS.items() if name != "language"}
    with InProcessKernel(folder / "ipython", environment).running() as kernel, chdir(work_dir):
        papermill_engines.execute_notebook_with_engine(nb=taken, km=kernel, **options, **limits)
    try:
        execute.raise_for_execution_errors(taken, None)
    except PapermillExecutionError as error:
        raise _failure(execute.remove_error_markers(taken), error) from error
    return taken


def _no_kernel(error: RuntimeError) -> ReportError:
    return ReportError(
        "Nie udało się uruchomić jądra notatnika.",
        where=sys.executable,
        problems=str(error).splitlines()[:1],
        expected="jądro Pythona, które daje się uruchomić z tej instalacji",
        next_step="sprawdź instalację: smup doctor; potem spróbuj ponownie",
    )


@cache
def load_papermill() -> Any:
    """Import papermill and teach it to keep the notebook when a kernel is lost.

    Raises
    ------
    ReportError
        When the extra ``report`` is not installed.
    """
    import_jsonschema()
    try:
        import papermill
        from nbclient.exceptions import CellTimeoutError, DeadKernelError
        from papermill.engines import NBClientEngine, papermill_engines
    except ImportError as error:
        raise ReportError(
            f"Do wykonania raportu brakuje biblioteki {error.name or error}.",
            expected="instalacja z dodatkiem „report”",
            next_step=f"zainstaluj ją: {install_command('smup-workbench[report]')}",
        ) from error

    class ReportEngine(NBClientEngine):  # type: ignore[misc]
        """papermill's own engine, which keeps the notebook also when the kernel is lost."""

        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> None:
            try:
                super().execute_managed_notebook(nb_man, kernel_name, **kwargs)
            except (CellTimeoutError, DeadKernelError, CellOutputError) as error:
                _write_loss(nb_man.nb, type(error).__name__)

    # failures are told in Polish by the runner; papermill would tell them in English first
    logging.getLogger("papermill").addHandler(logging.NullHandler())
    papermill_engines.register(_ENGINE, ReportEngine)
    return papermill


@contextmanager
def _in_a_kernel(
    environment: Mapping[str, str], folder: Path, work_dir: Path
) -> Iterator[dict[str, Any]]:
    """Yield what papermill must know to start a kernel, and kill one that has not ended by itself.

    nbclient shuts a kernel down, but not one that is just starting when Ctrl-C comes.
    """
    managers: list[Any] = []
    try:
        yield {
            "kernel_manager_class": _kernel_manager_class(environment, folder, managers),
            "resources": {"metadata": {"path": str(work_dir)}},
        }
    finally:
        for manager in managers:
            process = getattr(manager.provisioner, "process", None)
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()


def _kernel_manager_class(environment: Mapping[str, str], folder: Path, started: list[Any]) -> type:
    """Return a kernel manager that knows one kernel: this interpreter with this environment."""
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    own = {
        "IPYTHONDIR": str(folder / "ipython"),  # start-up files of a user are no part of a report
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": _python_path(),
    }
    spec = KernelSpec(
        argv=[
            *(sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"),
            "--HistoryManager.enabled=False",
            # it would warn in English into our terminal; what matters ends in NotebookFailure
            f"--log-level={logging.ERROR}",
        ],
        display_name="SMUP",
        language="python",
        # jupyter_client substitutes names after a dollar sign
        env={name: value.replace("$", "$$") for name, value in {**own, **environment}.items()},
    )

    class ReportKernelManager(AsyncKernelManager):
        @property
        def kernel_spec(self) -> KernelSpec:
            return spec

        def __init__(self, **kwargs: Any) -> None:
            # sockets in a folder of the user's own: no port to lose to another process
            short = len(str(folder)) <= _LONGEST_SOCKET_FOLDER
            transport = "ipc" if os.name == "posix" and short else "tcp"
            where = str(folder / "kernel.json")
            super().__init__(**kwargs, connection_file=where, transport=transport)
            started.append(self)

    return ReportKernelManager


def _python_path() -> str:
    """Return a search path by which the kernel imports the library that runs here, no other."""
    known = [part for part in os.environ.get("PYTHONPATH", "").split(os.pathsep) if part]
    installed = "site-packages" in _LIBRARY_PARENT.parts
    return os.pathsep.join(known if installed else [str(_LIBRARY_PARENT), *known])


def _read_notebook(path: Path) -> Any:
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    from papermill.execute import remove_error_markers

    return remove_error_markers(notebook)


def _write_loss(notebook: Any, reason: str) -> None:
    """Write into the running cell why it has no end, so that papermill stops there."""
    from nbformat.v4 import new_output

    running = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.metadata.papermill["status"] != "pending"
    ]
    if not running:
        raise RuntimeError(reason)
    loss = new_output("error", ename=reason, evalue="", traceback=[])
    running[-1].outputs.append(loss)
    running[-1].metadata.papermill["status"] = "failed"


def _failure(notebook: Any, error: Any) -> NotebookFailure:
    kinds = {"CellTimeoutError": "timeout", "DeadKernelError": "died", "CellOutputError": "output"}
    index = next(
        i
        for i, cell in enumerate(notebook.cells)
        if any(output.output_type == "error" for output in cell.get("outputs", ()))
    )
    kind = kinds.get(error.ename, "raised")
    return NotebookFailure(notebook, index, kind, str(error.ename), str(error.evalue))


def _check_complete(notebook: Any) -> None:
    """Check that no cell was skipped: ``exit()`` in a cell ends the kernel without an error."""
    code = [
        (index, cell)
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and cell.source.strip()
    ]
    for place, (index, cell) in enumerate(code):
        if any(output.output_type == "error" for output in cell.outputs):
            raise NotebookFailure(notebook, index, "exited")
        if cell.execution_count is None:
            raise NotebookFailure(notebook, code[max(place - 1, 0)][0], "exited")
