"""Where two sources speak of the same thing, do they say the same?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smup_lib.catalogue.measure_units import unit_scale
from smup_lib.catalogue.vocabulary import PROVENANCE_WORDS
from smup_lib.compare.reconciliation import VERDICTS, compare_sources
from smup_lib.indicators import compute_values, pick_shown
from smup_lib.indicators.availability import AUDIT_LEVELS
from smup_lib.reports.loading import Workspace
from smup_lib.reports.rounding import Rounding
from smup_lib.snapshots.doubles import list_doubled, load_doubles
from smup_lib.teryt import CODE_LENGTH

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator, Level, ServiceArea

#: Which two things are compared: two indicators that say the same, a reconstructed indicator and
#: the one that SMUP publishes, or one variable in two data sets.
PAIR_COLUMNS = ("sort", "left_id", "right_id", "level", "left_source", "right_source")
DIFFERENCE_COLUMNS = (
    *PAIR_COLUMNS,
    "unit_code",
    "year",
    "left",
    "right",
    "difference",
    "percent",
    "allowed",
)
SUMMARY_COLUMNS = (*PAIR_COLUMNS, "compared", *VERDICTS, "typical")
_LEVEL_OF_DIGITS = {digits: level for level, digits in CODE_LENGTH.items()}
_PUBLISHED = "smup_"


@dataclass(frozen=True)
class Reconciliation:
    """What two sources say of the same thing.

    Attributes
    ----------
    summary : DataFrame
        ``sort, left_id, right_id, level, left_source, right_source, compared, same, rounding,
        unknown, different, typical``; one row a pair and level; ``typical`` is the median size of
        what is different, in percent. ``sort`` is ``twin`` (two indicators), ``official``
        (ours beside SMUP's) or ``variable`` (two data sets, which stand as the sources).
    differences : DataFrame
        The cells that rounding does not explain: columns of the pair, then ``unit_code, year,
        left, right, difference, percent, allowed``, all in the measure unit of the left one; the
        largest in percent first.
    """

    summary: pd.DataFrame
    differences: pd.DataFrame


def reconcile(
    workspace: Workspace, area: ServiceArea | None = None, level: Level | None = None
) -> Reconciliation:
    """Compare all that two sources tell of the same thing.

    Parameters
    ----------
    workspace : Workspace
        Snapshot, catalogue and register.
    area : ServiceArea, optional
        Only what belongs to it; everything when omitted.
    level : str, optional
        One level; both when omitted.
    """
    import pandas as pd

    levels = AUDIT_LEVELS if level is None else (level,)
    rounding = Rounding(workspace.snapshot, workspace.catalogue)
    entries = workspace.catalogue.indicators.values() if area is None else area.indicators
    judged = [
        *_twins(workspace, entries, levels, rounding),
        *_official(workspace, entries, levels, rounding),
    ]
    summaries = [_summed(rows) for rows in judged]
    counts, unequal = _variables(workspace, entries, area, levels, rounding)
    both = [frame for frame in (*summaries, counts) if len(frame)]
    found = [rows[rows["verdict"] == "different"] for rows in (*judged, unequal) if len(rows)]
    summary = pd.concat(both, ignore_index=True) if both else pd.DataFrame()
    different = pd.concat(found, ignore_index=True) if found else pd.DataFrame()
    different = different.reindex(columns=list(DIFFERENCE_COLUMNS))
    sizes = different.assign(typical=different["percent"].astype("float64").abs())
    pair = list(PAIR_COLUMNS)
    typical = sizes.groupby(pair, as_index=False)["typical"].median()
    summary = summary.reindex(columns=list(SUMMARY_COLUMNS[:-1])).merge(
        typical, on=pair, how="left"
    )
    order = sizes["typical"].sort_values(ascending=False, kind="stable").index
    return Reconciliation(summary, different.loc[order].reset_index(drop=True))


def name_pairs(workspace: Workspace, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return rows of a reconciliation with ``name``, ``measure_unit`` and ``decimals`` of the pair.

    Parameters
    ----------
    workspace : Workspace
        Knows indicators, variables and data sets.
    pairs : DataFrame
        Summary or differences, with the columns of the pair.
    """
    what = pairs[[name for name in PAIR_COLUMNS if name != "level"]]
    told = [_named(workspace, *map(str, pair)) for pair in what.to_numpy()]
    columns = ("name", "measure_unit", "decimals")
    return pairs.assign(**{name: [row[i] for row in told] for i, name in enumerate(columns)})


def _named(
    workspace: Workspace, sort: str, left: str, right: str, left_source: str, right_source: str
) -> tuple[str, str, int]:
    catalogue = workspace.catalogue
    if sort == "variable":
        known = catalogue.variables.get(left)
        label = known.label if known else _published_name(workspace, left)
        return (
            f"{label}: {left_source} i {right_source}",
            known.measure_unit if known else "",
            2,
        )
    ours = catalogue.indicators[right]
    if sort == "official":
        name = f"{_published_name(workspace, left)} i nasz wskaźnik „{ours.name}”"
        return name, ours.measure_unit, ours.decimals + 1
    main = catalogue.indicators[left]
    other = "" if main.measure_unit == ours.measure_unit else f" ({ours.measure_unit})"
    whose = f"{PROVENANCE_WORDS[main.provenance]} i {PROVENANCE_WORDS[ours.provenance]}"
    name = f"{main.name}: {whose}{other}"
    return name, main.measure_unit, main.decimals + 1


def _published_name(workspace: Workspace, variable: str) -> str:
    """Return what its publisher calls a variable that the catalogue does not have."""
    sources = workspace.snapshot.manifest.sources.values()
    return next((one.title for one in sources if variable in one.variables), variable)


def _twins(
    workspace: Workspace,
    entries: Iterable[Indicator],
    levels: Sequence[Level],
    rounding: Rounding,
) -> Iterator[pd.DataFrame]:
    """Yield the compared cells of each indicator and its twin, at each common level."""
    for twin in entries:
        if twin.twin_of is None:
            continue
        main = workspace.catalogue.indicators[twin.twin_of]
        scale = unit_scale(main.measure_unit, twin.measure_unit)
        for level in levels:
            if scale is None or level not in main.levels or level not in twin.levels:
                continue
            left = _told(workspace, main, level, rounding)
            right = _told(workspace, twin, level, rounding)
            right[["value", "half"]] *= scale
            yield _judged(left, right, ("twin", main.id, twin.id, level))


def _official(
    workspace: Workspace,
    entries: Iterable[Indicator],
    levels: Sequence[Level],
    rounding: Rounding,
) -> Iterator[pd.DataFrame]:
    """Yield the compared cells of SMUP's own indicators and of ours that name them."""
    named = [(ours, theirs) for ours in entries for theirs in ours.compared_with_smup]
    held = _published_variables(workspace) if named else {}
    for ours, theirs in named:
        scale = unit_scale(ours.measure_unit, theirs.measure_unit)
        variable = held.get(theirs.id)
        for level in ours.levels:
            if variable is None or scale is None or level not in levels:
                continue
            rows = workspace.snapshot.observations([variable], level=level)
            rows = pick_shown(rows, workspace.catalogue)
            cells = (rows[name].tolist() for name in ("variable", "year", "source"))
            left = rows[["unit_code", "year", "value"]].assign(half=rounding.written(*cells))
            left[["value", "half"]] *= scale  # the pair is told in our unit
            right = _told(workspace, ours, level, rounding)
            yield _judged(left, right, ("official", variable, ours.id, level))


def _published_variables(workspace: Workspace) -> dict[int, str]:
    """Return number of an indicator at SMUP -> the variable of its values that is held."""
    held = {v for r in workspace.snapshot.manifest.sources.values() for v in r.variables}
    numbered = {name.removeprefix(_PUBLISHED): name for name in held if name.startswith(_PUBLISHED)}
    table = workspace.snapshot.table("published_definitions")
    told = table[(table["kind"] == "indicator") & table["variable"].isin(held)]
    numbered |= dict(zip(told["id"], told["variable"], strict=True))  # two numbers may share one
    return {int(number): name for number, name in numbered.items() if number.isdecimal()}


def _told(
    workspace: Workspace, indicator: Indicator, level: Level, rounding: Rounding
) -> pd.DataFrame:
    """Return the values of an indicator with half of the last digit that each can be trusted to."""
    values = compute_values([indicator], workspace.snapshot, workspace.catalogue, level)
    if indicator.method == "published":
        names = [str(indicator.inputs.value)] * len(values)
        half = rounding.written(names, values["year"].tolist(), values["source"].tolist())
    else:
        half = rounding.carried(indicator, values)
    return values[["unit_code", "year", "value"]].assign(half=half)


def _judged(
    left: pd.DataFrame, right: pd.DataFrame, pair: tuple[str, str, str, str]
) -> pd.DataFrame:
    names = {"value": "left", "half": "left_half"}
    others = {"value": "right", "half": "right_half"}
    both = left.rename(columns=names).merge(
        right.rename(columns=others), on=["unit_code", "year"], validate="one_to_one"
    )
    labels = dict(zip(PAIR_COLUMNS, (*pair, "", ""), strict=True))
    return compare_sources(both).assign(**labels)


def _summed(rows: pd.DataFrame) -> pd.DataFrame:
    """Count the verdicts of one pair."""
    import pandas as pd

    if rows.empty:
        return pd.DataFrame()
    pair = {name: rows[name].iloc[0] for name in PAIR_COLUMNS}
    verdicts = rows["verdict"].value_counts()
    counted = {name: int(verdicts.get(name, 0)) for name in VERDICTS}
    return pd.DataFrame([{**pair, "compared": len(rows), **counted}])


def _variables(
    workspace: Workspace,
    entries: Iterable[Indicator],
    area: ServiceArea | None,
    levels: Sequence[Level],
    rounding: Rounding,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return counts and unequal cells of the variables that two data sets hold."""
    import pandas as pd

    wanted = set(list_doubled(workspace.snapshot))
    if area is not None:
        wanted &= {name for i in entries for name in i.variables_read}
    if not wanted:
        return pd.DataFrame(), pd.DataFrame()
    order = {s: workspace.catalogue.precedence(s) for s in workspace.snapshot.manifest.sources}
    counts, rows = load_doubles(workspace.snapshot, wanted, order)
    rows = rows.rename(columns={"left_value": "left", "right_value": "right"})
    for side in ("left", "right"):
        cells = (rows[name].tolist() for name in ("variable", "year", f"{side}_source"))
        rows[f"{side}_half"] = rounding.written(*cells)
    counts = _labelled(counts.assign(level=counts["digits"].map(_LEVEL_OF_DIGITS)))
    counts = counts.groupby(list(PAIR_COLUMNS), as_index=False)[["compared", "same"]].sum()
    rows = _labelled(rows.assign(level=rows["unit_code"].str.len().map(_LEVEL_OF_DIGITS)))
    judged = compare_sources(rows)
    told = judged.groupby([*PAIR_COLUMNS, "verdict"]).size().unstack(fill_value=0)
    told = told.reindex(columns=list(VERDICTS), fill_value=0)
    counts = counts.merge(told, on=list(PAIR_COLUMNS), how="left", suffixes=("", "_nearly"))
    counts = counts.fillna(dict.fromkeys(("same_nearly", *VERDICTS[1:]), 0))
    counts["same"] += counts["same_nearly"]
    whole = counts.astype(dict.fromkeys(VERDICTS, int))
    return whole[whole["level"].isin(levels)], judged[judged["level"].isin(levels)]


def _labelled(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the columns of the pair: files of one data set are one source."""
    sides = {f"{s}_source": rows[f"{s}_source"].str.split("@").str[0] for s in ("left", "right")}
    return rows.assign(
        sort="variable", left_id=rows["variable"], right_id=rows["variable"], **sides
    )
