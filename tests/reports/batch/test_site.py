"""The site of a batch: every link leads somewhere, no server is needed, nothing is lost."""

from __future__ import annotations

import dataclasses
import functools
import http.server
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest

from smup_lib.errors import ParameterError, ReportError, SettingsError
from smup_lib.polish_text import plain_text
from smup_lib.present.numbers import read_numbers
from smup_lib.reports.batch.known import ORDER_FILE
from smup_lib.reports.batch.manifest import LEDGER, Manifest, Row
from smup_lib.reports.batch.order import simple_order, write_order
from smup_lib.reports.batch.site import SITE_FOLDER, BatchSite, write_batch_site
from smup_lib.reports.batch.site_feed import check_base_url
from smup_lib.reports.exports.formats import write_format
from smup_lib.reports.exports.statements import read_statements
from smup_lib.reports.html_check import check_html
from smup_lib.reports.loading import Workspace
from smup_lib.reports.receipt import file_digest
from smup_lib.reports.shared_assets import join_assets
from tests.reports.test_page_in_browser import serious_faults

pytestmark = pytest.mark.usefixtures("site_home")
YEAR = 2023
FAILED, EMPTY, LOST, RICH = "9001", "9061", "9003", "9002"
AREA = "roads_transport"
BASE = "https://raporty.example.org/smup"


@pytest.fixture(scope="module")
def site_home(report_home) -> Path:
    return report_home


@pytest.fixture(scope="module")
def source(report_of) -> Path:
    """A report of many charts."""
    return Path(report_of(AREA, RICH, YEAR).html)


@pytest.fixture(scope="module")
def short(report_of) -> Path:
    """A report without data, whose page stands for those of all other powiaty."""
    return Path(report_of("finance", "9061", YEAR).html)


def row_of(folder: Path, unit: Any, source: Path) -> Row:
    page = folder / AREA / f"{AREA}_{unit.code}_{YEAR}.html"
    page.parent.mkdir(exist_ok=True)
    page.write_bytes(source.read_bytes())
    files = [page, write_format(page, "csv")] if unit.code == RICH else [page]
    row = Row(
        key=unit.code,
        report=AREA,
        unit=unit.code,
        unit_name=unit.label,
        year=YEAR,
        parameters={"unit": unit.code, "year": YEAR},
        snapshot=Workspace.open().snapshot.id,
        fingerprint="x",
        status="empty" if unit.code == EMPTY else "made",
        outputs={str(f.relative_to(folder)): file_digest(f) for f in files},
        finished=f"2026-11-22T18:{unit.code[-2:]}:00+00:00",
    )
    if unit.code == FAILED:
        return dataclasses.replace(row, status="failed", outputs={}, error="zabrakło pamięci")
    if unit.code == LOST:
        page.unlink()
    return row


@pytest.fixture(scope="module")
def batch(site_home, source, short, tmp_path_factory) -> Path:
    folder: Path = tmp_path_factory.mktemp("batch")
    (folder / ORDER_FILE).write_text(write_order(simple_order([AREA], ["powiaty"], YEAR)))
    register, manifest = Workspace.open().register, Manifest(folder)
    for code in register.codes("powiat", YEAR):
        page = source if code == RICH else short
        manifest.add(row_of(folder, register.unit(code, YEAR), page))
    return folder


@pytest.fixture(scope="module")
def site(batch) -> BatchSite:
    return write_batch_site(batch, BASE)


@pytest.fixture(scope="module")
def root(site) -> Path:
    return site.index.parent


def test_the_site_lists_every_powiat_and_all_its_links_lead_somewhere(site, root):
    assert (site.reports, site.failed) == (34, 2)
    assert len(list((root / "jednostka").iterdir())) == 36
    pages = sorted(root.rglob("*.html"))
    assert len(pages) == site.pages + site.reports
    for page in pages:
        html = page.read_text(encoding="utf-8")
        for link in re.findall(r'<(?:a|link|script)\b[^>]* (?:href|src)="([^"]+)"', html):
            name, _, part = link.partition("#")
            target = page if not name else page.parent / unquote(name)
            assert target.is_file(), f"{page.name}: {link}"
            assert not part or f'id="{part}"' in target.read_text(encoding="utf-8"), link


