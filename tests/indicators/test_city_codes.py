"""A city with powiat rights is one unit with two codes; its budget may stand in two parts."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pytest

from smup_lib.catalogue import load_catalogue
from smup_lib.indicators import compute_values
from smup_lib.snapshots import Snapshot, as_observations, write_snapshot
from tests.snapshots.builders import source_record

GMINY, POWIATY = "panel:gminy@00000001", "panel:powiaty@00000002"
NAN = float("nan")
PIT, POWIAT_PART = "pit_share_revenue", "pit_share_revenue_powiat_part"


@pytest.fixture
def written(tmp_path, monkeypatch):
    monkeypatch.setenv("SMUP_HOME", str(tmp_path))

    def write(*rows: tuple[str, int, str, float], flags: Sequence[str] = ()) -> Snapshot:
        frame = pd.DataFrame(rows, columns=["unit_code", "year", "variable", "value"])
        if flags:
            frame["flag"] = flags
        sources = [GMINY if len(code) > 4 else POWIATY for code in frame["unit_code"]]
        records = [source_record(name) for name in sorted(set(sources))]
        tables = {"observations": as_observations(frame.assign(source=sources))}
        return write_snapshot(tables, fictional=True, sources=records)

    return write


def computed(opened: Snapshot, name: str, level: str, **asked) -> pd.DataFrame:
    catalogue = load_catalogue()
    entry = catalogue.indicator(name)
    values = compute_values([entry], opened, catalogue, level, **asked)
    return values.set_index(["unit_code", "year"])


def test_what_one_code_of_a_city_lacks_is_read_from_the_other(written):
    opened = written(("9061", 2020, "population", 800.0), ("9001", 2020, "population", 100.0))
    found = computed(opened, "population", "gmina", unit_codes=["906101"])
    assert list(found.index) == [("906101", 2020)]
    row = found.loc["906101", 2020]
    assert (row["value"], row["qualifiers"], row["source"]) == (800.0, "other_code", POWIATY)
    back = written(("906101", 2021, "population", 810.0))
    assert computed(back, "population", "powiat").loc["9061", 2021]["value"] == 810.0


def test_a_code_that_has_a_number_keeps_it(written):
    opened = written(("9061", 2020, "population", 800.0), ("906101", 2020, "population", 790.0))
    found = computed(opened, "population", "gmina").loc["906101", 2020]
    assert (found["value"], found["qualifiers"], found["source"]) == (790.0, "", GMINY)


def test_nothing_is_read_across_the_levels_that_no_city_has(written):
    opened = written(("9061", 2020, "road_accidents", 7.0), ("9001", 2020, "population", 100.0))
    assert computed(opened, "population", "gmina").empty
    catalogue = load_catalogue()
    assert not catalogue.variable("road_accidents").same_in_city


@pytest.mark.parametrize(("level", "code"), [("powiat", "9061"), ("gmina", "906101")])
def test_the_budget_of_a_city_is_the_sum_of_both_parts_under_either_code(written, level, code):
    opened = written(
        ("906101", 2020, PIT, 1400.0),
        ("906101", 2020, POWIAT_PART, 375.0),
        ("9061", 2020, PIT, 375.0),  # the same part once more, in another file
        ("9061", 2020, "population", 5.0),
        ("9001", 2020, PIT, 30.0),
        ("9001", 2020, "population", 3.0),
    )
    found = computed(opened, "pit_share_per_capita", level, years=[2020])
    row = found.loc[code, 2020]
    assert row["value"] == (1400 + 375) / 5
    assert "both_parts" in row["qualifiers"].split(",")
    assert row["source"] == f"{GMINY} {POWIATY}"
    if level == "powiat":
        land = found.loc["9001", 2020]
        assert (land["value"], land["qualifiers"]) == (10.0, "")


@pytest.mark.parametrize(
    "known",
    [("9061", 2020, PIT, 375.0), ("906101", 2020, PIT, 1400.0)],
    ids=["only powiat", "only gmina"],
)
@pytest.mark.parametrize(("level", "code"), [("powiat", "9061"), ("gmina", "906101")])
def test_one_part_of_a_budget_is_never_shown_as_the_whole(written, known, level, code):
    opened = written(known, ("9061", 2020, "population", 5.0))
    row = computed(opened, "pit_share_per_capita", level).loc[code, 2020]
    assert row["value"] != row["value"]
    assert row["flag"] == "no_data"
    assert "part_missing" in row["qualifiers"].split(",")


@pytest.mark.parametrize(("level", "code"), [("powiat", "9061"), ("gmina", "906101")])
def test_a_part_that_stands_only_under_the_powiat_code_is_the_second_part(written, level, code):
    opened = written(
        ("906101", 2020, PIT, 1400.0),
        ("9061", 2020, PIT, 375.0),
        ("9061", 2020, "population", 5.0),
    )
    row = computed(opened, "pit_share_per_capita", level).loc[code, 2020]
    assert row["value"] == (1400 + 375) / 5
    assert "both_parts" in row["qualifiers"].split(",")


@pytest.mark.parametrize(
    ("known", "flag", "missing"),
    [(1400.0, "missing_or_secret", True), (NAN, "missing_or_secret", False), (NAN, "", False)],
    ids=["one part secret", "one part secret, the other not there yet", "nothing there yet"],
)
def test_a_missing_part_keeps_the_reason_and_the_source_of_its_row(written, known, flag, missing):
    first = "ok" if known == known else "not_available_yet"
    rows = [("906101", 2020, PIT, known), ("9061", 2020, "population", 5.0)]
    flags = [first, "ok"]
    if flag:
        rows.append(("9061", 2020, PIT, NAN))
        flags.append(flag)
    row = computed(written(*rows, flags=flags), "pit_share_per_capita", "gmina")
    row = row.loc["906101", 2020]
    assert row["flag"] == (flag or "not_available_yet")
    assert ("part_missing" in row["qualifiers"].split(",")) == missing
    assert row["source"] == f"{GMINY} {POWIATY}"
