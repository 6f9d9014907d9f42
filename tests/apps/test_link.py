"""Links: what passes, what is said of the rest, and nothing of it is repeated."""

from __future__ import annotations

from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smup_lib.apps.parts.link import MAX_QUERY, ViewLink, read_link

GOOD = [
    ("", ViewLink()),
    ("unit=9002", ViewLink(unit="9002")),
    ("unit=Bielsko-Bia%C5%82a", ViewLink(unit="Bielsko-Biała")),
    ("unit=D%C4%85browa%2C+powiat+opolski", ViewLink(unit="Dąbrowa, powiat opolski")),
    ("area=Kultura+i+rekreacja&year=2018", ViewLink(area="Kultura i rekreacja", year="2018")),
    ("group=similar:20", ViewLink(group="similar:20")),
    ("group=chosen:9001,9003", ViewLink(group="chosen:9001,9003")),
    ("group=chosen:@moja%20grupa", ViewLink(group="chosen:@moja grupa")),
    ("group=neighbours:same_powiat", ViewLink(group="neighbours:same_powiat")),
    ("service=KUL-01&utm_source=mail&x=%3Cscript%3E", ViewLink(service="KUL-01")),
    ("unit=&year=", ViewLink()),
    ("unit=9002&unit=9002", ViewLink(unit="9002")),
]
BAD = [
    "unit=<script>alert(1)</script>",
    "unit=%3Cimg+src=x+onerror=alert(1)%3E",
    "unit=../../etc/passwd&area=..%2F..%2Fsecret",
    "unit=" + "a" * 81,
    "year=-1",
    "year=20180",
    "year=2018.5",
    "year=%D9%A2%D9%A0%D9%A1%D9%A8",
    "group=chosen:@../../etc/passwd",
    "group=chosen:@/etc/passwd",
    "group=__import__('os')",
    "group=similar:1e9",
    "service=<b>",
    "unit=9002%00",
    "unit=9002%0Ayear",
]


@pytest.mark.parametrize(("query", "link"), GOOD)
def test_what_passes(query, link):
    assert read_link(query) == (link, ())


@pytest.mark.parametrize("query", BAD)
def test_what_does_not_pass_becomes_one_plain_sentence(query):
    link, problems = read_link(query)
    assert link == ViewLink()
    assert len(problems) >= 1
    assert all(p.startswith("Link podaje niezrozumiałą wartość") for p in problems)
    assert not any(bad in p for p in problems for bad in ("<", "..", "/etc", "alert", "import"))


def test_a_huge_link_is_left_out_as_a_whole():
    link, problems = read_link("unit=9002&x=" + "a" * 10_000)
    assert link == ViewLink()
    assert problems == ("Link jest za długi i został pominięty. Wybierz jednostkę poniżej.",)


def test_a_link_with_very_many_parts_is_left_out():
    link, problems = read_link("&".join(f"a{i}=1" for i in range(100)))
    assert link == ViewLink()
    assert len(problems) == 1


def test_two_values_of_one_key_are_told():
    link, problems = read_link("year=2018&year=2019")
    assert link.year == "2018"
    assert problems == ("Link podaje dwie różne wartości: rok. Użyto pierwszej.",)


@given(st.text(max_size=MAX_QUERY + 50))
def test_no_text_breaks_the_reader(query):
    link, problems = read_link(query)
    assert not any("<" in value for value in astuple(link) if value)
    assert not any("<" in problem for problem in problems)


@given(
    st.builds(
        ViewLink,
        unit=st.from_regex(r"[0-9]{4}([0-9]{2})?", fullmatch=True),
        area=st.sampled_from([None, "finance", "culture_recreation"]),
        year=st.one_of(st.none(), st.integers(1995, 2030).map(str)),
        group=st.sampled_from([None, "similar:15", "chosen:9001,9003", "chosen:@moja grupa"]),
        service=st.sampled_from([None, "KUL-01", "CALY-OBSZAR"]),
    )
)
def test_a_view_written_as_a_link_is_read_back(link):
    assert read_link(link.query.removeprefix("?")) == (link, ())
