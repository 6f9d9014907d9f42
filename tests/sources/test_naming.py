"""What decides the meaning of a column, and in which order."""

from __future__ import annotations

import pytest

from smup_lib.catalogue import load_catalogue
from smup_lib.errors import ParameterError
from smup_lib.sources.bdl_table import Series
from smup_lib.sources.naming import (
    Named,
    Unnamed,
    name_series,
    naming_command,
    parse_variable_option,
    subject_in_name,
)
from smup_lib.sources.sidecar import FileNote

AMOUNT = Series(("ogółem",), "zł")
DENSITY = Series(("ludność na 1 km2",), "osoba")
STADIUMS = Series(("stadiony", "ogółem"), "ob.")
HALLS = Series(("hale sportowe o wymiarach od 36x19 m", "ogółem"), "ob.")


def name(*series: Series, file: str = "plik.csv", note: FileNote | None = None, **options: str):
    return name_series(
        series,
        file_name=file,
        note=note or FileNote(),
        options=options.pop("options", {}),
        catalogue=load_catalogue(),
    )


@pytest.mark.parametrize(
    ("file", "subject"),
    [
        ("RYNE_1944_CTAB_20250616184618.csv", "P1944"),
        ("FINA_1535_CREL_20220930202358.csv", "P1535"),
        ("ryne_1944_ctab_20250616184618 (1).csv", "P1944"),
        ("kopia LUDN_2425_XTAB_20220211224427.xlsx", "P2425"),
        ("STAN_LUDNOSCI_2020.csv", None),
        ("1944.csv", None),
        ("Doctors.csv", None),
    ],
)
def test_subject_in_the_name_of_a_file(file, subject):
    assert subject_in_name(file) == subject


def test_a_header_alone_never_identifies():
    """Education and health expenditure of 2021 bear the same header."""
    ((unnamed,), _) = name(AMOUNT, file="Expenditure_on_health.csv")
    assert isinstance(unnamed, Unnamed)
    assert {"expenditure_education", "expenditure_health"} <= set(unnamed.candidates)


@pytest.mark.parametrize(
    ("file", "series", "candidates"),
    [
        ("Expenditure_on_health.csv", AMOUNT, ("expenditure_health", "expenditure_education")),
        ("wydatki na zdrowie.csv", AMOUNT, ("expenditure_health", "expenditure_education")),
        ("Feminine_index.csv", Series(("ogółem",), "osoba"), ("feminisation_ratio",)),
    ],
)
def test_the_name_of_the_file_orders_what_is_offered(file, series, candidates):
    ((unnamed,), _) = name(series, file=file)
    assert unnamed.candidates == candidates


def test_a_name_that_says_nothing_leaves_every_candidate():
    ((unnamed,), _) = name(AMOUNT, file="pobrane.csv")
    assert "avg_gross_wage" in unnamed.candidates


def test_the_subject_in_the_name_identifies():
    ((named,), _) = name(AMOUNT, file="FINA_1535_CTAB_20220930202358.csv")
    assert named == Named(AMOUNT, "expenditure_education", "bdl:P1535", "subject")


def test_distinctive_labels_identify_without_a_subject():
    ((named,), _) = name(DENSITY, file="gestosc.csv")
    assert named == Named(DENSITY, "population_density", "bdl:P2425", "catalogue")


def test_labels_are_compared_without_case_and_blanks():
    ((named,), _) = name(Series((" Ludność  na 1 km2 ",), "Osoba"))
    assert isinstance(named, Named)


def test_a_subject_the_catalogue_does_not_know_is_not_guessed():
    ((unnamed,), _) = name(DENSITY, file="LUDN_9999_CTAB_20220930202358.csv")
    assert isinstance(unnamed, Unnamed)
    assert "P9999" in unnamed.reason


def test_the_option_goes_before_the_sidecar_and_the_sidecar_before_the_name():
    file = "FINA_1535_CTAB_20220930202358.csv"
    note = FileNote(variable="expenditure_health")
    ((named,), _) = name(AMOUNT, file=file, note=note)
    assert (named.variable, named.decided_by) == ("expenditure_health", "sidecar")
    ((named,), _) = name(AMOUNT, file=file, note=note, options={"": "expenditure_total"})
    assert (named.variable, named.decided_by) == ("expenditure_total", "option")


