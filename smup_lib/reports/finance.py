"""The money of one unit: key numbers, costs of services with what they buy, amounts at the median.

Everything that an area of indicators tells comes from :class:`smup_lib.reports.area.AreaView`; here
is what a treasurer asks beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

from smup_lib.arguments import checked_methods
from smup_lib.compare import compare_at_median, read_at_median
from smup_lib.conclude.answers import Answer
from smup_lib.errors import SmupError
from smup_lib.present import finance_page
from smup_lib.present.display import Display
from smup_lib.reports.area import AreaView
from smup_lib.reports.loading import Workspace, levels_of
from smup_lib.reports.overview import OpenedArea, open_area_at_best
from smup_lib.reports.receipt import make_receipt

if TYPE_CHECKING:
    from smup_lib.catalogue import Indicator, ServiceArea
    from smup_lib.conclude import AreaAssessment, IndicatorAssessment

FINANCE = "finance"
TAXES = "local_taxes"


@checked_methods
class FinanceView:
    """The finance of a unit: every method is one display.

    Attributes
    ----------
    view : AreaView
        The area of finance, assessed.
    """

    def __init__(self, workspace: Workspace, view: AreaView, rule: str | None = None) -> None:
        self._workspace = workspace
        self.view = view
        #: Of the groups in other areas too; None for their own.
        self._rule = rule
        self._opened: dict[str, OpenedArea] = {}

    def __repr__(self) -> str:
        """Name the view."""
        return f"<FinanceView {self._a.unit.label}, {self._a.year}>"

    @property
    def _a(self) -> AreaAssessment:
        return self.view.assessment

    @cached_property
    def _leading(self) -> dict[str, IndicatorAssessment]:
        return {item.indicator.id: item for item in self._a.leading()}

    def cautions(self) -> Display:
        """Return what must be known before an amount is read."""
        return Display(finance_page.render_cautions(self._a), "Kwot nie oceniamy.")

    def key_numbers(self) -> Display:
        """Return the few numbers of each part of the budget that are looked at first."""
        named = self._a.area.key_numbers
        found = [self._leading[name] for name in named if name in self._leading]
        groups = {
            service.name: [item for item in found if item.indicator.service == service.code]
            for service in self._a.area.services
        }
        html = finance_page.render_key_numbers(self._a, groups)
        return Display(html, ", ".join(item.indicator.short_name for item in found))

    def amounts(self) -> Display:
        """Return what the gaps to the median of the group mean in złoty."""
        items = [item for item in self._leading.values() if _in_money(item)]
        html = finance_page.render_amounts(self._a, items, self._at_median(self._a, items))
        return Display(html, f"Wskaźniki w złotych na mieszkańca: {len(items)}.")

    @cached_property
    def cost_areas(self) -> tuple[ServiceArea, ...]:
        """Areas with a cost or with spending at the level of the unit."""
        level = self._a.unit.level
        return tuple(
            area
            for area in self._workspace.catalogue.areas.values()
            if area.id not in (FINANCE, TAXES)
            and level in levels_of(area)
            and any(level in i.levels and (i.cost or _is_spending(i)) for i in area.indicators)
        )

    def costs(self, area: str) -> Display:
        """Return the costs of an area's services, each with quality and access beside it.

        For an area that has nothing of the year, another year is taken and told.
        """
        try:
            opened = self._open(area)
        except SmupError as error:
            return Display(f"<p>{escape(error.what)}</p>", error.what)
        assessment = opened.view.assessment
        items = [
            item
            for item in assessment.leading()
            if item.indicator.cost or _is_spending(item.indicator)
        ]
        amounts = self._at_median(assessment, [item for item in items if _in_money(item)])
        html = finance_page.render_costs(assessment, items, amounts)
        html = "".join(f"<p>{escape(note)}</p>" for note in opened.notes) + html
        return Display(html, f"{assessment.area.name}: koszty i wydatki {len(items)}.")

    def taxes(self) -> Display:
        """Return the local taxes and fees of a gmina, or why there are none."""
        area = self._workspace.catalogue.area(TAXES)
        if self._a.unit.level not in levels_of(area):
            why = "Podatki i opłaty lokalne pobierają gminy, dlatego powiat nie ma tych wskaźników."
            return Display(finance_page.render_taxes(None, "", why), why)
        try:
            view = open_area_at_best(self._workspace, area, self._a.unit, self._a.year).view
        except SmupError as error:
            return Display(finance_page.render_taxes(None, "", error.what), error.what)
        if not view.assessment.shown():
            why = "Wczytane dane nie mają tu żadnej wartości o podatkach i opłatach lokalnych."
            return Display(finance_page.render_taxes(None, "", why), why)
        table = view.table()
        return Display(finance_page.render_taxes(view.assessment, table.html, ""), table.text)

    def file(self, ending: str) -> bytes:
        """Return key numbers, amounts and all indicators as ``xlsx``, ``csv`` or ``docx``."""
        from smup_lib.reports.exports.displays import write_displays

        a, snapshot = self._a, self._workspace.snapshot
        asked = {"area": FINANCE, "unit": a.unit.code, "year": a.year, "group": a.group.key}
        receipt = make_receipt(snapshot, asked, group=a.group)
        title = self.view.title()
        parts = [title, self.cautions(), self.key_numbers(), self.amounts(), self.view.table()]
        parts += [self.view.gaps(), self.view.sources(), self.view.receipt()]
        return write_displays(title.text, parts, receipt, ending, fictional=snapshot.fictional)

    def _open(self, area: str) -> OpenedArea:
        """Assess another area of the unit, for the year of the page if that can be had."""
        if area not in self._opened:
            known = self._workspace.catalogue.area(area)
            asked = (known, self._a.unit, self._a.year, self._rule)
            self._opened[area] = open_area_at_best(self._workspace, *asked)
        return self._opened[area]

    def _at_median(
        self, assessment: AreaAssessment, items: Iterable[IndicatorAssessment]
    ) -> dict[str, Answer]:
        """Ask of each indicator what its gap to the median means in złoty (M22)."""
        return {item.indicator.id: _ask_amount(assessment, item) for item in items}


def _ask_amount(assessment: AreaAssessment, item: IndicatorAssessment) -> Answer:
    unit, group = assessment.unit.code, assessment.group
    values = item.values[item.values["unit_code"].isin([unit, *group.members])]
    found = compare_at_median(item.indicator, values, {unit: group.members})
    reading = read_at_median(item.indicator, found, unit, "zł")
    reasons: Sequence[str] = found.rows.loc[found.rows["unit_code"] == unit, "reason"].tolist()
    reason = "" if reading else next(iter(reasons), "") or "metoda nie ma tu odpowiedzi"
    return Answer("group", "M22", reading, reason, group.key)


def _in_money(item: IndicatorAssessment) -> bool:
    """Tell whether what an indicator counts are złoty."""
    return item.indicator.measure_unit.startswith("zł")


def _is_spending(indicator: Indicator) -> bool:
    """Tell whether an indicator is money per inhabitant, judged on neither side."""
    return indicator.measure_unit == "zł/mieszk." and indicator.role != "contextual"
