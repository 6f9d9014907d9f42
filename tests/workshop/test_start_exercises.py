"""The questions of lesson 00 on units of the sample land: right answers, known mistakes, no gaps.

The right and the wrong numbers are fetched here a second time, through other public verbs.
"""

from __future__ import annotations

import pytest

import smup_lib as smup
from smup_lib.apps.parts.search import UnitSearch
from smup_lib.catalogue import load_catalogue
from smup_lib.present.formats import format_number
from smup_lib.present.numbers import read_numbers
from smup_lib.workshop.exercises import Exercise
from smup_lib.workshop.feedback import plain_text
from smup_lib.workshop.start_exercises import EXERCISES

#: A land powiat, a city with powiat rights, gminy of three kinds; each with an area and a year.
VIEWS = (
    ("9002", "culture_recreation", 2023),
    ("9063", "roads_transport", 2020),
    ("9061", "finance", 2023),
    ("920303", "culture_recreation", 2022),
    ("900201", "investment_construction", 2019),
    ("900102", "roads_transport", 2015),
)


@pytest.fixture(scope="module")
def views(sample_home_dir):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(sample_home_dir))
        yield {case: smup.open_area(case[1], case[0], case[2]) for case in VIEWS}


@pytest.fixture(params=VIEWS, ids=lambda case: "-".join(map(str, case)))
def view(request, views, sample_home):
    return views[request.param]


@pytest.fixture
def powiat(views, sample_home):
    return views[VIEWS[0]]


def shown(view, exercise: Exercise):
    return view.frame().set_index("indicator").loc[exercise.indicator]


def misconception(exercise: Exercise, answer: object) -> str:
    feedback = exercise.check(answer)
    assert feedback.outcome == "wrong", f"{answer!r} is taken for right"
    return feedback.misconception


@pytest.mark.parametrize("name", EXERCISES)
def test_every_exercise_has_a_right_answer_for_every_unit(view, name):
    exercise = EXERCISES[name](view)
    if name == "unit_code":
        answer = view.assessment.unit.code
    elif name == "median_gap":
        answer = shown(view, exercise)["value"] - shown(view, exercise)["median"]
    else:
        answer = shown(view, exercise)["value"]
    feedback = exercise.check(answer)
    assert (feedback.right, feedback.misconception) == (True, "")


@pytest.mark.parametrize("name", EXERCISES)
def test_every_exercise_speaks_whole_sentences(view, name):
    exercise = EXERCISES[name](view)
    question = exercise.question
    mistakes = getattr(question, "mistakes", ())
    options = [option for option in getattr(question, "options", ()) if not option.right]
    told = [question.prompt, question.hint, question.solution, question.says]
    told += [item.why for item in (*mistakes, *options)]
    for text in map(plain_text, told):
        assert text.endswith((".", "?")) and not text.endswith(".."), text
        assert "None" not in text and "nan" not in text.split(), text
        assert "!" not in text


def test_what_is_typed_from_the_page_is_right(view):
    for name in ("own_value", "empty_cell"):
        exercise = EXERCISES[name](view)
        row, question = shown(view, exercise), exercise.question
        printed = format_number(row["value"], question.decimals, question.measure_unit)
        assert exercise.check(printed).right, printed


def test_what_is_asked_for_stands_where_the_hint_sends(view):
    table, _, below = view.table().html.partition("</table>")
    for name in ("own_value", "empty_cell"):
        exercise = EXERCISES[name](view)
        indicator = load_catalogue().indicators[exercise.indicator]
        hint = exercise.question.hint
        assert f">{indicator.name}" in (table if "znajdź wiersz" in hint else below)


def test_known_wrong_numbers_are_recognised_for_every_unit(view):
    for name in ("own_value", "empty_cell", "median_gap"):
        question = EXERCISES[name](view).question
        for mistake in question.mistakes:
            verdict = question.judge(mistake.value)
            assert verdict.outcome == "right" or verdict.misconception, mistake


def test_the_value_asked_for_can_be_compared(view):
    exercise = EXERCISES["own_value"](view)
    row = shown(view, exercise)
    if view.assessment.shown():
        assert row["flag"] == "ok"
        assert row["value"] == row["value"]


