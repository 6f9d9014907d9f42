"""What do the cards of an area and of a service say: what they are, what measures them, gaps?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from smup_lib.catalogue.entries import Entry
from smup_lib.catalogue.vocabulary import DIMENSION_WORDS
from smup_lib.group_names import RULE_NAMES
from smup_lib.present.card_parts import Card, CardSection, CardTable, Link, Words
from smup_lib.present.cards import LEVELS
from smup_lib.present.formats import count_of
from smup_lib.present.indicator_card import newest_words, place_words
from smup_lib.present.words import INDICATOR_NOUN, WHERE_DATA_ARE

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Catalogue, DataGap, Indicator, Service, ServiceArea

OUR_LIST = (
    "Lista usług i wzory wskaźników to nasza rekonstrukcja na podstawie zadań ustawowych, "
    "nie lista ani definicje SMUP."
)
_OUR_GROUPS = (
    "Podział na grupy jest nasz. Wzory pochodzą z metodyki Ministerstwa Finansów, a gdzie ona "
    "milczy, są nasze; to nie jest lista ani definicje SMUP."
)
_OUR_CHOICE = "Wybór wskaźników tła jest nasz; to nie jest lista ani definicje SMUP."


def service_card(
    entry: Entry, catalogue: Catalogue, availability: pd.DataFrame | None = None, note: str = ""
) -> Card:
    """Return the card of a service; parameters are those of ``indicator_card``."""
    del catalogue
    service = entry.service
    if service is None:
        raise TypeError(f"not a service: {entry.id}")
    levels = ", ".join(LEVELS[level] for level in service.levels)
    return Card(
        kind="service",
        id=service.code,
        title=service.name,
        kicker=place_words(entry)[:1],
        whose=_whose(entry.area),
        lead=service.description,
        sections=(
            CardSection("Gdzie się ją świadczy", (("Szczebel", levels),)),
            _measures("Wskaźniki", entry.indicators, availability, note),
            gap_section(_open(service, entry.indicators, availability)),
        ),
    )


def area_card(
    entry: Entry, catalogue: Catalogue, availability: pd.DataFrame | None = None, note: str = ""
) -> Card:
    """Return the card of an area; parameters are those of ``indicator_card``."""
    area = entry.area
    others = [one for one in area.indicators if one.service is None]
    return Card(
        kind="area",
        id=area.id,
        title=area.name,
        kicker="Obszar usług" if area.services else "Obszar",
        whose=_whose(area),
        lead=area.description,
        sections=(
            CardSection("Usługi", table=_services(area)),
            _measures("Wskaźniki poza usługami", others, availability, note),
            CardSection("Z kim porównujemy", tuple(_comparison(area, catalogue))),
            gap_section(area.gaps),
        ),
    )


def _whose(area: ServiceArea) -> str:
    if not area.services:
        return _OUR_CHOICE
    return _OUR_GROUPS if all(one.role != "service" for one in area.indicators) else OUR_LIST


def _open(
    service: Service, indicators: Sequence[Indicator], availability: pd.DataFrame | None
) -> list[DataGap]:
    """Return the gaps that the data leave open at any of their levels."""
    if availability is None:
        return list(service.gaps)
    known = availability[availability["newest"].notna()]
    told = set(zip(known["indicator"].tolist(), known["level"].tolist(), strict=True))
    return [
        gap
        for gap in service.gaps
        if not all(
            gap.filled(
                (one.id, level) in told
                for one in indicators
                if level in one.levels and gap.asks(one, service.code)
            )
            for level in gap.levels
        )
    ]


def _services(area: ServiceArea) -> CardTable:
    rows = []
    for service in area.services:
        own = [one for one in area.indicators if one.service == service.code]
        dimensions = {one.dimension for one in own}
        told = [word for key, word in DIMENSION_WORDS.items() if key in dimensions]
        link = Link("service", service.code, f"{service.code} {service.name}")
        rows.append(
            (link, service.description, count_of(len(own), INDICATOR_NOUN), ", ".join(told))
        )
    columns = ("Usługa", "Opis", "Wskaźniki", "Wymiary ze wskaźnikiem")
    return CardTable("Usługi", columns, tuple(rows))


def _comparison(area: ServiceArea, catalogue: Catalogue) -> Iterable[tuple[str, Words]]:
    yield "Zwykła grupa porównawcza", RULE_NAMES[area.group][0]
    if area.context:
        labels = [catalogue.variable(name).label for name in area.context]
        yield "Podobieństwo według", ", ".join(labels)


def _measures(
    title: str, indicators: Iterable[Indicator], availability: pd.DataFrame | None, note: str
) -> CardSection:
    """Return the indicators by dimension with what the data hold of them."""
    order = {name: place for place, name in enumerate(DIMENSION_WORDS)}
    entries = sorted(indicators, key=lambda one: order.get(one.dimension or "", len(order)))
    rows = tuple(
        (
            Link("indicator", one.id, one.name),
            DIMENSION_WORDS.get(one.dimension or "", "–"),
            one.measure_unit,
            _data_words(one, availability),
        )
        for one in entries
    )
    columns = ("Wskaźnik", "Wymiar", "Jednostka miary", "Jednostki z wartością w najnowszym roku")
    absent = note if availability is None else ""
    return CardSection(title, table=CardTable(title, columns, rows, absent))


def _data_words(one: Indicator, availability: pd.DataFrame | None) -> str:
    if availability is None:
        return ""
    own = availability[(availability["indicator"] == one.id) & availability["defined"]]
    return "; ".join(f"{row.level_name} {newest_words(row)}" for row in own.itertuples(index=False))


def gap_section(gaps: Iterable[DataGap]) -> CardSection:
    """Return what the catalogue names as not known, why, and who has it."""
    rows = tuple(
        (gap.wanted, DIMENSION_WORDS.get(gap.dimension or "", "–"), gap.reason, gap.source)
        for gap in gaps
    )
    columns = ("Czego brakuje", "Wymiar", "Dlaczego", WHERE_DATA_ARE)
    return CardSection("Czego nie wiemy", table=CardTable("Czego nie wiemy", columns, rows))
