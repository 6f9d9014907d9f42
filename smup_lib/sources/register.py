"""Which units and boundaries does a snapshot have after this import, and who may be in them?

The register of a snapshot is its table ``units`` (one vintage a TERC file) and the codes that the
territorial changes name. A code outside both is unknown, and its rows go to quarantine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smup_lib.catalogue import Catalogue
from smup_lib.errors import ContradictionError
from smup_lib.snapshots import RawFile, SourceRecord
from smup_lib.snapshots.content import content_digest
from smup_lib.snapshots.tables import TABLES
from smup_lib.sources.boundaries import BoundaryFile, layer_year
from smup_lib.sources.recognise import FileKind
from smup_lib.sources.terc import RegisterFile

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 5


@dataclass(frozen=True)
class NewRegister:
    """A TERC file with its source."""

    file: str
    register: RegisterFile
    units: pd.DataFrame
    record: SourceRecord


@dataclass(frozen=True)
class NewLayer:
    """A layer of boundaries with its source."""

    file: str
    boundaries: pd.DataFrame
    record: SourceRecord


def new_register(
    file: str, register: RegisterFile, raw: RawFile, catalogue: Catalogue
) -> NewRegister:
    """Return a TERC file under its source id."""
    dataset = f"terc:{register.state_date}"
    content = register.units.drop(columns="source")
    source = f"{dataset}@{content_digest(content, ('unit_code', 'kind'))[:8]}"
    record = SourceRecord(
        id=source,
        dataset=dataset,
        publisher=catalogue.publisher_of(dataset).id,
        title=f"Rejestr TERC, stan na {register.state_date}",
        kind=FileKind.TERC.value,
        file=raw,
        data_date=register.state_date,
        rows=len(register.units),
        years=(int(register.state_date[:4]),),
        notes=register.warnings,
    )
    return NewRegister(file, register, register.units.assign(source=source), record)


def merge_registers(
    base: pd.DataFrame, new: Sequence[NewRegister]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return all vintages of the register; a vintage read again replaces the old one.

    Raises
    ------
    ContradictionError
        When two files tell different registers of one day.
    """
    import pandas as pd

    by_day: dict[str, NewRegister] = {}
    for register in new:
        day = register.register.state_date
        other = by_day.setdefault(day, register)
        if other.record.id != register.record.id:
            raise _registers_contradict(day, other, register)
    replaced = base[base["state_date"].isin(list(by_day))] if len(base) else base
    notes = tuple(
        f"rejestr ze stanem {day} był już wczytany z innego pliku i został zastąpiony"
        for day, register in by_day.items()
        if len(replaced)
        and set(replaced.loc[replaced["state_date"] == day, "source"]) - {register.record.id}
    )
    kept = base[~base["state_date"].isin(list(by_day))] if len(base) else base
    frames = [frame for frame in (kept, *(r.units for r in by_day.values())) if len(frame)]
    return (pd.concat(frames, ignore_index=True) if frames else base), notes


def _registers_contradict(day: str, one: NewRegister, other: NewRegister) -> ContradictionError:
    key = ["unit_code", "kind", "name"]
    both = one.units[key].merge(other.units[key], how="outer", indicator=True)
    different = both[both["_merge"] != "both"]
    where = {"left_only": one.file, "right_only": other.file}
    return ContradictionError(
        f"Dwa pliki podają różny rejestr ze stanem na {day}: {one.file} i {other.file}.",
        problems=[
            f"{row.unit_code} {row.name} ({row.kind}): tylko w {where[row[-1]]}"
            for row in different.head(_SHOWN).itertuples(index=False, name="Row")
        ],
        expected="jeden plik TERC na każdy dzień",
        next_step="usuń z polecenia jeden z plików",
    )


def new_layer(
    file: str,
    layer: BoundaryFile,
    raw: RawFile,
    catalogue: Catalogue,
    units: pd.DataFrame,
    told_year: int | None,
) -> NewLayer:
    """Return a layer of boundaries as rows of the table ``boundaries``, under its source id."""
    import pandas as pd
    import shapely

    year, note = layer_year(file, told_year, layer.kinds, units)
    rows = pd.DataFrame(
        {
            "unit_code": layer.codes,
            "level": layer.levels,
            "year": year,
            "geometry": shapely.to_wkb(layer.geometry, byte_order=1),
        }
    )
    levels = "_".join(sorted(set(layer.levels)))
    dataset = f"boundaries:{levels}"
    source = f"{dataset}@{content_digest(rows, ('unit_code',))[:8]}"
    record = SourceRecord(
        id=source,
        dataset=dataset,
        publisher=catalogue.publisher_of(dataset).id,
        title=f"Granice jednostek, {year} r.",
        kind=FileKind.BOUNDARIES.value,
        file=raw,
        data_date=str(year),
        rows=len(rows),
        years=(year,),
        notes=(*layer.warnings, note),
    )
    columns = list(TABLES["boundaries"].columns)
    return NewLayer(file, rows.assign(source=source)[columns], record)


def merge_layers(base: pd.DataFrame, new: Sequence[NewLayer]) -> pd.DataFrame:
    """Return all boundaries; a level and year read again replaces the old one as a whole.

    Neighbours follow from borders that fit, so two drawings of one layer are not mixed. A layer
    that shares no unit with the old one (another voivodeship) is added to it.

    Raises
    ------
    ContradictionError
        When two files draw a unit of one year differently.
    """
    import pandas as pd

    unique = list({layer.record.id: layer for layer in new}.values())
    if not unique:
        return base
    fresh = pd.concat([layer.boundaries for layer in unique], ignore_index=True)
    _check_shapes(fresh, unique)
    fresh = fresh.drop_duplicates(["unit_code", "year"])
    if base.empty:
        return fresh.reset_index(drop=True)
    both = fresh.merge(base[["unit_code", "level", "year"]], on=["unit_code", "level", "year"])
    layers = set(zip(both["level"], both["year"], strict=True))
    kept = [pair not in layers for pair in zip(base["level"], base["year"], strict=True)]
    return pd.concat([base[kept], fresh], ignore_index=True)


def _check_shapes(fresh: pd.DataFrame, layers: Sequence[NewLayer]) -> None:
    """Raise when a unit of one year has two different territories."""
    import shapely

    twice = fresh[fresh.duplicated(["unit_code", "year"], keep=False)]
    different = [
        (str(code), set(shapes["source"]))
        for (code, _), shapes in twice.groupby(["unit_code", "year"])
        if not shapely.equals(*shapely.from_wkb(shapes["geometry"].to_numpy()[[0, -1]]))
    ]
    if not different:
        return
    sources = {source for _, named in different for source in named}
    files = [layer.file for layer in layers if layer.record.id in sources]
    more = [f"i {len(different) - _SHOWN} innych"] if len(different) > _SHOWN else []
    raise ContradictionError(
        f"Pliki podają różne granice tych samych jednostek: {', '.join(files)}.",
        problems=[f"jednostka {code}" for code, _ in different[:_SHOWN]] + more,
        expected="jedna warstwa granic na szczebel i rok",
        next_step="podaj lata warstw w import.yaml (year) albo wczytaj pliki osobno",
    )


def real_changes() -> pd.DataFrame:
    """Return the territorial changes of the country as the table ``changes``."""
    from smup_lib.catalogue.changes import changes_frame

    return changes_frame()[list(TABLES["changes"].columns)]
