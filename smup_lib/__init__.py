"""SMUP workbench: indicators of Polish local public services, compared and explained.

The verbs below are all that notebooks, apps and lessons use::

    import smup_lib as smup

    view = smup.open_area("kultura", unit="1261", year=2018)
    view.summary()
"""

from smup_lib.verbs import (
    compute_indicators,
    find_units,
    import_files,
    list_indicators,
    list_neighbours,
    list_peers,
    list_snapshots,
    list_units,
    load_observations,
    load_snapshot,
    make_sample,
    open_app,
    open_area,
    open_audit,
    open_exercise,
    open_indicator,
    open_unit,
    open_units,
    run_report,
    show_card,
)

__all__ = [
    "compute_indicators",
    "find_units",
    "import_files",
    "list_indicators",
    "list_neighbours",
    "list_peers",
    "list_snapshots",
    "list_units",
    "load_observations",
    "load_snapshot",
    "make_sample",
    "open_app",
    "open_area",
    "open_audit",
    "open_exercise",
    "open_indicator",
    "open_unit",
    "open_units",
    "run_report",
    "show_card",
]
