"""Opening an app by name: in Voilà, in JupyterLab, without data."""

from __future__ import annotations

import pytest

import smup_lib as smup
from smup_lib.apps.basic.app import BasicApp
from smup_lib.apps.opening import open_app
from smup_lib.errors import ParameterError


def test_an_unknown_app_is_told_with_what_may_have_been_meant():
    with pytest.raises(ParameterError, match="czy chodziło o: basic"):
        smup.open_app("basics")


def test_in_jupyterlab_the_app_brings_its_style(sample_home, monkeypatch):
    monkeypatch.delenv("SERVER_SOFTWARE", raising=False)
    monkeypatch.setenv("QUERY_STRING", "unit=9002")
    style, app = open_app("basic").children
    assert ".smup-app" in style.value
    assert isinstance(app, BasicApp)
    assert "unit" not in app.link, "a query of another program's environment is not ours"


def test_in_voila_the_link_of_the_visitor_counts(report_home, monkeypatch):
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5.13")
    monkeypatch.setenv("QUERY_STRING", "unit=9063&year=2020")
    app = open_app("basic")
    assert isinstance(app, BasicApp)
    assert (app.link["unit"], app.link["year"]) == ("9063", "2020")


def test_without_data_the_page_says_what_its_host_can_do(smup_home, monkeypatch):
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5.13")
    (message,) = open_app("basic").children
    assert "Nie ma jeszcze żadnych danych" in message.value
    assert "smup data sample" in message.value
    assert str(smup_home) not in message.value
