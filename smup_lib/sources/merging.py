"""How do new observations join old ones: what is a revision, what a contradiction?

Within one data set a newer file replaces equal keys and every changed value is listed. A file
that is known to be older replaces nothing unless the user insists; a newer one that says the same
confirms the cell, so its day counts from then on. Where the days of the files are not known, the
newer import counts and that is said. A file of bare numbers knows no reasons: its empty cell
replaces no null that has one, its zero over such a null is ambiguous, and the same number takes no
flag away. Two files of one import that say different things of the same cell are an error. One file
may tell a cell under several sources that it names; these stand side by side, and each is joined
with what was known under its name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from smup_lib.errors import ContradictionError
from smup_lib.plurals import counted
from smup_lib.snapshots import empty_table
from smup_lib.snapshots.observations import join_observations
from smup_lib.snapshots.tables import TABLES
from smup_lib.sources.bdl_table import ABSENT
from smup_lib.sources.new_rows import NewRows

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

_SHOWN = 5
#: Nulls that a zero without a reason beside it does not settle.
_UNSETTLED = ("missing_or_secret", "not_available_yet", "ambiguous_zero")
_OTHER_CELLS = ("inna komórka", "inne komórki", "innych komórek")


@dataclass(frozen=True)
class Merged:
    """Old and new observations as one table.

    Attributes
    ----------
    observations : DataFrame
        Columns of the observation contract.
    revisions : DataFrame
        Columns of the snapshot's table ``revisions``: what this import changed.
    added, repeated : int
        New keys, and keys that say again what was known.
    renamed : int
        Repeated keys whose value now stands under another origin.
    refused, undated : mapping
        (old source, new source) -> cells that an older file would have changed and did not, and
        cells that were changed although nobody knows which file is older.
    unmet : DataFrame
        Old rows of which nothing new is said.
    met : mapping
        Variable -> cells that old and new rows both tell.
    """

    observations: pd.DataFrame
    revisions: pd.DataFrame
    added: int
    repeated: int
    unmet: pd.DataFrame
    renamed: int = 0
    refused: Mapping[tuple[str, str], int] = field(default_factory=dict)
    undated: Mapping[tuple[str, str], int] = field(default_factory=dict)
    met: Mapping[str, int] = field(default_factory=dict)


class Contradictions:
    """Cells of which files of one family say different things, gathered until all are known."""

    def __init__(self) -> None:
        self._files: dict[str, None] = {}
        self._shown: list[str] = []
        self._cells = 0

    def look(
        self, frame: pd.DataFrame, origin: np.ndarray[Any, Any], parts: Sequence[NewRows]
    ) -> None:
        """Note the contradictions among rows, whose parts ``origin`` numbers."""
        import pandas as pd

        known = ~frame["flag"].isin(ABSENT).to_numpy()
        key = pd.Series(_keys([part.family for part in parts], frame, origin, parts))[known]
        twice = key[key.duplicated(keep=False)]
        if twice.empty:
            return
        rows = frame.loc[twice.index].assign(key=twice, file=origin[twice.index])
        said = rows.groupby("key").agg(flags=("flag", "nunique"), values=("value", "nunique"))
        clash = said.index[(said["flags"] > 1) | (said["values"] > 1)]
        clashing = rows[rows["key"].isin(clash)].sort_values(["key", "file"], kind="stable")
        self._files |= dict.fromkeys(parts[place].file for place in sorted(set(clashing["file"])))
        room = _SHOWN - len(self._shown)
        cells = list(clashing.groupby("key"))[:room]
        self._shown += [_said_cell(cell, parts) for _, cell in cells]
        self._cells += len(clash)

    def check(self) -> None:
        """Raise when there is any contradiction.

        Raises
        ------
        ContradictionError
            Names files and cells.
        """
        if not self._cells:
            return
        problems = self._shown
        if self._cells > len(problems):
            problems = [*problems, f"i {counted(self._cells - len(problems), _OTHER_CELLS)}"]
        raise ContradictionError(
            f"Pliki podają różne wartości tych samych komórek: {', '.join(self._files)}.",
            problems=problems,
            expected="jedna wartość jednostki, roku i zmiennej w jednym wczytaniu",
            next_step="wczytaj pliki osobno (różnice zapiszą się jako rewizje) albo nadaj im różne"
            " nazwy zbiorów w import.yaml (dataset)",
        )


def join_new(
    parts: Sequence[NewRows],
    days: Mapping[str, str] | None = None,
    *,
    contradictions: Contradictions | None = None,
) -> tuple[pd.DataFrame, int]:
    """Return the observations of one import, and how many cells merely repeat each other.

    Parameters
    ----------
    parts : sequence of NewRows
    days : mapping, optional
        Source -> day of its file, as in :func:`merge_observations`.
    contradictions : Contradictions, optional
        Where contradictions are noted instead of raised.

    Raises
    ------
    ContradictionError
        When two files of a family give different values of one cell; names files and cells.
    """
    import numpy as np
    import pandas as pd

    unique = list({part.source: part for part in reversed(parts)}.values())[::-1]
    read = [part.rows for part in unique]
    frame = join_observations(read)
    if len(unique) < 2 or frame.empty:
        return frame, 0
    origin = np.repeat(range(len(unique)), [len(rows) for rows in read])
    noted = contradictions or Contradictions()
    noted.look(frame, origin, unique)
    if contradictions is None:
        noted.check()
    key = _keys([part.dataset for part in unique], frame, origin, unique)
    absent = frame["flag"].isin(ABSENT).to_numpy()
    told = np.array([(days or {}).get(part.source, "") for part in unique])
    age = -np.unique(told, return_inverse=True)[1][origin]
    # of two equal cells the one that knows something stays, then the newest, then the first
    order = np.lexsort([np.arange(len(frame)), age, absent])
    first = pd.Series(key[order]).drop_duplicates().index.to_numpy()
    kept = np.sort(order[first])
    return frame.iloc[kept].reset_index(drop=True), len(frame) - len(kept)


def _keys(
    groups: Sequence[str],
    frame: pd.DataFrame,
    origin: np.ndarray[Any, Any],
    parts: Sequence[NewRows],
) -> np.ndarray[Any, Any]:
    """Return one integer per cell of a group of parts; see :func:`_told_apart`."""
    import numpy as np
    import pandas as pd

    def numbers(words: Sequence[str]) -> np.ndarray[Any, Any]:
        found: np.ndarray[Any, Any] = pd.factorize(np.array(words, dtype=object))[0][origin]
        return found

    key = _packed(frame, numbers(groups))
    files, origins = ([part.file for part in parts], [part.origin for part in parts])
    return _told_apart(key, numbers(files), numbers(origins))


def _told_apart(
    key: np.ndarray[Any, Any], file: np.ndarray[Any, Any], origin: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """Return keys of cells; a cell that one file tells several times has one key an origin."""
    import numpy as np
    import pandas as pd

    if not origin.any():
        return key
    several = pd.Series(key * (int(file.max()) + 1) + file).duplicated().to_numpy()
    apart = np.where(np.isin(key, key[several]), origin, 0)
    keys: np.ndarray[Any, Any] = key * (int(origin.max()) + 1) + apart
    return keys


def _packed(frame: pd.DataFrame, group: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return one integer per key of unit, year and variable within a group."""
    unit, variable = frame["unit_code"].cat, frame["variable"].cat
    key = group.astype("int64") * len(unit.categories) + unit.codes.to_numpy()
    key = key * 4096 + frame["year"].to_numpy()
    packed: np.ndarray[Any, Any] = key * len(variable.categories) + variable.codes.to_numpy()
    return packed


