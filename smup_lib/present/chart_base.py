"""What does every chart know? Its frame, words, source, key, and the reasons when data are missing.

The kinds stand in ``charts``; medians, quartiles, ranks and percentiles come from ``compare``.
Nothing statistical is computed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from smup_lib.conclude.evidence import NumberKey
from smup_lib.errors import SmupError, did_you_mean
from smup_lib.present import words
from smup_lib.present.formats import format_number
from smup_lib.present.scales import Domain, as_number, axis_domain, finite

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.present.tables import Column

#: Who a drawn unit is: the reader's, one of its group, a neighbour outside it, or both.
ROLES = ("unit", "peer", "neighbour", "peer_neighbour")


class ChartError(SmupError):
    """A chart was asked for with a frame or words that it cannot show."""


def check_roles(frame: pd.DataFrame) -> None:
    """Check that the column ``role`` holds known roles only.

    Raises
    ------
    ChartError
        Naming the strange ones.
    """
    strange = sorted(set(frame["role"].astype(str)) - set(ROLES))
    if strange:
        raise ChartError(
            f"Nieznane role: {', '.join(strange)}.",
            expected=", ".join(ROLES),
            next_step="popraw kolumnę role w ramce wykresu",
        )


@dataclass(frozen=True, kw_only=True)
class MissingData:
    """Why nothing can be drawn, and who could change that.

    Attributes
    ----------
    what : str
        Which data are missing, in Polish, as a subject ("Wypadki drogowe").
    reason : str
        Why ("GUS nie publikuje tej cechy dla powiatów").
    since : str
        Since or until when ("od 2019 r.").
    holder : str
        Who has them.
    next_step : str
        What the reader can do; may hold a command.
    incomparable : bool
        Whether nothing is lacking: the value has no meaning for the unit, or may not be compared.
    """

    what: str
    reason: str = ""
    since: str = ""
    holder: str = ""
    next_step: str = ""
    incomparable: bool = False

    @property
    def word(self) -> str:
        """What stands after the title: a gap of the data, or a value that cannot be compared."""
        return "nieporównywalne" if self.incomparable else words.NO_DATA


@dataclass(frozen=True, kw_only=True)
class BreakMark:
    """The first year that may not be joined with the years before it, and why."""

    year: int
    note: str
    unit_only: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Chart:
    """What every chart has.

    Attributes
    ----------
    frame : DataFrame
        The data drawn; columns are named by each kind of chart.
    title : str
        What is shown, in Polish; no conclusion.
    measure_unit : str
        Of the values.
    source_line : str
        Stands under the chart.
    source_links : mapping of str to str
        Parts of the source line and the ids of the elements that they lead to.
    key : NumberKey
        Unit, indicator, year and group of the chart; each printed number gets its own from it.
    unit_name : str
        Display name of the reader's unit.
    decimals : int
        Digits after the comma of printed values.
    finding : str
        What the chart shows, in one or two sentences; the alternative text. Made from the data
        when empty.
    reading : str
        The text under "Jak to czytać?"; the standard one of the kind when empty.
    notes : tuple of str
        Remarks printed under the drawing.
    missing : MissingData, optional
        What to say when there is nothing to draw.
    """

    frame: pd.DataFrame
    title: str
    measure_unit: str
    source_line: str
    key: NumberKey
    unit_name: str
    decimals: int = 1
    finding: str = ""
    reading: str = ""
    notes: tuple[str, ...] = ()
    missing: MissingData | None = None
    source_links: Mapping[str, str] = field(default_factory=dict)

    kind: ClassVar[str] = ""
    #: Whether the drawing itself names the measure unit.
    names_unit: ClassVar[bool] = True
    columns: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        absent = [name for name in self.columns if name not in self.frame.columns]
        if absent:
            raise ChartError(
                f"Wykres „{self.title}” nie ma kolumn: {', '.join(absent)}.",
                where=type(self).__name__,
                expected=", ".join(self.columns),
                next_step=did_you_mean(absent[0], map(str, self.frame.columns))
                or "dodaj brakujące kolumny do ramki wykresu",
            )
        for name in ("title", "source_line", "unit_name"):
            if not getattr(self, name).strip():
                raise ChartError(
                    f"Wykres nie ma pola {name}.",
                    where=type(self).__name__,
                    expected="niepusty tekst",
                    next_step=f"podaj {name} przy tworzeniu wykresu",
                )

    @property
    def has_data(self) -> bool:
        """Whether there is anything to draw; an empty chart is never drawn."""
        return bool(finite(self.cells["value"]))

    @property
    def how_to_read(self) -> str:
        """The text under "Jak to czytać?"."""
        return self.reading or words.READINGS[self.kind]

    @cached_property
    def alt_text(self) -> str:
        """The finding, or a description made from the data; never empty."""
        # measure units end in full stops ("mieszk."), sentences too
        return self.finding or self._described().replace("..", ".")

    def table(self) -> pd.DataFrame:
        """Return the table twin: the same data with Polish headers, exact values, reasons."""
        frame, columns = self.twin()
        shown = frame[[column.name for column in columns]]
        return shown.set_axis([column.full_header for column in columns], axis=1)

    def twin(self) -> tuple[pd.DataFrame, list[Column]]:
        """Return the twin's frame and how to show its columns."""
        from smup_lib.present import twins

        return twins.make_twin(self)

    @cached_property
    def cells(self) -> dict[str, list[Any]]:
        """The columns as lists, not to be changed; read once: frames are slow to take apart."""
        return {str(name): self.frame[name].tolist() for name in self.frame.columns}

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        """The rows as dictionaries, not to be changed."""
        rows = zip(*self.cells.values(), strict=True)
        return [dict(zip(self.cells, row, strict=True)) for row in rows]

    def flags(self) -> list[str]:
        """Return the flag of each row; without a column, nulls are ``no_data``."""
        if "flag" in self.frame.columns:
            return [str(flag) for flag in self.cells["flag"]]
        return ["no_data" if null else "ok" for null in self.frame["value"].isna().tolist()]

    def number(self, value: float | None) -> str:
        """Write a value of this chart, with its measure unit."""
        return format_number(value, self.decimals, self.measure_unit)

    def _described(self) -> str:
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True, eq=False)
class GroupChart(Chart):
    """A chart of one year with units, a group's quartiles and an axis of values."""

    median: float | None = None
    q25: float | None = None
    q75: float | None = None
    polarity: str = "neutral"
    standing: str = "not_judged"
    from_zero: bool = True
    domain: tuple[float, float] | None = None

    @cached_property
    def own_value(self) -> float | None:
        """Value of the reader's unit, None when it has none."""
        codes = self.cells["unit_code"]
        if self.key.unit not in codes:
            return None
        return as_number(self.cells["value"][codes.index(self.key.unit)])

    @property
    def own_flag(self) -> str:
        """Flag of the reader's unit; ``no_data`` when it has no row."""
        codes = self.cells["unit_code"]
        return self.flags()[codes.index(self.key.unit)] if self.key.unit in codes else "no_data"

    def axis(self) -> Domain:
        """Return what the value axis shows."""
        if self.domain is not None:
            return Domain(*self.domain)
        quartiles = (self.median, self.q25, self.q75)
        return axis_domain(self.cells["value"], from_zero=self.from_zero, also=quartiles)

    def _own_sentence(self) -> str:
        if self.own_value is None:
            return f"{self.unit_name}: {words.flag_words(self.own_flag)}."
        return f"{self.unit_name}: {self.number(self.own_value)}."

    def _median_sentence(self) -> str:
        return "" if self.median is None else f" Mediana grupy: {self.number(self.median)}."
