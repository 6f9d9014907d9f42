"""How good are the data behind a unit in an area: years, flags, revisions, refused rows?

What the snapshot holds for all units (availability, gaps, sources that disagree) is told by
``audit``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smup_lib.arguments import checked_methods
from smup_lib.present import quality_page
from smup_lib.present.area_page import render_title
from smup_lib.present.display import Display

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smup_lib.catalogue import Indicator
    from smup_lib.conclude import AreaAssessment, IndicatorAssessment
    from smup_lib.reports.loading import Workspace


@checked_methods
class UnitQuality:
    """The data behind a unit in an area: every method is one display."""

    def __init__(self, workspace: Workspace, assessment: AreaAssessment) -> None:
        self._workspace = workspace
        self._assessment = assessment

    def __repr__(self) -> str:
        """Name the view."""
        return f"<UnitQuality {self._assessment.area.id}, {self._assessment.unit.label}>"

    def title(self) -> Display:
        """Return the head: the data of which area, of whom, in which state."""
        a, snapshot = self._assessment, self._workspace.snapshot
        heading = f"Jakość danych: {a.area.name}"
        html = render_title(
            heading,
            a.unit.label,
            a.year,
            snapshot.manifest.created,
            fictional=snapshot.fictional,
        )
        return Display(html, f"{heading}: {a.unit.label}, {a.year} r.")

    def years(self) -> Display:
        """Return, for each indicator, the years with a value, those without and why."""
        html = quality_page.render_years(self._assessment)
        known = sum(bool(item.series["value"].notna().any()) for item in self._indicators)
        return Display(html, f"Wskaźniki z choć jedną wartością: {known}.")

    @property
    def _indicators(self) -> tuple[IndicatorAssessment, ...]:
        return tuple(self._assessment.indicators)

    def flags(self) -> Display:
        """Return how many values have which flag and which doubt."""
        flags, _ = quality_page.count_flags(self._assessment)
        text = ", ".join(f"{flag}: {count}" for flag, count in flags.most_common())
        return Display(quality_page.render_flags(self._assessment), text or "Brak wartości.")

    def revisions(self) -> Display:
        """Return which numbers of the area a later file changed, those of the unit first."""
        a = self._assessment
        return show_revisions(self._workspace, a.area.indicators, a.unit.code)

    def refused(self) -> Display:
        """Return the rows of all files that were not taken in, by reason."""
        return show_refused(self._workspace)


def show_revisions(workspace: Workspace, indicators: Iterable[Indicator], own: str = "") -> Display:
    """Return which numbers behind indicators a later file changed, those of a unit first."""
    rows = workspace.snapshot.table("revisions")
    wanted = {variable for one in indicators for variable in one.inputs.variables}
    found = rows[rows["variable"].isin(wanted)]
    labels = workspace.register.labels(found["unit_code"].unique())
    html = quality_page.render_revisions(found, workspace.catalogue, labels, own)
    return Display(html, f"Zmienione liczby: {len(found)}.")


def show_refused(workspace: Workspace) -> Display:
    """Return the rows of all files that were not taken in, by reason."""
    rows = workspace.snapshot.table("quarantine")
    return Display(quality_page.render_refused(rows), f"Odrzucone wiersze: {len(rows)}.")
