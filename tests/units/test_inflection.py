"""Names of units in sentences: certain forms, and a way around where none is certain."""

from __future__ import annotations

import re

import pytest

from smup_lib.units.inflection import CASES, inflect_adjective, say_unit, say_where
from smup_lib.units.labels import Named
from smup_lib.units.town_names import inflect_town


def powiat(name: str) -> Named:
    return Named("9001", "powiat", "land_powiat", name)


def city(name: str) -> Named:
    return Named("9061", "powiat", "city_with_powiat_rights", name)


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("cisogórski", "cisogórskiego cisogórskiemu cisogórski cisogórskim cisogórskim"),
        ("zagajnicki", "zagajnickiego zagajnickiemu zagajnicki zagajnickim zagajnickim"),
        ("łąkodzki", "łąkodzkiego łąkodzkiemu łąkodzki łąkodzkim łąkodzkim"),
        ("mroźny", "mroźnego mroźnemu mroźny mroźnym mroźnym"),
        ("zachodni", "zachodniego zachodniemu zachodni zachodnim zachodnim"),
        ("nowy", "nowego nowemu nowy nowym nowym"),
        ("wierzbogórskie", "wierzbogórskiego wierzbogórskiemu wierzbogórskie wierzbogórskim "
         "wierzbogórskim"),
    ],
)  # fmt: skip
def test_an_adjective_takes_the_endings_of_its_noun(name, forms):
    assert [inflect_adjective(name, case) for case in CASES] == [name, *forms.split()]


def test_of_a_compound_the_last_part_is_inflected_and_of_several_words_each():
    assert say_where(powiat("kalinogórsko-rokitnicki")) == "w powiecie kalinogórsko-rokitnickim"
    assert say_unit(powiat("brzezicki wschodni"), "genitive") == "powiatu brzezickiego wschodniego"


@pytest.mark.parametrize(
    "name",
    ["Łęgobór", "Zimna Struga", "krasnybór", "powiat", "cisogórski Łęg", "śląska", "", "x2ki"],
)
def test_what_is_no_adjective_is_not_inflected_as_one(name):
    assert all(inflect_adjective(name, case) is None for case in CASES)
    assert say_unit(powiat(name), "locative") == f"powiecie o nazwie {name}"


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("Łódź", "w Łodzi"),
        ("Wrocław", "we Wrocławiu"),
        ("Włocławek", "we Włocławku"),
        ("Wałbrzych", "w Wałbrzychu"),
        ("Warszawa", "w Warszawie"),
        ("Bielsko-Biała", "w Bielsku-Białej"),
        ("Jastrzębie-Zdrój", "w Jastrzębiu-Zdroju"),
        ("Zielona Góra", "w Zielonej Górze"),
        ("Nowy Sącz", "w Nowym Sączu"),
        ("Piekary Śląskie", "w Piekarach Śląskich"),
        ("Tychy", "w Tychach"),
        ("Białystok", "w Białymstoku"),
        ("Zimna Struga", "w Zimnej Strudze"),
    ],
)
def test_a_city_is_inflected_by_the_dictionary(name, where):
    assert say_where(city(name)) == where


@pytest.mark.parametrize(
    "name",
    [
        "Łęgobór",  # in no dictionary
        "Nadolsza Zdrój",  # one word of two
        "Góra Kalwaria",  # two nouns without a hyphen: which of them is inflected?
        "Zimny Struga",  # the adjective does not agree
        "Struga-",
        " ",
        "Kraków 2",
    ],
)
def test_a_city_that_no_dictionary_vouches_for_keeps_its_name(name):
    assert [inflect_town(name, case) for case in CASES] == [name, *[None] * 5]
    assert say_where(city(name)) == f"w mieście na prawach powiatu {name}"
    assert say_unit(city(name), "genitive") == f"miasta na prawach powiatu {name}"


@pytest.mark.parametrize("name", ["Chełm", "Tychy", "Tarnobrzeg"])
def test_of_two_forms_in_use_none_is_chosen(name):
    assert inflect_town(name, "genitive") is None
    assert inflect_town(name, "locative")


