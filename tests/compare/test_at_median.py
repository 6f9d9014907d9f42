"""The gap as money or people (M22): golden values, signs, rounding and refusals."""

from __future__ import annotations

import pytest

from smup_lib.compare.at_median import amount_at_median, compare_at_median, round_significant
from tests.compare.tables import counts_table, values_table
from tests.indicators.builders import indicator, signed

NAN = float("nan")
COST = {
    "data_basis": "money_ratio",
    "method": "ratio",
    "multiplier": 1.0,
    "dimension": "efficiency",
    "polarity": {"judge": "two_sided"},
}
PEERS = [0.80, 0.82, 0.84, 0.85, 0.85, 0.86, 0.88, 0.90]


def share_of(own: float = 520, direction: str = "higher"):
    entry = signed(direction).model_copy(update={"method": "share", "multiplier": 1.0})
    table = counts_table([own, *(100_000 * p for p in PEERS)], [640, *[100_000] * 8])
    codes = table["unit_code"].tolist()
    return compare_at_median(entry, table.assign(year=2022), {codes[0]: codes})


def published(entry=None, per: float | None = 100, **columns):
    entry = entry or signed("higher")
    entry = entry.model_copy(update={"method": "published", "decimals": 0})
    table = values_table([81, *(100 * p for p in PEERS)], denominator=640.0, year=2022)
    codes = table["unit_code"].tolist()
    return compare_at_median(entry, table.assign(**columns), {codes[0]: codes}, per)


def test_the_golden_amount_of_money():
    amount = amount_at_median(11482.30, 10950, 612, 1)
    assert float(amount) == pytest.approx(325767.6)
    assert float(round_significant(amount)) == 330_000
    table = values_table(
        [11482.30, *[10950 + step for step in (-400, -300, -200, -100, 100, 200, 300, 400)]],
        denominator=612.0,
        numerator=NAN,
        year=2022,
    )
    codes = table["unit_code"].tolist()
    row = compare_at_median(indicator(**COST), table, {codes[0]: codes}).rows.iloc[0]
    assert (row["value"], row["change"]) == (pytest.approx(325767.6), "less")
    assert row["rounded"] == 330_000


def test_the_golden_number_of_persons_with_its_interval():
    found = share_of()
    row = found.rows.iloc[0]
    assert row["value"] == pytest.approx(24)
    assert (row["low"], row["high"]) == pytest.approx((5.861157195, 44.52542961), rel=1e-6)
    assert (row["change"], found.kind) == ("more", "chance")


def test_the_golden_range_of_a_published_value():
    found = published()
    row = found.rows.iloc[0]
    assert (row["low"], row["high"]) == pytest.approx((22.4, 28.8))
    assert (found.kind, found.level) == ("rounding", 1.0)


def test_the_sign_follows_polarity():
    assert share_of(direction="lower").rows["value"][0] == pytest.approx(-24)


def test_inside_the_zone_of_no_difference_nothing_is_told():
    row = share_of(540).rows.iloc[0]
    assert "zwykłych wahaniach" in row["reason"]


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (published(indicator()), "kierunku"),
        (published(per=None), "bez liczby przypadków"),
        (published(signed("target", target=90.0)), "wartość docelową"),
    ],
)
def test_all_are_refused(found, reason):
    assert reason in found.reason
    assert found.rows["value"].isna().all()


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"denominator_year": 2021}, "z innego roku"),
        ({"denominator": 0.0}, "brak mianownika"),
        ({"flag": ["no_data", *["ok"] * 8]}, "nie ma wartości"),
        ({"flag": ["ok", "no_data", *["ok"] * 7]}, "mniej niż 8"),
    ],
)
def test_one_unit_is_refused(columns, reason):
    assert reason in published(**columns).rows["reason"][0]


def test_no_word_of_saving_or_waste():
    from smup_lib.compare.readings import read_at_median

    found = share_of()
    reading = read_at_median(signed("higher"), found, found.rows["unit_code"][0], "osób")
    assert reading is not None
    for word in ("oszczędn", "strat", "marnotraw"):
        assert word not in reading.template.lower()
