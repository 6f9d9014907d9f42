"""Read an official TERC file: which units exist on the day it describes?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from smup_lib.errors import UnreadableFileError
from smup_lib.snapshots.tables import TABLES
from smup_lib.sources.text import TextForm, read_text_table
from smup_lib.sources.unit_column import place_codes
from smup_lib.teryt import COUNTRY_CODE

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = ("woj", "pow", "gmi", "rodz", "nazwa", "nazwa_dod", "stan_na")
_SHOWN = 5


@dataclass(frozen=True)
class RegisterFile:
    """The register of units on one day.

    Attributes
    ----------
    units : DataFrame
        Columns of the snapshot's table ``units`` with an empty ``source``.
    state_date : str
        Day of the register, ISO.
    counts : Counter
        Number of units by kind.
    form : TextForm
    warnings : tuple of str
    """

    units: pd.DataFrame
    state_date: str
    counts: Counter[str]
    form: TextForm
    warnings: tuple[str, ...]

    def with_warnings(self, more: tuple[str, ...]) -> RegisterFile:
        """Return the register with further warnings."""
        return replace(self, warnings=self.warnings + more)


def read_terc(content: bytes, separator: str, file: str) -> RegisterFile:
    """Read a TERC file.

    Parameters
    ----------
    content : bytes
        The unpacked file.
    separator : str
        ``;`` in the originals.
    file : str
        Name of the file, for messages.

    Raises
    ------
    UnreadableFileError
        When a row is no unit, or rows tell different days: a register is taken whole or not at
        all.
    """
    table = read_text_table(content, separator, file)
    names = [cell.casefold() for cell in table.header]
    cells = {name: table.columns[names.index(name)].to_pandas() for name in _COLUMNS}
    if table.broken:
        raise _damaged(file, [f"wiersz {row.line}: {row.text}" for row in table.broken])
    state_date = _state_date(cells["stan_na"], file)
    units = _units(cells, table.lines, state_date, file)
    repeated = units[units["unit_code"].duplicated(keep=False)]
    if len(repeated):
        codes = sorted(set(repeated["unit_code"]))
        raise _damaged(file, [f"kod {code} występuje więcej niż raz" for code in codes])
    return RegisterFile(
        units=units,
        state_date=state_date,
        counts=Counter(units["kind"]),
        form=table.form,
        warnings=table.warnings,
    )


def _damaged(file: str, problems: list[str]) -> UnreadableFileError:
    more = [f"i {len(problems) - _SHOWN} innych"] if len(problems) > _SHOWN else []
    return UnreadableFileError(
        "Rejestr TERC ma błędne wiersze; nie wczytano go wcale.",
        where=file,
        problems=problems[:_SHOWN] + more,
        expected="same poprawne wiersze; rejestr bierze się w całości albo wcale",
        next_step="pobierz plik jeszcze raz z eteryt.stat.gov.pl",
    )


def _state_date(column: pd.Series, file: str) -> str:
    days = sorted(set(column.str.strip()))
    if len(days) != 1 or not _is_day(days[0]):
        raise UnreadableFileError(
            f"Kolumna STAN_NA ma różne albo błędne daty: {', '.join(days[:_SHOWN])}.",
            where=file,
            expected="jedna data w całym pliku, na przykład 2026-01-01",
            next_step="pobierz plik jeszcze raz z eteryt.stat.gov.pl",
        )
    return str(days[0])


def _is_day(text: str) -> bool:
    import datetime

    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _units(cells: dict[str, pd.Series], lines: Any, state_date: str, file: str) -> pd.DataFrame:
    import pandas as pd

    parts = [cells[name].str.strip() for name in ("woj", "pow", "gmi", "rodz")]
    codes = parts[0].str.zfill(2)
    for part, width in zip(parts[1:], (2, 2, 1), strict=True):
        codes = codes + part.where(part == "", part.str.zfill(width))
    placed = place_codes(list(codes.unique()))
    wrong = [
        f"wiersz {line}: {placed[code].reason}"
        for line, code in zip(lines, codes, strict=True)
        if placed[code].fate == "unreadable"
    ]
    if wrong:
        raise _damaged(file, wrong)
    units = pd.DataFrame(
        {
            "unit_code": [placed[code].code for code in codes],
            "level": [placed[code].level for code in codes],
            "kind": [placed[code].kind for code in codes],
            "name": cells["nazwa"].str.strip(),
            "name_extra": cells["nazwa_dod"].str.strip(),
            "state_date": state_date,
            "source": "",
        }
    )
    # TERC has no row for the country, but every national total needs one
    country = pd.DataFrame(
        [(COUNTRY_CODE, "country", "country", "POLSKA", "kraj", state_date, "")],
        columns=units.columns,
    )
    whole = pd.concat([country, units], ignore_index=True)
    return whole[list(TABLES["units"].columns)].astype("str")
