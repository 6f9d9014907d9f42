"""A place is never told alone: between which places it lies, by which uncertainty (M10)."""

from __future__ import annotations

import pytest

from smup_lib.conclude.evidence import NumberKey
from smup_lib.conclude.place_worth import weigh_place
from smup_lib.present.area_page import render_indicator_head
from smup_lib.present.numbers import read_numbers
from smup_lib.present.place_line import render_place_worth
from tests.conclude.builders import UNIT, among_peers, assessed, rows
from tests.indicators.builders import indicator, signed

TENS = [10.0, 20, 30, 40, 50, 60, 70, 80, 90, 100]
TIED = [40.0, 40, 40, 50, 60, 70, 80, 90, 90, 90]


def published(**changes):
    fields = {"provenance": "published", "method": "published", "data_basis": "index"}
    return signed("lower").model_copy(update=fields | changes)


def worths(entry, values):
    area = assessed([entry], [values])
    item = area.indicators[0]
    return weigh_place(item, area.twins(item)), area, item


def test_printed_digits_that_are_equal_share_the_places():
    (worth,), _, item = worths(published(), rows("accident_rate", 2022, among_peers(40.0, TIED)))
    assert (item.position.rank, item.position.ties) == (1, 3)
    assert (worth.kind, worth.low, worth.high) == ("rounding", 1, 4)
    assert worth.best_quarter == pytest.approx(0.5)  # two of the four places


def test_of_counts_the_chance_is_told_and_not_the_rounding():
    events = among_peers(40.0, TENS)
    values = rows(
        "accident_rate", 2022, events, numerator=list(events.values()), denominator=1000.0
    )
    (worth,), _, item = worths(signed("lower"), values)
    assert worth.kind == "chance"
    assert worth.low < item.position.rank < worth.high
    assert 0 <= worth.best_quarter < 0.5


@pytest.mark.parametrize(
    ("entry", "values"),
    [
        (indicator(), among_peers(40.0, TENS)),  # neutral
        (published(), among_peers(float("nan"), TENS)),  # no value
        (published(), among_peers(40.0, [*TENS[:5], *[float("nan")] * 5])),  # too few to rank
    ],
)
def test_who_has_no_place_has_no_interval(entry, values):
    assert worths(entry, rows("accident_rate", 2022, values))[0] == ()


def test_exact_sums_of_money_have_neither_uncertainty():
    money = signed("lower").model_copy(update={"data_basis": "money_ratio", "method": "ratio"})
    assert worths(money, rows("accident_rate", 2022, among_peers(40.0, TENS)))[0] == ()


def test_each_uncertainty_is_printed_under_its_own_name_with_keys():
    _, area, item = worths(published(), rows("accident_rate", 2022, among_peers(40.0, TIED)))
    key = NumberKey(UNIT.code, "accident_rate", 2022, group=area.group.key)
    html = render_place_worth(area, item, key)
    assert {number.key.group for number in read_numbers(html)} == {area.group.key}
    assert "niepewności zaokrąglenia" in html and "niepewności wyniku" not in html
    numbers = {n.key.statistic: n.value for n in read_numbers(html)}
    assert numbers == {
        "rank_low:rounding": 1,
        "rank_high:rounding": 4,
        "best_quarter:rounding": 50,
    }


def test_the_card_tells_the_share_of_other_groups_beside_the_verdict():
    _, area, item = worths(published(), rows("accident_rate", 2022, among_peers(5.0, TENS)))
    html = render_indicator_head(area, item)
    numbers = {n.key.statistic: n.value for n in read_numbers(html)}
    assert numbers["robustness"] == 100 * item.robustness.share == 100
    assert "miejsce się nie zmienia" in html


def test_what_may_not_be_compared_is_not_called_missing():
    entry = published(
        applies_to=("city_with_powiat_rights",), not_applicable_reason="Powiat ma inny budżet."
    )
    values = rows("accident_rate", 2022, among_peers(float("nan"), [float("nan")] * 10))
    area = assessed([entry], [values.assign(flag="no_data")])
    item = area.indicators[0]
    assert (item.status, item.flag) == ("not_applicable", "not_applicable")
    assert item.position.n_flags == {"not_applicable": 10}
    html = render_indicator_head(area, item)
    assert "nieporównywalne" in html and "brak danych" not in html


def test_the_digits_of_a_rate_are_not_passed_off_as_all_that_is_uncertain():
    """The published rate hardly moves; its twin says what the few cases allow."""
    twin = signed("lower").model_copy(update={"id": "twin", "twin_of": "accident_rate"})
    events = among_peers(40.0, TENS)
    rate = rows("accident_rate", 2022, events)
    counts = rows("twin", 2022, events, numerator=list(events.values()), denominator=1000.0)
    area = assessed([published(), twin], [rate, counts])
    item = area.indicators[0]
    rounding, chance = weigh_place(item, area.twins(item))
    assert (rounding.kind, chance.kind, chance.indicator) == ("rounding", "chance", "twin")
    assert chance.high - chance.low > rounding.high - rounding.low
    key = NumberKey(UNIT.code, "accident_rate", 2022, group=area.group.key)
    html = render_place_worth(area, item, key)
    # the place of the twin too is one in this group, although the key handed in is of a value
    assert {(n.key.indicator, n.key.group) for n in read_numbers(html)} == {
        ("accident_rate", area.group.key),
        ("twin", area.group.key),
    }
    assert html.index("niepewności zaokrąglenia") < html.index("niepewności wyniku")
    assert "Przypadek może zmienić miejsce bardziej." in html
