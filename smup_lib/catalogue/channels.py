"""By which way can a variable come into the workbench, and who would have to be asked?"""

from __future__ import annotations

import re
from typing import Literal

from smup_lib.catalogue.model import Variable

#: ``bdl_file``: a BDL export whose columns are recognised; ``budget``: a budget return whose
#: positions are named; ``own_records``: only the records of the units themselves have it;
#: ``unrecognised``: somebody collects it, and its column must be named by hand.
Channel = Literal["bdl_file", "budget", "own_records", "unrecognised"]

_KEEPERS = re.compile(r"^(JST|starostwo|zarządca|przedsiębiorstwo|powiatowe centra)\b")
#: Returns that go from the unit to a national body, and bodies that collect them.
_COLLECTED = re.compile(
    r"Rb-|SG-01|SIO|BDO|OOŚ|SP-OM|SOW|CEPiK|GUS|MRiPS|GUGiK|GUNB|Policja|Ministerstwo|\bMF\b"
)


def channel_of(variable: Variable) -> Channel:
    """Return the way by which a variable comes in.

    Examples
    --------
    >>> from smup_lib.catalogue import load_catalogue
    >>> catalogue = load_catalogue()
    >>> channel_of(catalogue.variable("population")), channel_of(catalogue.variable("lit_roads_km"))
    ('bdl_file', 'own_records')
    """
    if any(column.subject or column.distinctive for column in variable.bdl):
        return "bdl_file"
    if variable.budget is not None:
        return "budget"
    own = _KEEPERS.match(variable.holder) and not _COLLECTED.search(variable.holder)
    return "own_records" if own else "unrecognised"
