"""How shall the pages be served: where, for how many, to whom?"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path

from smup_lib.apps.serving.entrance import Entrance
from smup_lib.apps.serving.limits import usual_visitors, usual_workers
from smup_lib.errors import SettingsError

#: Only this computer.
HOST = "127.0.0.1"
PORT = 8866
MOST_VISITORS = 1000


@dataclass(frozen=True)
class Serving:
    """What whoever starts the server may choose; everything has a default.

    Attributes
    ----------
    host : str
        Address to listen on; the default is heard by this computer only.
    port : int
        Port to listen on.
    visitors : int or None
        How many there may be; None lets the memory and the processors decide.
    workers : int or None
        How many pages are prepared at once; None: one for each processor.
    entrance : Entrance
        By which address visitors come, and who may.
    fallback : Path or None
        Folder of the pages for when there is no room.
    lessons : bool
        Whether to serve the lessons instead of the apps.
    warm : bool
        Whether kernels are forked from a process that has imported the libraries.
    leave_seconds : float
        How long a kernel waits for a page that has lost it: a phone that sleeps comes back.
    idle_seconds : int
        How long a kernel lives whose page nobody uses.
    look_seconds : int
        How often it is looked after both.

    Examples
    --------
    >>> Serving(visitors=12).heard_elsewhere
    False
    """

    host: str = HOST
    port: int = PORT
    visitors: int | None = None
    workers: int | None = None
    entrance: Entrance = field(default_factory=Entrance)
    fallback: Path | None = None
    lessons: bool = False
    warm: bool = True
    leave_seconds: float = 180.0
    idle_seconds: int = 3600
    look_seconds: int = 15

    @property
    def heard_elsewhere(self) -> bool:
        """Return whether other computers can reach the server."""
        try:
            return not ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host != "localhost"

    @property
    def shared(self) -> bool:
        """Return whether several people use the server, so that none may change what all see."""
        entrance = self.entrance
        return self.heard_elsewhere or entrance.behind_proxy or bool(entrance.password)

    @property
    def most_visitors(self) -> int:
        """Return how many visitors there may be."""
        return self.visitors or usual_visitors()

    @property
    def at_once(self) -> int:
        """Return how many pages are prepared at once."""
        return self.workers or usual_workers()


def check_numbers(serving: Serving) -> None:
    """Raise unless the numbers are such as a computer can hold.

    Raises
    ------
    SettingsError
        Naming the option.

    Examples
    --------
    >>> check_numbers(Serving(visitors=0))
    Traceback (most recent call last):
    ...
    smup_lib.errors.SettingsError: Nie można obsłużyć tylu osób: 0.
      ...
    """
    if serving.visitors is not None and not 1 <= serving.visitors <= MOST_VISITORS:
        raise SettingsError(
            f"Nie można obsłużyć tylu osób: {serving.visitors}.",
            expected=f"liczba od 1 do {MOST_VISITORS}",
            next_step=f"podaj inną, na przykład --visitors {usual_visitors()}",
        )
    if serving.workers is not None and not 1 <= serving.workers <= MOST_VISITORS:
        raise SettingsError(
            f"Nie można przygotowywać tylu stron naraz: {serving.workers}.",
            expected=f"liczba od 1 do {MOST_VISITORS}",
            next_step=f"podaj inną, na przykład --workers {usual_workers()}",
        )
