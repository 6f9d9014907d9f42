"""Are these the same data? A short hash of values and flags, the same in app, plan and report."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

_LENGTH = 12
_KEY = ["indicator", "unit_code", "year"]
_TOLD = re.compile(rf'<code class="smup-hash">([0-9a-f]{{{_LENGTH}}})</code>')


def hash_values(frame: pd.DataFrame) -> str:
    """Return the hash of values: whose, of what, when, how much, and why there is none.

    Parameters
    ----------
    frame : DataFrame
        ``unit_code, indicator, year, value, flag``; the order of rows does not matter, nor how a
        missing number is written.

    Returns
    -------
    str
        Twelve hexadecimal digits.

    Examples
    --------
    >>> import pandas as pd
    >>> one = pd.DataFrame({"unit_code": ["9002", "9003"], "indicator": "a", "year": 2020,
    ...                     "value": [1.5, None], "flag": ["ok", "no_data"]})
    >>> hash_values(one) == hash_values(one.iloc[::-1])
    True
    >>> hash_values(one) == hash_values(one.assign(value=[1.5, 0.0]))
    False
    """
    rows = frame[[*_KEY, "value", "flag"]].astype(dict.fromkeys((*_KEY[:2], "flag"), str))
    rows = rows.sort_values(_KEY, kind="stable")
    values = rows["value"].to_numpy(dtype="<f8", na_value=np.nan).copy()
    values[np.isnan(values)] = np.nan  # one of the many NaNs there are
    values[values == 0] = 0.0  # nor is there a negative nothing
    found = hashlib.sha256()
    for name in (*_KEY[:2], "flag"):
        found.update("\n".join(rows[name]).encode())
    found.update(rows["year"].to_numpy(dtype="<i8").tobytes())
    found.update(values.tobytes())
    return found.hexdigest()[:_LENGTH]


def hash_html(data_hash: str) -> str:
    """Return a hash as a page tells it.

    Examples
    --------
    >>> hash_html("0123456789ab")
    '<code class="smup-hash">0123456789ab</code>'
    """
    return f'<code class="smup-hash">{data_hash}</code>'


def read_hash(notebook: Any) -> str:
    """Return the hash that an executed notebook tells; empty when it tells none.

    Parameters
    ----------
    notebook : NotebookNode
        With its outputs.

    Examples
    --------
    >>> output = {"data": {"text/html": f"<p>{hash_html('0123456789ab')}</p>"}}
    >>> read_hash({"cells": [{"outputs": [output]}]}), read_hash({"cells": []})
    ('0123456789ab', '')
    """
    told = (
        _TOLD.search(str(output.get("data", {}).get("text/html", "")))
        for cell in notebook["cells"]
        for output in cell.get("outputs", ())
    )
    return next((found[1] for found in told if found), "")
