"""What do all reports of an area share? It is done once, before the first fork, and inherited."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from smup_lib.catalogue import ServiceArea
from smup_lib.catalogue.history import other_code_of
from smup_lib.catalogue.vocabulary import CONTEXT
from smup_lib.errors import SmupError
from smup_lib.kernels.in_process import import_for_cells
from smup_lib.reports.execution import load_papermill
from smup_lib.reports.export import render_report
from smup_lib.reports.html_check import check_html
from smup_lib.reports.lending import lend_workspace
from smup_lib.reports.loading import Workspace, choose_group, levels_of
from smup_lib.reports.many_findings import keep_area_values
from smup_lib.reports.notebook_files import notebook_text, read_notebook
from smup_lib.reports.other_groups import list_other_groups
from smup_lib.reports.parameters import read_parameters
from smup_lib.reports.receipt import make_receipt
from smup_lib.reports.runner import area_of, find_usual_area, is_shipped
from smup_lib.reports.sourcing import read_unpicked
from smup_lib.snapshots.store import PINNED


def warm_up(
    workspace: Workspace, notebook: Path, parameters: Mapping[str, Any], level: str
) -> SmupError | None:
    """Read, compute and draw once what every report of a notebook in a year needs.

    The values of all units, groups for each kind of unit, outlines of maps, fonts, templates, and
    the libraries, of which many are imported where they are needed.

    Parameters
    ----------
    workspace : Workspace
        Filled; lend it afterwards (:func:`smup_lib.reports.lending.lend_workspace`).
    notebook : Path
        Of which reports are to be made. The cells of one that ships with the workbench are run in
        this process; those of one's own may do anything, so they are not.
    parameters : mapping of str to object
        Of one of the reports, ``unit`` and ``year`` among them.
    level : str
        Of the units of all the reports.

    Returns
    -------
    SmupError or None
        Why this one report cannot be made; its own run will tell. What is shared is warm.
    """
    load_papermill()
    import filelock  # noqa: F401 - written reports take turns

    import_for_cells()
    source = read_notebook(notebook)
    about = area_of(source, notebook, workspace.catalogue)
    try:
        share_values(workspace, about, int(parameters["year"]), level)
        if is_shipped(notebook):
            with lend_workspace(workspace), pin_snapshot(workspace):
                run_cells(source, parameters)
        usual = find_usual_area(notebook, workspace.catalogue) or about
        share_groups(workspace, usual, int(parameters["year"]), level)
    except SmupError as error:
        return error
    receipt = make_receipt(workspace.snapshot, parameters, notebook=notebook.name)
    check_html(render_report(source, receipt))
    notebook_text(source)
    return None


def share_values(workspace: Workspace, about: ServiceArea | None, year: int, level: str) -> None:
    """Keep the values of all units, in the area of the notebook or in all areas."""
    _share_other_level(workspace, about, year, level)
    areas = workspace.catalogue.areas.values() if about is None else [about]
    for area in areas:
        if level in levels_of(area):
            keep_area_values(workspace, area, level, year)
            _keep_unpicked(workspace, area, level, year)


def _share_other_level(
    workspace: Workspace, about: ServiceArea | None, year: int, level: str
) -> None:
    """Keep what is needed to tell under which of its two codes a city has its values."""
    others = levels_of(about) - {level} if about is not None else set()
    codes = workspace.register.codes(level, year) if others else ()
    if about is not None and any(other_code_of(code) for code in codes):
        for other in others:
            keep_area_values(workspace, about, other, year)


def _keep_unpicked(workspace: Workspace, area: ServiceArea, level: str, year: int) -> None:
    """Keep what other sources say of all units, so that no report asks the store for its own."""
    if workspace.kept.find_unpicked(area.id, level, year, "") is None:
        names = {name for indicator in area.indicators for name in indicator.inputs.variables}
        found = read_unpicked(workspace.snapshot, workspace.catalogue, names, level, year)
        workspace.kept.keep_unpicked(area.id, level, year, found)


def share_groups(workspace: Workspace, about: ServiceArea | None, year: int, level: str) -> None:
    """Work out who resembles whom, which is done for a kind of units at a time."""
    area = about or workspace.catalogue.areas[CONTEXT]
    register = workspace.register
    units = (register.unit(code, year) for code in register.codes(level, year))
    kinds = {unit.kind: unit for unit in units}
    for unit in kinds.values():
        choose_group(workspace, None, unit, year, area)
        list_other_groups(workspace, unit, year, area, "")


@contextmanager
def pin_snapshot(workspace: Workspace) -> Iterator[None]:
    """Let the verbs of cells open the snapshot of the workspace."""
    before = os.environ.get(PINNED)
    os.environ[PINNED] = str(workspace.snapshot.path)
    try:
        yield
    finally:
        if before is None:
            del os.environ[PINNED]
        else:
            os.environ[PINNED] = before


def run_cells(source: Any, parameters: Mapping[str, Any]) -> None:
    """Run the cells of a notebook of ours as plain code, and draw what each shows.

    Parameters
    ----------
    source : NotebookNode
        Not changed.
    parameters : mapping of str to object
        Put in after the cell of parameters; those that it does not take are left out.
    """
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in source.cells:
        if cell.cell_type != "code":
            continue
        tree = ast.parse(cell.source)
        shown = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "cell", "exec"), names)
        if isinstance(shown, ast.Expr):
            value = eval(compile(ast.Expression(shown.value), "cell", "eval"), names)
            if hasattr(value, "_repr_html_"):
                value._repr_html_()
        if "parameters" in cell.metadata.get("tags", ()):
            known = {parameter.name for parameter in read_parameters(source)}
            names |= {name: value for name, value in parameters.items() if name in known}
