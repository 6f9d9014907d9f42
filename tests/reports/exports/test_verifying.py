"""A file that says something else than its data is found out, and told where and what."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from pathlib import Path

import nbformat
import pytest

from smup_lib.errors import ReportError, SnapshotError
from smup_lib.paths import receipts_dir, snapshots_dir
from smup_lib.reports.batch.site_pages import navigation
from smup_lib.reports.exports.formats import write_format
from smup_lib.reports.exports.stated import CODE_PLACE
from smup_lib.reports.exports.statements import Statement, read_statements
from smup_lib.reports.exports.told_receipt import as_receipt
from smup_lib.reports.receipt import file_digest
from smup_lib.reports.shared_assets import share_assets
from smup_lib.reports.verifying import _notes, compare, list_differences, verify_report
from smup_lib.snapshots import current_id
from tests.report_home import run_in_fork
from tests.reports.exports.keyed_notebook import GIVEN, keyed_notebook
from tests.smup_here import smup_here


@pytest.fixture(scope="module")
def made(report_home, tmp_path_factory):
    """Return the notebook and the files of its report; tests change copies of them."""
    folder = tmp_path_factory.mktemp("verify")
    notebook = keyed_notebook(folder)
    html = run_in_fork(notebook, GIVEN, folder).html
    files = {name: write_format(html, name) for name in ("docx", "xlsx")}
    return notebook, {"html": html, **files}


@pytest.fixture(scope="module")
def again(made, tmp_path_factory):
    """Return what a file of the report says otherwise than the report made again."""
    notebook, _ = made
    html = run_in_fork(notebook, GIVEN, tmp_path_factory.mktemp("again")).html

    def differences(path: Path):
        return list(compare(read_statements(path), read_statements(right[path.suffix])))

    right = {f".{name}": write_format(html, name) for name in ("html", "docx", "xlsx")}
    return differences


def page_with(made, tmp_path, *changes: tuple[str, str]) -> Path:
    """Return a copy of the page in which texts, each there, are replaced."""
    text = made[1]["html"].read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "zmieniony.html"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["html", "docx", "xlsx"])
def test_an_untouched_file_is_sound(made, again, name):
    assert again(made[1][name]) == []


def test_verifying_makes_the_report_again_and_leaves_nothing(made, report_home):
    notebook, files = made
    before = sorted(path.name for path in receipts_dir().iterdir())
    found = verify_report(files["html"], notebook)
    assert sorted(path.name for path in receipts_dir().iterdir()) == before
    assert found.sound
    assert (found.numbers, found.notes) == (5, ())
    assert found.statements >= 15


def test_a_changed_digit_that_is_read_is_named(made, again, tmp_path):
    (one,) = again(page_with(made, tmp_path, (">41,2<", ">47,2<")))
    assert one.place == "Drogi"
    assert (one.stated, one.recomputed) == ("Stan: 47,2 na sto.", "Stan: 41,2 na sto.")


def test_a_changed_value_that_only_a_machine_reads_is_named(made, again, tmp_path):
    (one,) = again(page_with(made, tmp_path, ('value="12.5"', 'value="13.5"')))
    assert one.place == "Obiekty › Obiekty według rodzaju › mosty › liczba"
    assert "=13.5" in one.stated
    assert "=12.5" in one.recomputed


def test_a_changed_text_of_a_drawing_is_named(made, again, tmp_path):
    (one,) = again(page_with(made, tmp_path, (">5,5<", ">9,5<")))
    assert one.place == "Wykres"
    assert "9,5" in one.stated
    assert "5,5" in one.recomputed


def test_a_removed_row_is_named_and_the_rest_stays_sound(made, again, tmp_path):
    text = made[1]["html"].read_text(encoding="utf-8")
    row = re.search(r"<tr><th[^>]*>wiadukty.*?</tr>", text, re.S)
    assert row is not None
    found = again(page_with(made, tmp_path, (row[0], "")))
    assert [(one.stated, one.recomputed) for one in found] == [("", "wiadukty"), ("", "3,0")]


def test_what_is_neither_word_nor_number_is_compared_too(made, again, tmp_path):
    path = page_with(made, tmp_path, ("</head>", "<style>p{opacity:0}</style></head>"))
    (one,) = again(path)
    assert "opacity" in one.stated
    assert "opacity" not in one.recomputed


def test_a_receipt_that_is_shown_otherwise_is_named(made, again, tmp_path):
    number = json.loads(made[1]["html"].with_suffix(".receipt.json").read_text())["id"]
    (one,) = again(page_with(made, tmp_path, (f">{number}<", ">000000000000<")))
    assert (one.place, one.stated) == ("Metryka raportu › Numer", "000000000000")
    changed = page_with(made, tmp_path, (f'"id": "{number}"', '"id": "000000000000"'))
    assert [one.recomputed for one in again(changed)] == [number]


PLANTED = "Wydatki: 999 zł"


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        pytest.param(
            "<main",
            f'<section class="smup-receipt"><h2>{PLANTED}</h2></section><main',
            CODE_PLACE,
            id="another receipt",
        ),
        pytest.param(
            "Metryka raportu</h2>",
            f"Metryka raportu</h2><table><tr><td>{PLANTED}</td></tr></table>",
            "Metryka raportu › Numer",
            id="a row in the receipt",
        ),
        pytest.param(
            '"fictional": true',
            f'"fictional": true, "uwaga": "{PLANTED}"',
            "Metryka raportu › uwaga",
            id="a field of the receipt",
        ),
        pytest.param(
            '<meta name="smup-receipt"',
            f'<meta name="x" content="{PLANTED}"><meta name="smup-receipt"',
            CODE_PLACE,
            id="meta",
        ),
    ],
)
def test_what_is_planted_into_a_page_is_found(made, again, tmp_path, old, new, place):
    found = again(page_with(made, tmp_path, (old, new)))
    assert any(one.place == place and PLANTED in one.stated for one in found)


def with_receipt(made, tmp_path, **changes: object) -> Path:
    """Return a copy of the page as if it had been made with another receipt, whole and sound."""
    text = made[1]["html"].read_text(encoding="utf-8")
    told = json.loads(made[1]["html"].with_suffix(".receipt.json").read_text()) | {"outputs": {}}
    old, new = as_receipt(told), as_receipt(told | changes)
    for one, other in (
        (old.render(), new.render()),
        (old.to_json(), new.to_json()),
        (f'name="smup-receipt" content="{old.id}"', f'name="smup-receipt" content="{new.id}"'),
    ):
        assert text.count(one) == 1
        text = text.replace(one, other)
    path = tmp_path / "inny.html"
    path.write_text(text, encoding="utf-8")
    return path


def test_another_python_is_no_difference(made, again, tmp_path):
    packages = {"numpy": "1.0"}
    page = with_receipt(made, tmp_path, python="3.99.1", packages=packages)
    assert again(page) == []
    told = " ".join(_notes(read_statements(page).receipt, made[0]))
    assert "Pythonie 3.99.1" in told
    assert "numpy 1.0 (tu " in told


@pytest.mark.parametrize(
    "change",
    [
        {"python": PLANTED},
        {"group": {"rule": "r", "members": 1, "description": PLANTED}},
        {"packages": {PLANTED: "1"}},
    ],
)
def test_a_receipt_that_says_more_than_a_receipt_does_is_found(made, again, tmp_path, change):
    assert any(PLANTED in one.stated for one in again(with_receipt(made, tmp_path, **change)))


@pytest.fixture(scope="module")
def site_page(made, tmp_path_factory):
    """Return a function that writes the page as a site has it, changed, with its shared files."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "raporty/a").mkdir(parents=True)
    (folder / "wspolne").mkdir()
    text = made[1]["html"].read_text(encoding="utf-8")
    found = re.search(r"<figure>.*?</figure>", text, re.S)
    assert found is not None
    drawing = found[0].replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"')
    text = text.replace(found[0], 60 * drawing)  # so long that a compact page is shorter
    shared = share_assets(text, "../../wspolne/", navigation("../../", True, "9002"))
    for name, content in shared.files.items():
        (folder / "wspolne" / name).write_text(content, encoding="utf-8")

    def write(old: str = "", new: str = "") -> Path:
        assert old in shared.html
        path = folder / "raporty/a/strona.html"
        path.write_text(shared.html.replace(old, new, 1) if old else shared.html, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<style class="smup-skroty">', '<style class="smup-skroty">data::after{content:"99,9"}'),
        ("</nav><main", "<p>99,9</p></nav><main"),
        ("Spis raportów</a>", "99,9</a>"),
    ],
)
def test_what_is_planted_into_a_page_of_a_site_is_found(site_page, old, new):
    assert read_statements(site_page()).own == ()
    (one,) = read_statements(site_page(old, new)).own
    assert "99,9" in one.stated
    assert "99,9" not in one.recomputed


