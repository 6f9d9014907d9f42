"""Which table says the same as a chart?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from smup_lib.catalogue.vocabulary import DIMENSION_WORDS
from smup_lib.polish_text import polish_order
from smup_lib.present import words
from smup_lib.present.charts import (
    Chart,
    DistributionChart,
    GroupChart,
    MapChart,
    PairChart,
    ProfileChart,
    RankingChart,
    SeriesChart,
)
from smup_lib.present.funnel_chart import FunnelChart
from smup_lib.present.plain_frame import plain_frame
from smup_lib.present.tables import Column, is_null

if TYPE_CHECKING:
    import pandas as pd

_Row: TypeAlias = dict[str, Any]

_ROLE_WORDS = {
    "unit": "opisywana jednostka",
    "peer": "grupa",
    "neighbour": "sąsiad spoza grupy",
    "peer_neighbour": "grupa, sąsiad",
}
_STATISTICS = (
    ("q25", "dolny kwartyl grupy"),
    ("median", "mediana grupy"),
    ("q75", "górny kwartyl grupy"),
)


def make_twin(chart: Chart) -> tuple[pd.DataFrame, list[Column]]:
    """Return the frame of a chart's table twin and how to show its columns."""
    if isinstance(chart, SeriesChart):
        return _series(chart)
    if isinstance(chart, ProfileChart):
        return _profile(chart)
    if isinstance(chart, RankingChart):
        return _ranking(chart)
    if isinstance(chart, MapChart):
        return _map(chart)
    if isinstance(chart, DistributionChart):
        return _distribution(chart)
    if isinstance(chart, PairChart):
        return _pair(chart)
    raise TypeError(f"no table twin for {type(chart).__name__}")


def _value_column(chart: Chart, header: str = "wartość") -> Column:
    return Column(
        "value", header, "number", chart.measure_unit, chart.decimals, flag="flag", key="_key"
    )


def _with_units(chart: GroupChart) -> list[_Row]:
    """Return the rows of units with flag and key, largest value first, missing last."""
    key = chart.key.of(statistic="value")
    rows = [
        {**row, "flag": flag, "_key": key.of(unit=str(row["unit_code"]))}
        for row, flag in zip(chart.records, chart.flags(), strict=True)
    ]
    rows.sort(key=lambda row: polish_order(str(row["name"])))
    return _by_value(rows)


def _by_value(rows: Sequence[_Row]) -> list[_Row]:
    """Put the largest value first and missing ones last; equal ones stay in their order."""

    def place(row: _Row) -> tuple[bool, float]:
        null = is_null(row["value"])
        return null, 0.0 if null else -float(row["value"])

    return sorted(rows, key=place)


def _frame(rows: Sequence[_Row], names: Iterable[str]) -> pd.DataFrame:
    """Return rows as a frame with these columns; what a row does not tell is null."""
    return plain_frame({name: [row.get(name) for row in rows] for name in dict.fromkeys(names)})


def _with_statistics(chart: GroupChart, rows: list[_Row]) -> list[_Row]:
    """Put the group's quartiles among the units, each where its value belongs."""
    told = [
        {
            "name": label,
            "unit_code": "",
            "value": value,
            "flag": "ok",
            "_key": chart.key.of(statistic=name),
            "what": "statystyka grupy",
        }
        for name, label in _STATISTICS
        if (value := getattr(chart, name)) is not None
    ]
    return _by_value([*rows, *told])


def _distribution(chart: DistributionChart) -> tuple[pd.DataFrame, list[Column]]:
    rows = _with_units(chart)
    for row in rows:
        row["what"] = _ROLE_WORDS[str(row["role"])]
    columns = [
        Column("name", "jednostka"),
        _value_column(chart),
        Column("what", "kto to"),
        Column("unit_code", "kod"),
    ]
    return _frame(_with_statistics(chart, rows), [*chart.cells, "flag", "_key", "what"]), columns


