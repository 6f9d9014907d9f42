"""The lessons that ship: fresh notebooks, solutions that pass their own checks, for every unit."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import nbformat
import pytest

import smup_lib as smup
from smup_lib.kernels.forking import can_supervise
from smup_lib.paths import project_dir
from smup_lib.present.formats import format_number
from smup_lib.present.numbers import read_numbers
from smup_lib.reports.parameters import read_parameters, write_defaults
from smup_lib.snapshots import current_id, list_snapshots
from smup_lib.workshop.exercises import Exercise
from smup_lib.workshop.feedback import Feedback
from smup_lib.workshop.lesson_script import Lesson, read_lesson
from smup_lib.workshop.lessons import EDITIONS, check_lessons, list_lessons, render_notebook
from tests.report_home import report_maker
from tests.report_maker import execute_cells
from tests.snapshots.builders import small_snapshot

LESSONS = [path.stem for path in list_lessons()]
#: A gmina of each kind and a city, beside the land powiat that is the default.
UNITS = (
    {"unit": "Łęgowiec", "area": "drogi", "year": 2020},
    {"unit": "920303", "area": "kultura", "year": 2022},
    {"unit": "900201", "area": "inwestycje", "year": 2019},
    {"unit": "9061", "area": "finanse", "year": 2023},
)
#: This one runs in a kernel, as participants run it; forks of one process cost less.
AS_PARTICIPANTS = (LESSONS[0], "solution")
_VERDICT = re.compile(r'data-exercise="(\w+)" data-outcome="(\w+)"')


@pytest.fixture(params=LESSONS)
def lesson(request) -> Lesson:
    return read_lesson(project_dir("training") / "lessons" / f"{request.param}.py")


def opened_exercises(lesson: Lesson) -> list[str]:
    """Ids of the exercises that a lesson opens, in order."""
    code = "\n".join(cell.source for cell in lesson.cells if cell.kind == "code")
    return re.findall(r'open_exercise\("(\w+)"', code)


def run_cells(lesson: Lesson, parameters: dict[str, object]) -> tuple[dict, list[object]]:
    """Run a lesson's code here; return its names and what its cells show."""
    names: dict[str, object] = {}
    shown: list[object] = []
    for cell in lesson.cells:
        if cell.kind != "code":
            continue
        source = cell.source
        if "parameters" in cell.tags:
            source = write_defaults(source, parameters)
        body = ast.parse(source)
        last = body.body.pop() if isinstance(body.body[-1], ast.Expr) else None
        exec(compile(body, cell.id, "exec"), names)
        if last is not None:
            shown.append(eval(compile(ast.Expression(last.value), cell.id, "eval"), names))
    return names, shown


Run = tuple[dict[str, object], list[object]]


@pytest.fixture(scope="module")
def as_shipped(sample_home_dir) -> Callable[[Lesson], Run]:
    """Return a function that runs a lesson once with its own defaults. Read only."""

    @cache
    def run(lesson: Lesson) -> Run:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SMUP_HOME", str(sample_home_dir))
            return run_cells(lesson, {})

    return run


def test_there_is_a_first_lesson():
    assert LESSONS[0] == "00_start"


def test_the_notebooks_of_the_house_are_fresh_and_keep_every_rule():
    check_lessons()


def test_parameters_are_those_that_every_report_knows(lesson):
    notebook = nbformat.reads(render_notebook(lesson, "exercise"), as_version=4)
    found = {parameter.name: parameter for parameter in read_parameters(notebook)}
    assert {"unit", "area", "year"} <= set(found)
    assert all(parameter.help and not parameter.required for parameter in found.values())


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_notebook_runs_untouched_and_solutions_pass(lesson, edition, sample_home, tmp_path):
    folder = project_dir("training") / "notebooks"
    notebook = nbformat.read(folder / f"{lesson.name}_{edition}.ipynb", as_version=4)
    home = str(sample_home)
    if (lesson.name, edition) == AS_PARTICIPANTS or not can_supervise():
        done = execute_cells(home, tmp_path, notebook, in_process=False)
    else:
        done = report_maker().ask("cells", home, tmp_path, notebook)
    html = [
        str(output["data"]["text/html"])
        for cell in done.cells
        for output in cell.get("outputs", ())
        if "text/html" in output.get("data", {})
    ]
    verdicts = [found for text in html for found in _VERDICT.findall(text)]
    solved = [(name, "right") for name in opened_exercises(lesson)]
    assert verdicts == (solved if edition == "solution" else [])
    assert any("dane przykładowe, jednostki fikcyjne" in text for text in html)
    streams = [o for c in done.cells for o in c.get("outputs", ()) if o.output_type == "stream"]
    assert not streams, "a warning or a print reaches the participant"


@pytest.mark.parametrize("parameters", UNITS, ids=lambda p: f"{p['unit']}-{p['area']}")
def test_a_solution_passes_for_units_of_every_kind(lesson, parameters, sample_home):
    _, shown = run_cells(lesson, parameters)
    feedback = [item for item in shown if isinstance(item, Feedback)]
    assert [(item.exercise, item.outcome) for item in feedback] == [
        (name, "right") for name in opened_exercises(lesson)
    ]


