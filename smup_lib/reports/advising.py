"""Whom can a unit ask about its weak results? Similar units over the years, and the cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from smup_lib.catalogue.practice_book import load_practices
from smup_lib.conclude.practices import Advice, advise, asked_instead, weak_items
from smup_lib.errors import GroupError
from smup_lib.indicators import compute_values
from smup_lib.present.advice import render_advice

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import pandas as pd

    from smup_lib.catalogue import Level
    from smup_lib.conclude import AreaAssessment, IndicatorAssessment
    from smup_lib.reports.loading import Workspace
    from smup_lib.units import PeerGroup

#: So far back earlier years are looked for.
_YEARS_BACK = 10


def load_advice(
    workspace: Workspace,
    assessment: AreaAssessment,
    items: Sequence[IndicatorAssessment] | None = None,
) -> tuple[Advice, ...]:
    """Return whom to ask about each weak indicator (or the ones named), most important first.

    Peers are looked for among similar units, whatever group the page compares with; where nobody
    can be called similar, in that group.
    """
    weak = weak_items(assessment) if items is None else items
    if not weak:
        return ()
    group = _similar(workspace, assessment)
    asked = {one.indicator.id: one for one in (asked_instead(assessment, i) for i in weak)}
    series = _series_of(workspace, assessment, list(asked.values()), group)
    cards = load_practices().cards
    fictional = workspace.snapshot.fictional
    return tuple(
        advise(assessment, item, group, series, cards, fictional=fictional) for item in weak
    )


def _series_of(
    workspace: Workspace,
    assessment: AreaAssessment,
    asked: Sequence[IndicatorAssessment],
    group: PeerGroup,
) -> pd.DataFrame:
    """Return earlier values of the unit and a group; read only where they are not at hand."""
    import pandas as pd

    area, unit, year = assessment.area, assessment.unit, assessment.year
    codes = dict.fromkeys([unit.code, *group.members])
    years = range(year - _YEARS_BACK, year)
    kept = workspace.kept.find(area.id, unit.level, year) is not None
    # an assessment holds all years of its own group, and of everybody where they are kept
    if kept or group is assessment.group:
        return pd.concat([one.table.over_years(codes, years) for one in asked], ignore_index=True)
    return compute_values(
        [one.indicator for one in asked],
        workspace.snapshot,
        workspace.catalogue,
        cast("Level", unit.level),
        unit_codes=codes,
        years=years,
        register=workspace.register,
        as_of=year,
    )


def _similar(workspace: Workspace, assessment: AreaAssessment) -> PeerGroup:
    if assessment.group.rule == "similar":
        return assessment.group
    try:
        return workspace.group("similar", assessment.unit, assessment.year, assessment.area)
    except GroupError:
        return assessment.group


def show_advice(
    workspace: Workspace,
    advice: tuple[Advice, ...],
    items: Sequence[IndicatorAssessment],
    names: Mapping[str, str],
    on_page: Collection[str],
) -> str:
    """Return whom to ask about those of the indicators that are weak, as markup."""
    here = {item.indicator.id for item in items}
    told = [one for one in advice if one.item.indicator.id in here]
    land = workspace.snapshot.fictional
    return render_advice(told, workspace.catalogue, names, fictional=land, on_page=on_page)
