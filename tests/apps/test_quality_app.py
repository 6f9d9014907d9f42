"""The data of a level and of a unit without a browser: what is there, what is missing."""

from __future__ import annotations

import pytest

from smup_lib.apps.parts.link import write_query
from smup_lib.apps.quality.app import QualityApp
from tests.apps.app_text import page


@pytest.fixture(scope="module")
def whole(workspace) -> QualityApp:
    """An app about one area of all gminy that no test changes."""
    return QualityApp(workspace, "area=culture_recreation&level=gmina")


@pytest.fixture(scope="module")
def of_unit(workspace) -> QualityApp:
    """An app about the data of one unit that no test changes."""
    return QualityApp(workspace, "unit=9002&area=culture_recreation&year=2022")


def test_without_a_unit_the_page_tells_of_all(whole):
    markup = page(whole)
    for heading in (
        *("W skrócie", "Które lata są w danych", "Czego brakuje", "Wskaźniki"),
        *("Czy źródła mówią to samo?", "Co się zmieniło od poprzednich plików"),
        "Czego nie przyjęto",
    ):
        assert f"<h2>{heading}</h2>" in markup
    assert 'class="smup-error"' not in markup
    assert "Kultura i rekreacja, gminy" in whole.bar.value
    assert whole.link == {"area": "culture_recreation", "level": "gmina"}


def test_of_an_area_the_counts_come_before_the_long_lists(whole):
    markup = page(whole)
    gaps = markup.index("<h2>Czego brakuje</h2>")
    assert "Szczebel gmin: wskaźniki z wartością w którymś roku: <strong>" in markup[:gaps]
    reasons = markup.index("<li>", gaps)
    assert reasons < markup.index("<summary>Luki i to, co by je uzupełniło (", gaps)
    assert "<summary>Kultura i rekreacja (" in markup


def test_the_heat_map_has_its_table(whole):
    audit = whole.parts.children[0]
    assert audit.children
    markup = page(whole)
    assert "Tabela do wykresu" in markup
    assert 'class="smup-figure smup-heat' in markup


def test_the_first_page_tells_what_the_data_are_made_of(workspace):
    app = QualityApp(workspace, "")
    assert app.link == {}
    markup = page(app)
    for area in workspace.catalogue.areas.values():
        assert f'href="?area={area.id}"' in markup
    for source in workspace.snapshot.manifest.sources:
        assert source in markup
    count = len(workspace.snapshot.manifest.sources)
    what_changed, listed = markup.index("Co się zmieniło"), markup.index("Lista źródeł")
    assert what_changed < listed and f"<summary>Lista źródeł ({count})</summary>" in markup
    assert "<h2>Czego nie przyjęto</h2>" in markup
    app.area.value = "finance"
    assert app.link == {"area": "finance", "level": "powiat"}
    app.level.value = "oba"
    assert app.link == {"area": "finance", "level": "oba"}
    assert "gminy i powiaty" in app.bar.value
    app.area.value = ""
    assert app.link == {}


def test_a_unit_is_shown_before_all_the_others(of_unit):
    markup = page(of_unit)
    own = markup.index("Które lata ma ta jednostka")
    assert own < markup.index("Jakie to liczby") < markup.index("Ten sam obszar u wszystkich")
    for heading in ("Czego nie wiemy", "Źródła"):
        assert f"<h2>{heading}</h2>" in markup
    assert "powiat olszyńsko-brzezicki (9002)" in of_unit.bar.value
    assert 'class="smup-error"' not in markup


def test_the_way_back_to_all_units_keeps_the_area(workspace, of_unit):
    app = QualityApp(workspace, write_query(of_unit.link).removeprefix("?"))
    assert app.link == of_unit.link
    app.whole.children[0].click()
    assert app.link == {"area": "culture_recreation", "level": "powiat"}
    assert "Ten sam obszar u wszystkich" not in page(app)


def test_what_is_counted_once_is_kept(workspace):
    app = QualityApp(workspace, "area=finance&level=gmina")
    first = app._audits["finance", "gmina"]
    app.show({"area": "finance", "level": "powiat"})
    app.show({"area": "finance", "level": "gmina"})
    assert app._audits["finance", "gmina"] is first


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("area=zzz", "Nie ma obszaru „zzz”. Pokazujemy cały stan danych."),
        ("area=local_taxes&level=powiat", "tu są tylko gminy"),
        ("unit=9002&area=local_taxes", "nie ma tu wskaźników"),
        ("unit=9002&area=finance&year=1950", "Za 1950 r. nie ma tu danych"),
        ("level=<script>", "niezrozumiałą wartość: szczebel"),
    ],
)
def test_what_a_link_cannot_have_is_said(workspace, query, told):
    app = QualityApp(workspace, query)
    assert told in app.notes.value
    assert "<h1>" in page(app)


def test_an_unknown_unit_leaves_the_search(workspace):
    app = QualityApp(workspace, "unit=qqqqqq")
    assert "Co zrobić:" in page(app.content)
