"""The fixed words cover everything that the floors below may say, and stay plain."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from smup_lib.catalogue.vocabulary import DIMENSION_WORDS, Dimension
from smup_lib.compare.position import Standing
from smup_lib.flags import FLAGS, NULL_FLAGS, QUALIFIERS
from smup_lib.present import words


def test_every_flag_and_qualifier_has_words():
    assert set(words.FLAGS) == set(FLAGS)
    assert set(words.QUALIFIERS) == set(QUALIFIERS)


def test_every_standing_and_dimension_has_words():
    assert set(words.STANDINGS) == set(get_args(Standing))
    assert set(DIMENSION_WORDS) == set(words.DIMENSION_QUESTIONS) == set(get_args(Dimension))


@pytest.mark.parametrize("flag", NULL_FLAGS)
def test_a_null_never_looks_like_a_number_or_a_blank(flag):
    assert re.fullmatch(r"[^\d\s]", words.flag_sign(flag))
    assert words.flag_words(flag)


def test_an_unknown_flag_is_said_as_no_data():
    assert words.flag_words("strange") == "brak danych"
    assert words.flag_sign("strange") == "–"


def test_judgements_differ_by_shape_and_word_not_only_by_colour():
    marks = words.STANDINGS.values()
    assert len({mark.shape for mark in marks}) == len({mark.word for mark in marks}) == len(marks)


def test_no_word_blames_or_shouts():
    said = [
        *words.READINGS.values(),
        *(mark.word for mark in words.STANDINGS.values()),
        *(flag.words for flag in words.FLAGS.values()),
        *words.QUALIFIERS.values(),
    ]
    for text in said:
        assert "!" not in text
        assert not re.search(r"\b(zł[yaei]|najgorsz\w*|porażk\w*)\b", text)


@pytest.mark.parametrize(
    ("polarity", "hint"),
    [("lower", "← korzystniej"), ("higher", "korzystniej →"), ("target", ""),
     ("neutral", "wskaźnik nie ma kierunku")],
)  # fmt: skip
def test_the_good_side_of_an_axis(polarity, hint):
    assert words.side_hint(polarity) == hint


def test_unit_counts_are_inflected():
    assert words.unit_count(2).replace("\u00a0", " ") == "2 jednostki"
    assert words.unit_count(5).replace("\u00a0", " ") == "5 jednostek"
