"""Improvement plans: their files, the check before they begin, the follow-up a year later."""

from __future__ import annotations

import datetime as dt
import json
import re
from copy import deepcopy
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from smup_lib.conclude.plan_follow_up import NOT_SAID, ActionProgress
from smup_lib.conclude.plans import ImprovementPlan
from smup_lib.errors import PlanError
from smup_lib.present.formats import format_number
from smup_lib.present.numbers import read_numbers
from smup_lib.present.plan_page import (
    checked_lines,
    progress_text,
    render_actions,
    render_summary,
)
from smup_lib.reports.area import open_area
from smup_lib.reports.loading import Workspace
from smup_lib.reports.plan_files import find_plan, list_plans, new_plan, read_plan
from smup_lib.reports.plans import CheckedPlan, FollowUp, check_plan, check_plan_fits
from smup_lib.snapshots import Snapshot
from tests.reports import plan_scenario as scenario
from tests.reports.plan_scenario import AREA, INDICATOR, NEXT, START, plan_content, write_plan
from tests.reports.revised_land import small_land


@pytest.fixture(scope="module")
def before(whole_land: Snapshot) -> Workspace:
    return Workspace.open(small_land(whole_land, scenario.until_start))


@pytest.fixture(scope="module")
def after(whole_land: Snapshot, before: Workspace) -> Snapshot:
    return small_land(whole_land, scenario.next_year, base=before.snapshot)


def start_of(workspace: Workspace, unit: str) -> float:
    """The value of the start as a report prints it, from the two input cells."""
    rows = workspace.snapshot.observations([scenario.READERS, "population"], [unit], [START])
    cells = rows.set_index("variable")["value"]
    return float(round(1000 * cells[scenario.READERS] / cells["population"], 1))


@pytest.fixture
def planned(before: Workspace, own_home: Path):
    def planned(unit: str, times: float = 1.3, **more) -> Path:
        start = start_of(before, unit)
        target = round(start * times, 1)
        content = plan_content(unit, start, target, before.snapshot.id, **more)
        return write_plan(own_home, content)

    return planned


@pytest.fixture
def followed(after: Snapshot, planned):
    def followed(unit: str, **more) -> ActionProgress:
        view = open_area(AREA, unit, NEXT, snapshot=after)
        (one,) = view.follow_up(str(planned(unit, **more))).progress
        return one

    return followed


@pytest.fixture
def checked(before: Workspace, planned):
    def checked(unit: str = "9003", **more) -> CheckedPlan:
        return check_plan(read_plan(planned(unit, **more)), before)

    return checked


def lines_of(found: CheckedPlan) -> str:
    return "\n".join(line for one in found.actions for line in checked_lines(one)).replace(
        "\xa0", " "
    )


# -- a year later ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "status"),
    [
        ("9001", "reached"),
        ("9002", "on_the_way"),
        ("9003", "no_visible_change"),
        ("9004", "other_way"),
        (scenario.BROKEN, "cannot_tell"),
        (scenario.SILENT, "cannot_tell"),
    ],
)
def test_the_follow_up_tells_the_fate_of_each_unit(followed, unit, status):
    assert followed(unit).status == status


def test_a_broken_series_names_the_break(followed):
    one = followed(scenario.BROKEN)
    assert "przerwany w 2023 r." in one.reason
    assert "share" not in progress_text(one)


def test_a_missing_value_says_why_and_when_there_was_one(followed):
    assert "2022" in followed(scenario.SILENT).reason


def test_the_share_of_the_way_is_counted_from_the_start(followed, before):
    one = followed("9002")
    start, now = one.numbers["start"].value, one.numbers["now"].value
    assert now == pytest.approx(1.1 * start, rel=1e-3)
    way = one.action.target - start
    assert one.numbers["share"].value == pytest.approx(100 * (now - start) / way)


def test_who_went_the_other_way_has_covered_no_share(followed):
    one = followed("9004")
    assert one.numbers["change"].value < 0
    assert "share" not in one.numbers


def test_the_change_is_the_difference_of_the_printed_numbers(followed):
    for unit in ("9001", "9002", "9004"):
        numbers = followed(unit).numbers
        now, start = (
            Decimal(format_number(numbers[name].value, 1).replace("\xa0", "").replace(",", "."))
            for name in ("now", "start")
        )
        assert numbers["now"].decimals == 1
        assert numbers["change"].value == float(now - start)


def test_a_target_reached_on_preliminary_data_says_so_in_the_first_sentence(followed):
    words = "cel osiągnięty według danych wstępnych"
    one = followed("9001")
    assert words in progress_text(one).partition("Było")[0]
    assert words in render_summary([one]).partition("</p>")[0]
    assert "wstępnych" not in progress_text(followed("9002"))


