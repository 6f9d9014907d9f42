"""Make all reports of an order: what is whole stays, and the rest is made."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smup_lib.errors import ParameterError
from smup_lib.paths import (
    check_dir,
    folder_for_files,
    told_when_unwritable,
    write_whole,
)
from smup_lib.reports.batch.fingerprint import Fingerprints
from smup_lib.reports.batch.jobs import Job, Jobs, Section, list_jobs
from smup_lib.reports.batch.known import ORDER_FILE, note_batch
from smup_lib.reports.batch.making import Conditions, Maker
from smup_lib.reports.batch.manifest import LEDGER, Manifest, Row, check_one_land, one_batch
from smup_lib.reports.batch.order import write_order
from smup_lib.reports.batch.packing import ARCHIVES, TABLE, pack_reports, write_table
from smup_lib.reports.export import check_template
from smup_lib.reports.loading import Workspace
from smup_lib.scratch import remove_left_behind

if TYPE_CHECKING:
    from smup_lib.reports.batch.cluster import Place
    from smup_lib.reports.batch.order import Order
    from smup_lib.reports.batch.packing import Packing
    from smup_lib.reports.batch.spread import Spread

_MARK = 8
_OTHER_OUT = "opcją --out"
#: How the name ends that a file has while it is being written.
_HALF_WRITTEN = r"-[0-9a-f]{8}(\.old)?"
_NEXT = "popraw prawa do wymienionego pliku albo wskaż inny folder opcją --out"
#: Told how many reports are done, of how many, and of which unit the last one was.
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class BatchResult:
    """What came of a batch.

    Attributes
    ----------
    folder : Path
        Of the reports and the manifest.
    rows : tuple of Row
        The newest row of each report that was tried in this run.
    kept : int
        Reports that were whole already.
    left : int
        Reports that were not tried in this run.
    seconds : float
        By the clock.
    notes : tuple of str
        What should be known, in Polish.
    archives : tuple of Path
        The zip files, when they were asked for.
    """

    folder: Path
    rows: tuple[Row, ...]
    kept: int
    left: int
    seconds: float
    notes: tuple[str, ...] = ()
    archives: tuple[Path, ...] = ()

    @property
    def failed(self) -> tuple[Row, ...]:
        """The reports that could not be made."""
        return tuple(row for row in self.rows if row.status == "failed")

    @property
    def sound(self) -> bool:
        """Whether every report of the order is there."""
        return not self.failed and not self.left

    def as_many_as(self, limit: int | None) -> bool:
        """Tell whether a run that was to try only so many reports has made them all."""
        return not self.failed and len(self.rows) == limit

    @property
    def manifest(self) -> Path:
        """The manifest of the batch."""
        return self.folder / LEDGER

    def facts(self) -> dict[str, Any]:
        """Return what a program wants to know of the batch."""
        return {
            "folder": str(self.folder),
            "manifest": str(self.manifest),
            "made": len(self.rows) - len(self.failed),
            "empty": sum(row.status == "empty" for row in self.rows),
            "failed": [asdict(row) for row in self.failed],
            "kept": self.kept,
            "left": self.left,
            "seconds": round(self.seconds, 1),
            "notes": list(self.notes),
            "archives": [str(path) for path in self.archives],
        }


def run_batch(
    order: Order,
    out: Path,
    *,
    snapshot: str | Path | None = None,
    only: Sequence[str] | None = None,
    conditions: Conditions | None = None,
    packing: Packing | None = None,
    place: Place | None = None,
    on_progress: Progress | None = None,
) -> BatchResult:
    """Make the reports of an order that are not there yet, or rest on something else now.

    Parameters
    ----------
    order : Order
        Which reports.
    out : Path
        Folder of the batch; a batch that was stopped goes on there.
    snapshot : str or Path, optional
        The current one when omitted. It stays the same until the end, whatever becomes current.
    only : sequence of str, optional
        Which units among those of the order; terms as in an order.
    conditions : Conditions, optional
        How to work.
    packing : {"unit", "powiat"}, optional
        Write the reports of each into one zip too.
    place : Place, optional
        A cluster that makes the reports; this process and its forks when omitted.
    on_progress : callable, optional
        Told after each report.

    Raises
    ------
    ParameterError
        With everything wrong in the order; nothing is made.
    ReportError
        When another batch works in the folder, or the template of pages is wrong.
    SettingsError
        When the folder cannot be written, or is full: what is done stays.
    """
    started, how = time.monotonic(), conditions or Conditions()
    workspace = Workspace.open(snapshot)
    listed = list_jobs(order, workspace, only)
    check_template()
    check_dir(out, _OTHER_OUT)
    with folder_for_files(out, _OTHER_OUT), one_batch(out):
        manifest = Manifest(out)
        wanted, missing = find_missing(workspace, listed, out, manifest.rows, how)
        _prepare(order, manifest, workspace, {job.section.name for job in listed.jobs})
        note_batch(workspace.snapshot.id, out, len(listed.jobs), len(listed.jobs) - len(missing))
        maker = _maker(workspace, out, how, wanted, place)
        tried = _make(maker, missing[: how.limit], manifest, on_progress, how)
        archives = _finish(listed, wanted, manifest, packing)
    return BatchResult(
        folder=out,
        rows=tuple(tried),
        kept=len(listed.jobs) - len(missing),
        left=len(missing) - len(tried),
        seconds=time.monotonic() - started,
        notes=(*listed.notes, *maker.notes),
        archives=archives,
    )


def _maker(
    workspace: Workspace, out: Path, how: Conditions, wanted: Mapping[str, str], place: Place | None
) -> Maker | Spread:
    """Return what makes the reports; the libraries of a cluster are loaded for one alone."""
    if place is None:
        return Maker(workspace, out, how, wanted)
    from smup_lib.reports.batch.spread import Spread

    return Spread(workspace, out, how, wanted, place)


def find_missing(
    workspace: Workspace, listed: Jobs, out: Path, rows: Mapping[str, Row], how: Conditions
) -> tuple[dict[str, str], list[Job]]:
    """Return the fingerprint of each report, and the reports that are missing or outdated.

    Raises
    ------
    ParameterError
        When the folder has reports of another notebook of the same name, or of made-up units
        where these are real (or the other way round).
    """
    check_one_land(rows.values(), out, fictional=workspace.snapshot.fictional)
    _check_notebooks({job.section.name: job.section for job in listed.jobs}, rows.values(), out)
    prints = Fingerprints(workspace.snapshot, workspace.catalogue)
    wanted = {job.key: prints.of(job) for job in listed.jobs}
    missing = [
        job
        for job in listed.jobs
        if (row := rows.get(job.key)) is None
        or not row.is_whole(out, wanted[job.key])
        or not how.endings <= {Path(name).suffix.removeprefix(".") for name in row.outputs}
    ]
    return wanted, missing


def _check_notebooks(sections: Mapping[str, Section], rows: Iterable[Row], out: Path) -> None:
    """Check that reports come from the notebook that made those of their name in the folder.

    One that lies no longer where it was has been moved, and goes on.
    """
    before = {(row.report, row.notebook) for row in rows if row.report in sections}
    others = {
        name: path or "notatnik dostarczany z programem"
        for name, path in before
        if path is not None and path != sections[name].own_path
        if not path or Path(path).is_file()
    }
    if others:
        raise ParameterError(
            "W folderze partii są już raporty innego notatnika o tej samej nazwie.",
            where=str(out),
            problems=[
                f"{name}: teraz {sections[name].notebook}, przedtem {path}"
                for name, path in sorted(others.items())
            ],
            expected="jeden notatnik o jednej nazwie w jednym folderze",
            next_step="wskaż inny folder opcją --out albo zmień nazwę notatnika",
        )


def _prepare(order: Order, manifest: Manifest, workspace: Workspace, names: set[str]) -> None:
    """Tidy up after a batch that was killed, and write down what is wanted and on what data."""
    out = manifest.folder
    with told_when_unwritable(out, "Nie udało się przygotować folderu partii", _NEXT):
        _remove_half_written(out, names | {row.report for row in manifest.rows.values()})
        _keep_order(order, out / ORDER_FILE)
    remove_left_behind()


def _remove_half_written(out: Path, names: Iterable[str]) -> None:
    """Remove what a killed batch left of a file that it was just writing, and nothing else."""
    ours = "|".join(map(re.escape, (TABLE, ORDER_FILE)))
    places = {out: f"({ours})", out / ARCHIVES: r"\d+\.zip"}
    places |= {out / name: re.escape(name) + "_.+" for name in names}
    for folder, name in places.items():
        half = re.compile(rf"\.{name}{_HALF_WRITTEN}")
        for path in folder.iterdir() if folder.is_dir() else ():
            if half.fullmatch(path.name) and path.is_file():
                path.unlink()


def _keep_order(order: Order, path: Path) -> None:
    """Write the order into the folder of its batch; an earlier one that said else stays beside."""
    text = write_order(order.located())
    earlier = path.read_bytes() if path.is_file() else text.encode()
    if earlier != text.encode():
        mark = hashlib.sha256(earlier).hexdigest()[:_MARK]
        path.replace(path.with_stem(f"{path.stem}-{mark}"))
    write_whole(path, text)


def _make(
    maker: Maker | Spread,
    jobs: Sequence[Job],
    manifest: Manifest,
    on_progress: Progress | None,
    how: Conditions,
) -> list[Row]:
    """Make reports and write the row of each into the ledger; return what was tried."""
    tried: list[Row] = []
    notebooks = {job.key: job.section.own_path for job in jobs}
    with closing(maker.make(jobs)) as made:
        for done, made_row in enumerate(made, 1):
            row = replace(made_row, notebook=notebooks[made_row.key])
            manifest.add(row)
            tried.append(row)
            if on_progress is not None:
                on_progress(done, len(jobs), row.unit_name)
            if how.stop_on_error and row.status == "failed":
                break
    return tried


def _finish(
    listed: Jobs, wanted: Mapping[str, str], manifest: Manifest, packing: Packing | None
) -> tuple[Path, ...]:
    """Write what people read of the ledger, and the archives."""
    write_table(manifest.folder, manifest.rows.values())
    if packing is None:
        return ()
    rows = (manifest.rows.get(job.key) for job in listed.jobs)
    whole = [row for row in rows if row and row.is_whole(manifest.folder, wanted[row.key])]
    return pack_reports(manifest.folder, whole, packing)
