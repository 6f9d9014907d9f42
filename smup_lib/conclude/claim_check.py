"""Is a claim supported, contradicted or undecidable? What the data must bear before they answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, cast

from smup_lib.conclude.claim_changes import decide_change_in_group
from smup_lib.conclude.claim_data import ClaimData
from smup_lib.conclude.claim_gaps import (
    TWIN_STEP,
    decide_better,
    decide_gap,
    decide_size,
    tell_counts,
)
from smup_lib.conclude.claim_levels import (
    Wanted,
    decide_equal_to_group,
    decide_lasting,
    decide_merit,
    decide_number,
    decide_side,
    decide_similar,
)
from smup_lib.conclude.claim_places import decide_extreme, decide_place
from smup_lib.conclude.claim_years import decide_direction
from smup_lib.conclude.claims import Claim
from smup_lib.conclude.verdicts import Answer, Verdict, undecidable, weigh_words
from smup_lib.polish_text import in_sentence
from smup_lib.units.inflection import say_where

if TYPE_CHECKING:
    from smup_lib.conclude.evidence import CitedNumber

_NO_CAUSE = "Dane mówią, co się stało, a nie dlaczego: żaden wskaźnik nie dowodzi przyczyny."
_CAUSE_STEP = (
    "zapisz przyczynę jako przypuszczenie, wskaż inne możliwe i to, co pozwoliłoby ją sprawdzić"
)
_COST_LIMIT = (
    "Sama liczba nie mówi o gospodarności: trzeba ją czytać razem z jakością i dostępnością."
)
_LIMITS = {
    "level": "Położenie nie mówi, dlaczego jednostki się różnią.",
    "change": "Zmiana w czasie nie mówi, co ją spowodowało.",
    "direction": "Zmiana w czasie nie mówi, co ją spowodowało.",
    "place": "Miejsce nie mówi, jak duże są różnice ani skąd się biorą.",
    "cause": "Następstwo w czasie ani podobieństwo nie są przyczyną.",
}
_NOMINAL = "Kwoty są w cenach bieżących: rosną także z cenami."
_NEUTRAL = "Nie ma tu uzgodnionego kierunku: więcej nie znaczy ani lepiej, ani gorzej."


def check_claim(data: ClaimData) -> Verdict:
    """Judge one claim by the data.

    Parameters
    ----------
    data : ClaimData
        The claim with the assessment, the rows of all years and the other unit.

    Returns
    -------
    Verdict
        ``supported`` only where the data bear the claim as surely as its words say; never a cause,
        never better or worse without a signed direction, never a cost without quality or access.
    """
    refused = next(_refusals(data), None)
    answer = refused or weigh_words(data.claim, _ask_twins(data, _decide(data)))
    numbers = dict(answer.numbers)
    detail = ""
    if data.item.status == "shown" and data.claim.says != "caused":
        detail, paired = _beside_cost(data)
        numbers |= paired
        told, group = _beside_change(data, answer)
        counts, twins = tell_counts(data) if _COUNTED & {*answer.methods} else ("", {})
        detail = "; ".join(t for t in (detail, told, counts) if t)
        numbers |= group | twins
    return Verdict(
        claim=replace(data.claim, group=_group_of(data)),
        outcome=answer.outcome,
        text=answer.text,
        numbers=numbers,
        methods=answer.methods,
        detail=detail,
        confidence=answer.confidence,
        confidence_reason=answer.why,
        not_said=" ".join(dict.fromkeys(_limits(data, answer))),
        next_step=answer.next_step,
    )


def refuse_claim(claim: Claim, why: str, next_step: str) -> Verdict:
    """Return the verdict on a claim of which there are no data at all."""
    return Verdict(claim, "undecidable", why, next_step=next_step)


def _group_of(data: ClaimData) -> str | None:
    return data.assessment.group.key if data.claim.than == "group" else None


def _refusals(data: ClaimData) -> Iterator[Answer]:
    """Yield what forbids any verdict, the gravest first."""
    claim, item = data.claim, data.item
    if claim.says == "caused":
        yield undecidable(_NO_CAUSE, _CAUSE_STEP)
    if item.status != "shown":
        reason = item.reason or "nie ma tej wartości"
        step = "wybierz jednostkę, rok albo wskaźnik z danymi"
        yield undecidable(f"{reason[:1].upper()}{reason[1:].rstrip('.')}.", step)
        return
    if _needs_pair(data) and not data.assessment.paired(item):
        yield undecidable(
            "Obok kosztu nie ma wartości jakości ani dostępności tej usługi, a sam koszt o niczym "
            "nie rozstrzyga.",
            "wczytaj wskaźnik jakości albo dostępności tej usługi",
        )
    if claim.than == "unit":
        yield from _refuse_other_unit(data)
    if item.odd:
        yield _odd(data, claim.year)
    if claim.since is not None:
        yield from _refuse_years(data)


def _refuse_other_unit(data: ClaimData) -> Iterator[Answer]:
    assert data.other is not None  # the claim's kind requires it
    if data.row(data.other.code, data.claim.year).empty:
        where = say_where(data.other, with_kind=True)
        yield undecidable(
            f"{where[0].upper()}{where[1:]} nie ma tej wartości za {data.claim.year} r.",
            "wybierz rok albo jednostkę z danymi",
        )


def _refuse_years(data: ClaimData) -> Iterator[Answer]:
    """Yield why the years of a claim may not be put beside each other."""
    if not data.indicator.across_years:
        yield undecidable("Lat tego wskaźnika nie należy porównywać.", "wnioskuj o jednym roku")
    if data.breaks:
        last = data.breaks[-1]
        reason = in_sentence(last.reason).rstrip(".")
        yield undecidable(
            f"Lat przed {last.year} r. nie wolno łączyć z późniejszymi: {reason}.",
            f"skróć okres: od {last.year} r. albo do roku przed nim",
        )
    if not data.own.cell(data.since).known:
        yield undecidable(f"Jednostka nie ma wartości za {data.since} r.", "wybierz lata z danymi")
    lasting = data.claim.than == "group" and data.claim.kind.family == "level"
    if not lasting and data.odd_in(data.since):
        yield _odd(data, data.since)


def _odd(data: ClaimData, year: int) -> Answer:
    """Say that a value is so far from other years or all peers that its source comes first (M8)."""
    return undecidable(
        f"Wartość z {year} r. ({{odd}}) tak bardzo odbiega od innych lat tej jednostki albo od "
        "wszystkich porównywanych, że może być błędem.",
        "sprawdź ją u źródła, zanim cokolwiek z niej wywnioskujesz",
        {"odd": data.cite(data.own.cell(year).value, year=year)},
        ["M8"],
    )


def _ask_twins(data: ClaimData, answer: Answer) -> Answer:
    """Take support back where the same indicator from another source contradicts the claim."""
    claim = data.claim
    if answer.outcome != "supported" or claim.says == "equal":
        return answer  # of two roundings of one value at most one is equal to a number
    measured = claim.number is not None or claim.size is not None
    for twin in data.twins:
        same = twin.indicator.measure_unit == data.indicator.measure_unit
        asked = replace(data, claim=replace(claim, indicator=twin.indicator.id))
        if (measured and not same) or twin.value is None or any(_refusals(asked)):
            continue
        if _decide(asked).outcome == "contradicted":
            text = answer.text.removesuffix(".")
            return undecidable(
                f"{text}; ten sam wskaźnik z innego źródła temu przeczy (wartość {{twin}}).",
                TWIN_STEP,
                {**answer.numbers, "twin": data.cite(twin.value, of=twin)},
                answer.methods,
            )
    return answer


#: Methods that ask counts, which may be those of a twin.
_COUNTED = {"M4a", "M6", "M13", "M16"}
_SIDES: dict[str, Wanted] = {
    "higher": "above",
    "lower": "below",
    "change_above": "above",
    "change_below": "below",
}


def _decide(data: ClaimData) -> Answer:
    """Ask the method that answers this kind of claim."""
    family = data.claim.kind.family
    if family == "direction":
        return decide_direction(data)
    if family == "change":
        changed = data.claim.says in ("rose_by", "fell_by")
        return decide_size(data) if changed else decide_change_in_group(data, _side(data))
    if family == "place":
        says = data.claim.says
        if says == "highest" or says == "lowest":
            return decide_extreme(data, says)
        return decide_place(data)
    return _LEVELS[data.claim.than or "group"](data)


def _side(data: ClaimData) -> Wanted:
    return _SIDES[data.claim.says]


def _decide_group(data: ClaimData) -> Answer:
    says = data.claim.says
    if says == "better" or says == "worse":
        return decide_merit(data, says)
    if says == "similar":
        return decide_similar(data)
    if says == "equal":
        return decide_equal_to_group(data)
    return decide_side(data, _side(data)) if data.claim.since is None else decide_lasting(
        data, _side(data)
    )  # fmt: skip


def _decide_pair(data: ClaimData) -> Answer:
    says = data.claim.says
    if says == "better" or says == "worse":
        return decide_better(data, says)
    return decide_gap(data, cast("Literal['higher', 'lower', 'equal']", says))


def _decide_number(data: ClaimData) -> Answer:
    number = data.claim.number
    assert number is not None  # the claim's kind requires it
    return decide_number(data, number, data.claim.says)


def _decide_target(data: ClaimData) -> Answer:
    target = data.indicator.polarity.target
    if target is None or data.indicator.polarity.judged != "target":
        return undecidable(
            "Katalog nie podaje wartości docelowej tego wskaźnika.",
            "podaj cel liczbą: than: number, number: WARTOŚĆ",
        )
    return decide_number(data, target, data.claim.says)


_LEVELS: dict[str, Callable[[ClaimData], Answer]] = {
    "group": _decide_group,
    "unit": _decide_pair,
    "year": _decide_pair,
    "number": _decide_number,
    "target": _decide_target,
}


def _needs_pair(data: ClaimData) -> bool:
    """Tell whether a value is a cost, which is never told without quality or access beside it."""
    indicator = data.indicator
    two_sided = indicator.dimension == "efficiency" and indicator.polarity.judge == "two_sided"
    return indicator.cost or two_sided


def _beside_cost(data: ClaimData) -> tuple[str, dict[str, CitedNumber]]:
    """Return what must stand beside a cost: quality and access of the service, and the group's."""
    if not _needs_pair(data):
        return "", {}
    told: list[str] = []
    numbers: dict[str, CitedNumber] = {}
    for place, other in enumerate(data.assessment.paired(data.item)):
        if other.value is None:
            continue
        name = f"paired_{place}"
        numbers[name] = data.cite(other.value, of=other)
        text = f"obok kosztu: {other.indicator.short_name} {{{name}}}"
        if other.position.median is not None:
            numbers[f"{name}_median"] = data.cite(
                other.position.median, "median", of=other, in_group=True
            )
            text += f" (mediana grupy {{{name}_median}})"
        told.append(text)
    return "; ".join(told), numbers


