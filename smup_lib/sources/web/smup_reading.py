"""How do held answers of SMUP become rows with a source?"""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from smup_lib.catalogue import Catalogue, Variable
from smup_lib.snapshots import RawFile, SourceRecord
from smup_lib.sources.coded_text import repeated
from smup_lib.sources.input_files import InputFile
from smup_lib.sources.new_rows import NewRows
from smup_lib.sources.quarantine import empty_quarantine, joined
from smup_lib.sources.read_file import ReadFile
from smup_lib.sources.recognise import FileKind
from smup_lib.sources.row_source import as_new_rows
from smup_lib.sources.untold import Scope
from smup_lib.sources.web.answers import Answer
from smup_lib.sources.web.asking import Desk
from smup_lib.sources.web.smup_dictionaries import Dictionaries
from smup_lib.sources.web.smup_plan import Group
from smup_lib.sources.web.smup_values import (
    Asked,
    Values,
    flag_words,
    join_dates,
    merge_same_variable,
    quarantine_name,
    read_values,
    tell_same_variable,
)
from smup_lib.teryt import CODE_LENGTH

if TYPE_CHECKING:
    import pandas as pd

#: Said of everything that a fictional service tells.
FICTIONAL = "dane przykładowe, jednostki fikcyjne"


@dataclass
class Gathering:
    """What a synchronisation has read so far.

    Attributes
    ----------
    folder : Path
        Where the rows wait.
    parts, records
        Rows and their sources, one a variable.
    scopes : list of Scope
        What was asked for.
    quarantine : list of DataFrame
    variables : dict
        ids -> variable, for the definitions.
    empty : list of str
        Names of indicators without any value.
    gone : list of str
        Names of indicators that are on the list and have no card.
    values : list of Values
        What was left out, repeated and strange in each variable; without its rows.
    files : list of str
        What the quarantine calls the answers that were read.
    """

    folder: Path
    parts: list[NewRows] = field(default_factory=list)
    records: list[SourceRecord] = field(default_factory=list)
    scopes: list[Scope] = field(default_factory=list)
    quarantine: list[pd.DataFrame] = field(default_factory=list)
    variables: dict[int, str] = field(default_factory=dict)
    empty: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    values: list[Values] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def read_groups(
    desk: Desk,
    groups: Iterable[Group],
    dictionaries: Dictionaries,
    *,
    folder: Path,
    level: str | None = None,
    ignored: Collection[str] = (),
    imported: str = "",
    known: Mapping[int, str] | None = None,
) -> Gathering:
    """Read the answers of complete groups from the store; a damaged one is asked again.

    Parameters
    ----------
    desk : Desk
    groups : iterable of Group
    dictionaries : Dictionaries
    folder : Path
        Where rows wait for their joining: all of SMUP is some sixty million.
    level : str, optional
        The only level whose rows are taken.
    ignored : collection of str
        Fields of rows that the user says are harmless.
    imported : str
        Moment of the synchronisation, ISO.
    known : mapping, optional
        Id of an indicator -> the variable that it was so far.
    """
    gathering = Gathering(folder)
    for group in groups:
        answers: list[Answer] = []
        by_id: dict[int, list[tuple[Asked, Values]]] = {number: [] for number in group.ids}
        for asked, question in group.values:
            pages = desk.read(question)
            answers += pages
            values = read_values(pages, asked, dictionaries, ignored)
            by_id[asked.indicator].append((asked, values))
        told = {number: join_dates(parts) for number, parts in by_id.items()}
        years = frozenset(asked.year for asked, _ in group.values)
        for variable, ids in tell_variables(told, known or {}).items():
            values = merge_same_variable([told[number] for number in ids])
            own = [a for a in answers if _indicator_of(a) in set(map(str, ids))]
            _add(gathering, variable, ids, values, own, dictionaries, level, imported)
            dataset = _dataset(variable, dictionaries)
            gathering.scopes.append(Scope(dataset, variable, years, level))
        for number, card in zip(group.ids, group.cards, strict=True):
            if desk.read(card)[0].status != 200:
                gathering.gone.append(_named(number, dictionaries))
    return gathering


def tell_variables(told: Mapping[int, Values], known: Mapping[int, str]) -> dict[str, list[int]]:
    """Return variable -> ids, of the ids that share a name.

    An id stays the variable that it was, whoever joins or leaves; the numbers decide of new ids,
    and of those that speak of the same units all at once.
    """
    found: dict[str, list[int]] = {}
    for number in told:
        if number in known:
            found.setdefault(known[number], []).append(number)
    alone = [number for number in told if number not in known]
    if len(told) > 1 and len(found) < 2 and tell_same_variable(list(told.values())):
        name = next(iter(found), f"smup_{min(told)}")
        found[name] = sorted({*found.get(name, ()), *alone})
        return found
    for variable, ids in list(found.items()):
        if not tell_same_variable([told[number] for number in ids]):
            stays = next((one for one in ids if f"smup_{one}" == variable), ids[0])
            found[variable] = [stays]
            alone += [one for one in ids if one != stays]
    return found | {f"smup_{number}": [number] for number in alone}


def _indicator_of(answer: Answer) -> str:
    return dict(answer.request.parameters).get("id", "")


