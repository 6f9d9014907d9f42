"""How is a question answered without typing code? By a field or a list and one button."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from smup_lib.apps.opening import served
from smup_lib.workshop.questions import ChoiceQuestion

if TYPE_CHECKING:
    from smup_lib.workshop.exercises import Exercise


def build_form(exercise: Exercise) -> Any | None:
    """Return the form of an exercise as a widget, or None when ipywidgets is not installed.

    Parameters
    ----------
    exercise : Exercise
        Its :meth:`~smup_lib.workshop.exercises.Exercise.check` is called with what was typed or
        chosen, when the button is pressed and when Enter is pressed in the field.
    """
    try:
        import ipywidgets as widgets
    except ImportError:
        return None
    from smup_lib.workshop.style import exercise_style

    question = exercise.question
    head = widgets.HTML(
        f"<style>{exercise_style(whole=True)}</style>"
        f'<p class="smup-exercise-title">Ćwiczenie: {escape(question.title)}</p>'
        f"<p>{question.prompt}</p>"
    )
    answer = (
        _options(question, widgets) if isinstance(question, ChoiceQuestion) else _field(widgets)
    )
    button = widgets.Button(description="Sprawdź", tooltip="")
    reply = widgets.HTML()

    def check(*_: Any) -> None:
        if answer.value not in (None, ""):
            reply.value = exercise.check(answer.value).html
        else:
            reply.value = '<p class="smup-feedback" role="status">Najpierw podaj odpowiedź.</p>'

    button.on_click(check)
    answer.on_msg(lambda _w, content, _b: check() if content.get("event") == "submit" else None)
    aid = exercise.build_aid() if exercise.build_aid else None
    form = widgets.VBox([head, *([aid] if aid else []), answer, button, reply])
    form.add_class("smup-exercise")
    return form


def build_statement(exercise: Exercise) -> Any | None:
    """Return a widget that tells the statement of an exercise as soon as it is done, or None."""
    try:
        import ipywidgets as widgets
    except ImportError:
        return None
    from smup_lib.workshop.style import exercise_style

    box = widgets.HTML()

    def show() -> None:
        box.value = f"<style>{exercise_style(whole=True)}</style>{exercise.told.html}"

    box.add_class("smup-statement")
    show()
    exercise.when_done(show)
    return box


def _field(widgets: Any) -> Any:
    """Return a field; on a page its text is sent whole, before the answer is checked (page.js)."""
    return widgets.Text(
        description="Odpowiedź", placeholder="liczba albo: brak", continuous_update=not served()
    )


def _options(question: ChoiceQuestion, widgets: Any) -> Any:
    labelled = [(option.text, option.id) for option in question.shown]
    return widgets.RadioButtons(description="Odpowiedź", options=labelled, value=None)
