"""The follow-up of the shipped plan as a finished page: sound, every number keyed and true."""

from __future__ import annotations

import json
import math
import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from smup_lib.catalogue import load_catalogue
from smup_lib.errors import SmupError
from smup_lib.present.numbers import read_numbers
from smup_lib.reports.html_check import check_html
from smup_lib.reports.plan_files import EXAMPLE, plan_digest
from smup_lib.reports.plans import open_plan
from smup_lib.reports.runner import find_notebook, run_report
from tests.notebooks.recount import Recount
from tests.notebooks.test_finished_reports import UnkeyedDecimals, shown_values

UNIT, YEAR, AREA = "9002", 2024, "culture_recreation"
#: Counted by :class:`Recount`; the rest are of the plan and counted here.
STORED = ("value", "value_recalculated", "median", "q25", "q75")


@pytest.fixture
def result(report_home, report_of):
    found = report_of("plan_follow_up", UNIT, YEAR, parameters={"area": AREA, "plan": EXAMPLE})
    assert found.problems == ()
    return found


@pytest.fixture
def page(result) -> str:
    return result.html.read_text(encoding="utf-8")


def test_the_receipt_names_the_plan_by_what_it_says(result):
    plan = open_plan(EXAMPLE)
    receipt = json.loads(result.receipt.read_text(encoding="utf-8"))
    assert receipt["parameters"]["plan"] == f"{plan.id}@{plan_digest(plan)}"
    assert open_plan(receipt["parameters"]["plan"]) == plan
    assert "/" not in str(receipt["parameters"])


def test_the_page_is_sound_and_every_decimal_has_a_key(page):
    assert check_html(page) == []
    reader = UnkeyedDecimals()
    reader.feed(page)
    assert reader.found == []


def test_the_numbers_of_the_store_are_counted_again(page):
    recount = Recount(AREA, UNIT, YEAR)
    numbers = [n for n in shown_values(page) if n.key.statistic in STORED]
    assert {n.key.statistic for n in numbers} >= {"value", "median"}
    wrong = {
        str(n.key): (n.value, recount.expected(n.key))
        for n in numbers
        if not math.isclose(recount.expected(n.key), n.value, rel_tol=1e-9)
    }
    assert not wrong


def as_printed(value, indicator):
    """Round as the row beside it is printed: its difference must follow from what is read."""
    digits = load_catalogue().indicator(indicator).decimals
    return float(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def test_the_numbers_of_the_plan_follow_from_the_store_and_the_file(page):
    recount, plan = Recount(AREA, UNIT, YEAR), open_plan(EXAMPLE)
    actions = {action.indicator: action for action in plan.actions}
    seen = set()
    for number in shown_values(page):
        if not number.key.statistic.startswith("plan_"):
            continue
        seen.add(number.key.statistic)
        action = actions[number.key.indicator]
        values = recount.values(action.indicator)[UNIT]
        start, now = values[action.baseline.year], values[YEAR]
        expected = {
            "plan_target": action.target,
            "plan_baseline": action.baseline.value,
            "plan_change": as_printed(now, action.indicator) - as_printed(start, action.indicator),
            "plan_share": 100 * (now - start) / (action.target - start),
        }[number.key.statistic]
        assert number.value == pytest.approx(expected), str(number.key)
    assert seen == {"plan_target", "plan_change", "plan_share"}


def test_the_shipped_plan_shows_different_fates_and_claims_no_cause(page):
    for words in ("cel osiągnięty", "nie widać zmiany", "zmiana w przeciwną stronę"):
        assert words in page
    assert "nie dowodzi, że spowodowało ją właśnie to działanie" in page
    assert "dane przykładowe, jednostki fikcyjne" in page


def test_the_way_to_the_target_stands_in_the_table_of_each_chart(page):
    keys = [n.key for n in read_numbers(page) if n.key.statistic == "planned"]
    years = {key.year for key in keys}
    assert years >= {2022, 2023, 2024, 2025, 2026}
    assert len({key.indicator for key in keys}) == 4
    assert re.search(r"Plan: od [^.]+ w 2022 r\. do [^.]+ w 2026 r\.", page.replace("\xa0", " "))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"plan": "nie_ma_takiego"}, "Nie ma planu"),
        ({"plan": EXAMPLE, "area": "roads_transport"}, "nie są o tym samym"),
        ({}, "Nie ma planu|nie są o tym samym|plan"),
    ],
)
def test_a_plan_that_does_not_fit_stops_the_report_before_a_kernel(
    report_home, tmp_path: Path, more, words
):
    given = {"area": AREA} | more
    with pytest.raises(SmupError, match=words):
        run_report("plan_follow_up", "9002", YEAR, out=tmp_path, parameters=given)
    assert not list(tmp_path.iterdir())


def test_another_unit_than_the_plan_is_refused(report_home, tmp_path: Path):
    given = {"area": AREA, "plan": EXAMPLE}
    with pytest.raises(SmupError, match="nie są o tym samym"):
        run_report("plan_follow_up", "9003", YEAR, out=tmp_path, parameters=given)


def test_the_notebook_is_found_by_its_polish_name():
    assert find_notebook("wykonanie").stem == "plan_follow_up"
