"""Runs notebooks without a kernel, each in a fork, and writes what became of them as pickles."""

from __future__ import annotations

import pickle
import sys
import tempfile
from pathlib import Path
from typing import Any

from smup_lib.kernels.in_process import InProcessKernel, import_for_cells
from smup_lib.kernels.supervised import Limits, supervise
from smup_lib.reports.execution import NotebookFailure, execute_notebook, load_papermill
from tests.kernels.torture import torture_notebook
from tests.reports.small_notebooks import small_notebook

TORTURE = "torture"
TOO_MUCH = "while True:\n    print('x' * 1000)"
#: How a cell goes wrong; the next one shows whether the notebook went on.
BAD_CELLS = {
    "raises": "raise ValueError('zły rok')",
    "raises though it may": "1 / 0",
    "loops": "print('przed', flush=True)\nwhile True:\n    pass",
    "holds on to errors": "while True:\n    try:\n        while True:\n            pass\n"
    "    except Exception:\n        pass",
    "waits": "import threading\nthreading.Event().wait()",
    "awaits": "import asyncio\nawait asyncio.sleep(60)",
    "leaves with an error": "import sys\nsys.exit(3)",
    "leaves": "import sys\nsys.exit()",
    "asks to leave": "exit()",
}
_STATE = (
    "import os, sys, locale, warnings, signal, random, decimal, builtins\n"
    "import matplotlib, pandas as pd\n"
    "sorted((k, v) for k, v in os.environ.items() if k != 'IPYTHONDIR'), os.getcwd(), sys.path, "
    "len(warnings.filters), "
    "str(signal.getsignal(signal.SIGINT)), matplotlib.rcParams['font.size'], "
    "pd.get_option('display.precision'), locale.setlocale(locale.LC_ALL), "
    "decimal.getcontext().prec, 'poison' in vars(builtins), 'poison' in sys.modules, "
    "sorted(os.listdir('/proc/self/fd')), sys.getrecursionlimit(), os.umask(0o22)"
)
POISONS = (
    "import os; os.environ['POISON'] = '1'",
    "import os; os.chdir('/')",
    "import sys, types; sys.modules['poison'] = types.ModuleType('poison')",
    "import sys; sys.path.insert(0, '/poison')",
    "import matplotlib; matplotlib.rcParams['font.size'] = 77",
    "import pandas as pd; pd.set_option('display.precision', 1)",
    "kept = [open('/dev/null') for _ in range(20)]",
    "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)",
    "import locale; locale.setlocale(locale.LC_ALL, 'C')",
    "import decimal; decimal.getcontext().prec = 3",
    "import builtins, sys, os; builtins.poison = 1; sys.setrecursionlimit(500); os.umask(0)",
    "import warnings; warnings.simplefilter('error')",
)


def run(job: str) -> Any:
    """Run the notebook of a job in this process."""
    with tempfile.TemporaryDirectory() as name:
        if job == TORTURE:
            from nbclient import NotebookClient

            notebook = torture_notebook()
            with InProcessKernel(Path(name), {}).running() as kernel:
                NotebookClient(notebook, km=kernel, timeout=60).execute()
            return notebook
        if job == TOO_MUCH:
            return _print_too_much(Path(name))
        sources = {"state": [_STATE], "random": ["import random, numpy\nrandom.random(), "
                   "numpy.random.random()"]}  # fmt: skip
        cells = sources.get(job) or ([BAD_CELLS[job], "2"] if job in BAD_CELLS else [job])
        notebook = small_notebook("1", *cells)
        if job == "raises though it may":
            notebook.cells[3].metadata["tags"] = ["raises-exception"]
        work_dir = Path(sys.argv[1])
        try:
            return execute_notebook(
                notebook,
                {"word": "b"},
                environment={},
                work_dir=work_dir,
                cell_timeout=1,
                start_timeout=60,
                in_process=True,
            )
        except NotebookFailure as failure:
            kept = (failure.notebook, failure.cell_index, failure.kind, failure.name)
            return (*kept, failure.message)


def _print_too_much(folder: Path) -> tuple[str, int]:
    """Return the class of the error, and how much was kept of what was printed."""
    from nbclient import NotebookClient

    notebook = small_notebook(TOO_MUCH)
    with InProcessKernel(folder, {}, output_limit=3_000_000).running() as kernel:
        try:
            NotebookClient(notebook, km=kernel, timeout=60).execute()
        except Exception as error:
            outputs = notebook.cells[-1].outputs
            return type(error).__name__, sum(len(one.get("text", "")) for one in outputs)
    return "", 0


def main() -> None:
    """Run everything; the first argument is a folder for the cells, the second for the answers."""
    load_papermill()
    import_for_cells()
    import matplotlib.pyplot  # noqa: F401 - what children share is imported
    import pandas  # noqa: F401

    # a notebook with three poisons leaks what three notebooks with one each would
    poisoned = ["\n".join(POISONS[first : first + 3]) for first in range(0, len(POISONS), 3)]
    asked = ["state", TORTURE, TOO_MUCH, *BAD_CELLS, *poisoned, "random"]
    told = []
    for jobs in (asked, ["state", "random"]):  # the last two after all the poison
        told += list(supervise(run, jobs, at_once=2, limits=Limits(seconds=60)))
    Path(sys.argv[2]).write_bytes(pickle.dumps(told))


if __name__ == "__main__":
    main()
