"""Two states of a small part of the fictional land: one voivodeship, a few libraries' variables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from smup_lib.catalogue import load_catalogue
from smup_lib.snapshots import Snapshot, as_observations, load_snapshot, write_snapshot
from smup_lib.snapshots.tables import TABLES
from tests.sample_home import lend_fonts

INDICATORS = ("library_readers_per_1k", "culture_club_members_per_1k")
CONTEXT = ("population", "population_density", "share_post_working_age", "avg_gross_wage")
FIRST_YEAR = 2016


@pytest.fixture(scope="module")
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return an empty SMUP_HOME that the tests of one module write to."""
    folder = tmp_path_factory.mktemp("own_home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(folder))
        yield lend_fonts(folder)


@pytest.fixture(scope="module")
def whole_land(sample_home_dir: Path, own_home: Path) -> Snapshot:
    """Return the whole fictional land, read where it lies; what is written goes to the own home."""
    (path,) = (p for p in (sample_home_dir / "snapshots").iterdir() if p.is_dir())
    return load_snapshot(path)


def small_land(
    whole: Snapshot,
    change: Callable[[pd.DataFrame], pd.DataFrame] = lambda rows: rows,
    base: Snapshot | None = None,
    edition: str = "",
) -> Snapshot:
    """Write the powiaty of one voivodeship with the variables of two indicators, some changed.

    With an ``edition`` (eight hex digits) all came in other files of the same data sets.
    """
    catalogue = load_catalogue()
    entries = [catalogue.indicators[name] for name in (*INDICATORS, *CONTEXT[1:])]
    wanted = {v for entry in entries for v in entry.variables_read} | {*CONTEXT}
    rows = whole.table("observations")
    codes = rows["unit_code"].astype(str)
    here = codes.str.startswith("90") & (codes.str.len() == 4)
    kept = rows[here & rows["variable"].isin(wanted) & (rows["year"] >= FIRST_YEAR)]
    tables = {name: whole.table(name) for name in TABLES if len(whole.table(name))}
    tables["units"] = tables["units"][tables["units"]["unit_code"].str.startswith("90")]
    tables["observations"] = as_observations(change(kept.reset_index(drop=True).copy()))
    named = set(tables["observations"]["source"].astype(str))
    sources = [one for one in whole.manifest.sources.values() if one.id in named]
    if edition:
        ids = {one.id: f"{one.dataset}@{edition}" for one in sources}
        rows = tables["observations"].astype({"source": "object"})
        rows["source"] = rows["source"].map(ids)
        tables["observations"] = as_observations(rows)
        sources = [one.model_copy(update={"id": ids[one.id]}) for one in sources]
    return write_snapshot(tables, fictional=True, sources=sources, base=base, make_current=False)


def set_value(unit: str, year: int, variable: str, times: float) -> Callable[..., pd.DataFrame]:
    """Return a change of one cell: so many times its value, in whole persons."""

    def change(rows: pd.DataFrame) -> pd.DataFrame:
        cell = (rows["unit_code"] == unit) & (rows["year"] == year) & (rows["variable"] == variable)
        assert cell.sum() == 1
        rows.loc[cell, "value"] = (rows.loc[cell, "value"] * times).round()
        return rows

    return change
