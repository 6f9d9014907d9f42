"""A batch whose data were corrected: which reports conclude something else, and who is told."""

from __future__ import annotations

import dataclasses

import pytest
from typer.testing import CliRunner

from smup_lib.cli import app
from smup_lib.errors import ParameterError
from smup_lib.reports.batch.change_letter import letter_bytes, name_changes, render_letter
from smup_lib.reports.batch.changes import choose_rows, compare_batch
from smup_lib.reports.batch.fingerprint import Fingerprints
from smup_lib.reports.batch.jobs import list_jobs
from smup_lib.reports.batch.known import ORDER_FILE
from smup_lib.reports.batch.manifest import Manifest, Row
from smup_lib.reports.batch.order import simple_order, write_order
from smup_lib.reports.batch.units import choose_units
from smup_lib.reports.loading import Workspace
from smup_lib.reports.revisions import compare_report
from tests.reports.revised_land import set_value, small_land

UNIT, YEAR = "9004", 2023
UNITS = ("9001", "9002", UNIT, "9005", "9007")


@pytest.fixture(scope="module")
def old(whole_land):
    return small_land(whole_land)


@pytest.fixture(scope="module")
def new(whole_land, old):
    """The readers of one powiat, more than halved."""
    return small_land(whole_land, set_value(UNIT, YEAR, "library_readers", 0.4), base=old)


@pytest.fixture(scope="module")
def folder(old, tmp_path_factory):
    """Return the folder of a batch as its manifest tells it; one more report failed."""
    out, workspace = tmp_path_factory.mktemp("batch"), Workspace.open(old)
    order = simple_order(["kultura", "drogi", "portret"], UNITS, YEAR)
    (out / ORDER_FILE).write_text(write_order(order), encoding="utf-8")
    prints, manifest = Fingerprints(old, workspace.catalogue), Manifest(out)
    for job in list_jobs(order, workspace).jobs:
        name = workspace.unit(job.unit, year=YEAR).label
        status = "failed" if (job.section.name, job.unit) == ("unit_portrait", "9001") else "made"
        row = Row(
            *(job.key, job.section.name, job.unit, name, YEAR, dict(job.parameters), old.id),
            *(prints.of(job), status),
        )
        manifest.add(row)
    return out


@pytest.fixture(scope="module")
def changes(folder, new):
    return compare_batch(folder, new=new)


def test_each_report_is_told_once_and_rightly(changes):
    """Held against every report compared one by one."""
    area = changes.data.old.catalogue.area("kultura")
    found = {one.row.unit: one for one in changes.reports if one.row.report == area.id}
    for code, one in found.items():
        unit = changes.data.old.unit(code, year=YEAR)
        revision = compare_report(changes.data, area, unit, YEAR).revision
        assert revision is not None
        other = any(f.outcome not in ("unchanged", "moved") for f in revision.findings)
        expected = "conclusions" if other else "numbers" if revision.dependent else "remade"
        assert (code, one.sort) == (code, expected)
    assert found[UNIT].sort == "conclusions"
    assert len(found) == len(UNITS)


def test_what_reads_nothing_of_it_stays_and_what_no_one_compared_is_said(changes):
    by_report = {}
    for one in changes.reports:
        by_report.setdefault(one.row.report, set()).add(one.sort)
    assert by_report["roads_transport"] == {"same"}
    assert by_report["unit_portrait"] == {"unjudged"}
    assert changes.failed == 1
    assert sum(changes.counts.values()) == len(changes.reports) == 3 * len(UNITS) - 1
    # all of culture and the portraits, which read it too; the roads stay as they are
    assert changes.to_make == 2 * len(UNITS) - 1


def test_the_letter_tells_the_old_and_the_new_conclusion(changes):
    page = render_letter(changes)
    (one,) = [one for one in changes.of("conclusions") if one.row.unit == UNIT]
    text = letter_bytes(page, ".md").decode()
    for change in one.conclusions:
        assert f"{change.before} | {change.after} |" in text.replace("\\", "")
        assert change.before != change.after
    assert one.row.unit_name in text
    assert {row["unit"] for row in name_changes(changes)} >= {one.row.unit_name}
    assert letter_bytes(page, ".docx")[:2] == b"PK"


def test_of_one_unit_only_its_reports_are_told(folder, new):
    mine = compare_batch(folder, new=new, chosen=choose_rows(UNIT, {"culture_recreation"}))
    assert [one.row.unit for one in mine.reports] == [UNIT]
    assert mine.reports[0].sort == "conclusions"


def test_a_letter_to_a_powiat_is_not_about_its_gminy():
    rows = [
        Row(code, "a", code, name, YEAR, {}, "0", "f", "made")
        for code, name in (
            ("2604", "powiat kielecki"),
            ("260401", "gmina 2604 (powiat kielecki)"),
            ("0401", "powiat aleksandrowski"),
            ("2661", "powiat Kielce"),
            ("266101", "gmina Kielce"),
        )
    ]

    def chosen(unit: str) -> list[str]:
        return [row.unit for row in rows if choose_rows(unit)(row)]

    assert chosen("2604") == ["2604"]
    assert chosen("0401") == ["0401"]
    assert chosen("2661") == ["2661", "266101"]


def test_without_a_correction_every_report_stays(folder, old):
    calm = compare_batch(folder, new=old)
    assert {sort for sort, n in calm.counts.items() if n} == {"same", "unjudged"}
    assert calm.to_make == 0
    assert "Żaden wniosek nie jest inny" in render_letter(calm)


def test_reports_of_another_state_are_counted_apart(folder, old, new, tmp_path):
    rows = Manifest(folder).rows
    manifest = Manifest(tmp_path)
    for place, row in enumerate(rows.values()):
        manifest.add(dataclasses.replace(row, snapshot=new.id) if place == 0 else row)
    with pytest.raises(ParameterError, match="kilku stanach"):
        compare_batch(tmp_path, new=new)
    assert compare_batch(tmp_path, old.id, old).elsewhere == {new.id: 1}
    with pytest.raises(ParameterError, match="nie ma raportów"):
        compare_batch(tmp_path / "nie_ma")


def test_the_command_says_what_changed_and_writes_the_letter(folder, old, new, tmp_path):
    letter = tmp_path / "list.md"
    words = ["report", "diff", old.id, new.id, "--batch", str(folder), "--unit", UNIT]
    codes = tmp_path / "lista.csv"
    given = ["--area", "kultura", "--out", str(letter), "--codes", str(codes)]
    done = CliRunner().invoke(app, [*words, *given])
    assert done.exit_code == 0, done.output
    assert "inny jest co najmniej jeden wniosek" in done.output
    assert f"({UNIT})" in letter.read_text(encoding="utf-8")
    assert choose_units(Workspace.open(new).register, [str(codes)], YEAR).codes == (UNIT,)
    wrong = CliRunner().invoke(app, [*words, "--group", "similar"])
    assert wrong.exit_code != 0


def test_a_letter_of_another_kind_is_refused():
    with pytest.raises(ParameterError, match="nie zapisuje"):
        letter_bytes("", ".txt")
