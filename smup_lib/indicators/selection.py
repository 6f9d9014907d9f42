"""Which of several sources is shown for a cell: a stated precedence, nothing silent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smup_lib.flags import NUMBER_FLAGS

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Catalogue


def pick_shown(observations: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """Return one row per unit, year and variable.

    A number goes before a null; then the order of publishers in ``sources.yaml``; then the name of
    the source, so that the choice never depends on the order of rows. What is not picked stays in
    the snapshot beside it.

    Parameters
    ----------
    observations : DataFrame
        Columns of the observation contract.
    catalogue : Catalogue
        Knows the precedence.

    Returns
    -------
    DataFrame
        The picked rows with their columns.
    """
    if observations["source"].nunique() <= 1:
        return observations
    ranked = _by_precedence(observations, catalogue)
    return ranked.drop_duplicates(["unit_code", "year", "variable"]).sort_index()


def list_unpicked(observations: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """Return the numbers that :func:`pick_shown` leaves out, so that a page can name them.

    Parameters
    ----------
    observations, catalogue
        As for :func:`pick_shown`.

    Returns
    -------
    DataFrame
        The rows with a number that are not shown, in order of precedence.
    """
    ranked = _by_precedence(observations, catalogue)
    left_out = ranked[ranked.duplicated(["unit_code", "year", "variable"])]
    return left_out[left_out["flag"].isin(NUMBER_FLAGS)]


def _by_precedence(observations: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    order = {source: catalogue.precedence(source) for source in observations["source"].unique()}
    ranked = observations.assign(
        _null=~observations["flag"].isin(NUMBER_FLAGS), _order=observations["source"].map(order)
    ).sort_values(["_null", "_order", "source"], kind="stable")
    return ranked.drop(columns=["_null", "_order"])
