"""How long may a server read data in advance, so that pages need not?"""

from __future__ import annotations

import os

#: Environment variable with seconds of the processor; nothing is read in advance with 0.
READY = "SMUP_APPS_READY_SECONDS"
#: What is not read by then, the pages read themselves.
USUAL_SECONDS = 12.0


def most_seconds() -> float:
    """Return seconds of the processor; what is no number counts as not said.

    Examples
    --------
    >>> most_seconds() >= 0
    True
    """
    try:
        return max(0.0, float(os.environ.get(READY, "")))
    except ValueError:
        return USUAL_SECONDS
