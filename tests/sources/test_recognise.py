"""Kinds of files by content alone."""

from __future__ import annotations

import pytest

from smup_lib.errors import UnreadableFileError
from smup_lib.sources.input_files import InputFile, list_input_files
from smup_lib.sources.recognise import KIND_NAMES, FileKind, recognise, recognise_head
from tests.bytes_read import at_most_read
from tests.sources import twins

KINDS = {
    twins.CTAB: FileKind.CTAB,
    twins.HEALTH: FileKind.CTAB,
    twins.CREL: FileKind.CREL,
    twins.TERC_2022: FileKind.TERC,
    twins.TWINS / "WMRODZ_fikcyjny.csv": FileKind.WMRODZ,
    twins.PANEL: FileKind.LONG_TABLE,
    twins.LIBRARY: FileKind.LONG_TABLE,
    twins.TWINS / "units.csv": FileKind.UNIT_DICTIONARY,
    twins.TWINS / "variables.csv": FileKind.VARIABLE_DICTIONARY,
    twins.GEOJSON: FileKind.BOUNDARIES,
    twins.TOPOJSON: FileKind.BOUNDARIES,
}


@pytest.mark.parametrize("path", KINDS, ids=lambda path: path.name)
def test_twins(path):
    assert recognise(InputFile(path)).kind is KINDS[path]


@pytest.mark.parametrize("path", KINDS, ids=lambda path: path.name)
def test_the_name_does_not_matter(path, tmp_path):
    renamed = tmp_path / "zdjecie.jpg"
    renamed.write_bytes(path.read_bytes())
    assert recognise(InputFile(renamed)).kind is KINDS[path]


def test_an_archive_is_no_workbook(tmp_path):
    path = twins.write_zip(tmp_path / "x.zip", {"a.csv": b"a"})
    assert recognise(InputFile(path)).kind is FileKind.ARCHIVE


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b"", "pusty"),
        (b"  \r\n\r\n", "pusty"),
        (b"<!DOCTYPE html><html><head><title>Serwis zaj\xc4\x99ty</title>", "Serwis zajęty"),
        (b"\xef\xbb\xbf\r\n<HTML><BODY>Error 503</BODY></HTML>", "strona internetowa"),
        (b"<?xml version='1.0'?><teryt/>", "XML"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n", "PNG"),
        (bytes(range(256)) * 8, "bajty zerowe"),
        (bytes(range(1, 32)) * 100, "nie jest plik tekstowy"),
        (b'{"errorResult": "Limit"}', "odpowiedź z błędem"),
        (b'{"results": []}', "nie granice"),
        (b"lorem ipsum dolor sit amet", "Nieznany układ"),
        ("Kod;Nazwa;ogółem".encode(), "nagłówek jest skrócony"),
        (b"unit_code,year,value", "variable"),
        ("Łódź".encode("utf-16"), "UTF-16"),
    ],
)
def test_what_is_no_data_is_refused_with_what_was_seen(head, said):
    with pytest.raises(UnreadableFileError) as caught:
        recognise_head(head, "plik.csv")
    assert said in str(caught.value)
    assert caught.value.where == "plik.csv"


@pytest.mark.parametrize("head", [bytes(range(256)) * 8, bytes(range(1, 32)) * 100])
def test_rubbish_called_a_workbook_is_told_as_one(head):
    with pytest.raises(UnreadableFileError, match="Plik Excela jest uszkodzony albo to nie plik"):
        recognise_head(head, "dane.zip/Dane.XLSX")


def test_gml_is_known():
    head = (
        b'<?xml version="1.0"?><wfs:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2">'
    )
    assert recognise_head(head, "x").kind is FileKind.GML


@pytest.mark.parametrize("content", [b"\x00", b"q", b"1;2;3\n"])
def test_200_mb_of_garbage_cost_nothing(content, tmp_path):
    """Sparse zeros, one endless line, and rows of nothing: only the beginning is read."""
    path = tmp_path / "dane.csv"
    with path.open("wb") as file:
        file.write(content * (1 << 20))
        file.truncate(200 * 1024 * 1024)
    with at_most_read(4 * 1024 * 1024), pytest.raises(UnreadableFileError):
        recognise(InputFile(path))


def test_header_wider_than_64_kilobytes():
    cells = ";".join(
        f'"dział {n};razem;{year};[zł]"' for n in range(150) for year in range(2003, 2024)
    )
    head = f'"Kod";"Nazwa";{cells};\r\n'.encode()
    assert len(head) > 64 * 1024
    assert recognise_head(head, "x").kind is FileKind.CTAB


def test_every_kind_has_a_polish_name():
    assert set(KIND_NAMES) == set(FileKind)


@pytest.mark.real_data
def test_real_files(shared_data):
    """Counts of kinds in the folders that people import."""
    kinds: dict[str, int] = {}
    folders = [shared_data / name for name in ("teryt", "boundaries", "panels", "bdl_exports")]
    workbooks = [*(shared_data / "mf").glob("*.xlsx"), *(shared_data / "cke").glob("*.xlsx")]
    for file in list_input_files([*folders, *workbooks]):
        kind = recognise(file).kind.value
        kinds[kind] = kinds.get(kind, 0) + 1
    assert kinds == {
        "terc": 3,
        "wmrodz": 3,
        "boundaries": 3,
        "long_table": 2,
        "unit_dictionary": 1,
        "variable_dictionary": 1,
        "bdl_crel": 3,
        "bdl_ctab": 16,
        "bdl_xtab": 1,
        "mf_pit_shares": 6,
        "cke_exam_results": 1,
    }


@pytest.mark.real_data
def test_real_files_that_are_no_data(shared_data):
    for file in list_input_files([shared_data / "licences", shared_data / "bdl_api"]):
        with pytest.raises(UnreadableFileError):
            recognise(file)
