"""Tell which units existed in a year, of what kind and under what name."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from smup_lib.catalogue.history import ChangeMove, TerritorialHistory
from smup_lib.errors import UnitError, UnknownUnitError
from smup_lib.teryt import (
    COUNTRY_CODE,
    LEVEL_NAME,
    LEVELS,
    PART_KINDS,
    Kind,
    is_city_code,
    is_fictional_code,
    level_of,
)
from smup_lib.units.labels import Named, write_label, write_short_labels
from smup_lib.units.timeline import Timeline, build_timeline
from smup_lib.units.unit import UNIT_COLUMNS, Unit, VintageNote

if TYPE_CHECKING:
    import pandas as pd


class SnapshotLike(Protocol):
    """What a register needs of a snapshot."""

    @property
    def id(self) -> str:
        """Return the identifier of the content."""

    def table(self, name: str) -> pd.DataFrame:
        """Return a table by name."""


class Register:
    """Units by year, from dated states of the official register and dated events.

    Parameters
    ----------
    units : DataFrame
        The snapshot's table ``units``: a row per unit and state of the register.
    changes : DataFrame
        The snapshot's table ``changes``.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"level": "gmina", "kind": "rural", "name": "Lipowo", "name_extra": "",
    ...        "state_date": "2024-01-01", "source": "test"}
    >>> from smup_lib.catalogue.changes import changes_frame
    >>> register = Register(pd.DataFrame([{"unit_code": "900102", **row}]), changes_frame([]))
    >>> register.label("900102")
    'gmina Lipowo – wiejska (900102)'
    """

    def __init__(self, units: pd.DataFrame, changes: pd.DataFrame) -> None:
        self.history = TerritorialHistory(changes)
        self._states: dict[str, dict[str, Named]] = {}
        self._parts: dict[str, Named] = {}
        self._read_units(units)
        self.state_dates: tuple[str, ...] = tuple(sorted(self._states))
        if not self.state_dates:
            raise UnitError(
                "Rejestr jednostek jest pusty.",
                expected="plik TERC z rejestru TERYT",
                next_step="pobierz rejestr (smup data sync teryt) albo wczytaj plik"
                " (smup data import PLIK_TERC.csv)",
            )
        self.timelines = self._read_timelines()
        self._units_by_year = lru_cache(maxsize=64)(self._units_of_year)
        self._short_labels_by_year = lru_cache(maxsize=16)(self._short_labels_of_year)
        self._frames = lru_cache(maxsize=32)(self._frame)
        self._kinds_by_code = lru_cache(maxsize=32)(self._kinds_of_year)

    def _read_units(self, units: pd.DataFrame) -> None:
        columns = ["unit_code", "level", "kind", "name", "state_date"]
        for code, level, kind, name, date in units[columns].itertuples(index=False, name=None):
            state = self._states.setdefault(str(date)[:10], {})
            if kind in PART_KINDS or len(code) == 7:
                self._parts[code] = Named(code, "part", kind, name)
            elif level == "voivodeship":
                state[code] = Named(code, level, "voivodeship", name.lower())
            else:
                city = is_city_code(code)
                state[code] = Named(
                    code, level_of(code), "city_with_powiat_rights" if city else kind, name
                )

    # -- kind and name as dated attributes -----------------------------------------------------

    def _read_timelines(self) -> dict[str, Timeline]:
        """Build for every unit ever known the dates from which it had its kind and name."""
        told: dict[str, list[ChangeMove]] = {}
        for move in self.history.moves:
            if move.former or move.kind in ("status", "rename"):
                told.setdefault(move.from_code, []).append(move)
        states: dict[str, list[tuple[str, Named]]] = {}
        for date in self.state_dates:
            for code, unit in self._states[date].items():
                states.setdefault(code, []).append((date, unit))
        return {
            code: build_timeline(states.get(code, []), told.get(code, []))
            for code in {**states, **told}
        }

    def as_of(self, code: str, year: int | None) -> Named | None:
        """Return kind and name at the end of a year (None: the newest); no check of existence."""
        timeline = self.timelines.get(code)
        if timeline is None:
            return None
        return timeline.as_of("9999" if year is None else f"{year}-12-31")

    # -- existence -----------------------------------------------------------------------------

    @property
    def current_year(self) -> int:
        """Return the year of the newest state of the register."""
        return int(self.state_dates[-1][:4])

    @cached_property
    def fictional(self) -> bool:
        """Tell whether the units belong to the fictional land."""
        return any(is_fictional_code(code) for code in self._states[self.state_dates[-1]])

    def vintage(self, year: int | None = None) -> VintageNote:
        """Return which state of the register describes a year, and a Polish note on it."""
        year = self.current_year if year is None else year
        date, exact = self._base(year)
        if exact:
            return VintageNote(date, True, f"Rejestr jednostek: stan na {_polish_date(date)}")
        return VintageNote(
            date,
            False,
            f"Najstarszy rejestr jednostek w tych danych ma stan na {_polish_date(date)} "
            f"Dla {year} r. cofnięto znane zmiany; innych nazw i rodzajów z tego czasu nie znamy.",
        )

    def _base(self, year: int) -> tuple[str, bool]:
        place = bisect_right(self.state_dates, f"{year}-12-31")
        return (self.state_dates[place - 1], True) if place else (self.state_dates[0], False)

    def _units_of_year(self, year: int) -> dict[str, Named]:
        date, _ = self._base(year)
        codes = self.history.codes_of_year(self._states[date], date, year)
        found = {code: unit for code in sorted(codes) if (unit := self.as_of(code, year))}
        # a city stands on both levels or on none
        return {
            code: unit
            for code, unit in found.items()
            if unit.level != "gmina" or not is_city_code(code) or code[:4] in found
        }

    def exists(self, code: str, year: int | None = None) -> bool:
        """Tell whether a unit existed at the end of a year (by default the current one)."""
        year = self.current_year if year is None else year
        return code == COUNTRY_CODE or code in self._units_by_year(year)

    def years_of(self, code: str) -> tuple[int | None, int | None]:
        """Return first and last year of a unit; None where no event limits it."""
        return self.history.first_years.get(code), self.history.last_years.get(code)

    # -- answers -------------------------------------------------------------------------------

    def unit(self, code: str, year: int | None = None) -> Unit:
        """Return a unit by canonical code.

        Parameters
        ----------
        code : str
            2, 4 or 6 digits, or ``"00"``.
        year : int, optional
            Year whose kind and name are wanted; by default the newest state, and for a unit that
            no longer exists its last year.

        Raises
        ------
        UnknownUnitError
            When no register or event knows the code, or the unit did not exist in the year.
        """
        if code == COUNTRY_CODE:
            return self._country()
        first, last = self.years_of(code)
        asked = last if year is None else year
        unit = self.as_of(code, asked)
        if unit is None:
            raise UnknownUnitError(
                f"Rejestr nie zna jednostki o kodzie {code}.",
                expected="kod z rejestru TERYT (2, 4 albo 6 cyfr)",
                next_step="znajdź jednostkę po nazwie: smup unit find NAZWA",
            )
        if year is not None and not self.exists(code, year):
            raise UnknownUnitError(
                self.explain_absence(code, year),
                expected=f"jednostka istniejąca w {year} r.",
                next_step=self.advise_absence(code, year),
            )
        shown = self.current_year if asked is None else asked
        return Unit(
            code=code,
            level=unit.level,
            kind=unit.kind,
            name=unit.name,
            label=write_label(unit, last),
            short_label=self._short_labels_by_year(shown).get(code, unit.name),
            state_date=self._state_date(code, asked),
            first_year=first,
            last_year=last,
        )

    def label(self, code: str, year: int | None = None) -> str:
        """Return the Polish display name of a unit, also of one that no longer exists."""
        return self.unit(code, year).label

    def labels(self, codes: Iterable[str]) -> dict[str, str]:
        """Return the label of each code; one that the register does not know stands for itself."""
        return {code: self.label(code) if code in self.timelines else code for code in codes}

    def units(
        self, level: str, year: int | None = None, kinds: Iterable[str] | None = None
    ) -> pd.DataFrame:
        """Return the units of a level in a year, in order of code.

        Parts of gminy, districts and delegations never appear; a city with powiat rights appears
        once on each of its two levels.

        Parameters
        ----------
        level : str
            ``gmina``, ``powiat`` or ``voivodeship``.
        year : int, optional
            By default the year of the newest register.
        kinds : iterable of str, optional
            Only these kinds.

        Returns
        -------
        DataFrame
            Columns of :data:`UNIT_COLUMNS`.
        """
        if level not in LEVELS[:3]:
            raise UnitError(
                f"Nie ma szczebla „{level}”.",
                expected=", ".join(LEVELS[:3]),
                next_step="podaj jeden z tych szczebli",
            )
        frame = self._frames(level, self.current_year if year is None else year)
        if kinds is not None:
            frame = frame[frame["kind"].isin(list(kinds))]
        return frame.reset_index(drop=True)

    def codes(self, level: str, year: int | None = None) -> tuple[str, ...]:
        """Return the codes of a level in a year, in order."""
        return tuple(self._kinds_by_code(level, self.current_year if year is None else year))

    def kinds(self, level: str, year: int | None = None) -> Mapping[str, Kind | None]:
        """Return the kind of every unit of a level in a year, by code, in order."""
        return self._kinds_by_code(level, self.current_year if year is None else year)

    def _kinds_of_year(self, level: str, year: int) -> Mapping[str, Kind | None]:
        units = self._units_by_year(year)
        found = {code: unit.kind for code, unit in units.items() if unit.level == level}
        return MappingProxyType(found)

    def named(self, year: int) -> dict[str, Named]:
        """Return code, level, kind and name of every unit of a year, by code."""
        return self._units_by_year(year)

    def all_parts(self) -> tuple[Named, ...]:
        """Return every town, rural area, district and delegation that a register names."""
        return tuple(self._parts.values())

    def part_name(self, code: str) -> str:
        """Return the name of a part by its 7-digit code; empty when no register has it."""
        part = self._parts.get(code)
        return part.name if part else ""

    def parts(self, code: str) -> tuple[Named, ...]:
        """Return towns, rural areas, districts and delegations within a gmina or city.

        They repeat their gmina and are never counted, ranked or summed with it.
        """
        prefix = code[:4] if is_city_code(code) else code
        return tuple(unit for key, unit in self._parts.items() if key.startswith(prefix))

    def explain_absence(self, code: str, year: int | None = None) -> str:
        """Say in Polish why a known unit does not exist in a year, and what stands in its place."""
        first, last = self.years_of(code)
        year = self.current_year if year is None else year
        level = level_of(code)
        city = level == "powiat" and is_city_code(code)
        noun = "miasto na prawach powiatu" if city else LEVEL_NAME[level]
        unit = self.as_of(code, last)
        called = f"{noun} {code}" + (f" ({unit.name})" if unit else "")
        if first is not None and year < first:
            before = " i ".join(self._called(c, first - 1) for c in self.history.predecessors(code))
            return f"{called} istnieje od {first} r.; wcześniej ten obszar należał do: {before}."
        if last is not None and year > last:
            verb = {"gmina": "istniała", "powiat": "istniał"}[level] if not city else "istniało"
            after = " i ".join(self._called(c, None) for c in self.history.successors(code))
            return f"{called} {verb} do {last} r., od {last + 1} r. ten obszar jest w: {after}."
        return f"{called}: rejestr nie ma tej jednostki w {year} r."

    def advise_absence(self, code: str, year: int | None = None) -> str:
        """Say in Polish which code or year to give instead of a unit that a year does not have."""
        first, last = self.years_of(code)
        year = self.current_year if year is None else year
        if first is not None and year < first:
            others, when = self.history.predecessors(code), f"rok od {first}"
        elif last is not None and year > last:
            others, when = self.history.successors(code), f"rok nie późniejszy niż {last}"
        else:
            others, when = (), "inny rok"
        known = [other for other in others if self.exists(other, year)]
        return f"podaj {' albo '.join(['kod ' + ' lub '.join(known)] * bool(known) + [when])}"

    def _called(self, code: str, year: int | None) -> str:
        unit = self.as_of(code, year)
        return f"{code} ({unit.name})" if unit else code

    def _country(self) -> Unit:
        name = "Kraina przykładowa" if self.fictional else "Polska"
        date = self.state_dates[-1]
        return Unit(COUNTRY_CODE, "country", "country", name, name, name, date)

    def _state_date(self, code: str, year: int | None) -> str:
        dates = [date for date in self.state_dates if code in self._states[date]]
        end = "9999" if year is None else f"{year}-12-31"
        return max((date for date in dates if date <= end), default=dates[0] if dates else "")

    def _short_labels_of_year(self, year: int) -> dict[str, str]:
        units = self._units_by_year(year)
        names = {code: unit.name for code, unit in units.items()}
        return {
            code: label
            for level in ("gmina", "powiat", "voivodeship")
            for code, label in write_short_labels(
                (u for u in units.values() if u.level == level), names, names
            ).items()
        }

    def _frame(self, level: str, year: int) -> pd.DataFrame:
        import pandas as pd

        short = self._short_labels_by_year(year)
        rows = [
            (
                *(code, unit.name, unit.kind, unit.level, write_label(unit), short[code]),
                *(code[:4] if len(code) > 2 else "", code[:2], self._state_date(code, year)),
            )
            for code, unit in self._units_by_year(year).items()
            if unit.level == level
        ]
        return pd.DataFrame(rows, columns=list(UNIT_COLUMNS))


def _polish_date(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{int(day)}.{month}.{year} r."


_REGISTERS: dict[str, Register] = {}
_KEPT_REGISTERS = 4


def load_register(snapshot: SnapshotLike) -> Register:
    """Return the register of a snapshot, built once for each snapshot.

    Parameters
    ----------
    snapshot : Snapshot
        Its tables ``units`` and ``changes`` are read.
    """
    register = _REGISTERS.get(snapshot.id)
    if register is None:
        register = Register(snapshot.table("units"), snapshot.table("changes"))
        while len(_REGISTERS) >= _KEPT_REGISTERS:
            _REGISTERS.pop(next(iter(_REGISTERS)))
        _REGISTERS[snapshot.id] = register
    return register
