"""All the small calls that ``smup doctor --live`` makes, in their order."""

from __future__ import annotations

from smup_lib.sources.live.gus_probes import BDL_PROBES, SMUP_PROBES
from smup_lib.sources.live.other_probes import BESTIA_PROBES, OTHER_PROBES

PROBES = (*SMUP_PROBES, *BDL_PROBES, *BESTIA_PROBES, *OTHER_PROBES)
