"""Questions to a store of fifty million rows: one area, one indicator, the audit, and the start.

Warm means: libraries imported, files in the page cache, no result for the unit or indicator
computed before. The plain ways answer from the same rows without the filler series, which nobody
asks for: a csv read by pandas, and an SQLite table with an index by variable, unit and year. They
have no names, flags, trend, robustness or checks. Pandas reads its file anew for each question, as
a script does, so it is asked once; SQLite five times.

Usage: python benchmarks/bench_national.py [--home FOLDER]   (a SMUP_HOME with the land; else made)
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from measure import print_machine, print_memory, print_row, seconds, spread

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.reports.loading import Workspace

YEAR, UNITS, ROWS_AT_ONCE = 2022, 20, 200_000
QUESTIONS = (("roads_transport", "powiat"), ("education", "gmina"))
FIELDS = "unit_code, year, variable, value, flag"


@contextmanager
def national_home(given: str | None) -> Iterator[Path]:
    """Yield a home with the land; one that is made here is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="national_bench_") as made:
        os.environ["SMUP_HOME"] = given or made
        if given is None:
            command = [
                sys.executable,
                "-m",
                "smup_lib.cli",
                "data",
                "sample",
                "--scale",
                "national",
            ]
            took = seconds(lambda: subprocess.run(command, check=True, capture_output=True))
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
            print_row("making the land of fifty million rows", took)
            print(f"{'  memory at the peak (RSS)':52} | {peak:8.0f} MB | target 2000 MB")
        yield Path(made)


def write_plain(workspace: Workspace, folder: Path) -> tuple[Path, Path]:
    """Write the rows that can be asked for as a csv and as an indexed SQLite table."""
    import duckdb
    import pandas as pd

    csv, table = folder / "rows.csv", folder / "rows.sqlite"
    store = str(workspace.snapshot.path / "observations.parquet")
    with duckdb.connect() as connection:
        chosen = f"SELECT {FIELDS} FROM read_parquet('{store}') WHERE variable NOT LIKE 'fill_%'"
        connection.execute(f"COPY ({chosen}) TO '{csv}' (HEADER)")
    with sqlite3.connect(table) as rows:
        for part in pd.read_csv(csv, dtype={"unit_code": str}, chunksize=ROWS_AT_ONCE):
            part.to_sql("rows", rows, if_exists="append", index=False)
        rows.execute("CREATE INDEX place ON rows (variable, unit_code, year)")
    return csv, table


def read_csv(csv: Path) -> pd.DataFrame:
    import pandas as pd

    return pd.read_csv(csv, dtype={"unit_code": str})


def ask_sqlite(table: Path, variables: list[str]) -> pd.DataFrame:
    import pandas as pd

    marks = ",".join("?" * len(variables))
    with sqlite3.connect(table) as rows:
        query = f"SELECT {FIELDS} FROM rows WHERE variable IN ({marks})"
        return pd.read_sql(query, rows, params=variables)


def describe_unit(rows: pd.DataFrame, code: str) -> object:
    """Place a unit in its voivodeship: median, quartiles, percentile of every variable."""
    same_level = rows[rows["unit_code"].str.len() == len(code)]
    wide = same_level.pivot_table(index=["unit_code", "year"], columns="variable", values="value")
    year = wide.xs(YEAR, level="year")
    peers = year[year.index.str[:2] == code[:2]].drop(index=code)
    return peers.quantile([0.25, 0.5, 0.75]), year.rank(pct=True).loc[[code]]


def divide(rows: pd.DataFrame, above: str, below: str) -> object:
    """Divide one variable by another for all gminy and years."""
    gminy = rows[rows["unit_code"].str.len() == 6]
    wide = gminy.pivot_table(index=["unit_code", "year"], columns="variable", values="value")
    return wide[above] / wide[below]


