# ruff: noqa: D401 - the docstring of a rule is the rule
"""May an indicator be judged, in which direction, and what must stand beside it?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from smup_lib.catalogue.draft import WITHOUT_DIMENSIONS, Draft
from smup_lib.catalogue.model import Indicator
from smup_lib.catalogue.problems import Fault
from smup_lib.errors import did_you_mean

_UNJUDGED = re.compile(r"nie (jest|są) ocenian|nie ocenia")
_TWO_SIDED = "tak samo warte sprawdzenia"
_REVIEWER = "recenzent-kierunku"
_COMPANIONS = ("quality", "accessibility")


def role_fits_the_area(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """Finance and context have roles of their own; elsewhere indicators are of a service."""
    roles = {"context": ("contextual",), "finance": ("finance", "contextual")}
    allowed = roles.get(indicator.area, ("service", "contextual"))
    if indicator.role not in allowed:
        what = f"rola nie pasuje do obszaru {indicator.area}"
        yield Fault("role", what, " albo ".join(allowed), indicator.role)


def service_and_dimension_follow_the_role(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """An indicator of a service has a service and a dimension; finance has groups only."""
    role, without = indicator.role, indicator.area in WITHOUT_DIMENSIONS
    if role != "contextual" and indicator.service is None:
        yield Fault("service", "wskaźnik musi należeć do usługi", next_step="dopisz klucz service")
    if role == "service" and indicator.dimension is None:
        what = "wskaźnik usługi musi mieć wymiar"
        expected = "quantity albo quality albo accessibility albo efficiency"
        yield Fault("dimension", what, expected, next_step="dopisz klucz dimension")
    if without and indicator.dimension is not None:
        what = f"obszar {indicator.area} nie ma wymiarów"
        yield Fault("dimension", what, found=indicator.dimension, next_step="usuń klucz")


def service_is_listed(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """The service stands in the list of the area."""
    code = indicator.service
    if code is None or indicator.area not in draft.areas:
        return
    if draft.service(indicator.area, code) is None:
        known = [service.code for service in draft.areas[indicator.area].services]
        what, step = f"obszar nie ma usługi „{code}”", did_you_mean(code, known)
        yield Fault("service", what, ", ".join(known) or "obszar nie ma usług", code, step)


def direction_has_a_reason(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """A direction says why it is right and from which difference it matters."""
    polarity = indicator.polarity
    if polarity.direction == "neutral":
        return
    if not polarity.reason:
        what = f"kierunek {polarity.direction} wymaga uzasadnienia"
        step = "napisz, dlaczego każdy się z nim zgodzi, albo zostaw direction: neutral"
        yield Fault("polarity.reason", what, next_step=step)
    if indicator.minimum_gap is None:
        what = "kierunek wymaga najmniejszej różnicy, która coś znaczy"
        yield Fault("minimum_gap", what, f"liczba w jednostce „{indicator.measure_unit}”")


def neutral_is_not_signed(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """Reasons and signatures belong to a direction."""
    polarity = indicator.polarity
    if polarity.direction == "neutral":
        for key in ("reason", "signed_by"):
            if getattr(polarity, key):
                what = "kierunek neutral nie ma uzasadnienia ani podpisów"
                yield Fault(f"polarity.{key}", what, next_step="usuń klucz")


def one_person_signs_once(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """Two signatures are of two people."""
    names = indicator.polarity.signed_by
    if len(set(names)) < len(names):
        what = "ta sama osoba podpisała dwa razy"
        yield Fault("polarity.signed_by", what, "dwie różne osoby", ", ".join(names))


def the_second_signature_is_independent(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """A direction that acts was agreed to by the reviewer, not only by two authors."""
    polarity = indicator.polarity
    if polarity.signed and _REVIEWER not in polarity.signed_by:
        what = "drugi podpis musi być niezależnego recenzenta"
        yield Fault("polarity.signed_by", what, _REVIEWER, ", ".join(polarity.signed_by))


def target_has_a_value(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """A target direction names its target, and only it does."""
    if (indicator.polarity.direction == "target") != (indicator.polarity.target is not None):
        what = "direction: target i wartość docelowa target muszą iść w parze"
        yield Fault("polarity.target", what, found=str(indicator.polarity.target))


def context_is_never_judged(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """What is background is neither coloured nor asked about."""
    polarity = indicator.polarity
    if indicator.role == "contextual" and (polarity.direction, polarity.judge) != (
        "neutral",
        "none",
    ):
        what = "wskaźnik kontekstowy nie jest oceniany"
        found = f"{polarity.direction}, judge: {polarity.judge}"
        yield Fault("polarity", what, "direction: neutral bez judge", found)


def money_is_two_sided(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """Money per something is never good or bad: very little is as remarkable as very much."""
    per_something = indicator.measure_unit.startswith("zł/") or indicator.cost
    if indicator.role == "contextual" or not per_something:
        return
    polarity = indicator.polarity
    if (polarity.direction, polarity.judge) != ("neutral", "two_sided"):
        yield Fault(
            "polarity",
            "kwoty na jednostkę nie ocenia się jako dobrej albo złej",
            "{direction: neutral, judge: two_sided}",
            f"direction: {polarity.direction}, judge: {polarity.judge}",
        )


def two_sided_is_neutral(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """What is remarkable on both sides has no better side."""
    polarity = indicator.polarity
    if polarity.judge == "two_sided" and polarity.direction != "neutral":
        what = "judge: two_sided jest tylko dla kierunku neutral"
        yield Fault("polarity.judge", what, "direction: neutral", polarity.direction)


def interpretation_says_whether_it_is_judged(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """A reader of a neutral card learns why; a judged card never says that it is not judged."""
    told = indicator.interpretation
    unjudged, two_sided = bool(_UNJUDGED.search(told)), _TWO_SIDED in told
    if indicator.polarity.direction != "neutral":
        if unjudged or two_sided:
            what = "tekst mówi, że wskaźnik nie jest oceniany, a ma on kierunek"
            yield Fault("interpretation", what, found=indicator.polarity.direction)
    elif indicator.polarity.judge == "two_sided" and not two_sided:
        what = "ocena obustronna wymaga zdania dla czytelnika"
        expected = f"zdanie ze słowami „bardzo niska i bardzo wysoka wartość są {_TWO_SIDED}”"
        yield Fault("interpretation", what, expected)
    elif not (unjudged or two_sided):
        what = "wskaźnik bez kierunku mówi, dlaczego go nie oceniamy"
        yield Fault("interpretation", what, "na przykład „…, dlatego wskaźnik nie jest oceniany.”")


def pair_is_of_quality_or_access(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """Beside money stands what it gave: quality or access of the same service, never more money."""
    for name in indicator.paired_with:
        other = draft.indicator(name)
        if other is None:
            continue
        if other.service != indicator.service or other.area != indicator.area:
            what = f"„{name}” jest z innej usługi"
            yield Fault("paired_with", what, indicator.service or "", other.service or "")
        elif other.dimension not in _COMPANIONS:
            what = f"„{name}” nie mówi o jakości ani dostępności"
            yield Fault("paired_with", what, " albo ".join(_COMPANIONS), other.dimension or "")
        elif other.data_basis == "money_ratio":
            what = f"„{name}” sam jest wskaźnikiem pieniężnym"
            yield Fault("paired_with", what, "wskaźnik tego, co za pieniądze dostano")
        elif not set(other.levels) & set(indicator.levels):
            what = f"„{name}” nie ma wspólnego szczebla"
            yield Fault("paired_with", what, ", ".join(indicator.levels), ", ".join(other.levels))


def cost_has_a_pair(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """A cost is never shown alone where the catalogue has quality or access of its service."""
    if not indicator.cost or indicator.paired_with:
        return
    possible = [
        other.id
        for other in draft.of_service(indicator.area, indicator.service)
        if other.dimension in _COMPANIONS
        and other.data_basis != "money_ratio"
        and other.twin_of is None
        and set(other.levels) & set(indicator.levels)
    ]
    if possible:
        yield Fault(
            "paired_with",
            "koszt bez pary",
            f"co najmniej jeden z: {', '.join(possible)}",
            next_step="wybierz wskaźnik, który mówi, co za te pieniądze dostano",
        )


RULES = (
    role_fits_the_area,
    service_and_dimension_follow_the_role,
    service_is_listed,
    direction_has_a_reason,
    neutral_is_not_signed,
    one_person_signs_once,
    the_second_signature_is_independent,
    target_has_a_value,
    context_is_never_judged,
    money_is_two_sided,
    two_sided_is_neutral,
    interpretation_says_whether_it_is_judged,
    pair_is_of_quality_or_access,
    cost_has_a_pair,
)
