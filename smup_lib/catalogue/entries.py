"""Which area, service or indicator does a reader mean?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from smup_lib.catalogue.catalogue import Catalogue
from smup_lib.catalogue.model import Indicator, Service, ServiceArea
from smup_lib.errors import IndicatorError, did_you_mean
from smup_lib.polish_text import plain_text

EntryKind = Literal["area", "service", "indicator"]
#: What an entry is called in Polish.
ENTRY_NOUN: dict[EntryKind, str] = {
    "area": "obszar",
    "service": "usługa",
    "indicator": "wskaźnik",
}
_MOST_CANDIDATES = 8


@dataclass(frozen=True)
class Entry:
    """An area, a service or an indicator.

    Attributes
    ----------
    kind : {"area", "service", "indicator"}
    id : str
        Id of an area or indicator, code of a service.
    name : str
        Polish name.
    area : ServiceArea
        The area that it is or belongs to.
    service : Service or None
        The service that it is or belongs to.
    indicator : Indicator or None
        The indicator that it is.
    """

    kind: EntryKind
    id: str
    name: str
    area: ServiceArea
    service: Service | None = None
    indicator: Indicator | None = None

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """Indicators of the entry: one, those of a service, or all of the area."""
        if self.indicator is not None:
            return (self.indicator,)
        code = self.service.code if self.service else None
        return tuple(i for i in self.area.indicators if code is None or i.service == code)


def list_entries(catalogue: Catalogue) -> Iterator[Entry]:
    """Yield every area, followed by its services, each with its indicators, then the others."""
    for area in catalogue.areas.values():
        yield Entry("area", area.id, area.name, area)
        for service in area.services:
            yield Entry("service", service.code, service.name, area, service)
            for one in area.indicators:
                if one.service == service.code:
                    yield Entry("indicator", one.id, one.name, area, service, one)
        for one in area.indicators:
            if one.service is None:
                yield Entry("indicator", one.id, one.name, area, None, one)


def find_entry(catalogue: Catalogue, text: str) -> Entry:
    """Return the entry with an id, code, alias or name, or with a unique beginning of one.

    Raises
    ------
    IndicatorError
        When none or several fit; the message names what may have been meant.

    Examples
    --------
    >>> from smup_lib.catalogue import load_catalogue
    >>> catalogue = load_catalogue()
    >>> [find_entry(catalogue, t).id for t in ("kultura", "DRO-07", "biblioteki publiczne")]
    ['culture_recreation', 'DRO-07', 'KUL-01']
    """
    wanted = plain_text(text)
    entries = list(list_entries(catalogue))
    tests: tuple[Callable[[Entry], bool], ...] = (
        lambda entry: wanted == plain_text(entry.id),
        lambda entry: wanted in _names(entry),
        lambda entry: entry.kind == "area" and any(n.startswith(wanted) for n in _names(entry)),
        lambda entry: any(n.startswith(wanted) for n in _names(entry)),
        lambda entry: any(wanted in n for n in _names(entry)),
    )
    for fits in tests:
        found = [entry for entry in entries if wanted and fits(entry)]
        if len(found) == 1:
            return found[0]
        if found:
            raise _several(text, found)
    known = [name for entry in entries for name in (entry.id, entry.name)]
    hint = did_you_mean(text, known)
    raise IndicatorError(
        f"Nie ma wskaźnika, usługi ani obszaru „{text}”{'; ' + hint if hint else ''}.",
        expected="identyfikator, kod usługi albo nazwa, także jej początek",
        next_step="listę pokaże: smup catalogue list",
    )


def _names(entry: Entry) -> tuple[str, ...]:
    if entry.indicator is not None:
        one = entry.indicator
        return tuple(map(plain_text, (one.id, one.name, one.short_name, *one.aliases)))
    if entry.service is not None:
        return plain_text(entry.id), plain_text(entry.name)
    return tuple(map(plain_text, (entry.id, entry.name, *entry.area.aliases)))


def _several(text: str, found: list[Entry]) -> IndicatorError:
    shown = [f"{e.id} ({ENTRY_NOUN[e.kind]}: {e.name})" for e in found[:_MOST_CANDIDATES]]
    more = f" i {len(found) - len(shown)} innych" if len(found) > len(shown) else ""
    return IndicatorError(
        f"„{text}” pasuje do kilku pozycji katalogu.",
        expected=f"jedna z: {'; '.join(shown)}{more}",
        next_step="podaj identyfikator albo kod z tej listy",
    )
