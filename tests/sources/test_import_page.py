"""The page on imports shows an import.yaml that works, and tells every key."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from smup_lib.snapshots import load_snapshot
from smup_lib.sources import import_paths
from smup_lib.sources.long_table import NEEDED, OPTIONAL
from smup_lib.sources.read_file import MOST_ORIGINS
from smup_lib.sources.sidecar import FileNote
from tests.sources import twins


@pytest.fixture(scope="module")
def page(repo_root: Path) -> str:
    return (repo_root / "docs" / "import.md").read_text(encoding="utf-8")


def first_cells(part: str) -> list[str]:
    """Return the words in the first column of the tables of a part of the page."""
    return re.findall(r"^\| `(\w+)` \|", part, flags=re.MULTILINE)


def test_every_key_is_told(page):
    told = first_cells(page.partition("## import.yaml")[2])
    assert sorted(told) == sorted(FileNote.model_fields)


def test_every_column_of_a_long_table_is_told(page):
    told = first_cells(page.partition("## Tabela długa")[2].partition("\n## ")[0])
    assert tuple(told) == NEEDED + OPTIONAL


def test_the_page_tells_how_many_sources_a_file_may_name(page):
    assert f"do {MOST_ORIGINS} różnych wpisów" in page


def test_the_example_does_what_its_comments_say(page, smup_home, tmp_path):
    (example,) = re.findall(r"```yaml\n(.*?)```", page, flags=re.DOTALL)
    (tmp_path / "import.yaml").write_text(example, encoding="utf-8")
    for path in (*twins.REGISTERS, twins.HEALTH, twins.AGES, twins.LIBRARY, twins.GEOJSON):
        shutil.copy(path, tmp_path)
    header = '"Kod";"Nazwa";"ogółem;2021;[osoba]";\n9001011;"Dębowo (1)";7;\n'
    (tmp_path / "moje_bezrobocie.csv").write_bytes(twins.csv_bytes(header))
    text = (tmp_path / twins.LIBRARY.name).read_text(encoding="utf-8").replace("12400", "12.400")
    (tmp_path / twins.LIBRARY.name).write_text(text, encoding="utf-8")
    report = import_paths([tmp_path])
    assert {file.name: file.status for file in report.files} == dict.fromkeys(
        (path.name for path in tmp_path.iterdir() if path.name not in ("import.yaml", "smup_home")),
        "read",
    )
    assert report.notes == ()  # every entry fits a file
    by_file = {s.file.name: s for s in load_snapshot().manifest.sources.values() if s.file}
    health, library = by_file[twins.HEALTH.name], by_file[twins.LIBRARY.name]
    assert (health.dataset, health.variables) == ("bdl:P1539", ("expenditure_health",))
    assert health.file is not None
    assert (health.file.retrieved, health.file.dated) == ("2022-09-30", "note")
    assert by_file[twins.AGES.name].variables == ("share_pre_working_age", "share_working_age")
    assert by_file["moje_bezrobocie.csv"].variables == ("registered_unemployed",)
    assert (library.dataset, library.title) == ("own:nasza_biblioteka", "Ewidencja biblioteki")
    assert by_file[twins.GEOJSON.name].years == (2024,)
    rows = load_snapshot().observations(["population"], ["900101"])
    assert rows["value"].tolist() == [12400]  # 12.400 with decimal: ","
