"""Which table says the same as a chart?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
from smup_lib.present.tables import Column

if TYPE_CHECKING:
    import pandas as pd

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


def _with_units(chart: GroupChart) -> pd.DataFrame:
    """Return the rows of units with flag and key, largest value first, missing last."""
    key = chart.key.of(statistic="value")
    keys: list[Any] = [key.of(unit=str(code)) for code in chart.frame["unit_code"].tolist()]
    names: list[Any] = [polish_order(str(name)) for name in chart.frame["name"].tolist()]
    frame = chart.frame.assign(flag=chart.flags(), _key=keys, _name=names)
    frame = frame.sort_values("_name", kind="stable")
    return frame.sort_values("value", ascending=False, kind="stable", na_position="last")


def _with_statistics(chart: GroupChart, frame: pd.DataFrame) -> pd.DataFrame:
    """Put the group's quartiles among the units, each where its value belongs."""
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for name, label in _STATISTICS:
        value = getattr(chart, name)
        if value is not None:
            key = chart.key.of(statistic=name)
            rows.append(
                {
                    "name": label,
                    "unit_code": "",
                    "value": value,
                    "flag": "ok",
                    "_key": key,
                    "what": "statystyka grupy",
                }
            )
    if not rows:
        return frame
    both = pd.concat([frame, pd.DataFrame(rows)], ignore_index=True)
    return both.sort_values("value", ascending=False, kind="stable", na_position="last")


def _distribution(chart: DistributionChart) -> tuple[pd.DataFrame, list[Column]]:
    frame = _with_units(chart)
    frame["what"] = [_ROLE_WORDS[str(role)] for role in frame["role"].tolist()]
    columns = [
        Column("name", "jednostka"),
        _value_column(chart),
        Column("what", "kto to"),
        Column("unit_code", "kod"),
    ]
    return _with_statistics(chart, frame).reset_index(drop=True), columns


def _pair(chart: PairChart) -> tuple[pd.DataFrame, list[Column]]:
    import pandas as pd

    other = chart.across
    frame = _with_units(chart)
    frame["what"] = [_ROLE_WORDS[str(role)] for role in frame["role"].tolist()]
    across_key = other.key.of(statistic=other.statistic)
    across_keys: list[Any] = [across_key.of(unit=str(code)) for code in frame["unit_code"].tolist()]
    frame["_across_key"] = across_keys
    if "across_flag" not in frame:
        frame["across_flag"] = ["no_data" if null else "ok" for null in frame["across"].isna()]
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
        frame = pd.concat([frame, pd.DataFrame([median])], ignore_index=True)
        frame = frame.sort_values("value", ascending=False, kind="stable", na_position="last")
    columns = [
        Column("name", "jednostka"),
        _value_column(chart, chart.name),
        Column(
            *("across", other.name, "number", other.measure_unit, other.decimals),
            flag="across_flag",
            key="_across_key",
        ),
        *_limits(chart, frame),
        Column("what", "kto to"),
        Column("unit_code", "kod"),
    ]
    return frame.reset_index(drop=True), columns


def _limits(chart: PairChart, frame: pd.DataFrame) -> list[Column]:
    """Return the columns of a funnel's limits, and write their keys into the frame."""
    if not isinstance(chart, FunnelChart):
        return []
    headers = {"low": "dolna granica zwykłego wahania", "high": "górna granica"}
    columns = []
    for name, header in headers.items():
        key = chart.key.of(statistic=f"M5:{name}")
        keys: list[Any] = [key.of(unit=str(code)) for code in frame["unit_code"].tolist()]
        frame[f"_{name}_key"] = keys
        columns.append(
            Column(
                *(name, header, "number", chart.measure_unit, chart.decimals),
                flag="across_flag",
                key=f"_{name}_key",
            )
        )
    return columns


def _ranking(chart: RankingChart) -> tuple[pd.DataFrame, list[Column]]:
    import pandas as pd

    frame = _with_units(chart)
    shown = chart.ordered().index
    frame = pd.concat([frame.loc[shown], frame[frame["value"].isna()]])
    columns = [Column("name", "jednostka"), _value_column(chart), Column("unit_code", "kod")]
    if chart.ranked:
        keys: list[Any] = [chart.rank_key(str(code)) for code in frame["unit_code"].tolist()]
        frame["_rank_key"] = keys
        columns.insert(1, Column("rank", "miejsce", "number", flag="flag", key="_rank_key"))
    return frame.reset_index(drop=True), columns


def _map(chart: MapChart) -> tuple[pd.DataFrame, list[Column]]:
    from smup_lib.present.map_classes import classify

    frame = _with_units(chart)
    classes = classify(chart)
    frame["class"] = [
        "" if place is None else classes.labels[place]
        for place in (classes.place(value) for value in frame["value"].tolist())
    ]
    columns = [
        Column("name", "jednostka"),
        _value_column(chart),
        Column("class", "przedział"),
        Column("unit_code", "kod"),
    ]
    return frame.drop(columns="geometry").reset_index(drop=True), columns


def _series(chart: SeriesChart) -> tuple[pd.DataFrame, list[Column]]:
    import pandas as pd

    years = chart.years
    flags = dict(zip(map(int, chart.frame["year"].tolist()), chart.flags(), strict=True))
    values = chart.by_year("value")
    out: dict[str, list[Any]] = {
        "year": years,
        "value": [values[year] for year in years],
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
        out[name] = [found[year] for year in years]
        out[f"_{name}"] = [chart.key.of(year=year, statistic=name) for year in years]
        columns.append(
            Column(name, label, "number", chart.measure_unit, chart.decimals, key=f"_{name}")
        )
    columns.append(Column("notes", "uwagi"))
    frame = pd.DataFrame(out)
    numbers = [name for name in ("value", *labels) if name in frame]
    return frame.astype(dict.fromkeys(numbers, "float64")), columns


def _year_notes(chart: SeriesChart, year: int, flag: str) -> str:
    notes = [words.flag_words(flag)] if flag != "ok" else []
    if "qualifiers" in chart.frame.columns:
        rows = chart.frame.loc[chart.frame["year"] == year, "qualifiers"].tolist()
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
