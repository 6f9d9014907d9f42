"""What a verb is handed: one rule a name, all problems at once, no empty frame in silence."""

from __future__ import annotations

import inspect
from typing import Literal

import numpy as np
import pandas as pd
import pytest

import smup_lib as smup
from smup_lib.arguments import checked
from smup_lib.errors import (
    CatalogueError,
    IndicatorError,
    NoDataError,
    ParameterError,
    SmupError,
    UnitError,
    UnknownUnitError,
)

pytestmark = pytest.mark.usefixtures("sample_home")

MUSEUMS = "museum_visitors_per_10k"


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: smup.open_area("kultura", 1261, 2020), ParameterError, "traci zero z przodu"),
        (lambda: smup.open_area("kultura", "9002", "2018"), ParameterError, "bez cudzysłowu"),
        (lambda: smup.open_area("kultura", "9002", True), ParameterError, "liczba całkowita"),
        (lambda: smup.open_area("kultura", "9002", 2018.0), ParameterError, "liczba całkowita"),
        (lambda: smup.open_area("kultura", "9002", 3000), ParameterError, "od 1945 do 2100"),
        (lambda: smup.open_area("kultura", "9002", 2031), NoDataError, "2010–"),
        (lambda: smup.open_area("kultura", "", 2020), ParameterError, "niepusty tekst"),
        (lambda: smup.open_area("kultura", unit="9002"), ParameterError, "brak parametru „year”"),
        (
            lambda: smup.open_area("kultura", unit="9002", yaer=2020),
            ParameterError,
            "czy chodziło o: year",
        ),
        (lambda: smup.find_units("Brzezica", level="county"), UnitError, "Nie ma szczebla"),
        (lambda: smup.list_units("county"), UnitError, "województwo (voivodeship)"),
        (lambda: smup.list_units(voivodeship="Nibylandia"), UnknownUnitError, "Nibylandia"),
        (lambda: smup.list_peers("9002", "sąsiadki"), SmupError, "sąsiedzi (neighbours)"),
        (lambda: smup.import_files("a.csv"), ParameterError, "na przykład ['a.csv']"),
        (lambda: smup.compute_indicators(MUSEUMS, "powiat"), ParameterError, f"['{MUSEUMS}']"),
        (lambda: smup.compute_indicators([], "powiat"), ParameterError, "lista niepusta"),
        (lambda: smup.import_files(["x"], variable=5), ParameterError, "variable=5"),
        (lambda: smup.open_app("basic", query=5), ParameterError, "unit=9002&year=2022"),
        (lambda: smup.open_exercise("unit_code", "9002"), ParameterError, "open_area(...)"),
        (
            lambda: smup.compute_indicators([MUSEUMS], "powiat", unit_codes=[1261, "9002"]),
            ParameterError,
            "nie pasuje: 1261",
        ),
        (
            lambda: smup.compute_indicators([MUSEUMS], "powiat", years=["2020"]),
            ParameterError,
            "nie pasuje: '2020'",
        ),
        (
            lambda: smup.compute_indicators([MUSEUMS[:-1]], "powiat"),
            IndicatorError,
            f"czy chodziło o: {MUSEUMS}",
        ),
        (
            lambda: smup.compute_indicators([MUSEUMS], "powiat", unit_codes=["9098"]),
            UnknownUnitError,
            "9098",
        ),
        (
            lambda: smup.compute_indicators([MUSEUMS], "powiat", unit_codes=["900102"]),
            UnknownUnitError,
            "oznacza gminę, a potrzebna jest jednostka ze szczebla powiatów",
        ),
        (
            lambda: smup.compute_indicators([MUSEUMS], "powiat", years=[1999]),
            NoDataError,
            "lata z danymi: 2010–",
        ),
        (lambda: smup.load_observations("population", "powiat"), ParameterError, "['population']"),
        (lambda: smup.load_observations(["populaton"], "powiat"), CatalogueError, "population"),
        (
            lambda: smup.load_observations(["populaton"], "powiat"),
            CatalogueError,
            "smup data variables",
        ),
        (
            lambda: smup.load_observations(["ludność"], "powiat"),
            CatalogueError,
            "czy chodziło o: population",
        ),
        (lambda: smup.import_files([""]), ParameterError, "niepusty tekst"),
        (lambda: smup.load_snapshot(""), ParameterError, "niepusty tekst"),
        (lambda: smup.run_report("kultura", "9002", 2020, out="\0"), ParameterError, "out="),
        (lambda: smup.run_report("x" * 999 + ".ipynb", "9002", 2020), ParameterError, "notatnika"),
        (
            lambda: smup.load_observations(["population"], "powiat", years=[1999]),
            NoDataError,
            "lata z danymi",
        ),
    ],
)
def test_a_mistake_is_told_with_its_mending(call, error, said):
    with pytest.raises(error) as raised:
        call()
    assert said in str(raised.value)
    assert raised.value.expected or raised.value.problems
    assert raised.value.next_step


def test_everything_wrong_is_told_at_once():
    with pytest.raises(ParameterError) as raised:
        smup.open_area(area="", unit=1261, year="2018", level="county")
    assert len(raised.value.problems) == 4
    with pytest.raises(ParameterError) as raised:
        smup.compute_indicators(["a", "b"], "powiat", unit_codes=["9098", "Nibylandia"])
    assert len(raised.value.problems) == 4


