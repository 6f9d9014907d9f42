"""Which indicators have what is divided and lack only what it is divided by?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from smup_lib.teryt import write_levels
from smup_lib.years import format_years

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Catalogue, Indicator, Variable
    from smup_lib.conclude import AreaAssessment, IndicatorAssessment


@dataclass(frozen=True)
class LackingInput:
    """An indicator whose numerator is loaded for years without its denominator.

    Attributes
    ----------
    indicator : Indicator
        What cannot be computed.
    lacks : tuple of Variable
        What it is divided by.
    held : tuple of Variable
        What is loaded.
    years : tuple of int
        Years of the numerator, oldest first.
    """

    indicator: Indicator
    lacks: tuple[Variable, ...]
    held: tuple[Variable, ...]
    years: tuple[int, ...]

    def said(self, level: str) -> str:
        """Return in Polish what there is and what to load beside it."""
        when = f"{self.years[0]} r." if len(self.years) == 1 else f"lata {format_years(self.years)}"
        return (
            f"za {when} jest {_quoted(self.held)}, a brakuje: "
            f"{_quoted(self.lacks)} na szczeblu {write_levels([level])}"
        )


def list_lacking(values: pd.DataFrame, catalogue: Catalogue) -> list[LackingInput]:
    """List the indicators of one unit that lack only their denominator, and in which years.

    Parameters
    ----------
    values : DataFrame
        Columns of ``VALUE_COLUMNS``, rows of one unit.
    catalogue : Catalogue
        Names the variables.
    """
    alone = (
        values["numerator"].notna() & values["denominator"].isna() & values["flag"].eq("no_data")
    )
    years = values[alone].groupby("indicator", sort=False)["year"]
    return [
        found
        for name, own in years
        for found in _lacking(catalogue.indicator(str(name)), own.tolist(), catalogue)
    ]


def _lacking(
    indicator: Indicator, years: list[int], catalogue: Catalogue
) -> Iterator[LackingInput]:
    """Yield what lacks; what looks back at another year is divided by no input of its own."""
    named = indicator.inputs
    if named.denominator:
        yield LackingInput(
            indicator,
            tuple(map(catalogue.variable, named.divided_by)),
            tuple(map(catalogue.variable, (*named.numerator, *named.minus))),
            tuple(sorted(years)),
        )


def name_lacking(assessment: AreaAssessment, catalogue: Catalogue) -> AreaAssessment:
    """Return the assessment with the missing input named where only a denominator is missing."""
    level = assessment.unit.level
    items = tuple(_named(item, catalogue, level) for item in assessment.indicators)
    return replace(assessment, indicators=items)


def _named(item: IndicatorAssessment, catalogue: Catalogue, level: str) -> IndicatorAssessment:
    row = item.own_row
    if item.status != "no_data" or row is None or row["numerator"] != row["numerator"]:
        return item
    lacking = list_lacking(item.table.frame([item.unit_code]), catalogue)
    if not lacking:
        return item
    said = f"{lacking[0].said(level)}; wczytaj brakującą zmienną"
    return replace(item, reason=said if item.last_year is None else f"{item.reason}; {said}")


def _quoted(variables: tuple[Variable, ...]) -> str:
    return " i ".join(f"„{variable.label}”" for variable in variables)
