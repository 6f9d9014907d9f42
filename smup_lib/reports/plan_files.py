"""Where is a plan, what does its file say, and how does a new one begin?"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from smup_lib.catalogue.given_files import read_given
from smup_lib.catalogue.problems import Problem
from smup_lib.catalogue.reading import read_entry
from smup_lib.conclude.plans import ImprovementPlan
from smup_lib.errors import NoDataError, PlanError, did_you_mean
from smup_lib.paths import (
    folder_for_files,
    plans_dir,
    project_dir,
    told_when_unwritable,
    write_whole,
)
from smup_lib.polish_text import polish_order
from smup_lib.problems import Problems
from smup_lib.reports.known_years import choose_year, list_years
from smup_lib.reports.loading import Workspace, load_assessment

if TYPE_CHECKING:
    from smup_lib.catalogue import ServiceArea
    from smup_lib.conclude import AreaAssessment, IndicatorAssessment
    from smup_lib.units import Unit

_ENDINGS = (".yaml", ".yml", ".json")
#: Folder, among the plans, of those that a report measured, each as it was then.
_MEASURED = "measured"
_REFERENCE = re.compile(r"([a-z][a-z0-9_]*)@([0-9a-f]{12})")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
#: The plan of a fictional powiat that the workbench ships; an own one of that name comes first.
EXAMPLE = "przyklad"
#: Begins what an office has to write itself.
OPEN = "UZUPEŁNIJ"
_LARGEST = 500_000
_DIRECTION = (
    "    direction: UZUPEŁNIJ   # katalog nie mówi, w którą stronę jest lepiej: higher albo lower\n"
    '    direction_reason: "UZUPEŁNIJ: dlaczego urząd chce zmiany w tę stronę"\n'
)
_POLARITY = {
    "higher": "Lepiej, gdy wartość jest wyższa.",
    "lower": "Lepiej, gdy wartość jest niższa.",
    "target": "Lepiej, gdy wartość jest bliżej docelowej z katalogu.",
    "neutral": "Katalog nie mówi, w którą stronę jest lepiej.",
}


def list_plans() -> tuple[str, ...]:
    """List the names of the plans kept among the user's data."""
    return tuple(sorted((path.stem for path in plans_dir().glob("*.yaml")), key=polish_order))


