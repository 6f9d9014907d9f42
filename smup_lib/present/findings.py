"""How is a finding printed: one sentence, one line of numbers, one word of confidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from smup_lib.conclude.finding import UNSURE_BY_NATURE
from smup_lib.present.formats import NBSP
from smup_lib.present.numbers import tag_cited, write_cited
from smup_lib.present.words import CONFIDENCES, STANDINGS

if TYPE_CHECKING:
    from smup_lib.conclude import CitedNumber, Finding

#: What must be said beside the value of an indicator, by its id.
Remarks = Mapping[str, Sequence[str]]
NO_REMARKS: Remarks = {}


def finding_text(finding: Finding) -> str:
    """Return a finding as plain text: the sentence and the line of numbers."""
    sentence = _filled(finding.text, finding, write_cited)
    return (
        f"{sentence} ({_filled(finding.detail, finding, write_cited)})"
        if finding.detail
        else sentence
    )


def render_finding(finding: Finding, source: str = "", remarks: Sequence[str] = ()) -> str:
    """Return a finding as a list item.

    Every number carries its key, ``source`` leads to files, ``remarks`` limit the value.
    """
    mark = STANDINGS[finding.mark]
    confidence = CONFIDENCES[finding.confidence]
    sure = finding.claim not in UNSURE_BY_NATURE
    detail = _filled(escape(finding.detail), finding, tag_cited)
    if sure:
        detail += f' · pewność: <strong class="smup-confidence">{confidence}</strong>'
    if source:
        detail += f" · źródło{NBSP}{source}"
    why = _why(finding) if sure else ""
    return (
        f'<li class="smup-finding smup-is-{finding.mark}">'
        f'<span class="smup-mark" aria-hidden="true">{mark.shape}</span>'
        f'<div><p class="smup-sentence">{_filled(escape(finding.text), finding, tag_cited)}</p>'
        f'<p class="smup-detail">{detail}</p>{_cautions(remarks)}{why}</div></li>'
    )


def _why(finding: Finding) -> str:
    """Return why the word of confidence is what it is, folded: it is longer than the finding."""
    reason = _filled(escape(finding.confidence_reason), finding, tag_cited)
    told = f"{reason[:1].upper()}{reason[1:]}." if reason else ""
    return (
        f'<details class="smup-more smup-why"><summary>{WHY_SURE}</summary><p>{told}</p></details>'
        if told
        else ""
    )


def _cautions(remarks: Sequence[str]) -> str:
    told = escape(" ".join(remarks))
    return f'<p class="smup-detail smup-caution">{told}</p>' if told else ""


#: Opens the reasons of a word of confidence.
WHY_SURE = "Skąd ta pewność"
NOTHING_STANDS_OUT = "Żadna z ocenionych wartości nie odbiega wyraźnie od grupy. To też jest wynik."
NOTHING_JUDGED = (
    "We wczytanych danych nie ma dla tej jednostki i tego roku wskaźników, które wolno ocenić. "
    "Niżej widać, czego brakuje i kto to ma."
)


def render_findings(
    findings: Sequence[Finding],
    *,
    label: str,
    judged: bool = True,
    marks: Mapping[str, str] | None = None,
    remarks: Remarks = NO_REMARKS,
) -> str:
    """Return findings as a list; an empty one says why there are none.

    Parameters
    ----------
    findings : sequence of Finding
        In order of importance.
    label : str
        Names the list for a screen reader.
    judged : bool
        Whether anything could be judged at all.
    marks : mapping of str to str, optional
        Source links of indicators, by id.
    remarks : mapping of str to sequence of str, optional
        What must be said beside a value, by id of its indicator.
    """
    if not findings:
        why = NOTHING_STANDS_OUT if judged else NOTHING_JUDGED
        return f'<p class="smup-note">{why}</p>'
    links = marks or {}
    items = "".join(
        render_finding(f, links.get(f.indicator or "", ""), remarks.get(f.indicator or "", ()))
        for f in findings
    )
    return f'<ul class="smup-findings" aria-label="{escape(label)}">{items}</ul>'


def _filled(template: str, finding: Finding, write: Callable[[CitedNumber], str]) -> str:
    # not str.format: a catalogue text may hold braces of its own
    for name, number in finding.numbers.items():
        template = template.replace(f"{{{name}}}", write(number))
    return template
