"""The words of the catalogue: areas, services, indicators, variables, publishers.

Frozen models; unknown keys are errors. Everything a reader sees is Polish and comes from here.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

AreaId = Literal[
    "education",
    "social_policy",
    "culture_recreation",
    "roads_transport",
    "environment",
    "real_estate",
    "investment_construction",
    "geodesy_cartography",
    "local_taxes",
    "finance",
    "context",
]
Dimension = Literal["quantity", "quality", "accessibility", "efficiency"]
Level = Literal["gmina", "powiat", "voivodeship", "country"]
UnitKind = Literal["urban", "rural", "urban_rural", "land_powiat", "city_with_powiat_rights"]
DataBasis = Literal["count_ratio", "money_ratio", "mean", "index"]
Method = Literal["published", "ratio", "share", "rate", "change", "index", "amount"]
Role = Literal["service", "finance", "contextual"]
Direction = Literal["higher", "lower", "target", "neutral"]
GroupRule = Literal[
    "neighbours",
    "same_kind",
    "same_size_class",
    "functional_class",
    "voivodeship",
    "similar",
    "chosen",
    "country",
]

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, StringConstraints(min_length=3, strip_whitespace=True)]


class CatalogueModel(BaseModel):
    """Base: frozen, no unknown key, no silent conversion of types."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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

    @model_validator(mode="after")
    def _reasons(self) -> Polarity:
        if self.direction != "neutral" and not self.reason:
            raise ValueError("kierunek inny niż neutral wymaga pola reason (uzasadnienie)")
        if self.direction == "target" and self.target is None:
            raise ValueError("kierunek target wymaga pola target (wartość docelowa)")
        if self.judge == "two_sided" and self.direction != "neutral":
            raise ValueError("judge: two_sided jest tylko dla kierunku neutral")
        return self


class Caveat(CatalogueModel):
    """A limit of the data that a reader must see beside the value, maybe only in some years."""

    text: Text
    from_year: int | None = None
    to_year: int | None = None

    def holds_in(self, year: int) -> bool:
        """Return whether the caveat concerns the year."""
        return (self.from_year is None or year >= self.from_year) and (
            self.to_year is None or year <= self.to_year
        )


class SeriesBreak(CatalogueModel):
    """The first year that may not be joined with the years before it, and why."""

    year: int
    reason: Text


class OfficialIds(CatalogueModel):
    """Ids in official systems; unknown ones stay empty."""

    smup: tuple[int, ...] = ()
    bdl: int | None = None


