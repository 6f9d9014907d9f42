"""An assessed area of the fictional land, built from drawn tables."""

from __future__ import annotations

from typing import Any

import pandas as pd

from smup_lib.catalogue import DataGap, Indicator, Service, ServiceArea
from smup_lib.conclude import AreaAssessment, assess_area
from smup_lib.conclude.area_values import AreaValues
from smup_lib.indicators import VALUE_COLUMNS
from smup_lib.units import PeerGroup, Unit

UNIT = Unit("9010", "powiat", "land_powiat", "próbny", "powiat próbny (9010)", "powiat próbny", "")
PEERS = tuple(f"90{n}" for n in range(11, 21))
GAP = DataGap(
    dimension="accessibility",
    wanted="Odsetek doświetlonych przejść.",
    reason="Nikt tego nie zbiera.",
    source="Ewidencja zarządcy drogi.",
    levels=("powiat",),
)


def area(*indicators: Indicator) -> ServiceArea:
    """Return an area with one service and one gap."""
    service = Service(
        code="DRO-07",
        name="Bezpieczeństwo",
        description="Bezpieczeństwo ruchu.",
        levels=("powiat",),
        gaps=(GAP,),
    )
    return ServiceArea(
        id="roads_transport",
        name="Drogi",
        description="Drogi i ruch.",
        services=(service,),
        indicators=indicators,
    )


def rows(indicator: str, year: int, values: dict[str, float], **columns: Any) -> pd.DataFrame:
    """Return values of one indicator and year; NaN becomes a gap."""
    frame = pd.DataFrame({"unit_code": list(values), "value": list(values.values())})
    missing = frame["value"].isna()
    defaults: dict[str, Any] = {
        "year": year,
        "indicator": indicator,
        "numerator": float("nan"),
        "denominator": float("nan"),
        "flag": missing.map({True: "missing_or_secret", False: "ok"}),
        "qualifiers": "",
        "decimals": 1,
        "provenance": "computed",
        "source": "sample:land@0000aaaa",
        "n_used": 1,
        "n_flags": "ok=1",
        "recalculated_from": "",
        "parted_in": "",
    }
    return frame.assign(**(defaults | columns))[list(VALUE_COLUMNS)]


def assessed(
    indicators: list[Indicator],
    values: list[pd.DataFrame],
    series: list[pd.DataFrame] | None = None,
    peers: tuple[str, ...] = PEERS,
    doubts: dict[str, Any] | None = None,
) -> AreaAssessment:
    """Assess the unit among its peers, with three further groups for robustness."""
    year_values = pd.concat(values, ignore_index=True)
    all_years = pd.concat([*values, *(series or [])], ignore_index=True)
    group = PeerGroup(
        "chosen", {}, "chosen:x", UNIT.code, "powiat", 2022, peers, "Wybrane.", **(doubts or {})
    )
    others = {"a": peers[:8], "b": peers[1:9], "c": peers[2:10]}
    laid_out = AreaValues(all_years, 2022, set(year_values["unit_code"]))
    return assess_area(area(*indicators), UNIT, 2022, group, laid_out, other_groups=others)


def among_peers(own: float, peers: list[float]) -> dict[str, float]:
    """Return the unit's value and its peers' values by code."""
    return {UNIT.code: own} | dict(zip(PEERS, peers, strict=True))