def _said_cell(cell: pd.DataFrame, parts: Sequence[NewRows]) -> str:
    first = cell.iloc[0]
    told = zip(cell["file"], cell["value"], cell["flag"], strict=True)
    values = "; ".join(
        f"{parts[int(number)].file}: {said_value(float(value)) or flag}"
        for number, value, flag in told
    )
    return f"{first['unit_code']}, {first['year']}, {first['variable']}: {values}"


def said_value(value: float) -> str:
    """Return a number as it is printed in Poland; an empty text for none.

    Examples
    --------
    >>> said_value(20123456789.5).replace(chr(160), "_"), said_value(1e-7), said_value(float("nan"))
    ('20_123_456_789,5', '0,0000001', '')
    """
    if value != value:
        return ""
    plain = f"{Decimal(f'{value:.15g}'):,f}"  # no power of ten
    return plain.replace(",", "\u00a0").replace(".", ",").replace("-", "\u2212")


def merge_observations(
    base: pd.DataFrame,
    new: pd.DataFrame,
    days: Mapping[str, str] | None = None,
    *,
    origins: Mapping[str, str] | None = None,
    override_newer: bool = False,
    flagless: Collection[str] = (),
) -> Merged:
    """Join new observations with those of the base snapshot.

    A key is unit, year and variable within a data set. A changed value, flag or qualifier is a
    revision; a row that says the same as before keeps its old source, unless its file is known to
    be newer, or names another origin of the value and is not known to be older.

    Parameters
    ----------
    base, new : DataFrame
        Columns of the observation contract; ``new`` has each key once.
    days : mapping, optional
        Source -> day of its file, ISO, for the sources whose day somebody told.
    origins : mapping, optional
        Source -> what its file names as the source of the values.
    override_newer : bool
        Whether values of an older file replace those of a newer one.
    flagless : collection of str
        Sources whose files are bare numbers, without reasons beside them.
    """
    import numpy as np

    if base.empty or new.empty:
        return Merged(join_observations([base, new]), empty_table("revisions"), len(new), 0, base)
    both = join_observations([base, new])
    names = _told_ranks(both["source"], origins or {})
    old_places, new_places = _same_cells(both, len(base), names)
    old = both.iloc[old_places].reset_index(drop=True)
    both, fresh, mute = _weighed(both, old, new_places, flagless)
    changed = _differs(old, fresh) & ~mute
    before, after = (_told_ranks(rows["source"], days or {}) for rows in (old, fresh))
    unknown = (before == 0) | (after == 0)
    older = ~unknown & (after < before)
    refused = changed & older & (not override_newer)
    taken = changed & ~refused
    said, says, again = names[old_places], names[new_places], ~changed & ~mute
    renamed = again & (says != 0) & (says != said) & ~older
    replaced = taken | (again & (after > before)) | renamed  # a newer file confirms the cell
    gone = np.concatenate([old_places[replaced], new_places[~replaced]])
    return Merged(
        observations=both.drop(gone).reset_index(drop=True),
        revisions=_revisions(old[taken], fresh[taken]),
        added=len(new) - len(new_places),
        repeated=int((~changed).sum()),
        unmet=base[~np.isin(np.arange(len(base)), old_places)],
        renamed=int(renamed.sum()),
        refused=_by_sources(old[refused], fresh[refused]),
        undated=_by_sources(old[taken & unknown], fresh[taken & unknown]),
        met={str(name): int(n) for name, n in fresh["variable"].value_counts().items()},
    )


