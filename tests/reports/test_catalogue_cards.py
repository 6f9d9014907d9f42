"""Cards of areas, services and indicators: on a page, in a terminal, as a site without network."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

from smup_lib.catalogue import load_catalogue
from smup_lib.catalogue.entries import find_entry, list_entries
from smup_lib.catalogue.model import OfficialIds
from smup_lib.catalogue.practice_book import load_practices
from smup_lib.errors import SettingsError
from smup_lib.present.area_cards import service_card
from smup_lib.present.card_parts import card_text, render_catalogue_card
from smup_lib.present.indicator_card import indicator_card
from smup_lib.present.page_shell import render_page
from smup_lib.reports.catalogue_cards import CardBook, open_card, show_card
from smup_lib.reports.catalogue_site import write_site
from smup_lib.reports.html_check import check_html


def test_the_card_of_a_computed_indicator_says_everything(sample_home):
    told = repr(show_card("road_accidents_per_100k_computed"))
    for part in (
        "To nasza rekonstrukcja, nie definicja SMUP.",
        "(Wypadki drogowe) ÷ (Ludność ogółem) × 100",
        "rola: mianownik; jednostka miary: os.; gestor: GUS (BDL); źródło: BDL, podgrupa",
        "mniej znaczy korzystniej",
        "Podpisy: autor-katalogu, recenzent-kierunku",
        "gmina (lata z wartościami: 2010–2024;",
        "168 z 168 (2024 r.)",
        "NSP 2021",
        "To samo z innego źródła lub w innej jednostce: Wypadki drogowe na 100 tys. mieszkańców"
        " [road_accidents_per_100k]",
        "Identyfikator w SMUP: nieznany",
    ):
        assert part in told, part


def test_a_published_value_is_not_called_ours_nor_smups(sample_home):
    told = repr(show_card("road_accidents_per_100k"))
    assert "Wartość ogłasza gestor danych." in told
    assert "to nie jest definicja SMUP" in told


def test_an_unsigned_direction_says_that_it_does_not_count(sample_home):
    unsigned = next(
        i for i in load_catalogue().indicators.values()
        if i.polarity.direction != "neutral"
    )  # fmt: skip
    polarity = unsigned.polarity.model_copy(update={"signed_by": ("autor-katalogu",)})
    entry = find_entry(load_catalogue(), unsigned.id)
    one = unsigned.model_copy(update={"polarity": polarity})
    told = card_text(indicator_card(_with(entry, one), load_catalogue()))
    assert "potrzebny jest drugi podpis" in told


def _with(entry, one):
    from dataclasses import replace

    return replace(entry, indicator=one)


def test_a_gap_vanishes_from_the_card_when_the_data_fill_it_at_each_level(sample_home):
    entry, book = open_card("KUL-01")
    full = book.audit.indicator_frame()
    asked = next(g for g in entry.service.gaps if len(g.levels) > 1)
    own = [one.id for one in entry.indicators if asked.asks(one, entry.id)]
    lost = full["indicator"].isin(own) & (full["level"] == asked.levels[0])
    half = full.assign(newest=full["newest"].mask(lost))

    def told(frame):
        return "Czego nie wiemy".upper() in card_text(service_card(entry, book.catalogue, frame))

    assert own
    assert (told(None), told(full), told(half)) == (True, False, True)


def test_a_card_says_whose_list_and_formulas_they_are():
    book = CardBook(load_catalogue(), None, "")
    whose = {e.id: book.card(e).whose for e in list_entries(book.catalogue) if e.kind == "area"}
    assert "Ministerstwa Finansów" in whose["finance"]
    assert "usług" not in whose["context"]
    assert "na podstawie zadań ustawowych" in whose["education"]


def test_a_card_needs_no_data_and_says_that_there_are_none(smup_home):
    told = repr(show_card("DRO-07"))
    assert "Nie ma jeszcze żadnych danych" in told
    assert "Wypadki drogowe na 100 tys. mieszkańców" in told
    assert "Gdzie są te dane" in render_catalogue_card(_card("DRO-07"))


def _card(text: str):
    entry, book = open_card(text)
    return book.card(entry)


def test_smups_own_words_stand_on_the_card_of_an_indicator_that_names_its_id():
    catalogue = load_catalogue()
    entry = find_entry(catalogue, "road_accidents_per_100k")
    one = entry.indicator.model_copy(update={"official_ids": OfficialIds(smup=(77,))})
    definitions = pd.DataFrame(
        [("indicator", "77", "7", "Wypadki", "jakość", "smup_77", "Treść fiszki.", "s@1"),
         ("indicator", "78", "7", "Inny", "jakość", "smup_78", "Inna treść.", "s@1")],
        columns=["kind", "id", "parent_id", "name", "dimension", "variable", "card", "source"],
    )  # fmt: skip
    told = card_text(indicator_card(_with(entry, one), catalogue, definitions=definitions))
    assert "Fiszka SMUP 77: Wypadki. Treść fiszki." in told
    assert "Inna treść" not in told


def test_the_words_of_bdl_stand_on_the_card_of_what_is_made_from_them():
    catalogue = load_catalogue()
    entry = find_entry(catalogue, "road_accidents_per_100k")
    (name,) = entry.indicator.inputs.variables
    definitions = pd.DataFrame(
        [("bdl_subject", "P9423", "", "Wypadki wg miejsca", "", "", "{}", "s@1"),
         ("bdl_variable", "77", "P9423", "wypadki; ogółem [szt.]", "", name, "{}", "s@1"),
         ("bdl_variable", "78", "P9423", "inne [szt.]", "", "bdl_78", "{}", "s@1")],
        columns=["kind", "id", "parent_id", "name", "dimension", "variable", "card", "source"],
    )  # fmt: skip
    told = card_text(indicator_card(entry, catalogue, definitions=definitions))
    assert "Zmienna BDL 77: Wypadki wg miejsca (P9423): wypadki; ogółem [szt.]" in told
    assert "inne [szt.]" not in told


@pytest.mark.parametrize("text", ["kultura", "KUL-01", "library_readers_per_1k", "context"])
def test_a_card_is_a_sound_page_of_its_own(sample_home, text):
    card = _card(text)
    page = render_page(card.title, render_catalogue_card(card, level=1), fictional=True)
    assert check_html(page) == []
    assert "nie" in card.whose
    assert "SMUP" in card.whose


def test_every_entry_of_the_catalogue_has_a_card():
    book = CardBook(load_catalogue(), None, "")
    for entry in list_entries(book.catalogue):
        told = card_text(book.card(entry))
        assert entry.name in told
        assert "None" not in told


@pytest.fixture(scope="module")
def site(sample_home_dir, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(sample_home_dir))
        written = write_site(tmp_path_factory.mktemp("site") / "katalog")
        return written


def test_the_site_has_a_page_an_entry_and_every_link_leads_somewhere(site):
    root = site.index.parent
    pages = sorted(root.rglob("*.html"))
    assert len(pages) == site.pages
    assert len(list((root / "wskaznik").iterdir())) == len(load_catalogue().indicators)
    for page in pages:
        html = page.read_text(encoding="utf-8")
        assert "http://" not in html.replace("http://www.w3.org", "")
        assert "https://" not in html
        for link in re.findall(r'<a href="([^"#]+)"', html):
            assert (page.parent / link).is_file(), f"{page.name}: {link}"


def test_pages_of_the_site_are_sound(site):
    root = site.index.parent
    style = (root / "styl.css").read_text(encoding="utf-8")
    for name in ("index.html", "dostepnosc.html", "dostepnosc/context.html", "obszar/finance.html",
                 "usluga/DRO-07.html", "wskaznik/road_accidents_per_100k.html",
                 "praktyka/jaworzno_wizja_zero.html"):  # fmt: skip
        html = (root / name).read_text(encoding="utf-8")
        whole = re.sub(r'<link rel="stylesheet"[^>]*>', lambda _: f"<style>{style}</style>", html)
        assert check_html(whole) == [], name


def test_the_index_knows_every_entry_for_its_search(site):
    html = site.index.read_text(encoding="utf-8")
    found = json.loads(re.search(r'id="spis">(.*?)</script>', html)[1])
    catalogue = load_catalogue()
    services = sum(len(area.services) for area in catalogue.areas.values())
    entries = len(catalogue.areas) + services + len(catalogue.indicators)
    assert len(found) == entries + len(load_practices().cards)
    assert all((site.index.parent / one["a"]).is_file() for one in found)
    assert any(one["w"].startswith("odsetek dzieci do lat 3 w zlobkach") for one in found)


def test_a_folder_with_other_files_is_left_alone(smup_home, tmp_path):
    (tmp_path / "wazne.txt").write_text("x", encoding="utf-8")
    with pytest.raises(SettingsError, match="inne pliki"):
        write_site(tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["wazne.txt"]


def test_the_search_finds_without_polish_letters_and_without_network(site, chromium):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(offline=True)
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text))
        page.goto(site.index.as_uri())
        page.get_by_label("Szukaj wskaźnika, usługi albo obszaru").fill("wypadki 100K")
        first = page.locator("#znalezione a").first
        assert "Wypadki drogowe na 100 tys. mieszkańców" in first.inner_text()
        page.get_by_role("searchbox").fill("zlobk")
        assert page.get_by_role("status").inner_text().startswith("Znaleziono: ")
        page.locator("#znalezione a").first.click()
        assert page.locator("h1").count() == 1
        assert "Smup Sans" in page.evaluate("getComputedStyle(document.body).fontFamily")
        browser.close()
    assert problems == []


def test_a_card_alone_says_what_the_site_and_the_audit_say(sample_home):
    whole = CardBook.open("sample")
    for name in ("museum_visitors_per_10k", "debt_per_capita", "street_lights_per_1k"):
        entry, alone = open_card(name, "sample")
        assert alone.availability(entry) == whole.availability(entry), name
        assert alone.availability(entry)
        assert card_text(alone.card(entry)) == card_text(whole.card(entry))
    rows = whole.audit.indicator_frame()
    told = whole.availability(find_entry(whole.catalogue, "debt_per_capita"))
    audited = rows[rows["indicator"] == "debt_per_capita"]
    assert [row["share"] for row in told] == audited["share"].tolist()
