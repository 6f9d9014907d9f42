"""What was picked, with its values, charts and findings: one thing for an app and a report."""

from __future__ import annotations

from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

from smup_lib.conclude.silences import has_dimensions
from smup_lib.errors import NoDataError
from smup_lib.present.area_charts import pair_chart
from smup_lib.present.display import Display
from smup_lib.present.figure import ChartFigure
from smup_lib.present.formats import count_of
from smup_lib.present.words import INDICATOR_NOUN, unit_count
from smup_lib.reports.area import AreaView
from smup_lib.reports.loading import load_assessment
from smup_lib.reports.selection.choice import Choice, Understood, understand
from smup_lib.reports.selection.hashing import hash_values
from smup_lib.reports.sourcing import SourceBook
from smup_lib.reports.values import load_values
from smup_lib.years import format_years

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator
    from smup_lib.conclude import IndicatorAssessment
    from smup_lib.reports.loading import Workspace

#: What is kept of the values; the rest (numerators, counts of flags) is let go.
_COLUMNS = ["unit_code", "indicator", "year", "value", "flag", "qualifiers", "source"]
_REPEATED = ["unit_code", "indicator", "flag", "qualifiers", "source"]


class Selection:
    """Indicators of units in years, and one unit that is compared.

    Parameters
    ----------
    workspace : Workspace
        Data, catalogue and register.
    choice : Choice
        What was picked.

    Attributes
    ----------
    found : Understood
        What of it can be had.
    """

    def __init__(self, workspace: Workspace, choice: Choice) -> None:
        self.workspace, self.choice = workspace, choice
        self.found: Understood = understand(workspace, choice)
        # the last area that was looked at; another one takes its place
        self._view: tuple[tuple[str, int], AreaView] | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing can be shown: no indicator or no unit is left."""
        return not self.found.indicators or not self.found.units

    @property
    def subject(self) -> str:
        """Whose values these are."""
        names = list(self.found.units.values())
        return names[0] if len(names) == 1 else unit_count(len(names))

    @property
    def about(self) -> str:
        """Return which indicators and years, in words."""
        found = self.found
        count = len(found.indicators)
        what = found.indicators[0].short_name if count == 1 else count_of(count, INDICATOR_NOUN)
        return f"{what}, {format_years(found.years)} r."

    @cached_property
    def frame(self) -> pd.DataFrame:
        """Values, a row a unit, indicator and year.

        Raises
        ------
        NoDataError
            When nobody has any.
        """
        found = self.found
        names = [one.id for one in found.indicators]
        try:
            rows = load_values(self.workspace, names, found.level, found.units, found.years)
        except NoDataError as error:
            known = load_values(self.workspace, names, found.level, found.units)
            years = sorted(set(known.loc[known["value"].notna(), "year"]))
            raise NoDataError(
                error.what,
                expected=f"lata z danymi: {format_years(years) or 'żadne'}",
                next_step="zmień lata albo wskaźniki",
            ) from error
        return rows[_COLUMNS].astype(dict.fromkeys(_REPEATED, "category"))

    @cached_property
    def data_hash(self) -> str:
        """Short hash of the values; equal wherever the same data are shown."""
        return hash_values(self.frame)

    @cached_property
    def _newest(self) -> dict[str, int]:
        known = self.frame[self.frame["value"].notna()]
        last = known.groupby("indicator", observed=True)["year"].max()
        return {str(name): int(year) for name, year in last.items()}

    def last_year(self, name: str) -> int:
        """Return the last chosen year in which anybody has a value of an indicator.

        Sources end in different years: what has no value in the last year is shown as of its own.

        Parameters
        ----------
        name : str
            Id of an indicator; without any value it is the last year of the choice.
        """
        return self._newest.get(name, self.found.years[-1])

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What of the choice cannot be had, and which indicators have no value in its years."""
        try:
            known = self._newest
        except NoDataError:  # every display says so
            return self.found.notes
        absent = [one for one in self.found.indicators if one.id not in known]
        years = format_years(self.found.years)
        told = (f"{one.name}: za {years} r. nikt z wybranych nie ma wartości." for one in absent)
        return (*self.found.notes, *told)

    @cached_property
    def book(self) -> SourceBook:
        """The sources of the snapshot, numbered."""
        return SourceBook(self.workspace.snapshot, self.workspace.catalogue)

    def indicator(self, name: str) -> Indicator:
        """Return one of the chosen indicators."""
        return next(one for one in self.found.indicators if one.id == name)

    def view(self, area: str, year: int) -> AreaView:
        """Return the compared unit in an area; only the last one is kept."""
        if self._view is None or self._view[0] != (area, year):
            self._view = None
            unit = self.workspace.unit(self.found.own, level=self.found.level, year=year)
            assessed = load_assessment(self.workspace, area, unit, year, self.found.group)
            self._view = (area, year), AreaView(self.workspace, assessed)
        return self._view[1]

    def view_of(self, name: str, year: int) -> AreaView:
        """Return the compared unit in the area of an indicator."""
        return self.view(self.indicator(name).area, year)

    # -- charts -----------------------------------------------------------------------------------

    def distribution(self, name: str, year: int) -> ChartFigure:
        """Return the compared unit among its group on one indicator."""
        return self.view_of(name, year).distribution(name)

    def series(self, name: str) -> ChartFigure | Display:
        """Return the compared unit and its group over the years."""
        return self.view_of(name, self.last_year(name)).series(name)

    def profile(self, name: str, year: int) -> ChartFigure | Display:
        """Return the four dimensions of the indicator's area; one that has none says so."""
        view = self.view_of(name, year)
        if not has_dimensions(view.assessment):
            name = view.assessment.area.name
            told = f"Wskaźniki obszaru „{name}” nie mają wymiarów. Wybierz wskaźnik usługi."
            return Display(f"<p>{escape(told)}</p>", told)
        return view.dimensions(detailed=True)

    def ranking(self, name: str, year: int) -> ChartFigure | Display:
        """Return the group in order of value; background is refused in a sentence."""
        return self.view_of(name, year).ranking(name, among="group")

    def pair(self, across: str, up: str, year: int) -> ChartFigure | Display:
        """Return two indicators against each other, of one area or of two."""
        first, second = self.indicator(across), self.indicator(up)
        if first.area == second.area:
            return self.view_of(up, year).against(across, up)
        beside = _item(self.view_of(across, year), across)
        view = self.view_of(up, year)
        item = _item(view, up)
        source = self.book.line({*beside.sources, *item.sources})
        return ChartFigure(pair_chart(view.assessment, beside, item, view.names, source))

    def map(self, name: str, year: int) -> ChartFigure | Display:
        """Return one indicator on the map of all units of the level."""
        return self.view_of(name, year).map(name)

    def findings(self) -> Display:
        """Return what stands out of the chosen indicators in the last year, area by area."""
        from smup_lib.reports.selection.findings import render_selected_findings

        return render_selected_findings(self)


def _item(view: AreaView, name: str) -> IndicatorAssessment:
    found = (one for one in view.assessment.indicators if one.indicator.id == name)
    return next(found)