@pytest.mark.parametrize("before", ["nothing", "real data"])
def test_a_lesson_opens_the_fictional_land_and_leaves_the_users_data_current(
    lesson, before, smup_home
):
    if before == "real data":
        small_snapshot(fictional=False)
    current = current_id()
    names, shown = run_cells(lesson, {})
    assert names["view"].snapshot.fictional
    assert "dane przykładowe, jednostki fikcyjne" in shown[0]._repr_html_()
    assert current_id() == current
    snapshots = list_snapshots()
    run_cells(lesson, {})
    assert [s.id for s in list_snapshots()] == [s.id for s in snapshots], "found, not made again"


def test_a_lesson_works_on_the_state_of_the_data_that_is_named(lesson, sample_home):
    current = current_id()
    names, _ = run_cells(lesson, {"snapshot": current})
    assert names["view"].snapshot.id == current


def test_an_unsolved_lesson_tells_no_answer_of_its_own(lesson, sample_home):
    unsolved = Lesson(lesson.name, tuple(cell for cell in lesson.cells if not cell.is_solution))
    names, shown = run_cells(unsolved, {})
    gap = names["median_gap"].question.value
    assert gap
    assert shown[-1].exercise is names["median_gap"]
    said = repr(shown[-1]) + shown[-1]._repr_html_()
    assert format_number(gap, 1) not in said
    assert "statistic=gap" not in "".join(
        getattr(item, "_repr_html_", lambda: "")() or "" for item in shown
    )


def test_a_lesson_promises_no_lesson_that_is_not_there(lesson):
    prose = " ".join(cell.source for cell in lesson.cells if cell.kind == "markdown").casefold()
    if lesson.name == LESSONS[-1]:
        assert not re.search(r"następn\w+ lekcj|kolejn\w+ lekcj|w lekcji \w+", prose)


def test_a_lesson_shows_the_numbers_of_the_report(lesson, as_shipped, sample_home):
    names, shown = as_shipped(lesson)
    view = smup.open_area(names["area"], names["unit"], names["year"])
    report = view.frame().set_index("indicator")
    exercises = [item for item in names.values() if isinstance(item, Exercise)]
    about_values = [e for e in exercises if e.indicator and e.question.id != "median_gap"]
    assert about_values
    for exercise in about_values:
        value = report.loc[exercise.indicator, "value"]
        asked = exercise.question.value
        assert asked == value or (asked is None and value != value)
    printed = [n for item in shown if not isinstance(item, Exercise) for n in numbers_of(item)]
    own = [n for n in printed if n.key.statistic == "value" and n.key.year == names["year"]]
    assert {n.key.unit for n in own} >= {view.assessment.unit.code}
    for number in own:
        if number.key.unit == view.assessment.unit.code and number.value is not None:
            assert number.value == pytest.approx(report.loc[number.key.indicator, "value"])


def numbers_of(item: object) -> list:
    html = getattr(item, "_repr_html_", lambda: "")()
    return read_numbers(html or "")


def test_a_column_that_the_text_names_is_on_the_page(lesson, as_shipped, sample_home):
    _, shown = as_shipped(lesson)
    page = "".join(getattr(item, "_repr_html_", lambda: "")() or "" for item in shown)
    heads = re.findall(r"<th\b[^>]*>(?:<[^>]+>)*([^<]+)", page)
    prose = " ".join(cell.source for cell in lesson.cells if cell.kind == "markdown")
    named = re.findall(r"[Kk]olumn\w+\s„([^”]+)”", prose.replace("\n", " "))
    assert named
    assert [name for name in named if not any(head.startswith(name) for head in heads)] == []


def test_the_words_of_judgement_that_the_text_explains_stand_in_the_table(
    lesson, as_shipped, sample_home
):
    prose = " ".join(cell.source for cell in lesson.cells if cell.kind == "markdown").casefold()
    names, _ = as_shipped(lesson)
    view = names["view"]
    told = view.summary()._repr_html_(), view.table()._repr_html_()
    for word in ("nie oceniamy", "pytanie do wyjaśnienia"):
        assert f"„{word}”" in prose
        assert word in told[1]
    asked = [i for i in view.assessment.indicators if i.position.departure == "strongly_departs"]
    assert asked and "pytanie do wyjaśnienia" in told[0]
    assert told[1].count("pytanie do wyjaśnienia") >= len(asked)
    # the findings of the first screen and the folded ones have a key each
    keys = [after.partition("</p>")[0] for after in told[0].split("Znaki:")[1:]]
    assert any("pytanie do wyjaśnienia, nie ocena" in key for key in keys)


def test_the_last_thing_shown_is_what_can_now_be_said(lesson, as_shipped, sample_home):
    _, shown = as_shipped(lesson)
    view = smup.open_area("kultura", "9002", 2023)
    said = str(shown[-1])
    assert view.assessment.unit.code in said
    assert "2023 r." in said and "mediana grupy" in said


def test_scripts_and_notebooks_name_no_unit_but_fictional_ones(lesson):
    path = Path(project_dir("training")) / "lessons" / f"{lesson.name}.py"
    defaults = re.findall(r'^unit: str = "(.+?)"', path.read_text("utf-8"), re.MULTILINE)
    assert defaults == ["powiat olszyńsko-brzezicki"]
