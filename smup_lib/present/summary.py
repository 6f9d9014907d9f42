"""What stands on the first screen: findings, what the data do not tell, and the signs used?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from smup_lib.catalogue.vocabulary import DIMENSION_WORDS
from smup_lib.conclude.evidence import NumberKey
from smup_lib.conclude.findings import first_screen
from smup_lib.conclude.signals import FALSE_SHARE
from smup_lib.conclude.silences import has_dimensions, list_silences
from smup_lib.plurals import plural
from smup_lib.present.findings import (
    NO_REMARKS,
    Remarks,
    render_findings,
)
from smup_lib.present.numbers import tagged
from smup_lib.present.words import QUESTION, STANDINGS

if TYPE_CHECKING:
    from smup_lib.conclude import AreaAssessment, Finding, IndicatorAssessment

#: Source links of indicators, by id, as markup.
Marks = Mapping[str, str]
NO_MARKS: Marks = {}
#: How many of four, after "o".
_OF_FOUR = {2: "dwóch", 3: "trzech"}
#: From so many tests on they are a family, of which some may pass by luck.
FEWEST_TESTS = 2
#: So many of the tests are named, and one more where only that one is left.
NAMED_TESTS = 3
#: What a sign means before a finding that is no place in a group.
_CLAIM_WORDS = {
    ("cost", "not_judged"): f"{QUESTION}, nie ocena",
    ("odd", "not_judged"): "do sprawdzenia u źródła",
    ("too_small", "not_judged"): "za mało przypadków, by ocenić",
    ("trend", "better"): "korzystny kierunek zmian",
    ("trend", "worse"): "mniej korzystny kierunek zmian",
}


def render_summary(
    assessment: AreaAssessment,
    marks: Marks = NO_MARKS,
    remarks: Remarks = NO_REMARKS,
    nothing: str = "",
) -> str:
    """Return the first screen: at most three findings, one line of gaps, the rest on demand.

    Parameters
    ----------
    assessment : AreaAssessment
        The unit in the area.
    marks : mapping of str to str, optional
        Source links of indicators, by id.
    remarks : mapping of str to sequence of str, optional
        What must be said beside a value, by id of its indicator.
    nothing : str, optional
        What stands first on a page without any value.
    """
    first = first_screen(assessment.findings)
    rest = [finding for finding in assessment.findings if finding not in first]
    more = ""
    if rest:
        listed = render_findings(rest, label="Pozostałe ustalenia", marks=marks, remarks=remarks)
        more = (
            '<details class="smup-more"><summary>Pozostałe ustalenia '
            f"({len(rest)})</summary>{listed}{render_key(rest)}</details>"
        )
    limits = dict.fromkeys(f.not_said for f in assessment.findings if f.not_said)
    note = (
        '<p class="smup-note">Ustalenia opisują położenie wobec grupy, a nie przyczyny. '
        f"Nie są oceną pracy urzędu. {escape(' '.join(limits))}</p>"
    )
    shown = render_area_findings(assessment, first, marks, remarks)
    lead = f"<p><strong>{escape(nothing)}</strong></p>" if nothing else ""
    body = f"{shown}{render_key(first)}{more}{render_luck(assessment)}{note}"
    return f'<section class="smup-summary"><h2>W skrócie</h2>{lead}{body}</section>'


def render_luck(assessment: AreaAssessment) -> str:
    """Say how many tests were made, which stand, and how many luck alone would give (M15, M24).

    Nothing below two tests: of one test the word of confidence already says it all.
    """
    signals, unit = assessment.signals, assessment.unit
    if signals.tested < FEWEST_TESTS:
        return ""
    key = NumberKey(unit.code, assessment.area.id, assessment.year, group=assessment.group.key)
    made = tagged(signals.tested, key.of(statistic="tests_made"))
    kept = tagged(signals.kept, key.of(statistic="tests_kept"))
    share = tagged(100 * FALSE_SHARE, key.of(statistic="false_share"), measure_unit="%")
    names = _tests_named(assessment)
    stands = [name for name, adjusted in names if adjusted <= FALSE_SHARE]
    told = f"Wpływ przypadku dało się sprawdzić w {made} porównaniach z grupą albo między latami: "
    told += (
        f"za więcej niż przypadek uznajemy {kept}: {_listed(stands, key, 'tests_kept_unnamed')}. "
        f"Taki wybór myli się średnio w najwyżej około {share} wskazań."
        if stands
        else f"{_listed([name for name, _ in names], key, 'tests_unnamed')}. "
        "Przy żadnym nie widać więcej niż przypadek."
    )
    untested = len(assessment.leading()) > len({*signals.places, *signals.directions})
    rest = (
        " O pozostałych wskaźnikach to nic nie mówi: tak sprawdzić się ich nie da, a ustalenia o "
        "nich opisują samo położenie."
        if untested
        else ""
    )
    quiet = _standing_untold(assessment)
    alone = _luck_alone(assessment, key)
    return (
        '<details class="smup-more"><summary>Ile z tego mógł dać przypadek</summary>'
        f'<p class="smup-note">{told}{quiet}{rest}{alone}</p></details>'
    )


def _standing_untold(assessment: AreaAssessment) -> str:
    """Say why a judged difference that is more than chance is no finding: it is a usual one."""
    told = {finding.indicator for finding in assessment.findings}
    names = [
        f"„{escape(item.indicator.short_name)}”"
        for item in assessment.leading()
        if item.position.standing == "similar"
        and assessment.signals.keeps_place(item.indicator.id)
        and item.indicator.id not in told
    ]
    if not names:
        return ""
    return (
        f" Wśród ustaleń nie ma: {_joined(names)}; różnica jest tu "
        "większa niż przypadkowa, ale wartość jest podobna jak w grupie."
    )


def _tests_named(assessment: AreaAssessment) -> list[tuple[str, float]]:
    """Return what was tested, as markup, with adjusted p-values; in the order of the catalogue."""
    signals = assessment.signals
    named: list[tuple[str, float]] = []
    for item in assessment.leading():
        indicator, name = item.indicator.id, f"„{escape(item.indicator.short_name)}”"
        if indicator in signals.places:
            named.append((name, signals.places[indicator]))
        if indicator in signals.directions:
            named.append((f"{name} (kierunek zmian)", signals.directions[indicator]))
    return named


def _listed(names: Sequence[str], key: NumberKey, statistic: str) -> str:
    """Return names as a list of at most a few, and how many there are more; markup."""
    if len(names) <= NAMED_TESTS + 1:
        return _joined(names)
    more = len(names) - NAMED_TESTS
    others = plural(more, ("inny", "inne", "innych"))
    number = tagged(more, key.of(statistic=statistic))
    return f"{', '.join(names[:NAMED_TESTS])} i {number} {others}"


def _joined(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} i {last}" if first else last


def _luck_alone(assessment: AreaAssessment, key: NumberKey) -> str:
    """Say how many differences luck alone would give beside those that there are."""
    signals = assessment.signals
    if len(signals.places) < FEWEST_TESTS:
        return ""
    places = tagged(len(signals.places), key.of(statistic="places_tested"))
    expected = tagged(signals.expected, key.of(statistic="alarms_expected"), 1)
    observed = tagged(signals.observed, key.of(statistic="alarms_observed"))
    nouns = plural(len(signals.places), ("wskaźnika", "wskaźników", "wskaźników"))
    return (
        f" Gdyby jednostka niczym nie różniła się od grupy, sam przypadek wskazałby różnicę przy "
        f"około {expected} z {places} {nouns} liczonych z przypadków; wskazano ich {observed}."
    )


def render_area_findings(
    assessment: AreaAssessment,
    told: Sequence[Finding],
    marks: Marks = NO_MARKS,
    remarks: Remarks = NO_REMARKS,
    label: str = "Najważniejsze ustalenia",
    *,
    holders: bool = True,
    below: bool = True,
) -> str:
    """Return what is known of an area, or why nothing is told; in one line what is not known.

    ``holders`` also tells, folded, who has what is not known; ``below`` that values follow.
    """
    gaps = render_unknown(assessment, holders=holders)
    if told:
        return render_findings(told, label=label, marks=marks, remarks=remarks) + gaps
    silence = render_silence(assessment, assessment.leading(), below=below)
    if silence:
        return f"<p>{silence}</p>{gaps}"
    return gaps or render_findings((), label=label, judged=assessment.judged)


def render_silence(
    assessment: AreaAssessment,
    shown: Sequence[IndicatorAssessment],
    *,
    below: bool = True,
    service: str = "",
) -> str:
    """Say why there is no finding although there are values, and how many were judged; markup.

    ``shown`` are the values of the area, or of one ``service`` of it.
    """
    if not shown:
        return ""
    reasons = {item.position.reason for item in shown if item.position.reason}
    neutral = sum(item.position.standing == "not_judged" for item in shown)
    if neutral:
        what = "wskaźnik nie ma" if neutral == 1 else "wskaźniki nie mają"
        reasons.add(f"{what} uzgodnionego kierunku")
    why = f"{'Powody' if len(reasons) > 1 else 'Powód'}: {escape('; '.join(sorted(reasons)))}"
    judged = [item for item in shown if item.concluded]
    if not judged:
        where = "Wartości są niżej, ale żadnej z nich nie oceniamy"
        return f"{where if below else 'Żadnej z wartości nie oceniamy'}. {why}."
    subject = service or assessment.area.id
    key = NumberKey(assessment.unit.code, subject, assessment.year, group=assessment.group.key)
    number = tagged(len(judged), key.of(statistic="judged_indicators"))
    of = tagged(len(shown), key.of(statistic="shown_indicators"))
    rest = "" if len(judged) == len(shown) else f" Pozostałych nie oceniamy. {why}."
    return f"Żadna z ocenionych wartości ({number} z {of}) nie odbiega wyraźnie od grupy.{rest}"


def render_unknown(assessment: AreaAssessment, *, holders: bool = True) -> str:
    """Return one line on what the data do not tell at all, and, folded, who has it."""
    silences = list_silences(assessment)
    if not silences:
        return ""
    words = _unknown_words(assessment, [silence.name for silence in silences])
    sentence = f'<p class="smup-sentence">{escape(words)}</p>'
    listed = "".join(f"<li><b>{escape(s.name)}</b>: {escape(s.source)}</li>" for s in silences)
    folded = (
        f'<details class="smup-more"><summary>Skąd to wziąć</summary><ul>{listed}</ul></details>'
        if holders
        else ""
    )
    return (
        '<div class="smup-unknown"><span class="smup-mark" aria-hidden="true">?</span>'
        f"<div>{sentence}{folded}</div></div>"
    )


def _unknown_words(assessment: AreaAssessment, names: Sequence[str]) -> str:
    listed = ", ".join(names)
    if not has_dimensions(assessment):
        if len(names) == len(assessment.area.services):
            if assessment.shown():
                return (
                    "Wartości, które są niżej, opisują tło; w żadnym z tematów tego obszaru nie ma "
                    "danych."
                )
            return "Dane nie mówią nic w żadnym z tematów tego obszaru."
        return f"Bez danych: {listed}."
    if len(names) == len(DIMENSION_WORDS):
        return "Dane nie mówią nic o żadnym z czterech wymiarów."
    if len(names) == 1:
        return f"O wymiarze „{listed}” dane nic nie mówią."
    return f"O {_OF_FOUR[len(names)]} z czterech wymiarów dane nic nie mówią: {listed}."


def render_key(findings: Sequence[Finding]) -> str:
    """Return what the signs before findings mean; nothing without a finding."""
    said: dict[str, list[str]] = {}
    for finding in findings:
        word = _CLAIM_WORDS.get((finding.claim, finding.mark)) or STANDINGS[finding.mark].word
        said.setdefault(finding.mark, []).append(word)
    told = [
        f'<span class="smup-is-{name}"><span class="smup-mark">{mark.shape}</span> '
        f"{' albo '.join(dict.fromkeys(said[name]))}</span>"
        for name, mark in STANDINGS.items()
        if name in said
    ]
    return f'<p class="smup-legend">Znaki: {", ".join(told)}.</p>' if told else ""
