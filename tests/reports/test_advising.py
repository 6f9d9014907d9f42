"""Whom to ask, on the pages of the sample land: every number has its file, nothing is promised."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from smup_lib.indicators import compute_values
from smup_lib.present.numbers import read_numbers
from smup_lib.reports.advising import load_advice
from smup_lib.reports.area import AreaView, open_area
from smup_lib.reports.catalogue_cards import show_card
from smup_lib.reports.loading import Workspace

YEAR = 2023


@pytest.fixture(scope="module")
def roads(report_home: Path) -> AreaView:
    return open_area("roads_transport", "9001", YEAR)


@pytest.fixture(scope="module")
def services(roads: AreaView) -> str:
    return roads.services().html


@pytest.fixture(scope="module")
def asked(services: str) -> list[str]:
    found = re.findall(r'<section class="smup-ask">.*?</section>', services, re.S)
    assert found
    return found


def test_the_section_stands_below_the_weak_services_alone(roads, services, asked):
    weak = {f.indicator for f in roads.assessment.findings if f.mark == "worse"}
    items = {item.indicator.id: item for item in roads.assessment.indicators}
    expected = {items[name].indicator.service for name in weak}
    whole = re.split(r'<section class="smup-service">', services)[1:]
    codes = [*(service.code for service in roads.assessment.area.services), None]
    told = zip(codes, whole, strict=True)  # last what belongs to no service
    assert {code for code, html in told if "smup-ask" in html} == expected


def test_every_value_of_a_peer_is_that_of_the_data(asked):
    numbers = [n for html in asked for n in read_numbers(html)]
    values = [n for n in numbers if n.key.statistic == "value"]
    assert len({n.key.unit for n in values}) > 2
    workspace = Workspace.open()
    for number in values:
        entry = workspace.catalogue.indicator(number.key.indicator)
        row = compute_values(
            [entry], workspace.snapshot, workspace.catalogue, "powiat", [number.key.unit], [YEAR]
        )
        assert row["value"].tolist() == [pytest.approx(number.value)]


def test_earlier_years_that_are_at_hand_are_those_of_the_store(roads):
    assessment, workspace = roads.assessment, roads._workspace
    members = assessment.group.members
    years = range(YEAR - 10, YEAR)
    columns = ["unit_code", "year", "value", "flag", "qualifiers"]
    for item in assessment.shown()[:4]:
        kept = item.table.over_years(["9001", *members], years)[columns]
        read = compute_values(
            *([item.indicator], workspace.snapshot, workspace.catalogue, "powiat"),
            ["9001", *members],
            years,
            register=workspace.register,
            as_of=YEAR,
        )[columns]
        assert len(kept) > len(members)
        rows = [frame.sort_values(["unit_code", "year"]) for frame in (kept, read)]
        mine, theirs = (frame.astype({"year": int}).to_dict("records") for frame in rows)
        assert [str(row) for row in mine] == [str(row) for row in theirs]


def test_every_peer_named_is_better_now_and_was_in_most_earlier_years(roads):
    seen = 0
    for advice in load_advice(roads._workspace, roads.assessment):
        sign = 1 if advice.asked.indicator.polarity.judged == "higher" else -1
        for code in advice.peers:
            _, numbers = advice.peer_line(code)
            assert sign * (numbers["value"].value - advice.asked.value) > 0
            if "years" in numbers:
                seen += 1
                assert numbers["better"].value >= 0.75 * numbers["years"].value
    assert seen > 3


def test_a_fictional_page_says_that_practices_are_of_real_offices(asked):
    for html in asked:
        assert ("Dobre praktyki innych urzędów" in html) == (
            "Praktyki opisują prawdziwe urzędy" in html
        )
    practised = [html for html in asked if "Wizja ZERO" in html]
    assert practised
    for html in practised:
        assert "efekt: nie podano; karta niepełna, brak: dane lub pomiar" in html
        assert "Jak to czytać?" in html


def test_its_links_lead_somewhere_on_the_page(services, asked):
    targets = set(re.findall(r'href="#(w-[a-z0-9_]+)"', "".join(asked)))
    assert targets <= set(re.findall(r'id="(w-[a-z0-9_]+)"', services))


def test_a_unit_without_weak_results_gets_no_advice(roads):
    from dataclasses import replace

    fine = replace(roads.assessment, findings=())
    assert load_advice(roads._workspace, fine) == ()


def test_the_card_of_a_service_lists_its_practices(report_home):
    told = repr(show_card("DRO-07"))
    assert "DOBRE PRAKTYKI\n- Wizja ZERO" in told
    assert "Praktyki opisują prawdziwe urzędy" in told
    assert "DOBRE PRAKTYKI" not in repr(show_card("KUL-01"))
    assert "Wizja ZERO" in repr(show_card("road_deaths_per_100k"))
