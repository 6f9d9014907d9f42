"""The observation contract: what every row that enters the house must look like."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from smup_lib.errors import ObservationError
from smup_lib.flags import FLAGS, NUMBER_FLAGS, QUALIFIERS

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "unit_code",
    "year",
    "variable",
    "value",
    "flag",
    "qualifiers",
    "decimals",
    "source",
    "definition_version",
)
KEY = ("unit_code", "year", "variable", "source")
TEXT_COLUMNS = ("unit_code", "variable", "flag", "qualifiers", "source", "definition_version")

_SHOWN = 5


def empty_observations() -> pd.DataFrame:
    """Return a frame of the contract with no rows.

    Examples
    --------
    >>> list(empty_observations())[:3]
    ['unit_code', 'year', 'variable']
    """
    return as_observations({name: [] for name in COLUMNS})


def as_observations(columns: Any) -> pd.DataFrame:
    """Give a frame the contract's columns, order and types; content is not judged here.

    Parameters
    ----------
    columns : DataFrame or mapping
        ``unit_code``, ``year``, ``variable``, ``value`` and ``source`` are needed; ``flag``
        defaults to ``ok`` beside numbers and ``no_data`` beside nulls, ``qualifiers`` and
        ``definition_version`` to empty text, ``decimals`` to unknown.

    Returns
    -------
    DataFrame
        Columns of :data:`COLUMNS`; texts are pandas categoricals or strings, ``year`` int16,
        ``value`` float64 (null = NaN), ``decimals`` Int8.
    """
    import numpy as np
    import pandas as pd

    frame = pd.DataFrame(columns).reset_index(drop=True)
    if "flag" not in frame:
        numbers = pd.to_numeric(frame["value"], errors="coerce").notna()
        frame["flag"] = pd.Categorical(np.where(numbers, "ok", "no_data"), categories=list(FLAGS))
    for name in ("qualifiers", "definition_version"):
        if name not in frame:
            frame[name] = pd.Categorical([""], categories=[""]).repeat(len(frame))
    if "decimals" not in frame:
        frame["decimals"] = pd.array([pd.NA] * len(frame), dtype="Int8")
    missing = [name for name in COLUMNS if name not in frame]
    if missing:
        raise ObservationError(
            f"Brak kolumn: {', '.join(missing)}.",
            expected=", ".join(COLUMNS),
            next_step="dodaj brakujące kolumny",
        )
    frame = frame[list(COLUMNS)]
    types: dict[str, Any] = {"year": "int16", "value": "float64", "decimals": "Int8"}
    for name in TEXT_COLUMNS:
        if not isinstance(frame[name].dtype, pd.CategoricalDtype):
            types[name] = "category"
    try:
        return frame.astype(types)
    except (ValueError, TypeError) as error:
        raise ObservationError(
            f"Kolumn nie da się przeczytać jako liczb: {error}.",
            expected="year: liczba całkowita, value: liczba albo brak",
            next_step="popraw wartości w kolumnach year i value",
        ) from error


def join_observations(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return observation frames one below the other, texts still categorical."""
    import pandas as pd
    from pandas.api.types import union_categoricals

    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return empty_observations()
    if len(filled) == 1:
        return filled[0][list(COLUMNS)].reset_index(drop=True)
    columns: dict[str, Any] = {}
    for name in COLUMNS:
        if name in TEXT_COLUMNS:
            parts = [pd.Categorical(frame[name].astype("category")) for frame in filled]
            columns[name] = union_categoricals(parts)
        else:
            columns[name] = pd.concat([frame[name] for frame in filled], ignore_index=True)
    return pd.DataFrame(columns)[list(COLUMNS)]


def check_observations(frame: pd.DataFrame, where: str | None = None) -> pd.DataFrame:
    """Check a frame against the contract and return it.

    Parameters
    ----------
    frame : DataFrame
        Columns of :data:`COLUMNS` (see :func:`as_observations`).
    where : str, optional
        Named in the message: the file or request the rows came from.

    Raises
    ------
    ObservationError
        With every broken rule at once and the first rows that break it.

    Examples
    --------
    >>> rows = {"unit_code": ["9001"], "year": [2020], "variable": ["population"],
    ...         "value": [1200.0], "source": ["sample:land@00000000"]}
    >>> len(check_observations(as_observations(rows)))
    1
    """
    import pandera.errors

    try:
        _schema().validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        problems = list(_problems(frame, error.failure_cases))
        raise ObservationError(
            f"Dane łamią {len(problems)} z zasad zapisu obserwacji.",
            where=where,
            problems=problems,
            expected="wiersze zgodne z zasadami: klucz tylko raz, wartość zgodna ze znacznikiem",
            next_step="popraw plik źródłowy albo zgłoś błąd czytnika",
        ) from error
    return frame


