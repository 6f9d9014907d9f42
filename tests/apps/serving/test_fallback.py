"""The pages for a server that is full or down: whole without it, of known data, near the link."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from smup_lib.apps.serving.dashboards import Dashboard, list_dashboards
from smup_lib.apps.serving.fallback import PAGES, fallback_path, find_fallback, write_fallback
from smup_lib.errors import ReportError, SettingsError
from smup_lib.reports.batch.order import simple_order
from smup_lib.reports.batch.run import run_batch
from smup_lib.reports.loading import Workspace

UNIT, OTHER = "9002", "9004"


@pytest.fixture(scope="module")
def batch(report_home, tmp_path_factory) -> Path:
    folder: Path = tmp_path_factory.mktemp("fallback")
    made = run_batch(simple_order(["kultura"], [UNIT, OTHER], 2022), folder)
    assert made.sound
    return folder


@pytest.fixture(scope="module")
def root(batch) -> Path:
    written = write_fallback(batch)
    assert written.pages == len(list_dashboards())
    assert written.site.reports == 2
    return find_fallback(batch)


def test_every_app_has_a_page_and_every_link_of_it_leads_somewhere(root):
    for app in list_dashboards():
        page = root / PAGES / app.file.replace(".ipynb", ".html")
        html = page.read_text(encoding="utf-8")
        assert app.title in html
        links = re.findall(r'<(?:a|link|script)\b[^>]* (?:href|src)="([^"#]+)"', html)
        live = [link for link in links if link.endswith(app.path)]
        assert live == [f"../../../{app.path}"]
        for link in set(links) - set(live):
            assert (page.parent / unquote(link)).is_file(), link


def test_a_page_needs_no_script_and_says_of_which_data_it_is(root):
    html = (root / PAGES / "basic.html").read_text(encoding="utf-8")
    assert html.startswith('<!DOCTYPE html>\n<html lang="pl">')
    assert "dane przykładowe, jednostki fikcyjne" in html
    assert Workspace.open().snapshot.id in html
    assert "2022" in html and re.search(r"Najnowszy raport.*?\d{1,2}\.\d{2}\.20\d\d", html, re.S)
    without_scripts = re.sub(r"<script.*?</script>", "", html, flags=re.S)
    assert f"../jednostka/{UNIT}.html" in without_scripts
    assert "2 raporty" in without_scripts.replace("\xa0", " ")


def test_an_app_for_which_there_is_no_report_says_so(batch, root):
    write_fallback(batch, [Dashboard("quality.ipynb", "Jakość danych", "")])
    html = (root / PAGES / "quality.html").read_text(encoding="utf-8")
    assert "Gotowych raportów, które zastąpią tę stronę, w tej kopii nie ma." in html
    assert "../index.html" in html and "Wybierz jednostkę" not in html


@pytest.mark.parametrize(
    ("query", "page"),
    [
        (f"unit={UNIT}&area=kultura", f"jednostka/{UNIT}.html"),
        ("unit=9061", f"{PAGES}/basic.html"),
        ("unit=../../../etc/passwd", f"{PAGES}/basic.html"),
        ("unit=<script>", f"{PAGES}/basic.html"),
        ("x" * 10_000, f"{PAGES}/basic.html"),
        ("", f"{PAGES}/basic.html"),
    ],
)
def test_the_nearest_page_to_a_link(root, query, page):
    assert fallback_path(root, "basic.ipynb", query) == page


@pytest.mark.parametrize("file", ["nothing.ipynb", "../../x.ipynb", "%2e%2e/manifest.ipynb"])
def test_an_unknown_app_gets_the_list(root, file):
    assert fallback_path(root, file, "") == f"{PAGES}/index.html"


def test_a_folder_without_reports_or_pages_is_told(tmp_path):
    with pytest.raises(ReportError):
        write_fallback(tmp_path)
    with pytest.raises(SettingsError, match="nie ma stron zastępczych"):
        find_fallback(tmp_path)