def test_the_bank_of_mistakes_about_a_value(powiat):
    row = shown(powiat, EXERCISES["own_value"](powiat))
    population = smup.load_observations(["population"], "powiat", unit_codes=["9002"], years=[2023])
    years = smup.compute_indicators([row.name], "powiat", unit_codes=["9002"], years=[2015])
    bank = {
        format_number(row["median"], 1): "median_for_value",
        format_number(population["value"].iloc[0]): "population_for_value",
        format_number(years["value"].iloc[0], 1): "other_year",
        format_number(row["value"] / 1000, 4): "scale",
        format_number(-row["value"], 1): "sign",
        "brak": "missing_for_value",
        "2023": "year_for_value",
    }
    for typed, expected in bank.items():
        assert misconception(EXERCISES["own_value"](powiat), typed) == expected, typed


def test_the_bank_of_mistakes_about_an_empty_cell(powiat):
    exercise = EXERCISES["empty_cell"](powiat)
    assert shown(powiat, exercise)["flag"] == "no_data"
    assert misconception(exercise, "0") == "zero_for_missing"
    assert misconception(exercise, "0,0%") == "zero_for_missing"
    other = smup.compute_indicators(
        [exercise.indicator], "powiat", unit_codes=["9002"], years=[2022]
    )
    assert misconception(exercise, float(other["value"].iloc[0])) == "other_year"
    assert exercise.check("brak").right


def test_the_bank_of_mistakes_about_the_gap(powiat):
    row = shown(powiat, EXERCISES["median_gap"](powiat))
    gap = row["value"] - row["median"]
    bank = {
        row["value"]: "value_for_gap",
        row["median"]: "median_for_gap",
        -gap: "sign",
        100 * gap / row["median"]: "percent_for_units",
    }
    for typed, expected in bank.items():
        assert misconception(EXERCISES["median_gap"](powiat), typed) == expected, typed


def test_a_gap_of_percentages_is_in_percentage_points(views, sample_home):
    view = views[VIEWS[4]]
    exercise = EXERCISES["median_gap"](view)
    row = shown(view, exercise)
    assert row["measure_unit"] == "%"
    gap = row["value"] - row["median"]
    assert misconception(exercise, 100 * gap / row["median"]) == "percent_for_points"
    assert misconception(exercise, f"{format_number(gap, 1)}%") == "percent_for_points"
    assert exercise.check(f"{format_number(gap, 1)} p.proc.").right


def test_the_codes_to_choose_from_are_other_units(view):
    exercise = EXERCISES["unit_code"](view)
    options = exercise.question.options
    codes = [option.id for option in options]
    assert 3 <= len(set(codes)) == len(codes) <= 5
    assert [option.id for option in options if option.right] == [view.assessment.unit.code]
    for option in options:
        if not option.right:
            assert misconception(EXERCISES["unit_code"](view), option.id) == option.misconception
            assert smup.find_units(option.id)["unit_code"].iloc[0] == option.id


def test_a_statement_says_value_year_unit_flag_group_and_source(view):
    exercise = EXERCISES["median_gap"](view)
    row, a = shown(view, exercise), view.assessment
    assert exercise.check(row["value"] - row["median"]).right
    statement = exercise.told
    for part in (a.unit.code, str(a.year), row["name"], a.group.description_pl):
        assert part in plain_text(statement.html)
    printed = {number.key.statistic: number.value for number in read_numbers(statement.html)}
    assert printed.get("value") == pytest.approx(row["value"])
    assert printed.get("median") == pytest.approx(row["median"])
    assert printed.get("gap") == pytest.approx(row["value"] - row["median"])
    source = str(next(i for i in a.indicators if i.indicator.id == row.name).row["source"])
    assert view.snapshot.manifest.sources[source].title in plain_text(statement.html)


def descendants(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from descendants(child)


@pytest.mark.parametrize(
    ("served_by", "way"),
    [("voila/0.5", 'href="?unit=9063"'), ("", "<code>unit = &quot;9063&quot;</code>")],
    ids=["page", "notebook"],
)
def test_a_unit_is_looked_up_inside_the_exercise(powiat, monkeypatch, served_by, way):
    monkeypatch.setenv("SERVER_SOFTWARE", served_by)
    exercise = EXERCISES["unit_code"](powiat)
    (search,) = (w for w in descendants(exercise._form) if isinstance(w, UnitSearch))
    search.field.value = "Legowiec"
    next(b for b in search.candidates.children if "9063" in b.description).click()
    said = "".join(getattr(w, "value", None) or "" for w in descendants(exercise._form))
    assert "Łęgowiec – miasto na prawach powiatu (9063)" in said
    assert way in said
    assert exercise.attempts == []
    search.field.value = "9002"
    next(b for b in search.candidates.children if "(9002)" in b.description).click()
    said = "".join(getattr(w, "value", None) or "" for w in descendants(exercise._form))
    assert "Na tej jednostce pracujesz" in said and "9063" not in said
    assert "Zaznacz jej kod" in said