def test_a_corrected_start_is_told_and_counted_from(followed, before):
    one = followed(scenario.CORRECTED)
    assert one.numbers["start"].value == pytest.approx(0.8 * start_of(before, "9006"), rel=0.01)
    assert one.numbers["planned_start"].value == start_of(before, "9006")
    assert any("dane poprawiono" in note for note in one.notes)
    assert one.status == "on_the_way"


def test_a_corrected_start_beyond_the_target_asks_for_a_new_plan(followed):
    """The corrected start of 9006 is a fifth lower, which a target of less reached already."""
    one = followed(scenario.CORRECTED, times=0.75)
    # more readers are better: from the corrected start the target would be a step back
    assert one.status == "cannot_tell"
    assert "nie jest gorsza niż cel" in one.reason


def test_the_year_of_the_start_measures_nothing(after, planned):
    view = open_area(AREA, "9002", START, snapshot=after)
    with pytest.raises(PlanError, match="nic nie mogło się jeszcze zmienić"):
        view.follow_up(str(planned("9002")))


def test_an_action_that_begins_later_than_another_waits_for_its_year(after, own_home, before):
    content = plan_content("9002", 1.0, 2.0, before.snapshot.id)
    late = {**content["actions"][0], "id": "pozniej", "baseline": {"value": 1.0, "year": NEXT}}
    plan = write_plan(own_home, content | {"actions": [*content["actions"], late]})
    view = open_area(AREA, "9002", NEXT, snapshot=after)
    *_, one = view.follow_up(str(plan)).progress
    assert one.status == "cannot_tell"
    assert "nie jest późniejszy" in one.reason


def test_the_group_of_the_later_year_is_told_with_how_many_stayed(after, planned):
    view = open_area(AREA, "9002", NEXT, "similar:5", snapshot=after)
    (one,) = view.follow_up(str(planned("9002"))).progress
    then = Workspace.open(after).group(
        "similar:5", view.assessment.unit, START, view.assessment.area
    )
    same = {*then.members} & {*view.assessment.group.members}
    assert 0 < len(same) < 5  # the small land shuffles them: else this test says nothing
    assert one.numbers["group_same"].value == len(same)
    assert f"z nich w grupie z roku wartości wyjściowej: {len(same)})" in progress_text(one)
    whole = open_area(AREA, "9002", NEXT, "country", snapshot=after)
    (other,) = whole.follow_up(str(planned("9002"))).progress
    assert "Mediana grupy w tym czasie" in progress_text(other)
    assert "dobrana" not in progress_text(other)


def test_a_term_that_has_come_without_the_target_is_overdue(followed):
    assert followed("9002", deadline=NEXT).overdue
    assert not followed("9002").overdue
    assert not followed("9001", deadline=NEXT).overdue


def test_no_number_in_the_words_is_outside_the_evidence(followed):
    for unit in ("9001", "9002", "9003", "9004", "9006"):
        one = followed(unit)
        bare = re.sub(r"\{\w+\}", "", " ".join([one.text, *one.notes]))
        assert not re.search(r"\d", bare)
        assert set(re.findall(r"\{(\w+)\}", one.text)) <= one.numbers.keys()


def test_the_page_keys_its_numbers_and_says_what_it_does_not_say(after, planned):
    view = open_area(AREA, "9002", NEXT, snapshot=after)
    follow = view.follow_up(str(planned("9002")))
    page = "".join(d.html for d in (follow.summary(), follow.table(), follow.charts()))
    assert NOT_SAID in page
    told = {number.key.statistic for number in read_numbers(page)}
    assert {"value", "plan_target", "plan_share", "plan_change", "median"} <= told
    assert "cel planu" in page


def test_the_chart_goes_from_the_start_to_the_target_in_words_too(after, planned):
    view = open_area(AREA, "9002", NEXT, snapshot=after)
    follow = view.follow_up(str(planned("9002")))
    assert isinstance(follow, FollowUp)
    (figure,) = (follow._figure(one) for one in follow.progress)
    chart = figure.chart
    way = {y: v for y, v in chart.by_year("planned").items() if v is not None}
    assert list(way) == [START, 2023, 2024, 2025]
    assert way[2025] == follow.plan.actions[0].target
    assert "Plan: od" in chart.alt_text


# -- before it begins -----------------------------------------------------------------------------


def test_a_sound_plan_tells_who_is_there_already(checked):
    found = checked(times=1.1)
    assert found.sound
    (one,) = found.actions
    assert set(one.reached) <= {"9001", "9002", "9004", "9007", "9009", "9008", "9010", "9005"}
    told = f"cel albo wartość lepszą ma już {len(one.reached)} z {one.n_used} jednostek"
    assert told in lines_of(found)


def test_peers_that_reached_the_target_are_counted_by_hand(checked, before):
    (one,) = checked(times=1.1).actions
    peers = [c for c in before.register.codes("powiat", START) if c < "9061" and c != "9003"]
    expected = {c for c in peers if start_of(before, c) >= one.action.target}
    assert set(one.reached) == expected
    assert one.n_used == len(peers)