def _beside_change(data: ClaimData, answer: Answer) -> tuple[str, dict[str, CitedNumber]]:
    """Return how the group changed in the same time: what moved everybody is nobody's merit."""
    claim = data.claim
    asked = claim.than == "year" or claim.kind.family == "direction"
    if not asked or claim.since is None or not answer.numbers:
        return "", {}
    medians = data.item.series.set_index("year")["median"]
    values = [float(medians.get(year, float("nan"))) for year in (claim.since, claim.year)]
    if any(value != value for value in values):
        return "", {}
    return (
        "mediana grupy w tym czasie: z {median_since} na {median}",
        {
            "median_since": data.cite(values[0], "median", year=claim.since, in_group=True),
            "median": data.cite(values[1], "median", in_group=True),
        },
    )


def _limits(data: ClaimData, answer: Answer) -> Iterator[str]:
    """Yield what must not be read into a verdict."""
    claim, indicator = data.claim, data.indicator
    yield _LIMITS[claim.kind.family]
    if answer.not_said:
        yield answer.not_said
    if claim.says == "caused":
        return
    if _needs_pair(data):
        yield _COST_LIMIT
    elif not indicator.ranked:
        yield _NEUTRAL
    if claim.since is not None and indicator.nominal:
        yield _NOMINAL
    if data.other is not None and data.other.kind != data.assessment.unit.kind:
        yield "To jednostki różnych rodzajów: mogą mieć różne zadania i różny majątek."
