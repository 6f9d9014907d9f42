"""How do the answers about one indicator stand on a page, and what cannot be said?"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from smup_lib.conclude.answers import list_refusals
from smup_lib.present.area_charts import number_key
from smup_lib.present.findings import render_finding
from smup_lib.present.formats import format_number
from smup_lib.present.numbers import tagged
from smup_lib.present.tables import render_facts
from smup_lib.present.words import STANDINGS

if TYPE_CHECKING:
    from smup_lib.conclude import AreaAssessment, IndicatorAssessment, NumberKey
    from smup_lib.conclude.answers import Answer

UNSAID = "Czego tu nie da się powiedzieć i dlaczego"
#: Which answer of several tells best how sure a difference is, and what became of it in time.
#: What hidden digits leave open is the least of what is uncertain.
_SURE = ("M4a", "M4b", "M10:chance", "M3:", "M2:", "M12", "M10:rounding", "M10:")
_CHANGING = ("M6", "M7")


def render_answers(answers: Sequence[Answer], key: NumberKey) -> str:
    """Return questions with their answers, and once what must be said beside them.

    Refusals are left out: :func:`render_refusals` lists them in one place.
    """
    told = [answer for answer in answers if answer.reading is not None]
    if not told:
        return ""
    facts = [
        (
            answer.question,
            f'{answer_html(answer, key)} <span class="smup-note">({answer.method})</span>',
        )
        for answer in told
    ]
    warnings = dict.fromkeys(warning for answer in told for warning in answer.warnings)
    note = f'<p class="smup-note">{escape(" ".join(warnings))}</p>' if warnings else ""
    return f'<div class="smup-answers">{render_facts(facts, trusted=True)}{note}</div>'


def answer_html(answer: Answer, key: NumberKey) -> str:
    """Return the sentence of an answer, each number with its key."""
    if answer.reading is None:
        return escape(answer.reason)
    numbers = answer.numbers(key)
    shown = {
        name: tagged(one.value, one.key, one.decimals, measure_unit=one.measure_unit)
        for name, one in numbers.items()
    }
    # measure units end in full stops ("mieszk."), sentences too
    return escape(answer.reading.template).format_map(shown).replace("..", ".")


def answer_text(answer: Answer) -> str:
    """Return question and answer as plain text."""
    if answer.reading is None:
        return f"{answer.question} {answer.reason}"
    said = answer.reading.fill(
        lambda figure: format_number(figure.value, figure.decimals, figure.measure_unit)
    )
    return f"{answer.question} {said}"


def render_refusals(answers: Sequence[Answer], counted: str = "") -> str:
    """Return one short list of what no method can say here, by reason.

    ``counted`` names the twin that is computed from counts, where there is one with a value: it
    answers what a published rate cannot.
    """
    refusals = list_refusals(answers)
    if not refusals:
        return ""
    items = "".join(
        f"<li><b>{escape(_as_sentence(reason))}</b> {escape(' '.join(dict.fromkeys(questions)))}"
        "</li>"
        for reason, questions in refusals.items()
    )
    more = (
        '<p class="smup-note">Na pytania o przypadek odpowiada bliźniaczy wskaźnik liczony z '
        f"liczebności: {escape(counted)}.</p>"
        if counted
        else ""
    )
    return (
        f'<section class="smup-unsaid"><h2>{UNSAID}</h2><p class="smup-note">Po każdym powodzie '
        f"stoją pytania, które zostają bez odpowiedzi.</p><ul>{items}</ul>{more}</section>"
    )


def _as_sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:].removesuffix('.')}."


def render_brief(
    assessment: AreaAssessment,
    item: IndicatorAssessment,
    answers: Sequence[Answer],
    source: str = "",
    remarks: Sequence[str] = (),
) -> str:
    """Return the first screen of one indicator: the value, how sure it is, whether it changes.

    Parameters
    ----------
    assessment, item : AreaAssessment, IndicatorAssessment
        The unit in the area, and the indicator.
    answers : sequence of Answer
        Of all questions.
    source : str, optional
        Link to the sources of the value, as markup.
    remarks : sequence of str, optional
        What must be said beside the value.
    """
    if item.status != "shown":
        why = escape(item.reason or "brak wartości")
        word = "Nieporównywalne" if item.status == "not_applicable" else "Brak wartości"
        body = _point("unknown", f"{word}: {why.removesuffix('.')}.", "")
        return _brief(body)
    key = number_key(assessment, item)
    told = [f for f in assessment.findings if f.indicator == item.indicator.id]
    place = [finding for finding in told if finding.claim != "trend"]
    first = render_finding(place[0], source, remarks) if place else _value_point(item, key, source)
    sure = _answered(answers, _SURE)[:2]
    points = [first, _certainty_point(sure, key), _change_point(answers, key)]
    return _brief("".join(points))


def _brief(points: str) -> str:
    return (
        '<section class="smup-summary"><h2>W skrócie</h2>'
        f'<ul class="smup-findings" aria-label="Trzy rzeczy o tej liczbie">{points}</ul></section>'
    )


def _point(mark: str, sentence: str, detail: str) -> str:
    told = f'<p class="smup-detail">{detail}</p>' if detail else ""
    return (
        f'<li class="smup-finding smup-is-{mark}">'
        f'<span class="smup-mark" aria-hidden="true">{STANDINGS[mark].shape}</span>'
        f'<div><p class="smup-sentence">{sentence}</p>{told}</div></li>'
    )


def _value_point(item: IndicatorAssessment, key: NumberKey, source: str) -> str:
    position, indicator = item.position, item.indicator
    unit, digits = indicator.measure_unit, indicator.decimals
    value = tagged(position.value, key.of(statistic="value"), digits, measure_unit=unit)
    mark = STANDINGS[position.standing]
    # a cost that is not judged is still a question on both sides
    words = mark.word if position.departure is None else "koszt typowy dla grupy"
    told = [escape(position.reason)] if position.reason else []
    if position.median is not None:
        median = tagged(position.median, key.of(statistic="median"), digits, measure_unit=unit)
        told.insert(0, f"mediana grupy {median}")
    if source:
        told.append(f"źródło {source}")
    return _point(position.standing, f"{value} – {escape(words)}.", " · ".join(told))


def _answered(answers: Sequence[Answer], methods: Sequence[str]) -> list[Answer]:
    told = [answer for answer in answers if answer.reading is not None]
    by_method = {
        name: answer
        for answer in told
        for name in (answer.method, f"{answer.method}:{answer.kind}")
    }
    return [by_method[method] for method in methods if method in by_method]


def _certainty_point(sure: Sequence[Answer], key: NumberKey) -> str:
    if not sure:
        return _point("unknown", "Nie da się powiedzieć, jak pewne jest to położenie.", "")
    detail = " ".join(answer_html(answer, key) for answer in sure[1:])
    return _point("not_judged", f"Na ile to pewne: {_lower(answer_html(sure[0], key))}", detail)


def _lower(html: str) -> str:
    return html if html.startswith("<") else html[:1].lower() + html[1:]


def _change_point(answers: Sequence[Answer], key: NumberKey) -> str:
    told = _answered(answers, _CHANGING)
    if told:
        detail = " ".join(answer_html(answer, key) for answer in told[1:])
        return _point("not_judged", f"W czasie: {_lower(answer_html(told[0], key))}", detail)
    reasons = dict.fromkeys(a.reason for a in answers if a.method == "M7" and a.reason)
    why = escape("; ".join(reasons)) or "nie ma wcześniejszych lat"
    return _point("unknown", f"O kierunku zmian nie da się nic powiedzieć: {why}.", "")
