"""Which bars does a ranking show, and which places do they take?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from smup_lib.present.charts import RankingChart
from smup_lib.present.tables import is_null


@dataclass(frozen=True)
class Bar:
    """One unit of a ranking.

    ``rank`` is ``place`` as it is printed, empty where places are not shown.
    """

    code: str
    name: str
    value: float
    rank: str
    own: bool
    place: int = 0


def list_bars(chart: RankingChart) -> tuple[list[Bar | None], int]:
    """Return the bars to draw; None stands for units left out between them."""
    frame = chart.ordered()
    ranks: list[Any] = frame["rank"].tolist() if chart.ranked else [None] * len(frame)
    columns = (frame[name].tolist() for name in ("unit_code", "name", "value"))
    rows = [
        Bar(
            str(code),
            str(name),
            float(value),
            _place(rank, ranks),
            code == chart.key.unit,
            0 if is_null(rank) else int(rank),
        )
        for code, name, value, rank in zip(*columns, ranks, strict=True)
    ]
    kept = _kept(rows, chart.limit)
    out: list[Bar | None] = []
    for before, i in zip([-1, *kept], kept, strict=False):
        if i != before + 1:
            out.append(None)
        out.append(rows[i])
    return out, len(rows) - len(kept)


def _place(rank: Any, ranks: list[Any]) -> str:
    """Write a place; units that share it share the whole span of places."""
    if is_null(rank):
        return ""
    first, ties = int(rank), ranks.count(rank)
    return f"{first}." if ties == 1 else f"{first}–{first + ties - 1}."


def _kept(rows: list[Bar], limit: int) -> list[int]:
    """Return which rows to draw: both ends and the surroundings of the reader's unit."""
    n = len(rows)
    if n <= limit:
        return list(range(n))
    own = next((i for i, bar in enumerate(rows) if bar.own), 0)
    ends = max(limit // 5, 1)
    keep = {*range(ends), *range(n - ends, n)}
    around = limit - len(keep)
    start = min(max(own - around // 2, ends), n - ends - around)
    return sorted(keep | set(range(start, start + around)))
