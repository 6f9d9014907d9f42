"""One part of a page: shows, or says why not."""

from __future__ import annotations

import logging

import pytest

from smup_lib.apps.parts.panels import Panel, message_html
from smup_lib.errors import GroupError, NoDataError, SmupError, UnknownUnitError
from smup_lib.present.display import Display


def test_a_panel_shows_a_display():
    panel = Panel("Mapa")
    assert panel.show(lambda: Display("<p>treść</p>", "treść"))
    assert panel.children[0].value == "<p>treść</p>"


def test_a_foreign_error_is_told_without_its_words_and_logged_whole(caplog):
    panel = Panel("Mapa")
    with caplog.at_level(logging.ERROR):
        assert not panel.show(lambda: Display(str(1 / 0), ""))
    said = panel.children[0].value
    assert "Mapa: tej części nie udało się przygotować (ZeroDivisionError)" in said
    assert "division by zero" not in said
    assert "division by zero" in caplog.text


@pytest.mark.parametrize(
    ("error", "step"),
    [
        (NoDataError("Nie ma danych."), "wybierz inny rok albo inny obszar"),
        (GroupError("Nie ma grupy."), "wybierz inną grupę porównawczą"),
        (UnknownUnitError("Nie ma jednostki."), "wpisz nazwę albo kod"),
        (SmupError("Coś.", next_step="zrób to"), "zrób to"),
        (SmupError("Coś."), "odśwież stronę"),
    ],
)
def test_the_next_step_is_one_for_a_visitor(error, step):
    assert f"Co zrobić: {step}" in message_html(error, "Widok")


def test_who_runs_the_server_gets_the_step_of_the_error():
    error = NoDataError("Nie ma danych.", next_step="smup data sample")
    assert "smup data sample" in message_html(error, "Aplikacja", to_host=True)


def test_texts_of_others_are_escaped():
    said = message_html(SmupError("<b>", problems=["<i>"], expected="<u>"), "Widok")
    assert not any(tag in said for tag in ("<b>", "<i>", "<u>"))


def test_what_was_expected_ends_with_one_full_stop():
    error = NoDataError("Nie ma danych.", expected="jednostka istniejąca w 2026 r.")
    assert "Oczekiwano: jednostka istniejąca w 2026 r.</p>" in message_html(error, "Widok")