def _pair(chart: PairChart) -> tuple[pd.DataFrame, list[Column]]:
    other = chart.across
    rows = _with_units(chart)
    across_key = other.key.of(statistic=other.statistic)
    for row in rows:
        row["what"] = _ROLE_WORDS[str(row["role"])]
        row["_across_key"] = across_key.of(unit=str(row["unit_code"]))
        row.setdefault("across_flag", "no_data" if is_null(row["across"]) else "ok")
    if chart.median is not None and other.median is not None:
        median = {
            "name": "mediana grupy",
            "unit_code": "",
            "value": chart.median,
            "across": other.median,
            "flag": "ok",
            "across_flag": "ok",
            "what": "statystyka grupy",
            "_key": chart.key.of(statistic="median"),
            "_across_key": other.key.of(statistic="median"),
        }
        rows = _by_value([*rows, median])
    columns = [
        Column("name", "jednostka"),
        _value_column(chart, chart.name),
        Column(
            *("across", other.name, "number", other.measure_unit, other.decimals),
            flag="across_flag",
            key="_across_key",
        ),
        *_limits(chart, rows),
        Column("what", "kto to"),
        Column("unit_code", "kod"),
    ]
    return _frame(rows, [*chart.cells, *(name for row in rows for name in row)]), columns


def _limits(chart: PairChart, rows: Sequence[_Row]) -> list[Column]:
    """Return the columns of a funnel's limits, and write their keys into the rows."""
    if not isinstance(chart, FunnelChart):
        return []
    headers = {"low": "dolna granica zwykłego wahania", "high": "górna granica"}
    columns = []
    for name, header in headers.items():
        key = chart.key.of(statistic=f"M5:{name}")
        for row in rows:
            row[f"_{name}_key"] = key.of(unit=str(row["unit_code"]))
        columns.append(
            Column(
                *(name, header, "number", chart.measure_unit, chart.decimals),
                flag="across_flag",
                key=f"_{name}_key",
            )
        )
    return columns


def _ranking(chart: RankingChart) -> tuple[pd.DataFrame, list[Column]]:
    rows = _with_units(chart)
    place = {code: i for i, code in enumerate(chart.ordered()["unit_code"].tolist())}
    rows.sort(key=lambda row: place.get(row["unit_code"], len(place)))
    columns = [Column("name", "jednostka"), _value_column(chart), Column("unit_code", "kod")]
    if chart.ranked:
        for row in rows:
            row["_rank_key"] = chart.rank_key(str(row["unit_code"]))
        columns.insert(1, Column("rank", "miejsce", "number", flag="flag", key="_rank_key"))
    return _frame(rows, [*chart.cells, "flag", "_key", "_rank_key"]), columns


def _map(chart: MapChart) -> tuple[pd.DataFrame, list[Column]]:
    from smup_lib.present.map_classes import classify

    rows = _with_units(chart)
    classes = classify(chart)
    for row in rows:
        found = classes.place(row["value"])
        row["class"] = "" if found is None else classes.labels[found]
        if chart.sorts is not None:
            row["class"] = chart.sorts.get(str(row["unit_code"]), "")
    columns = [
        Column("name", "jednostka"),
        _value_column(chart),
        Column("class", "przedział" if chart.sorts is None else "wśród sąsiadów"),
        Column("unit_code", "kod"),
    ]
    names = [name for name in chart.cells if name != "geometry"]
    return _frame(rows, [*names, "flag", "_key", "class"]), columns