def archive_with(source: Path, folder: Path, part: str, old: bytes, new: bytes) -> Path:
    """Return a copy of a document or workbook in whose parts a text, there once, is replaced."""
    path = folder / f"zmieniony{source.suffix}"
    seen = 0
    with zipfile.ZipFile(source) as whole, zipfile.ZipFile(path, "w") as copy:
        for name in whole.namelist():
            data = whole.read(name)
            if name.startswith(part):
                seen += data.count(old)
                data = data.replace(old, new)
            copy.writestr(name, data)
    assert seen == 1
    return path


def test_a_changed_cell_of_a_document_is_named(made, again, tmp_path):
    path = archive_with(made[1]["docx"], tmp_path, "word/document", b">12,5<", b">19,5<")
    (one,) = again(path)
    assert (one.place, one.stated, one.recomputed) == ("Obiekty › mosty › liczba", "19,5", "12,5")


def test_a_changed_drawing_of_a_document_is_named(made, again, tmp_path):
    path = archive_with(made[1]["docx"], tmp_path, "word/media", b"IEND", b"IEND ")
    (one,) = again(path)
    assert one.place == "Wykres"
    assert "punkty rysunku" in one.stated != one.recomputed


_END = b"<w:sectPr"
_RUN = f"<w:r><w:t>{PLANTED}</w:t></w:r>"


