"""Which words may an entry of the catalogue use, and what are they called in Polish?"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

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
#: The area that is no service: the background of comparisons.
CONTEXT: AreaId = "context"
Dimension = Literal["quantity", "quality", "accessibility", "efficiency"]
#: What a dimension is called in Polish, in the order of a page.
DIMENSION_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "quantity": "ilość",
        "quality": "jakość",
        "accessibility": "dostępność",
        "efficiency": "efektywność",
    }
)
Provenance = Literal["published", "computed"]
#: What a value of a provenance is called in Polish.
PROVENANCE_WORDS: Mapping[str, str] = MappingProxyType(
    {"published": "ogłoszony", "computed": "obliczony"}
)
Level = Literal["gmina", "powiat", "voivodeship", "country"]
UnitKind = Literal["urban", "rural", "urban_rural", "land_powiat", "city_with_powiat_rights"]
CollectedBy = Literal["office", "unit"]
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
    """Base: frozen, no unknown key."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
