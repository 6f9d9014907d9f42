"""What do the values of an indicator say, and which rows cannot be believed?

A row of ``indicator-date-data`` is ``id, id-daty, id-teryt, id-flaga, wartosc, precyzja``. What
does not fit waits in quarantine with its reason: a field that nobody described, another type, an
unknown flag or unit, a flag that contradicts its value.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from smup_lib.flags import FLAGS, NULL_FLAGS
from smup_lib.sources.coded_text import coded
from smup_lib.sources.quarantine import empty_quarantine, joined, quarantine_rows
from smup_lib.sources.web.answers import Answer
from smup_lib.sources.web.smup_dictionaries import Dictionaries
from smup_lib.sources.web.smup_questions import read_envelope

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

_WHOLE: frozenset[type] = frozenset({int})
#: Fields of a row and the types they may have.
FIELDS: dict[str, frozenset[type]] = {
    "id": _WHOLE,
    "id-daty": _WHOLE,
    "id-teryt": _WHOLE,
    "id-flaga": _WHOLE,
    "wartosc": frozenset({int, float, type(None)}),
    "precyzja": frozenset({int, type(None)}),
}
_TYPES = {str: "tekst", bool: "tak albo nie", type(None): "brak", list: "lista", dict: "obiekt"}
_UNKNOWN = -1
_LARGEST, _MOST_DECIMALS = 2**53, 10
_SHOWN_TEXT = 200
_TWICE = "dwa wiersze podają różne wartości tej samej jednostki i roku"
_TWO_DATES = "dwie daty jednego roku podają różne wartości tej samej jednostki"


@dataclass(frozen=True)
class Asked:
    """One question whose answer is read: which indicator, on which date, of which year."""

    indicator: int
    date: int
    year: int


@dataclass(frozen=True)
class Values:
    """Values of one or more questions.

    Attributes
    ----------
    rows : DataFrame
        ``unit_code, year, value, flag, decimals, row``; one row a unit, year and question.
    quarantine : DataFrame
    parts : int
        Rows of parts of gminy, left out.
    repeated : int
        Rows that merely repeat another one.
    fields : Counter
        Field that nobody described -> rows that have it.
    """

    rows: pd.DataFrame
    quarantine: pd.DataFrame
    parts: int = 0
    repeated: int = 0
    fields: Counter[str] = field(default_factory=Counter)


def read_values(
    answers: Sequence[Answer],
    asked: Asked,
    dictionaries: Dictionaries,
    ignored: Collection[str] = (),
) -> Values:
    """Read the pages of one question.

    Parameters
    ----------
    answers : sequence of Answer
    asked : Asked
    dictionaries : Dictionaries
        Of the same synchronisation: ``id-teryt`` means nothing without them.
    ignored : collection of str
        Fields that the user says are harmless.
    """
    import numpy as np
    import pandas as pd

    told = [row for answer in answers for row in read_envelope(answer).rows]
    reasons = np.full(len(told), "", dtype=object)
    strange = _strange_fields(told, reasons, ignored)
    cells = _cells(told, reasons)
    names = [dictionaries.units.get(unit) for unit in cells["id-teryt"]]
    frame = pd.DataFrame(
        {
            "unit_code": names,
            "year": np.full(len(told), asked.year, dtype="int16"),
            "flag": _flag_codes(cells["id-flaga"], dictionaries),
            "value": np.array(cells["wartosc"], dtype="float64"),
            "decimals": np.array([_UNKNOWN if d is None else d for d in cells["precyzja"]]),
            "row": np.arange(1, len(told) + 1, dtype="int32"),
        }
    )
    part = frame["unit_code"].to_numpy() == ""
    _judge(frame, cells, asked, dictionaries, reasons)
    bad = (reasons != "") & ~part
    held = _held(asked, frame[bad], [told[i] for i in np.flatnonzero(bad)], reasons[bad])
    kept, repeated, clashing = _once(frame[~bad & ~part])
    twice = _held(asked, clashing, [told[row - 1] for row in clashing["row"]], _TWICE)
    return Values(kept, joined([held, twice]), int(part.sum()), repeated, strange)


def _strange_fields(told: list[Any], reasons: Array, ignored: Collection[str]) -> Counter[str]:
    """Mark rows with fields that nobody described: one of them may tell rows apart."""
    known = FIELDS.keys() | set(ignored)
    found: Counter[str] = Counter()
    if {dict}.issuperset(map(type, told)) and all(map(known.issuperset, set(map(tuple, told)))):
        return found
    for place, row in enumerate(told):
        strange = sorted(set(row) - known) if isinstance(row, dict) else []
        if strange or not isinstance(row, dict):
            reasons[place] = (
                f"nieznane pole: {', '.join(strange)}" if strange else "wiersz nie jest obiektem"
            )
            found.update(strange)
    return found


def _cells(told: list[Any], reasons: Array) -> dict[str, list[Any]]:
    """Return the columns; a cell of a wrong type marks its row and becomes harmless."""
    cells: dict[str, list[Any]] = {}
    for name, types in FIELDS.items():
        try:
            column = [row[name] for row in told]
        except (KeyError, TypeError):
            column = [row.get(name) if isinstance(row, dict) else None for row in told]
        if not types.issuperset(map(type, column)) or not _sound(column):
            for place, value in enumerate(column):
                if type(value) not in types or not _sound([value]):
                    if not reasons[place]:
                        reasons[place] = f"pole „{name}”: {said_type(value)}, a nie liczba"
                    column[place] = None if type(None) in types else 0
        cells[name] = column
    return cells


def _sound(column: list[Any]) -> bool:
    """Return whether whole numbers fit in a machine's one; a value may be any float."""
    if int not in set(map(type, column)):
        return True
    whole = [value for value in column if type(value) is int]
    return bool(min(whole) > -_LARGEST and max(whole) < _LARGEST)


