"""No number in prose that is not in the evidence: every sentence of the sample land is read back.

Findings, verdicts on claims and answers of methods are made as a report makes them, printed, and
read again. One changed digit must be found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import pytest

from smup_lib.catalogue import load_catalogue
from smup_lib.conclude import CitedNumber
from smup_lib.conclude.claims import KINDS, Claim
from smup_lib.errors import SmupError
from smup_lib.present.findings import render_finding
from smup_lib.present.verdicts import verdict_facts
from smup_lib.reports.claims import check_claims
from smup_lib.reports.loading import Workspace, load_assessment
from tests.page_prose import check_page_prose, read_passages
from tests.prose import (
    blot_names,
    check_prose,
    fill_prose,
    order_cited,
    read_prose_numbers,
)
from tests.wording import FIXED_NUMERALS, list_faults, list_texts

YEAR = 2022
#: A seeded part of the land: of each area so many units of a level, others in each area.
POWIATY, GMINY = 1, 1


class Said(NamedTuple):
    """A sentence with what may stand behind its numbers."""

    template: str
    text: str
    numbers: Mapping[str, CitedNumber]
    names: Sequence[str]
    years: frozenset[int]
    whole: bool

    def wrong(self, text: str | None = None) -> tuple[str, ...]:
        cited = order_cited(self.template, self.numbers)
        return check_prose(text or self.text, cited, names=self.names, years=self.years)


@pytest.fixture(scope="module")
def workspace(sample_home_dir) -> Iterator[Workspace]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(sample_home_dir))
        yield Workspace.open()


@pytest.fixture(scope="module")
def assessments(workspace) -> list[Any]:
    found = []
    for place, area in enumerate(workspace.catalogue.areas.values()):
        for level, part in (("powiat", POWIATY), ("gmina", GMINY)):
            codes = workspace.register.codes(level, YEAR)
            for code in codes[3 * place % len(codes) :][:part]:
                try:
                    found.append(load_assessment(workspace, area.id, workspace.unit(code), YEAR))
                except SmupError:
                    continue  # the area has nothing at this level or for this unit
    assert len(found) > 15
    return found


@cache
def texts_of(indicator: str) -> tuple[str, ...]:
    return tuple(list_texts(load_catalogue().indicator(indicator)))


def names_of(assessment) -> list[str]:
    """Return every text of the catalogue about the indicators of a page, and fixed phrases."""
    return [
        *FIXED_NUMERALS,
        *(text for item in assessment.indicators for text in texts_of(item.indicator.id)),
    ]


def years_of(assessment, item) -> frozenset[int]:
    """Return the years that a sentence about an indicator may name."""
    named = {assessment.year, item.trend.first_year, item.trend.last_year}
    tried = item.persistence.years
    return frozenset(year for year in {*named, *tried[:1], *tried[-1:]} if year is not None)


@pytest.fixture(scope="module")
def findings(assessments) -> list[tuple[Any, Any, Any]]:
    return [
        (assessment, next(i for i in assessment.indicators if i.indicator.id == f.indicator), f)
        for assessment in assessments
        for f in assessment.findings
    ]


@pytest.fixture(scope="module")
def told(findings) -> list[Said]:
    """Everything that findings say."""
    return [
        Said(
            template,
            fill_prose(template, finding.numbers),
            finding.numbers,
            names_of(assessment),
            years_of(assessment, item),
            whole=template in (finding.text, finding.not_said),
        )
        for assessment, item, finding in findings
        for template in (finding.text, finding.detail, finding.confidence_reason, finding.not_said)
        if template
    ]


def test_every_number_of_a_finding_is_in_its_evidence(told, findings):
    assert {f.claim for *_, f in findings} >= {"standing", "cost", "difference", "trend"}
    wrong = {said.text: said.wrong() for said in told if said.wrong()}
    assert not wrong


def test_a_changed_number_of_a_finding_is_found(told):
    changed = [
        (said, altered) for said in told for altered in list_mutations(said.text, said.names)
    ]
    assert len(changed) > 300
    missed = [altered for said, altered in changed if not said.wrong(altered)]
    assert not missed


def list_mutations(text: str, names: Sequence[str]) -> Iterator[str]:
    """Yield the text with one digit of one number changed, once for every number."""
    for number in read_prose_numbers(blot_names(text, names)):
        if number.worded:
            continue
        last = max(n for n, sign in enumerate(number.text) if sign.isdigit())
        at = number.start + last
        # 9 years on is no year that a sentence about ten years at most may name
        yield (
            f"{text[:at]}{(int(text[at]) + 9) % 10}{text[at + 1 :]}"
            if not number.is_year
            else (
                f"{text[: number.start]}19{text[number.start + 2 :]}"
                if text[number.start : number.start + 2] == "20"
                else f"{text[: number.start]}20{text[number.start + 2 :]}"
            )
        )


def test_what_the_reader_sees_of_a_finding_carries_its_keys(findings):
    for assessment, item, finding in findings:
        html = f"<ul>{render_finding(finding)}</ul>"
        wrong = check_page_prose(html, names=names_of(assessment), years=years_of(assessment, item))
        assert not wrong
        evidence = {str(one.key): one.value for one in finding.numbers.values()}
        keyed = [one for passage in read_passages(html) for one in passage.keyed]
        assert all(evidence[str(one.key)] == one.value for one in keyed)


def test_findings_are_good_polish(told):
    faults = {
        said.text: found
        for said in told
        if (found := [*list_faults(blot_names(said.text, said.names), sentence=said.whole)])
    }
    assert not faults


# -- claims -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def verdicts(workspace, assessments) -> list[tuple[Any, Any, Any]]:
    """One claim of each kind, against each thing it may be compared with, on some indicators."""
    chosen = [
        (assessment, item)
        for assessment in assessments[::9]
        for item in assessment.shown()[:: max(1, len(assessment.shown()) // 2)][:2]
    ]
    claims = [
        (assessment, item, claim)
        for assessment, item in chosen
        for claim in list_claims(assessment, item)
    ]
    judged = check_claims(workspace, [claim for *_, claim in claims])
    return [(a, i, verdict) for (a, i, _), verdict in zip(claims, judged, strict=True)]


def list_claims(assessment, item) -> Iterator[Claim]:
    others = [code for code in assessment.group.members if code != assessment.unit.code]
    fields: dict[str, Any] = {
        "other": others[0],
        "since": YEAR - 4,
        "number": 12.5,
        "size": 0.5,
        "place": 3,
        "cause": "nowa droga",
    }
    needed = {"unit": "other", "year": "since", "number": "number"}
    for says, kind in KINDS.items():
        for than in kind.than or (None,):
            wanted = {*kind.needs, needed.get(than or "", "")} - {""}
            yield Claim(
                unit=assessment.unit.code,
                level=assessment.unit.level,
                indicator=item.indicator.id,
                year=assessment.year,
                says=says,
                than=than,
                strength="low",
                **{name: fields[name] for name in wanted},
            )


@pytest.fixture(scope="module")
def answered(verdicts) -> list[Said]:
    parts = ("text", "detail", "confidence_reason", "next_step", "not_said")
    return [
        Said(
            template,
            verdict_facts(verdict)[part],
            verdict.numbers,
            names_of(assessment),
            years_of(assessment, item) | {year for year in (verdict.claim.since,) if year},
            whole=part in ("text", "not_said"),
        )
        for assessment, item, verdict in verdicts
        for part in parts
        if (template := getattr(verdict, part))
    ]


def test_every_number_of_a_verdict_is_in_its_evidence(answered, verdicts):
    assert {verdict.claim.says for *_, verdict in verdicts} == set(KINDS)
    assert {v.outcome for *_, v in verdicts} == {"supported", "contradicted", "undecidable"}
    wrong = {(said.text, said.template): said.wrong() for said in answered if said.wrong()}
    assert not wrong


def test_a_changed_number_of_a_verdict_is_found(answered):
    changed = [(s, altered) for s in answered for altered in list_mutations(s.text, s.names)]
    assert len(changed) > 100
    assert not [altered for said, altered in changed if not said.wrong(altered)]


def test_verdicts_are_good_polish(answered):
    faults = {
        said.text: found
        for said in answered
        if (found := [*list_faults(blot_names(said.text, said.names), sentence=said.whole)])
    }
    assert not faults
