"""Which files have the modules of this process? A kernel asks at its start, for a debugger.

It asks each module, and in a fork a page of memory is copied for each that is asked: 13 MB for
2 000 modules. So they are told from a list that lies together.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any


class ListedModules:
    """The module ``sys``, to whom the modules are those of a list.

    Parameters
    ----------
    files : sequence of str
        Of the modules; none when empty.
    """

    def __init__(self, files: Sequence[str] = ()) -> None:
        # copied letter by letter: the names in the modules lie as far apart as these
        copies = enumerate(bytes(file, "utf-8").decode() for file in files)
        self.modules: Mapping[str, Any] = {str(n): SimpleNamespace(__file__=f) for n, f in copies}

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)


def list_modules() -> ListedModules:
    """List the modules that have a file, for :func:`modules_told`.

    Examples
    --------
    >>> listed = list_modules()
    >>> sys.modules[__name__].__file__ in {one.__file__ for one in listed.modules.values()}
    True
    """
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    return ListedModules([file for file in files if file])


@contextmanager
def modules_told(listed: ListedModules) -> Iterator[None]:
    """Let ipykernel see these modules in a block in which it starts a kernel."""
    from ipykernel import ipkernel

    vars(ipkernel)["sys"] = listed
    try:
        yield
    finally:
        vars(ipkernel)["sys"] = sys
