"""One area for one unit with its group, from a snapshot, warm: median and worst of 20 units.

Warm means: libraries imported, files in the page cache, no result for the unit computed before.
Target: 0.3 s. The plain way reads the same long table with pandas, pivots it and computes median,
quartiles, rank and percentile of the same indicators in the same kind of group; it has no names, no
flags, no trend, no robustness, no checks.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from measure import print_memory, print_row, shared_data, spread

YEAR = 2018
AREA = "roads_transport"
UNITS = 20


def real_home(home: str, data: Path) -> None:
    """Import registers, boundaries and the powiat panel into a fresh home."""
    os.environ["SMUP_HOME"] = home
    from smup_lib.sources import import_paths

    panel = data / "panels" / "powiat_panel_long.csv.gz"
    import_paths([data / "teryt", data / "boundaries", panel])


def sample_home(home: str) -> None:
    """Make the sample land in a fresh home."""
    os.environ["SMUP_HOME"] = home
    from smup_lib.sources.sample import make_sample

    make_sample()


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        data = shared_data()
        real_home(home, data) if data else sample_home(home)
        from smup_lib.reports.area import open_area
        from smup_lib.reports.loading import Workspace

        workspace = Workspace.open()
        powiaty = workspace.register.units(level="powiat", year=YEAR)
        land = powiaty[powiaty["kind"] == "land_powiat"]["unit_code"].tolist()
        step = max(1, (len(land) - 1) // UNITS)
        codes = land[1::step][:UNITS]
        open_area(AREA, land[0], YEAR)  # warm the libraries with a unit that is not measured
        median, worst = spread([lambda c=c: open_area(AREA, c, YEAR) for c in codes])

        import pandas as pd

        values = workspace.snapshot.observations(level="powiat")
        csv = Path(home) / "panel.csv"
        values.to_csv(csv, index=False)
        indicators = [
            i.inputs.value
            for i in workspace.catalogue.indicators_of(AREA)
            if i.inputs.value and "powiat" in i.levels
        ]

        def plain(code: str) -> None:
            frame = pd.read_csv(csv, dtype={"unit_code": str})
            wide = frame[frame["variable"].isin(indicators)].pivot_table(
                index=["unit_code", "year"], columns="variable", values="value"
            )
            year = wide.xs(YEAR, level="year")
            peers = year[year.index.str[:2] == code[:2]].drop(index=code, errors="ignore")
            peers.quantile([0.25, 0.5, 0.75])
            year.rank(pct=True).loc[[c for c in [code] if c in year.index]]

        baseline, plain_worst = spread([lambda c=c: plain(c) for c in codes[:5]])
        land_name = "real powiaty" if data else "sample land"
        print_row(
            f"one area, one unit, {land_name}: median of {len(codes)}", median, baseline, "0.3 s"
        )
        print_row(f"one area, one unit, {land_name}: worst of {len(codes)}", worst, plain_worst)
        print_memory(
            f"one area, one unit, {land_name}: memory at the peak",
            lambda: open_area(AREA, codes[-1], YEAR),
            lambda: plain(codes[-1]),
            "350 MB, aim 150 MB",
        )


if __name__ == "__main__":
    main()
