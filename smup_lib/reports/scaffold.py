"""Make an analyst's own notebook from a template, with a unit and a year filled in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from smup_lib.errors import NoDataError, ParameterError, did_you_mean
from smup_lib.paths import folder_for_files, project_dir
from smup_lib.reports.known_years import choose_year, list_snapshot_years, list_years
from smup_lib.reports.loading import Workspace
from smup_lib.reports.notebook_files import read_notebook, write_text
from smup_lib.reports.parameters import CELL_TAG, Parameter, read_parameters, write_defaults
from smup_lib.reports.preflight import check_run
from smup_lib.units import Unit


def list_templates() -> list[str]:
    """Return the names of the templates.

    Examples
    --------
    >>> "area_deep_dive" in list_templates()
    True
    """
    return sorted(path.stem for path in _templates_dir().glob("*.ipynb"))


def new_notebook(
    template: str,
    unit: str,
    year: int | None = None,
    target: str | Path | None = None,
    *,
    area: str | None = None,
    level: str | None = None,
    snapshot: str | Path | None = None,
) -> Path:
    """Write a notebook from a template and return its path.

    Parameters
    ----------
    template : str
        Name of a template.
    unit : str
        Code or name; must exist in the snapshot.
    year : int, optional
        When omitted, the newest year with at least half as many values of the unit in the area as
        its fullest year.
    target : str or Path, optional
        File or folder; ``<template>_<unit>.ipynb`` in the working folder when omitted. An existing
        file is never overwritten.
    area : str, optional
        Area of a template that takes one; the template's own when omitted.
    level : str, optional
        Level at which to look for the unit.
    snapshot : str or Path, optional
        The current one when omitted; the notebook keeps to the one that was named.

    Raises
    ------
    ParameterError
        When there is no such template, or the file exists.
    UnitError, NoDataError
        When the unit cannot be told or has no value in the year.
    """
    notebook = read_notebook(_template_path(template))
    known = read_parameters(notebook)
    workspace = Workspace.open(snapshot)
    given: dict[str, Any] = {"unit": unit, "year": year, "area": area}
    if year is None:
        given["year"] = _usual_year(workspace, workspace.unit(unit, level=level), known, area)
        if given["year"] is None:
            raise NoDataError(
                "Wczytane dane nie mają żadnych wartości, więc notatnik nie miałby czego pokazać.",
                expected="stan danych z wartościami za choć jeden rok",
                next_step="wczytaj dane: smup data import PLIK",
            )
    if snapshot is not None:
        given["snapshot"] = workspace.snapshot.id
    given = {name: value for name, value in given.items() if value is not None}
    checked = check_run(known, given, workspace, None, level=level, where=template)
    values = {name: value for name, value in checked.values.items() if name in given}
    assert checked.unit is not None
    path = _target_path(target, f"{template}_{checked.unit.code}.ipynb")
    for cell in notebook.cells:
        if CELL_TAG in cell.metadata.get("tags", ()):
            cell.source = write_defaults(cell.source, values)
    with folder_for_files(path.parent, "opcją --out"):
        write_text(path, notebook)
    return path


def _template_path(template: str) -> Path:
    known = list_templates()
    if template not in known:
        hint = did_you_mean(template, known)
        raise ParameterError(
            f"Nie ma szablonu „{template}”{'; ' + hint if hint else ''}.",
            expected=", ".join(known),
            next_step="podaj nazwę szablonu z listy",
        )
    return _templates_dir() / f"{template}.ipynb"


def _usual_year(
    workspace: Workspace, unit: Unit, known: Sequence[Parameter], area: str | None
) -> int | None:
    """Return the year to begin with; None when nobody knows anything of the area at all."""
    named = area or next((str(p.default) for p in known if p.name == "area" and p.default), None)
    told = workspace.catalogue.area(named) if named else None
    counts = list_years(workspace, told, unit)
    return choose_year(counts) or max(list_snapshot_years(workspace, told), default=None)


def _templates_dir() -> Path:
    return project_dir("templates") / "notebook"


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
            expected="plik, którego jeszcze nie ma",
            next_step="podaj inny plik: smup notebook new SZABLON --out PLIK",
        )
    return path
