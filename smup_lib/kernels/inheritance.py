"""What does a forked kernel inherit that its own start would have given it otherwise?

A zygote serves only requests which, started as an ordinary process, would have been like it: the
same interpreter and options, user, namespaces, control group, limits, and the variables that the
interpreter or a C library read at its start. All of this is hashed into the name of its socket, so
requests that differ never meet. Variables which Python modules read while they were imported are
not guessed: :func:`reads_recorded` writes them down.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from smup_lib.kernels.forking import INLINE_PLOTS

#: Beginnings of names of variables that are read once, below Python or by the interpreter.
READ_AT_START = (
    *("PYTHON", "LD_", "LC_", "LANG", "TZ", "OMP_", "OPENBLAS_", "MKL_", "GOTO_", "BLIS_"),
    *("KMP_", "NUMEXPR_", "MALLOC_", "GLIBC_", "ARROW_", "VIRTUAL_ENV", "HOME"),
)
#: Variables of one kernel or one terminal: whoever reads them at import, they change nothing there.
OF_ONE_KERNEL = frozenset(
    {"JPY_PARENT_PID", "JPY_SESSION_NAME", "JPY_INTERRUPT_EVENT", "IPY_INTERRUPT_EVENT"}
    | {"PWD", "OLDPWD", "SHLVL", "_", "COLUMNS", "LINES", "TERM", "PYTEST_CURRENT_TEST"}
)


def key(
    interpreter: Sequence[str],
    modules: Sequence[str],
    environment: Mapping[str, str],
    also: Sequence[str] = (),
) -> str:
    """Name the zygote that a request may use.

    Parameters
    ----------
    interpreter : sequence of str
        The program and its own options.
    modules : sequence of str
        What is imported in advance.
    environment : mapping of str to str
        Variables of the request.
    also : sequence of str
        Further variables that count, as a zygote has told.

    Returns
    -------
    str
        Sixteen hexadecimal digits.

    Examples
    --------
    >>> plain = key(["/usr/bin/python3"], ["json"], {"A": "1"})
    >>> plain == key(["/usr/bin/python3"], ["json"], {"A": "2"})
    True
    >>> plain == key(["/usr/bin/python3"], ["json"], {"A": "2"}, also=["A"])
    False
    """
    counted = {
        name: value
        for name, value in environment.items()
        if name.startswith(READ_AT_START) and name not in OF_ONE_KERNEL
    }
    program = Path(interpreter[0])
    named = {
        "interpreter": [*interpreter, _state(program), str(program.resolve())],
        "modules": list(modules),
        "environment": counted,
        "also": {name: seen(environment, name) for name in sorted(also)},
        "process": _of_this_process(),
    }
    text = json.dumps(named, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def seen(environment: Mapping[str, str], name: str) -> str | None:
    """Return a variable as a module sees it when a kernel imports it.

    Examples
    --------
    >>> seen({}, "MPLBACKEND"), seen({}, "OTHER")
    ('module://matplotlib_inline.backend_inline', None)
    """
    return environment.get(name) or INLINE_PLOTS.get(name, environment.get(name))


@contextmanager
def reads_recorded() -> Iterator[dict[str, str | None]]:
    """Write down which variables of the environment a block reads, and what it saw.

    Yields
    ------
    dict of str to str or None
        Fills up while the block runs; None where there was no such variable. Copying the whole
        environment, as for a child process, is no reading.

    Examples
    --------
    >>> import os
    >>> with reads_recorded() as reads:
    ...     _ = os.environ.get("NO_SUCH_NAME")
    ...     _ = dict(os.environ)
    >>> reads
    {'NO_SUCH_NAME': None}
    """
    reads: dict[str, str | None] = {}
    kind: Any = type(os.environ)
    read_one, read_all = kind.__getitem__, kind.__iter__
    # a copy asks for all names, and then for their values in the same order
    copied: deque[str] = deque()

    def __getitem__(self: Any, name: str) -> str:  # noqa: N807
        if copied and copied[0] == name:
            copied.popleft()
            return str(read_one(self, name))
        copied.clear()
        # os.environb is of the same kind, and Python itself reads it
        first = name not in reads and isinstance(name, str)
        if first:
            reads[name] = None
        value: str = read_one(self, name)
        if first:
            reads[name] = value
        return value

    def __iter__(self: Any) -> Iterator[str]:  # noqa: N807
        copied.clear()
        for name in read_all(self):
            copied.append(name)
            yield name

    kind.__getitem__, kind.__iter__ = __getitem__, __iter__
    try:
        yield reads
    finally:
        kind.__getitem__, kind.__iter__ = read_one, read_all
        for name in OF_ONE_KERNEL & reads.keys():
            del reads[name]


def _of_this_process() -> dict[str, Any]:
    """List what the system hands from a process to its child; a fork of another has another's."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    fields = dict(line.split(":\t", 1) for line in status if ":\t" in line)
    limits = [name for name in vars(resource) if name.startswith("RLIMIT_")]
    spaces = Path("/proc/self/ns")
    return {
        "user": [os.getuid(), os.geteuid(), os.getgid(), os.getegid(), sorted(os.getgroups())],
        "inherited": [fields.get(name) for name in ("Umask", "Cpus_allowed", "CapEff", "Seccomp")],
        "limits": {name: resource.getrlimit(getattr(resource, name)) for name in sorted(limits)},
        "nice": os.getpriority(os.PRIO_PROCESS, 0),
        "groups": Path("/proc/self/cgroup").read_text(encoding="utf-8"),
        "spaces": {path.name: str(path.readlink()) for path in sorted(spaces.iterdir())},
    }


def _state(path: Path) -> list[int]:
    about = path.stat()
    return [about.st_mtime_ns, about.st_size]
