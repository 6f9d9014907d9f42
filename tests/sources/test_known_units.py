"""Units that ended, units that had not begun, and files with only some of the units."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from smup_lib.catalogue.changes import changes_frame
from smup_lib.snapshots import load_snapshot
from smup_lib.snapshots.tables import empty_table
from smup_lib.sources import import_paths
from smup_lib.sources.known_units import known_units
from tests.sources import twins
from tests.sources.test_importing import real, report_of, values

pytestmark = pytest.mark.usefixtures("smup_home")


def register(*vintages: tuple[str, str]) -> pd.DataFrame:
    """Return units from (day, codes of gminy) pairs, with the units above them."""
    levels = (("voivodeship", 2), ("powiat", 4), ("gmina", 6))
    return pd.DataFrame(
        [
            (code, level, day)
            for day, codes in vintages
            for level, width in levels
            for code in sorted({code[:width] for code in codes.split()})
        ],
        columns=["unit_code", "level", "state_date"],
    )


# vintages of the register, code -> its last year (None: it goes on)
ENDS = [
    ([("2024-01-01", "320302 320306")], "320304", 2018),  # a change ended it
    ([("2015-01-01", "320302 320304")], "320304", 2018),  # the register is older than the change
    ([("2024-01-01", "320302 320304")], "320304", None),  # the register still has it
    ([("2022-01-01", "900101 900102"), ("2024-01-01", "900101")], "900102", 2023),
    ([("2022-01-01", "900101"), ("2024-01-01", "900101 900102")], "900102", None),
    (
        [
            ("2022-01-01", "900101 900102"),
            ("2023-01-01", "900102"),
            ("2024-01-01", "900101 900102"),
        ],
        "900101",
        None,
    ),
    # a vintage that lacks a voivodeship ends no unit
    ([("2022-01-01", "900101 910101 910102"), ("2024-01-01", "900101")], "910102", None),
    ([("2024-01-01", "026501")], "022109", 2012),  # began in 2003, ended in 2013
    ([("2024-01-01", "026501")], "1465", None),
]


@pytest.mark.parametrize(("vintages", "code", "year"), ENDS)
def test_the_last_year_of_a_unit(vintages, code, year):
    assert known_units(register(*vintages), changes_frame()).last_years.get(code) == year


def test_an_unknown_gmina_that_a_zero_would_make_known_is_said():
    known = known_units(register(("2024-01-01", "020101 020102")), empty_table("changes"))
    (note,) = known.lost_zero_note({"201022", "201011", "201099", "126101"})
    assert note.startswith("arkusz mógł usunąć zero z przodu kodu: 201011 to może 0201011")
    assert "(takich kodów: 2)" in note
    assert known.lost_zero_note({"203011", "900101"}) == ()


def test_a_file_whose_gminy_lost_their_zero_gets_the_hint(tmp_path):
    table = tmp_path / "moje.csv"
    table.write_text("unit_code,year,variable,value\n241011,2024,population,5\n")
    report = import_paths([*(real(tmp_path, path) for path in twins.REGISTERS), table])
    (note,) = [note for note in report.files[-1].notes if "zero" in note]
    assert "241011 to może 0241011" in note


def test_no_changes_and_no_register():
    assert known_units(empty_table("units"), empty_table("changes")).codes == frozenset()


def ostrowice(folder: Path) -> Path:
    """320304 (Ostrowice) was divided on 1 January 2019."""
    path = folder / "RYNE_1944_CTAB_20250101120000.csv"
    path.write_bytes(
        twins.csv_bytes(
            '"Kod";"Nazwa";"ogółem;2018;[osoba]";"ogółem;2022;[osoba]";"ogółem;2023;[osoba]";\n'
            '3203042;"Ostrowice (2)";81;77;;\n'
        )
    )
    return path


def test_a_value_of_a_year_after_the_end_waits(tmp_path):
    path = ostrowice(tmp_path)
    report = import_paths([real(tmp_path / "dane", twins.TERC_2024), path])
    assert report.quarantined == 1
    (held,) = load_snapshot().table("quarantine").to_dict("records")
    assert (held["unit_code"], held["year"], held["value"]) == ("320304", 2022, "77")
    assert held["reason"] == ("jednostka istniała do 2018 r. (jej obszar ma odtąd 320302 i 320306)")
    # years in which it existed stay, and so do empty cells of a wide export
    assert values("registered_unemployed", "320304") == {2018: 81, 2023: "no_data"}


def test_a_unit_that_a_later_register_no_longer_has(tmp_path):
    """Łąkowo (900203) stands in the register of 2022 and no longer in that of 2024."""
    path = tmp_path / "moje.csv"
    rows = "".join(f"900203,{year},population,1\n" for year in (2022, 2023, 2024))
    path.write_text("unit_code,year,variable,value\n" + rows)
    import_paths([*twins.REGISTERS, path])
    assert load_snapshot().table("quarantine")["year"].tolist() == [2024]
    assert values("population", "900203") == {2022: 1, 2023: 1}


def test_a_value_from_before_a_unit_began_is_said(tmp_path):
    path = tmp_path / "moje.csv"
    path.write_text("unit_code,year,variable,value\n026501,2012,population,1\n")
    report = import_paths([real(tmp_path / "dane", twins.TERC_2024), path])
    assert values("population", "026501") == {2012: 1}
    assert any("jeszcze nie było (na przykład 026501, 2012 r.)" in n for n in report.files[1].notes)


def test_boundaries_of_a_unit_that_had_ended_wait(tmp_path):
    text = twins.GEOJSON.read_text(encoding="utf-8").replace('"90', '"30').replace('"92', '"32')
    path = tmp_path / "granice_2022.geojson"
    path.write_text(text.replace('"3001011"', '"3203042"'), encoding="utf-8")
    import_paths([real(tmp_path / "dane", twins.TERC_2024), path])
    held = load_snapshot().table("quarantine")
    assert held["unit_code"].tolist() == ["320304"]
    assert "istniała do 2018 r." in held["reason"].item()


def test_a_whole_file_has_no_note(tmp_path):
    report = import_paths([*twins.REGISTERS, twins.CTAB])
    assert not any("plik ma" in note for note in report_of(report, twins.CTAB).notes)


def test_a_file_cut_between_two_rows_is_said(tmp_path):
    lines = twins.CTAB.read_bytes().splitlines(keepends=True)
    path = tmp_path / twins.CTAB.name
    path.write_bytes(b"".join(lines[:8]))  # the last one is 900103 (Wierzbno)
    report = import_paths([*twins.REGISTERS, path])
    said = report.render()
    assert "plik ma 1 z 2 województw; brakuje wszystkich po kodzie 90: plik może być ucięty" in said
    assert "plik ma 3 z 7 gmin; brakuje wszystkich po kodzie 900103: plik może być ucięty" in said


def test_a_selection_of_units_is_only_counted(tmp_path):
    path = tmp_path / "moje.csv"
    rows = "".join(f"{code},2024,population,1\n" for code in ("900102", "920101"))
    path.write_text("unit_code,year,variable,value\n" + rows)
    report = import_paths([*twins.REGISTERS, path])
    assert report_of(report, path).notes == ("plik ma 2 z 7 gmin",)


def test_boundaries_of_some_units_are_counted(tmp_path):
    text = twins.GEOJSON.read_text(encoding="utf-8").replace('"9001011"', '"9009011"')
    path = tmp_path / "granice_2024.geojson"
    path.write_text(text, encoding="utf-8")
    report = import_paths([*twins.REGISTERS, path])
    assert "plik ma 6 z 7 gmin" in report_of(report, path).notes


def test_a_file_is_measured_by_the_units_of_its_year_not_by_the_last_register_alone():
    changes = changes_frame()
    divided = changes[changes["from_code"] == "320304"]  # Ostrowice, on 1 January 2019
    known = known_units(register(("2018-01-01", "320302 320304 320306")), divided)
    assert known.missing_notes({"320302"}, [2018])[0].startswith("plik ma 1 z 3 gmin")
    assert known.missing_notes({"320302"}, [2019])[0].startswith("plik ma 1 z 2 gmin")
