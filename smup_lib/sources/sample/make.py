"""Make the fictional land a snapshot."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smup_lib.snapshots.content import content_digest
from smup_lib.snapshots.manifest import SourceRecord
from smup_lib.snapshots.observations import as_observations

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.snapshots import Snapshot

LABEL = "dane przykładowe, jednostki fikcyjne"
PUBLISHER = "sample"
#: State of the data as told on pages; fixed, because the land is always the same.
DATA_DATE = "2025-06-30"

Progress = Callable[[str], None]


@dataclass(frozen=True)
class SampleSource:
    """A dataset of the fictional land: id and title."""

    dataset: str
    title: str


DATASETS = (
    SampleSource("sample:land", f"Kraina przykładowa: liczby, kwoty, długości ({LABEL})"),
    SampleSource("sample:published", f"Kraina przykładowa: wskaźniki publikowane ({LABEL})"),
)


def open_sample() -> Snapshot:
    """Open the fictional land beside the user's own data: what is current stays current.

    Returns
    -------
    Snapshot
        The newest one of the store; made, in some seconds, when there is none.
    """
    from smup_lib.snapshots.store import find_sample

    return find_sample() or make_sample(make_current=False)


def make_sample(on_progress: Progress | None = None, *, make_current: bool = True) -> Snapshot:
    """Generate the fictional land and make it the current snapshot.

    Parameters
    ----------
    on_progress : callable, optional
        Called with a Polish sentence before each step.
    make_current : bool, default True
        Whether to point ``current`` at it.

    Returns
    -------
    Snapshot
        Fictional; always with the same id. ``truths.json`` beside the tables tells the planted
        truths.

    Raises
    ------
    SnapshotError
        When the place cannot be written; the snapshot that was current stays current.

    Examples
    --------
    >>> make_sample().fictional
    True
    """
    from smup_lib.snapshots import write_snapshot
    from smup_lib.sources.sample.truths import truths_json

    tell = on_progress or (lambda _: None)
    tell("Wytyczam granice krainy przykładowej.")
    tables = _territory()
    tell("Losuję liczby.")
    observations, sources = _observations()
    tell("Zapisuję stan danych.")
    return write_snapshot(
        {"observations": observations, **tables},
        fictional=True,
        sources=sources,
        extra_files={"truths.json": truths_json()},
        make_current=make_current,
    )


def _territory() -> dict[str, pd.DataFrame]:
    """Return units, their changes, boundaries, borders and outlines."""
    from smup_lib.catalogue.changes import changes_frame
    from smup_lib.sources.borders import compute_borders, compute_outlines
    from smup_lib.sources.sample.geometry import boundaries_frame
    from smup_lib.sources.sample.mesh import to_plane_m
    from smup_lib.sources.sample.units import list_changes, units_frame

    boundaries = boundaries_frame()
    borders, _ = compute_borders(boundaries, to_plane_m)
    return {
        "units": units_frame(),
        "changes": changes_frame(list_changes()),
        "boundaries": boundaries,
        "borders": borders,
        "outlines": compute_outlines(boundaries, to_plane_m),
    }


def _observations() -> tuple[pd.DataFrame, list[SourceRecord]]:
    """Return the observations of both datasets with their sources."""
    import pandas as pd

    from smup_lib.sources.sample.land import sample_land
    from smup_lib.sources.sample.rows import land_observations, published_observations
    from smup_lib.sources.sample.series import make_panel

    panel = make_panel(sample_land())
    made = (land_observations(panel), published_observations(panel))
    sources = [_record(told, rows) for told, rows in zip(DATASETS, made, strict=True)]
    joined = pd.concat(
        [rows.assign(source=record.id) for rows, record in zip(made, sources, strict=True)],
        ignore_index=True,
    )
    return as_observations(joined), sources


def _record(told: SampleSource, rows: pd.DataFrame) -> SourceRecord:
    digest = content_digest(rows, ("unit_code", "year", "variable"))
    years = map(int, rows["year"].unique())
    source = f"{told.dataset}@{digest[:8]}"
    return source_record(told, source, len(rows), rows["variable"].unique(), years)


def source_record(
    told: SampleSource, source: str, rows: int, variables: Iterable[str], years: Iterable[int]
) -> SourceRecord:
    """Return what the manifest says of a fictional data set."""
    return SourceRecord(
        id=source,
        dataset=told.dataset,
        publisher=PUBLISHER,
        title=told.title,
        kind="sample",
        data_date=DATA_DATE,
        rows=rows,
        variables=tuple(sorted(variables)),
        years=tuple(sorted(years)),
        notes=(LABEL,),
    )
