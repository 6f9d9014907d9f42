"""What does a rule see of a catalogue that is still being checked?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from smup_lib.catalogue.model import Indicator, Publisher, Service, ServiceArea
from smup_lib.catalogue.variable import Variable

#: Areas whose services are groups of indicators and have no dimensions.
WITHOUT_DIMENSIONS = ("finance", "context")


@dataclass(frozen=True)
class Draft:
    """Entries of the right shape, and the ids of those that could not be read.

    Attributes
    ----------
    variable_files : mapping of str to str
        Variable to the file it stands in.
    unread : frozenset of str
        Ids of entries whose own faults are told already; a reference to one is not called wrong.
    partial : frozenset of str
        Areas with such entries; what seems to be missing there may stand in them.
    """

    areas: Mapping[str, ServiceArea]
    indicators: Mapping[str, Indicator]
    variables: Mapping[str, Variable]
    variable_files: Mapping[str, str]
    publishers: Mapping[str, Publisher]
    unread: frozenset[str] = frozenset()
    partial: frozenset[str] = frozenset()

    def indicator(self, name: str) -> Indicator | None:
        """Return an indicator that could be read, or None."""
        return self.indicators.get(name)

    def named(self, names: tuple[str, ...]) -> list[Variable]:
        """Return those of the named variables that could be read."""
        return [self.variables[name] for name in names if name in self.variables]

    def knows_indicator(self, name: str) -> bool:
        """Whether there is such an indicator, or one that could not be read."""
        return name in self.indicators or name in self.unread

    def knows_variable(self, name: str) -> bool:
        """Whether there is such a variable, or one that could not be read."""
        return name in self.variables or name in self.unread

    def of_service(self, area: str, service: str | None) -> Iterator[Indicator]:
        """Yield the indicators of a service in the order of the file."""
        for indicator in self.areas[area].indicators if area in self.areas else ():
            if service is not None and indicator.service == service:
                yield indicator

    def service(self, area: str, code: str | None) -> Service | None:
        """Return a service of an area by its code, or None."""
        services = self.areas[area].services if area in self.areas else ()
        return next((service for service in services if service.code == code), None)
