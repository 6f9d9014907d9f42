"""Which files stand behind shown numbers, under which numbers, and what do other files say?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from smup_lib.conclude.evidence import NumberKey
from smup_lib.indicators.selection import list_unpicked
from smup_lib.present.formats import format_number
from smup_lib.present.sources import (
    OtherValue,
    SourceLine,
    SourceRow,
    source_line,
    source_marks,
)
from smup_lib.present.tables import is_null
from smup_lib.reports.kept_values import Unpicked, UnpickedByUnit

if TYPE_CHECKING:
    from smup_lib.catalogue import Catalogue
    from smup_lib.conclude import AreaAssessment, IndicatorAssessment
    from smup_lib.snapshots import Snapshot


@dataclass(frozen=True)
class SourceBook:
    """The sources of a snapshot, numbered once for all pages made from it."""

    snapshot: Snapshot
    catalogue: Catalogue

    @cached_property
    def _rows(self) -> dict[str, SourceRow]:
        records = self.snapshot.manifest.sources
        return {
            source: self._row(number, source) for number, source in enumerate(sorted(records), 1)
        }

    def _row(self, number: int, source: str) -> SourceRow:
        record = self.snapshot.manifest.sources[source]
        publisher = self.catalogue.publisher_of(source)
        file, years = record.file, record.years
        return SourceRow(
            number=number,
            id=source,
            title=record.title,
            publisher=publisher.name,
            credit=publisher.credit,
            dataset=record.dataset,
            file=file.name if file else "",
            sha256=file.sha256 if file else "",
            retrieved=file.told_day if file else "",
            imported=file.imported if file else "",
            years=(min(years), max(years)) if years else (),
            origin=record.origin,
        )

    def rows(self, sources: Iterable[str]) -> list[SourceRow]:
        """Return the rows of sources by their ids, each once, in the order of their numbers."""
        found = {source: self._rows[source] for source in sources if source in self._rows}
        return sorted(found.values(), key=lambda row: row.number)

    def boundaries(self, level: str) -> list[SourceRow]:
        """Return the sources of the outlines and borders of a level."""
        records = self.snapshot.manifest.sources.values()
        return self.rows(r.id for r in records if r.dataset == f"boundaries:{level}")

    def line(self, sources: Iterable[str], *, outlines: str = "") -> SourceLine:
        """Return the source line of a chart; ``outlines`` is the level whose borders it draws."""
        rows = self.rows(sources) + (self.boundaries(outlines) if outlines else [])
        return source_line(rows, self.snapshot.manifest.created[:10])

    def marks(self, item: IndicatorAssessment) -> str:
        """Return the sources of the unit's own value as links."""
        own = "" if item.row is None else str(item.row["source"])
        return source_marks(self.rows(own.split()))

    def other_values(
        self, assessment: AreaAssessment, known: Sequence[Unpicked] | None = None
    ) -> dict[str, list[OtherValue]]:
        """Return, by indicator, what other sources hold for the unit's cells of the year.

        ``known`` is what :func:`read_unpicked` found for the unit in the area, if it was asked.
        """
        a = assessment
        if known is None:
            names = {name for item in a.shown() for name in item.indicator.inputs.variables}
            asked = (names, a.unit.level, a.year, [a.unit.code])
            known = read_unpicked(self.snapshot, self.catalogue, *asked).get(a.unit.code, ())
        found: dict[str, list[OtherValue]] = {}
        for variable, value, decimals, source in known:
            for item in a.shown():
                if variable in item.indicator.inputs.variables:
                    other = self._other(a, item, variable, value, decimals, source)
                    found.setdefault(item.indicator.id, []).append(other)
        return found

    def _other(
        self,
        assessment: AreaAssessment,
        item: IndicatorAssessment,
        variable: str,
        value: float,
        decimals: float | None,
        source: str,
    ) -> OtherValue:
        known = self.catalogue.variable(variable)
        itself = item.indicator.inputs.value == variable
        digits = item.indicator.decimals if is_null(decimals) else int(decimals or 0)
        key = NumberKey(assessment.unit.code, variable, assessment.year, f"value_from:{source}")
        shown = format_number(item.value, item.indicator.decimals)
        return OtherValue(
            label="" if itself else known.label,
            value=float(value),
            decimals=digits,
            measure_unit=known.measure_unit,
            key=key,
            source=self._rows[source],
            same=itself and shown == format_number(value, item.indicator.decimals),
        )


def read_unpicked(
    snapshot: Snapshot,
    catalogue: Catalogue,
    variables: Iterable[str],
    level: str,
    year: int,
    codes: Iterable[str] | None = None,
) -> UnpickedByUnit:
    """Return the numbers of a year that no page shows as its own, by unit.

    Parameters
    ----------
    snapshot, catalogue : Snapshot, Catalogue
        Where they are, and which source goes first.
    variables : iterable of str
        Ids of the variables asked about.
    level, year : str, int
        Of which units, and when.
    codes : iterable of str, optional
        Some units; all of the level when omitted.
    """
    observations = snapshot.observations(variables, codes, [year], level)
    left_out = list_unpicked(observations, catalogue)
    found = defaultdict(list)
    columns = (left_out[name].tolist() for name in ("unit_code", *Unpicked._fields))
    for code, *told in zip(*columns, strict=True):
        found[code].append(Unpicked(*told))
    return dict(found)
