"""Many units at once have the very findings of each unit's own report."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import cache, partial

import pandas as pd
import pytest
from scipy.stats import false_discovery_control
from typer.testing import CliRunner

from smup_lib.catalogue.history import other_code_of
from smup_lib.cli import app
from smup_lib.conclude import AreaAssessment
from smup_lib.errors import GroupError, IndicatorError, NoDataError, ParameterError, SmupError
from smup_lib.reports import forked, many_findings
from smup_lib.reports.kept_values import KeptValues
from smup_lib.reports.loading import Workspace, load_assessment
from smup_lib.reports.many_findings import (
    FoundTable,
    find_asked_units,
    find_in_area,
    find_in_areas,
    finding_rows,
    keep_area_values,
)
from smup_lib.reports.other_groups import list_other_groups
from smup_lib.teryt import is_city_code
from smup_lib.units import list_members
from tests.smup_here import smup_here

YEAR = 2020
#: Area, level, and one unit of how many: areas with counts, with money, with few indicators.
QUESTIONS = (
    ("roads_transport", "powiat", 2),
    ("finance", "powiat", 3),
    ("geodesy_cartography", "gmina", 10),
    ("education", "gmina", 17),
)


@pytest.fixture(scope="module")
def home(sample_home_dir) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(sample_home_dir))
        yield


@pytest.fixture(scope="module")
def workspace(home) -> Workspace:
    """Return a workspace that reads what it is asked and keeps nothing."""
    return Workspace.open()


@pytest.fixture(scope="module")
def report_on(workspace) -> Callable[[str, str], AreaAssessment]:
    """Return a function that assesses a unit for itself, once for all tests."""

    @cache
    def assess(area: str, code: str) -> AreaAssessment:
        return load_assessment(workspace, area, workspace.register.unit(code, YEAR), YEAR)

    return assess


@pytest.fixture(scope="module")
def in_all_areas(workspace) -> FoundTable:
    return find_in_areas(workspace, workspace.unit("9001"), YEAR)


def findings(assess: Callable[[], AreaAssessment]):
    """Return the findings of a unit with everything they say, or why there are none."""
    try:
        return [asdict(finding) for finding in assess().findings]
    except (NoDataError, GroupError) as error:
        return error.what


@pytest.mark.parametrize(("area", "level", "every"), QUESTIONS)
def test_every_unit_has_the_findings_of_its_own_report(workspace, report_on, area, level, every):
    kept = Workspace.open()
    keep_area_values(kept, kept.catalogue.area(area), level, YEAR)
    codes = workspace.register.codes(level, YEAR)[::every]
    units = [workspace.register.unit(code, YEAR) for code in codes]
    assert {is_city_code(unit.code) for unit in units} == {True, False}
    alone = [findings(partial(report_on, area, unit.code)) for unit in units]
    together = [findings(partial(load_assessment, kept, area, unit, YEAR)) for unit in units]
    assert workspace.kept.find(area, level, YEAR) is None  # each was read for itself
    assert together == alone
    assert any(alone)


def test_several_processes_tell_what_one_does_in_the_same_order(workspace):
    some = workspace.register.codes("gmina", YEAR)[::4]
    one, two = (
        find_in_area(workspace, "geodesy_cartography", YEAR, units=some, processes=processes)
        for processes in (1, 2)
    )
    assert one.n_units == len(some) > 2 * forked.AT_ONCE
    pd.testing.assert_frame_equal(one.rows, two.rows)
    pd.testing.assert_frame_equal(one.left_out, two.left_out)
    pd.testing.assert_frame_equal(one.tests.rows, two.tests.rows)
    assert set(one.rows["unit_code"]) | set(one.left_out["unit_code"]) <= set(some)
    assert not forked._SHARED


def test_all_units_of_the_level_are_asked_when_none_is_named(workspace):
    every = workspace.register.codes("powiat", YEAR)
    assert find_in_area(workspace, "environment", YEAR, level="powiat").n_units == len(every) > 30


def test_rows_say_what_the_finding_says(report_on):
    assessment = report_on("roads_transport", "9001")
    rows = finding_rows(assessment)
    assert [row["place"] for row in rows] == [*range(1, len(assessment.findings) + 1)]
    for row, finding in zip(rows, assessment.findings, strict=True):
        assert (row["claim"], row["mark"], row["strength"]) == (
            *(finding.claim, finding.mark),
            round(finding.strength, 4),
        )
        assert "{" not in row["text"] + row["confidence_reason"]
        for number in finding.numbers.values():
            assert f"{number.key} = {number.value!r}" in row["evidence"]


def test_all_units_together_are_one_family_of_tests(workspace, report_on):
    """Who reads every unit chooses among all tests, so each is held against all (M15, M24)."""
    units = workspace.register.codes("powiat", YEAR)[::2]
    found = find_in_area(workspace, "roads_transport", YEAR, level="powiat", units=units)
    alone = [report_on("roads_transport", code) for code in units]
    tests, summary = found.tests.rows, found.tests.summary.set_index("family")
    assert summary["tested"].sum() == sum(a.signals.tested for a in alone) == len(tests)
    places = tests[tests["family"] == "place"]
    expected = sum(a.signals.expected for a in alone)
    assert summary.loc["place", "expected"] == pytest.approx(expected)
    assert summary.loc["place", "observed"] == sum(a.signals.observed for a in alone)
    adjusted = false_discovery_control(places["p_value"].astype(float))
    assert places["adjusted"].tolist() == pytest.approx(adjusted.tolist())
    assert summary.loc["place", "kept"] == (adjusted <= 0.05).sum()
    stands = set(places.loc[adjusted <= 0.05, ["unit_code", "indicator"]].itertuples(index=False))
    for row in found.rows.to_dict("records"):
        if row["claim"] not in ("trend", "too_small") and row["kept"] is not None:
            assert row["kept_in_batch"] == ((row["unit_code"], row["indicator"]) in stands)
    differ = found.rows[found.rows["kept"].notna() & (found.rows["claim"] != "too_small")]
    assert (differ["kept"] != differ["kept_in_batch"]).any()
    untested = found.rows["kept"].isna()
    assert untested.any() and found.rows.loc[untested, "kept_in_batch"].isna().all()


def test_one_unit_in_all_areas(in_all_areas, report_on):
    found = in_all_areas
    assert found.n_units == 1
    told = set(found.rows["area"]) | set(found.left_out["area"])
    assert {"roads_transport", "finance"} <= told
    families = found.tests.summary[["area", "family"]]
    assert not families.duplicated().any() and families["area"].nunique() > 1  # never mixed
    of_more = found.tests.summary.loc[found.tests.summary["tested"] > 1, "area"]
    for row in found.rows[found.rows["area"].isin(of_more)].to_dict("records"):
        assert row["kept_in_batch"] in (row["kept"], None)  # of one unit both lists are the same
    assert "local_taxes" not in told  # gminy alone have them
    own = found.rows[found.rows["area"] == "finance"]
    assert own["text"].tolist() == [
        row["text"] for row in finding_rows(report_on("finance", "9001"))
    ]


def test_who_cannot_be_assessed_is_named_with_the_reason(workspace, monkeypatch):
    silent = "9002"

    def refuse(opened, area, unit, year, rule=None):
        if unit.code == silent:
            raise NoDataError("Nie ma żadnej wartości.")
        return load_assessment(opened, area, unit, year, rule)

    monkeypatch.setattr(many_findings, "load_assessment", refuse)
    found = find_in_area(workspace, "roads_transport", YEAR, level="powiat", units=["9001", silent])
    assert found.left_out[["unit_code", "reason"]].values.tolist() == [
        [silent, "Nie ma żadnej wartości."]
    ]
    assert set(found.rows["unit_code"]) == {"9001"}


@pytest.mark.parametrize(
    ("area", "year", "more", "error", "words"),
    [
        ("local_taxes", YEAR, {"level": "powiat"}, IndicatorError, "powiat"),
        ("education", 1950, {}, NoDataError, "1950"),
        ("education", YEAR, {"units": ["nowhere", "nobody"]}, ParameterError, "nowhere"),
        ("education", YEAR, {"rule": "friends"}, GroupError, "friends"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(workspace, area, year, more, error, words):
    with pytest.raises(SmupError) as refused:
        find_in_area(workspace, area, year, **more)
    assert isinstance(refused.value, error)
    assert words in str(refused.value)


def test_what_was_not_asked_for_longest_is_let_go():
    class Values:
        nbytes = 40

    kept = KeptValues(most=100)
    first, second, third = Values(), Values(), Values()
    kept.keep("roads", "gmina", 2020, first)
    kept.keep("roads", "powiat", 2020, second)
    assert kept.find("roads", "gmina", 2020) is first
    kept.keep("roads", "gmina", 2021, third)
    assert kept.find("roads", "powiat", 2020) is None
    assert (kept.find("roads", "gmina", 2020), kept.find("roads", "gmina", 2021)) == (first, third)
    small = KeptValues(most=1)
    small.keep("roads", "gmina", 2020, first)
    assert small.find("roads", "gmina", 2020) is first


def test_the_command_writes_a_table(home, tmp_path):
    file = tmp_path / "findings.csv"
    words = ["report", "findings", "drogi", "--year", str(YEAR), "--level", "powiat"]
    done = CliRunner().invoke(app, [*words, "--unit", "9001", "--unit", "9002", "--csv", str(file)])
    assert done.exit_code == 0, done.output
    assert "2 jednostki" in done.output
    table = pd.read_csv(file, sep=";", decimal=",", dtype={"unit_code": str}, encoding="utf-8-sig")
    assert set(table["unit_code"]) <= {"9001", "9002"}
    assert list(table.columns) == list(many_findings.FINDING_COLUMNS)
    assert f"{len(table)} ustal" in done.output
    assert "sam przypadek wskazałby około" in done.output and "kept_in_batch" in done.output
    assert not table["evidence"].str.contains(r" = -?\d+\.\d", regex=True).any()
    assert table["evidence"].str.contains(r" = -?\d+,\d", regex=True).any()


def test_without_an_area_the_command_asks_all_of_one_unit(workspace, in_all_areas, tmp_path):
    file = tmp_path / "all.csv"
    words = ["report", "findings", "--unit", "9001", "--year", str(YEAR)]
    done = CliRunner().invoke(app, [*words, "--csv", str(file)])
    assert done.exit_code == 0, done.output
    found = in_all_areas
    assert f"{len(found.rows)} ustal" in done.output
    assert f"sprawdzono: {found.n_asked} obszar" in done.output
    first = workspace.catalogue.area(found.rows["area"].iloc[0])
    assert first.name in done.output and first.id not in done.output
    table = pd.read_csv(file, sep=";", decimal=",", dtype={"unit_code": str}, encoding="utf-8-sig")
    assert table["text"].tolist() == found.rows["text"].tolist()
    told = json.loads(CliRunner().invoke(app, [*words, "--json"]).output)
    assert [row["text"] for row in told["rows"]] == found.rows["text"].tolist()


def test_a_city_is_asked_under_the_code_of_each_area(workspace):
    """Taxes stand at the gmina of a city with powiat rights, whichever code was asked for."""
    city = next(u for u in workspace.register.codes("powiat", YEAR) if is_city_code(u))
    unit = workspace.register.unit(city, YEAR)
    taxes, roads = (workspace.catalogue.area(name) for name in ("local_taxes", "roads_transport"))
    assert workspace.place_in(taxes, unit, YEAR).code == other_code_of(city)
    asked = [taxes.id, roads.id]
    assert find_in_areas(workspace, unit, YEAR, asked).n_asked == 1
    found = find_in_areas(workspace, unit, YEAR, asked, either_code=True)
    assert found.n_asked == 2
    for area, code in found.rows[["area", "unit_code"]].drop_duplicates().values.tolist():
        assert code == workspace.place_in(workspace.catalogue.area(area), unit, YEAR).code


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ([], "obszar albo jedna jednostka"),
        (["--unit", "9001", "--unit", "9002"], "9001, 9002"),
        (["--unit", "nigdzie"], "nigdzie"),
    ],
)
def test_all_areas_of_all_units_are_refused(home, words, what):
    done = smup_here("report", "findings", "--year", str(YEAR), *words)
    assert done.returncode == 1
    assert what in done.stderr


def test_a_year_without_any_data_is_refused_for_all_areas(home):
    done = smup_here("report", "findings", "--unit", "9001", "--year", "1950")
    assert done.returncode == 1
    assert "1950" in done.stderr and "rok z danymi" in done.stderr


def test_the_level_is_that_of_the_units(home):
    words = ["report", "findings", "drogi", "--year", str(YEAR), "--json"]
    done = CliRunner().invoke(app, [*words, "--unit", "9001"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert {row["unit_code"] for row in told["rows"]} == {"9001"}
    assert {row["kept_in_batch"] for row in told["rows"]} == {True, False, None}
    assert [(row["family"], row["false_share"]) for row in told["luck"]] == [
        ("place", 0.05),
        ("direction", 0.05),
    ]


def test_units_of_two_levels_are_not_mixed(workspace):
    gmina = workspace.register.codes("gmina", YEAR)[0]
    with pytest.raises(ParameterError, match="różnych szczeblach"):
        find_asked_units(workspace, "education", YEAR, ["9001", gmina])


def test_groups_told_in_short_are_the_whole_groups(workspace):
    area = workspace.catalogue.area("education")
    sources = (workspace.register, workspace.snapshot, workspace.catalogue, area.context)
    for code in workspace.register.codes("powiat", YEAR)[::5]:
        unit = workspace.register.unit(code, YEAR)
        nearest = list_members("similar:20", unit, YEAR, *sources)
        for k in (10, 15, 20):
            assert workspace.group(f"similar:{k}", unit, YEAR, area).members == nearest[:k]
        others = list_other_groups(workspace, unit, YEAR, area, "similar:10")
        assert "similar:10" not in others.by_rule
        assert others.by_rule["similar:20"] == nearest
        assert others.neighbours == workspace.group("neighbours", unit, YEAR, area).members


def test_the_background_of_comparisons_has_no_findings(workspace):
    with pytest.raises(IndicatorError, match="tło porównań") as refused:
        find_in_area(workspace, "wskaźnik", YEAR)
    assert "catalogue list" in refused.value.next_step
