"""Like values that lie together: planted ones are found, chance finds none, holes are refused."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import shapely

from smup_lib.reports.selection.clusters import find_clusters

SIDE = 12


def land(*, outlines: bool = True) -> SimpleNamespace:
    """Return a workspace with a square land; the snapshot is asked for two tables only."""
    codes = [f"90{n:04}" for n in range(SIDE * SIDE)]
    boxes = [shapely.box(n % SIDE, n // SIDE, n % SIDE + 1, n // SIDE + 1) for n in range(SIDE**2)]
    shapes = pd.DataFrame(
        {"unit_code": codes, "level": "gmina", "geometry": list(shapely.to_wkb(boxes))}
    )
    pairs = [
        (codes[a], codes[b])
        for a in range(SIDE**2)
        for b in range(SIDE**2)
        if abs(a % SIDE - b % SIDE) + abs(a // SIDE - b // SIDE) == 1
    ]
    tables = {
        "outlines": shapes if outlines else shapes.iloc[:0],
        "borders": pd.DataFrame(pairs, columns=["unit_code", "neighbour_code"]),
    }
    return SimpleNamespace(codes=codes, snapshot=SimpleNamespace(table=tables.__getitem__))


def frame(codes: list[str], values: np.ndarray) -> pd.DataFrame:
    flags = np.where(np.isnan(values), "no_data", "ok")
    return pd.DataFrame({"unit_code": codes, "value": values, "flag": flags, "qualifiers": ""})


def planted() -> np.ndarray:
    noise = np.random.default_rng(1).normal(0, 1, SIDE**2)
    column = np.arange(SIDE**2) % SIDE
    return noise + np.where(column < 3, 12.0, np.where(column > 8, -12.0, 0.0))


def test_a_planted_pattern_is_found_where_it_was_planted():
    workspace = land()
    found = find_clusters(workspace, frame(workspace.codes, planted()), "gmina")  # type: ignore[arg-type]
    high, low = len(found.classes.labels) - 1, 1
    assert found.classes.labels[high] == "wysoka wśród wysokich"
    assert found.classes.labels[low] == "niska wśród niskich"
    column = {code: n % SIDE for n, code in enumerate(workspace.codes)}
    assert found.found > SIDE
    for code, place in found.places.items():
        assert place != high or column[code] < 4
        assert place != low or column[code] > 7
    assert "sąsiadują ze sobą częściej" in found.sentences[0]


def test_without_outlines_borders_tell_who_touches():
    workspace = land(outlines=False)
    found = find_clusters(workspace, frame(workspace.codes, planted()), "gmina")  # type: ignore[arg-type]
    assert found.found > SIDE


def test_chance_alone_marks_nobody():
    workspace = land()
    values = np.random.default_rng(3).normal(0, 1, SIDE**2)
    found = find_clusters(workspace, frame(workspace.codes, values), "gmina")  # type: ignore[arg-type]
    assert found.found == 0
    assert set(found.places.values()) == {0}
    assert "Żadna jednostka nie wyróżnia się" in " ".join(found.sentences)


def test_a_map_with_holes_is_refused_with_the_reason():
    workspace = land()
    values = planted()
    values[:30] = np.nan
    found = find_clusters(workspace, frame(workspace.codes, values), "gmina")  # type: ignore[arg-type]
    assert found.places == {}
    assert found.sentences[0].startswith("Skupisk nie można szukać: za dużo jednostek bez wartości")
