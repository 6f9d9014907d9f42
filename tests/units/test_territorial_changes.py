"""The file of territorial events: what it says, and what it may not say."""

from __future__ import annotations

from pathlib import Path

import pytest

from smup_lib.catalogue.changes import (
    CHANGE_COLUMNS,
    changes_frame,
    load_territorial_changes,
    read_territorial_changes,
)
from smup_lib.errors import CatalogueError
from smup_lib.snapshots.tables import TABLES

EVENT = """
  - id: {id}
    date: 2020-01-01
    kind: {kind}
    what: coś się zmieniło
    source: test
    confidence: H
    {more}
"""


def written(folder: Path, *events: str) -> Path:
    path = folder / "territorial_changes.yaml"
    path.write_text("changes:" + "".join(events), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("event_id", "kind", "moves"),
    [
        ("dukla_jasliska_2010", "split", {("180702", "180702"), ("180702", "180710")}),
        ("walbrzych_gmina_2013", "code", {("022109", "026501")}),
        ("walbrzych_powiat_2013", "split", {("0221", "0221"), ("0221", "0265")}),
        ("zielona_gora_2015", "merge", {("080910", "086201"), ("086201", "086201")}),
        ("rejowiec_2006", "code", {("060608", "060315")}),
        ("szczawa_2025", "split", {("120705", "120705"), ("120705", "120713")}),
        ("grabowka_2025", "split", {("200209", "200209"), ("200209", "200216")}),
        (
            "opole_2017",
            "transfer",
            {(code, "166101") for code in ("160902", "160903", "160904", "160910")},
        ),
    ],
)
def test_the_events_of_the_country(event_id: str, kind: str, moves: set[tuple[str, str]]) -> None:
    event = next(c for c in load_territorial_changes() if c.id == event_id)
    assert event.kind == kind
    assert {(move.from_code, move.to_code) for move in event.moves} == moves


def test_ostrowice_goes_by_area() -> None:
    event = next(c for c in load_territorial_changes() if c.id == "ostrowice_2019")
    weights = {m.to_code: (m.weight, m.basis) for m in event.moves if m.from_code == "320304"}
    assert weights == {"320302": (0.4355, "area"), "320306": (0.5645, "area")}


def test_events_that_were_withdrawn_are_not_there() -> None:
    codes = {row[0] for event in load_territorial_changes() for row in event.rows()}
    assert not [c for c in load_territorial_changes() if c.date.year == 2016 and c.kind == "split"]
    assert "166101" not in codes  # Opole only receives


def test_new_towns_by_year() -> None:
    towns = {c.date.year: len(c.kept) for c in load_territorial_changes() if c.kind == "status"}
    assert towns[2024] == 34
    assert towns[2026] == 13
    assert sum(towns.values()) - 13 == 134


def test_the_frame_is_the_table_of_the_snapshot() -> None:
    frame = changes_frame()
    assert tuple(frame.columns) == CHANGE_COLUMNS == TABLES["changes"].columns
    assert not frame.duplicated(list(TABLES["changes"].key)).any()
    assert frame["date"].is_monotonic_increasing
    assert frame["weight"].notna().equals(frame["weight_basis"] != "")
    name = frame.loc[frame["from_code"] == "320304", "name"].iloc[0]
    assert name.startswith("Ostrowice (gmina wiejska): ")


@pytest.mark.parametrize(
    ("kind", "more", "said"),
    [
        ("split", 'moves: [{from: "900101", to: "900102"}]', "ma tylko jedną część"),
        ("split", 'kept: {"900101": "A (gmina wiejska)"}', "wymaga pola moves"),
        ("status", 'moves: [{from: "900101", to: "900101"}]', "wymaga pola kept"),
        ("status", 'kept: {"900101": "Lipowo"}', "kept"),
        (
            "code",
            'moves: [{from: "900101", to: "900102", weight: 0.5, basis: area}]',
            "suma wag wynosi 0.5000",
        ),
        (
            "merge",
            'moves: [{from: "900101", to: "900102", weight: 1.0, basis: exact}]',
            "żaden kod nie powstał z kilku",
        ),
        (
            "transfer",
            'moves: [{from: "900101", to: "900102", weight: 1.0, basis: exact}]',
            "nie ma wag",
        ),
        (
            "split",
            'moves: [{from: "900101", to: "900101", weight: 0.5, basis: area},'
            ' {from: "900101", to: "900102"}]',
            "wagi podaje się dla wszystkich",
        ),
        (
            "split",
            'moves: [{from: "900101", to: "900101"}, {from: "900101", to: "9001"}]',
            "z jednego szczebla",
        ),
        (
            "split",
            'moves: [{from: "900101", to: "900101"}, {from: "900101", to: "900101"}]',
            "powtarza się",
        ),
        ("split", 'moves: [{from: "900101", to: "900101", weight: 1.0}]', "weight i basis"),
        (
            "split",
            'moves: [{from: "900101", to: "900101", weight: 0.9, basis: exact}]',
            "basis: exact",
        ),
        ("split", "moves: [{from: 900101, to: 900102}]", "to nie jest tekst"),
        ("split", 'moves: [{from: "901", to: "900102"}]', "liczba cyfr"),
        ("split", 'moves: [{from: "9001011", to: "900102"}]', "zapisz jako „900101”"),
        ("split", 'former: {"900109": "A (powiat)"}\n    moves: []', "wymaga pola moves"),
        ("spilt", 'moves: [{from: "900101", to: "900102"}]', "kind"),
    ],
)
def test_what_an_event_may_not_say(tmp_path: Path, kind: str, more: str, said: str) -> None:
    path = written(tmp_path, EVENT.format(id="wrong", kind=kind, more=more))
    with pytest.raises(CatalogueError) as caught:
        read_territorial_changes(path)
    assert said in str(caught.value)
    assert "wrong" in str(caught.value)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    good = 'moves: [{from: "900101", to: "900102"}]'
    path = written(
        tmp_path,
        EVENT.format(id="one", kind="split", more=good),
        EVENT.format(id="two", kind="status", more=good),
        EVENT.format(id="three", kind="transfer", more=good + "\n    colour: red"),
    )
    with pytest.raises(CatalogueError) as caught:
        read_territorial_changes(path)
    assert len(caught.value.problems) == 3
    assert [name in str(caught.value) for name in ("one", "two", "three")] == [True] * 3


def test_land_that_leaves_a_powiat_needs_an_event_of_the_powiaty(tmp_path: Path) -> None:
    moved = EVENT.format(
        id="moved",
        kind="code",
        more='moves: [{from: "900101", to: "900201", weight: 1.0, basis: exact}]',
    )
    with pytest.raises(CatalogueError, match="przekracza granicę powiatu"):
        read_territorial_changes(written(tmp_path, moved))
    powiaty = EVENT.format(
        id="powiaty", kind="transfer", more='moves: [{from: "9001", to: "9002"}]'
    )
    assert len(read_territorial_changes(written(tmp_path, moved, powiaty))) == 2


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="zmian terytorialnych"):
        read_territorial_changes(tmp_path / "nothing.yaml")
