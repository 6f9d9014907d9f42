"""What does a chart of availability say? Rows, years, and how much of each year is there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from smup_lib.plurals import agree
from smup_lib.present.chart_base import Chart
from smup_lib.present.scales import as_number
from smup_lib.years import format_years

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.present.tables import Column


@dataclass(frozen=True, kw_only=True, eq=False)
class HeatChart(Chart):
    """Rows against years; a cell is filled from below by its share of units with a value.

    ``frame`` has ``row, name, year, value``: ``row`` is an id, ``name`` its label, ``value`` the
    share in percent. Rows stand in the order of the frame. Height says what colour says, so that
    the drawing holds in grey and for eyes that tell no colours apart.
    """

    kind: ClassVar[str] = "heat"
    columns: ClassVar[tuple[str, ...]] = ("row", "name", "year", "value")

    @property
    def has_data(self) -> bool:
        """Whether any year of any row has a value; a chart of nothing is told in a box."""
        return any(self.shares.values())

    @cached_property
    def rows(self) -> dict[str, str]:
        """Names of the rows by id, in order."""
        return dict(zip(self.frame["row"].tolist(), self.frame["name"].tolist(), strict=True))

    @cached_property
    def years(self) -> list[int]:
        """All years from the first to the last."""
        known = [int(year) for year in self.frame["year"].tolist()]
        return list(range(min(known), max(known) + 1)) if known else []

    @cached_property
    def shares(self) -> dict[tuple[str, int], float | None]:
        """Share in percent by row and year."""
        columns = (self.frame[name].tolist() for name in ("row", "year", "value"))
        return {(r, int(y)): as_number(v) for r, y, v in zip(*columns, strict=True)}

    def _described(self) -> str:
        shares, newest = self.shares, self.years[-1]
        whole = sum((shares.get((row, newest)) or 0) >= 100 for row in self.rows)
        empty = [name for row, name in self.rows.items() if not self._any(row)]
        text = (
            f"Lata {format_years(self.years)}. W {newest} r. pełne dane ma {whole} "
            f"z {len(self.rows)} {agree(len(self.rows), 'wskaźnika', 'wskaźników')}."
        )
        return text + (f" Bez żadnej wartości: {len(empty)}." if empty else "")

    def _any(self, row: str) -> bool:
        return any(self.shares.get((row, year)) for year in self.years)

    def twin(self) -> tuple[pd.DataFrame, list[Column]]:
        """Return a row an indicator and a column a year, in percent."""
        import pandas as pd

        from smup_lib.present.tables import Column

        shares = self.shares
        frame = pd.DataFrame({"name": list(self.rows.values())})
        columns = [Column("name", "wskaźnik")]
        for year in self.years:
            frame[f"y{year}"] = [shares.get((row, year)) for row in self.rows]
            keys = [self.key.of(indicator=row, year=year) for row in self.rows]
            frame[f"_k{year}"] = pd.Series(keys, dtype=object)
            frame = frame.astype({f"y{year}": "float64"})
            columns.append(
                Column(f"y{year}", f"{year}", "number", "%", self.decimals, key=f"_k{year}")
            )
        return frame, columns
