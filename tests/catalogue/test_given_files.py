"""Small files from a person or another office: what is wrong with one is told, nothing crashes."""

from __future__ import annotations

from pathlib import Path

import pytest

from smup_lib.catalogue.given_files import read_given
from smup_lib.catalogue.problems import Problem
from smup_lib.errors import GroupError, ParameterError, PlanError
from smup_lib.paths import write_whole
from smup_lib.reports.claims import read_claim_file
from smup_lib.reports.plan_files import read_plan
from smup_lib.units.chosen import read_group

BOMB = b"a: &a [x, x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (c, c, b", ".join([b"*%c" % (c - 1)] * 9)) for c in range(98, 105)
)
BAD = [
    (b"", "jest pusty"),
    (b"a: [", "nie jest poprawny YAML"),
    (b"a: 1\na: 2\n", "powtarza"),
    (b"a: 2019-13-45\n", "nie jest dat"),
    (b"? [a, b]\n: 1\n", "kluczem nie mo"),
    (b"\xff\xfe\x00", "UTF-8"),
    (b"#" * 6_000_000, "za du"),
    (BOMB, "odwo"),
    (b"&a\nactions: *a\n", "odwo"),
    (b"[" * 3000 + b"]" * 3000, "zagnie"),
]


def told(path: Path) -> str:
    problems: list[Problem] = []
    assert read_given(path, problems, largest=1_000_000) is None
    return "\n".join(map(str, problems))


@pytest.mark.parametrize(("content", "what"), BAD)
def test_every_reader_of_given_files_tells_what_is_wrong(tmp_path, content, what):
    path = tmp_path / "żółty.yaml"
    path.write_bytes(content)
    assert what in told(path)
    for read, error in (
        (read_plan, PlanError),
        (read_claim_file, ParameterError),
        (read_group, GroupError),
    ):
        with pytest.raises(error) as caught:
            read(path)
        assert what in str(caught.value)
        assert caught.value.next_step


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"{", "wiersz 1: to nie jest poprawny JSON"),
        (b"[" * 200_000, "to nie jest poprawny JSON|zagnie"),
        (b"\xff", "UTF-8"),
    ],
)
def test_json_is_told_as_json(tmp_path, content, what):
    path = tmp_path / "wnioski.json"
    path.write_bytes(content)
    assert any(part in told(path) for part in what.split("|"))


def test_what_is_no_file_is_told(tmp_path):
    assert "folder" in told(tmp_path)
    assert "nie ma takiego pliku" in told(tmp_path / "nie_ma.yaml")


def test_a_mark_of_byte_order_is_no_fault(tmp_path):
    for name, text in (("a.yaml", "a: [1]"), ("a.json", '{"a": [1]}')):
        (tmp_path / name).write_text(text, encoding="utf-8-sig")
        problems: list[Problem] = []
        assert read_given(tmp_path / name, problems, largest=100) == {"a": [1]}
        assert not problems


def test_a_file_is_whole_or_as_it_was(tmp_path):
    path = tmp_path / "a.yaml"
    write_whole(path, "ą")
    with pytest.raises(FileExistsError):
        write_whole(path, "b", over=False)
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "\ud800")
    assert path.read_text(encoding="utf-8") == "ą"
    assert [one.name for one in tmp_path.iterdir()] == ["a.yaml"]