def _series(chart: SeriesChart) -> tuple[pd.DataFrame, list[Column]]:
    years = chart.years
    flags = dict(zip(map(int, chart.cells["year"]), chart.flags(), strict=True))
    values = chart.by_year("value")
    out: dict[str, Any] = {
        "year": years,
        "value": _numbers(values, years),
        "flag": [flags.get(year, "no_data") for year in years],
        "_key": [chart.value_key(year) for year in years],
        "notes": [_year_notes(chart, year, flags.get(year, "no_data")) for year in years],
    }
    columns = [Column("year", "rok", "year"), _value_column(chart, chart.unit_name)]
    labels = {
        "median": "mediana grupy",
        "q25": "dolny kwartyl",
        "q75": "górny kwartyl",
        "low": "przedział od",
        "high": "przedział do",
        "planned": "droga do celu",
    }
    for name, label in labels.items():
        if name not in chart.frame.columns:
            continue
        found = chart.by_year(name)
        out[name] = _numbers(found, years)
        out[f"_{name}"] = [chart.key.of(year=year, statistic=name) for year in years]
        columns.append(
            Column(name, label, "number", chart.measure_unit, chart.decimals, key=f"_{name}")
        )
    columns.append(Column("notes", "uwagi"))
    return plain_frame(out), columns


def _numbers(by_year: Mapping[int, float | None], years: Iterable[int]) -> NDArray[np.float64]:
    return np.array([by_year[year] for year in years], dtype="float64")


def _year_notes(chart: SeriesChart, year: int, flag: str) -> str:
    notes = [words.flag_words(flag)] if flag != "ok" else []
    if "qualifiers" in chart.frame.columns:
        rows = [row["qualifiers"] for row in chart.records if row["year"] == year]
        notes += [words.qualifier_words(str(text)) for text in rows if text]
    notes += [f"przerwa w szeregu: {mark.note}" for mark in chart.breaks if mark.year == year]
    if year in chart.recalculated:
        codes = chart.recalculated[year].split("+")
        whose = "suma jednostek" if len(codes) > 1 else "wartość dawnej jednostki"
        notes.append(f"w późniejszych granicach: {whose} {' + '.join(codes)}")
    return "; ".join(note for note in notes if note)


def _profile(chart: ProfileChart) -> tuple[pd.DataFrame, list[Column]]:
    frame = _profile_frame(chart)
    decimals = "decimals" if "decimals" in frame else ""
    numbers: dict[str, Any] = {
        "kind": "number",
        "decimals": chart.decimals,
        "decimals_from": decimals,
    }
    columns = [
        Column("name", "wskaźnik"),
        Column("_dimension", "wymiar"),
        Column("value", "wartość", flag="flag", key="_key", **numbers),
        Column("measure_unit", "jednostka miary"),
        Column("percentile", "pozycja w grupie", "number", "%", 0, key="_place", scale=0.01),
        Column("_standing", "ocena"),
        Column("reason", "uwagi"),
    ]
    if "median" in frame:
        columns.insert(4, Column("median", "mediana grupy", key="_median", **numbers))
    return frame.reset_index(drop=True), columns


def _profile_frame(chart: ProfileChart) -> pd.DataFrame:
    """Return the indicators in the order of the dimensions, with words and keys."""
    frame = chart.frame.assign(flag=chart.flags())
    order = {name: place for place, name in enumerate(DIMENSION_WORDS)}
    frame = frame.sort_values(
        "dimension", key=lambda s: s.map(lambda d: order.get(str(d), len(order))), kind="stable"
    )
    indicators = [str(name) for name in frame["indicator"].tolist()]
    for name in ("measure_unit", "reason"):
        frame[name] = frame[name].fillna("").astype(str) if name in frame else ""
    for column, statistic in (("_key", "value"), ("_place", "percentile"), ("_median", "median")):
        keys: list[Any] = [chart.key.of(indicator=i, statistic=statistic) for i in indicators]
        frame[column] = keys
    frame["_dimension"] = [DIMENSION_WORDS.get(str(d), str(d)) for d in frame["dimension"].tolist()]
    frame["_standing"] = [
        words.NOT_COMPARABLE if flag == "not_applicable" else words.standing_words(str(standing))
        for standing, flag in zip(frame["standing"].tolist(), frame["flag"].tolist(), strict=True)
    ]
    return frame
