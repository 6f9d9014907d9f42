"""Is a cost high in a unit's circumstances, and who reaches as much with less? (M17, M18)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from smup_lib.compare import (
    Factor,
    Need,
    compare_frontier,
    compare_need_cost,
    read_frontier,
    read_need_cost,
)
from smup_lib.compare.methods import basis_of
from smup_lib.compare.position import badness
from smup_lib.conclude.answers import Answer, Inquiry
from smup_lib.polish_text import in_sentence

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator
    from smup_lib.catalogue.model import FrontierFactors
    from smup_lib.conclude.assessment import IndicatorAssessment

#: Said wherever a model compares costs: it may never be read as waste.
NO_WASTE = "To pytanie o warunki, a nie dowód oszczędności ani marnotrawstwa."


def ask_needs(
    asked: Inquiry, conditions: pd.DataFrame, labels: Mapping[str, str]
) -> Iterator[Answer]:
    """Ask whether a cost is high in these circumstances, where the catalogue names them (M17).

    Parameters
    ----------
    asked : Inquiry
        The indicator of the unit.
    conditions : DataFrame
        Index: codes of all units of the unit's kind; a column for each need that is known.
    labels : mapping of str to str
        Polish names of the variables.
    """
    declared = asked.indicator.needs
    if not declared:
        return
    lacking = [labels[n.variable] for n in declared if n.variable not in conditions]
    if lacking:
        listed = ", ".join(map(in_sentence, lacking))
        yield Answer("circumstances", "M17", reason=f"brak danych o warunkach: {listed}")
        return
    needs = [
        Need(
            n.variable,
            in_sentence(labels[n.variable]),
            1 if n.makes == "dearer" else -1,
            logged=n.logged,
        )
        for n in declared
    ]
    rows = asked.item.values[asked.item.values["unit_code"].isin(conditions.index)]
    values = rows.merge(conditions, left_on="unit_code", right_index=True, how="left")
    found = compare_need_cost(asked.indicator, values, needs)
    indicator = asked.indicator
    reading = None
    if not asked.reason(found):
        reading = read_need_cost(found, asked.unit, indicator.measure_unit, indicator.decimals)
    told = asked.answer("circumstances", found, reading)
    reasons = tuple(f"{labels[n.variable]}: {n.reason}" for n in declared)
    yield Answer(
        told.theme,
        told.method,
        told.reading,
        told.reason,
        "same_kind",
        (NO_WASTE, *reasons) if told.reading else (),
    )


def ask_frontier(
    asked: Inquiry, alike: Mapping[str, str], names: Mapping[str, str]
) -> Iterator[Answer]:
    """Ask who reaches as much with less, where the catalogue says of what (M18).

    Parameters
    ----------
    asked : Inquiry
        An indicator of the service.
    alike : mapping of str to str
        Units of the unit's kind by code, with the kind.
    names : mapping of str to str
        Polish names of units by code.
    """
    service = asked.assessment.area.service_of(asked.indicator)
    frontier = service.frontier if service else None
    if frontier is None or asked.indicator.id not in (*frontier.inputs, *frontier.outputs):
        return
    items = {item.indicator.id: item for item in asked.assessment.indicators}
    lacking = [n for n in (*frontier.inputs, *frontier.outputs) if n not in items]
    if lacking:
        yield Answer("circumstances", "M18", reason="nakładów i efektów nie ma na tym szczeblu")
        return
    values = _factor_values(frontier, items, alike)
    factors = [_factor(items[n].indicator, frontier) for n in values.columns[2:]]
    found = compare_frontier(values, factors, only=[asked.unit])
    reading = None if asked.reason(found) else read_frontier(found, asked.unit, names)
    told = asked.answer("circumstances", found, reading)
    listed = ", ".join(
        in_sentence(items[n].indicator.short_name) for n in (*frontier.inputs, *frontier.outputs)
    )
    yield Answer(
        told.theme,
        told.method,
        told.reading,
        told.reason,
        "same_kind",
        (f"{frontier.reason} Porównano: {listed}. {NO_WASTE}",) if told.reading else (),
    )


def _factor(indicator: Indicator, frontier: FrontierFactors) -> Factor:
    return Factor(
        indicator.id,
        "input" if indicator.id in frontier.inputs else "output",
        "relative",
        basis_of(indicator),
        quality=indicator.dimension == "quality",
    )


def _factor_values(
    frontier: FrontierFactors,
    items: Mapping[str, IndicatorAssessment],
    alike: Mapping[str, str],
) -> pd.DataFrame:
    """Return a row a unit, a column a factor; of outputs more is always better."""
    import pandas as pd

    columns: dict[str, pd.Series] = {}
    for name in (*frontier.inputs, *frontier.outputs):
        item = items[name]
        values = item.values.set_index("unit_code")["value"].reindex(list(alike))
        # more of an output is better: less badness, whichever way that is
        turned = name in frontier.outputs and item.indicator.polarity.judged in ("lower", "target")
        bad = badness(item.indicator, values.to_numpy(dtype="float64"))
        columns[name] = pd.Series(-bad, values.index) if turned else values
    frame = pd.DataFrame(columns).reset_index(names="unit_code")
    frame.insert(1, "kind", [alike[code] for code in frame["unit_code"]])
    return frame