@pytest.mark.parametrize(
    "planted",
    [
        f'<w:p><w:ins w:id="9" w:author="S">{_RUN}</w:ins></w:p>',
        f"<w:sdt><w:sdtContent><w:p>{_RUN}</w:p></w:sdtContent></w:sdt>",
        f"<w:p><w:r><w:pict><w:txbxContent><w:p>{_RUN}</w:p></w:txbxContent></w:pict></w:r></w:p>",
        f'<w:p><w:fldSimple w:instr="= 999"/>{_RUN}</w:p>',
        f"<w:customXml><w:tbl><w:tr><w:tc><w:p>{_RUN}</w:p></w:tc></w:tr></w:tbl></w:customXml>",
    ],
)
def test_what_is_planted_into_a_document_is_found(made, again, tmp_path, planted):
    new = planted.encode() + _END
    found = again(archive_with(made[1]["docx"], tmp_path, "word/document", _END, new))
    assert any(PLANTED in one.stated for one in found)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b">12,5<", b">12,5</w:t></w:r><w:del><w:r><w:t/></w:r></w:del><w:r><w:t><", "skreślenie"),
        (b"<w:t>12,5<", b"<w:rPr><w:vanish/></w:rPr><w:t>12,5<", "ukryty"),
    ],
)
def test_tracked_changes_and_hidden_words_are_told(made, again, tmp_path, old, new, told):
    found = again(archive_with(made[1]["docx"], tmp_path, "word/document", old, new))
    assert any(told in one.stated for one in found)


@pytest.mark.parametrize("name", ["word/footnotes.xml", "word/comments.xml", "word/header7.xml"])
def test_other_parts_of_a_document_are_read(made, again, tmp_path, name):
    path = tmp_path / "dopisany.docx"
    path.write_bytes(made[1]["docx"].read_bytes())
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, f'<w:x xmlns:w="{space}"><w:p>{_RUN}</w:p></w:x>')
    (one,) = again(path)
    assert one.stated == PLANTED