def _same_cells(
    both: pd.DataFrame, old_rows: int, origin: np.ndarray[Any, Any]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return the places of cells of one data set that old rows, which stand first, and new tell."""
    import numpy as np
    import pandas as pd

    sources = both["source"].cat
    names = pd.Index([source.partition("@")[0] for source in sources.categories])
    key = _packed(both, pd.factorize(names)[0][sources.codes.to_numpy()])
    key = _told_apart(key, np.arange(len(both)) >= old_rows, origin)
    places = pd.Series(np.arange(old_rows), index=key[:old_rows]).reindex(key[old_rows:]).to_numpy()
    met = np.flatnonzero(~np.isnan(places))
    return places[met].astype("int64"), met + old_rows


def _weighed(
    both: pd.DataFrame,
    old: pd.DataFrame,
    new_places: np.ndarray[Any, Any],
    flagless: Collection[str],
) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray[Any, Any]]:
    """Return all rows, the new ones that meet old ones, and which of these add nothing.

    What a source of bare numbers says is taken for no more than it is.
    """
    bare = both["source"].isin(list(flagless)).to_numpy()[new_places]
    both = _doubted(both, old, new_places, bare)
    fresh = both.iloc[new_places].reset_index(drop=True)
    return both, fresh, bare & _says_less(old, fresh)


def _doubted(
    both: pd.DataFrame,
    old: pd.DataFrame,
    new_places: np.ndarray[Any, Any],
    bare: np.ndarray[Any, Any],
) -> pd.DataFrame:
    """Return the rows with the bare zeros over unsettled nulls as ambiguous ones."""
    import numpy as np
    import pandas as pd

    zero = both["value"].to_numpy()[new_places] == 0
    wrong = new_places[bare & zero & old["flag"].isin(_UNSETTLED).to_numpy()]
    if not len(wrong):
        return both
    value, flag, decimals = both["value"].to_numpy(copy=True), both["flag"], both["decimals"].copy()
    if "ambiguous_zero" not in flag.cat.categories:
        flag = flag.cat.add_categories("ambiguous_zero")
    flag = flag.copy()
    value[wrong] = np.nan
    flag.iloc[wrong] = "ambiguous_zero"
    decimals.iloc[wrong] = pd.NA
    return both.assign(value=value, flag=flag, decimals=decimals)


def _says_less(old: pd.DataFrame, fresh: pd.DataFrame) -> np.ndarray[Any, Any]:
    """Return where new rows without reasons add nothing: the same number, or nothing over a why."""
    same = (old["value"] == fresh["value"]) & _differs(old, fresh)
    reason = old["value"].isna() & (old["flag"] != "no_data")
    less: np.ndarray[Any, Any] = (same | (reason & (fresh["flag"] == "no_data"))).to_numpy()
    return less


def _told_ranks(sources: pd.Series, told: Mapping[str, str]) -> np.ndarray[Any, Any]:
    """Return the rank of what is told of the source of each row, 0 where nobody told it."""
    import numpy as np

    rank = {text: number for number, text in enumerate(sorted({"", *told.values()}))}
    ranks = [rank[told.get(source, "")] for source in sources.cat.categories] or [0]
    found: np.ndarray[Any, Any] = np.array(ranks)[sources.cat.codes.to_numpy()]
    return found


def _by_sources(old: pd.DataFrame, new: pd.DataFrame) -> dict[tuple[str, str], int]:
    pairs = zip(old["source"].astype("str"), new["source"].astype("str"), strict=True)
    return dict(Counter(pairs))


def _differs(old: pd.DataFrame, new: pd.DataFrame) -> np.ndarray[Any, Any]:
    import numpy as np

    before, after = old["value"].to_numpy(), new["value"].to_numpy()
    same = (before == after) | (np.isnan(before) & np.isnan(after))
    for name in ("flag", "qualifiers", "definition_version"):
        same &= (old[name].cat.codes == new[name].cat.codes).to_numpy()
    differs: np.ndarray[Any, Any] = ~same
    return differs


def _revisions(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    columns = {name: new[name].astype("str") for name in ("unit_code", "variable")}
    columns["year"] = new["year"]
    for when, frame in (("old", old), ("new", new)):
        columns[f"{when}_value"] = frame["value"]
        columns[f"{when}_flag"] = frame["flag"].astype("str")
        columns[f"{when}_source"] = frame["source"].astype("str")
    return pd.DataFrame(columns)[list(TABLES["revisions"].columns)].reset_index(drop=True)
