"""Do several people use this server, so that none of them may change what all see?"""

from __future__ import annotations

import os

#: Tells the kernels of a server that others visit it too (``1``).
SHARED = "SMUP_APPS_SHARED"


def is_shared() -> bool:
    """Return whether others visit the server too.

    Examples
    --------
    >>> is_shared()
    False
    """
    return os.environ.get(SHARED) == "1"
