"""Make a fictional land of the size of a country a snapshot, in little memory.

All series of the small land are drawn for it, and filler series until the store is as large as
that of a whole synchronisation. Rows are made twice: first for the digests that stand in the names
of the sources, then to be written; nobody ever holds more than some variables at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from smup_lib.errors import ParameterError
from smup_lib.plurals import spaced
from smup_lib.snapshots.content import PiecewiseDigest
from smup_lib.sources.sample.make import LABEL, SampleSource, source_record
from smup_lib.sources.sample.national_units import COUNTRY, LandSize, LandUnits, make_units

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.snapshots import Snapshot, SourceRecord
    from smup_lib.sources.sample.geometry import Ground
    from smup_lib.sources.sample.land import Land
    from smup_lib.sources.sample.series import Panel

#: Observations of a land of the size of the country.
ROWS = 50_000_000
#: What an observation takes on disk; 2.8 were measured with fifty million.
_BYTES_A_ROW = 3.0
DATASETS = (
    SampleSource("national:land", f"Kraina wielkości kraju: liczby, kwoty, długości ({LABEL})"),
    SampleSource("national:published", f"Kraina wielkości kraju: wskaźniki publikowane ({LABEL})"),
    SampleSource("national:filler", f"Kraina wielkości kraju: serie bez znaczenia ({LABEL})"),
)

#: Stands for the eight digits of a source until its rows are counted.
_NOBODY = "00000000"

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class LandPlan:
    """How large a land will be; told before it is made.

    Attributes
    ----------
    gminy, cities, powiaty : int
        ``cities`` stand among gminy and beside land powiaty.
    rows, filler : int
        Observations, and those of series without a meaning among them.
    """

    gminy: int
    cities: int
    powiaty: int
    rows: int
    filler: int

    @property
    def bytes(self) -> int:
        """Return about how much disk it takes."""
        return round(self.rows * _BYTES_A_ROW)

    def render(self) -> str:
        """Return the plan in Polish."""
        return (
            f"Kraina wielkości kraju ({LABEL}): gminy {spaced(self.gminy)}, w tym miasta na prawach"
            f" powiatu {self.cities}; powiaty ziemskie {self.powiaty};\n"
            f"obserwacje około {spaced(self.rows)}, w tym serie bez znaczenia"
            f" {spaced(self.filler)}; na dysku około {spaced(max(1, self.bytes // 10**6))} MB,"
            " w pamięci poniżej 2 GB."
        )


def plan_national(share: float = 1.0, rows: int | None = None) -> LandPlan:
    """Return how large a land will be.

    Parameters
    ----------
    share : float
        Part of the country: 1 has as many units as the country, 0.02 about fifty gminy.
    rows : int, optional
        Observations to be made, filler included; the same part of fifty million when omitted.

    Raises
    ------
    ParameterError
        When there is no such part.

    Examples
    --------
    >>> plan = plan_national(0.02, rows=500_000)
    >>> plan.gminy, plan.cities, plan.powiaty
    (49, 1, 6)
    """
    from smup_lib.sources.sample.filler import is_filler

    size = _size(share)
    _, counts = _pieces(_land(make_units(size)), _rows(share, rows))
    filler = sum(n for name, n in counts.items() if is_filler(name))
    return LandPlan(size.gminy, size.cities, size.powiaty, sum(counts.values()), filler)


def make_national(
    share: float = 1.0,
    rows: int | None = None,
    on_progress: Progress | None = None,
    *,
    make_current: bool = True,
) -> Snapshot:
    """Generate a fictional land of the size of the country and make it the current snapshot.

    Parameters
    ----------
    share, rows
        As for :func:`plan_national`.
    on_progress : callable, optional
        Told steps done, all steps, and a Polish sentence.
    make_current : bool, default True
        Whether to point ``current`` at it.

    Returns
    -------
    Snapshot
        Fictional; the same share and rows give the same id. Nothing is planted in it.

    Raises
    ------
    ParameterError, SnapshotError
        When there is no such part, or the place cannot be written.
    """
    from smup_lib.snapshots import open_draft
    from smup_lib.sources.sample.national_ground import lay_national_ground
    from smup_lib.sources.sample.series import make_panel

    units = make_units(_size(share))
    pieces, _ = _pieces(_land(units), _rows(share, rows))
    tell = on_progress or (lambda done, total, label: None)
    total = 2 * len(pieces) + 1
    tell(0, total, "Wytyczam granice i losuję liczby.")
    ground = lay_national_ground(units)
    panel = make_panel(_land(units, ground))
    sources = _Sources()
    for place, variables in enumerate(pieces):
        tell(place + 1, total, "Losuję liczby.")
        sources.count(_made(panel, variables))
    with open_draft(fictional=True) as draft:
        for place, variables in enumerate(pieces):
            tell(len(pieces) + place + 1, total, "Zapisuję stan danych.")
            draft.add(sources.named(_made(panel, variables)))
        tables = _territory(units, ground)
        tell(total, total, "Zapisuję stan danych.")
        return draft.finish(tables, sources.records, make_current=make_current)


def _size(share: float) -> LandSize:
    if not 0 < share <= 1:
        raise ParameterError(
            f"Nie ma krainy o wielkości {share:g} kraju.",
            where="--scale",
            expected="national albo ułamek większy od 0 i najwyżej 1, na przykład 0.02",
            next_step="popraw wielkość",
        )
    return COUNTRY if share == 1 else COUNTRY.part(share)


def _rows(share: float, rows: int | None) -> int:
    return round(ROWS * share) if rows is None else rows


def _land(units: LandUnits, ground: Ground | None = None) -> Land:
    """Return the land; without ground nothing can be drawn for it, only counted."""
    import numpy as np

    from smup_lib.sources.sample.land import Land

    codes = [unit.code for unit in units.gminy]
    areas = np.zeros(len(codes)) if ground is None else ground.areas_km2(codes)
    return Land(units.gminy, units.powiaty, areas)


def _pieces(land: Land, rows: int) -> tuple[list[list[str]], dict[str, int]]:
    """Return variables to be made together, and about how many rows each has."""
    from smup_lib.snapshots.pieces import batches_of
    from smup_lib.sources.sample.filler import count_filler
    from smup_lib.sources.sample.rows import count_rows

    counts = count_rows(land)
    counts |= count_filler(land, rows - sum(counts.values()))
    counts = dict(sorted(counts.items()))
    return list(batches_of(counts)), counts


def _made(panel: Panel, variables: list[str]) -> Iterator[tuple[SampleSource, pd.DataFrame]]:
    """Yield the rows of some variables, by data set, in the order of the store."""
    from smup_lib.snapshots import as_observations
    from smup_lib.snapshots.pieces import sorted_observations
    from smup_lib.sources.sample.filler import filler_observations
    from smup_lib.sources.sample.rows import land_observations, published_observations

    makers: tuple[Callable[[Panel, list[str]], pd.DataFrame], ...] = (
        land_observations,
        published_observations,
        filler_observations,
    )
    for told, make in zip(DATASETS, makers, strict=True):
        rows = make(panel, variables)
        if len(rows):
            rows = as_observations(rows.assign(source=f"{told.dataset}@{_NOBODY}"))
            yield told, sorted_observations(rows)


@dataclass
class _Counted:
    digest: PiecewiseDigest
    rows: int = 0
    variables: set[str] = field(default_factory=set)
    years: set[int] = field(default_factory=set)


class _Sources:
    """The data sets of a land: what they hold, and so what they are called."""

    def __init__(self) -> None:
        self._counted: dict[SampleSource, _Counted] = {}

    def count(self, made: Iterable[tuple[SampleSource, pd.DataFrame]]) -> None:
        """Take rows into account."""
        for told, rows in made:
            if told not in self._counted:
                self._counted[told] = _Counted(PiecewiseDigest("variable"))
            found = self._counted[told]
            found.digest.add(rows)
            found.rows += len(rows)
            found.variables |= set(map(str, rows["variable"].unique()))
            found.years |= set(map(int, rows["year"].unique()))

    def named(self, made: Iterable[tuple[SampleSource, pd.DataFrame]]) -> pd.DataFrame:
        """Return rows of all data sets together, under their sources."""
        from smup_lib.snapshots.observations import join_observations

        parts = [
            rows.assign(source=rows["source"].cat.rename_categories([self._id(told)]))
            for told, rows in made
        ]
        return join_observations(parts)

    @property
    def records(self) -> list[SourceRecord]:
        """Return what the manifest says of the data sets."""
        return [
            source_record(told, self._id(told), found.rows, found.variables, found.years)
            for told, found in self._counted.items()
        ]

    def _id(self, told: SampleSource) -> str:
        return f"{told.dataset}@{self._counted[told].digest.hexdigest()[:8]}"


def _territory(units: LandUnits, ground: Ground) -> dict[str, pd.DataFrame]:
    """Return the register, boundaries, borders and outlines."""
    import pandas as pd

    from smup_lib.snapshots import TABLES
    from smup_lib.sources.borders import compute_borders, compute_outlines
    from smup_lib.sources.sample.mesh import to_plane_m
    from smup_lib.sources.sample.units import FIRST_YEAR, LAST_YEAR, vintage_frame, with_parts

    register = with_parts(units.register)
    states = [vintage_frame(register, year) for year in (FIRST_YEAR, LAST_YEAR + 1)]
    columns = list(TABLES["boundaries"].columns)
    boundaries = pd.DataFrame(ground.layer(ground.tracts, FIRST_YEAR), columns=columns)
    borders, _ = compute_borders(boundaries, to_plane_m)
    return {
        "units": pd.concat(states, ignore_index=True),
        "boundaries": boundaries,
        "borders": borders,
        "outlines": compute_outlines(boundaries, to_plane_m),
    }
