"""Claims on the fictional land, judged without the loading of pages: whole areas computed once."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import pandas as pd

from smup_lib.catalogue import Indicator
from smup_lib.conclude import assess_area
from smup_lib.conclude.area_values import AreaValues
from smup_lib.conclude.claim_check import check_claim
from smup_lib.conclude.claim_data import ClaimData
from smup_lib.conclude.claims import Claim
from smup_lib.conclude.verdicts import Verdict
from smup_lib.indicators import compute_values
from smup_lib.reports.loading import Workspace
from smup_lib.units import PeerGroup

LEVEL = "powiat"


class ClaimLand:
    """All powiaty of the sample land with all their values."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    @cached_property
    def indicators(self) -> list[Indicator]:
        known = self.workspace.catalogue.indicators.values()
        return [one for one in known if LEVEL in one.levels]

    @cached_property
    def values(self) -> dict[str, pd.DataFrame]:
        """All values by indicator."""
        rows = compute_values(
            self.indicators, self.workspace.snapshot, self.workspace.catalogue, LEVEL
        )
        return {str(name): part for name, part in rows.groupby("indicator")}

    def codes(self, year: int) -> list[str]:
        return sorted(self.workspace.register.codes(LEVEL, year))

    def family(self, indicator: Indicator) -> list[Indicator]:
        """Return an indicator with its twins and what stands beside it."""
        names = {indicator.id, indicator.twin_of, *indicator.paired_with} - {None}
        return [one for one in self.indicators if one.id in names or one.twin_of in names]

    def data(self, claim: Claim, peers: Sequence[str], seed: int = 0) -> ClaimData:
        """Lay a claim out beside a chosen group, with four other groups drawn from all."""
        indicator = self.workspace.catalogue.indicator(claim.indicator)
        family = self.family(indicator)
        area = self.workspace.catalogue.area(indicator.area)
        narrowed = area.model_copy(update={"indicators": tuple(family), "services": (), "gaps": ()})
        unit = self.workspace.unit(claim.unit, level=LEVEL, year=claim.year)
        parts = [self.values[one.id] for one in family if one.id in self.values]
        rows = pd.concat(parts or [next(iter(self.values.values())).iloc[:0]])
        group = PeerGroup(
            "chosen", {}, "chosen:x", unit.code, LEVEL, claim.year, tuple(peers), "Wybrane."
        )
        draw = random.Random(seed)
        pool = [code for code in self.codes(claim.year) if code != unit.code]
        others = {f"g{n}": sorted(draw.sample(pool, 15)) for n in range(4)}
        breaks = {one.id: one.breaks for one in family}
        assessment = assess_area(
            narrowed,
            unit,
            claim.year,
            group,
            AreaValues(rows, claim.year, set(self.codes(claim.year))),
            other_groups=others,
            breaks=breaks,
        )
        other = None
        if claim.other is not None:
            other = self.workspace.unit(claim.other, level=LEVEL, year=claim.year)
        return ClaimData(claim, assessment, rows, other)


def judged(data: ClaimData, **changes: Any) -> Verdict:
    """Return the verdict on a claim of the same unit, indicator and year that says otherwise."""
    said = {"unit": data.claim.unit, "indicator": data.claim.indicator, "year": data.claim.year}
    claim = Claim(**{**said, **changes})
    return check_claim(ClaimData(claim, data.assessment, data.rows, data.other))
