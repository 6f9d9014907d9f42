"""The long export: series from dimensions, and every sign of the Local Data Bank."""

from __future__ import annotations

import pytest

from smup_lib.errors import UnreadableFileError
from smup_lib.flags import NULL_FLAGS, QUALIFIERS
from smup_lib.sources.bdl_crel import ATTRIBUTES, read_crel
from tests.sources.twins import CREL, SUBREGIONS, csv_bytes

HEADER = '"Kod";"Nazwa";"Wiek";"Płeć";"Rok";"Wartosc";"Jednostka miary";"Atrybut";\n'


def read(*rows: str, header: str = HEADER):
    return read_crel(csv_bytes(header + "".join(f"{row}\n" for row in rows)), ";", "plik.csv")


def one(value: str, sign: str):
    """Read one row and return (value, flag, qualifiers), or None when it is in quarantine."""
    table = read(f'9001000;"P";"ogółem";"ogółem";"2018";{value};"osoba";"{sign}";')
    if len(table.quarantine):
        assert table.rows.empty
        return None
    (row,) = table.rows.itertuples()
    return (None if row.value != row.value else row.value, row.flag, row.qualifiers)


@pytest.mark.parametrize(
    ("value", "sign", "expected"),
    [
        ("111,5", "", (111.5, "ok", "")),
        ("0,0", "", (0, "ok", "")),
        ("", "", (None, "no_data", "")),
        ("-", "", (None, "no_data", "")),
        ("", "n", (None, "not_available_yet", "")),
        ("0", "n", (None, "not_available_yet", "")),
        ("0,0", "x", (None, "missing_or_secret", "")),
        ("", "x", (None, "missing_or_secret", "")),
        ("7", "M", (7, "ok", "method_change")),
        ("7", "s", (7, "ok", "preliminary")),
        ("7", "k", (7, "ok", "incomplete")),
        ("7", "K", (7, "ok", "incomplete,method_change")),
        ("7", "v", (7, "ok", "low_precision")),
        ("7", "p", (7, "ok", "joint_with_city")),
        ("0", "a", (0, "below_format", "")),
        ("0", "A", (0, "below_format", "method_change")),
        ("0", "z", (0, "true_zero", "")),
        ("0", "Z", (0, "true_zero", "method_change")),
        ("0", "X", (None, "missing_or_secret", "method_change")),
        ("0", "-", (None, "no_data", "")),
        # a sign that contradicts the number, and a sign that nobody knows: nothing is guessed
        ("7,5", "x", None),
        ("7,5", "n", None),
        ("7,5", "z", None),
        ("7,5", "q", None),
        ("abc", "", None),
    ],
)
def test_signs(value, sign, expected):
    assert one(value, sign) == expected


def test_signs_use_the_vocabulary():
    for attribute in ATTRIBUTES.values():
        parts = attribute.qualifiers.split(",") if attribute.qualifiers else []
        assert parts == sorted(parts)
        assert set(parts) <= set(QUALIFIERS)


def test_twin():
    """Counted by hand in tests/data/sources/wypadki-fikcyjne.csv."""
    table = read_crel(CREL.read_bytes(), ";", CREL.name)
    assert [series.labels for series in table.series] == [
        ("wypadki drogowe na 100 tys. ludności",),
        ("ranni na 100 wypadków",),
    ]
    flags = table.rows["flag"].value_counts()
    assert flags[["ok", "not_available_yet", "missing_or_secret", "no_data"]].tolist() == [
        18,
        8,
        1,
        1,
    ]
    secret = table.rows[table.rows["flag"] == "missing_or_secret"]
    assert secret[["unit_code", "year"]].to_numpy().tolist() == [["9002", 2018]]
    assert secret["value"].isna().all()
    changed = table.rows[table.rows["qualifiers"] == "method_change"]
    assert changed["value"].tolist() == [102.0]


def test_bdl_ids_and_areas_without_a_code():
    table = read_crel(SUBREGIONS.read_bytes(), ";", SUBREGIONS.name)
    assert table.rows["unit_code"].tolist() == ["9001", "00"]
    assert table.areas == {"subregion": 1, "macroregion": 1}
    assert table.quarantine.empty


def test_columns_may_stand_in_any_order_and_lack_the_unit():
    header = '"Kod";"Rok";"Wartość";"Wskaźnik";\n'
    table = read('9001000;"2018";7,5;"a";', '9001000;"2018";8,5;"b";', header=header)
    assert [str(series) for series in table.series] == ["a", "b"]
    assert table.rows["value"].tolist() == [7.5, 8.5]


def test_a_wrong_year_goes_to_quarantine():
    table = read(
        '9001000;"P";"o";"o";"2018";1;"osoba";"";', '9001000;"P";"o";"o";"rok";2;"osoba";"";'
    )
    assert table.quarantine["row"].tolist() == [3]
    assert table.quarantine["year"].isna().all()


@pytest.mark.parametrize("header", ['"Kod";"Nazwa";"Rok";\n', '"Kod";"Rok";"Rok";"Wartosc";\n'])
def test_wrong_headers(header):
    cells = ";".join(["1"] * header.count(";")) + ";"
    with pytest.raises(UnreadableFileError):
        read(cells, header=header)


REAL = [
    (
        "wypadki-polska.csv",
        6,
        42768,
        {"ok": 19860, "no_data": 20532, "not_available_yet": 2376},
        {"voivodeship": 16, "powiat": 380},
    ),
    (
        "ludnosc-polska.csv",
        1,
        7146,
        {"ok": 6722, "no_data": 28, "not_available_yet": 396},
        {"voivodeship": 16, "powiat": 381},
    ),
    ("drogi-polska.csv", 3, 768, {"ok": 720, "not_available_yet": 48}, {"voivodeship": 16}),
]


@pytest.mark.real_data
@pytest.mark.parametrize(("name", "series", "rows", "flags", "levels"), REAL)
def test_real_exports(shared_data, name, series, rows, flags, levels):
    path = shared_data / "bdl_exports" / "crel" / name
    table = read_crel(path.read_bytes(), ";", name)
    assert len(table.series) == series
    assert len(table.rows) == rows
    counted = table.rows["flag"].value_counts()
    assert counted[counted > 0].to_dict() == flags
    found = table.rows.drop_duplicates(["level", "unit_code"])["level"].value_counts()
    assert found[found > 0].to_dict() == levels
    assert table.quarantine.empty


@pytest.mark.real_data
def test_real_flag_beside_an_empty_cell(shared_data):
    """crel/wypadki-polska.csv: every sign is `n`, every `n` is empty; every null has a reason."""
    path = shared_data / "bdl_exports" / "crel" / "wypadki-polska.csv"
    rows = read_crel(path.read_bytes(), ";", path.name).rows
    null = rows["flag"].isin(NULL_FLAGS)
    assert (rows["value"].isna() == null).all()
    lower = rows[(rows["unit_code"] == "02") & (rows["series"] == 0) & (rows["year"] == 2002)]
    assert lower["value"].tolist() == [111.5]
