"""Who makes many reports of one state of the data opens it once and lends it to all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from smup_lib.reports.loading import Workspace
    from smup_lib.snapshots import Snapshot

_LENT: dict[Path, Workspace] = {}


@contextmanager
def lend_workspace(workspace: Workspace) -> Iterator[None]:
    """Let everybody who opens this snapshot in this process, or in a fork of it, use a workspace.

    A report is the same with it and without: a snapshot never changes, and what the workspace keeps
    (:func:`smup_lib.reports.many_findings.keep_area_values`) is what would be read again.

    Parameters
    ----------
    workspace : Workspace
        Opened, with the values that the reports share.

    Examples
    --------
    ::

        mine = Workspace.open("sample")
        with lend_workspace(mine):
            assert Workspace.open("sample") is mine
    """
    path = workspace.snapshot.path
    before = _LENT.get(path)
    _LENT[path] = workspace
    try:
        yield
    finally:
        if before is None:
            del _LENT[path]
        else:
            _LENT[path] = before


def lend_for_good(workspace: Workspace) -> None:
    """Lend a workspace to all that this process and its forks will ever open.

    Parameters
    ----------
    workspace : Workspace
        As for :func:`lend_workspace`.
    """
    _LENT[workspace.snapshot.path] = workspace


def find_lent(snapshot: Snapshot) -> Workspace | None:
    """Return the workspace that was lent for a snapshot, None where there is none."""
    found = _LENT.get(snapshot.path)
    # a folder that was replaced meanwhile is another snapshot
    return found if found is not None and found.snapshot.id == snapshot.id else None
