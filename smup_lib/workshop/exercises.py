"""An exercise in a lesson: asks, checks, helps more after each wrong answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

from smup_lib.errors import ParameterError, did_you_mean
from smup_lib.present.display import Display
from smup_lib.workshop.feedback import Feedback, Verdict, plain_text
from smup_lib.workshop.questions import ChoiceQuestion, Question

if TYPE_CHECKING:
    from smup_lib.reports.area import AreaView

#: The hint comes with this wrong answer, the worked solution with that one.
HINT_AFTER = 1
SOLUTION_AFTER = 3


class Exercise:
    """A question with the attempts made at it.

    Showing it in a notebook or a Voilà page gives a form; :meth:`check` does the same without one.

    Parameters
    ----------
    question : NumberQuestion or ChoiceQuestion
        What is asked.
    indicator : str
        Id of the indicator it is about; empty when it is about none.
    statement : Display, optional
        What can be said of the unit once the exercise is done.
    build_aid : callable, optional
        Makes the widget that stands between the question and the answer, or None where there can
        be none.

    Attributes
    ----------
    attempts : list of (object, Verdict)
        Answers that counted, oldest first.
    """

    def __init__(
        self,
        question: Question,
        indicator: str = "",
        statement: Display | None = None,
        build_aid: Callable[[], Any | None] | None = None,
    ) -> None:
        self.question = question
        self.indicator = indicator
        self.attempts: list[tuple[object, Verdict]] = []
        self.build_aid = build_aid
        self._statement = statement
        self._waiting: list[Callable[[], None]] = []

    def __repr__(self) -> str:
        """Return the question as text."""
        lines = [f"{self.question.title}. {plain_text(self.question.prompt)}"]
        if isinstance(self.question, ChoiceQuestion):
            lines += [
                f"  {letter}) {option.text}"
                for letter, option in zip("abcdefghij", self.question.shown, strict=False)
            ]
        return "\n".join(lines)

    @property
    def done(self) -> bool:
        """Whether a right answer was given."""
        return any(verdict.outcome == "right" for _, verdict in self.attempts)

    def check(self, answer: object) -> Feedback:
        """Check an answer.

        An answer that cannot be read, and the same answer given again, are no attempt.

        Parameters
        ----------
        answer : object
            Text as a participant types it, a number, or the id or letter of an option.

        Returns
        -------
        Feedback
            Why the answer is wrong, from the first wrong one with a hint, from the third with the
            worked solution.
        """
        verdict = self.question.judge(answer)
        repeated = bool(self.attempts) and str(self.attempts[-1][0]) == str(answer)
        if verdict.outcome != "unreadable" and not repeated:
            self.attempts.append((answer, verdict))
        if verdict.outcome == "right":
            for show in self._waiting:
                show()
        return Feedback(
            self.question.id, verdict.outcome, verdict.misconception, self._parts(verdict)
        )

    def _parts(self, verdict: Verdict) -> tuple[tuple[str, str], ...]:
        if verdict.outcome != "wrong":
            return (("", verdict.why),)
        wrong = sum(made.outcome == "wrong" for _, made in self.attempts)
        parts = [("", verdict.why)]
        if wrong >= SOLUTION_AFTER:
            parts.append(("Rozwiązanie krok po kroku", self.question.solution))
        elif wrong >= HINT_AFTER:
            parts.append(("Wskazówka", self.question.hint))
        return tuple(parts)

    def statement(self) -> Statement:
        """Return what can be said of the unit, told only once the right answer was given."""
        return Statement(self)

    @property
    def told(self) -> Display:
        """Value, year, measure unit, flag, group and source; before the right answer none of it."""
        if not self.done:
            words = f"Zdanie stanie tutaj po dobrej odpowiedzi: „{self.question.title}”."
            return Display(f'<p class="smup-note">{escape(words)}</p>', words)
        return self._statement or Display(f"<p>{self.question.says}</p>", self.question.says)

    def when_done(self, show: Callable[[], None]) -> None:
        """Call a function at every right answer from now on."""
        self._waiting.append(show)

    @property
    def html(self) -> str:
        """The question where no form can be: on paper and in a static page."""
        question = self.question
        if isinstance(question, ChoiceQuestion):
            listed = "".join(f"<li>{escape(option.text)}</li>" for option in question.shown)
            answers = f'<ol class="smup-options" type="a">{listed}</ol>'
        else:
            unit = f" ({escape(question.measure_unit)})" if question.measure_unit else ""
            answers = f'<p class="smup-blank">Odpowiedź{unit}: <span></span></p>'
        return (
            f'<div class="smup-exercise" data-exercise="{escape(question.id)}">'
            f'<p class="smup-exercise-title">Ćwiczenie: {escape(question.title)}</p>'
            f"<p>{question.prompt}</p>{answers}</div>"
        )

    @cached_property
    def _form(self) -> Any:
        from smup_lib.workshop.form import build_form

        return build_form(self)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Return a form for pages with a kernel and a static question for all others."""
        from smup_lib.workshop.style import exercise_style

        html = f"<style>{exercise_style()}</style>{self.html}"
        return _with_widget(self._form, html, repr(self))


class Statement:
    """What an exercise lets a participant say; on a page with a kernel it appears by itself.

    Parameters
    ----------
    exercise : Exercise
        Whose right answer it waits for.
    """

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise

    def __repr__(self) -> str:
        """Return the words that can be said now."""
        return repr(self.exercise.told)

    def _repr_html_(self) -> str:
        return self.exercise.told.html

    @cached_property
    def _box(self) -> Any:
        from smup_lib.workshop.form import build_statement

        return build_statement(self.exercise)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Return a box that is filled later, or what can be said already."""
        box = None if self.exercise.done else self._box
        return _with_widget(box, self._repr_html_(), repr(self))


def _with_widget(widget: Any, html: str, text: str) -> dict[str, Any]:
    """Return markup and words with the view of a widget beside them, if there is one."""
    bundle: dict[str, Any] = {"text/plain": text, "text/html": html}
    shown = widget._repr_mimebundle_() or {} if widget is not None else {}
    return bundle | {name: data for name, data in shown.items() if name not in bundle}


def open_exercise(exercise: str, view: AreaView) -> Exercise:
    """Open an exercise about what a view shows; see :func:`smup_lib.open_exercise`."""
    from smup_lib.workshop.start_exercises import EXERCISES

    if exercise not in EXERCISES:
        raise ParameterError(
            f"Nie ma ćwiczenia „{exercise}”.",
            expected=", ".join(EXERCISES),
            next_step=did_you_mean(exercise, EXERCISES) or "podaj jedną z wymienionych nazw",
        )
    return EXERCISES[exercise](view)
