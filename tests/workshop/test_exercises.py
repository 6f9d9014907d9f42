"""An exercise helps more after each wrong answer, with a form and without one."""

from __future__ import annotations

import sys

import pytest

from smup_lib.errors import ParameterError
from smup_lib.present.display import Display
from smup_lib.workshop.exercises import Exercise, open_exercise
from smup_lib.workshop.feedback import Feedback
from tests.workshop.builders import CHOICE, number_question


@pytest.fixture
def exercise() -> Exercise:
    return Exercise(number_question(), "x", Display("<p>41,2%</p>", "41,2%"))


def parts(feedback: Feedback) -> dict[str, str]:
    return dict(feedback.parts)


def test_hint_after_the_first_and_solution_after_the_third_wrong_answer(exercise):
    first, second, third = (exercise.check(answer) for answer in ("58", "12", "13"))
    hint, solution = exercise.question.hint, exercise.question.solution
    assert parts(first) == {"": "To mediana grupy.", "Wskazówka": hint}
    assert parts(second)["Wskazówka"] == hint
    assert parts(third)["Rozwiązanie krok po kroku"] == solution
    assert "Wskazówka" not in parts(third)
    assert not exercise.done
    right = exercise.check("41,2")
    assert right.right and exercise.done
    assert parts(right) == {"": "41,2%"}


def test_a_right_answer_hears_no_misconception(exercise):
    feedback = exercise.check("41,2%")
    assert (feedback.right, feedback.misconception) == (True, "")
    assert repr(feedback) == "Dobrze. 41,2%"


def test_unreadable_and_repeated_answers_are_no_attempts(exercise):
    for answer in ("dużo", "58", "58", "58", "mało"):
        feedback = exercise.check(answer)
    assert len(exercise.attempts) == 1
    assert feedback.outcome == "unreadable"
    assert "Wskazówka" in parts(exercise.check("58"))


def test_a_reply_never_only_says_no(exercise):
    for answer in ("58", "0", "brak", "-41,2", "dużo"):
        feedback = exercise.check(answer)
        assert parts(feedback)[""], f"{answer}: no reason"
        assert len(feedback.parts) == (1 if feedback.outcome == "unreadable" else 2)


def test_what_a_participant_types_never_becomes_markup(exercise):
    for answer in ("<b>58</b>", "58 <script>alert(1)</script>"):
        assert "<script" not in exercise.check(answer).html
        assert "<b>" not in exercise.check(answer).html


@pytest.mark.parametrize("question", [number_question(), CHOICE], ids=["number", "choice"])
def test_a_notebook_gets_a_form_and_a_static_page_the_question(question):
    bundle = Exercise(question)._repr_mimebundle_()
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"]
    assert question.title in bundle["text/html"]
    assert "<input" not in bundle["text/html"]
    assert question.solution not in bundle["text/html"] + bundle["text/plain"]
    assert question.hint not in bundle["text/html"] + bundle["text/plain"]


def submit(widget) -> None:
    """Send what the browser sends when Enter is pressed in a field."""
    widget._handle_custom_msg({"event": "submit"}, [])


def test_the_form_checks_on_the_button_and_on_enter(exercise):
    head, answer, button, reply = exercise._form.children
    button.click()
    assert "Najpierw podaj odpowiedź" in reply.value
    assert exercise.attempts == []
    answer.value = "58"
    submit(answer)
    assert "To mediana grupy." in reply.value
    button.click()
    assert len(exercise.attempts) == 1, "Enter and a click on the same answer are one attempt"
    answer.value = "41,2"
    button.click()
    assert 'data-outcome="right"' in reply.value
    assert exercise.question.prompt in head.value


def test_the_form_of_a_choice_begins_with_nothing_chosen():
    exercise = Exercise(CHOICE)
    _, answer, button, reply = exercise._form.children
    assert answer.value is None
    answer.value = "zero"
    button.click()
    assert "Zero to liczba." in reply.value


def test_a_statement_waits_for_the_right_answer(exercise):
    waiting, forgotten = exercise.statement(), exercise.statement()
    bundle = waiting._repr_mimebundle_()
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"]
    exercise.check("58")
    for told in (bundle["text/html"], bundle["text/plain"], repr(waiting), waiting._box.value):
        assert "41,2" not in told
        assert "Odczytaj wartość" in told
    exercise.check("41,2%")
    assert "41,2%" in waiting._box.value, "it appears by itself on a page that is already shown"
    assert set(exercise.statement()._repr_mimebundle_()) == {"text/html", "text/plain"}
    assert "41,2%" in repr(forgotten)


def test_without_ipywidgets_the_question_is_still_shown(exercise, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    bundle = exercise._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}


def test_an_unknown_exercise_is_named_with_a_suggestion():
    with pytest.raises(ParameterError) as caught:
        open_exercise("own_valu", None)  # type: ignore[arg-type]
    assert "own_value" in str(caught.value)
    assert "czy chodziło o" in str(caught.value)
