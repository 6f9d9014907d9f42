"""Paths, packed files and their limits."""

from __future__ import annotations

import gzip
import os
import tracemalloc
import zipfile
import zlib

import pytest

from smup_lib.errors import SourceError, UnreadableFileError
from smup_lib.sources import input_files
from smup_lib.sources.input_files import InputFile, list_input_files, list_members
from tests.sources.twins import CTAB, PANEL, write_gzip, write_zip

MB = 1024 * 1024


def test_folders_are_walked_once_and_in_order(tmp_path):
    for name in ("b/x.csv", "a.csv", "b/c/y.csv", ".ukryty/z.csv", ".z.csv", "import.yaml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    files = list_input_files([tmp_path, tmp_path / "a.csv", tmp_path / "b"])
    assert [file.name for file in files] == ["a.csv", "y.csv", "x.csv"]


def test_files_of_one_name_are_told_apart(tmp_path):
    for folder in ("2020", "2021"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "dane.csv").write_text("x")
    assert [file.name for file in list_input_files([tmp_path])] == [
        "2020/dane.csv",
        "2021/dane.csv",
    ]


def test_missing_paths_are_named_all_at_once(tmp_path):
    (tmp_path / "TERC.csv").write_text("x")
    with pytest.raises(SourceError) as caught:
        list_input_files([tmp_path / "TERK.csv", tmp_path / "nic"])
    assert len(caught.value.problems) == 2
    assert "TERC.csv" in caught.value.problems[0]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "rura.csv")
    assert list_input_files([tmp_path]) == []
    with pytest.raises(SourceError, match="plików"):
        list_input_files([tmp_path / "rura.csv"])


def test_gzip_and_zip_are_read_through(tmp_path):
    content = PANEL.read_bytes()
    packed = InputFile(write_gzip(tmp_path / "p.csv.gz", content))
    assert packed.read() == content
    archive = InputFile(write_zip(tmp_path / "p.zip", {"f/p.csv": content, "__MACOSX/p.csv": b""}))
    (member,) = list_members(archive)
    assert (member.name, member.own_name) == ("p.zip/f/p.csv", "p.csv")
    assert member.head() == member.read() == content


@pytest.mark.parametrize("cut", [-1, -8, -40])
def test_a_cut_gzip_is_seen(tmp_path, cut):
    path = tmp_path / "p.csv.gz"
    path.write_bytes(gzip.compress(CTAB.read_bytes())[:cut])
    with pytest.raises(UnreadableFileError, match="ucięty"):
        InputFile(path).read()


def test_a_damaged_zip_is_seen(tmp_path):
    path = write_zip(tmp_path / "p.zip", {"p.csv": CTAB.read_bytes()})
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(UnreadableFileError):
        list_members(InputFile(path))


def test_an_encrypted_zip_is_refused(tmp_path):
    path = write_zip(tmp_path / "p.zip", {"p.csv": b"x" * 100})
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1  # the flag "encrypted"
    path.write_bytes(bytes(content))
    (member,) = list_members(InputFile(path))
    with pytest.raises(UnreadableFileError, match="zaszyfrowane"):
        member.read()


def bomb() -> bytes:
    """Return 64 MB of zeros as gzip: 64 kB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(MB)) for _ in range(64)) + packer.flush()


def test_a_gzip_bomb_stops_early(tmp_path, monkeypatch):
    path = tmp_path / "b.csv.gz"
    path.write_bytes(bomb())
    read: list[int] = []
    whole = gzip.GzipFile.read
    monkeypatch.setattr(
        gzip.GzipFile, "read", lambda self, size=-1: read.append(size) or whole(self, size)
    )
    with pytest.raises(UnreadableFileError, match="bomba"):
        InputFile(path).read()
    assert sum(read) < 20 * MB


def test_a_zip_bomb_is_refused_by_what_it_declares(tmp_path):
    path = write_zip(tmp_path / "b.zip", {"b.csv": bytes(64 * MB)})
    with pytest.raises(UnreadableFileError, match="bomba"):
        list_members(InputFile(path))


def test_a_zip_bomb_that_lies_is_stopped_while_unpacking(tmp_path):
    path = write_zip(tmp_path / "b.zip", {"b.csv": bytes(64 * MB)})
    content = bytearray(path.read_bytes())
    place = content.index(b"PK\x01\x02") + 24  # uncompressed size in the central directory
    content[place : place + 4] = (1000).to_bytes(4, "little")
    path.write_bytes(bytes(content))
    (member,) = list_members(InputFile(path))
    tracemalloc.start()
    try:
        read = member.read()
    except UnreadableFileError:
        read = b""
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert len(read) <= 1000
    assert peak < 8 * MB


def test_an_archive_of_very_many_files_is_refused(tmp_path):
    members = {f"{number}.csv": b"x" for number in range(input_files.LARGEST_ARCHIVE + 1)}
    with pytest.raises(UnreadableFileError, match="plików"):
        list_members(InputFile(write_zip(tmp_path / "m.zip", members)))


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    path = tmp_path / "duzy.csv"
    with path.open("wb") as file:
        file.truncate(input_files.LARGEST_CONTENT + 1)
    with pytest.raises(UnreadableFileError, match="większy niż 512 MB"):
        InputFile(path).read()


def test_an_ordinary_file_packs_well_and_is_no_bomb(tmp_path):
    rows = b"".join(b"9001,%d,population,1200,GUS BDL\n" % year for year in range(1990, 2024))
    content = b"unit_code,year,variable,value,source\n" + rows * 3000
    path = write_gzip(tmp_path / "p.csv.gz", content)
    assert len(content) / path.stat().st_size > 50
    assert InputFile(path).read() == content
    with zipfile.ZipFile(tmp_path / "p.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("p.csv", content[: 4 * MB])
    assert len(list_members(InputFile(tmp_path / "p.zip"))) == 1
