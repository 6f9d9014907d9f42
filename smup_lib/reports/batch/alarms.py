"""How many differences of a whole batch would chance alone show? The families of all its tests.

Who reads thousands of reports at once chooses among all their tests, so all of them are one family
(M15, M24); see :mod:`smup_lib.conclude.many_tests`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from smup_lib.errors import SmupError
from smup_lib.present.many_tests import luck_sentences
from smup_lib.problems import Problems
from smup_lib.reports.loading import Workspace
from smup_lib.reports.many_findings import find_in_area
from smup_lib.reports.notebook_files import read_notebook
from smup_lib.reports.runner import area_of, find_notebook

if TYPE_CHECKING:
    from smup_lib.catalogue import ServiceArea
    from smup_lib.reports.batch.manifest import Row


_LEVEL_WORDS: dict[str, str] = {"gmina": "gminy", "powiat": "powiaty"}


class _Family(NamedTuple):
    """Reports whose tests are held against each other."""

    snapshot: str
    report: str
    year: int
    group: str | None


@dataclass(frozen=True)
class BatchAlarms:
    """What chance alone gives, and where nobody asked.

    Attributes
    ----------
    told : tuple of str
        Polish sentences, a family of tests after the other.
    left_out : tuple of str
        Which reports were not asked about, and why.
    """

    told: tuple[str, ...]
    left_out: tuple[str, ...]


def count_alarms(rows: Iterable[Row], processes: int = 1) -> BatchAlarms:
    """Work out for each area, year, level and group of a batch how many alarms are false.

    Parameters
    ----------
    rows : iterable of Row
        Of the manifest; only reports with values are asked.
    processes : int
        How many help.
    """
    families: dict[_Family, list[str]] = defaultdict(list)
    for row in rows:
        if row.status == "made":
            group = row.parameters.get("group")
            families[_Family(row.snapshot, row.report, row.year, group)].append(row.unit)
    told: list[str] = []
    left_out: list[str] = []
    workspaces: dict[str, Workspace] = {}
    for family, units in families.items():
        try:
            workspace = workspaces.get(family.snapshot) or Workspace.open(family.snapshot)
            workspaces[family.snapshot] = workspace
            area = _area(workspace, family.report)
            if area is None:
                left_out.append(f"{family.report}: raport nie jest o jednym obszarze")
            else:
                told += _tell(workspace, area, family, units, processes, left_out)
        except SmupError as error:
            left_out.append(f"{family.report}, {family.year} r.: {error.what}")
    return BatchAlarms(tuple(told), tuple(dict.fromkeys(left_out)))


def _area(workspace: Workspace, report: str) -> ServiceArea | None:
    notebook = find_notebook(report)
    return area_of(read_notebook(notebook), notebook, workspace.catalogue)


def _tell(
    workspace: Workspace,
    area: ServiceArea,
    family: _Family,
    codes: list[str],
    processes: int,
    left_out: list[str],
) -> Iterable[str]:
    """Yield the sentences of a family, level by level: values of two levels are never mixed."""
    by_level: dict[str, list[str]] = defaultdict(list)
    for code in codes:
        try:
            unit = workspace.unit(code, year=family.year)
        except SmupError as error:
            left_out.append(f"{area.name}, {family.year} r., {code}: {error.what}")
            continue
        place = Problems().attempt(lambda unit=unit: workspace.place_in(area, unit, family.year))  # type: ignore[misc]
        by_level[(place or unit).level].append((place or unit).code)
    for level, units in by_level.items():
        found = find_in_area(
            *(workspace, area.id, family.year),
            level=level, units=units, rule=family.group, processes=processes,
        )  # fmt: skip
        head = f"{area.name}, {family.year} r., {_LEVEL_WORDS[level]}"
        for sentence in luck_sentences(found.tests, found.rows, column=""):
            yield f"{head}: {sentence}"
