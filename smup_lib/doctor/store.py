"""Are the snapshots and reports whole, and which snapshot is current?"""

from __future__ import annotations

from collections.abc import Iterator

from smup_lib.doctor.diagnosis import Diagnosis
from smup_lib.errors import SmupError, SnapshotError, system_reason
from smup_lib.paths import reports_dir
from smup_lib.plurals import counted, spaced
from smup_lib.reports.receipt import SUFFIX, list_changed_files
from smup_lib.snapshots import (
    Snapshot,
    check_snapshot,
    current_id,
    list_damaged,
    list_set_aside,
    list_snapshots,
)

_OBSERVATIONS = ("obserwacja", "obserwacje", "obserwacji")
_SOURCES = ("źródło", "źródła", "źródeł")


def examine_snapshots(*, whole_content: bool = False) -> Iterator[Diagnosis]:
    """Yield every snapshot, whole or not, and whether the current one is there.

    Parameters
    ----------
    whole_content : bool
        Compute the id of each anew from its tables; else only checksums of files are compared.
    """
    snapshots, damaged = list_snapshots(), list_damaged()
    if not snapshots and not damaged:
        yield Diagnosis(
            "snapshots",
            "ok",
            "stanów danych jeszcze nie ma; przykładowe utworzy smup data sample, własne pliki"
            " wczyta smup data import",
        )
    current, problem = _current([snapshot.id for snapshot in snapshots])
    for snapshot in snapshots:
        yield _examine_snapshot(snapshot, current, whole_content)
    for error in damaged:
        yield _damaged(error)
    if problem is not None:
        yield problem
    for path in list_set_aside():
        yield Diagnosis(
            "set-aside",
            "warning",
            f"odłożony uszkodzony stan danych: {path}",
            f"gdy nie jest już potrzebny: smup data remove {path.name}",
        )


def _current(known: list[str]) -> tuple[str | None, Diagnosis | None]:
    """Return the id that is pointed at, and what is wrong with the pointer."""
    try:
        current = current_id()
    except SnapshotError as error:
        return None, Diagnosis.of("current", error)
    if current is None and not known:
        return None, None
    step = "wybierz stan danych: smup data use ID; listę pokaże smup data list"
    if current is None:
        return None, Diagnosis("current", "error", "żaden stan danych nie jest bieżący", step)
    if current not in known:
        text = f"bieżącego stanu danych {current} nie ma albo jest uszkodzony"
        return current, Diagnosis("current", "error", text, step)
    return current, None


def _examine_snapshot(snapshot: Snapshot, current: str | None, whole_content: bool) -> Diagnosis:
    try:
        check_snapshot(snapshot, files_only=not whole_content)
    except SnapshotError as error:
        return _damaged(error)
    manifest = snapshot.manifest
    data = (source for source in manifest.sources.values() if source.variables)
    years = sorted({year for source in data for year in source.years})
    period = f"lata {years[0]}–{years[-1]}" if years else "bez danych rocznych"
    observations = manifest.counts.get("observations", 0)
    units = manifest.counts.get("units", 0)
    mark = "bieżący, " if snapshot.id == current else ""
    sort = "przykładowe" if snapshot.fictional else "rzeczywiste"
    told = "sumy kontrolne i treść zgodne" if whole_content else "sumy kontrolne zgodne"
    return Diagnosis(
        "snapshot",
        "ok",
        f"stan danych {snapshot.id}: {mark}dane {sort}, {counted(observations, _OBSERVATIONS)},"
        f" {period}, wiersze rejestru: {spaced(units)},"
        f" {counted(len(manifest.sources), _SOURCES)}; {told}",
        data={
            "id": snapshot.id,
            "current": snapshot.id == current,
            "fictional": snapshot.fictional,
            "path": str(snapshot.path),
            "created": manifest.created,
            "counts": dict(manifest.counts),
            "years": years,
            "sources": len(manifest.sources),
        },
    )


def _damaged(error: SmupError) -> Diagnosis:
    found = Diagnosis.of("snapshot", error)
    return Diagnosis("snapshot", "error", f"Uszkodzony stan danych. {found.text}", found.next_step,
                   found.problems, {"path": error.where})  # fmt: skip


def examine_reports() -> Iterator[Diagnosis]:
    """Yield the reports that are no longer what their receipts say."""
    folder = reports_dir()
    try:
        receipts = sorted(folder.glob(f"*{SUFFIX}"))
    except OSError as error:
        text = f"nie można odczytać folderu raportów {folder}: {system_reason(error)}"
        yield Diagnosis("reports", "error", text, "sprawdź uprawnienia folderu")
        return
    changed = 0
    for path in receipts:
        if problems := list_changed_files(path):
            changed += 1
            yield Diagnosis(
                "report",
                "error",
                f"Raport niezgodny ze swoją metryką: {path}",
                "wykonaj ten raport jeszcze raz, polecenie jest w metryce",
                tuple(problems),
                {"path": str(path)},
            )
    if not changed:
        text = f"raporty w {folder}: {len(receipts)}, wszystkie zgodne ze swoimi metrykami"
        yield Diagnosis(
            "reports", "ok", text if receipts else f"raporty: {folder}, jeszcze żadnych"
        )
