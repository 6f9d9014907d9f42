"""One value beside many groups: the same place as on the rest of the page, or a reason."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import pytest

from smup_lib.conclude.group_places import list_group_places
from smup_lib.present.group_places import render_contributions, render_group_places
from smup_lib.present.numbers import read_numbers
from smup_lib.reports.area import open_area
from smup_lib.reports.indicator import open_indicator
from smup_lib.reports.other_groups import ROBUSTNESS_RULES
from smup_lib.reports.side_groups import RULES, build_side_groups, show_side_groups
from smup_lib.units import save_group

ACCIDENTS = "road_accidents_per_100k_computed"


@pytest.fixture(scope="module")
def view(report_home):
    return open_indicator(ACCIDENTS, "9002", 2023)


@pytest.fixture(scope="module")
def groups(view):
    return build_side_groups(view._workspace, view.assessment)


@pytest.fixture(scope="module")
def places(view, groups):
    return list_group_places(view.assessment, view.item, groups, voters=ROBUSTNESS_RULES)


def test_every_rule_has_a_group_or_a_reason(view, groups):
    rules = {"similar:15" if rule == "similar" else rule for rule in RULES}
    assert set(groups) == rules  # "similar" alone is the fifteen of the page
    assert "nie zgadujemy klas" in groups["functional_class"]
    assert next(iter(groups)) == view.assessment.group.key


def test_the_group_of_the_page_has_the_place_of_the_page(view, places):
    own, item = places[0], view.item
    assert own.position == item.position
    assert own.worths and own.worths[0].kind == "chance"
    assert own.worths[0].low <= item.position.rank <= own.worths[0].high


def test_the_agreement_of_other_groups_can_be_counted_on_the_page(view, places):
    found = view.item.robustness
    voting = [place for place in places if place.votes]
    agreeing = [p.rule for p in voting if p.position.side == view.item.position.side]
    assert len(voting) == found.n_groups >= 3
    assert set(agreeing) == set(found.agreeing)
    assert {"similar:10", "similar:20"} < {place.rule for place in voting}
    assert not {place.rule for place in voting} & {view.assessment.group.key, "country"}
    html = render_group_places(view.assessment, view.item, places)
    assert html.count(">tak<") == found.n_groups
    silent = [place for place in places if place.position and not place.votes]
    assert html.count(">nie głosuje") == len(silent)
    assert html.count("nie głosuje: to wybrana grupa") == 1
    told = {n.key.statistic: n.value for n in read_numbers(html)}
    assert told["groups_agreeing"] == len(agreeing)
    assert told["groups_tried"] == len(voting)


def test_a_small_group_that_has_a_side_votes_and_says_the_side(view, places):
    beside = next(place for place in places if place.rule == "neighbours")
    assert beside.votes and beside.position.standing == "unknown"
    assert "nie wiadomo; powyżej" not in render_group_places(view.assessment, view.item, places)


def test_a_group_too_small_for_places_says_so(places):
    beside = next(place for place in places if place.rule == "neighbours")
    assert beside.position.rank is None
    assert beside.worths == ()
    assert "co najmniej 8" in beside.reason


def test_every_printed_number_names_its_group(view, places):
    html = render_group_places(view.assessment, view.item, places)
    numbers = [n for n in read_numbers(html) if n.key.indicator == ACCIDENTS]
    medians = {n.key.group: n.value for n in numbers if n.key.statistic == "median"}
    built = [place for place in places if place.group is not None]
    assert medians == {place.group.key: place.position.median for place in built}
    assert all(n.key.group for n in numbers)
    assert "klasa funkcjonalna" in html


def test_a_saved_list_stands_among_the_groups(view, monkeypatch, tmp_path):
    monkeypatch.setenv("SMUP_HOME", str(tmp_path))
    save_group("związek", "wspólna oczyszczalnia", ["9002", "9003", "9004", "9005"])
    save_group("gminy", "inny szczebel", ["900101"])
    found = build_side_groups(view._workspace, view.assessment)
    assert found["chosen:@związek"].members == ("9003", "9004", "9005")
    assert "900101" in found["chosen:@gminy"]


def test_what_cannot_be_compared_is_called_so(report_home):
    view = open_area("finance", "9061", 2023)
    refused = [i for i in view.assessment.indicators if i.status == "not_applicable"]
    assert refused
    html = render_group_places(view.assessment, refused[0], ())
    assert "nieporównywalne: " in html
    assert escape(refused[0].reason) in html
    places = list_group_places(
        view.assessment, refused[0], build_side_groups(view._workspace, view.assessment)
    )
    assert {p.reason for p in places if p.group is not None} == {refused[0].reason}


def test_shares_of_a_distance_add_up_to_one(view, groups):
    similar = groups["similar:15"]
    shares = similar.shares_of_distance()
    assert set(shares) == set(similar.members)
    assert all(sum(own.values()) == pytest.approx(1) for own in shares.values())
    assert groups["country"].shares_of_distance() == {}
    html = render_contributions(similar, {}, {})
    assert html.count("<tr") == len(similar.members) + 1
    assert render_contributions(groups["country"], {}, {}) == ""


def test_an_area_shows_the_groups_of_what_it_opens_with(report_home):
    view = open_area("roads_transport", "9002", 2023)
    html = show_side_groups(view._workspace, view.assessment)
    told = {n.key.indicator for n in read_numbers(html) if n.key.statistic == "rank"}
    assert told <= {f.indicator for f in view.assessment.findings}
    silent = replace(view.assessment, findings=())
    assert show_side_groups(view._workspace, silent) == ""
