"""Breaks, notes and the carrying of series across territorial changes."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smup_lib.catalogue.changes import changes_frame
from smup_lib.catalogue.history import TerritorialHistory, other_code_of
from smup_lib.snapshots.observations import as_observations, check_observations
from smup_lib.snapshots.tables import TABLES
from smup_lib.units import (
    Register,
    describe_unit,
    list_breaks,
    list_notes,
    list_related_codes,
    map_series,
)

UNITS = ("900103", "906101", "900205", "900201", "900202", "900203", "900204", "920105", "926201")


def observations(cells: dict[tuple[str, int], Any], variable: str = "persons") -> pd.DataFrame:
    """Make observations; a text instead of a number is the flag of a null."""
    rows = [
        {
            "unit_code": unit,
            "year": year,
            "variable": variable,
            "value": math.nan if isinstance(value, str) else float(value),
            "flag": value if isinstance(value, str) else "ok",
            "qualifiers": "",
            "decimals": 0,
            "source": "test:persons@00000000",
            "definition_version": "",
        }
        for (unit, year), value in cells.items()
    ]
    return as_observations(pd.DataFrame(rows))


def cell(frame: pd.DataFrame, unit: str, year: int) -> dict[str, Any]:
    rows = frame[(frame["unit_code"] == unit) & (frame["year"] == year)]
    assert len(rows) == 1, f"{unit} {year}: {len(rows)} rows"
    return dict(rows.iloc[0])


# -- breaks and notes ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("906101", [(2017, "merge", True, False)]),
        ("9061", [(2017, "transfer", False, False)]),
        ("9001", [(2017, "transfer", False, False)]),
        ("9201", [(2018, "split", False, True)]),
        ("900201", [(2019, "split", True, False)]),
        ("900202", [(2012, "split", False, False), (2019, "split", True, False)]),
        ("900203", [(2012, "split", False, False), (2021, "split", False, True)]),
        ("900204", []),  # it begins, and has nothing before
        ("926201", []),  # a new code of the same territory
        ("900102", []),  # a new kind
        ("900104", []),  # a new name
    ],
)
def test_breaks(
    land_changes: pd.DataFrame, code: str, expected: list[tuple[int, str, bool, bool]]
) -> None:
    found = list_breaks(land_changes, code)
    assert [(b.year, b.kind, b.can_map_forward, b.can_map_backward) for b in found] == expected
    for item in found:
        assert str(item.year) in item.reason
        assert item.reason.endswith(".")


def test_breaks_within_years_only(land: Register) -> None:
    assert [b.year for b in list_breaks(land, "900202", range(2012, 2025))] == [2019]
    assert list_breaks(land, "900202", range(2013, 2019)) == ()
    assert list_breaks(land, "900202", []) == ()
    assert len(list_breaks(land.history, "900202", [2011, 2012])) == 1


def test_notes_mention_what_breaks_nothing(land: Register) -> None:
    assert [n.text for n in list_notes(land, "900102")] == [
        "2020 r.: gmina jest odtąd miejsko-wiejska."
    ]
    assert "wcześniej Stare Błota" in list_notes(land, "900104")[0].text
    assert [n.text for n in list_notes(land, "926201")] == [
        "Ten sam obszar miał do 2017 r. kod 920105."
    ]
    assert "istnieje od 2021" in list_notes(land, "900204")[0].text
    assert "jej obszar jest w 900201 i 900202" in list_notes(land, "900205")[0].text
    assert list_notes(land, "900104", range(2010, 2020)) == ()


def test_related_codes(land: Register) -> None:
    assert list_related_codes(land, "906101") == ("906101", "900103")
    assert set(list_related_codes(land, "900201")) == {
        *("900201", "900205", "900202", "900206", "900203", "900204"),
    }


def test_a_description_names_changes_parts_and_places(land: Register) -> None:
    text = describe_unit(land, land.unit("900203"))
    for said in ("powiat: brzeski (9002)", "województwo: lipowskie (90)", "2021", "obszar wiejski"):
        assert said in text
    assert "906101 (to samo miasto" in describe_unit(land, land.unit("9061"))
    assert "gmina wiejska (przed 2020 r.)" in describe_unit(land, land.unit("900102"))


# -- carrying series -------------------------------------------------------------------------------


def test_a_merge_adds_up_and_a_code_goes_over(land_changes: pd.DataFrame) -> None:
    frame = observations(
        {
            ("906101", 2016): 100,
            ("900103", 2016): 40,
            ("906101", 2017): 141,
            ("920105", 2017): 7,
            ("926201", 2018): 8,
        }
    )
    mapped = map_series(frame, land_changes, 2020)
    assert cell(mapped, "906101", 2016)["value"] == 140
    assert cell(mapped, "906101", 2016)["recalculated_from"] == "900103+906101"
    assert cell(mapped, "906101", 2016)["qualifiers"] == ""
    assert not cell(mapped, "906101", 2017)["recalculated"]
    assert cell(mapped, "926201", 2017)["value"] == 7
    assert set(mapped["unit_code"]) == {"906101", "926201"}
    check_observations(as_observations(mapped[list(frame.columns)]))


def test_weights_by_area_are_marked(land_changes: pd.DataFrame) -> None:
    frame = observations({("900205", 2018): 80, ("900201", 2018): 100, ("900202", 2018): 240})
    mapped = map_series(frame, land_changes, 2019)
    assert cell(mapped, "900201", 2018)["value"] == 100 + 0.25 * 80
    assert cell(mapped, "900202", 2018)["value"] == 240 + 0.75 * 80
    assert set(mapped["qualifiers"]) == {"estimated_weights"}


def test_a_sum_that_rests_mostly_on_estimates_is_a_break_for_all_who_share(
    land_changes: pd.DataFrame,
) -> None:
    # 60 of 299 estimated is over the limit of a fifth; the other heir alone would be under it
    frame = observations({("900205", 2018): 80, ("900201", 2018): 100, ("900202", 2018): 239})
    mapped = map_series(frame, land_changes, 2019)
    assert mapped.set_index("unit_code")["value"].to_dict() == {
        "900201": 100,
        "900202": 239,
        "900205": 80,
    }
    assert set(mapped["qualifiers"]) == {"territorial_break"}
    assert not mapped["recalculated"].any()


def weighed(first: float, second: float) -> pd.DataFrame:
    """Return an event: A (900301) is parted into A1 and A2 by estimated weights, B joins A2."""
    parts = [
        ("900301", "900303", first, "area"),
        ("900301", "900304", second, "area"),
        ("900302", "900304", 1.0, "exact"),
    ]
    return pd.DataFrame(
        [
            ("2020-01-01", "code", old, new, weight, basis, "próba", "test", "H")
            for old, new, weight, basis in parts
        ],
        columns=TABLES["changes"].columns,
    )


def mapped_ratio(numerator_weights: tuple[float, float]) -> tuple[dict[str, float], float]:
    """Map 1234 of 5000 and 456 of 1500; return the ratios and the sum of numerators."""
    parts = [
        map_series(
            observations({("900301", 2019): a, ("900302", 2019): b}),
            weighed(*weights),
            2020,
            largest_estimated_part=1.0,
        ).set_index("unit_code")["value"]
        for a, b, weights in ((1234, 456, numerator_weights), (5000, 1500, (0.62, 0.38)))
    ]
    return (parts[0] / parts[1]).to_dict(), float(parts[0].sum())


def test_golden_values_of_m21() -> None:
    ratios, total = mapped_ratio((0.62, 0.38))
    assert ratios == pytest.approx({"900303": 0.2468, "900304": 0.2720352941})
    assert total == pytest.approx(1690)
    # persons and cases may be parted differently, where both are known
    ratios, total = mapped_ratio((0.70, 0.30))
    assert ratios == pytest.approx({"900303": 0.2786451613, "900304": 0.243})
    assert total == pytest.approx(1690)


def test_mapped_values_are_marked_and_by_the_rule_refused() -> None:
    frame = observations({("900301", 2019): 1234, ("900302", 2019): 456})
    free = map_series(frame, weighed(0.62, 0.38), 2020, largest_estimated_part=1.0)
    assert free["recalculated"].all()
    assert set(free["qualifiers"]) == {"estimated_weights"}
    assert cell(free, "900304", 2019)["recalculated_from"] == "900301+900302"
    ruled = map_series(frame, weighed(0.62, 0.38), 2020)
    assert set(ruled["qualifiers"]) == {"territorial_break"}
    ratios = map_series(frame, weighed(0.62, 0.38), 2020, additive=(), largest_estimated_part=1.0)
    assert set(ratios["qualifiers"]) == {"territorial_break"}


def test_what_stays_behind_says_at_which_event(land_changes: pd.DataFrame) -> None:
    frame = observations({("900203", 2020): 50, ("900203", 2021): 30, ("900204", 2021): 21})
    forward = map_series(frame, land_changes, 2021)
    assert cell(forward, "900203", 2020)["parted_in"] == "2021"
    assert cell(forward, "900203", 2021)["parted_in"] == ""


def test_a_split_is_only_ever_summed_back(land_changes: pd.DataFrame) -> None:
    frame = observations({("900203", 2020): 50, ("900203", 2021): 30, ("900204", 2021): 21})
    back = map_series(frame, land_changes, 2020)
    assert cell(back, "900203", 2021)["value"] == 51
    assert cell(back, "900203", 2021)["recalculated_from"] == "900203+900204"
    assert cell(back, "900203", 2020)["value"] == 50
    forward = map_series(frame, land_changes, 2021)
    assert cell(forward, "900203", 2020)["value"] == 50
    assert cell(forward, "900203", 2020)["qualifiers"] == "territorial_break"
    assert not forward["recalculated"].any()


def test_a_transfer_and_a_merge_read_backwards_are_breaks(land_changes: pd.DataFrame) -> None:
    frame = observations({("9061", 2016): 1, ("9061", 2018): 2, ("906101", 2018): 2})
    later = map_series(frame, land_changes, 2018)
    assert cell(later, "9061", 2016)["qualifiers"] == "territorial_break"
    earlier = map_series(frame, land_changes, 2016)
    assert cell(earlier, "906101", 2018)["qualifiers"] == "territorial_break"
    assert cell(earlier, "906101", 2018)["value"] == 2


def test_a_missing_part_makes_the_sum_null_and_never_smaller(land_changes: pd.DataFrame) -> None:
    frame = observations(
        {("906101", 2015): 100, ("906101", 2016): 100, ("900103", 2016): "missing_or_secret"}
    )
    mapped = map_series(frame, land_changes, 2020)
    for year, flag in ((2015, "no_data"), (2016, "missing_or_secret")):
        found = cell(mapped, "906101", year)
        assert math.isnan(found["value"])
        assert (found["flag"], found["qualifiers"]) == (flag, "incomplete")
    check_observations(as_observations(mapped[list(frame.columns)]))


def test_zeros_stay_true_zeros(land_changes: pd.DataFrame) -> None:
    frame = observations({("906101", 2016): 0, ("900103", 2016): 0})
    frame["flag"] = pd.Categorical(["true_zero"] * 2)
    assert cell(map_series(frame, land_changes, 2020), "906101", 2016)["flag"] == "true_zero"


def test_what_is_not_additive_is_not_added(land_changes: pd.DataFrame) -> None:
    frame = observations({("906101", 2016): 5.5, ("900103", 2016): 4.1, ("920105", 2016): 3.3})
    mapped = map_series(frame, land_changes, 2020, additive=["persons_total"])
    assert cell(mapped, "906101", 2016)["value"] == 5.5
    assert cell(mapped, "906101", 2016)["qualifiers"] == "territorial_break"
    assert cell(mapped, "926201", 2016)["value"] == 3.3


def test_units_without_events_pass_untouched(land_changes: pd.DataFrame) -> None:
    frame = observations({("900104", 2016): 5, ("920101", 2024): 6})
    mapped = map_series(frame, land_changes, 2024)
    assert mapped["value"].tolist() == [5.0, 6.0]
    assert not mapped["recalculated"].any()
    empty = map_series(frame.iloc[:0], land_changes, 2024)
    assert empty.empty
    assert "recalculated_from" in empty


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_mapping_keeps_the_total_of_the_land(land: Register, data: st.DataObject) -> None:
    year = data.draw(st.integers(2013, 2024), label="year")
    to_year = data.draw(st.integers(2013, 2024), label="to_year")
    values = {
        (code, year): data.draw(st.integers(0, 10_000), label=code)
        for code in UNITS
        if land.exists(code, year)
    }
    frame = observations(values)
    mapped = map_series(frame, land.history, to_year)
    assert mapped["value"].sum() == pytest.approx(sum(values.values()))
    unbroken = mapped[~mapped["qualifiers"].str.contains("territorial_break")]
    assert all(land.exists(code, to_year) for code in unbroken["unit_code"])


def test_mapping_to_its_own_year_changes_nothing(land: Register) -> None:
    frame = observations({(code, 2018): 10 for code in UNITS if land.exists(code, 2018)})
    mapped = map_series(frame, land, 2018)
    assert sorted(mapped["unit_code"]) == sorted(frame["unit_code"])
    assert mapped["value"].tolist() == [10.0] * len(frame)
    assert not mapped["recalculated"].any()


def test_a_chain_of_events_is_walked_through() -> None:
    columns = ["date", "kind", "from_code", "to_code", "weight", "weight_basis", "name"]
    rows = [
        ("2015-01-01", "code", "900101", "900102", 1.0, "exact", ""),
        ("2018-07-01", "merge", "900102", "900103", 1.0, "exact", ""),  # its own pair is unsaid
    ]
    history = TerritorialHistory(pd.DataFrame(rows, columns=columns))
    frame = observations({("900101", 2014): 3, ("900103", 2014): 4, ("900102", 2017): 5})
    mapped = map_series(frame, history, 2018)
    assert cell(mapped, "900103", 2014)["value"] == 7
    assert cell(mapped, "900103", 2014)["recalculated_from"] == "900101+900103"
    assert cell(mapped, "900103", 2017)["flag"] == "no_data"
    assert history.successors("900101") == ("900103",)
    assert other_code_of("9061") == "906101"


# -- test values of the country --------------------------------------------------------------------


def unemployed(shared_data: Path) -> pd.DataFrame:
    types = {"unit_code": "str"}
    frames = []
    for level in ("gmina", "powiat"):
        path = shared_data / "panels" / f"{level}_panel_long.csv.gz"
        panel = pd.read_csv(path, dtype=types)
        panel = panel[panel["variable"] == "registered_unemployed"]
        frames.append(panel.assign(source=f"panel:{level}@00000000"))
    joined = pd.concat(frames, ignore_index=True)[
        ["unit_code", "year", "variable", "value", "source"]
    ]
    return as_observations(joined)


@pytest.fixture(scope="module")
def registered(shared_data: Path) -> pd.DataFrame:
    """Registered unemployed of gminy and powiaty (panels/*_panel_long.csv.gz)."""
    return unemployed(shared_data)


@pytest.mark.real_data
def test_walbrzych_is_carried_over_and_its_powiat_broken(registered: pd.DataFrame) -> None:
    # gmina_panel_long.csv.gz: 022109;2012 = 8029, 026501;2013 = 7700
    # powiat_panel_long.csv.gz: 0221;2012 = 12517, 0221;2013 = 4339
    assert cell(registered, "022109", 2012)["value"] == 8029
    mapped = map_series(registered, changes_frame(), 2024)
    assert cell(mapped, "026501", 2012)["value"] == 8029
    assert cell(mapped, "026501", 2012)["recalculated_from"] == "022109"
    assert cell(mapped, "026501", 2013)["value"] == 7700
    assert "022109" not in set(mapped["unit_code"])
    assert cell(mapped, "0221", 2012)["value"] == 12517
    assert cell(mapped, "0221", 2012)["qualifiers"] == "territorial_break"
    assert cell(mapped, "0221", 2013)["value"] == 4339
    assert [b.year for b in list_breaks(changes_frame(), "0221", range(2010, 2025))] == [2013]
    back = map_series(registered, changes_frame(), 2012)
    assert cell(back, "0221", 2013)["value"] == 4339 + 7700


@pytest.mark.real_data
def test_ostrowice_and_zielona_gora(registered: pd.DataFrame) -> None:
    by = {
        (c, y): v for c, y, v in registered[["unit_code", "year", "value"]].itertuples(index=False)
    }
    assert max(year for code, year in by if code == "320304") == 2018
    assert max(year for code, year in by if code == "080910") == 2014
    mapped = map_series(registered, changes_frame(), 2024)
    drawsko = cell(mapped, "320302", 2018)
    assert drawsko["value"] == pytest.approx(by["320302", 2018] + 0.4355 * by["320304", 2018])
    assert drawsko["qualifiers"] == "estimated_weights"
    city = cell(mapped, "086201", 2014)
    assert city["value"] == by["086201", 2014] + by["080910", 2014]
    assert city["qualifiers"] == ""
    assert cell(mapped, "166101", 2016)["qualifiers"] == "territorial_break"


@pytest.mark.real_data
def test_mapped_gminy_add_up_to_the_country_in_every_year(registered: pd.DataFrame) -> None:
    gminy = registered[registered["unit_code"].str.len() == 6]
    mapped = map_series(gminy, changes_frame(), 2024)
    before = gminy.groupby("year", observed=True)["value"].sum()
    after = mapped.groupby("year")["value"].sum()
    # Rejowiec, Ostrowice and the city of Wałbrzych are complete in every year
    assert (before - after).abs().max() < 0.001


def test_parts_from_two_sources_are_added(land_changes: pd.DataFrame) -> None:
    """906101 took 900103 in 2017: the city from one file, the gmina from another."""
    city = observations({("906101", 2016): 100})
    gmina = observations({("900103", 2016): 20}).assign(source="test:other@00000000")
    frame = pd.concat([city.astype({"source": "str"}), gmina], ignore_index=True)
    found = cell(map_series(frame, land_changes, 2020), "906101", 2016)
    assert (found["value"], found["flag"], found["qualifiers"]) == (120, "ok", "")
    assert found["source"] == "test:other@00000000 test:persons@00000000"


def test_two_sources_of_the_same_cell_stay_apart(land_changes: pd.DataFrame) -> None:
    cells = {("906101", 2016): 100, ("900103", 2016): 20}
    other = observations({key: value + 1 for key, value in cells.items()})
    other = other.assign(source="test:other@00000000")
    frame = pd.concat([observations(cells), other], ignore_index=True)
    assert map_series(frame, land_changes, 2020)["value"].tolist() == [122, 120]