def test_a_gmina_keeps_its_name_and_the_adjective_agrees():
    rural = Named("900102", "gmina", "rural", "Jałowiec Cisogórski")
    mixed = Named("900103", "gmina", "urban_rural", "Łęg")
    assert say_where(rural) == "w gminie Jałowiec Cisogórski"
    assert say_where(rural, with_kind=True) == "w gminie wiejskiej Jałowiec Cisogórski"
    assert [say_unit(mixed, case, with_kind=True) for case in CASES] == [
        "gmina miejsko-wiejska Łęg",
        "gminy miejsko-wiejskiej Łęg",
        "gminie miejsko-wiejskiej Łęg",
        "gminę miejsko-wiejską Łęg",
        "gminą miejsko-wiejską Łęg",
        "gminie miejsko-wiejskiej Łęg",
    ]
    assert say_where(Named("900104", "gmina", None, "Łęg"), with_kind=True) == "w gminie Łęg"


def test_every_other_level_can_be_said_too():
    assert say_where(Named("90", "voivodeship", "voivodeship", "wierzbogórskie")) == (
        "w województwie wierzbogórskim"
    )
    assert say_where(Named("00", "country", "country", "Polska")) == "w Polsce"
    land = Named("00", "country", "country", "Kraina przykładowa")
    assert say_unit(land, "genitive") == "Krainy przykładowej"
    assert say_where(land._replace(name="Łęgoland")) == "w kraju o nazwie Łęgoland"
    town = Named("9001034", "part", "town_part", "Łęg")
    assert say_where(town) == "w jednostce o nazwie Łęg (miasto w gminie miejsko-wiejskiej)"


@pytest.mark.parametrize("case", CASES)
def test_every_unit_of_the_fictional_land_is_said_in_every_case(land, case):
    for code in land.timelines:
        unit = land.unit(code)
        said = say_unit(unit, case, with_kind=True)
        assert said == " ".join(said.split())
        # the name itself, or an inflection of it that begins alike
        assert unit.name in said or said.split()[-1][:4] == unit.name.split()[-1][:4]


#: The cities with powiat rights, read by a person: sound changes differ from name to name.
CITIES_WHERE = """
w Jeleniej Górze, w Legnicy, we Wrocławiu, w Wałbrzychu, w Bydgoszczy, w Grudziądzu, w Toruniu,
we Włocławku, w Białej Podlaskiej, w Chełmie, w Lublinie, w Zamościu, w Gorzowie Wielkopolskim,
w Zielonej Górze, w Łodzi, w Piotrkowie Trybunalskim, w Skierniewicach, w Krakowie, w Nowym Sączu,
w Tarnowie, w Ostrołęce, w Płocku, w Radomiu, w Siedlcach, w Warszawie, w Opolu, w Krośnie,
w Przemyślu, w Rzeszowie, w Tarnobrzegu, w Białymstoku, w Łomży, w Suwałkach, w Gdańsku, w Gdyni,
w Słupsku, w Sopocie, w Bielsku-Białej, w Bytomiu, w Chorzowie, w Częstochowie,
w Dąbrowie Górniczej, w Gliwicach, w Jastrzębiu-Zdroju, w Jaworznie, w Katowicach, w Mysłowicach,
w Piekarach Śląskich, w Rudzie Śląskiej, w Rybniku, w Siemianowicach Śląskich, w Sosnowcu,
w Świętochłowicach, w Tychach, w Zabrzu, w Żorach, w Kielcach, w Elblągu, w Olsztynie, w Kaliszu,
w Koninie, w Lesznie, w Poznaniu, w Koszalinie, w Szczecinie, w Świnoujściu
"""


def test_every_city_of_the_official_register_is_inflected(poland):
    cities = [unit for unit in powiaty(poland) if unit.kind == "city_with_powiat_rights"]
    assert [say_where(unit) for unit in cities] == re.split(r",\s+", CITIES_WHERE.strip())
    uninflected = {
        (unit.name, case) for unit in cities for case in CASES if not inflect_town(unit.name, case)
    }
    assert uninflected == {(name, "genitive") for name in ("Chełm", "Tarnobrzeg", "Tychy")}


def test_every_powiat_and_voivodeship_of_the_official_register_is_an_adjective(poland):
    named = [
        unit
        for unit in (*powiaty(poland), *map(poland.unit, poland.codes("voivodeship", 2026)))
        if unit.kind != "city_with_powiat_rights"
    ]
    assert len(named) == 314 + 16
    assert not [unit.name for unit in named if inflect_adjective(unit.name, "locative") is None]
    endings = {re.sub(r".*(?=....$)", "", say_where(unit)) for unit in named}
    assert endings == {"ckim", "dnim", "skim", "zkim"}


def powiaty(register):
    return [register.unit(code) for code in register.codes("powiat", 2026)]
