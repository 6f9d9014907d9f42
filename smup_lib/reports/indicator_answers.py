"""Put every question about one indicator of a unit to the method that answers it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

from smup_lib.compare import Contiguity
from smup_lib.conclude.answers import (
    Answer,
    Inquiry,
    ask_certainty,
    ask_funnel,
    ask_group,
    ask_map,
    ask_time,
    find_funnel,
)
from smup_lib.conclude.circumstances import ask_frontier, ask_needs
from smup_lib.indicators import compute_values
from smup_lib.reports.advising import load_advice
from smup_lib.units.context import load_context

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from smup_lib.catalogue import Indicator, Level
    from smup_lib.compare import Funnel
    from smup_lib.conclude import AreaAssessment, IndicatorAssessment
    from smup_lib.conclude.practices import Advice
    from smup_lib.reports.loading import Workspace

#: What numerators count, after a number of any size; other measure units stand as they are.
_COUNTED = {"os.": "osób", "zł": "zł"}


class IndicatorAnswers:
    """The answers about one indicator of one unit, each asked when it is wanted, once.

    Parameters
    ----------
    workspace : Workspace
        Snapshot, catalogue and register.
    assessment, item : AreaAssessment, IndicatorAssessment
        The unit in the area, and the indicator.
    """

    def __init__(
        self, workspace: Workspace, assessment: AreaAssessment, item: IndicatorAssessment
    ) -> None:
        self._workspace = workspace
        self._assessment = assessment
        self._item = item

    @cached_property
    def own(self) -> pd.DataFrame:
        """Values of the unit in all years, with what they were divided from and by."""
        return self._values(self._item.indicator, [self._assessment.unit.code])

    def _values(self, indicator: Indicator, codes: Sequence[str]) -> pd.DataFrame:
        return compute_values(
            [indicator],
            self._workspace.snapshot,
            self._workspace.catalogue,
            cast("Level", self._assessment.unit.level),
            unit_codes=codes,
            register=self._workspace.register,
            as_of=self._assessment.year,
        )

    @cached_property
    def inquiry(self) -> Inquiry:
        """The indicator with everything that the methods want to know."""
        variables = self._item.indicator.inputs.numerator
        unit = self._workspace.catalogue.variable(variables[0]).measure_unit if variables else ""
        return Inquiry(self._assessment, self._item, self.own, _COUNTED.get(unit, unit))

    @cached_property
    def certainty(self) -> list[Answer]:
        """How sure the number is."""
        return list(ask_certainty(self.inquiry)) if self._shown else []

    @cached_property
    def funnel(self) -> Funnel:
        """The unit and its group against the limits that chance allows their sizes."""
        return find_funnel(self.inquiry)

    @cached_property
    def group(self) -> list[Answer]:
        """Whether the unit differs from its group, and what that is worth."""
        if not self._shown:
            return []
        return [*ask_group(self.inquiry), *ask_funnel(self.inquiry, self.funnel)]

    @cached_property
    def time(self) -> list[Answer]:
        """Whether it changes, and whether the value is odd."""
        return list(ask_time(self.inquiry)) if self._shown else []

    @cached_property
    def map(self) -> list[Answer]:
        """Whether similar values lie together."""
        a, indicator = self._assessment, self._item.indicator
        if not self._shown:
            return []
        allowed = indicator.kinds_at(a.unit.level)
        kinds = self._workspace.register.kinds(a.unit.level, a.year)
        everybody = [code for code, kind in kinds.items() if not allowed or kind in allowed]
        return list(ask_map(self.inquiry, everybody, self._contiguity(everybody)))

    def _contiguity(self, codes: list[str]) -> Contiguity:
        outlines = self._workspace.snapshot.table("outlines")
        outlines = outlines[outlines["level"] == self._assessment.unit.level]
        if len(outlines):
            return Contiguity.of_outlines(outlines, codes)
        return Contiguity.of_borders(self._workspace.snapshot.table("borders"), codes)

    @cached_property
    def circumstances(self) -> list[Answer]:
        """Whether a cost is high in these circumstances, and who reaches as much with less."""
        if not self._shown:
            return []
        a, space = self._assessment, self._workspace
        kinds = space.register.kinds(a.unit.level, a.year)
        alike = {code: str(kind) for code, kind in kinds.items() if kind == kinds[a.unit.code]}
        names = [need.variable for need in self._item.indicator.needs]
        found = load_context(
            space.snapshot, space.catalogue, names, a.unit.level, a.year, list(alike)
        )
        return [
            *ask_needs(self.inquiry, found.values, found.labels),
            *ask_frontier(self.inquiry, alike, self._names),
        ]

    @cached_property
    def advice(self) -> tuple[Advice, ...]:
        """From whom the unit can learn (M13), and the practices that concern the indicator."""
        if not self._shown:
            return ()
        return load_advice(self._workspace, self._assessment, [self._item])

    @cached_property
    def learning(self) -> list[Answer]:
        """Why nobody is named, where nobody is."""
        silent = [one for one in self.advice if not one.peers]
        return [Answer("learning", "M13", reason=_silence(one)) for one in silent]

    @cached_property
    def _names(self) -> dict[str, str]:
        a = self._assessment
        units = self._workspace.register.units(level=a.unit.level, year=a.year)
        return dict(zip(units["unit_code"], units["short_label"], strict=True))

    @property
    def all(self) -> list[Answer]:
        """Every answer, in the order of the page."""
        return [
            *self.certainty,
            *self.group,
            *self.time,
            *self.map,
            *self.circumstances,
            *self.learning,
        ]

    @property
    def _shown(self) -> bool:
        return self._item.status == "shown"


def _silence(advice: Advice) -> str:
    """Say why nobody is named: of the method, or of the candidates."""
    if advice.found.reason is not None:
        return advice.found.reason
    return f"wśród podobnych jednostek: {advice.refusal}"
