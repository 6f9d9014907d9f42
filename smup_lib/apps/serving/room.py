"""What do all pages of a server share? How much room there is, and which state of the data."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tornado.web import authenticated
from voila.handler import BaseVoilaHandler

from smup_lib.apps.serving.limits import Visits
from smup_lib.apps.serving.warm_pages import is_reading
from smup_lib.errors import SmupError
from smup_lib.snapshots.store import current_id


@dataclass
class Room:
    """What the handlers of a server know of it.

    Attributes
    ----------
    names : collection of str
        The notebooks that may be opened.
    visits : Visits
        Who is here and who waits.
    fallback : Path or None
        Folder of the pages that need no kernel.
    warm : bool
        Whether kernels are forked from a process that has imported the libraries.
    """

    names: Collection[str]
    visits: Visits
    fallback: Path | None = None
    warm: bool = False

    @property
    def snapshot(self) -> str | None:
        """Return the id of the current snapshot; None when there is none, or none can be told."""
        try:
            return current_id()
        except SmupError:  # the page says it, with what to do
            return None

    def state(self) -> dict[str, Any]:
        """Return how full the server is and which data it shows; nothing of anybody."""
        return {
            "visitors": self.visits.visitors,
            "limit": self.visits.limit,
            "queue": self.visits.admission.waiting,
            "warm": self.warm,
            "ready": self.warm and not is_reading(),
            "snapshot": self.snapshot,
        }


class StatePage(BaseVoilaHandler):  # type: ignore[misc]  # untyped library
    """Tells the state of the server, for pages that watch it and for whoever runs it."""

    @authenticated
    def get(self) -> None:
        """Answer with JSON."""
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        self.finish(json.dumps(self.settings["smup_room"].state()))
