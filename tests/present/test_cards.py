"""The card of an indicator: what limits its data is told once, whoever says it."""

from __future__ import annotations

import re

from smup_lib.catalogue import load_catalogue
from smup_lib.catalogue.entries import find_entry
from smup_lib.present.card_parts import card_text
from smup_lib.present.cards import (
    basis_text,
    card_facts,
    formula_text,
    indicator_card_text,
    whose_words,
)
from smup_lib.present.indicator_card import indicator_card


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


def test_two_cards_of_an_indicator_say_the_same_in_the_same_words() -> None:
    catalogue = load_catalogue()
    for indicator in catalogue.indicators.values():
        page = card_text(indicator_card(find_entry(catalogue, indicator.id), catalogue))
        for label, text in card_facts(indicator, catalogue):
            if label not in ("Obszar", "Usługa", "Wymiar", "Definicja", "Zastrzeżenia"):
                assert text in page if label == "Czyja definicja" else f"{label}: {text}" in page


def test_the_basis_of_data_is_true_of_method_and_unit() -> None:
    catalogue = load_catalogue()
    for one in catalogue.indicators.values():
        said = basis_text(one, catalogue)
        assert ("bez licznika" in said) is not bool(one.inputs.denominator or _own_way(one)), one.id
        assert ("udział" in said) is (one.method == "share")
        if re.match(r"zł/(?!zł)", one.measure_unit):
            assert said.startswith("kwota w przeliczeniu na jednostkę; dane: kwoty i ") or (
                one.provenance == "published"
            )


def test_a_small_multiplier_is_said_as_what_a_result_is_divided_by() -> None:
    catalogue = load_catalogue()
    told = {i.id: formula_text(i, catalogue) for i in catalogue.indicators.values()}
    assert told["expenditure_total_amount"].endswith("÷ 1\xa0000\xa0000")
    assert told["water_cost_per_m3"].endswith("÷ 1\xa0000")
    assert not [text for text in told.values() if text.endswith("× 0")]


def _own_way(one) -> bool:
    return one.method in ("change", "index") or one.measure_unit == "mln zł"


def test_a_formula_of_the_ministry_is_not_called_ours() -> None:
    catalogue = load_catalogue()
    whose = {i.definition_version: whose_words(i) for i in catalogue.indicators_of("finance")
             if i.provenance == "computed"}  # fmt: skip
    assert whose["MF-2024"].startswith("Wzór z metodyki Ministerstwa Finansów (edycja 2024).")
    assert whose["1"] == "To nasza rekonstrukcja, nie definicja SMUP."
    assert all("nie definicja SMUP" in w or "nie jest definicja SMUP" in w for w in whose.values())
