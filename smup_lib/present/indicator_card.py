"""What does the card of an indicator say: definition, formula, inputs, data, limits, relations?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from smup_lib.catalogue.entries import Entry
from smup_lib.catalogue.vocabulary import DIMENSION_WORDS
from smup_lib.present.audit_words import source_words
from smup_lib.present.card_parts import Card, CardSection, CardTable, Link, Words, listed
from smup_lib.present.cards import (
    direction_facts,
    formula_facts,
    list_cautions,
    meaning_facts,
    whose_words,
)
from smup_lib.present.formats import format_number
from smup_lib.present.scales import as_number

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Catalogue, Indicator

_ROLES = {
    "value": "gotowa wartość",
    "numerator": "licznik",
    "minus": "odejmowana od licznika",
    "denominator": "mianownik",
    "denominator_minus": "odejmowana od mianownika",
    "exposure": "liczba, od której zależy pewność",
}


def indicator_card(
    entry: Entry,
    catalogue: Catalogue,
    availability: pd.DataFrame | None = None,
    definitions: pd.DataFrame | None = None,
    note: str = "",
) -> Card:
    """Return the card of an indicator.

    Parameters
    ----------
    entry : Entry
        Of an indicator.
    catalogue : Catalogue
        Knows variables and other indicators.
    availability : DataFrame, optional
        Rows of ``Audit.indicator_frame()``; none without data.
    definitions : DataFrame, optional
        Table ``published_definitions`` of the snapshot.
    note : str, optional
        Why there is no availability.
    """
    one = entry.indicator
    if one is None:
        raise TypeError(f"not an indicator: {entry.id}")
    sections = (
        CardSection("Znaczenie", meaning_facts(one)),
        CardSection("Jak liczymy", formula_facts(one, catalogue), table=_inputs(one, catalogue)),
        CardSection("Kierunek", (*direction_facts(one), *_bounds(one))),
        availability_section(availability, note, [one]),
        CardSection("Zastrzeżenia", sentences=tuple(list_cautions(one, catalogue))),
        CardSection("Powiązania", tuple(_relations(one, catalogue))),
        CardSection("Definicja w SMUP", tuple(_official(one, definitions))),
        CardSection("Opis danych w BDL", tuple(_in_bdl(one, definitions))),
        CardSection("Oznaczenia", tuple(_codes(one, catalogue))),
    )
    return Card(
        kind="indicator",
        id=one.id,
        title=one.name,
        kicker=place_words(entry),
        whose=whose_words(one),
        lead=one.definition,
        sections=sections,
    )


def place_words(entry: Entry) -> tuple[str | Link, ...]:
    """Return where an entry belongs: area, service, dimension."""
    words: list[str | Link] = [Link("area", entry.area.id, entry.area.name)]
    if entry.service is not None:
        name = f"{entry.service.code} {entry.service.name}"
        words += [" › ", Link("service", entry.service.code, name)]
    if entry.indicator is not None and entry.indicator.dimension:
        words.append(f" › {DIMENSION_WORDS[entry.indicator.dimension]}")
    return tuple(words)


def _bounds(one: Indicator) -> Iterator[tuple[str, Words]]:
    """Yield numbers of the catalogue; beside a value they would be taken for one of the unit."""
    if one.polarity.target is not None:
        target = format_number(one.polarity.target, one.decimals, one.measure_unit)
        yield "Wartość docelowa", target
    if one.minimum_gap is not None:
        unit = "pkt proc." if one.measure_unit == "%" else one.measure_unit
        gap = format_number(one.minimum_gap, one.decimals, unit)
        yield "Najmniejsza różnica, która ma znaczenie", gap


def _inputs(one: Indicator, catalogue: Catalogue) -> CardTable:
    named = one.inputs
    roles = [
        *((name, "value") for name in (named.value,) if name),
        *((name, "value" if one.method == "amount" else "numerator") for name in named.numerator),
        *((name, "minus") for name in named.minus),
        *((name, "denominator") for name in named.denominator),
        *((name, "denominator_minus") for name in named.denominator_minus),
        *((name, "exposure") for name in one.variables_read if name not in named.variables),
    ]
    rows = []
    for name, role in roles:
        variable = catalogue.variable(name)
        rows.append(
            (
                *(variable.label, _ROLES[role], variable.measure_unit, variable.holder),
                *(source_words(variable), variable.reference_date, variable.id),
            )
        )
    columns = ("Zmienna", "Rola", "Jednostka miary", "Gestor", "Źródło", "Okres", "Identyfikator")
    return CardTable("Zmienne wzoru", columns, tuple(rows))


def availability_section(
    availability: pd.DataFrame | None, note: str, indicators: Sequence[Indicator]
) -> CardSection:
    """Return what the current data hold of indicators, at each level.

    Parameters
    ----------
    availability : DataFrame or None
        Rows of ``Audit.indicator_frame()``.
    note : str
        What to say when there is none.
    indicators : sequence of Indicator
        Of these.
    """
    title = "Dane w bieżącym stanie danych"
    if availability is None:
        return CardSection(title, sentences=(note,) if note else ())
    wanted = {one.id for one in indicators}
    own = availability[availability["indicator"].isin(wanted) & availability["defined"]]
    rows = tuple(
        (
            *(str(row.level_name), str(row.years), newest_words(row)),
            *(format_number(as_number(row.share), 1, "%"), str(row.reason) or "niczego"),
        )
        for row in own.itertuples(index=False)
    )
    columns = (
        "Szczebel",
        "Lata z wartościami",
        "Jednostki z wartością w najnowszym roku",
        "Wypełnienie",
        "Czego brakuje",
    )
    if not rows:
        return CardSection(title, sentences=("Wczytane dane nie mają ani jednej wartości.",))
    return CardSection(title, table=CardTable("Dostępność", columns, rows, note))


def newest_words(row: object) -> str:
    """Say of how many units the newest year has a value; a dash when no year has one.

    Examples
    --------
    >>> from types import SimpleNamespace as Row
    >>> newest_words(Row(newest=2024.0, newest_values=26.0, newest_units=27.0))
    '26 z 27 (2024 r.)'
    """
    newest, values, units = (
        getattr(row, name) for name in ("newest", "newest_values", "newest_units")
    )
    if newest != newest:  # null
        return "–"
    return f"{format_number(values)} z {format_number(units)} ({int(newest)} r.)"


def _relations(one: Indicator, catalogue: Catalogue) -> Iterator[tuple[str, Words]]:
    every = catalogue.indicators.values()
    main = [one.twin_of] if one.twin_of else []
    twins = [other.id for other in every if other.twin_of == one.id]
    told = {*main, *twins}
    for label, names in (
        ("To samo z innego źródła lub w innej jednostce", [*main, *twins]),
        ("Pokazywać razem z", one.paired_with),
        ("Pokazywany razem z", [other.id for other in every if one.id in other.paired_with]),
        ("Pokrewne", [name for name in one.related if name not in told]),
    ):
        if names:
            yield label, links_of(names, catalogue)


def links_of(names: Iterable[str], catalogue: Catalogue) -> tuple[str | Link, ...]:
    """Return the names of indicators as links to their cards."""
    return listed(Link("indicator", name, catalogue.indicators[name].name) for name in names)


def _official(one: Indicator, definitions: pd.DataFrame | None) -> Iterator[tuple[str, Words]]:
    """Yield SMUP's own cards of the ids that the indicator names, word for word."""
    if definitions is None or not one.official_ids.smup:
        return
    ids = set(map(str, one.official_ids.smup))
    own = definitions[(definitions["kind"] == "indicator") & definitions["id"].isin(ids)]
    for row in own.itertuples(index=False):
        yield f"Fiszka SMUP {row.id}", f"{row.name}. {row.card}".strip()


