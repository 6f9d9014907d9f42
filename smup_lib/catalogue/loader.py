"""Read a folder of YAML into a catalogue, or tell every problem of every file at once."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

from smup_lib.catalogue.catalogue import Catalogue
from smup_lib.catalogue.checks import list_problems
from smup_lib.catalogue.draft import Draft
from smup_lib.catalogue.model import Indicator, Publisher, ServiceArea
from smup_lib.catalogue.problems import Problem, catalogue_error
from smup_lib.catalogue.reading import by_id, file_name, read_entries, read_entry, read_yaml
from smup_lib.catalogue.variable import Variable
from smup_lib.catalogue.vocabulary import AreaId

CATALOGUE_DIR = Path(__file__).resolve().parent


@functools.cache
def load_catalogue() -> Catalogue:
    """Return the catalogue that ships with the workbench (read once).

    Examples
    --------
    >>> "culture_recreation" in load_catalogue().areas
    True
    """
    return read_catalogue(CATALOGUE_DIR)


def read_catalogue(folder: Path) -> Catalogue:
    """Read a catalogue folder: ``variables/*.yaml``, ``sources.yaml``, ``areas/*.yaml``.

    Raises
    ------
    CatalogueError
        With every problem of every file: file, entry, key, what was expected and what was found.
    """
    draft, problems = read_draft(folder)
    if problems:
        raise catalogue_error(problems, folder.name)
    aliases = {alias: v.id for v in draft.variables.values() for alias in v.aliases}
    return Catalogue(
        areas=MappingProxyType(_in_domain_order(draft.areas)),
        indicators=MappingProxyType(dict(draft.indicators)),
        variables=MappingProxyType(dict(draft.variables)),
        publishers=MappingProxyType(dict(draft.publishers)),
        _aliases=MappingProxyType(aliases),
    )


def read_draft(folder: Path) -> tuple[Draft, list[Problem]]:
    """Return what could be read of a folder, and every problem found on the way.

    The rules are asked of the entries that have the right shape; of none when a whole file could
    not be read, because every reference into it would seem wrong.
    """
    problems: list[Problem] = []
    vocabulary = _read_variables(folder, problems)
    variables = by_id(vocabulary, problems)
    publishers = read_entries(folder / "sources.yaml", "publishers", Publisher, problems)
    areas: dict[str, ServiceArea] = {}
    paths = sorted((folder / "areas").glob("*.yaml"))
    if not paths:
        problems.append(Problem("areas", "", "", "w tym folderze nie ma plików obszarów"))
    for path in paths:
        area = _read_area(path, problems)
        if area is not None:
            known = tuple(indicator.reading(variables) for indicator in area.indicators)
            areas[area.id] = area.model_copy(update={"indicators": known})
    listed = ((f"{area.id}.yaml", i) for area in areas.values() for i in area.indicators)
    draft = Draft(
        areas=areas,
        indicators=by_id(listed, problems),
        variables=variables,
        variable_files={variable.id: file for file, variable in vocabulary},
        publishers=publishers,
        unread=frozenset(problem.entry for problem in problems),
        partial=frozenset(problem.file.removesuffix(".yaml") for problem in problems),
    )
    if all(problem.entry and problem.key for problem in problems):
        problems.extend(list_problems(draft))
    return draft, problems


def _read_variables(folder: Path, problems: list[Problem]) -> list[tuple[str, Variable]]:
    """Return every variable with the name of its file; one vocabulary, a file a subject."""
    paths = sorted((folder / "variables").glob("*.yaml"))
    if not paths:
        problems.append(Problem("variables", "", "", "w tym folderze nie ma plików zmiennych"))
    return [
        (file_name(path), variable)
        for path in paths
        for variable in read_entries(path, "variables", Variable, problems).values()
    ]


def _read_area(path: Path, problems: list[Problem]) -> ServiceArea | None:
    """Return an area with those of its indicators that have the right shape."""
    content = read_yaml(path, problems)
    if content is None:
        return None
    entries = content.get("indicators") or [] if isinstance(content, dict) else []
    head = content | {"indicators": []} if isinstance(entries, list) else content
    area = read_entry(ServiceArea, head, path.name, problems)
    parsed = [read_entry(Indicator, entry, path.name, problems) for entry in _list(entries)]
    if area is None:
        return None
    if area.id != path.stem:
        what = "identyfikator obszaru musi być nazwą pliku"
        problems.append(Problem(path.name, area.id, "id", what, path.stem, area.id))
    return area.model_copy(update={"indicators": tuple(i for i in parsed if i is not None)})


def _list(entries: Any) -> list[Any]:
    return entries if isinstance(entries, list) else []


def _in_domain_order(areas: Mapping[str, ServiceArea]) -> dict[str, ServiceArea]:
    return {key: areas[key] for key in get_args(AreaId) if key in areas}
