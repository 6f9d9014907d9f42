"""Every number of a view leads to its file: in two hops, under a key of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from smup_lib.catalogue import load_catalogue
from smup_lib.present.numbers import read_numbers
from smup_lib.reports.area import AreaView, open_area
from smup_lib.reports.kept_values import Unpicked
from smup_lib.reports.many_findings import keep_area_values
from smup_lib.reports.portrait import UnitView, open_unit
from smup_lib.reports.series_events import name_weights
from smup_lib.reports.sourcing import SourceBook
from smup_lib.snapshots import load_snapshot
from smup_lib.snapshots.observations import as_observations

TARGETS = re.compile(r'href="#(zrodlo-\d+)"')
ROWS = re.compile(r'id="(zrodlo-\d+)"')


@pytest.fixture(scope="module")
def opened(report_home: Path) -> Callable[..., AreaView]:
    """Return a function that opens a view once for all tests, which only look at it."""
    return cache(open_area)


@pytest.fixture(scope="module")
def roads(opened: Callable[..., AreaView]) -> AreaView:
    return opened("roads_transport", "9002", 2022)


@pytest.fixture(scope="module")
def portrait_after_census(report_home: Path) -> UnitView:
    return open_unit("9002", 2021)


@pytest.fixture(scope="module")
def gmina_portrait(report_home: Path) -> UnitView:
    return open_unit("900201", 2022)


@pytest.fixture(scope="module")
def merged_city(opened: Callable[..., AreaView]) -> AreaView:
    """A city that took in a gmina in 2015."""
    return opened("context", "926301", 2022, level="gmina")


def page_of(view: AreaView) -> str:
    shown = [view.title(), view.summary(), view.peers(), view.dimensions(), view.services()]
    return "".join(part._repr_html_() for part in [*shown, view.table(), view.sources()])


def test_every_link_to_a_source_finds_its_row(roads):
    html = page_of(roads)
    assert set(TARGETS.findall(html)) <= set(ROWS.findall(html))
    parts = re.findall(r'<li class="smup-finding .*?</li>', html, re.S)
    parts += re.findall(r'<p class="smup-(?:value|source)">.*?</p>', html, re.S)
    assert len(parts) > 20
    for part in parts:
        assert TARGETS.search(part) or "nie można powiedzieć" in part, part[:200]


def test_the_sources_of_the_years_are_listed_with_those_of_the_year(roads):
    listed = {row.id for row in roads.source_rows()}
    for item in roads.assessment.shown():
        own_years = {s for text in item.series["source"] for s in text.split()}
        assert own_years <= set(item.sources) <= listed


def test_a_map_credits_the_borders_it_draws(roads):
    boundaries = SourceBook(roads.snapshot, roads._workspace.catalogue).boundaries("powiat")
    html = roads.map("road_accidents_per_100k").html()
    assert {row.anchor for row in boundaries} <= set(TARGETS.findall(html))


@pytest.mark.parametrize(
    ("area", "year", "empty"),
    [("roads_transport", 2022, False), ("culture_recreation", 2021, True)],
)
def test_the_frame_names_the_source_of_each_value_and_of_no_gap(opened, area, year, empty):
    view = opened(area, "9002", year)
    frame = view.frame()
    assert frame["value"].isna().any() == empty
    known = set(view.snapshot.manifest.sources)
    for value, sources in zip(frame["value"], frame["source"], strict=True):
        assert set(sources.split()) <= known
        assert bool(sources) == (value is not None and value == value)


def test_a_key_means_one_number_on_a_page(roads, merged_city):
    for view in (roads, merged_city):
        values: dict[str, set[float | None]] = {}
        for number in read_numbers(page_of(view)):
            values.setdefault(str(number.key), set()).add(number.value)
        assert {key: found for key, found in values.items() if len(found) > 1} == {}


def test_a_value_carried_over_to_new_borders_has_a_key_of_its_own(merged_city):
    item = next(i for i in merged_city.assessment.shown() if i.recalculated_from)
    chart = merged_city.series(item.indicator.id).chart
    years = dict(zip(item.series["year"], item.series["recalculated_from"], strict=True))
    assert {2014: bool(years[2014]), 2016: bool(years[2016])} == {2014: True, 2016: False}
    assert chart.value_key(2014).statistic == "value_recalculated"
    assert chart.value_key(2016).statistic == "value"
    html = merged_city.series(item.indicator.id).html()
    found = {n.key.year: n for n in read_numbers(html) if n.key.statistic == "value_recalculated"}
    assert 2014 in found and 2016 not in found
    assert "w późniejszych granicach: suma jednostek 920607 + 926301" in html


def test_years_that_were_not_carried_over_are_parted_from_the_later_ones(report_home):
    view = open_area("context", "900206", 2022, level="gmina")
    item = next(i for i in view.assessment.shown() if i.indicator.id == "population")
    former = item.series[item.series["qualifiers"].str.contains("territorial_break")]
    assert former["year"].max() == 2017
    assert 2018 in {found.year for found in item.breaks}
    drawn = view.series("population").chart.runs("value", unit=True)
    assert not [run for run in drawn if {2017, 2018} <= {year for year, _ in run}]


def test_shares_of_former_units_are_named_by_what_they_rest_on(roads):
    register = roads._workspace.register
    assert name_weights(register, "900206") == "wagi według ludności"
    assert name_weights(register, "926301") == "wagi o nieznanej podstawie"


def test_counts_of_group_and_profile_have_keys(roads):
    # the rule comes first, the same counts of other groups after it
    group = {n.key.statistic: n for n in reversed(read_numbers(roads.peers().html))}
    assert group["n_group"].value == len(roads.assessment.group.members)
    assert group["n_candidates"].value == roads.assessment.group.parameters["candidates"]
    city = open_area("roads_transport", "9063", 2022)
    told = [n.key.statistic for n in read_numbers(city.peers().html)]
    assert told[0] == "n_group" and "n_candidates" not in told  # all that could be chosen
    assert "spośród miast na prawach powiatu, które mają potrzebne dane" in city.peers().html
    counts = [
        n
        for n in read_numbers(roads.dimensions().html())
        if n.key.statistic.startswith("count:quality:")
    ]
    placed = [i for i in roads.assessment.leading("quality") if i.position.percentile is not None]
    wide = len(counts) // 2  # the narrow drawing counts the same once more
    assert sum(n.value for n in counts[:wide]) >= len(placed) > 0


def test_a_profile_names_the_files_of_what_it_draws_alone(roads):
    drawn = roads.profile(summary=False).source_links
    assert drawn
    # finance has no dimensions, so its profile draws nothing
    money = open_area("finance", "9002", 2022)
    assert money.assessment.shown()
    assert not money.profile(summary=False).source_links


def test_numbers_of_other_sources_are_told_beside_the_shown_one(roads, monkeypatch):
    cell = {"unit_code": ["9002"] * 2, "year": [2022] * 2, "variable": ["population"] * 2}
    sources = sorted(roads.snapshot.manifest.sources)[-2:]
    rows = as_observations(cell | {"value": [81000.0, 80123.0], "source": sources})
    picked = roads._book.other_values(roads.assessment)
    assert picked == {}  # the sample holds each cell once
    from smup_lib.indicators.selection import list_unpicked, pick_shown

    (left_out,) = list_unpicked(rows, roads._workspace.catalogue)["value"]
    (shown,) = pick_shown(rows, roads._workspace.catalogue)["value"]
    assert {left_out, shown} == {81000.0, 80123.0}


def test_numbers_of_other_sources_that_were_read_for_all_units_are_told(report_home):
    view = open_area("culture_recreation", "9002", 2022)
    item = next(i for i in view.assessment.shown() if i.indicator.inputs.value)
    (name, source), a = (item.indicator.inputs.value, item.sources[0]), view.assessment
    kept = view._workspace.kept
    told = {"9002": [Unpicked(name, 81.5, 1, source)]}
    kept.keep_unpicked(a.area.id, "powiat", 2022, told)
    # without the values of the area nothing is kept
    assert kept.find_unpicked(a.area.id, "powiat", 2022, "9002") is None
    keep_area_values(view._workspace, a.area, "powiat", 2022)
    kept.keep_unpicked(a.area.id, "powiat", 2022, told)
    assert kept.find_unpicked(a.area.id, "powiat", 2022, "9001") == ()
    (other,) = view._others[item.indicator.id]
    assert (other.value, other.key.unit, other.source.id) == (81.5, "9002", source)


def test_cautions_stand_folded_below_a_card(opened):
    view = opened("culture_recreation", "9002", 2021)
    for item in view.assessment.shown():
        caveats = view._workspace.catalogue.caveats_of(item.indicator, 2021)
        _, foot = view.card_ends(item)
        assert all(text.replace("&", "&amp;") in foot for text in caveats if '"' not in text)
        if item.indicator.nominal:
            assert "bez poprawki na inflację" in foot
        counted = {
            n.key.statistic.partition(":")[2]: n.value
            for n in read_numbers(foot)
            if n.key.statistic.startswith("n_flag:")
        }
        flags = item.position.n_flags
        assert all(flags[flag] == count for flag, count in counted.items())
        assert sum(counted.values()) == item.position.n_group - item.position.n_used


def test_the_portrait_lists_the_sources_of_all_its_areas(gmina_portrait):
    html = "".join(
        part._repr_html_()
        for part in (
            gmina_portrait.summary(),
            gmina_portrait.context(),
            gmina_portrait.areas(),
            gmina_portrait.sources(),
        )
    )
    assert set(TARGETS.findall(html)) <= set(ROWS.findall(html))
    assert len(set(ROWS.findall(html))) == len(ROWS.findall(html))


def test_an_area_without_dimensions_shows_its_values_in_the_portrait(gmina_portrait):
    finance = gmina_portrait.views["finance"].assessment
    html = gmina_portrait.areas().html
    section = html[html.index(f"<h2>{finance.area.name}</h2>") :].partition("</section>")[0]
    values = {n.key.indicator for n in read_numbers(section) if n.key.statistic == "value"}
    assert {item.indicator.id for item in finance.shown()} <= values
    assert "Cztery wymiary" not in section


def test_snapshot_is_the_one_of_the_page(roads):
    assert roads.snapshot.id == load_snapshot().id


def numbers_of(html: str, statistic: str) -> set[float | None]:
    return {n.value for n in read_numbers(html) if n.key.statistic == statistic}


def test_the_portrait_says_of_all_its_areas_whether_another_group_changes_the_picture(
    portrait_after_census,
):
    view = portrait_after_census
    tried = [
        item
        for area_id, area in view.views.items()
        if area_id != "context"
        for item in area.assessment.shown()
        if item.robustness.share is not None
    ]
    html = view.peers().html
    assert numbers_of(html, "tried_indicators") == {len(tried)}
    stable = [item for item in tried if item.robustness.share >= 0.9]
    assert numbers_of(html, "stable_indicators") == {len(stable)}
    assert "We wszystkich obszarach razem" in html
    assert "wskaźników, których wartość da się porównać z kilkoma grupami" in html
    assert len(tried) > max(len(area.assessment.shown()) for area in view.views.values())


def test_a_change_of_population_across_the_census_is_refused_in_the_portrait(
    portrait_after_census,
):
    def shown(html: str) -> list[float | None]:
        return [
            n.value
            for n in read_numbers(html)
            if (n.key.indicator, n.key.statistic) == ("population_change", "value")
        ]

    rebased, later = (
        view.context().html for view in (open_unit("9002", 2020), portrait_after_census)
    )
    assert shown(rebased) == [None]
    assert "nie jest zmianą liczby mieszkańców" in rebased
    assert len(shown(later)) == 1 and shown(later) != [None]


def test_a_caveat_of_a_year_stands_in_table_chart_and_finding(opened):
    name, said = "culture_event_participants_per_1k", "imprezy ograniczała epidemia"
    limited, usual = (opened("culture_recreation", "9002", year) for year in (2021, 2022))
    for view, told in ((limited, True), (usual, False)):
        item = view._item(name)
        assert any(said in text for text in view.remarks[name]) is told
        assert (said in view.distribution(name).html()) is told
        assert (said in view.ranking(name).html()) is told
        assert (said in view.table().html) is told
        code = item.indicator.service
        assert (said in view.service(code).html.partition("smup-indicator")[0]) is told
    # the years of a series hold the limited ones whatever the year of the page
    assert said in usual.series(name).html()


def test_area_and_services_say_what_they_are(roads):
    area = roads.assessment.area
    assert area.description in roads.title().html
    html = roads.services().html
    for service in area.services:
        if "powiat" in service.levels:
            assert f'{service.name}</h3><p class="smup-lead">{service.description}</p>' in html


def test_caveats_of_other_files_do_not_stand_beside_the_sample(report_home):
    """A caveat on one collection of files limits values from it, and no others."""
    view = open_area("roads_transport", "9002", 2024)
    told = [text for texts in (view.caveats | view.remarks).values() for text in texts]
    assert not [text for text in told if "BDL" in text]
    catalogue = load_catalogue()
    accidents = catalogue.indicator("road_accidents_per_100k_computed")
    of_panel = catalogue.caveats_of(accidents, 2024, sources=["panel:long@0a1b2c3d"])
    assert any("BDL" in text for text in of_panel)


@pytest.mark.parametrize(
    ("area", "named", "stands"),
    [
        ("finance", "9261", "9261"),  # asked for by its code; its report moves to the other
        (
            "finance",
            "miasto Łęgobór",
            "926101",
        ),  # the budget of a city stands under the gmina's code
        ("finance", "926101", "926101"),
        ("real_estate", "Cisowa Góra", "926201"),
        ("education", "9261", "9261"),
        ("education", "926101", "926101"),  # fewer values, yet a page worth having
        ("roads_transport", "Cisowa Góra", "9262"),
    ],
)
def test_a_city_opens_where_its_values_stand(opened, area, named, stands):
    assert opened(area, named, 2023).assessment.unit.code == stands


def test_a_page_of_a_city_tells_of_its_other_code(opened):
    told = opened("education", "926101", 2023).gaps()._repr_html_()
    assert "raport pod kodem 9261, szczebel powiatu" in told
    assert "dwa kody" not in opened("education", "9002", 2023).gaps()._repr_html_()


def test_the_portrait_of_a_city_has_every_area_and_says_under_which_code(report_home):
    portrait = open_unit("9261", 2023)
    assert portrait.silent == {}
    stands = {view.assessment.unit.code for view in portrait.views.values()}
    assert stands == {"9261", "926101"}
    assert "stoją pod kodem 926101" in portrait.areas()._repr_html_()
    assert set(open_unit("9261", 2023, level="powiat").silent) == {"local_taxes"}


def test_a_portrait_says_by_what_its_findings_were_chosen_and_nothing_of_none(gmina_portrait):
    from smup_lib.reports.portrait import _choice_note

    findings = gmina_portrait._findings()
    assert _choice_note(()) == ""
    assert _choice_note(findings) in gmina_portrait.summary().html
    trends = [replace(one, claim="trend") for one in findings[:1]]
    assert "co najwyraźniej zmienia się z biegiem lat.<" in _choice_note(trends)
