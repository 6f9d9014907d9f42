"""Find a unit by what people type."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smup_lib.catalogue.changes import changes_frame
from smup_lib.errors import AmbiguousUnitError, UnitError, UnknownUnitError
from smup_lib.snapshots import load_snapshot
from smup_lib.units import (
    Register,
    find_candidates,
    find_unit,
    find_unit_with_context,
    load_register,
)
from smup_lib.units.name_index import load_name_index
from smup_lib.units.polish_forms import list_word_forms, split_words
from smup_lib.units.queries import parse_unit_query

# -- the fictional land ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("9061", "9061"),
        ("906101", "906101"),
        ("9061011", "906101"),
        ("9001022", "900102"),  # the kind it had until 2019
        ("90", "90"),
        ("00", "00"),
        ("miasto Lipów", "9061"),
        ("m. Lipów", "9061"),
        ("Lipów (1)", "9061"),
        ("gmina wiejska Lipów", "900101"),
        ("Lipów (2)", "900101"),
        ("Lipów – wiejska", "900101"),
        ("LIPÓW, gmina wiejska", "900101"),
        ("powiat lipowski", "9001"),
        ("powiatu lipowskiego", "9001"),
        ("pow. lipowski", "9001"),
        ("lipowskie", "90"),
        ("województwo lipowskie", "90"),
        ("Brzozów", "900102"),
        ("brzozow", "900102"),
        ("Brzozowa", "900102"),
        ("w Brzozowie", "900102"),
        ("Nowe Miasto nad Rzeką", "920106"),
        ("Nowego Miasta nad Rzeką", "920106"),
        ("Łąki", "920103"),
        ("Laki", "920104"),
        ("powiat brzeski, województwo sosnowskie", "9201"),
        ("powiat brzeski (lipowskie)", "9002"),
        ("gmina wiejska Jawor, powiat brzeski, woj. sosnowskie", "920102"),
        ("Dębno", "9262"),
        ("Zalesie Dolne", "900204"),
        ("900204 Zalesie Dolne", "900204"),
        ("gmina Brzozów – miejsko-wiejska (900102)", "900102"),
    ],
)
def test_one_unit_is_found(land: Register, text: str, code: str) -> None:
    assert find_unit(land, text).code == code


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Lipów", ["900101", "9061"]),
        ("Lipowie", ["900101", "9061"]),
        ("Jawor", ["900201", "900202", "920102"]),
        ("Zalesie", ["900203", "920101"]),
        ("powiat brzeski", ["9002", "9201"]),
        ("powiat Lipów", ["9061", "9001"]),
        ("lakach", ["920103", "920104"]),
        ("lipowskim", ["9001", "90"]),
    ],
)
def test_several_units_are_candidates_each_with_a_text_that_picks_it(
    land: Register, text: str, codes: list[str]
) -> None:
    with pytest.raises(AmbiguousUnitError) as caught:
        find_unit(land, text)
    candidates = caught.value.candidates
    assert [candidate.code for candidate in candidates] == codes
    for candidate in candidates:
        assert candidate.label in str(caught.value)
        assert find_unit(land, candidate.pick).code == candidate.code


@pytest.mark.parametrize(
    ("text", "level", "code"),
    [("Lipów", "powiat", "9061"), ("9061", "gmina", "906101"), ("906101", "powiat", "9061")],
)
def test_a_level_decides(land: Register, text: str, level: str, code: str) -> None:
    assert find_unit(land, text, level=level).code == code


def test_every_unit_of_every_year_is_picked_by_code_label_and_phrase(land: Register) -> None:
    for year in (2011, 2016, 2019, 2024):
        index = load_name_index(land, year)
        for code, unit in index.named.items():
            candidate = index.candidate(code)
            for text in (code, candidate.pick, *([candidate.label] if code != "00" else [])):
                assert find_unit(land, text, year=year).code == code, (year, unit, text)


@pytest.mark.parametrize(
    ("text", "said", "suggested"),
    [
        ("Brzezów", "Nie ma jednostki „Brzezów”", "900102"),
        ("gmina Debnow", "na szczeblu gmin", "926201"),
        ("powiat Zalesie", "na szczeblu powiatów", "900203"),
        ("Kłosowo", "istniała do 2016 r., od 2017 r.", "906101"),
        ("Kłosowa", "istniała do 2016 r., od 2017 r.", "906101"),
        ("900103", "Gmina 900103 (Kłosowo) istniała do 2016 r., od 2017 r.", "906101"),
        ("Mokre", "900201 (Jawor) i 900202 (Jawor)", "900201"),
        ("900203 4", "miasto w gminie miejsko-wiejskiej", "900203"),
        ("9061029", "Lipów-Śródmieście", "9061"),
        ("Lipów-Śródmieście", "delegatura", "9061"),
        ("900209", "nie zna jednostki", "900201"),
        ("miejsko-wiejska Łąki", "z podanym rodzajem", "920103"),
    ],
)
def test_no_unit_is_found_and_a_suggestion_is_made(
    land: Register, text: str, said: str, suggested: str
) -> None:
    with pytest.raises(UnknownUnitError) as caught:
        find_unit(land, text)
    assert said in caught.value.what
    assert suggested in [candidate.code for candidate in caught.value.suggestions]
    assert caught.value.next_step


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Nie podano jednostki"),
        ("  „” ", "Nie podano jednostki"),
        ("9001021", "Ostatnia cyfra kodu"),
        ("9061 Brzozów", "wskazują różne jednostki"),
        ("99", "nie jest kodem"),
    ],
)
def test_contradictions_are_told(land: Register, text: str, said: str) -> None:
    with pytest.raises(UnitError) as caught:
        find_unit(land, text)
    assert said in caught.value.what


def test_a_code_of_another_level_is_told(land: Register) -> None:
    with pytest.raises(UnknownUnitError, match="oznacza powiat"):
        find_unit(land, "9001", level="gmina")


def test_a_year_opens_the_past(land: Register) -> None:
    assert find_unit(land, "Kłosowo", year=2016).code == "900103"
    assert find_unit(land, "900205", year=2018).name == "Mokre"
    assert find_unit(land, "Stare Błota", year=2021).code == "900104"
    assert find_unit(land, "Dębno", year=2017).code == "920105"
    with pytest.raises(UnknownUnitError, match="istnieje od 2021"):
        find_unit(land, "Zalesie Dolne", year=2019)


def test_a_former_name_leads_to_the_present_one(land: Register) -> None:
    lookup = find_unit_with_context(land, "Starych Błot")
    assert (lookup.unit.code, lookup.how) == ("900104", "former_name")
    assert "Nowe Błota" in lookup.note


def test_a_city_mentions_the_powiat_named_after_it(land: Register) -> None:
    lookup = find_unit_with_context(land, "miasto Lipów")
    assert [candidate.code for candidate in lookup.also] == ["9001", "900101"]


def test_candidates_as_a_table(land: Register) -> None:
    frame = find_candidates(land, "Jawor")
    assert frame["unit_code"].tolist() == ["900201", "900202", "920102"]
    assert frame["kind_pl"].tolist() == ["gmina miejska", "gmina wiejska", "gmina wiejska"]
    assert find_candidates(land, "Brzezów")["unit_code"].tolist()[0] == "900102"
    ended = find_candidates(land, "900103")
    assert ended["unit_code"].tolist() == ["906101"]
    assert "istniała do 2016 r." in ended["note"].iloc[0]
    assert find_candidates(land, "m. Lipów")["unit_code"].tolist() == ["9061", "9001", "900101"]
    with pytest.raises(UnknownUnitError):
        find_candidates(land, "Qqqq")


def test_why_a_name_has_no_unit_today_stands_beside_the_candidates(land: Register) -> None:
    assert "istniała do 2016 r." in find_candidates(land, "Kłosowo").attrs["why"]
    assert find_candidates(land, "Brzezów").attrs["why"] == ""


@pytest.mark.parametrize("ask", [find_unit, Register.unit])
def test_instead_of_an_ended_unit_its_heir_or_its_years_are_advised(land: Register, ask) -> None:
    with pytest.raises(UnknownUnitError) as caught:
        ask(land, "900103", year=2024)
    assert caught.value.next_step == "podaj kod 906101 albo rok nie późniejszy niż 2016"
    assert ask(land, "900103", year=2016).code == "900103"


def test_before_a_unit_began_the_code_of_that_time_is_advised(land: Register) -> None:
    code, first = next(iter(sorted(land.history.first_years.items())))
    before = [c for c in land.history.predecessors(code) if land.exists(c, first - 1)]
    with pytest.raises(UnknownUnitError) as caught:
        land.unit(code, first - 1)
    assert str(caught.value.next_step).endswith(f"albo rok od {first}")
    assert before
    assert all(c in str(caught.value.next_step) for c in before)


def test_a_gmina_brings_the_powiat_named_after_it(land: Register) -> None:
    assert find_candidates(land, "Lipów")["unit_code"].tolist() == ["900101", "9061", "9001"]


def test_a_whole_word_of_a_name_and_a_city_go_first() -> None:
    units = [
        ("90", "voivodeship", "voivodeship", "lipowskie"),
        ("9001", "powiat", "land_powiat", "lipowski"),
        ("900101", "gmina", "rural", "Dąbrowa Zielona"),
        ("900102", "gmina", "urban", "Zielonka"),
        ("9061", "powiat", "city_with_powiat_rights", "Zielona Góra"),
        ("906101", "gmina", "urban", "Zielona Góra"),
    ]
    frame = pd.DataFrame(units, columns=["unit_code", "level", "kind", "name"])
    dated = frame.assign(name_extra="", state_date="2024-01-01", terc7="", source="test@0")
    register = Register(dated, changes_frame([]))
    found = find_candidates(register, "zielona")["unit_code"].tolist()
    assert found == ["9061", "900101", "900102"]


def test_a_real_name_is_told_that_this_land_is_fictional(land: Register) -> None:
    for text in ("Kielce", "2661"):
        with pytest.raises(UnknownUnitError, match="jednostki są fikcyjne"):
            find_unit(land, text)


def test_a_code_of_the_sample_is_called_so_over_real_data() -> None:
    fixed = {"unit_code": "300101", "level": "gmina", "kind": "rural", "name": "Brzezie"}
    rows = [{**fixed, "name_extra": "", "state_date": "2024-01-01", "source": "test"}]
    register = Register(pd.DataFrame(rows), changes_frame([]))
    with pytest.raises(UnknownUnitError, match=r"z krainy przykładowej.*parametr unit"):
        find_unit(register, "9002")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=30))
def test_any_text_gives_a_unit_or_an_error_of_ours(land: Register, text: str) -> None:
    try:
        unit = find_unit(land, text)
    except UnitError:
        return
    assert land.exists(unit.code)


def test_the_sample_land_picks_every_unit_of_its_own(sample_home: Path) -> None:
    register = load_register(load_snapshot())
    index = load_name_index(register)
    for code in index.named:
        assert find_unit(register, index.candidate(code).pick).code == code


# -- words and queries -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("Kielce", "Kielc Kielcom Kielcami Kielcach"),
        ("Kraków", "Krakowa Krakowowi Krakowem Krakowie"),
        ("Łódź", "Łodzi Łodzią"),
        ("Białystok", "Białegostoku Białymstokiem Białymstoku"),
        ("Wrocław", "Wrocławia Wrocławiowi Wrocławiem Wrocławiu"),
        ("Bolesławiec", "Bolesławca Bolesławcu Bolesławcem"),
        ("Włocławek", "Włocławka Włocławku Włocławkiem"),
        ("Ostrołęka", "Ostrołęki Ostrołęce"),
        ("Góra", "Góry Górze"),
        ("Ruda", "Rudy Rudzie"),
        ("Siedlce", "Siedlec Siedlcach"),
        ("Suwałki", "Suwałk Suwałkach"),
        ("Opole", "Opola Opolu Opolem"),
        ("Sopot", "Sopotu Sopocie"),
        ("Zakopane", "Zakopanego Zakopanem"),
        ("Grodzisko", "Grodziska Grodzisku"),
        ("Krosno", "Krosna Krośnie"),
        ("Gdynia", "Gdyni"),
        ("kielecki", "kieleckiego kieleckiemu kieleckim"),
        ("łódzkie", "łódzkiego łódzkim"),
        ("nowy", "nowego nowym"),
        ("górna", "górnej"),
    ],
)
def test_forms_of_words(word: str, forms: str) -> None:
    folded = split_words(word)[0]
    missing = [
        form for form in forms.split() if split_words(form)[0] not in list_word_forms(folded)
    ]
    assert missing == []
    assert folded not in list_word_forms(folded)


@given(st.text(alphabet="abcdefghijklmnoprstuwyz", min_size=1, max_size=20))
def test_forms_are_few_and_never_empty_words(word: str) -> None:
    forms = list_word_forms(word)
    assert len(forms) <= 60
    assert all(len(form) > 1 for form in forms)


def test_a_label_reads_as_its_code() -> None:
    query = parse_unit_query("gmina Ostrowice – wiejska (320304), do 2018 r.")
    assert (query.code, query.shortest.words, query.shortest.kinds) == (
        "320304",
        ("ostrowice",),
        {"rural"},
    )


def test_words_of_a_kind_may_be_part_of_a_name() -> None:
    readings = [reading.words for reading in parse_unit_query("gmina Miejska Górka").readings]
    assert readings == [("gmina", "miejska", "gorka"), ("miejska", "gorka"), ("gorka",)]
    assert ("dobre", "miasto") in [r.words for r in parse_unit_query("Dobre Miasto").readings]


# -- the country -----------------------------------------------------------------------------------


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Kielce", "2661"),
        ("Kielcach", "2661"),
        ("Krakowa", "1261"),
        ("powiatu kieleckiego", "2604"),
        ("kielecki", "2604"),
        ("m. Kielce", "2661"),
        ("gmina Kielce", "266101"),
        ("Wroclaw", "0264"),
        ("w Łodzi", "1061"),
        ("Białegostoku", "2061"),
        ("Bielsku-Białej", "2461"),
        ("Jastrzębiu-Zdroju", "2467"),
        ("m.st. Warszawa", "1465"),
        ("Zielona Góra", "0862"),
        ("Dąbrowa, powiat opolski", "160902"),
        ("Dąbrowa (opolskie)", "160902"),
        ("powiat opolski, lubelskie", "0612"),
        ("Dobrego Miasta", "281403"),
        ("Ostrowca Świętokrzyskiego", "260701"),
        ("gmina wiejska Słupsk", "221208"),
        ("Słupsk", "2263"),
        ("Redzikowo", "221208"),
        ("Powiat m. Wałbrzych od 2013", "0265"),
        ("mazowieckim", "14"),
        ("0408022", "040802"),
    ],
)
def test_units_of_the_country(poland: Register, text: str, code: str) -> None:
    assert find_unit(poland, text).code == code


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Bolesławiec", ["020101", "020102", "101801"]),
        ("gmina Dąbrowa", ["040901", "160902"]),
        ("Rybno", ["142806", "280306"]),
        ("opolski", ["0612", "1609"]),
        ("powiat Kielce", ["2661", "2604"]),
    ],
)
def test_ambiguous_names_of_the_country(poland: Register, text: str, codes: list[str]) -> None:
    with pytest.raises(AmbiguousUnitError) as caught:
        find_unit(poland, text)
    assert [candidate.code for candidate in caught.value.candidates] == codes


@pytest.mark.real_data
def test_a_whole_word_of_a_name_goes_before_names_that_are_only_like_it(poland: Register) -> None:
    found = find_candidates(poland, "zielona")["unit_code"].tolist()
    assert found[:2] == ["0862", "240402"]


def test_sejny_offers_the_powiat_named_after_it(poland: Register) -> None:
    assert find_candidates(poland, "sejny")["unit_code"].tolist() == ["200901", "200905", "2009"]


def test_a_city_that_shares_its_name_offers_the_powiat_named_after_it(
    poland: Register,
) -> None:
    assert "2814" in find_candidates(poland, "olsztyn")["unit_code"].tolist()


def test_wałbrzych_before_it_was_a_city_is_led_to_the_powiat_of_that_time(poland: Register) -> None:
    with pytest.raises(UnknownUnitError) as caught:
        find_unit(poland, "0265", year=2012)
    assert caught.value.next_step == "podaj kod 0221 albo rok od 2013"


def test_kielce_mentions_powiat_kielecki(poland: Register) -> None:
    lookup = find_unit_with_context(poland, "Kielce")
    assert [candidate.code for candidate in lookup.also] == ["2604"]


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("080910", "istniała do 2014 r., od 2015 r. ten obszar jest w: 086201"),
        ("Ostrowice", "320302 (Drawsko Pomorskie) i 320306 (Złocieniec)"),
        ("022109", "od 2013 r. ten obszar jest w: 026501"),
        ("Mokotów", "dzielnica"),
        ("201011", "gmina Bolesławiec – miejska (020101)"),
        ("Krakuf", "Kraków"),
        ("Wrocałw", "Wrocław"),
    ],
)
def test_explanations_of_the_country(poland: Register, text: str, said: str) -> None:
    with pytest.raises(UnknownUnitError) as caught:
        find_unit(poland, text)
    assert said in caught.value.what


@pytest.mark.real_data
def test_every_unit_of_the_country_is_picked_by_its_phrase(poland: Register) -> None:
    index = load_name_index(poland)
    wrong = [
        (code, index.candidate(code).pick)
        for code in index.named
        if find_unit(poland, index.candidate(code).pick).code != code
    ]
    assert wrong == []
