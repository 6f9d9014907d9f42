"""What does one file or service tell under one source, held in memory or waiting on disk?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from smup_lib.paths import told_when_unwritable

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class NewRows:
    """Observations of one file under one source.

    Attributes
    ----------
    file : str
        Name of the file.
    source : str
        ``<dataset>@<8 hex>``.
    family : str
        Files of one family may not contradict each other; usually the data set.
    held : DataFrame or Path
        Columns of the observation contract; a path when they wait on disk.
    origin : str
        What the file names as the source of these rows; empty when nothing.
    """

    file: str
    source: str
    family: str
    held: pd.DataFrame | Path
    origin: str = ""

    @property
    def dataset(self) -> str:
        """Return the data set of the source."""
        return self.source.partition("@")[0]

    @property
    def rows(self) -> pd.DataFrame:
        """Return the observations; those on disk are read anew each time."""
        return self._read()

    @cached_property
    def counts(self) -> dict[str, int]:
        """Return how many rows each variable has; variables without any are left out."""
        counted = self._read(["variable"])["variable"].value_counts()
        return {str(name): int(rows) for name, rows in counted.items() if rows}

    def on_disk(self, folder: Path) -> NewRows:
        """Return the same rows, waiting in a file of a folder until they are asked for.

        Raises
        ------
        SettingsError
            When the folder cannot be written.
        """
        path = folder / f"{self.source.replace(':', '_')}.feather"
        with told_when_unwritable(path):
            self.rows.reset_index(drop=True).to_feather(path, compression="lz4")
        return replace(self, held=path)

    def with_rows(self, rows: pd.DataFrame) -> NewRows:
        """Return the part with other rows, kept where the old ones are."""
        changed = replace(self, held=rows)
        return changed.on_disk(self.held.parent) if isinstance(self.held, Path) else changed

    def _read(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        import pandas as pd

        if isinstance(self.held, Path):
            wanted = None if columns is None else list(columns)
            return pd.read_feather(self.held, columns=wanted)
        return self.held if columns is None else self.held[list(columns)]
