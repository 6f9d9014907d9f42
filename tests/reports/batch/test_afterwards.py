"""Every defect planted into a finished batch is named with file and place; without one, nothing is.

The manifest of a spoiled page is written anew, so that no checksum gives the defect away.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from smup_lib.errors import ReportError
from smup_lib.reports.batch.afterwards import check_batch
from smup_lib.reports.batch.manifest import Manifest, Row
from smup_lib.reports.batch.page_check import read_page
from smup_lib.reports.batch.page_shape import odd_ones
from smup_lib.reports.batch.reading_sample import Candidate, choose_sample
from smup_lib.reports.receipt import file_digest
from tests.smup_here import smup_here

YEAR = 2023
OTHERS = ("powiat łąkowski", "powiat brzezicki")
FIGURE = re.compile(r'<figure class="smup-figure.*?</figure>', re.DOTALL)
Spoil = Callable[[str], str]


def write_row(folder: Path, unit: str, name: str, outputs: list[str], **changes) -> Row:
    receipt = json.loads((folder / outputs[-1]).read_text(encoding="utf-8"))
    row = Row(
        key=changes.pop("key", unit),
        report="roads_transport",
        unit=unit,
        unit_name=name,
        year=YEAR,
        parameters={"unit": unit, "year": YEAR},
        snapshot=receipt["snapshot"],
        fingerprint="f",
        status="made",
        outputs={one: file_digest(folder / one) for one in outputs},
    )
    row = dataclasses.replace(row, **changes)
    Manifest(folder).add(row)
    return row


@pytest.fixture(scope="module")
def finished(report_of, report_home, tmp_path_factory) -> Path:
    """Return a batch of one real report and of five that differ from it in the unit only."""
    made = report_of("roads_transport", "9002", YEAR)
    folder = tmp_path_factory.mktemp("batch")
    (folder / "roads_transport").mkdir()
    page = made.html.read_text(encoding="utf-8")
    receipt = made.receipt.read_text(encoding="utf-8")
    label = re.search(r'smup-head-unit">(.*?) \(9002\)<', page)[1]
    for unit in ("9002", "9401", "9402", "9403", "9404", "9405"):
        stem = f"roads_transport/roads_transport_{unit}_{YEAR}"
        own = label if unit == "9002" else f"powiat przykładowy {unit[-1]}"
        text = page.replace("unit=9002;", f"unit={unit};").replace("(9002)", f"({unit})")
        (folder / f"{stem}.html").write_text(text.replace(label, own), encoding="utf-8")
        (folder / f"{stem}.receipt.json").write_text(
            receipt.replace('"unit": "9002"', f'"unit": "{unit}"'), encoding="utf-8"
        )
        write_row(folder, unit, f"{own} ({unit})", [f"{stem}.html", f"{stem}.receipt.json"])
    return folder


@pytest.fixture(scope="module")
def page(finished) -> str:
    name = f"roads_transport/roads_transport_9002_{YEAR}.html"
    return (finished / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def row(finished) -> Row:
    return Manifest(finished).rows["9002"]


@pytest.fixture
def batch(finished, tmp_path) -> Path:
    """Return a copy of the batch that a test may spoil."""
    for path in finished.rglob("*"):
        if path.is_file():
            copy = tmp_path / path.relative_to(finished)
            copy.parent.mkdir(exist_ok=True)
            copy.write_bytes(path.read_bytes())
    return tmp_path


def check(folder: Path, **how):
    return check_batch(folder, **{"browser": False, "alarms": False, **how})


def in_figure(place: int, pattern: str, instead: str) -> Spoil:
    """Return what changes the figure of a place, wherever the pattern matches in it."""

    def spoil(page: str) -> str:
        figure = FIGURE.findall(page)[place]
        changed = re.sub(pattern, instead, figure, flags=re.DOTALL)
        assert changed != figure
        return page.replace(figure, changed, 1)

    return spoil


def in_page(pattern: str, instead: str) -> Spoil:
    def spoil(page: str) -> str:
        changed, count = re.subn(pattern, instead, page, count=1, flags=re.DOTALL)
        assert count == 1
        return changed

    return spoil


def say(words: str) -> Spoil:
    """Return what says words in the last note of the section "Czego nie wiemy"."""
    return in_page(r'(<h2 id="sekcja-\d+">Czego nie wiemy</h2>)', rf"\1<p>{words}</p>")


SHAPES = r"<(path|rect|circle)\b(?:[^>]*/>|.*?</\1>)"
DEFECTS: dict[str, tuple[Spoil, str]] = {
    "chart without marks": (in_figure(1, SHAPES, ""), "empty_chart"),
    "chart without drawing": (in_figure(2, "<svg.*?</svg>", ""), "empty_chart"),
    "mark nowhere": (in_figure(1, r'd="M[\d.]+', 'd="Mnan'), "empty_chart"),
    "chart without table": (
        in_figure(3, r'<details class="smup-twin">.*?</details>', ""), "no_twin"),
    "chart with an empty table": (in_figure(3, "<tbody.*?</tbody>", "<tbody></tbody>"), "no_twin"),
    "chart without words": (in_figure(0, "<desc.*?</desc>", ""), "no_description"),
    "chart without title": (
        in_figure(4, "(<figcaption[^>]*>).*?</figcaption>", r"\1</figcaption>"), "no_description"),
    "table without rows": (
        in_page('(<table role="table".*?)<tbody.*?</tbody>', r"\1<tbody></tbody>"), "empty_table"),
    "place of a table without one": (
        in_page(r'(<div class="smup-table-wrap"[^>]*>)<table.*?</table>', r"\1"), "empty_table"),
    "part gone": (in_page(r'<h2 id="sekcja-4">.*?</h2>', ""), "missing_part"),
    "part without words": (
        in_page(r'(<h2 id="sekcja-\d+">Czego nie wiemy</h2>)',
                r"<h2>Czego nie wiemy naprawdę</h2>\1"), "missing_part"),
    "fold without words": (
        in_page(r'(<details class="smup-more"><summary>[^<]*</summary>).*?</details>',
                r"\1</details>"), "missing_part"),
    "None": (say("Wartość: None zł"), "odd_text"),
    "nan": (say("mediana nan"), "odd_text"),
    "NaN": (say("mediana NaN"), "odd_text"),
    "template": (say("Raport o {{ unit }}"), "odd_text"),
    "format": (say("Raport o {unit_name}"), "odd_text"),
    "traceback": (say("Traceback (most recent call last)"), "odd_text"),
    "error": (say("KeyError: 9002"), "odd_text"),
    "two spaces": (say("dwa  odstępy"), "odd_text"),
    "English": (say("Wydatki, value bez zmian"), "odd_text"),
    "dot": (say("Wydatki: 12.5 zł"), "odd_text"),
    "broken letters": (say("Å‚Ä…ka"), "odd_text"),
    "odd title of a chart": (in_figure(1, '(smup-figure-title">)', r"\1nan "), "odd_text"),
    "None that is heard": (in_page(r'aria-label="[^"]*"', 'aria-label="None nan"'), "odd_text"),
    "nan in the head of a cell": (
        in_page(r'data-label="[^"]*"', 'data-label="nan"'), "odd_text"),
    "digits of another value": (
        in_page(r'(<data class="num" value="\d[^>]*>)[^<]*', r"\g<1>999,9"), "other_number"),
    "no thousands": (
        in_page(r'(<data class="num" value="\d[^>]*>\d+)\xa0(\d)', r"\1\2"), "other_number"),
    "no credits": (in_page(r'<ul class="smup-credits">.*?</ul>', ""), "no_source"),
    "no sources": (in_page(r'<section class="smup-sources">.*?</section>', ""), "no_source"),
    "chart without source": (
        in_figure(1, r'<p class="smup-source">.*?</p>', ""), "no_source"),
    "no findings": (
        lambda page: re.sub('<p class="smup-sentence">.*?</p>', "", page, flags=re.DOTALL),
        "missing_part"),
    "name of another unit": (
        in_page(r'(<p class="smup-sentence">)', r"\1W jednostce powiat łąkowski: "), "other_unit"),
    "number of another unit": (
        in_page(r'(<p class="smup-sentence">.*?data-key="unit=)9002', r"\g<1>9003"), "other_unit"),
    "other unit in the heading": (
        in_page(r'(smup-head-unit">)[^<]*', r"\1powiat brzezicki (9001)"), "other_unit"),
    "other unit in the title": (
        in_page(r"(<title>[^<]*)\(9002\)", r"\1(9001)"), "other_unit"),
    "other year in the title": (in_page(rf"(<title>[^<]*){YEAR}", r"\g<1>2019"), "other_unit"),
    "no number of the receipt": (in_page('<meta name="smup-receipt"[^>]*>', ""), "no_receipt"),
    "no receipt": (
        in_page('<section class="smup-receipt">.*?</section>', '<p id="metryka">brak</p>'),
        "no_receipt"),
    "receipt of another report": (
        in_page(r'(smup-receipt" content=")[^"]*', r"\g<1>000000000000"), "no_receipt"),
}  # fmt: skip


def test_a_finished_page_has_no_fault(page, row):
    assert read_page(page, "a.html", row, OTHERS).faults == ()


@pytest.mark.parametrize("name", DEFECTS)
def test_every_planted_defect_is_named_with_file_and_place(name, page, row):
    spoil, kind = DEFECTS[name]
    found = read_page(spoil(page), "a.html", row, [o for o in OTHERS if o not in row.unit_name])
    faults = [fault for fault in found.faults if fault.kind == kind]
    assert faults, found.faults
    assert {fault.file for fault in found.faults} == {"a.html"}
    whole_page = name in (
        "no credits",
        "no sources",
        "part gone",
        "other unit in the title",
        "other year in the title",
    )
    if kind != "no_receipt" and not whole_page:
        assert any(fault.place for fault in faults)


def test_an_untouched_batch_has_no_fault(finished):
    found = check(finished)
    assert found.faults == ()
    assert (found.reports, found.pages, found.files) == (6, 6, 12)
    assert found.sound


def test_files_that_changed_or_went_are_named(batch):
    pages = sorted((batch / "roads_transport").glob("*.html"))
    pages[0].unlink()
    pages[1].write_text(pages[1].read_text("utf-8") + "<!-- -->", "utf-8")
    pages[2].write_bytes(b"")
    pages[3].with_name(f"{pages[3].stem}.receipt.json").write_text("{", "utf-8")
    found = check(batch)
    told = {(fault.kind, Path(fault.file).name) for fault in found.faults}
    assert told == {
        ("missing_file", pages[0].name),
        ("altered_file", pages[1].name),
        ("altered_file", pages[2].name),
        ("unreadable", pages[2].name),
        ("altered_file", f"{pages[3].stem}.receipt.json"),
        ("no_receipt", f"{pages[3].stem}.receipt.json"),
    }


def test_failed_double_and_misfit_reports_are_named(batch):
    rows = Manifest(batch).rows
    first, second, third = (rows[unit] for unit in ("9401", "9402", "9403"))
    ledger = Manifest(batch)
    ledger.add(dataclasses.replace(first, status="failed", error="padł", outputs={}))
    ledger.add(dataclasses.replace(second, outputs={**second.outputs, **third.outputs}))
    page = next(iter(rows["9404"].outputs))
    ledger.add(dataclasses.replace(rows["9404"], outputs={page: rows["9404"].outputs[page]}))
    ledger.add(dataclasses.replace(rows["9405"], snapshot="inny"))
    told = [(fault.kind, fault.file, fault.said) for fault in check(batch).faults]
    assert ("failed", f"roads_transport, {first.unit_name}, {YEAR} r.", "padł") in told
    for name in third.outputs:
        assert ("double", name, "plik podają 2 wiersze manifestu") in told
    assert ("no_receipt", page, "manifest nie podaje pliku metryki") in told
    assert any(kind == "no_receipt" and "stan danych" in said for kind, _, said in told)


def test_the_same_page_twice_and_pages_of_odd_size_are_named(batch):
    rows = Manifest(batch).rows
    names = {unit: next(iter(row.outputs)) for unit, row in rows.items()}
    (batch / names["9402"]).write_bytes((batch / names["9401"]).read_bytes())
    long, short = batch / names["9403"], batch / names["9404"]
    text = long.read_text("utf-8")
    long.write_text(text + "<!--" + "x" * 2 * len(text.encode()) + "-->", "utf-8")
    short.write_text(text[: len(text) // 20], "utf-8")
    for unit, row in rows.items():
        outputs = {name: file_digest(batch / name) for name in row.outputs}
        Manifest(batch).add(dataclasses.replace(rows[unit], outputs=outputs))
    told = [(fault.kind, fault.file) for fault in check(batch).faults]
    assert ("double", names["9402"]) in told
    assert [file for kind, file in told if kind == "odd_size"] == [names["9403"], names["9404"]]
    assert ("other_unit", names["9402"]) in told


GUTTED: dict[str, tuple[str, str]] = {
    r"<figure class=\"smup-figure.*?</figure>": ("wykresy: 0", ""),
    r"<li class=\"smup-finding .*?</li>": ("nie ma ani jednego ustalenia", ""),
    r"<h2 id=\"sekcja-\d+\">Źródła</h2>": ("nie ma części „Źródła”", ""),
    r"<h2 id=\"sekcja-\d+\">(Czego nie wiemy)</h2>": ("innej kolejności", r"<p>\1</p>"),
}


@pytest.mark.parametrize("pattern", GUTTED)
def test_a_page_that_lacks_what_its_siblings_have_is_named(pattern, page, row):
    said, instead = GUTTED[pattern]
    whole = read_page(page, "a.html", row).shape
    spoiled = re.sub(pattern, instead, page, flags=re.DOTALL)
    assert spoiled != page
    if "kolejności" in said:
        spoiled = spoiled.replace("</main>", "<h2>Czego nie wiemy</h2></main>")
    shape = read_page(spoiled, "a.html", row).shape
    found = list(odd_ones([*[whole] * 5, shape]))
    assert {place for place, _ in found} == {5}
    assert any(said in words for _, words in found), found


def test_tables_alike_without_a_row_are_no_double(batch):
    rows = Manifest(batch).rows
    for unit in ("9401", "9402"):
        page = next(iter(rows[unit].outputs))
        table = (batch / page).with_suffix(".csv")
        table.write_text("klucz;wartość\n", "utf-8")
        name = str(table.relative_to(batch))
        outputs = {name: file_digest(table), **rows[unit].outputs}
        Manifest(batch).add(dataclasses.replace(rows[unit], outputs=outputs))
    assert check(batch).faults == ()


def test_a_folder_without_a_batch_is_refused(tmp_path):
    with pytest.raises(ReportError, match="brak manifestu"):
        check(tmp_path)


def test_the_sample_is_the_same_for_a_seed_and_holds_every_kind(row):
    candidates = [
        Candidate(f"{kind}{n}.html", dataclasses.replace(row, warnings=("x",) if n == 4 else ()),
                  kind, n)
        for kind in ("gmina wiejska", "powiat ziemski", "miasto") for n in range(1, 30)
    ]  # fmt: skip
    chosen = choose_sample(candidates, 9, seed=7)
    assert chosen == choose_sample(candidates, 9, seed=7)
    assert chosen != choose_sample(candidates, 9, seed=8)
    by_lot = [one.why for one in chosen[:9]]
    assert len(set(by_lot)) == 9
    told = " ".join(one.why for one in chosen[9:])
    assert "najmniej wyników: 1" in told
    assert "ostrzeżenie: x" in told


def test_what_chance_alone_gives_is_told_once_for_the_batch(batch):
    rows = Manifest(batch).rows
    for unit in list(rows)[1:]:
        Manifest(batch).add(dataclasses.replace(rows[unit], status="empty"))
    found = check(batch, alarms=True)
    assert any("sam przypadek wskazałby" in sentence for sentence in found.alarms)
    Manifest(batch).add(dataclasses.replace(rows["9002"], snapshot="0" * 16))
    assert any("fałszywe alarmy" in text for text in check(batch, alarms=True).skipped)


def test_the_command_ends_with_1_on_faults_only(batch):
    words = ("report", "check", str(batch), "--no-browser", "--no-alarms")
    sound = smup_here(*words, "--json")
    assert (sound.returncode, json.loads(sound.stdout)["ok"]) == (0, True)
    page = min((batch / "roads_transport").glob("*.html"))
    page.unlink()
    spoiled = smup_here(*words)
    assert spoiled.returncode == 1
    for told in ("brak pliku", page.name, "1 usterka", "Do przeczytania przez człowieka"):
        assert told in spoiled.stdout
