"""Charts of a fictional land in every situation that a real one has met, for tests and gallery."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd
import shapely

from smup_lib.conclude.evidence import NumberKey
from smup_lib.present.charts import (
    BreakMark,
    Chart,
    DistributionChart,
    MapChart,
    MissingData,
    PairAxis,
    PairChart,
    ProfileChart,
    RankingChart,
    SeriesChart,
)

UNIT = "9002"
UNIT_NAME = "powiat olszyńsko-brzezicki"
SOURCE = "Opracowanie własne na danych przykładowych (jednostki fikcyjne), stan na 21.11.2026 r."
MISSING = MissingData(
    what="Stan nawierzchni dróg powiatowych",
    reason="źródło nie obejmuje powiatów",
    since="od 2016 r.",
    holder="zarządca drogi, sprawozdanie roczne",
    next_step="smup data import własny_plik.csv",
)
_STEMS = (
    "brzezicki", "dolnolipski", "gradowiecki", "jaworzyniecki", "kamiennobrodzki",
    "łęgoborski", "mokrzański", "nowodworzański", "ostrzewski", "podgajski", "rudnogórski",
    "sośniański", "świerkowiecki", "topolański", "wierzbiński", "zalesiański",
    "źródlański", "żabnobrodzki", "ćmielnicki", "bukowiański", "czarnorzecki",
    "dąbrowiecki", "głębocki", "hutnicki",
)  # fmt: skip
LONG_NAMES = (
    "powiat czarnogórsko-trzciannobrzeziński",
    "Wysokie Brzezie Mazurzyckie – miasto na prawach powiatu",
    "powiat świętopełcko-nowomiejsko-podlipiański",
)
INJECTION = '<script>alert("x")</script> & „cudzysłów”'


def names(count: int) -> list[str]:
    whole = [f"powiat {stem}" for stem in _STEMS]
    return [whole[i] if i < len(whole) else f"gmina Lipnica {i}" for i in range(count)]


def codes(count: int) -> list[str]:
    return [f"{9003 + i}" if i < 90 else f"91{i:04d}" for i in range(count)]


def quartiles(values: list[float]) -> dict[str, float]:
    known = pd.Series(values).dropna()
    if len(known) < 3:
        return {}
    return {
        "q25": float(known.quantile(0.25)),
        "median": float(known.median()),
        "q75": float(known.quantile(0.75)),
    }


def key(indicator: str = "accident_rate", year: int = 2018) -> NumberKey:
    return NumberKey(UNIT, indicator, year, group="similar")


def common(title: str, **changes: Any) -> dict[str, Any]:
    return {
        "title": title,
        "measure_unit": "na 100 tys. mieszk.",
        "source_line": SOURCE,
        "key": key(),
        "unit_name": UNIT_NAME,
        **changes,
    }


def peer_values(count: int = 24, seed: int = 1, centre: float = 58.0) -> list[float]:
    draw = random.Random(seed)
    return [round(draw.lognormvariate(math.log(centre), 0.28), 1) for _ in range(count)]


def distribution(
    own: float | None = 41.2,
    peers: list[float] | None = None,
    *,
    flag: str = "ok",
    unit_name: str = UNIT_NAME,
    peer_names: list[str] | None = None,
    neighbours: int = 4,
    **changes: Any,
) -> DistributionChart:
    values = peer_values() if peers is None else peers
    roles = ["peer_neighbour" if i < neighbours // 2 else "peer" for i in range(len(values))]
    for i in range(neighbours // 2, min(neighbours, len(values))):
        roles[i] = "neighbour"
    frame = pd.DataFrame(
        {
            "unit_code": [UNIT, *codes(len(values))],
            "name": [unit_name, *(peer_names or names(len(values)))],
            "value": [float("nan") if own is None else own, *values],
            "flag": [flag, *("missing_or_secret" if math.isnan(v) else "ok" for v in values)],
            "role": ["unit", *roles],
        }
    )
    inside = [v for v, r in zip(values, roles, strict=True) if r != "neighbour"]
    words = common("Wypadki drogowe", unit_name=unit_name, polarity="lower", standing="better")
    return DistributionChart(frame=frame, **{**words, **quartiles(inside), **changes})


def pair(
    own: tuple[float | None, float | None] = (14.2, 11830.0),
    peers: list[tuple[float, float]] | None = None,
    *,
    unit_name: str = UNIT_NAME,
    peer_names: list[str] | None = None,
    neighbours: int = 4,
    across: dict[str, Any] | None = None,
    **changes: Any,
) -> PairChart:
    """Draw class size across and cost of a pupil up; the dearer, the smaller the classes."""
    values = pair_values() if peers is None else peers
    base = distribution(0.0, [0.0] * len(values), neighbours=neighbours, peer_names=peer_names)
    both = [tuple(NAN if v is None else v for v in one) for one in (own, *values)]
    x, y = [one[0] for one in both], [one[1] for one in both]
    frame = base.frame.assign(value=y, across=x)
    frame.loc[0, "name"] = unit_name
    for column, flag in (("value", "flag"), ("across", "across_flag")):
        frame[flag] = ["missing_or_secret" if math.isnan(v) else "ok" for v in frame[column]]
    group = frame["role"].isin(("peer", "peer_neighbour"))
    axis = {"name": "Liczebność klasy", "measure_unit": "os./oddział", "key": key("class_size"),
            "median": quartiles(list(frame.loc[group, "across"])).get("median")}  # fmt: skip
    words = common("Koszt ucznia a liczebność klasy", unit_name=unit_name, name="Koszt ucznia",
                   measure_unit="zł/os.", decimals=0)  # fmt: skip
    statistics = quartiles(list(frame.loc[group, "value"]))
    return PairChart(
        frame=frame, across=PairAxis(**axis | (across or {})), **{**words, **statistics, **changes}
    )


def pair_values(count: int = 24, seed: int = 6) -> list[tuple[float, float]]:
    draw = random.Random(seed)
    sizes = [round(draw.gauss(16.5, 2.4), 1) for _ in range(count)]
    return [(size, round(draw.gauss(24_000 - 700 * size, 900))) for size in sizes]


def series(
    values: dict[int, float | None] | None = None,
    *,
    flags: dict[int, str] | None = None,
    qualifiers: dict[int, str] | None = None,
    group: bool = True,
    interval: bool = False,
    **changes: Any,
) -> SeriesChart:
    draw = random.Random(3)
    if values is None:
        values = {
            y: round(72 - 3.1 * (y - 2008) + draw.gauss(0, 3.2), 1) for y in range(2008, 2019)
        }
    frame = pd.DataFrame(
        {
            "year": list(values),
            "value": pd.array([float("nan") if v is None else v for v in values.values()]),
        }
    ).astype({"value": "float64"})
    frame["flag"] = [
        (flags or {}).get(y, "no_data" if v is None else "ok") for y, v in values.items()
    ]
    frame["qualifiers"] = [(qualifiers or {}).get(y, "") for y in values]
    if group:
        frame["median"] = [66 - 0.9 * (y - 2008) + draw.gauss(0, 1) for y in values]
        frame["q25"] = frame["median"] - 9
        frame["q75"] = frame["median"] + 12
    if interval:
        frame["low"] = frame["value"] - 6
        frame["high"] = frame["value"] + 6
    return SeriesChart(frame=frame, **common("Wypadki drogowe w kolejnych latach", **changes))


def ranking(
    own: float | None = 41.2,
    others: list[float] | None = None,
    *,
    flag: str = "ok",
    unit_name: str = UNIT_NAME,
    other_names: list[str] | None = None,
    polarity: str = "lower",
    **changes: Any,
) -> RankingChart:
    values = peer_values(8, seed=5) if others is None else others
    frame = pd.DataFrame(
        {
            "unit_code": [UNIT, *codes(len(values))],
            "name": [unit_name, *(other_names or names(len(values)))],
            "value": [float("nan") if own is None else own, *values],
            "flag": [flag, *("not_applicable" if math.isnan(v) else "ok" for v in values)],
        }
    )
    frame["rank"] = frame["value"].rank(method="min", ascending=polarity == "lower")
    words = common("Wypadki drogowe wśród sąsiadów", unit_name=unit_name, polarity=polarity)
    return RankingChart(
        frame=frame, **{**words, "median": quartiles(values).get("median"), **changes}
    )


_INDICATORS = (
    ("Drogi o twardej nawierzchni", "quantity", 102.4, 0.62, "similar", "km na 100 km²", 95.0),
    ("Drogi dla rowerów", "quantity", 3.1, 0.21, "worse", "km na 10 tys. mieszk.", 4.9),
    ("Wypadki drogowe", "quality", 41.2, 0.08, "better", "na 100 tys. mieszk.", 58.0),
    ("Przystanki z rozkładem w zasięgu 500 m", "accessibility", 61.0, 0.44, "similar", "%", 63.0),
    ("Wydatki bieżące na kilometr drogi", "efficiency", 18240.0, 0.96, "not_judged", "zł", 12310.0),
)


def profile(
    rows: tuple[tuple[Any, ...], ...] = _INDICATORS,
    *,
    gaps: dict[str, MissingData] | None = None,
    **changes: Any,
) -> ProfileChart:
    frame = pd.DataFrame(
        [
            {
                "indicator": f"indicator_{i}",
                "name": name,
                "dimension": dimension,
                "value": float("nan") if value is None else value,
                "flag": "ok" if value is not None else "missing_or_secret",
                "percentile": float("nan") if percentile is None else percentile,
                "standing": standing,
                "measure_unit": unit,
                "decimals": 0 if value is not None and value > 1000 else 1,
                "median": float("nan") if median is None else median,
                "reason": "",
            }
            for i, (name, dimension, value, percentile, standing, unit, median) in enumerate(rows)
        ],
        columns=[*ProfileChart.columns, "flag", "measure_unit", "decimals", "median", "reason"],
    ).astype({"value": float, "percentile": float, "median": float})
    words = common("Cztery wymiary: drogownictwo i transport", measure_unit="", key=key(""))
    return ProfileChart(frame=frame, gaps=gaps or {}, **{**words, **changes})


def in_small_group(chart: ProfileChart) -> ProfileChart:
    """Return the profile of a unit whose group is too small for positions."""
    frame = chart.frame.assign(percentile=NAN, standing="unknown", n_used=5)
    return replace(chart, frame=frame)


def tiles(count: int, *, wiggle: float = 0.25, seed: int = 7, size: float = 24.0) -> list[bytes]:
    """Return contiguous four-sided areas with shared, crooked borders, as WKB in kilometres."""
    side = math.ceil(math.sqrt(count))
    draw = random.Random(seed)
    corner = {
        (i, j): (
            (i + draw.uniform(-wiggle, wiggle)) * size + 400,
            (j + draw.uniform(-wiggle, wiggle)) * size + 300,
        )
        for i in range(side + 1)
        for j in range(side + 1)
    }
    out = []
    for place in range(count):
        i, j = place % side, place // side
        ring = [corner[i, j], corner[i, j + 1], corner[i + 1, j + 1], corner[i + 1, j]]
        out.append(bytes(shapely.to_wkb(shapely.Polygon(ring))))
    return out


def chart_map(
    values: list[float] | None = None,
    *,
    own: int = 12,
    polarity: str = "neutral",
    unit_name: str = UNIT_NAME,
    **changes: Any,
) -> MapChart:
    values = peer_values(25, seed=9) if values is None else values
    unit_codes = codes(len(values))
    titles = names(len(values))
    if 0 <= own < len(values):
        unit_codes[own], titles[own] = UNIT, unit_name
    frame = pd.DataFrame(
        {
            "unit_code": unit_codes,
            "name": titles,
            "value": values,
            "flag": ["missing_or_secret" if math.isnan(v) else "ok" for v in values],
            "geometry": tiles(len(values)),
        }
    )
    words = common("Wypadki drogowe na mapie", unit_name=unit_name, polarity=polarity)
    return MapChart(frame=frame, **{**words, **quartiles(values), **changes})


NAN = float("nan")
LONG_ROWS = (
    (
        "Odsetek uczniów z orzeczeniem w szkołach ogólnodostępnych i integracyjnych powiatu",
        "quantity", 12.4, 0.99, "better", "na 1 000 mieszkańców w wieku produkcyjnym", 9.1,
    ),
    (
        "Niezadawalającostandryzowanowysoki wskaźnik próbny <b>&",
        "quality", 0.0, 0.0, "worse", "%", 3.0,
    ),
)  # fmt: skip

MAKERS: dict[str, dict[str, Callable[[], Chart]]] = {
    "distribution": {
        "plain": distribution,
        "missing": lambda: distribution(peers=[*peer_values(20), NAN, NAN, NAN]),
        "own missing": lambda: distribution(None, flag="missing_or_secret"),
        "all missing": lambda: distribution(None, [NAN] * 5, flag="no_data", missing=MISSING),
        "one unit": lambda: distribution(peers=[]),
        "outlier": lambda: distribution(peers=[*peer_values(23), 4512.0]),
        "own outlier": lambda: distribution(912.0),
        "ties": lambda: distribution(50.0, [50.0] * 14 + [0.0] * 6 + [100.0] * 4),
        "all equal": lambda: distribution(50.0, [50.0] * 24),
        "negative": lambda: distribution(
            -3.4, [-12.5, -8.1, -0.4, 2.2, 3.1, 5.5, 8.9, 10.2, -2.2], measure_unit="p.proc."
        ),
        "long names": lambda: distribution(
            61.0, unit_name=LONG_NAMES[1], peer_names=[*LONG_NAMES, *names(21)]
        ),
        "escaping": lambda: distribution(unit_name=INJECTION, peer_names=[INJECTION] * 24),
        "neutral": lambda: distribution(
            7845.0, [v * 120 for v in peer_values()], measure_unit="zł na mieszkańca",
            polarity="neutral", decimals=0, neighbours=0,
        ),
        "country": lambda: distribution(peers=peer_values(313, seed=2), neighbours=6),
        "all gminy": lambda: distribution(peers=peer_values(2478, seed=2), neighbours=6),
    },
    "against": {
        "plain": pair,
        "missing": lambda: pair(peers=[*pair_values(20), (NAN, 12000.0), (15.0, NAN), (NAN, NAN)]),
        "own missing": lambda: pair((None, 11830.0), missing=MISSING),
        "all missing": lambda: pair((None, None), [(NAN, NAN)] * 5, missing=MISSING),
        "one unit": lambda: pair(peers=[], missing=MISSING),
        "outlier": lambda: pair(peers=[*pair_values(23), (16.0, 96000.0), (160.0, 12000.0)]),
        "own outlier": lambda: pair((15.0, 96000.0)),
        "ties": lambda: pair((16.0, 12000.0), [(16.0, 12000.0)] * 12 + [(14.0, 12000.0)] * 5),
        "all equal": lambda: pair((16.0, 12000.0), [(16.0, 12000.0)] * 12),
        "negative": lambda: pair(
            (-3.4, -1.2), [(x - 16, y / 1000 - 12) for x, y in pair_values(14)],
            measure_unit="%", decimals=1,
        ),
        "long names": lambda: pair(
            unit_name=LONG_NAMES[1], peer_names=[*LONG_NAMES, *names(21)],
            name="Wydatki bieżące na kształcenie specjalne na ucznia z orzeczeniem",
            across={"name": "Odsetek uczniów z orzeczeniem w szkołach ogólnodostępnych",
                    "measure_unit": "os./1000 osób w wieku przedprodukcyjnym"},
        ),
        "escaping": lambda: pair(unit_name=INJECTION, peer_names=[INJECTION] * 24),
        "right of the median": lambda: pair((20.9, 12330.0)),
        "at the bottom": lambda: pair((16.4, 8000.0), unit_name=LONG_NAMES[0]),
        "on the cross": lambda: pair((16.4, 12500.0), unit_name=LONG_NAMES[2]),
        "at the top": lambda: pair((12.0, 17000.0), unit_name=LONG_NAMES[2]),
        "judged": lambda: pair(polarity="lower", across={"polarity": "higher"}),
        "country": lambda: pair(peers=pair_values(313, seed=2), neighbours=6),
        "all gminy": lambda: pair(peers=pair_values(2478, seed=2), neighbours=6),
    },
    "series": {
        "plain": series,
        "missing": lambda: series(
            {2008: 61.0, 2009: None, 2010: 58.0, 2011: 57.1, 2012: None, 2013: None, 2014: 49.0,
             2015: None, 2016: 47.0, 2017: 44.2, 2018: None},
            flags={2009: "missing_or_secret"},
        ),
        "all missing": lambda: series({2017: None, 2018: None}, missing=MISSING),
        "one unit": lambda: series(group=False),
        "one year": lambda: series({2018: 41.2}),
        "outlier": lambda: series({**{y: 40.0 + y % 5 for y in range(2008, 2018)}, 2018: 4512.0}),
        "ties": lambda: series(dict.fromkeys(range(2008, 2019), 50.0)),
        "negative": lambda: series(
            {y: (y - 2013) * 1.7 for y in range(2008, 2019)}, group=False, measure_unit="%"
        ),
        "long names": lambda: series(
            dict.fromkeys(range(2008, 2019), 57.0), unit_name=LONG_NAMES[1]
        ),
        "escaping": lambda: series(unit_name=INJECTION),
        "breaks": lambda: series(
            qualifiers={2018: "preliminary"},
            interval=True,
            breaks=(
                BreakMark(year=2011, note="część powiatu została miastem na prawach powiatu",
                          unit_only=True),
                BreakMark(year=2015, note="zmiana metody: wypadki zgłaszane elektronicznie"),
            ),
        ),
        "long": lambda: series({y: 30 + 12 * math.sin(y / 3) for y in range(1995, 2025)}),
    },
    "ranking": {
        "plain": ranking,
        "missing": lambda: ranking(others=[*peer_values(6), NAN, NAN]),
        "own missing": lambda: ranking(None, flag="no_data"),
        "all missing": lambda: ranking(None, [NAN] * 4, flag="no_data", missing=MISSING),
        "one unit": lambda: ranking(others=[]),
        "outlier": lambda: ranking(others=[*peer_values(8), 4512.0]),
        "own outlier": lambda: ranking(4512.0),
        "ties": lambda: ranking(50.0, [50.0, 50.0, 61.2, 61.2, 40.0, 0.0]),
        "negative": lambda: ranking(
            -3.4, [-12.5, 2.2, 8.9, -0.4, 5.5], measure_unit="%", polarity="higher"
        ),
        "long names": lambda: ranking(
            unit_name=LONG_NAMES[0], other_names=[*LONG_NAMES[1:], *names(6)]
        ),
        "escaping": lambda: ranking(unit_name=INJECTION),
        "neutral": lambda: ranking(
            7845.0, [v * 120 for v in peer_values(6)], polarity="neutral",
            measure_unit="zł na mieszkańca", decimals=0,
        ),
        "many": lambda: ranking(others=peer_values(60, seed=4)),
    },
    "profile": {
        "plain": lambda: profile(gaps={}),
        "missing": lambda: profile(
            (
                *_INDICATORS[:2],
                ("Stan nawierzchni", "quality", None, None, "unknown", "%", None),
                *_INDICATORS[4:],
            ),
            gaps={"accessibility": MissingData(what="Czas dojazdu do przystanku", holder="gmina")},
        ),
        "all missing": lambda: profile(
            (),
            gaps={
                "quantity": MISSING,
                "quality": MISSING,
            },
        ),
        "one unit": lambda: profile(
            tuple((*row[:3], None, "unknown", row[5], None) for row in _INDICATORS)
        ),
        "ties": lambda: profile(tuple((*row[:3], 0.5, "similar", *row[5:]) for row in _INDICATORS)),
        "outlier": lambda: profile(
            (("Dochody", "quantity", 123456789.0, 1.0, "not_judged", "zł", 98.0),)
        ),
        "negative": lambda: profile(
            (("Saldo migracji", "quantity", -12.4, 0.11, "not_judged", "na 1 000", -3.2),)
        ),
        "long names": lambda: profile(LONG_ROWS),
        "escaping": lambda: profile(((INJECTION, *_INDICATORS[0][1:]),)),
        "summary": lambda: profile(
            (
                *_INDICATORS[:2],
                ("Mosty", "quantity", 3.0, 0.64, "not_judged", "szt.", 2.0),
                ("Stan nawierzchni", "quality", None, None, "unknown", "%", None),
                *_INDICATORS[3:],
            ),
            summary=True,
        ),
        "small group": lambda: in_small_group(profile()),
        "small group summary": lambda: in_small_group(profile(LONG_ROWS, summary=True)),
    },
    "map": {
        "plain": chart_map,
        "missing": lambda: chart_map([*peer_values(20, seed=9), NAN, NAN, NAN, 40.0, 51.0]),
        "own missing": lambda: chart_map([NAN if i == 12 else 40.0 + i for i in range(25)]),
        "all missing": lambda: chart_map([NAN] * 9, missing=MISSING),
        "one unit": lambda: chart_map([41.2], own=0),
        "outlier": lambda: chart_map([*peer_values(24, seed=9), 4512.0]),
        "ties": lambda: chart_map([0.0] * 18 + [5.0] * 7),
        "all equal": lambda: chart_map([5.0] * 25),
        "negative": lambda: chart_map([float(i - 12) for i in range(25)], measure_unit="%"),
        "long names": lambda: chart_map(unit_name=LONG_NAMES[1]),
        "escaping": lambda: chart_map(unit_name=INJECTION),
        "more than the group": lambda: chart_map(peer_values(30, seed=4), polarity="lower"),
        "many": lambda: chart_map(peer_values(380, seed=11), own=180),
    },
}  # fmt: skip


@cache
def all_cases() -> tuple[tuple[str, str, Chart], ...]:
    """Make every case once: each process that collects asks for them seven times."""
    return tuple(
        (kind, name, make()) for kind, cases in MAKERS.items() for name, make in cases.items()
    )
