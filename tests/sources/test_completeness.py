"""Registers and layers that would take units away are refused, unless the user insists."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import smup_lib as smup
from smup_lib.errors import SnapshotMismatchError, SourceError
from smup_lib.snapshots import current_id, load_snapshot
from smup_lib.sources import import_paths
from smup_lib.sources.completeness import find_gaps
from tests.sources import twins
from tests.sources.test_importing import real, report_of, values

pytestmark = pytest.mark.usefixtures("smup_home")


def tree(*gminy: str) -> dict[str, frozenset[str]]:
    """Return a register of gminy with the units above them."""
    widths = {"voivodeship": 2, "powiat": 4, "gmina": 6}
    return {level: frozenset(code[:n] for code in gminy) for level, n in widths.items()}


MANY = tuple(f"90{powiat:02d}{gmina:02d}" for powiat in range(1, 21) for gmina in range(1, 11))

GAPS = [
    (tree("900101", "910101"), [], ""),
    (tree("900101"), [("2022-01-01", tree("900101", "910101"))], "brakuje województw: 91"),
    (tree("900101") | {"powiat": frozenset({"9001", "9002"})}, [], "bez gmin: powiat 9002"),
    (tree("900101") | {"powiat": frozenset()}, [], "bez powiatów: województwo 90"),
    (tree("900101") | {"powiat": frozenset()}, [], "brakuje wierszy: powiat 9001"),
    (tree("900101") | {"voivodeship": frozenset()}, [], "brakuje wierszy: województwo 90"),
    # two units may go from one register to the next, or 2 %
    (tree(*MANY[:-4]), [("2022-01-01", tree(*MANY))], ""),
    (tree(*MANY[:-5]), [("2022-01-01", tree(*MANY))], "gmin jest 195, a w stanie na 2022-01-01"),
    (tree(*MANY[:-5]), [("2026-01-01", tree(*MANY))], "gmin jest 195, a w stanie na 2026-01-01"),
    # only the registers next to it count: a land may shrink over the years
    (
        tree(*MANY[:-6]),
        [("2020-01-01", tree(*MANY)), ("2022-01-01", tree(*MANY[:-3]))],
        "",
    ),
    (tree("900101"), [("2022-01-01", tree("020101"))], ""),
    (tree("020101"), [], "04, 06, 08, 10, 12, 14, 16, 18 i 7 innych"),
    (tree("020101"), [], "powiatów jest 1, a od 2013 r. jest ich w kraju co najmniej 380"),
]


@pytest.mark.parametrize(("here", "others", "said"), GAPS)
def test_what_a_register_lacks(here, others, said):
    gaps = "; ".join(find_gaps("2024-01-01", here, others))
    assert (said in gaps) if said else gaps == ""


def cut(folder: Path, path: Path, rows: int) -> Path:
    """Return a file without its last rows, cut at the end of a line."""
    lines = path.read_bytes().rstrip().splitlines(keepends=True)
    folder.mkdir(exist_ok=True)
    target = folder / path.name
    target.write_bytes(b"".join(lines[:-rows]))
    return target


def test_a_cut_register_leaves_the_old_one_and_says_what_is_missing(tmp_path):
    import_paths(real(tmp_path / "a", path) for path in twins.REGISTERS)
    before = current_id()
    newer = real(tmp_path / "b", twins.TERC_2024, {"2024-01-01": "2026-01-01"})
    report = import_paths([cut(tmp_path / "c", newer, 100)])
    (file,) = report.files
    assert (file.status, report.snapshot_id, current_id()) == ("refused", None, before)
    assert "brakuje województw: 28" in file.problem
    assert "--accept-partial" in file.problem
    assert "eteryt.stat.gov.pl" in file.problem


def test_other_files_go_on_with_the_old_register(tmp_path):
    """No unit ends with a register that is not whole: its values do not wait."""
    import_paths(real(tmp_path / "a", path) for path in twins.REGISTERS)
    newer = real(tmp_path / "b", twins.TERC_2024, {"2024-01-01": "2026-01-01"})
    table = tmp_path / "moje.csv"
    table.write_text("unit_code,year,variable,value\n2833,2026,population,5\n")
    report = import_paths([cut(tmp_path / "c", newer, 100), table])
    assert (report.quarantined, values("population", "2833")) == (0, {2026: 5})
    assert set(load_snapshot().table("units")["state_date"]) == {"2022-01-01", "2024-01-01"}


def test_the_user_may_insist_and_still_no_unit_ends(tmp_path):
    import_paths(real(tmp_path / "a", path) for path in twins.REGISTERS)
    newer = real(tmp_path / "b", twins.TERC_2024, {"2024-01-01": "2026-01-01"})
    table = tmp_path / "moje.csv"
    table.write_text("unit_code,year,variable,value\n2833,2026,population,5\n")
    part = cut(tmp_path / "c", newer, 100)
    report = smup.import_files([part, table], accept_partial=True)
    assert report_of(report, part).status == "read"
    assert any("rejestr niepełny: brakuje" in note for note in report_of(report, part).notes)
    assert "2026-01-01" in set(load_snapshot().table("units")["state_date"])
    assert (report.quarantined, values("population", "2833")) == (0, {2026: 5})


def test_a_cut_register_does_not_replace_the_whole_one_of_its_day(tmp_path):
    import_paths(real(tmp_path / "a", path) for path in twins.REGISTERS)
    before = current_id()
    path = cut(tmp_path / "c", real(tmp_path / "b", twins.TERC_2024), 1)
    (file,) = import_paths([path]).files
    assert (file.status, current_id()) == ("refused", before)
    assert "bez gmin: powiat 2857" in file.problem


def test_a_cut_register_of_the_fictional_land(tmp_path):
    path = cut(tmp_path / "c", twins.TERC_2024, 3)
    report = import_paths([path, twins.TERC_2022])
    assert "brakuje województw: 92" in report_of(report, path).problem


def test_without_any_register_the_refused_one_is_named(tmp_path):
    path = cut(tmp_path / "b", real(tmp_path / "a", twins.TERC_2024), 100)
    with pytest.raises(SourceError) as caught:
        import_paths([path, real(tmp_path / "a", twins.CTAB)])
    assert f"{path.name}: Rejestr TERC nie jest pełny" in str(caught.value)
    assert current_id() is None


def test_a_register_of_another_land_is_no_partial_one(tmp_path):
    import_paths(real(tmp_path / "a", path) for path in twins.REGISTERS)
    with pytest.raises(SnapshotMismatchError):
        import_paths([twins.TERC_2024])


def layer(folder: Path, text: str) -> Path:
    """Return the twin of boundaries with real units, or a part of it."""
    folder.mkdir(exist_ok=True)
    path = folder / "granice_2024.geojson"
    path.write_text(text.replace('"90', '"30').replace('"92', '"32'), encoding="utf-8")
    return path


@pytest.fixture
def drawn(tmp_path: Path) -> str:
    """The boundaries of seven gminy, imported; returns their file as text."""
    text = twins.GEOJSON.read_text(encoding="utf-8")
    registers = [real(tmp_path / "a", path) for path in twins.REGISTERS]
    import_paths([*registers, layer(tmp_path / "a", text)])
    return text


def only(text: str, *codes: str) -> str:
    whole = json.loads(text)
    whole["features"] = [
        feature
        for feature in whole["features"]
        if any(code in feature["properties"].values() for code in codes)
    ]
    assert len(whole["features"]) == len(codes)
    return json.dumps(whole)


def test_a_layer_of_one_unit_does_not_replace_a_whole_one(drawn, tmp_path):
    before = load_snapshot()
    part = layer(tmp_path / "b", only(drawn, "9001011"))
    report = import_paths([part])
    assert (report.files[0].status, report.snapshot_id) == ("refused", None)
    assert "gmin bez granic z 2024 r. byłoby 6: 300102, 300103" in report.files[0].problem
    assert "--accept-partial" in report.files[0].problem
    assert load_snapshot().id == before.id
    report = import_paths([part], accept_partial=True)
    assert len(load_snapshot().table("boundaries")) == 1
    assert any("bez granic z 2024 r. byłoby 6" in note for note in report.files[0].notes)


def test_parts_of_a_layer_that_share_no_unit_make_it_whole(tmp_path):
    """One file a voivodeship is a way in which layers are published."""
    text = twins.GEOJSON.read_text(encoding="utf-8")
    registers = [real(tmp_path / "a", path) for path in twins.REGISTERS]
    others = ("9001011", "9001022", "9061011", "9001033", "9002011", "9002022")
    import_paths([*registers, layer(tmp_path / "b", only(text, "9201011"))])
    report = import_paths([layer(tmp_path / "c", only(text, *others))])
    assert report.files[0].status == "read"
    assert len(load_snapshot().table("boundaries")) == 7
    assert len(load_snapshot().table("borders")) == 16
