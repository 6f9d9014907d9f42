"""What a chapter states of an area: few numbers, each of its newest year, no cost alone."""

from __future__ import annotations

import pytest

from smup_lib.conclude.chapter import MOST, choose_for_chapter, newest_number
from smup_lib.reports.portrait import open_unit
from tests.report_home import report_home, report_home_dir

__all__ = ["report_home", "report_home_dir"]


@pytest.fixture(scope="module")
def views(report_home):
    return open_unit("9002", 2022).views


def test_each_area_has_a_few_numbers_and_those_of_its_findings_first(views):
    for view in views.values():
        chosen = [one.item.indicator.id for one in choose_for_chapter(view.assessment)]
        assert 1 <= len(chosen) <= MOST
        assert len(set(chosen)) == len(chosen)
        if view.assessment.findings:
            assert chosen[0] == view.assessment.findings[0].indicator


def test_a_cost_never_stands_alone(views):
    costs = 0
    for view in views.values():
        chosen = {one.item.indicator.id: one.item for one in choose_for_chapter(view.assessment)}
        for item in chosen.values():
            if item.indicator.paired_with:
                costs += 1
                assert set(item.indicator.paired_with) & set(chosen)
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


def test_the_choice_is_the_same_again(views):
    assessment = views["education"].assessment
    assert choose_for_chapter(assessment) == choose_for_chapter(assessment)
    assert len(choose_for_chapter(assessment, most=2)) <= 2
