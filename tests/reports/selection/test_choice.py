"""What a choice means: terms of units, years of the data, and every fault said at once."""

from __future__ import annotations

import pytest

from smup_lib.errors import UnitError
from smup_lib.polish_text import polish_order
from smup_lib.reports.selection.choice import MOST_TOLD, Choice, list_units_of, understand

ONE = ("library_readers_per_1k",)


def found(workspace, units=("powiaty",), indicators=ONE, **more):
    return understand(workspace, Choice(indicators, tuple(units), **more))


def test_terms_mean_what_a_batch_and_a_group_mean(workspace):
    register = workspace.register
    country = found(workspace, ["powiaty"]).units
    assert len(country) == len(register.units("powiat"))
    of_voivodeship = found(workspace, ["powiaty:90"]).units
    assert of_voivodeship and set(of_voivodeship) == {c for c in country if c[:2] == "90"}
    beside = list_units_of(workspace, "neighbours@9002", 2022)
    context = workspace.catalogue.area("context")
    members = workspace.group("neighbours", workspace.unit("9002"), 2022, context).members
    assert beside[0] == "9002"
    assert set(beside[1:]) == set(members)


def test_units_stand_once_and_in_the_order_of_the_polish_alphabet(workspace):
    units = found(workspace, ["neighbours@9002", "9002", "powiaty:90", "9003"]).units
    names = list(units.values())
    assert len(set(units)) == len(units)
    assert names == sorted(names, key=polish_order)


def test_every_fault_is_said_and_the_rest_is_kept(workspace):
    told = found(
        workspace,
        units=["powiaty", "900102", "nie ma takiej", "similar:0@9002"],
        indicators=(*ONE, "nope"),
        years=(1950, 2020),
        unit="brak takiej",
        group="nie ma takiej grupy",
    )
    said = " ".join(told.notes)
    for part in ("„nope”", "„nie ma takiej”", "similar:0", "dwóch szczebli", "„brak takiej”"):
        assert part in said, part
    assert "grup" in said
    assert [one.id for one in told.indicators] == list(ONE)
    assert told.level == "powiat"
    assert told.years[-1] == 2020
    assert told.own == workspace.register.units("powiat")["unit_code"].min()
    assert told.group is None


def test_a_wall_of_faults_is_counted(workspace):
    told = found(workspace, [*(f"nie ma {n}" for n in range(MOST_TOLD + 9)), "9002"])
    assert list(told.units) == ["9002"]
    assert len(told.notes) == MOST_TOLD + 1
    assert told.notes[-1].endswith(": 9.")


def test_years_outside_the_data_give_the_newest_and_say_so(workspace):
    told = found(workspace, years=(1901, 1902))
    newest = found(workspace).years
    assert told.years == newest and len(newest) == 1
    assert any("1901–1902" in note and str(newest[0]) in note for note in told.notes)
    assert found(workspace, years=(2020, 2018)).years == (2018, 2019, 2020)


def test_an_indicator_of_another_level_is_named(workspace):
    told = found(workspace, ["900102"], ("library_readers_per_1k", "matura_pass_share"))
    assert [one.id for one in told.indicators] == list(ONE)
    assert any("na tym szczeblu nie ma" in note for note in told.notes)


def test_a_group_of_nobody_is_a_fault(workspace):
    with pytest.raises(UnitError):
        list_units_of(workspace, "neighbours@nikt", 2022)


@pytest.mark.parametrize(
    ("units", "told"),
    [
        (("9002", "9063"), True),
        (("gminy",), True),
        (("9002", "9003"), False),
        (("9063",), False),
        (("906301", "906201"), False),
    ],
)
def test_a_city_with_the_tasks_of_two_is_never_set_beside_others_in_silence(workspace, units, told):
    found = understand(workspace, Choice(("population",), units))
    assert told == any("miasta na prawach powiatu" in note for note in found.notes)
