"""How is a verdict on a claim printed? One word, one sentence why, and what it does not say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from smup_lib.conclude.claims import STRENGTH_WORDS
from smup_lib.conclude.verdicts import OUTCOME_WORDS
from smup_lib.group_names import write_rule
from smup_lib.present.formats import format_number
from smup_lib.present.numbers import write_cited
from smup_lib.present.words import CONFIDENCES

if TYPE_CHECKING:
    from smup_lib.conclude import CitedNumber
    from smup_lib.conclude.verdicts import Verdict


def claim_words(verdict: Verdict, unit: str, indicator: str, other: str = "") -> str:
    """Return a claim as a line: whose, what, when, what is said, how surely.

    Parameters
    ----------
    verdict : Verdict
        Of the claim.
    unit, indicator, other : str
        Names for a reader; ``other`` of the unit that is compared with.
    """
    claim = verdict.claim
    years = str(claim.year) if claim.since is None else f"{claim.since}–{claim.year}"
    said = claim.kind.words
    if claim.cause:
        said += f": {claim.cause}"
    if claim.size is not None:
        said += f" {_free(claim.size)}{'%' if claim.percent else ''}"
    if claim.place is not None:
        said += f" {claim.place}"
    against = {
        "group": f"grupa {write_rule(claim.group)}" if claim.group else "grupa",
        "unit": other or claim.other,
        "year": f"{claim.since} r.",
        "number": None if claim.number is None else _free(claim.number),
        "target": "cel z katalogu",
    }.get(claim.than or "")
    compared = f" (wobec: {against})" if against else ""
    sure = STRENGTH_WORDS[claim.strength]
    return f"{unit}, {indicator}, {years}: {said}{compared}; siła słów wniosku: {sure}"


def verdict_text(verdict: Verdict) -> str:
    """Return a verdict as plain text: the outcome, why, what it does not say."""
    lines = [f"{OUTCOME_WORDS[verdict.outcome].upper()}: {_filled(verdict, verdict.text)}"]
    if verdict.detail:
        lines.append(f"  {_filled(verdict, verdict.detail)}")
    if verdict.outcome == "supported":
        reason = _filled(verdict, verdict.confidence_reason)
        why = f" ({reason})" if reason else ""
        lines.append(f"  pewność danych: {CONFIDENCES[verdict.confidence]}{why}")
    if verdict.next_step:
        lines.append(f"  co zrobić: {_filled(verdict, verdict.next_step)}")
    if verdict.not_said:
        lines.append(f"  czego to nie mówi: {verdict.not_said}")
    if verdict.methods:
        lines.append(f"  metoda: {', '.join(verdict.methods)}")
    return "\n".join(lines)


def verdict_facts(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as JSON can hold it, its sentences filled with their numbers."""
    facts = verdict.facts()
    for name in ("text", "detail", "confidence_reason", "next_step"):
        facts[name] = _filled(verdict, str(facts[name]))
    return {**facts, "templates": {"text": verdict.text, "detail": verdict.detail}}


def _filled(verdict: Verdict, template: str) -> str:
    """Write the numbers of a verdict where its sentence names them."""
    # not str.format: a name from the catalogue may hold braces of its own
    for name, number in _numbers(verdict.numbers).items():
        template = template.replace(f"{{{name}}}", number)
    # a measure unit may end in a full stop of its own
    return template.replace("..", ".")


def _numbers(numbers: Mapping[str, CitedNumber]) -> dict[str, str]:
    return {name: write_cited(one) for name, one in numbers.items()}


def _free(value: float) -> str:
    """Write a number with as many digits as it was given."""
    digits = len(repr(float(value)).partition(".")[2]) if value != int(value) else 0
    return format_number(value, digits)
