"""Hold a plan against the data: before it begins, and when the next year is there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, cast

from smup_lib.arguments import checked_methods
from smup_lib.conclude.plan_checks import CheckedAction, check_action
from smup_lib.conclude.plan_follow_up import ActionProgress, follow_action
from smup_lib.conclude.plans import ImprovementPlan
from smup_lib.errors import GroupError, PlanError, SmupError, SnapshotError, did_you_mean
from smup_lib.indicators import compute_values
from smup_lib.present import plan_page
from smup_lib.present.charts import SeriesChart
from smup_lib.present.display import Display
from smup_lib.present.figure import ChartFigure
from smup_lib.reports.loading import Workspace, load_assessment
from smup_lib.reports.plan_files import find_plan, read_plan
from smup_lib.snapshots import load_snapshot

if TYPE_CHECKING:
    from smup_lib.catalogue import Level
    from smup_lib.conclude import AreaAssessment
    from smup_lib.reports.area import AreaView
    from smup_lib.units import Unit


@dataclass(frozen=True, eq=False)
class CheckedPlan:
    """A plan beside the data that it starts from.

    Attributes
    ----------
    plan : ImprovementPlan
        As the file says.
    unit : Unit
        Whose it is.
    snapshot : str
        Id of the state that it was held against.
    actions : tuple of CheckedAction
        In the order of the plan.
    unchecked : mapping of str to str
        Actions whose year could not be assessed, and why.
    notes : tuple of str
        What must be known of the check itself.
    """

    plan: ImprovementPlan
    unit: Unit
    snapshot: str
    actions: tuple[CheckedAction, ...]
    unchecked: dict[str, str]
    notes: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing must be mended."""
        return not self.unchecked and all(action.sound for action in self.actions)


def open_plan(text: str) -> ImprovementPlan:
    """Read a plan by name or path; see :func:`smup_lib.reports.plan_files.read_plan`."""
    return read_plan(find_plan(text))


def check_plan(plan: ImprovementPlan, workspace: Workspace | None = None) -> CheckedPlan:
    """Hold a plan against the data that it starts from.

    Parameters
    ----------
    plan : ImprovementPlan
        A plan of sound shape.
    workspace : Workspace, optional
        The data; those that the plan names when omitted, or the current ones where they are not
        on this computer.

    Raises
    ------
    PlanError
        When unit, area, service or indicators are not there; with every problem.
    """
    opened, notes = (workspace, ()) if workspace else _opened(plan)
    unit = _check_names(plan, opened)
    years = dict.fromkeys(action.baseline.year for action in plan.actions)
    assessed: dict[int, AreaAssessment] = {}
    failed: dict[int, str] = {}
    for year in years:
        try:
            assessed[year] = load_assessment(opened, plan.area, unit, year, plan.group)
        except SmupError as error:
            failed[year] = error.what
    return CheckedPlan(
        plan,
        unit,
        opened.snapshot.id,
        tuple(
            check_action(plan, action, assessed[action.baseline.year])
            for action in plan.actions
            if action.baseline.year in assessed
        ),
        {a.id: failed[a.baseline.year] for a in plan.actions if a.baseline.year in failed},
        notes,
    )


def name_unit(plan: ImprovementPlan) -> str:
    """Return whose a plan is as a reader knows it; the code alone where no data know the unit."""
    try:
        opened, _ = _opened(plan)
        return opened.unit(plan.unit).label
    except SmupError:
        return f"jednostka {plan.unit}"


def _opened(plan: ImprovementPlan) -> tuple[Workspace, tuple[str, ...]]:
    try:
        return Workspace.open(plan.snapshot), ()
    except SnapshotError:
        current = load_snapshot()
        told = (
            f"Stanu danych planu ({plan.snapshot}) nie ma na tym komputerze; sprawdzono "
            f"na bieżącym ({current.id})."
        )
        return Workspace.open(current), (told,)


def _check_names(plan: ImprovementPlan, workspace: Workspace) -> Unit:
    """Return the unit of a plan, or raise with every name of it that is not there."""
    catalogue, problems = workspace.catalogue, []
    unit: Unit | None = None
    try:
        unit = workspace.unit(plan.unit)
    except SmupError as error:
        problems.append(f"unit: {error.what}")
    area = catalogue.areas.get(plan.area)
    if area is None:
        hint = did_you_mean(plan.area, catalogue.areas)
        problems.append(f"area: nie ma obszaru „{plan.area}”{'; ' + hint if hint else ''}")
    elif plan.service is not None and plan.service not in {s.code for s in area.services}:
        known = ", ".join(s.code for s in area.services)
        problems.append(f"service: obszar nie ma usługi „{plan.service}”; są: {known}")
    here = {entry.id for entry in area.indicators} if area else set(catalogue.indicators)
    for action in plan.actions:
        if action.indicator not in here:
            hint = did_you_mean(action.indicator, here)
            told = f"nie ma wskaźnika „{action.indicator}” w tym obszarze"
            problems.append(f"{action.id}: {told}{'; ' + hint if hint else ''}")
    if problems or unit is None:
        raise PlanError(
            "Plan mówi o czymś, czego nie ma w danych albo w katalogu.",
            where=f"plan {plan.id}",
            problems=problems,
            expected="jednostka z rejestru, obszar, usługa i wskaźniki z katalogu",
            next_step="popraw wymienione miejsca; wskaźniki wypisze: smup catalogue list",
        )
    return unit


