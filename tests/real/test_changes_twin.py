"""What ``test_traceability.py`` says of cities and budgets of the country, on a fictional land.

Lipów took in a gmina in 2017, as Zielona Góra did in 2015: the sum is known. Dębno became a city
with powiat rights in 2018, as Wałbrzych did again in 2013: what its powiat was before is not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import smup_lib as smup
from smup_lib.catalogue.changes import changes_frame, read_territorial_changes
from smup_lib.errors import SmupError
from smup_lib.reports.area import AreaView
from smup_lib.snapshots import TABLES, as_observations, write_snapshot
from smup_lib.sources import import_paths
from tests.raw_cells import RawCell

DATA = Path(__file__).resolve().parents[1] / "data"
UNEMPLOYED = "RYNE_1944_CTAB_20210201120000.csv"
PANEL = "powiat_panel_zmiany_long.csv"


@pytest.fixture(scope="module")
def changed_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The files of a fictional land, with its territorial changes."""
    home = tmp_path_factory.mktemp("changed_home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(home))
        import_paths([*(DATA / "units").glob("TERC_*.csv"), DATA / "changes"])
        read = smup.load_snapshot()
        # an import knows the changes of the country only; a land of one's own brings its own
        changes = read_territorial_changes(DATA / "units" / "territorial_changes.yaml")
        tables = {name: read.table(name) for name in TABLES} | {
            "observations": as_observations(read.observations()),
            "changes": changes_frame(changes),
        }
        sources = list(read.manifest.sources.values())
        write_snapshot(tables, fictional=True, sources=sources, base=read)
        yield home


def unemployed(home: Path, line: int, unit: str, year: int) -> float:
    return RawCell(UNEMPLOYED, line, unit, year).read(home)


def item_of(view: AreaView, indicator: str):
    return next(i for i in view.assessment.indicators if i.indicator.id == indicator)


def test_a_merged_gmina_is_added_to_the_city_before_the_merger(changed_home):
    gmina = unemployed(changed_home, 6, "900103", 2016)
    city = [unemployed(changed_home, 10, "906101", year) for year in (2016, 2017)]
    view = smup.open_area("context", "906101", 2020, "country", level="gmina")
    item = item_of(view, "registered_unemployed")
    values = item.series.set_index("year")["value"]
    assert values[2016] == city[0] + gmina == 880 + 125
    assert values[2017] == city[1] == 990
    assert item.breaks == ()


def test_a_powiat_that_a_city_left_is_not_bridged(changed_home):
    view = smup.open_area("context", "9201", 2020, "country")
    item = item_of(view, "registered_unemployed")
    values = item.series.set_index("year")["value"]
    assert values[2017] == unemployed(changed_home, 11, "9201", 2017) == 780
    assert values[2018] == unemployed(changed_home, 11, "9201", 2018) == 500
    assert 2018 in {found.year for found in item.breaks}
    assert item.trend.first_year is None or item.trend.first_year >= 2018


def test_a_city_that_got_powiat_rights_goes_on_as_a_gmina(changed_home):
    former = unemployed(changed_home, 13, "920105", 2017)
    view = smup.open_area("context", "926201", 2020, "country", level="gmina")
    item = item_of(view, "registered_unemployed")
    values = item.series.set_index("year")["value"]
    assert values[2017] == former == 292
    assert values[2018] == unemployed(changed_home, 15, "926201", 2018) == 285
    assert item.breaks == ()


def test_as_a_powiat_the_new_city_has_no_earlier_years(changed_home):
    view = smup.open_area("context", "9262", 2020, "country")
    values = item_of(view, "registered_unemployed").series.dropna(subset="value")
    assert values["year"].min() == 2018
    with pytest.raises(SmupError, match="2018"):
        smup.open_area("context", "9262", 2016, "country")


def test_a_unit_that_had_ended_is_refused_with_its_last_year(changed_home):
    with pytest.raises(SmupError, match=r"istniała do 2016 r\., od 2017 r\."):
        smup.open_area("context", "900103", 2018, "country")


def test_expenditure_is_its_current_and_capital_parts(changed_home):
    cells = [RawCell(PANEL, line, "9001", 2018).read(changed_home) for line in (4, 5, 6)]
    assert cells[0] == cells[1] + cells[2] == 84500000.5
    frame = smup.open_area("finance", "9001", 2018, "country").frame()
    values = frame.set_index("indicator")["value"]
    parts = values["expenditure_current_amount"] + values["expenditure_capital_amount"]
    assert parts == pytest.approx(values["expenditure_total_amount"]) == pytest.approx(84.5000005)
    shares = values["current_share_of_expenditure"] + values["capital_share_of_expenditure"]
    assert shares == pytest.approx(100)


def test_finance_of_a_city_says_what_is_missing_and_who_has_it(changed_home):
    view = smup.open_area("finance", "9061", 2018, "country")
    told = view.gaps()._repr_html_()
    assert "Rb-28S" in told
    assert "P2633" in told
    item = item_of(view, "expenditure_per_capita")
    assert item.status == "not_applicable"
    assert "jeden budżet" in (item.reason or "") or "wspólny budżet" in (item.reason or "")
