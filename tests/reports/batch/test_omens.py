"""What is odd is foreseen before a batch: thin reports, cities under the poorer code, groups."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from smup_lib.conclude.area_values import AreaValues
from smup_lib.indicators import compute_values
from smup_lib.reports.batch.jobs import list_jobs
from smup_lib.reports.batch.omens import list_empty_sections, list_omens
from smup_lib.reports.batch.order import Order, simple_order
from smup_lib.reports.loading import Workspace

YEAR = 2022


@pytest.fixture(scope="module")
def workspace(sample_home_dir) -> Iterator[Workspace]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(sample_home_dir))
        yield Workspace.open()


def omens(workspace, *reports, units, year=YEAR, group=None):
    order = simple_order(reports, units, year, group)
    return list_omens(workspace, list_jobs(order, workspace).jobs)


def test_sound_reports_hold_no_omen(workspace):
    assert omens(workspace, "kultura", units=["powiaty"]) == ()


def test_a_city_under_the_code_with_fewer_values_is_told(workspace):
    found = omens(workspace, "finanse", units=["9061", "9001"])
    told = {one.kind: one for one in found}
    assert told["other_code"].units == (workspace.unit("9061", year=YEAR).label,)
    assert "pod drugim kodem" in told["other_code"].said
    assert told["thin"].units == told["other_code"].units


def test_units_of_one_fault_are_told_together(workspace):
    found = omens(workspace, "kultura", units=["powiaty"], group="same_size_class")
    groups = [one for one in found if one.kind in ("no_group", "small_group")]
    assert groups
    assert len({(one.kind, one.said) for one in groups}) == len(groups)
    row = max(groups, key=lambda one: len(one.units)).row()
    assert row["count"].split()[0].isdigit()
    assert "9001" in " ".join(unit for one in groups for unit in one.units)


def test_everything_odd_is_told_at_once(workspace):
    order = Order.model_validate(
        {
            "year": YEAR,
            "parts": [
                {"report": "finanse", "units": "9061"},
                {"report": "kultura", "units": "powiaty", "group": "same_size_class"},
            ],
        }
    )
    found = list_omens(workspace, list_jobs(order, workspace).jobs)
    assert len({one.section for one in found}) == 2


def test_a_year_of_which_no_unit_has_a_value_is_told_with_the_newest_that_has(sample_home_dir):
    workspace = Workspace.open()
    area = workspace.catalogue.areas["culture_recreation"]
    (entry, *_) = (one for one in area.indicators if "powiat" in one.levels)
    values = compute_values([entry], workspace.snapshot, workspace.catalogue, "powiat")
    units = set(workspace.register.codes("powiat", YEAR))
    older = AreaValues(values[values["year"] < YEAR], YEAR, units)
    workspace.kept.keep(area.id, "powiat", YEAR, older)
    jobs = list_jobs(simple_order(["kultura"], ["9001", "9002"], YEAR), workspace).jobs
    (told,) = list_empty_sections(workspace, jobs)
    assert f"{YEAR} r." in told and "2 jednostki" in told
    assert f"najnowszy rok z danymi to {YEAR - 1}" in told
