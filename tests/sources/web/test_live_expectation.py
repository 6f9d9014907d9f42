"""An answer is compared with what was expected, field by field, and every difference is named."""

from __future__ import annotations

import json

import pytest

from smup_lib.sources.live.expectation import Expectation, Reply, compare_reply

ROWS = Expectation(
    top={"data": "list", "page-count": "int"},
    rows_at="data",
    row={"id": "int", "wartosc": "number|null", "rodz": "digits?"},
    rows=(1, 3),
)
SOUND = {"data": [{"id": 1, "wartosc": None}], "page-count": 1}


def reply(content: object, status: int = 200, **headers: str) -> Reply:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Reply(status, {name.replace("_", "-"): told for name, told in headers.items()}, body)


def test_what_is_expected_has_no_difference():
    compared = compare_reply(reply(SOUND), ROWS)
    assert compared.differences == ()
    assert compared.remarks == ()


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"id": "1", "wartosc": 2.5}, 'pole „id”: oczekiwano liczba całkowita, jest tekst: "1"'),
        ({"id": True, "wartosc": 2.5}, "pole „id”: oczekiwano liczba całkowita, jest tak albo nie"),
        ({"id": 1}, "pole „wartosc”: brak"),
        ({"id": 1, "wartosc": "2,5"}, "pole „wartosc”: oczekiwano liczba albo null, jest tekst"),
        ({"id": 1, "wartosc": 1, "rodz": 3}, "pole „rodz”: oczekiwano tekst z samych cyfr"),
        ([1], "wiersz nie jest obiektem: [1]"),
    ],
)
def test_a_changed_field_is_named_with_what_it_holds(row, told):
    (difference,) = compare_reply(reply({"data": [row], "page-count": 1}), ROWS).differences
    assert difference.startswith(told)


def test_a_change_in_some_rows_says_in_how_many():
    rows = [{"id": 1, "wartosc": 1}, {"id": 2}, {"id": 3, "wartosc": 1}]
    (difference,) = compare_reply(reply({"data": rows, "page-count": 1}), ROWS).differences
    assert difference == "pole „wartosc”: brak (wiersze: 1 z 3)"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"data": SOUND["data"]}, "pole „page-count”: brak"),
        ({"data": {}, "page-count": 1}, "w polu „data” nie ma listy"),
        ({"data": [], "page-count": 1}, "wierszy jest 0, oczekiwano od 1 do 3"),
        (b"<!DOCTYPE html><html></html>", "zamiast danych przyszła strona HTML"),
        (b'{"data": [', "odpowiedź nie jest poprawnym JSON-em"),
        ('{"data": "łąka"}'.encode("cp1250"), "kodowanie inne niż UTF-8"),
    ],
)
def test_another_envelope_or_encoding_is_told(content, told):
    differences = compare_reply(reply(content), ROWS).differences
    assert any(told in difference for difference in differences)


def test_another_status_is_told_with_where_it_sends():
    answer = reply(b"", 302, location="https://login.invalid/")
    (difference,) = compare_reply(answer, ROWS).differences
    assert difference == "HTTP 302 zamiast 200; odsyła pod https://login.invalid/"


def test_a_field_that_nobody_described_is_a_remark_and_a_difference_where_it_matters():
    content = {"data": [{"id": 1, "wartosc": 1, "jakosc": "A"}], "page-count": 1}
    told = 'pole „jakosc”, którego nie znamy: "A"'
    assert compare_reply(reply(content), ROWS).remarks == (told,)
    closed = Expectation(rows_at="data", row=ROWS.row, closed=True)
    assert compare_reply(reply(content), closed).differences == (told,)


def test_what_else_is_worth_knowing_is_remarked():
    body = b"\xef\xbb\xbf" + json.dumps(SOUND).encode()
    headers = {"content-type": "application/json; charset=windows-1250", "x-rate-limit-limit": "5"}
    compared = compare_reply(Reply(200, headers, body), ROWS)
    assert compared.differences == ()
    told = "\n".join(compared.remarks)
    assert "BOM" in told and "windows-1250" in told and "x-rate-limit-limit: 5" in told


def test_an_amount_is_a_text_with_a_comma():
    wanted = Expectation(rows_at="", row={"dw": "amount"})
    for sound in ("", "1234,50", "-7", " 8,00 "):
        assert compare_reply(reply([{"dw": sound}]), wanted).differences == ()
    for wrong in ("1234.50", "1 234,50", 12.5, None):
        assert compare_reply(reply([{"dw": wrong}]), wanted).differences


def test_a_text_must_hold_what_is_looked_for():
    wanted = Expectation("text", contains={r"a\$b": "przycisk a$b", "state": "ukryte pole"})
    page = reply(b"<html>state</html>")
    assert compare_reply(page, wanted).differences == ("nie ma: przycisk a$b",)


def test_a_shape_that_nobody_described_is_only_told():
    (remark,) = compare_reply(reply({"a": 1, "b": 2}), Expectation("kept")).remarks
    assert remark == "układ: obiekt z polami a, b"