def test_the_sidecar_may_tell_only_the_subject():
    ((named,), _) = name(AMOUNT, note=FileNote(subject="P1539"))
    assert named == Named(AMOUNT, "expenditure_health", "bdl:P1539", "sidecar")


def test_one_of_several_columns():
    options = {"stadiony; ogółem": "sports_stadiums"}
    (decided, _) = name(STADIUMS, HALLS, options=options)
    assert [one.variable for one in decided] == ["sports_stadiums", "sports_halls"]
    (decided, _) = name(STADIUMS, HALLS, note=FileNote(variables=options))
    assert [one.decided_by for one in decided] == ["sidecar", "catalogue"]


@pytest.mark.parametrize(
    ("series", "options", "said"),
    [
        ((AMOUNT,), {"": "wydatki_na_wszystko"}, "Słownik zmiennych"),
        ((AMOUNT,), {"": "expenditure_helth"}, "expenditure_health"),
        ((STADIUMS, HALLS), {"stadiony; ogółem": "sports_halls"}, "tę samą nazwę"),
        ((Series(("ogółem",), "tys. zł"),), {"": "expenditure_health"}, "tys. zł"),
    ],
)
def test_wrong_options(series, options, said):
    with pytest.raises(ParameterError, match=said):
        name(*series, options=options)


def test_another_unit_of_measure_is_a_doubt():
    (_, doubts) = name(Series(("ogółem",), "ha"), options={"": "expenditure_health"})
    assert "„ha”" in doubts[0]


def test_a_sidecar_that_names_no_column_is_a_doubt():
    (_, doubts) = name(DENSITY, note=FileNote(variables={"gęstość": "population_density"}))
    assert "gęstość" in doubts[0]


def test_options_are_parsed():
    assert parse_variable_option(None) == {}
    assert parse_variable_option(["a; b=x", "c=y"]) == {"a; b": "x", "c": "y"}
    for wrong in (["x", "y"], ["a="], [""]):
        with pytest.raises(ParameterError):
            parse_variable_option(wrong)


def test_the_command_that_names_is_exact():
    one = Unnamed(AMOUNT, "", ("expenditure_health",))
    assert naming_command("Wydatki 2021.csv", [one], 1).split() == (
        ["smup", "data", "import", "'Wydatki", "2021.csv'", "--variable", "expenditure_health"]
    )
    several = [Unnamed(STADIUMS, ""), Unnamed(HALLS, "", ("sports_halls",))]
    assert naming_command("s.csv", several, 3) == (
        "smup data import s.csv --variable 'stadiony; ogółem=ID_ZMIENNEJ'"
        " --variable 'hale sportowe o wymiarach od 36x19 m; ogółem=sports_halls'"
    )


WAGES = "Przeciętne miesięczne wynagrodzenia brutto"


def of_title(title: str, **options: str):
    ((decided,), _) = name_series(
        [AMOUNT],
        file_name="pobrane.csv",
        note=FileNote(),
        options=options,
        catalogue=load_catalogue(),
        title=title,
    )
    return decided


def test_the_title_in_the_file_decides_what_is_offered():
    assert of_title(WAGES).candidates == ("avg_gross_wage",)


def test_a_name_that_the_title_contradicts_is_refused():
    with pytest.raises(ParameterError, match=WAGES) as caught:
        of_title(WAGES, **{"": "expenditure_education"})
    assert "--variable avg_gross_wage" in str(caught.value.next_step)
    assert "import.yaml (title)" in str(caught.value.next_step)


@pytest.mark.parametrize("title", ["", "Podgrupa fikcyjna", "Wydatki budżetów powiatów"])
def test_a_title_that_contradicts_nothing_leaves_the_word_of_the_user(title):
    assert of_title(title, **{"": "expenditure_education"}).variable == "expenditure_education"
