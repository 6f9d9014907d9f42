"""An analyst's notebook: filled in, never overwritten, ready to be run as a report."""

from __future__ import annotations

import nbformat
import pytest

from smup_lib.errors import ParameterError, UnknownUnitError
from smup_lib.reports.parameters import read_parameters
from smup_lib.reports.scaffold import list_templates, new_notebook


@pytest.fixture(autouse=True)
def _sample(report_home):
    """Units are looked up in the sample land."""


@pytest.mark.parametrize("template", list_templates())
def test_unit_and_year_are_filled_in(template, tmp_path):
    path = new_notebook(template, "9002", 2022, tmp_path / "moj.ipynb")
    notebook = nbformat.read(path, as_version=4)
    defaults = {p.name: p.default for p in read_parameters(notebook)}
    assert (defaults["unit"], defaults["year"]) == ("9002", 2022)
    assert "(9002)" in notebook.cells[0].source
    assert not any("$unit" in cell.source for cell in notebook.cells)
    nbformat.validate(notebook)


def test_the_newest_year_is_taken_when_none_is_given(tmp_path):
    path = new_notebook("area_deep_dive", "9002", None, tmp_path)
    assert path == tmp_path / "area_deep_dive_9002.ipynb"
    (year,) = [
        p.default for p in read_parameters(nbformat.read(path, as_version=4)) if p.name == "year"
    ]
    assert year >= 2023


def test_the_same_request_gives_the_same_file(tmp_path):
    first = new_notebook("area_deep_dive", "9002", 2022, tmp_path / "a.ipynb")
    second = new_notebook("area_deep_dive", "9002", 2022, tmp_path / "b.ipynb")
    assert first.read_bytes() == second.read_bytes()


def test_work_is_never_overwritten(tmp_path):
    path = tmp_path / "moj.ipynb"
    path.write_text("praca")
    with pytest.raises(ParameterError, match="nie nadpisujemy"):
        new_notebook("area_deep_dive", "9002", 2022, path)
    assert path.read_text() == "praca"


def test_an_unknown_template_is_told_with_those_there_are(tmp_path):
    with pytest.raises(ParameterError, match="czy chodziło o: area_deep_dive"):
        new_notebook("area_deepdive", "9002", 2022, tmp_path)


def test_an_unknown_unit_stops(tmp_path):
    with pytest.raises(UnknownUnitError):
        new_notebook("area_deep_dive", "Nibylandia", 2022, tmp_path)
    assert list(tmp_path.iterdir()) == []
