"""One indicator of one unit from every side: what it is, where it stands, what it rests on."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from smup_lib.arguments import checked_methods
from smup_lib.catalogue.history import other_code_of
from smup_lib.errors import IndicatorError
from smup_lib.present.advice import render_advice
from smup_lib.present.answers import (
    answer_text,
    render_answers,
    render_brief,
    render_refusals,
)
from smup_lib.present.area_charts import number_key
from smup_lib.present.area_page import render_indicator_foot, render_indicator_head, render_title
from smup_lib.present.cards import card_facts, indicator_card_text
from smup_lib.present.display import Display
from smup_lib.present.evidence_page import render_evidence
from smup_lib.present.figure import ChartFigure
from smup_lib.present.findings import finding_text
from smup_lib.present.tables import render_facts
from smup_lib.reports.area import AreaView, styled_name
from smup_lib.reports.indicator_answers import IndicatorAnswers
from smup_lib.reports.loading import Workspace, load_assessment
from smup_lib.reports.receipt import make_receipt
from smup_lib.teryt import write_levels

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from smup_lib.catalogue import Indicator
    from smup_lib.conclude import AreaAssessment, IndicatorAssessment
    from smup_lib.conclude.answers import Answer
    from smup_lib.snapshots import Snapshot
    from smup_lib.units import Unit

#: So many pairs are drawn; more is a wall.
_MOST_PAIRS = 4
#: What of a card must be read before the value is repeated; the rest is folded.
_FIRST_FACTS = ("Definicja", "Jak to rozumieć", "Czego nie mówi", "Co jest korzystne")


@checked_methods
class IndicatorView:
    """An indicator of a unit: every method is one display.

    Attributes
    ----------
    area : AreaView
        The whole service area, of which this is one indicator.
    """

    def __init__(self, area: AreaView, workspace: Workspace, indicator: Indicator) -> None:
        self.area = area
        self._workspace = workspace
        self._indicator = indicator

    def __repr__(self) -> str:
        """Name the view."""
        a = self.assessment
        return f"<IndicatorView {self._indicator.id}, {a.unit.label}, {a.year}>"

    def _repr_html_(self) -> str:
        return styled_name(repr(self))

    @property
    def assessment(self) -> AreaAssessment:
        """The judgements on the whole area."""
        return self.area.assessment

    @cached_property
    def item(self) -> IndicatorAssessment:
        """What is known of this indicator."""
        found = self.assessment.indicators
        return next(item for item in found if item.indicator.id == self._indicator.id)

    def title(self) -> Display:
        """Return the head: which indicator, whose, which year."""
        a, snapshot = self.assessment, self.area.snapshot
        html = render_title(
            self._indicator.name,
            a.unit.label,
            a.year,
            snapshot.manifest.created,
            fictional=snapshot.fictional,
            intro=a.area.name,
        )
        return Display(html, f"{self._indicator.name}: {a.unit.label}, {a.year} r.")

    @cached_property
    def answers(self) -> IndicatorAnswers:
        """Every question put to the method that answers it."""
        return IndicatorAnswers(self._workspace, self.assessment, self.item)

    def brief(self) -> Display:
        """Return the first screen: the value, how sure its place is, and whether it changes."""
        name, told = self._indicator.id, self.answers
        html = render_brief(
            self.assessment,
            self.item,
            [*told.certainty, *told.group, *told.time],
            self.area.marks.get(name, ""),
            self.area.remarks.get(name, ()),
        )
        return Display(html, f"{self._indicator.name}: {self.item.value}")

    def card(self) -> Display:
        """Return the definition: formula, meaning, limits, direction, whose it is."""
        catalogue = self._workspace.catalogue
        facts = card_facts(self._indicator, catalogue, self.item.sources)
        first = [fact for fact in facts if fact[0] in _FIRST_FACTS]
        rest = [fact for fact in facts if fact[0] not in _FIRST_FACTS]
        html = (
            f"<section><h2>Co to za wskaźnik</h2>{render_facts(first)}"
            f'<details class="smup-more"><summary>Cała fiszka</summary>{render_facts(rest)}'
            "</details></section>"
        )
        return Display(html, indicator_card_text(self._indicator, catalogue))

    def value(self) -> Display:
        """Return the value with its place in the group, and what limits it."""
        a, item = self.assessment, self.item
        # what it means is told by the card of this page
        source = self.area.marks.get(item.indicator.id, "")
        head = render_indicator_head(a, item, source=source, reading=False)
        foot = render_indicator_foot(a, item, self._workspace.catalogue, card=False)
        html = f'<article class="smup-indicator">{head}{foot}</article>'
        return Display(html, f"{self._indicator.name}: {item.value}")

    def certainty(self) -> Display:
        """Return the value, how sure it is, and the group by size between the limits of chance."""
        # place, its worth and other groups stand beside the value already
        beside = ("M9", "M10", "M12")
        told = [*self.answers.certainty, *self.answers.group]
        told = [answer for answer in told if answer.method not in beside]
        figure = ""
        if self.item.status == "shown" and self.answers.funnel.reason is None:
            figure = ChartFigure(self.area.funnel(self.item, self.answers.funnel)).html()
        return self._told(self.value().html, told, figure)

    def change(self) -> Display:
        """Return the years, and what may be said of their direction."""
        return self._told(shown_html(self.series()), self.answers.time)

    def space(self) -> Display:
        """Return the map with what may be said of it, and the neighbours in order."""
        return self._told(shown_html(self.map()), self.answers.map, shown_html(self.ranking()))

    def circumstances(self) -> Display:
        """Return the indicator beside others of its service, and a cost in its circumstances."""
        return self._told(self.pairs().html, self.answers.circumstances)

    def learning(self) -> Display:
        """Return from whom the unit can learn, with the reason, and practices of other offices."""
        catalogue, fictional = self._workspace.catalogue, self.area.snapshot.fictional
        advice = self.answers.advice
        html = render_advice(advice, catalogue, self.area.names, fictional=fictional, level=2)
        text = "; ".join(answer_text(answer) for answer in self.answers.learning)
        return Display(html, text or "Jest kogo zapytać.")

    def _told(self, above: str, told: Sequence[Answer], below: str = "") -> Display:
        """Return markup with answers between, or after, its parts."""
        answers = render_answers(told, number_key(self.assessment, self.item))
        text = "\n".join(map(answer_text, told)) or "Nie ma o co pytać."
        return Display(f"{above}{answers}{below}", text)

    def peers(self) -> Display:
        """Return the comparison group, its rule and whether other groups agree."""
        return self.area.peers(of=self.item)

    def distribution(self) -> ChartFigure:
        """Return the unit among its group."""
        return self.area.distribution(self._indicator.id)

    def series(self) -> ChartFigure | Display:
        """Return the years beside those of the group."""
        return self.area.series(self._indicator.id)

    def map(self) -> ChartFigure | Display:
        """Return all units of the level on a map."""
        return self.area.map(self._indicator.id)

    def ranking(
        self, *, among: Literal["neighbours", "group"] = "neighbours"
    ) -> ChartFigure | Display:
        """Return the unit and its neighbours, or its group, in order of value."""
        return self.area.ranking(self._indicator.id, among=among)

    def pairs(self) -> Display:
        """Return the indicator against others of its service: a cost beside what it pays for.

        A cost stands against indicators of other dimensions, another one against the costs; those
        without values for the unit and its group are left out.
        """
        figures = [self.area.against(a.id, b.id) for a, b in self._pairs()]
        shown = [f for f in figures if isinstance(f, ChartFigure) and f.chart.has_data]
        html = "".join(figure.html() for figure in shown[:_MOST_PAIRS])
        if not shown:
            html = (
                '<p class="smup-note">Katalog nie ma w tej usłudze drugiego wskaźnika '
                "z wartościami, z którym warto zestawić ten.</p>"
            )
        text = "\n".join(map(repr, shown[:_MOST_PAIRS])) or "Brak par."
        return Display(f"<section><h2>Obok innych wskaźników usługi</h2>{html}</section>", text)

    def _pairs(self) -> list[tuple[Indicator, Indicator]]:
        """Return what goes across and up: costs and other efforts always go up."""
        own = self._indicator
        effort = own.dimension == "efficiency"
        others = [
            item.indicator
            for item in self.assessment.leading()
            if own.service is not None
            and item.indicator.service == own.service
            and (item.indicator.dimension == "efficiency") is not effort
        ]
        return [(other, own) if effort else (own, other) for other in others]

    def evidence(self) -> Display:
        """Return what cannot be said and why, then what the conclusions rest on, year by year."""
        a, area = self.assessment, self.area
        counted = [i for i in a.twins(self.item) if i.indicator.data_basis == "count_ratio"]
        named = f"{counted[0].indicator.name} ({counted[0].indicator.id})" if counted else ""
        unsaid = render_refusals(self.answers.all, named)
        html = unsaid + render_evidence(a, self.item, self.answers.own, area.marks, area.remarks)
        told = [f for f in a.findings if f.indicator == self._indicator.id]
        return Display(html, "\n".join(map(finding_text, told)) or "Brak ustaleń.")

    def sources(self) -> Display:
        """Return the files behind the numbers, credit lines and how we compute."""
        return self.area.sources()

    def receipt(self) -> Display:
        """Return what identifies this result."""
        a = self.assessment
        parameters = {
            "indicator": self._indicator.id,
            "unit": a.unit.code,
            "year": a.year,
            "group": a.group.key,
        }
        receipt = make_receipt(self.area.snapshot, parameters, group=a.group)
        return Display(receipt.render(), str(receipt))


def shown_html(shown: ChartFigure | Display) -> str:
    """Return the markup of a chart, or of the box that stands in its place."""
    return shown.html() if isinstance(shown, ChartFigure) else shown.html


def unit_with(
    workspace: Workspace, entry: Indicator, text: str, level: str | None, year: int | None
) -> Unit:
    """Find a unit at a level that an indicator has; a city is taken at the one that fits.

    Raises
    ------
    IndicatorError
        When the indicator is not made for such units.
    """
    unit = workspace.unit(text, level=level, year=year)
    if unit.level in entry.levels:
        return unit
    other = other_code_of(unit.code)
    if other is not None and level is None:
        return workspace.unit(other, year=year)
    raise IndicatorError(
        f"Wskaźnik „{entry.name}” nie jest liczony na szczeblu {write_levels([unit.level])}.",
        expected=f"jednostka ze szczebla {write_levels(entry.levels, 'albo')}",
        next_step=f"wybierz inną jednostkę albo wskaźnik: smup catalogue list {entry.area}",
    )


def open_indicator(
    indicator: str,
    unit: str,
    year: int,
    group: str | None = None,
    *,
    level: str | None = None,
    snapshot: str | Path | Snapshot | None = None,
) -> IndicatorView:
    """Look at one indicator of a unit from every side; see :func:`smup_lib.open_indicator`."""
    workspace = Workspace.open(snapshot)
    entry = workspace.catalogue.indicator(indicator)
    found = unit_with(workspace, entry, unit, level, year)
    usual = workspace.catalogue.area(entry.area).group_for(entry)
    assessment = load_assessment(workspace, entry.area, found, year, group, usual=usual)
    return IndicatorView(AreaView(workspace, assessment), workspace, entry)
