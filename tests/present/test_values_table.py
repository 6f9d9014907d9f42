"""One table of all indicators: what limits a value stands below it, under its letter."""

from __future__ import annotations

import re

from smup_lib.present.values_table import render_values_table
from tests.conclude.builders import among_peers, assessed, rows
from tests.indicators.builders import indicator

NAN = float("nan")
TENS = [10.0, 20, 30, 40, 50, 60, 70, 80, 90, 100]
SAID = "GUS zaokrągla do 1 osoby."


def test_a_caveat_is_said_once_below_the_table_and_marked_in_each_row():
    entries = [indicator(id=name) for name in ("one", "two", "three")]
    values = [rows(entry.id, 2022, among_peers(5, TENS)) for entry in entries]
    caveats = {"one": (SAID,), "two": ("Inna.", SAID)}
    html = render_values_table(assessed(entries, values), caveats=caveats)
    table, _, below = html.partition("</table>")
    assert re.findall(r"uwag[ai] </span>([a-z, ]+)</sup>", table) == ["a", "b, a"]
    assert below.count(SAID) == 1
    assert f"<b>a</b> {SAID}" in below


def test_a_refused_value_says_why_beside_the_table():
    broken = {"year": 2022, "reason": "Od 2022 r. nowa podstawa bilansu."}
    entry = indicator(method="change", inputs={"numerator": ("accidents",)}, breaks=[broken])
    refused = rows(
        entry.id,
        2022,
        among_peers(NAN, [NAN] * 10),
        flag="not_applicable",
        qualifiers="across_break",
    )
    html = render_values_table(assessed([entry], [refused]))
    assert "Bez wartości: od 2022 r. nowa podstawa bilansu." in html
    assert ">x<" in html


def test_what_nobody_in_the_group_has_is_folded_below_the_table():
    entries = [indicator(id="known"), indicator(id="silent", name="Nikt tego nie ma")]
    values = [
        rows("known", 2022, among_peers(5, TENS)),
        rows("silent", 2022, among_peers(NAN, [NAN] * 10)),
    ]
    html = render_values_table(assessed(entries, values))
    table, _, below = html.partition("</table>")
    assert "Nikt tego nie ma" not in table
    assert "nie ma ani jednostka, ani jej grupa (1)" in below
    assert "<li>Nikt tego nie ma</li>" in below


def test_a_part_of_a_budget_that_is_not_the_whole_is_refused_with_the_reason():
    entry = indicator()
    lone = rows(entry.id, 2022, among_peers(NAN, TENS), flag="no_data", qualifiers="part_missing")
    (item,) = assessed([entry], [lone]).indicators
    assert item.status == "no_data"
    assert "żadna z nich nie jest całością" in (item.reason or "")
