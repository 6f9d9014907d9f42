"""Fetch the boundaries of units from PRG: pages of a WFS, one layer a level, and their import.

A layer counts whole or not at all. Its pages stay in the store as they came; together they are one
GML file, which goes through the import of files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from smup_lib.plurals import spaced
from smup_lib.snapshots import Snapshot, list_snapshots
from smup_lib.sources.boundaries import check_libraries as check_geography
from smup_lib.sources.completeness import LEVEL_NAMES, vintages_of
from smup_lib.sources.import_checks import check_register
from smup_lib.sources.unit_column import place_codes
from smup_lib.sources.web.answers import Answer, AnswerStore
from smup_lib.sources.web.asking import Asked, Desk, Progress, Question, ask_due
from smup_lib.sources.web.clock import Clock
from smup_lib.sources.web.fetched import (
    FetchFigures,
    FetchReport,
    figure_files,
    said_refused,
    store_files,
)
from smup_lib.sources.web.polite import PoliteClient
from smup_lib.sources.web.prg_pages import LAYERS, FeaturePages, Layer, codes_of, join_pages
from smup_lib.sources.web.services import PRG, check_libraries, service_lock
from smup_lib.sources.web.smup_reading import newest_day
from smup_lib.sources.web.smup_sync import SyncOptions, said_stop
from smup_lib.sources.web.storing import find_base

USUALLY = SyncOptions()
#: Boundaries change with the year, some are corrected in between.
FRESH_DAYS = 180.0
#: A page is drawn from a database of the whole country.
_TIMEOUT_S = 180.0
#: So many units may be younger than the register, or wait for their shape.
_USUAL_SHARE, _USUAL_UNITS = 0.02, 2
_SHOWN = 8


def ask_layer(layer: Layer) -> Question:
    """Return the question for a layer."""
    return Question(layer.request(), layer.label, FRESH_DAYS, FeaturePages(layer))


QUESTIONS = {layer: ask_layer(layer) for layer in LAYERS}


def sync_prg(
    options: SyncOptions = USUALLY,
    *,
    clock: Clock | None = None,
    on_plan: Callable[[FetchFigures], None] | None = None,
    on_progress: Progress | None = None,
    on_wait: Callable[[float, str], None] | None = None,
) -> FetchReport:
    """Bring the boundaries of voivodeships, powiaty and gminy into a new snapshot.

    Parameters
    ----------
    options : SyncOptions
        ``plan_only`` and ``refresh`` count here.
    clock : Clock, optional
    on_plan, on_progress, on_wait : callable, optional
        Told the plan before anything is asked, each layer, and each longer wait.

    Raises
    ------
    SmupError
        When the service is down, there is no register, a geographic library is missing, real and
        fictional units would meet, or the disk is full. What was fetched stays.
    """
    check_libraries()
    check_geography()
    with service_lock(PRG):
        store, quota = AnswerStore(PRG.answers_path()), PRG.quota(None, clock)
        with PoliteClient(
            PRG.label, PRG.base(), quota, expects="xml", timeout=_TIMEOUT_S, on_wait=on_wait
        ) as client:
            desk = Desk(client, store, refresh=options.refresh)
            if on_plan is not None:
                on_plan(figure_files(desk, list(QUESTIONS.values())))
            if options.plan_only:
                return FetchReport(PRG.label, client.calls)
            known = any(len(one.table("units")) for one in list_snapshots())
            check_register(known, [f"serwis {PRG.label}"])  # before megabytes are fetched
            return _finish(desk, ask_due(desk, list(QUESTIONS.values()), on_progress))


@dataclass
class _Files:
    """The layers that are whole, as files."""

    contents: dict[str, Iterable[bytes]] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def _finish(desk: Desk, asked: Asked) -> FetchReport:
    """Import the layers that are held whole."""
    files = _Files(failures={name: str(error) for name, error in asked.failures.items()})
    for layer, question in QUESTIONS.items():
        if question.label not in files.failures and desk.has(question):
            _add_layer(desk, layer, desk.read(question), files)
    written = store_files(PRG, files.contents, files.codes) if files.contents else None
    refused = said_refused(written) if written is not None else {}
    wrong = (layer for layer in LAYERS if any(layer.name in name for name in refused))
    desk.store.distrust([layer.request() for layer in wrong])  # the next run asks again
    return FetchReport(
        PRG.label,
        desk.client.calls,
        failures=files.failures,
        refused=refused,
        stopped=said_stop(asked.stopped),
        written=written,
        notes=tuple(files.notes),
    )


def _file_name(layer: Layer, day: str) -> str:
    return f"PRG_{layer.name}_{day}.gml.gz"


def _add_layer(desk: Desk, layer: Layer, held: Sequence[Answer], files: _Files) -> None:
    """Add a layer to the files, unless it lacks more of the register than a layer may."""
    bodies = [answer.body for answer in held]
    texts = codes_of(bodies)
    codes = {one.code for one in place_codes(sorted(set(texts))).values() if one.fate == "unit"}
    base = find_base(PRG, codes)
    missing, day, count = _missing(layer, codes, base)
    if missing:
        said = (
            f"{layer.label}: w rejestrze na {day} jest {spaced(count)} {LEVEL_NAMES[layer.level]},"
            f" a bez granic z PRG jest {spaced(len(missing))}: {_listed(missing)}"
        )
        if len(missing) > max(_USUAL_UNITS, _USUAL_SHARE * count):
            desk.store.distrust([layer.request()])  # the next run asks again
            files.failures[layer.label] = f"{said}; warstwa nie jest pełna, więc jej nie wczytano"
            return
        files.notes.append(said)
    files.contents[_file_name(layer, newest_day(held))] = join_pages(bodies)
    files.codes += sorted(codes)


def _missing(layer: Layer, codes: set[str], base: Snapshot | None) -> tuple[list[str], str, int]:
    """Return the units of the newest register without a shape, its day, and how many it has."""
    vintages = vintages_of(base.table("units")) if base is not None else {}
    if not vintages:
        return [], "", 0
    day = max(vintages)
    registered = vintages[day].get(layer.level, frozenset())
    return sorted(registered - codes), day, len(registered)


def _listed(codes: Sequence[str]) -> str:
    more = f" i {spaced(len(codes) - _SHOWN)} innych" if len(codes) > _SHOWN else ""
    return ", ".join(codes[:_SHOWN]) + more
