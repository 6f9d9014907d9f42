"""A reader names an area, a service or an indicator in many ways; what is unclear is told."""

from __future__ import annotations

import pytest

from smup_lib.catalogue import load_catalogue
from smup_lib.catalogue.entries import find_entry, list_entries
from smup_lib.errors import IndicatorError


@pytest.mark.parametrize(
    ("text", "kind", "key"),
    [
        ("roads_transport", "area", "roads_transport"),
        ("Drogi", "area", "roads_transport"),
        ("dro-07", "service", "DRO-07"),
        ("BEZPIECZENSTWO I ORGANIZACJA RUCHU", "service", "DRO-07"),
        ("road_accidents_per_100k", "indicator", "road_accidents_per_100k"),
        ("DRO-07-I1", "indicator", "road_accidents_per_100k_computed"),
        ("Czytelnicy bibliotek", "indicator", "library_readers_per_1k"),
    ],
)
def test_ids_codes_aliases_names_and_beginnings_are_found(text, kind, key):
    found = find_entry(load_catalogue(), text)
    assert (found.kind, found.id) == (kind, key)


def test_what_fits_several_lists_them():
    with pytest.raises(IndicatorError, match="pasuje do kilku") as caught:
        find_entry(load_catalogue(), "wypadki drogowe na 100")
    assert "road_accidents_per_100k (wskaźnik:" in str(caught.value)


@pytest.mark.parametrize("text", ["museum_visitors_per_10", "nie ma takiego", " "])
def test_what_nothing_fits_is_told_with_a_next_step(text):
    with pytest.raises(IndicatorError) as caught:
        find_entry(load_catalogue(), text)
    assert caught.value.next_step


def test_every_entry_is_listed_once_and_found_by_its_own_id():
    catalogue = load_catalogue()
    entries = list(list_entries(catalogue))
    counts = {kind: sum(e.kind == kind for e in entries) for kind in ("area", "indicator")}
    assert counts == {"area": len(catalogue.areas), "indicator": len(catalogue.indicators)}
    for entry in entries[::9]:
        assert find_entry(catalogue, entry.id) == entry
