"""An analyst's notebook: filled in, never overwritten, ready to be run as a report."""

from __future__ import annotations

import nbformat
import pytest

from smup_lib.errors import NoDataError, ParameterError, UnknownUnitError
from smup_lib.reports.area import open_area
from smup_lib.reports.known_years import list_years
from smup_lib.reports.loading import Workspace
from smup_lib.reports.parameters import read_parameters
from smup_lib.reports.scaffold import list_templates, new_notebook


@pytest.fixture(autouse=True)
def _sample(report_home):
    """Units are looked up in the sample land."""


def parameters_of(path) -> dict[str, object]:
    return {p.name: p.default for p in read_parameters(nbformat.read(path, as_version=4))}


@pytest.mark.parametrize("template", list_templates())
def test_unit_and_year_are_filled_in(template, tmp_path):
    path = new_notebook(template, "9002", 2022, tmp_path / "moj.ipynb")
    filled = parameters_of(path)
    assert (filled["unit"], filled["year"]) == ("9002", 2022)
    nbformat.validate(nbformat.read(path, as_version=4))


@pytest.mark.parametrize("template", list_templates())
def test_no_text_names_the_first_unit(template, tmp_path):
    """The notebook may be run for another unit: names come from cells."""
    notebook = nbformat.read(new_notebook(template, "9002", 2022, tmp_path), as_version=4)
    name = Workspace.open().unit("9002").name
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    assert not [text for text in texts if name in text or "9002" in text or "$" in text]


@pytest.mark.parametrize("unit", ["9002", "9061", "900102"])
@pytest.mark.parametrize("area", ["culture_recreation", "roads_transport", None])
def test_the_usual_year_has_values_of_the_unit(unit, area, tmp_path):
    path = new_notebook("area_deep_dive", unit, None, tmp_path, area=area)
    assert path == tmp_path / f"area_deep_dive_{unit}.ipynb"
    filled = parameters_of(path)
    workspace = Workspace.open()
    view = open_area(filled["area"], unit, filled["year"])
    assert view.assessment.shown()
    assert filled["year"] < workspace.register.current_year + 1
    assert filled["year"] in list_years(workspace, view.assessment.area, workspace.unit(unit))


def test_a_year_without_values_names_those_with(tmp_path):
    with pytest.raises(NoDataError, match=r"9002.*za 2031 r\.") as raised:
        new_notebook("area_deep_dive", "9002", 2031, tmp_path)
    assert "2010–" in raised.value.expected
    assert list(tmp_path.iterdir()) == []


def test_the_notebook_keeps_to_the_snapshot_that_was_named(tmp_path):
    snapshot = Workspace.open().snapshot.id
    path = new_notebook("area_deep_dive", "9002", 2022, tmp_path, snapshot=snapshot[:6])
    assert parameters_of(path)["snapshot"] == snapshot


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


def test_a_mistyped_unit_stops_with_what_may_have_been_meant(tmp_path):
    for year in (None, 2022):
        with pytest.raises(UnknownUnitError, match=r"Czy chodziło o: .*Brzezica"):
            new_notebook("area_deep_dive", "Brzezca", year, tmp_path)
    assert list(tmp_path.iterdir()) == []