_ROW = b'<row r="90"><c r="%s90" t="inlineStr"><is><t>99,9</t></is></c></row></sheetData>'


@pytest.mark.parametrize(
    ("part", "old", "new", "told"),
    [
        ("xl/worksheets/sheet3", b"<v>12.5</v>", b"<f>1015</f><v>12.5</v>", "=1015"),
        ("xl/styles", b'"#,##0.0"', b'"&quot;99,9&quot;"', "99,9"),
        ("xl/worksheets/sheet5", b"</sheetData>", _ROW % b"A", "Metryka raportu › 99,9"),
        ("xl/worksheets/sheet5", b"</sheetData>", _ROW % b"C", "99,9"),
        ("xl/worksheets/sheet3", b"</sheetData>", b"</sheetData><drawing/>", "drawing"),
        ("xl/workbook", b'sheetId="3"', b'sheetId="3" state="hidden"', "ukryty"),
    ],
)
def test_what_is_planted_into_a_workbook_is_found(made, again, tmp_path, part, old, new, told):
    found = again(archive_with(made[1]["xlsx"], tmp_path, part, old, new))
    assert any(told in f"{one.place} {one.stated}" for one in found)


def test_an_unknown_part_of_a_workbook_is_told(made, again, tmp_path):
    path = tmp_path / "z rysunkiem.xlsx"
    path.write_bytes(made[1]["xlsx"].read_bytes())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/comments1.xml", "<comments/>")
    (one,) = again(path)
    assert "comments1.xml" in one.place


@pytest.mark.parametrize(
    ("name", "data"),
    [
        *((f"a.{ending}", data) for ending in ("html", "docx", "xlsx") for data in (b"", b" \n")),
        *((f"a.{ending}", b"nic") for ending in ("html", "docx", "xlsx")),
        ("a.html", b"<!-- -->"),
        ("a.html", b'<main></main><script id="smup-receipt">["snapshot"]</script>'),
        ("a.html", b'<main></main><script id="smup-receipt">{"snapshot": 7}</script>'),
        ("a.html", b'<main></main><script id="smup-receipt">{</script>'),
    ],
)
def test_a_file_that_is_none_of_ours_is_refused(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ReportError):
        read_statements(path)


def test_all_that_a_receipt_lacks_is_told_at_once(tmp_path):
    path = tmp_path / "a.html"
    told = json.dumps({"snapshot": "c5", "packages": []})
    path.write_text(f'<main></main><script id="smup-receipt">{told}</script>')
    with pytest.raises(ReportError) as caught:
        read_statements(path)
    listed = " ".join(caught.value.problems)
    assert all(word in listed for word in ("brak pola python", "packages", "16 znaków"))


def test_a_changed_cell_of_a_workbook_is_named(made, again, tmp_path):
    part = "xl/worksheets/sheet3"
    path = archive_with(made[1]["xlsx"], tmp_path, part, b"<v>12.5</v>", b"<v>19.5</v>")
    (one,) = again(path)
    assert one.place == "arkusz 1 Obiekty według rodzaju, komórka B4"
    assert (one.stated, one.recomputed) == ("19.5", "12.5")


def test_a_file_without_a_receipt_is_refused(made, tmp_path):
    path = tmp_path / "bez.html"
    text = made[1]["html"].read_text(encoding="utf-8")
    path.write_text(re.sub(r"<script[^>]*smup-receipt.*?</script>", "", text, flags=re.S))
    with pytest.raises(ReportError, match="nie ma metryki"):
        read_statements(path)
    (tmp_path / "a.docx").write_bytes(io.BytesIO(b"PK").getvalue())
    with pytest.raises(ReportError, match="nie jest plik raportu"):
        read_statements(tmp_path / "a.docx")


def test_a_notebook_changed_since_is_noted(made, again, tmp_path):
    notebook, files = made
    other = nbformat.read(notebook, as_version=4)
    other.cells[0].source = "# Inny tytuł"
    path = tmp_path / "obiekty.ipynb"
    nbformat.write(other, path)
    assert verify_report(files["html"], path).notes == (
        "notatnik zmienił się od utworzenia raportu",
    )