def _in_bdl(one: Indicator, definitions: pd.DataFrame | None) -> Iterator[tuple[str, Words]]:
    """Yield how the Local Data Bank itself calls the variables of the formula, once fetched."""
    if definitions is None:
        return
    subjects = definitions[definitions["kind"] == "bdl_subject"].set_index("id")["name"]
    told = definitions[definitions["kind"] == "bdl_variable"]
    for row in told[told["variable"].isin(one.variables_read)].itertuples(index=False):
        subject = f"{subjects.get(row.parent_id, '')} ({row.parent_id})".strip()
        yield f"Zmienna BDL {row.id}", f"{subject}: {row.name}"


def _codes(one: Indicator, catalogue: Catalogue) -> Iterator[tuple[str, Words]]:
    if one.aliases:
        yield "Inne oznaczenia", ", ".join(one.aliases)
    smup = ", ".join(map(str, one.official_ids.smup))
    yield "Identyfikator w SMUP", smup or "nieznany"
    bdl = {one.official_ids.bdl} | {
        column.variable_id
        for name in one.inputs.variables
        for column in catalogue.variable(name).bdl
    }
    known = sorted(number for number in bdl if number is not None)
    yield "Identyfikatory zmiennych w BDL", ", ".join(map(str, known)) or "nieznane"
    yield "Wersja definicji", one.definition_version