def said_type(value: Any) -> str:
    """Return what a value is that should be a number, Polish."""
    return _TYPES.get(type(value), "liczba spoza zakresu")


def _flag_codes(flags: list[int], dictionaries: Dictionaries) -> Array:
    import numpy as np

    place = {number: FLAGS.index(flag) for number, flag in dictionaries.flags.items()}
    numbers, which = np.unique(np.array(flags, dtype="int64"), return_inverse=True)
    return np.array([place.get(n, _UNKNOWN) for n in numbers.tolist()], dtype="int64")[which]


def _judge(
    frame: pd.DataFrame,
    cells: dict[str, list[Any]],
    asked: Asked,
    dictionaries: Dictionaries,
    reasons: Array,
) -> None:
    """Mark rows that cannot be believed; a true zero without a number becomes 0."""
    import numpy as np

    flag, value = frame["flag"].to_numpy(), frame["value"].to_numpy()
    decimals = frame["decimals"].to_numpy()
    null = np.isin(flag, [FLAGS.index(name) for name in NULL_FLAGS])
    zero = flag == FLAGS.index("true_zero")
    number = (flag >= 0) & ~null & ~zero
    odd = list(dictionaries.odd_units)
    with np.errstate(invalid="ignore"):
        rules: list[tuple[Any, Any]] = [
            (np.isin(cells["id-teryt"], odd), "nieznany rodzaj jednostki w słowniku SMUP"),
            (frame["unit_code"].isna().to_numpy(), "jednostki nie ma w słowniku SMUP"),
            (number & ~np.isfinite(value), "znacznik mówi o wartości, a jej nie ma"),
            (zero & (np.nan_to_num(value) != 0), "znacznik mówi o zerze, a wartość nim nie jest"),
            (null & (np.nan_to_num(value) != 0), "znacznik mówi o braku wartości, a ona jest"),
            ((decimals < _UNKNOWN) | (decimals > _MOST_DECIMALS), "niemożliwa precyzja"),
            (np.array(cells["id"]) != asked.indicator, "wiersz innego wskaźnika"),
            (np.array(cells["id-daty"]) != asked.date, "wiersz innej daty"),
        ]
    for place in np.flatnonzero(flag == _UNKNOWN):
        name = dictionaries.flag_names.get(cells["id-flaga"][place], "nie ma go w słowniku")
        if not reasons[place]:
            reasons[place] = f"nieznany znacznik {cells['id-flaga'][place]} ({name})"
    for wrong, reason in rules:
        reasons[wrong & (reasons == "")] = reason
    frame.loc[zero, "value"] = 0.0
    frame.loc[null, "value"] = np.nan
    frame.loc[null, "decimals"] = _UNKNOWN


