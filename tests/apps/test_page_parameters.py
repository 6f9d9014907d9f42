"""The link of a page fills the parameters of its notebook, and only those."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from smup_lib.apps.serving.page_parameters import write_parameters

SOURCE = """unit: str = "powiat olszyńsko-brzezicki"  # jednostka
year: int = 2023  # rok
snapshot: str = "sample"  # stan danych"""


def filled(query: str, source: str = SOURCE) -> dict[str, object]:
    """Return what the cell assigns after the link was read."""
    cell = new_code_cell(source, metadata={"tags": ["parameters"]})
    other = new_code_cell("unit = 1")
    handler = SimpleNamespace(request=SimpleNamespace(query=query))
    write_parameters(handler, new_notebook(cells=[cell, other]))
    assert other.source == "unit = 1"
    names: dict[str, object] = {}
    exec(cell.source, names)
    return {name: value for name, value in names.items() if not name.startswith("__")}


USUAL = filled("")


@pytest.mark.parametrize(
    ("query", "changed"),
    [
        ("unit=9063", {"unit": "9063"}),
        ("unit=9063&year=2020", {"unit": "9063", "year": 2020}),
        ("unit=Ko%C5%9Bcian", {"unit": "Kościan"}),
        ("area=finance&group=country", {}),
        ("snapshot=abc", {}),
        ("year=MMXX", {}),
        ("unit=%22%3B+import+os%0A%22", {}),
        ("unit=" + "9" * 3000, {}),
    ],
)
def test_a_link_changes_what_it_may_and_nothing_else(query, changed):
    assert filled(query) == USUAL | changed


def test_a_notebook_without_parameters_is_left_alone():
    notebook = new_notebook(cells=[new_code_cell("1 + 1")])
    write_parameters(SimpleNamespace(request=SimpleNamespace(query="unit=9063")), notebook)
    assert notebook.cells[0].source == "1 + 1"
