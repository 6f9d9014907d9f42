"""The identity of a table: a hash of what it says, not of how it is stored."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


def content_digest(frame: pd.DataFrame, key: Sequence[str]) -> str:
    """Return the SHA-256 of a table's content in canonical order.

    Row order, categorical coding, file bytes and dates of retrieval do not matter; a changed
    value, flag or name does.

    Parameters
    ----------
    frame : DataFrame
        Columns of text, bytes, integers or floats (nullable or not).
    key : sequence of str
        Columns that identify a row; the order of hashing.

    Examples
    --------
    >>> import pandas as pd
    >>> a = pd.DataFrame({"k": ["x", "y"], "v": [1.0, None]})
    >>> content_digest(a, ["k"]) == content_digest(a.iloc[::-1], ["k"])
    True
    """
    import numpy as np

    columns = {str(name): _canonical(frame[name]) for name in frame.columns}
    order = np.lexsort([columns[name][1] for name in reversed(list(key))]) if key else slice(None)
    digest = hashlib.sha256()
    for name in sorted(columns):
        words, numbers = columns[name]
        digest.update(f"\x1e{name}\x1f{len(frame)}\x1f".encode())
        for word in words:
            digest.update(len(word).to_bytes(8, "little") + word)
        digest.update(np.ascontiguousarray(numbers[order]).tobytes())
    return digest.hexdigest()


class PiecewiseDigest:
    """The digest of a table that is told in pieces, each with whole groups of rows.

    A group has a SHA-256 of its own, so neither the order of groups nor the pieces in which they
    come matter, and no more than one piece is ever held.

    Parameters
    ----------
    group : str
        Text column whose words part the rows.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"g": pd.Categorical(["x", "y"]), "v": [1.0, None]})
    >>> whole, parted = PiecewiseDigest("g"), PiecewiseDigest("g")
    >>> whole.add(rows)
    >>> parted.add(rows[1:])
    >>> parted.add(rows[:1])
    >>> whole.hexdigest() == parted.hexdigest()
    True
    """

    def __init__(self, group: str) -> None:
        self._group = group
        self._found: dict[str, str] = {}

    def add(self, frame: pd.DataFrame) -> None:
        """Take in whole groups; the rows of each lie together and in canonical order.

        Parameters
        ----------
        frame : DataFrame
            Texts are categoricals, everything else numbers.

        Raises
        ------
        ValueError
            When a group was told before or lies in several places.
        """
        columns = [(str(c), _hashable(frame[c])) for c in sorted(frame.columns) if c != self._group]
        for name, rows in runs_of(frame[self._group]):
            if name in self._found:
                raise ValueError(f"{self._group} {name} is told in two places")
            digest = hashlib.sha256()
            for column, numbers in columns:
                digest.update(f"\x1e{column}\x1f{rows.stop - rows.start}\x1f".encode())
                digest.update(numbers[rows].tobytes())
            self._found[name] = digest.hexdigest()

    @property
    def groups(self) -> int:
        """Return how many groups were told."""
        return len(self._found)

    def hexdigest(self) -> str:
        """Return the digest of all groups."""
        return combined_digest(list(self._found.items()))


def runs_of(series: pd.Series) -> list[tuple[str, slice]]:
    """Return each word of a categorical with the rows in which it stands without a break.

    Examples
    --------
    >>> import pandas as pd
    >>> runs_of(pd.Series(pd.Categorical(["a", "a", "b"])))
    [('a', slice(0, 2, None)), ('b', slice(2, 3, None))]
    """
    import numpy as np

    codes = series.cat.codes.to_numpy()
    ends = [*(np.flatnonzero(codes[1:] != codes[:-1]) + 1).tolist(), len(codes)]
    starts = [0, *ends[:-1]]
    words = series.cat.categories
    return [(str(words[codes[a]]), slice(a, b)) for a, b in zip(starts, ends, strict=True) if b > a]


def combined_digest(parts: Sequence[tuple[str, str]]) -> str:
    """Return one SHA-256 over named digests, in the order of their names."""
    joined = "\n".join(f"{name}={digest}" for name, digest in sorted(parts))
    return hashlib.sha256(joined.encode()).hexdigest()


def _hashable(series: pd.Series) -> np.ndarray[Any, Any]:
    """Return numbers as float64 and each text as a hash of its word, whatever its code here."""
    import numpy as np
    import pandas as pd

    if not isinstance(series.dtype, pd.CategoricalDtype):
        return _canonical(series)[1]
    words = [hashlib.blake2b(str(word).encode(), digest_size=8) for word in series.cat.categories]
    hashes = b"".join(word.digest() for word in words) + bytes(8)  # the last one is a null
    return np.frombuffer(hashes, dtype="<i8")[series.cat.codes.to_numpy()]


def _canonical(series: pd.Series) -> tuple[list[bytes], np.ndarray[Any, Any]]:
    """Return (dictionary, numbers): texts become sorted used words and their places.

    All numbers become float64, because a nullable integer comes back from Parquet as a float, and
    a column without any value has no type to speak of.
    """
    import numpy as np
    import pandas as pd

    inferred = pd.api.types.infer_dtype(series, skipna=True)
    if inferred in ("floating", "integer", "mixed-integer-float", "boolean", "empty"):
        numeric = pd.to_numeric(series) if inferred != "empty" else pd.Series(np.nan, series.index)
        values = numeric.to_numpy(dtype="float64", na_value=np.nan) + 0.0  # -0.0 becomes 0.0
        values = np.where(np.isnan(values), np.nan, values)  # one NaN, whatever its bits
        return [], values.astype("<f8")
    codes, words = _used_words(series)
    encoded = [w if isinstance(w, bytes) else str(w).encode() for w in words]
    order = sorted(range(len(encoded)), key=encoded.__getitem__)
    place = np.empty(len(encoded) + 1, dtype="<i8")
    place[order] = np.arange(len(encoded))
    place[-1] = -1  # code -1 is a null
    return [encoded[i] for i in order], place[codes]


def _used_words(series: pd.Series) -> tuple[np.ndarray[Any, Any], Any]:
    import numpy as np
    import pandas as pd

    if isinstance(series.dtype, pd.CategoricalDtype):
        codes = series.cat.codes.to_numpy().astype("int64")
        used = np.unique(codes[codes >= 0])
        renumbered = np.full(len(series.cat.categories) + 1, -1, dtype="int64")
        renumbered[used] = np.arange(len(used))
        return renumbered[codes], series.cat.categories[used]
    codes, words = pd.factorize(series.astype(object))
    return codes, words
