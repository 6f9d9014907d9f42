"""What does a kernel of the installed versions import until its first cell has run?

ipykernel and IPython import much only when it is needed, which would then be done in every fork
anew. No list of ours could follow their versions, so a fork plays the start of a kernel through and
tells what it has imported.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

_CELL = "from IPython.display import display\ndisplay(1)\n1"


def modules_of_a_start() -> list[str]:
    """Play the start of a kernel in a fork and return what it has imported, in order.

    Files that the user wants run at each start are not read: they belong to the kernel.

    Returns
    -------
    list of str
        Names of modules; empty when the kernel does not start.
    """
    with tempfile.TemporaryDirectory() as name:
        told = Path(name, "modules.json")
        child = os.fork()
        if child == 0:
            try:
                _play(Path(name), told)
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        return list(json.loads(told.read_bytes())) if told.exists() else []


def _play(folder: Path, told: Path) -> None:
    from ipykernel.kernelapp import IPKernelApp

    before = set(sys.modules)
    os.environ["IPYTHONDIR"] = str(folder)
    os.environ["JUPYTER_CONFIG_DIR"] = str(folder)
    app: Any = IPKernelApp.instance(parent_handle=os.getppid())
    app.initialize(["-f", str(folder / "kernel.json"), "--log-level=50"])
    app.shell.run_cell(_CELL)
    app.shell.complete("displ")
    new = [name for name in sys.modules if name not in before and "__" not in name]
    told.write_text(json.dumps(new), encoding="utf-8")
