"""What will we change, by when, and by which number will we know? An improvement plan.

The shape of a plan; whether it holds against the data is the matter of
:mod:`smup_lib.conclude.plan_checks`, what became of it that of
:mod:`smup_lib.conclude.plan_follow_up`.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from smup_lib.catalogue import Indicator
from smup_lib.catalogue.vocabulary import CatalogueModel, Identifier, Text

#: Of the file; a newer workbench reads older formats.
FORMAT = 1
Way = Literal["higher", "lower"]
Year = Annotated[int, Field(ge=1990, le=2100)]
_CONTACT = re.compile(r"@|\d{3}[ -]?\d{3}[ -]?\d{3}")


class Baseline(CatalogueModel):
    """Where the action starts from: the value as the data print it, and its year."""

    value: Annotated[float, Field(description="wartość wyjściowa, taka jak w raporcie")]
    year: Annotated[Year, Field(description="rok wartości wyjściowej")]


class PlannedAction(CatalogueModel):
    """One thing that will be done, and the number by which it will be known."""

    id: Annotated[Identifier, Field(description="krótka nazwa działania")]
    cause: Annotated[Text, Field(description="przyczyna, na którą działanie odpowiada")]
    action: Annotated[Text, Field(description="co zostanie zrobione")]
    owner: Annotated[Text, Field(description="komórka albo stanowisko, nigdy nazwisko")]
    budget: Annotated[float, Field(ge=0, description="koszt w złotych; 0, gdy bez kosztu")]
    indicator: Annotated[Identifier, Field(description="identyfikator wskaźnika z katalogu")]
    baseline: Annotated[Baseline, Field(description="value i year: skąd zaczynamy")]
    target: Annotated[float, Field(description="wartość, którą chcemy osiągnąć")]
    deadline: Annotated[Year, Field(description="rok danych, w których cel ma być widoczny")]
    risk: Annotated[Text, Field(description="co może przeszkodzić i co wtedy")]
    direction: Way | None = None
    direction_reason: Text | None = None
    practice: Identifier | None = None

    @model_validator(mode="after")
    def _check_years_and_words(self) -> PlannedAction:
        wrong = []
        if self.deadline <= self.baseline.year:
            wrong.append(
                f"termin ({self.deadline}) musi być późniejszy niż rok wartości wyjściowej "
                f"({self.baseline.year})"
            )
        if (self.direction is None) != (self.direction_reason is None):
            wrong.append("direction i direction_reason podaje się razem: kierunek i jego powód")
        if _CONTACT.search(self.owner):
            wrong.append("owner to komórka albo stanowisko, bez adresu i telefonu")
        if wrong:
            raise ValueError("; ".join(wrong))
        return self


class ImprovementPlan(CatalogueModel):
    """What an office will do for a service, for one unit.

    ``version`` counts the changes that the office agreed to; ``snapshot`` is the state of the data
    that the baseline values were taken from.
    """

    format: Literal[1] = 1
    id: Annotated[Identifier, Field(description="krótka nazwa planu i pliku")]
    version: Annotated[int, Field(ge=1)] = 1
    title: Annotated[Text, Field(description="tytuł planu")]
    unit: Annotated[
        str,
        StringConstraints(pattern=r"^\d{4}(\d{2})?$"),
        Field(description="kod TERYT jednostki"),
    ]
    area: Annotated[Identifier, Field(description="identyfikator obszaru usług")]
    service: str | None = None
    group: str | None = None
    snapshot: Annotated[Text, Field(description="stan danych wartości wyjściowych")]
    approved: dt.date | None = None
    actions: Annotated[tuple[PlannedAction, ...], Field(description="lista działań")]

    @model_validator(mode="after")
    def _check_ids(self) -> ImprovementPlan:
        if not self.actions:
            raise ValueError("plan nie ma ani jednego działania")
        ids = [action.id for action in self.actions]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"każde działanie ma własne id; powtarzają się: {', '.join(twice)}")
        return self

    @property
    def indicators(self) -> tuple[str, ...]:
        """Ids of the indicators that the actions are to change, once each."""
        return tuple(dict.fromkeys(action.indicator for action in self.actions))


def way_of(indicator: Indicator, action: PlannedAction) -> Way | Literal["target"] | None:
    """Return which way is better: the catalogue's, else the one that the office states; or None.

    Examples
    --------
    >>> from smup_lib.catalogue import load_catalogue
    >>> plain = PlannedAction.model_construct(direction="lower")
    >>> cost = load_catalogue().indicator("lighting_cost_per_light")
    >>> way_of(cost, plain), way_of(cost, PlannedAction.model_construct(direction=None))
    ('lower', None)
    """
    judged = indicator.polarity.judged
    return action.direction if judged == "neutral" else judged


def gain_of(
    indicator: Indicator, action: PlannedAction, value: float, start: float
) -> float | None:
    """Return by how much a value is better than another; negative when worse, None without a way.

    Examples
    --------
    >>> from smup_lib.catalogue import load_catalogue
    >>> cost = load_catalogue().indicator("lighting_cost_per_light")
    >>> gain_of(cost, PlannedAction.model_construct(direction="lower"), 80.0, 100.0)
    20.0
    """
    way = way_of(indicator, action)
    if way is None:
        return None
    if way == "target":
        aim = indicator.polarity.target
        assert aim is not None  # the model requires it
        return abs(start - aim) - abs(value - aim)
    return value - start if way == "higher" else start - value
