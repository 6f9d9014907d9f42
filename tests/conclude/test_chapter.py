"""What a chapter states of an area: few numbers, each of its newest year, no cost alone."""

from __future__ import annotations

import copy
import dataclasses
import re

import pytest

from smup_lib.conclude.chapter import FEW, LOOK_BACK, MOST, choose_for_chapter, newest_number
from smup_lib.present.chapter_page import render_chapter_table
from smup_lib.reports.area import AreaView
from smup_lib.reports.portrait import open_unit
from tests.report_home import report_home, report_home_dir

__all__ = ["report_home", "report_home_dir"]


@pytest.fixture(scope="module")
def portrait(report_home):
    return open_unit("9002", 2022)


@pytest.fixture(scope="module")
def views(portrait):
    return portrait.views


def test_an_area_without_a_number_is_named_among_what_is_not_known(portrait):
    """It stands once, with its reason, and never as an empty section."""
    silent = copy.copy(portrait)
    empty = {"culture_recreation", "environment"}
    silent.views = {
        area_id: AreaView(
            view._workspace,
            dataclasses.replace(view.assessment, indicators=(), findings=())
            if area_id in empty
            else view.assessment,
        )
        for area_id, view in portrait.views.items()
    }
    chapter = silent.state_report()
    assert "<h2>Kultura i rekreacja</h2>" not in chapter.areas().html
    assert "Kultura i rekreacja, Ochrona środowiska" in chapter.gaps().html
    assert "Brak wartości tej jednostki za 2022 r." in chapter.gaps().html
    stated = {text.partition(":")[0] for text in chapter.areas().text.split("\n")}
    assert "Edukacja" in stated
    assert "Edukacja" not in chapter.gaps().html


def test_every_file_that_the_chapter_cites_is_among_its_sources(portrait):
    chapter = portrait.state_report()
    named = set(chapter.sources().text.split("\n"))
    assert named <= set(portrait.sources().text.split("\n"))
    links = set(re.findall(r'href="#([^"]+)"', chapter.areas().html))
    anchors = set(re.findall(r'id="([^"]+)"', chapter.sources().html + chapter.areas().html))
    assert links
    assert links <= anchors


def test_each_area_has_a_few_numbers_and_those_of_its_findings_first(views):
    for view in views.values():
        chosen = [one.item.indicator.id for one in choose_for_chapter(view.assessment)]
        # three to six, or all that can be told: then the page says that there is no more
        assert 1 <= len(chosen) <= MOST
        told = render_chapter_table(view.assessment, 2022, choose_for_chapter(view.assessment), str)
        assert ("nie ma" in told) is (len(chosen) < FEW), view.assessment.area.id
        assert len(set(chosen)) == len(chosen)
        if view.assessment.findings:
            assert chosen[0] == view.assessment.findings[0].indicator


def test_a_cost_never_stands_alone(views):
    costs = 0
    for view in views.values():
        numbers = choose_for_chapter(view.assessment)
        chosen = {one.item.indicator.id: one.item for one in numbers}
        years = {one.item.indicator.id: one.newest.year for one in numbers}
        for item in chosen.values():
            if item.indicator.paired_with:
                costs += 1
                beside = set(item.indicator.paired_with) & set(chosen)
                assert {years[name] for name in beside} >= {years[item.indicator.id]}
    assert costs >= 3


def test_the_year_is_the_newest_with_a_number_and_never_later(views):
    checked = 0
    for view in views.values():
        for one in choose_for_chapter(view.assessment):
            known = one.item.series.dropna(subset="value")
            assert one.newest.year == known.loc[known["year"] <= 2022, "year"].max()
            checked += 1
    assert checked > 20


def test_an_indicator_without_a_number_so_far_has_none(views):
    item = next(iter(views["roads_transport"].assessment.shown()))
    first = int(item.series.dropna(subset="value")["year"].min())
    assert newest_number(item, first - 1) is None
    found = newest_number(item, first)
    assert found is not None
    assert found.newest.year == first


def test_a_number_too_old_is_none_of_the_chapter(views):
    item = next(iter(views["roads_transport"].assessment.shown()))
    last = int(item.series.dropna(subset="value")["year"].max())
    found = newest_number(item, last + LOOK_BACK)
    assert found is not None
    assert found.newest.year == last
    assert newest_number(item, last + LOOK_BACK + 1) is None


def test_a_cost_and_what_stands_beside_it_are_of_one_year(views):
    """The numbers beside a cost end a year before it: then the cost is of that year too."""
    assessment = views["education"].assessment
    cost = next(
        one.item for one in choose_for_chapter(assessment) if one.item.indicator.paired_with
    )
    before = [
        dataclasses.replace(item, by_year=tuple(one for one in item.by_year if one.year < 2022))
        if item.indicator.id in cost.indicator.paired_with
        else item
        for item in assessment.indicators
    ]
    changed = dataclasses.replace(assessment, indicators=tuple(before))
    years = {one.item.indicator.id: one.newest.year for one in choose_for_chapter(changed)}
    beside = set(years) & set(cost.indicator.paired_with)
    assert beside
    assert {years[name] for name in beside} == {2021}
    assert years[cost.indicator.id] == 2021


def test_the_choice_is_the_same_again(views):
    assessment = views["education"].assessment
    assert choose_for_chapter(assessment) == choose_for_chapter(assessment)
    assert len(choose_for_chapter(assessment, most=2)) <= 2
