"""What the numbers mean: areas, services, indicators, gaps and publishers.

Frozen models of the shape of entries; unknown keys are errors. What an entry may say is the matter
of :mod:`smup_lib.catalogue.rules`. Everything a reader sees is Polish and comes from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

from pydantic import Field, PrivateAttr

from smup_lib.catalogue.variable import CITY_AS_GMINA, Caveat, SeriesBreak, Variable
from smup_lib.catalogue.vocabulary import (
    AreaId,
    CatalogueModel,
    DataBasis,
    Dimension,
    Direction,
    GroupRule,
    Identifier,
    Level,
    Method,
    Provenance,
    Role,
    Text,
    UnitKind,
)


class Polarity(CatalogueModel):
    """Which way is better, why, and who agreed.

    A direction other than ``neutral`` counts only with a reason and two signatures; unsigned ones
    are neither coloured nor ranked.
    """

    direction: Direction = "neutral"
    judge: Literal["none", "two_sided"] = "none"
    target: float | None = None
    reason: str = ""
    signed_by: tuple[str, ...] = ()

    @property
    def signed(self) -> bool:
        """Whether two different people agreed."""
        return len(set(self.signed_by)) >= 2

    @property
    def judged(self) -> Direction:
        """Return the direction that may be acted on: ``neutral`` until signed."""
        return self.direction if self.signed else "neutral"


class OfficialIds(CatalogueModel):
    """Ids in official systems; unknown ones stay empty."""

    smup: tuple[int, ...] = ()
    bdl: int | None = None


class ComparedIndicator(CatalogueModel):
    """An indicator that SMUP publishes, set beside ours: its number, and its unit as on its card.

    The two need not be one and the same; what differs is what the reader wants to see.
    """

    id: int
    measure_unit: Annotated[str, Field(min_length=1)]


class RareEvents(CatalogueModel):
    """How many events a published rate stands for: value * exposure / per.

    Only to tell whether a value rests on a handful of events; it is an estimate from a rounded
    rate, so no interval and no count may be made of it. Without ``exposure`` nobody can tell: no
    variable of the vocabulary says of how many it is a rate.
    """

    exposure: Identifier | None = None
    per: Annotated[float, Field(gt=0)]


class CostNeed(CatalogueModel):
    """A circumstance that makes a service dearer or cheaper, stated before anybody fits (M17).

    ``logged`` takes its logarithm: for what spans a hundredfold, such as density.
    """

    variable: Annotated[Identifier, Field(description="zmienna kontekstowa ze słownika")]
    makes: Annotated[
        Literal["dearer", "cheaper"], Field(description="co robi z kosztem większa wartość")
    ]
    reason: Annotated[Text, Field(description="dlaczego tak, jednym zdaniem")]
    logged: bool = False


class FrontierFactors(CatalogueModel):
    """Inputs and outputs of a service that may be set against each other (M18).

    Indicators of the service: costs go in, what is reached comes out; quality is among it.
    """

    inputs: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    outputs: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    reason: Annotated[Text, Field(description="dlaczego te, jednym zdaniem")]


class Inputs(CatalogueModel):
    """Variables of the formula. Lists are summed.

    ``minus`` is taken from the numerator, ``denominator_minus`` from the denominator; a difference
    below which one divides counts only when it is positive.
    """

    value: str | None = None
    numerator: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    denominator: tuple[str, ...] = ()
    denominator_minus: tuple[str, ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        """Every variable named, in order, once."""
        named = ((self.value,) if self.value else ()) + self.numerator + self.minus
        return tuple(dict.fromkeys(named + self.divided_by))

    @property
    def divided_by(self) -> tuple[str, ...]:
        """Every variable of the denominator, added or taken away."""
        return self.denominator + self.denominator_minus


class Indicator(CatalogueModel):
    """One indicator: what it measures, how, in which direction, and what it does not say.

    ``related`` points at neighbours in meaning. ``twin_of`` names the indicator that says the same
    thing from another source or in another unit: the twin gets no card of its own while that one
    has a value, it stands beside it. ``across_years: false`` says that no year may be put beside
    another: nothing is told of its direction, nor of what earlier years were like. ``applies_to``
    names the kinds of units that have it (all when empty), ``not_applicable_reason`` tells the
    others why they have not. ``needs`` are the circumstances that explain a cost, where they are
    plain; ``group`` is the usual one where that of the service does not fit.
    """

    id: Annotated[Identifier, Field(description="nazwa po angielsku, bez powtórzeń w katalogu")]
    area: Annotated[AreaId, Field(description="obszar, ten sam co nazwa pliku")]
    service: str | None = None
    dimension: Dimension | None = None
    role: Role = "service"
    name: Annotated[Text, Field(description="pełna nazwa, bez kropki na końcu")]
    short_name: Annotated[Text, Field(description="nazwa na wykres, najwyżej 50 znaków")]
    definition: Annotated[Text, Field(description="co przez co dzielimy, pełnym zdaniem")]
    interpretation: Annotated[Text, Field(description="co oznacza wysoka wartość")]
    limits: Annotated[Text, Field(description="czego wartość nie mówi")]
    measure_unit: Annotated[
        str, Field(min_length=1, description="jednostka miary, na przykład os./1000 mieszk.")
    ]
    decimals: Annotated[int, Field(ge=0, le=6, description="ile miejsc po przecinku pokazać")]
    data_basis: Annotated[
        DataBasis, Field(description="zliczenia, pieniądze, średnia, gotowa wartość")
    ]
    provenance: Annotated[
        Provenance,
        Field(description="ogłoszona gotowa albo obliczona przez nas"),
    ]
    method: Annotated[Method, Field(description="sposób obliczenia")]
    inputs: Annotated[Inputs, Field(description="zmienne ze słownika (folder variables)")]
    rare_events: RareEvents | None = None
    multiplier: float = 1.0
    base_year: int | None = None
    polarity: Polarity = Polarity()
    levels: Annotated[
        tuple[Level, ...], Field(min_length=1, description="szczeble, na których są dane")
    ]
    applies_to: tuple[UnitKind, ...] = ()
    not_applicable_reason: str = ""
    minimum_gap: float | None = None
    paired_with: tuple[str, ...] = ()
    needs: tuple[CostNeed, ...] = ()
    group: GroupRule | None = None
    caveats: tuple[Caveat, ...] = ()
    breaks: tuple[SeriesBreak, ...] = ()
    across_years: bool = True
    related: tuple[str, ...] = ()
    twin_of: str | None = None
    official_ids: OfficialIds = OfficialIds()
    compared_with_smup: tuple[ComparedIndicator, ...] = ()
    aliases: tuple[str, ...] = ()
    definition_version: str = "1"
    _city_as_gmina: bool = PrivateAttr(default=False)
    _during_year: bool = PrivateAttr(default=False)

    def reading(self, variables: Mapping[str, Variable]) -> Indicator:
        """Return the indicator knowing of its inputs what their variables say.

        That is whether cities have them as gminy alone, and whether they are counted over a year.
        """
        known = self.model_copy()
        inputs = self.inputs
        own = (inputs.value,) if inputs.value else inputs.numerator + inputs.minus
        above = [variables[name] for name in own if name in variables]
        known._during_year = bool(above) and all(one.during_year for one in above)
        known._city_as_gmina = any(
            variables[name].city_as_gmina for name in self.inputs.variables if name in variables
        )
        return known

    def kinds_at(self, level: str) -> tuple[UnitKind, ...]:
        """Return the kinds of units that have the indicator at a level; empty when all have.

        Examples
        --------
        >>> from smup_lib.catalogue import load_catalogue
        >>> debt = load_catalogue().indicator("debt_per_capita")
        >>> debt.kinds_at("gmina"), debt.kinds_at("powiat")
        ((), ('land_powiat',))
        """
        if self.applies_to or level != "powiat" or not self._city_as_gmina:
            return self.applies_to
        return ("land_powiat",)

    def exclusion_at(self, level: str) -> str:
        """Return why units of other kinds than :meth:`kinds_at` have no value at a level."""
        ours = self.kinds_at(level) == self.applies_to
        return self.not_applicable_reason if ours else CITY_AS_GMINA

    @property
    def during_year(self) -> bool:
        """Whether what it counts is of a calendar year: an amount of it is one a year.

        Examples
        --------
        >>> from smup_lib.catalogue import load_catalogue
        >>> catalogue = load_catalogue()
        >>> ids = "debt_per_capita", "transfers_per_capita"
        >>> [catalogue.indicator(one).during_year for one in ids]
        [False, True]
        """
        return self._during_year

    @property
    def looks_back(self) -> bool:
        """Whether a value is a comparison with an earlier year of the same unit."""
        return self.method in ("change", "index")

    def break_looked_over(self, year: int) -> SeriesBreak | None:
        """Return the break between a year and the one its value looks back at.

        Across a break the two years do not measure the same thing, so their comparison is no value.

        Examples
        --------
        >>> from smup_lib.catalogue import load_catalogue
        >>> change = load_catalogue().indicator("population_change")
        >>> [change.break_looked_over(year) is None for year in (2019, 2020, 2021)]
        [True, False, True]
        """
        if not self.looks_back:
            return None
        base = year - 1 if self.base_year is None else self.base_year
        first, last = sorted((base, year))
        return next((item for item in self.breaks if first < item.year <= last), None)

    @property
    def variables_read(self) -> tuple[str, ...]:
        """Variables of the formula, and the one that tells how many events a rate stands for."""
        exposure = self.rare_events.exposure if self.rare_events else None
        of_what = () if exposure is None else (exposure,)
        return tuple(dict.fromkeys(self.inputs.variables + of_what))

    @property
    def nominal(self) -> bool:
        """Whether values are amounts in current prices (zł, mln zł, zł a person).

        Over years they grow with prices alone, so a reader must be told beside a trend.

        Examples
        --------
        >>> from smup_lib.catalogue import load_catalogue
        >>> catalogue = load_catalogue()
        >>> [catalogue.indicator(i).nominal for i in ("debt_per_capita", "debt_to_revenue")]
        [True, False]
        """
        above, _, below = self.measure_unit.partition("/")
        return above.removeprefix("tys. ").removeprefix("mln ") == "zł" and below != "zł"

    @property
    def cost(self) -> bool:
        """Whether it tells what a service costs: money, said as its efficiency."""
        return self.data_basis == "money_ratio" and self.dimension == "efficiency"

    @property
    def ranked(self) -> bool:
        """Whether a place in a ranking may be shown."""
        return self.role != "contextual" and self.polarity.judged != "neutral"


class DataGap(CatalogueModel):
    """What the workbench cannot tell by itself: what is wanted, why it is missing, who has it.

    ``reason`` must be true whatever somebody has imported: it speaks of the world and of what the
    workbench recognises, never of loaded files. ``dimension`` is empty only in areas without
    dimensions (finance); there ``indicators`` are those that would fill it, all of the group when
    none is named. ``applies_to`` names the kinds of units that have it (all when empty).
    """

    dimension: Dimension | None = None
    wanted: Text
    reason: Text
    source: Text
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]
    applies_to: tuple[UnitKind, ...] = ()
    indicators: tuple[Identifier, ...] = ()

    def asks(self, indicator: Indicator, service: str | None) -> bool:
        """Whether an indicator would fill it where it is a gap of that service.

        A gap of a whole area concerns units, not services: no indicator fills it.
        """
        return (
            service is not None
            and indicator.service == service
            and indicator.dimension == self.dimension
            and (not self.indicators or indicator.id in self.indicators)
        )

    def filled(self, known: Iterable[bool]) -> bool:
        """Whether data fill it; ``known`` says of each indicator it asks for if it has a value.

        A dimension is filled by any of its indicators, a gap without one only by all of them.
        """
        answers = list(known)
        return bool(answers) and (any(answers) if self.dimension else all(answers))


class Service(CatalogueModel):
    """A public service within an area (our reconstruction of SMUP's list).

    ``task_of`` names whose task it is where another level of ``levels`` only shows the sum of its
    territory; all of ``levels`` when empty. ``group`` is the usual one where that of the area does
    not fit; ``frontier`` names what may be set against what.
    """

    code: str
    name: Text
    description: Text
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]
    task_of: tuple[Level, ...] = ()
    group: GroupRule | None = None
    frontier: FrontierFactors | None = None
    gaps: tuple[DataGap, ...] = ()

    def is_task_of(self, level: str, kind: str | None = None) -> bool:
        """Tell whether a unit answers for it; a city with powiat rights does what a gmina does.

        Examples
        --------
        >>> from smup_lib.catalogue import load_catalogue
        >>> services = load_catalogue().area("roads_transport").services
        >>> lights = next(service for service in services if service.code == "DRO-03")
        >>> lights.is_task_of("gmina"), lights.is_task_of("powiat", "land_powiat")
        (True, False)
        >>> lights.is_task_of("powiat", "city_with_powiat_rights")
        True
        """
        whose = self.task_of or self.levels
        return level in whose or (kind == "city_with_powiat_rights" and "gmina" in whose)


class ServiceArea(CatalogueModel):
    """A service area of SMUP, or Finanse JST, or the contextual indicators.

    ``key_numbers`` are ids of the indicators that are looked at first, in this order.
    """

    id: AreaId
    name: Text
    description: Text
    aliases: tuple[str, ...] = ()
    group: GroupRule = "similar"
    context: tuple[str, ...] = ()
    key_numbers: tuple[Identifier, ...] = ()
    services: tuple[Service, ...] = ()
    gaps: tuple[DataGap, ...] = ()
    indicators: tuple[Indicator, ...] = ()

    def service_of(self, indicator: Indicator) -> Service | None:
        """Return the service of an indicator; None of one that belongs to none."""
        return next((one for one in self.services if one.code == indicator.service), None)

    def group_for(self, indicator: Indicator) -> GroupRule:
        """Return the usual group of an indicator: its own, that of its service, or the area's.

        Examples
        --------
        >>> from smup_lib.catalogue import load_catalogue
        >>> roads = load_catalogue().area("roads_transport")
        >>> roads.group_for(roads.indicators[0])
        'similar'
        """
        service = self.service_of(indicator)
        return indicator.group or (service and service.group) or self.group


class Publisher(CatalogueModel):
    """Who publishes, how to credit them, and whose value is shown first.

    ``datasets`` are beginnings of dataset ids (``bdl:``); the order of publishers in
    ``sources.yaml`` is the precedence.
    """

    id: Identifier
    name: Text
    credit: Text
    licence: str
    url: str = ""
    datasets: tuple[str, ...]
    fictional: bool = False
