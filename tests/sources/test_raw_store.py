"""Raw bytes are kept as they came, once, and only when the import succeeds."""

from __future__ import annotations

import gzip
import hashlib
import json

import pytest

from smup_lib.errors import SettingsError
from smup_lib.paths import raw_dir
from smup_lib.sources.raw_store import RawStore, named_day, raw_path


def kept() -> list[str]:
    return sorted(
        str(path.relative_to(raw_dir())) for path in raw_dir().rglob("*") if path.is_file()
    )


def test_bytes_are_kept_verbatim_with_checksum_and_date(smup_home, tmp_path):
    content = gzip.compress(b"a;b;\r\n1;2;\r\n", mtime=7)
    path = tmp_path / "RYNE_1944_CTAB_20250616184618.csv.gz"
    path.write_bytes(content)
    with RawStore() as store:
        record = store.keep(path)
    assert record.sha256 == hashlib.sha256(content).hexdigest()
    assert (record.size, record.retrieved) == (len(content), "2025-06-16")
    assert raw_path(record).read_bytes() == content
    about = json.loads((raw_path(record).parent / "about.json").read_text())
    assert about["name"] == path.name
    assert about["sha256"] == record.sha256
    assert "imported" in about


def test_the_same_bytes_are_kept_once(smup_home, tmp_path):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_bytes(b"x")
        with RawStore() as store:
            record = store.keep(tmp_path / name)
    assert len(kept()) == 2  # the bytes and about.json
    assert raw_path(record).name == "a.csv"


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_a_failed_import_takes_back_what_it_brought(smup_home, tmp_path, error):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(name)
    with RawStore() as store:
        store.keep(tmp_path / "a.csv")
    before = kept()
    with pytest.raises(error), RawStore() as store:
        store.keep(tmp_path / "a.csv")
        store.keep(tmp_path / "b.csv")
        raise error
    assert kept() == before


def test_a_refused_file_is_given_back(smup_home, tmp_path):
    (tmp_path / "a.csv").write_text("x")
    with RawStore() as store:
        store.give_back(store.keep(tmp_path / "a.csv"))
    assert kept() == []


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("RYNE_1944_CTAB_20250616184618.csv", "2025-06-16"),
        ("TERC_Urzedowy_2026-07-22.csv", "2026-07-22"),
    ],
)
def test_official_names_tell_the_day_of_retrieval(smup_home, tmp_path, name, day):
    assert named_day(name) == day
    (tmp_path / name).write_text("x")
    with RawStore() as store:
        record = store.keep(tmp_path / name)
    assert (record.retrieved, record.dated, record.told_day) == (day, "name", day)


@pytest.mark.parametrize("name", ["dane.csv", "RYNE_1944_CTAB_20259916184618.csv"])
def test_the_day_of_writing_is_no_told_day(smup_home, tmp_path, name):
    import os

    path = tmp_path / name
    path.write_text("x")
    os.utime(path, (0, 86400 * 365))
    with RawStore() as store:
        record = store.keep(path)
    assert (record.retrieved, record.dated, record.told_day) == ("1971-01-01", "disk", "")
    assert record.imported.startswith("20")


def test_a_place_that_is_no_folder_is_told(smup_home, tmp_path):
    (tmp_path / "a.csv").write_text("x")
    raw_dir().parent.mkdir(parents=True, exist_ok=True)
    raw_dir().write_text("tu stoi plik")
    with pytest.raises(SettingsError) as caught, RawStore() as store:
        store.keep(tmp_path / "a.csv")
    assert "SMUP_HOME" in str(caught.value)
