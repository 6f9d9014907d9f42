"""Which cluster makes the reports: one of this computer, or one whose scheduler is named."""

from __future__ import annotations

import logging
import re
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from smup_lib.errors import ParameterError, ReportError
from smup_lib.installing import install_command

if TYPE_CHECKING:
    from distributed import Client

_LOCAL = re.compile(r"local(?::([1-9]\d{0,2}))?")
_ADDRESS = re.compile(r"(tcp|tls|ws|wss)://\S+:\d+")
_CONNECT_SECONDS = 5
_WORKERS_SECONDS = 60
#: On a busy computer a worker needs long to start again; dask would give it up after 15 seconds,
#: close it when it is back, and count that as one more death of its task.
_RESTART = "10 minutes"


@dataclass(frozen=True)
class Place:
    """Where a batch is made.

    Attributes
    ----------
    address : str
        ``local``, ``local:N`` or the address of a scheduler of dask.
    data : str
        Path or address of the snapshot, as workers see it; empty means the path on this computer.
    deaths : int
        So many workers of a local cluster may die of a task before it is parted, or given up.
    """

    address: str
    data: str = ""
    deaths: int = 3


def read_place(address: str, data: str | None = None) -> Place:
    """Read where a batch is to be made, before anything else is done.

    Raises
    ------
    ParameterError
        When the address is none.
    ReportError
        When the extra is missing, or nobody answers at the address.
    """
    if not _LOCAL.fullmatch(address) and not _ADDRESS.fullmatch(address):
        raise ParameterError(
            f"„{address}” nie jest adresem klastra.",
            where="--dask",
            expected="local, local:LICZBA albo adres planisty dask, na przykład tcp://10.0.0.5:8786",
            next_step="popraw adres i powtórz polecenie",
        )
    _load_distributed()
    if not _LOCAL.fullmatch(address):
        _knock(address)
    return Place(address, data or "")


def _knock(address: str) -> None:
    """Refuse an address at which nobody listens; the client of dask would ask again and again."""
    parts = urlsplit(address)
    try:
        socket.create_connection((parts.hostname or "", parts.port or 0), _CONNECT_SECONDS).close()
    except OSError as error:
        raise _nobody(address) from error


def _nobody(address: str) -> ReportError:
    return ReportError(
        "Pod tym adresem nie odpowiada żaden planista dask.",
        where=address,
        expected="działający dask scheduler",
        next_step="sprawdź adres i to, czy planista działa, i powtórz polecenie",
    )


@contextmanager
def open_cluster(place: Place, workers: int) -> Iterator[Client]:
    """Yield a client of a cluster; a local one lives as long as the block.

    Parameters
    ----------
    place : Place
        Which cluster.
    workers : int
        Of ``local`` without a number.

    Raises
    ------
    ReportError
        When the extra is missing, nobody answers at the address, or the cluster has no workers.
    """
    local = _LOCAL.fullmatch(place.address)
    distributed = _load_distributed()
    if local is None:
        with _connected(distributed, place.address) as client:
            yield client
        return
    import dask

    with (
        dask.config.set({"distributed.deploy.lost-worker-timeout": _RESTART}),
        distributed.LocalCluster(
            n_workers=int(local.group(1) or workers),
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            memory_limit=0,  # each report has a limit of its own
            silence_logs=logging.CRITICAL,
            security=distributed.Security.temporary(),  # no other account of this computer gets in
            scheduler_kwargs={"allowed_failures": place.deaths - 1},
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        _leave_ctrl_c(client)
        yield client


def _leave_ctrl_c(client: Client) -> None:
    """Leave Ctrl-C, which a terminal sends to all, to the leader: it ends the workers in order."""
    from distributed import Worker, WorkerPlugin

    class LeaveCtrlC(WorkerPlugin):
        """Also of workers that start again."""

        def setup(self, worker: Worker) -> None:
            signal.signal(signal.SIGINT, signal.SIG_IGN)

    client.register_plugin(LeaveCtrlC())


def _load_distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise ReportError(
            "Nie ma biblioteki dask.distributed, która dzieli pracę między komputery.",
            where="--dask",
            expected="zainstalowany dodatek scale",
            next_step=f"zainstaluj go: {install_command('smup-workbench[scale]')},"
            " albo powtórz polecenie bez --dask",
        ) from error
    return distributed


@contextmanager
def _connected(distributed: Any, address: str) -> Iterator[Client]:
    try:
        client = distributed.Client(address, timeout=_CONNECT_SECONDS)
    except (OSError, ValueError) as error:  # a timeout is an error of the system too
        raise _nobody(address) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_WORKERS_SECONDS)
        except TimeoutError as error:
            raise no_workers(address) from error
        yield client


def no_workers(address: str) -> ReportError:
    """Return the error of a cluster without workers."""
    return ReportError(
        "Klaster nie ma żadnego pracownika.",
        where=address,
        expected="co najmniej jeden proces dask worker",
        next_step="uruchom pracowników i powtórz to samo polecenie: gotowe raporty zostaną",
    )
