"""XTAB and XREL workbooks of the Local Data Bank, and the layout before 2014."""

from __future__ import annotations

import pytest

from smup_lib.errors import UnreadableFileError
from smup_lib.snapshots import load_snapshot
from smup_lib.sources import import_paths
from smup_lib.sources.bdl_grid import read_old_ctab, read_xtab
from smup_lib.sources.bdl_table import BdlTable
from smup_lib.sources.bdl_xrel import read_xrel
from smup_lib.sources.input_files import InputFile
from smup_lib.sources.recognise import FileKind, recognise
from smup_lib.sources.workbook import open_workbook
from tests.sources import workbook_twins as twins
from tests.sources.twins import REGISTERS, csv_bytes


def cells(table: BdlTable) -> dict[tuple[str, int, int], tuple[float | None, str]]:
    """Return what a table tells: unit, year, series -> value and flag."""
    return {
        (row.unit_code, row.year, row.series): (
            None if row.value != row.value else row.value,
            row.flag,
        )
        for row in table.rows.itertuples()
    }


def xtab(rows: twins.Cells = twins.XTAB, legend: str = twins.LEGEND) -> BdlTable:
    return read_xtab(open_workbook(twins.xtab(rows, legend), "x"), "x")


def xrel(rows: twins.Cells = twins.XREL) -> BdlTable:
    return read_xrel(open_workbook(twins.xrel(rows), "x"), "x")


def changed(rows: twins.Cells, line: int, place: int, cell: object) -> list[list[object]]:
    copy = [list(row) for row in rows]
    copy[line][place] = cell
    return copy


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (twins.xtab(), FileKind.XTAB),
        (twins.xrel(), FileKind.XREL),
        (twins.csv_rows(twins.OLD_CTAB), FileKind.OLD_CTAB),
        (twins.xls({"dane": twins.OLD_CTAB}), FileKind.OLD_CTAB),
    ],
)
def test_the_kind_is_told_by_content(content, kind, tmp_path):
    assert recognise(InputFile(twins.saved(tmp_path, "zdjecie.jpg", content))).kind is kind


def test_xtab():
    table = xtab()
    assert [str(one) for one in table.series] == ["ogółem [zł]", "w tym kobiety [zł]"]
    told = cells(table)
    assert told["00", 2022, 0] == (5000.25, "ok")
    assert told["90", 2023, 0] == (4400.5, "ok")
    assert told["900101", 2023, 1] == (4000, "ok")
    assert told["9001", 2022, 1] == (None, "no_data")
    assert told["9001", 2023, 1] == (None, "missing_or_secret")
    assert len(told) == 16
    assert set(table.rows.loc[table.rows["flag"] == "ok", "decimals"]) == {2, 1}
    assert table.parts == {"town_part": {"ok": 4}}
    assert table.quarantine.empty
    assert "Podgrupa: Podgrupa fikcyjna; aktualizacja: 23.07.2024" in table.warnings[0]


def test_the_decimals_are_those_of_the_series_not_of_the_cell():
    """5500 in a column of 5000.25 was printed as 5500,00: the sheet forgets the zeros."""
    rows = xtab().rows
    here = rows[(rows["unit_code"] == "00") & (rows["year"] == 2023) & (rows["series"] == 0)]
    assert here["decimals"].tolist() == [2]


def test_a_zero_is_in_doubt_only_where_the_legend_says_that_it_may_be_no_number():
    assert cells(xtab())["9001", 2023, 0] == (None, "ambiguous_zero")
    assert any("0 może oznaczać brak" in note for note in xtab().warnings)
    plain = xtab(legend="Znak '-' oznacza brak informacji")
    assert cells(plain)["9001", 2023, 0] == (0, "ok")
    assert not any("0 może oznaczać brak" in note for note in plain.warnings)


def test_years_and_codes_saved_as_numbers():
    rows = changed(changed(twins.XTAB, 1, 2, 2022.0), 5, 0, 9001000.0)
    assert cells(xtab(rows)) == cells(xtab())


@pytest.mark.parametrize(
    ("line", "place", "cell", "said"),
    [(5, 2, "dużo", "nie da się odczytać jako liczby"), (5, 0, "99x", "99x")],
)
def test_what_cannot_be_read_waits(line, place, cell, said):
    table = xtab(changed(twins.XTAB, line, place, cell))
    assert len(table.quarantine)
    assert all(said in reason for reason in table.quarantine["reason"])
    assert set(table.quarantine["row"]) == {line + 1}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (changed(twins.XTAB, 1, 3, "rok"), "Nagłówek nie mówi"),
        (changed(twins.XTAB, 1, 3, "2022"), "powtarzają się"),
        (twins.XTAB[:3], "bez danych"),
        ([*twins.XTAB, ["9002000", "P", 1, 1, 1, 1, "uwaga"]], "nie ma nagłówka"),
    ],
)
def test_wrong_sheets_are_refused(rows, said):
    with pytest.raises(UnreadableFileError, match=said):
        xtab(rows)


