"""The same table saved in every way gives the same observations and the same source id."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from smup_lib.catalogue import load_catalogue
from smup_lib.snapshots import RawFile
from smup_lib.sources.input_files import InputFile
from smup_lib.sources.read_file import Naming, ReadFile, read_data_file
from smup_lib.sources.recognise import FileKind, recognise_head
from smup_lib.sources.sidecar import FileNote
from tests.sources.twins import Saved

RAW = RawFile(name="x.csv", sha256="0" * 64, size=1, retrieved="2025-01-01")
UNITS = {
    "9001011": "Dębowo (1)",
    "9001022": "Dębowo (2)",
    "9002011": "Łąkowo (1)",
    "9001000": "Powiat dębowski",
    "9000000": "PRZYKŁADOWE",
    "0000000": "POLSKA",
}

forms = st.builds(
    Saved,
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1250"]),
    separator=st.sampled_from([";", ","]),
    line_end=st.sampled_from(["\r\n", "\n", "\r"]),
    trailing=st.booleans(),
    blank_last_line=st.booleans(),
)
numbers = st.one_of(
    st.just(""),
    st.integers(0, 10**7).map(str),
    st.decimals(-1000, 10**6, places=2).map(lambda number: f"{number:.2f}".replace(".", ",")),
)


def read(name: str, content: bytes) -> ReadFile:
    file = InputFile(Path(name))
    naming = Naming(load_catalogue(), FileNote(), {})
    return read_data_file(file, recognise_head(content, name), content, RAW, naming)


def said(file: ReadFile) -> tuple[object, ...]:
    """Return everything of a file that does not depend on how it was saved."""
    (part,) = file.parts
    rows = part.rows.drop(columns="row").astype({"qualifiers": "str", "flag": "str"})
    record = dataclasses.asdict(part) | {"held": None}
    return record, rows.to_csv(), dict(file.levels), file.left_out, len(file.quarantine)


@st.composite
def wide_tables(draw):
    """Header and rows of a CTAB file of registered unemployed."""
    years = draw(st.lists(st.integers(2003, 2024), min_size=1, max_size=4, unique=True))
    codes = draw(st.lists(st.sampled_from(sorted(UNITS)), min_size=1, unique=True))
    header = ["Kod", "Nazwa", *(f"ogółem;{year};[osoba]" for year in years)]
    rows = [
        [
            code,
            f'"{UNITS[code]}"',
            *draw(st.lists(numbers, min_size=len(years), max_size=len(years))),
        ]
        for code in codes
    ]
    return header, rows


@st.composite
def long_tables(draw):
    """Header and rows of a CREL file of road accidents."""
    header = ["Kod", "Nazwa", "Wskaźniki", "Rok", "Wartosc", "Jednostka miary", "Atrybut"]
    labels = ["wypadki drogowe na 100 tys. ludności", "ranni na 100 wypadków"]
    keys = draw(
        st.lists(
            st.tuples(
                st.sampled_from(sorted(UNITS)), st.sampled_from(labels), st.integers(2002, 2024)
            ),
            min_size=1,
            max_size=12,
            unique=True,
        )
    )
    rows = []
    for code, label, year in keys:
        sign = draw(st.sampled_from(["", "n", "x", "M", "s"]))
        value = draw(st.sampled_from(["", "0", "0,0"]) if sign in ("n", "x") else numbers)
        rows.append(
            [code, f'"{UNITS[code]}"', f'"{label}"', f'"{year}"', value, '"osoba"', f'"{sign}"']
        )
    return header, rows


@settings(max_examples=60, deadline=None)
@given(table=wide_tables(), form=forms)
def test_ctab(table, form):
    name = "RYNE_1944_CTAB_20250101120000.csv"
    plain, other = read(name, Saved().bytes_of(*table)), read(name, form.bytes_of(*table))
    assert plain.kind is other.kind is FileKind.CTAB
    assert said(plain) == said(other)


@settings(max_examples=60, deadline=None)
@given(table=long_tables(), form=forms)
def test_crel(table, form):
    plain = read("wypadki.csv", Saved().bytes_of(*table))
    other = read("wypadki.csv", form.bytes_of(*table))
    assert plain.kind is other.kind is FileKind.CREL
    assert said(plain) == said(other)


@settings(max_examples=30, deadline=None)
@given(table=wide_tables(), order=st.randoms())
def test_the_order_of_rows_does_not_change_the_source(table, order):
    header, rows = table
    shuffled = list(rows)
    order.shuffle(shuffled)
    name = "RYNE_1944_CTAB_20250101120000.csv"
    sources = [
        read(name, Saved().bytes_of(header, lines)).parts[0].source for lines in (rows, shuffled)
    ]
    assert sources[0] == sources[1]


@settings(max_examples=30, deadline=None)
@given(table=wide_tables(), data=st.data())
def test_one_changed_cell_changes_the_source(table, data):
    header, rows = table
    name = "RYNE_1944_CTAB_20250101120000.csv"
    before = read(name, Saved().bytes_of(header, rows)).parts[0].source
    row = data.draw(st.integers(0, len(rows) - 1))
    rows[row][2] = "12345678" if rows[row][2] != "12345678" else "1"
    assert read(name, Saved().bytes_of(header, rows)).parts[0].source != before
