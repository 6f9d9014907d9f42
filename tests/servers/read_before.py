"""What every synchronisation reads before it asks anything: libraries and the catalogue."""

from __future__ import annotations

import duckdb
import httpx
import pandera.pandas
import pyarrow.parquet

from smup_lib.catalogue import load_catalogue
from smup_lib.commands import sync
from smup_lib.sources import importing
from tests.servers import program

__all__ = ["duckdb", "httpx", "importing", "pandera", "program", "pyarrow", "sync"]

load_catalogue()
