"""The table as it is seen: order, filters, pins, layout; a gap is never a number."""

from __future__ import annotations

import numpy as np
import pytest

from smup_lib.present.words import flag_words
from smup_lib.reports.selection.table import TableLook, see_table

READERS, DEBT = "library_readers_per_1k@2022", "debt_per_capita@2022"


def codes(table):
    return [code for code, _ in table.rows]


def column(table, name):
    return table.values[:, [one.id for one in table.columns].index(name)]


def test_each_cell_is_the_value_of_its_unit_and_year(selection):
    table = see_table(selection)
    assert codes(table) == list(selection.found.units)
    rows = selection.frame.astype({"unit_code": str, "indicator": str})
    known = rows.set_index(["unit_code", "indicator", "year"])["value"]
    for at, code in enumerate(codes(table)):
        for place, one in enumerate(table.columns):
            value = known[(code, one.indicator.id, one.year)]
            assert table.values[at, place] == pytest.approx(value, nan_ok=True)


@pytest.mark.parametrize("sort", [DEBT, f"-{DEBT}"])
def test_gaps_stand_last_both_ways(selection, sort):
    values = column(see_table(selection, TableLook(sort=sort)), DEBT)
    known = values[~np.isnan(values)]
    assert 0 < len(known) < len(values)
    assert np.isnan(values[len(known) :]).all()
    steps = np.diff(known)
    assert (steps <= 0).all() if sort.startswith("-") else (steps >= 0).all()


def test_a_range_leaves_out_what_has_no_value(selection):
    values = column(see_table(selection), DEBT)
    middle = float(np.nanmedian(values))
    seen = see_table(selection, TableLook(ranges=((DEBT, middle, None),)))
    assert len(seen.rows) == np.sum(values >= middle)
    whole = see_table(selection, TableLook(ranges=((DEBT, None, None),)))
    assert len(whole.rows) == np.sum(~np.isnan(values))


def test_words_find_names_without_polish_letters_and_codes(selection):
    assert codes(see_table(selection, TableLook(text="OLSZYNSKO brzezicki"))) == ["9002"]
    assert codes(see_table(selection, TableLook(text="9003"))) == ["9003"]
    assert codes(see_table(selection, TableLook(text="nikt taki"))) == []


def test_pinned_units_stand_first_whatever_is_filtered(selection):
    look = TableLook(text="9003", pins=("9005", "9001"), sort="-name")
    assert codes(see_table(selection, look)) == ["9005", "9001", "9003"]


def test_years_may_stand_in_rows(selection):
    table = see_table(selection, TableLook(layout="long", text="9002", sort="-year"))
    assert [year for _, year in table.rows] == [2022, 2021, 2020, 2019, 2018]
    assert [one.id for one in table.columns] == ["debt_per_capita", "library_readers_per_1k"]


def test_a_row_says_why_values_lack_or_need_care(selection):
    table = see_table(selection)
    gaps = [at for at in range(len(table.rows)) if np.isnan(table.values[at]).any()]
    assert gaps
    assert all(f"{flag_words('not_applicable')}: 5" in table.remark(at) for at in gaps)
    careful = [at for at in range(len(table.rows)) if any(table.qualifiers[at])]
    assert careful and all(table.remark(at) for at in careful)