def test_failed_empty_and_lost_reports_are_told_and_never_linked(root):
    failed = (root / f"jednostka/{FAILED}.html").read_text(encoding="utf-8")
    assert "nie udało się: zabrakło pamięci" in failed
    lost = (root / f"jednostka/{LOST}.html").read_text(encoding="utf-8")
    assert "plik raportu zniknął" in lost
    assert "raporty/" not in (failed + lost).replace("Spis raportów", "")
    empty = (root / f"jednostka/{EMPTY}.html").read_text(encoding="utf-8")
    assert "bez danych: raport mówi" in empty and f"_{EMPTY}_{YEAR}.html" in empty
    index = (root / "index.html").read_text(encoding="utf-8").replace("\xa0", " ")
    assert "36 raportów, bez danych: 1, nieudane: 1, zaginione: 1" in index
    assert Workspace.open().snapshot.id in index and "22.11.2026" in index
    assert "dane przykładowe, jednostki fikcyjne" in index


def test_other_formats_lie_beside_the_page(root):
    unit = (root / f"jednostka/{RICH}.html").read_text(encoding="utf-8")
    name = f"raporty/{AREA}/{AREA}_{RICH}_{YEAR}.csv"
    assert f'href="../{name}" download' in unit
    assert (root / name).stat().st_size > 0


def test_a_page_on_shared_style_says_what_the_single_file_says(root, batch, source):
    name = f"{AREA}/{AREA}_{RICH}_{YEAR}.html"
    single = (batch / name).read_text(encoding="utf-8")
    assert single == source.read_text(encoding="utf-8")
    shared = (root / "raporty" / name).read_text(encoding="utf-8")
    assert read_numbers(shared) == read_numbers(single)
    assert (
        join_assets((root / "raporty" / name).read_text("utf-8"), root / "raporty" / AREA) == single
    )
    assert read_statements(root / "raporty" / name) == read_statements(batch / name)
    assert len(shared.encode()) < 0.67 * len(single.encode())
    whole = re.sub(r'<link rel="stylesheet"[^>]*>|<script src="[^"]*">', "<script>", shared)
    assert check_html(whole.replace("<script><style", "<style")) == []


def test_a_shared_style_that_was_changed_is_no_part_of_the_report(root, tmp_path):
    shutil.copytree(root, tmp_path / "kopia")
    page = tmp_path / f"kopia/raporty/{AREA}/{AREA}_{RICH}_{YEAR}.html"
    (style,) = page.parents[2].glob("wspolne/styl-*.css")
    style.write_text(style.read_text("utf-8") + ".num{display:none}", encoding="utf-8")
    with pytest.raises(ReportError, match="Wspólny plik strony zmienił się"):
        read_statements(page)


def test_a_changed_digit_is_found_on_a_compact_page_too(root):
    name = f"raporty/{AREA}/{AREA}_{RICH}_{YEAR}.html"
    html = (root / name).read_text(encoding="utf-8")
    changed = re.sub(r"(<data value=[^>]*>\d)(\d)", r"\g<1>\g<2>\g<2>", html, count=1)
    before, after = read_numbers(html), read_numbers(changed)
    assert [a.text != b.text for a, b in zip(before, after, strict=True)].count(True) == 1