def test_numbers_of_pandas_and_numpy_are_years():
    years = pd.Series([2020, 2021])
    frame = smup.compute_indicators([MUSEUMS], "powiat", years=years)
    assert set(frame["year"]) == {2020, 2021}
    assert smup.open_area("kultura", "9002", np.int64(2020)).assessment.year == 2020


def test_units_are_told_by_name_too_and_a_former_unit_keeps_its_values():
    by_name = smup.compute_indicators([MUSEUMS], "powiat", unit_codes=["powiat brzezicki"])
    assert set(by_name["unit_code"]) == {"9001"}
    changes = smup.load_snapshot().table("changes")
    merged = changes[changes["kind"] == "merge"].iloc[0]
    frame = smup.load_observations(["population"], "gmina", unit_codes=[merged["from_code"]])
    assert set(frame["unit_code"]) == {merged["from_code"]}


@pytest.mark.parametrize("name", smup.__all__)
def test_a_checked_verb_keeps_its_signature_and_manual(name):
    verb = getattr(smup, name)
    assert verb.__doc__
    assert "args" not in inspect.signature(verb).parameters


def test_values_that_an_annotation_lists_may_be_none_where_it_says_so():
    @checked
    def show(side: Literal["above", "below"] | None) -> str | None:
        return side

    assert (show("above"), show(None)) == ("above", None)
    with pytest.raises(ParameterError, match="'above' albo 'below' albo None"):
        show("beside")


@pytest.mark.parametrize("name", smup.__all__)
def test_every_parameter_of_every_verb_refuses_what_it_cannot_mean(name):
    verb = getattr(smup, name)
    wrong = {parameter: object() for parameter in inspect.signature(verb).parameters}
    if not wrong:
        return
    with pytest.raises(ParameterError) as raised:
        verb(**wrong)
    said = str(raised.value)
    assert [parameter for parameter in wrong if f"{parameter}=<object" not in said] == []


def test_every_reading_verb_takes_a_snapshot():
    current = smup.load_snapshot().id
    for read in (
        lambda s: smup.find_units("9002", snapshot=s),
        lambda s: smup.list_units("powiat", snapshot=s),
        lambda s: smup.list_neighbours("9002", snapshot=s),
        lambda s: smup.list_peers("9002", snapshot=s),
        lambda s: smup.compute_indicators([MUSEUMS], "powiat", snapshot=s),
        lambda s: smup.load_observations(["population"], "powiat", snapshot=s),
    ):
        assert not read(current[:8]).empty
        with pytest.raises(SmupError, match="ffff"):
            read("ffff")


def test_units_are_listed_in_the_order_of_the_alphabet():
    from smup_lib.polish_text import polish_order

    units = smup.list_units("gmina")
    names = units["name"].tolist()
    assert names == sorted(names, key=polish_order)
    assert names != sorted(names), "the sample has names with Polish letters"
    one = smup.list_units("powiat", voivodeship="wierzbogórskie")
    assert set(one["voivodeship"]) == {"wierzbogórskie"}
    assert len(smup.list_units()) == len(smup.list_units("powiat")) + len(units) + 3


@pytest.fixture(scope="module")
def views(sample_home_dir):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(sample_home_dir))
        return smup.open_area("kultura", "9002", 2022), smup.open_unit("9002", 2022)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda view: view.series(3), "indicator_ids=3"),
        (lambda view: view.map(MUSEUMS, None), "indicator_ids=None"),
        (lambda view: view.ranking(["a"]), "indicator_ids=['a']"),
        (lambda view: view.series(), "brak parametru „indicator_ids”"),
        (lambda view: view.series(indicator_ids=MUSEUMS), "bez nazwy"),
        (lambda view: view.ranking(MUSEUMS, among="group "), "'neighbours' albo 'group'"),
        (lambda view: view.service(3), "codes=3"),
        (lambda view: view.title(level=3), "1 albo 2"),
        (lambda view: view.title(2), "najwyżej 0, a jest 1"),
        (lambda view: view.dimensions(detailed="tak"), "True albo False"),
        (lambda view: view.dimensions(detialed=True), "czy chodziło o: detailed?"),
        (lambda view: view.summary(3), "najwyżej 0, a jest 1"),
    ],
)
def test_a_mistake_in_asking_a_view_is_told(views, call, said):
    with pytest.raises(ParameterError) as raised:
        call(views[0])
    assert said in str(raised.value)
    assert raised.value.next_step


def test_every_method_of_the_views_refuses_what_it_cannot_mean(views):
    asked = 0
    for view in views:
        methods = inspect.getmembers(type(view), inspect.isfunction)
        for name, method in methods:
            if name.startswith("_"):
                continue
            asked += 1
            wrong = [p for p in inspect.signature(method).parameters.values() if p.name != "self"]
            several = [object() for p in wrong if p.kind is p.VAR_POSITIONAL]
            named = {p.name: object() for p in wrong if p.kind is not p.VAR_POSITIONAL}
            with pytest.raises(ParameterError):
                getattr(view, name)(*several, **named or {"nieznany": 1})
    assert asked > 20


def test_land_powiaty_stand_apart_from_cities_in_their_voivodeship(sample_home):
    powiaty = smup.list_units(level="powiat")
    here = powiaty[powiaty["unit_code"].str.startswith("90")]
    land = set(here.loc[here["kind"] == "land_powiat", "unit_code"])
    assert len(land) > 8
    assert set(smup.list_peers("9002", "voivodeship")["unit_code"]) == land - {"9002"}
