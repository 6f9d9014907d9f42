"""The area app without a browser: state, choices, remarks, and the numbers of the report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import ipywidgets as widgets
import pytest

from smup_lib.apps import area_content
from smup_lib.apps.area import AreaApp
from smup_lib.apps.cards import IndicatorCard
from smup_lib.apps.link import ViewLink, read_link
from smup_lib.conclude.evidence import NumberKey
from smup_lib.present.words import SAMPLE_LAND
from smup_lib.reports.area import open_area
from smup_lib.reports.known_years import choose_year

NUMBER = re.compile(r'<data class="num" value="([^"]*)" data-key="([^"]*)"')
LINK = re.compile(r'href="([^"]*)"')


def pieces(widget: widgets.Widget) -> Iterator[str]:
    """Yield the markup of every HTML widget that is on the page."""
    if isinstance(widget, widgets.HTML):
        yield widget.value
    for child in getattr(widget, "children", ()):
        yield from pieces(child)


def page(app: AreaApp) -> str:
    return "".join(pieces(app))


def shown_cards(app: AreaApp) -> list[IndicatorCard]:
    return [w for w in app.content.cards.children[0].children if isinstance(w, IndicatorCard)]


def numbers(markup: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for value, key in NUMBER.findall(markup):
        assert found.setdefault(key, value) == value, f"two values of {key}"
    return found


@pytest.fixture(scope="module")
def opened(workspace) -> AreaApp:
    """An app that no test changes."""
    return AreaApp(workspace, "unit=9002&area=roads_transport&year=2020&group=voivodeship")


def test_a_link_opens_its_view(opened):
    assert opened.link.unit == "9002"
    assert (opened.area.value, opened.year.value, opened.group.value) == (
        "roads_transport",
        2020,
        "voivodeship",
    )
    assert "powiat olszyńsko-brzezicki (9002)" in opened.bar.value
    assert "Drogownictwo i transport, 2020 r." in opened.bar.value
    assert opened.notes.value == ""
    markup = page(opened)
    assert "<h1>Drogownictwo i transport" in markup
    assert 'class="smup-error"' not in markup
    for heading in ("W skrócie", "Z kim porównujemy", "Czego nie wiemy", "Źródła", "Jak liczymy"):
        assert f"<h2>{heading}</h2>" in markup


def test_the_fictional_land_is_said_first(opened):
    assert SAMPLE_LAND in opened.children[0].value
    assert "smup-land-band" in opened.children[0].value


def test_the_shown_link_leads_to_the_same_view(opened, workspace):
    (query,) = LINK.findall(opened.address.value)
    again = AreaApp(workspace, query.replace("&amp;", "&").removeprefix("?"))
    assert again.link == opened.link
    assert numbers(page(again)) == numbers(page(opened))


def test_the_numbers_are_those_of_the_report(opened, workspace):
    view = open_area("roads_transport", "9002", 2020, "voivodeship", snapshot=workspace.snapshot)
    shown = numbers(page(opened))
    frame = view.frame().set_index("indicator")
    checked = 0
    for text, value in shown.items():
        key = NumberKey.parse(text)
        if key.unit == "9002" and key.year == 2020 and key.statistic in ("value", "median"):
            expected = frame.loc[key.indicator, key.statistic]
            assert float(value) == pytest.approx(expected, rel=1e-12), text
            assert key.group == ("" if key.statistic == "value" else "voivodeship")
            checked += 1
    assert checked >= 2 * len(view.assessment.shown()) - 2


def test_every_card_of_the_service_is_there_and_the_leading_one_is_open(opened):
    cards = shown_cards(opened)
    shown = [i.indicator for i in opened.content.view.assessment.shown()]
    expected = {i.id for i in shown if (i.service or "CALY-OBSZAR") == opened.link.service}
    assert {card.indicator_id for card in cards if card.folds} == expected
    assert cards[0].folds[0].opened
    assert not any(fold.opened for card in cards[1:] for fold in card.folds)


@pytest.mark.parametrize(
    ("query", "told", "link"),
    [
        ("unit=9002&year=1950", "Za 1950 r. nie ma tu danych.", {"unit": "9002"}),
        ("unit=9002&area=zzz", "Nie ma obszaru „zzz”.", {"area": "education"}),
        ("unit=9002&group=bla", "Nie ma reguły grupy „bla”.", {"group": "similar"}),
        ("unit=9002&group=similar:100000", "Pokazujemy grupę zwykłą", {"group": "similar"}),
        ("unit=9002&group=chosen:9999", "Pokazujemy grupę zwykłą", {"group": "similar"}),
        ("unit=9002&group=chosen:@niema", "Pokazujemy grupę zwykłą", {"group": "similar"}),
        ("unit=9002&area=local_taxes", "nie ma tu wskaźników", {"area": "education"}),
        ("unit=9002&service=XXX-99", "", {"unit": "9002"}),
    ],
)
def test_what_a_link_cannot_have_is_said_and_the_rest_is_shown(workspace, query, told, link):
    app = AreaApp(workspace, query)
    assert told in app.notes.value
    assert {name: getattr(app.link, name) for name in link} == link
    assert "<h1>" in page(app)
    assert len(numbers(page(app))) > 10


@pytest.mark.parametrize(
    ("query", "told", "candidates"),
    [
        ("unit=olszynsk", "pasuje do 2 jednostek", ["900201", "900202"]),
        ("unit=legowiecc", "Nie ma jednostki", ["9063"]),
        ("unit=qqqqqq", "Nie ma jednostki", []),
        ("unit=9099", "Rejestr nie zna jednostki o kodzie 9099", []),
        ("unit=90", "na tym szczeblu nie ma wskaźników", []),
    ],
)
def test_a_unit_that_cannot_be_told_leaves_the_search_and_a_next_step(
    workspace, query, told, candidates
):
    app = AreaApp(workspace, query)
    markup = page(app.content)
    assert told in markup
    assert "Co zrobić:" in markup
    assert "Traceback" not in page(app)
    offered = " ".join(button.description for button in app.search.candidates.children)
    assert all(code in offered for code in candidates)
    assert app.link == ViewLink()


def test_the_year_of_a_link_opens_a_unit_that_ended_later(workspace):
    app = AreaApp(workspace, "unit=920607&year=2013&area=finance")
    assert (app.link.unit, app.link.year) == ("920607", "2013")
    assert "do 2014 r." in app.bar.value

    app = AreaApp(workspace, "unit=920607&year=2020")
    assert app.link == ViewLink()
    assert "istniała do 2014 r." in page(app)
    assert "r.." not in page(app)


@pytest.mark.parametrize(
    "query", ["unit=<script>alert(1)</script>", "area=%22onload%3D%22x", "x" * 10_000, "%ff%fe=%00"]
)
def test_a_hostile_link_opens_the_first_page(workspace, query):
    app = AreaApp(workspace, query)
    assert app.link == ViewLink()
    assert "Wskaźniki usług publicznych" in page(app)
    assert not any(bad in page(app) for bad in ("alert(1)", "onload", "\x00"))


def test_choosing_by_hand(workspace):
    app = AreaApp(workspace, "")
    assert "smup-away" in app.selects._dom_classes
    app.search.field.value = "lego"
    next(b for b in app.search.candidates.children if "9063" in b.description).click()
    assert app.link.unit == "9063"
    assert "smup-away" not in app.selects._dom_classes
    assert app.search.field.value == ""

    app.year.value = 2019
    assert (app.link.year, app.link.area) == ("2019", "education")
    app.group.value = "voivodeship"
    assert app.link.group == "voivodeship"
    assert "Województwo" in page(app.content.peers)
    app.area.value = "finance"
    assert (app.link.area, app.link.year, app.link.group) == ("finance", "2019", "similar")
    assert "<h1>Finanse JST" in page(app)
    assert app.content.dimensions.children == ()


@pytest.mark.parametrize("typed", ["qqqqqq", "lego"])
def test_a_view_waits_out_of_sight_while_another_unit_is_looked_for(workspace, typed):
    app = AreaApp(workspace, "unit=9002&year=2020")
    bar, link = app.bar.value, app.link
    app.search.field.value = typed
    app.search.field.value = typed + "i"
    assert "smup-aside" in app._dom_classes
    assert "9002" not in app.bar.value
    (back,) = app.back.children
    back.click()
    assert "smup-aside" not in app._dom_classes
    assert (app.bar.value, app.link, app.search.field.value) == (bar, link, "")

    app.search.field.value = "lego"
    next(b for b in app.search.candidates.children if "9063" in b.description).click()
    assert "smup-aside" not in app._dom_classes
    assert "9063" in app.bar.value


def test_the_bar_names_the_unit_of_the_view_that_stands_below(workspace):
    app = AreaApp(workspace, "unit=9002&year=2020")
    bar = app.bar.value
    app.search.field.value = " "  # the very first key
    assert (app.bar.value, app.search.field.value) == (bar, "")

    app.search.field.value = "lego"
    next(b for b in app.search.candidates.children if "9063" in b.description).click()
    app.search.field.value = " "
    assert "9063" in app.bar.value
    assert "9002" not in app.bar.value


def test_the_service_is_part_of_the_link_and_opens_its_cards(workspace):
    app = AreaApp(workspace, "unit=9002&service=KUL-03")
    assert app.content.service.value == "KUL-03"
    app.content.service.value = "KUL-01"
    assert app.link.service == "KUL-01"
    assert "service=KUL-01" in app.address.value
    ids = {card.indicator_id for card in shown_cards(app)}
    catalogue = workspace.catalogue.indicators
    assert {catalogue[name].service for name in ids} == {"KUL-01"}


def test_going_back_is_a_wish_written_by_the_page(workspace):
    app = AreaApp(workspace, "unit=9002&year=2020")
    first = app.link
    app.year.value = 2019
    app.wish.value = "1" + first.query
    assert app.link == first
    assert app.year.value == 2020
    app.wish.value = "2?"
    assert app.link == ViewLink()


def test_folds_are_made_when_opened(workspace):
    app = AreaApp(workspace, "unit=9002&year=2020")
    card = shown_cards(app)[1]
    charts, ranking, area_map = card.folds
    for fold, kind in ((ranking, "smup-ranking"), (area_map, "smup-map")):
        assert kind not in "".join(pieces(fold))
        fold.button.click()
        assert kind in "".join(pieces(fold))
        assert fold.button.description.startswith("Ukryj")
        fold.button.click()
        assert "".join(pieces(fold)) == ""
    charts.button.click()
    assert any(type(w).__module__.startswith("bqplot") for w in descendants(charts))


def test_many_units_are_drawn_static(workspace):
    for rule, interactive in (("neighbours", True), ("country", False)):
        app = AreaApp(workspace, f"unit=900102&year=2020&group={rule}")
        charts = shown_cards(app)[0].folds[0]
        kinds = {type(w).__module__.split(".")[0] for w in descendants(charts)}
        assert ("bqplot" in kinds) is interactive
        assert ("smup-distribution" in "".join(pieces(charts))) is not interactive


def descendants(widget: Any) -> Iterator[Any]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from descendants(child)


def test_an_error_in_one_part_leaves_the_others(workspace, monkeypatch):
    def broken(view):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(area_content, "_sources", broken)
    app = AreaApp(workspace, "unit=9002&year=2020")
    said = page(app.content.sources)
    assert "Źródła: tej części nie udało się przygotować (ZeroDivisionError)" in said
    assert "secret detail" not in page(app)
    assert "Czego nie wiemy" in page(app.content.gaps)
    assert len(numbers(page(app))) > 10


def test_the_usual_year_is_the_newest_with_enough_data():
    assert choose_year({2024: 1, 2023: 9, 2022: 10}) == 2023
    assert choose_year({}) is None


def test_a_link_is_never_wider_than_what_can_be_read(opened):
    (query,) = LINK.findall(opened.address.value)
    assert read_link(query.replace("&amp;", "&").removeprefix("?")) == (opened.link, ())


def test_the_chosen_service_says_what_it_is(workspace):
    app = AreaApp(workspace, "unit=9002&year=2020&area=culture_recreation")
    services = {s.code: s for s in app.content.view.assessment.area.services}
    chosen = services[app.content.service.value]
    assert chosen.description in app.content.intro.value
