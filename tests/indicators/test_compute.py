"""From observations to values: the drawn tables below are the specification."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from smup_lib.catalogue import load_catalogue
from smup_lib.errors import IndicatorError
from smup_lib.indicators import VALUE_COLUMNS, compute_group_value, compute_values, pick_shown
from smup_lib.indicators.compute import compute_indicator
from tests.indicators.builders import indicator
from tests.snapshots.builders import observations, small_snapshot

NAN = float("nan")


def cells(text: str) -> pd.DataFrame:
    """Read a drawn table: unit year variable value flag [qualifiers]."""
    rows = [line.split("|") for line in text.strip().splitlines()]
    parts = [[cell.strip() for cell in row] for row in rows]
    frame = observations(
        [(p[0], int(p[1]), p[2], float(p[3] or "nan")) for p in parts],
        flag=[p[4] for p in parts],
    )
    frame["qualifiers"] = pd.Categorical([p[5] if len(p) > 5 else "" for p in parts])
    return frame


def computed(text: str, **changes) -> pd.DataFrame:
    return compute_indicator(indicator(**changes), cells(text)).set_index("unit_code")


def test_a_rate_keeps_numerator_and_denominator():
    found = computed("""
        9001 | 2020 | accidents  |  120 | ok
        9001 | 2020 | population | 4000 | ok
    """).loc["9001"]
    assert found["value"] == 1000 * 120 / 4000
    assert (found["numerator"], found["denominator"]) == (120, 4000)
    assert (found["flag"], found["n_used"], found["n_flags"]) == ("ok", 2, "ok=2")
    assert found["provenance"] == "computed"


@pytest.mark.parametrize(
    ("accidents", "population", "value", "flag"),
    [
        ("0 | true_zero", "4000 | ok", 0.0, "true_zero"),
        (" | missing_or_secret", "4000 | ok", NAN, "missing_or_secret"),
        (" | not_available_yet", "4000 | ok", NAN, "not_available_yet"),
        ("120 | ok", " | missing_or_secret", NAN, "missing_or_secret"),
        ("120 | ok", "0 | true_zero", NAN, "zero_denominator"),
        ("0 | below_format", "4000 | ok", 0.0, "below_format"),
        (" | ambiguous_zero", "4000 | ok", NAN, "ambiguous_zero"),
    ],
)
def test_the_reason_of_a_null_is_never_lost(accidents, population, value, flag):
    found = computed(f"""
        9001 | 2020 | accidents  | {accidents}
        9001 | 2020 | population | {population}
    """).loc["9001"]
    assert found["value"] == pytest.approx(value, nan_ok=True)
    assert found["flag"] == flag


def test_a_unit_with_only_one_input_says_no_data_and_is_not_dropped():
    found = computed("""
        9001 | 2020 | accidents  |  120 | ok
        9002 | 2020 | population | 4000 | ok
    """)
    assert found["flag"].tolist() == ["no_data", "no_data"]
    assert found["n_flags"].tolist() == ["no_data=1 ok=1"] * 2


def test_no_row_becomes_zero():
    found = computed("""
        9001 | 2020 | accidents  |  | no_data
        9001 | 2020 | population | 4000 | ok
    """)
    assert np.isnan(found["value"]["9001"])


def test_lists_are_summed_and_one_null_makes_the_sum_null():
    inputs = {"numerator": ("a", "b"), "denominator": ("population",)}
    table = """
        9001 | 2020 | a          |    3 | ok
        9001 | 2020 | b          |    4 | ok
        9001 | 2020 | population | 1000 | ok
        9002 | 2020 | a          |    3 | ok
        9002 | 2020 | b          |      | missing_or_secret
        9002 | 2020 | population | 1000 | ok
    """
    found = computed(table, inputs=inputs)
    assert found["value"]["9001"] == 3 + 4
    assert found["flag"]["9002"] == "missing_or_secret"


def test_what_is_taken_off_a_numerator():
    inputs = {"numerator": ("a",), "minus": ("b",), "denominator": ("population",)}
    found = computed(
        """
        9001 | 2020 | a          |    9 | ok
        9001 | 2020 | b          |    4 | ok
        9001 | 2020 | population | 1000 | ok
    """,
        inputs=inputs,
    )
    assert found["value"]["9001"] == 9 - 4


def test_qualifiers_of_all_inputs_meet_and_small_numbers_are_marked():
    found = computed("""
        9001 | 2020 | accidents  |   12 | ok | method_change
        9001 | 2020 | population | 4000 | ok | preliminary
        9002 | 2020 | accidents  |  120 | ok
        9002 | 2020 | population | 4000 | ok
    """)
    assert found["qualifiers"]["9001"] == "method_change,preliminary,small_denominator"
    assert found["qualifiers"]["9002"] == ""


def test_a_change_looks_one_year_back_of_the_same_unit():
    table = """
        9001 | 2019 | accidents | 100 | ok
        9001 | 2020 | accidents | 110 | ok
        9002 | 2020 | accidents |  50 | ok
    """
    found = compute_indicator(
        indicator(method="change", multiplier=100.0, inputs={"numerator": ("accidents",)}),
        cells(table),
    ).set_index(["unit_code", "year"])
    assert found["value"]["9001", 2020] == 10
    assert found["flag"]["9001", 2019] == found["flag"]["9002", 2020] == "no_data"


def test_an_index_stands_against_its_base_year():
    found = compute_indicator(
        indicator(
            method="index", base_year=2019, multiplier=100.0, inputs={"numerator": ("accidents",)}
        ),
        cells("""
            9001 | 2019 | accidents | 100 | ok
            9001 | 2021 | accidents | 130 | ok
        """),
    ).set_index(["unit_code", "year"])
    assert found["value"]["9001", 2021] == 130


def test_a_published_value_passes_as_it_is():
    rate = indicator(
        method="published",
        provenance="published",
        data_basis="index",
        inputs={"value": "accidents"},
    )
    found = compute_indicator(rate, cells("9001 | 2020 | accidents | 41.2 | ok | preliminary"))
    assert found["value"].tolist() == [41.2]
    assert found["qualifiers"].tolist() == ["preliminary"]
    assert found["numerator"].isna().all()
    assert list(found) == list(VALUE_COLUMNS)


def test_a_city_without_the_service_is_not_applicable_rather_than_missing():
    found = computed(
        """
        9001 | 2020 | accidents  |  120 | ok
        9001 | 2020 | population | 4000 | ok
        9061 | 2020 | accidents  |      | no_data
        9061 | 2020 | population | 4000 | ok
    """,
        applies_to=("land_powiat",),
        not_applicable_reason="Miasto ma jeden budżet.",
    )
    assert found["flag"].tolist() == ["ok", "not_applicable"]


def test_the_order_of_rows_does_not_matter():
    table = cells("""
        9001 | 2020 | accidents  |  120 | ok
        9001 | 2020 | population | 4000 | ok
        9002 | 2020 | accidents  |   60 | ok
        9002 | 2020 | population | 3000 | ok
    """)
    first = compute_indicator(indicator(), table)
    pd.testing.assert_frame_equal(first, compute_indicator(indicator(), table.iloc[::-1]))


def test_an_indicator_not_defined_at_the_level_is_refused(smup_home):
    with pytest.raises(IndicatorError, match="accident_rate"):
        compute_values([indicator()], small_snapshot(), load_catalogue(), "voivodeship")


def test_a_number_goes_before_a_null_and_the_publisher_decides_between_numbers():
    catalogue = load_catalogue()
    publishers = list(catalogue.publishers.values())
    first, second = (p.datasets[0] + "x@00000000" for p in publishers[:2])
    row = ("9001", 2020, "population")
    one = observations([(*row, 1.0)], source=first)
    two = observations([(*row, 2.0)], source=second)
    null = observations([(*row, NAN)], source=first)

    def picked(*frames):
        return pick_shown(pd.concat(frames, ignore_index=True), catalogue)["value"].tolist()

    assert picked(one, two) == picked(two, one) == [1.0]
    assert picked(null, two) == [2.0]


def test_a_group_value_is_made_of_sums():
    rows = pd.DataFrame({"year": 2020, "numerator": [120.0, 45, 7], "denominator": [400.0, 60, 50]})
    found = compute_group_value(indicator(multiplier=1.0), rows)
    assert found.value == pytest.approx((120 + 45 + 7) / (400 + 60 + 50))
    assert found.value == pytest.approx(0.337254902)
    assert (found.n_used, found.n_all) == (3, 3)


def test_a_group_value_refuses_when_too_many_are_missing():
    rows = pd.DataFrame({"year": 2020, "numerator": [120.0, NAN], "denominator": [400.0, 60]})
    assert compute_group_value(indicator(), rows).reason is not None
    assert compute_group_value(indicator(), rows.head(1), n_all=2).value is None


def test_a_sum_with_a_part_below_the_format_is_an_ordinary_number():
    inputs = {"numerator": ("a", "b"), "denominator": ("population",)}
    found = computed(
        """
        9001 | 2020 | a          |  500 | ok
        9001 | 2020 | b          |    0 | below_format
        9001 | 2020 | population | 1000 | ok
        9002 | 2020 | a          |    0 | true_zero
        9002 | 2020 | b          |    0 | below_format
        9002 | 2020 | population | 1000 | ok
    """,
        inputs=inputs,
    )
    assert (found["value"]["9001"], found["flag"]["9001"]) == (500, "ok")
    assert found["flag"]["9002"] == "below_format"


@pytest.mark.parametrize(
    ("before", "now", "value"),
    [
        ("2019", "", None),
        ("2019", "2020", None),  # both stayed behind, at different events
        ("2020", "2020", 10),
        ("", "", 10),
    ],
)
def test_a_change_is_not_computed_across_a_change_of_territory(before, now, value):
    entry = indicator(multiplier=100.0, inputs={"numerator": ("accidents",)}, method="change")
    frame = cells("""
        9001 | 2018 | accidents | 100 | ok
        9001 | 2019 | accidents | 110 | ok
    """).assign(parted_in=[before, now])
    found = compute_indicator(entry, frame).set_index("year").loc[2019]
    assert (found["flag"] == "no_data") == (value is None)
    assert value is None or found["value"] == pytest.approx(value)
    assert found["parted_in"] == " ".join(sorted({before, now} - {""}))


def test_a_ratio_is_not_made_of_parts_from_different_territories():
    frame = cells("""
        9001 | 2018 | accidents  |  60 | ok | territorial_break
        9001 | 2018 | population | 900 | ok
        9002 | 2018 | accidents  |  60 | ok | territorial_break
        9002 | 2018 | population | 900 | ok | territorial_break
    """).assign(parted_in=["2019", "", "2019", "2019"])
    found = compute_indicator(indicator(), frame).set_index("unit_code")
    assert found["flag"].to_dict() == {"9001": "no_data", "9002": "ok"}
    assert found["qualifiers"]["9001"].split(",")[-1] == "territorial_break"


@pytest.mark.parametrize("changes", [{"method": "change"}, {"method": "index", "base_year": 2019}])
def test_a_secret_base_makes_the_comparison_with_it_secret(changes):
    def found(base):
        table = f"""
            9001 | 2019 | accidents | {base} | preliminary
            9001 | 2020 | accidents | 110 | ok
        """
        entry = indicator(multiplier=100.0, inputs={"numerator": ("accidents",)}, **changes)
        frame = cells(table)
        frame["source"] = ["old@1", "new@2"]
        return compute_indicator(entry, frame).set_index("year").loc[2020]

    secret, known = found(" | missing_or_secret"), found("100 | ok")
    assert secret["flag"] == "missing_or_secret"
    assert secret["n_flags"] == "missing_or_secret=1 ok=1"
    assert (known["flag"], known["n_used"], known["qualifiers"]) == ("ok", 2, "preliminary")
    assert known["source"] == "new@2 old@1"


def test_a_source_named_by_two_inputs_is_named_once():
    frame = cells("""
        9001 | 2020 | accidents  |  120 | ok
        9001 | 2020 | population | 4000 | ok
    """)
    frame["source"] = ["a@1 b@2", "b@2"]
    assert compute_indicator(indicator(), frame)["source"].tolist() == ["a@1 b@2"]


def test_a_group_value_needs_most_of_the_denominator_not_only_of_the_units():
    small = [(10.0, 100.0)] * 39
    rows = pd.DataFrame([*small, (NAN, 90_000.0)], columns=["numerator", "denominator"])
    assert compute_group_value(indicator(), rows.assign(year=2020)).value is None
    rows.loc[39, "denominator"] = 100.0
    assert compute_group_value(indicator(), rows.assign(year=2020)).value == pytest.approx(100)


def test_a_group_value_leaves_out_rows_without_a_value():
    rows = pd.DataFrame({"year": 2020, "numerator": [10.0] * 40, "denominator": [100.0] * 40})
    rows["flag"] = ["ok"] * 39 + ["not_applicable"]
    found = compute_group_value(indicator(), rows)
    assert (found.n_used, found.numerator) == (39, 390)


PUBLISHED = {
    "method": "published",
    "provenance": "published",
    "data_basis": "index",
    "inputs": {"value": "accident_rate_published"},
    "rare_events": {"exposure": "population", "per": 100_000},
}


def test_a_published_rate_of_few_events_is_marked_by_the_size_of_the_unit():
    found = computed(
        """
        9001 | 2020 | accident_rate_published |    29 | ok
        9001 | 2020 | population              | 99999 | ok
        9002 | 2020 | accident_rate_published |    29 | ok
        9002 | 2020 | population              | 200000 | ok
        9003 | 2020 | accident_rate_published |    29 | ok
        9004 | 2020 | population              | 50000 | ok
    """,
        **PUBLISHED,
    )
    assert found["qualifiers"].to_dict() == {
        "9001": "small_denominator",
        "9002": "",
        "9003": "size_unknown",  # nobody knows how many cases that is
    }
    assert found["numerator"].isna().all()  # an estimate of size is no count
    assert found["source"].nunique() == 1


def test_of_a_rate_of_what_nobody_counts_the_size_is_never_known():
    found = computed(
        """
        9001 | 2020 | accident_rate_published |   290 | ok
        9001 | 2020 | population              | 99999 | ok
    """,
        **PUBLISHED | {"rare_events": {"per": 100_000}},
    )
    assert found["qualifiers"].to_dict() == {"9001": "size_unknown"}


def test_a_part_larger_than_its_whole_is_marked_as_an_error_of_the_data():
    found = computed(
        """
        9001 | 2020 | accidents  |  150 | ok
        9001 | 2020 | population |  120 | ok
        9002 | 2020 | accidents  |  119 | ok
        9002 | 2020 | population |  120 | ok
    """,
        method="share",
        multiplier=100.0,
    )
    assert (found["flag"]["9001"], found["qualifiers"]["9001"]) == ("no_data", "impossible_value")
    assert (found["flag"]["9002"], found["qualifiers"]["9002"]) == ("ok", "")


def test_a_comparison_across_a_break_has_no_value():
    """In 2020 residents were counted on a new base: that jump is no change of population."""
    frame = cells("""
        9001 | 2018 | population | 1000 | ok
        9001 | 2019 | population | 1010 | ok
        9001 | 2020 | population | 1100 | ok
        9001 | 2021 | population | 1089 | ok
    """)
    entry = load_catalogue().indicator("population_change")
    found = compute_indicator(entry, frame).set_index("year")
    assert found["value"].round(9).to_dict() == pytest.approx(
        {2018: NAN, 2019: 1.0, 2020: NAN, 2021: -1.0}, nan_ok=True
    )
    assert found["flag"].to_dict() == {
        2018: "no_data",
        2019: "ok",
        2020: "not_applicable",
        2021: "ok",
    }
    assert found["qualifiers"].to_dict() == {2018: "", 2019: "", 2020: "across_break", 2021: ""}


def test_an_index_ends_at_a_break_on_either_side_of_its_base():
    breaks = [{"year": 2020, "reason": "Nowa podstawa."}]
    entry = indicator(
        method="index", base_year=2019, inputs={"numerator": ("accidents",)}, breaks=breaks
    )
    years = range(2018, 2022)
    assert [entry.break_looked_over(y) is None for y in years] == [True, True, False, False]
    later = entry.model_copy(update={"base_year": 2021})
    assert [later.break_looked_over(y) is None for y in years] == [False, False, True, True]