class Inputs(CatalogueModel):
    """Variables of the formula. Lists are summed; ``minus`` is taken from the numerator."""

    value: str | None = None
    numerator: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    denominator: tuple[str, ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        """Every variable named, in order, once."""
        named = ((self.value,) if self.value else ()) + self.numerator + self.minus
        return tuple(dict.fromkeys(named + self.denominator))


class Indicator(CatalogueModel):
    """One indicator: what it measures, how, in which direction, and what it does not say.

    ``related`` points at neighbours in meaning. ``twin_of`` names the indicator that says the same
    thing from another source or in another unit: the twin gets no card of its own while that one
    has a value, it stands beside it.
    """

    id: Identifier
    area: AreaId
    service: str | None = None
    dimension: Dimension | None = None
    role: Role = "service"
    name: Text
    short_name: Text
    definition: Text
    interpretation: Text
    limits: Text
    measure_unit: str
    decimals: Annotated[int, Field(ge=0, le=6)]
    data_basis: DataBasis
    provenance: Literal["published", "computed"]
    method: Method
    inputs: Inputs
    multiplier: float = 1.0
    base_year: int | None = None
    polarity: Polarity = Polarity()
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]
    applies_to: tuple[UnitKind, ...] = ()
    not_applicable_reason: str = ""
    minimum_gap: float | None = None
    paired_with: tuple[str, ...] = ()
    group: GroupRule | None = None
    caveats: tuple[Caveat, ...] = ()
    breaks: tuple[SeriesBreak, ...] = ()
    related: tuple[str, ...] = ()
    twin_of: str | None = None
    official_ids: OfficialIds = OfficialIds()
    aliases: tuple[str, ...] = ()
    definition_version: str = "1"

    @property
    def ranked(self) -> bool:
        """Whether a place in a ranking may be shown."""
        return self.role != "contextual" and self.polarity.judged != "neutral"

    @model_validator(mode="after")
    def _coherent(self) -> Indicator:
        problems = list(self._problems())
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _problems(self) -> list[str]:
        found: list[str] = []
        published = self.method == "published"
        if published != (self.provenance == "published"):
            found.append("method: published i provenance: published muszą iść w parze")
        if published and self.data_basis != "index":
            found.append("wartość publikowana gotowa ma data_basis: index")
        if published and not self.inputs.value:
            found.append("method: published wymaga inputs.value")
        if self.method in ("ratio", "share", "rate") and not (
            self.inputs.numerator and self.inputs.denominator
        ):
            found.append(f"method: {self.method} wymaga inputs.numerator i inputs.denominator")
        if self.method in ("change", "index", "amount") and not self.inputs.numerator:
            found.append(f"method: {self.method} wymaga inputs.numerator")
        if self.method == "index" and self.base_year is None:
            found.append("method: index wymaga base_year")
        if self.role == "service" and self.dimension is None:
            found.append("wskaźnik usługi wymaga pola dimension")
        if self.role == "service" and self.service is None:
            found.append("wskaźnik usługi wymaga pola service")
        if self.role == "contextual" and self.polarity.direction != "neutral":
            found.append("wskaźnik kontekstowy jest zawsze neutral")
        if self.applies_to and not self.not_applicable_reason:
            found.append("applies_to wymaga pola not_applicable_reason")
        if (
            self.data_basis == "money_ratio"
            and self.dimension == "efficiency"
            and (self.polarity.direction != "neutral" or self.polarity.judge != "two_sided")
        ):
            found.append("koszt (money_ratio) jest neutral z judge: two_sided")
        return found


class DataGap(CatalogueModel):
    """What nobody can tell from open data today: what is wanted, why it is missing, who has it.

    ``dimension`` is empty only in areas without dimensions (finance); ``applies_to`` names the
    kinds of units that have the gap (all when empty).
    """

    dimension: Dimension | None = None
    wanted: Text
    reason: Text
    source: Text
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]
    applies_to: tuple[UnitKind, ...] = ()


class Service(CatalogueModel):
    """A public service within an area (our reconstruction of SMUP's list)."""

    code: str
    name: Text
    description: Text
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]
    gaps: tuple[DataGap, ...] = ()


class ServiceArea(CatalogueModel):
    """A service area of SMUP, or Finanse JST, or the contextual indicators."""

    id: AreaId
    name: Text
    description: Text
    aliases: tuple[str, ...] = ()
    questions: tuple[Text, ...] = ()
    group: GroupRule = "similar"
    context: tuple[str, ...] = ()
    services: tuple[Service, ...] = ()
    gaps: tuple[DataGap, ...] = ()
    indicators: tuple[Indicator, ...] = ()


class BdlColumn(CatalogueModel):
    """How a variable is told in a BDL export: subject, dimension labels, measure unit.

    Labels are compared without case and surrounding blanks; a file matches when its subject number
    is this one (or is unknown and ``distinctive`` says the labels cannot mean anything else).
    """

    subject: Annotated[str, StringConstraints(pattern=r"^P\d{4}$")] | None = None
    labels: tuple[str, ...]
    measure_unit: str
    distinctive: bool = False
    variable_id: int | None = None


class Variable(CatalogueModel):
    """A published series that indicators are made from."""

    id: Identifier
    label: Text
    measure_unit: str
    holder: str
    kind: Literal["count", "money", "rate", "mean", "length", "area", "mass", "index"]
    additive: bool
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]
    reference_date: str = ""
    aliases: tuple[str, ...] = ()
    bdl: tuple[BdlColumn, ...] = ()
    breaks: tuple[SeriesBreak, ...] = ()
    caveats: tuple[Caveat, ...] = ()
    applies_to: tuple[UnitKind, ...] = ()


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
