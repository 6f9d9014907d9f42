"""The basic app without a browser: state, choices, remarks, and the numbers of the report."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from typing import Any

import ipywidgets as widgets
import pytest
from ipywidgets.widgets.widget import _instances

from smup_lib.apps.basic import area_page
from smup_lib.apps.basic.app import BasicApp
from smup_lib.apps.basic.area_page import AreaPage
from smup_lib.apps.basic.overview_page import OverviewPage
from smup_lib.apps.basic.service_page import ServicePage
from smup_lib.apps.basic.start import StartPage
from smup_lib.apps.parts.cards import IndicatorCard
from smup_lib.apps.parts.link import FIELDS, read_fields
from smup_lib.conclude import AreaAssessment
from smup_lib.conclude.evidence import NumberKey
from smup_lib.present.service_screen import render_service_dimensions, render_service_findings
from smup_lib.present.words import SAMPLE_LAND
from smup_lib.reports.area import open_area
from smup_lib.reports.known_years import choose_year

NUMBER = re.compile(r'<data class="num" value="([^"]*)" data-key="([^"]*)"')
STATE_LINK = re.compile(r'class="smup-state-link" href="([^"]*)"')
WAY = re.compile(r'<a class="smup-go[^"]*"\s+href="([^"]*)"')
AREA = "unit=9002&area=roads_transport&year=2020&group=voivodeship"
SERVICE = "unit=9002&area=roads_transport&year=2020&group=voivodeship&service=DRO-07"


def pieces(widget: widgets.Widget) -> Iterator[str]:
    """Yield the markup of every HTML widget that is on the page."""
    if isinstance(widget, widgets.HTML):
        yield widget.value
    for child in getattr(widget, "children", ()):
        yield from pieces(child)


def page(app: widgets.Widget) -> str:
    return "".join(pieces(app))


def ways(app: widgets.Widget) -> list[str]:
    return [href.replace("&amp;", "&") for href in WAY.findall(page(app))]


def descendants(widget: Any) -> Iterator[Any]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from descendants(child)


def shown_cards(app: BasicApp) -> list[IndicatorCard]:
    return [w for w in descendants(app.content) if isinstance(w, IndicatorCard)]


def view_of(app: BasicApp) -> Any:
    (shown,) = app.content.children
    return shown


def numbers(markup: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for value, key in NUMBER.findall(markup):
        assert found.setdefault(key, value) == value, f"two values of {key}"
    return found


def state_link(app: BasicApp) -> str:
    (query,) = STATE_LINK.findall(app.address.value)
    return str(query.replace("&amp;", "&"))


@pytest.fixture(scope="module")
def opened(workspace) -> BasicApp:
    """An area that no test changes."""
    return BasicApp(workspace, AREA)


@pytest.fixture(scope="module")
def overview(workspace) -> BasicApp:
    """The overview of a unit, which no test changes."""
    return BasicApp(workspace, "unit=9002")


@pytest.fixture(scope="module")
def assessed(workspace) -> AreaAssessment:
    """An area with named gaps."""
    return open_area("culture_recreation", "9002", 2024, snapshot=workspace.snapshot).assessment


def test_a_link_without_an_area_opens_the_overview(overview, workspace):
    assert overview.link == {"unit": "9002"}
    assert isinstance(view_of(overview), OverviewPage)
    assert "przegląd obszarów" in overview.bar.value
    markup = page(overview)
    assert 'class="smup-error"' not in markup and "Liczymy ten obszar" not in markup
    areas = workspace.catalogue.areas.values()
    here = [a for a in areas if any("powiat" in i.levels for i in a.indicators)]
    assert {f"?unit=9002&area={a.id}" for a in here} <= set(ways(overview))


def test_of_each_area_a_few_findings_are_told_with_how_sure_they_are(overview):
    panels = view_of(overview).areas
    told = {name: page(panel).count('class="smup-finding ') for name, panel in panels.items()}
    assert max(told.values()) == 2
    assert sum(count > 0 for count in told.values()) >= 3
    sure = page(panels["culture_recreation"])
    assert sure.count("pewność:") == told["culture_recreation"]
    assert "Ludność" in page(panels["context"])


def test_the_overview_says_of_an_area_what_the_area_itself_says(overview, workspace):
    panel = view_of(overview).areas["culture_recreation"]
    area = BasicApp(workspace, "unit=9002&area=culture_recreation")
    first, whole = numbers(page(panel)), numbers(page(area))
    assert len(first) >= 4
    assert first == {key: whole[key] for key in first}


def test_a_year_of_the_overview_is_kept_on_the_way_down_and_up(workspace):
    app = BasicApp(workspace, "unit=9002&year=2019&group=neighbours")
    assert (app.year.value, app.group.value) == ("2019", "neighbours")
    down = next(way for way in ways(app) if "area=culture_recreation" in way)
    assert "year=2019" in down and "group=neighbours" in down
    app.wish.value = "1" + down
    assert (app.link["year"], app.link["group"]) == ("2019", "neighbours")
    assert "?unit=9002&year=2019&group=neighbours" in ways(app.crumbs)


def test_what_was_not_chosen_on_purpose_is_not_carried(workspace):
    app = BasicApp(workspace, "unit=9002&area=culture_recreation")
    assert "year" in app.link
    assert ways(app.crumbs) == ["?unit=9002"]


def test_the_overview_comes_area_by_area_and_the_visitor_is_heard_between(workspace):
    async def visit() -> tuple[int, str, BasicApp]:
        app = BasicApp(workspace, "unit=9002")
        waiting = page(app).count("Liczymy ten obszar")
        await asyncio.sleep(0.05)
        app.wish.value = "1?unit=9063"
        task = app._work._task
        assert task is not None
        await task
        return waiting, page(app), app

    waiting, markup, app = asyncio.run(visit())
    assert waiting >= 5
    assert app.link == {"unit": "9063"}
    assert "Liczymy ten obszar" not in markup
    assert not any(NumberKey.parse(key).unit == "9002" for key in numbers(markup))


def test_a_link_opens_its_area(opened):
    assert opened.link == read_fields(AREA, FIELDS)[0]
    assert isinstance(view_of(opened), AreaPage)
    assert (opened.area.value, opened.year.value, opened.group.value) == (
        "roads_transport",
        "2020",
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


@pytest.mark.parametrize("query", ["unit=9002", AREA, SERVICE])
def test_the_shown_link_leads_to_the_same_view(workspace, query):
    app = BasicApp(workspace, query)
    again = BasicApp(workspace, state_link(app).removeprefix("?"))
    assert again.link == app.link
    assert numbers(page(again)) == numbers(page(app))
    assert read_fields(state_link(app).removeprefix("?"), FIELDS) == (app.link, ())


@pytest.mark.parametrize("query", [AREA, SERVICE])
def test_the_numbers_are_those_of_the_report(workspace, query):
    view = open_area("roads_transport", "9002", 2020, "voivodeship", snapshot=workspace.snapshot)
    frame = view.frame().set_index("indicator")
    checked = 0
    for text, value in numbers(page(BasicApp(workspace, query))).items():
        key = NumberKey.parse(text)
        if key.unit == "9002" and key.year == 2020 and key.statistic in ("value", "median"):
            expected = frame.loc[key.indicator, key.statistic]
            assert float(value) == pytest.approx(expected, rel=1e-12), text
            assert key.group == ("" if key.statistic == "value" else "voivodeship")
            checked += 1
    assert checked >= 6


def test_every_indicator_of_the_service_has_a_card_and_the_leading_one_is_open(workspace):
    app = BasicApp(workspace, SERVICE)
    assert isinstance(view_of(app), ServicePage)
    view = open_area("roads_transport", "9002", 2020, "voivodeship", snapshot=workspace.snapshot)
    leading = [item.indicator for item in view.assessment.leading()]
    cards = shown_cards(app)
    with_value = [card for card in cards if card.folds]
    assert {c.indicator_id for c in with_value} == {i.id for i in leading if i.service == "DRO-07"}
    assert cards[0].folds[0].opened
    assert not any(fold.opened for card in cards[1:] for fold in card.folds)


def test_a_service_has_its_way_back_its_dimensions_and_whom_to_ask(workspace):
    app = BasicApp(workspace, SERVICE)
    assert len(ways(app.crumbs)) == 2 and 'aria-current="page"' in app.crumbs.value
    markup = page(app)
    for heading in ("W skrócie", "Cztery wymiary usługi", "Kogo warto zapytać", "Obok siebie"):
        assert f"<h2>{heading}</h2>" in markup
    for word in ("ilość", "jakość", "dostępność", "efektywność"):
        assert f"<dt>{word}</dt>" in markup
    compared = re.findall(r'href="(comparison\.ipynb[^"]*)"', markup)
    assert compared and all("unit=9002&amp;others=" in address for address in compared)


def test_units_to_learn_from_are_named_with_reasons_and_can_be_compared(workspace):
    """Some weak result of the land has somebody to learn from; the comparison opens with them."""
    for code in workspace.register.codes("powiat")[:12]:
        app = BasicApp(workspace, f"unit={code}&service=DRO-07")
        learnable = view_of(app).asking
        if "z lepszym wynikiem:" in page(learnable):
            assert "co najmniej" in page(learnable) or "wynik" in page(learnable)
            assert "Porównaj z tymi, od których można się uczyć" in page(view_of(app).beside)
            return
    pytest.fail("nobody has anybody to learn from")


def test_areas_without_a_value_share_one_sentence(workspace, monkeypatch):
    empty = ("education", "finance", "environment")
    leading = AreaAssessment.leading
    monkeypatch.setattr(
        AreaAssessment, "leading", lambda a: () if a.area.id in empty else leading(a)
    )
    app = BasicApp(workspace, "unit=900102")
    markup = page(app)
    assert markup.count("nie mają żadnej wartości tej jednostki w\u00a03\u00a0obszarach.") == 1
    for area in empty:
        assert ways(app).count(f"?unit=900102&area={area}") == 1
        assert "smup-away" in view_of(app).areas[area]._dom_classes
    app.wish.value = "1?unit=9002"
    monkeypatch.undo()
    app.wish.value = "2?unit=9063"
    assert "smup-away" in view_of(app).unknown._dom_classes
    assert not any("smup-away" in p._dom_classes for p in view_of(app).areas.values())


def test_a_service_without_a_value_says_who_has_it(assessed):
    gap = next(gap for gap in assessed.gaps if gap.dimension and gap.service)
    own = [i for i in assessed.indicators if i.indicator.service == gap.service]
    items = [replace(item, status="no_data") for item in own]
    assert "nie mają żadnej wartości tej usługi" in render_service_findings(assessed, items, ())
    four = render_service_dimensions(assessed, gap.service, items)
    assert four.count("brak danych") == 4
    assert f"Gdzie są te dane: {escape(gap.gap.source)}" in four


@pytest.mark.parametrize(
    ("query", "told", "link"),
    [
        ("unit=9002&year=1890", "Za 1890 r. nie ma danych.", {"unit": "9002"}),
        (AREA.replace("2020", "1950"), "Za 1950 r. nie ma tu danych.", {"unit": "9002"}),
        ("unit=9002&area=zzz", "Nie ma obszaru „zzz”.", {"unit": "9002"}),
        ("unit=9002&group=bla", "Nie ma reguły grupy „bla”.", {"unit": "9002"}),
        ("unit=9002&area=finance&group=bla", "Nie ma reguły grupy", {"group": "similar"}),
        (
            "unit=9002&area=finance&group=similar:100000",
            "Pokazujemy grupę zwykłą",
            {"group": "similar"},
        ),
        (
            "unit=9002&area=finance&group=chosen:9999",
            "Pokazujemy grupę zwykłą",
            {"group": "similar"},
        ),
        ("unit=9002&group=chosen:@niema", "Pokazujemy grupę zwykłą", {"unit": "9002"}),
        ("unit=9002&area=local_taxes", "nie ma tu wskaźników", {"unit": "9002"}),
        ("unit=9002&service=XXX-99", "Nie ma tu usługi", {"unit": "9002"}),
        (
            "unit=9002&area=finance&service=KUL-01",
            "nie ma usługi, którą podaje link",
            {"area": "finance"},
        ),
    ],
)
def test_what_a_link_cannot_have_is_said_and_the_rest_is_shown(workspace, query, told, link):
    app = BasicApp(workspace, query)
    assert told in app.notes.value
    assert {name: app.link.get(name) for name in link} == link
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
    app = BasicApp(workspace, query)
    markup = page(app.content)
    assert told in markup
    assert "Co zrobić:" in markup
    assert "Traceback" not in page(app)
    offered = " ".join(button.description for button in app.search.candidates.children)
    assert all(code in offered for code in candidates)
    assert app.link == {}
    assert "smup-chosen" not in app._dom_classes, "the choice stays in view"


def test_the_year_of_a_link_opens_a_unit_that_ended_later(workspace):
    app = BasicApp(workspace, "unit=920607&year=2013&area=finance")
    assert (app.link["unit"], app.link["year"]) == ("920607", "2013")
    assert "do 2014 r." in app.bar.value

    app = BasicApp(workspace, "unit=920607&year=2013&group=voivodeship")
    assert app.link == {"unit": "920607", "year": "2013", "group": "voivodeship"}

    app = BasicApp(workspace, "unit=920607&year=2020")
    assert app.link == {}
    assert "istniała do 2014 r." in page(app)
    assert "r.." not in page(app)


@pytest.mark.parametrize(
    "query", ["unit=<script>alert(1)</script>", "area=%22onload%3D%22x", "x" * 10_000, "%ff%fe=%00"]
)
def test_a_hostile_link_opens_the_first_page(workspace, query):
    app = BasicApp(workspace, query)
    assert app.link == {}
    assert isinstance(view_of(app), StartPage)
    assert not any(bad in page(app) for bad in ("alert(1)", "onload", "\x00"))


def test_choosing_by_hand(workspace):
    app = BasicApp(workspace, "")
    assert "smup-away" in app.selects._dom_classes
    app.search.field.value = "lego"
    next(b for b in app.search.candidates.children if "9063" in b.description).click()
    assert app.link == {"unit": "9063"}
    assert "smup-away" not in app.selects._dom_classes
    assert app.search.field.value == ""

    app.area.value = "education"
    usual = app.link["year"]
    app.year.value = "2019"
    assert (app.link["year"], app.link["area"]) == ("2019", "education") and usual != "2019"
    app.group.value = "voivodeship"
    assert app.link["group"] == "voivodeship"
    assert "Województwo" in page(view_of(app).peers)
    app.area.value = "finance"
    assert app.link == {
        "unit": "9063",
        "area": "finance",
        "year": "2019",
        "group": "voivodeship",
    }
    assert "<h1>Finanse JST" in page(app)
    assert view_of(app).dimensions.children == ()
    app.area.value = ""
    assert app.link == {"unit": "9063", "year": "2019", "group": "voivodeship"}


def test_another_year_or_group_keeps_the_place_and_a_sentence_says_what_changed(workspace):
    app = BasicApp(workspace, SERVICE)
    assert app.changed.value == ""
    app.group.value = "neighbours"
    assert (app.link["service"], app.link["group"]) == ("DRO-07", "neighbours")
    assert "Porównujemy teraz z inną grupą: sąsiedzi" in app.changed.value
    assert 'role="status"' in app.changed.value
    app.year.value = "2019"
    assert "Pokazujemy teraz 2019 r. zamiast 2020 r." in app.changed.value
    assert app.link["service"] == "DRO-07"
    app.area.value = "finance"
    assert app.changed.value == ""


def test_another_unit_opens_at_the_same_service(workspace):
    app = BasicApp(workspace, SERVICE)
    app.search.field.value = "lego"
    next(b for b in app.search.candidates.children if "9063" in b.description).click()
    assert (app.link["unit"], app.link["service"]) == ("9063", "DRO-07")


def test_a_unit_is_chosen_from_the_list_of_its_voivodeship(workspace):
    app = BasicApp(workspace, "")
    start = view_of(app)
    assert page(start.places) == ""
    start.region.value = start.region.options[1][1]
    register = workspace.register
    powiats = register.units("powiat")
    codes = powiats.loc[powiats["voivodeship_code"] == start.region.value, "unit_code"]
    gminas = register.units("gmina")
    within = gminas.loc[gminas["voivodeship_code"] == start.region.value]
    alone = within["powiat_code"].map(within["powiat_code"].value_counts()) < 2
    expected = {f"?unit={code}" for code in [*codes, *within.loc[~alone, "unit_code"]]}
    assert set(ways(start.places)) == expected
    app.wish.value = "1" + ways(start.places)[0]
    assert isinstance(view_of(app), OverviewPage)


def test_a_unit_is_chosen_on_the_map(workspace, monkeypatch):
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5")
    app = BasicApp(workspace, "")
    start = view_of(app)
    start.map.button.click()
    (drawn,) = start.map.panel.children
    drawn.choice.value = "1 9002"
    assert app.link == {"unit": "9002"}


def test_a_powiat_leads_to_its_gminy_and_a_gmina_to_its_powiat(workspace):
    down = ways(view_of(BasicApp(workspace, "unit=9002")).head)
    assert "?unit=900201" in down
    assert ways(view_of(BasicApp(workspace, "unit=900201")).head) == ["?unit=9002"]


@pytest.mark.parametrize("typed", ["qqqqqq", "lego"])
def test_a_view_waits_out_of_sight_while_another_unit_is_looked_for(workspace, typed):
    app = BasicApp(workspace, "unit=9002&area=finance&year=2020")
    bar, link = app.bar.value, app.link
    app.search.field.value = typed
    app.search.field.value = typed + "i"
    assert "smup-aside" in app._dom_classes
    assert "9002" not in app.bar.value
    (back,) = (w for w in descendants(app) if "smup-back" in getattr(w, "_dom_classes", ()))
    back.click()
    assert "smup-aside" not in app._dom_classes
    assert (app.bar.value, app.link, app.search.field.value) == (bar, link, "")

    app.search.field.value = "lego"
    next(b for b in app.search.candidates.children if "9063" in b.description).click()
    assert "smup-aside" not in app._dom_classes
    assert "9063" in app.bar.value


def test_going_back_is_a_wish_written_by_the_page(workspace):
    app = BasicApp(workspace, "unit=9002&area=finance&year=2020")
    first = state_link(app)
    app.year.value = "2019"
    app.wish.value = "1" + first
    assert state_link(app) == first
    assert app.year.value == "2020"
    app.wish.value = "2?"
    assert app.link == {}
    assert isinstance(view_of(app), StartPage)


def test_folds_are_made_when_opened(workspace):
    app = BasicApp(workspace, SERVICE)
    card = next(card for card in shown_cards(app)[1:] if len(card.folds) == 3)
    kinds = ("smup-distribution", "smup-ranking", "smup-map")
    for fold, kind in zip(card.folds, kinds, strict=True):
        assert kind not in "".join(pieces(fold))
        fold.button.click()
        assert kind in "".join(pieces(fold))
        assert fold.button.description.startswith("Ukryj")
        fold.button.click()
        assert "".join(pieces(fold)) == ""


def test_going_to_and_fro_leaves_no_widgets_behind(workspace):
    app = BasicApp(workspace, SERVICE)
    counts = []
    for turn in range(4):
        app.year.value = "2019" if turn % 2 == 0 else "2020"
        for fold in shown_cards(app)[0].folds:
            fold.button.click()
        app.wish.value = f"{turn}a?unit=9002&year=2020"
        app.wish.value = f"{turn}b?{SERVICE}"
        counts.append(len(_instances))
    assert counts[-1] <= counts[0] + 2


def test_an_error_in_one_part_leaves_the_others(workspace, monkeypatch):
    def broken(view):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(area_page, "show_sources", broken)
    app = BasicApp(workspace, "unit=9002&area=roads_transport&year=2020")
    said = page(view_of(app).sources)
    assert "Źródła: tej części nie udało się przygotować (ZeroDivisionError)" in said
    assert "secret detail" not in page(app)
    assert "Czego nie wiemy" in page(view_of(app).gaps)
    assert len(numbers(page(app))) > 10


def test_the_usual_year_is_the_newest_with_enough_data():
    assert choose_year({2024: 1, 2023: 9, 2022: 10}) == 2023
    assert choose_year({}) is None
