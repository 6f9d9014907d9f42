# ruff: noqa: D401 - the docstring of a rule is the rule
"""Are the texts that people read sentences, calm, and free of claims that nobody can keep?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from smup_lib.catalogue.draft import Draft
from smup_lib.catalogue.model import DataGap, Indicator, Publisher, ServiceArea
from smup_lib.catalogue.problems import Fault
from smup_lib.catalogue.variable import Variable

_LONGEST_SHORT_NAME = 50
_SHOWN = 50
_PUBLISHED = "Wartość ogłoszona przez"
#: "May not be compared", said of years rather than of units.
_NOT_COMPARED = re.compile(
    r"nie (można|należy|wolno|da się)\b[^.;]*\bporówn|porównuje się[^.;]*, a nie\b", re.IGNORECASE
)
_OF_YEARS = re.compile(
    r"\b(lat|lata|latach|latami|rok|roku|r\.|sprzed|starsz\w+|wcześniejsz\w+)", re.IGNORECASE
)
_OF_LOADED_FILES = re.compile(r"wczytan|pobiera|pobran|nikt nie zebra", re.IGNORECASE)


def sentence_faults(texts: Mapping[str, str]) -> Iterator[Fault]:
    """Yield the texts that are not plain sentences, by key."""
    for key, text in texts.items():
        checks = {
            "zdanie musi kończyć się kropką": not text.endswith("."),
            "wykrzyknik nie pasuje do urzędowego tekstu": "!" in text,
            "w tekście są dwie spacje obok siebie": "  " in text,
            "tekst nic nie mówi": not re.search(r"[a-ząćęłńóśźż]{3}", text),
        }
        for what, wrong in checks.items():
            if wrong:
                yield Fault(key, what, found=_end_of(text))


def _end_of(text: str) -> str:
    return f"„{text}”" if len(text) <= _SHOWN else f"„…{text[-_SHOWN:]}”"


def name_faults(names: Mapping[str, str]) -> Iterator[Fault]:
    """Yield the names that look like sentences, by key."""
    for key, name in names.items():
        if name.endswith("."):
            yield Fault(key, "nazwa nie jest zdaniem", "tekst bez kropki na końcu", f"„{name}”")


def texts_of(indicator: Indicator) -> dict[str, str]:
    """Return the sentences of an indicator by key."""
    texts = {
        "definition": indicator.definition,
        "interpretation": indicator.interpretation,
        "limits": indicator.limits,
        "polarity.reason": indicator.polarity.reason,
        "not_applicable_reason": indicator.not_applicable_reason,
        **{f"caveats[{n + 1}].text": c.text for n, c in enumerate(indicator.caveats)},
        **{f"breaks[{b.year}].reason": b.reason for b in indicator.breaks},
    }
    return {key: text for key, text in texts.items() if text}


def indicator_speaks_in_sentences(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """Texts are sentences, names are not."""
    yield from sentence_faults(texts_of(indicator))
    yield from name_faults({"name": indicator.name})
    if len(indicator.short_name) > _LONGEST_SHORT_NAME:
        what = "krótka nazwa jest za długa"
        found = f"{len(indicator.short_name)} znaków"
        yield Fault("short_name", what, f"najwyżej {_LONGEST_SHORT_NAME} znaków", found)


def years_said_incomparable_are_not_compared(
    draft: Draft, entry: Indicator | Variable
) -> Iterator[Fault]:
    """Where a caveat says that years may not be compared, no trend is told across them."""
    if entry.breaks or not entry.across_years:
        return
    for number, caveat in enumerate(entry.caveats, start=1):
        if _NOT_COMPARED.search(caveat.text) and _OF_YEARS.search(caveat.text):
            yield Fault(
                f"caveats[{number}]",
                "tekst mówi, że lat nie można porównywać, a wpis na to pozwala",
                "breaks z rokiem zmiany albo across_years: false",
                _end_of(caveat.text),
            )


def published_names_its_publisher(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """A reader of a published value learns who published it."""
    said = indicator.definition.startswith(_PUBLISHED)
    if indicator.provenance == "published" and not said:
        what = "definicja musi powiedzieć, kto ogłosił wartość"
        yield Fault("definition", what, f"tekst od słów „{_PUBLISHED} GUS: …”")
    if indicator.provenance == "computed" and said:
        what = "definicja mówi o wartości ogłoszonej, a wskaźnik jest obliczony"
        yield Fault("definition", what, "co przez co dzielimy", _end_of(indicator.definition))


def nothing_claims_to_be_of_smup(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """SMUP's own cards have not been read, so no text may speak for them."""
    for key, text in {"name": indicator.name, **texts_of(indicator)}.items():
        if "SMUP" in text:
            what = "opis jest nasz i nie może powoływać się na SMUP"
            yield Fault(key, what, found=_end_of(text), next_step="napisz to bez tej nazwy")


def gap_faults(gap: DataGap) -> Iterator[Fault]:
    """Yield what is wrong with the words of a data gap."""
    texts = {"wanted": gap.wanted, "reason": gap.reason, "source": gap.source}
    yield from sentence_faults(texts)
    if _OF_LOADED_FILES.search(gap.reason):
        yield Fault(
            "reason",
            "powód zależy od tego, co ktoś wczytał",
            "zdanie prawdziwe zawsze, na przykład „Program nie rozpoznaje jeszcze danych o …” "
            "albo „Nie zbiera tego żadne badanie krajowe.”",
            f"„{gap.reason}”",
        )


def area_speaks_in_sentences(draft: Draft, area: ServiceArea) -> Iterator[Fault]:
    """Descriptions are sentences, and say whose list of services it is."""
    services = {f"services[{s.code}].description": s.description for s in area.services}
    yield from sentence_faults({"description": area.description, **services})
    names = {f"services[{s.code}].name": s.name for s in area.services}
    yield from name_faults({"name": area.name, **names})
    if area.services and not re.search(r"\bnasz", area.description):
        what = "opis nie mówi, że lista usług albo grup jest nasza"
        expected = "zdanie „Lista usług i wzory są naszą rekonstrukcją …, a nie listą SMUP.”"
        yield Fault("description", what, expected)


def variable_speaks_plainly(draft: Draft, variable: Variable) -> Iterator[Fault]:
    """A label is a name, caveats and breaks are sentences."""
    yield from name_faults({"label": variable.label})
    caveats = {f"caveats[{n + 1}].text": c.text for n, c in enumerate(variable.caveats)}
    breaks = {f"breaks[{b.year}].reason": b.reason for b in variable.breaks}
    yield from sentence_faults(caveats | breaks)


def publisher_is_credited(draft: Draft, publisher: Publisher) -> Iterator[Fault]:
    """A credit line is a sentence."""
    yield from sentence_faults({"credit": publisher.credit})
