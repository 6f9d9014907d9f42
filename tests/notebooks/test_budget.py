"""Notebooks are thin: short cells, more words than code, no logic, no stored output, no number."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest

from smup_lib.reports.export import NOTEBOOK_ONLY
from smup_lib.reports.parameters import read_parameters

REPO_ROOT = Path(__file__).resolve().parents[2]
PATHS = sorted((REPO_ROOT / "notebooks").glob("*.ipynb")) + sorted(
    (REPO_ROOT / "templates" / "notebook").glob("*.ipynb")
)
EXPECTED = {
    "culture_recreation",
    "roads_transport",
    "investment_construction",
    "finance",
    "education",
    "social_policy",
    "environment",
    "real_estate",
    "geodesy_cartography",
    "local_taxes",
    "unit_portrait",
    "indicator_deep_dive",
    "unit_comparison",
    "data_quality",
    "plan_follow_up",
    "state_report",
    "cookbook",
    "area_deep_dive",
    "selection",
}
MOST_CODE_CELLS = 16
MOST_LINES = 10
FORBIDDEN_CALLS = {"groupby", "merge", "urlopen", "get", "request", "read_csv", "read_excel"}
FORBIDDEN_NODES = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.For,
    ast.While,
    ast.Try,
)
# Words in which a digit is no result: a code span, a link.
CODE_SPAN = re.compile(r"`[^`]*`|\]\([^)]*\)")

pytestmark = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def load(path: Path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def text_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


def test_it_is_one_of_the_expected(path):
    assert path.stem in EXPECTED
    assert {p.stem for p in PATHS} == EXPECTED


def test_it_is_short_and_has_at_least_as_many_words_as_code(path):
    notebook = load(path)
    code = code_cells(notebook)
    assert len(code) <= MOST_CODE_CELLS
    assert len(text_cells(notebook)) >= len(code)
    long = [cell.id for cell in code if len(cell.source.splitlines()) > MOST_LINES]
    assert not long


def test_cells_hold_no_logic(path):
    for cell in code_cells(load(path)):
        for node in ast.walk(ast.parse(cell.source)):
            assert not isinstance(node, FORBIDDEN_NODES), f"{cell.id}: {ast.unparse(node)[:60]}"
            if isinstance(node, ast.Attribute):
                assert node.attr not in FORBIDDEN_CALLS, f"{cell.id}: .{node.attr}"


def test_only_the_library_is_imported(path):
    for cell in code_cells(load(path)):
        for node in ast.walk(ast.parse(cell.source)):
            assert not isinstance(node, ast.ImportFrom), cell.id
            if isinstance(node, ast.Import):
                assert ast.unparse(node) == "import smup_lib as smup", cell.id


def test_prose_states_no_number(path):
    for cell in text_cells(load(path)):
        prose = CODE_SPAN.sub("", cell.source)
        assert not re.search(r"\d", prose), f"{cell.id}: {prose}"


def test_prose_is_calm(path):
    for cell in text_cells(load(path)):
        assert "!" not in cell.source, cell.id


def test_no_service_is_listed_by_hand(path):
    """A service that comes to the catalogue must appear without an edit here."""
    code = "\n".join(cell.source for cell in code_cells(load(path)))
    assert not re.search(r"[A-Z]{3}-\d\d", code)


def test_nothing_of_a_run_is_stored(path):
    notebook = load(path)
    for cell in code_cells(notebook):
        assert cell.outputs == []
        assert cell.execution_count is None
    assert notebook.metadata.kernelspec.name == "python3"
    assert "papermill" not in notebook.metadata
    assert "version" not in notebook.metadata.language_info


def test_cell_ids_are_those_that_nbstripout_gives(path):
    """So that opening and saving a notebook changes nothing in the repository."""
    assert [cell.id for cell in load(path).cells] == [str(i) for i in range(len(load(path).cells))]


def test_every_parameter_has_a_comment(path):
    parameters = read_parameters(load(path))
    assert parameters
    assert all(parameter.help for parameter in parameters)


def test_unit_and_year_must_be_given_to_a_report(path):
    required = {parameter.name for parameter in read_parameters(load(path)) if parameter.required}
    # the cookbook is for reading and trying, never a report
    assert path.stem == "cookbook" or {"unit", "year"} <= required


def test_known_tags_only(path):
    tags = {tag for cell in load(path).cells for tag in cell.metadata.get("tags", ())}
    assert tags <= {"parameters", NOTEBOOK_ONLY}
