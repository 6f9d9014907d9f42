"""Notebooks are made from one script: fresh, the same each time, silent about the answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smup_lib.errors import LessonError
from smup_lib.workshop.lesson_rules import list_problems
from smup_lib.workshop.lesson_script import read_lesson
from smup_lib.workshop.lessons import (
    check_lessons,
    list_lessons,
    list_stale,
    main,
    render_notebook,
    write_lessons,
)

LESSON = """\
# %% [markdown]
# # Mała lekcja
#
# Nie trzeba znać programowania.

# %% tags=["parameters"]
unit: str = "9002"  # jednostka

# %% [markdown]
# Otwórz obszar.

# %%
import smup_lib as smup

view = smup.open_area("kultura", unit, 2023)

# %% [markdown]
# ### Odczytaj wartość

# %% tags=["exercise"]
own_value = smup.open_exercise("own_value", view)
own_value

# %% [markdown] tags=["solution"]
# Odpowiedź stoi w tabeli.

# %% tags=["solution"]
own_value.check(view.frame()["value"][0])
"""


@pytest.fixture
def training(tmp_path: Path) -> Path:
    """A training folder with one small lesson and its fresh notebooks."""
    (tmp_path / "lessons").mkdir()
    write_script(tmp_path, LESSON)
    write_lessons(tmp_path)
    return tmp_path


def write_script(training: Path, text: str, name: str = "00_small") -> Path:
    path = training / "lessons" / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    return path


def notebook(training: Path, edition: str, name: str = "00_small") -> dict:
    path = training / "notebooks" / f"{name}_{edition}.ipynb"
    return json.loads(path.read_text(encoding="utf-8"))


def problems_of(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "00_small.py"
    path.write_text(text, encoding="utf-8")
    return list_problems(read_lesson(path))


# -- what is made -----------------------------------------------------------------------------


def test_the_exercise_leaves_out_the_solutions_and_keeps_all_else(training):
    exercise, solution = notebook(training, "exercise"), notebook(training, "solution")
    marked = [c["id"] for c in solution["cells"] if "solution" in c["metadata"].get("tags", ())]
    kept = [c for c in solution["cells"] if c["id"] not in marked]
    assert len(marked) == 2
    assert exercise["cells"] == kept
    assert "own_value.check" not in json.dumps(exercise)


def test_cell_ids_come_from_the_name_of_the_lesson_and_the_place(training):
    ids = [cell["id"] for cell in notebook(training, "solution")["cells"]]
    assert ids == [f"00-small-{place:02d}" for place in range(1, 9)]


def test_the_same_script_gives_the_same_bytes(training):
    (path,) = list_lessons(training)
    texts = {render_notebook(read_lesson(path), "solution") for _ in range(3)}
    assert texts == {(training / "notebooks" / "00_small_solution.ipynb").read_text("utf-8")}
    assert write_lessons(training) == []


def test_notebooks_hold_no_outputs_and_only_stable_metadata(training):
    for edition in ("exercise", "solution"):
        made = notebook(training, edition)
        assert made["metadata"]["smup"] == {"lesson": "00_small", "edition": edition}
        assert made["metadata"]["title"] == "Mała lekcja"
        assert made["metadata"]["language_info"] == {"name": "python"}
        assert (made["nbformat"], made["nbformat_minor"]) == (4, 5)
        for cell in made["cells"]:
            assert not cell.get("outputs") and cell.get("execution_count") is None


def test_code_is_hidden_except_the_parameters(training):
    for cell in notebook(training, "solution")["cells"]:
        hidden = cell["metadata"].get("jupyter", {}).get("source_hidden", False)
        tags = cell["metadata"].get("tags", [])
        assert hidden is (cell["cell_type"] == "code" and "parameters" not in tags)
        assert ("hide-input" in tags) is hidden


# -- what is stale ----------------------------------------------------------------------------


def test_fresh_notebooks_pass(training):
    assert list_stale(training) == []
    check_lessons(training)


def test_a_changed_script_makes_its_notebooks_stale(training):
    write_script(training, LESSON.replace("Otwórz obszar.", "Otwórz swój obszar."))
    with pytest.raises(LessonError) as caught:
        check_lessons(training)
    message = str(caught.value)
    assert "00_small_exercise.ipynb: inny niż skrypt" in message
    assert "00_small_solution.ipynb: inny niż skrypt" in message
    assert "python -m smup_lib.workshop.lessons" in message
    assert len(write_lessons(training)) == 2
    check_lessons(training)


def test_a_notebook_changed_by_hand_is_stale(training):
    path = training / "notebooks" / "00_small_exercise.ipynb"
    path.write_text(path.read_text("utf-8").replace("Otwórz", "Zamknij"), encoding="utf-8")
    assert list_stale(training) == ["00_small_exercise.ipynb: inny niż skrypt"]


def test_missing_and_forgotten_notebooks_are_named(training):
    folder = training / "notebooks"
    (folder / "00_small_solution.ipynb").rename(folder / "99_old_solution.ipynb")
    assert list_stale(training) == [
        "00_small_solution.ipynb: brak pliku",
        "99_old_solution.ipynb: nie ma takiej lekcji, usuń plik",
    ]


def test_the_command_writes_and_checks(training, capsys):
    script = write_script(training, LESSON.replace("Otwórz", "Zobacz"))
    assert main(["--check", "--training", str(training)]) == 1
    assert "inny niż skrypt" in capsys.readouterr().err
    assert main(["--training", str(training)]) == 0
    assert "Zapisane notatniki: 2." in capsys.readouterr().out
    assert main(["--check", "--training", str(training)]) == 0
    script.write_text(LESSON.replace('tags=["solution"]', 'tags=["soluton"]'), encoding="utf-8")
    assert main(["--training", str(training)]) == 1
    assert "soluton" in capsys.readouterr().err


def test_a_lesson_that_breaks_a_rule_writes_nothing(training):
    before = (training / "notebooks" / "00_small_exercise.ipynb").read_text("utf-8")
    write_script(training, LESSON.replace("Otwórz obszar.", "Jest 15 powiatów!"))
    with pytest.raises(LessonError) as caught:
        write_lessons(training)
    assert len(caught.value.problems) == 2
    assert (training / "notebooks" / "00_small_exercise.ipynb").read_text("utf-8") == before


# -- what leaks -------------------------------------------------------------------------------

FORGOTTEN_TAG = LESSON.replace('# %% tags=["solution"]\nown', "# %%\nown")
COPIED_LINE = LESSON.replace(
    "# Otwórz obszar.", "# Otwórz obszar. Odpowiedź sprawdza komórka:\n# Odpowiedź stoi w tabeli."
)
ANSWER_IN_CODE = LESSON.replace("own_value\n\n", 'own_value\nown_value.check("151,5")\n\n')


@pytest.mark.parametrize(
    "text", [FORGOTTEN_TAG, COPIED_LINE, ANSWER_IN_CODE], ids=["tag", "line", "answer"]
)
def test_an_exercise_that_tells_its_solution_is_refused(tmp_path, text):
    assert text != LESSON
    path = tmp_path / "00_small.py"
    path.write_text(text, encoding="utf-8")
    problems = list_problems(read_lesson(path))
    assert [p for p in problems if "wiersz rozwiązania" in p or "bez etykiety „solution”" in p]


def test_the_small_lesson_keeps_every_rule(tmp_path):
    assert problems_of(tmp_path, LESSON) == []


TOO_LONG = "\n".join(f"a{n} = {n}" for n in range(11))
MANY = "".join(f"\n# %% [markdown]\n# Dalej.\n\n# %%\nview.title()  # {n}\n" for n in range(14))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('["exercise"]', '["exercize"]', "czy chodziło o: exercise"),
        ('["parameters"]', '["notebook-only"]', "parameters"),
        ("# # Mała", "# ## Mała", "brak tytułu"),
        ("view = smup", TOO_LONG + "\nview = smup", "więcej niż 10 wierszy"),
        ("# Otwórz obszar.", "# Otwórz jeden z 15 obszarów.", "liczba w tekście"),
        ("# Otwórz obszar.", "# Otwórz obszar!", "wykrzyknik"),
        ("import smup_lib as smup", "import pandas", "import inny"),
        ("import smup_lib as smup", "from smup_lib import open_area", "import inny"),
        ("view = smup", "f = lambda x: x\nview = smup", "definicja w komórce"),
        ("view = smup", "def f(): ...\nview = smup", "definicja w komórce"),
        ("view = smup", "view == = smup", "kodu nie da się odczytać"),
        ("own_value.check(view", "print(view", "nie ma rozwiązania"),
        ("view)\nown_value\n", "view)\n", "nie pokazuje komórka"),
        ("\n# %% [markdown]\n# Otwórz obszar.\n", MANY, "komórek z kodem jest 18"),
        ("# %% [markdown]\n# Otwórz obszar.\n", "# %%\nunit\n", "mniej tekstów"),
    ],
)
def test_each_rule_names_its_offender(tmp_path, old, new, told):
    assert old in LESSON
    problems = problems_of(tmp_path, LESSON.replace(old, new, 1))
    assert any(told in problem for problem in problems), problems


def test_a_lesson_without_exercises_is_refused(tmp_path):
    text = LESSON.split("# %% [markdown]\n# ### Odczytaj")[0]
    assert "lekcja nie ma ani jednego ćwiczenia" in problems_of(tmp_path, text)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [("00-Bad", LESSON, "nazwa pliku"), ("00_small", "x = 1\n" + LESSON, "# %%")],
)
def test_what_is_no_lesson_is_refused(tmp_path, name, text, told):
    (tmp_path / "lessons").mkdir()
    with pytest.raises(LessonError, match=told):
        read_lesson(write_script(tmp_path, text, name))
