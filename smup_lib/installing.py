"""With which command are missing libraries installed into the environment that runs?"""

from __future__ import annotations

import shlex
import sys


def install_command(*arguments: str) -> str:
    """Return the command of pip for this Python; a bare ``pip`` may be that of another one.

    Examples
    --------
    >>> install_command("smup-workbench[sync]").endswith(" -m pip install 'smup-workbench[sync]'")
    True
    """
    return shlex.join([sys.executable or "python", "-m", "pip", "install", *arguments])
