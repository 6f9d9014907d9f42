"""Every rule of the catalogue: a small clean one keeps it, a broken one is told where and what."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smup_lib.catalogue import rules
from smup_lib.catalogue.loader import CATALOGUE_DIR, read_draft
from smup_lib.catalogue.problems import Fault, Problem
from smup_lib.catalogue.rules import (
    areas,
    circumstances,
    formula,
    judgement,
    links,
    publishers,
    texts,
    variables,
)
from tests.catalogue.small import SmallCatalogue, published, variable

Break = Callable[[SmallCatalogue], Any]


def problems_of(small: SmallCatalogue, folder: Path) -> list[Problem]:
    return read_draft(small.write(folder))[1]


def on(name: str, /, **changes: Any) -> Break:
    """Return what sets keys of an indicator; a value of None removes the key."""

    def change(small: SmallCatalogue) -> None:
        entry = small.indicator(name)
        entry.update(changes)
        for key in [key for key, value in changes.items() if value is None]:
            del entry[key]

    return change


def budget(name: str, /, **position: Any) -> Break:
    """Return what makes a variable a position of a budget return."""
    return lambda small: small.variable(name).update(budget=position)


def needs(*variables: str, **more: Any) -> dict[str, Any]:
    """Return the needs of a cost, each with a reason."""
    sound = {"makes": "dearer", "reason": "Bo jest dalej."}
    return {"needs": [sound | {"variable": name} | more for name in variables]}


def frontier(inputs: str, outputs: str, reason: str = "Za pieniądze dostaje się światło.") -> Break:
    """Return what sets a frontier of the only service."""
    factors = {"inputs": [inputs], "outputs": [outputs], "reason": reason}
    return lambda small: small.service.update(frontier=factors)


def test_needs_and_a_frontier_that_are_sound_are_let_in(tmp_path: Path) -> None:
    small = SmallCatalogue()
    on("cost_a_road", **needs("density", "wage"))(small)
    frontier("cost_a_road", "lit_share")(small)
    assert problems_of(small, tmp_path) == []


def test_the_small_catalogue_keeps_every_rule(tmp_path: Path) -> None:
    assert problems_of(SmallCatalogue(), tmp_path) == []


def test_the_shipped_catalogue_keeps_every_rule() -> None:
    draft, problems = read_draft(CATALOGUE_DIR)
    assert [str(problem) for problem in problems] == []
    assert len(draft.indicators) > 100


REVIEWED = ["a", "recenzent-kierunku"]
LOWER = {"direction": "lower", "reason": "Mniej ofiar.", "signed_by": REVIEWED}
JUDGED = {"interpretation": "Mniej znaczy bezpieczniej.", "minimum_gap": 1, "polarity": LOWER}
CASES: list[tuple[Callable[..., Any], Break, str, str, str]] = [
    # rule, what is broken, entry, key, told
    (judgement.role_fits_the_area, on("lit_share", role="finance"),
     "lit_share", "role", "rola nie pasuje do obszaru"),
    (judgement.service_and_dimension_follow_the_role, on("crossings_a_road", dimension=None),
     "crossings_a_road", "dimension", "musi mieć wymiar"),
    (judgement.service_and_dimension_follow_the_role, on("lit_share", service=None),
     "lit_share", "service", "musi należeć do usługi"),
    (judgement.service_is_listed, on("lit_share", service="DRO-1"),
     "lit_share", "service", "czy chodziło o: DRO-01?"),
    (judgement.direction_has_a_reason,
     on("lit_share", polarity={"direction": "higher", "signed_by": ["a", "b"]}),
     "lit_share", "polarity.reason", "wymaga uzasadnienia"),
    (judgement.direction_has_a_reason, on("lit_share", minimum_gap=None),
     "lit_share", "minimum_gap", "liczba w jednostce „%”"),
    (judgement.neutral_is_not_signed,
     on("crossings_a_road", polarity={"signed_by": ["a"]}),
     "crossings_a_road", "polarity.signed_by", "nie ma uzasadnienia ani podpisów"),
    (judgement.one_person_signs_once,
     on("lit_share", polarity=LOWER | {"signed_by": ["a", "a"]}),
     "lit_share", "polarity.signed_by", "dwie różne osoby"),
    (judgement.target_has_a_value, on("lit_share", polarity=LOWER | {"direction": "target"}),
     "lit_share", "polarity.target", "muszą iść w parze"),
    (judgement.context_is_never_judged,
     on("lit_share", role="contextual", dimension=None),
     "lit_share", "polarity", "kontekstowy nie jest oceniany"),
    (judgement.money_is_two_sided, on("cost_a_road", polarity=LOWER, minimum_gap=1),
     "cost_a_road", "polarity", "{direction: neutral, judge: two_sided}"),
    (judgement.two_sided_is_neutral, on("lit_share", polarity=LOWER | {"judge": "two_sided"}),
     "lit_share", "polarity.judge", "tylko dla kierunku neutral"),
    (judgement.interpretation_says_whether_it_is_judged,
     on("crossings_a_road", interpretation="Pokazuje liczbę przejść."),
     "crossings_a_road", "interpretation", "mówi, dlaczego go nie oceniamy"),
    (judgement.interpretation_says_whether_it_is_judged,
     on("lit_share", interpretation="Wskaźnik nie jest oceniany."),
     "lit_share", "interpretation", "a ma on kierunek"),
    (judgement.interpretation_says_whether_it_is_judged,
     on("cost_a_road", interpretation="Koszt nie jest oceniany."),
     "cost_a_road", "interpretation", "tak samo warte sprawdzenia"),
    (judgement.pair_is_of_quality_or_access,
     lambda small: (small.area["services"].append(small.service | {"code": "DRO-02"}),
                    on("crossings_a_road", service="DRO-02")(small)),
     "cost_a_road", "paired_with", "jest z innej usługi"),
    (judgement.pair_is_of_quality_or_access, on("crossings_a_road", dimension="quantity"),
     "cost_a_road", "paired_with", "nie mówi o jakości ani dostępności"),
    (judgement.pair_is_of_quality_or_access,
     on("crossings_a_road", data_basis="money_ratio",
        inputs={"numerator": ["spending"], "denominator": ["roads"]}),
     "cost_a_road", "paired_with", "sam jest wskaźnikiem pieniężnym"),
    (judgement.pair_is_of_quality_or_access,
     lambda small: (on("crossings_a_road", levels=["gmina"])(small),
                    on("cost_a_road", levels=["powiat"])(small)),
     "cost_a_road", "paired_with", "nie ma wspólnego szczebla"),
    (judgement.cost_has_a_pair, on("cost_a_road", paired_with=None),
     "cost_a_road", "paired_with", "koszt bez pary"),
    (formula.inputs_are_known,
     on("crossings_a_road", inputs={"numerator": ["crosings"], "denominator": ["roads"]}),
     "crossings_a_road", "inputs", "czy chodziło o: crossings"),
    (formula.levels_are_covered,
     on("crossings_a_road", inputs={"numerator": ["bridges_km"], "denominator": ["roads"]}),
     "crossings_a_road", "levels", "nie jest dostępna na szczeblu: gmina"),
    (formula.method_has_its_inputs, on("crossings_a_road", inputs={"numerator": ["crossings"]}),
     "crossings_a_road", "inputs", "wymaga inputs.denominator"),
    (formula.method_has_its_inputs, on("crossings_a_road", method="amount"),
     "crossings_a_road", "inputs", "nie używa inputs.denominator"),
    (formula.base_year_is_of_an_index, on("crossings_a_road", base_year=2019),
     "crossings_a_road", "base_year", "muszą iść w parze"),
    (formula.published_is_the_variable_itself, on("accidents_rate", provenance="computed"),
     "accidents_rate", "provenance", "muszą iść w parze"),
    (formula.published_is_the_variable_itself, on("accidents_rate", data_basis="mean"),
     "accidents_rate", "data_basis", "nie ma licznika ani mianownika"),
    (formula.published_is_the_variable_itself, on("accidents_rate", inputs={"value": "density"}),
     "accidents_rate", "id", "nosi nazwę swojej zmiennej"),
    (formula.published_is_the_variable_itself, on("accidents_rate", multiplier=100),
     "accidents_rate", "multiplier", "wartości ogłoszonej nie mnożymy"),
    (formula.rare_events_are_of_a_published_rate, on("accidents_rate", **JUDGED),
     "accidents_rate", "rare_events", "rare_events: {exposure: population, per: 100000}"),
    (formula.rare_events_are_of_a_published_rate,
     on("lit_share", rare_events={"exposure": "population", "per": 100}),
     "lit_share", "rare_events", "obliczone mają licznik"),
    (formula.rare_events_are_of_a_published_rate,
     on("accidents_rate", rare_events={"exposure": "population", "per": 1000}),
     "accidents_rate", "rare_events.per", "nie pasuje do jednostki miary"),
    (formula.data_basis_fits_the_inputs,
     on("lit_share", inputs={"numerator": ["bridges_km"], "denominator": ["roads"]}),
     "lit_share", "data_basis", "bridges_km (length)"),
    (formula.data_basis_fits_the_inputs, on("crossings_a_road", data_basis="money_ratio"),
     "crossings_a_road", "data_basis", "ma w liczniku kwoty"),
    (formula.data_basis_fits_the_inputs, on("cost_a_road", data_basis="mean"),
     "cost_a_road", "data_basis", "to wskaźnik pieniężny"),
    (formula.data_basis_fits_the_inputs,
     on("crossings_a_road", inputs={"numerator": ["density"], "denominator": ["roads"]}),
     "crossings_a_road", "data_basis", "nie wolno sumować"),
    (formula.multiplier_fits_the_measure_unit, on("lit_share", multiplier=1),
     "lit_share", "multiplier", "oczekiwano: 100\n"),
    (formula.multiplier_fits_the_measure_unit,
     on("crossings_a_road", measure_unit="szt./10 tys. km²"),
     "crossings_a_road", "multiplier", "oczekiwano: 10000\n"),
    (formula.smallest_gap_can_be_seen, on("lit_share", minimum_gap=0.01),
     "lit_share", "minimum_gap", "takiej różnicy nie widać"),
    (formula.exclusion_has_a_reason, on("lit_share", applies_to=["land_powiat"]),
     "lit_share", "not_applicable_reason", "muszą iść w parze"),
    (formula.official_ids_are_of_published, on("lit_share", official_ids={"smup": [16]}),
     "lit_share", "official_ids", "nie ma urzędowego identyfikatora"),
    (formula.what_is_compared_can_be_converted,
     on("lit_share", compared_with_smup=[{"id": 16, "measure_unit": "zł"}]),
     "lit_share", "compared_with_smup[0].measure_unit", "nie da się przeliczyć"),
    (links.named_indicators_exist, on("lit_share", related=["crossings_a_raod"]),
     "lit_share", "related", "czy chodziło o: crossings_a_road"),
    (links.named_indicators_exist, on("lit_share", related=["lit_share"]),
     "lit_share", "related", "wskazuje sam siebie"),
    (links.related_points_back, on("lit_share", related=["crossings_a_road"]),
     "lit_share", "related", "dopisz lit_share do related wskaźnika crossings_a_road"),
    (links.twin_says_the_same, on("accidents_rate_computed", dimension="quantity"),
     "accidents_rate_computed", "dimension", "bliźniak ma inne dimension"),
    (links.twin_says_the_same,
     lambda small: (small.variables.append(variable("extra_rate", kind="rate")),
                    small.area["indicators"].append(
                        published("extra_rate", "quality", twin_of="accidents_rate_computed"))),
     "extra_rate", "twin_of", "sam jest bliźniakiem"),
    (links.twin_says_the_same, on("accidents_rate_computed", levels=["gmina"]),
     "accidents_rate_computed", "levels", "nie ma wspólnego szczebla"),
    (links.twin_says_the_same, on("accidents_rate_computed", **JUDGED),
     "accidents_rate_computed", "polarity", "oceniany inaczej"),
    (links.twin_says_the_same,
     lambda small: (on("accidents_rate_computed", related=None)(small),
                    on("accidents_rate", related=None)(small)),
     "accidents_rate_computed", "related", "bliźniak nie wskazuje"),
    (links.computed_double_is_a_twin, on("accidents_rate_computed", twin_of=None),
     "accidents_rate_computed", "twin_of", "jest jego bliźniakiem"),
    (texts.indicator_speaks_in_sentences, on("lit_share", limits="Nie mówi o liczbie"),
     "lit_share", "limits", "kończyć się kropką"),
    (texts.indicator_speaks_in_sentences, on("lit_share", limits="Uwaga! Mało danych."),
     "lit_share", "limits", "wykrzyknik"),
    (texts.indicator_speaks_in_sentences, on("lit_share", limits="Mało  danych."),
     "lit_share", "limits", "dwie spacje"),
    (texts.indicator_speaks_in_sentences, on("lit_share", limits="..."),
     "lit_share", "limits", "tekst nic nie mówi"),
    (texts.indicator_speaks_in_sentences, on("lit_share", name="Oświetlenie."),
     "lit_share", "name", "nazwa nie jest zdaniem"),
    (texts.indicator_speaks_in_sentences, on("lit_share", short_name="x" * 51),
     "lit_share", "short_name", "51 znaków"),
    (texts.indicator_speaks_in_sentences, on("lit_share", caveats=[{"text": "bez kropki"}]),
     "lit_share", "caveats[1].text", "kończyć się kropką"),
    (texts.published_names_its_publisher, on("accidents_rate", definition="Wypadki."),
     "accidents_rate", "definition", "kto ogłosił"),
    (texts.published_names_its_publisher,
     on("lit_share", definition="Wartość ogłoszona przez GUS."),
     "lit_share", "definition", "a wskaźnik jest obliczony"),
    (texts.nothing_claims_to_be_of_smup, on("lit_share", limits="Tak liczy SMUP."),
     "lit_share", "limits", "nie może powoływać się na SMUP"),
    (texts.area_speaks_in_sentences,
     lambda small: small.area.update(description="Lista usług z portalu."),
     "roads_transport", "description", "naszą rekonstrukcją"),
    (texts.area_speaks_in_sentences,
     lambda small: small.service.update(description="Zadanie gminy"),
     "roads_transport", "services[DRO-01].description", "kończyć się kropką"),
    (areas.indicators_name_their_area, on("lit_share", area="environment"),
     "roads_transport", "indicators[lit_share].area", "w pliku innego obszaru"),
    (areas.names_are_told_apart, on("lit_share", name="Wskaźnik cost_a_road"),
     "roads_transport", "indicators.name", "powtarza się: 2 razy"),
    (areas.names_are_told_apart, lambda small: small.area["services"].append(small.service),
     "roads_transport", "services.code", "kod „DRO-01” powtarza się"),
    (areas.key_numbers_are_of_the_area,
     lambda small: small.area.update(key_numbers=["lit_share", "lit_shore"]),
     "roads_transport", "key_numbers", "czy chodziło o: lit_share?"),
    (areas.key_numbers_are_of_the_area,
     lambda small: small.area.update(key_numbers=["lit_share", "lit_share"]),
     "roads_transport", "key_numbers", "powtarza się: 2 razy"),
    (areas.similarity_uses_no_outcome, lambda small: small.area["context"].pop(),
     "roads_transport", "context", "co najmniej 3"),
    (areas.similarity_uses_no_outcome, lambda small: small.area["context"].append("waga"),
     "roads_transport", "context", "czy chodziło o: wage?"),
    (areas.similarity_uses_no_outcome, lambda small: small.area["context"].append("accidents"),
     "roads_transport", "context", "jest wynikiem tego obszaru"),
    (areas.similarity_uses_no_outcome, lambda small: small.area["context"].append("spending"),
     "roads_transport", "context", "to wydatki"),
    (areas.every_dimension_is_shown, lambda small: small.gap.update(levels=["gmina"]),
     "roads_transport", "services[DRO-01]", "brak wymiaru quantity na szczeblu: powiat"),
    (areas.gaps_are_told, lambda small: small.gap.update(reason="Nie ma we wczytanych plikach."),
     "roads_transport", "services[DRO-01].gaps[1].reason", "zależy od tego, co ktoś wczytał"),
    (areas.gaps_are_told, lambda small: small.gap.update(source="GUS"),
     "roads_transport", "services[DRO-01].gaps[1].source", "kończyć się kropką"),
    (areas.gaps_are_told, lambda small: small.gap.pop("dimension"),
     "roads_transport", "services[DRO-01].gaps[1].dimension", "w obszarach, które mają wymiary"),
    (areas.gaps_are_told, lambda small: small.gap["levels"].append("country"),
     "roads_transport", "services[DRO-01].gaps[1].levels", "którego usługa nie ma"),
    (variables.only_amounts_are_additive,
     lambda small: small.variable("density").update(additive=True),
     "density", "additive", "nie można sumować"),
    (variables.values_a_head_break_at_the_census,
     lambda small: small.variable("population").pop("breaks"),
     "population", "breaks", "przerwę w szeregu po spisie"),
    (variables.a_city_is_one_unit,
     lambda small: small.variable("roads").update(same_in_city=True, levels=["powiat"]),
     "roads", "levels", "dwa kody tylko na szczeblu gminy i powiatu"),
    (variables.a_city_is_one_unit,
     lambda small: small.variable("roads").update(powiat_part="crosings"),
     "roads", "powiat_part", "czy chodziło o: crossings"),
    (variables.a_city_is_one_unit,
     lambda small: small.variable("roads").update(powiat_part="density"),
     "roads", "powiat_part", "nie można dodać"),
    (variables.a_city_is_one_unit,
     lambda small: small.variable("roads").update(powiat_part="crossings", same_in_city=True),
     "roads", "same_in_city", "usuń jeden z kluczy"),
    (variables.a_city_is_one_unit,
     lambda small: small.variable("roads").update(city_as_gmina=True, same_in_city=True),
     "roads", "same_in_city", "albo tylko w gminie"),
    (variables.a_budget_of_both_levels_says_where_cities_stand,
     budget("spending", report="Rb-28S", columns=["ww"]),
     "spending", "city_as_gmina", "jeden budżet miasta"),
    (formula.looking_back_knows_its_breaks,
     on("lit_share", method="change", inputs={"numerator": ["population"]}),
     "lit_share", "breaks", "zmienna „population” ma przerwę w szeregu: 2020"),
    (judgement.the_second_signature_is_independent,
     on("lit_share", polarity=LOWER | {"signed_by": ["autorka", "autor"]}),
     "lit_share", "polarity.signed_by", "niezależnego recenzenta"),
    (links.caveats_are_said_once,
     lambda small: [entry.update(caveats=[{"text": "Bez placów."}])
                    for entry in (small.variable("roads"), small.indicator("cost_a_road"))],
     "cost_a_road", "caveats[1]", "mówi już zmienna „roads”"),
    (formula.method_has_its_inputs,
     on("accidents_rate", inputs={"value": "accidents_rate", "denominator_minus": ["roads"]}),
     "accidents_rate", "inputs", "nie używa inputs.denominator_minus"),
    (formula.exclusion_has_a_reason,
     on("crossings_a_road", inputs={"numerator": ["crossings"], "denominator": ["roads"],
                                    "denominator_minus": ["accidents"]}),
     "crossings_a_road", "not_applicable_reason", "denominator_minus"),
    (formula.multiplier_fits_the_measure_unit,
     on("lit_share", method="amount", inputs={"numerator": ["lit_percent"]}, data_basis="index"),
     "lit_share", "multiplier", "oczekiwano: 1\n"),
    (areas.gaps_speak_of_what_is_not_recognised,
     lambda small: (small.gap.update(dimension="quality", reason="Program nie rozpoznaje dróg."),
                    [v.update(official_table="wykaz urzędu") for v in small.variables]),
     "roads_transport", "services[DRO-01].gaps[1].reason", "wszystko, czego potrzebują: lit_share"),
    (areas.gaps_are_told, lambda small: small.gap.update(indicators=["lit_share"]),
     "roads_transport", "services[DRO-01].gaps[1].indicators", "każdy wskaźnik tego wymiaru"),
    (areas.gaps_are_told, lambda small: small.gap.update(indicators=["dragons"]),
     "roads_transport", "services[DRO-01].gaps[1].indicators", "tej samej grupy"),
    (variables.what_comes_in_is_collected,
     lambda small: small.variable("roads").update(collected_by="unit"),
     "roads", "collected_by", "wspólne dla wszystkich"),
    (variables.a_position_fits_its_return, budget("roads", report="Rb-28S", columns=["ww"]),
     "roads", "kind", "jest kwotą"),
    (variables.a_position_fits_its_return,
     budget("spending", report="Rb-27S", columns=["dw"], groups=["14"]),
     "spending", "budget.groups", "Rb-27S nie ma takiego podziału"),
    (variables.a_position_fits_its_return,
     budget("spending", report="Rb-27S", columns=["dw"], scope="capital"),
     "spending", "budget.scope", "Rb-27S nie ma takiego podziału"),
    (variables.a_position_fits_its_return,
     budget("spending", report="Rb-Z", columns=["z"], chapters=["60016"], symbols=["E"]),
     "spending", "budget.divisions", "Rb-Z nie ma takiego podziału"),
    (variables.a_position_fits_its_return, budget("spending", report="Rb-NDS", columns=["w"]),
     "spending", "budget.symbols", "nic nie znaczy"),
    (variables.a_position_fits_its_return,
     budget("spending", report="Rb-28S", columns=["pl", "ww"]),
     "spending", "budget.columns", "planu nie dodaje się"),
    (variables.an_area_is_the_same_in_a_city,
     budget("spending", report="Rb-28S", columns=["ww"], powiat="area"),
     "spending", "same_in_city", "jego jeden budżet"),
    (variables.an_area_is_the_same_in_a_city,
     lambda small: (budget("spending", report="Rb-28S", columns=["ww"], powiat="area")(small),
                    small.variable("spending").update(levels=["gmina"])),
     "spending", "budget.powiat", "szczebel powiatu"),
    (variables.distinctive_labels_tell_the_column,
     lambda small: small.variable("roads").update(
         bdl=[{"labels": ["Ogółem"], "measure_unit": "szt.", "distinctive": True}]),
     "roads", "bdl.distinctive", "takie etykiety ma wiele tabel"),
    (variables.unknown_labels_have_a_number,
     lambda small: small.variable("roads").update(bdl=[{"labels": [], "measure_unit": "km"}]),
     "roads", "bdl", "ani etykiet, ani numeru"),
    (variables.columns_are_told_apart,
     lambda small: small.variable("crossings").update(bdl=small.variable("roads")["bdl"]),
     "roads", "bdl", "kolumna należy już do „crossings”"),
    (variables.aliases_are_told_apart,
     lambda small: small.variable("roads").update(aliases=["LUD"]),
     "roads", "aliases", "alias „LUD” należy już do „population”"),
    (variables.alias_faults, on("lit_share", aliases=["X-1"]),
     "accidents_rate_computed", "aliases", "należy już do „lit_share”"),
    (texts.variable_speaks_plainly,
     lambda small: small.variable("roads").update(label="Drogi."),
     "roads", "label", "nazwa nie jest zdaniem"),
    (texts.years_said_incomparable_are_not_compared,
     lambda small: small.variable("roads").update(
         caveats=[{"text": "Starszych liczb nie można porównywać z nowszymi."}]),
     "roads", "caveats[1]", "across_years: false"),
    (texts.years_said_incomparable_are_not_compared,
     on("lit_share", caveats=[{"text": "Porównuje się jednostki, a nie lata."}]),
     "lit_share", "caveats[1]", "breaks z rokiem zmiany"),
    (formula.years_are_compared_as_inputs_allow,
     lambda small: small.variable("crossings_lit").update(across_years=False),
     "lit_share", "across_years", "lat zmiennej „crossings_lit” nie wolno porównywać"),
    (circumstances.needs_explain_a_cost, on("lit_share", **needs("density")),
     "lit_share", "needs", "warunki tłumaczą tylko koszt"),
    (circumstances.needs_explain_a_cost,
     on("cost_a_road", **needs("density", "wage", "population", "accidents_rate")),
     "cost_a_road", "needs", "za dużo warunków"),
    (circumstances.needs_explain_a_cost, on("cost_a_road", **needs("density", "density")),
     "cost_a_road", "needs", "powtarza się"),
    (circumstances.needs_explain_a_cost, on("cost_a_road", **needs("density", reason="Tak jest")),
     "cost_a_road", "needs[density].reason", "kończyć się kropką"),
    (circumstances.needs_are_circumstances, on("cost_a_road", **needs("densitty")),
     "cost_a_road", "needs[densitty].variable", "nie ma zmiennej"),
    (circumstances.needs_are_circumstances, on("cost_a_road", **needs("roads")),
     "cost_a_road", "needs[roads].variable", "częścią samego kosztu"),
    (circumstances.needs_are_circumstances, on("cost_a_road", **needs("spending")),
     "cost_a_road", "needs[spending].variable", "pieniądze, a nie warunki"),
    (circumstances.needs_are_circumstances,
     on("cost_a_road", levels=["gmina"], **needs("bridges_km")),
     "cost_a_road", "needs[bridges_km].variable", "wspólnego szczebla"),
    (circumstances.frontiers_have_quality, frontier("cost_a_road", "crossings_a_road"),
     "roads_transport", "services[DRO-01].frontier.outputs", "nie jest ilorazem"),
    (circumstances.frontiers_have_quality, frontier("cost_a_road", "accidents_rate_computed"),
     "roads_transport", "services[DRO-01].frontier.outputs", "nie ma uzgodnionego kierunku"),
    (circumstances.frontiers_have_quality,
     lambda small: (frontier("cost_a_road", "lit_share")(small),
                    on("lit_share", dimension="quantity")(small)),
     "roads_transport", "services[DRO-01].frontier.outputs", "nie ma jakości"),
    (circumstances.frontiers_have_quality, frontier("lit_share", "lit_share"),
     "roads_transport", "services[DRO-01].frontier.inputs", "nie jest kosztem"),
    (circumstances.frontiers_have_quality, frontier("cost_a_road", "nobody"),
     "roads_transport", "services[DRO-01].frontier.outputs", "usługa nie ma wskaźnika"),
    (circumstances.frontiers_have_quality,
     lambda small: (frontier("cost_a_road", "lit_share")(small),
                    on("cost_a_road", levels=["powiat"])(small),
                    on("lit_share", levels=["gmina"])(small)),
     "roads_transport", "services[DRO-01].frontier.inputs", "wspólnego szczebla"),
    (circumstances.frontiers_have_quality, frontier("cost_a_road", "lit_share", "Tak jest"),
     "roads_transport", "services[DRO-01].frontier.reason", "kończyć się kropką"),
    (publishers.datasets_end_with_a_colon,
     lambda small: small.publishers[0].update(datasets=["sample"]),
     "sample", "datasets", "kończyć się dwukropkiem"),
    (publishers.datasets_have_one_publisher,
     lambda small: small.publishers[1].update(datasets=["sample:"]),
     "own", "datasets", "należy już do „sample”"),
    (texts.publisher_is_credited,
     lambda small: small.publishers[0].update(credit="Dane przykładowe"),
     "sample", "credit", "kończyć się kropką"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("broken", "entry", "key", "told"),
    [case[1:] for case in CASES],
    ids=[f"{case[0].__name__}-{number}" for number, case in enumerate(CASES)],
)
def test_a_broken_rule_is_told_where_it_is(
    tmp_path: Path, broken: Break, entry: str, key: str, told: str
) -> None:
    small = SmallCatalogue()
    broken(small)
    problems = problems_of(small, tmp_path)
    here = [str(p) + "\n" for p in problems if (p.entry, p.key) == (entry, key)]
    assert any(told in text for text in here), [str(p) for p in problems]


def test_every_rule_is_broken_by_a_case() -> None:
    modules = [module for _, module in inspect.getmembers(rules, inspect.ismodule)]
    written = {
        function
        for module in modules
        for _, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and "Fault" in str(inspect.signature(function).return_annotation)
        and not function.__name__.startswith("_")
        and next(iter(inspect.signature(function).parameters)) == "draft"
    }
    untested = {f.__name__ for f in written} - {case[0].__name__ for case in CASES}
    assert untested == {"group_without_dimensions_is_not_empty"}  # the test below breaks it


def test_a_group_of_finance_holds_indicators_and_has_no_dimension(tmp_path: Path) -> None:
    small = SmallCatalogue()
    small.area["id"] = "finance"
    small.area["indicators"] = []
    del small.gap["dimension"]
    assert [p.what for p in problems_of(small, tmp_path / "a")] == [
        "grupa nie ma żadnego wskaźnika"
    ]
    small.area["indicators"] = [
        entry | {"area": "finance", "role": "finance"}
        for entry in SmallCatalogue().area["indicators"]
    ]
    told = {p.key: p.what for p in problems_of(small, tmp_path / "b")}
    assert told["dimension"] == "obszar finance nie ma wymiarów"


def test_a_cost_of_a_service_without_quality_and_access_needs_no_pair(tmp_path: Path) -> None:
    """Where a service has neither, its gaps say so; money is no company for money."""
    small = SmallCatalogue()
    small.area["indicators"] = [small.indicator("cost_a_road")]
    del small.indicator("cost_a_road")["paired_with"]
    gaps = [small.gap | {"dimension": d} for d in ("quantity", "quality", "accessibility")]
    small.service["gaps"] = gaps
    assert problems_of(small, tmp_path) == []


def test_hectares_become_square_metres(tmp_path: Path) -> None:
    small = SmallCatalogue()
    small.variables.append(variable("parks_ha", "ha", "area"))
    on(
        "crossings_a_road",
        inputs={"numerator": ["parks_ha"], "denominator": ["roads"]},
        measure_unit="m²/szt.",
        multiplier=10000,
    )(small)
    assert problems_of(small, tmp_path) == []


def test_what_stands_below_is_converted_too(tmp_path: Path) -> None:
    """Money a cubic metre from an input in dam³: a thousandth."""
    small = SmallCatalogue()
    small.variables.append(variable("water", "dam³", "mass"))
    small.indicator("cost_a_road")["inputs"]["denominator"] = ["water"]
    on("cost_a_road", measure_unit="zł/m³", multiplier=0.001)(small)
    assert problems_of(small, tmp_path) == []


def test_broken_entries_do_not_make_others_seem_wrong(tmp_path: Path) -> None:
    """A reference to an entry with a fault of its own is not a second fault."""
    small = SmallCatalogue()
    small.variable("crossings")["kind"] = "liczba"
    del small.indicator("accidents_rate")["decimals"]
    small.indicator("cost_a_road")["multiplier"] = 7
    found = {(p.entry, p.key) for p in problems_of(small, tmp_path)}
    assert found == {
        ("crossings", "kind"),
        ("accidents_rate", "decimals"),
        ("cost_a_road", "multiplier"),
    }


def test_a_problem_is_told_in_lines_and_to_machines() -> None:
    problem = Problem("a.yaml", "x", *Fault("key", "co", "to", "tamto", "zrób"))
    assert str(problem).splitlines() == [
        "a.yaml: x: key: co",
        "      oczekiwano: to",
        "      jest: tamto",
        "      co zrobić: zrób",
    ]
    assert problem.as_dict() == {
        "file": "a.yaml", "entry": "x", "key": "key", "what": "co", "where": "a.yaml: x: key",
        "expected": "to", "found": "tamto", "next_step": "zrób",
    }  # fmt: skip


def test_units_said_incomparable_need_no_break(tmp_path: Path) -> None:
    """What may not be compared between tasks or kinds of units may be over the years."""
    small = SmallCatalogue()
    text = "Wskaźników na etat z różnych usług nie wolno sumować ani porównywać ze sobą."
    small.variable("roads").update(caveats=[{"text": text}])
    assert problems_of(small, tmp_path) == []
