"""GLOSSARY.md is the only authority on words, so each vocabulary of the code stands in it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from smup_lib import teryt
from smup_lib.catalogue import practice, vocabulary
from smup_lib.present.words import QUALIFIERS
from smup_lib.snapshots import observations

VOCABULARIES = {
    "flags": observations.FLAGS,
    "qualifiers": observations.QUALIFIERS,
    "dimensions": get_args(vocabulary.Dimension),
    "levels": get_args(vocabulary.Level),
    "kinds": get_args(teryt.Kind),
    "data bases": get_args(vocabulary.DataBasis),
    "methods": get_args(vocabulary.Method),
    "roles": get_args(vocabulary.Role),
    "polarities": get_args(vocabulary.Direction),
    "group rules": get_args(vocabulary.GroupRule),
    "states of a practice": get_args(practice.Status),
    "reviews of a practice": get_args(practice.Review),
    "observation columns": tuple(name for name in observations.COLUMNS if name != "qualifiers"),
}


@pytest.fixture(scope="module")
def rows(repo_root: Path) -> list[list[str]]:
    """Cells of every row of every table."""
    lines = (repo_root / "GLOSSARY.md").read_text(encoding="utf-8").splitlines()
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines
        if line.startswith("|") and not re.match(r"\|[-|]+\|", line)
    ]


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_every_word_of_the_code_is_explained(rows, vocabulary):
    explained = {word for row in rows for cell in row for word in re.findall(r"`(\w+)`", cell)}
    missing = set(VOCABULARIES[vocabulary]) - explained
    assert VOCABULARIES[vocabulary]
    assert not missing


def test_a_polish_term_is_explained_once(rows):
    terms = Counter(row[0].lower() for row in rows if not row[0].startswith("`"))
    headings = {"polish", "flag", "qualifier", "begins with"}
    assert [term for term, count in terms.items() if count > 1 and term not in headings] == []


def test_two_polish_terms_never_share_one_word_of_the_code(rows):
    shared = [
        row[0]
        for row in rows
        if len(row) > 2 and row[0].count(";") >= max(row[1].count("`") // 2, 1)
    ]
    assert shared == []


def test_pages_call_few_cases_what_the_glossary_calls_them(rows):
    (term,) = [row[1] for row in rows if row[0] == "`small_denominator`"]
    shown = QUALIFIERS["small_denominator"].replace("małej liczbie", "mała liczba")
    assert shown.endswith(term)