def _named(number: int, dictionaries: Dictionaries) -> str:
    return f"{number} ({dictionaries.indicators[number].name})"


def _add(
    gathering: Gathering,
    variable: str,
    ids: Sequence[int],
    values: Values,
    answers: Sequence[Answer],
    dictionaries: Dictionaries,
    level: str | None,
    imported: str,
) -> None:
    """Add the values of one variable, under its source."""
    gathering.variables |= dict.fromkeys(ids, variable)
    gathering.files += map(quarantine_name, ids)
    gathering.quarantine.append(values.quarantine)
    rows = values.rows
    if level is not None:
        rows = rows[rows["unit_code"].str.len() == CODE_LENGTH[level]]
    gathering.values.append(replace(values, rows=rows.iloc[:0].copy()))  # a view keeps all
    if rows.empty:
        gathering.empty += [_named(number, dictionaries) for number in ids]
        return
    part = _new_rows(_dataset(variable, dictionaries), variable, rows)
    gathering.records.append(
        _record(part, "smup_api", _title(ids, dictionaries), answers, imported, dictionaries)
    )
    gathering.parts.append(part.on_disk(gathering.folder))


def _dataset(variable: str, dictionaries: Dictionaries) -> str:
    prefix = "fictional:smup_" if dictionaries.fictional else "smup:"
    return prefix + variable.removeprefix("smup_")


def _new_rows(dataset: str, variable: str, rows: pd.DataFrame) -> NewRows:
    import pandas as pd

    decimals = rows["decimals"].to_numpy()
    told = pd.DataFrame(
        {
            "unit_code": rows["unit_code"].astype("str").astype("category").array,
            "year": rows["year"].to_numpy(),
            "variable": repeated(variable, len(rows)),
            "value": rows["value"].to_numpy(),
            "flag": flag_words(rows),
            "qualifiers": repeated("", len(rows)),
            "decimals": pd.arrays.IntegerArray(decimals.astype("int8"), decimals < 0),
            "row": rows["row"].to_numpy(),
        }
    )
    name = quarantine_name(int(variable.removeprefix("smup_")))
    return as_new_rows(name, dataset, dataset, told)


def _title(ids: Sequence[int], dictionaries: Dictionaries) -> str:
    """Return the name of an indicator with its numbers at SMUP."""
    numbers = ", ".join(map(str, ids))
    title = f"{dictionaries.indicators[ids[0]].name} (SMUP {numbers})"
    return f"{title} ({FICTIONAL})" if dictionaries.fictional else title


def _record(
    part: NewRows,
    kind: str,
    title: str,
    answers: Sequence[Answer],
    imported: str,
    dictionaries: Dictionaries,
) -> SourceRecord:
    return SourceRecord(
        id=part.source,
        dataset=part.dataset,
        publisher="sample" if dictionaries.fictional else "smup",
        title=title,
        kind=kind,
        file=answers_record(part.file, answers, imported),
        data_date=newest_day(answers),
        rows=len(part.rows),
        variables=tuple(sorted(part.counts)),
        years=tuple(int(year) for year in sorted(part.rows["year"].unique())),
        notes=(FICTIONAL,) if dictionaries.fictional else (),
    )


def answers_record(
    name: str, answers: Sequence[Answer], imported: str, day: str | None = None
) -> RawFile:
    """Return the record of answers as one file: a checksum over the checksums of all.

    Its day is that of the newest answer unless another is told.
    """
    listed = sorted(f"{answer.request} {answer.sha256}" for answer in answers)
    return RawFile(
        name=name,
        sha256=hashlib.sha256("\n".join(listed).encode()).hexdigest(),
        size=sum(len(answer.body) for answer in answers),
        retrieved=day or newest_day(answers),
        dated="service",
        imported=imported,
    )


def newest_day(answers: Sequence[Answer]) -> str:
    """Return the day of the newest answer, ISO."""
    return _day(max((answer.confirmed for answer in answers), default=0.0))


def oldest_day(answers: Sequence[Answer]) -> str:
    """Return the day of the oldest answer, ISO: no value among them is from before it."""
    return _day(min((answer.confirmed for answer in answers), default=0.0))


def _day(at: float) -> str:
    return datetime.datetime.fromtimestamp(at, datetime.UTC).date().isoformat()


def with_published(catalogue: Catalogue, records: Iterable[SourceRecord]) -> Catalogue:
    """Return the catalogue with the published indicators of sources beside its variables.

    They may be negative and are not additive; nobody else's variable is changed.
    """
    published = {
        variable: Variable(
            id=variable,
            label=record.title,
            measure_unit="jednostka według karty wskaźnika",
            holder=record.publisher,
            collected_by="office",
            kind="index",
            additive=False,
            levels=("gmina", "powiat", "voivodeship"),
        )
        for record in records
        for variable in record.variables
    }
    return replace(catalogue, variables={**catalogue.variables, **published})


def as_read_file(gathering: Gathering, store: Path) -> ReadFile:
    """Return what was read in the form in which rows are placed and joined."""
    return ReadFile(
        file=InputFile(store),
        kind=FileKind.SERVICE,
        parts=tuple(gathering.parts),
        records=tuple(gathering.records),
        levels=Counter(),
        quarantine=joined(gathering.quarantine) if gathering.quarantine else empty_quarantine(),
    )
