"""What is a practice card: what another office did, on which data, and what is not known of it.

The shape alone; what a card may say and whether it is admitted is the matter of
:mod:`smup_lib.catalogue.practice_rules`. What nobody told stays empty and is shown as such.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from smup_lib.catalogue.vocabulary import CatalogueModel, Dimension, Identifier, Text, UnitKind
from smup_lib.teryt import is_fictional_code

#: Written in a card for what is not known; the same as leaving the key out.
NOT_TOLD = "nie podano"
Status = Literal["admitted", "incomplete"]
#: What a status is called in Polish.
STATUS_WORDS: Mapping[str, str] = MappingProxyType(
    {"admitted": "karta przyjęta", "incomplete": "karta niepełna"}
)
Review = Literal["not_reviewed", "confirmed_by_office", "reviewed"]
#: What the state of a review is called in Polish.
REVIEW_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "not_reviewed": "nikt jeszcze nie sprawdził treści",
        "confirmed_by_office": "treść potwierdził urząd, który to zrobił",
        "reviewed": "treść sprawdziła osoba spoza tego urzędu",
    }
)
#: What must be told for admission, by the name of the field, in Polish.
CRITERIA: Mapping[str, str] = MappingProxyType(
    {
        "measurement": "dane lub pomiar, na których oparto działanie",
        "change": "zmieniony parametr usługi",
    }
)
#: The other fields of a card and their Polish names, in the order of a page.
FIELD_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "problem": "problem wyjściowy",
        "solution": "rozwiązanie krok po kroku",
        "costs": "koszty",
        "resources": "zasoby",
        "effect": "efekt",
        "success_factors": "czynniki sukcesu",
        "risks": "ryzyka",
        "conditions": "warunki adaptacji",
        "contact": "kontakt",
        "verified": "data weryfikacji",
    }
)
_DIGEST_LENGTH = 12

UnitCode = Annotated[str, StringConstraints(pattern=r"^\d{4}(\d{2})?$")]
Year = Annotated[int, Field(ge=1990, le=2100)]


class PracticeModel(CatalogueModel):
    """Base: ``nie podano`` and an empty place mean that the key is not there."""

    @model_validator(mode="before")
    @classmethod
    def _leave_out_what_is_not_told(cls, content: Any) -> Any:
        if not isinstance(content, dict):
            return content
        return {key: value for key, value in content.items() if not _untold(value)}


def _untold(value: Any) -> bool:
    if isinstance(value, str):
        return value.strip().rstrip(".").casefold() in ("", NOT_TOLD)
    if isinstance(value, list | dict):
        return not value or all(map(_untold, value.values() if isinstance(value, dict) else value))
    return value is None


class Office(PracticeModel):
    """Whose practice it is; the population only where it is known."""

    name: Annotated[Text, Field(description="nazwa jednostki, na przykład Gmina Nowa")]
    unit_code: UnitCode | None = None
    kind: UnitKind | None = None
    population: Annotated[int, Field(gt=0)] | None = None


class StartingProblem(PracticeModel):
    """What it began with: in words, and as a value of an indicator where one is known."""

    text: Annotated[Text, Field(description="problem wyjściowy, jednym lub dwoma zdaniami")]
    indicator: Identifier | None = None
    value: float | None = None
    measure_unit: str = ""
    year: Year | None = None


class Effect(PracticeModel):
    """What changed: in words, and as values before and after where they are known."""

    text: Annotated[Text, Field(description="co się zmieniło, jednym lub dwoma zdaniami")]
    indicator: Identifier | None = None
    before: float | None = None
    after: float | None = None
    measure_unit: str = ""
    period: str = ""


class Contact(PracticeModel):
    """An office, never a person."""

    office: Annotated[Text, Field(description="urząd i komórka, nigdy nazwisko")]
    email: str = ""
    url: str = ""


class PracticeCard(PracticeModel):
    """What another office did to make a service better, and what it measured.

    ``measurement`` is the first criterion of admission (data or a measurement were used),
    ``change`` the second (a parameter of the service was to be changed by that). ``link_note``
    says why the card stands at its services where that is not plain.
    """

    id: Annotated[Identifier, Field(description="krótka nazwa karty i pliku")]
    title: Annotated[Text, Field(description="tytuł praktyki")]
    status: Annotated[Status, Field(description="admitted: oba kryteria spełnione")]
    office: Annotated[Office, Field(description="kto to zrobił")]
    services: tuple[str, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    indicators: tuple[Identifier, ...] = ()
    link_note: str = ""
    problem: StartingProblem | None = None
    measurement: Text | None = None
    change: Text | None = None
    solution: tuple[Text, ...] = ()
    costs: Text | None = None
    resources: Text | None = None
    effect: Effect | None = None
    success_factors: tuple[Text, ...] = ()
    risks: tuple[Text, ...] = ()
    conditions: tuple[Text, ...] = ()
    contact: Contact | None = None
    verified: dt.date | None = None
    review: Review = "not_reviewed"
    source: Annotated[Text, Field(description="skąd wiemy: dokument, strona, urząd")]

    @property
    def criteria_missing(self) -> tuple[str, ...]:
        """Polish names of the criteria of admission that the card does not meet."""
        return tuple(words for name, words in CRITERIA.items() if not getattr(self, name))

    @property
    def not_told(self) -> tuple[str, ...]:
        """Polish names of the other fields of which nothing is known."""
        return tuple(words for name, words in FIELD_WORDS.items() if not getattr(self, name))

    @property
    def fictional(self) -> bool:
        """Whether it is told of a unit of the fictional land."""
        return self.office.unit_code is not None and is_fictional_code(self.office.unit_code)

    @property
    def cited(self) -> tuple[str, ...]:
        """Ids of all indicators that the card names, once each."""
        named = (self.problem and self.problem.indicator, self.effect and self.effect.indicator)
        return tuple(dict.fromkeys((*self.indicators, *(name for name in named if name))))

    @property
    def digest(self) -> str:
        """Hash of what the card says: the same in every office, whatever its file looks like.

        Examples
        --------
        >>> card = {"id": "x", "title": "Tytuł", "status": "incomplete", "source": "urząd"}
        >>> one = PracticeCard.model_validate(card | {"office": {"name": "Gmina Nowa"}})
        >>> other = PracticeCard.model_validate(
        ...     {"office": {"name": "Gmina Nowa", "kind": "nie podano"}} | card
        ... )
        >>> one.digest == other.digest, len(one.digest)
        (True, 12)
        """
        said = self.model_dump(mode="json", exclude_defaults=True)
        text = json.dumps(said, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:_DIGEST_LENGTH]

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield every text of the card with its key; of the contact only the office."""
        said = self.model_dump(mode="json", exclude_defaults=True)
        (said.get("contact") or {}).pop("email", None)
        yield from _texts(said, "")


def _texts(content: Any, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(content, str):
        yield key, content
    elif isinstance(content, dict):
        for name, value in content.items():
            yield from _texts(value, f"{key}.{name}" if key else str(name))
    elif isinstance(content, list):
        for place, value in enumerate(content, 1):
            yield from _texts(value, f"{key}[{place}]")