def check_plan_fits(text: str, unit: Unit, area: str, year: int | None = None) -> ImprovementPlan:
    """Read a plan and check that it is about a unit and an area, and that it had begun by a year.

    Raises
    ------
    PlanError
        When it is about another one, or no action had begun.
    """
    plan = open_plan(text)
    wrong = [
        f"plan dotyczy: {own}, a raport: {asked}"
        for own, asked in ((plan.unit, unit.code), (plan.area, area))
        if own != asked
    ]
    first = min(action.baseline.year for action in plan.actions)
    if not wrong and year is not None and year <= first:
        raise PlanError(
            f"Planu nie da się mierzyć danymi za {year} r.: nic nie mogło się jeszcze zmienić.",
            where=f"plan {plan.id}",
            expected=f"rok późniejszy niż rok wartości wyjściowej ({first})",
            next_step="podaj późniejszy rok",
        )
    if wrong:
        raise PlanError(
            "Plan i raport nie są o tym samym.",
            where=f"plan {plan.id}",
            problems=wrong,
            expected="jednostka i obszar z planu",
            next_step=f"podaj jednostkę {plan.unit} i obszar {plan.area}"
            f" albo wykonaj: smup plan follow {plan.id}",
        )
    return plan


@checked_methods
class FollowUp:
    """What became of a plan by a later year: every method is one display.

    Attributes
    ----------
    plan : ImprovementPlan
        The plan.
    """

    def __init__(self, workspace: Workspace, view: AreaView, plan: str) -> None:
        self._workspace, self._view = workspace, view
        a = view.assessment
        self.plan = check_plan_fits(plan, a.unit, a.area.id, a.year)

    def __repr__(self) -> str:
        """Name the follow-up."""
        a = self._view.assessment
        return f"<FollowUp {self.plan.id}, {a.unit.label}, {a.year}>"

    @cached_property
    def progress(self) -> tuple[ActionProgress, ...]:
        """What became of each action, in the order of the plan."""
        a = self._view.assessment
        items = {item.indicator.id: item for item in a.indicators}
        lacking = [one.indicator for one in self.plan.actions if one.indicator not in items]
        if lacking:
            raise PlanError(
                "Plan mówi o wskaźnikach, których ten obszar nie ma na szczeblu jednostki.",
                where=f"plan {self.plan.id}",
                problems=lacking,
                expected=", ".join(items),
                next_step="popraw wskaźniki planu",
            )
        own = compute_values(
            [items[name].indicator for name in self.plan.indicators],
            self._workspace.snapshot,
            self._workspace.catalogue,
            cast("Level", a.unit.level),
            unit_codes=[a.unit.code],
            register=self._workspace.register,
            as_of=a.year,
        )
        return tuple(
            follow_action(
                action,
                a,
                items[action.indicator],
                own[own["indicator"] == action.indicator],
                self._members_in(action.baseline.year),
            )
            for action in self.plan.actions
        )

    def _members_in(self, year: int) -> tuple[str, ...] | None:
        """Return the group that the rule of the page gave in an earlier year; None where none."""
        a = self._view.assessment
        try:
            return self._workspace.group(a.group.key, a.unit, year, a.area).members
        except GroupError:
            return None

    def title(self) -> Display:
        """Return the head: which plan of whom, measured by which year."""
        a, snapshot = self._view.assessment, self._workspace.snapshot
        heading = f"Wykonanie planu: {self.plan.title}"
        html = plan_page.render_head(
            heading, a.unit.label, a.year, snapshot.manifest.created, fictional=snapshot.fictional
        )
        return Display(html, f"{heading}, {a.unit.label}, {a.year} r.")

    def summary(self) -> Display:
        """Return what the data say of each action, and what they do not say."""
        text = "\n".join(plan_page.progress_text(one) for one in self.progress)
        return Display(plan_page.render_summary(self.progress), text)

    def table(self) -> Display:
        """Return start, value now and target of each action in one table."""
        html = plan_page.render_table_of(self.progress)
        return Display(html, f"Działania planu: {len(self.progress)}.")

    def charts(self) -> Display:
        """Return, for each action, the values over the years and the way to the target."""
        figures = [self._figure(one) for one in self.progress]
        html = "".join(
            f'<article class="smup-indicator">{figure._repr_html_()}</article>'
            for figure in figures
        )
        head = "<h2>Droga do celu</h2>"
        return Display(f"<section>{head}{html}</section>", "\n".join(map(repr, figures)))

    def _figure(self, one: ActionProgress) -> ChartFigure | Display:
        figure = self._view.series(one.action.indicator)
        if isinstance(figure, ChartFigure) and isinstance(figure.chart, SeriesChart):
            return ChartFigure(plan_page.plan_chart(figure.chart, one))
        return figure

    def actions(self) -> Display:
        """Return what was planned: cause, action, owner, budget, risk, term."""
        services = {one.code: one.name for one in self._view.assessment.area.services}
        service = services.get(self.plan.service or "", "")
        html = plan_page.render_actions(self.plan, self.progress, service)
        return Display(html, "\n".join(action.action for action in self.plan.actions))