def test_a_file_never_decides_which_program_runs(made):
    with pytest.raises(ReportError) as caught:
        verify_report(made[1]["html"])
    assert f"--notebook {made[0]}" in caught.value.next_step


def test_a_snapshot_that_is_not_here_is_told(made, tmp_path):
    snapshot = json.loads(made[1]["html"].with_suffix(".receipt.json").read_text())["snapshot"]
    path = page_with(
        made, tmp_path, (f'"snapshot": "{snapshot}"', '"snapshot": "0123456789abcdef"')
    )
    with pytest.raises(SnapshotError):
        verify_report(path, made[0])


def test_data_outside_the_store_are_named_by_who_asks(made, tmp_path):
    receipt = made[1]["html"].with_suffix(".receipt.json")
    told = json.loads(receipt.read_text(encoding="utf-8"))
    own = snapshots_dir() / told["snapshot"]
    forged = tmp_path / "dane"
    shutil.copytree(own, forged)
    text = (forged / "manifest.json").read_text(encoding="utf-8")
    page = with_receipt(made, tmp_path, snapshot="0123456789abcdef", snapshot_path=str(forged))
    with pytest.raises(SnapshotError, match="Nie ma stanu danych 0123456789abcdef"):
        verify_report(page, made[0])  # what the file names is not asked
    with pytest.raises(SnapshotError, match="nie jest stan danych"):
        verify_report(page, made[0], forged)
    changed = text.replace(told["snapshot"], "0123456789abcdef")
    (tmp_path / "obce").mkdir()
    for path in forged.iterdir():
        path.rename(tmp_path / "obce" / path.name)
    (tmp_path / "obce/manifest.json").write_text(changed, encoding="utf-8")
    with pytest.raises(SnapshotError, match="uszkodzony"):
        verify_report(page, made[0], tmp_path / "obce")


def test_moved_statements_are_told_as_moved_when_many_differ():
    old = [Statement("Drogi", str(number)) for number in range(60)]
    new = [Statement("Drogi", "nowe"), *old[:-1]]
    found = list(list_differences(new, old))
    assert [(one.stated, one.recomputed) for one in found] == [("nowe", ""), ("", "59")]


def test_the_command_tells_every_file_and_ends_with_one_when_any_is_wrong(made, tmp_path):
    notebook, files = made
    wrong = page_with(made, tmp_path, (">41,2<", ">47,2<"))
    words = ("report", "verify", str(files["html"]), str(wrong), "brak.html")
    done = smup_here(*words, "--notebook", str(notebook))
    assert done.returncode == 1
    assert f"{files['html']}: zgodny z danymi" in done.stdout
    assert "Stan: 47,2 na sto." in done.stdout
    assert "brak.html: nie udało się sprawdzić" in done.stderr
    told = json.loads(
        smup_here(*words[:2], str(wrong), "--notebook", str(notebook), "--json").stdout
    )
    assert not told["ok"]
    (problem,) = told["problems"]
    assert (problem["where"], problem["expected"]) == ("Drogi", "Stan: 41,2 na sto.")


@pytest.mark.parametrize("ending", ["pdf", "pptx", "csv"])
def test_a_format_that_is_not_read_is_held_against_its_receipt(report_home, tmp_path, ending):
    file = tmp_path / f"a.{ending}"
    file.write_bytes(b"liczby")
    receipt = tmp_path / "a.receipt.json"
    data = current_id()
    told = {"id": "abc", "snapshot": data, "outputs": {file.name: file_digest(file)}}
    receipt.write_text(json.dumps(told), encoding="utf-8")
    assert verify_report(file).sound
    file.write_bytes(b"liczba")
    (found,) = verify_report(file).differences
    assert found.recomputed == told["outputs"][file.name] != found.stated
    receipt.write_text(json.dumps({**told, "snapshot": "0123"}), encoding="utf-8")
    with pytest.raises(SnapshotError):
        verify_report(file)
    receipt.unlink()
    with pytest.raises(ReportError, match="sumy kontrolnej"):
        verify_report(file)
