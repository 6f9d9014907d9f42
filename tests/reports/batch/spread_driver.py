"""A program that tests start: batches on one cluster of two workers, beside a local one.

``python -m tests.reports.batch.spread_driver FOLDER`` with SMUP_HOME and the variables of a process
that may fork; tells what happened as JSON.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import dask
import distributed

from smup_lib.errors import SmupError
from smup_lib.kernels.family import list_family
from smup_lib.kernels.supervised import Limits
from smup_lib.reports.batch.cluster import Place, open_cluster
from smup_lib.reports.batch.jobs import list_jobs
from smup_lib.reports.batch.making import Conditions
from smup_lib.reports.batch.order import Order, simple_order
from smup_lib.reports.batch.run import run_batch
from smup_lib.reports.batch.setup import Chunk, Identity, Setup, light_job, read_own_notebooks
from smup_lib.reports.batch.station import close_stations, make_chunk
from smup_lib.reports.loading import Workspace
from tests.reports.batch.driver import YEAR, folder_content, in_fork, lines_of, own_notebook

#: With two workers, tasks of two reports.
UNITS = tuple(f"{number}" for number in range(9001, 9011))
GUILTY = UNITS[1]
#: While the file is there, one report kills the process of its fork or, one step up, the worker.
POISON = """
import os, signal
armed = {armed!r}
if unit == "{guilty}" and os.path.exists(armed):
    victim = os.getppid()
    if open(armed).read() == "worker":
        stat = open(f"/proc/{{victim}}/stat").read()
        victim = int(stat.rpartition(")")[2].split()[1])
    os.kill(victim, signal.SIGKILL)
    signal.pause()
print(unit)
"""


def row_content(out: Path) -> dict[str, Any]:
    """Return what the ledger says of each unit, without times, memory and checksums of times."""
    timed = {"seconds", "megabytes", "finished"}
    return {
        line["unit"]: {
            **{name: value for name, value in line.items() if name not in timed},
            "outputs": sorted(line["outputs"]),
        }
        for line in lines_of(out)
    }


def setup_for(order: Order, out: Path) -> tuple[Setup, Chunk]:
    """Return the first two reports of an order, for workers that do not see its folder."""
    workspace = Workspace.open()
    jobs = list_jobs(order, workspace).jobs[:2]
    setup = Setup(
        identity=Identity.here(),
        data=workspace.snapshot.path.resolve().as_uri(),
        snapshot=workspace.snapshot.id,
        folder=out,
        mark="nie-ma",
        deaths=1,
        how=Conditions(workers=1, limits=Limits(seconds=60)),
        own_digest="inne",
        own_files={"groups/sasiedzi.yaml": b"name: x"},
        notebooks=read_own_notebooks(jobs),
    )
    return setup, Chunk(tuple(map(light_job, jobs)), {job.key: "" for job in jobs})


def beside() -> list[str]:
    """Return the processes that stand beside workers now."""
    commands = (Path(f"/proc/{pid}/cmdline") for pid in list_family(os.getpid()))
    return [path.parent.name for path in commands if b"fit_process" in path.read_bytes()]


def after_a_pause(client: Any, setup: Setup, chunk: Chunk) -> Any:
    """Return what came of a chunk whose process, new a moment ago, ended before it came."""
    where = {"workers": next(iter(client.scheduler_info()["workers"])), "pure": False}
    client.submit(make_chunk, setup, Chunk(chunk.jobs[:1], chunk.prints), **where).result()
    for pid in beside():
        os.kill(int(pid), signal.SIGKILL)
    return client.submit(make_chunk, setup, chunk, **where).result()


def foreign(address: str) -> str:
    """Return what becomes of a client with a key of its own."""
    try:
        distributed.Client(address, security=distributed.Security.temporary())
    except OSError as error:
        return str(error)
    return "nothing was refused"


def refused(client: Any, setup: Setup, chunk: Chunk) -> str:
    """Return what a worker says to a leader with another program."""
    other = dataclasses.replace(setup.identity, python="3.99.0", code="inny")
    strange = dataclasses.replace(setup, identity=other)
    try:
        client.submit(make_chunk, strange, chunk).result()
    except SmupError as error:
        return str(error)
    return "nothing was refused"


def key_of(client: Any) -> Any:
    """Give a further client of this process the key of the cluster, as settings of dask do."""
    names = {"ca-file": "ca_file", "client.cert": "client_cert", "client.key": "client_key"}
    keys = {name: getattr(client.security, f"tls_{own}") for name, own in names.items()}
    return dask.config.set({f"distributed.comm.tls.{name}": key for name, key in keys.items()})


def main(folder: Path) -> dict[str, Any]:
    armed = folder / "armed"
    source = POISON.format(armed=str(armed), guilty=GUILTY)
    order = simple_order([str(own_notebook(folder / "maly.ipynb", source))], UNITS, YEAR)
    in_fork(lambda: run_batch(order, folder / "here"))
    found: dict[str, Any] = {}
    with open_cluster(Place("local:2", deaths=1), 1) as client, key_of(client):
        place = Place(str(client.scheduler_info()["address"]))
        armed.write_text("worker")
        found["first"] = run_batch(order, folder / "there", place=place).facts()
        found["beside"] = beside()
        armed.write_text("process")
        found["foreign"] = foreign(place.address)
        setup, chunk = setup_for(order, folder / "away")
        made = after_a_pause(client, setup, chunk)
        found["away"] = {name: hashlib.sha256(b).hexdigest() for name, b in made.files.items()}
        found["away_rows"] = [dataclasses.asdict(row) for row in made.rows]
        found["away_lost"] = [job.unit for job in chunk.jobs if job.key in made.lost]
        client.run(close_stations, setup.folder)
        found["refused"] = refused(client, setup, chunk)
    for name in ("here", "there"):
        found[name] = {"rows": row_content(folder / name), "files": folder_content(folder / name)}
    return found


if __name__ == "__main__":
    json.dump(main(Path(sys.argv[1])), sys.stdout)