def bench_area(workspace: Workspace, area: str, level: str, csv: Path, table: Path) -> None:
    from smup_lib.reports.area import open_area

    units = workspace.register.units(level=level, year=YEAR)
    codes = units[units["kind"].isin(["land_powiat", "rural"])]["unit_code"].tolist()
    codes = codes[1 :: max(1, (len(codes) - 1) // UNITS)][:UNITS]
    chosen = [i for i in workspace.catalogue.area(area).indicators if level in i.levels]
    variables = sorted({name for i in chosen for name in i.inputs.variables})
    open_area(area, units["unit_code"].iloc[0], YEAR)  # warms the libraries, is not measured
    median, worst = spread([lambda c=c: open_area(area, c, YEAR) for c in codes])

    def pandas_way() -> object:
        rows = read_csv(csv)
        return describe_unit(rows[rows["variable"].isin(variables)], codes[0])

    def sqlite_way(code: str) -> Callable[[], object]:
        return lambda: describe_unit(ask_sqlite(table, variables), code)

    name = f"one area, one {level}, {len(chosen)} indicators"
    beside, _ = spread([sqlite_way(code) for code in codes[:5]])
    print_row(f"{name}, beside pandas over csv", median, seconds(pandas_way), "0.5 s")
    print_row(f"{name}, beside SQLite", median, beside, "0.5 s")
    print_row(f"{name}, worst of {len(codes)}", worst)
    last = codes[-1]
    print_memory(name, lambda: open_area(area, last, YEAR), sqlite_way(last), "350 MB")


def bench_indicator(workspace: Workspace, csv: Path, table: Path) -> None:
    from smup_lib.indicators import compute_values

    ratios = [
        i
        for i in workspace.catalogue.indicators.values()
        if "gmina" in i.levels and len(i.inputs.numerator) == len(i.inputs.denominator) == 1
    ]
    chosen = ratios[1 :: max(1, (len(ratios) - 1) // UNITS)][:UNITS]

    def ours(indicator: object) -> Callable[[], object]:
        return lambda: compute_values(
            [indicator],
            workspace.snapshot,
            workspace.catalogue,
            "gmina",  # type: ignore[list-item]
        )

    ours(ratios[0])()
    median, worst = spread([ours(indicator) for indicator in chosen])
    pairs = [(i.inputs.numerator[0], i.inputs.denominator[0]) for i in chosen]

    def pandas_way() -> object:
        rows = read_csv(csv)
        return divide(rows[rows["variable"].isin(pairs[0])], *pairs[0])

    told = ask_sqlite(table, list(pairs[0]))["variable"].nunique()
    assert told == 2, "the first indicator has no rows: choose another"
    beside, _ = spread([lambda p=p: divide(ask_sqlite(table, list(p)), *p) for p in pairs[:5]])
    name = "one indicator, all gminy, all years"
    print_row(f"{name}, beside pandas over csv", median, seconds(pandas_way), "0.3 s")
    print_row(f"{name}, beside SQLite", median, beside, "0.3 s")
    print_row(f"{name}, worst of {len(chosen)}", worst)


def bench_audit(csv: Path, table: Path) -> None:
    from smup_lib.reports.audit import open_audit

    def count(rows: pd.DataFrame) -> object:
        rows = rows.assign(digits=rows["unit_code"].str.len(), told=rows["value"].notna())
        return rows.groupby(["variable", "year", "digits"])["told"].agg(["sum", "size"])

    def sqlite_way() -> object:
        query = (
            "SELECT variable, year, length(unit_code), count(value), count(*) FROM rows"
            " GROUP BY 1, 2, 3"
        )
        with sqlite3.connect(table) as rows:
            return rows.execute(query).fetchall()

    took = seconds(lambda: open_audit().page())
    name = "audit of all indicators, levels and years"
    print_row(
        f"{name}, beside pandas over csv", took, seconds(lambda: count(read_csv(csv))), "20 s"
    )
    print_row(f"{name}, beside SQLite", took, seconds(sqlite_way), "20 s")


def bench_start() -> None:
    """Time programs that only begin: the help, and the import of the package and of everything."""

    def run(*words: str) -> Callable[[], object]:
        return lambda: subprocess.run(words, check=True, capture_output=True)

    smup = shutil.which("smup", path=str(Path(sys.executable).parent)) or "smup"
    bare, _ = spread([run(sys.executable, "-c", "pass")] * 5)
    for name, words, target in (
        ("smup --help", (smup, "--help"), "0.3 s"),
        ("import smup_lib", (sys.executable, "-c", "import smup_lib"), ""),
        (
            "import smup_lib.reports.area",
            (sys.executable, "-c", "import smup_lib.reports.area"),
            "",
        ),
    ):
        median, _ = spread([run(*words)] * 5)
        print_row(f"{name}, beside a bare Python", median, bare, target)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--home")
    options = parser.parse_args()
    print_machine()
    bench_start()
    with national_home(options.home) as folder:
        from smup_lib.reports.loading import Workspace

        workspace = Workspace.open()
        print(f"# {workspace.snapshot}")
        csv, table = write_plain(workspace, folder)
        print_machine()
        for area, level in QUESTIONS:
            bench_area(workspace, area, level, csv, table)
        bench_indicator(workspace, csv, table)
        bench_audit(csv, table)
    print_machine()


if __name__ == "__main__":
    main()
