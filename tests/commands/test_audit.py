"""``smup catalogue audit`` and ``show``, ``smup data reconcile``: tables, files, mistakes."""

from __future__ import annotations

import csv
import json

import pytest
from typer.testing import CliRunner

from smup_lib.cli import app
from smup_lib.errors import SmupError
from smup_lib.reports.html_check import check_html

pytestmark = pytest.mark.usefixtures("sample_home")


def answered(*words: str) -> str:
    done = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def rows_of(path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_the_audit_writes_a_table_a_page_and_json(tmp_path):
    table, page = tmp_path / "a.csv", tmp_path / "a.html"
    words = ("catalogue", "audit", "--area", "kultura", "--csv", str(table), "--html", str(page))
    told = answered(*words)
    assert "Dostępność danych: Kultura i rekreacja" in told
    assert "smup data import PLIK --variable sports_club_members" in " ".join(told.split())
    rows = rows_of(table)
    row = next(
        row for row in rows
        if (row["indicator"], row["level"], row["year"])
        == ("museum_visitors_per_10k", "powiat", "2016")
    )  # fmt: skip
    assert (row["values"], row["units"], row["gap"]) == ("35", "36", "suppressed")
    assert row["share"].startswith("97,2")
    assert check_html(page.read_text(encoding="utf-8")) == []
    told = json.loads(answered("catalogue", "audit", "--area", "kultura", "--json"))
    assert len(told["table"]) == len(rows)
    assert {"snapshot", "table", "gaps", "areas"} == set(told)


def test_reconciliation_tells_the_planted_gap(tmp_path):
    table, page = tmp_path / "r.csv", tmp_path / "r.html"
    words = ("data", "reconcile", "--area", "inwestycje", "--csv", str(table), "--html", str(page))
    told = answered(*words)
    assert "powiat mirosielski (9204)" in told
    assert {(row["unit_code"], row["year"]) for row in rows_of(table)} == {("9204", "2022")}
    html = page.read_text(encoding="utf-8")
    assert check_html(html) == []
    assert "mirosielski" in html
    found = json.loads(answered("data", "reconcile", "--area", "kultura", "--json"))
    assert found["differences"] == []


def test_a_card_is_written_as_a_page_and_told_as_json(tmp_path):
    page = tmp_path / "fiszka.html"
    assert answered("catalogue", "show", "DRO-07", "--html", str(page)).strip() == str(page)
    assert check_html(page.read_text(encoding="utf-8")) == []
    told = json.loads(answered("catalogue", "show", "road_accidents_per_100k", "--json"))
    assert told["kind"] == "indicator"
    assert told["availability"][0]["newest_units"] == 36


@pytest.mark.parametrize(
    "words",
    [
        ("catalogue", "show", "kultura", "--html", "/nie/ma/takiego/folderu/a.html"),
        ("catalogue", "audit", "--area", "kultura", "--csv", "/nie/ma/takiego/folderu/a.csv"),
        ("catalogue", "audit", "--area", "nie ma"),
        ("catalogue", "audit", "--level", "wojewodztwo"),
        ("data", "reconcile", "--snapshot", "ffff"),
    ],
)
def test_mistakes_are_told_with_a_next_step(words):
    done = CliRunner().invoke(app, list(words))
    assert isinstance(done.exception, SmupError)
    assert done.exception.next_step
