"""Answers of SMUP that are held already become a snapshot: rows a second, and memory at the peak.

The answers are made here in the shape of the service, for a land of the size of the country: one
answer an indicator and year, a row a gmina, powiat and voivodeship. A full synchronisation has
1 285 indicators and 15 years; a third of them is enough to see whether time grows with the rows and
memory does not. Nothing is fetched: asking is limited by the service, reading by us. The plain ways
read the same answers of the first indicators: json into pandas and Parquet, json into an SQLite
table; they place, check, name and compare nothing.

Usage: python benchmarks/bench_ingest.py [--indicators 428] [--plain 20]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from measure import print_machine, print_row, seconds

ALL_INDICATORS, YEARS = 1285, range(2010, 2025)
FLAGS = ((1, "zjawisko wystąpiło"), (5, "brak informacji albo tajemnica statystyczna"))
TARGET_RATE, TARGET_MB = 100_000, 2_000


def make_register() -> list[str]:
    """Write a snapshot that knows the units of the country and nothing else; return the units."""
    import pandas as pd

    from smup_lib.snapshots import empty_observations, write_snapshot
    from smup_lib.sources.sample.national_units import COUNTRY, make_units
    from smup_lib.sources.sample.units import vintage_frame, with_parts

    units = make_units(COUNTRY)
    states = [vintage_frame(with_parts(units.register), year) for year in (2010, 2025)]
    tables = {"observations": empty_observations(), "units": pd.concat(states)}
    write_snapshot(tables, fictional=True, sources=[])
    return [unit.code for unit in units.register]


def keep_answers(codes: list[str], indicators: int) -> None:
    """Put the answers to every question of a synchronisation into the store."""
    from smup_lib.sources.web.answers import Answer, AnswerStore
    from smup_lib.sources.web.asking import Desk, Question
    from smup_lib.sources.web.polite import PoliteClient
    from smup_lib.sources.web.services import SMUP
    from smup_lib.sources.web.smup_dictionaries import fetch_dictionaries
    from smup_lib.sources.web.smup_plan import Choice, make_plan
    from smup_lib.sources.web.smup_questions import (
        ask_areas,
        ask_dates,
        ask_flags,
        ask_indicators,
        ask_services,
        ask_units,
        ask_version,
    )

    store, now = AnswerStore(SMUP.answers_path()), time.time()

    def keep(question: Question, content: object) -> None:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        store.keep(Answer(question.first, 200, body, now, now))

    def pages(rows: list[dict[str, object]]) -> dict[str, object]:
        return {"data": rows, "page-count": 1}

    listed = [
        {"id": n, "nazwa-wskaznika": f"Wskaźnik {n}", "id-up": 1, "wymiar-opisu-uslugi": "koszt"}
        for n in range(1, indicators + 1)
    ]
    keep(ask_version(), {"version": "1.0.0", "fictional": True})
    keep(ask_areas(), [{"id-ou": 1, "nazwa-obszaru": "Edukacja"}])
    keep(ask_services(1), [{"id-up": 1, "nazwa-uslugi": "Usługa 1"}])
    keep(ask_indicators(), pages(listed))
    keep(ask_units(), pages([unit_row(n, code) for n, code in enumerate(codes)]))
    keep(ask_dates(), pages([{"id-daty": year, "rok": year} for year in YEARS]))
    keep(ask_flags(), pages([{"id-flaga": number, "nazwa": name} for number, name in FLAGS]))
    with PoliteClient(SMUP.label, SMUP.base(), SMUP.quota(None), key=None) as client:
        plan = make_plan(fetch_dictionaries(Desk(client, store, limit=0)), Choice(), now)
    asked = {question.first: one for group in plan.groups for one, question in group.values}
    for question in plan.questions:
        one = asked.get(question.first)
        keep(question, {"id": 1} if one is None else values(one.indicator, one.date, len(codes)))


def unit_row(number: int, code: str) -> dict[str, object]:
    pairs = [code[start : start + 2] for start in range(0, len(code), 2)]
    names = zip(("woj", "pow", "gmn"), pairs, strict=False)
    return {"id-teryt": number, "rodz": "2" if len(code) == 6 else "", **dict(names)}


def values(indicator: int, date: int, units: int) -> bytes:
    """Return an answer of ``indicator-date-data``; every hundredth value is missing."""
    rng = np.random.default_rng([indicator, date])
    numbers = np.round(rng.gamma(2, 50, units), 2).tolist()
    missing = (rng.random(units) < 0.01).tolist()
    rows = [
        f'{{"id":{indicator},"id-daty":{date},"id-teryt":{n},"id-flaga":{5 if gone else 1},'
        f'"wartosc":{"null" if gone else value},"precyzja":2}}'
        for n, (value, gone) in enumerate(zip(numbers, missing, strict=True))
    ]
    return f'{{"data":[{",".join(rows)}],"page-count":1}}'.encode()


def held_rows(indicators: int) -> Iterator[list[dict[str, object]]]:
    """Yield the rows of the answers of the first indicators as any program would read them."""
    import zlib

    from smup_lib.sources.web.services import SMUP

    wanted = {str(n) for n in range(1, indicators + 1)}
    with sqlite3.connect(SMUP.answers_path()) as store:
        found = store.execute("SELECT request, body FROM answers WHERE request LIKE '%date-data%'")
        for request, body in found:
            if request.partition("id=")[2].partition("&")[0] in wanted:
                yield json.loads(zlib.decompress(body))["data"]


def plain_pandas(indicators: int, home: Path) -> None:
    import pandas as pd

    frames = [pd.DataFrame(rows) for rows in held_rows(indicators)]
    pd.concat(frames, ignore_index=True).to_parquet(home / "plain.parquet")


def plain_sqlite(indicators: int, home: Path) -> None:
    with sqlite3.connect(home / "plain.sqlite") as table:
        table.execute(
            "CREATE TABLE v (id, daty, teryt, flaga, wartosc, precyzja,"
            " PRIMARY KEY (id, daty, teryt)) WITHOUT ROWID"
        )
        for rows in held_rows(indicators):
            told = (tuple(row.values()) for row in rows)
            table.executemany("INSERT INTO v VALUES (?, ?, ?, ?, ?, ?)", told)


def sync() -> None:
    """Read everything that is held, in a process of its own, and say how long it took."""
    from smup_lib.sources.web.smup_sync import SyncOptions, sync_smup

    told: dict[str, object] = {}
    took = seconds(lambda: told.update(report=sync_smup(options=SyncOptions(limit=0))))
    report = told["report"]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    cpu = time.process_time()
    added = report.written.added  # type: ignore[attr-defined]
    print(json.dumps({"seconds": took, "rows": added, "peak_mb": peak, "cpu": cpu}))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--indicators", type=int, default=428)
    parser.add_argument("--plain", type=int, default=20)
    parser.add_argument("--run", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        sync()
        return
    print_machine()
    with tempfile.TemporaryDirectory(prefix="national_ingest_") as home:
        os.environ["SMUP_HOME"] = home
        codes = make_register()
        keep_answers(codes, options.indicators)
        print_machine()
        done = subprocess.run(
            [sys.executable, __file__, "--run"], capture_output=True, text=True, check=True
        )
        told = json.loads(done.stdout)
        rows, took = told["rows"], told["seconds"]
        few = min(options.plain, options.indicators)
        plain_rows = few * len(YEARS) * len(codes)
        share = rows / plain_rows
        pandas_s = seconds(lambda: plain_pandas(few, Path(home))) * share
        sqlite_s = seconds(lambda: plain_sqlite(few, Path(home))) * share
    name = f"ingest of {rows:,} held rows, {options.indicators} indicators"
    print_row(f"{name}, beside pandas (from {plain_rows:,})", took, pandas_s)
    print_row(f"{name}, beside SQLite (from {plain_rows:,})", took, sqlite_s)
    print(f"{'rows a second':52} | {rows / took:8.0f} | CPU {told['cpu']:.0f} s | {TARGET_RATE}")
    print(
        f"{'memory at the peak, whole process (RSS)':52} | {told['peak_mb']:8.0f} MB | {TARGET_MB}"
    )
    whole = took * ALL_INDICATORS / options.indicators / 60
    print(f"{'all 1 285 indicators at this rate (extrapolated)':52} | {whole:8.1f} min")
    print_machine()


if __name__ == "__main__":
    main()
