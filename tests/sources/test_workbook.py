"""Workbooks that are damaged, encrypted, made to harm or simply something else."""

from __future__ import annotations

import io
import random
import re
import struct
import subprocess
import sys
import zipfile

import pytest

from smup_lib.errors import UnreadableFileError
from smup_lib.sources import workbook
from smup_lib.sources.input_files import InputFile
from smup_lib.sources.recognise import FileKind, recognise
from smup_lib.sources.workbook import open_workbook
from tests.sources import workbook_twins as twins

XLSX = twins.xtab()
XLS = twins.xls({"Tabl.IV": twins.VITAL})


def refused(content: bytes) -> str:
    with pytest.raises(UnreadableFileError) as caught:
        open_workbook(content, "dane.xlsx")
    error = caught.value
    assert error.where == "dane.xlsx"
    assert error.expected
    assert error.next_step
    return str(error)


def encrypted_xlsx() -> bytes:
    """Return the compound file in which Excel wraps a workbook that has a password."""
    old, new = "Workbook".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le")
    entry = XLS.index(old + bytes(64 - len(old)))
    name = new.ljust(64, b"\0") + struct.pack("<H", len(new) + 2)
    return XLS[:entry] + name + XLS[entry + 66 :]


def encrypted_xls() -> bytes:
    """Return an xls with the record of a password behind its first record."""
    place = XLS.index(b"\x09\x08\x10\x00") + 20
    return XLS[:place] + b"\x2f\x00" + XLS[place + 2 :]


def rezipped(change) -> bytes:
    """Return the xlsx with its parts changed; control sums are right."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(XLSX)) as old, zipfile.ZipFile(content, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return content.getvalue()


def test_sheets_and_rows_of_both_layouts():
    book = open_workbook(XLSX, "x")
    assert (book.layout, book.names) == ("xlsx", ("OPIS", "TABLICA"))
    assert book.rows("TABLICA")[3][:3] == ["0000000", "POLSKA", 5000.25]
    old = open_workbook(XLS, "x")
    assert (old.layout, str(old.form("Tabl.IV"))) == ("xls", "Excel (xls), arkusz „Tabl.IV”")
    assert len(old.rows("Tabl.IV", 3)) == 3


@pytest.mark.parametrize("content", [encrypted_xlsx(), encrypted_xls()], ids=["xlsx", "xls"])
def test_an_encrypted_workbook_is_named_so(content):
    assert "hasłem" in refused(content)


@pytest.mark.parametrize("kept", [0.2, 0.6, 0.98])
@pytest.mark.parametrize("content", [XLSX, XLS], ids=["xlsx", "xls"])
def test_a_cut_workbook(content, kept):
    assert "uci" in refused(content[: int(len(content) * kept)])


def test_a_damaged_part_is_found_by_its_control_sum():
    place = XLSX.index(b"xl/worksheets/sheet2.xml") + 60
    assert "uszkodzony" in refused(XLSX[:place] + b"\xff\x00\xff" + XLSX[place + 3 :])


def test_garbage_in_an_old_workbook_never_ends_the_program():
    """The parser asks some of these for all memory there is; nothing may reach this process."""
    chance = random.Random(1)
    outcomes = set()
    for _ in range(12):
        content = bytearray(XLS)
        for _ in range(40):
            content[chance.randrange(512, len(content))] = chance.randrange(256)
        try:
            outcomes.add(bool(open_workbook(bytes(content), "x").names))
        except UnreadableFileError:
            outcomes.add(False)
    assert False in outcomes


def test_another_document_of_old_office():
    document = XLS.replace("Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le"))
    assert "inny dokument" in refused(document)


def test_a_zip_bomb_is_refused_before_it_is_opened():
    def swollen(name: str, part: bytes) -> bytes:
        return part + b" " * 64 * 1024 * 1024 if name.endswith("sheet1.xml") else part

    assert "bomba" in refused(rezipped(swollen))


def test_a_sheet_that_claims_to_be_endless():
    """Two cells in opposite corners make a sheet of 17 milliard cells."""

    def stretched(name: str, part: bytes) -> bytes:
        far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        return part.replace(b"</sheetData>", far) if name.endswith("sheet2.xml") else part

    assert "nie da się otworzyć" in refused(rezipped(stretched))


def test_a_sheet_that_reaches_too_far(monkeypatch):
    monkeypatch.setattr(workbook, "MOST_CELLS", 40)
    with pytest.raises(UnreadableFileError, match="sięga 8 wierszy i 6 kolumn"):
        open_workbook(XLSX, "x").rows("TABLICA")


def test_cells_with_an_error_are_told():
    def wrong(name: str, part: bytes) -> bytes:
        if not name.endswith("sheet2.xml"):
            return part
        return re.sub(rb'<c r="C5"><v>[^<]*', b'<c r="C5" t="e"><v>#DIV/0!', part)

    (warning,) = open_workbook(rezipped(wrong), "x").warnings
    assert "1 komórka z błędem arkusza" in warning


@pytest.mark.parametrize("name", ["dane.xlsx", "dane.xls", "dane.csv"])
def test_a_page_named_as_a_workbook(name, tmp_path):
    path = twins.saved(tmp_path, name, b"<html><head><title>Serwis</title></head></html>")
    with pytest.raises(UnreadableFileError, match="strona internetowa"):
        recognise(InputFile(path))


def test_a_workbook_of_somebody_else_is_known_and_not_read(tmp_path):
    path = twins.saved(tmp_path, "x.csv", twins.xlsx({"Arkusz1": [["imię", "kwota"], ["A", 1]]}))
    recognised = recognise(InputFile(path))
    assert recognised.kind is FileKind.WORKBOOK
    assert not recognised.supported


def test_help_does_not_load_the_reader_of_workbooks():
    code = "import sys, smup_lib.cli; print('python_calamine' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
