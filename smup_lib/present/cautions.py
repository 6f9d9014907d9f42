"""What must a reader know before using a value: its limits, and who in the group has none?"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from smup_lib.conclude.evidence import NumberKey
from smup_lib.flags import NULL_FLAGS
from smup_lib.plurals import plural
from smup_lib.polish_text import in_sentence
from smup_lib.present.numbers import tagged
from smup_lib.present.words import NOMINAL, UNIT_NOUN, flag_words, qualifier_words

if TYPE_CHECKING:
    from smup_lib.conclude import IndicatorAssessment


def list_remarks(item: IndicatorAssessment, caveats: Sequence[str]) -> tuple[str, ...]:
    """Return what stands beside a value in a sentence: how it came about, and what its year is.

    Parameters
    ----------
    item : IndicatorAssessment
        The value.
    caveats : sequence of str
        Caveats that hold for its year and not for every one.
    """
    how = (f"Uwaga: {qualifier_words(item.qualifiers)}.",) if item.qualifiers else ()
    return (*how, *caveats)


def list_footnotes(item: IndicatorAssessment, caveats: Sequence[str]) -> tuple[str, ...]:
    """Return what stands below a table about a row of it.

    Parameters
    ----------
    item : IndicatorAssessment
        The row.
    caveats : sequence of str
        All caveats that hold in the year.
    """
    if item.status == "shown":
        words = qualifier_words(item.qualifiers)
        return (*([f"Wartość jednostki: {words}."] if words else []), *caveats)
    # without a value because of what it is, not because nobody has it
    refused = item.status == "not_applicable" or bool(item.qualifiers)
    return (f"Bez wartości: {in_sentence(item.reason)}",) if refused and item.reason else ()


def render_cautions(item: IndicatorAssessment, caveats: Sequence[str], key: NumberKey) -> str:
    """Return what limits a value, folded; nothing when nothing does.

    Parameters
    ----------
    item : IndicatorAssessment
        The value and its place in the group.
    caveats : sequence of str
        Caveats of the indicator and of its variables that hold in the year.
    key : NumberKey
        Key of the indicator's numbers in this group.
    """
    told = [*caveats, *([NOMINAL] if item.indicator.nominal else [])]
    parts = []
    if told:
        listed = "".join(f"<li>{escape(text)}</li>" for text in dict.fromkeys(told))
        parts.append(_folded("Zastrzeżenia", len(set(told)), f"<ul>{listed}</ul>", item))
    absent = {flag: n for flag in NULL_FLAGS if (n := item.position.n_flags.get(flag, 0))}
    if absent:
        listed = "".join(
            f"<li>{_peers_without(flag, count, key)}</li>" for flag, count in absent.items()
        )
        body = f"<ul>{listed}</ul>"
        parts.append(_folded("Ilu jednostek grupy brakuje", sum(absent.values()), body, item))
    return "".join(parts)


def _peers_without(flag: str, count: int, key: NumberKey) -> str:
    number = tagged(count, key.of(statistic=f"n_flag:{flag}"))
    return f"{number} {plural(count, UNIT_NOUN)}: {escape(flag_words(flag))}"


def _folded(title: str, count: int, body: str, item: IndicatorAssessment) -> str:
    of = f'<span class="smup-hidden">: {escape(item.indicator.name)}</span>'
    return f'<details class="smup-more"><summary>{title} ({count}){of}</summary>{body}</details>'
