"""The accessibility statement: what the office said, what was measured, and nothing more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from smup_lib.apps.serving.dashboards import list_dashboards
from smup_lib.apps.serving.statement import ADDRESS, statement
from smup_lib.errors import SettingsError
from smup_lib.paths import project_dir
from smup_lib.present.accessibility_facts import Measured, MeasuredPage, Office
from smup_lib.present.accessibility_page import render_statement
from smup_lib.reports.accessibility import OFFICE_FILE, read_measured, read_office

#: Elements that a program of the supervising office looks for.
ASKED = (
    *("wstep", "podmiot", "url", "data-publikacja", "data-aktualizacja", "status"),
    *("data-sporzadzenie", "data-przeglad", "audytor", "kontakt", "osoba", "email", "telefon"),
    *("procedura", "architektura", "aplikacje"),
)
MEASURED = Measured(
    day="2026-11-23",
    program="axe-core 4.14.1",
    browser="Chromium 140",
    states=("telefon", "ekran"),
    land="dane przykładowe",
    pages=(
        MeasuredPage(title="Pierwsza", address="a.ipynb", states=2, passed=40),
        MeasuredPage(
            title="Druga",
            address="b.ipynb",
            states=2,
            passed=38,
            faults={"serious": 2, "critical": 1, "minor": 4},
        ),
    ),
)


def text_of(markup: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup)).strip()


def test_every_part_that_the_law_asks_for_has_its_place_once():
    page = render_statement(Office(), MEASURED, ())
    found = re.findall(r'id="a11y-([\w-]+)"', page)
    assert sorted(found) == sorted(ASKED)


def test_the_table_of_what_was_measured_stacks_on_a_phone():
    page = render_statement(Office(), MEASURED, ())
    assert "smup-stacked" in page and 'data-label="Błędy poważne i krytyczne"' in page


def test_without_the_office_nothing_is_claimed_in_its_name():
    told = text_of(render_statement(Office(), MEASURED, ()))
    assert "nie podał jeszcze swoich danych" in told
    assert "office.yaml" in told
    assert "zobowiązuje się" not in told
    assert "nie oceniono" in told
    assert "jest zgodna" not in told
    assert "nie audyt" in told


def test_measured_faults_are_told_page_by_page():
    page = render_statement(Office(), MEASURED, ("a.ipynb", "b.ipynb", "c.ipynb"))
    rows = re.findall(r"<th[^>]*>(Pierwsza|Druga)</th>(.*?)</tr>", page)
    counts = {name: re.findall(r">(\d+)<", cells) for name, cells in rows}
    assert counts == {"Pierwsza": ["2", "40", "0", "0"], "Druga": ["2", "38", "3", "4"]}
    assert "Nie zbadano stron: c.ipynb." in text_of(page)
    assert "4 widoki" in text_of(page).replace("\xa0", " ")


def test_without_a_measurement_the_page_says_so():
    assert "nie zbadano jeszcze żadnym programem" in render_statement(Office(), None, ())


def test_the_office_fills_its_file_and_stands_on_the_page(smup_home: Path):
    template = (project_dir("templates") / "office" / OFFICE_FILE).read_text(encoding="utf-8")
    filled = template.replace('name: ""', 'name: "Starostwo <b> w Olszynie"')
    filled = filled.replace('email: ""', 'email: "urzad@example.pl"')
    filled = filled.replace('status: ""', 'status: "częściowo zgodna"')
    filled = filled.replace("# prepared: 2026-11-23", "prepared: 2026-11-23")
    (smup_home / OFFICE_FILE).write_text(filled, encoding="utf-8")
    page = statement(())
    assert "Starostwo &lt;b&gt; w Olszynie" in page
    assert 'href="mailto:urzad@example.pl"' in page
    assert 'datetime="2026-11-23">23.11.2026' in page
    assert "jest <strong>częściowo zgodna</strong>" in page
    assert "nie podał jeszcze swoich danych" not in page


def test_the_template_without_changes_says_nothing(smup_home: Path):
    template = (project_dir("templates") / "office" / OFFICE_FILE).read_text(encoding="utf-8")
    (smup_home / OFFICE_FILE).write_text(template, encoding="utf-8")
    assert read_office() == Office()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nazwa: Starostwo", "nazwa"),
        ("status: wspaniała", "status"),
        ("prepared: wczoraj", "prepared"),
        ("name: [a", "YAML"),
        ("- lista", ""),
    ],
)
def test_a_wrong_file_is_told_and_the_page_stays(smup_home: Path, text, told):
    (smup_home / OFFICE_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        read_office()
    assert told in str(caught.value)
    page = statement(())
    assert "Nie udało się odczytać danych urzędu" in page
    assert str(smup_home) not in page, "no path of the computer on a page"


def test_what_is_shown_as_measured_was_written_by_the_sweep_of_this_repository():
    measured = read_measured()
    assert measured is not None
    assert {page.address for page in measured.pages} >= {app.file for app in list_dashboards()}
    assert all(not {"serious", "critical"} & page.faults.keys() for page in measured.pages)


def test_the_statement_has_a_fixed_address(app_server):
    answer = app_server.get(f"/{ADDRESS}")
    assert answer.status == 200
    assert "<h1>Deklaracja dostępności</h1>" in answer.text
    assert f'href="/{ADDRESS}"' in app_server.get("/").text
