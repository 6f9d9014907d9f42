"""What an assessment is given: breaks of the territory, notes beside a series, other groups."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from smup_lib.catalogue import load_catalogue
from smup_lib.catalogue.changes import changes_frame
from smup_lib.conclude.area_values import AreaValues
from smup_lib.indicators import compute_values
from smup_lib.indicators.compute import compute_indicator
from smup_lib.reports.area import AreaView, open_area
from smup_lib.reports.known_years import choose_year, list_years
from smup_lib.reports.loading import Workspace, _breaks, load_assessment
from smup_lib.reports.series_events import list_events
from smup_lib.snapshots.observations import as_observations
from smup_lib.units import Register, map_series


@pytest.fixture(scope="module")
def merged() -> SimpleNamespace:
    """Return the catalogue and the events of the country, with two units they touch."""
    units = pd.DataFrame(
        [
            (code, "gmina", kind, name, "", day, "", "test@0")
            for code, kind, name, day in [
                ("086201", "city_with_powiat_rights", "Zielona Góra", "2014-01-01"),
                ("080910", "rural", "Zielona Góra", "2014-01-01"),
                ("320302", "urban_rural", "Drawsko Pomorskie", "2014-01-01"),
                ("320304", "rural", "Ostrowice", "2014-01-01"),
            ]
        ],
        columns=[
            "unit_code", "level", "kind", "name", "name_extra", "state_date", "terc7", "source",
        ],
    )  # fmt: skip
    return SimpleNamespace(catalogue=load_catalogue(), register=Register(units, changes_frame()))


@pytest.mark.parametrize(
    ("code", "other", "year"), [("086201", "080910", 2015), ("320302", "320304", 2019)]
)
@pytest.mark.parametrize("as_of", [2020, 2012])
def test_only_what_could_not_be_carried_is_parted(merged, code, other, year, as_of):
    unit = SimpleNamespace(code=code)
    names = ("registered_unemployed", "unemployed_per_1k", "long_term_unemployed_share")
    indicators = {name: merged.catalogue.indicator(name) for name in names}
    cells = [
        (one, y, variable, (30_000.0 if one == code else 100.0) + y)
        for variable in {v for i in indicators.values() for v in i.inputs.variables}
        for y in (2010, 2012, 2020, 2022)
        for one in (code, other)
        if one == code or y < year
    ]
    columns = zip(*cells, strict=True)
    frame = as_observations(
        dict(zip(("unit_code", "year", "variable", "value"), columns, strict=True))
        | {"source": ["test@0"] * len(cells)}
    )
    additive = {v.id for v in merged.catalogue.variables.values() if v.additive}
    mapped = map_series(frame, merged.register, as_of, additive)

    def years(name):
        values = compute_indicator(indicators[name], mapped)
        parted = AreaValues(values, as_of)[name].parted_in(code)
        return [b.year for b in _breaks(merged, indicators[name], unit, parted)]

    # years before can be added up to the new borders; years after cannot be cut to the old ones
    assert (year in years("registered_unemployed")) == (as_of < year)
    assert (year in years("unemployed_per_1k")) == (as_of < year)
    assert year in years("long_term_unemployed_share")


@pytest.mark.parametrize(
    ("code", "added", "qualifiers", "words"),
    [
        ("086201", "080910+086201", "", ("080910",)),
        ("320302", "320302+320304", "estimated_weights", ("320304", "szacunkowe, wagi według pow")),
    ],
)
def test_the_note_names_only_the_others_and_the_weights(merged, code, added, qualifiers, words):
    series = pd.DataFrame({"year": [2010, 2020], "qualifiers": [qualifiers, ""]})
    item = SimpleNamespace(series=series, recalculated_from=(added,))
    note = list_events(merged.register, code, item)[-1]
    assert "dodając" in note
    assert all(word in note for word in words)
    assert code not in note
    assert note.endswith(".")
    assert not note.endswith("..")
    assert ("szacunkowe" in note) == bool(qualifiers)


def test_the_chosen_group_is_no_witness_of_itself(report_home):
    workspace = Workspace.open()
    unit = workspace.unit("9002")
    found = load_assessment(workspace, "roads_transport", unit, 2018, "neighbours")
    assert found.neighbours == found.group.members
    agreed = [set(i.robustness.agreeing) for i in found.indicators if i.robustness.agreeing]
    assert agreed
    assert not [rules for rules in agreed if "neighbours" in rules]


def test_every_service_of_the_catalogue_is_shown_also_a_new_one(report_home):
    view = open_area("drogi", "9002", 2022)
    area = view.assessment.area
    new = area.services[0].model_copy(update={"code": "DRO-99", "name": "Promy", "gaps": ()})
    wider = area.model_copy(update={"services": (*area.services, new)})
    shown = AreaView(view._workspace, replace(view.assessment, area=wider)).services()
    assert [s.name for s in wider.services if f"<h3>{s.name}</h3>" not in shown.html] == []
    without = [i.indicator.short_name for i in view.assessment.leading() if not i.indicator.service]
    assert without
    others = shown.html.partition("<h3>Inne wskaźniki obszaru</h3>")[2]
    assert all(name in others for name in without)


def test_years_are_those_with_a_value_of_the_unit(report_home):
    """Counted from the indicators themselves: an input alone, as the population, is no value."""
    workspace = Workspace.open()
    unit, area = workspace.unit("9061"), workspace.catalogue.area("kultura")
    counts = list_years(workspace, area, unit)
    assert list(counts) == sorted(counts, reverse=True)
    ids = [i.id for i in area.indicators if "powiat" in i.levels]
    values = compute_values(
        [workspace.catalogue.indicator(name) for name in ids],
        workspace.snapshot,
        workspace.catalogue,
        "powiat",
        unit_codes=["9061"],
    )
    known = values[values["value"].notna()]
    assert counts == known.groupby("year").size().to_dict()
    together = list_years(workspace, None, unit)
    assert all(together[year] >= n for year, n in counts.items())


def test_choose_year_prefers_a_full_year_to_the_newest():
    assert choose_year({2024: 1, 2023: 9, 2022: 10}) == 2023
    assert choose_year({}) is None
