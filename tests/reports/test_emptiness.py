"""A report without any value says why, and what would fill it."""

from __future__ import annotations

import pytest

from smup_lib.reports.emptiness import explain_no_values
from smup_lib.reports.loading import Workspace
from smup_lib.reports.runner import run_report
from smup_lib.snapshots import as_observations, load_snapshot, write_snapshot

CITY, LAND_GMINA, CITY_POWIAT = "906101", "900101", "9262"


@pytest.fixture(scope="module")
def workspace(report_home, tmp_path_factory):
    """Return the sample land without the rows of three units, as a snapshot of its own."""
    base = load_snapshot()
    rows = base.observations()
    tables = {name: base.table(name) for name in ("units", "changes", "borders")}
    gone = rows["unit_code"].isin([CITY, LAND_GMINA, CITY_POWIAT])
    tables["observations"] = as_observations(rows[~gone])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(tmp_path_factory.mktemp("dom")))
        sources = list(base.manifest.sources.values())
        yield Workspace.open(write_snapshot(tables, fictional=True, sources=sources))


@pytest.mark.parametrize(
    ("code", "year", "told"),
    [
        (CITY, 2022, "pod kodem powiatu 9061: smup report run kultura --unit 9061 --year 2022"),
        (CITY, 1960, "--unit 9061 --year 2024"),
        (CITY_POWIAT, 2022, "pod kodem gminy 926201: smup report run kultura --unit 926201"),
        (LAND_GMINA, 2022, "wartości ma powiat brzezicki (9001): smup report run kultura"),
    ],
)
def test_the_level_that_has_values_is_named_with_its_command(workspace, code, year, told):
    area, unit = workspace.catalogue.area("kultura"), workspace.unit(code)
    said = explain_no_values(workspace, area, unit, year, "kultura")
    assert said.startswith("Raport nie zawiera żadnej wartości")
    assert code in said
    assert told in said
    assert "GUS" in said
    assert "smup data import" in said


def test_an_empty_report_is_made_and_told(workspace, tmp_path):
    made = run_report("kultura", CITY, 2022, out=tmp_path)
    assert made.html.is_file()
    assert made.empty
    assert made.facts()["empty"] is True
    assert "--unit 9061" in made.notes[0]
