"""A small fictional land in the layout of the official files, and the real registers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pytest

from smup_lib.catalogue.changes import changes_frame, read_territorial_changes
from smup_lib.sources.terc import read_terc
from smup_lib.units import Register

DATA = Path(__file__).resolve().parents[1] / "data" / "units"


def read_registers(files: Iterable[Path]) -> pd.DataFrame:
    frames = [read_terc(path.read_bytes(), ";", path.name).units for path in sorted(files)]
    return pd.concat(frames, ignore_index=True)


@pytest.fixture(scope="session")
def land_changes() -> pd.DataFrame:
    """Events of the fictional land (tests/data/units/territorial_changes.yaml)."""
    return changes_frame(read_territorial_changes(DATA / "territorial_changes.yaml"))


@pytest.fixture(scope="session")
def land(land_changes: pd.DataFrame) -> Register:
    """Register of the fictional land: three states, nine events."""
    return Register(read_registers(DATA.glob("TERC_*.csv")), land_changes)


@pytest.fixture(scope="session")
def poland(shared_data: Path) -> Register:
    """Register of the country from the three official files, or a skip."""
    files = (shared_data / "teryt").glob("TERC_*.csv")
    return Register(read_registers(files), changes_frame())
