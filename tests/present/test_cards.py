"""The card of an indicator: what limits its data is told once, whoever says it."""

from __future__ import annotations

from smup_lib.catalogue import load_catalogue
from smup_lib.present.cards import card_facts, indicator_card_text


def test_a_card_tells_the_caveats_of_the_variables_too() -> None:
    catalogue = load_catalogue()
    indicator = catalogue.indicator("culture_event_participants_per_1k")
    of_variables = [
        caveat.text
        for name in indicator.variables_read
        for caveat in catalogue.variables[name].caveats
    ]
    told = indicator_card_text(indicator, catalogue)
    assert of_variables
    assert [told.count(text) for text in of_variables] == [1] * len(of_variables)


def test_a_card_beside_a_value_leaves_out_caveats_of_other_datasets() -> None:
    catalogue = load_catalogue()
    indicator = catalogue.indicator("population")
    said = [
        dict(card_facts(indicator, catalogue, sources)).get("Zastrzeżenia", "")
        for sources in (None, ["panel:long@0a1b2c3d"], ["sample:land@0a1b2c3d"])
    ]
    assert ["zaokrąglone do 10 osób" in text for text in said] == [True, True, False]
