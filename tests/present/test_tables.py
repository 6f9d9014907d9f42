"""Tables read aloud as well as they look."""

from __future__ import annotations

import pandas as pd
import pytest

from smup_lib.conclude.evidence import NumberKey
from smup_lib.errors import SmupError
from smup_lib.present.numbers import read_numbers
from smup_lib.present.tables import Column, is_null, render_facts, render_table

KEY = NumberKey("9002", "x", 2018)
FRAME = pd.DataFrame(
    {
        "name": ["Olszyn", "Brzezice <i>", "Lipnica"],
        "code": ["9002", "9003", "090301"],
        "year": [2018, 2018, 2018],
        "value": [1234.5, float("nan"), 0.0],
        "flag": ["ok", "missing_or_secret", "below_format"],
        "decimals": [1, 0, 2],
        "key": [KEY, KEY.of(unit="9003"), KEY.of(unit="090301")],
        "change": [1.25, -3.0, float("nan")],
    }
)
COLUMNS = [
    Column("name", "jednostka"),
    Column("code", "kod"),
    Column("year", "rok", "year"),
    Column("value", "dochód", "number", "zł", 1, flag="flag", key="key", decimals_from="decimals"),
    Column("change", "zmiana", "number", "p.proc.", 1, signed=True),
]


@pytest.fixture
def html() -> str:
    return render_table(FRAME, COLUMNS, "Dochody & wydatki", sortable=True, highlight=[0])


def test_headers_have_scopes_and_measure_units(html):
    assert html.count('scope="col"') == 5
    assert html.count('scope="row"') == 3
    assert "dochód [zł]</th>" in html and "zmiana [p.proc.]</th>" in html


def test_the_caption_names_the_scrolling_region(html):
    assert "Dochody &amp; wydatki</caption>" in html
    assert 'role="region" tabindex="0" aria-labelledby="t' in html


def test_numbers_are_polish_and_keep_their_keys(html):
    assert [(n.key.unit, n.value, n.text) for n in read_numbers(html)] == [
        ("9002", 1234.5, "1\u00a0234,5"),
        ("9003", None, "."),
        ("090301", 0.0, "0,00"),
    ]
    assert "+1,3" in html and "−3,0" in html


def test_codes_and_years_are_never_written_as_amounts(html):
    assert ">090301<" in html and ">2018<" in html


def test_nulls_have_a_sign_and_the_signs_a_legend(html):
    assert "<b>.</b> brak informacji lub tajemnica" in html
    assert "<b>–</b> brak danych" in html


def test_a_zero_below_format_says_so(html):
    assert "(poniżej dokładności zapisu)" in html


def test_texts_are_escaped(html):
    assert "<i>" not in html and "Brzezice &lt;i&gt;" in html


def test_a_whole_table_has_no_legend():
    assert "Znaki w tabeli" not in render_table(FRAME.iloc[:1], COLUMNS, "Dochody")


def test_unknown_columns_are_refused_with_what_there_is():
    with pytest.raises(SmupError, match="nie ma kolumn: brak") as caught:
        render_table(FRAME, [Column("brak", "x")], "Dochody")
    assert "change" in str(caught.value)


def test_a_share_can_be_printed_in_percent_with_its_exact_value():
    column = Column("value", "pozycja", "number", "%", key="key", scale=0.01)
    frame = pd.DataFrame({"name": ["a"], "value": [0.625], "key": [KEY]})
    (found,) = read_numbers(render_table(frame, [Column("name", "n"), column], "x"))
    assert (found.value, found.text) == (0.625, "63")


def test_sorting_sees_exact_values_and_knows_gaps(html):
    assert 'data-sort="1234.5"' in html and 'data-sort=""' in html


def test_facts_are_escaped_unless_ours():
    assert "&lt;b&gt;" in render_facts([("Rok", "<b>")])
    assert "<b>" in render_facts([("Rok", "<b>2018</b>")], trusted=True)


@pytest.mark.parametrize("value", [None, float("nan"), pd.NA, pd.NaT])
def test_every_null_is_a_null(value):
    assert is_null(value)
