"""How are a million repeated texts kept as small numbers and a few words?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


def coded(codes: np.ndarray[Any, Any], words: Sequence[str]) -> pd.Categorical[Any]:
    """Return texts as a categorical: ``codes`` are places in ``words``, -1 a null."""
    import numpy as np
    import pandas as pd

    categories = pd.Index(np.array(list(words), dtype=object), dtype="str")
    return pd.Categorical.from_codes(codes, categories=categories)


def repeated(text: str, size: int) -> pd.Categorical[Any]:
    """Return one text many times."""
    import numpy as np

    return coded(np.zeros(size, dtype="int8"), [text])


def coded_cells(cells: Any) -> pd.Categorical[Any]:
    """Return a pyarrow string column as a categorical, blanks around each text dropped."""
    import pyarrow.compute as pc

    encoded = pc.utf8_trim_whitespace(cells).dictionary_encode()
    return coded(encoded.indices.to_numpy(zero_copy_only=False), encoded.dictionary.to_pylist())
