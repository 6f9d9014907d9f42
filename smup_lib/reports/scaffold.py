"""Make an analyst's own notebook from a template, with a unit and a year filled in."""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import Any

from smup_lib.errors import NoDataError, ParameterError, did_you_mean
from smup_lib.paths import make_dir, project_dir
from smup_lib.reports.loading import Workspace
from smup_lib.reports.notebook_files import read_notebook, write_text
from smup_lib.reports.parameters import CELL_TAG, parse_parameters, write_defaults


def list_templates() -> list[str]:
    """Return the names of the templates.

    Examples
    --------
    >>> "area_deep_dive" in list_templates()
    True
    """
    return sorted(path.stem for path in _templates_dir().glob("*.ipynb"))


def new_notebook(
    template: str, unit: str, year: int | None = None, target: str | Path | None = None
) -> Path:
    """Write a notebook from a template and return its path.

    Parameters
    ----------
    template : str
        Name of a template.
    unit : str
        Code or name; must exist in the current snapshot.
    year : int, optional
        The newest year with data when omitted.
    target : str or Path, optional
        File or folder; ``<template>_<unit>.ipynb`` in the working folder when omitted. An existing
        file is never overwritten.

    Raises
    ------
    ParameterError
        When there is no such template or the file exists.
    UnitError, NoDataError
        When the unit cannot be told or there are no data.
    """
    if template not in list_templates():
        hint = did_you_mean(template, list_templates())
        raise ParameterError(
            f"Nie ma szablonu „{template}”{'; ' + hint if hint else ''}.",
            expected=", ".join(list_templates()),
        )
    workspace = Workspace.open()
    year = year or _newest_year(workspace)
    found = workspace.unit(unit, year=year)
    path = _target_path(target, f"{template}_{found.code}.ipynb")
    notebook = read_notebook(_templates_dir() / f"{template}.ipynb")
    for cell in notebook.cells:
        if CELL_TAG in cell.metadata.get("tags", ()):
            cell.source = _filled(cell.source, {"unit": found.code, "year": year})
        elif cell.cell_type == "markdown":
            cell.source = Template(cell.source).safe_substitute(unit=found.label)
    make_dir(path.parent)
    write_text(path, notebook)
    return path


def _templates_dir() -> Path:
    return project_dir("templates") / "notebook"


def _newest_year(workspace: Workspace) -> int:
    years = [year for r in workspace.snapshot.manifest.sources.values() for year in r.years]
    if not years:
        raise NoDataError(
            "Bieżący stan danych nie ma żadnego roku.",
            next_step="wczytaj dane: smup data import, albo przykładowe: smup data sample",
        )
    return max(years)


def _target_path(target: str | Path | None, name: str) -> Path:
    path = Path(target) if target is not None else Path(name)
    if path.is_dir():
        path = path / name
    if path.suffix != ".ipynb":
        path = path / name if not path.suffix else path.with_suffix(".ipynb")
    if path.exists():
        raise ParameterError(
            "Taki plik już jest, a notatnika z Twoją pracą nie nadpisujemy.",
            where=str(path),
            next_step="podaj inny plik: smup notebook new SZABLON --out PLIK",
        )
    return path


def _filled(source: str, values: dict[str, Any]) -> str:
    known = {parameter.name for parameter in parse_parameters(source)}
    return write_defaults(source, {k: v for k, v in values.items() if k in known})
