"""The advanced app without a browser: choice, link, tabs, remarks, and the numbers of the table."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import ipywidgets as widgets
import pytest

from smup_lib.apps.advanced.app import AdvancedApp
from smup_lib.apps.advanced.link import ADVANCED_FIELDS, LONGEST, MOST_PAIRS
from smup_lib.apps.advanced.map_tab import CLUSTERS, _listed, map_of
from smup_lib.apps.advanced.table_data import read_numbers
from smup_lib.apps.parts.link import read_fields
from smup_lib.apps.parts.sharing import SHARED
from smup_lib.present.words import SAMPLE_LAND
from smup_lib.reports.selection.clusters import Clusters, _classes

QUERY = "i=population,unemployed_per_1k&u=powiaty&y=2018-2020&unit=9002"
LINK = re.compile(r'href="\?([^"]*)"')
#: The one remark that all powiaty together always have.
CITIES = re.compile("<p>(?=Wśród wybranych są miasta na prawach powiatu)")
DATA = re.compile(r'class="smup-grid-data">(.*?)</script>', re.DOTALL)


def pieces(widget: widgets.Widget) -> Iterator[str]:
    """Yield the markup of every HTML widget that is on the page."""
    if isinstance(widget, widgets.HTML):
        yield widget.value
    for child in getattr(widget, "children", ()):
        yield from pieces(child)


def page(widget: Any) -> str:
    return "".join(pieces(widget))


def query_of(app: AdvancedApp) -> str:
    (query,) = LINK.findall(app.address.value)
    return unescape(query)


def table_of(app: AdvancedApp) -> dict[str, Any]:
    (text,) = DATA.findall(page(app.table))
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.fixture(scope="module")
def opened(workspace) -> AdvancedApp:
    """An app that no test changes."""
    return AdvancedApp(workspace, QUERY)


def test_a_link_opens_its_view(opened, workspace):
    assert CITIES.findall(opened.notes.value) == re.findall("<p>", opened.notes.value)
    assert SAMPLE_LAND in page(opened)
    powiats = workspace.register.codes("powiat", 2020)
    assert f"<strong>{len(powiats)}" in opened.bar.value
    assert "2 wskaźniki, 2018–2020 r." in opened.bar.value.replace("\xa0", " ")
    data = table_of(opened)
    assert sorted(data["codes"]) == sorted(powiats)
    assert data["years"] == [2018, 2019, 2020]
    assert [one["id"] for one in data["indicators"]] == ["population", "unemployed_per_1k"]
    assert data["own"] == ["9002"]


def test_the_numbers_of_the_table_are_those_of_the_library(opened, workspace):
    from smup_lib.reports.values import load_values

    data = table_of(opened)
    frame = load_values(workspace, ["unemployed_per_1k"], "powiat", None, [2019])
    expected = frame.set_index("unit_code")["value"]
    found = read_numbers(data["values"][1][1])
    assert len(found) == len(data["codes"])
    for code, value in zip(data["codes"], found, strict=True):
        # exactly: nothing is rounded on the way
        assert value == expected[code] or (value != value and expected[code] != expected[code])


def test_the_shown_link_leads_to_the_same_view(opened, workspace):
    again = AdvancedApp(workspace, query_of(opened))
    assert again.link == opened.link
    assert table_of(again) == table_of(opened)
    assert again.chosen.data_hash == opened.chosen.data_hash


def test_units_stand_in_the_order_of_the_polish_alphabet(opened):
    from smup_lib.polish_text import polish_order

    names = table_of(opened)["names"]
    assert names == sorted(names, key=polish_order)


@pytest.mark.parametrize("view", ["wykresy", "mapa", "ustalenia", "zapis"])
def test_a_tab_is_filled_only_when_it_is_opened(workspace, view):
    app = AdvancedApp(workspace, QUERY)
    assert app.panels[view].children == ()
    app.look(v=view)
    assert app.link["v"] == view
    assert 'class="smup-error"' not in page(app.content)
    assert app.panels[view].children == (app.parts[view],)


def test_what_the_map_of_clusters_colours_is_listed_by_name(workspace):
    app = AdvancedApp(workspace, QUERY + "&v=zapis")
    chart = map_of(app.parts["zapis"]._selection, "population", 2020, CLUSTERS).chart
    codes = chart.cells["unit_code"]
    places = {codes[0]: 4, codes[1]: 4, codes[2]: 2, codes[3]: 0}
    told = _listed(chart, Clusters(_classes(), places, (), 3))
    names = dict(zip(codes, chart.cells["name"], strict=True))
    assert "<summary>Jednostki w skupiskach, z nazwy (3)</summary>" in told
    assert f"<b>niska wśród wysokich (1)</b>: {names[codes[2]]}." in told
    assert "<b>wysoka wśród wysokich (2)</b>" in told and names[codes[3]] not in told
    assert _listed(chart, Clusters(_classes(), {}, (), 0)) == ""


def test_files_come_before_what_they_say_of_themselves(workspace):
    app = AdvancedApp(workspace, QUERY + "&v=zapis")
    tab = app.parts["zapis"]
    assert tab.children.index(tab.saver) < tab.children.index(tab.facts)
    assert tab.facts.value.startswith("<details") and "Skrót danych" in tab.facts.value


@pytest.mark.parametrize("kind", ["rozklad", "lata", "dwa", "profil", "kolejnosc"])
def test_every_kind_of_chart_has_its_table_and_its_help(workspace, kind):
    query = (
        f"i=unemployed_per_1k,debt_per_capita&u=powiaty&y=2019-2020&unit=9002&v=wykresy&c={kind}"
    )
    app = AdvancedApp(workspace, query)
    assert CITIES.findall(app.notes.value) == re.findall("<p>", app.notes.value)
    told = page(app.content)
    assert 'class="smup-error"' not in told
    if kind == "profil":  # of the background
        assert "nie mają wymiarów. Wybierz wskaźnik usługi." in told
    else:
        drawn = "Jak to czytać?" in told and "Tabela do wykresu" in told
        assert drawn or "smup-empty" in told


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("i=nie_ma,population&u=powiaty&y=2020", "Nie ma wskaźnika „nie_ma”"),
        ("i=population&u=9002,9999&y=2020", "9999"),
        ("i=population&u=9002&y=1950", "1950"),
        ("i=population&u=9002&y=2020&unit=qqqq", "qqqq"),
        ("i=population&u=9002,900102&y=2020", "szczebl"),
        ("i=population&u=9002&y=2020&g=zzz", "zzz"),
        ("i=population&u=9002&y=2020&v=inny", "niezrozumiałą wartość: widok"),
        ("i=population&u=9002&y=2020&f=nie_ma", ""),
        ("i=population&u=@niema,9002&y=2020", "niema"),
    ],
)
def test_what_a_link_cannot_have_is_said_and_the_rest_is_shown(workspace, query, told):
    app = AdvancedApp(workspace, query)
    assert told in app.notes.value
    app.look(v="wykresy")
    app.look(v="tabela")
    assert "9002" in table_of(app)["codes"]
    assert "Traceback" not in page(app)


@pytest.mark.parametrize(
    "query",
    [
        "i=<script>alert(1)</script>&u=9002",
        "u=%22onload%3D%22x&i=population",
        "i=population&u=" + "1" * 10_000,
        "%ff%fe=%00",
        "i=../../etc/passwd&u=../x",
        "&".join(f"a{n}=1" for n in range(100)),
    ],
)
def test_a_hostile_link_opens_the_first_page(workspace, query):
    app = AdvancedApp(workspace, query)
    assert app.link == {}
    assert "Pokaż wyniki" in app.ask.description
    assert not any(bad in page(app) for bad in ("alert(1)", "onload", "\x00", "passwd"))


def test_choosing_by_hand(workspace):
    app = AdvancedApp(workspace, "")
    assert app.link == {}
    app.steps.indicators.text.value = "bezrobotni"
    app.steps.indicators.offers.children[0].click()
    assert len(app.steps.indicators.chosen) == 1
    app.steps.units.search.field.value = "lego"
    next(b for b in app.steps.units.search.candidates.children if "9063" in b.description).click()
    assert app.steps.units.terms == ("9063",)
    app.steps.units.way.value = "group"
    app.steps.units.rule.value = "neighbours"
    app.steps.units.group_of.field.value = "9002"
    app.steps.units.group_of.candidates.children[0].click()
    assert app.steps.units.terms == ("9063", "neighbours@9002")
    app.steps.first.value, app.steps.last.value = 2020, 2018
    app.ask.click()
    assert app.link["y"] == "2018-2020"
    assert {"9063", "9002"} < set(table_of(app)["codes"])
    assert "smup-away" in app.choosing._dom_classes

    app.steps.units.chips.children[0].click()
    assert "sprzed zmiany" in app.pending.value
    app.ask.click()
    assert app.link["u"] == "neighbours@9002"


def test_a_pasted_list_keeps_what_means_no_unit_with_the_reason(workspace):
    app = AdvancedApp(workspace, "")
    units = app.steps.units
    units.way.value = "list"
    units.pasted.value = "9002\nŁęgowiec\n\nqqqqqq\n9063; 9002"
    units._body.children[-1].click()
    assert units.terms == ("9002", "9063")
    assert units.pasted.value == "qqqqqq"
    assert "qqqqqq" in units.status.value


def test_how_the_table_stands_is_part_of_the_link(workspace):
    app = AdvancedApp(workspace, QUERY)
    app.table.told.value = "s=-population@2019&q=olsz&r=population@2019:10:2e&p=9002&w=wide&x=1"
    assert app.link["s"] == "-population@2019"
    assert "r" not in app.link, "what the page tells is checked as a link is"
    again = AdvancedApp(workspace, query_of(app))
    state = table_of(again)["state"]
    assert (state["sort"], state["text"], state["pins"]) == ("-population@2019", "olsz", ["9002"])


def test_an_error_in_one_tab_leaves_the_others(workspace, monkeypatch):
    from smup_lib.apps.advanced import table_tab

    def broken(*_: object, **__: object) -> str:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(table_tab, "write_table_data", broken)
    app = AdvancedApp(workspace, QUERY)
    assert "Tabela: tej części nie udało się przygotować" in page(app.content)
    assert "secret detail" not in page(app)
    app.look(v="wykresy")
    assert 'class="smup-error"' not in page(app.content)


def test_groups_are_saved_for_one_person_and_not_among_strangers(workspace, monkeypatch, tmp_path):
    monkeypatch.setenv("SMUP_HOME", str(tmp_path))
    app = AdvancedApp(workspace, "i=population&u=9002,9063&y=2020")
    saving = app.steps.saving
    saving.name.value, saving.reason.value = "Nasze dwa", "próba"
    saving.button.click()
    assert "Zapisano" in saving.said.value
    app.steps.units.way.value = "saved"
    assert app.steps.units.saved.options == ("Nasze dwa",)
    saving.name.value = "../x"
    saving.button.click()
    assert "Nie można zapisać grupy" in saving.said.value

    monkeypatch.setenv(SHARED, "1")
    app = AdvancedApp(workspace, "i=population&u=9002,9063&y=2020")
    assert "korzysta wiele osób" in page(app.steps.saving)
    app.steps.saving.name.value = "Druga"
    app.steps.saving.save()
    assert not list(tmp_path.rglob("Druga.yaml"))


def test_rare_events_have_neither_places_nor_clusters(workspace, monkeypatch):
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5.13")
    deaths = "i=road_deaths_per_100k_computed&u=powiaty&y=2018-2018&unit=9002"
    ranking = page(AdvancedApp(workspace, f"{deaths}&v=wykresy&c=kolejnosc"))
    assert "Miejsc nie podajemy: wartości opierają się na kilku przypadkach" in ranking
    assert ":rank:" not in ranking and '<th scope="col">miejsce' not in ranking
    clusters = page(AdvancedApp(workspace, f"{deaths}&v=mapa&k=clusters"))
    assert "Skupisk nie można szukać" in clusters
    assert "Zamiast skupisk mapa pokazuje wartości." in clusters
    assert "przedział" in clusters and "nie można ocenić" not in clusters
    assert "sąsiadują" not in clusters.split("Skupisk nie można szukać")[1].split("</p>")[0]


def test_a_map_of_clusters_has_a_table_and_a_help_of_clusters(workspace, monkeypatch):
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5.13")
    app = AdvancedApp(workspace, f"{QUERY}&v=mapa&k=clusters&f=unemployed_per_1k")
    shown = page(app)
    assert "Kolor mówi, jak wartość jednostki ma się do wartości jej sąsiadów" in shown
    assert "wśród sąsiadów" in shown and "przedział" not in shown
    assert shown.count("nie odróżnia się od przypadku") > 10


def test_charts_say_with_whom_they_compare(workspace):
    by_year = page(AdvancedApp(workspace, f"{QUERY}&v=wykresy&c=rozklad&n=2019"))
    assert "(dobrana dla 2019 r.)" in by_year
    over_years = page(AdvancedApp(workspace, f"{QUERY}&v=wykresy&c=lata"))
    assert "(dobrana dla 2020 r., te same we wszystkich latach)" in over_years


def test_a_link_is_never_wider_than_what_can_be_read(opened):
    query = query_of(opened)
    assert read_fields(query, ADVANCED_FIELDS, longest=LONGEST, most=MOST_PAIRS) == (
        opened.link,
        (),
    )


def test_too_many_units_for_a_link_are_said_while_choosing_and_are_shown(workspace, monkeypatch):
    app = AdvancedApp(workspace, "i=population&u=9002&y=2020")
    gminy = list(workspace.register.codes("gmina", 2020))
    app.steps.units.way.value = "list"
    app.steps.units.add(gminy, "")
    assert "za dużo na link" not in app.pending.value
    # the land of the tests is smaller than Poland
    many = [*gminy, *(f"nieznana jednostka {number}" for number in range(300))]
    app.steps.units.put(many)
    assert "za dużo na link" in app.pending.value
    assert "zapisz te jednostki jako grupę" in app.pending.value
    app.ask.click()
    assert len(table_of(app)["codes"]) == len(gminy)
    assert "za dużo na link" in app.notes.value
    # the page takes no address that no server would open, and does not lose the view by it
    assert query_of(app) == ""
    app.wish.value = "1?"
    assert len(table_of(app)["codes"]) == len(gminy)
    app.look(v="mapa")
    assert app.link["v"] == "mapa"
    app.wish.value = "2?i=population&u=9002&y=2020"
    assert table_of(app)["codes"] == ["9002"]
    assert "za dużo na link" not in app.notes.value
    monkeypatch.setenv(SHARED, "1")
    app.steps.units.put(many)
    assert "pobierz plan" in app.pending.value
    assert "zapisz te jednostki" not in app.pending.value