def test_a_target_that_nobody_reached_is_a_warning_and_no_problem(checked):
    found = checked(times=30)
    assert found.sound
    assert "uwaga (target): nikt z grupy porównawczej tego nie osiągnął" in lines_of(found)


def test_a_change_too_small_to_be_seen_is_a_warning(checked):
    found = checked(times=1.0025)
    told = lines_of(found)
    assert "mniejsza niż najmniejsza, którą rok do roku da się odróżnić od przypadku" in told
    (one,) = found.actions
    assert one.visible is not None
    assert one.visible > 0.2


@pytest.mark.parametrize(
    ("more", "key", "words"),
    [
        ({"times": 0.9}, "target", "jest gorszy niż wartość wyjściowa"),
        ({"times": 1.0}, "target", "tak samo jak wartość wyjściowa"),
        ({"baseline": {"value": 1.5, "year": START}}, "baseline", "w danych za 2022 r. jest"),
        ({"baseline": {"value": 1.5, "year": 2021}, "deadline": 2022}, "deadline", "już są"),
        (
            {"direction": "lower", "direction_reason": "Tak chce urząd."},
            "direction",
            "katalog mówi, że lepiej jest wyżej",
        ),
    ],
)
def test_what_must_be_mended_is_named_with_its_field(checked, more, key, words):
    found = checked(**more)
    assert not found.sound
    (line,) = [one for one in lines_of(found).splitlines() if words in one]
    assert f"do poprawy ({key})" in line


@pytest.mark.parametrize(
    ("indicator", "target", "words"),
    [
        ("culture_centres_accessible_share", 120.0, "jest częścią całości: od 0 do 100%"),
        ("culture_centres_accessible_share", -1.0, "jest częścią całości: od 0 do 100%"),
        ("library_cost_per_loan", -5.0, "nie może być ujemna"),
        (INDICATOR, -1.0, "nie może być ujemna"),
        ("culture_centres_accessible_share", 100.0, None),
    ],
)
def test_a_target_that_no_value_can_reach_is_a_problem(
    whole_land, own_home, indicator, target, words
):
    land = Workspace.open(whole_land)
    content = plan_content("9002", 1.0, target, whole_land.id, indicator=indicator)
    found = check_plan(ImprovementPlan.model_validate(content), land)
    told = [one for one in lines_of(found).splitlines() if "nie da się osiągnąć" in one]
    if words is None:
        assert told == []
    else:
        (line,) = told
        assert "do poprawy (target)" in line
        assert words in line


def test_a_start_from_few_cases_may_bear_a_plan_where_its_smallest_change_is_known(whole_land):
    """The example plan has one: what is visible from year to year is told, and no error."""
    plan = read_plan(find_plan("przyklad"))
    found = check_plan(plan, Workspace.open(whole_land))
    by_id = {one.action.id: one for one in found.actions}
    few = by_id["dostepne_osrodki"]
    assert few.item is not None
    assert few.item.few_cases
    assert few.visible is not None
    assert few.sound
    (line,) = [one for one in checked_lines(few) if "małej liczbie przypadków" in one]
    assert "uwaga (baseline)" in line
    assert format_number(few.visible, 1, "p.proc.") in line
    rest = [line for one in found.actions if one is not few for line in checked_lines(one)]
    assert not [line for line in rest if "małej liczbie przypadków" in line]


def test_a_cost_wants_a_way_and_quality_beside_it(whole_land, own_home):
    land = Workspace.open(whole_land)
    content = plan_content("9002", 1.0, 0.5, whole_land.id, indicator="lighting_cost_per_light")
    content["area"] = "roads_transport"
    found = check_plan(ImprovementPlan.model_validate(content), land)
    told = lines_of(found)
    assert "do poprawy (direction): wskaźnik nie ma uzgodnionego kierunku" in told
    assert "uwaga (indicator): kosztu nie ocenia się samego" in told


def test_names_that_are_not_there_are_told_at_once(before):
    content = plan_content("9999", 1.0, 2.0, "x" * 16, indicator="library_reader_per_1k")
    plan = ImprovementPlan.model_validate(content | {"service": "KUL-99"})
    with pytest.raises(PlanError) as caught:
        check_plan(plan, before)
    told = str(caught.value)
    assert "9999" in told
    assert "KUL-99" in told
    assert f"czy chodziło o: {INDICATOR}" in told


def test_a_plan_without_its_snapshot_is_checked_on_the_current_one_and_says_so(
    planned, before, monkeypatch
):
    monkeypatch.setenv("SMUP_SNAPSHOT", str(before.snapshot.path))
    plan = read_plan(planned("9003")).model_copy(update={"snapshot": "0" * 16})
    found = check_plan(plan)
    assert "nie ma na tym komputerze" in found.notes[0]
    assert found.snapshot == before.snapshot.id


