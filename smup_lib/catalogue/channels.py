"""By which ways can a variable come into the workbench?"""

from __future__ import annotations

from typing import Literal

from smup_lib.catalogue.variable import Variable

#: ``bdl_service``: the API of BDL, by the number of the variable; ``budget``: budget returns whose
#: positions are named; ``bdl_file``: a BDL export whose columns are recognised; ``official_table``:
#: another file of an office that the import knows; ``own_records``: only the units themselves have
#: it; ``unrecognised``: somebody collects it, and its column must be named by hand.
Channel = Literal[
    "bdl_service", "budget", "bdl_file", "official_table", "own_records", "unrecognised"
]
#: Returns that no service gives: who has one reads it as a table of one's own.
_NOT_SERVED = ("Rb-27ZZ",)


def channels_of(variable: Variable) -> tuple[Channel, ...]:
    """Return the ways by which a variable comes in, the least work first; never none.

    Examples
    --------
    >>> from smup_lib.catalogue import load_catalogue
    >>> catalogue = load_catalogue()
    >>> channels_of(catalogue.variable("population"))
    ('bdl_service', 'bdl_file')
    >>> channels_of(catalogue.variable("lit_roads_km"))
    ('own_records',)
    """
    served = variable.budget is not None and variable.budget.report not in _NOT_SERVED
    ways: dict[Channel, bool] = {
        "bdl_service": any(column.variable_id is not None for column in variable.bdl),
        "budget": served,
        "bdl_file": any(column.subject or column.distinctive for column in variable.bdl),
        "official_table": variable.official_table is not None,
    }
    found = tuple(way for way, open_ in ways.items() if open_)
    return found or (("own_records" if variable.collected_by == "unit" else "unrecognised"),)