def _schema() -> Any:
    import pandera.pandas as pa

    def text(rule: str, fits: Callable[[str], bool]) -> Any:
        # texts are categoricals: a handful of words is judged instead of every row
        def check(series: pd.Series) -> Any:
            known = {word: fits(word) for word in series.cat.categories}
            return series.cat.codes.ge(0) & series.map(known).astype(bool)

        return pa.Column(checks=pa.Check(check, name=rule))

    return pa.DataFrameSchema(
        {
            "unit_code": text("kod jednostki", _matches(r"00|\d{2}|\d{4}|\d{6}")),
            "year": pa.Column("int16", pa.Check(lambda s: s.between(1945, 2100), name="rok")),
            "variable": text("zmienna", _matches(r"[a-z][a-z0-9_:]*")),
            "value": pa.Column("float64", nullable=True),
            "flag": text("znacznik", FLAGS.__contains__),
            "qualifiers": text("kwalifikatory", _known_qualifiers),
            "decimals": pa.Column("Int8", nullable=True),
            "source": text("źródło", _matches(r"[a-z][a-z0-9_]*:[^@\s]+@[0-9a-f]{8}")),
            "definition_version": pa.Column(),
        },
        checks=[
            pa.Check(_value_fits_flag, name="wartość zgodna ze znacznikiem"),
            pa.Check(_zero_is_zero, name="true_zero tylko przy zerze"),
            pa.Check(lambda rows: ~_duplicated(rows), name="jeden wiersz na klucz"),
        ],
        strict=True,
        ordered=True,
    )


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


def _known_qualifiers(text: str) -> bool:
    parts = text.split(",") if text else []
    return parts == sorted(set(parts)) and set(parts) <= set(QUALIFIERS)


def _value_fits_flag(rows: pd.DataFrame) -> pd.Series:
    import numpy as np
    import pandas as pd

    number = rows["flag"].isin(NUMBER_FLAGS).to_numpy()
    return pd.Series(np.isfinite(rows["value"].to_numpy()) == number, index=rows.index)


def _zero_is_zero(rows: pd.DataFrame) -> pd.Series:
    import pandas as pd

    zero = (rows["flag"] == "true_zero").to_numpy()
    return pd.Series(~zero | (rows["value"].to_numpy() == 0), index=rows.index)


def _duplicated(rows: pd.DataFrame) -> pd.Series:
    """Return which rows repeat a key; integer codes make it quick for categoricals."""
    import numpy as np
    import pandas as pd

    packed = np.zeros(len(rows), dtype="int64")
    for name in KEY:
        series = rows[name]
        if isinstance(series.dtype, pd.CategoricalDtype):
            codes, size = series.cat.codes.to_numpy().astype("int64"), len(series.cat.categories)
        else:
            codes, values = pd.factorize(series)
            size = len(values)
        packed = packed * max(size, 1) + codes
    return pd.Series(packed, index=rows.index).duplicated(keep=False)


def _problems(frame: pd.DataFrame, cases: pd.DataFrame) -> Iterable[str]:
    """Yield one line per broken rule with the first rows that break it."""
    import pandas as pd

    for rule, group in cases.groupby("check", sort=False, dropna=False):
        rows = [int(i) for i in group["index"].dropna().unique() if i in frame.index]
        columns = sorted({c for c in group["column"] if isinstance(c, str) and c in frame})
        place = f" (kolumna {columns[0]})" if len(columns) == 1 else ""
        if not rows:
            yield f"{rule}{place}: {group['failure_case'].iloc[0]}"
            continue
        places = frame.index.get_indexer_for(pd.Index(rows[:_SHOWN]))
        shown = "; ".join(_row_text(frame.iloc[place]) for place in places)
        more = f" i {len(rows) - _SHOWN} innych" if len(rows) > _SHOWN else ""
        yield f"{rule}{place}: {shown}{more}"


def _row_text(row: pd.Series) -> str:
    return f"{row['unit_code']}/{row['year']}/{row['variable']} = {row['value']} ({row['flag']})"