def test_xrel():
    table = xrel()
    assert [str(one) for one in table.series] == ["ogółem [%]"]
    assert cells(table) == {
        ("9001", 2022, 0): (12.5, "ok"),
        ("9001", 2023, 0): (None, "not_available_yet"),
        ("9002", 2022, 0): (None, "missing_or_secret"),
        ("9002", 2023, 0): (0, "ok"),
        ("9061", 2022, 0): (None, "no_data"),
        ("9061", 2023, 0): (7, "ok"),
    }
    assert table.rows.loc[table.rows["value"] == 7, "qualifiers"].tolist() == ["method_change"]
    assert table.quarantine.empty


def test_an_unknown_sign_waits():
    table = xrel(changed(twins.XREL, 1, 6, "q"))
    assert table.quarantine["row"].tolist() == [2]


def test_xrel_without_a_column():
    rows = [row[:4] + row[5:] for row in twins.XREL]
    with pytest.raises(UnreadableFileError, match="wartosc"):
        xrel(rows)


def test_the_layout_before_2014_in_csv_and_in_a_workbook():
    table = read_old_ctab(twins.csv_rows(twins.OLD_CTAB), ";", "x")
    told = cells(table)
    assert [str(one) for one in table.series] == ["ogółem [osoba]"]
    assert told["00", 2010, 0] == (1000, "ok")
    assert told["9001", 2011, 0] == (41.5, "ok")
    assert told["900101", 2011, 0] == (None, "no_data")
    assert dict(table.areas) == {"subregion": 2}
    assert table.parts == {"town_part": {"ambiguous_zero": 1, "ok": 1}}
    assert table.rows["row"].min() == 4
    book = open_workbook(twins.xls({"dane": twins.OLD_CTAB}), "x")
    assert cells(read_xtab(book, "x")) == told


def test_a_last_column_without_a_label_is_never_lost():
    text = "Kod;Nazwa;ogółem;\n;;2010;2011\n;;osoba;osoba\n9001000;P;1;2\n9002000;L;3;4\n"
    with pytest.raises(UnreadableFileError, match="krótszy"):
        read_old_ctab(csv_bytes(text), ";", "x")


def test_a_cut_file_of_the_layout_before_2014():
    content = twins.csv_rows(twins.OLD_CTAB)
    with pytest.raises(UnreadableFileError, match="ucięty"):
        read_old_ctab(content[:-12], ";", "x")


def test_a_workbook_is_named_and_placed_as_any_export(smup_home, tmp_path):
    path = twins.saved(tmp_path, "place.xlsx", twins.xtab([row[:4] for row in twins.XTAB]))
    unnamed = import_paths([*REGISTERS, path]).files[-1]
    assert unnamed.status == "kept"
    assert "--variable ID_ZMIENNEJ" in unnamed.command
    report = import_paths([*REGISTERS, path], variable="avg_gross_wage").files[-1]
    assert report.status == "read"
    assert (report.kind, report.form) == ("bdl_xtab", "Excel (xlsx), arkusz „TABLICA”")
    assert report.flags == {"ok": 7, "ambiguous_zero": 1}
    rows = load_snapshot().observations(variables=["avg_gross_wage"], unit_codes=["9001"])
    assert rows.set_index("year")["value"].to_dict()[2022] == 3900.1


@pytest.mark.real_data
def test_the_real_xtab(shared_data):
    """Wages 2002-2023; 2467 has a zero in 2022 and 2023 that is no wage (sources 3.3)."""
    path = shared_data / "bdl_exports" / "xtab" / "dane_gus_powiat.xlsx"
    table = read_xtab(open_workbook(path.read_bytes(), path.name), path.name)
    rows = table.rows
    doubtful = rows[rows["flag"] == "ambiguous_zero"]
    assert list(zip(doubtful["unit_code"], doubtful["year"], strict=True)) == [
        ("2467", 2022),
        ("2467", 2023),
    ]
    assert len(rows) == 398 * 22
    assert table.quarantine.empty
    told = cells(table)
    assert told["0201", 2023, 0] == (6871.28, "ok")  # row 6
    assert told["0203", 2023, 0] == (6660, "ok")  # row 8
    assert set(rows["decimals"].dropna()) == {2}