def _once(frame: pd.DataFrame) -> tuple[pd.DataFrame, int, pd.DataFrame]:
    """Return one row a unit and year, how many merely repeat one, and those that contradict.

    Of a row that knows a number and one that does not, the first counts: a unit may stand in the
    list under its old and its new kind.
    """
    import numpy as np

    key = ["unit_code", "year"]
    twice = frame.duplicated(key, keep=False)
    if not twice.any():
        return frame, 0, frame.iloc[:0]
    several = frame[twice]
    known = several[several["value"].notna()]
    counts = known.groupby(key)["value"].nunique()
    clash = set(counts[counts > 1].index)
    pairs = zip(frame["unit_code"], frame["year"], strict=True)
    clashing = np.array([pair in clash for pair in pairs])
    sound = frame[~clashing]
    ordered = sound.sort_values([*key, "value", "row"], na_position="last")
    kept = ordered.drop_duplicates(key).sort_values("row")
    return kept, len(sound) - len(kept), frame[clashing]


def _held(asked: Asked, frame: pd.DataFrame, told: list[Any], reasons: Any) -> pd.DataFrame:
    if frame.empty:
        return empty_quarantine()
    ids = [row.get("id-teryt") if isinstance(row, dict) else None for row in told]
    codes = [
        code if isinstance(code, str) else f"id-teryt {number}"
        for code, number in zip(frame["unit_code"], ids, strict=True)
    ]
    shown = frame.assign(
        code_text=codes,
        label=f"smup_{asked.indicator}",
        text=[json.dumps(row, ensure_ascii=False)[:_SHOWN_TEXT] for row in told],
    )
    return quarantine_rows(quarantine_name(asked.indicator), shown, reasons)


def quarantine_name(indicator: int) -> str:
    """Return what the quarantine calls the answers on an indicator."""
    return f"SMUP, wskaźnik {indicator}"


def join_dates(parts: Sequence[tuple[Asked, Values]]) -> Values:
    """Return the values of one indicator; where two dates of a year disagree, all rows wait."""
    import numpy as np

    whole = join_values([values for _, values in parts])
    kept, repeated, clashing = _once(whole.rows)
    if clashing.empty:
        return replace(whole, rows=kept, repeated=whole.repeated + repeated)
    dates = np.repeat([asked.date for asked, _ in parts], [len(v.rows) for _, v in parts])
    told = [
        {"id-daty": date, "wartosc": value}
        for date, value in zip(dates[clashing.index].tolist(), clashing["value"], strict=True)
    ]
    held = _held(parts[0][0], clashing, told, _TWO_DATES)
    held = joined([whole.quarantine, held])
    return replace(whole, rows=kept, quarantine=held, repeated=whole.repeated + repeated)


def join_values(parts: Sequence[Values]) -> Values:
    """Return the values of several questions as one."""
    import pandas as pd

    fields: Counter[str] = Counter()
    for part in parts:
        fields.update(part.fields)
    frames = [part.rows for part in parts if len(part.rows)] or [parts[0].rows]
    return Values(
        pd.concat(frames, ignore_index=True),
        joined([part.quarantine for part in parts]),
        sum(part.parts for part in parts),
        sum(part.repeated for part in parts),
        fields,
    )


def tell_same_variable(values: Sequence[Values]) -> bool:
    """Return whether several ids are one variable: no unit has a number under two of them."""
    seen: set[str] = set()
    for one in values:
        units = set(one.rows.loc[one.rows["value"].notna(), "unit_code"])
        if seen & units:
            return False
        seen |= units
    return True


def merge_same_variable(values: Sequence[Values]) -> Values:
    """Return the values of several ids of one variable; a number counts before a null.

    No two numbers contradict: within an id :func:`join_dates`, between ids
    :func:`tell_same_variable` has seen to that.
    """
    whole = join_values(values)
    kept, repeated, _ = _once(whole.rows.reset_index(drop=True))
    return Values(kept, whole.quarantine, whole.parts, whole.repeated + repeated, whole.fields)


def flag_words(frame: pd.DataFrame) -> Any:
    """Return the flags of rows as words."""
    return coded(frame["flag"].to_numpy().astype("int8"), FLAGS)