# -- files ----------------------------------------------------------------------------------------


def test_a_new_plan_has_the_start_of_the_data_and_waits_for_the_rest(before, own_home):
    path = new_plan("czytelnicy", "9003", AREA, [INDICATOR], workspace=before)
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert content["actions"][0]["baseline"] == {"value": start_of(before, "9003"), "year": START}
    assert content["snapshot"] == before.snapshot.id
    assert find_plan("czytelnicy") == path
    assert "czytelnicy" in list_plans()
    with pytest.raises(PlanError) as caught:
        read_plan(path)
    waiting = [p for p in caught.value.problems if "czeka na wypełnienie" in p]
    assert len(waiting) == len(caught.value.problems) == 7


def test_a_new_plan_without_an_indicator_starts_with_the_first_weak_one(before, own_home):
    path = new_plan("slaby", "9003", AREA, workspace=before)
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert [one["indicator"] for one in content["actions"]] == [INDICATOR]


def test_a_plan_is_never_overwritten(before, own_home):
    new_plan("dwa_razy", "9003", AREA, [INDICATOR], workspace=before)
    with pytest.raises(Exception, match="już istnieje"):
        new_plan("dwa_razy", "9003", AREA, [INDICATOR], workspace=before)


def test_all_problems_of_a_file_are_told_at_once(tmp_path):
    content = plan_content("9003", 80.0, 90.0, "a" * 16, budget=-5, owner="jan@urzad.pl")
    content["actions"][0] |= {"deadline": "wkrótce", "cel": 5}
    del content["title"]
    with pytest.raises(PlanError) as caught:
        read_plan(write_plan(tmp_path, content))
    told = str(caught.value)
    for words in ("title", "budget", "deadline", "cel"):
        assert words in told


def test_years_and_words_of_an_action_agree(tmp_path):
    content = plan_content(
        "9003", 80.0, 90.0, "a" * 16, deadline=START, owner="jan@urzad.pl", direction="lower"
    )
    with pytest.raises(PlanError) as caught:
        read_plan(write_plan(tmp_path, content))
    told = str(caught.value)
    assert "musi być późniejszy" in told
    assert "direction_reason" in told
    assert "bez adresu i telefonu" in told


def test_two_actions_of_one_id_and_none_at_all(tmp_path):
    content = plan_content("9003", 80.0, 90.0, "a" * 16)
    twice = [*content["actions"], *deepcopy(content["actions"])]  # no reference in the YAML
    with pytest.raises(PlanError, match="ma błędy") as caught:
        read_plan(write_plan(tmp_path, content | {"actions": twice}))
    assert "powtarzają się: godziny" in str(caught.value)
    with pytest.raises(PlanError) as caught:
        read_plan(write_plan(tmp_path, content | {"actions": []}))
    assert "ani jednego działania" in str(caught.value)


def test_a_plan_may_be_json(tmp_path):
    content = plan_content("9003", 80.0, 90.0, "a" * 16)
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    assert read_plan(path).actions[0].target == 90.0


@pytest.mark.parametrize("text", ["", "a: [1", "- 1\n- 2", "tekst"])
def test_what_is_no_plan_is_told_so(tmp_path, text):
    path = tmp_path / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PlanError) as caught:
        read_plan(path)
    assert caught.value.problems


def test_an_unknown_plan_names_those_there_are(before, own_home):
    new_plan("znany", "9003", AREA, [INDICATOR], workspace=before)
    with pytest.raises(PlanError, match="czy chodziło o: znany"):
        find_plan("znany_")


def test_a_plan_of_another_unit_is_refused(planned, before):
    with pytest.raises(PlanError, match="nie są o tym samym") as caught:
        check_plan_fits(str(planned("9003")), before.unit("9004"), AREA, NEXT)
    assert "9003" in str(caught.value)


def test_a_year_before_the_plan_began_is_refused(planned, before):
    with pytest.raises(PlanError, match=f"danymi za {START - 1}") as caught:
        check_plan_fits(str(planned("9003")), before.unit("9003"), AREA, START - 1)
    assert "późniejszy niż rok wartości wyjściowej" in str(caught.value)


def test_the_page_says_which_plan_it_is_and_when_it_was_agreed(planned):
    plan = read_plan(planned("9003"))
    agreed = plan.model_copy(update={"approved": dt.date(2023, 1, 31), "version": 3})
    html = render_actions(agreed, service="Biblioteki").replace("\xa0", " ")
    for words in ("31.01.2023 r.", "<dd>3</dd>", "<dd>Biblioteki</dd>", f"<dd>{plan.id}</dd>"):
        assert words in html
    assert "Zatwierdzony" not in render_actions(plan)
