"""The speech: judgements become findings with their evidence; no disk, no network, no drawing."""

from smup_lib.conclude.assessment import (
    AreaAssessment,
    DimensionGap,
    IndicatorAssessment,
    assess_area,
    assess_indicator,
)
from smup_lib.conclude.evidence import CitedNumber, NumberKey
from smup_lib.conclude.finding import Finding
from smup_lib.conclude.findings import list_findings
from smup_lib.conclude.signals import Signals, list_signals

__all__ = [
    "AreaAssessment",
    "CitedNumber",
    "DimensionGap",
    "Finding",
    "IndicatorAssessment",
    "NumberKey",
    "Signals",
    "assess_area",
    "assess_indicator",
    "list_findings",
    "list_signals",
]
