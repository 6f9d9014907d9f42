"""What does the card of an indicator say: definition, formula, limits, provenance?"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from smup_lib.catalogue.model import DIMENSION_WORDS
from smup_lib.present.formats import format_number
from smup_lib.present.tables import render_facts

if TYPE_CHECKING:
    from smup_lib.catalogue import Catalogue, Indicator

DIRECTIONS = {
    "higher": "więcej znaczy korzystniej",
    "lower": "mniej znaczy korzystniej",
    "target": "najlepiej blisko wartości docelowej",
    "neutral": "wskaźnik nie ma kierunku",
}
LEVELS = {"gmina": "gmina", "powiat": "powiat", "voivodeship": "województwo", "country": "kraj"}
BASES = {
    "count_ratio": "iloraz zliczeń",
    "money_ratio": "iloraz kwot",
    "mean": "średnia",
    "index": "gotowa wartość bez licznika i mianownika",
}


def card_facts(
    indicator: Indicator, catalogue: Catalogue, sources: Iterable[str] | None = None
) -> list[tuple[str, str]]:
    """Return the card of an indicator as pairs of label and text.

    Its caveats are those of its variables too, of every year; with ``sources`` only those that
    concern values from them.
    """
    area = catalogue.areas[indicator.area]
    service = next((s.name for s in area.services if s.code == indicator.service), "")
    facts = [
        ("Obszar", area.name),
        ("Usługa", f"{indicator.service} {service}" if service else ""),
        ("Wymiar", DIMENSION_WORDS.get(indicator.dimension or "", "")),
        ("Definicja", indicator.definition),
        ("Jak liczymy", formula_text(indicator, catalogue)),
        ("Jednostka miary", indicator.measure_unit),
        ("Szczebel", ", ".join(LEVELS[level] for level in indicator.levels)),
        ("Jak to rozumieć", indicator.interpretation),
        ("Czego nie mówi", indicator.limits),
        ("Kierunek", direction_text(indicator)),
        ("Podstawa danych", BASES[indicator.data_basis]),
        ("Czyja definicja", provenance_text(indicator)),
        ("Zastrzeżenia", " ".join(catalogue.caveats_of(indicator, sources=sources))),
        ("Przerwy w szeregu", " ".join(f"{b.year}: {b.reason}" for b in indicator.breaks)),
    ]
    return [(label, text) for label, text in facts if text]


def indicator_card_text(indicator: Indicator, catalogue: Catalogue) -> str:
    """Return the card as plain text for the command line.

    Examples
    --------
    >>> from smup_lib.catalogue import load_catalogue
    >>> catalogue = load_catalogue()
    >>> first = next(iter(catalogue.indicators.values()))
    >>> first.name in indicator_card_text(first, catalogue)
    True
    """
    lines = [indicator.name, f"({indicator.id})", ""]
    lines += [f"{label}: {text}" for label, text in card_facts(indicator, catalogue)]
    return "\n".join(lines)


def render_card(
    indicator: Indicator, catalogue: Catalogue, sources: Iterable[str] | None = None
) -> str:
    """Return the card as a folded description list."""
    facts = render_facts(card_facts(indicator, catalogue, sources))
    return (
        f'<details class="smup-card-details"><summary>Karta wskaźnika '
        f'<span class="smup-hidden">{escape(indicator.name)}</span></summary>{facts}</details>'
    )


def formula_text(indicator: Indicator, catalogue: Catalogue) -> str:
    """Say in words how an indicator is computed, with the labels of its variables."""
    inputs = indicator.inputs
    if indicator.method == "published":
        variable = catalogue.variable(inputs.value or "")
        return f"wartość gotowa z urzędowego zbioru: {variable.label} ({variable.holder})"
    above = _sum_text(inputs.numerator, inputs.minus, catalogue)
    below = _sum_text(inputs.denominator, inputs.denominator_minus, catalogue)
    times = "" if indicator.multiplier == 1 else f" × {format_number(indicator.multiplier)}"
    if indicator.method == "change":
        return f"zmiana wobec poprzedniego roku: {above}"
    if indicator.method == "index":
        return f"{above}, rok {indicator.base_year} = {format_number(indicator.multiplier)}"
    return f"({above}) ÷ ({below}){times}" if below else f"{above}{times}"


def _sum_text(plus: Iterable[str], minus: Iterable[str], catalogue: Catalogue) -> str:
    added = " + ".join(catalogue.variable(name).label for name in plus)
    return added + "".join(f" − {catalogue.variable(name).label}" for name in minus)


def direction_text(indicator: Indicator) -> str:
    """Say the direction, why, and whether it may be acted on."""
    polarity = indicator.polarity
    said = DIRECTIONS[polarity.direction]
    if polarity.judge == "two_sided":
        return f"{said}; bardzo mało i bardzo dużo to tak samo powód do pytania"
    if polarity.direction == "neutral":
        return said
    signed = "" if polarity.signed else " Brak drugiego podpisu: nie oceniamy i nie szeregujemy."
    return f"{said}. {polarity.reason}{signed}"


def provenance_text(indicator: Indicator) -> str:
    """Say whose definition it is: the publisher's or ours, never SMUP's unless imported."""
    if indicator.provenance == "published":
        return "wskaźnik publikowany przez gestora danych; opis na karcie jest nasz"
    return "nasza rekonstrukcja ze zmiennych urzędowych; to nie jest definicja z portalu SMUP"
