"""How is it said, in plain text, what of many units is luck: tests made, kept, and expected?"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

from smup_lib.plurals import plural
from smup_lib.present.formats import format_number

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.conclude.many_tests import ManyTests

#: What was tested, by family, after a number ending in one, a few or many: "z 21 porównań".
_TESTED = {
    "place": ("porównania z grupą", "porównań z grupą", "porównań z grupą"),
    "direction": ("kierunku zmian", "kierunków zmian", "kierunków zmian"),
}
_NOTHING = {
    "place": "Gdyby żadna jednostka nie różniła się od swojej grupy",
    "direction": "Gdyby nigdzie nic się nie zmieniało",
}
UNTESTED = (
    "Przy żadnym z tych ustaleń nie dało się sprawdzić wpływu przypadku: potrzebne są liczebności "
    "albo dłuższe szeregi lat."
)
_FINDINGS = ("ustalenia", "ustaleń", "ustaleń")


def luck_sentences(
    tests: ManyTests, rows: pd.DataFrame, column: str = "kept_in_batch"
) -> list[str]:
    """Say of all units of a table how much of it luck alone would give (M15, M24).

    Parameters
    ----------
    tests : ManyTests
        Every test that was made.
    rows : DataFrame
        The findings, with ``kept_in_batch``.
    column : str
        Where the reader finds which of them hold; empty where no table is shown.

    Returns
    -------
    list of str
        A sentence or two a family of tests, then one about the findings; where nothing was tested
        one that says so, and none where nothing is told at all.
    """
    told = [_family_sentences(row) for row in _by_family(tests.summary)]
    if not told:
        return [UNTESTED] if len(rows) else []
    # a difference that nobody can tell from chance is no conclusion that could stand
    tested = rows["kept_in_batch"].notna() & (rows["claim"] != "too_small")
    if not tested.any():
        return [*told, "Żadne z ustaleń nie opiera się na takim sprawdzianie."]
    kept = int((rows.loc[tested, "kept_in_batch"].astype(bool)).sum())
    n = int(tested.sum())
    where = f" (kolumna {column})" if column else ""
    return [
        *told,
        f"Z {_count(len(rows))} {plural(len(rows), _FINDINGS)} wpływ przypadku dało się sprawdzić "
        f"przy {_count(n)}; w całym zestawie {_holds(kept)}{where}. "
        "O pozostałych to nic nie mówi.",
    ]


def _by_family(summary: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """Return a row a family; of several areas, each held for itself, the sums over them."""
    if summary["area"].nunique() < 2:
        return summary.to_dict("records")
    counted = ["tested", "kept", "expected", "observed"]
    known = summary[summary["reason"] == ""].astype(dict.fromkeys(counted, "float64"))
    summed = known.groupby("family", sort=False)[counted].sum().reset_index()
    return summed.assign(reason="", false_share=known["false_share"].max()).to_dict("records")


def _family_sentences(row: Mapping[Hashable, Any]) -> str:
    """Tell of one family how many tests were made and kept, and how many luck alone would give."""
    family, tested, observed = str(row["family"]), int(row["tested"]), int(row["observed"])
    apart = "" if "area" in row else " (każdy obszar osobno)"
    many = f"Z {_count(tested)} {plural(tested, _TESTED[family])}{apart}"
    if row["reason"]:
        return f"{many}: {row['reason']}."
    share = format_number(100 * float(row["false_share"]), 0, "%")
    kept = int(row["kept"])
    stands = (
        f"{many} za więcej niż przypadek uznajemy {_count(kept)}; "
        f"wśród nich najwyżej około {share} może być dziełem przypadku."
        if kept
        else f"{many} żadnego nie uznajemy za więcej niż przypadek."
    )
    expected = float(row["expected"])
    alone = format_number(expected, 0 if expected >= 10 or expected == round(expected) else 1)
    most = "najwyżej około" if family == "direction" else "około"
    return (
        f"{stands} {_NOTHING[family]}, sam przypadek wskazałby {most} {alone}; "
        f"bez tej poprawki wskazano {_count(observed)}."
    )


def _holds(kept: int) -> str:
    return "nie utrzymuje się żadne" if not kept else f"utrzymuje się {_count(kept)}"


def _count(number: int) -> str:
    return format_number(number)
