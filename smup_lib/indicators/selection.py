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
    order = {source: catalogue.precedence(source) for source in observations["source"].unique()}
    ranked = observations.assign(
        _null=~observations["flag"].isin(NUMBER_FLAGS), _order=observations["source"].map(order)
    ).sort_values(["_null", "_order", "source"], kind="stable")
    picked = ranked.drop_duplicates(["unit_code", "year", "variable"])
    return picked.drop(columns=["_null", "_order"]).sort_index()
