"""Answers are kept as they came, whole or not at all, and a damaged one is asked again."""

from __future__ import annotations

import sqlite3

import pytest

from smup_lib.errors import SettingsError
from smup_lib.sources.web import Answer, AnswerStore, Request

ONE = Request.of("indicator-date-data", {"id": 16, "page": 1})


def answer(body: bytes, at: float = 1.0, request: Request = ONE, status: int = 200) -> Answer:
    return Answer(request, status, body, at, at)


@pytest.fixture
def store(tmp_path) -> AnswerStore:
    return AnswerStore(tmp_path / "answers" / "smup.sqlite")


def test_what_is_kept_is_found_byte_for_byte(store):
    body = "łąka".encode() * 1000
    store.keep(answer(body, status=404))
    found = store.find(ONE)
    assert (found.body, found.status, found.retrieved) == (body, 404, 1.0)
    assert store.find(Request.of("other")) is None


def test_a_repeated_parameter_is_another_question():
    assert str(Request.of("data", {"year": [2022, 2023]})) == "data?year=2022&year=2023"
    assert str(Request.of("version")) == "version"


def test_the_newest_answer_counts_and_the_older_stays(store):
    store.keep(answer(b"old", 1))
    store.keep(answer(b"new", 2))
    assert store.find(ONE).body == b"new"
    with sqlite3.connect(store.path) as raw:
        assert raw.execute("SELECT count(*) FROM answers").fetchone() == (2,)


def test_the_same_bytes_only_confirm(store):
    store.keep(answer(b"same", 1))
    store.keep(answer(b"same", 5))
    found = store.find(ONE)
    assert (found.retrieved, found.confirmed) == (1.0, 5.0)
    assert store.confirmed() == {str(ONE): 5.0}


def test_a_question_is_complete_with_its_last_page_and_begun_before(store):
    two = Request.of("indicator-date-data", {"id": 16, "page": 2})
    store.keep(answer(b"first"), whole=False)
    assert (store.complete(), store.begun()) == (set(), {(str(ONE), str(ONE))})
    store.keep(answer(b"second", request=two), of=ONE)
    assert (store.complete(), store.begun()) == ({str(ONE)}, set())
    store.keep(answer(b"first"), whole=False)  # asked anew: the second page is not of this asking
    assert (store.complete(), store.begun()) == (set(), {(str(ONE), str(ONE))})
    store.distrust([ONE])
    assert store.begun() == set()
    assert store.confirmed()[str(ONE)] == 0


def test_damaged_bytes_are_named_and_not_there(store):
    store.keep(answer(b"sound"))
    with sqlite3.connect(store.path) as raw:
        raw.execute("UPDATE answers SET body = x'00'")
    assert store.find(ONE) is None
    assert store.damaged == [str(ONE)]


def test_an_older_sound_answer_stands_in_for_a_damaged_one(store):
    store.keep(answer(b"old", 1))
    store.keep(answer(b"new", 2))
    with sqlite3.connect(store.path) as raw:
        raw.execute("UPDATE answers SET sha256 = 'x' WHERE retrieved = 2")
    assert store.find(ONE).body == b"old"


def test_a_file_that_is_no_store_is_told(tmp_path):
    path = tmp_path / "smup.sqlite"
    path.write_bytes(b"garbage" * 1000)
    with pytest.raises(SettingsError) as caught:
        AnswerStore(path)
    assert "uszkodzony" in caught.value.what
    assert path.read_bytes().startswith(b"garbage")
