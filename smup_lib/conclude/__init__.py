"""The speech: judgements become findings with their evidence; no disk, no network, no drawing."""

from smup_lib.conclude.assessment import (
    AreaAssessment,
    DimensionGap,
    IndicatorAssessment,
    assess_area,
    assess_indicator,
)
from smup_lib.conclude.evidence import CitedNumber, NumberKey
from smup_lib.conclude.findings import Finding, list_findings

__all__ = [
    "AreaAssessment",
    "CitedNumber",
    "DimensionGap",
    "Finding",
    "IndicatorAssessment",
    "NumberKey",
    "assess_area",
    "assess_indicator",
    "list_findings",
]
