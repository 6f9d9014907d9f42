"""What the numbers mean: areas, services, indicators, variables and publishers in YAML."""

from smup_lib.catalogue.catalogue import Catalogue
from smup_lib.catalogue.loader import load_catalogue, read_catalogue
from smup_lib.catalogue.model import (
    DataGap,
    Indicator,
    Inputs,
    Polarity,
    Publisher,
    Service,
    ServiceArea,
)
from smup_lib.catalogue.variable import BdlColumn, Caveat, SeriesBreak, Variable
from smup_lib.catalogue.vocabulary import Dimension, Level

__all__ = [
    "BdlColumn",
    "Catalogue",
    "Caveat",
    "DataGap",
    "Dimension",
    "Indicator",
    "Inputs",
    "Level",
    "Polarity",
    "Publisher",
    "SeriesBreak",
    "Service",
    "ServiceArea",
    "Variable",
    "load_catalogue",
    "read_catalogue",
]
