"""Delimited text: every form is read, no row is lost, a cut file is seen."""

from __future__ import annotations

import pytest

from smup_lib.errors import UnreadableFileError
from smup_lib.sources.text import decode_text, read_text_table
from tests.sources.twins import CTAB, TERC_2024

ROWS = b'"a";"b";\r\n1;"x";\r\n2;"y";\r\n'


def columns(content: bytes, separator: str = ";") -> list[list[str]]:
    return [column.to_pylist() for column in read_text_table(content, separator, "plik").columns]


@pytest.mark.parametrize(
    ("content", "ends"),
    [
        (ROWS, "CRLF"),
        (ROWS.replace(b"\r\n", b"\n"), "LF"),
        (ROWS.replace(b"\r\n", b"\r"), "CR"),
        (ROWS.replace(b"\r\n", b"\r", 1), "CRLF i CR"),
        (ROWS + b"\r\n\r\n", "CRLF"),
        (ROWS.replace(b";\r\n", b"\r\n"), "CRLF"),
        (b"\xef\xbb\xbf" + ROWS, "CRLF"),
        (ROWS[:-2], "CRLF"),
        (ROWS + b"\x1a", "CRLF"),
        (b"\r\n" + ROWS, "CRLF"),
    ],
)
def test_all_line_ends_and_last_separators(content, ends):
    table = read_text_table(content, ";", "plik")
    assert [column.to_pylist() for column in table.columns] == [["1", "2"], ["x", "y"]]
    assert table.header == ("a", "b")
    assert table.form.line_ends == ends


def test_header_and_rows_may_disagree_about_the_last_separator():
    assert columns(b"a;b;\n1;2\n3;4\n") == [["1", "3"], ["2", "4"]]
    assert columns(b"a;b\n1;2;\n3;4;\n") == [["1", "3"], ["2", "4"]]


def test_encodings():
    assert decode_text("zażółć".encode(), "plik") == ("zażółć", "UTF-8")
    assert decode_text("zażółć".encode("utf-8-sig"), "plik") == ("zażółć", "UTF-8 z BOM")
    assert decode_text("zażółć".encode("cp1250"), "plik") == ("zażółć", "windows-1250")


@pytest.mark.parametrize("content", ["Łódź".encode("utf-16"), b"a\x00b", b"\xf3\x81\x90"])
def test_no_text_is_refused(content):
    with pytest.raises(UnreadableFileError):
        decode_text(content, "plik")


def test_windows_1250_is_said():
    table = read_text_table("a;b\nŁódź;1\n".encode("cp1250"), ";", "plik")
    assert any("windows-1250" in warning for warning in table.warnings)


@pytest.mark.parametrize(
    "cut",
    [
        ROWS[:-3],  # the last separator is missing: the number may be cut too
        ROWS[:-5],
        ROWS[:-6],
        b"a;b\n1;2\n3",
        b'a;b\n1;"x"\n3;"y',
    ],
)
def test_a_cut_file_is_seen(cut):
    with pytest.raises(UnreadableFileError, match="ucięty"):
        read_text_table(cut, ";", "plik")


def test_every_cut_of_an_official_file_is_seen_or_ends_between_rows():
    whole = CTAB.read_bytes()
    header_end = whole.index(b"\r\n") + 2
    for end in range(header_end + 1, len(whole)):
        part = whole[:end]
        if part.endswith((b";\r", b";\r\n")) or (
            part.endswith(b";") and whole[end : end + 1] == b"\r"
        ):
            continue  # between two rows: nothing in the file itself can tell
        with pytest.raises(UnreadableFileError):
            read_text_table(part, ";", "plik")


def test_a_last_number_without_a_line_end_may_be_cut():
    table = read_text_table(b"a,b\n1,2\n3,4", ",", "plik")
    assert len(table) == 1
    (held,) = table.broken
    assert (held.line, held.text) == (3, "3,4")
    assert "ucięta" in held.reason


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"a,b\n1,2\n3,4\n", 2),  # an end of line
        (b'a,b\n1,"2"\n3,"4"', 2),  # a closed quotation mark
        (b"a,b\n1,GUS\n3,GUS", 2),  # a word that another row ends with
        (b"a,b\n1,GUS\n3,GU", 1),
        (b"a,b\n1,\n3,", 1),  # what stood behind the separator is not known
        (b"a;b;\n1;2;\n3;4;", 2),  # official rows end with a separator
        (b"a;b\n1;2;\n3;4;", 2),
    ],
)
def test_which_last_rows_are_whole_without_a_line_end(content, rows):
    separator = ";" if b";" in content else ","
    table = read_text_table(content, separator, "plik")
    assert (len(table), len(table.broken)) == (rows, 2 - rows)


def test_a_row_that_does_not_fit_is_handed_over_with_its_line():
    body = b"".join(b"%d;x;\n" % number for number in range(40))
    table = read_text_table(b"a;b;\n1;x;\n\n2;x;y;z;\n" + body, ";", "plik")
    assert len(table) == 41
    (broken,) = table.broken
    assert (broken.line, broken.found, broken.expected) == (4, 5, 3)
    assert broken.text.startswith("2;x;y;z")
    assert table.lines[:3].tolist() == [2, 5, 6]


def test_many_rows_that_do_not_fit_are_another_file():
    with pytest.raises(UnreadableFileError, match="liczba kolumn"):
        read_text_table(b"a;b\n" + b"1;2\n" * 5 + b"1;2;3;4\n" * 5 + b"1;2\n", ";", "plik")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"a;b\n", b"a;b;\r\n\r\n"])
def test_no_rows_is_an_error(content):
    with pytest.raises(UnreadableFileError):
        read_text_table(content, ";", "plik")


def test_a_register_with_a_byte_order_mark():
    table = read_text_table(TERC_2024.read_bytes(), ";", "plik")
    assert table.header[0] == "WOJ"
    assert table.form.encoding == "UTF-8 z BOM"
    assert len(table) == 17