def plan_digest(plan: ImprovementPlan) -> str:
    """Return a hash of what a plan says, the same on every computer."""
    said = json.dumps(plan.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def keep_plan(text: str) -> str:
    """Keep a copy of a plan as it is now, and return the words that :func:`find_plan` knows it by.

    A report names these, so that it holds no path of a computer and can be repeated when the file
    is elsewhere or says something else.
    """
    path = find_plan(text)
    plan = read_plan(path)
    reference = f"{plan.id}@{plan_digest(plan)}"
    copy = _measured(reference)
    advice = "sprawdź miejsce na dysku i prawa do folderu danych"
    with (
        folder_for_files(copy.parent, "zmienną SMUP_HOME"),
        told_when_unwritable(copy, "Nie można zachować kopii planu", advice),
    ):
        if not copy.is_file():
            write_whole(copy, plan.model_dump_json(indent=1) + "\n")
    return reference


def _measured(reference: str) -> Path:
    return plans_dir() / _MEASURED / f"{reference}.json"


def _find_reference(name: str, digest: str) -> Path:
    """Return the kept copy of a plan, or the plan of that name if it still says the same."""
    copy = _measured(f"{name}@{digest}")
    if copy.is_file():
        return copy
    if name in (*list_plans(), EXAMPLE):
        path = find_plan(name)
        if plan_digest(read_plan(path)) == digest:
            return path
    raise PlanError(
        f"Na tym komputerze nie ma planu „{name}” w wersji {digest}.",
        where=str(copy.parent),
        expected="kopia planu, którą zachował pierwszy raport",
        next_step="podaj plik planu: smup plan follow PLIK --year ROK",
    )


def find_plan(text: str) -> Path:
    """Return the file of a plan, by path, by its name, or by id and digest as a receipt says.

    Raises
    ------
    PlanError
        When there is none.
    """
    if text.endswith(_ENDINGS):
        path = Path(text).expanduser()
        if path.is_file():
            return path.resolve()
    if reference := _REFERENCE.fullmatch(text):
        return _find_reference(*reference.groups())
    known = list_plans()
    if text in known:
        return plans_dir() / f"{text}.yaml"
    if text == EXAMPLE:
        return project_dir("templates") / "plan" / f"{EXAMPLE}.yaml"
    hint = did_you_mean(text, known)
    raise PlanError(
        f"Nie ma planu „{text}”{'; ' + hint if hint else ''}.",
        where=str(plans_dir()),
        expected=", ".join(known) or "żaden plan nie jest jeszcze zapisany",
        next_step="podaj ścieżkę pliku albo zacznij plan: smup plan new NAZWA",
    )


def read_plan(path: Path) -> ImprovementPlan:
    """Read the file of a plan: YAML, or JSON.

    Raises
    ------
    PlanError
        With everything that is wrong with its shape.
    """
    problems: list[Problem] = []
    content = read_given(path, problems, largest=_LARGEST)
    plan = None
    if content is not None:
        opened = list(_open_places(content, path.name))
        problems.extend(opened)
        found: list[Problem] = []
        plan = read_entry(ImprovementPlan, content, path.name, found)
        told = {problem.key for problem in opened}
        problems.extend(one for one in found if one.key not in told)
    if plan is None or problems:
        raise PlanError(
            "Plan ma błędy.",
            where=str(path),
            problems=[str(problem) for problem in problems],
            expected="plan z wypełnionymi polami każdego działania",
            next_step="popraw plik i sprawdź go znowu: smup plan check PLIK",
        )
    return plan


def glance_at_plan(path: Path) -> dict[str, str]:
    """Return title, unit and area of a plan whose file is not whole yet; what lacks is left out."""
    content = read_given(path, [], largest=_LARGEST)
    found = content if isinstance(content, dict) else {}
    filled = {name: str(found[name]) for name in ("title", "unit", "area") if found.get(name)}
    return {name: text for name, text in filled.items() if not text.startswith(OPEN)}


def _open_places(content: Any, file: str, key: str = "") -> Iterator[Problem]:
    """Yield the places of a template that nobody has filled in yet."""
    if isinstance(content, str) and content.strip().startswith(OPEN):
        hint = content.partition(":")[2].strip()
        yield Problem(file, "", key, "pole czeka na wypełnienie", expected=hint)
    elif isinstance(content, dict):
        for name, value in content.items():
            yield from _open_places(value, file, f"{key}.{name}" if key else str(name))
    elif isinstance(content, list):
        for place, value in enumerate(content, 1):
            name = value.get("id", place) if isinstance(value, dict) else place
            yield from _open_places(value, file, f"{key}[{name}]")


def new_plan(
    name: str,
    unit_text: str,
    area_text: str,
    indicators: Sequence[str] = (),
    *,
    year: int | None = None,
    level: str | None = None,
    out: Path | None = None,
    workspace: Workspace | None = None,
) -> Path:
    """Write the beginning of a plan: the start of each action from the data, the rest open.

    Parameters
    ----------
    name : str
        Id of the plan and name of its file.
    unit_text, area_text : str
        Of whom and of what.
    indicators : sequence of str
        One action for each; the first weak one of the area when omitted.
    year : int, optional
        Of the start; the fullest late one when omitted.
    level : str, optional
        ``gmina`` or ``powiat``.
    out : Path, optional
        File; among the user's data when omitted. An existing file is never overwritten.
    workspace : Workspace, optional
        The current snapshot when omitted.

    Returns
    -------
    Path

    Raises
    ------
    PlanError
        When the name does not do, or the indicators are not there; with every problem.
    """
    opened = workspace or Workspace.open()
    area, unit = _check_new(opened, name, unit_text, area_text, level, year)
    asked = year or choose_year(list_years(opened, area, unit))
    if asked is None:
        raise NoDataError(
            f"{unit.label}: nie ma żadnej wartości w obszarze „{area.name}”.",
            expected="obszar z danymi jednostki",
            next_step="wybierz inny obszar albo wczytaj dane: smup data import PLIK",
        )
    assessment = load_assessment(opened, area.id, unit, asked)
    items = _chosen_items(assessment, indicators)
    text = _filled(name, assessment, items, opened.snapshot.id)
    path = out or plans_dir() / f"{name}.yaml"
    advice = "wskaż inny plik opcją --out albo inną nazwę"
    with (
        folder_for_files(path.parent, "opcją --out"),
        told_when_unwritable(path, "Nie można zapisać planu", advice),
    ):
        write_whole(path, text, over=False)
    return path


def _check_new(
    workspace: Workspace, name: str, unit_text: str, area_text: str, level: str | None,
    year: int | None,
) -> tuple[ServiceArea, Unit]:  # fmt: skip
    """Return area and unit of a new plan, or raise with all that is wrong with them and the name.

    An unknown unit is told beside an unknown area.
    """
    problems = Problems()
    if not _NAME.fullmatch(name):
        problems.errors.append(
            PlanError(
                f"„{name}” nie może być nazwą planu.",
                expected="małe litery bez polskich znaków, cyfry i podkreślenia, od litery",
                next_step="wybierz inną nazwę",
            )
        )
    area = problems.attempt(lambda: workspace.catalogue.area(area_text))
    unit = problems.attempt(lambda: workspace.unit_in(area, unit_text, level, year))
    problems.raise_found("Od tych danych nie da się zacząć planu.")
    assert area is not None and unit is not None
    return area, unit


def _chosen_items(
    assessment: AreaAssessment, indicators: Sequence[str]
) -> list[IndicatorAssessment]:
    """Return the named indicators with a value, or the first that is worse than the group."""
    shown = {item.indicator.id: item for item in assessment.shown()}
    if not indicators:
        weak = [f.indicator for f in assessment.findings if f.mark == "worse" and f.indicator]
        indicators = weak[:1]
    problems = [
        f"„{name}”: brak wartości za {assessment.year} r. albo nie ma takiego wskaźnika w obszarze"
        + (f"; {hint}" if (hint := did_you_mean(name, shown)) else "")
        for name in indicators
        if name not in shown
    ]
    if problems or not indicators:
        raise PlanError(
            "Nie wiadomo, od którego wskaźnika zacząć plan."
            if not indicators
            else "Od tych wskaźników nie da się zacząć planu.",
            where=f"{assessment.area.name}, {assessment.unit.label}, {assessment.year} r.",
            problems=problems,
            expected="; ".join(
                f"{name} ({item.indicator.short_name})" for name, item in shown.items()
            )
            or "wskaźnik z wartością",
            next_step="podaj wskaźnik: --indicator IDENTYFIKATOR (pierwsze słowo, bez nawiasu)",
        )
    return [shown[name] for name in dict.fromkeys(indicators)]


def _filled(
    name: str,
    assessment: AreaAssessment,
    items: Sequence[IndicatorAssessment],
    snapshot_id: str,
) -> str:
    folder = project_dir("templates") / "plan"
    one = Template((folder / "action.yaml").read_text(encoding="utf-8"))
    whole = Template((folder / "plan.yaml").read_text(encoding="utf-8"))
    actions = [
        one.substitute(
            id=f"dzialanie_{place}",
            name=item.indicator.name,
            polarity=_POLARITY[item.indicator.polarity.judged],
            indicator=item.indicator.id,
            value=f"{item.value:.{item.indicator.decimals}f}",
            year=assessment.year,
            measure_unit=item.indicator.measure_unit,
            direction=_DIRECTION if item.indicator.polarity.judged == "neutral" else "",
        )
        for place, item in enumerate(items, 1)
    ]
    return whole.substitute(
        id=name,
        title=f"Plan doskonalenia: {assessment.area.name}",
        unit=assessment.unit.code,
        unit_name=assessment.unit.label,
        area=assessment.area.id,
        area_name=assessment.area.name,
        snapshot=snapshot_id,
        actions="".join(actions).rstrip("\n"),
    )
