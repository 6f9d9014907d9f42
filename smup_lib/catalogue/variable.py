"""What is a variable: a published series, where it stands, and what limits its values?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from smup_lib.catalogue.vocabulary import (
    CatalogueModel,
    CollectedBy,
    Identifier,
    Level,
    Text,
    UnitKind,
)

#: Why a city with powiat rights has no value at powiat level; see ``Variable.city_as_gmina``.
CITY_AS_GMINA = (
    "Miasto na prawach powiatu ma jeden budżet i jeden majątek, z zadaniami gminy i powiatu razem; "
    "tę wartość ma tylko pod kodem gminy."
)


#: ``Variable.reference_date`` of what adds up from January to December.
_DURING_YEAR = "w ciągu roku"


class Caveat(CatalogueModel):
    """A limit of the data that a reader must see beside the value, maybe only in some years.

    ``datasets`` are beginnings of dataset ids (``panel:``) when it concerns values from these only,
    ``levels`` those whose values it concerns, ``units`` codes of the only units; all when empty.
    """

    text: Text
    from_year: int | None = None
    to_year: int | None = None
    datasets: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    units: tuple[str, ...] = ()

    @property
    def dated(self) -> bool:
        """Whether it concerns some years only."""
        return self.from_year is not None or self.to_year is not None

    def concerns(self, sources: Iterable[str]) -> bool:
        """Return whether any of the sources is of its datasets.

        Examples
        --------
        >>> caveat = Caveat(text="Zaokrąglone do 10 osób.", datasets=("panel:",))
        >>> caveat.concerns(["panel:long@0a1b2c3d"]), caveat.concerns(["sample:land@0a1b2c3d"])
        (True, False)
        """
        return not self.datasets or any(one.startswith(self.datasets) for one in sources)

    def holds_at(self, level: str | None) -> bool:
        """Return whether the caveat concerns values of the level, or of any when none is named.

        Examples
        --------
        >>> caveat = Caveat(text="Suma budżetów gmin z obszaru powiatu.", levels=("powiat",))
        >>> caveat.holds_at("powiat"), caveat.holds_at("gmina"), caveat.holds_at(None)
        (True, False, True)
        """
        return level is None or not self.levels or level in self.levels

    def holds_of(self, unit: str | None) -> bool:
        """Return whether the caveat concerns a unit, or any when none is named.

        Examples
        --------
        >>> caveat = Caveat(text="W źródle brak jednego roku.", units=("9002",))
        >>> caveat.holds_of("9002"), caveat.holds_of("9003"), caveat.holds_of(None)
        (True, False, True)
        """
        return unit is None or not self.units or unit in self.units

    def holds_in(self, year: int) -> bool:
        """Return whether the caveat concerns the year."""
        return (self.from_year is None or year >= self.from_year) and (
            self.to_year is None or year <= self.to_year
        )


class SeriesBreak(CatalogueModel):
    """The first year that may not be joined with the years before it, and why."""

    year: int
    reason: Text


class BdlColumn(CatalogueModel):
    """How a variable is told in a BDL export: subject, dimension labels, measure unit.

    Labels are compared without case and surrounding blanks; a file matches when its subject number
    is this one (or is unknown and ``distinctive`` says the labels cannot mean anything else). Where
    nobody has seen the labels, they are empty and only ``variable_id`` leads to the variable: its
    labels are then shown to the user before its values are taken (``smup data sync bdl``).
    """

    subject: Annotated[str, StringConstraints(pattern=r"^P\d{4}$")] | None = None
    labels: tuple[str, ...]
    measure_unit: str
    distinctive: bool = False
    variable_id: int | None = None


class BudgetPosition(CatalogueModel):
    """Which positions of a yearly budget return add up to a variable.

    Empty lists ask for everything. ``divisions`` (dział) and ``chapters`` (rozdział) are joined:
    a position of any of them counts. ``paragraphs`` are three digits, without the one of financing,
    which stands in ``financing`` (a blank one is 0). ``groups`` are beginnings of groups of
    paragraphs, and ``scope`` tells current from capital expenditure (group 16xx); ``symbols`` are
    the rows of Rb-NDS and Rb-Z. Of several ``columns`` the sum is meant.

    ``powiat`` says what the variable is at powiat level: the budget of the land powiat itself
    (``own``), or all budgets of its area, those of its gminy and its own (``area``).
    """

    report: Annotated[
        Literal["Rb-27S", "Rb-27ZZ", "Rb-28S", "Rb-NDS", "Rb-Z"], Field(description="sprawozdanie")
    ]
    columns: Annotated[
        tuple[Annotated[str, StringConstraints(pattern=r"^[a-z]{1,2}$")], ...],
        Field(min_length=1, description="kolumny sprawozdania, na przykład dw albo ww"),
    ]
    divisions: tuple[Annotated[str, StringConstraints(pattern=r"^\d{3}$")], ...] = ()
    chapters: tuple[Annotated[str, StringConstraints(pattern=r"^\d{5}$")], ...] = ()
    paragraphs: tuple[Annotated[str, StringConstraints(pattern=r"^\d{3}$")], ...] = ()
    groups: tuple[Annotated[str, StringConstraints(pattern=r"^\d{2}(\d{2})?$")], ...] = ()
    financing: tuple[Annotated[str, StringConstraints(pattern=r"^\d$")], ...] = ()
    symbols: tuple[str, ...] = ()
    scope: Literal["all", "current", "capital"] = "all"
    powiat: Literal["own", "area"] = "own"


class Variable(CatalogueModel):
    """A published series that indicators are made from.

    ``holder`` is who has it, in words for readers; ``collected_by`` says whether anybody holds it
    for all units (``office``) or only each unit its own (``unit``). ``official_table`` names the
    file of an office, other than a BDL export, whose columns the import knows by themselves.
    ``reference_date`` says over what it is counted, or of which day it is (:attr:`during_year`).
    ``across_years: false`` says that its years may not be compared and no ``breaks`` mend that:
    each year is measured anew, or nobody has confirmed in which year the measure changed.

    A city with powiat rights has two codes. ``same_in_city``: the value is the same under both, so
    either code may hold it. ``powiat_part``: the value under the gmina code is only the gmina's
    part of the city's budget; the variable named here holds, under the same code, the powiat's
    part, and only both together are the city's. ``city_as_gmina``: it is the one budget or the one
    property of the city, which stands under the gmina code alone; at powiat level, beside land
    powiaty, it does not exist (decision 14).
    """

    id: Identifier
    label: Text
    measure_unit: Annotated[str, Field(min_length=1)]
    holder: Text
    collected_by: Annotated[
        CollectedBy,
        Field(description="office: urząd ma wartości wszystkich; unit: każdy tylko swoje"),
    ]
    kind: Literal["count", "money", "rate", "mean", "length", "area", "mass", "index"]
    additive: bool
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]
    reference_date: str = ""
    aliases: tuple[str, ...] = ()
    bdl: tuple[BdlColumn, ...] = ()
    budget: BudgetPosition | None = None
    official_table: Text | None = None
    breaks: tuple[SeriesBreak, ...] = ()
    across_years: bool = True
    caveats: tuple[Caveat, ...] = ()
    applies_to: tuple[UnitKind, ...] = ()
    same_in_city: bool = False
    powiat_part: Identifier | None = None
    city_as_gmina: bool = False

    @property
    def during_year(self) -> bool:
        """Whether it is counted over a calendar year; a state of one day is not.

        Examples
        --------
        >>> from smup_lib.catalogue import load_catalogue
        >>> variables = load_catalogue().variables
        >>> variables["debt_total"].during_year, variables["debt_repayments"].during_year
        (False, True)
        """
        return self.reference_date == _DURING_YEAR