def test_the_feed_and_the_site_map_name_pages_that_are_there(root):
    atom = ElementTree.parse(root / "kanal.xml").getroot()
    space = {"a": "http://www.w3.org/2005/Atom"}
    entries = atom.findall("a:entry", space)
    assert len(entries) == 34
    addresses = [e.find("a:link", space).get("href") for e in entries]
    listed = ElementTree.parse(root / "sitemap.xml").getroot()
    told = [one[0].text for one in listed]
    assert set(addresses) < set(told)
    assert all((root / one.removeprefix(f"{BASE}/")).is_file() for one in told)
    updated = [e.find("a:updated", space).text for e in entries]
    assert updated == sorted(updated, reverse=True)
    assert atom.find("a:updated", space).text == updated[0]


def files_of(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


@pytest.fixture
def small_batch(tmp_path, short) -> Path:
    register, manifest = Workspace.open().register, Manifest(tmp_path)
    for code in (RICH, EMPTY):
        manifest.add(row_of(tmp_path, register.unit(code, YEAR), short))
    return tmp_path


def test_a_file_of_somebody_else_stays_and_blocks_nothing(small_batch):
    root = write_batch_site(small_batch).index.parent
    strange = ("robots.txt", "sitemap-moja.txt", "jednostka/notatka.txt", "jednostka/9999.html")
    for name in strange:
        (root / name).write_text("moje")
    write_batch_site(small_batch)
    assert [(root / name).read_text() for name in strange] == ["moje"] * 4
    name = f"{AREA}/{AREA}_{RICH}_{YEAR}.csv"
    assert not (root / "raporty" / name).samefile(small_batch / name)


def test_an_interrupted_site_is_made_whole_and_what_is_no_more_goes(small_batch, short):
    root = write_batch_site(small_batch).index.parent
    whole = files_of(root)
    assert "kanal.xml" not in whole
    for name in ("index.html", "wspolne/spis.js", f"jednostka/{RICH}.html"):
        (root / name).unlink()  # as after a kill
    register, ledger = Workspace.open().register, small_batch / LEDGER
    kept = ledger.read_bytes()
    Manifest(small_batch).add(row_of(small_batch, register.unit("9004", YEAR), short))
    write_batch_site(small_batch, BASE)
    assert (root / "jednostka/9004.html").is_file() and (root / "sitemap.xml").is_file()
    ledger.write_bytes(kept)
    assert "--base-url" in " ".join(write_batch_site(small_batch).notes)
    assert files_of(root) == whole


def test_a_site_without_its_snapshot_has_no_map_and_says_why(small_batch):
    text = (small_batch / LEDGER).read_text(encoding="utf-8")
    known = Workspace.open().snapshot.id
    (small_batch / LEDGER).write_text(text.replace(known, "0" * 16), encoding="utf-8")
    site = write_batch_site(small_batch)
    assert "brak mapy" in site.notes[0]
    index = site.index.read_text(encoding="utf-8")
    assert "brak mapy" in index and "mapa.html" not in index
    assert not (site.index.parent / "mapa.html").exists()


def test_what_is_no_batch_no_address_and_no_site_is_refused(tmp_path, small_batch):
    with pytest.raises(ReportError, match="nie ma partii"):
        write_batch_site(tmp_path / "nic")
    with pytest.raises(ParameterError, match="nie jest adres"):
        write_batch_site(small_batch, "raporty.example.org")
    for bad in (
        "http://[abc",
        "https://x y.pl/",
        'https://a.pl/"b',
        "https://a.pl:x/",
        "http://a/?b",
    ):
        with pytest.raises(ParameterError, match="nie jest adres"):
            check_base_url(bad)
    (small_batch / SITE_FOLDER).mkdir()
    own = small_batch / SITE_FOLDER / "wazne.txt"
    own.write_text("x")
    with pytest.raises(SettingsError, match="inne pliki"):
        write_batch_site(small_batch)
    assert own.read_text() == "x"


def test_a_notebook_of_a_hard_name_is_linked(small_batch, short):
    name = "moj 100% #1"
    page = small_batch / name / f"{name}_{RICH}.html"
    page.parent.mkdir()
    page.write_bytes(short.read_bytes())
    row = row_of(small_batch, Workspace.open().register.unit(RICH, YEAR), short)
    outputs = {str(page.relative_to(small_batch)): file_digest(page)}
    row = dataclasses.replace(row, key="moj", report=name, outputs=outputs)
    Manifest(small_batch).add(row)
    root = write_batch_site(small_batch).index.parent
    for at in (root / "index.html", root / f"jednostka/{RICH}.html", root / f"obszar/{name}.html"):
        links = re.findall(r'<a href="([^"]*moj[^"]*)"', at.read_text("utf-8"))
        assert links and all((at.parent / unquote(urlsplit(one).path)).is_file() for one in links)


# -- in a browser -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        launched = running.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(params=(1280, 390))
def page(request, browser) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": request.param, "height": 844})
    opened = context.new_page()
    opened.complaints = []
    opened.on("console", lambda m: opened.complaints.append(m.text))
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    yield opened
    context.close()


@pytest.fixture(scope="module")
def served(root) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    handler = functools.partial(Quiet, directory=str(root))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.browser
@pytest.mark.parametrize("how", ["file", "http"])
def test_search_and_report_work_from_a_disk_and_from_a_server(page, root, served, how):
    base = root.as_uri() if how == "file" else served
    name = Workspace.open().register.unit(RICH, YEAR).short_label
    page.goto(f"{base}/index.html")
    box = page.get_by_label("Szukaj gminy albo powiatu")
    box.fill(plain_text(name))
    assert page.get_by_role("status").inner_text().startswith("Znaleziono: ")
    first = page.locator("#znalezione a").first
    assert first.inner_text() == name
    box.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/jednostka/*.html")
    assert page.locator("h1").inner_text() == name
    page.locator(".smup-reports a").first.click()
    page.locator(".smup-sort").nth(5).wait_for(state="attached")  # the shared script runs
    assert page.evaluate("document.fonts.check('16px \"Smup Sans\"')")
    page.get_by_role("link", name="Raporty tej jednostki").click()
    assert page.complaints == []


@pytest.mark.browser
def test_the_pages_run_nothing_that_is_not_theirs(page, root):
    page.goto((root / "index.html").as_uri())
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'globalThis.bad = 1';"
        " document.body.append(s); }"
    )
    assert page.evaluate("globalThis.bad") is None
    assert any("Content Security Policy" in text for text in page.complaints)


@pytest.mark.browser
@pytest.mark.parametrize(
    "name",
    ["index.html", "mapa.html", f"jednostka/{RICH}.html", "wojewodztwo/90.html",
     f"obszar/{AREA}.html", f"raporty/{AREA}/{AREA}_{EMPTY}_{YEAR}.html"],
)  # fmt: skip
def test_no_page_has_a_serious_fault_or_is_too_wide(page, root, name, axe_script):
    page.goto((root / name).as_uri())
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert serious_faults(page, axe_script) == []


@pytest.mark.browser
def test_the_map_leads_to_units_by_the_keyboard(page, root):
    page.goto((root / "mapa.html").as_uri())
    assert page.locator(".smup-unit-map a").count() == 36
    page.locator(".smup-unit-map a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/jednostka/9001.html")
    assert page.complaints == []


@pytest.mark.browser
def test_a_compact_report_looks_like_the_single_file(page, root, batch):
    """Every chart is painted alike, dot by dot."""
    pictures = []
    name = f"{AREA}/{AREA}_{RICH}_{YEAR}.html"
    for path in (batch / name, root / "raporty" / name):
        page.goto(path.as_uri())
        page.evaluate("document.querySelector('.smup-site-nav')?.remove()")
        drawings = page.locator("svg.smup-svg:visible").all()
        pictures.append([drawing.screenshot() for drawing in drawings[:3]])
    assert len(pictures[0]) == 3 and pictures[0] == pictures[1]
