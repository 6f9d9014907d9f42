"""Which numbers of an area does an analyst get as a table for further work?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.conclude import AreaAssessment

#: What is taken from the place in the group, under the same names.
_OF_PLACE = ("median", "q25", "q75", "gap", "rank", "n_ranked", "percentile", "standing")


def frame_area(assessment: AreaAssessment) -> pd.DataFrame:
    """Return one row an indicator, with the columns that ``AreaView.frame`` names."""
    import pandas as pd

    rows = [
        {
            "indicator": item.indicator.id,
            "name": item.indicator.name,
            "dimension": item.indicator.dimension,
            "measure_unit": item.indicator.measure_unit,
            "value": item.value,
            "flag": item.flag,
            "qualifiers": item.qualifiers,
            "source": "" if item.value is None or item.row is None else str(item.row["source"]),
        }
        | {name: getattr(item.position, name) for name in _OF_PLACE}
        | {"trend": item.trend.direction, "slope": item.trend.slope}
        for item in assessment.indicators
    ]
    return pd.DataFrame(rows)
