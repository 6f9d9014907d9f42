"""Messages say what, where, expected, next step; all problems at once."""

from __future__ import annotations

import pickle

import pytest

from smup_lib import errors
from smup_lib.errors import ObservationError, SmupError, did_you_mean


def test_a_message_shows_every_part_in_order():
    error = SmupError("Co", where="gdzie", expected="czego", next_step="krok", problems=["a", "b"])
    assert str(error).splitlines() == [
        "Co",
        "  gdzie: gdzie",
        "  - a",
        "  - b",
        "  oczekiwano: czego",
        "  co zrobić: krok",
    ]


def test_an_error_survives_the_way_from_a_worker():
    error = ObservationError("Co", where="plik", problems=["a"])
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is ObservationError
    assert str(again) == str(error)
    assert again.args == error.args


def test_the_drawn_tree_is_the_real_tree():
    drawn = errors.__doc__ or ""
    real = [
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, SmupError)
    ]
    for name in real:
        assert name in drawn, f"{name} is missing from the tree drawn in errors.py"


@pytest.mark.parametrize(
    ("text", "found"),
    [("finanse", "finance"), ("FINANCE", "finance"), ("rods_transport", "roads_transport")],
)
def test_a_near_word_is_suggested(text, found):
    assert found in did_you_mean(text, ["finance", "roads_transport", "education"])
